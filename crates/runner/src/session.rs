//! Runs one session in a page's shell.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use anyhow::Result;
use seaworthy_console::{Command, Then};
use seaworthy_page::{Ground, Page, SessionStep};
use seaworthy_report::{self as report, Failure, FailureCode, LeftOut, Retried, Status};
use tokio::time::Instant;

use super::SessionResult;
use super::accept::{self, Accept, Change};
use super::hints::{self, Failed};
use super::places;
use super::reach::Astray;
use super::told::told;
use super::verdict::{Complaint, Demand, judge};
use crate::shells::{Terminal, TerminalError};
use seaworthy_machine::Watch;
use seaworthy_machine::engine::Kind;
use seaworthy_matching::{
    self as matching, Bindings, Expected, Line, Mode, Outcome, compare, diff,
};
use seaworthy_terminal::{Ended, Goal, Input, Limits, Shown};

/// How long to wait before a command is tried again.
const RETRY_PAUSE: Duration = Duration::from_millis(250);

/// Unchanged lines that a difference shows around each change.
const CONTEXT: usize = 3;

/// Types a page's sessions, and knows what its printed values stand for.
pub(super) struct Shell<'a> {
    pub(super) page: &'a Page,
    /// One for each machine of the page, in the page's order.
    pub(super) terminals: Vec<Terminal>,
    /// The one that is typed into, as an index.
    pub(super) at: usize,
    pub(super) bindings: Bindings,
    /// Tells whether the engine is still there.
    pub(super) watch: &'a Watch,
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

/// What a command printed and how it ended; nothing if it didn't end by itself.
#[derive(Default)]
struct Attempt {
    exit: Option<i32>,
    output: String,
    outcome: Option<Outcome>,
    /// Among its printed lines is one that looks like a command.
    unprompted: bool,
}

impl Shell<'_> {
    /// The terminal that is typed into.
    pub(super) fn terminal(&self) -> &Terminal {
        &self.terminals[self.at]
    }

    /// Goes to the terminal of the machine that runs `step`.
    pub(super) fn go_to(&mut self, step: &SessionStep) {
        self.at = self.page.machine_of(step.attributes.on.as_deref());
        self.printed = None;
    }

    /// Types a command until it holds, or once if it isn't to be tried again.
    ///
    /// # Errors
    /// If the engine is lost.
    pub(super) async fn command(
        &mut self,
        step: &SessionStep,
        command: &Command,
        last: bool,
        changes: &mut Vec<Result<Change, String>>,
    ) -> Result<Verdict> {
        let before = self.printed.take();
        if let Err(why) = self.reach(command).await? {
            return Ok(Verdict::NotReached(why));
        }
        let attributes = &step.attributes;
        let begun = Instant::now();
        let retry = attributes.retry.filter(|_| last).unwrap_or_default();
        let limits = Limits {
            time: attributes.timeout.unwrap_or(self.page.settings.timeout),
            output_bytes: usize::try_from(self.page.settings.limits.output).unwrap_or(usize::MAX),
        };
        let lines: Vec<_> = command
            .output
            .iter()
            .enumerate()
            .map(|(i, line)| Line {
                text: &line.text,
                at: u32::try_from(self.line_of(command, Some(i))).unwrap_or(u32::MAX),
            })
            .collect();
        let expected = Expected {
            command: &command.script,
            lines: &lines,
            mode: if attributes.exact {
                Mode::Exact
            } else {
                Mode::Docker
            },
            unordered: attributes.unordered,
            varies: &attributes.varies,
        };
        let typed = self.bindings.substitute(&command.script);
        self.bindings.note_typed(&command.script);
        let typed: Vec<_> = typed.split('\n').collect();
        if let Err(complaint) = places::before(self.terminal(), command) {
            let attempt = Attempt::default();
            return Ok(self.fails(command, &expected, attempt, complaint));
        }
        let demand = Demand::of(attributes, last, command, self.terminal().code());
        let mut tries = Tries::default();
        loop {
            let (attempt, verdict) = match self.type_in(command, &typed, &expected, limits).await {
                Ok(ended) => {
                    let mut outcome = compare(&expected, &ended.output, &self.bindings);
                    let unprompted =
                        hints::find_unprompted(command, &expected, &ended.output, &mut outcome);
                    let said = hints::complaint(&command.script, &ended.output, &outcome);
                    let said = said.filter(|_| !unprompted);
                    // Where the terminal is now matters more than what the command printed on its way.
                    let verdict = places::after(self.terminal(), command, ended.exit)
                        .and_then(|()| judge(demand, ended.exit, command.prints(), &outcome, said));
                    let late = late_told(&ended.late);
                    let attempt = Attempt {
                        exit: Some(ended.exit),
                        output: ended.output,
                        outcome: Some(outcome),
                        unprompted,
                    };
                    (
                        attempt,
                        verdict.map(|note| note.into_iter().chain(late).collect::<Vec<_>>()),
                    )
                }
                Err(TerminalError::Place(error)) if error.kind() == Kind::Lost => {
                    return Err(error.into());
                }
                Err(error) => {
                    let (output, complaint) = told(error, limits.time);
                    let attempt = Attempt {
                        output,
                        ..Attempt::default()
                    };
                    (attempt, Err(complaint))
                }
            };
            tries.count(&attempt.output);
            // What looks like a command is never deleted, and what was printed was not to be typed.
            let before = before.as_ref().map(|(line, text)| (*line, text.as_str()));
            let accepted = self.accept.is_some()
                && !attempt.unprompted
                && !hints::was_printed(command, before)
                && verdict.as_ref().is_err_and(|c| c.of_output);
            let left = retry.saturating_sub(begun.elapsed());
            let stays = self.terminal().depth() == command.inside.len();
            let again = verdict.is_err() && !left.is_zero() && stays && !self.terminal().is_lost();
            if again {
                tokio::time::sleep(RETRY_PAUSE.min(left)).await;
                continue;
            }
            if let (true, Some(outcome)) = (accepted || verdict.is_ok(), &attempt.outcome) {
                self.bindings = match self.accept {
                    None => outcome.bindings.clone(),
                    Some(accept) => {
                        let place = (self.page, step, command);
                        let compared = (&expected, attempt.output.as_str(), outcome);
                        let (more, bindings) = accept::command(accept, place, &typed, compared);
                        changes.extend(more);
                        bindings
                    }
                };
            }
            self.printed = Some((self.line_of(command, None), attempt.output.clone()));
            return Ok(match verdict {
                Ok(notes) => Verdict::Holds(Held {
                    notes,
                    retried: tries.retried(),
                    left_out: left_out(&expected, &attempt),
                }),
                Err(_) if accepted => Verdict::Holds(Held::default()),
                Err(mut complaint) => {
                    self.watch.sound_since(begun).await?;
                    if attempt.unprompted && complaint.of_output {
                        complaint.code = FailureCode::MissingPrompt;
                    }
                    let hints = if attempt.unprompted {
                        vec![hints::of_unprompted(command)]
                    } else {
                        hints::hints(&Failed {
                            page: self.page,
                            command,
                            before,
                            exit: attempt.exit,
                            output: &attempt.output,
                            retried: !retry.is_zero(),
                        })
                    };
                    if self.accept.is_some() {
                        let message = &complaint.message;
                        let why = self.not_accepted(command, &attempt, message, &hints);
                        changes.push(Err(why));
                    }
                    complaint.add(hints);
                    self.fails(command, &expected, attempt, complaint)
                }
            });
        }
    }

    /// Why what a command printed isn't taken for what the page should show; `hints` are what helps.
    fn not_accepted(
        &self,
        command: &Command,
        attempt: &Attempt,
        message: &str,
        hints: &[String],
    ) -> String {
        let wrong = attempt.outcome.as_ref().and_then(|outcome| outcome.wrong);
        let at = wrong.filter(|_| attempt.unprompted);
        let at = at.map_or(command.start(), |i| command.output[i].start);
        let place = self.page.source.place(at);
        let why = match hints.first() {
            _ if attempt.unprompted => " (what looks like a command isn't deleted)".to_owned(),
            Some(hint) => format!("; {hint}"),
            None => "; what is printed is accepted only of a command that ends as the page says"
                .to_owned(),
        };
        format!("{}:{}: {message}{why}", place.file, place.line)
    }

    /// Types a command, or presses keys, and waits for what the page goes on with.
    async fn type_in(
        &mut self,
        command: &Command,
        typed: &[&str],
        expected: &Expected<'_>,
        limits: Limits,
    ) -> Result<Ended, TerminalError> {
        let pressed = command.pressed();
        let input = if command.keys {
            Input::Keys(&pressed)
        } else {
            Input::Lines(typed)
        };
        let goal = match &command.then {
            Then::Prompt | Then::Nothing => Goal::Prompt,
            Then::Opens(program) => Goal::Open(program),
            Then::Ends(left) => Goal::Left(*left),
            Then::Keys => Goal::Keys,
        };
        let bindings = &self.bindings;
        let mut holds = |printed: &str| compare(expected, printed, bindings).holds;
        let shown: Shown<'_> = command.prints().then_some(&mut holds as _);
        self.terminals[self.at]
            .type_in(input, goal, shown, limits)
            .await
    }

    /// A command that doesn't hold, and what becomes of its terminal.
    fn fails(
        &mut self,
        command: &Command,
        expected: &Expected<'_>,
        attempt: Attempt,
        complaint: Complaint,
    ) -> Verdict {
        let failure = self.failure(command, expected, attempt, complaint);
        self.failed(command, &failure);
        Verdict::Fails(Box::new(failure))
    }

    fn failure(
        &self,
        command: &Command,
        expected: &Expected<'_>,
        attempt: Attempt,
        complaint: Complaint,
    ) -> Failure {
        let mut diff = Vec::new();
        let mut wrong = None;
        if let Some(outcome) = attempt.outcome.filter(|outcome| !outcome.holds) {
            wrong = outcome.wrong;
            diff = diff::diff(expected, &attempt.output, &outcome, CONTEXT);
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
            help: places::helped(complaint.help, self.terminal(), command),
            expected: expected.join("\n"),
            actual: attempt.output,
            diff,
            machine: String::new(),
            rerun: self.rerun.clone(),
        }
    }

    /// The author's line of a printed line of `command`, or of the command itself.
    fn line_of(&self, command: &Command, printed: Option<usize>) -> usize {
        let at = printed.map_or(command.start(), |i| command.output[i].start);
        self.page.source.place(at).line
    }
}

/// What is worth telling of a command that holds.
#[derive(Default)]
pub(super) struct Held {
    pub(super) notes: Vec<String>,
    /// How it was repeated, if it was.
    pub(super) retried: Option<Retried>,
    /// Where the page leaves out fields of the JSON that was printed.
    pub(super) left_out: Vec<LeftOut>,
}

/// Where the author leaves out fields of the JSON that was printed.
fn left_out(expected: &Expected<'_>, attempt: &Attempt) -> Vec<LeftOut> {
    let Some(outcome) = &attempt.outcome else {
        return Vec::new();
    };
    let places = matching::left_out(expected, &attempt.output, &outcome.bindings);
    let places = places.into_iter();
    places
        .map(|(line, column)| LeftOut { line, column })
        .collect()
}

/// How often a command was tried, and what it printed.
#[derive(Default)]
struct Tries {
    count: usize,
    outputs: HashSet<u64>,
}

impl Tries {
    fn count(&mut self, output: &str) {
        let mut hasher = DefaultHasher::new();
        output.hash(&mut hasher);
        self.outputs.insert(hasher.finish());
        self.count += 1;
    }

    /// For the report, if it was tried more than once.
    fn retried(&self) -> Option<Retried> {
        (self.count > 1).then_some(Retried {
            tries: self.count,
            outputs: self.outputs.len(),
        })
    }
}

/// What is noted of a command that was repeated. One that prints something else each time may hold by chance.
pub(super) fn tries_told(retried: &Retried) -> String {
    let held = format!("held at {}", retried.at());
    match retried.outputs {
        outputs if outputs == retried.tries => {
            format!("{held}, and printed something else each time")
        }
        1 => held,
        outputs => format!("{held}, and printed {outputs} different things"),
    }
}

/// The most that is noted of what background jobs print, in characters.
const LATE: usize = 500;

/// What is noted of what was printed before a command by others, if anything was.
fn late_told(late: &str) -> Option<String> {
    let late = late.trim();
    let begins: String = late.chars().take(LATE).collect();
    let more = if begins.len() < late.len() {
        " …"
    } else {
        ""
    };
    (!late.is_empty()).then(|| format!("a background job printed before it: {begins}{more}"))
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
            on: page
                .settings
                .machines
                .get(page.machine_of(step.attributes.on.as_deref()))
                .cloned(),
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
        changes: Vec::new(),
    }
}
