//! What came of a session, and a failure in it.

use serde::{Deserialize, Serialize};

use crate::{DiffLine, FailureCode, NotReached, Status, Typed};

/// One session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Session {
    /// Names the session in the book and on the site.
    pub id: String,
    /// Hashes everything that is run on the page up to and including this session.
    pub fingerprint: String,
    /// The file that holds the session, if it is included from another than the page's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line of its fence.
    pub line: usize,
    /// Its turn among the page's sessions and diagrams as a check tells them, which is the order in which they were judged:
    /// 0 is the first.
    pub turn: usize,
    /// The machine that runs it, where the page names its machines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// What came of it.
    pub status: Status,
    /// How long it took.
    pub seconds: f64,
    /// How many commands were typed.
    pub commands: usize,
    /// What is known of those that hold, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub typed: Vec<Typed>,
    /// Whether it is run and not shown.
    #[serde(default, skip_serializing_if = "crate::is_false")]
    pub hidden: bool,
    /// Printed values that its author frees, so that any of their kind will do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub varies: Vec<String>,
    /// The claim that it proves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proves: Option<String>,
    /// What the claim rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rests_on: Option<Ground>,
    /// How its last command was repeated, if it didn't hold at the first try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retried: Option<Retried>,
    /// Why it wasn't run, or failed, in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What is worth knowing of a session that holds, such as an exit code that the page shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What exactly failed, first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// What failed after that, where the check went on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<Failure>,
    /// Its commands that weren't reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_reached: Vec<NotReached>,
}

impl Session {
    /// All that failed, in order.
    pub fn failures(&self) -> impl Iterator<Item = &Failure> {
        self.failure.iter().chain(&self.further)
    }
}

/// What of a session could have come out otherwise, so that it proves something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// What its last command prints.
    Output,
    /// The exit code that the author demands.
    Exit,
    /// Its last command has to fail.
    Failure,
    /// Its last command is there to test something, as `grep -q` is.
    Test,
    /// It checks an exercise, and fails before the solution.
    Check,
    /// Nothing but that no command failed.
    Nothing,
}

/// How the last command of a session was repeated until it held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Retried {
    /// How often it was run, the last time included: at least 2.
    pub tries: usize,
    /// How many different outputs it had.
    pub outputs: usize,
}

impl Retried {
    /// As it is told: `the fourth try`, `try 12`.
    #[must_use]
    pub fn at(&self) -> String {
        let names = [
            "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
        ];
        match self.tries.checked_sub(2).and_then(|at| names.get(at)) {
            Some(name) => format!("the {name} try"),
            None => format!("try {}", self.tries),
        }
    }
}

/// A failure, with all that is needed to understand it without running it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Failure {
    /// What kind of failure it is.
    pub code: FailureCode,
    /// The file that holds the line.
    pub file: String,
    /// The author's line: that of the printed line that doesn't hold, else of the command.
    pub line: usize,
    /// The command as it was typed.
    pub command: String,
    /// Its exit code, if it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<i32>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
    /// What the author says is printed.
    pub expected: String,
    /// What was printed.
    pub actual: String,
    /// Both, line by line, where it is what was printed that doesn't hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diff: Vec<DiffLine>,
    /// What the machine looked like: its containers and networks.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub machine: String,
    /// The command that runs the page alone.
    pub rerun: String,
}
