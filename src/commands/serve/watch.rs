//! Waits for a save in the book.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anyhow::{Context, Result};
use notify_debouncer_full::notify::{EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, NoCache, new_debouncer_opt};

use super::build::Sources;

/// How long files must be left alone before a build: editors save in several steps.
const QUIET: Duration = Duration::from_millis(40);

/// Tells when the files of a book changed.
pub(super) struct Watcher {
    debouncer: Debouncer<RecommendedWatcher, NoCache>,
    events: Receiver<DebounceEventResult>,
    watched: BTreeMap<PathBuf, RecursiveMode>,
}

impl Watcher {
    /// # Errors
    /// If this system can't watch files.
    pub(super) fn new() -> Result<Self> {
        let (sender, events) = channel();
        let config = notify_debouncer_full::notify::Config::default();
        let debouncer = new_debouncer_opt(QUIET, None, sender, NoCache, config)?;
        Ok(Self {
            debouncer,
            events,
            watched: BTreeMap::new(),
        })
    }

    /// Watches `sources`, as far as they exist, and nothing else.
    ///
    /// # Errors
    /// The first folder that can't be watched, such as the one that is beyond the system's limit.
    pub(super) fn watch(&mut self, sources: Sources) -> Result<()> {
        let trees = sources.trees.into_iter();
        let trees = trees.map(|folder| (folder, RecursiveMode::Recursive));
        let folders = sources.folders.into_iter();
        let folders = folders.map(|folder| (folder, RecursiveMode::NonRecursive));
        // A tree that is a folder as well is a tree.
        let wanted: BTreeMap<_, _> = folders
            .chain(trees)
            .filter(|(folder, _)| folder.is_dir())
            .collect();
        for folder in self.watched.keys() {
            if !wanted.contains_key(folder) {
                // A folder that went is no longer watched anyway.
                let _ = self.debouncer.unwatch(folder);
            }
        }
        for (folder, mode) in &wanted {
            if self.watched.get(folder) != Some(mode) {
                let watched = self.debouncer.watch(folder, *mode);
                watched.with_context(|| format!("can't watch `{}`", folder.display()))?;
            }
        }
        self.watched = wanted;
        Ok(())
    }

    /// Waits until something was written; false if nothing can come any more.
    pub(super) fn changed(&self) -> bool {
        while let Ok(result) = self.events.recv() {
            let matters = match &result {
                Ok(events) => events
                    .iter()
                    .any(|event| !matches!(event.kind, EventKind::Access(_))),
                // Events were lost: better one build too many.
                Err(_) => true,
            };
            if matters {
                // What came in the meantime is in the same build.
                while self.events.try_recv().is_ok() {}
                return true;
            }
        }
        false
    }
}
