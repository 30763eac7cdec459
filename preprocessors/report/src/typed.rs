//! Commands: those that hold, with how long each took and what the page leaves out of what it printed; and those that
//! couldn't be tried.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A command that was typed and holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Typed {
    /// Which command of the session it is, as written: 0 is the first. Blanks and comments count.
    pub command: usize,
    /// The author's line.
    pub line: usize,
    /// How long it took; if it was repeated, until it held.
    pub seconds: f64,
    /// Where the page leaves out fields of the JSON that it printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
}

/// A place in the output that a page shows, where more was printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeftOut {
    /// The line of the shown output: 0 is the first.
    pub line: usize,
    /// After how many bytes of that line.
    pub column: usize,
}

/// A command that couldn't be tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NotReached {
    /// The author's line.
    pub line: usize,
    /// The command as it is written.
    pub command: String,
    /// What stopped it: the line that doesn't hold.
    pub reason: String,
}

impl fmt::Display for NotReached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = self.command.lines();
        let first = lines.next().unwrap_or_default();
        let more = if lines.next().is_some() { " …" } else { "" };
        write!(f, "line {}, `{first}{more}`: {}", self.line, self.reason)
    }
}
