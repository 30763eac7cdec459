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

use seaworthy_report::{Page, Report};

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

/// Which images of a page changed since it held, a line each; empty if it holds.
fn changed_images(page: &Page) -> String {
    let lines: Vec<_> = page
        .changed_images
        .iter()
        .map(ToString::to_string)
        .collect();
    lines.join("\n")
}

/// The first and the last lines that are told of what a command printed.
const EXCERPT: usize = 20;

/// What is told of an output: all of it, or how it begins and how it ends.
fn excerpt(output: &str) -> Vec<String> {
    let lines: Vec<_> = output.lines().collect();
    if lines.len() <= 2 * EXCERPT + 1 {
        return lines.into_iter().map(str::to_owned).collect();
    }
    let left_out = lines.len() - 2 * EXCERPT;
    let (first, last) = (&lines[..EXCERPT], &lines[lines.len() - EXCERPT..]);
    let middle = format!("({left_out} more lines)");
    let told = first.iter().copied().chain([middle.as_str()]);
    let told = told.chain(last.iter().copied());
    told.map(str::to_owned).collect()
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
