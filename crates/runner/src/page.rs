//! One page: what comes of it, on machines and without.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use seaworthy_page::Page;
use seaworthy_report as report;
use tokio::time::Instant;

use super::accept::Change;
use super::results::Results;
use super::schedule::unless_lost;
use super::steps::Running;
use super::{Observer, Options, limits, machine_names};
use crate::error::{PageError, Trouble};
use crate::host::{Host, MayBeLost, PageMachine, PageMachines, Started, Wanted};

/// What is said of a page during which this program panicked; the panic itself is told on stderr.
const PANICKED: &str = "Seaworthy itself failed while it ran this page, which is a fault of its own: stderr has what it said";

/// What came of a page.
pub(super) struct Outcome {
    pub(super) report: report::Page,
    /// The engine that it ran on, if it ran.
    pub(super) engine: Option<report::Engine>,
    pub(super) images: Vec<report::Image>,
    pub(super) changes: Vec<Result<Change, String>>,
}

/// A page whose machines are up.
pub(super) struct Ready<H: Host> {
    pub(super) started: Started<H::Machines>,
    /// How long that took.
    starting: Duration,
}

/// The outcome of a page of which nothing is run, because of `reason` if it isn't the author's marks.
pub(super) fn not_run(
    page: &Page,
    reason: Option<&str>,
    (root, observer): (&str, &dyn Observer),
) -> Outcome {
    let mut results = Results::new(page, root, observer);
    results.leave_out(reason.unwrap_or_default());
    without_machines(results)
}

/// The outcome of a page whose machines did not come up, as `why` says.
pub(super) fn not_begun(
    page: &Page,
    why: String,
    (root, observer): (&str, &dyn Observer),
) -> Outcome {
    let mut results = Results::new(page, root, observer);
    let tight = limits::tight(&page.settings.limits);
    results.fail_page(before(why, &tight));
    without_machines(results)
}

/// The outcome of a page that wasn't begun because the host was lost, as `why` says.
pub(super) fn unfinished(
    page: &Page,
    why: &str,
    (root, observer): (&str, &dyn Observer),
) -> Outcome {
    let mut results = Results::new(page, root, observer);
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
/// If no machine can be had, or the host is lost.
pub(super) async fn start<H: Host>(host: &H, page: &Page) -> Result<Ready<H>, H::Error> {
    let begun = Instant::now();
    let wanted = Wanted {
        names: &machine_names(page),
        images: &page.images,
        limits: &page.settings.limits,
    };
    Ok(Ready {
        started: host.start(&wanted).await?,
        starting: begun.elapsed(),
    })
}

/// Runs a page; gives what came of it, and why the host is lost if that ended it. The machines are the caller's to remove,
/// whatever happens here.
pub(super) async fn run<H: Host>(
    host: &H,
    page: &Page,
    ready: &Ready<H>,
    options: &Options,
    observer: &dyn Observer,
) -> (Outcome, Option<String>) {
    let begun = Instant::now();
    let Ready { started, starting } = ready;
    let engine = started.machines.all().first().map(PageMachine::engine);
    let last = options.earlier.as_deref().zip(engine.as_ref());
    let last = last.and_then(|(earlier, engine)| earlier.page(engine, &page.file));
    let held_with = last.map(|page| page.held_with.clone());
    let mut results = Results::new(page, &options.root, observer);
    results.given(started.images.clone(), held_with.unwrap_or_default());
    let running = Running {
        host,
        page,
        options,
        machines: started.machines.all(),
        missing: &started.missing,
    };
    // A fault of this program is no other page's, and the machines go all the same.
    let judged = AssertUnwindSafe(judge(&running, &mut results)).catch_unwind();
    let lost = match judged.await {
        Ok(Ok(())) => None,
        Ok(Err(lost)) => {
            results.leave_unfinished(lost.clone());
            Some(lost)
        }
        Err(_) => {
            results.fail_page(PANICKED.to_owned());
            None
        }
    };
    let outcome = Outcome {
        engine,
        changes: std::mem::take(&mut results.changes),
        report: results.report((*starting + begun.elapsed()).as_secs_f64()),
        images: started.images.clone(),
    };
    (outcome, lost)
}

/// Runs the page's steps and looks at what they leave.
///
/// # Errors
/// The loss of the host, in words.
async fn judge<H: Host>(running: &Running<'_, H>, results: &mut Results<'_>) -> Result<(), String> {
    let Running {
        host,
        page,
        machines,
        ..
    } = running;
    let steps = running.steps(results);
    match unless_lost(*host, Instant::now(), PageError::Host, steps).await {
        Ok(()) => {}
        Err(error) if error.is_lost() => return Err(error.to_string()),
        // A page that can't be given its images, shell or files fails alone.
        Err(error) => {
            let mut hit = Vec::new();
            for machine in *machines {
                hit.push(limits::hit(page, machine, None).await);
            }
            let hit: Vec<_> = hit.into_iter().filter(|hit| !hit.is_empty()).collect();
            results.fail_page(before(error.to_string(), &hit.join("\n  ")));
        }
    }
    if results.all_passed() {
        let look = look_around::<H>(page, machines, results);
        match unless_lost(*host, Instant::now(), PageError::Host, look).await {
            Err(error) if error.is_lost() => return Err(error.to_string()),
            // It is in the results.
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// Notes what a page that holds leaves behind on its machines, or that it leaves one broken, which proves nothing any
/// more.
///
/// # Errors
/// The last trouble with a machine, for those who know whether it is the page's own.
async fn look_around<H: Host>(
    page: &Page,
    machines: &[H::Machine],
    results: &mut Results<'_>,
) -> Result<(), Trouble<H>> {
    let mut trouble = Ok(());
    for machine in machines {
        match machine.left().await {
            Ok(left) => results.left.extend(left),
            Err(error) => {
                let said = format!("the page leaves its machine broken: {error}");
                let hit = limits::hit(page, machine, None).await;
                results.fail_page(before(said, &hit));
                trouble = Err(PageError::Host(error));
            }
        }
    }
    trouble
}

/// Adds to the report of a page that has ended what went wrong after that.
pub(super) fn add_error(page: &mut report::Page, error: String) {
    let earlier = page.error.take().unwrap_or_default();
    page.error = Some(before(earlier, &error));
}

/// What is said first, then the rest if there is any.
pub(super) fn before(first: String, rest: &str) -> String {
    match (first.as_str(), rest) {
        ("", rest) => rest.to_owned(),
        (_, "") => first,
        (first, rest) => format!("{first}\n  {rest}"),
    }
}
