//! `seaworthy check`: run the book's sessions and say which don't hold.

mod select;
mod watch;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use futures_util::future::join_all;
use mdbook_seaworthy::LastCheck;
use seaworthy_blocks::{Diagnostic, counted};
use seaworthy_page::Page;
use seaworthy_report::{self as report, Report};

use super::interrupts::Interrupts;
use super::loaded::{Named, warn};
use super::runtime;
use crate::book::{Book, Faulty};
use crate::cli::CheckArguments;
use crate::error::{Explain, NothingRun, Result, Unfinished, Unwritten, Usage};
use crate::exit::Exit;
use crate::files::{lock, write_whole};
use crate::output::rendered;
use crate::reporters::{self, Reporter};
use seaworthy_machine::engine::{Endpoint, Engine};
use seaworthy_machine::{DEFAULT_VERSION, MachineKind, MachineOptions, Run};
use seaworthy_runner::{self as runner, Checked, DockerHost, Observer, Options};

pub(super) use select::{holds_still, selected, something_runs};

pub(super) fn run(arguments: &CheckArguments) -> Result<Exit> {
    let what = Named::new(&arguments.names);
    let names = what.pages();
    if arguments.watch {
        return runtime::start()?.block_on(watch::run(arguments, &what));
    }
    let book = match arguments.keep_going {
        true => going_on(&what, arguments)?,
        false => what.load(&arguments.set)?,
    };
    what.tell_place(&book);
    let mut pages = selected(&book, names)?;
    let mut shard = None;
    if let Some(job) = arguments.shard {
        shard = Some(job.reported(&pages, &versions(arguments)));
        pages = job.select(pages);
    }
    doubt(&book);
    let named = !names.is_empty();
    if !arguments.allow_nothing_run {
        something_runs(&pages, named)?;
    }
    let all = pages.len();
    pages.retain(changed(arguments, &book, &pages));
    if pages.is_empty() && all > 0 {
        return Ok(Exit::Holds);
    }
    // What held when it was last checked counts as if it had been run now.
    let held = pages.len() < all;
    let part = named || arguments.changed;
    let work = async {
        let mut interrupts = Interrupts::listen()?;
        check(arguments, &book, &pages, (part, shard), &mut interrupts).await
    };
    let Some(done) = runtime::start()?.block_on(work)? else {
        return Ok(Exit::Interrupted);
    };
    done.exit(named, held || arguments.allow_nothing_run)
}

/// What is well-formed of what is to be checked; what isn't is told on stderr.
fn going_on(what: &Named<'_>, arguments: &CheckArguments) -> Result<Book> {
    let (book, faults) = what.read(&arguments.set, Faulty::GoesOn)?;
    let told = |fault: &Diagnostic| {
        book.pages
            .iter()
            .any(|page| page.faults().any(|one| one == fault))
    };
    // What is a fault of no block has no place in the report, and nothing is known of what it keeps from being read.
    if faults.iter().any(|fault| !told(fault)) {
        return book.without(faults);
    }
    if !faults.is_empty() {
        let count = counted(faults.len(), "fault", "faults");
        crate::errln!(
            "{}\n\n{count}, counted as failed; the rest is run\n",
            rendered(&book.as_shown(faults))
        );
    }
    warn(&book);
    Ok(book)
}

/// What came of a check.
pub(super) struct Done {
    /// The files of the pages that don't hold.
    failed: Vec<String>,
    /// The files of the pages of which nothing was run, on no engine.
    not_run: Vec<String>,
    /// Whether anything was run.
    ran: bool,
    /// Why it couldn't be finished, if it couldn't.
    lost: Option<String>,
}

impl Done {
    pub(super) fn of(runs: &[report::Run], lost: Option<String>) -> Self {
        let pages = || runs.iter().flat_map(|run| &run.pages);
        let ran: BTreeSet<_> = pages()
            .filter(|page| page.ran())
            .map(|page| &page.file)
            .collect();
        let files: BTreeSet<_> = pages().map(|page| &page.file).collect();
        let failed: BTreeSet<_> = runs
            .iter()
            .flat_map(runner::failed)
            .map(|page| &page.file)
            .collect();
        Self {
            failed: failed.into_iter().cloned().collect(),
            not_run: files.difference(&ran).map(|file| (*file).clone()).collect(),
            ran: !ran.is_empty(),
            lost,
        }
    }

    /// The exit code. That nothing was run, or nothing of a page that was `named`, is an error unless it is `allowed`.
    pub(super) fn exit(self, named: bool, allowed: bool) -> Result<Exit> {
        if let Some(lost) = self.lost {
            return Err(Unfinished(lost).into());
        }
        if !self.failed.is_empty() {
            return Ok(Exit::Fails);
        }
        if !allowed && (!self.ran || named && !self.not_run.is_empty()) {
            return Err(NothingRun::of(&self.not_run).into());
        }
        Ok(Exit::Holds)
    }
}

/// The report of the last check. One that can't be read, or isn't to be believed, is as good as none, and is replaced.
pub(super) fn earlier(book: &Book) -> Option<Report> {
    LastCheck::read(&book.files).ok()?.believed()
}

/// Says why the report of the last check isn't believed, if it isn't.
fn doubt(book: &Book) {
    // One that can't be read is replaced.
    let last = LastCheck::read(&book.files).ok();
    if let Some(why) = last.as_ref().and_then(LastCheck::doubt) {
        crate::errln!("{}\n", rendered(&book.as_shown(vec![why.clone()])));
    }
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

/// Checks `pages`, tells what came of them and writes the report; `None` if a signal came meanwhile. One that comes when
/// all has been run stops neither telling nor writing. If they are only a `part` of those that were to be checked, what is
/// known of the others stays. `shard` is the job that this is, of several.
pub(super) async fn check(
    arguments: &CheckArguments,
    book: &Book,
    pages: &[Arc<Page>],
    (part, shard): (bool, Option<report::Shard>),
    interrupts: &mut Interrupts,
) -> Result<Option<Done>> {
    // What can't be written in the end is said before anything is run.
    let place = place_of_report(book)?;
    let copy = place_of_copy(arguments);
    if let Some(copy) = &copy {
        super::report::refuse_stranger(copy)?;
    }
    let earlier = earlier(book).map(Arc::new);
    let versions = versions(arguments);
    let root = book.root.to_string_lossy();
    let reporter = reporters::new(pages.len() * versions.len(), &root, arguments.format);
    let begun = Instant::now();
    let started = runner::now();
    let (mut results, mut lost) = (Vec::new(), None);
    for version in &versions {
        let options = Options {
            root: root.clone().into_owned(),
            keep_going: arguments.keep_going,
            accept: None,
            jobs: arguments.jobs.map(usize::from),
            earlier: earlier.clone(),
            keep_machine: arguments.keep_machine,
        };
        let machine = MachineOptions {
            runtime: arguments.start.runtime(),
            ..MachineOptions::of_version(version)
        };
        let engines = (arguments.engine.as_slice(), machine);
        let work = execute(
            engines,
            pages.to_vec(),
            options,
            reporter.clone(),
            interrupts,
        );
        match work.await? {
            Some(checked) => {
                results.push(checked.run);
                lost = checked.lost;
            }
            None => return Ok(None),
        }
        if lost.is_some() {
            break;
        }
        if interrupts.came() && results.len() < versions.len() {
            return Ok(None);
        }
    }
    let done = Done::of(&results, lost);
    let finished = runner::now();
    let seconds = begun.elapsed().as_secs_f64();
    let mut report = Report::new(env!("CARGO_PKG_VERSION"), finished, seconds, results);
    if let Some(earlier) = &earlier {
        report.remember(earlier);
    }
    report.shard = shard;
    reporter.finish(&report);
    // What other jobs found out beside this book is for them to hand on.
    let own = report.shard.is_some().then(|| report.to_json());
    store(book, &place, &mut report, part, &started)?;
    if let Some(copy) = copy {
        write_whole(&copy, &own.unwrap_or_else(|| report.to_json()))?;
    }
    Ok((!interrupts.came()).then_some(done))
}

/// Writes the report of a check that began at `started`. Another check may have written its own meanwhile: what that found
/// out later stays, and so does what is known of other pages if only a `part` of them was checked.
fn store(
    book: &Book,
    place: &Path,
    report: &mut Report,
    part: bool,
    started: &str,
) -> Result<(), Unwritten> {
    let _turn = lock(place)?;
    if let Some(known) = earlier(book) {
        let order: Vec<_> = book.pages.iter().map(|page| page.file.as_str()).collect();
        let since = if part { "" } else { started };
        report.keep(&known, &order, since);
    }
    write_whole(place, &report.to_json())?;
    Ok(())
}

/// Where the report is written: inside of the book, and through no link, as the file is that says whose turn it is.
fn place_of_report(book: &Book) -> Result<PathBuf, Usage> {
    let place = |name: &str| {
        let place = book.files.written_itself(Path::new(name));
        place.or_usage(|| format!("can't write `{name}`"))
    };
    place(&format!("{}.lock", report::PATH))?;
    place(report::PATH)
}

/// Where the copy of the report is written, if one is wanted: in a folder, each job of a matrix has a file of its own.
fn place_of_copy(arguments: &CheckArguments) -> Option<PathBuf> {
    let copy = arguments.report.as_ref()?;
    if !copy.is_dir() {
        return Some(copy.clone());
    }
    let mut name = format!("report-{}", versions(arguments).join("-"));
    if let Some(shard) = arguments.shard {
        name.push_str(&format!("-{}-of-{}", shard.number, shard.of));
    }
    Some(copy.join(name + ".json"))
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

/// Said where an engine can't be asked to remove what a run made.
const LEFT_THERE: &str =
    "what is left there, `seaworthy clean` removes when the engine answers again";

/// Ends all runs at the same time; what went wrong is told.
pub(super) async fn end(runs: &[Arc<Run>]) {
    let all = join_all(runs.iter().map(async |run| {
        if run.is_lost() {
            // It would be waited for in vain.
            run.abandon();
            crate::errln!("{LEFT_THERE}");
            return Ok(());
        }
        run.end().await
    }));
    for ended in all.await {
        if let Err(error) = ended {
            crate::errln!("error: {error}");
            if matches!(error.kind(), MachineKind::Engine(_)) {
                crate::errln!("{LEFT_THERE}");
            }
        }
    }
}

/// Runs the pages on the engines at `addresses`, on such machines; `None` if one of the signals that `interrupts` listens
/// for came first. Whatever happens, the machines go.
pub(super) async fn execute(
    engines: (&[String], MachineOptions),
    pages: Vec<Arc<Page>>,
    options: Options,
    reporter: Arc<dyn Reporter>,
    interrupts: &mut Interrupts,
) -> Result<Option<Checked>> {
    let never = std::future::pending();
    execute_within(engines, pages, options, reporter, interrupts, never).await
}

/// As [`execute`]; `None` as well if `over` came first.
pub(super) async fn execute_within(
    (addresses, machine): (&[String], MachineOptions),
    pages: Vec<Arc<Page>>,
    options: Options,
    reporter: Arc<dyn Reporter>,
    interrupts: &mut Interrupts,
    over: impl Future<Output = ()>,
) -> Result<Option<Checked>> {
    if !pages.iter().any(|page| page.runs()) {
        return Ok(Some(runner::not_run(
            &pages,
            &options.root,
            reporter.as_ref(),
        )));
    }
    let engines = tokio::select! {
        engines = connect(addresses) => engines?,
        () = interrupts.next() => {
            crate::errln!("interrupted before an engine answered: nothing was run");
            return Ok(None);
        }
    };
    let mut runs = Vec::new();
    for engine in engines {
        runs.push(Arc::new(Run::begin(&engine).await?));
    }
    let work = {
        let runs = runs.clone();
        // A task of its own, so that a panic in it is seen here and the machines still go.
        tokio::spawn(async move {
            let host = |run| Arc::new(DockerHost::new(run, &machine));
            let hosts: Vec<_> = runs.iter().map(host).collect();
            let observer: Arc<dyn Observer> = reporter;
            runner::check(&hosts, &pages, &options, &observer).await
        })
    };
    let stop = work.abort_handle();
    let outcome = tokio::select! {
        outcome = work => Some(outcome),
        () = interrupts.next() => {
            crate::errln!("{INTERRUPTED}");
            None
        }
        () = over => {
            crate::errln!("the time is over: removing the machines");
            None
        }
    };
    let mut interrupted = outcome.is_none();
    if interrupted {
        stop.abort();
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
        Some(Ok(result)) => Ok(Some(result?)),
        Some(Err(panic)) => std::panic::resume_unwind(panic.into_panic()),
    }
}
