//! Waits for a save in the book: `serve` and `check --watch` wake up by it.
//!
//! Enter at [`Watcher`], which watches [`Sources`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use mdbook_seaworthy::BookFiles;
use notify_debouncer_full::notify::{EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, NoCache, new_debouncer_opt};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::book::Book;
use crate::error::{Explain, Result, SystemError};

/// How long files must be left alone before they are read: editors save in several steps.
const QUIET: Duration = Duration::from_millis(40);

/// The folders and files that something is made from.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sources {
    /// Folders with all that is in them.
    pub(super) trees: BTreeSet<PathBuf>,
    /// Folders of which only the files themselves count.
    pub(super) folders: BTreeSet<PathBuf>,
}

impl Sources {
    /// What the pages of the book at `root` are made from, if it can't be read.
    pub(super) fn least(root: &Path) -> Self {
        Self {
            trees: BTreeSet::from([root.join("src")]),
            folders: BTreeSet::from([root.to_path_buf()]),
        }
    }

    /// What the pages of `book` are made from.
    pub(super) fn of_pages(book: &Book) -> Self {
        let mut sources = Self::least(&book.root);
        sources.trees.insert(book.root.join(&book.config.book.src));
        sources.keep_readable(&book.files);
        for page in &book.pages {
            let archived = page.archives().map(|step| &step.folder);
            let copied = page.settings.copy.iter().chain(archived);
            sources
                .trees
                .extend(copied.map(|name| book.root.join(name)));
            // What pages include may stand elsewhere.
            for file in page.source.files() {
                sources.add_file(&book.root.join(file));
            }
        }
        sources
    }

    /// Drops the trees that the book may not read: a link could lead anywhere, and everything below would be watched.
    pub(super) fn keep_readable(&mut self, files: &BookFiles) {
        self.trees.retain(|tree| {
            let path = std::path::absolute(tree);
            path.is_ok_and(|path| files.find(&path).is_ok())
        });
    }

    /// Adds a file, which need not be there yet.
    pub(super) fn add_file(&mut self, file: &Path) {
        self.folders.extend(file.parent().map(Path::to_path_buf));
    }
}

/// Tells when the files of a book changed.
pub(super) struct Watcher {
    debouncer: Debouncer<RecommendedWatcher, NoCache>,
    events: UnboundedReceiver<DebounceEventResult>,
    watched: BTreeMap<PathBuf, RecursiveMode>,
}

impl Watcher {
    /// # Errors
    /// If this system can't watch files.
    pub(super) fn new() -> Result<Self, SystemError> {
        let (sender, events) = unbounded_channel();
        let handler = move |result| {
            // Without a receiver the program is about to end.
            let _ = sender.send(result);
        };
        let config = notify_debouncer_full::notify::Config::default();
        let debouncer = new_debouncer_opt(QUIET, None, handler, NoCache, config);
        Ok(Self {
            debouncer: debouncer.or_system(|| "can't watch the book's files".to_owned())?,
            events,
            watched: BTreeMap::new(),
        })
    }

    /// Watches `sources`, as far as they exist, and nothing else; says whether that is more or less than before.
    ///
    /// # Errors
    /// The first folder that can't be watched, such as the one that is beyond the system's limit.
    pub(super) fn watch(&mut self, sources: Sources) -> Result<bool, SystemError> {
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
                watched.or_system(|| format!("can't watch `{}`", folder.display()))?;
            }
        }
        let differs = self.watched != wanted;
        self.watched = wanted;
        Ok(differs)
    }

    /// Waits until something was written; false if nothing can come any more.
    pub(super) async fn changed(&mut self) -> bool {
        while let Some(result) = self.events.recv().await {
            let matters = match &result {
                Ok(events) => events
                    .iter()
                    .any(|event| !matches!(event.kind, EventKind::Access(_))),
                // Events were lost: better one reading too many.
                Err(_) => true,
            };
            if matters {
                // What came in the meantime is read with it.
                while self.events.try_recv().is_ok() {}
                return true;
            }
        }
        false
    }
}
