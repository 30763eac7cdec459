//! What a check says while it runs and when it ended.
//!
//! Results go to stdout, everything else to stderr. [`Pretty`] is for people, as it happens; [`Whole`] prints everything
//! at the end, in one of the formats that [`render`] knows.

mod annotations;
mod junit;
mod markdown;
mod pretty;
mod progress;

use std::sync::Arc;

use seaworthy_report::Report;

use crate::cli::Format;
use crate::runner::Observer;

pub use pretty::Pretty;
pub use progress::Whole;

/// The reporter for a check of `pages` pages of the book in `root`.
#[must_use]
pub fn new(pages: usize, root: &str, format: Format) -> Arc<dyn Reporter> {
    match format {
        Format::Pretty => Arc::new(Pretty::new(pages, root)),
        format => Arc::new(Whole::new(pages, root, format)),
    }
}

/// `report` in `format`, each file with `prefix` before it.
#[must_use]
pub fn render(report: &Report, format: Format, prefix: &str) -> String {
    match format {
        Format::Pretty => pretty::sums(report),
        Format::Json => report.to_json(),
        Format::Junit => junit::render(report, prefix),
        Format::Github => annotations::render(report, prefix),
        Format::Markdown => markdown::render(report, prefix),
    }
}

/// What stands before the files of the book in `root`, so that they can be reached from the current folder.
#[must_use]
pub fn prefix(root: &str) -> String {
    match root {
        "." => String::new(),
        root => format!("{}/", root.trim_end_matches('/')),
    }
}

/// Tells a check's results.
pub trait Reporter: Observer {
    /// Tells what the whole check found.
    fn finish(&self, report: &Report);
    /// The check ended, and its findings are told otherwise.
    fn stop(&self);
}
