//! What a check says while it runs and when it ended.
//!
//! Results go to stdout, everything else to stderr. [`Pretty`] is for people, as it happens; [`Whole`] prints everything
//! at the end, in one of the formats that [`render`] knows.

mod annotations;
mod bounded;
mod format;
mod junit;
mod markdown;
mod pretty;
mod progress;

use std::fmt::Write as _;
use std::sync::Arc;

use seaworthy_blocks::counted;
use seaworthy_report::{Failure, Ground, Page, Report, Status, Summary};

use crate::output::{self, json, xml};
use seaworthy_runner::Observer;

pub use format::Format;
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
        Format::Pretty => pretty::whole(report, prefix),
        Format::Json => json(&report.to_json()),
        Format::Junit => xml(&junit::render(&within(bounded::FILE), prefix)),
        Format::Github => annotations::render(&within(bounded::ANNOTATION), prefix),
        Format::Markdown => markdown::render(&within(bounded::FILE), prefix),
    }
}

/// Prints `report` in `format`, each file with `prefix` before it.
pub fn print(report: &Report, format: Format, prefix: &str) {
    let text = render(report, format, prefix);
    match format {
        Format::Github => output::commands(&text),
        _ => crate::out!("{text}"),
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

/// How many passed and how many failed: sessions, and whatever else failed, each kind named.
fn verdicts(summary: &Summary) -> String {
    let mut text = format!("{} passed, {} failed", summary.passed, summary.failures);
    let others = [
        (summary.diagrams_failed, "diagram", "diagrams"),
        (summary.pages_broken, "page", "pages"),
    ];
    let others = others.iter().filter(|(count, ..)| *count > 0);
    let others: Vec<_> = others
        .map(|(count, one, many)| counted(*count, one, many))
        .collect();
    if !others.is_empty() {
        let sessions = match summary.failed {
            0 => String::new(),
            n => format!("{}, ", counted(n, "session", "sessions")),
        };
        let _ = write!(text, " ({sessions}{})", others.join(", "));
    }
    text
}

/// What else is counted, and isn't nothing.
fn counts(summary: &Summary) -> Vec<String> {
    let compared = summary.diagrams + summary.diagrams_failed;
    let tried = summary.exercises + summary.exercises_failed;
    let mut counts = Vec::new();
    if compared > 0 {
        let all = counted(compared, "diagram", "diagrams");
        counts.push(format!("{} of {all} true", summary.diagrams));
    }
    if tried > 0 {
        let all = counted(tried, "exercise", "exercises");
        counts.push(format!("{} of {all} proved", summary.exercises));
    }
    for (count, what) in [
        (summary.pages_broken, "could not be run"),
        (summary.pages_unfinished, "not finished"),
    ] {
        if count > 0 {
            counts.push(format!("{} {what}", counted(count, "page", "pages")));
        }
    }
    for (count, what) in [
        (summary.skipped, "not reached"),
        (summary.not_run, "not run"),
        (summary.hidden, "hidden"),
        (summary.retried, "not at the first try"),
    ] {
        if count > 0 {
            counts.push(format!("{count} {what}"));
        }
    }
    if summary.varies > 0 {
        let values = counted(summary.varies, "printed value", "printed values");
        counts.push(format!("{values} freed"));
    }
    counts
}

/// The most lines of one kind in the list of what a reader of the sums should know.
const LISTED: usize = 10;

/// What a reader of the sums should know, a line each: what was not run and why, what ran and isn't shown, what held only
/// when it was repeated, which printed values are freed, and which claims rest on nothing. Long lists are cut, and say so.
fn asides(report: &Report, prefix: &str) -> Vec<String> {
    let mut kinds: [Vec<String>; 5] = Default::default();
    for page in report.runs.iter().flat_map(|run| &run.pages) {
        for session in &page.sessions {
            let file = session.file.as_ref().unwrap_or(&page.file);
            let place = format!("{prefix}{file}:{}", session.line);
            let [not_run, hidden, retried, freed, groundless] = &mut kinds;
            if session.status == Status::NotRun {
                let why = session.reason.as_deref().unwrap_or_default();
                not_run.push(format!("not run: {place}: {why}"));
            }
            if session.hidden && session.commands > 0 {
                hidden.push(format!(
                    "hidden: {place}: ran, and the page doesn't show it"
                ));
            }
            if let (Status::Passed, Some(tries)) = (session.status, &session.retried) {
                retried.push(format!("held at {}: {place}", tries.at()));
            }
            if !session.varies.is_empty() && session.commands > 0 {
                let values = session.varies.join("`, `");
                freed.push(format!("may be another value: {place}: `{values}`"));
            }
            if let (Status::Passed, Some(Ground::Nothing), Some(claim)) =
                (session.status, session.rests_on, &session.proves)
            {
                groundless.push(format!(
                    "rests on nothing but exit code 0: {place}: {claim}"
                ));
            }
        }
    }
    let mut lines = Vec::new();
    for mut kind in kinds {
        kind.dedup();
        let more = kind.len().saturating_sub(LISTED);
        kind.truncate(LISTED);
        lines.extend(kind);
        if more > 0 {
            lines.push(format!("… and {more} more like these"));
        }
    }
    lines
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

/// The difference of a failure as plain text, a line each.
fn diff_text(failure: &Failure) -> String {
    let lines: Vec<_> = failure.diff.iter().map(ToString::to_string).collect();
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
    fn one_is_told_as_one() {
        let told = |n: usize| {
            let summary = Summary {
                passed: n,
                diagrams: n,
                exercises: n,
                varies: n,
                pages_broken: n,
                commands: n,
                claims: n,
                ..Summary::default()
            };
            let mut report = Report::new("seaworthy", String::new(), 0.0, Vec::new());
            report.summary = summary.clone();
            let pretty = pretty::sums(&report, "");
            let markdown = markdown::render(&report, "");
            assert!(
                markdown.contains(&format!(
                    "; {}; ",
                    counted(n, "claim proved", "claims proved")
                )),
                "{markdown}"
            );
            (counts(&summary).join(", "), pretty)
        };
        let (counts, sums) = told(1);
        assert_eq!(
            counts,
            "1 of 1 diagram true, 1 of 1 exercise proved, 1 page could not be run, 1 printed value freed"
        );
        assert!(sums.contains(" · 1 command, 1 claim proved · "), "{sums}");
        let (counts, sums) = told(2);
        assert_eq!(
            counts,
            "2 of 2 diagrams true, 2 of 2 exercises proved, 2 pages could not be run, 2 printed values freed"
        );
        assert!(sums.contains(" · 2 commands, 2 claims proved · "), "{sums}");
    }

    #[test]
    fn a_long_output_is_told_by_its_ends() {
        let output = |lines: usize| (1..=lines).map(|i| format!("{i}\n")).collect::<String>();
        assert_eq!(excerpt(&output(41)).len(), 41);
        let told = excerpt(&output(100));
        assert_eq!((told.len(), told[20].as_str()), (41, "(60 more lines)"));
        assert_eq!((told[0].as_str(), told[40].as_str()), ("1", "100"));
    }
}
