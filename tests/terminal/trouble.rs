//! Commands that end otherwise: not at all, with the shell, with the machine.

use super::common::*;
use crate::common::{Terminal, TerminalError};
use seaworthy_machine::ContainerPlace;
use seaworthy_terminal::{Limits, TerminalOptions};
use std::time::{Duration, Instant};

#[tokio::test]
async fn lines_that_bash_does_not_run() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    expect(
        terminal,
        &["if then"],
        "bash: syntax error near unexpected token `then'\n",
        2,
    )
    .await;
    let error = fails(terminal, "echo hi!x", 5.0).await;
    assert!(
        matches!(&error, TerminalError::NotRun { output } if output.contains("event not found")),
        "{error:?}"
    );
    // After an exit code of 2 as well, which is what a line that can't be parsed gives.
    expect(terminal, &["(exit 2)"], "", 2).await;
    let error = fails(terminal, "echo hi!x", 5.0).await;
    assert_eq!(
        error.to_string(),
        "bash did not run this line: bash: !x: event not found"
    );
    expect(terminal, &["echo 'hi!x'"], "hi!x\n", 0).await;
    bench.end().await;
}

#[tokio::test]
async fn incomplete_and_surplus_lines() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    for lines in [
        &["echo 'open"] as &[&str],
        &["for i in 1 2; do"],
        &["cat <<END", "text"],
        &["echo \\"],
    ] {
        let error = terminal.run(lines, within(5.0)).await.unwrap_err();
        assert!(
            matches!(error, TerminalError::Incomplete { usable: true, .. }),
            "{lines:?}: {error:?}"
        );
        expect(terminal, &["echo still here"], "still here\n", 0).await;
    }
    let error = terminal
        .run(&["echo one", "echo two"], within(5.0))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, TerminalError::Surplus { line: 2, output } if output == "one\n"),
        "{error:?}"
    );
    expect(terminal, &["echo still here"], "still here\n", 0).await;
    bench.end().await;
}

#[tokio::test]
async fn too_much_output() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    let limits = Limits {
        output_bytes: 100_000,
        ..within(20.0)
    };
    for line in [
        "yes",
        "head -c 100001 /dev/zero | tr '\\0' x",
        "trap '' INT; cat /dev/zero | tr '\\0' y",
    ] {
        let begun = Instant::now();
        let error = terminal.run(&[line], limits).await.unwrap_err();
        match &error {
            TerminalError::TooMuchOutput {
                limit: 100_000,
                output,
                usable: true,
            } => {
                assert!(
                    output.len() <= 100_000 && output.len() > 60_000,
                    "{}",
                    output.len()
                );
            }
            other => panic!("{line}: {other:?}"),
        }
        assert!(
            begun.elapsed() < Duration::from_secs(6),
            "{line}: {:?}",
            begun.elapsed()
        );
        expect(terminal, &["echo still here"], "still here\n", 0).await;
        expect(terminal, &["trap - INT"], "", 0).await;
    }
    let exact = terminal
        .run(&["head -c 100000 /dev/zero | tr '\\0' x"], limits)
        .await
        .unwrap();
    assert_eq!(exact.output.len(), 100_000);
    bench.end().await;
}

#[tokio::test]
async fn commands_that_do_not_end() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    for (line, doing) in [
        ("sleep 50", "`sleep 50` is sleeping"),
        ("cat", "`cat` is waiting for input"),
        ("cat | sort", "`cat` is waiting for input"),
        ("read answer", "bash itself is waiting for input"),
        (
            "while :; do :; done",
            "bash itself is busy, in a loop or a builtin command",
        ),
        ("bash -c 'while :; do :; done'", "is running"),
        // Neither hears Ctrl-C.
        ("sh -c 'trap \"\" INT; while :; do sleep 1; done'", ""),
        (
            "bash -c 'trap \"\" INT TERM HUP; stty raw; while :; do :; done'",
            "is running",
        ),
        // A shell without marks in the shell.
        ("sh -i", "`sh -i` is waiting for input"),
        (
            "bash --norc --noprofile --noediting",
            "is waiting for input",
        ),
    ] {
        let begun = Instant::now();
        let error = fails(terminal, line, 1.0).await;
        match &error {
            TerminalError::TimedOut {
                seconds,
                doing: seen,
                usable: true,
                ..
            } => {
                assert_eq!(*seconds, 1.0);
                assert!(seen.contains(doing), "{line}: {seen}");
            }
            other => panic!("{line}: {other:?}"),
        }
        assert!(
            begun.elapsed() < Duration::from_secs(7),
            "{line}: {:?}",
            begun.elapsed()
        );
        expect(terminal, &["echo still here"], "still here\n", 0).await;
    }
    // What had been printed is kept.
    match fails(terminal, "echo before; sleep 50", 0.5).await {
        TerminalError::TimedOut { output, .. } => assert_eq!(output, "before\n"),
        other => panic!("{other:?}"),
    }
    assert_eq!(
        bench.exec("pgrep -c -x 'sleep|cat|sort|sh' || :").await,
        "1",
        "only the container's own sleep is left"
    );
    bench.end().await;
}

#[tokio::test]
async fn commands_that_end_the_shell() {
    let bench = Bench::new().await;
    for (before, line, code, printed) in [
        ("true", "exit 3", 3, "exit\n"),
        ("true", "exec true", 0, ""),
        ("true", "exec sh -c 'echo bye; exit 6'", 6, "bye\n"),
        ("set -e", "false", 1, ""),
        ("set -e", "echo some; (exit 12)", 12, "some\n"),
        ("true", "kill -9 $$", 137, ""),
        ("trap 'echo bye' EXIT", "exit", 0, "exit\nbye\n"),
        ("sleep 100 &", "exit 4", 4, "exit\n"),
    ] {
        let terminal = &mut bench.open().await;
        run(terminal, &[before]).await;
        match fails(terminal, line, 5.0).await {
            TerminalError::ShellEnded { code: seen, output } => {
                assert_eq!((seen, output.as_str()), (code, printed), "{line}");
            }
            other => panic!("{line}: {other:?}"),
        }
        assert!(terminal.is_lost());
        let error = fails(terminal, "true", 5.0).await;
        assert_eq!(error.to_string(), "the page's shell is lost: it has ended");
    }
    bench.end().await;
}

#[tokio::test]
async fn a_machine_that_goes_away() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    let engine = bench.run.engine().clone();
    let container = bench.container.clone();
    let remover = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        engine.remove_container(&container).await.unwrap();
    });
    match fails(terminal, "echo before; sleep 50", 20.0).await {
        TerminalError::MachineGone { why, output } => {
            assert!(why.starts_with("its container "), "{why}");
            assert_eq!(output, "before\n");
        }
        other => panic!("{other:?}"),
    }
    remover.await.unwrap();
    assert!(terminal.is_lost());
    // Between two commands as well.
    let other = Bench::new().await;
    let mut terminal = other.open().await;
    other.run.end().await.unwrap();
    let error = fails(&mut terminal, "true", 5.0).await;
    assert!(
        matches!(error, TerminalError::MachineGone { .. }),
        "{error:?}"
    );
    terminal.close().await.unwrap();
    bench.end().await;
}

#[tokio::test]
async fn a_run_that_is_dropped_loses_the_terminal() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    let dropped = tokio::time::timeout(
        Duration::from_millis(200),
        terminal.run(&["sleep 50"], within(60.0)),
    )
    .await;
    assert!(dropped.is_err());
    assert!(matches!(
        fails(terminal, "true", 5.0).await,
        TerminalError::Lost { .. }
    ));
    bench.end().await;
}

#[tokio::test]
async fn its_folder_its_process_and_its_end() {
    let bench = Bench::new().await;
    let mut terminal = bench.open().await;
    let pid = terminal.pid();
    expect(&mut terminal, &["echo $$"], &format!("{pid}\n"), 0).await;
    run(
        &mut terminal,
        &["mkdir -p '/tmp/with space/ü' && cd '/tmp/with space/ü'"],
    )
    .await;
    assert_eq!(terminal.cwd().await.unwrap(), "/tmp/with space/ü");
    run(&mut terminal, &["sleep 1000 &"]).await;
    assert_eq!(bench.exec(&format!("cat /proc/{pid}/comm")).await, "bash");
    terminal.close().await.unwrap();
    assert_eq!(
        bench
            .exec(&format!("ls -d /proc/{pid} 2>&1 | grep -c 'No such'"))
            .await,
        "1"
    );
    assert_eq!(
        bench.exec("pgrep -c -f 'sleep 1000' || :").await,
        "1",
        "the job went with the shell (1 is pgrep's bash)"
    );
    // One that is hung goes too.
    let mut terminal = bench.open().await;
    let hung = "bash -c 'trap \"\" INT TERM HUP; sleep 1000'";
    let dropped = tokio::time::timeout(
        Duration::from_millis(300),
        terminal.run(&[hung], within(60.0)),
    )
    .await;
    assert!(dropped.is_err());
    let pid = terminal.pid();
    terminal.close().await.unwrap();
    assert_eq!(
        bench
            .exec(&format!("ls -d /proc/{pid} 2>&1 | grep -c 'No such'"))
            .await,
        "1"
    );
    bench.end().await;
}

#[tokio::test]
async fn where_no_shell_can_be_opened() {
    let bench = Bench::new().await;
    let engine = bench.run.engine();
    let options = TerminalOptions {
        directory: Some("/no/such/folder".into()),
        ..TerminalOptions::default()
    };
    let error = Terminal::open(ContainerPlace::new(engine, &bench.container), &options)
        .await
        .err()
        .unwrap();
    assert!(error.to_string().contains("no/such/folder"), "{error}");
    bench.exec("mv /bin/bash /bin/no-bash; true").await;
    let error = Terminal::open(
        ContainerPlace::new(engine, &bench.container),
        &TerminalOptions::default(),
    )
    .await
    .err()
    .unwrap();
    assert!(error.to_string().contains("bash"), "{error}");
    let error = Terminal::open(
        ContainerPlace::new(engine, "no-such-container"),
        &TerminalOptions::default(),
    )
    .await
    .err()
    .unwrap();
    assert!(error.to_string().contains("no-such-container"), "{error}");
    bench.end().await;
}
