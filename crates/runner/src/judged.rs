//! One command that somebody else has typed, judged as a check judges it: for whoever types a page's commands by themselves,
//! such as a learner. Pure: no engine, no terminal.

use seaworthy_console::Command;
use seaworthy_matching::{Bindings, Expected, compare, diff, printed_lines};
use seaworthy_page::{Page, SessionStep};
use seaworthy_report::DiffLine;

use super::hints;
use super::places::{self, Standing};
use super::session::CONTEXT;
use super::verdict::{Complaint, Demand, judge};

/// What a command of a page printed, and how it ended.
#[derive(Clone, Copy, Debug)]
pub struct Printed<'a> {
    /// The page.
    pub page: &'a Page,
    /// The session.
    pub step: &'a SessionStep,
    /// Which of the session's commands.
    pub nth: usize,
    /// What it printed, as a terminal shows it: lines that end in `\n`, no escape sequences.
    pub output: &'a str,
    /// Its exit code; none where that can't be known, as in a program without one: the output alone counts then.
    pub exit: Option<i32>,
    /// The exit code of the command before it in the same shell.
    pub before: i32,
    /// How many programs are open in the shell now.
    pub depth: usize,
    /// The one that is typed into now; none for the shell itself.
    pub program: Option<&'a str>,
}

/// What is said of it.
#[derive(Clone, Debug)]
pub enum Judged {
    /// It did what the page shows; what the page's values stand for after it.
    Holds(Bindings),
    /// It didn't.
    Differs {
        /// Why, in words.
        message: String,
        /// How what was printed differs, line by line; nothing where it is something else that is wrong.
        diff: Vec<DiffLine>,
    },
}

impl<'a> Printed<'a> {
    fn command(&self) -> &'a Command {
        &self.step.session.commands[self.nth]
    }
}

/// Judges a command; `bindings` are those before it ran, what it types already noted.
#[must_use]
pub fn after_printing(printed: &Printed<'_>, bindings: &Bindings) -> Judged {
    let command = printed.command();
    let lines = printed_lines(printed.page, command);
    let expected = Expected::of(printed.step, command, &lines);
    let outcome = compare(&expected, printed.output, bindings);
    let last = printed.step.session.commands.iter().rposition(|c| c.runs);
    let demand = Demand::of(
        &printed.step.attributes,
        last == Some(printed.nth),
        command,
        printed.before,
    );
    let at = Standing::at(printed.depth, printed.program);
    let judged = match printed.exit {
        Some(exit) => places::after(at, command, exit).and_then(|()| {
            let said = hints::complaint(&command.script, printed.output, &outcome);
            judge(demand, exit, command.prints(), &outcome, said)
        }),
        None => places::after(at, command, 0)
            .and_then(|()| judge(Demand::Any, 0, command.prints(), &outcome, None)),
    };
    match judged {
        Ok(_) => Judged::Holds(outcome.bindings),
        Err(Complaint {
            message, of_output, ..
        }) => Judged::Differs {
            message,
            diff: if of_output {
                diff::diff(&expected, printed.output, &outcome, CONTEXT)
            } else {
                Vec::new()
            },
        },
    }
}

/// Whether what was printed so far is what the page shows, wherever the command stands.
#[must_use]
pub fn shows(
    page: &Page,
    step: &SessionStep,
    nth: usize,
    output: &str,
    bindings: &Bindings,
) -> bool {
    let command = &step.session.commands[nth];
    let lines = printed_lines(page, command);
    compare(&Expected::of(step, command, &lines), output, bindings).holds
}

/// The bindings after a command that printed `output`, if that is what the page shows; `bindings` are those before it was
/// typed.
#[must_use]
pub fn bindings_after(
    page: &Page,
    step: &SessionStep,
    nth: usize,
    output: &str,
    bindings: &Bindings,
) -> Option<Bindings> {
    let command = &step.session.commands[nth];
    let lines = printed_lines(page, command);
    let mut typed = bindings.clone();
    typed.note_typed(&command.script);
    let outcome = compare(&Expected::of(step, command, &lines), output, &typed);
    outcome.holds.then_some(outcome.bindings)
}
