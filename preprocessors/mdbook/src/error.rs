//! What keeps a book from becoming a site.

use crate::last_check::LastCheckError;
use crate::templates::TemplateError;
use crate::{Faults, PathFault};

/// Why a book can't be made ready for its site. Each message ends with its remedy where one is known.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// Its pages have faults.
    #[error(transparent)]
    Faults(#[from] Faults),
    /// Its `book.toml` can't be read.
    #[error("can't read `book.toml`: {0}")]
    Settings(PathFault),
    /// A template can't be used.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The report of the last check can't be used.
    #[error(transparent)]
    Report(#[from] LastCheckError),
    /// What its author asks for can't be: what, and the remedy.
    #[error("{0}")]
    Refused(String),
}
