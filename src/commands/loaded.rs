//! The book that a command works with.

use std::path::Path;

use crate::book::Book;
use crate::error::Result;
use crate::output::rendered;

/// Reads the book at `root`; what is worth a warning goes to stderr.
///
/// # Errors
/// As [`Book::load`].
pub(super) fn loaded(root: &Path) -> Result<Book> {
    let book = Book::load(root)?;
    let warnings = book.warnings();
    if !warnings.is_empty() {
        crate::errln!("{}\n", rendered(&warnings));
    }
    Ok(book)
}
