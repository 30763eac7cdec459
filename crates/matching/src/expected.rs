//! What an author printed.

use seaworthy_words::Script;

/// One line that the author printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The line, without its end.
    pub text: &'a str,
    /// The caller's number of the line, which comes back where it is spoken of.
    pub at: u32,
}

/// How strictly the output is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// By all rules.
    #[default]
    Docker,
    /// Byte by byte.
    Exact,
}

/// What the author printed under a command.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The command as the author typed it.
    pub command: &'a Script,
    /// The lines under it, without prompts.
    pub lines: &'a [Line<'a>],
    /// How strictly they are compared.
    pub mode: Mode,
    /// Whether the lines, and the elements of lists in JSON, may come in any order.
    pub unordered: bool,
    /// Values among the lines that differ from run to run, as printed: others of their kind will do.
    pub varies: &'a [String],
}
