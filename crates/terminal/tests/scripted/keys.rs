//! Keys: when they are pressed, and what comes of them.

use seaworthy_terminal::Goal;
use tokio::time::Instant;

use crate::place::{TerminalError, both, open, press, run, told, took, type_for, type_showing};
use crate::shell::{Shell, pause};

async fn begins(shell: &mut Shell, line: &str) {
    shell.typed(&format!("{line}\n")).await;
    shell.begins().await;
}

#[tokio::test(start_paused = true)]
async fn after_a_second_of_quiet_if_nothing_is_shown() {
    let (mut terminal, mut shell, _) = open().await;
    let begun = Instant::now();
    let (started, ()) = both(type_for(&mut terminal, "ping x", Goal::Keys), async {
        begins(&mut shell, "ping x").await;
        pause(900).await;
        shell.prints("one\r\n").await;
    })
    .await;
    took(begun, 1900);
    assert_eq!(told(&started), ("one\n", 0, ""));
    assert!(terminal.is_running() && !terminal.is_lost());
    // It is interrupted, and the echo of the key is no output.
    let (pressed, ()) = both(press(&mut terminal, b"\x03", Goal::Prompt), async {
        shell.prints("two\r\n").await;
        shell.typed("\x03").await;
        shell.done(130).await;
    })
    .await;
    assert_eq!(told(&pressed), ("two\n", 130, ""));
    assert!(!terminal.is_running());
}

#[tokio::test(start_paused = true)]
async fn the_echo_of_a_key_is_no_output() {
    let (mut terminal, mut shell, _) = open().await;
    let (_, ()) = both(
        type_for(&mut terminal, "ping x", Goal::Keys),
        begins(&mut shell, "ping x"),
    )
    .await;
    let (pressed, ()) = both(press(&mut terminal, b"\x03", Goal::Prompt), async {
        shell.typed("\x03").await;
        shell.prints("^C\r\n--- statistics\r\n").await;
        shell.done(130).await;
    })
    .await;
    assert_eq!(told(&pressed), ("\n--- statistics\n", 130, ""));
}

#[tokio::test(start_paused = true)]
async fn after_what_is_shown_and_a_little_quiet() {
    let (mut terminal, mut shell, _) = open().await;
    let mut asked = Vec::new();
    let mut shown = |printed: &str| {
        asked.push(printed.to_owned());
        printed.ends_with("two\n")
    };
    let begun = Instant::now();
    let started = type_showing(&mut terminal, "serve", Goal::Keys, Some(&mut shown));
    let (started, ()) = both(started, async {
        begins(&mut shell, "serve").await;
        shell.prints("one\r\n").await;
        pause(3000).await;
        shell.prints("two\r\n").await;
    })
    .await;
    took(begun, 3200);
    assert_eq!(told(&started), ("one\ntwo\n", 0, ""));
    // Once for what there is, however long that takes.
    assert_eq!(asked, ["one\n", "one\ntwo\n"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_shown_never_comes() {
    let (mut terminal, mut shell, _) = open().await;
    let mut never = |_: &str| false;
    let started = type_showing(&mut terminal, "serve", Goal::Keys, Some(&mut never));
    let (started, ()) = both(started, async {
        begins(&mut shell, "serve").await;
        shell.typed("\x03").await;
        shell.done(130).await;
    })
    .await;
    match started.unwrap_err() {
        TerminalError::TimedOut {
            doing,
            usable: true,
            ..
        } => assert_eq!(doing, "what is shown before the keys was not printed"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_command_that_ends_by_itself_needs_no_key() {
    let (mut terminal, mut shell, _) = open().await;
    let begun = Instant::now();
    let shell = shell.runs("ping x", "x is unknown\r\n", 2);
    let (ended, ()) = both(type_for(&mut terminal, "ping x", Goal::Keys), shell).await;
    took(begun, 0);
    assert_eq!(told(&ended), ("x is unknown\n", 2, ""));
    assert!(!terminal.is_running());
}

#[tokio::test(start_paused = true)]
async fn what_it_still_prints_is_its_own_and_counts() {
    let (mut terminal, mut shell, _) = open().await;
    let (_, ()) = both(
        type_for(&mut terminal, "serve", Goal::Keys),
        begins(&mut shell, "serve"),
    )
    .await;
    // Lines are not typed into what runs.
    let error = run(&mut terminal, &["true"]).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the page's shell is lost: the end of an earlier command was not waited for"
    );
    assert!(terminal.is_running());
    shell.prints(&"x".repeat(1001)).await;
    let (pressed, ()) = both(press(&mut terminal, b"\x03", Goal::Prompt), async {
        shell.typed("\x03").await;
        shell.typed("\x03").await;
        shell.done(130).await;
    })
    .await;
    match pressed.unwrap_err() {
        TerminalError::TooMuchOutput {
            output,
            usable: true,
            ..
        } => assert_eq!(output, "x".repeat(1000)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn keys_at_a_prompt() {
    let (mut terminal, mut shell, _) = open().await;
    let (pressed, ()) = both(press(&mut terminal, b"\x03", Goal::Prompt), async {
        shell.typed("\x03").await;
        shell.prints("^C\r\n").await;
        shell.done(130).await;
    })
    .await;
    assert_eq!(told(&pressed), ("\n", 130, ""));
}
