//! Runs the commands of one session, and says which weren't reached.

use std::time::Instant;

use anyhow::Result;
use seaworthy_console::Command;
use seaworthy_page::{Page, SessionStep};
use seaworthy_report::{Failure, NotReached, Status, Typed};

use super::SessionResult;
use super::page::Running;
use super::reach::cause;
use super::session::{Held, Shell, Verdict, blank, tries_told};

impl Running<'_> {
    /// Runs the session `step`. After a command that doesn't hold, the rest is tried if the check keeps going.
    ///
    /// # Errors
    /// If the engine is lost.
    pub(super) async fn block(
        &self,
        shell: &mut Shell<'_>,
        step: &SessionStep,
    ) -> Result<SessionResult> {
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
                let not_reached = not_reached(self.page, command, why);
                result.report.not_reached.push(not_reached);
                continue;
            }
            let mut changes = Vec::new();
            let typed_at = Instant::now();
            let verdict = shell.command(step, command, Some(i) == last, &mut changes);
            let verdict = verdict.await?;
            result.changes.extend(changes);
            let line = self.page.source.place(command.start()).line;
            result.report.commands += usize::from(!matches!(verdict, Verdict::NotReached(_)));
            match verdict {
                Verdict::Holds(Held {
                    notes,
                    retried,
                    left_out,
                }) => {
                    result.report.typed.push(Typed {
                        command: i,
                        line,
                        seconds: typed_at.elapsed().as_secs_f64(),
                        left_out,
                    });
                    let notes = notes.into_iter().chain(retried.as_ref().map(tries_told));
                    let notes = notes.map(|note| format!("line {line}: {note}"));
                    result.report.notes.extend(notes);
                    result.report.retried = result.report.retried.or(retried);
                }
                Verdict::NotReached(why) => {
                    let not_reached = not_reached(self.page, command, &why);
                    result.report.not_reached.push(not_reached);
                }
                Verdict::Fails(mut failure) => {
                    self.explain(shell, &mut failure).await;
                    if !self.options.keep_going {
                        stopped = Some(cause(self.page, &failure));
                    }
                    result.fail(*failure);
                }
            }
        }
        if let (Status::Passed, Some(first)) =
            (result.report.status, result.report.not_reached.first())
        {
            result.report.status = Status::Skipped;
            result.report.reason = Some(format!("not reached: {}", first.reason));
        }
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
