//! Programs that are opened in the shell and print marks: shells and Python.

use std::sync::Arc;

use seaworthy_console::{Interpreter, Other, Program, Prompt, interpreter};
use seaworthy_terminal::{Ended, Goal};
use tokio::time::Instant;

use crate::place::{Terminal, TerminalError, both, open, press, run, told, took, type_for};
use crate::shell::{Shell, pause};

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

/// A shell, as the page calls it that opens it.
pub(crate) fn shell(name: &str) -> Arc<Program> {
    program(name, interpreter("sh", &[]).unwrap(), None)
}

fn python() -> Arc<Program> {
    program("python3", interpreter("python3", &[]).unwrap(), None)
}

/// A program of which only the prompt is known.
pub(crate) fn other(name: &str, prompt: &str) -> Arc<Program> {
    program(name, &Other, Some(Prompt::Text(prompt.into())))
}

/// The program shows its prompt, is told its marks, and shows its prompt with them.
async fn answers(shell: &mut Shell, values: &str) -> String {
    let line = shell.first_line().await;
    shell.identity(values).await;
    shell.done(0).await;
    line
}

/// Opens a shell in the terminal, by a command of its name.
pub(crate) async fn opens(terminal: &mut Terminal, played: &mut Shell, name: &str, values: &str) {
    let program = shell(name);
    let depth = terminal.depth();
    let (opened, ()) = both(type_for(terminal, name, Goal::Open(&program)), async {
        played.typed(&format!("{name}\n")).await;
        played.begins().await;
        played.prints("/ # ").await;
        answers(played, values).await;
    })
    .await;
    assert_eq!(told(&opened), ("", 0, ""));
    assert_eq!(
        (terminal.depth(), terminal.program()),
        (depth + 1, Some(name))
    );
}

#[tokio::test(start_paused = true)]
async fn a_shell_is_told_its_marks_after_its_prompt_and_quiet() {
    let (mut terminal, mut played, _) = open().await;
    let ash = shell("ash");
    let begun = Instant::now();
    let (opened, line) = both(type_for(&mut terminal, "ash", Goal::Open(&ash)), async {
        played.typed("ash\n").await;
        played.begins().await;
        played.prints("welcome\r\n/ # ").await;
        // More comes before it was quiet for long enough: that was no prompt.
        pause(100).await;
        played.prints("and more\r\n\x1b[6n/ # ").await;
        played.untouched(149).await;
        answers(&mut played, "7;e").await
    })
    .await;
    took(begun, 250);
    assert_eq!(told(&opened), ("welcome\n/ # and more\n", 0, ""));
    assert!(line.starts_with("PS1=$(printf"), "{line}");
    assert_eq!((terminal.depth(), terminal.program()), (1, Some("ash")));
    assert_eq!(terminal.code(), 0);
}

#[tokio::test(start_paused = true)]
async fn commands_in_a_shell_inside() {
    let (mut terminal, mut played, _) = open().await;
    // This one can't mark where a command begins, and echoes.
    opens(&mut terminal, &mut played, "ash", "7;e").await;
    played.prints("job\r\n").await;
    let (ended, ()) = both(run(&mut terminal, &["echo a"]), async {
        played.typed("echo a\n").await;
        played.prints("echo a\r\na\r\n").await;
        played.done(4).await;
    })
    .await;
    assert_eq!(told(&ended), ("a\n", 4, "job\n"));
    assert_eq!(terminal.code(), 4);
    // This one can, and doesn't.
    opens(&mut terminal, &mut played, "bash", "8;b").await;
    let (ended, ()) = both(run(&mut terminal, &["echo b"]), async {
        played.typed("echo b\n").await;
        played.prints("late\r\n").await;
        played.begins().await;
        played.prints("echo b\r\n").await;
        played.done(0).await;
    })
    .await;
    assert_eq!(told(&ended), ("echo b\n", 0, "late\n"));
    assert_eq!(terminal.code(), 0);
    // And one does both.
    opens(&mut terminal, &mut played, "bash", "9;be").await;
    let (ended, ()) = both(run(&mut terminal, &["cat c"]), async {
        played.typed("cat c\n").await;
        played.prints("cat c\r\n").await;
        played.begins().await;
        played.prints("cat c\r\n").await;
        played.done(0).await;
    })
    .await;
    assert_eq!(told(&ended), ("cat c\n", 0, ""));
    let error = run(&mut terminal, &["exec sh"]).await.unwrap_err();
    assert!(matches!(error, TerminalError::Replaced { .. }), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn what_was_printed_around_its_first_line_is_kept() {
    let (mut terminal, mut played, _) = open().await;
    let ash = shell("ash");
    let (opened, ()) = both(type_for(&mut terminal, "ash", Goal::Open(&ash)), async {
        played.typed("ash\n").await;
        played.begins().await;
        played.prints("/ # ").await;
        let line = played.first_line().await;
        // Its echo, folded and with the prompt again; and what a job prints.
        let (start, end) = line.trim_end().split_at(40);
        played
            .prints(&format!("{start}\r\n/ # {end}\r\njob\r\n"))
            .await;
        played.identity("7;").await;
        played.done(0).await;
    })
    .await;
    assert_eq!(told(&opened), ("job\n", 0, ""));
}

#[tokio::test(start_paused = true)]
async fn a_mark_of_an_outer_shell_says_that_inner_ones_are_gone() {
    let (mut terminal, mut played, _) = open().await;
    for name in ["sh", "ash", "bash"] {
        opens(&mut terminal, &mut played, name, "7;").await;
    }
    // The innermost exits; then two are killed at once.
    let left = type_for(&mut terminal, "exit 3", Goal::Left(2));
    let (left, ()) = both(left, async {
        played.typed("exit 3\n").await;
        played.level(3);
        played.done(3).await;
    })
    .await;
    assert_eq!(told(&left), ("", 3, ""));
    assert_eq!((terminal.depth(), terminal.program()), (2, Some("ash")));
    let (ended, ()) = both(run(&mut terminal, &["kill"]), async {
        played.typed("kill\n").await;
        played.prints("Killed\r\n").await;
        played.level(1);
        played.done(137).await;
    })
    .await;
    assert_eq!(told(&ended), ("Killed\n", 137, ""));
    assert_eq!((terminal.depth(), terminal.program()), (0, None));
    let (ended, ()) = both(run(&mut terminal, &["true"]), played.runs("true", "", 0)).await;
    assert_eq!(told(&ended), ("", 0, ""));
}

#[tokio::test(start_paused = true)]
async fn a_shell_that_ended_meanwhile_is_gone_before_the_next_line_is_typed() {
    let (mut terminal, mut played, _) = open().await;
    opens(&mut terminal, &mut played, "sh", "7;").await;
    played.prints("Killed\r\n").await;
    played.level(1);
    played.done(137).await;
    let (ended, ()) = both(run(&mut terminal, &["true"]), played.runs("true", "", 0)).await;
    assert_eq!(told(&ended), ("", 0, "Killed\n"));
    assert_eq!(terminal.depth(), 0);
}

#[tokio::test(start_paused = true)]
async fn one_that_does_not_end_shows_its_prompt_and_nothing_more() {
    let (mut terminal, mut played, _) = open().await;
    opens(&mut terminal, &mut played, "sh", "7;").await;
    let begun = Instant::now();
    let stays = type_for(&mut terminal, "exit", Goal::Left(0));
    let (stays, ()) = both(stays, async {
        played.typed("exit\n").await;
        played.prints("there are stopped jobs\r\n").await;
        played.done(1).await;
    })
    .await;
    took(begun, 3000);
    assert_eq!(told(&stays), ("there are stopped jobs\n", 1, ""));
    assert_eq!(terminal.depth(), 1);
    // One that takes a moment does end.
    let begun = Instant::now();
    let left = press(&mut terminal, b"\x04", Goal::Left(0));
    let (left, ()) = both(left, async {
        played.typed("\x04").await;
        played.done(0).await;
        pause(2500).await;
        played.level(1);
        played.done(5).await;
    })
    .await;
    took(begun, 2500);
    assert_eq!(told(&left), ("", 5, ""));
    assert_eq!(terminal.depth(), 0);
}

#[tokio::test(start_paused = true)]
async fn control_c_may_end_the_program_just_after_its_command() {
    let (mut terminal, mut played, _) = open().await;
    opens(&mut terminal, &mut played, "sh", "7;").await;
    let (ended, ()) = both(run(&mut terminal, &["sleep 50"]), async {
        played.typed("sleep 50\n").await;
        played.typed("\x03").await;
        played.done(130).await;
        pause(100).await;
        played.level(1);
        played.done(137).await;
    })
    .await;
    assert!(matches!(
        ended,
        Err(TerminalError::TimedOut { usable: true, .. })
    ));
    assert_eq!((terminal.depth(), terminal.code()), (0, 137));
}

#[tokio::test(start_paused = true)]
async fn nobody_answers() {
    let (mut terminal, mut played, _) = open().await;
    for (program, prompt, message) in [
        (
            shell("sh"),
            "/ # ",
            "its prompt came, and what is typed there isn't answered as by a shell; it was interrupted",
        ),
        (
            python(),
            ">>> ",
            "its prompt came, and what is typed there isn't answered as by Python; it was interrupted",
        ),
    ] {
        let begun = Instant::now();
        let limits = seaworthy_terminal::Limits::default();
        let input = seaworthy_terminal::Input::Lines(&["sh"]);
        let opened = terminal.type_in(input, Goal::Open(&program), None, limits);
        let (opened, ()) = both(opened, async {
            played.typed("sh\n").await;
            played.begins().await;
            played.prints(prompt).await;
            played.line().await;
            played.typed("\x03").await;
            played.done(130).await;
        })
        .await;
        // Quiet, ten seconds for an answer, quiet.
        took(begun, 10_300);
        let error = opened.unwrap_err();
        assert_eq!(error.to_string(), message);
        assert_eq!(terminal.depth(), 0);
    }
    // If there is less time than that, it says so too.
    let sh = shell("sh");
    let opened = type_for(&mut terminal, "sh", Goal::Open(&sh));
    let (opened, ()) = both(opened, async {
        played.typed("sh\n").await;
        played.begins().await;
        played.prints("/ # ").await;
        played.line().await;
        played.typed("\x03").await;
        played.done(130).await;
    })
    .await;
    match opened.unwrap_err() {
        TerminalError::TimedOut { doing, .. } => assert_eq!(
            doing,
            "what looks like the prompt of sh came, and what is typed there isn't answered as by it"
        ),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn the_prompt_never_comes() {
    let (mut terminal, mut played, _) = open().await;
    for (printed, doing) in [
        (
            "",
            "the prompt of sh did not come, nothing is on the last line",
        ),
        (
            "welcome\r\nplease wait",
            "the prompt of sh did not come, the last line is `please wait`",
        ),
    ] {
        let sh = shell("sh");
        let opened = type_for(&mut terminal, "sh", Goal::Open(&sh));
        let (opened, ()) = both(opened, async {
            played.typed("sh\n").await;
            played.begins().await;
            played.prints(printed).await;
            played.typed("\x03").await;
            played.done(130).await;
        })
        .await;
        match opened.unwrap_err() {
            TerminalError::TimedOut {
                doing: seen,
                usable: true,
                ..
            } => assert_eq!(seen, doing),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn it_ends_instead_before_or_after_its_prompt() {
    let (mut terminal, mut played, _) = open().await;
    let sh = shell("sh");
    let instead = played.runs("sh", "sh: not found\r\n", 127);
    let (ended, ()) = both(type_for(&mut terminal, "sh", Goal::Open(&sh)), instead).await;
    assert_eq!(told(&ended), ("sh: not found\n", 127, ""));
    assert_eq!(terminal.depth(), 0);
    let (ended, ()) = both(type_for(&mut terminal, "sh", Goal::Open(&sh)), async {
        played.typed("sh\n").await;
        played.begins().await;
        played.prints("/ # ").await;
        played.line().await;
        played.done(137).await;
    })
    .await;
    let Ended { exit, .. } = ended.unwrap();
    assert_eq!((exit, terminal.depth()), (137, 0));
}

#[tokio::test(start_paused = true)]
async fn detached_and_attached_again() {
    let (mut terminal, mut played, _) = open().await;
    let inside = Arc::new(Program {
        detaches: true,
        ..(*shell("box's sh")).clone()
    });
    let (opened, ()) = both(
        type_for(&mut terminal, "docker run -it box", Goal::Open(&inside)),
        async {
            played.typed("docker run -it box\n").await;
            played.begins().await;
            played.prints("/ # ").await;
            answers(&mut played, "7;").await;
        },
    )
    .await;
    assert_eq!(told(&opened), ("", 0, ""));
    let nonce = played.nonce().to_owned();
    let (left, ()) = both(press(&mut terminal, b"\x10\x11", Goal::Left(0)), async {
        played.typed("\x10\x11").await;
        played.level(1);
        played.done(0).await;
    })
    .await;
    assert_eq!((told(&left), terminal.depth()), (("", 0, ""), 0));
    // What it prints while it isn't open is no prompt of the page's shell.
    played.bears(&nonce);
    let attached = Arc::new(Program {
        silent: true,
        ..(*inside).clone()
    });
    let begun = Instant::now();
    let opened = type_for(&mut terminal, "docker attach box", Goal::Open(&attached));
    let (opened, ()) = both(opened, async {
        played.typed("docker attach box\n").await;
        played.level(1);
        played.begins().await;
        // It shows nothing until Enter is pressed; then it bears the marks that it was told.
        played.bears(&nonce);
        played.untouched(1450).await;
        played.typed("\n").await;
        played.done(0).await;
    })
    .await;
    took(begun, 1500);
    assert_eq!(told(&opened), ("", 0, ""));
    assert_eq!(
        (terminal.depth(), terminal.program()),
        (1, Some("box's sh"))
    );
    // It wasn't told them again: this is the next line that is typed.
    let (ended, ()) = both(run(&mut terminal, &["true"]), async {
        played.typed("true\n").await;
        played.done(0).await;
    })
    .await;
    assert_eq!(told(&ended), ("", 0, ""));
}

#[tokio::test(start_paused = true)]
async fn enter_is_pressed_once_and_only_where_a_program_may_be_silent() {
    for (silent, presses) in [(true, "\n"), (false, "")] {
        let (mut terminal, mut played, _) = open().await;
        let program = Arc::new(Program {
            silent,
            ..(*shell("sh")).clone()
        });
        let opened = type_for(&mut terminal, "sh", Goal::Open(&program));
        let (opened, ()) = both(opened, async {
            played.typed("sh\n").await;
            played.begins().await;
            played.typed(presses).await;
            played.untouched(8000).await;
            played.typed("\x03").await;
            played.done(130).await;
        })
        .await;
        assert!(matches!(opened, Err(TerminalError::TimedOut { .. })));
    }
}

#[tokio::test(start_paused = true)]
async fn python_is_pasted_into_if_it_asks_for_pastes() {
    for (banner, begins, ends) in [
        ("Python 3\r\n>>> ", "import os,sys;", ")\n"),
        (
            "Python 3\r\n\x1b[?2004h>>> ",
            "\x1b[200~import os,sys;",
            ")\x1b[201~\n",
        ),
    ] {
        let (mut terminal, mut played, _) = open().await;
        let python = python();
        let opened = type_for(&mut terminal, "python3", Goal::Open(&python));
        let (opened, line) = both(opened, async {
            played.typed("python3\n").await;
            played.begins().await;
            played.prints(banner).await;
            let line = played.first_line().await;
            played.done(0).await;
            line
        })
        .await;
        assert_eq!(told(&opened), ("Python 3\n", 0, ""));
        assert!(line.starts_with(begins) && line.ends_with(ends), "{line}");
        let lines = ["for i in [1]:", "  i", ""];
        let (ended, ()) = both(run(&mut terminal, &lines), async {
            for (at, line) in lines.iter().enumerate() {
                played.typed(&format!("{line}\n")).await;
                if at < 2 {
                    played.asks().await;
                }
            }
            played.prints("1\r\n").await;
            played.done(1).await;
        })
        .await;
        assert_eq!(told(&ended), ("1\n", 1, ""));
        // `exec` is a word like others there; and a shell would not be pasted into.
        assert_eq!(terminal.program(), Some("python3"));
    }
}
