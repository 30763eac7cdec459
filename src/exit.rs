//! How the program ends: exit codes are part of its interface.

use crate::commands::Unwritten;
use crate::commands::check::NothingRun;
use crate::engine::{self, EngineError};
use crate::machine::{MachineError, MachineKind};
use crate::terminal::TerminalError;

/// The exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All holds.
    Holds = 0,
    /// A page doesn't hold.
    Fails = 1,
    /// Wrong usage, or the book is malformed.
    Usage = 2,
    /// No usable engine or machine image.
    NoEngine = 3,
    /// Nothing was run.
    NothingRun = 4,
    /// The check couldn't finish.
    Unfinished = 5,
    /// Interrupted by a signal.
    Interrupted = 130,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// The code for an error that ended a command.
#[must_use]
pub fn of_error(error: &anyhow::Error) -> Exit {
    if let Some(error) = error.downcast_ref::<MachineError>() {
        return match error.kind() {
            MachineKind::NoMachineImage | MachineKind::Refused => Exit::NoEngine,
            MachineKind::Engine(kind) => of_engine(kind),
            _ => Exit::Unfinished,
        };
    }
    if let Some(error) = error.downcast_ref::<EngineError>() {
        return of_engine(error.kind());
    }
    if let Some(TerminalError::Engine(error)) = error.downcast_ref::<TerminalError>() {
        return of_engine(error.kind());
    }
    if error.is::<Unwritten>() || error.is::<TerminalError>() {
        return Exit::Unfinished;
    }
    if error.is::<NothingRun>() {
        return Exit::NothingRun;
    }
    // Faults of the book, a wrong name: what the caller can mend.
    Exit::Usage
}

fn of_engine(kind: engine::Kind) -> Exit {
    match kind {
        engine::Kind::NoEngine | engine::Kind::Unsupported => Exit::NoEngine,
        engine::Kind::NoImage => Exit::Fails,
        _ => Exit::Unfinished,
    }
}
