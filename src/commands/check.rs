//! `seaworthy check`: run the book's sessions and say which don't hold.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use seaworthy_page::Page;
use seaworthy_report::{self as report, Report};
use tokio::signal::unix::{SignalKind, signal};

use crate::book::Book;
use crate::cli::CheckArguments;
use crate::engine::Engine;
use crate::exit::Exit;
use crate::machine::{MachineKind, MachineOptions, Run};
use crate::reporters::{self, Reporter};
use crate::runner::{self, Checked, Options};

pub(super) fn run(arguments: &CheckArguments) -> Result<Exit> {
    let (root, names) = book_and_pages(&arguments.names);
    let book = Book::load(&root)?;
    let pages = selected(&book, names)?;
    if nothing_runs(&pages, !names.is_empty()) {
        return Ok(Exit::NothingRun);
    }
    let path = book.root.join(report::PATH);
    // A report that can't be read is as good as none, and is replaced.
    let earlier = std::fs::read_to_string(&path).ok();
    let earlier = earlier.and_then(|json| Report::from_json(&json).ok());
    let options = Options {
        root: root.to_string_lossy().into_owned(),
        keep_going: arguments.keep_going,
        accept: None,
        jobs: arguments.jobs.map(usize::from),
        seconds: earlier.as_ref().map(seconds).unwrap_or_default(),
        keep_machine: arguments.keep_machine,
        machine: MachineOptions::default(),
    };
    let reporter = reporters::new(pages.len(), &options.root, arguments.format);
    let begun = Instant::now();
    let checked = super::runtime()?.block_on(execute(pages, options, reporter.clone()))?;
    let Some(Checked { run: result, .. }) = checked else {
        return Ok(Exit::Interrupted);
    };
    let exit = if runner::holds(&result) {
        Exit::Holds
    } else {
        Exit::Fails
    };
    let finished = runner::now();
    let seconds = begun.elapsed().as_secs_f64();
    let mut report = Report::new(env!("CARGO_PKG_VERSION"), finished, seconds, vec![result]);
    reporter.finish(&report);
    if let (false, Some(earlier)) = (names.is_empty(), &earlier) {
        // What is known of the other pages stays known.
        let order: Vec<_> = book.pages.iter().map(|page| page.file.as_str()).collect();
        report.keep(earlier, &order);
    }
    super::write_whole(&path, &report.to_json())?;
    if let Some(copy) = &arguments.report {
        super::write_whole(copy, &report.to_json())?;
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

/// The first name is the book if it is a folder; the others are pages.
pub(super) fn book_and_pages(names: &[PathBuf]) -> (PathBuf, &[PathBuf]) {
    match names {
        [book, pages @ ..] if book.is_dir() => (book.clone(), pages),
        pages => (PathBuf::from("."), pages),
    }
}

/// The pages that are named, or all that have sessions.
pub(super) fn selected(book: &Book, names: &[PathBuf]) -> Result<Vec<Arc<Page>>> {
    if names.is_empty() {
        let pages = book
            .pages
            .iter()
            .filter(|page| page.runs() || page.sessions().next().is_some());
        return Ok(pages.cloned().map(Arc::new).collect());
    }
    let mut pages: Vec<Arc<Page>> = Vec::new();
    for name in names {
        let page = book.page(&name.to_string_lossy())?;
        if !pages.iter().any(|other| other.file == page.file) {
            pages.push(Arc::new(page.clone()));
        }
    }
    Ok(pages)
}

/// Runs the pages; `None` if a signal came first. Whatever happens, the run's machines go.
pub(super) async fn execute(
    pages: Vec<Arc<Page>>,
    options: Options,
    reporter: Arc<dyn Reporter>,
) -> Result<Option<Checked>> {
    let engine = Engine::connect().await?;
    let run = Arc::new(Run::begin(&engine).await?);
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let work = {
        let run = run.clone();
        // A task of its own, so that a panic in it is seen here and the machines still go.
        tokio::spawn(async move { runner::check(&run, &pages, &options, reporter.as_ref()).await })
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
        ended = run.end() => if let Err(error) = ended {
            anstream::eprintln!("error: {error}");
            if matches!(error.kind(), MachineKind::Engine(_)) {
                anstream::eprintln!("what is left there, `seaworthy clean` removes when the engine answers again");
            }
        },
        _ = async { tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        } } => {
            anstream::eprintln!("interrupted again: `seaworthy clean` removes what is left");
            run.abandon();
            return Ok(None);
        }
    }
    match outcome {
        None => Ok(None),
        Some(Ok(result)) => result.map(Some),
        Some(Err(panic)) => std::panic::resume_unwind(panic.into_panic()),
    }
}
