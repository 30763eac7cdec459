//! The book that a command works with, and the pages of it that it is about.

use std::path::{Path, PathBuf};

use seaworthy_blocks::Diagnostic;

use crate::book::{Book, Faulty};
use crate::cli::SetArguments;
use crate::error::Result;
use crate::output::rendered;

/// What a command is about.
pub(super) struct Named<'a> {
    /// The folder of a book; none for files without one.
    book: Option<PathBuf>,
    /// Pages of the book, or files.
    names: &'a [PathBuf],
}

impl<'a> Named<'a> {
    /// What `names` on the command line mean. The first one is a book if it is a folder with a `book.toml`, and the others are
    /// pages of it; the book of the current folder, if there is one, needn't be named. Else they are Markdown files, and folders
    /// of them.
    pub(super) fn new(names: &'a [PathBuf]) -> Self {
        let is_book = |folder: &Path| folder.join("book.toml").exists();
        let here = Path::new(".");
        let (book, names) = match names {
            [first, pages @ ..] if is_book(first) => (Some(first.clone()), pages),
            // A folder of a book is hardly meant for itself: its pages are read as the book has them.
            [first, pages @ ..] if first.is_dir() && is_in_book(first) => {
                (Some(first.clone()), pages)
            }
            [first, ..] if first.is_dir() => (None, names),
            pages if is_book(here) => (Some(here.to_path_buf()), pages),
            [] => (None, names),
            files => (None, files),
        };
        Self { book, names }
    }

    /// The pages of the book that are named; none if all are meant, or there is no book.
    pub(super) fn pages(&self) -> &'a [PathBuf] {
        match self.book {
            Some(_) => self.names,
            None => &[],
        }
    }

    /// Reads the book, or the files, and its faults.
    ///
    /// # Errors
    /// If there is nothing to read.
    pub(super) fn read(
        &self,
        set: &SetArguments,
        faulty: Faulty,
    ) -> Result<(Book, Vec<Diagnostic>)> {
        let set = set.set.as_slice();
        Ok(match (&self.book, self.names) {
            (Some(root), _) => Book::read_with(root, set, faulty)?,
            (None, []) => Book::read_loose(&[PathBuf::from(".")], set, faulty)?,
            (None, names) => Book::read_loose(names, set, faulty)?,
        })
    }

    /// As [`Named::read`]; that there are faults is an error, and what is worth a warning goes to stderr.
    ///
    /// # Errors
    /// As [`Named::read`], and [`mdbook_seaworthy::Faults`].
    pub(super) fn load(&self, set: &SetArguments) -> Result<Book> {
        let (book, faults) = self.read(set, Faulty::Stops)?;
        let book = book.without(faults)?;
        warn(&book);
        Ok(book)
    }

    /// Says on stderr which settings hold for files without a book, and where their report will be: nobody would look for it.
    pub(super) fn tell_place(&self, book: &Book) {
        if self.book.is_some() {
            return;
        }
        let settings = match book.settings_file() {
            Some(file) => format!("settings: {file}"),
            None => format!("no {} here", crate::book::SETTINGS),
        };
        crate::errln!("{settings}; report: {}", book.shown(seaworthy_report::PATH));
    }
}

/// Whether a folder above this one is a book's.
fn is_in_book(folder: &Path) -> bool {
    let real = folder.canonicalize();
    real.is_ok_and(|real| {
        real.ancestors()
            .skip(1)
            .any(|above| above.join("book.toml").is_file())
    })
}

/// Reads the book at `root`; what is worth a warning goes to stderr.
///
/// # Errors
/// As [`Book::load`].
pub(super) fn loaded(root: &Path) -> Result<Book> {
    let book = Book::load(root)?;
    warn(&book);
    Ok(book)
}

/// Says on stderr what is worth a warning.
pub(super) fn warn(book: &Book) {
    let warnings = book.warnings();
    if !warnings.is_empty() {
        crate::errln!("{}\n", rendered(&warnings));
    }
}
