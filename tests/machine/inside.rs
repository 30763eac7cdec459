//! What is done in a machine: files, images, Docker commands, looking at its state.

use super::common::*;
use seaworthy_machine::engine::{Command, Kind};
use seaworthy_machine::{DEFAULT_IMAGE, Run};
use seaworthy_terminal::{Limits, Terminal, TerminalError, TerminalOptions};
use std::time::{Duration, Instant};

#[tokio::test]
async fn files_state_and_what_is_left() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let machine = machine(&run).await;
    let mut terminal = Terminal::open(machine.place(), &TerminalOptions::default())
        .await
        .unwrap();
    terminal
        .run(&["mkdir 'a folder' && cd 'a folder'"], Limits::default())
        .await
        .unwrap();

    let everything: Vec<u8> = (0..=255u8).cycle().take(300_000).collect();
    let cwd = terminal.cwd().await.unwrap();
    assert_eq!(cwd, "/home/learner/a folder");
    for (path, bytes) in [
        ("binary", everything.as_slice()),
        ("empty", b""),
        ("deep/er/app.py", b"print('hi')\n"),
        ("-dash", b"x"),
        ("with 'quotes' $HOME", b"y"),
    ] {
        machine.write_file(&cwd, path, bytes).await.unwrap();
        let read = Command::new(["cat", &format!("{cwd}/{path}")]);
        assert_eq!(
            engine.exec(machine.container(), read).await.unwrap().stdout,
            bytes,
            "{path}"
        );
    }
    let seen = terminal
        .run(&["cat deep/er/app.py; ls"], Limits::default())
        .await
        .unwrap();
    assert!(
        seen.output.starts_with("print('hi')\n") && seen.output.contains("binary"),
        "{seen:?}"
    );
    for (path, part) in [
        ("", "working folder"),
        ("/etc/passwd", "working folder"),
        ("a/../../x", "working folder"),
        ("deep/er", "Is a directory"),
        ("binary/x", "File exists"),
    ] {
        let message = machine
            .write_file(&cwd, path, b"x")
            .await
            .unwrap_err()
            .to_string();
        assert!(
            message.contains(part) && message.contains(path),
            "{message}"
        );
    }

    assert_eq!(machine.left().await.unwrap(), []);
    sh(
        &machine,
        "docker network create front; docker volume create data",
    )
    .await;
    give(&machine, SMALL).await;
    sh(&machine, &format!("docker create --name web {SMALL}")).await;
    let left: Vec<String> = machine
        .left()
        .await
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(left, ["container web", "network front", "volume data"]);
    let state = machine.state().await;
    assert_eq!(state.trouble, None);
    assert!(
        state.containers.starts_with("CONTAINER ID") && state.containers.contains("web"),
        "{state}"
    );
    assert!(
        state.networks.starts_with("NETWORK ID") && state.networks.contains("front"),
        "{state}"
    );
    assert_eq!(state.left.len(), 3);

    // An engine that doesn't answer, one that is gone and the machine with it, a machine that is removed.
    sh(&machine, "pkill -STOP dockerd").await;
    let message = machine.left().await.unwrap_err().to_string();
    assert!(
        message.contains("own Docker Engine could not be asked"),
        "{message}"
    );
    kill_inner_engine(&machine).await;
    let trouble = machine.state().await.trouble.unwrap();
    assert!(
        trouble.ends_with("its container ended with exit code 137"),
        "{trouble}"
    );
    assert!(machine.left().await.is_err());
    engine.remove_container(machine.container()).await.unwrap();
    let trouble = machine.state().await.trouble.unwrap();
    assert!(trouble.ends_with("its container was removed"), "{trouble}");
    machine.remove().await.unwrap();
    run.end().await.unwrap();
}

#[tokio::test]
async fn docker_commands_in_a_terminal() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let machine = machine(&run).await;
    give(&machine, SMALL).await;
    let mut terminal = Terminal::open(machine.place(), &TerminalOptions::default())
        .await
        .unwrap();
    let limits = Limits {
        time: Duration::from_secs(30),
        ..Limits::default()
    };
    let web = format!("docker run -d --name web {SMALL} sleep 1000");
    let once = format!("docker run --rm {SMALL} sh -c 'echo out; exit 7'");
    let piped = format!("echo 'echo $((6*7))' | docker run -i --rm {SMALL} sh");
    for (line, output, exit) in [
        (
            "docker network create --subnet 192.168.77.0/24 front",
            "",
            0,
        ),
        (web.as_str(), "", 0),
        ("docker network connect front web", "", 0),
        (
            "docker inspect web -f '{{len .NetworkSettings.Networks}} {{.State.Status}}'",
            "2 running\n",
            0,
        ),
        (
            "docker ps --format '{{.Names}} {{.Image}}'",
            "web busybox:1.37\n",
            0,
        ),
        ("docker exec web sh -c 'exit 3'", "", 3),
        (once.as_str(), "out\n", 7),
        (piped.as_str(), "42\n", 0),
        ("docker exec -i web cat <<< 'hello'", "hello\n", 0),
        ("docker rm web 2> /dev/null", "", 1),
        ("docker exec -t web stty size", "50 1000\n", 0),
    ] {
        let ended = terminal.run(&[line], limits).await.unwrap();
        assert_eq!(ended.exit, exit, "{line}: {ended:?}");
        if !output.is_empty() {
            assert_eq!(ended.output, output, "{line}");
        }
        assert_eq!(ended.late, "", "{line}");
    }
    // PID 1 of a container hears no Ctrl-C; a shell in one waits for a person.
    let hung = format!("docker run --rm {SMALL} sleep 50");
    let asking = format!("docker run -it --rm {SMALL} sh");
    for (line, doing) in [
        (&hung, ""),
        (&asking, "is waiting for input"),
        (&"docker attach web".to_owned(), ""),
    ] {
        let limits = Limits {
            time: Duration::from_secs(3),
            ..limits
        };
        match terminal.run(&[line], limits).await.unwrap_err() {
            TerminalError::TimedOut {
                doing: seen,
                usable,
                ..
            } => {
                assert!(
                    seen.contains("docker") && seen.contains(doing),
                    "{line}: {seen}"
                );
                assert!(usable, "{line}");
            }
            other => panic!("{line}: {other}"),
        }
        assert_eq!(
            terminal
                .run(&["echo still here"], limits)
                .await
                .unwrap()
                .output,
            "still here\n"
        );
    }
    let left: Vec<String> = machine
        .left()
        .await
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        left.contains(&"container web".to_owned()) && left.contains(&"network front".to_owned()),
        "{left:?}"
    );
    run.end().await.unwrap();
}

#[tokio::test]
async fn the_outer_engine_is_out_of_reach() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let machine = machine(&run).await;
    let before = objects(&engine, run.id()).await;
    sh(
        &machine,
        "docker system prune -af --volumes; docker ps -aq | xargs -r docker rm -f",
    )
    .await;
    assert_eq!(objects(&engine, run.id()).await, before);
    assert!(engine.image(DEFAULT_IMAGE).await.unwrap().is_some());
    assert_eq!(
        sh(&machine, "docker ps -q | wc -l").await,
        "0",
        "its own engine answers, and shows no machine"
    );
    run.end().await.unwrap();
}

#[tokio::test]
async fn images_that_cannot_be_had_or_do_not_fit() {
    let engine = engine().await;
    assert_eq!(
        engine
            .image("seaworthy/no-such-image")
            .await
            .unwrap()
            .map(|image| image.id),
        None
    );
    let begun = Instant::now();
    let error = engine
        .ensure_image("localhost:9/seaworthy/no-such-image")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::NoImage);
    assert!(
        error
            .to_string()
            .starts_with("there is no image localhost:9/seaworthy/no-such-image:latest:"),
        "{error}"
    );
    assert!(begun.elapsed() < Duration::from_secs(30));
    let image = engine.ensure_image(SMALL).await.unwrap();
    assert!(
        image.id.starts_with("sha256:") && !image.pulled,
        "{image:?}"
    );
}
