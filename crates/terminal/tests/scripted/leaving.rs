//! Coming back after a failure, a new shell, and the end.

use std::time::Duration;

use seaworthy_terminal::{Goal, TerminalOptions};
use tokio::time::Instant;

use crate::place::{
    Fake, LIMITS, Terminal, TerminalError, Trouble, both, open, run, told, took, type_for,
};
use crate::programs::opens;
use crate::shell::Shell;

/// A terminal in which `sh` and `ash` are open.
async fn open_two() -> (Terminal, Shell, Fake) {
    let (mut terminal, mut shell, place) = open().await;
    for name in ["sh", "ash"] {
        opens(&mut terminal, &mut shell, name, "7;").await;
    }
    (terminal, shell, place)
}

#[tokio::test(start_paused = true)]
async fn programs_are_left_one_by_one() {
    let (mut terminal, mut shell, _) = open_two().await;
    let (left, ()) = both(terminal.leave(0), async {
        shell.typed("\x04").await;
        shell.level(2);
        shell.done(0).await;
        // With stopped jobs it wants it twice.
        shell.typed("\x04").await;
        shell.prints("there are stopped jobs\r\n").await;
        shell.done(1).await;
        shell.typed("\x04").await;
        shell.level(1);
        shell.done(1).await;
    })
    .await;
    assert!(left);
    assert_eq!((terminal.depth(), terminal.code()), (0, 1));
    let (ended, ()) = both(run(&mut terminal, &["true"]), shell.runs("true", "", 0)).await;
    assert_eq!(told(&ended), ("", 0, ""));
}

#[tokio::test(start_paused = true)]
async fn no_more_are_left_than_is_asked() {
    let (mut terminal, mut shell, _) = open_two().await;
    let (left, ()) = both(terminal.leave(1), async {
        shell.typed("\x04").await;
        shell.level(2);
        shell.done(0).await;
        shell.untouched(5000).await;
    })
    .await;
    assert!(left);
    assert_eq!((terminal.depth(), terminal.program()), (1, Some("sh")));
    // Deeper than it is, it can't go.
    assert!(!terminal.leave(2).await);
    assert!(terminal.leave(1).await);
}

#[tokio::test(start_paused = true)]
async fn one_that_ended_meanwhile_needs_no_key() {
    let (mut terminal, mut shell, _) = open_two().await;
    shell.level(1);
    shell.done(137).await;
    assert!(terminal.leave(0).await);
    assert_eq!(terminal.code(), 137);
    drop(terminal);
    shell.unused().await;
}

#[tokio::test(start_paused = true)]
async fn what_runs_is_interrupted_first() {
    let (mut terminal, mut shell, _) = open().await;
    let (_, ()) = both(type_for(&mut terminal, "ping x", Goal::Keys), async {
        shell.typed("ping x\n").await;
        shell.begins().await;
    })
    .await;
    assert!(terminal.is_running());
    let (left, ()) = both(terminal.leave(0), async {
        shell.typed("\x03").await;
        shell.done(130).await;
    })
    .await;
    assert!(left && !terminal.is_running());
}

#[tokio::test(start_paused = true)]
async fn one_that_only_heeds_control_c() {
    let (mut terminal, mut shell, _) = open_two().await;
    let begun = Instant::now();
    let (left, ()) = both(terminal.leave(1), async {
        shell.typed("\x04\x04").await;
        shell.typed("\x03").await;
        shell.level(2);
        shell.done(130).await;
    })
    .await;
    // Two seconds for each key, and quiet.
    took(begun, 4150);
    assert!(left);
    assert_eq!(terminal.depth(), 1);
}

#[tokio::test(start_paused = true)]
async fn one_that_stays() {
    let (mut terminal, mut shell, place) = open_two().await;
    place.manners().kills = false;
    let (left, ()) = both(terminal.leave(0), async {
        shell.typed("\x04\x04\x03").await;
    })
    .await;
    assert!(!left && terminal.is_lost());
    assert_eq!(terminal.depth(), 2);
    // One that answers each key, and doesn't go.
    let (mut terminal, mut shell, _) = open_two().await;
    let (left, ()) = both(terminal.leave(0), async {
        for key in ["\x04", "\x04", "\x03"] {
            shell.typed(key).await;
            shell.done(0).await;
        }
        shell.untouched(5000).await;
    })
    .await;
    assert!(!left && !terminal.is_lost());
}

/// Opens a new shell in place of the terminal's.
async fn reopens(
    terminal: &mut Terminal,
    opened: &mut tokio::sync::mpsc::UnboundedReceiver<tokio::io::DuplexStream>,
    directory: Option<&str>,
) -> Shell {
    let options = TerminalOptions {
        directory: directory.map(str::to_owned),
        environment: vec!["A=1".into()],
        ..TerminalOptions::default()
    };
    let (reopened, shell) = both(terminal.reopen(&options), async {
        let mut shell = Shell::new(opened.recv().await.unwrap());
        shell.starts().await;
        shell
    })
    .await;
    reopened.unwrap();
    shell
}

#[tokio::test(start_paused = true)]
async fn a_new_shell_in_the_same_folder() {
    let (place, mut opened) = Fake::new();
    let options = TerminalOptions::default();
    let (terminal, mut shell) = both(Terminal::open(place.clone(), &options), async {
        let mut shell = Shell::new(opened.recv().await.unwrap());
        shell.starts().await;
        shell
    })
    .await;
    let mut terminal = terminal.unwrap();
    opens(&mut terminal, &mut shell, "sh", "7;").await;
    for (folder, hangs, directory, begins) in [
        (Some("/srv/app"), false, Some("/home"), Some("/srv/app")),
        (None, false, Some("/home"), Some("/home")),
        (Some("/srv/app"), true, Some("/home"), Some("/home")),
        (None, false, None, None),
    ] {
        place.manners().folder = folder;
        place.manners().hangs = hangs;
        place.manners().closed.clear();
        let begun = Instant::now();
        let mut new = reopens(&mut terminal, &mut opened, directory).await;
        if hangs {
            // Two seconds for the folder, half a minute for the old shell: both are given up.
            took(begun, 32_000);
        } else {
            assert_eq!(place.manners().closed, ["42"], "the old one is ended");
        }
        let options = place.manners().opened.last().unwrap().clone();
        assert_eq!(options.directory.as_deref(), begins);
        assert_eq!(options.environment, ["A=1"]);
        assert_eq!((terminal.depth(), terminal.is_lost()), (0, false));
        let (ended, ()) = both(run(&mut terminal, &["true"]), new.runs("true", "", 0)).await;
        assert_eq!(told(&ended), ("", 0, ""));
        shell = new;
    }
    drop(shell);
}

#[tokio::test(start_paused = true)]
async fn where_no_new_shell_opens_the_old_one_stays() {
    let (mut terminal, mut shell, place) = open().await;
    place.manners().opens = Err(Trouble("no engine"));
    let error = terminal.reopen(&TerminalOptions::default()).await;
    assert!(
        matches!(error, Err(TerminalError::Place(Trouble("no engine")))),
        "{error:?}"
    );
    assert!(place.manners().closed.is_empty());
    let (ended, ()) = both(run(&mut terminal, &["true"]), shell.runs("true", "", 0)).await;
    assert_eq!(told(&ended), ("", 0, ""));
}

#[tokio::test(start_paused = true)]
async fn its_folder_and_its_end() {
    let (terminal, shell, place) = open().await;
    place.manners().folder = Some("/tmp/with space");
    assert_eq!(terminal.cwd().await.unwrap(), "/tmp/with space");
    place.manners().folder = None;
    assert_eq!(
        terminal.cwd().await.unwrap_err().to_string(),
        "the page's shell is lost: its working folder can't be read; it has ended"
    );
    terminal.close().await.unwrap();
    assert_eq!(place.manners().closed, ["42"]);
    // Where the place hangs, that is told after half a minute.
    let (terminal, other, place) = open().await;
    place.manners().hangs = true;
    let begun = Instant::now();
    let error = terminal.close().await.unwrap_err();
    took(begun, 30_000);
    assert_eq!(error.to_string(), "it took too long");
    drop((shell, other));
}

#[tokio::test(start_paused = true)]
async fn a_shell_that_is_lost_is_closed_all_the_same() {
    let (mut terminal, shell, place) = open().await;
    let hung = run(&mut terminal, &["sleep 50"]);
    let dropped = tokio::time::timeout(LIMITS.time - Duration::from_secs(1), hung);
    assert!(dropped.await.is_err());
    assert!(!terminal.leave(0).await, "it can't be typed into");
    terminal.close().await.unwrap();
    assert_eq!(place.manners().closed, ["42"]);
    drop(shell);
}
