//! Whether one command did what its session says. Pure: no engine, no terminal.

use std::sync::Arc;

use seaworthy_blocks::clipped;
use seaworthy_console::{Command, Program, Then, exit_code};
use seaworthy_page::SessionAttributes;
use seaworthy_report::FailureCode;

use seaworthy_matching::Outcome;

/// What a command's exit code has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Demand {
    /// 0, unless the failure is printed.
    Success,
    /// Just this.
    Code(i32),
    /// Anything that shows that the command itself failed.
    Failure,
    /// 0 or this: the command ends its shell, which ends with the code of the command before.
    Left(i32),
    /// Whatever it is: a program was opened, or keys were pressed.
    Any,
}

impl Demand {
    /// What `attributes` demand of `command`, the last of its session or not; `before` is the exit code of the
    /// command before in the same shell.
    pub(super) fn of(
        attributes: &SessionAttributes,
        last: bool,
        command: &Command,
        before: i32,
    ) -> Self {
        let leaves = |program: &Arc<Program>| program.ends_with(&command.script);
        match attributes.exit {
            Some(code) if last => Self::Code(code),
            _ if last && attributes.should_fail => Self::Failure,
            _ if command.keys || matches!(command.then, Then::Opens(_)) => Self::Any,
            _ if command.program().is_some_and(leaves) => {
                exit_code(&command.script).map_or(Self::Left(before), Self::Left)
            }
            _ => Self::Success,
        }
    }
}

/// Why a command doesn't hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Complaint {
    pub(super) code: FailureCode,
    pub(super) message: String,
    pub(super) help: String,
    /// It is what was printed that is wrong, not how the command ended.
    pub(super) of_output: bool,
}

/// What helps if it is the page that is out of date.
const ACCEPT: &str =
    "if the machine is right, `seaworthy accept` writes what it printed into the page";

impl Complaint {
    pub(super) fn new(
        code: FailureCode,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            code,
            message: message.into(),
            help: help.into(),
            of_output: false,
        }
    }

    /// Says `hints` instead of what helps in general, if there are any.
    pub(super) fn add(&mut self, hints: Vec<String>) {
        if !hints.is_empty() {
            self.help = hints.join("\n  ");
        }
    }
}

/// The most that is told of what a program says of its failure, in characters.
const SAID: usize = 300;

/// Judges a command that ended with `exit`; `prints` says whether the author shows output, and
/// `outcome` how it compares; `said` is the line in which a program says what went wrong. Gives a note that is worth
/// reporting, if any.
pub(super) fn judge(
    demand: Demand,
    exit: i32,
    prints: bool,
    outcome: &Outcome,
    said: Option<&str>,
) -> Result<Option<String>, Complaint> {
    // The command's own failure is the better news: its output differs because of it.
    let note = judge_exit(demand, exit, prints, outcome, said)?;
    if outcome.holds {
        return Ok(note);
    }
    let message = outcome.explanation.clone().unwrap_or_default();
    Err(Complaint {
        of_output: true,
        ..Complaint::new(FailureCode::WrongOutput, message, ACCEPT)
    })
}

/// Judges the exit code alone.
fn judge_exit(
    demand: Demand,
    exit: i32,
    prints: bool,
    outcome: &Outcome,
    said: Option<&str>,
) -> Result<Option<String>, Complaint> {
    let shown = prints && outcome.holds && outcome.literal;
    match demand {
        Demand::Any => Ok(None),
        Demand::Left(code) if exit == 0 || exit == code => Ok(None),
        Demand::Left(code) => Err(Complaint::new(
            FailureCode::WrongExitCode,
            format!("ended its shell with {exit}, not with {code}"),
            "something else ended it; if that is what the page shows, say so, as in `exit=137`",
        )),
        Demand::Success if exit == 0 => Ok(None),
        Demand::Success if shown => Ok(Some(format!(
            "exits with {exit}, as its printed text shows"
        ))),
        Demand::Success => Err(failed(exit, prints, outcome, said)),
        Demand::Code(code) if exit == code => Ok(None),
        Demand::Code(code) => Err(wrong_code(exit, code)),
        Demand::Failure if exit == 0 => Err(Complaint::new(
            FailureCode::ShouldHaveFailed,
            "succeeded, and `should_fail` says that it fails",
            "remove `should_fail`, or find out what changed",
        )),
        Demand::Failure if matches!(exit, 126 | 127) => Err(Complaint::new(
            FailureCode::CannotRun,
            format!("could not be run at all ({exit}), which proves no failure"),
            "126 means not executable, 127 not found; if that is what the page shows, say `exit=127`",
        )),
        Demand::Failure if outcome.holds && !outcome.literal => Err(Complaint::new(
            FailureCode::FailureNotShown,
            format!("failed with {exit}, and what is printed doesn't show that it should"),
            "print the message that shows the failure, or say the code, as in `exit=1`: any typing error would fail too",
        )),
        Demand::Failure => Ok(None),
    }
}

/// It failed, and nothing says that it should.
fn failed(exit: i32, prints: bool, outcome: &Outcome, said: Option<&str>) -> Complaint {
    let also = match (said, &outcome.explanation) {
        (Some(said), _) => format!(": `{}`", clipped(said, SAID)),
        (None, Some(explanation)) if prints => format!(": {explanation}"),
        _ => String::new(),
    };
    let help = if prints && !outcome.holds {
        ""
    } else {
        "if it is meant to fail, print the message that shows it, or say so: `should_fail`, `exit=1`"
    };
    Complaint::new(
        FailureCode::CommandFailed,
        format!("exited with {exit}{also}"),
        help,
    )
}

/// Its exit code isn't the one that `exit` says.
fn wrong_code(exit: i32, code: i32) -> Complaint {
    let help = if exit == 0 {
        format!("if it is meant to succeed now, remove `exit={code}`")
    } else {
        format!("if it is meant to fail that way now, say `exit={exit}`")
    };
    Complaint::new(
        FailureCode::WrongExitCode,
        format!("exited with {exit}, not with {code} as `exit={code}` says"),
        help,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use seaworthy_console::Session;
    use seaworthy_matching::{Bindings, Expected, Line, Mode, compare};
    use seaworthy_words::Script;

    /// What is said of a command that prints `real` where the author shows `shown`.
    fn said(demand: Demand, exit: i32, shown: &str, real: &str) -> String {
        let lines: Vec<_> = shown.lines().map(|text| Line { text, at: 1 }).collect();
        let expected = Expected {
            command: &Script::parse("x"),
            lines: &lines,
            mode: Mode::Docker,
            unordered: false,
            varies: &[],
        };
        let outcome = compare(&expected, real, &Bindings::new());
        match judge(demand, exit, !lines.is_empty(), &outcome, None) {
            Ok(None) => "holds".to_owned(),
            Ok(Some(note)) => note,
            Err(complaint) => complaint.message,
        }
    }

    #[test]
    fn exit_codes_and_printed_text() {
        use Demand::{Any, Code, Failure, Left, Success};
        for (demand, exit, shown, real, expected) in [
            (Success, 0, "", "anything", "holds"),
            (Success, 0, "a", "a", "holds"),
            (Success, 0, "a", "b", "printed `a`, is `b`"),
            (Success, 1, "", "", "exited with 1"),
            (
                Success,
                1,
                "no such network",
                "no such network",
                "exits with 1, as its printed text shows",
            ),
            (Success, 1, "...", "no such network", "exited with 1"),
            (Success, 1, "a", "b", "exited with 1: printed `a`, is `b`"),
            (Any, 130, "", "", "holds"),
            (Any, 1, "a", "b", "printed `a`, is `b`"),
            (Left(3), 3, "", "", "holds"),
            (Left(3), 0, "", "", "holds"),
            (Left(3), 137, "", "", "ended its shell with 137, not with 3"),
            (Code(7), 7, "", "", "holds"),
            (Code(7), 7, "a", "b", "printed `a`, is `b`"),
            (
                Code(7),
                0,
                "",
                "",
                "exited with 0, not with 7 as `exit=7` says",
            ),
            (Failure, 1, "a", "a", "holds"),
            (Failure, 1, "a", "b", "printed `a`, is `b`"),
            (
                Failure,
                1,
                "...",
                "anything",
                "failed with 1, and what is printed doesn't show that it should",
            ),
            (
                Failure,
                0,
                "a",
                "a",
                "succeeded, and `should_fail` says that it fails",
            ),
            (
                Failure,
                127,
                "a",
                "a",
                "could not be run at all (127), which proves no failure",
            ),
            (
                Failure,
                126,
                "a",
                "a",
                "could not be run at all (126), which proves no failure",
            ),
        ] {
            assert_eq!(
                said(demand, exit, shown, real),
                expected,
                "{demand:?} {exit} {shown:?} {real:?}"
            );
        }
    }

    #[test]
    fn hints_stand_in_the_place_of_what_helps_in_general() {
        let mut complaint =
            Complaint::new(FailureCode::CommandFailed, "exited with 1", "look there");
        complaint.add(Vec::new());
        assert_eq!(complaint.help, "look there");
        complaint.add(vec!["one".to_owned(), "two".to_owned()]);
        assert_eq!(complaint.help, "one\n  two");
    }

    /// The commands of a session.
    fn commands(text: &str) -> Vec<Command> {
        let document = seaworthy_blocks::Document::parse(text);
        let session = Session::parse(&document.blocks[0].lines, 0..0).unwrap();
        session.commands
    }

    #[test]
    fn only_the_last_command_is_meant_to_fail() {
        let command = &commands("```console\n$ a\n```\n")[0];
        let attributes = SessionAttributes {
            should_fail: true,
            ..SessionAttributes::default()
        };
        assert_eq!(Demand::of(&attributes, false, command, 0), Demand::Success);
        assert_eq!(Demand::of(&attributes, true, command, 0), Demand::Failure);
        let attributes = SessionAttributes {
            exit: Some(3),
            ..attributes
        };
        assert_eq!(Demand::of(&attributes, true, command, 0), Demand::Code(3));
    }

    #[test]
    fn what_programs_end_with() {
        let text = "```console\n$ sh\n# a\n# sh\n# exit 3\n# exit\n$ sleep 9\n^C\n```\n";
        let attributes = SessionAttributes::default();
        let demands = commands(text)
            .iter()
            .map(|command| Demand::of(&attributes, false, command, 1))
            .collect::<Vec<_>>();
        use Demand::{Any, Left, Success};
        assert_eq!(demands, [Any, Success, Any, Left(3), Left(1), Success, Any]);
    }
}
