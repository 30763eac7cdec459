//! The codes of failures: short words that stay, by which programs and people tell kinds of failures apart.

use serde::{Deserialize, Serialize};
use strum::VariantArray;

/// What kind of failure it is. A code keeps its meaning; codes are added.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::Display,
    strum::IntoStaticStr,
    VariantArray,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum FailureCode {
    /// What was printed is something else than what the page shows.
    WrongOutput,
    /// A printed line looks like a command without its prompt.
    MissingPrompt,
    /// The command failed, and the page doesn't show that it should.
    CommandFailed,
    /// The exit code is another than the page demands.
    WrongExitCode,
    /// The command succeeded, and `should_fail` says that it fails.
    ShouldHaveFailed,
    /// The command couldn't be run at all, which proves no failure.
    CannotRun,
    /// The command failed as `should_fail` says, and nothing that is printed shows that this is the failure that is meant.
    FailureNotShown,
    /// The command didn't end in time.
    TimedOut,
    /// The command printed more than it may.
    TooMuchOutput,
    /// The shell waits for the rest of the command.
    IncompleteCommand,
    /// What is written as one command is more than one.
    SurplusLines,
    /// Bash refused the line.
    RefusedByShell,
    /// A line is longer than a terminal takes.
    LineTooLong,
    /// The command ended the page's shell.
    ShellEnded,
    /// The command would put a program in the place of the shell.
    ShellReplaced,
    /// The page's shell was lost, or couldn't be opened.
    ShellLost,
    /// A program that the page opens doesn't answer at its prompt.
    NoAnswer,
    /// The page types into one program, and another is open.
    WrongProgram,
    /// A program that the page opens didn't open.
    NotOpened,
    /// A program ended, and the page goes on in it.
    EndedTooSoon,
    /// A program still runs, and the page goes on outside of it.
    StillOpen,
    /// The machine is gone, or can't be talked to.
    MachineGone,
    /// An exercise's check holds before its solution.
    CheckHoldsEarly,
    /// An exercise's check can't be run before its solution, so it proves nothing.
    CheckCannotRun,
    /// The engine doesn't look like a diagram.
    DiagramDiffers,
    /// A block is malformed, and wasn't run.
    Malformed,
    /// The page as a whole couldn't be run.
    PageNotRun,
    /// The check of the page couldn't be finished, which says nothing of the page.
    PageUnfinished,
}

impl FailureCode {
    /// All codes.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The code as it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}
