//! Types one command until it holds, or its time is over, and judges what came of it.

use std::time::Duration;

use seaworthy_console::{Command, Then};
use seaworthy_matching::{self as matching, Expected, Outcome, compare, printed_lines};
use seaworthy_page::SessionStep;
use seaworthy_report::{FailureCode, LeftOut, Retried};
use seaworthy_terminal::{Ended, Goal, Input, Limits, Place, Shown, TerminalError};
use tokio::time::Instant;

use super::accept::{self, Change};
use super::hints::{self, Failed};
use super::places::{self, Standing};
use super::session::{Shell, Verdict};
use super::told::told;
use super::tries::{Tries, late_told};
use super::verdict::{Complaint, Demand, judge};
use crate::error::{PageError, Trouble};
use crate::host::{Host, MayBeLost};

/// How long to wait before a command is tried again.
const RETRY_PAUSE: Duration = Duration::from_millis(250);

/// A command that is to be typed, and what the page says of it.
pub(super) struct Asked<'a> {
    step: &'a SessionStep,
    pub(super) command: &'a Command,
    pub(super) expected: Expected<'a>,
    /// Its lines, with the values that the page's bindings have.
    typed: Vec<&'a str>,
    /// For how long it is tried again; not at all if that is nothing.
    retry: Duration,
    limits: Limits,
    /// The line of the command that was typed before it in the block, and what that printed.
    before: Option<(usize, &'a str)>,
}

/// What a command printed and how it ended; nothing if it didn't end by itself.
#[derive(Default)]
pub(super) struct Attempt {
    pub(super) exit: Option<i32>,
    pub(super) output: String,
    pub(super) outcome: Option<Outcome>,
    /// Among its printed lines is one that looks like a command.
    pub(super) unprompted: bool,
}

/// Whether a command did what its session says: what is worth noting of it, or why it doesn't hold.
type Judged = Result<Vec<String>, Complaint>;

/// What is worth telling of a command that holds.
#[derive(Default)]
pub(super) struct Held {
    pub(super) notes: Vec<String>,
    /// How it was repeated, if it was.
    pub(super) retried: Option<Retried>,
    /// Where the page leaves out fields of the JSON that was printed.
    pub(super) left_out: Vec<LeftOut>,
}

impl<H: Host> Shell<'_, H> {
    /// Types a command until it holds, or once if it isn't to be tried again.
    ///
    /// # Errors
    /// If the host is lost.
    pub(super) async fn command(
        &mut self,
        step: &SessionStep,
        command: &Command,
        last: bool,
        changes: &mut Vec<Result<Change, String>>,
    ) -> Result<Verdict, Trouble<H>> {
        let before = self.printed.take();
        if let Err(why) = self.reach(command).await? {
            return Ok(Verdict::NotReached(why));
        }
        let begun = Instant::now();
        let lines = printed_lines(self.page, command);
        let typed = self.bindings.substitute(&command.script);
        self.bindings.note_typed(&command.script);
        let retry = step.attributes.retry.filter(|_| last);
        let asked = Asked {
            step,
            command,
            expected: Expected::of(step, command, &lines),
            typed: typed.split('\n').collect(),
            retry: retry.unwrap_or_default(),
            limits: self.limits(step),
            before: before.as_ref().map(|(line, text)| (*line, text.as_str())),
        };
        if let Err(complaint) = places::before(Standing::of(self.terminal()), command) {
            return Ok(self.fails(&asked, Attempt::default(), complaint));
        }
        let demand = Demand::of(&step.attributes, last, command, self.terminal().code());
        let mut tries = Tries::default();
        let (attempt, judged) = loop {
            let (attempt, judged) = self.attempt(&asked, demand).await?;
            tries.count(&attempt.output);
            let left = asked.retry.saturating_sub(begun.elapsed());
            if judged.is_ok() || left.is_zero() || !self.can_try_again(command) {
                break (attempt, judged);
            }
            tokio::time::sleep(RETRY_PAUSE.min(left)).await;
        };
        let accepted = judged.is_err() && self.accepts(&asked, &attempt, &judged);
        if accepted || judged.is_ok() {
            self.take_over(&asked, &attempt, changes);
        }
        self.printed = Some((self.line_of(command, None), attempt.output.clone()));
        match judged {
            Ok(notes) => Ok(Verdict::Holds(Held {
                notes,
                retried: tries.retried(),
                left_out: left_out(&asked.expected, &attempt),
            })),
            Err(_) if accepted => Ok(Verdict::Holds(Held::default())),
            Err(complaint) => {
                let sound = self.host.sound_since(begun).await;
                sound.map_err(PageError::Host)?;
                Ok(self.complain(&asked, attempt, complaint, changes))
            }
        }
    }

    /// How long a command of `step` may take, and how much it may print.
    fn limits(&self, step: &SessionStep) -> Limits {
        let settings = &self.page.settings;
        Limits {
            time: step.attributes.timeout.unwrap_or(settings.timeout),
            output_bytes: usize::try_from(settings.limits.output).unwrap_or(usize::MAX),
        }
    }

    /// Types the command once and judges it.
    async fn attempt(
        &mut self,
        asked: &Asked<'_>,
        demand: Demand,
    ) -> Result<(Attempt, Judged), Trouble<H>> {
        match self.type_in(asked).await {
            Ok(ended) => Ok(self.judged(asked, demand, ended)),
            Err(TerminalError::Place(error)) if error.is_lost() => {
                Err(PageError::Shell(TerminalError::Place(error)))
            }
            Err(error) => {
                let (output, complaint) = told(error, asked.limits.time);
                let attempt = Attempt {
                    output,
                    ..Attempt::default()
                };
                Ok((attempt, Err(complaint)))
            }
        }
    }

    /// Types a command, or presses keys, and waits for what the page goes on with.
    async fn type_in(
        &mut self,
        asked: &Asked<'_>,
    ) -> Result<Ended, TerminalError<<H::Place as Place>::Error>> {
        let command = asked.command;
        let pressed = command.pressed();
        let input = if command.keys {
            Input::Keys(&pressed)
        } else {
            Input::Lines(&asked.typed)
        };
        let goal = match &command.then {
            Then::Prompt | Then::Nothing => Goal::Prompt,
            Then::Opens(program) => Goal::Open(program),
            Then::Ends(left) => Goal::Left(*left),
            Then::Keys => Goal::Keys,
        };
        let bindings = &self.bindings;
        let mut holds = |printed: &str| compare(&asked.expected, printed, bindings).holds;
        let shown: Shown<'_> = command.prints().then_some(&mut holds as _);
        self.terminals[self.at]
            .type_in(input, goal, shown, asked.limits)
            .await
    }

    /// Judges a command that came to its end.
    fn judged(&self, asked: &Asked<'_>, demand: Demand, ended: Ended) -> (Attempt, Judged) {
        let Asked {
            command, expected, ..
        } = asked;
        let mut outcome = compare(expected, &ended.output, &self.bindings);
        let unprompted = hints::find_unprompted(command, expected, &ended.output, &mut outcome);
        let said = hints::complaint(&command.script, &ended.output, &outcome);
        let said = said.filter(|_| !unprompted);
        // Where the terminal is now matters more than what the command printed on its way.
        let judged = places::after(Standing::of(self.terminal()), command, ended.exit)
            .and_then(|()| judge(demand, ended.exit, command.prints(), &outcome, said));
        let late = late_told(&ended.late);
        let judged = judged.map(|note| note.into_iter().chain(late).collect());
        let attempt = Attempt {
            exit: Some(ended.exit),
            output: ended.output,
            outcome: Some(outcome),
            unprompted,
        };
        (attempt, judged)
    }

    /// Whether the terminal is still where the command is typed.
    fn can_try_again(&self, command: &Command) -> bool {
        self.terminal().depth() == command.inside.len() && !self.terminal().is_lost()
    }

    /// Whether what a command printed that doesn't hold is taken for what the page should show. What looks like a command
    /// is never deleted, and what was printed was not to be typed.
    fn accepts(&self, asked: &Asked<'_>, attempt: &Attempt, judged: &Judged) -> bool {
        self.accept.is_some()
            && !attempt.unprompted
            && !hints::was_printed(asked.command, asked.before)
            && judged.as_ref().is_err_and(|c| c.of_output)
    }

    /// Goes on with the values that the command printed, and notes what should stand in the author's file.
    fn take_over(
        &mut self,
        asked: &Asked<'_>,
        attempt: &Attempt,
        changes: &mut Vec<Result<Change, String>>,
    ) {
        let Some(outcome) = &attempt.outcome else {
            return;
        };
        self.bindings = match self.accept {
            None => outcome.bindings.clone(),
            Some(accept) => {
                let place = (self.page, asked.step, asked.command);
                let compared = (&asked.expected, attempt.output.as_str(), outcome);
                let (more, bindings) = accept::command(accept, place, &asked.typed, compared);
                changes.extend(more);
                bindings
            }
        };
    }

    /// A command that doesn't hold, with what helps.
    fn complain(
        &mut self,
        asked: &Asked<'_>,
        attempt: Attempt,
        mut complaint: Complaint,
        changes: &mut Vec<Result<Change, String>>,
    ) -> Verdict {
        if attempt.unprompted && complaint.of_output {
            complaint.code = FailureCode::MissingPrompt;
        }
        let hints = if attempt.unprompted {
            vec![hints::of_unprompted(asked.command)]
        } else {
            hints::hints(&Failed {
                page: self.page,
                command: asked.command,
                before: asked.before,
                exit: attempt.exit,
                output: &attempt.output,
                retried: !asked.retry.is_zero(),
            })
        };
        if self.accept.is_some() {
            let why = self.not_accepted(asked.command, &attempt, &complaint.message, &hints);
            changes.push(Err(why));
        }
        complaint.add(hints);
        self.fails(asked, attempt, complaint)
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
}

/// Where the author leaves out fields of the JSON that was printed.
fn left_out(expected: &Expected<'_>, attempt: &Attempt) -> Vec<LeftOut> {
    let Some(outcome) = &attempt.outcome else {
        return Vec::new();
    };
    let places = matching::left_out(expected, &attempt.output, &outcome.bindings);
    places
        .into_iter()
        .map(|(line, column)| LeftOut { line, column })
        .collect()
}
