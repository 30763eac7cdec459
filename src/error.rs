//! What keeps a command from doing its work, and how a person is told.
//!
//! Enter at [`CommandError`]: [`crate::exit`] gives each of its variants an exit code.

use std::fmt::Display;
use std::io;
use std::path::PathBuf;

use mdbook_seaworthy::Faults;
use seaworthy_machine::MachineError;
use seaworthy_machine::engine::EngineError;

/// What a command comes to.
pub type Result<T, E = CommandError> = std::result::Result<T, E>;

/// What kept a command from doing its work.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The caller can mend it.
    #[error(transparent)]
    Usage(#[from] Usage),
    /// The book is malformed.
    #[error(transparent)]
    Faults(#[from] Faults),
    /// There was nothing to run, or nothing was run.
    #[error(transparent)]
    NothingRun(#[from] NothingRun),
    /// No engine, or one that refuses.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// No machine, or trouble with a run.
    #[error(transparent)]
    Machine(#[from] MachineError),
    /// A check that ended before its pages did.
    #[error(transparent)]
    Unfinished(#[from] Unfinished),
    /// A file that couldn't be written.
    #[error(transparent)]
    Unwritten(#[from] Unwritten),
    /// The system refused something.
    #[error(transparent)]
    System(#[from] SystemError),
}

impl CommandError {
    /// What a person is told, with colours if `styled`.
    #[must_use]
    pub fn told(&self, styled: bool) -> String {
        match self {
            Self::Faults(faults) => crate::output::ours(&faults.render(styled)),
            Self::Usage(_)
            | Self::NothingRun(_)
            | Self::Engine(_)
            | Self::Machine(_)
            | Self::Unfinished(_)
            | Self::Unwritten(_)
            | Self::System(_) => format!("error: {self}"),
        }
    }
}

/// What the caller can mend: a wrong name, a setting that can't be used, a file that can't be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// Nothing was run.
#[derive(Debug, thiserror::Error)]
#[error("{0}; `--allow-nothing-run` lets that pass")]
pub struct NothingRun(String);

impl NothingRun {
    /// There is nothing to run.
    pub(crate) fn nothing_there() -> Self {
        let why = "nothing to run: no `console` session here that isn't marked `no_run`, and no diagram with `verify`";
        Self(why.to_owned())
    }

    /// Of none of these pages anything was run.
    pub(crate) fn of(files: &[String]) -> Self {
        let files: Vec<_> = files.iter().map(|file| format!("`{file}`")).collect();
        let files = files.join(", ");
        Self(format!(
            "nothing was run of {files}: the sessions above are marked `no_run`, or meant for other versions of Docker Engine"
        ))
    }
}

/// The check couldn't be finished, which says nothing of the pages that were left.
#[derive(Debug, thiserror::Error)]
#[error(
    "the check could not be finished: {0}; pages that were not run to their end are left unverified"
)]
pub struct Unfinished(pub String);

/// A file that couldn't be written.
#[derive(Debug, thiserror::Error)]
#[error("can't write `{}`: {why}", path.display())]
pub struct Unwritten {
    /// The file.
    pub path: PathBuf,
    /// What the system said.
    pub why: io::Error,
}

/// The system refused something that nobody can foresee, such as a full disk.
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {why}")]
pub struct SystemError {
    /// What can't be done, in words.
    pub doing: String,
    /// What was said.
    pub why: String,
}

/// Says what an error of another kind means for the command.
pub(crate) trait Explain<T> {
    /// The caller can mend it; `what` is wrong.
    fn or_usage(self, what: impl FnOnce() -> String) -> Result<T, Usage>;

    /// The system refuses; `doing` is what can't be done.
    fn or_system(self, doing: impl FnOnce() -> String) -> Result<T, SystemError>;
}

impl<T, E: Display> Explain<T> for std::result::Result<T, E> {
    fn or_usage(self, what: impl FnOnce() -> String) -> Result<T, Usage> {
        // mdBook's errors tell their causes only when they are asked for.
        self.map_err(|why| Usage(format!("{}: {why:#}", what())))
    }

    fn or_system(self, doing: impl FnOnce() -> String) -> Result<T, SystemError> {
        self.map_err(|why| SystemError {
            doing: doing(),
            why: format!("{why:#}"),
        })
    }
}
