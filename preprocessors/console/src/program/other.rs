//! Programs of which only the prompt is known, because the author says it.

use seaworthy_words::Script;

use super::statements::{OneLine, bare};
use super::{Interpreter, Statement};
use crate::Prompt;

/// Any such program; it isn't in the registry, since nothing tells that it is one.
#[derive(Debug)]
pub struct Other;

impl Interpreter for Other {
    fn name(&self) -> &'static str {
        "a program"
    }

    fn is_opened_by(&self, _command: &str, _arguments: &[&str]) -> bool {
        false
    }

    fn prompt(&self, _line: &str) -> Option<(Prompt, usize)> {
        None
    }

    fn statement(&self) -> Box<dyn Statement> {
        OneLine::begin()
    }

    /// By whatever programs end by.
    fn is_ended_by(&self, typed: &Script) -> bool {
        matches!(
            bare(typed.text()),
            "exit" | "quit" | "\\q" | ".exit" | ".quit" | ":q"
        )
    }
}
