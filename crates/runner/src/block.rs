//! Runs the commands of one session, and says which weren't reached.

use seaworthy_console::Command;
use seaworthy_page::{Page, SessionStep};
use seaworthy_report::{Failure, NotReached, Status, Typed};
use tokio::time::Instant;

use super::SessionResult;
use super::accept::Change;
use super::reach::cause;
use super::session::{Shell, Verdict, blank};
use super::steps::Running;
use super::tries::tries_told;
use crate::error::Trouble;
use crate::host::Host;

impl<H: Host> Running<'_, H> {
    /// Runs the session `step`. After a command that doesn't hold, the rest is tried if the check keeps going.
    ///
    /// # Errors
    /// If the host is lost.
    pub(super) async fn block(
        &self,
        shell: &mut Shell<'_, H>,
        step: &SessionStep,
        changes: &mut Vec<Result<Change, String>>,
    ) -> Result<SessionResult, Trouble<H>> {
        let begun = Instant::now();
        shell.go_to(step);
        let mut result = blank(self.page, step, Status::Passed);
        let mut stopped: Option<String> = None;
        let last = step.session.commands.iter().rposition(|c| c.runs);
        for (i, command) in step.session.commands.iter().enumerate() {
            if !command.runs {
                continue;
            }
            if let Some(why) = &stopped {
                result.not_reached(self.page, command, why);
                continue;
            }
            let typed_at = Instant::now();
            let verdict = shell.command(step, command, Some(i) == last, changes);
            match verdict.await? {
                Verdict::NotReached(why) => result.not_reached(self.page, command, &why),
                Verdict::Holds(held) => {
                    result.report.commands += 1;
                    let line = self.page.source.place(command.start()).line;
                    let seconds = typed_at.elapsed().as_secs_f64();
                    result.report.typed.push(Typed {
                        command: i,
                        line,
                        seconds,
                        left_out: held.left_out,
                    });
                    let tries = held.retried.as_ref().map(tries_told);
                    let notes = held.notes.into_iter().chain(tries);
                    let notes = notes.map(|note| format!("line {line}: {note}"));
                    result.report.notes.extend(notes);
                    result.report.retried = result.report.retried.or(held.retried);
                }
                Verdict::Fails(mut failure) => {
                    result.report.commands += 1;
                    self.explain(shell, &mut failure).await;
                    if !self.options.keep_going {
                        stopped = Some(cause(self.page, &failure));
                    }
                    result.fail(*failure);
                }
            }
        }
        result.judge();
        result.report.seconds = begun.elapsed().as_secs_f64();
        Ok(result)
    }
}

impl SessionResult {
    /// Takes note of something that doesn't hold.
    pub(super) fn fail(&mut self, failure: Failure) {
        self.report.status = Status::Failed;
        if self.report.failure.is_some() {
            self.report.further.push(failure);
        } else {
            self.report.reason = Some(failure.message.clone());
            self.report.failure = Some(failure);
        }
    }

    /// Takes note of a command that wasn't typed.
    fn not_reached(&mut self, page: &Page, command: &Command, why: &str) {
        let not_reached = not_reached(page, command, why);
        self.report.not_reached.push(not_reached);
    }

    /// A session of which something wasn't reached proves nothing, whatever held.
    fn judge(&mut self) {
        let first = self.report.not_reached.first();
        if let (Status::Passed, Some(first)) = (self.report.status, first) {
            self.report.status = Status::Skipped;
            self.report.reason = Some(format!("not reached: {}", first.reason));
        }
    }
}

/// All commands of `step`, none of which was reached.
pub(super) fn none_reached(page: &Page, step: &SessionStep, why: &str) -> Vec<NotReached> {
    let commands = step.session.commands.iter().filter(|c| c.runs);
    commands
        .map(|command| not_reached(page, command, why))
        .collect()
}

fn not_reached(page: &Page, command: &Command, why: &str) -> NotReached {
    NotReached {
        line: page.source.place(command.start()).line,
        command: command.text(),
        reason: why.to_owned(),
    }
}
