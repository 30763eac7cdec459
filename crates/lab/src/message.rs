//! What a browser and the lab tell each other, beside what is typed and shown: JSON, a message each.

use seaworthy_report::DiffLine;
use serde::{Deserialize, Serialize};

/// What a browser asks for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Ask {
    /// The first message: the token, and the ids of the sessions on the page that is open.
    Hello {
        /// As the lab's address has it.
        token: String,
        /// At least one of them tells which page it is.
        sessions: Vec<String>,
    },
    /// The terminal of a machine has another size.
    Size {
        machine: usize,
        columns: u16,
        rows: u16,
    },
    /// So many bytes more of a machine's terminal were drawn.
    Drawn { bytes: usize },
    /// Run a command.
    Run { session: String, nth: usize },
    /// Run a session's commands, one after the other.
    RunSession { session: String },
    /// A fresh machine, on which all is run that stands above a session.
    Bring { session: String },
    /// A fresh machine.
    StartOver,
    /// No machine.
    Stop,
}

/// What a browser is told.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "tell", rename_all = "snake_case")]
pub(crate) enum Tell {
    /// What there is on the page.
    Page {
        /// The names of its machines.
        machines: Vec<String>,
        /// The commands that can be run.
        commands: Vec<Runnable>,
    },
    /// How its machines are.
    Machines {
        state: MachineState,
        /// Why, or what is done.
        why: String,
    },
    /// Whether this tab is the one whose size counts, and whose terminal answers.
    Lead { lead: bool },
    /// The terminals are to be emptied: what they show comes anew.
    Screen,
    /// What is said of a command.
    Verdict {
        session: String,
        nth: usize,
        #[serde(flatten)]
        verdict: Verdict,
    },
    /// Nothing is said of any command any more.
    Fresh,
    /// Where the learner's values take the place of the author's: all of them.
    Values { values: Vec<Values> },
}

/// How the page's machines are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MachineState {
    Starting,
    Ready,
    Stopped,
}

/// A command that can be run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Runnable {
    pub(crate) session: String,
    pub(crate) nth: usize,
    pub(crate) machine: usize,
}

/// What is said of a command.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Verdict {
    pub(crate) state: State,
    /// In words.
    pub(crate) said: String,
    /// How what was printed differs from the page.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) diff: Vec<DiffLine>,
}

/// How a command stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// It waits for others, or for the machine.
    Waits,
    /// It runs.
    Runs,
    /// As on the page.
    Holds,
    /// It differs from the page.
    Differs,
    /// It was run, and isn't compared.
    NotCompared,
    /// It was not typed.
    NotTyped,
}

impl Verdict {
    pub(crate) fn new(state: State, said: impl Into<String>) -> Self {
        Self {
            state,
            said: said.into(),
            diff: Vec::new(),
        }
    }
}

/// The learner's values in one command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Values {
    pub(crate) session: String,
    pub(crate) nth: usize,
    /// In what is typed.
    pub(crate) typed: Vec<Piece>,
    /// In what is printed.
    pub(crate) printed: Vec<Piece>,
}

/// A value of the author's that a learner's takes the place of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Piece {
    /// From 0.
    pub(crate) line: usize,
    /// In UTF-16 units of the line.
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// The learner's value.
    pub(crate) real: String,
}
