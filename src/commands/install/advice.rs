//! What an author meets after the installation: blocks that are sessions now, blocks that could be, and what stands in the
//! way of a build.

use std::collections::{BTreeMap, BTreeSet};

use mdbook_seaworthy::{LastCheck, MDBOOK_VERSION, same_minor};
use seaworthy_blocks::{Diagnostic, counted};
use seaworthy_page::Step;

use crate::book::Book;
use crate::output::rendered;

/// How many faults are shown; the rest is counted.
const SHOWN: usize = 3;

/// Tells it of `book`, whose other pages have `faults`: what is to be done on stdout, what stands in the way on stderr.
pub(super) fn tell(book: &Book, faults: Vec<Diagnostic>) {
    let mut sessions = Count::default();
    let mut fences = Count::default();
    for page in &book.pages {
        for step in &page.steps {
            match step {
                Step::Session(_) => sessions.add("console", &page.file),
                Step::Listed(step) => fences.add(&step.language, &page.file),
                Step::File(_) | Step::Archive(_) | Step::Diagram(_) | Step::Malformed(_) => {}
            }
        }
    }
    crate::outln!();
    if let Some(said) = sessions.said() {
        crate::outln!("{said}: sessions, which `seaworthy check` runs");
    }
    if let Some(said) = fences.said() {
        crate::outln!(
            "{said}: shown, not run. To make one a session, write `console` for its language and `$ ` before what is typed; `seaworthy list` says where they stand"
        );
    }
    if sessions.blocks == 0 && fences.blocks == 0 && faults.is_empty() {
        crate::outln!(
            "no page has a session yet: write a `console` block, and `$ ` before what is typed in it"
        );
    }
    tell_faults(book, faults);
    tell_of_report(book);
    tell_of_mdbook();
}

/// Blocks by their languages, and the pages that hold them.
#[derive(Default)]
struct Count {
    languages: BTreeMap<String, usize>,
    pages: BTreeSet<String>,
    blocks: usize,
}

impl Count {
    fn add(&mut self, language: &str, page: &str) {
        *self.languages.entry(language.to_owned()).or_default() += 1;
        self.pages.insert(page.to_owned());
        self.blocks += 1;
    }

    /// Such as “3 blocks (2 `bash`, 1 `sh`) on 2 pages”; nothing if there are none.
    fn said(&self) -> Option<String> {
        let named = match self.languages.len() {
            0 => return None,
            1 => {
                let language = self.languages.keys().next()?;
                let one = format!("`{language}` block");
                counted(self.blocks, &one, &format!("{one}s"))
            }
            _ => {
                let each = self
                    .languages
                    .iter()
                    .map(|(name, n)| format!("{n} `{name}`"));
                let each: Vec<_> = each.collect();
                format!(
                    "{} ({})",
                    counted(self.blocks, "block", "blocks"),
                    each.join(", ")
                )
            }
        };
        Some(format!(
            "{named} on {}",
            counted(self.pages.len(), "page", "pages")
        ))
    }
}

/// Says what can't be read as Seaworthy reads it.
fn tell_faults(book: &Book, faults: Vec<Diagnostic>) {
    if faults.is_empty() {
        return;
    }
    let files: BTreeSet<_> = faults.iter().map(|fault| fault.file.clone()).collect();
    let count = faults.len();
    let shown = book.as_shown(faults.into_iter().take(SHOWN).collect());
    crate::errln!("{}\n", rendered(&shown));
    let rest = match count.saturating_sub(SHOWN) {
        0 => "",
        _ => "; `seaworthy list` shows all",
    };
    crate::errln!(
        "warning: {} in {}: mend what stops a build{rest}",
        counted(count, "fault", "faults"),
        counted(files.len(), "file", "files")
    );
}

/// Says why the report of the last check isn't believed, if it isn't: it may be tracked by git.
fn tell_of_report(book: &Book) {
    // One that can't be read is told of by a build.
    let last = LastCheck::read(&book.files).ok();
    if let Some(why) = last.as_ref().and_then(LastCheck::doubt) {
        let shown = book.as_shown(vec![why.clone()]);
        crate::errln!("{}\n", rendered(&shown));
    }
}

/// Warns of an `mdbook` on this computer that isn't of the version that the preprocessor is made for.
fn tell_of_mdbook() {
    let asked = duct::cmd!("mdbook", "--version").stderr_null().read();
    // Without the program there is nothing to warn of: `seaworthy build` needs none.
    let Ok(said) = asked else { return };
    let version = said
        .trim()
        .trim_start_matches("mdbook")
        .trim()
        .trim_start_matches('v');
    if !same_minor(version, MDBOOK_VERSION) {
        crate::errln!(
            "warning: `mdbook` is {version} on this computer, and Seaworthy is made for {MDBOOK_VERSION}: build with `seaworthy build`, which brings its own"
        );
    }
}
