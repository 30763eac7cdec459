//! `seaworthy drift`: what no longer holds although nobody edited it, told from what only fails now and then, with a branch that
//! mends it and says why.
//!
//! The book is checked; pages that don't hold are run a second time, on fresh machines. What fails both times has drifted, and a
//! third run says what stands there now. [`findings`] tells drift from flakes and names the image or engine that changed,
//! [`repository`] commits what `accept` would write.

mod findings;
mod repository;

use std::path::Path;
use std::sync::Arc;

use seaworthy_machine::MachineOptions;
use seaworthy_page::Page;
use seaworthy_report::Report;
use seaworthy_runner::{Accept, Checked, Options};

use self::findings::Findings;
use self::repository::Repository;
use super::accept::write;
use super::check;
use super::interrupts::Interrupts;
use super::loaded::loaded;
use super::runtime;
use crate::book::Book;
use crate::cli::{CheckArguments, DriftArguments};
use crate::edits::{Edits, plan};
use crate::error::{CommandError, NothingRun, Result, Unfinished, Usage};
use crate::exit::Exit;
use crate::files::write_whole;
use crate::reporters::{self, Format};

/// Where what was found is told, relative to the book's root.
const STORY: &str = "target/seaworthy/drift.md";

pub(super) fn run(arguments: &DriftArguments) -> Result<Exit> {
    let (root, names) = check::book_and_pages(&arguments.names);
    let book = loaded(&root)?;
    let pages = check::selected(&book, names)?;
    check::something_runs(&pages, !names.is_empty())?;
    let repository = Repository::of(&root)?;
    repository.refuse_changes()?;
    let branch = arguments.branch.clone().unwrap_or_else(today);
    repository.refuse_branch(&branch)?;
    let known = check::earlier(&book);
    let Some(first) = checked(arguments, &book, &pages, !names.is_empty())? else {
        return Ok(Exit::Interrupted);
    };
    let failed = not_holding(&pages, &first);
    if failed.is_empty() {
        crate::outln!("nothing has drifted: all that was run holds");
        return Ok(Exit::Holds);
    }
    crate::errln!("once more, on fresh machines: what doesn't hold");
    let Some(second) = again(arguments, &book, &failed, None)? else {
        return Ok(Exit::Interrupted);
    };
    let mut findings = Findings::of(&first, &second.run, known.as_ref());
    if findings.drifted.is_empty() {
        crate::outln!("{}", findings.told());
        return Ok(Exit::Holds);
    }
    let drifted = findings.pages(&failed);
    crate::errln!("what stands there now, for what has drifted:");
    let Some(third) = again(arguments, &book, &drifted, Some(Accept::Failing))? else {
        return Ok(Exit::Interrupted);
    };
    let edited = mend(&book, &pages, third, &mut findings)?;
    if !edited.is_empty() {
        let Some(still) = verified(arguments, &root, &edited)? else {
            return Ok(Exit::Interrupted);
        };
        findings.leave(still);
    }
    let story = findings.told();
    let place = book.files.written_itself(Path::new(STORY));
    let place = place.map_err(|why| Usage(format!("can't write `{STORY}`: {why}")))?;
    write_whole(&place, &story)?;
    crate::outln!("{story}");
    if edited.is_empty() {
        crate::outln!("nothing was changed: what drifted has to be mended by hand");
        return Ok(Exit::Fails);
    }
    repository.commit(&branch, &edited, &story)?;
    crate::outln!("on the branch `{branch}` now, with a commit; `git switch -` goes back");
    if let Some(remote) = &arguments.push {
        repository.push(remote, &branch, &arguments.push_option)?;
        crate::outln!("pushed to `{remote}`");
    }
    Ok(Exit::Fails)
}

/// The branch of today.
fn today() -> String {
    let now = seaworthy_runner::now();
    let day = now.split('T').next().unwrap_or_default();
    format!("seaworthy/drift-{day}")
}

/// Checks `pages` as `seaworthy check` does; `None` if a signal came first.
fn checked(
    arguments: &DriftArguments,
    book: &Book,
    pages: &[Arc<Page>],
    part: bool,
) -> Result<Option<Report>> {
    let asked = CheckArguments::of_pages(arguments.start.clone());
    let Some(done) = runtime::start()?.block_on(check::check(&asked, book, pages, (part, None)))?
    else {
        return Ok(None);
    };
    // What couldn't be finished has not drifted.
    done.exit(false, false)?;
    // It was written just now.
    let report = check::earlier(book);
    let nothing = || NothingRun::of(&[]);
    Ok(Some(report.ok_or_else(nothing)?))
}

/// Those of `pages` that don't hold.
fn not_holding(pages: &[Arc<Page>], report: &Report) -> Vec<Arc<Page>> {
    let failed: Vec<_> = report
        .runs
        .iter()
        .flat_map(seaworthy_runner::failed)
        .collect();
    let failed = |page: &&Arc<Page>| failed.iter().any(|found| found.file == page.file);
    pages.iter().filter(failed).cloned().collect()
}

/// Runs `pages` again, as `accept` does if that is asked for; `None` if a signal came first.
fn again(
    arguments: &DriftArguments,
    book: &Book,
    pages: &[Arc<Page>],
    accept: Option<Accept>,
) -> Result<Option<Checked>> {
    let options = Options {
        root: book.root.to_string_lossy().into_owned(),
        keep_going: true,
        accept,
        jobs: None,
        earlier: None,
        keep_machine: false,
    };
    let machine = MachineOptions {
        runtime: arguments.start.runtime(),
        ..MachineOptions::default()
    };
    let reporter = reporters::new(pages.len(), &options.root, Format::Pretty);
    let work = async {
        let mut interrupts = Interrupts::listen()?;
        let engines = (&[] as &[String], machine);
        let work = check::execute(
            engines,
            pages.to_vec(),
            options,
            reporter.clone(),
            &mut interrupts,
        );
        let checked = work.await?;
        // Who interrupts it even at its end wants nothing changed.
        Ok::<_, CommandError>(checked.filter(|_| !interrupts.came()))
    };
    let checked = runtime::start()?.block_on(work)?;
    reporter.stop();
    match checked {
        Some(Checked {
            lost: Some(lost), ..
        }) => Err(Unfinished(lost).into()),
        checked => Ok(checked),
    }
}

/// Writes what drifted into the pages, as `accept` does; gives the files.
fn mend(
    book: &Book,
    pages: &[Arc<Page>],
    third: Checked,
    findings: &mut Findings,
) -> Result<Vec<String>> {
    let changes = third.changes.into_iter();
    let changes = changes.filter(|change| match change {
        Ok(change) => findings.is_drift(&change.file, change.line),
        Err(_) => true,
    });
    let mut edits: Edits = plan(changes.collect());
    edits.keep_only_sound(book, pages);
    let files: Vec<_> = edits.files.keys().cloned().collect();
    write(book, &mut edits)?;
    findings.refused.append(&mut edits.refused);
    Ok(files)
}

/// The files of the pages that are made of `edited` files and still don't hold.
fn verified(
    arguments: &DriftArguments,
    root: &Path,
    edited: &[String],
) -> Result<Option<Vec<String>>> {
    let book = loaded(root)?;
    let pages: Vec<_> = check::selected(&book, &[])?
        .into_iter()
        .filter(|page| edited.iter().any(|file| page.source.includes(file)))
        .collect();
    crate::errln!("with the changes:");
    let report = checked(arguments, &book, &pages, true)?;
    Ok(report.map(|report| {
        let pages = not_holding(&pages, &report);
        pages.iter().map(|page| page.file.clone()).collect()
    }))
}
