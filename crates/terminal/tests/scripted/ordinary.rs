//! Commands that come to their end.

use seaworthy_terminal::{Ended, Limits};
use tokio::time::Instant;

use crate::place::{LIMITS, TerminalError, both, open, run, told, took};
use crate::shell::pause;

#[tokio::test(start_paused = true)]
async fn output_exit_code_and_seconds() {
    let (mut terminal, mut shell, _) = open().await;
    let shell = async {
        shell.typed("echo a\n").await;
        shell.begins().await;
        pause(1500).await;
        shell.prints("a\r\n\x1b[1mbold\x1b[m").await;
        shell.done(3).await;
        shell.runs("true", "", 0).await;
    };
    let (ended, ()) = both(
        async {
            let begun = Instant::now();
            let ended = run(&mut terminal, &["echo a"]).await;
            // A prompt with a mark needs no quiet after it.
            took(begun, 1500);
            assert_eq!(terminal.code(), 3);
            let next = run(&mut terminal, &["true"]).await;
            assert_eq!(told(&next), ("", 0, ""));
            ended
        },
        shell,
    )
    .await;
    assert_eq!(told(&ended), ("a\nbold", 3, ""));
    let Ended { seconds, .. } = ended.unwrap();
    assert!((1.5..1.51).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn each_line_waits_until_it_is_asked_for() {
    let (mut terminal, mut shell, _) = open().await;
    let lines = ["cat <<X", "in", "X"];
    let (ended, ()) = both(run(&mut terminal, &lines), async {
        for (at, line) in lines.iter().enumerate() {
            shell.typed(&format!("{line}\n")).await;
            if at < 2 {
                shell.untouched(900).await;
                shell.asks().await;
            }
        }
        shell.begins().await;
        shell.prints("in\r\n").await;
        shell.done(0).await;
    })
    .await;
    assert_eq!(told(&ended), ("in\n", 0, ""));
}

#[tokio::test(start_paused = true)]
async fn what_is_typed_arrives_as_it_is_meant() {
    let (mut terminal, mut shell, _) = open().await;
    for (lines, typed) in [
        (&[] as &[&str], "\n"),
        (&["echo 'a\tb\x03'"], "echo 'a\tb\x16\x03'\n"),
    ] {
        let (ended, ()) = both(run(&mut terminal, lines), async {
            shell.typed(typed).await;
            shell.begins().await;
            shell.done(0).await;
        })
        .await;
        assert_eq!(told(&ended), ("", 0, ""));
    }
    // What doesn't fit is not typed at all.
    let long = "x".repeat(4096);
    let error = run(&mut terminal, &["echo", &long]).await.unwrap_err();
    assert!(
        matches!(
            error,
            TerminalError::LineTooLong {
                line: 2,
                bytes: 4096
            }
        ),
        "{error:?}"
    );
    let (ended, ()) = both(run(&mut terminal, &["true"]), shell.runs("true", "", 0)).await;
    assert_eq!(told(&ended), ("", 0, ""));
}

#[tokio::test(start_paused = true)]
async fn what_comes_before_a_command_is_late() {
    let (mut terminal, mut shell, _) = open().await;
    shell.prints("job\r\n").await;
    let (ended, ()) = both(run(&mut terminal, &["echo a"]), async {
        shell.typed("echo a\n").await;
        shell.prints("another\r\n").await;
        shell.begins().await;
        shell.prints("a\r\n").await;
        shell.done(0).await;
    })
    .await;
    assert_eq!(told(&ended), ("a\n", 0, "job\nanother\n"));
    // More of it than a command may print is cut, and said.
    shell.prints(&"x".repeat(1001)).await;
    let (ended, ()) = both(run(&mut terminal, &["true"]), shell.runs("true", "", 0)).await;
    let (_, _, late) = told(&ended);
    assert_eq!(late, "x".repeat(1000) + "\n(and more, which was dropped)\n");
}

#[tokio::test(start_paused = true)]
async fn an_echo_is_no_output() {
    let (mut terminal, mut shell, _) = open().await;
    let (ended, ()) = both(run(&mut terminal, &["cat <<X", "X"]), async {
        shell.typed("cat <<X\n").await;
        shell.prints("cat <<X\r\n").await;
        shell.asks().await;
        shell.typed("X\n").await;
        shell.prints("X\r\njob\r\n").await;
        shell.begins().await;
        shell.prints("X\r\n").await;
        shell.done(0).await;
    })
    .await;
    assert_eq!(told(&ended), ("X\n", 0, "job\n"));
}

#[tokio::test(start_paused = true)]
async fn lines_that_bash_has_nothing_to_run_of() {
    let (mut terminal, mut shell, _) = open().await;
    for (line, printed, code, output) in [
        // The code is still that of the command before.
        ("# a comment", "", 7, ("", 0, "")),
        ("   ", "job\r\n", 7, ("", 0, "job\n")),
        (
            "if then",
            "bash: syntax error near `then'\r\n",
            2,
            ("bash: syntax error near `then'\n", 2, ""),
        ),
        (
            "echo )",
            "bash: unexpected EOF\r\n",
            2,
            ("bash: unexpected EOF\n", 2, ""),
        ),
    ] {
        let (ended, ()) = both(run(&mut terminal, &[line]), async {
            shell.typed(&format!("{line}\n")).await;
            shell.prints(printed).await;
            shell.done(code).await;
        })
        .await;
        assert_eq!(told(&ended), output, "{line}");
    }
}

#[tokio::test(start_paused = true)]
async fn lines_that_bash_does_not_run() {
    let (mut terminal, mut shell, _) = open().await;
    for (code, again) in [(0, true), (2, true), (7, false)] {
        let (ended, ()) = both(run(&mut terminal, &["echo hi!x"]), async {
            shell.typed("echo hi!x\n").await;
            shell.prints("bash: !x: event not found\r\n").await;
            match again {
                true => shell.again(&code.to_string()).await,
                false => shell.done(code).await,
            }
        })
        .await;
        assert_eq!(
            ended.unwrap_err().to_string(),
            "bash did not run this line: bash: !x: event not found"
        );
    }
    let (ended, ()) = both(run(&mut terminal, &["true"]), shell.runs("true", "", 0)).await;
    assert_eq!(told(&ended), ("", 0, ""));
}

#[tokio::test(start_paused = true)]
async fn lost_marks() {
    // The same prompt again, without a complaint: it did run, and only didn't say so.
    let (mut terminal, mut shell, _) = open().await;
    let (ended, ()) = both(run(&mut terminal, &["echo a"]), async {
        shell.typed("echo a\n").await;
        shell.prints("a\r\n").await;
        shell.again("0").await;
    })
    .await;
    assert_eq!(
        ended.unwrap_err().to_string(),
        "the page's shell is lost: its marks are gone (PS0 and PROMPT_COMMAND were both changed)"
    );
    assert!(terminal.is_lost());
    // An exit code that is no number.
    let (mut terminal, mut shell, _) = open().await;
    let (ended, ()) = both(run(&mut terminal, &["echo a"]), async {
        shell.typed("echo a\n").await;
        shell.begins().await;
        shell.again("$?").await;
    })
    .await;
    assert_eq!(
        ended.unwrap_err().to_string(),
        "the page's shell is lost: its prompt no longer shows exit codes (`shopt -u promptvars`?)"
    );
    assert!(terminal.is_lost());
}

#[tokio::test(start_paused = true)]
async fn a_prompt_without_a_stamp_is_no_repeated_one() {
    let (mut terminal, mut shell, _) = open().await;
    for _ in 0..2 {
        let (ended, ()) = both(run(&mut terminal, &["# nothing"]), async {
            shell.typed("# nothing\n").await;
            let nonce = shell.nonce().to_owned();
            shell.prints(&format!("\x1b]133;D;0;;{nonce}\x07")).await;
        })
        .await;
        assert_eq!(told(&ended), ("", 0, ""));
    }
}

#[tokio::test(start_paused = true)]
async fn marks_of_strangers_are_output_and_our_own_lines_are_none() {
    let (mut terminal, mut shell, _) = open().await;
    let nonce = shell.nonce().to_owned();
    let forged = "a\x1b]133;D;0;1;feedfeedfeedfeed\x07b\r\n";
    let printed = format!("{forged}+ PS1='{nonce}'\r\nc\r\n");
    let shell = shell.runs("echo", &printed, 0);
    let (ended, ()) = both(run(&mut terminal, &["echo"]), shell).await;
    assert_eq!(told(&ended), ("ab\nc\n", 0, ""));
}

#[tokio::test(start_paused = true)]
async fn just_so_much_may_be_printed() {
    let (mut terminal, mut shell, _) = open().await;
    let limits = Limits {
        output_bytes: 5,
        ..LIMITS
    };
    let shell = shell.runs("echo", "12345", 0);
    let (ended, ()) = both(terminal.run(&["echo"], limits), shell).await;
    assert_eq!(told(&ended), ("12345", 0, ""));
}
