//! Which pages of a book are checked.

use std::path::PathBuf;
use std::sync::Arc;

use seaworthy_page::{Page, Step};
use seaworthy_report::{Report, Run, Status};

use crate::book::Book;
use crate::error::{NothingRun, Usage};

/// The pages that are named, or all that have sessions.
pub(crate) fn selected(book: &Book, names: &[PathBuf]) -> Result<Vec<Arc<Page>>, Usage> {
    if names.is_empty() {
        let pages = book
            .pages
            .iter()
            .filter(|page| page.runs() || page.sessions().next().is_some() || page.is_malformed());
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

/// Makes sure that something on `pages` is run, and on each of them if they were `named`.
///
/// # Errors
/// If it isn't so.
pub(crate) fn something_runs(pages: &[Arc<Page>], named: bool) -> Result<(), NothingRun> {
    let runs = |page: &Arc<Page>| page.runs() || page.is_malformed();
    if pages.iter().any(runs) && (!named || pages.iter().all(runs)) {
        Ok(())
    } else {
        Err(NothingRun::nothing_there())
    }
}

/// Whether `page` holds on each of `versions` of Docker Engine by what an earlier `report` says: it ran there just as it
/// is written now, with this version of the tool, and nothing of it failed.
#[must_use]
pub(super) fn holds_still(page: &Page, report: &Report, versions: &[String]) -> bool {
    let of = |version: &String| {
        let mut runs = report.runs.iter();
        let held = runs.find(|run| is_of(run, version) && passed(page, run));
        held.and_then(|run| run.pages.iter().find(|found| found.file == page.file))
    };
    let found: Vec<_> = versions.iter().map(of).collect();
    // Where nothing of it was run, nothing was seen to hold.
    let ran = || !page.runs() || found.iter().flatten().any(|found| found.ran());
    report.tool == env!("CARGO_PKG_VERSION") && found.iter().all(Option::is_some) && ran()
}

/// Whether `run` was on an engine of `version`, which may be the beginning of one.
fn is_of(run: &Run, version: &str) -> bool {
    let rest = run.engine.version.strip_prefix(version);
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn passed(page: &Page, run: &Run) -> bool {
    let Some(found) = run.pages.iter().find(|found| found.file == page.file) else {
        return false;
    };
    let held = |status| matches!(status, Status::Passed | Status::NotRun);
    let sessions = found
        .sessions
        .iter()
        .map(|s| (&s.id, &s.fingerprint, held(s.status)));
    let diagrams = found
        .diagrams
        .iter()
        .map(|d| (&d.id, &d.fingerprint, held(d.status)));
    let now = page.steps.iter().filter_map(|step| match step {
        Step::Session(step) => Some((&step.id, &step.fingerprint, true)),
        _ => None,
    });
    let drawn = page.steps.iter().filter_map(|step| match step {
        Step::Diagram(step) if step.verify => Some((&step.id, &step.fingerprint, true)),
        _ => None,
    });
    found.error.is_none() && found.unfinished.is_none() && sessions.eq(now) && diagrams.eq(drawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_known_by_its_beginning() {
        let run = |version: &str| Run {
            engine: seaworthy_report::Engine {
                version: version.to_owned(),
                api: String::new(),
            },
            images: Vec::new(),
            pages: Vec::new(),
        };
        assert!(is_of(&run("28.5.2+dfsg4"), "28") && is_of(&run("20.10.24"), "20.10"));
        assert!(!is_of(&run("20.10.24"), "20.1") && !is_of(&run("28.5.2"), "26"));
    }
}
