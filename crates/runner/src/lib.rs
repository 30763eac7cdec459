//! Runs the pages of a book: each on machines of its own, its sessions typed into one shell per machine.
//!
//! Enter at [`check`]. What happens is told to an [`Observer`] as it happens; what came of it is
//! the value.

mod accept;
mod block;
mod copy;
mod diagram;
mod exercise;
mod hints;
mod images;
mod limits;
mod makes;
mod page;
mod places;
mod reach;
mod results;
mod session;
mod shells;
mod told;
mod verdict;
mod version;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, OnceLock};

use anyhow::Result;
use futures_util::future::try_join_all;
use seaworthy_page::{Page, Version};
use seaworthy_report::{self as report, Status};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::Instant;

use seaworthy_machine::engine::Engine;
use seaworthy_machine::{Kept, MachineOptions, Run, Watch};

pub use accept::{Accept, Change};
pub use shells::TerminalError;

/// The name of a page's machine, which is also its host name, where the author gives none.
pub const MACHINE: &str = "docker-host";

/// How pages are run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The book's folder as the caller names it, for the command that runs one page again.
    pub root: String,
    /// Run what comes on a page after a command that failed, as far as it can be reached.
    pub keep_going: bool,
    /// Take what is printed for what should be, and say what would have to change.
    pub accept: Option<Accept>,
    /// How many pages run at a time; if not said, what the engine's host can carry.
    pub jobs: Option<usize>,
    /// The report of the last check: how long pages took, and with which images they last held.
    pub earlier: Option<Arc<report::Report>>,
    /// Leave the machines of a page that doesn't hold.
    pub keep_machine: bool,
    /// The machines that each page gets.
    pub machine: MachineOptions,
}

/// What came of a session.
#[derive(Clone, Debug)]
pub struct SessionResult {
    /// What goes into the report.
    pub report: report::Session,
    /// The page's images that changed since it last held, if the session doesn't hold.
    pub changed_images: Vec<report::ChangedImage>,
    /// What should stand in the author's files, for [`Options::accept`]; unchanged parts are among it.
    pub changes: Vec<Result<Change, String>>,
}

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// For the report.
    pub run: report::Run,
    /// What should stand in the author's files, for [`Options::accept`], or why that can't be.
    pub changes: Vec<Result<Change, String>>,
    /// Why not all pages could be checked to their end, if an engine was lost.
    pub lost: Option<String>,
}

/// Something that happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// The check begins; so many pages run at a time.
    Started {
        /// At least one.
        jobs: usize,
    },
    /// A page's machines are up, and its first session is about to be run.
    PageStarted(&'a Page),
    /// What a page is doing now.
    Doing(&'a Page, &'a str),
    /// A session ended, or is known not to be run.
    SessionEnded(&'a Page, &'a SessionResult),
    /// A diagram was compared with the engine.
    DiagramCompared(&'a Page, &'a report::Diagram),
    /// A page ended.
    PageEnded(&'a Page, &'a report::Page),
    /// A page doesn't hold, and its machines stay.
    MachinesKept(&'a Page, &'a Kept),
    /// A page has ended and its machines can't be removed: it doesn't hold, because of this.
    MachinesStuck(&'a Page, &'a str),
}

/// Is told what happens.
pub trait Observer: Send + Sync {
    /// `event` happened.
    fn event(&self, event: &Event<'_>);
}

/// Runs `pages` on machines of `runs`, one for each outer engine, on each as many at a time as `options` say; what came
/// of them is in the pages' order.
///
/// While pages run, the machines of the one that comes next are started already, and those of the last one go.
///
/// # Errors
/// What keeps any page from being run, such as a missing machine image. A page that doesn't hold is no error, and neither
/// is an engine that gets lost: its pages, and those that nobody could take over, are told as unfinished.
pub async fn check(
    runs: &[Arc<Run>],
    pages: &[Arc<Page>],
    options: &Options,
    observer: &dyn Observer,
) -> Result<Checked> {
    let mut places = Vec::new();
    for run in runs {
        let watch = Watch::begin(run);
        let begun = Instant::now();
        let look = async {
            let inside = version::of_image(run.engine(), &options.machine.image).await?;
            Ok((inside, jobs(run.engine(), pages, options).await?))
        };
        let (inside, jobs) = unless_lost(&watch, begun, look).await?;
        places.push(Place {
            run,
            watch,
            inside,
            jobs: jobs.min(pages.len().max(1)),
            lost: OnceLock::new(),
        });
    }
    let jobs = places.iter().map(|place| place.jobs).sum();
    observer.event(&Event::Started { jobs });
    let queue = Mutex::new(queue(pages, &seconds(options.earlier.as_deref())));
    let lane = async |place: &Place<'_>, turn: &Semaphore| {
        let mut outcomes = Vec::new();
        loop {
            // Where the engine is lost, the pages are left for the others.
            let next = match place.lost.get() {
                None => queue.lock().await.pop_front(),
                Some(_) => None,
            };
            let Some(at) = next else {
                return Ok::<_, anyhow::Error>(outcomes);
            };
            outcomes.push((at, one(place, &pages[at], options, observer, turn).await?));
        }
    };
    let all = places.iter().map(async |place| {
        let turn = Semaphore::new(place.jobs);
        try_join_all((0..=place.jobs).map(|_| lane(place, &turn))).await
    });
    let all = try_join_all(all).await?;
    let mut outcomes: Vec<_> = all.into_iter().flatten().flatten().collect();
    let lost = places.iter().find_map(|place| place.lost.get().cloned());
    for at in queue.into_inner() {
        let why = lost.as_deref().unwrap_or_default();
        let outcome = told(&pages[at], observer, || {
            page::unfinished(&pages[at], why, observer)
        });
        outcomes.push((at, outcome));
    }
    outcomes.sort_by_key(|(at, _)| *at);
    let mut checked = gather(outcomes.into_iter().map(|(_, outcome)| outcome));
    checked.lost = lost;
    for run in runs {
        images::add_pulled(&mut checked.run.images, &run.pulled().images);
    }
    Ok(checked)
}

/// Where pages are run.
struct Place<'a> {
    run: &'a Run,
    /// Tells whether the engine is still there.
    watch: Watch,
    /// The version of the engine inside the machines, if the machine image tells.
    inside: Option<Version>,
    /// How many pages run there at a time.
    jobs: usize,
    /// Why no further page is run there, once the engine is lost.
    lost: OnceLock<String>,
}

impl Place<'_> {
    /// Notes that the engine is lost, if `error` says so.
    fn note(&self, error: &anyhow::Error) -> bool {
        let lost = page::lost(error);
        if lost {
            self.lost.get_or_init(|| format!("{error:#}"));
        }
        lost
    }
}

/// What comes of `work`, which began at `begun`; or the loss of the engine, if that comes first or explains why it failed.
async fn unless_lost<T>(
    watch: &Watch,
    begun: Instant,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let outcome = tokio::select! {
        outcome = work => outcome,
        error = watch.lost() => Err(error.into()),
    };
    if outcome.as_ref().is_err_and(|error| !page::lost(error)) {
        watch.sound_since(begun).await?;
    }
    outcome
}

/// What comes of a page that never gets to a machine, told as that of any other.
fn told(
    page: &Page,
    observer: &dyn Observer,
    outcome: impl FnOnce() -> page::Outcome,
) -> page::Outcome {
    observer.event(&Event::PageStarted(page));
    let outcome = outcome();
    observer.event(&Event::PageEnded(page, &outcome.report));
    outcome
}

/// What is said of `pages` of which nothing is to be run: no engine is needed for that.
pub fn not_run(pages: &[Arc<Page>], observer: &dyn Observer) -> Checked {
    gather(
        pages
            .iter()
            .map(|page| told(page, observer, || page::not_run(page, None, observer))),
    )
}

/// How many pages run at a time on an engine: as many as it carries, if the hungriest of them run together.
async fn jobs(engine: &Engine, pages: &[Arc<Page>], options: &Options) -> Result<usize> {
    if let Some(jobs) = options.jobs {
        return Ok(jobs.max(1));
    }
    let needs = |page: &Arc<Page>| {
        let machines = page.settings.machines.len().max(1) as u64;
        page.settings.limits.memory.saturating_mul(machines)
    };
    let memory = pages
        .iter()
        .map(needs)
        .max()
        .unwrap_or(options.machine.memory);
    Ok(engine.capacity().await?.machines(memory))
}

/// The pages in the order in which they are begun, as indices: the longest first, by how many seconds they took last
/// time, so that none is left to run alone at the end. One of which that isn't known is taken for long.
fn queue(pages: &[Arc<Page>], seconds: &HashMap<&str, f64>) -> VecDeque<usize> {
    let mut order: Vec<_> = (0..pages.len()).collect();
    let took = |at: &usize| {
        let known = seconds.get(pages[*at].file.as_str());
        known.copied().unwrap_or(f64::MAX)
    };
    order.sort_by(|a, b| took(b).total_cmp(&took(a)));
    order.into()
}

/// How long each page took last time, in seconds, by its file.
fn seconds(earlier: Option<&report::Report>) -> HashMap<&str, f64> {
    let runs = earlier.into_iter().flat_map(|report| &report.runs);
    let pages = runs.flat_map(|run| &run.pages);
    pages
        .map(|page| (page.file.as_str(), page.seconds))
        .collect()
}

/// One page, on machines that are started at once and run when it is the page's turn.
async fn one(
    place: &Place<'_>,
    page: &Page,
    options: &Options,
    observer: &dyn Observer,
    turn: &Semaphore,
) -> Result<page::Outcome> {
    let run = place.run;
    let unfit = version::unfit(page.settings.docker.as_ref(), place.inside.as_ref());
    if unfit.is_some() || !page.runs() {
        return Ok(told(page, observer, || {
            page::not_run(page, unfit.as_deref(), observer)
        }));
    }
    let watch = &place.watch;
    let ready = match unless_lost(watch, Instant::now(), page::start(run, page, options)).await {
        Err(error) if place.note(&error) => {
            let why = format!("{error:#}");
            return Ok(told(page, observer, || {
                page::unfinished(page, &why, observer)
            }));
        }
        Err(error) if page::is_not_up(&error) => {
            return Ok(told(page, observer, || {
                page::not_begun(page, &error, observer)
            }));
        }
        ready => ready?,
    };
    let permit = turn.acquire().await?;
    observer.event(&Event::PageStarted(page));
    let (mut outcome, machines) = page::run(place, ready, options, observer).await;
    observer.event(&Event::PageEnded(page, &outcome.report));
    drop(permit);
    if run.is_lost() {
        // Nothing can be removed there now.
        return Ok(outcome);
    }
    if options.keep_machine && !page_holds(&outcome.report) {
        observer.event(&Event::MachinesKept(page, &machines.keep()));
        return Ok(outcome);
    }
    let removing = async { Ok(machines.remove().await?) };
    match unless_lost(watch, Instant::now(), removing).await {
        Ok(()) => {}
        // What the page showed stays true.
        Err(error) if place.note(&error) => {}
        // Whatever the page has done to it: that is its own failure, and no other page's.
        Err(error) => {
            let error = error.to_string();
            observer.event(&Event::MachinesStuck(page, &error));
            page::add_error(&mut outcome.report, error);
        }
    }
    Ok(outcome)
}

/// What was found on all pages, in their order.
fn gather(outcomes: impl Iterator<Item = page::Outcome>) -> Checked {
    let mut changes = Vec::new();
    let mut result = report::Run {
        engine: report::Engine {
            version: String::new(),
            api: String::new(),
        },
        images: Vec::new(),
        pages: Vec::new(),
    };
    let mut images = BTreeMap::new();
    for outcome in outcomes {
        if let Some(engine) = outcome.engine {
            result.engine = engine;
        }
        for image in outcome.images {
            images.insert(image.reference.clone(), image);
        }
        changes.extend(outcome.changes);
        result.pages.push(outcome.report);
    }
    result.images = images.into_values().collect();
    Checked {
        run: result,
        changes,
        lost: None,
    }
}

/// Now, as reports say it: RFC 3339, UTC, whole seconds.
#[must_use]
pub fn now() -> String {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second())
        .unwrap_or(now)
        .to_string()
}

/// Whether everything that was run holds.
#[must_use]
pub fn holds(run: &report::Run) -> bool {
    failed(run).next().is_none()
}

/// The pages that don't hold.
pub fn failed(run: &report::Run) -> impl Iterator<Item = &report::Page> {
    run.pages.iter().filter(|page| !page_holds(page))
}

fn page_holds(page: &report::Page) -> bool {
    page.error.is_none()
        && page.sessions.iter().all(|s| s.status != Status::Failed)
        && page.diagrams.iter().all(|d| d.status != Status::Failed)
}
