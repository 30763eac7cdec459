//! What can become of a command instead of an ordinary end.

use std::error::Error;

/// The kernel keeps this many bytes of a line that isn't finished, besides the one that finishes it, and drops the
/// rest without a word (N_TTY_BUF_SIZE).
pub(super) const LONGEST_LINE: usize = 4095;

/// Why a command has no output and exit code to compare. `output` is always what was printed until then, as a
/// terminal shows it.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError<E: Error + 'static> {
    /// The command didn't end in time; it was interrupted.
    #[error("the command did not end within {seconds:.0} s: {doing}{}", after(*usable))]
    TimedOut {
        /// The limit.
        seconds: f64,
        /// What the foreground process was doing or waiting for.
        doing: String,
        /// What it had printed.
        output: String,
        /// Whether further commands can be typed.
        usable: bool,
    },
    /// The shell waits for more lines; it was interrupted.
    #[error("the command is incomplete: more lines are waited for{}", after(*usable))]
    Incomplete {
        /// What was printed.
        output: String,
        /// Whether further commands can be typed.
        usable: bool,
    },
    /// The command was complete before its last line, and has been run without the rest.
    #[error("the command is complete before its line {line}; what follows is another command")]
    Surplus {
        /// The first line that was not typed, from 1.
        line: usize,
        /// What was printed.
        output: String,
    },
    /// The command would put a program in the place of the shell that it is typed into; it was not typed.
    #[error(
        "`exec` puts `{program}` in the place of this shell, and what is typed from there on can't be followed"
    )]
    Replaced {
        /// The program.
        program: String,
    },
    /// A program showed its prompt and doesn't answer as such a program does; it was interrupted.
    #[error("its prompt came, and what is typed there isn't answered as by {program}{}", after(*usable))]
    NoAnswer {
        /// What it should be.
        program: &'static str,
        /// What was printed.
        output: String,
        /// Whether further commands can be typed.
        usable: bool,
    },
    /// Bash didn't run the line.
    #[error("bash did not run this line: {}", first_line(output))]
    NotRun {
        /// What bash said.
        output: String,
    },
    /// The command ended the page's shell.
    #[error("the command ended the page's shell, with exit code {code}")]
    ShellEnded {
        /// The shell's exit code; 128 and the signal's number if it was killed.
        code: i64,
        /// What was printed.
        output: String,
    },
    /// The command printed too much; it was interrupted.
    #[error("the command printed more than {limit} bytes{}", after(*usable))]
    TooMuchOutput {
        /// The limit in bytes.
        limit: usize,
        /// The beginning of what was printed.
        output: String,
        /// Whether further commands can be typed.
        usable: bool,
    },
    /// The container went away under the shell.
    #[error("the machine is gone: {why}")]
    MachineGone {
        /// How it ended.
        why: String,
        /// What was printed.
        output: String,
    },
    /// A line that a terminal doesn't take.
    #[error(
        "line {line} of the command has {bytes} bytes, and a terminal takes at most {} in a line; \
         break it with a backslash at the end of a line, or put the text into a file",
        LONGEST_LINE
    )]
    LineTooLong {
        /// The line, from 1.
        line: usize,
        /// Its length in bytes.
        bytes: usize,
    },
    /// An earlier command could not be interrupted, or its end was not waited for.
    #[error("the page's shell is lost: {why}")]
    Lost {
        /// Since when.
        why: &'static str,
    },
    /// No shell could be opened.
    #[error("could not open a shell in the machine: {why}")]
    NotOpened {
        /// What was seen.
        why: String,
    },
    /// Trouble with the place in which the shell runs.
    #[error(transparent)]
    Place(E),
}

fn after(usable: bool) -> &'static str {
    if usable {
        "; it was interrupted"
    } else {
        "; it could not be interrupted, the page's shell is lost"
    }
}

fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or("it said nothing")
}
