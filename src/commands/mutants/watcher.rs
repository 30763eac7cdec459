//! What becomes of mutants is written down and told as they end.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use seaworthy_mutants::Mutant;
use seaworthy_report::Report;
use seaworthy_runner::{Event, Observer};

use crate::error::Unwritten;
use crate::reporters::{Format, Reporter, Whole};

use super::fate::{Fate, failure};
use super::log::Log;
use super::told::tell;
use super::trial::Trials;

/// Watches mutants while they run.
pub(super) struct Watcher {
    progress: Whole,
    log: Log,
    /// By the names of their pages, with their keys.
    mutants: HashMap<String, (String, Mutant)>,
    /// Whether each is told.
    tells: bool,
    trouble: Mutex<Option<Unwritten>>,
}

/// The name that the page `file` has while its mutant with this key runs.
pub(super) fn name(file: &str, key: &str) -> String {
    format!("{file}#{key}")
}

impl Watcher {
    /// Watches these mutants, each with its key.
    pub(super) fn new(trials: &Trials<'_>, log: Log, mutants: Vec<(String, Mutant)>) -> Self {
        let root = trials.book.root.to_string_lossy();
        Self {
            progress: Whole::new(mutants.len(), &root, Format::Pretty),
            log,
            mutants: mutants
                .into_iter()
                .map(|(key, mutant)| (name(&mutant.file, &key), (key, mutant)))
                .collect(),
            tells: trials.tells,
            trouble: Mutex::default(),
        }
    }

    /// Writes down what became of a mutant, and tells it.
    ///
    /// # Errors
    /// If it can't be written down.
    pub(super) fn note(&self, key: &str, mutant: &Mutant, fate: &Fate) -> Result<(), Unwritten> {
        if self.tells {
            self.progress.suspend(|| tell(mutant, fate));
        }
        self.log.add(key, fate)
    }

    /// What went wrong while mutants ran.
    ///
    /// # Errors
    /// If what became of one couldn't be written down.
    pub(super) fn trouble(&self) -> Result<(), Unwritten> {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        trouble.take().map_or(Ok(()), Err)
    }
}

impl Observer for Watcher {
    fn event(&self, event: &Event) {
        self.progress.event(event);
        let Event::PageEnded { page, report } = event else {
            return;
        };
        let found = failure(report).zip(self.mutants.get(page));
        // Of a page that holds it isn't known yet; one that was broken off is tried again.
        if let (Some((message, (key, mutant))), None) = (found, &report.unfinished)
            && let Err(error) = self.note(key, mutant, &Fate::Found { message })
        {
            let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
            trouble.get_or_insert(error);
        }
    }
}

impl Reporter for Watcher {
    fn finish(&self, _: &Report) {
        self.stop();
    }

    fn stop(&self) {
        self.progress.stop();
    }
}
