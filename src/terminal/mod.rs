//! A page's shell: one interactive bash in a machine, typed into as a person would, that says for each command what
//! it printed and how it ended.
//!
//! Enter with [`Terminal::open`] and [`Terminal::run`]. The shell marks its own prompts with OSC 133, the escape
//! sequences that terminals know for this, and a random number that no output can contain by chance ([`marks`] reads
//! them, [`setup`] has the shell print them). What lies between the marks is what a person would have seen, once
//! [`screen`] has done what a terminal does with escape sequences. When a command doesn't end, [`foreground`] looks
//! at what it is doing.

mod capture;
mod command;
mod error;
mod foreground;
mod interrupt;
mod marks;
mod screen;
mod setup;
mod shell;
mod typing;

pub use command::{Ended, Limits};
pub use error::TerminalError;
pub use shell::{Terminal, TerminalOptions};
