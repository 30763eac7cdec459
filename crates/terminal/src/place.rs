//! Where a shell runs, as far as its terminal must know. Whoever has such a place implements [`Place`].

use std::error::Error;
use std::future::Future;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::options::TerminalOptions;

/// A place in which shells are opened and looked at: a container, say.
pub trait Place: Clone + Send + Sync {
    /// The terminal's two directions.
    type Stream: AsyncRead + AsyncWrite + Send + Unpin;
    /// What names one shell.
    type Shell: Send + Sync;
    /// Trouble with the place itself.
    type Error: Error + Send + Sync + 'static;

    /// Starts an interactive bash on a terminal, without start-up files and, unless a person types, without readline,
    /// which would redraw what is typed.
    ///
    /// # Errors
    /// If nothing could be started. What a shell that ended at once has said is read from its stream.
    fn open(
        &self,
        options: &TerminalOptions,
    ) -> impl Future<Output = Result<Opened<Self>, Self::Error>> + Send;

    /// Runs a program beside the shells, without a terminal, to its end; `None` if the place is gone. It is given up
    /// after `time`.
    ///
    /// # Errors
    /// If it couldn't be run to its end.
    fn run(
        &self,
        words: &[&str],
        time: Duration,
    ) -> impl Future<Output = Result<Option<Ran>, Self::Error>> + Send;

    /// How a shell ended whose stream has ended.
    ///
    /// # Errors
    /// If that can't be told.
    fn end(&self, shell: &Self::Shell) -> impl Future<Output = Result<End, Self::Error>> + Send;
}

/// A place whose shells a person may type into, in a window that changes its size.
pub trait LivePlace: Place {
    /// Gives the terminal of a shell another size.
    ///
    /// # Errors
    /// If it can't have one any more.
    fn resize(
        &self,
        shell: &Self::Shell,
        columns: u16,
        rows: u16,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// A shell that was started.
pub struct Opened<P: Place> {
    /// Its name.
    pub shell: P::Shell,
    /// Its terminal.
    pub stream: P::Stream,
    /// Whether the terminal got its size. A shell that is over already can't get one; what it said is worth more.
    pub sized: Result<(), P::Error>,
}

/// What came of a program that ran beside the shells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// Its exit code.
    pub exit: i64,
    /// What it printed on stdout.
    pub stdout: Vec<u8>,
    /// What it said if it failed.
    pub complaint: String,
}

/// How a shell ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself, with this exit code; 128 and the signal's number if it was killed.
    Shell(i64),
    /// Its place went away under it; how.
    Place(String),
}
