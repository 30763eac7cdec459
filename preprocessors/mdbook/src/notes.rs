//! What a site is told of its book beside the pages, for a caller in the same process: what its search engines, its readers
//! without a browser, and other sites ask for.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use seaworthy_page::Source;

use crate::published::Published;

/// Where a caller finds the notes when the preprocessor is done.
#[derive(Clone, Debug, Default)]
pub struct Notes(Arc<Mutex<BookNotes>>);

impl Notes {
    /// The notes; nothing is left.
    #[must_use]
    pub fn take(&self) -> BookNotes {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn put(&self, notes: BookNotes) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = notes;
    }
}

/// What is known of a book.
#[derive(Debug, Default)]
pub struct BookNotes {
    /// Its chapters, in the order of reading, those that the preprocessor added included.
    pub chapters: Vec<ChapterNotes>,
    /// What others may show of its verification; none where nothing is to be verified, or the book wants no such page.
    pub published: Option<Published>,
}

/// What is known of a chapter.
#[derive(Debug)]
pub struct ChapterNotes {
    /// Where it stands among the others, as `networking/overview.md`.
    pub path: PathBuf,
    /// Its name in SUMMARY.md.
    pub name: String,
    /// What its author says of it in a sentence.
    pub description: Option<String>,
    /// What is verified of it, where and when, in a sentence; none where nothing is run.
    pub verified: Option<String>,
    /// What its author wrote; none of a chapter that has no author.
    pub written: Option<Written>,
}

/// A chapter as its author wrote it.
#[derive(Debug)]
pub struct Written {
    /// Its Markdown for readers without a browser: what is verified is said where it stands.
    pub mirror: String,
    /// Its text, and the way back to the author's lines.
    pub source: Source,
}
