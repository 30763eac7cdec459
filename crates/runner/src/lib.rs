//! Runs the pages of a book: each on machines of its own, its sessions typed into one shell per machine.
//!
//! Enter at [`check`]. What happens is told to an [`Observer`] as it happens; what came of it is
//! the value. Where the machines come from is the business of a [`Host`]; [`DockerHost`] has a Docker Engine.

mod accept;
mod apart;
mod attempt;
mod block;
mod copy;
mod diagram;
mod docker;
mod error;
mod event;
mod exercise;
mod hints;
mod host;
mod judged;
mod limits;
mod makes;
mod page;
mod places;
mod reach;
mod results;
mod schedule;
mod session;
mod steps;
mod told;
mod tries;
mod verdict;
mod version;

use std::collections::BTreeMap;
use std::sync::Arc;

use seaworthy_page::{Page, SessionAttributes, SessionStep};
use seaworthy_report::{self as report, Status};

pub use accept::{Accept, Change};
pub use copy::{archive as unpack_archive, folder as copy_folder};
pub use diagram::engine_state;
pub use docker::DockerHost;
pub use error::BringError;
pub use event::{Event, Observer, SessionResult};
pub use host::{Host, HostError, LimitHit, MayBeLost, PageMachine, PageMachines, Started, Wanted};
pub use judged::{Judged, Printed, after_printing, bindings_after, shows};

/// The name of a page's machine, which is also its host name, where the author gives none.
pub const MACHINE: &str = "docker-host";

/// The names of a page's machines.
#[must_use]
pub fn machine_names(page: &Page) -> Vec<String> {
    match page.settings.machines.as_slice() {
        [] => vec![MACHINE.to_owned()],
        names => names.to_vec(),
    }
}

/// Why a session isn't run on an engine that tells its version so, if it isn't: its author said so, or it is meant for
/// other engines.
#[must_use]
pub fn left_out(step: &SessionStep, version: &str) -> Option<String> {
    let SessionAttributes { no_run, docker, .. } = &step.attributes;
    let inside = version::read(version);
    let unfit = || version::unfit(docker.as_ref(), inside.as_ref());
    no_run.clone().or_else(unfit)
}

/// How pages are run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The book's folder as the caller names it, for the command that runs one page again.
    pub root: String,
    /// Run what comes on a page after a command that failed, as far as it can be reached.
    pub keep_going: bool,
    /// Take what is printed for what should be, and say what would have to change.
    pub accept: Option<Accept>,
    /// How many pages run at a time; if not said, what the host can carry.
    pub jobs: Option<usize>,
    /// The report of the last check: how long pages took, and with which images they last held.
    pub earlier: Option<Arc<report::Report>>,
    /// Leave the machines of a page that doesn't hold.
    pub keep_machine: bool,
}

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// For the report.
    pub run: report::Run,
    /// What should stand in the author's files, for [`Options::accept`], or why that can't be.
    pub changes: Vec<Result<Change, String>>,
    /// Why not all pages could be checked to their end, if all hosts were lost.
    pub lost: Option<String>,
}

/// Runs `pages` on machines of `hosts`, on each as many at a time as `options` say; what came of them is in the pages'
/// order.
///
/// While pages run, the machines of the one that comes next are started already, and those of the last one go. Each page
/// runs in a task of its own.
///
/// # Errors
/// What keeps any page from being run, such as a missing machine image. A page that doesn't hold is no error, and neither
/// is a host that gets lost: others run its pages from their beginnings, and what no host is left for is told as
/// unfinished. Nor is a panic: it is told as the failure of its page.
pub async fn check<H: Host>(
    hosts: &[Arc<H>],
    pages: &[Arc<Page>],
    options: &Options,
    observer: &Arc<dyn Observer>,
) -> Result<Checked, H::Error> {
    let (outcomes, lost) = schedule::run(hosts, pages, options, observer).await?;
    let mut checked = gather(outcomes);
    checked.lost = lost;
    for host in hosts {
        add_pulled(&mut checked.run.images, host.pulled());
    }
    Ok(checked)
}

/// What is said of `pages`, of the book in the folder `root`, of which nothing is to be run: no host is needed for that.
pub fn not_run(pages: &[Arc<Page>], root: &str, observer: &dyn Observer) -> Checked {
    let not_run = |page: &Page| page::not_run(page, None, (root, observer));
    let outcomes = pages.iter();
    gather(outcomes.map(|page| schedule::told(page, observer, not_run)))
}

/// Adds the images that pages pulled while they ran to those that they were given.
fn add_pulled(images: &mut Vec<report::Image>, pulled: Vec<report::Image>) {
    for image in pulled {
        if !images.iter().any(|one| one.reference == image.reference) {
            images.push(image);
        }
    }
    images.sort();
}

/// What was found on all pages, in their order.
fn gather(outcomes: impl IntoIterator<Item = page::Outcome>) -> Checked {
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
