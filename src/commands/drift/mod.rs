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

use seaworthy_page::Page;
use seaworthy_report::Report;
use seaworthy_runner::{Accept, Checked};

use self::findings::Findings;
use self::repository::Repository;
use super::interrupts::Interrupts;
use super::loaded::{Named, loaded};
use super::{accept, check, runtime};
use crate::book::Book;
use crate::cli::{CheckArguments, DriftArguments, SetArguments, StartArguments};
use crate::edits::{Edits, plan};
use crate::error::{NothingRun, Result, Unfinished, Usage};
use crate::exit::Exit;
use crate::files::write_whole;

/// Where what was found is told, relative to the book's root.
const STORY: &str = "target/seaworthy/drift.md";

pub(super) fn run(arguments: &DriftArguments) -> Result<Exit> {
    let named = Named::new(&arguments.names);
    let names = named.pages();
    let book = named.load(&SetArguments::default())?;
    let pages = check::selected(&book, names)?;
    check::something_runs(&pages, !names.is_empty())?;
    let repository = Repository::of(&book.root)?;
    repository.refuse_changes()?;
    let branch = arguments.branch.clone().unwrap_or_else(today);
    repository.refuse_branch(&branch)?;
    repository.refuse_nobody()?;
    let place = book.files.written_itself(Path::new(STORY));
    let place = place.map_err(|why| Usage(format!("can't write `{STORY}`: {why}")))?;
    let work = async {
        let mut runs = Runs {
            start: &arguments.start,
            part: !names.is_empty(),
            interrupts: Interrupts::listen()?,
        };
        runs.look(&book, &pages).await
    };
    let (findings, edited) = match runtime::start()?.block_on(work)? {
        None => return Ok(Exit::Interrupted),
        Some(Outcome::Nothing(told)) => {
            crate::outln!("{told}");
            return Ok(Exit::Holds);
        }
        Some(Outcome::Drift { findings, edited }) => (findings, edited),
    };
    let story = findings.told();
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

/// What came of looking.
enum Outcome {
    /// Nothing has drifted, in words.
    Nothing(String),
    /// Something has, and these files were changed.
    Drift {
        findings: Findings,
        edited: Vec<String>,
    },
}

/// The runs of which it is made, each on fresh machines.
struct Runs<'a> {
    start: &'a StartArguments,
    /// Whether they are only a part of the book's pages.
    part: bool,
    /// Listens through all of them: a signal between two isn't lost.
    interrupts: Interrupts,
}

impl Runs<'_> {
    /// Looks for what has drifted on `pages`, and writes what mends it; `None` if a signal came first.
    async fn look(&mut self, book: &Book, pages: &[Arc<Page>]) -> Result<Option<Outcome>> {
        let known = check::earlier(book);
        let Some(first) = self.checked(book, pages, self.part).await? else {
            return Ok(None);
        };
        let failed = not_holding(pages, &first);
        if failed.is_empty() {
            let told = "nothing has drifted: all that was run holds";
            return Ok(Some(Outcome::Nothing(told.to_owned())));
        }
        crate::errln!("once more, on fresh machines: what doesn't hold");
        let Some(second) = self.printed(book, &failed, None).await? else {
            return Ok(None);
        };
        let mut findings = Findings::of(&first, &second.run, known.as_ref());
        if findings.drifted.is_empty() {
            return Ok(Some(Outcome::Nothing(findings.told())));
        }
        let drifted = findings.pages(&failed);
        crate::errln!("what stands there now, for what has drifted:");
        let accept = Some(Accept::Failing);
        let Some(third) = self.printed(book, &drifted, accept).await? else {
            return Ok(None);
        };
        let edited = mend(book, pages, third, &mut findings)?;
        if !edited.is_empty() {
            let Some(left) = self.left(book, &edited).await? else {
                return Ok(None);
            };
            findings.leave(left);
        }
        Ok(Some(Outcome::Drift { findings, edited }))
    }

    /// Checks `pages` as `seaworthy check` does; `None` if a signal came first.
    async fn checked(
        &mut self,
        book: &Book,
        pages: &[Arc<Page>],
        part: bool,
    ) -> Result<Option<Report>> {
        let asked = CheckArguments::of_pages(self.start.clone());
        let work = check::check(&asked, book, pages, (part, None), &mut self.interrupts);
        let Some(done) = work.await? else {
            return Ok(None);
        };
        // What couldn't be finished has not drifted.
        done.exit(false, false)?;
        // It was written just now.
        let report = check::earlier(book).ok_or_else(|| NothingRun::of(&[]))?;
        Ok(Some(report))
    }

    /// Runs `pages` again, with what `accept` would change if that is asked for; `None` if a signal came first.
    async fn printed(
        &mut self,
        book: &Book,
        pages: &[Arc<Page>],
        accept: Option<Accept>,
    ) -> Result<Option<Checked>> {
        let runtime = self.start.runtime();
        let work = accept::printed(book, pages, accept, runtime, &mut self.interrupts);
        match work.await? {
            Some(Checked {
                lost: Some(lost), ..
            }) => Err(Unfinished(lost).into()),
            checked => Ok(checked),
        }
    }

    /// The files of the pages that are made of `edited` files and still don't hold; `None` if a signal came first.
    async fn left(&mut self, book: &Book, edited: &[String]) -> Result<Option<Vec<String>>> {
        let book = loaded(&book.root)?;
        let pages: Vec<_> = check::selected(&book, &[])?
            .into_iter()
            .filter(|page| edited.iter().any(|file| page.source.includes(file)))
            .collect();
        crate::errln!("with the changes:");
        let report = self.checked(&book, &pages, true).await?;
        Ok(report.map(|report| {
            let pages = not_holding(&pages, &report);
            pages.iter().map(|page| page.file.clone()).collect()
        }))
    }
}

/// The branch of today.
fn today() -> String {
    let now = seaworthy_runner::now();
    let day = now.split('T').next().unwrap_or_default();
    format!("seaworthy/drift-{day}")
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
        Err(refusal) => findings.concerns_drift(refusal),
    });
    let mut edits: Edits = plan(changes.collect());
    edits.keep_only_sound(book, pages);
    let files: Vec<_> = edits.files.keys().cloned().collect();
    accept::write(book, &mut edits)?;
    findings.refused.append(&mut edits.refused);
    Ok(files)
}
