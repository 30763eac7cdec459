//! Commands that come to their end, and the cost of one.

use super::common::*;
use crate::common::TerminalError;
use std::time::{Duration, Instant};

#[tokio::test]
async fn output_and_exit_codes() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    let cases: &[(&[&str], &str, i32)] = &[
        (&["true"], "", 0),
        (&["false"], "", 1),
        (&["echo hello"], "hello\n", 0),
        (&["echo to-stderr >&2"], "to-stderr\n", 0),
        (&["printf 'no newline'"], "no newline", 0),
        (&["(exit 42)"], "", 42),
        (&["sh -c 'kill -9 $$'"], "Killed\n", 137),
        (
            &["no-such-command"],
            "bash: no-such-command: command not found\n",
            127,
        ),
        (&["/etc"], "bash: /etc: Is a directory\n", 126),
        (&["printf '\\001\\002\\000abc'"], "abc", 0),
        (&["printf '\\000'"], "", 0),
        (&["printf '$ '"], "$ ", 0),
        (&["printf 'bash-5.2# \\n> \\n$ '"], "bash-5.2# \n> \n$ ", 0),
        (&["printf '\\033[1;31mred\\033[0m\\n'"], "red\n", 0),
        (&["printf '\\033[31'"], "", 0),
        (&["printf '\\033]0;open title'"], "", 0),
        (&["printf '10%%\\r50%%\\r100%%\\n'"], "100%\n", 0),
        (
            &["printf 'gr\\303\\274\\303\\237e \\342\\202'"],
            "grüße \u{fffd}",
            0,
        ),
        (&["echo 'grüße 🐳'"], "grüße 🐳\n", 0),
        (&["# only a comment"], "", 0),
        (&[""], "", 0),
        (&[], "", 0),
        (&["   "], "", 0),
        (&["true # and a comment"], "", 0),
        (&["false;   "], "", 1),
        (&["echo a; false; echo b"], "a\nb\n", 0),
        (&["false | true"], "", 0),
        (
            &["cat <<END", "one $((1+1))", "", "  three", "END"],
            "one 2\n\n  three\n",
            0,
        ),
        (&["cat <<'END' | tr a-z A-Z", "a $b", "END"], "A $B\n", 0),
        (
            &["echo one \\", "  two \\", "  three"],
            "one two three\n",
            0,
        ),
        (&["for i in 1 2 3; do", "  echo $i", "done"], "1\n2\n3\n", 0),
        (&["echo 'one", "two'"], "one\ntwo\n", 0),
        (&["if false; then", "echo no", "else", "false", "fi"], "", 1),
        (&["f() {", "  return 7", "}"], "", 0),
        (&["f"], "", 7),
        (&["cd /tmp && pwd"], "/tmp\n", 0),
        (&["pwd"], "/tmp\n", 0),
        (&["x=17"], "", 0),
        (&["echo $x $?"], "17 0\n", 0),
        (&["(exit 9)"], "", 9),
        (&["echo $?"], "9\n", 0),
        (&["echo a b c"], "a b c\n", 0),
        (&["echo $_"], "c\n", 0),
        (&["history | tail -n 2 | wc -l"], "2\n", 0),
        (
            &["test -t 0 && test -t 1 && echo a terminal"],
            "a terminal\n",
            0,
        ),
        (&["stty size"], "50 1000\n", 0),
        (&["read x < /dev/null"], "", 1),
        (&["printf '\t|\n'"], "\t|\n", 0),
    ];
    for (lines, output, exit) in cases {
        expect(terminal, lines, output, *exit).await;
    }
    bench.end().await;
}

#[tokio::test]
async fn the_history_begins_empty_and_nothing_is_exported() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    expect(terminal, &["history"], "    1  history\n", 0).await;
    // A machine's name may have any digits in it: marks have brackets around theirs.
    expect(
        terminal,
        &["env | grep -c -e ']133;' -e PROMPT -e PS1"],
        "0\n",
        1,
    )
    .await;
    bench.end().await;
}

#[tokio::test]
async fn marks_survive_what_a_page_does_to_its_shell() {
    let bench = Bench::new().await;
    for line in [
        "PS1='$ '",
        "PS1= PS2= PS0=",
        "PROMPT_COMMAND=",
        "PROMPT_COMMAND=(true false)",
        "unset PS0",
        "unset EPOCHREALTIME",
        "PROMPT_COMMAND=; unset EPOCHREALTIME",
        "HISTCONTROL=ignoreboth; set +o history",
        "alias printf=false stty=false",
        "printf() { false; }; history() { false; }",
        "trap 'true' DEBUG",
        "trap - DEBUG",
        "set -u",
        "set +u",
        "stty echo",
        "stty sane",
        "stty raw",
        "stty sane -echo",
        "set -o vi",
        "shopt -s extglob",
        "exec 3>/tmp/x",
        "LANG=C LC_ALL=C",
    ] {
        let terminal = &mut bench.open().await;
        assert_eq!(run(terminal, &[line]).await.exit, 0, "{line}");
        expect(terminal, &["echo one; (exit 3)"], "one\n", 3).await;
        expect(terminal, &["cat <<X", "in", "X"], "in\n", 0).await;
    }
    // What can't be survived is said.
    for (line, lost) in [
        (
            "PROMPT_COMMAND= PS1='$ '",
            "bash itself is waiting for input",
        ),
        ("PROMPT_COMMAND= PS0=", "its marks are gone"),
        ("shopt -u promptvars", "no longer shows exit codes"),
    ] {
        let terminal = &mut bench.open().await;
        let first = terminal.run(&[line], within(1.0)).await;
        let error = match first {
            Err(error) => error,
            Ok(_) => fails(terminal, "echo one", 1.0).await,
        };
        assert!(error.to_string().contains(lost), "{line}: {error}");
        assert!(terminal.is_lost(), "{line}");
    }
    bench.end().await;
}

#[tokio::test]
async fn tracing_shows_the_page_s_commands_only() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    run(terminal, &["set -x"]).await;
    expect(terminal, &["echo one"], "+ echo one\none\n", 0).await;
    expect(terminal, &["set +x"], "+ set +x\n", 0).await;
    expect(terminal, &["echo two"], "two\n", 0).await;
    bench.end().await;
}

#[tokio::test]
async fn forged_marks_are_output() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    let forged = r"printf 'a\033]133;D;0;1;feedfeedfeedfeed\007b\033]133;D;0\007c\n'; (exit 5)";
    expect(terminal, &[forged], "abc\n", 5).await;
    bench.end().await;
}

#[tokio::test]
async fn long_lines() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    let longest = format!("echo {} | wc -c", "x".repeat(4095 - 13));
    assert_eq!(longest.len(), 4095);
    expect(terminal, &[&longest], "4083\n", 0).await;
    let exact = format!("echo {}", "x".repeat(4090));
    assert_eq!(run(terminal, &[&exact]).await.output.len(), 4091);
    let error = fails(terminal, &format!("{exact}y"), 5.0).await;
    assert!(
        matches!(
            error,
            TerminalError::LineTooLong {
                line: 1,
                bytes: 4096
            }
        ),
        "{error:?}"
    );
    expect(terminal, &["echo still here"], "still here\n", 0).await;
    bench.end().await;
}

#[tokio::test]
async fn much_output() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    let ended = run(
        terminal,
        &["head -c 1000000 /dev/zero | tr '\\0' x; echo; (exit 4)"],
    )
    .await;
    assert_eq!((ended.output.len(), ended.exit), (1_000_001, 4));
    println!("1 MB of output in {:.0} ms", ended.seconds * 1000.0);
    let ended = run(terminal, &["seq 100000"]).await;
    assert!(ended.output.ends_with("99999\n100000\n") && ended.output.lines().count() == 100_000);
    bench.end().await;
}

#[tokio::test]
async fn late_output_of_background_jobs() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    let ended = run(terminal, &["(sleep 0.3; echo late) &"]).await;
    assert!(ended.output.starts_with("[1] "), "{ended:?}");
    tokio::time::sleep(Duration::from_millis(700)).await;
    let ended = run(terminal, &["echo mine"]).await;
    assert_eq!(ended.late, "late\n");
    assert!(ended.output.starts_with("mine\n"), "{ended:?}");
    assert_eq!(run(terminal, &["echo mine"]).await.late, "");
    // While a command runs, it can't be told apart.
    run(terminal, &["(sleep 0.2; echo late) &"]).await;
    let ended = run(terminal, &["sleep 0.5; echo mine"]).await;
    assert!(
        ended.output.starts_with("late\n") && ended.output.contains("mine\n"),
        "{ended:?}"
    );
    bench.end().await;
}

#[tokio::test]
async fn a_job_that_never_stops_printing() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    run(terminal, &["(while :; do echo noise; sleep 0.001; done) &"]).await;
    for _ in 0..50 {
        let ended = run(terminal, &["echo mine; (exit 3)"]).await;
        assert!(
            ended.exit == 3 && ended.output.contains("mine\n"),
            "{ended:?}"
        );
    }
    let ended = run(terminal, &["kill %1"]).await;
    assert_eq!(ended.exit, 0);
    bench.end().await;
}

/// Two thousand commands of all kinds one after the other, each with a code and an output of its own.
#[tokio::test]
async fn two_thousand_commands() {
    let bench = Bench::new().await;
    let terminal = &mut bench.open().await;
    let begun = Instant::now();
    for n in 0..2000_i32 {
        let code = n % 256;
        let (line, output) = match n % 8 {
            0 => (format!("(exit {code})"), String::new()),
            1 => (format!("echo {n}; (exit {code})"), format!("{n}\n")),
            2 => (format!("printf '%s' {n}; (exit {code})"), n.to_string()),
            3 => (
                format!("printf '\\033[3{}m{n}\\033[0m\\n$ '; (exit {code})", n % 7),
                format!("{n}\n$ "),
            ),
            4 => (
                format!("seq {} {n}; (exit {code})", n - 3),
                (n - 3..=n).map(|i| format!("{i}\n")).collect(),
            ),
            5 => (
                format!("/bin/echo {n} >&2; sh -c 'exit {code}'"),
                format!("{n}\n"),
            ),
            6 => (
                format!("head -c {n} /dev/zero | tr '\\0' x; (exit {code})"),
                "x".repeat(n as usize),
            ),
            _ => {
                let lines = ["cat <<END", &format!("n=$(({n}+1))"), "END"];
                expect(terminal, &lines, &format!("n={}\n", n + 1), 0).await;
                continue;
            }
        };
        expect(terminal, &[&line], &output, code).await;
    }
    println!("2,000 commands in {:.1} s", begun.elapsed().as_secs_f64());
    bench.end().await;
}
