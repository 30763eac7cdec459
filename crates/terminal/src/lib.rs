//! A page's shell: one interactive bash in a machine, typed into as a person would, that says for each command what
//! it printed and how it ended.
//!
//! Enter with [`Terminal::open`] and [`Terminal::run`]. The shell marks its own prompts with OSC 133, the escape
//! sequences that terminals know for this, and a random number that no output can contain by chance ([`marks`] reads
//! them, [`setup`] has the shell print them). What lies between the marks is what a person would have seen, once
//! [`screen`] has done what a terminal does with escape sequences. When a command doesn't end, [`foreground`] looks
//! at what it is doing.
//!
//! A command may open a program that is typed into then ([`opening`]). Shells and Python are made to print marks with
//! a number of their own; of others, the prompt and quiet after it must do ([`prompted`]). [`levels`] are those that
//! are open: a mark of an outer one says that the inner ones are gone.
//!
//! A person may type into a shell as well ([`Terminal::live`]): what it shows is passed on as it comes, and its marks say
//! which line it runs, and when that has ended.
//!
//! Where the shell runs is the business of a [`Place`].

mod capture;
mod cells;
mod command;
mod drive;
mod error;
mod foreground;
mod interrupt;
mod leave;
mod levels;
mod live;
mod marks;
mod opening;
mod options;
mod place;
mod prompted;
mod request;
mod screen;
mod setup;
mod shell;
mod token;
mod typing;
mod wait;

pub use error::TerminalError;
pub use live::{LiveOutput, LiveShell, Said};
pub use options::TerminalOptions;
pub use place::{End, LivePlace, Opened, Place, Ran};
pub use prompted::{LONG_QUIET, QUIET, Waiting, waiting, without_dialogue, without_prompt};
pub use request::{Ended, Goal, Input, Limits, Shown};
pub use shell::Terminal;
pub use token::token;
pub use typing::{encode_line, without_key_echo};
