//! Which lines belong to one command: a program's own rule, and its prompt for further lines.

use seaworthy_words::Script;

use crate::Program;
use crate::program::{Interpreter, Statement, page_shell};

/// A command as far as it has been read, and the program that it is typed into.
#[derive(Debug)]
pub(crate) struct Syntax {
    interpreter: &'static dyn Interpreter,
    statement: Box<dyn Statement>,
}

impl Syntax {
    /// Of the program, or of the page's shell.
    pub(crate) fn of(program: Option<&Program>) -> Self {
        let interpreter = program.map_or(page_shell(), |program| program.interpreter);
        Self {
            interpreter,
            statement: interpreter.statement(),
        }
    }

    /// Reads one more line, without prompt and newline.
    pub(crate) fn feed(&mut self, line: &str) {
        self.statement.feed(line);
    }

    /// Whether there is nothing to run.
    pub(crate) fn is_blank(&self) -> bool {
        self.statement.is_blank()
    }

    /// The text that has been read, `text`, as a shell understands it. A shell has done so by now.
    pub(crate) fn script(self, text: &str) -> Script {
        self.statement.script(text)
    }

    /// What an incomplete command still lacks, in words; `None` if it is complete.
    pub(crate) fn missing(&self) -> Option<String> {
        self.statement.missing()
    }

    /// The length of the prompt for a further line at the beginning of `line`.
    pub(crate) fn continuation(&self, line: &str) -> Option<usize> {
        self.interpreter.continuation(line)
    }

    /// The prompt for a further line, for messages.
    pub(crate) fn continuation_name(&self) -> &'static str {
        self.interpreter.continuation_name()
    }
}
