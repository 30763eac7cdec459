//! Waiting for what the page goes on with after a command, and judging what came.

use std::sync::Arc;
use std::time::Duration;

use seaworthy_console::{Command, Program, Then};
use seaworthy_runner::{Judged, Printed, after_printing, shows};
use seaworthy_terminal::{
    LONG_QUIET, QUIET, Waiting, waiting, without_dialogue, without_key_echo, without_prompt,
};
use tokio::time::Instant;

use crate::ledger::unseen_before;
use crate::message::{State, Verdict};
use crate::pump::Happening;
use crate::visit::{Leave, Visit};

/// How long a command must be quiet for keys to be pressed: when it has printed what is shown before them, and when nothing
/// is shown.
const BEFORE_KEYS: Duration = Duration::from_millis(200);
const BEFORE_KEYS_UNSEEN: Duration = Duration::from_secs(1);
/// How long a program that is attached to may be silent before Enter is pressed.
const SILENCE: Duration = Duration::from_millis(1500);
/// When it is looked at what was printed, after so long without anything new.
const LOOKS: [Duration; 5] = [QUIET, BEFORE_KEYS, BEFORE_KEYS_UNSEEN, SILENCE, LONG_QUIET];

/// What came of a command.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Came {
    /// It came to where the page goes on, or to its end.
    Output {
        text: String,
        exit: Option<i32>,
        /// The exit code of the command before.
        before: i32,
    },
    /// The shell didn't run it.
    NotRun,
    /// It still runs, when as much time is over as a check gives it.
    Long(Duration),
    /// It printed more than is kept.
    TooMuch,
    /// The shell has ended.
    ShellEnded,
}

impl Visit {
    /// Waits until the page can go on after the command at `at`, which was typed; `begun` says whether it runs already.
    pub(crate) async fn follow(&mut self, at: usize, mut begun: bool) -> Result<Came, Leave> {
        let course = Arc::clone(&self.course);
        let Some((step, _)) = course.session(at) else {
            return Ok(Came::NotRun);
        };
        let mine = course.items[at].machine;
        let limit = step.attributes.timeout;
        let limit = limit.unwrap_or(course.page.settings.timeout);
        let end = Instant::now() + limit;
        let mut entered = false;
        let mut looked = self.shells[mine].printed;
        loop {
            let printed = self.shells[mine].printed;
            let next = LOOKS.iter().map(|quiet| printed + *quiet);
            let next = next.into_iter().find(|time| *time > looked);
            let until = next.unwrap_or(end).min(end);
            match self.next(Some(until)).await? {
                Happening::Ended(machine, running, exit, before) if machine == mine => {
                    if running.too_much {
                        return Ok(Came::TooMuch);
                    }
                    let text = self.shells[mine].live.rendered(&running.output);
                    return Ok(Came::Output {
                        text: said_by(course.command(at), &text),
                        exit,
                        before,
                    });
                }
                Happening::Begins(machine) if machine == mine => begun = true,
                Happening::Prompt(machine) if machine == mine && !begun => return Ok(Came::NotRun),
                Happening::ShellEnded(machine) if machine == mine => return Ok(Came::ShellEnded),
                Happening::Time if until >= end => return Ok(Came::Long(limit)),
                Happening::Time => {
                    looked = until;
                    let quiet = until.duration_since(self.shells[mine].printed);
                    if let Some(text) = self.look(at, quiet) {
                        return Ok(Came::Output {
                            text,
                            exit: None,
                            before: 0,
                        });
                    }
                    if let Some(Then::Opens(program)) = course.command(at).map(|c| &c.then)
                        && program.silent
                        && quiet >= SILENCE
                        && !std::mem::replace(&mut entered, true)
                    {
                        self.shells[mine].write(b"\r").await;
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether the page can go on, after so long without anything new: what was printed until here then. Programs inside
    /// the shell are known by their prompts.
    fn look(&mut self, at: usize, quiet: Duration) -> Option<String> {
        let course = Arc::clone(&self.course);
        let (step, nth) = course.session(at)?;
        let command = course.command(at)?;
        let before = self.ledger.before(&course, at).clone();
        let shows = |text: &str| shows(&course.page, step, nth, text, &before);
        let shell = &mut self.shells[course.items[at].machine];
        shell.running.as_ref()?;
        let (text, line) = (shell.output(), shell.last_line());
        let prompt = |program: &Program| waiting(program, &line) == Some(Waiting::Command);
        match &command.then {
            Then::Opens(program) if prompt(program) => {
                shell.open.push(Arc::clone(program));
                Some(without_prompt(program, &text).to_owned())
            }
            Then::Opens(_) => None,
            Then::Ends(0) => None,
            Then::Ends(left) => {
                let around = shell.open.get(left - 1).filter(|around| prompt(around))?;
                let text = without_prompt(around, &text).to_owned();
                shell.open.truncate(*left);
                Some(said_by(Some(command), &text))
            }
            Then::Keys if command.prints() => {
                (quiet >= BEFORE_KEYS && shows(&text)).then_some(text)
            }
            Then::Keys => (quiet >= BEFORE_KEYS_UNSEEN).then_some(text),
            Then::Prompt | Then::Nothing => {
                let program = shell.program().filter(|program| prompt(program))?;
                let lines = command.text();
                let lines: Vec<&str> = lines.lines().collect();
                let text = without_dialogue(program, &text, &lines);
                let text = said_by(Some(command), &text);
                (quiet >= LONG_QUIET || shows(&text)).then_some(text)
            }
        }
    }

    /// What is to be said of the command at `at` after that came of it. If it did what the page shows, that is noted.
    pub(crate) fn judge(&mut self, at: usize, came: Came) -> Verdict {
        match came {
            Came::Output { text, exit, before } => match self.compare(at, &text, (exit, before)) {
                Ok(()) => {
                    self.ledger.did(at, text);
                    self.tell_values();
                    Verdict::new(State::Holds, "as on the page")
                }
                Err(verdict) => verdict,
            },
            Came::NotRun => Verdict::new(State::Differs, "the shell did not run this line"),
            Came::Long(limit) => Verdict::new(
                State::NotCompared,
                format!(
                    "not compared: it still runs after {} s; Ctrl-C in the terminal ends it",
                    limit.as_secs()
                ),
            ),
            Came::TooMuch => Verdict::new(
                State::NotCompared,
                "not compared: it printed more than is kept",
            ),
            Came::ShellEnded => Verdict::new(State::Differs, "it ended the shell"),
        }
    }

    fn compare(
        &mut self,
        at: usize,
        output: &str,
        (exit, before): (Option<i32>, i32),
    ) -> Result<(), Verdict> {
        let course = Arc::clone(&self.course);
        let Some((step, nth)) = course.session(at) else {
            return Ok(());
        };
        let mut bindings = self.ledger.before(&course, at).clone();
        bindings.note_typed(&step.session.commands[nth].script);
        let shell = &self.shells[course.items[at].machine];
        let printed = Printed {
            page: &course.page,
            step,
            nth,
            output,
            exit,
            before,
            depth: shell.open.len(),
            program: shell.program().map(|program| program.name.as_str()),
        };
        let Judged::Differs { message, diff } = after_printing(&printed, &bindings) else {
            return Ok(());
        };
        // Who leaves out something needn't get what the page shows.
        let skipped = unseen_before(&course, &self.ledger, at).first().copied();
        let skipped = self.ledger.skipped(&course, at).or(skipped);
        let check = step.attributes.check.is_some();
        Err(match skipped.filter(|_| !check) {
            Some(skipped) => Verdict {
                state: State::NotCompared,
                said: format!(
                    "not as on the page, where {} comes before it, which was not run here: {message}",
                    self.described(skipped)
                ),
                diff,
            },
            None => Verdict {
                state: State::Differs,
                said: message,
                diff,
            },
        })
    }
}

/// What a command printed, without the echo of keys.
fn said_by(command: Option<&Command>, text: &str) -> String {
    match command.filter(|command| command.keys) {
        Some(command) => without_key_echo(text.to_owned(), &command.pressed()),
        None => text.to_owned(),
    }
}
