//! Programs that are opened in the shell, and keys.

use super::common::*;
use crate::common::{Terminal, TerminalError};
use seaworthy_console::{Interpreter, Other, Program, Prompt, interpreter};
use seaworthy_terminal::{Ended, Goal, Input, Limits};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn program(
    name: &str,
    interpreter: &'static dyn Interpreter,
    prompt: Option<Prompt>,
) -> Arc<Program> {
    Arc::new(Program {
        name: name.to_owned(),
        interpreter,
        prompt,
        detaches: false,
        silent: false,
    })
}

fn a_shell() -> &'static dyn Interpreter {
    interpreter("sh", &[]).unwrap()
}

async fn opens(terminal: &mut Terminal, line: &str, program: &Arc<Program>) -> Ended {
    let depth = terminal.depth();
    let goal = Goal::Open(program);
    let input = [line];
    let opened = terminal.type_in(Input::Lines(&input), goal, None, within(20.0));
    let opened = opened.await.unwrap_or_else(|e| panic!("{line}: {e}"));
    assert_eq!(terminal.depth(), depth + 1, "{line}: {opened:?}");
    opened
}

/// Types a command that ends its program.
async fn leaves(terminal: &mut Terminal, line: &str, exit: i32) {
    let goal = Goal::Left(terminal.depth() - 1);
    let depth = terminal.depth();
    let input = [line];
    let ended = terminal.type_in(Input::Lines(&input), goal, None, within(20.0));
    let ended = ended.await.unwrap_or_else(|e| panic!("{line}: {e}"));
    assert_eq!((terminal.depth(), ended.exit), (depth - 1, exit), "{line}");
}

async fn press(terminal: &mut Terminal, keys: &[u8]) -> Ended {
    let pressed = terminal.type_in(Input::Keys(keys), Goal::Prompt, None, within(10.0));
    pressed.await.unwrap_or_else(|e| panic!("{keys:?}: {e}"))
}

/// Types a command that keys are pressed for, and waits until `shown` is there.
async fn starts(terminal: &mut Terminal, line: &str, shown: Option<&str>) -> Ended {
    let mut holds = |printed: &str| shown.is_some_and(|shown| printed.ends_with(shown));
    let holds = shown.map(|_| &mut holds as &mut (dyn FnMut(&str) -> bool + Send));
    let input = [line];
    let started = terminal.type_in(Input::Lines(&input), Goal::Keys, holds, within(10.0));
    started.await.unwrap_or_else(|e| panic!("{line}: {e}"))
}

/// Shells of every kind, and the shape of their prompt as root.
fn shells() -> [(&'static str, Arc<Program>); 5] {
    let bash = Prompt::Version {
        shell: "bash".into(),
        sign: '#',
    };
    [
        ("dash", program("dash", a_shell(), Some(Prompt::Bare))),
        ("busybox ash", program("ash", a_shell(), None)),
        ("bash --norc", program("bash", a_shell(), Some(bash))),
        ("bash --posix --norc", program("bash", a_shell(), None)),
        ("bash --norc --noediting", program("bash", a_shell(), None)),
    ]
}

#[tokio::test]
async fn commands_in_shells_of_every_kind() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    for (line, shell) in shells() {
        let opened = opens(terminal, line, &shell).await;
        let banner = if line == "busybox ash" {
            "BusyBox v1"
        } else {
            ""
        };
        assert!(opened.output.trim_start().starts_with(banner), "{opened:?}");
        assert_eq!(opened.output.is_empty(), banner.is_empty(), "{opened:?}");
        expect(terminal, &["echo a; echo b"], "a\nb\n", 0).await;
        expect(terminal, &["printf 'no newline'"], "no newline", 0).await;
        expect(terminal, &["(exit 7)"], "", 7).await;
        expect(terminal, &["echo $?"], "7\n", 0).await;
        expect(
            terminal,
            &["cat <<END", "text", "$((1+1))", "END"],
            "text\n2\n",
            0,
        )
        .await;
        expect(
            terminal,
            &["for i in 1 2", "do echo $i", "done"],
            "1\n2\n",
            0,
        )
        .await;
        expect(terminal, &["echo \\", "  x"], "x\n", 0).await;
        expect(terminal, &["# a comment"], "", 0).await;
        expect(
            terminal,
            &["printf '/ # '; sleep 0.3; echo '# '; printf '$ '"],
            "/ # # \n$ ",
            0,
        )
        .await;
        expect(terminal, &["cd /tmp; PS2='x '"], "", 0).await;
        expect(terminal, &["printf '\\033[1mbold\\033[0m\\n'"], "bold\n", 0).await;
        let big = run(terminal, &["seq 200000"]).await;
        assert_eq!(big.output.lines().count(), 200_000, "{line}");
        expect(terminal, &["no-such-command 2> /dev/null"], "", 127).await;
        leaves(terminal, "exit", 127).await;
        expect(terminal, &["echo out"], "out\n", 0).await;
    }
    bench.end().await;
}

#[tokio::test]
async fn shells_in_shells() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    for (line, shell) in shells() {
        opens(terminal, line, &shell).await;
        expect(terminal, &["echo deeper"], "deeper\n", 0).await;
    }
    assert_eq!((terminal.depth(), terminal.program()), (5, Some("bash")));
    leaves(terminal, "exit 3", 3).await;
    assert_eq!(terminal.code(), 3);
    leaves(terminal, "exit", 3).await;
    // One that is killed.
    let ended = run(terminal, &["kill -9 $$"]).await;
    assert_eq!((ended.exit, terminal.depth()), (137, 2), "{ended:?}");
    expect(terminal, &["echo out"], "out\n", 0).await;
    bench.end().await;
}

#[tokio::test]
async fn keys() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    for (line, shell) in [("true", None)]
        .into_iter()
        .chain(shells().map(|(l, s)| (l, Some(s))))
    {
        match &shell {
            None => expect(terminal, &[line], "", 0).await,
            Some(shell) => {
                opens(terminal, line, shell).await;
            }
        }
        let depth = terminal.depth();
        starts(terminal, "sleep 50", None).await;
        assert!(terminal.is_running());
        let pressed = press(terminal, b"\x03").await;
        assert_eq!(pressed.exit, 130, "{line}: {pressed:?}");
        let started = starts(
            terminal,
            "echo one; sleep 0.4; echo two; sleep 50",
            Some("two\n"),
        )
        .await;
        assert_eq!(started.output, "one\ntwo\n");
        assert_eq!(press(terminal, b"\x03").await.exit, 130);
        starts(terminal, "cat > /tmp/file", None).await;
        assert_eq!(press(terminal, b"\x04").await.exit, 0);
        // One that ends by itself needs no key.
        let ended = starts(terminal, "(exit 4)", None).await;
        assert_eq!((ended.exit, terminal.is_running()), (4, false));
        expect(terminal, &["echo still here"], "still here\n", 0).await;
        assert_eq!(terminal.depth(), depth);
        if shell.is_some() {
            let goal = Goal::Left(depth - 1);
            let left = terminal.type_in(Input::Keys(b"\x04"), goal, None, within(10.0));
            assert_eq!(left.await.unwrap().exit, 0);
            assert_eq!(terminal.depth(), depth - 1, "{line}");
        }
    }
    bench.end().await;
}

/// Shows a prompt, answers each line, and is slow with some.
const PROGRAM: &str = "#!/bin/sh
echo 'welcome'
while printf 'db> ' && read -r line; do
    case $line in
    quit) exit 5 ;;
    big) seq 200000 ;;
    bare) printf 'no newline' ;;
    trap) printf 'one\\ndb> '; sleep 0.5; printf '\\ntwo\\n' ;;
    hang) sleep 100 ;;
    esac
    echo \"got $line\"
done
";

#[tokio::test]
async fn programs_of_which_only_the_prompt_is_known() {
    let bench = Bench::new().await;
    bench
        .exec(&format!(
            "cat > /tmp/db <<'END'\n{PROGRAM}END\nchmod +x /tmp/db"
        ))
        .await;
    let terminal = &mut bench.open().await;
    let db = program("db", &Other, Some(Prompt::Text("db> ".into())));
    for echo in ["stty -echo", "stty echo"] {
        run(terminal, &[echo]).await;
        let opened = opens(terminal, "/tmp/db", &db).await;
        assert_eq!(opened.output.trim_start_matches("/tmp/db\n"), "welcome\n");
        expect(terminal, &["get a"], "got get a\n", 0).await;
        expect(terminal, &["bare"], "no newlinegot bare\n", 0).await;
        let big = run(terminal, &["big"]).await;
        assert_eq!(big.output.lines().count(), 200_001);
        // Its prompt in the output, and a pause: right if the page shows what is printed.
        let mut holds = |printed: &str| printed.ends_with("got trap\n");
        let trap = terminal.type_in(
            Input::Lines(&["trap"]),
            Goal::Prompt,
            Some(&mut holds),
            within(10.0),
        );
        assert_eq!(trap.await.unwrap().output, "one\ndb> \ntwo\ngot trap\n");
        let error = fails(terminal, "hang", 1.0).await;
        match &error {
            TerminalError::TimedOut {
                doing,
                usable: true,
                ..
            } => {
                assert!(doing.starts_with("db shows no prompt, "), "{doing}");
            }
            other => panic!("{other:?}"),
        }
        run(terminal, &[echo]).await;
        if terminal.depth() == 0 {
            opens(terminal, "/tmp/db", &db).await;
        }
        leaves(terminal, "quit", 5).await;
    }
    bench.end().await;
}

#[tokio::test]
async fn programs_that_do_not_open() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    let shell = program("sh", a_shell(), None);
    let other = program("db", &Other, Some(Prompt::Text("db> ".into())));
    // They end instead.
    for (line, exit, printed) in [
        ("no-such-shell", 127, "not found"),
        ("echo bye; (exit 3)", 3, "bye\n"),
    ] {
        let goal = Goal::Open(&shell);
        let ended = terminal
            .type_in(Input::Lines(&[line]), goal, None, within(5.0))
            .await
            .unwrap();
        assert_eq!((ended.exit, terminal.depth()), (exit, 0), "{ended:?}");
        assert!(ended.output.contains(printed), "{ended:?}");
    }
    // Their prompt never comes.
    for (line, program) in [
        ("cat", &shell),
        ("bash --norc", &other),
        ("sleep 100", &other),
    ] {
        let begun = Instant::now();
        let goal = Goal::Open(program);
        let error = terminal
            .type_in(Input::Lines(&[line]), goal, None, within(1.0))
            .await
            .unwrap_err();
        match &error {
            TerminalError::TimedOut {
                doing,
                usable: true,
                ..
            } => {
                assert!(
                    doing.contains("the prompt of") && doing.contains("did not come"),
                    "{doing}"
                );
            }
            other => panic!("{line}: {other:?}"),
        }
        assert!(begun.elapsed() < Duration::from_secs(8));
        assert_eq!(terminal.depth(), 0);
        expect(terminal, &["echo still here"], "still here\n", 0).await;
    }
    // It comes, and is none.
    let goal = Goal::Open(&shell);
    let error = terminal
        .type_in(
            Input::Lines(&["printf '/ # '; sleep 100"]),
            goal,
            None,
            within(30.0),
        )
        .await
        .unwrap_err();
    assert!(
        matches!(error, TerminalError::NoAnswer { usable: true, .. }),
        "{error:?}"
    );
    expect(terminal, &["echo still here"], "still here\n", 0).await;
    bench.end().await;
}

#[tokio::test]
async fn what_a_shell_inside_prints_late() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    let shell = program("dash", a_shell(), None);
    opens(terminal, "dash", &shell).await;
    run(terminal, &["(sleep 0.3; echo late) &"]).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    let ended = run(terminal, &["echo now"]).await;
    // The shell itself says then that the job is done.
    assert!(ended.output.starts_with("now\n"), "{ended:?}");
    assert_eq!(ended.late, "late\n");
    // It doesn't end while the page says that it does.
    let goal = Goal::Left(0);
    let stays = terminal.type_in(Input::Lines(&["true"]), goal, None, within(20.0));
    assert_eq!(stays.await.unwrap().exit, 0);
    assert_eq!(terminal.depth(), 1);
    // What takes too long, or prints too much, leaves it usable.
    assert!(matches!(
        fails(terminal, "sleep 50", 0.5).await,
        TerminalError::TimedOut { usable: true, .. }
    ));
    expect(terminal, &["echo still here"], "still here\n", 0).await;
    let limits = Limits {
        output_bytes: 100_000,
        ..within(20.0)
    };
    let error = terminal.run(&["yes"], limits).await.unwrap_err();
    assert!(
        matches!(error, TerminalError::TooMuchOutput { usable: true, .. }),
        "{error:?}"
    );
    expect(terminal, &["echo still here"], "still here\n", 0).await;
    let error = terminal
        .run(&["echo 'open"], within(5.0))
        .await
        .unwrap_err();
    assert!(
        matches!(error, TerminalError::Incomplete { usable: true, .. }),
        "{error:?}"
    );
    let error = terminal
        .run(&["echo one", "echo two"], within(5.0))
        .await
        .unwrap_err();
    assert!(
        matches!(error, TerminalError::Surplus { line: 2, .. }),
        "{error:?}"
    );
    expect(terminal, &["echo still here"], "still here\n", 0).await;
    assert_eq!(terminal.depth(), 1);
    // Bash inside doesn't run every line either.
    leaves(terminal, "exit", 0).await;
    opens(terminal, "bash --norc", &shell).await;
    let error = fails(terminal, "echo hi!x", 5.0).await;
    assert!(matches!(error, TerminalError::NotRun { .. }), "{error:?}");
    expect(terminal, &["history"], "    1  history\n", 0).await;
    bench.end().await;
}
