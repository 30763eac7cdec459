//! Runs one page: machines, images, shells, steps.

use std::collections::BTreeMap;
use std::ops::ControlFlow::{self, Break, Continue};
use std::time::Duration;

use anyhow::{Context, Result};
use seaworthy_page::{ArchiveStep, FileStep, Page, SessionAttributes, SessionStep, Step};
use seaworthy_report::{self as report, Failure};

use super::accept::{self, Accept, Change};
use super::exercise::Trial;
use super::images::{self, Found};
use super::reach::{cause, shell_options};
use super::results::Results;
use super::session::Shell;
use super::{
    MACHINE, Observer, Options, Place, SessionResult, copy, diagram, limits, unless_lost, version,
};
use crate::shells::{Terminal, TerminalError};
use seaworthy_machine::engine::{EngineError, Kind};
use seaworthy_machine::{HOME, Machine, MachineError, MachineKind, MachineOptions, Machines, Run};
use seaworthy_matching::Bindings;
use tokio::time::Instant;

/// What came of a page.
pub(super) struct Outcome {
    pub(super) report: report::Page,
    /// The engine that it ran on, if it ran.
    pub(super) engine: Option<report::Engine>,
    pub(super) images: Vec<report::Image>,
    pub(super) changes: Vec<Result<Change, String>>,
}

/// A page whose machines are up.
pub(super) struct Ready<'a> {
    page: &'a Page,
    machines: Machines,
    found: Found,
    /// How long that took.
    starting: Duration,
}

/// The outcome of a page of which nothing is run, because of `reason` if it isn't the author's marks.
pub(super) fn not_run(page: &Page, reason: Option<&str>, observer: &dyn Observer) -> Outcome {
    let mut results = Results::new(page, observer);
    results.leave_out(reason.unwrap_or_default());
    without_machines(results)
}

/// Whether `error` says that a page's machines did not come up, and no more: that page alone fails.
pub(super) fn is_not_up(error: &anyhow::Error) -> bool {
    let machine = error.downcast_ref::<MachineError>();
    machine.is_some_and(|error| matches!(error, MachineError::NotUp { .. }))
}

/// The outcome of a page that could not be begun because of `error`.
pub(super) fn not_begun(page: &Page, error: &anyhow::Error, observer: &dyn Observer) -> Outcome {
    let mut results = Results::new(page, observer);
    let tight = limits::tight(&page.settings.limits);
    results.fail_page(before(format!("{error:#}"), &tight));
    without_machines(results)
}

/// The outcome of a page that wasn't begun because the engine was lost, as `why` says.
pub(super) fn unfinished(page: &Page, why: &str, observer: &dyn Observer) -> Outcome {
    let mut results = Results::new(page, observer);
    results.leave_unfinished(why.to_owned());
    without_machines(results)
}

fn without_machines(results: Results<'_>) -> Outcome {
    Outcome {
        changes: Vec::new(),
        report: results.report(0.0),
        engine: None,
        images: Vec::new(),
    }
}

/// Starts the machines of `page`, and has its images at hand.
///
/// # Errors
/// If no machine can be had, or the engine is lost.
pub(super) async fn start<'a>(run: &Run, page: &'a Page, options: &Options) -> Result<Ready<'a>> {
    let begun = Instant::now();
    let names = names(page);
    let mut found = images::find(run, page, &options.machine).await?;
    let machine = MachineOptions {
        images: std::mem::take(&mut found.prepared),
        ..limits::machine_options(&page.settings.limits, &options.machine)
    };
    Ok(Ready {
        page,
        machines: Machines::start(run, &names, &machine).await?,
        found,
        starting: begun.elapsed(),
    })
}

/// The names of the page's machines.
fn names(page: &Page) -> Vec<String> {
    match page.settings.machines.as_slice() {
        [] => vec![MACHINE.to_owned()],
        names => names.to_vec(),
    }
}

/// Runs a page; gives what came of it, and the machines, which are the caller's to remove.
pub(super) async fn run(
    place: &Place<'_>,
    ready: Ready<'_>,
    options: &Options,
    observer: &dyn Observer,
) -> (Outcome, Machines) {
    let begun = Instant::now();
    let Ready {
        page,
        machines,
        found,
        starting,
    } = ready;
    let inner = machines.all().first().map(Machine::inner);
    let engine = inner.map(|inner| report::Engine {
        version: inner.engine.clone(),
        api: inner.api.clone(),
    });
    let last = options.earlier.as_deref().zip(engine.as_ref());
    let last = last.and_then(|(earlier, engine)| earlier.page(engine, &page.file));
    let held_with = last.map(|page| page.held_with.clone());
    let mut results = Results::new(page, observer);
    results.given(found.images.clone(), held_with.unwrap_or_default());
    let running = Running {
        place,
        page,
        options,
        machines: machines.all(),
        found: &found,
    };
    let steps = running.steps(&mut results);
    let ended = unless_lost(&place.watch, begun, steps).await;
    match ended {
        Ok(()) => {}
        Err(error) if place.note(&error) => results.leave_unfinished(format!("{error:#}")),
        // A page that can't be given its images, shell or files fails alone.
        Err(error) => {
            let mut hit = Vec::new();
            for machine in machines.all() {
                hit.push(limits::hit(page, machine, None).await);
            }
            let hit: Vec<_> = hit.into_iter().filter(|hit| !hit.is_empty()).collect();
            results.fail_page(before(format!("{error:#}"), &hit.join("\n  ")));
        }
    }
    if results.all_passed() {
        let look = look_around(page, machines.all(), &mut results);
        if let Err(error) = unless_lost(&place.watch, Instant::now(), look).await
            && place.note(&error)
        {
            results.leave_unfinished(format!("{error:#}"));
        }
    }
    let outcome = Outcome {
        engine,
        changes: std::mem::take(&mut results.changes),
        report: results.report((starting + begun.elapsed()).as_secs_f64()),
        images: found.images,
    };
    (outcome, machines)
}

/// Notes what a page that holds leaves behind on its machines, or that it leaves one broken, which proves nothing any
/// more.
///
/// # Errors
/// The last trouble with a machine, for those who know whether it is the page's own.
async fn look_around(page: &Page, machines: &[Machine], results: &mut Results<'_>) -> Result<()> {
    let mut trouble = Ok(());
    for machine in machines {
        match machine.left().await {
            Ok(left) => results.left.extend(left.iter().map(ToString::to_string)),
            Err(error) => {
                let said = format!("the page leaves its machine broken: {error}");
                let hit = limits::hit(page, machine, None).await;
                results.fail_page(before(said, &hit));
                trouble = Err(error.into());
            }
        }
    }
    trouble
}

/// A page on its machines.
pub(super) struct Running<'a> {
    place: &'a Place<'a>,
    pub(super) page: &'a Page,
    pub(super) options: &'a Options,
    machines: &'a [Machine],
    found: &'a Found,
}

impl Running<'_> {
    async fn steps(&self, results: &mut Results<'_>) -> Result<()> {
        let mut shell = self.open(results).await?;
        let mut trials = BTreeMap::new();
        for (at, step) in self.page.steps.iter().enumerate() {
            let flow = match step {
                Step::File(file) => self.write_file(&mut shell, file).await?,
                Step::Archive(step) => self.unpack(&mut shell, step).await?,
                // A check is run where its solution stands.
                Step::Session(step) if step.attributes.check.is_some() => Continue(()),
                Step::Session(step) => match self.left_out(step) {
                    Some(reason) => results.not_run(at, &reason),
                    None => self.session(&mut shell, at, &mut trials, results).await?,
                },
                Step::Diagram(step) if step.verify => {
                    if let Some(cause) = shell.gone() {
                        results.skip(at, &cause);
                        continue;
                    }
                    let compared = diagram::compare(self.machines, self.page, step).await?;
                    results.compared(at, compared)
                }
                Step::Diagram(_) | Step::Listed(_) => Continue(()),
            };
            if flow.is_break() {
                return Ok(());
            }
        }
        if self.options.accept == Some(Accept::All) {
            let changes = accept::of_prose(self.page, &shell.bindings);
            results.changes.extend(changes);
        }
        Ok(())
    }

    /// Why the session isn't run, if it isn't: its author said so, or it is meant for other engines.
    fn left_out(&self, step: &SessionStep) -> Option<String> {
        let SessionAttributes { no_run, docker, .. } = &step.attributes;
        let machine = &self.machines[self.page.machine_of(step.attributes.on.as_deref())];
        let inside = version::read(&machine.inner().engine);
        let unfit = || version::unfit(docker.as_ref(), inside.as_ref());
        no_run.clone().or_else(unfit)
    }

    /// Gives the machines what the page brings, and opens their shells.
    async fn open(&self, results: &Results<'_>) -> Result<Shell<'_>> {
        let mut terminals = Vec::new();
        for machine in self.machines {
            for folder in &self.page.copied {
                results.doing(&format!("copying {}", folder.name));
                copy::folder(machine, HOME, folder).await?;
            }
            let options = shell_options();
            let opened = Terminal::open(machine.place(), &options);
            terminals.push(opened.await?);
        }
        Ok(Shell {
            page: self.page,
            astray: vec![None; terminals.len()],
            printed: None,
            terminals,
            at: 0,
            bindings: Bindings::new(),
            watch: &self.place.watch,
            rerun: rerun(&self.options.root, self.page),
            accept: self.options.accept,
        })
    }

    async fn write_file(&self, shell: &mut Shell<'_>, file: &FileStep) -> Result<ControlFlow<()>> {
        let at = self.page.machine_of(file.on.as_deref());
        if shell.revive(at).await?.is_err() {
            // Nothing on that machine is reached any more, so the file is missed by nothing.
            return Ok(Continue(()));
        }
        let directory = shell.terminals[at].cwd().await?;
        let content = shell.bindings.substitute_text(&file.content);
        shell.bindings.note_text(&file.content);
        let machine = &self.machines[at];
        let written = machine.write_file(&directory, &file.path, content.as_bytes());
        let place = &file.place;
        written
            .await
            .with_context(|| format!("{}:{}", place.file, place.line))?;
        Ok(Continue(()))
    }

    async fn unpack(&self, shell: &mut Shell<'_>, step: &ArchiveStep) -> Result<ControlFlow<()>> {
        let at = self.page.machine_of(step.on.as_deref());
        if shell.revive(at).await?.is_err() {
            // Nothing on that machine is reached any more, so the files are missed by nothing.
            return Ok(Continue(()));
        }
        let directory = shell.terminals[at].cwd().await?;
        let place = &step.place;
        copy::archive(&self.machines[at], &directory, step)
            .await
            .with_context(|| format!("{}:{}", place.file, place.line))?;
        Ok(Continue(()))
    }

    /// Runs the session at step `at`; if it solves an exercise, the exercise's check before it and after it.
    async fn session(
        &self,
        shell: &mut Shell<'_>,
        at: usize,
        trials: &mut BTreeMap<usize, Trial>,
        results: &mut Results<'_>,
    ) -> Result<ControlFlow<()>> {
        let exercises = &self.page.exercises;
        let exercise = exercises.iter().find(|e| e.solutions.contains(&at));
        if let Some(exercise) = exercise.filter(|e| e.solutions[0] == at) {
            let check = self.step(exercise.check);
            results.doing(&format!("line {}: must not hold yet", check.place.line));
            let trial = shell.trial(check).await?;
            if let Some(complaint) = trial.complaint() {
                let mut result = shell.holds_too_early(check, complaint);
                if let Some(failure) = &mut result.report.failure {
                    self.explain(shell, failure).await;
                }
                results.ended(exercise.check, result);
                if self.flow(exercise.check, results).is_break() {
                    return Ok(Break(()));
                }
            }
            trials.insert(exercise.check, trial);
        }
        let result = self.run(shell, at, results).await?;
        results.ended(at, result);
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
            let mut result = self.run(shell, exercise.check, results).await?;
            result.report.notes.splice(0..0, trial.notes());
            results.ended(exercise.check, result);
        }
        results.exercise(exercise, trial);
        Ok(self.flow(exercise.check, results))
    }

    async fn run(
        &self,
        shell: &mut Shell<'_>,
        at: usize,
        results: &Results<'_>,
    ) -> Result<SessionResult> {
        let step = self.step(at);
        results.doing(&format!("line {}", step.place.line));
        self.block(shell, step).await
    }

    /// Adds to a failure why it came to it, and what its machine looks like.
    pub(super) async fn explain(&self, shell: &Shell<'_>, failure: &mut Failure) {
        let machine = &self.machines[shell.at];
        let mut missing = self.place.run.pulled().missing;
        missing.extend(self.found.missing.clone());
        explain(failure, &missing);
        let hit = limits::hit(self.page, machine, Some(failure)).await;
        failure.help = before(hit, &failure.help);
        failure.machine = machine.state().await.to_string();
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
    fn step(&self, at: usize) -> &SessionStep {
        match &self.page.steps[at] {
            Step::Session(step) => step,
            _ => unreachable!("only sessions are asked for"),
        }
    }
}

/// Whether the outer engine is lost, and with it every page.
pub(super) fn lost(error: &anyhow::Error) -> bool {
    let machine = error.downcast_ref::<MachineError>();
    let machine = machine.is_some_and(|e| e.kind() == MachineKind::Engine(Kind::Lost));
    let terminal = error.downcast_ref::<TerminalError>();
    let terminal =
        terminal.is_some_and(|e| matches!(e, TerminalError::Place(e) if e.kind() == Kind::Lost));
    let engine = error.downcast_ref::<EngineError>();
    machine || terminal || engine.is_some_and(|e| e.kind() == Kind::Lost)
}

/// Adds to the report of a page that has ended what went wrong after that.
pub(super) fn add_error(page: &mut report::Page, error: String) {
    let earlier = page.error.take().unwrap_or_default();
    page.error = Some(before(earlier, &error));
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

/// What is said first, then the rest if there is any.
fn before(first: String, rest: &str) -> String {
    match (first.as_str(), rest) {
        ("", rest) => rest.to_owned(),
        (_, "") => first,
        (first, rest) => format!("{first}\n  {rest}"),
    }
}

fn rerun(root: &str, page: &Page) -> String {
    let quoted = |word: &str| shlex::try_quote(word).map_or(word.to_owned(), Into::into);
    if root == "." {
        format!("seaworthy check {}", quoted(&page.file))
    } else {
        format!("seaworthy check {} {}", quoted(root), quoted(&page.file))
    }
}
