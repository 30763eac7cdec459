//! What is said of a command that the terminal has no end of.

use std::error::Error;
use std::time::Duration;

use seaworthy_page::show_size;
use seaworthy_report::FailureCode;

use super::verdict::Complaint;
use seaworthy_terminal::TerminalError;

/// The lines that are kept of an output that was too long.
const FIRST_LINES: usize = 20;

/// What a terminal's error says about a command that had `limit`, and what was printed before.
pub(super) fn told(error: TerminalError<impl Error>, limit: Duration) -> (String, Complaint) {
    let message = error.to_string();
    match error {
        TerminalError::TimedOut { doing, output, .. } => (
            output,
            Complaint::new(
                FailureCode::TimedOut,
                format!("did not end within {} s: {doing}", limit.as_secs_f64()),
                "let it end by itself, run it in the background with `&`, or give it more time, as in `timeout=5m`",
            ),
        ),
        TerminalError::Incomplete { output, .. } => (
            output,
            Complaint::new(
                FailureCode::IncompleteCommand,
                "the rest of this command is waited for",
                "complete it on the lines that follow",
            ),
        ),
        TerminalError::ShellEnded { code, output } => (
            output,
            Complaint::new(
                FailureCode::ShellEnded,
                format!("ended the page's shell, with exit code {code}"),
                "what follows on the page has no shell: put it into a subshell, as in `( exit 3 )`",
            ),
        ),
        TerminalError::TooMuchOutput { limit, output, .. } => (
            // Its beginning says what it is; no one reads the rest.
            output
                .lines()
                .take(FIRST_LINES)
                .collect::<Vec<_>>()
                .join("\n"),
            Complaint::new(
                FailureCode::TooMuchOutput,
                format!("printed more than {}", show_size(limit as u64)),
                "print less: pipe it through `head` or `grep`; or raise `output` in book.toml",
            ),
        ),
        TerminalError::NoAnswer { output, .. } => (
            output,
            Complaint::new(
                FailureCode::NoAnswer,
                message,
                "the page shows the prompt of another program: say its prompt, as in `opens=\"db> \"`",
            ),
        ),
        TerminalError::Replaced { program } => {
            let help =
                format!("type `{program}` without `exec`, and show the prompt that it prints");
            (
                String::new(),
                Complaint::new(FailureCode::ShellReplaced, message, help),
            )
        }
        TerminalError::MachineGone { output, .. } => (
            output,
            Complaint::new(FailureCode::MachineGone, message, ""),
        ),
        TerminalError::NotRun { output } => (
            output,
            Complaint::new(FailureCode::RefusedByShell, message, ""),
        ),
        TerminalError::Surplus { output, .. } => (
            output,
            Complaint::new(FailureCode::SurplusLines, message, ""),
        ),
        TerminalError::LineTooLong { .. } => (
            String::new(),
            Complaint::new(FailureCode::LineTooLong, message, ""),
        ),
        TerminalError::Lost { .. } | TerminalError::NotOpened { .. } => (
            String::new(),
            Complaint::new(FailureCode::ShellLost, message, ""),
        ),
        TerminalError::Place(_) => (
            String::new(),
            Complaint::new(FailureCode::MachineGone, message, ""),
        ),
    }
}
