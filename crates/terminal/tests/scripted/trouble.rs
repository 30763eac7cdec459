//! Commands that end otherwise: not at all, with the shell, with the place.

use std::time::Duration;

use seaworthy_terminal::End;
use tokio::time::{Instant, timeout};

use crate::place::{Fake, Terminal, TerminalError, Trouble, both, open, run, told, took};
use crate::shell::{Shell, pause};

/// Whether a time-out left the shell usable, and what it says of the command.
fn timed_out(error: TerminalError) -> (bool, String) {
    match error {
        TerminalError::TimedOut { usable, doing, .. } => (usable, doing),
        other => panic!("{other:?}"),
    }
}

/// Types a command that prints `before` and then hangs, while `plays` goes on with the shell.
async fn hangs<F: Future<Output = Shell>>(
    terminal: &mut Terminal,
    mut shell: Shell,
    before: &str,
    plays: impl FnOnce(Shell) -> F,
) -> (TerminalError, Shell) {
    let (ended, shell) = both(run(terminal, &["sleep 50"]), async {
        shell.typed("sleep 50\n").await;
        shell.begins().await;
        shell.prints(before).await;
        shell.untouched(9900).await;
        plays(shell).await
    })
    .await;
    (ended.unwrap_err(), shell)
}

/// A command works.
async fn works(terminal: &mut Terminal, shell: &mut Shell) {
    let (ended, ()) = both(
        run(terminal, &["echo on"]),
        shell.runs("echo on", "on\r\n", 0),
    )
    .await;
    assert_eq!(told(&ended), ("on\n", 0, ""));
}

async fn obeys(mut shell: Shell) -> Shell {
    shell.typed("\x03").await;
    shell.prints("^C\r\n").await;
    shell.done(130).await;
    shell
}

#[tokio::test(start_paused = true)]
async fn control_c_is_obeyed() {
    let (mut terminal, shell, place) = open().await;
    let begun = Instant::now();
    let (error, mut shell) = hangs(&mut terminal, shell, "before\r\n", obeys).await;
    // Its time, and the quiet after the prompt.
    took(begun, 10_150);
    assert_eq!(
        error.to_string(),
        "the command did not end within 10 s: `sleep 50` is sleeping; it was interrupted"
    );
    assert!(
        matches!(&error, TerminalError::TimedOut { output, seconds: 10.0, .. } if output == "before\n"),
        "{error:?}"
    );
    assert!(place.manners().killed.is_empty());
    works(&mut terminal, &mut shell).await;
}

#[tokio::test(start_paused = true)]
async fn a_prompt_may_come_twice() {
    let (mut terminal, shell, _) = open().await;
    let begun = Instant::now();
    let (error, mut shell) = hangs(&mut terminal, shell, "", |shell| async {
        let mut shell = obeys(shell).await;
        pause(100).await;
        shell.done(130).await;
        shell
    })
    .await;
    assert!(timed_out(error).0);
    took(begun, 10_250);
    works(&mut terminal, &mut shell).await;
}

#[tokio::test(start_paused = true)]
async fn a_job_that_never_stops_printing_holds_nothing_up() {
    let (mut terminal, shell, _) = open().await;
    let begun = Instant::now();
    let (error, _) = hangs(&mut terminal, shell, "", |shell| async {
        let mut shell = obeys(shell).await;
        for _ in 0..50 {
            pause(100).await;
            shell.prints("tick\r\n").await;
            if begun.elapsed() > Duration::from_millis(12_300) {
                break;
            }
        }
        shell
    })
    .await;
    assert!(timed_out(error).0);
    assert!(!terminal.is_lost());
}

/// Control-C is ignored; the foreground is killed.
async fn killed(mut shell: Shell, place: Fake) -> Shell {
    shell.typed("\x03").await;
    place.killing().await;
    shell.prints("Killed\r\n").await;
    shell.done(137).await;
    // The key is still there, where another one empties the terminal's buffer.
    shell.typed("\x03\n").await;
    shell.done(130).await;
    shell
}

#[tokio::test(start_paused = true)]
async fn control_c_is_ignored_and_the_foreground_killed() {
    let (mut terminal, shell, place) = open().await;
    let begun = Instant::now();
    let kills = place.clone();
    let (error, mut shell) = hangs(&mut terminal, shell, "", |shell| killed(shell, kills)).await;
    assert!(timed_out(error).0);
    assert_eq!(place.manners().killed, ["77"]);
    // Its time, two seconds for Ctrl-C, quiet after each prompt.
    took(begun, 12_300);
    works(&mut terminal, &mut shell).await;
}

/// Hears everything, and does nothing.
async fn deaf(mut shell: Shell) -> Shell {
    shell.typed("\x03").await;
    shell
}

#[tokio::test(start_paused = true)]
async fn what_can_not_be_interrupted_is_lost() {
    type Set = fn(&mut crate::place::Manners);
    let cases: [(&str, Set, u64, usize); 4] = [
        // Killed, and no prompt comes.
        ("`sleep 50` is sleeping", |_| {}, 14_000, 1),
        // Kill fails.
        ("`sleep 50` is sleeping", |m| m.kills = false, 12_000, 1),
        // The shell's own group is not killed.
        (
            "bash itself is busy, in a loop or a builtin command",
            |m| m.foreground = Ok("42 42\nR\t0\trunning\tbash \n"),
            12_000,
            0,
        ),
        // It can't be told which.
        (
            "its foreground process could not be looked at: no /proc",
            |m| m.foreground = Err("no /proc"),
            12_000,
            0,
        ),
    ];
    for (doing, set, milliseconds, kills) in cases {
        let (mut terminal, shell, place) = open().await;
        set(&mut place.manners());
        let begun = Instant::now();
        let (error, shell) = hangs(&mut terminal, shell, "", deaf).await;
        took(begun, milliseconds);
        assert!(
            error
                .to_string()
                .ends_with("; it could not be interrupted, the page's shell is lost"),
            "{error}"
        );
        assert_eq!(timed_out(error), (false, doing.to_owned()));
        assert_eq!(place.manners().killed.len(), kills, "{doing}");
        assert!(terminal.is_lost());
        let error = run(&mut terminal, &["true"]).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the page's shell is lost: an earlier command could not be interrupted"
        );
        drop(terminal);
        shell.unused().await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_shell_comes_back_from_the_kill_and_not_from_the_key_after_it() {
    let (mut terminal, shell, place) = open().await;
    let kills = place.clone();
    let (error, _) = hangs(&mut terminal, shell, "", |mut shell| async move {
        shell.typed("\x03").await;
        kills.killing().await;
        shell.done(137).await;
        shell.typed("\x03\n").await;
        shell
    })
    .await;
    assert!(!timed_out(error).0);
    assert!(terminal.is_lost());
}

#[tokio::test(start_paused = true)]
async fn a_shell_that_ends_while_it_is_interrupted() {
    let (mut terminal, mut shell, _) = open().await;
    let (ended, ()) = both(run(&mut terminal, &["sleep 50"]), async {
        shell.typed("sleep 50\n").await;
        shell.begins().await;
        shell.typed("\x03").await;
        drop(shell);
    })
    .await;
    assert!(!timed_out(ended.unwrap_err()).0);
    let error = run(&mut terminal, &["true"]).await.unwrap_err();
    assert_eq!(error.to_string(), "the page's shell is lost: it has ended");
}

#[tokio::test(start_paused = true)]
async fn what_a_time_out_says() {
    for (seen, printed, doing) in [
        (
            Ok("77 42\nS\twait_woken\t0 0x0 0x7f\tvi \n"),
            "\x1b[?1049h",
            "`vi` is waiting for input (it is a full-screen program; those can't be typed into)",
        ),
        (
            Err("the place is gone"),
            "",
            "its foreground process could not be looked at: the machine is gone",
        ),
    ] {
        let (mut terminal, shell, place) = open().await;
        place.manners().foreground = seen;
        let (error, _) = hangs(&mut terminal, shell, printed, obeys).await;
        assert_eq!(timed_out(error), (true, doing.to_owned()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_place_that_hangs_costs_a_time_out_five_seconds() {
    let (mut terminal, shell, place) = open().await;
    place.manners().hangs = true;
    let begun = Instant::now();
    let (error, _) = hangs(&mut terminal, shell, "", obeys).await;
    let doing = "its foreground process could not be looked at: it took too long";
    assert_eq!(timed_out(error), (true, doing.to_owned()));
    took(begun, 15_150);
}

#[tokio::test(start_paused = true)]
async fn too_much_output() {
    let (mut terminal, mut shell, _) = open().await;
    let begun = Instant::now();
    let (ended, mut shell) = both(run(&mut terminal, &["yes"]), async {
        shell.typed("yes\n").await;
        shell.begins().await;
        shell.prints(&"y\r\n".repeat(1000)).await;
        obeys(shell).await
    })
    .await;
    took(begun, 150);
    match ended.unwrap_err() {
        TerminalError::TooMuchOutput {
            limit: 1000,
            output,
            usable: true,
        } => assert_eq!(
            output.len(),
            667,
            "1,000 bytes of `y` and two for its line's end"
        ),
        other => panic!("{other:?}"),
    }
    works(&mut terminal, &mut shell).await;
    // It ended by itself: nothing is left to interrupt.
    let much = "x".repeat(1001);
    let shell_runs = shell.runs("head", &much, 0);
    let (ended, ()) = both(run(&mut terminal, &["head"]), shell_runs).await;
    match ended.unwrap_err() {
        TerminalError::TooMuchOutput {
            limit: 1000,
            output,
            usable: true,
        } => assert_eq!(output, "x".repeat(1000)),
        other => panic!("{other:?}"),
    }
    works(&mut terminal, &mut shell).await;
}

#[tokio::test(start_paused = true)]
async fn incomplete_lines() {
    let (mut terminal, mut shell, _) = open().await;
    let (ended, mut shell) = both(run(&mut terminal, &["echo 'open"]), async {
        shell.typed("echo 'open\n").await;
        shell.prints("job\r\n").await;
        shell.asks().await;
        obeys(shell).await
    })
    .await;
    assert!(
        matches!(
            ended.as_ref().unwrap_err(),
            TerminalError::Incomplete { output, usable: true } if output == "job\n"
        ),
        "{ended:?}"
    );
    assert_eq!(
        ended.unwrap_err().to_string(),
        "the command is incomplete: more lines are waited for; it was interrupted"
    );
    works(&mut terminal, &mut shell).await;
}

#[tokio::test(start_paused = true)]
async fn surplus_lines_are_not_typed() {
    let (mut terminal, mut shell, _) = open().await;
    let shell_runs = shell.runs("echo one", "one\r\n", 0);
    let lines = ["echo one", "echo two", "echo three"];
    let (ended, ()) = both(run(&mut terminal, &lines), shell_runs).await;
    assert!(
        matches!(
            ended.as_ref().unwrap_err(),
            TerminalError::Surplus { line: 2, output } if output == "one\n"
        ),
        "{ended:?}"
    );
    works(&mut terminal, &mut shell).await;
}

#[tokio::test(start_paused = true)]
async fn what_would_replace_the_shell_is_not_typed() {
    let (mut terminal, mut shell, _) = open().await;
    let error = run(&mut terminal, &["exec bash"]).await.unwrap_err();
    assert!(
        matches!(&error, TerminalError::Replaced { program } if program == "bash"),
        "{error:?}"
    );
    works(&mut terminal, &mut shell).await;
}

#[tokio::test(start_paused = true)]
async fn the_shell_ends_or_its_place_goes() {
    type Told = fn(&TerminalError) -> bool;
    let cases: [(Result<End, Trouble>, Told); 3] = [
        (
            Ok(End::Shell(3)),
            |error| matches!(error, TerminalError::ShellEnded { code: 3, output } if output == "late\nexit\n"),
        ),
        (
            Ok(End::Place("its container was removed".into())),
            |error| {
                matches!(
                    error,
                    TerminalError::MachineGone { why, output }
                        if why == "its container was removed" && output == "late\nexit\n"
                )
            },
        ),
        (Err(Trouble("no engine")), |error| {
            matches!(error, TerminalError::Place(Trouble("no engine")))
        }),
    ];
    for (end, told) in cases {
        let (mut terminal, mut shell, place) = open().await;
        place.manners().end = end;
        let (ended, ()) = both(run(&mut terminal, &["exit 3"]), async {
            shell.typed("exit 3\n").await;
            shell.prints("late\r\n").await;
            shell.begins().await;
            // Even if it breaks off within what may become a mark.
            shell.prints("exit\r\n\x1b]133;D").await;
            drop(shell);
        })
        .await;
        let error = ended.unwrap_err();
        assert!(told(&error), "{error:?}");
        let error = run(&mut terminal, &["true"]).await.unwrap_err();
        assert_eq!(error.to_string(), "the page's shell is lost: it has ended");
        terminal.close().await.unwrap();
        assert!(place.manners().closed.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_shell_that_ended_between_two_commands() {
    let (mut terminal, shell, place) = open().await;
    place.manners().end = Ok(End::Shell(137));
    drop(shell);
    let error = run(&mut terminal, &["true"]).await.unwrap_err();
    assert!(
        matches!(error, TerminalError::ShellEnded { code: 137, .. }),
        "{error:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_dropped_loses_the_terminal() {
    let (mut terminal, shell, _) = open().await;
    let dropped = timeout(Duration::from_secs(1), run(&mut terminal, &["sleep 50"]));
    assert!(dropped.await.is_err());
    let error = run(&mut terminal, &["true"]).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the page's shell is lost: the end of an earlier command was not waited for"
    );
    drop(shell);
}
