//! One command of a session.

use seaworthy_blocks::Line;

/// A command as the author wrote it, and what it is said to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The prompt before the first line, its blank included: `$ `.
    pub prompt: String,
    /// What is typed, line by line; at least one.
    pub typed: Vec<TypedLine>,
    /// What is printed, line by line; empty if nothing is shown.
    pub output: Vec<Line>,
    /// Whether bash has anything to run: false for blanks and comments.
    pub runs: bool,
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
