//! A console session: from the lines of a fenced block to typed commands with their printed output.
//!
//! Enter at [`Session::parse_in`]. A *session* is what an author writes; nothing here
//! runs anything. Commands may open programs, which are typed into then ([`program`](Program)); which are open
//! is known from session to session ([`Programs`]). What is known of one stands in a file below `program`
//! ([`Interpreter`]).

mod command;
mod keys;
mod program;
mod programs;
mod prompt;
mod reader;
mod session;
mod syntax;

pub use command::{Command, Then, TypedLine};
pub use program::{
    Interpreter, Other, Program, Statement, exit_code, interpreter, interpreters, replaces_shell,
};
pub use programs::Programs;
pub use prompt::Prompt;
pub use reader::LONGEST_LINE;
pub use session::Session;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
