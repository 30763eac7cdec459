//! Finding, reaching and using the outer engine.

use super::common::*;
use seaworthy_machine::Run;
use seaworthy_machine::engine::{Address, Command, Endpoint, Engine, Kind, Source};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

#[tokio::test]
async fn commands_without_a_terminal() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let machine = machine(&run).await;
    let exec = |command: Command| engine.exec(machine.container(), command);
    let finished = exec(Command::new(["sh", "-c", "echo out; echo err >&2; exit 3"]))
        .await
        .unwrap();
    assert_eq!(
        (&finished.stdout[..], &finished.stderr[..], finished.exit),
        (&b"out\n"[..], &b"err\n"[..], 3)
    );
    let bytes: Vec<u8> = (0..=255u8).cycle().take(5_000_000).collect();
    let echoed = exec(Command::new(["cat"]).stdin(bytes.clone()).cap(bytes.len()))
        .await
        .unwrap();
    assert!(echoed.stdout == bytes && echoed.exit == 0);
    // A part is never given for the whole.
    let cut = exec(Command::new(["cat"]).stdin(bytes.clone()).cap(1000)).await;
    let told = cut.unwrap_err().to_string();
    assert!(
        told.starts_with("more than 1000 bytes were printed"),
        "{told}"
    );
    // It needn't read what it is given.
    assert_eq!(
        exec(Command::new(["true"]).stdin(bytes))
            .await
            .unwrap()
            .exit,
        0
    );
    assert_eq!(
        exec(Command::new(["pwd"]).directory("/etc"))
            .await
            .unwrap()
            .text(),
        "/etc"
    );
    let missing = exec(Command::new(["no-such-program"])).await.unwrap();
    assert!(matches!(missing.exit, 126 | 127), "{missing:?}");
    let begun = Instant::now();
    let error = exec(Command::new(["sleep", "50"]).time(Duration::from_millis(300)))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::TimedOut);
    assert!(begun.elapsed() < Duration::from_secs(3));
    let error = engine
        .exec("no-such-container", Command::new(["true"]))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
    run.end().await.unwrap();
}

#[tokio::test]
async fn an_engine_that_does_not_answer() {
    let nowhere = Endpoint {
        address: Address::Unix("/no/such/docker.sock".into()),
        source: Source::DefaultSocket,
    };
    let closed = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let closed = Address::Tcp {
        host: "127.0.0.1".into(),
        port: closed.port(),
        tls: None,
    };
    let closed = Endpoint {
        address: closed,
        source: Source::DockerHost,
    };
    for (endpoint, part) in [
        (nowhere, "unix:///no/such/docker.sock (the default socket)"),
        (closed, "(DOCKER_HOST): "),
    ] {
        let error = Engine::connect_to(endpoint).await.unwrap_err();
        assert_eq!(error.kind(), Kind::NoEngine);
        let message = error.to_string();
        assert!(
            message.contains(part) && message.contains("DOCKER_HOST or `docker context use`"),
            "{message}"
        );
    }
}

/// Not a test: the process that [`where_the_engine_is_looked_for`] starts with settings of its own.
#[test]
#[ignore = "it is started by another test"]
fn the_endpoint_found() {
    match Endpoint::find() {
        Ok(endpoint) => println!("\nfound={endpoint}"),
        Err(error) => println!("\nfound={error}"),
    }
}

#[test]
fn where_the_engine_is_looked_for() {
    let config = std::env::temp_dir().join(format!("docker-config-{}", std::process::id()));
    std::fs::create_dir_all(&config).unwrap();
    let find = |settings: &[(&str, &str)]| {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "outer::the_endpoint_found",
                "--ignored",
                "--nocapture",
            ])
            .env_remove("DOCKER_HOST")
            .env_remove("DOCKER_CONTEXT")
            .env_remove("DOCKER_TLS_VERIFY")
            .env("DOCKER_CONFIG", &config)
            .envs(settings.iter().copied())
            .output()
            .unwrap();
        let output = String::from_utf8(output.stdout).unwrap();
        output
            .lines()
            .find_map(|line| line.strip_prefix("found=").map(str::to_owned))
            .unwrap()
    };
    let docker = |words: &[&str]| {
        let run = std::process::Command::new("docker")
            .args(words)
            .env("DOCKER_CONFIG", &config)
            .output();
        assert!(run.unwrap().status.success(), "{words:?}");
    };
    docker(&[
        "context",
        "create",
        "other",
        "--docker",
        "host=tcp://127.0.0.1:4000",
    ]);
    let default = "unix:///var/run/docker.sock (the default socket)";
    let other = "tcp://127.0.0.1:4000 (the docker context `other`)";
    for (settings, found) in [
        (&[] as &[(&str, &str)], default),
        (&[("DOCKER_HOST", "")], default),
        (
            &[("DOCKER_HOST", "unix:///run/x.sock")],
            "unix:///run/x.sock (DOCKER_HOST)",
        ),
        (&[("DOCKER_CONTEXT", "other")], other),
        (
            &[
                ("DOCKER_CONTEXT", "other"),
                ("DOCKER_HOST", "tcp://[::1]:5"),
            ],
            "tcp://[::1]:5 (DOCKER_HOST)",
        ),
        (&[("PATH", "/nowhere")], default),
        (
            &[("DOCKER_HOST", "ssh://me@far")],
            "ssh://me@far (DOCKER_HOST)",
        ),
    ] {
        assert_eq!(find(settings), found, "{settings:?}");
    }
    docker(&["context", "use", "other"]);
    assert_eq!(find(&[]), other);
    for (settings, part) in [
        (
            &[("DOCKER_CONTEXT", "no-such")] as &[(&str, &str)],
            "the current docker context could not be read: ",
        ),
        (
            &[("DOCKER_HOST", "tcp://far"), ("DOCKER_TLS_VERIFY", "1")],
            "tcp://far:2376 (DOCKER_HOST)",
        ),
    ] {
        let found = find(settings);
        assert!(found.starts_with(part), "{settings:?}: {found}");
    }
    std::fs::remove_dir_all(&config).unwrap();
}
