//! One command of a session.

use std::sync::Arc;

use seaworthy_blocks::Line;
use seaworthy_words::Script;

use crate::{Program, keys};

/// A command as the author wrote it, and what it is said to print; or keys that are pressed, and what
/// is said to be printed then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The prompt before the first line, its blank included: `$ `. Empty for keys on a line of their own.
    pub prompt: String,
    /// The programs that are open, outermost first; none in the page's shell.
    pub inside: Vec<Arc<Program>>,
    /// What is typed, line by line; at least one.
    pub typed: Vec<TypedLine>,
    /// What is typed, as a shell reads it; nothing as long as it isn't complete.
    pub script: Script,
    /// What is printed, line by line; empty if nothing is shown.
    pub output: Vec<Line>,
    /// Whether there is anything to run: false for blanks and comments.
    pub runs: bool,
    /// What is typed is one line of keys, such as `^C`.
    pub keys: bool,
    /// What the page goes on with.
    pub then: Then,
}

/// What the page shows that comes after a command and what it prints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Then {
    /// The prompt of the same program.
    #[default]
    Prompt,
    /// The prompt of a program that it opens.
    Opens(Arc<Program>),
    /// A prompt of the program around it, or of one around that: the command ends its own. So many are left open.
    Ends(usize),
    /// Keys are pressed while it runs.
    Keys,
    /// Nothing: the page ends here.
    Nothing,
}

/// One typed line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedLine {
    /// The continuation prompt that the author wrote before it; empty on the first line or if there is none.
    pub continuation: String,
    /// The line without prompt and newline, and where it stands.
    pub line: Line,
}

impl Command {
    /// What is typed, its lines joined by newlines.
    #[must_use]
    pub fn text(&self) -> String {
        let lines: Vec<_> = self.typed.iter().map(|t| t.line.text.as_str()).collect();
        lines.join("\n")
    }

    /// The bytes that the keys send; nothing for a command.
    #[must_use]
    pub fn pressed(&self) -> Vec<u8> {
        let line = self.typed.first().filter(|_| self.keys);
        line.and_then(|typed| keys::bytes(&typed.line.text))
            .unwrap_or_default()
    }

    /// The program that it is typed into; `None` for the page's shell.
    #[must_use]
    pub fn program(&self) -> Option<&Arc<Program>> {
        self.inside.last()
    }

    /// Whether a shell reads it: the page's, or one inside.
    #[must_use]
    pub fn is_shell(&self) -> bool {
        !self.keys && self.program().is_none_or(|p| p.is_shell())
    }

    /// Where the first typed line begins in the chapter.
    #[must_use]
    pub fn start(&self) -> usize {
        self.typed.first().map_or(0, |t| t.line.start)
    }

    /// Whether the author shows output that says something: neither blank nor `...` or `<snip>`.
    #[must_use]
    pub fn says(&self) -> bool {
        let mut lines = self.output.iter().map(|line| line.text.trim());
        lines.any(|line| !matches!(line, "" | "..." | "<snip>"))
    }

    /// Whether the author shows any output.
    #[must_use]
    pub fn prints(&self) -> bool {
        self.output.iter().any(|line| !line.text.trim().is_empty())
    }
}
