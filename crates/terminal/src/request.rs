//! What is asked of a terminal, and what it answers.

use std::sync::Arc;
use std::time::Duration;

use seaworthy_console::Program;

/// How long a command may take, and how much it may print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From typing its first line to the next prompt.
    pub time: Duration,
    /// In bytes, as printed.
    pub output_bytes: usize,
}

impl Default for Limits {
    /// A minute, 10 MB.
    fn default() -> Self {
        Limits {
            time: Duration::from_secs(60),
            output_bytes: 10_000_000,
        }
    }
}

/// What is typed.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// The lines of a command. Each waits until it is asked for.
    Lines(&'a [&'a str]),
    /// Keys, as the bytes that they send.
    Keys(&'a [u8]),
}

/// What is waited for.
#[derive(Clone, Copy, Debug)]
pub enum Goal<'a> {
    /// The next prompt, of whichever program.
    Prompt,
    /// The prompt of the program that is opened.
    Open(&'a Arc<Program>),
    /// That so many programs are open, and no more.
    Left(usize),
    /// That keys can be pressed: what is shown before them was printed.
    Keys,
}

/// Says whether what was printed so far is what is shown; `None` if nothing is shown.
pub type Shown<'a> = Option<&'a mut (dyn FnMut(&str) -> bool + Send)>;

/// A command that came to its end, or as far as was waited for.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// What it printed, as a terminal shows it (lines end in `\n`, no escape sequences).
    pub output: String,
    /// Its exit code. If it opened a program or still runs, 0; in a program without exit codes 0, or 1 for an error
    /// that it reports. If it ended its program, that of the command that had opened it.
    pub exit: i32,
    /// What was printed since the command before and before this one began: output of background jobs. While a
    /// command runs, theirs can't be told from its own.
    pub late: String,
    /// From typing it to the next prompt.
    pub seconds: f64,
}
