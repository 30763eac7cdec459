//! `seaworthy check`: run the book's sessions and say which don't hold.

mod select;
mod watch;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, anyhow};
use mdbook_seaworthy::LARGEST_REPORT;
use seaworthy_page::Page;
use seaworthy_report::{self as report, Report};

use super::interrupts::Interrupts;
use crate::book::Book;
use crate::cli::CheckArguments;
use crate::engine::{Endpoint, Engine};
use crate::exit::Exit;
use crate::machine::{DEFAULT_VERSION, MachineKind, MachineOptions, Run};
use crate::reporters::{self, Reporter};
use crate::runner::{self, Checked, Options};

pub use select::{NothingRun, Shard};
pub(super) use select::{book_and_pages, selected, something_runs};

pub(super) fn run(arguments: &CheckArguments) -> Result<Exit> {
    let (root, names) = book_and_pages(&arguments.names);
    if arguments.watch {
        return super::runtime()?.block_on(watch::run(arguments, &root, names));
    }
    let book = Book::load(&root)?;
    let mut pages = selected(&book, names)?;
    if let Some(shard) = arguments.shard {
        pages = shard.select(pages);
    }
    something_runs(&pages, !names.is_empty())?;
    pages.retain(changed(arguments, &book, &pages));
    if pages.is_empty() {
        return Ok(Exit::Holds);
    }
    let part = !names.is_empty() || arguments.changed;
    let checked = super::runtime()?.block_on(check(arguments, &book, &pages, part))?;
    Ok(match checked {
        None => Exit::Interrupted,
        Some(failed) if failed.is_empty() => Exit::Holds,
        Some(_) => Exit::Fails,
    })
}

/// The report of the last check. One that can't be read is as good as none, and is replaced.
fn earlier(book: &Book) -> Option<Report> {
    let path = Path::new(report::PATH);
    let json = book.files.text_of(path, LARGEST_REPORT).ok()?;
    Report::from_json(&json).ok()
}

/// The versions of Docker Engine that are asked for.
fn versions(arguments: &CheckArguments) -> Vec<String> {
    match arguments.docker.as_slice() {
        [] => vec![DEFAULT_VERSION.to_owned()],
        versions => versions.to_vec(),
    }
}

/// Which of `pages` must be checked: all, or with `--changed` those that didn't hold as they are written, which is told.
fn changed(
    arguments: &CheckArguments,
    book: &Book,
    pages: &[Arc<Page>],
) -> impl Fn(&Arc<Page>) -> bool + use<> {
    let earlier = arguments.changed.then(|| earlier(book)).flatten();
    let versions = versions(arguments);
    let changed = move |page: &Arc<Page>| match &earlier {
        Some(earlier) => !select::holds_still(page, earlier, &versions),
        None => true,
    };
    if arguments.changed {
        let unchanged = pages.iter().filter(|page| !changed(page)).count();
        let all = pages.len();
        crate::errln!("unchanged since they held: {unchanged} of {all} pages");
    }
    changed
}

/// Checks `pages`, tells what came of them and writes the report; gives the files of those that don't hold, or `None` if
/// a signal came first. If they are only a `part` of those that were to be checked, what is known of the others stays.
async fn check(
    arguments: &CheckArguments,
    book: &Book,
    pages: &[Arc<Page>],
    part: bool,
) -> Result<Option<Vec<String>>> {
    // What can't be written in the end is said before anything is run.
    let written = book.files.written_itself(Path::new(report::PATH));
    let written = written.map_err(|why| anyhow!("can't write `{}`: {why}", report::PATH))?;
    if let Some(copy) = &arguments.report {
        super::report::refuse_stranger(copy)?;
    }
    let earlier = earlier(book).map(Arc::new);
    let versions = versions(arguments);
    let root = book.root.to_string_lossy();
    let reporter = reporters::new(pages.len() * versions.len(), &root, arguments.format);
    let begun = Instant::now();
    let mut results = Vec::new();
    for version in &versions {
        let options = Options {
            root: root.clone().into_owned(),
            keep_going: arguments.keep_going,
            accept: None,
            jobs: arguments.jobs.map(usize::from),
            earlier: earlier.clone(),
            keep_machine: arguments.keep_machine,
            machine: MachineOptions::of_version(version),
        };
        let work = execute(&arguments.engine, pages.to_vec(), options, reporter.clone());
        match work.await? {
            Some(Checked { run, .. }) => results.push(run),
            None => return Ok(None),
        }
    }
    let failed = results.iter().flat_map(runner::failed);
    let failed = failed.map(|page| page.file.clone()).collect();
    let finished = runner::now();
    let seconds = begun.elapsed().as_secs_f64();
    let mut report = Report::new(env!("CARGO_PKG_VERSION"), finished, seconds, results);
    if let Some(earlier) = &earlier {
        report.remember(earlier);
    }
    reporter.finish(&report);
    if let (true, Some(earlier)) = (part, &earlier) {
        let order: Vec<_> = book.pages.iter().map(|page| page.file.as_str()).collect();
        report.keep(earlier, &order);
    }
    super::write_whole(&written, &report.to_json())?;
    if let Some(copy) = &arguments.report {
        super::write_whole(copy, &report.to_json())?;
    }
    Ok(Some(failed))
}

/// The engines at `addresses`, or the one that the environment names.
async fn connect(addresses: &[String]) -> Result<Vec<Engine>> {
    if addresses.is_empty() {
        return Ok(vec![Engine::connect().await?]);
    }
    let mut engines = Vec::new();
    for address in addresses {
        engines.push(Engine::connect_to(Endpoint::named(address)?).await?);
    }
    Ok(engines)
}

/// What is said at the first signal.
const INTERRUPTED: &str = "interrupted: removing the machines";

/// Ends all runs; what went wrong is told.
async fn end(runs: &[Arc<Run>]) {
    for run in runs {
        if let Err(error) = run.end().await {
            crate::errln!("error: {error}");
            if matches!(error.kind(), MachineKind::Engine(_)) {
                crate::errln!(
                    "what is left there, `seaworthy clean` removes when the engine answers again"
                );
            }
        }
    }
}

/// Runs the pages on the engines at `addresses`; `None` if a signal came first. Whatever happens, the machines go.
pub(super) async fn execute(
    addresses: &[String],
    pages: Vec<Arc<Page>>,
    options: Options,
    reporter: Arc<dyn Reporter>,
) -> Result<Option<Checked>> {
    let mut runs = Vec::new();
    for engine in connect(addresses).await? {
        runs.push(Arc::new(Run::begin(&engine).await?));
    }
    let mut interrupts = Interrupts::listen()?;
    let work = {
        let runs = runs.clone();
        // A task of its own, so that a panic in it is seen here and the machines still go.
        tokio::spawn(async move { runner::check(&runs, &pages, &options, reporter.as_ref()).await })
    };
    let stop = work.abort_handle();
    let outcome = tokio::select! {
        outcome = work => Some(outcome),
        () = interrupts.next() => None,
    };
    let mut interrupted = outcome.is_none();
    if interrupted {
        stop.abort();
        crate::errln!("{INTERRUPTED}");
    }
    let ending = end(&runs);
    tokio::pin!(ending);
    loop {
        tokio::select! {
            // What was found is true all the same, and is told.
            () = &mut ending => break,
            () = interrupts.next() => {
                if interrupted {
                    crate::errln!("interrupted again: `seaworthy clean` removes what is left");
                    runs.iter().for_each(|run| run.abandon());
                    return Ok(None);
                }
                // The first one came when all had been run: the machines go, as they would have.
                interrupted = true;
                crate::errln!("{INTERRUPTED}");
            }
        }
    }
    match outcome {
        None => Ok(None),
        Some(Ok(result)) => result.map(Some),
        Some(Err(panic)) => std::panic::resume_unwind(panic.into_panic()),
    }
}
