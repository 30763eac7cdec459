//! `seaworthy check`: run the book's sessions and say which don't hold.

mod select;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use seaworthy_page::Page;
use seaworthy_report::{self as report, Report};
use tokio::signal::unix::{SignalKind, signal};

use crate::book::Book;
use crate::cli::CheckArguments;
use crate::engine::{Endpoint, Engine};
use crate::exit::Exit;
use crate::machine::{DEFAULT_VERSION, MachineKind, MachineOptions, Run};
use crate::reporters::{self, Reporter};
use crate::runner::{self, Checked, Options};

pub use select::Shard;
pub(super) use select::{book_and_pages, selected};

pub(super) fn run(arguments: &CheckArguments) -> Result<Exit> {
    let (root, names) = book_and_pages(&arguments.names);
    let book = Book::load(&root)?;
    let mut pages = selected(&book, names)?;
    if let Some(shard) = arguments.shard {
        pages = shard.select(pages);
    }
    if nothing_runs(&pages, !names.is_empty()) {
        return Ok(Exit::NothingRun);
    }
    let path = book.root.join(report::PATH);
    // A report that can't be read is as good as none, and is replaced.
    let earlier = std::fs::read_to_string(&path).ok();
    let earlier = earlier.and_then(|json| Report::from_json(&json).ok());
    let versions = match arguments.docker.as_slice() {
        [] => vec![DEFAULT_VERSION.to_owned()],
        versions => versions.to_vec(),
    };
    if let (true, Some(earlier)) = (arguments.changed, &earlier) {
        let all = pages.len();
        pages.retain(|page| !select::holds_still(page, earlier, &versions));
        let unchanged = all - pages.len();
        anstream::eprintln!("unchanged since they held: {unchanged} of {all} pages");
        if pages.is_empty() {
            return Ok(Exit::Holds);
        }
    }
    let reporter = reporters::new(
        pages.len() * versions.len(),
        &root.to_string_lossy(),
        arguments.format,
    );
    let begun = Instant::now();
    let runtime = super::runtime()?;
    let mut results = Vec::new();
    for version in &versions {
        let options = Options {
            root: root.to_string_lossy().into_owned(),
            keep_going: arguments.keep_going,
            accept: None,
            jobs: arguments.jobs.map(usize::from),
            seconds: earlier.as_ref().map(seconds).unwrap_or_default(),
            keep_machine: arguments.keep_machine,
            machine: MachineOptions::of_version(version),
        };
        let work = execute(&arguments.engine, pages.clone(), options, reporter.clone());
        match runtime.block_on(work)? {
            Some(Checked { run, .. }) => results.push(run),
            None => return Ok(Exit::Interrupted),
        }
    }
    let exit = if results.iter().all(runner::holds) {
        Exit::Holds
    } else {
        Exit::Fails
    };
    let finished = runner::now();
    let seconds = begun.elapsed().as_secs_f64();
    let mut report = Report::new(env!("CARGO_PKG_VERSION"), finished, seconds, results);
    reporter.finish(&report);
    let partial = !names.is_empty() || arguments.changed;
    if let (true, Some(earlier)) = (partial, &earlier) {
        // What is known of the other pages stays known.
        let order: Vec<_> = book.pages.iter().map(|page| page.file.as_str()).collect();
        report.keep(earlier, &order);
    }
    crate::commands::write_whole(&path, &report.to_json())?;
    if let Some(copy) = &arguments.report {
        crate::commands::write_whole(copy, &report.to_json())?;
    }
    Ok(exit)
}

/// How long each page took, by its file.
fn seconds(report: &Report) -> HashMap<String, f64> {
    let pages = report.runs.iter().flat_map(|run| &run.pages);
    pages
        .map(|page| (page.file.clone(), page.seconds))
        .collect()
}

/// Whether nothing on the pages, or on one that was named, is run, which is then said.
pub(super) fn nothing_runs(pages: &[Arc<Page>], named: bool) -> bool {
    let nothing =
        !pages.iter().any(|page| page.runs()) || named && !pages.iter().all(|page| page.runs());
    if nothing {
        anstream::eprintln!(
            "error: nothing to run: no `console` session here that isn't marked `no_run`, and no diagram with `verify`"
        );
    }
    nothing
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

/// Ends all runs; what went wrong is told.
async fn end(runs: &[Arc<Run>]) {
    for run in runs {
        if let Err(error) = run.end().await {
            anstream::eprintln!("error: {error}");
            if matches!(error.kind(), MachineKind::Engine(_)) {
                anstream::eprintln!(
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
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let work = {
        let runs = runs.clone();
        // A task of its own, so that a panic in it is seen here and the machines still go.
        tokio::spawn(async move { runner::check(&runs, &pages, &options, reporter.as_ref()).await })
    };
    let stop = work.abort_handle();
    let outcome = tokio::select! {
        outcome = work => Some(outcome),
        _ = interrupt.recv() => None,
        _ = terminate.recv() => None,
        _ = hang_up.recv() => None,
    };
    if outcome.is_none() {
        stop.abort();
        anstream::eprintln!("interrupted: removing the machines");
    }
    tokio::select! {
        // What was found is true all the same, and is told.
        () = end(&runs) => {}
        _ = async { tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        } } => {
            anstream::eprintln!("interrupted again: `seaworthy clean` removes what is left");
            runs.iter().for_each(|run| run.abandon());
            return Ok(None);
        }
    }
    match outcome {
        None => Ok(None),
        Some(Ok(result)) => result.map(Some),
        Some(Err(panic)) => std::panic::resume_unwind(panic.into_panic()),
    }
}
