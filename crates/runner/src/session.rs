//! A page's shells, and what is told of a command that fails in one.

use seaworthy_blocks::Diagnostic;
use seaworthy_console::Command;
use seaworthy_matching::{Bindings, diff};
use seaworthy_page::{Ground, MalformedStep, Page, SessionStep};
use seaworthy_report::{self as report, Failure, FailureCode, Status};
use seaworthy_terminal::Terminal;

use super::SessionResult;
use super::accept::Accept;
use super::attempt::{Asked, Attempt, Held};
use super::places::{self, Standing};
use super::reach::Astray;
use super::verdict::Complaint;
use crate::host::Host;

/// Unchanged lines that a difference shows around each change.
pub(super) const CONTEXT: usize = 3;

/// Types a page's sessions, and knows what its printed values stand for.
pub(super) struct Shell<'a, H: Host> {
    pub(super) page: &'a Page,
    /// One for each machine of the page, in the page's order.
    pub(super) terminals: Vec<Terminal<H::Place>>,
    /// The one that is typed into, as an index.
    pub(super) at: usize,
    pub(super) bindings: Bindings,
    /// Tells whether it is still there.
    pub(super) host: &'a H,
    /// The command that runs this page alone.
    pub(super) rerun: String,
    /// Take what is printed for what should be.
    pub(super) accept: Option<Accept>,
    /// For each terminal, what failed last that left it elsewhere than where the page goes on.
    pub(super) astray: Vec<Option<Astray>>,
    /// The author's line of the last command of the block that was typed, and what that printed.
    pub(super) printed: Option<(usize, String)>,
}

/// What came of a command.
pub(super) enum Verdict {
    /// It holds.
    Holds(Held),
    /// It doesn't; the failure is told without the machine's state.
    Fails(Box<Failure>),
    /// It wasn't typed, because of this.
    NotReached(String),
}

impl<H: Host> Shell<'_, H> {
    /// The terminal that is typed into.
    pub(super) fn terminal(&self) -> &Terminal<H::Place> {
        &self.terminals[self.at]
    }

    /// Goes to the terminal of the machine that runs `step`.
    pub(super) fn go_to(&mut self, step: &SessionStep) {
        self.at = step.machine.index();
        self.printed = None;
    }

    /// A command that doesn't hold, and what becomes of its terminal.
    pub(super) fn fails(
        &mut self,
        asked: &Asked<'_>,
        attempt: Attempt,
        complaint: Complaint,
    ) -> Verdict {
        let failure = self.failure(asked, attempt, complaint);
        self.failed(asked.command, &failure);
        Verdict::Fails(Box::new(failure))
    }

    fn failure(&self, asked: &Asked<'_>, attempt: Attempt, complaint: Complaint) -> Failure {
        let Asked {
            command, expected, ..
        } = *asked;
        let mut diff = Vec::new();
        let mut wrong = None;
        if let Some(outcome) = attempt.outcome.filter(|outcome| !outcome.holds) {
            wrong = outcome.wrong;
            diff = diff::diff(&expected, &attempt.output, &outcome, CONTEXT);
        }
        let expected: Vec<_> = expected.lines.iter().map(|line| line.text).collect();
        let wrong = wrong.filter(|_| complaint.of_output);
        let at = wrong.map_or(command.start(), |i| command.output[i].start);
        Failure {
            code: complaint.code,
            file: self.page.source.place(at).file,
            line: self.line_of(command, wrong),
            command: command.text(),
            exit: attempt.exit,
            message: match command.program() {
                Some(program) => format!("in {}: {}", program.name, complaint.message),
                None => complaint.message,
            },
            help: places::helped(complaint.help, Standing::of(self.terminal()), command),
            expected: expected.join("\n"),
            actual: attempt.output,
            diff,
            machine: String::new(),
            rerun: self.rerun.clone(),
        }
    }

    /// The author's line of a printed line of `command`, or of the command itself.
    pub(super) fn line_of(&self, command: &Command, printed: Option<usize>) -> usize {
        let at = printed.map_or(command.start(), |i| command.output[i].start);
        self.page.source.place(at).line
    }
}

/// What the claim of a session rests on, as reports say it.
fn ground(step: &SessionStep) -> report::Ground {
    match step.ground() {
        Ground::Output => report::Ground::Output,
        Ground::Exit => report::Ground::Exit,
        Ground::Failure => report::Ground::Failure,
        Ground::Test => report::Ground::Test,
        Ground::Check => report::Ground::Check,
        Ground::Nothing => report::Ground::Nothing,
    }
}

/// A block that is malformed, told as a session that doesn't hold; `rerun` runs its page alone.
pub(super) fn malformed(step: &MalformedStep, rerun: String) -> Option<SessionResult> {
    let first = step.faults.first()?;
    let line = |fault: &Diagnostic| {
        fault
            .source
            .lines()
            .nth(fault.line() - 1)
            .unwrap_or_default()
            .to_owned()
    };
    let failure = |fault: &Diagnostic| Failure {
        code: FailureCode::Malformed,
        file: fault.file.clone(),
        line: fault.line(),
        command: line(fault),
        exit: None,
        message: fault.fault.message.clone(),
        help: fault.fault.help.clone(),
        expected: String::new(),
        actual: String::new(),
        diff: Vec::new(),
        machine: String::new(),
        rerun: rerun.clone(),
    };
    Some(SessionResult {
        report: report::Session {
            id: step.id.clone(),
            fingerprint: String::new(),
            file: None,
            line: step.place.line,
            turn: 0,
            on: None,
            status: Status::Failed,
            seconds: 0.0,
            commands: 0,
            typed: Vec::new(),
            hidden: false,
            varies: Vec::new(),
            proves: None,
            rests_on: None,
            retried: None,
            reason: Some(first.fault.message.clone()),
            notes: Vec::new(),
            failure: Some(failure(first)),
            further: step.faults[1..].iter().map(failure).collect(),
            not_reached: Vec::new(),
        },
        changed_images: Vec::new(),
    })
}

/// A session about which nothing is known but `status`.
pub(super) fn blank(page: &Page, step: &SessionStep, status: Status) -> SessionResult {
    let place = &step.place;
    SessionResult {
        report: report::Session {
            id: step.id.clone(),
            fingerprint: step.fingerprint.clone(),
            file: (place.file != page.file).then(|| place.file.clone()),
            line: place.line,
            // Known when it is told.
            turn: 0,
            on: page.machine_name(step.machine).map(str::to_owned),
            status,
            seconds: 0.0,
            commands: 0,
            typed: Vec::new(),
            hidden: step.attributes.hidden,
            varies: step.attributes.varies.clone(),
            proves: step.attributes.proves.clone(),
            rests_on: step.attributes.proves.as_ref().map(|_| ground(step)),
            retried: None,
            reason: None,
            notes: Vec::new(),
            failure: None,
            further: Vec::new(),
            not_reached: Vec::new(),
        },
        changed_images: Vec::new(),
    }
}
