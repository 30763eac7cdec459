//! What ends a page before its last step. A command that doesn't hold is no error.

use std::error::Error;
use std::io;

use seaworthy_terminal::{Place, TerminalError};

use crate::host::{Host, MayBeLost};

/// Why a page can't be run to its end; `E` is trouble with its host, `P` with a place on it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError<E: Error + 'static, P: Error + 'static> {
    /// Trouble with the host, or with a machine on it.
    #[error(transparent)]
    Host(E),
    /// Trouble with a shell.
    #[error(transparent)]
    Shell(TerminalError<P>),
    /// A folder that every machine of the page is given isn't there.
    #[error(transparent)]
    Folder(BringError<E>),
    /// What a step of the page brings isn't there.
    #[error("{file}:{line}: {source}")]
    Step {
        file: String,
        line: usize,
        source: BringError<E>,
    },
    /// The engine inside doesn't tell its networks.
    #[error("the machine's engine could not be asked for its networks: {said}")]
    NotAsked { said: String },
    /// What it tells isn't what is asked for.
    #[error("the machine's engine gave an answer that can't be read: {source}")]
    Unread { source: AnswerError },
}

/// Why a file or a folder isn't brought into a machine.
#[derive(Debug, thiserror::Error)]
pub enum BringError<E: Error + 'static> {
    /// Trouble with the machine.
    #[error(transparent)]
    Host(E),
    /// It can't be packed here.
    #[error("can't pack `{name}`: {source}")]
    NotPacked {
        /// Its name.
        name: String,
        /// Why.
        source: io::Error,
    },
    /// It can't be unpacked there.
    #[error("can't put `{name}` into the machine: {said}")]
    NotUnpacked {
        /// Its name.
        name: String,
        /// What was said there.
        said: String,
    },
}

/// What is wrong with an engine's answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AnswerError {
    #[error("an answer is missing")]
    Missing,
    #[error(transparent)]
    Malformed(#[from] serde_json::Error),
}

/// Why a page on the host `H` can't be run to its end.
pub(crate) type Trouble<H> = PageError<<H as Host>::Error, <<H as Host>::Place as Place>::Error>;

impl<E: MayBeLost, P: MayBeLost> MayBeLost for PageError<E, P> {
    fn is_lost(&self) -> bool {
        match self {
            Self::Host(error) => error.is_lost(),
            Self::Shell(TerminalError::Place(error)) => error.is_lost(),
            Self::Folder(error) | Self::Step { source: error, .. } => error.is_lost(),
            Self::Shell(_) | Self::NotAsked { .. } | Self::Unread { .. } => false,
        }
    }
}

impl<E: MayBeLost> MayBeLost for BringError<E> {
    fn is_lost(&self) -> bool {
        match self {
            Self::Host(error) => error.is_lost(),
            Self::NotPacked { .. } | Self::NotUnpacked { .. } => false,
        }
    }
}
