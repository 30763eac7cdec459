//! What an author printed.

use seaworthy_console::Command;
use seaworthy_page::{Page, SessionStep};
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

impl<'a> Expected<'a> {
    /// What a command of the session `step` should print; `lines` are its [`printed_lines`].
    #[must_use]
    pub fn of(step: &'a SessionStep, command: &'a Command, lines: &'a [Line<'a>]) -> Self {
        Self {
            command: &command.script,
            lines,
            mode: if step.attributes.exact {
                Mode::Exact
            } else {
                Mode::Docker
            },
            unordered: step.attributes.unordered,
            varies: &step.attributes.varies,
        }
    }
}

/// The lines that the author printed under a command of `page`, each with its number in the author's file.
#[must_use]
pub fn printed_lines<'c>(page: &Page, command: &'c Command) -> Vec<Line<'c>> {
    let lines = command.output.iter();
    lines
        .map(|line| Line {
            text: &line.text,
            at: u32::try_from(page.source.place(line.start).line).unwrap_or(u32::MAX),
        })
        .collect()
}
