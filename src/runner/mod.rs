//! Runs the pages of a book: each in a machine of its own, its sessions typed into one shell.
//!
//! Enter at [`check`]. What happens is told to an [`Observer`] as it happens; what came of it is
//! the value.

mod accept;
mod diagram;
mod images;
mod page;
mod places;
mod session;
mod verdict;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use seaworthy_page::Page;
use seaworthy_report::{self as report, Status};

use crate::machine::{MachineOptions, Run};
use crate::matching::diff::DiffLine;

pub use accept::{Accept, Change};

/// The name of a page's machine, which is also its host name.
pub const MACHINE: &str = "docker-host";

/// How pages are run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The book's folder as the caller names it, for the command that runs one page again.
    pub root: String,
    /// Run the further sessions of a page that failed.
    pub keep_going: bool,
    /// Take what is printed for what should be, and say what would have to change.
    pub accept: Option<Accept>,
    /// The machine that each page gets.
    pub machine: MachineOptions,
}

/// What came of a session, with the difference that the report holds as plain text.
#[derive(Clone, Debug)]
pub struct SessionResult {
    /// What goes into the report.
    pub report: report::Session,
    /// The difference between what the author shows and what was printed, if that is what failed.
    pub diff: Vec<DiffRow>,
    /// What should stand in the author's files, for [`Options::accept`]; unchanged parts are among it.
    pub changes: Vec<Result<Change, String>>,
}

/// A line of a difference.
#[derive(Clone, Debug)]
pub struct DiffRow {
    /// The author's line, if the author has one.
    pub line: Option<usize>,
    /// What is shown.
    pub shown: DiffLine,
}

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// For the report.
    pub run: report::Run,
    /// What should stand in the author's files, for [`Options::accept`], or why that can't be.
    pub changes: Vec<Result<Change, String>>,
}

/// Something that happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// A page's machine is being started.
    PageStarted(&'a Page),
    /// What a page is doing now.
    Doing(&'a Page, &'a str),
    /// A session ended, or is known not to be run.
    SessionEnded(&'a Page, &'a SessionResult),
    /// A diagram was compared with the engine.
    DiagramCompared(&'a Page, &'a report::Diagram),
    /// A page ended and its machine is gone.
    PageEnded(&'a Page, &'a report::Page),
}

/// Is told what happens.
pub trait Observer: Send + Sync {
    /// `event` happened.
    fn event(&self, event: &Event<'_>);
}

/// Runs `pages` one after the other on machines of `run`.
///
/// # Errors
/// What keeps any page from being run: no machine image, a lost engine. A page that doesn't hold is
/// no error.
pub async fn check(
    run: &Run,
    pages: &[Arc<Page>],
    options: &Options,
    observer: &dyn Observer,
) -> Result<Checked> {
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
    for page in pages {
        observer.event(&Event::PageStarted(page));
        let outcome = if page.runs() {
            page::run(run, page, options, observer).await?
        } else {
            page::not_run(page, observer)
        };
        if let Some(engine) = outcome.engine {
            result.engine = engine;
        }
        for image in outcome.images {
            images.insert(image.reference.clone(), image);
        }
        changes.extend(outcome.changes);
        observer.event(&Event::PageEnded(page, &outcome.report));
        result.pages.push(outcome.report);
    }
    result.images = images.into_values().collect();
    Ok(Checked {
        run: result,
        changes,
    })
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
    run.pages.iter().all(|page| {
        page.error.is_none()
            && page.sessions.iter().all(|s| s.status != Status::Failed)
            && page.diagrams.iter().all(|d| d.status != Status::Failed)
    })
}
