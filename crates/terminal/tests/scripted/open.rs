//! Opening a shell, and failing to.

use std::time::Duration;

use seaworthy_terminal::TerminalOptions;
use tokio::time::Instant;

use crate::place::{Fake, PID, Terminal, TerminalError, Trouble, both, open, took};
use crate::shell::Shell;

/// Opens a shell that is played by `plays`, in a place with manners as `set` has them.
async fn opening<F: Future<Output = ()>>(
    set: impl FnOnce(&Fake),
    plays: impl FnOnce(Shell) -> F,
) -> Result<Terminal, TerminalError> {
    let (place, mut opened) = Fake::new();
    set(&place);
    let options = TerminalOptions::default();
    let shell = async {
        if let Some(stream) = opened.recv().await {
            plays(Shell::new(stream)).await;
        }
    };
    both(Terminal::open(place, &options), shell).await.0
}

fn why(opened: Result<Terminal, TerminalError>) -> String {
    match opened {
        Err(TerminalError::NotOpened { why }) => why,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it opened"),
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_prompt_opens_it() {
    let (terminal, shell, place) = open().await;
    assert_eq!((terminal.pid(), terminal.depth()), (PID, 0));
    assert_eq!((terminal.program(), terminal.code()), (None, 0));
    assert!(!terminal.is_lost() && !terminal.is_running());
    let options = place.manners().opened.remove(0);
    assert_eq!((options.columns, options.rows), (1000, 50));
    drop(terminal);
    shell.unused().await;
}

#[tokio::test(start_paused = true)]
async fn no_prompt_comes() {
    let begun = Instant::now();
    let opened = opening(
        |_| {},
        |mut shell| async move {
            shell.first_line().await;
            // Who it is, and no prompt: not enough.
            shell.identity("42;b").await;
            shell.prints("welcome\r\n").await;
            shell.unused().await;
        },
    );
    assert_eq!(why(opened.await), "no prompt came within 20 s");
    took(begun, 20_000);
}

#[tokio::test(start_paused = true)]
async fn it_ends_at_once() {
    let opened = opening(
        |_| {},
        |mut shell| async move {
            shell.first_line().await;
            shell.prints("\x1b[31mno bash here\x1b[0m\r\n").await;
        },
    );
    assert_eq!(why(opened.await), "no bash here");
}

#[tokio::test(start_paused = true)]
async fn a_terminal_without_a_size_is_not_typed_into() {
    let unsized_place = |place: &Fake| place.manners().sizes = Err(Trouble("no such exec"));
    let opened = opening(unsized_place, |mut shell| async move {
        shell.prints("no such folder\r\n").await;
        shell.untouched(50).await;
    });
    assert_eq!(why(opened.await), "no such folder");
    // If it said nothing, that is what there is to tell.
    let opened = opening(unsized_place, |shell| async move { drop(shell) }).await;
    assert!(
        matches!(opened, Err(TerminalError::Place(Trouble("no such exec")))),
        "it opened"
    );
}

#[tokio::test(start_paused = true)]
async fn a_place_that_opens_none() {
    let (place, _opened) = Fake::new();
    place.manners().opens = Err(Trouble("no engine"));
    let opened = Terminal::open(place, &TerminalOptions::default()).await;
    assert!(
        matches!(opened, Err(TerminalError::Place(Trouble("no engine")))),
        "it opened"
    );
}

#[tokio::test(start_paused = true)]
async fn the_time_is_an_option() {
    let (place, _opened) = Fake::new();
    let options = TerminalOptions {
        open_time: Duration::from_secs(3),
        ..TerminalOptions::default()
    };
    let begun = Instant::now();
    let opened = Terminal::open(place, &options).await;
    assert_eq!(why(opened), "no prompt came within 3 s");
    took(begun, 3000);
}
