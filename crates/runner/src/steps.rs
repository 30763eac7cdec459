//! The steps of one page on its machines, in order.

use std::collections::BTreeMap;
use std::error::Error;
use std::ops::ControlFlow::{self, Break, Continue};

use seaworthy_matching::Bindings;
use seaworthy_page::{
    ArchiveStep, FileStep, Lasts, MachineId, Page, Place as At, SessionStep, Step,
};
use seaworthy_report::Failure;
use seaworthy_terminal::Terminal;

use super::accept::{self, Accept};
use super::exercise::Trial;
use super::page::before;
use super::reach::{cause, shell_options};
use super::results::Results;
use super::session::Shell;
use super::{Options, SessionResult, copy, diagram, limits};
use crate::error::{BringError, PageError, Trouble};
use crate::host::{Host, PageMachine};

/// A page on its machines.
pub(super) struct Running<'a, H: Host> {
    pub(super) host: &'a H,
    pub(super) page: &'a Page,
    pub(super) options: &'a Options,
    pub(super) machines: &'a [H::Machine],
    /// The images that it couldn't be given, and why.
    pub(super) missing: &'a BTreeMap<String, String>,
}

impl<H: Host> Running<'_, H> {
    /// Runs the page's steps.
    ///
    /// # Errors
    /// What keeps the page from going on. A step that doesn't hold is none.
    pub(super) async fn steps(&self, results: &mut Results<'_>) -> Result<(), Trouble<H>> {
        if self.page.settings.state == Lasts::Session {
            return self.apart(results).await;
        }
        let mut shell = self.open(results).await?;
        let mut trials = BTreeMap::new();
        for (at, step) in self.page.steps.iter().enumerate() {
            let flow = self.step(&mut shell, (at, step), &mut trials, results);
            if flow.await?.is_break() {
                return Ok(());
            }
        }
        if self.options.accept == Some(Accept::All) {
            let changes = accept::of_prose(self.page, &shell.bindings);
            results.changes.extend(changes);
        }
        Ok(())
    }

    async fn step(
        &self,
        shell: &mut Shell<'_, H>,
        (at, step): (usize, &Step),
        trials: &mut BTreeMap<usize, Trial>,
        results: &mut Results<'_>,
    ) -> Result<ControlFlow<()>, Trouble<H>> {
        match step {
            Step::File(file) => self.write_file(shell, file).await?,
            Step::Archive(step) => self.unpack(shell, step).await?,
            // A check is run where its solution stands.
            Step::Session(step) if step.attributes.check.is_some() => {}
            Step::Session(step) => match self.left_out(step) {
                Some(reason) => results.not_run(at, &reason),
                None => return self.session(shell, at, trials, results).await,
            },
            Step::Diagram(step) if step.verify => match shell.gone() {
                Some(cause) => results.skip(at, &cause),
                None => {
                    let compared = diagram::compare::<H>(self.machines, self.page, step);
                    results.compared(at, compared.await?);
                }
            },
            Step::Malformed(_) => results.malformed(at),
            Step::Diagram(_) | Step::Listed(_) => {}
        }
        Ok(Continue(()))
    }

    /// A machine of the page.
    fn machine(&self, id: MachineId) -> &H::Machine {
        &self.machines[id.index()]
    }

    /// Why the session isn't run, if it isn't: its author said so, or it is meant for other engines.
    pub(super) fn left_out(&self, step: &SessionStep) -> Option<String> {
        super::left_out(step, &self.machine(step.machine).engine().version)
    }

    /// Gives the machines what the page brings, and opens their shells.
    pub(super) async fn open(&self, results: &Results<'_>) -> Result<Shell<'_, H>, Trouble<H>> {
        let mut terminals = Vec::new();
        for machine in self.machines {
            for folder in &self.page.copied {
                results.doing(&format!("copying {}", folder.name));
                let copied = copy::folder(machine, H::Machine::HOME, folder).await;
                copied.map_err(PageError::Folder)?;
            }
            let opened = Terminal::open(machine.place(), &shell_options::<H>()).await;
            terminals.push(opened.map_err(PageError::Shell)?);
        }
        Ok(Shell {
            page: self.page,
            astray: vec![None; terminals.len()],
            printed: None,
            terminals,
            at: 0,
            bindings: Bindings::new(),
            host: self.host,
            rerun: rerun(&self.options.root, self.page),
            accept: self.options.accept,
        })
    }

    pub(super) async fn write_file(
        &self,
        shell: &mut Shell<'_, H>,
        file: &FileStep,
    ) -> Result<(), Trouble<H>> {
        let Some(directory) = self.directory(shell, file.machine).await? else {
            return Ok(());
        };
        let content = shell.bindings.substitute_text(&file.content);
        shell.bindings.note_text(&file.content);
        let machine = self.machine(file.machine);
        let written = machine.write_file(&directory, &file.path, content.as_bytes());
        written
            .await
            .map_err(|error| met(&file.place, BringError::Host(error)))
    }

    pub(super) async fn unpack(
        &self,
        shell: &mut Shell<'_, H>,
        step: &ArchiveStep,
    ) -> Result<(), Trouble<H>> {
        let Some(directory) = self.directory(shell, step.machine).await? else {
            return Ok(());
        };
        let unpacked = copy::archive(self.machine(step.machine), &directory, step).await;
        unpacked.map_err(|error| met(&step.place, error))
    }

    /// The folder in which the shell of a machine stands; none where nothing is reached any more, so that a file is missed
    /// by nothing.
    async fn directory(
        &self,
        shell: &mut Shell<'_, H>,
        machine: MachineId,
    ) -> Result<Option<String>, Trouble<H>> {
        let at = machine.index();
        if shell.revive(at).await?.is_err() {
            return Ok(None);
        }
        let directory = shell.terminals[at].cwd().await;
        Ok(Some(directory.map_err(PageError::Shell)?))
    }

    /// Runs the session at step `at`; if it solves an exercise, the exercise's check before it and after it.
    async fn session(
        &self,
        shell: &mut Shell<'_, H>,
        at: usize,
        trials: &mut BTreeMap<usize, Trial>,
        results: &mut Results<'_>,
    ) -> Result<ControlFlow<()>, Trouble<H>> {
        let exercises = &self.page.exercises;
        let exercise = exercises.iter().find(|e| e.solutions.contains(&at));
        if let Some(exercise) = exercise.filter(|e| e.solutions[0] == at) {
            let trial = self.before_solution(shell, exercise.check, results).await?;
            if self.flow(exercise.check, results).is_break() {
                return Ok(Break(()));
            }
            trials.insert(exercise.check, trial);
        }
        self.run(shell, at, &[], results).await?;
        if self.flow(at, results).is_break() {
            return Ok(Break(()));
        }
        let solved = exercise.filter(|e| e.solutions.last() == Some(&at));
        let trial = solved.and_then(|exercise| trials.remove(&exercise.check));
        let (Some(exercise), Some(trial)) = (solved, trial) else {
            return Ok(Continue(()));
        };
        if let Some(reason) = results.not_reached(&exercise.solutions) {
            results.skip(exercise.check, &reason);
        } else if results.status(exercise.check).is_none() {
            let notes = trial.notes();
            self.run(shell, exercise.check, &notes, results).await?;
        }
        results.exercise(exercise, trial);
        Ok(self.flow(exercise.check, results))
    }

    /// Tries the check at step `at`, which must not hold yet. One that does has failed.
    async fn before_solution(
        &self,
        shell: &mut Shell<'_, H>,
        at: usize,
        results: &mut Results<'_>,
    ) -> Result<Trial, Trouble<H>> {
        let check = self.session_step(at);
        results.doing(&format!("line {}: must not hold yet", check.place.line));
        let trial = shell.trial(check).await?;
        if let Some(complaint) = trial.complaint() {
            let mut result = shell.holds_too_early(check, complaint);
            if let Some(failure) = &mut result.report.failure {
                self.explain(shell, failure).await;
            }
            results.ended(at, result);
        }
        Ok(trial)
    }

    /// Runs the session at step `at`, and tells it with `notes` first.
    pub(super) async fn run(
        &self,
        shell: &mut Shell<'_, H>,
        at: usize,
        notes: &[String],
        results: &mut Results<'_>,
    ) -> Result<(), Trouble<H>> {
        let step = self.session_step(at);
        results.doing(&format!("line {}", step.place.line));
        let mut result: SessionResult = self.block(shell, step, &mut results.changes).await?;
        result.report.notes.splice(0..0, notes.iter().cloned());
        results.ended(at, result);
        Ok(())
    }

    /// Adds to a failure why it came to it, and what its machine looks like.
    pub(super) async fn explain(&self, shell: &Shell<'_, H>, failure: &mut Failure) {
        let machine = &self.machines[shell.at];
        let mut missing = self.host.missing();
        missing.extend(self.missing.clone());
        explain(failure, &missing);
        let hit = limits::hit(self.page, machine, Some(failure)).await;
        failure.help = before(hit, &failure.help);
        failure.machine = machine.state().await;
    }

    /// Whether the page goes on after the session at step `at`; if not, the rest is skipped.
    fn flow(&self, at: usize, results: &mut Results<'_>) -> ControlFlow<()> {
        let failure = results.failure(at).filter(|_| !self.options.keep_going);
        let Some(cause) = failure.map(|failure| cause(self.page, failure)) else {
            return Continue(());
        };
        results.skip_rest(&cause);
        Break(())
    }

    /// The session at step `at`.
    fn session_step(&self, at: usize) -> &SessionStep {
        match &self.page.steps[at] {
            Step::Session(step) => step,
            _ => unreachable!("only sessions are asked for"),
        }
    }
}

/// What the step at a place of the page met with.
fn met<E: Error, P: Error>(at: &At, source: BringError<E>) -> PageError<E, P> {
    PageError::Step {
        file: at.file.clone(),
        line: at.line,
        source,
    }
}

/// Says of a failure that an image which its command or its output names couldn't be had, and why.
fn explain(failure: &mut Failure, missing: &BTreeMap<String, String>) {
    for (reference, why) in missing {
        let name = reference.strip_suffix(":latest").unwrap_or(reference);
        let words = failure.command.split_whitespace();
        let words = words.chain(failure.actual.split_whitespace());
        let mut words = words.map(|word| word.trim_matches(['\'', '"', ',']));
        if words.any(|word| word == name || word == reference) {
            // What else would help is less near.
            failure.help = why.replace('\n', "\n  ");
        }
    }
}

/// The command that runs the page alone.
pub(super) fn rerun(root: &str, page: &Page) -> String {
    let quoted = |word: &str| shlex::try_quote(word).map_or(word.to_owned(), Into::into);
    if root == "." {
        format!("seaworthy check {}", quoted(&page.file))
    } else {
        format!("seaworthy check {} {}", quoted(root), quoted(&page.file))
    }
}
