//! How the program ends: exit codes are part of its interface.

use mdbook_seaworthy::Faults;

use crate::commands::check::NothingRun;
use seaworthy_machine::engine::{self, EngineError};
use seaworthy_machine::{MachineError, MachineKind};

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

/// What the caller can mend: a wrong name, a setting that can't be used, a file that can't be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// The code for an error that ended a command. One that nobody foresaw kept the command from finishing.
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
    if error.is::<NothingRun>() {
        return Exit::NothingRun;
    }
    if error.is::<Usage>() || error.is::<Faults>() {
        return Exit::Usage;
    }
    Exit::Unfinished
}

fn of_engine(kind: engine::Kind) -> Exit {
    match kind {
        engine::Kind::NoEngine | engine::Kind::Unsupported => Exit::NoEngine,
        engine::Kind::NoImage => Exit::Fails,
        _ => Exit::Unfinished,
    }
}
