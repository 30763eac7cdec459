//! Fenced blocks of a Markdown text: where they stand, what their fence says, and what is wrong with them.
mod fault;
pub use fault::{Fault, Severity};
