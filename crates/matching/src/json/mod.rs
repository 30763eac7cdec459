//! JSON, where the whole of the output is JSON: compared as a structure. Enter at [`compare()`].

mod compare;
mod edit;
mod engines;
mod keys;
mod left_out;
mod lists;
mod parse;
mod place;

pub(super) use edit::rewrite;
pub(super) use left_out::left_out;

use compare::{Comparison, Finding};
use parse::{Dialect, Document};
use place::Lines;

use super::alignment::{Mark, Row, State};
use super::bindings::Bindings;
use super::expected::Expected;
use super::line::Piece;
use super::occurrence::Occurrence;
use super::reading::{self, Reading};
use super::tokens;
use super::{command, lines};

/// What is shown of a value found, at most, in characters.
const SHOWN: usize = 60;

/// The rows of the alignment and the bindings after it; nothing if one of the sides is no JSON.
pub(super) fn compare(
    expected: &Expected<'_>,
    actual: &str,
    bindings: &Bindings,
) -> Option<(Vec<Row>, Bindings)> {
    let text = joined(expected)?;
    let (printed, found) = documents(&text, actual)?;
    let numbers = expected.lines.iter().map(|line| line.at).collect();
    let comparison = run(
        expected,
        &printed,
        &found,
        Lines::new(&text, numbers),
        bindings,
    );
    let findings = comparison.findings.unwrap_or_default();
    let rows = rows(
        expected,
        (&printed, &comparison.lines),
        &found,
        &findings,
        &comparison.bindings,
    );
    Some((rows, comparison.bindings))
}

/// The printed lines as one text, if they begin as a list or an object does.
fn joined(expected: &Expected<'_>) -> Option<String> {
    let first = expected
        .lines
        .iter()
        .map(|line| line.text.trim_start())
        .find(|line| !line.is_empty())?;
    let job = reading::reading(expected.command).jobs && tokens::is_job(first);
    let opens = first.starts_with(['{', '[']) && !job;
    opens.then(|| {
        expected
            .lines
            .iter()
            .map(|line| line.text)
            .collect::<Vec<_>>()
            .join("\n")
    })
}

fn documents<'a>(printed: &'a str, actual: &'a str) -> Option<(Document<'a>, Document<'a>)> {
    Some((
        parse::parse(printed, Dialect::Printed)?,
        parse::parse(actual, Dialect::Strict)?,
    ))
}

fn run<'a>(
    expected: &Expected<'a>,
    printed: &'a Document<'a>,
    found: &'a Document<'a>,
    lines: Lines,
    bindings: &Bindings,
) -> Comparison<'a> {
    let reading = reading::reading(expected.command);
    let occurrence = Occurrence::of(expected.command);
    let mut bindings = bindings.clone();
    bindings.keep_journal();
    let mut comparison = Comparison::new(
        (printed, found),
        bindings,
        reading,
        occurrence,
        lines,
        expected.unordered,
    );
    comparison.member = command::inspected_member(expected.command);
    comparison.varies = expected.varies;
    comparison.run();
    comparison
}

/// A row for each printed line that is not blank, with the marks of the findings on it.
fn rows(
    expected: &Expected<'_>,
    (printed, lines_printed): (&Document<'_>, &Lines),
    found: &Document<'_>,
    findings: &[Finding],
    bindings: &Bindings,
) -> Vec<Row> {
    let lines_found = Lines::new(found.text, Vec::new());
    let mut rows: Vec<Row> = (0..expected.lines.len())
        .map(|at| Row::of(Some(at), None, State::Held))
        .collect();
    for finding in findings {
        let (line, author) = lines_printed.within(&finding.span);
        let actual = finding
            .found
            .map(|id| lines_found.within(&found.node(id).span));
        let shown = finding
            .found
            .map_or_else(|| finding.words.clone(), |id| brief(found.raw(id)));
        let row = &mut rows[line];
        row.state = State::Differs;
        row.actual = row.actual.or(actual.as_ref().map(|(line, _)| *line));
        row.marks.push(Mark {
            author,
            actual,
            found: shown,
            reason: finding.reason.clone(),
            subject: (!finding.path.is_empty() && finding.reason.needs_subject())
                .then(|| finding.path.clone()),
        });
    }
    if !findings.is_empty() {
        for (row, line) in rows.iter_mut().zip(expected.lines) {
            let tokens = tokens::tokens(line.text, Reading::default());
            row.notes = lines::notes(
                Piece {
                    text: line.text,
                    tokens: &tokens,
                },
                bindings,
            );
            row.marks.sort_by_key(|mark| mark.author.start);
        }
    }
    debug_assert_eq!(printed.text.split('\n').count(), rows.len());
    rows.retain(|row| {
        row.author
            .is_some_and(|at| !expected.lines[at].text.trim().is_empty())
    });
    rows
}

/// The beginning of a value, on one line.
fn brief(raw: &str) -> String {
    let mut words = raw.split_whitespace();
    let mut text = words.next().unwrap_or_default().to_owned();
    for word in words {
        if text.len() > SHOWN {
            break;
        }
        text.push(' ');
        text.push_str(word);
    }
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
