//! Runs one page: machine, images, shell, steps.

use std::time::Instant;

use anyhow::{Context, Result};
use seaworthy_page::{FileStep, Page, Step};
use seaworthy_report::{self as report, Failure, Status};

use super::accept::{self, Accept, Change};
use super::diagram;
use super::images::{self, Found};
use super::limits;
use super::session::{Shell, blank};
use super::{Event, MACHINE, Observer, Options, SessionResult};
use crate::engine::{EngineError, Kind};
use crate::machine::{Machine, MachineError, MachineKind, Machines, Run};
use crate::matching::Bindings;
use crate::terminal::{Terminal, TerminalError, TerminalOptions};

/// Where a page's shell begins: the home folder of the machine image.
const HOME: &str = "/home/learner";

/// What came of a page.
pub(super) struct Outcome {
    pub(super) report: report::Page,
    /// The engine that it ran on, if it ran.
    pub(super) engine: Option<report::Engine>,
    pub(super) images: Vec<report::Image>,
    pub(super) changes: Vec<Result<Change, String>>,
}

/// The outcome of a page of which nothing is run.
pub(super) fn not_run(page: &Page, observer: &dyn Observer) -> Outcome {
    let mut sessions = Sessions::new(page, observer);
    sessions.skip_rest("");
    Outcome {
        changes: Vec::new(),
        report: sessions.report(0.0),
        engine: None,
        images: Vec::new(),
    }
}

/// Runs `page` on a machine of its own.
///
/// # Errors
/// What isn't the page's fault: no machine can be had, the engine is lost.
pub(super) async fn run(
    run: &Run,
    page: &Page,
    options: &Options,
    observer: &dyn Observer,
) -> Result<Outcome> {
    let begun = Instant::now();
    observer.event(&Event::Doing(page, "starting its machine"));
    let names = [MACHINE.to_owned()];
    let machine_options = limits::machine_options(&page.settings.limits, &options.machine);
    let (found, machines) = tokio::join!(
        images::find(run.engine(), page),
        Machines::start(run, &names, &machine_options)
    );
    let (found, machines) = (found?, machines?);
    let machine = &machines.all()[0];
    let inner = machine.inner();
    let engine = report::Engine {
        version: inner.engine.clone(),
        api: inner.api.clone(),
    };
    let mut sessions = Sessions::new(page, observer);
    if let Err(error) = steps(machine, page, options, &found, &mut sessions).await {
        // A page that can't be given its images, shell or files fails alone.
        if lost(&error) {
            return Err(error);
        }
        sessions.break_page(format!("{error:#}"), machine).await;
    }
    if sessions.all_passed() {
        match machine.left().await {
            Ok(left) => sessions.left = left.iter().map(ToString::to_string).collect(),
            // A machine that the page has broken proves nothing any more.
            Err(error) => {
                let error = format!("the page leaves its machine broken: {error}");
                sessions.break_page(error, machine).await;
            }
        }
    }
    machines.remove().await?;
    Ok(Outcome {
        changes: std::mem::take(&mut sessions.changes),
        report: sessions.report(begun.elapsed().as_secs_f64()),
        engine: Some(engine),
        images: found.images,
    })
}

async fn steps(
    machine: &Machine,
    page: &Page,
    options: &Options,
    found: &Found,
    sessions: &mut Sessions<'_>,
) -> Result<()> {
    for image in &found.images {
        let doing = format!("giving it {}", image.reference);
        sessions.observer.event(&Event::Doing(page, &doing));
        machine.load_image(&image.reference).await?;
    }
    let terminal_options = TerminalOptions {
        directory: Some(HOME.to_owned()),
        ..TerminalOptions::default()
    };
    let terminal = Terminal::open(machine.engine(), machine.container(), &terminal_options).await?;
    let mut shell = Shell {
        page,
        terminal,
        bindings: Bindings::new(),
        rerun: rerun(&options.root, page),
        accept: options.accept,
    };
    for step in &page.steps {
        match step {
            Step::File(file) => write_file(machine, &mut shell, file).await?,
            Step::Session(step) if step.attributes.no_run.is_none() => {
                let doing = format!("line {}", step.place.line);
                sessions.observer.event(&Event::Doing(page, &doing));
                let mut result = shell.session(step).await?;
                let failed = result.report.status == Status::Failed;
                if let Some(failure) = &mut result.report.failure {
                    explain(failure, found);
                    let hit = limits::hit(page, machine, Some(failure)).await;
                    failure.help = before(hit, &failure.help);
                    failure.machine = machine.state().await.to_string();
                }
                sessions.ended(result);
                if failed && (!options.keep_going || shell.terminal.is_lost()) {
                    sessions.skip_rest(&format!("line {} does not hold", step.place.line));
                    return Ok(());
                }
            }
            Step::Session(_) => sessions.not_run(),
            Step::Diagram(step) if step.verify => {
                let compared = diagram::compare(machine, page, step).await?;
                sessions.compared(compared);
            }
            Step::Diagram(_) | Step::Listed(_) => {}
        }
    }
    if options.accept == Some(Accept::All) {
        sessions
            .changes
            .extend(accept::of_prose(page, &shell.bindings));
    }
    Ok(())
}

async fn write_file(machine: &Machine, shell: &mut Shell<'_>, file: &FileStep) -> Result<()> {
    let directory = shell.terminal.cwd().await?;
    let content = shell.bindings.substitute(&file.content);
    shell.bindings.note_typed(&file.content);
    let written = machine.write_file(&directory, &file.path, content.as_bytes());
    let place = &file.place;
    written
        .await
        .with_context(|| format!("{}:{}", place.file, place.line))
}

/// Whether the outer engine is lost, and with it every page.
fn lost(error: &anyhow::Error) -> bool {
    let machine = error.downcast_ref::<MachineError>();
    let machine = machine.is_some_and(|e| e.kind() == MachineKind::Engine(Kind::Lost));
    let terminal = error.downcast_ref::<TerminalError>();
    let terminal =
        terminal.is_some_and(|e| matches!(e, TerminalError::Engine(e) if e.kind() == Kind::Lost));
    let engine = error.downcast_ref::<EngineError>();
    machine || terminal || engine.is_some_and(|e| e.kind() == Kind::Lost)
}

/// Adds to a failure that an image its command names couldn't be had.
fn explain(failure: &mut Failure, found: &Found) {
    for (reference, why) in &found.missing {
        let name = reference.strip_suffix(":latest").unwrap_or(reference);
        let mut words = failure.command.split_whitespace();
        if words.any(|word| word == name || word == reference) {
            let said = format!("the image `{reference}` could not be had: {why}");
            failure.help = before(said, &failure.help);
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

/// The sessions of a page as they end, in order.
struct Sessions<'a> {
    page: &'a Page,
    observer: &'a dyn Observer,
    ended: Vec<report::Session>,
    compared: Vec<report::Diagram>,
    changes: Vec<Result<Change, String>>,
    left: Vec<String>,
    error: Option<String>,
}

impl<'a> Sessions<'a> {
    fn new(page: &'a Page, observer: &'a dyn Observer) -> Self {
        Self {
            page,
            observer,
            ended: Vec::new(),
            compared: Vec::new(),
            changes: Vec::new(),
            left: Vec::new(),
            error: None,
        }
    }

    fn ended(&mut self, mut result: SessionResult) {
        self.changes.append(&mut result.changes);
        self.observer
            .event(&Event::SessionEnded(self.page, &result));
        self.ended.push(result.report);
    }

    fn compared(&mut self, diagram: report::Diagram) {
        self.observer
            .event(&Event::DiagramCompared(self.page, &diagram));
        self.compared.push(diagram);
    }

    /// The next session is one that its author marked `no_run`.
    fn not_run(&mut self) {
        self.next_without_run("");
    }

    /// All further sessions aren't run, because of `reason`.
    fn skip_rest(&mut self, reason: &str) {
        while self.next_without_run(reason) {}
        let verified = self.page.steps.iter().filter_map(|step| match step {
            Step::Diagram(step) if step.verify => Some(step),
            _ => None,
        });
        for step in verified.skip(self.compared.len()) {
            let skipped = diagram::blank(self.page, step, Status::Skipped, Vec::new());
            self.compared.push(skipped);
        }
    }

    /// The page can't be run further: `error` says why, and the machine whether a limit was hit.
    async fn break_page(&mut self, error: String, machine: &Machine) {
        self.error = Some(before(error, &limits::hit(self.page, machine, None).await));
        self.skip_rest("the page could not be run");
    }

    /// Ends the next session without running it; false if there is none.
    fn next_without_run(&mut self, reason: &str) -> bool {
        let Some(step) = self.page.sessions().nth(self.ended.len()) else {
            return false;
        };
        let (status, reason) = match &step.attributes.no_run {
            Some(reason) => (Status::NotRun, reason.as_str()),
            None => (Status::Skipped, reason),
        };
        let mut result = blank(self.page, step, status);
        result.report.reason = Some(reason.to_owned());
        self.ended(result);
        true
    }

    fn all_passed(&self) -> bool {
        let held = |s: &report::Session| matches!(s.status, Status::Passed | Status::NotRun);
        let looked = |d: &report::Diagram| d.status == Status::Passed;
        self.error.is_none() && self.ended.iter().all(held) && self.compared.iter().all(looked)
    }

    fn report(self, seconds: f64) -> report::Page {
        report::Page {
            file: self.page.file.clone(),
            finished: super::now(),
            seconds,
            sessions: self.ended,
            diagrams: self.compared,
            left: self.left,
            error: self.error,
        }
    }
}
