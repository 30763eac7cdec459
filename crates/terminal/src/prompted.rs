//! Programs without marks: their prompt on the last line, and quiet after it, say that they wait.

use std::time::Duration;

use seaworthy_console::Program;

use super::capture::Capture;
use super::screen::render;

/// How long nothing may come after a prompt for it to be one. Text that only looks like it, followed by a
/// pause, is taken for one as well: hence [`LONG_QUIET`].
pub const QUIET: Duration = Duration::from_millis(150);
/// The same where what the author shows hasn't been printed yet.
pub const LONG_QUIET: Duration = Duration::from_secs(2);

/// The last line that was printed, without its end, as a terminal shows it.
pub(super) fn last_line(capture: &Capture) -> String {
    let printed = &capture.output;
    let start = printed.iter().rposition(|byte| *byte == b'\n');
    render(&printed[start.map_or(0, |at| at + 1)..], &[])
}

/// Whether `program` waits: for a command, or for a further line of one.
pub(super) fn waits(program: &Program, capture: &Capture) -> Option<Waiting> {
    waiting(program, &last_line(capture))
}

/// Whether `program` waits, as its last line says that is shown.
#[must_use]
pub fn waiting(program: &Program, line: &str) -> Option<Waiting> {
    if program.prompt_at_end(line).is_some() {
        return Some(Waiting::Command);
    }
    program.continues(line).then_some(Waiting::Line)
}

/// What a program waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// For a further line of a command.
    Line,
    /// For a command.
    Command,
}

/// What `program` printed after these lines were typed, without their echo and its prompt at the end.
#[must_use]
pub fn without_dialogue(program: &Program, printed: &str, typed: &[&str]) -> String {
    let mut text = printed;
    for line in typed {
        let Some((first, rest)) = text.split_once('\n') else {
            break;
        };
        // A program that edits lines itself may draw its prompt again.
        let drawn = first
            .strip_suffix(line.trim_end())
            .or_else(|| first.trim_end().strip_suffix(line.trim_end()));
        let is_echo = drawn.is_some_and(|before| {
            before.is_empty()
                || program.prompt_at_end(before) == Some(0)
                || program.continues(before)
        });
        if !is_echo {
            break;
        }
        text = rest;
    }
    without_prompt(program, text).to_owned()
}

/// `text` without the program's prompt at its end.
#[must_use]
pub fn without_prompt<'a>(program: &Program, text: &'a str) -> &'a str {
    let start = text.rfind('\n').map_or(0, |at| at + 1);
    match program.prompt_at_end(&text[start..]) {
        Some(at) => &text[..start + at],
        None => text,
    }
}

/// The exit code of a program that has none: 1 if it says that there is an error.
pub(super) fn code(program: &Program, output: &str) -> i32 {
    let mut lines = output.lines();
    i32::from(lines.any(|line| program.interpreter.is_error(line)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use seaworthy_console::{Interpreter, Other, Prompt, interpreter};

    fn program(interpreter: &'static dyn Interpreter, prompt: Prompt) -> Program {
        Program {
            name: "p".into(),
            interpreter,
            prompt: Some(prompt),
            detaches: false,
            silent: false,
        }
    }

    fn mysql() -> Program {
        let mysql = interpreter("mysql", &[]).unwrap();
        program(mysql, Prompt::Of(mysql))
    }

    #[test]
    fn what_was_printed() {
        let mysql = mysql();
        let other = program(&Other, Prompt::Text("db> ".into()));
        for (program, typed, printed, left) in [
            (&other, &["get a"][..], "get a\n1\ndb> ", "1\n"),
            (&other, &["get a"], "1\ndb> ", "1\n"),
            (&other, &["get a"], "1db> ", "1"),
            (&other, &["say get a"], "get a\ndb> ", "get a\n"),
            (&other, &["get a"], "db> get a\n1\ndb> ", "1\n"),
            (&other, &["get a"], "I get a\ndb> ", "I get a\n"),
            (
                &mysql,
                &["select 1", "from t;"],
                "select 1\n    -> from t;\n+---+\nmysql> ",
                "+---+\n",
            ),
        ] {
            assert_eq!(
                without_dialogue(program, printed, typed),
                left,
                "{printed:?}"
            );
        }
    }

    #[test]
    fn errors() {
        let mysql = mysql();
        let other = program(&Other, Prompt::Text("db> ".into()));
        assert_eq!(
            code(&mysql, "ERROR 1046 (3D000): No database selected\n"),
            1
        );
        assert_eq!(code(&mysql, "| ERROR |\n"), 0);
        assert_eq!(code(&other, "ERROR\n"), 0);
    }
}
