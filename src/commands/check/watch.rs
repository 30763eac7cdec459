//! `check --watch`: pages that are written anew are checked again.
//!
//! Which ones is found by comparing each page with what it was when it was last checked, not by which files were saved.
//! So nothing that is saved while a check runs is lost, and a save that changes nothing costs nothing.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use mdbook_seaworthy::Faults;
use seaworthy_page::{CopiedFolder, Page};

use super::{Done, changed, check, selected, something_runs};
use crate::book::{Book, Faulty};
use crate::cli::CheckArguments;
use crate::commands::interrupts::Interrupts;
use crate::commands::loaded::Named;
use crate::commands::watch::{Sources, Watcher};
use crate::error::{CommandError, Result, SystemError};
use crate::exit::{self, Exit};
use crate::output::rendered;

/// Checks the pages that `names` say, and again what is written anew, until a signal comes. Between two checks it ends the
/// command with what is known then; while one runs, as it ends every check.
pub(super) async fn run(arguments: &CheckArguments, what: &Named<'_>) -> Result<Exit> {
    let mut interrupts = Interrupts::listen()?;
    let mut watching = Watching::new(arguments, what)?;
    let mut exit = watching.round(&mut interrupts).await;
    // What can't be mended by writing pages ends the command, if it is so from the beginning.
    let mendable = |error: &CommandError| {
        matches!(error, CommandError::Faults(_) | CommandError::NothingRun(_))
    };
    if exit.as_ref().is_err_and(|error| !mendable(error)) {
        return exit;
    }
    loop {
        let ends_with = match exit {
            Ok(Exit::Interrupted) => return Ok(Exit::Interrupted),
            Ok(exit) => exit,
            Err(error) => {
                watching.say(error.told(true));
                exit::of_error(&error)
            }
        };
        watching.waits();
        tokio::select! {
            () = interrupts.next() => return Ok(ends_with),
            more = watching.watcher.changed() => {
                if !more {
                    return Err(SystemError {
                        doing: "can't wait for a save".to_owned(),
                        why: "the book's files can no longer be watched".to_owned(),
                    }
                    .into());
                }
            }
        }
        exit = watching.round(&mut interrupts).await;
    }
}

/// What is watched, and what is known of it.
struct Watching<'a> {
    arguments: &'a CheckArguments,
    what: &'a Named<'a>,
    names: &'a [PathBuf],
    watcher: Watcher,
    /// The pages as they were when they were last checked, by their files.
    checked: HashMap<String, Arc<Page>>,
    /// Those of them that didn't hold.
    failed: BTreeSet<String>,
    /// Those of which nothing was run.
    not_run: BTreeSet<String>,
    /// Whether the book could be read once: what `--changed` leaves out is known then.
    begun: bool,
    /// What was said last of why nothing is checked, or of what is worth a look: it isn't said again at every save.
    told: String,
    /// Whether anything was told since the command last said that it waits.
    news: bool,
}

impl<'a> Watching<'a> {
    fn new(arguments: &'a CheckArguments, what: &'a Named<'a>) -> Result<Self> {
        Ok(Self {
            arguments,
            what,
            names: what.pages(),
            watcher: Watcher::new()?,
            checked: HashMap::new(),
            failed: BTreeSet::new(),
            not_run: BTreeSet::new(),
            begun: false,
            told: String::new(),
            news: true,
        })
    }

    /// Checks what isn't known yet as it is written now.
    async fn round(&mut self, interrupts: &mut Interrupts) -> Result<Exit> {
        let book = self.read()?;
        let all = selected(&book, self.names)?;
        if !self.arguments.allow_nothing_run {
            something_runs(&all, !self.names.is_empty())?;
        }
        if !self.begun {
            self.begun = true;
            let changed = changed(self.arguments, &book, &all);
            for page in all.iter().filter(|page| !changed(page)) {
                self.checked.insert(page.file.clone(), Arc::clone(page));
            }
        }
        let unknown = all.iter().filter(|page| !self.knows(page));
        let unknown: Vec<_> = unknown.cloned().collect();
        if !unknown.is_empty() {
            self.news = true;
            let part = !self.names.is_empty() || unknown.len() < all.len();
            let work = check(self.arguments, &book, &unknown, (part, None), interrupts);
            let Some(done) = work.await? else {
                return Ok(Exit::Interrupted);
            };
            if done.lost.is_some() {
                return done.exit(false, true);
            }
            for page in unknown {
                self.failed.remove(&page.file);
                self.not_run.remove(&page.file);
                self.checked.insert(page.file.clone(), page);
            }
            self.failed.extend(done.failed);
            self.not_run.extend(done.not_run);
        }
        // What left the book no longer counts.
        let there = |file: &String| all.iter().any(|page| page.file == *file);
        self.failed.retain(there);
        self.not_run.retain(there);
        let known = Done {
            failed: self.failed.iter().cloned().collect(),
            not_run: self.not_run.iter().cloned().collect(),
            ran: self.not_run.len() < all.len(),
            lost: None,
        };
        known.exit(!self.names.is_empty(), self.arguments.allow_nothing_run)
    }

    /// Reads the book, and watches what it is made of.
    fn read(&mut self) -> Result<Book> {
        loop {
            let (book, faults) = self.what.read(&self.arguments.set, Faulty::Stops)?;
            let mut sources = Sources::of_pages(&book);
            for fault in &faults {
                sources.add_file(&book.root.join(&fault.file));
            }
            // What was saved after it was read and before it was watched is read again.
            if self.watcher.watch(sources)? {
                continue;
            }
            if !faults.is_empty() {
                return Err(Faults(book.as_shown(faults)).into());
            }
            self.say(rendered(&book.warnings()));
            return Ok(book);
        }
    }

    /// Whether the page was checked as it is written now.
    fn knows(&self, page: &Page) -> bool {
        self.checked.get(&page.file).is_some_and(|checked| {
            checked.source.text() == page.source.text()
                && checked.settings == page.settings
                && checked.copied == page.copied
                && contents(checked).eq(contents(page))
        })
    }

    /// Says on stderr what is worth knowing, unless it was said already.
    fn say(&mut self, text: String) {
        if text != self.told {
            if !text.is_empty() {
                crate::errln!("{text}\n");
                self.news = true;
            }
            self.told = text;
        }
    }

    fn waits(&mut self) {
        if std::mem::take(&mut self.news) {
            crate::errln!("waiting for a save; Ctrl-C ends it");
        }
    }
}

/// What is in the archives of a page.
fn contents(page: &Page) -> impl Iterator<Item = &CopiedFolder> {
    page.archives().map(|step| &step.content)
}
