//! Programs inside a session: which are known, which commands open one, and what ends it.

mod interpreter;
mod mysql;
mod opening;
mod other;
mod psql;
mod python;
mod redis;
mod registry;
mod shell;
mod sqlite;
mod statements;

use seaworthy_words::Script;

pub use interpreter::{Interpreter, Statement};
pub(crate) use opening::Opening;
pub use opening::replaces_shell;
pub use other::Other;
pub(crate) use registry::KNOWN;
pub use registry::{interpreter, interpreters};
pub use shell::exit_code;

use crate::Prompt;

/// The page's own shell.
pub(crate) fn page_shell() -> &'static dyn Interpreter {
    &shell::Shell
}

/// A program that a command opened and that commands are typed into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// How a message names it: `web's sh`, `python3`.
    pub name: String,
    /// What understands the typed lines.
    pub interpreter: &'static dyn Interpreter,
    /// The shape of its prompt; `None` as long as none was printed.
    pub prompt: Option<Prompt>,
    /// `^P^Q` leaves it running: it runs on the terminal of a container.
    pub detaches: bool,
    /// It may show no prompt before Enter is pressed: `docker attach`.
    pub silent: bool,
}

impl Program {
    /// Whether a Bourne shell reads what is typed.
    #[must_use]
    pub fn is_shell(&self) -> bool {
        self.interpreter.is_shell()
    }

    /// Where its prompt begins in `line`, the last that it shows, if it waits there for a command.
    #[must_use]
    pub fn prompt_at_end(&self, line: &str) -> Option<usize> {
        if let Some(prompt) = &self.prompt {
            return prompt.at_end(line);
        }
        // Whichever prompt it has, on a line of its own.
        let shown = self.interpreter.prompt(line).map(|(_, length)| length);
        (line.ends_with(' ') && shown == Some(line.len())).then_some(0)
    }

    /// Whether `line`, the last that it shows, asks for a further line of a statement.
    #[must_use]
    pub fn continues(&self, line: &str) -> bool {
        line.ends_with(' ') && self.interpreter.continuation(line) == Some(line.len())
    }

    /// Whether what is typed into it ends it.
    #[must_use]
    pub fn ends_with(&self, typed: &Script) -> bool {
        self.interpreter.is_ended_by(typed)
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod trials;
