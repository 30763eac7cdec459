//! What a check says while it runs and when it ended.
//!
//! Results go to stdout, everything else to stderr. [`Pretty`] is for people, as it happens; [`Whole`] prints everything
//! at the end, in one of the formats that [`render`] knows.

mod annotations;
mod bounded;
mod junit;
mod markdown;
mod pretty;
mod progress;

use std::sync::Arc;

use seaworthy_report::{Page, Report};

use crate::cli::Format;
use crate::output::{json, xml};
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
    let within = |bounds| bounded::within(report, bounds);
    match format {
        Format::Pretty => pretty::sums(report),
        Format::Json => json(&report.to_json()),
        Format::Junit => xml(&junit::render(&within(bounded::FILE), prefix)),
        Format::Github => annotations::render(&within(bounded::ANNOTATION), prefix),
        Format::Markdown => markdown::render(&within(bounded::FILE), prefix),
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

/// Which images of a page changed since it held, a line each; empty if it holds.
fn changed_images(page: &Page) -> String {
    let lines: Vec<_> = page
        .changed_images
        .iter()
        .map(ToString::to_string)
        .collect();
    lines.join("\n")
}

/// How many lines are told of what a command printed.
const EXCERPT: usize = 41;

/// What is told of an output: all of it, or how it begins and how it ends.
fn excerpt(output: &str) -> Vec<String> {
    let lines: Vec<_> = output.lines().map(str::to_owned).collect();
    bounded::ends(lines, EXCERPT, |left_out| {
        format!("({left_out} more lines)")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_output_is_told_by_its_ends() {
        let output = |lines: usize| (1..=lines).map(|i| format!("{i}\n")).collect::<String>();
        assert_eq!(excerpt(&output(41)).len(), 41);
        let told = excerpt(&output(100));
        assert_eq!((told.len(), told[20].as_str()), (41, "(60 more lines)"));
        assert_eq!((told[0].as_str(), told[40].as_str()), ("1", "100"));
    }
}
