//! All that the program prints: results on stdout, everything else on stderr.
//!
//! Printing never panics. A reader who has seen enough and closed the pipe (`| head`) ends nothing: what is still printed
//! goes nowhere, and the command does its work to the end. Any other trouble with stdout is kept, and [`finish`] gives it,
//! since a result that nobody got is no result.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::sync::{Mutex, PoisonError};

/// The first trouble with stdout.
static TROUBLE: Mutex<Option<io::Error>> = Mutex::new(None);

/// What was printed didn't get anywhere.
#[derive(Debug, thiserror::Error)]
#[error("can't write to standard output: {0}")]
pub struct Unprinted(io::Error);

/// Prints on stdout, without colours if it is no terminal.
pub fn out(text: Arguments<'_>) {
    keep(anstream::stdout().write_fmt(text));
}

/// Prints on stderr, without colours if it is no terminal. If that fails, there is nobody left to be told; the exit code
/// says the rest.
pub fn err(text: Arguments<'_>) {
    let _ = anstream::stderr().write_fmt(text);
}

/// To be called when everything is printed.
///
/// # Errors
/// If some of it wasn't, although someone waits for it.
pub fn finish() -> Result<(), Unprinted> {
    keep(io::stdout().flush());
    let trouble = TROUBLE
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    match trouble {
        Some(error) if error.kind() != ErrorKind::BrokenPipe => Err(Unprinted(error)),
        _ => Ok(()),
    }
}

fn keep(written: io::Result<()>) {
    if let Err(error) = written {
        let mut trouble = TROUBLE.lock().unwrap_or_else(PoisonError::into_inner);
        trouble.get_or_insert(error);
    }
}

/// Prints on stdout.
#[macro_export]
macro_rules! out {
    ($($text:tt)*) => { $crate::output::out(format_args!($($text)*)) };
}

/// Prints a line on stdout.
#[macro_export]
macro_rules! outln {
    () => { $crate::output::out(format_args!("\n")) };
    ($($text:tt)*) => { $crate::output::out(format_args!("{}\n", format_args!($($text)*))) };
}

/// Prints a line on stderr.
#[macro_export]
macro_rules! errln {
    ($($text:tt)*) => { $crate::output::err(format_args!("{}\n", format_args!($($text)*))) };
}
