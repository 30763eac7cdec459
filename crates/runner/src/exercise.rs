//! Exercises: a check has to fail before the solution, and to hold after it.
//!
//! A check that holds before the solution proves nothing: a learner who did nothing would be told that
//! the exercise is solved. So each check is tried when its first solution is reached, command by command.

use seaworthy_console::Command;
use seaworthy_page::{SessionAttributes, SessionStep};
use seaworthy_report::{Failure, FailureCode, Status};

use super::SessionResult;
use super::session::{Shell, Verdict, blank};
use crate::error::Trouble;
use crate::host::Host;

/// How the commands of a check fared before the solution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Trial {
    /// The lines of those that failed, as they should.
    pub(super) failed: Vec<usize>,
    /// The lines of those that held, and so check nothing.
    pub(super) held: Vec<usize>,
    /// Those that couldn't be judged: the line, and what happened. That is no failure that proves anything.
    pub(super) unable: Vec<(usize, String)>,
}

impl Trial {
    /// Why the check can't tell a solved exercise from an unsolved one, if it can't.
    pub(super) fn complaint(&self) -> Option<(FailureCode, String)> {
        if !self.failed.is_empty() {
            return None;
        }
        Some(match self.unable.as_slice() {
            [] => (FailureCode::CheckHoldsEarly, "this check holds before its solution: it can't tell a solved exercise from an unsolved one".to_owned()),
            [(line, why), ..] => (FailureCode::CheckCannotRun, format!("before its solution this check doesn't fail, it can't be run: line {line} {why}")),
        })
    }

    /// What is worth knowing of a check that did fail.
    pub(super) fn notes(&self) -> Vec<String> {
        let held = self.held.iter();
        let held = held.map(|line| {
            format!("line {line}: holds before the solution too, so it checks nothing")
        });
        let unable = self.unable.iter();
        let unable = unable.map(|(line, why)| format!("line {line}: before the solution it {why}"));
        held.chain(unable).collect()
    }
}

impl<H: Host> Shell<'_, H> {
    /// Types the commands of the check `step`, each once, whatever the others do. The page's bindings stay as they
    /// were: what a failing check prints stands for nothing.
    ///
    /// # Errors
    /// If the engine is lost.
    pub(super) async fn trial(&mut self, step: &SessionStep) -> Result<Trial, Trouble<H>> {
        // Waiting for a check to hold makes no sense where it must not.
        let once = SessionStep {
            attributes: SessionAttributes {
                retry: None,
                ..step.attributes.clone()
            },
            ..step.clone()
        };
        self.go_to(step);
        let before = self.bindings.clone();
        let mut trial = Trial::default();
        let last = once.session.commands.iter().rposition(|c| c.runs);
        for (i, command) in once.session.commands.iter().enumerate() {
            if !command.runs {
                continue;
            }
            let line = self.page.source.place(command.start()).line;
            let mut changes = Vec::new();
            let verdict = self.command(&once, command, Some(i) == last, &mut changes);
            match verdict.await? {
                Verdict::Holds(_) => trial.held.push(line),
                // It tells nothing: another one has failed, as it should.
                Verdict::NotReached(_) => {}
                Verdict::Fails(failure) => match unable(&failure) {
                    Some(why) => trial.unable.push((line, why)),
                    None => trial.failed.push(line),
                },
            }
        }
        self.bindings = before;
        Ok(trial)
    }
}

impl<H: Host> Shell<'_, H> {
    /// What came of the check `step` that can't tell solved from unsolved, as the complaint says.
    pub(super) fn holds_too_early(
        &self,
        step: &SessionStep,
        (code, message): (FailureCode, String),
    ) -> SessionResult {
        let mut result = blank(self.page, step, Status::Failed);
        let first = step.session.commands.iter().find(|c| c.runs);
        let failure = Failure {
            code,
            file: step.place.file.clone(),
            line: step.place.line,
            command: first.map(Command::text).unwrap_or_default(),
            exit: None,
            message,
            help: "let one of its commands fail as long as the exercise isn't solved".to_owned(),
            expected: String::new(),
            actual: String::new(),
            diff: Vec::new(),
            machine: String::new(),
            rerun: self.rerun.clone(),
        };
        result.fail(failure);
        result
    }
}

/// Why a failure says nothing about the exercise, if so: the command didn't end, or couldn't be run at all.
fn unable(failure: &Failure) -> Option<String> {
    match failure.exit {
        Some(126 | 127) | None => Some(failure.message.clone()),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_must_fail_by_itself() {
        let trial = |failed: &[usize], held: &[usize], unable: &[usize]| Trial {
            failed: failed.to_vec(),
            held: held.to_vec(),
            unable: unable
                .iter()
                .map(|&line| (line, "exited with 127".to_owned()))
                .collect(),
        };
        assert_eq!(trial(&[3], &[], &[]).complaint(), None);
        assert_eq!(trial(&[3], &[4], &[5]).complaint(), None);
        let (code, holds) = trial(&[], &[3, 4], &[]).complaint().unwrap();
        assert_eq!(code, FailureCode::CheckHoldsEarly);
        assert!(holds.contains("holds before its solution"), "{holds}");
        let (code, unable) = trial(&[], &[3], &[4]).complaint().unwrap();
        assert_eq!(code, FailureCode::CheckCannotRun);
        assert!(unable.ends_with("line 4 exited with 127"), "{unable}");
        assert_eq!(trial(&[3], &[4], &[5]).notes().len(), 2);
    }
}
