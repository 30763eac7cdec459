//! Mends printed output so that it holds: what held stays to the letter, what differs becomes the output in the
//! author's terms. Enter at [`rewrite`].

use std::collections::BTreeMap;

use bumpalo::Bump;

use super::alignment::{Mark, Outcome, Row, State};
use super::bindings::Bindings;
use super::layout::{self, Table};
use super::lines::{Side, Sides};
use super::store::Store;
use super::{Expected, Line, Mode, compare, json, lines_of, reading};

/// The printed lines anew, for an outcome of [`compare`] with the same `expected` and `actual`.
///
/// Lines, cells and values that held are kept as the author printed them, measures among them; so is `...`. Values of
/// the machine that are bound become the author's. If the parts do not hold when they are put together, the whole of
/// the output is printed anew.
pub fn rewrite(expected: &Expected<'_>, actual: &str, outcome: &Outcome) -> Vec<String> {
    let as_printed = || {
        expected
            .lines
            .iter()
            .map(|line| line.text.to_owned())
            .collect()
    };
    if outcome.holds {
        return as_printed();
    }
    if expected.mode == Mode::Exact {
        return lines_of(actual).into_iter().map(str::to_owned).collect();
    }
    let mended = json::rewrite(expected, actual, &outcome.bindings)
        .unwrap_or_else(|| text(expected, actual, outcome));
    if holds(expected, &mended, actual, &outcome.bindings) {
        return mended;
    }
    let mut whole: Vec<String> = lines_of(&outcome.bindings.to_author(actual))
        .into_iter()
        .map(str::to_owned)
        .collect();
    let blank = |line: &String| line.trim().is_empty();
    whole.drain(..whole.iter().take_while(|line| blank(line)).count());
    whole.truncate(whole.len() - whole.iter().rev().take_while(|line| blank(line)).count());
    whole
}

/// Whether lines hold, and there are any: none would say nothing.
fn holds(expected: &Expected<'_>, lines: &[String], actual: &str, bindings: &Bindings) -> bool {
    let lines: Vec<Line<'_>> = lines.iter().map(|text| Line { text, at: 0 }).collect();
    let mended = Expected {
        lines: &lines,
        ..*expected
    };
    lines.iter().any(|line| !line.text.trim().is_empty())
        && compare(&mended, actual, bindings).holds
}

fn text(expected: &Expected<'_>, actual: &str, outcome: &Outcome) -> Vec<String> {
    let reading = reading::reading(expected.command);
    let printed: Vec<&str> = expected.lines.iter().map(|line| line.text).collect();
    let found = lines_of(actual);
    let arena = Bump::new();
    let printed_store = Store::new(&arena, reading, expected.varies);
    let found_store = Store::new(&arena, reading, &[]);
    let sides = Sides::new(
        Side::new(&printed, &printed_store),
        Side::new(&found, &found_store),
    );
    let mut tables = tables(&sides, &outcome.alignment, &outcome.bindings);
    let mut out = Vec::new();
    let mut next = 0;
    for row in &outcome.alignment {
        // Blank lines that do not count are not in the alignment.
        if let Some(author) = row.author {
            let skipped = printed.get(next..author).unwrap_or_default();
            out.extend(
                skipped
                    .iter()
                    .filter(|line| line.trim().is_empty())
                    .map(|line| (*line).to_owned()),
            );
            next = author + 1;
        }
        let laid_out = tables.get_mut(&row_key(row)).map(std::mem::take);
        let line = row
            .author
            .and_then(|at| printed.get(at))
            .copied()
            .unwrap_or_default();
        match (&row.state, laid_out) {
            (State::Missing, _) => {}
            (_, Some(line)) => out.push(line),
            (State::Held | State::Optional | State::Swallowed(_), None) => {
                out.push(line.to_owned())
            }
            (State::Extra, None) => {
                let line = row
                    .actual
                    .and_then(|at| found.get(at))
                    .copied()
                    .unwrap_or_default();
                out.push(outcome.bindings.to_author(line));
            }
            // A line of a pull of something else: nothing takes its place.
            (State::Differs, None) if row.actual.is_none() => {}
            (State::Differs, None) => out.push(mended(line, &row.marks, &outcome.bindings)),
        }
    }
    out
}

/// A line with what is marked replaced by what was found.
fn mended(line: &str, marks: &[Mark], bindings: &Bindings) -> String {
    let mut out = String::with_capacity(line.len());
    let mut at = 0;
    for mark in marks {
        let (Some(kept), true) = (line.get(at..mark.author.start), mark.author.end >= at) else {
            continue;
        };
        out.push_str(kept);
        out.push_str(&bindings.to_author(&mark.found));
        at = mark.author.end;
    }
    out.push_str(line.get(at..).unwrap_or_default());
    out.trim_end().to_owned()
}

type RowKey = (Option<usize>, Option<usize>);

fn row_key(row: &Row) -> RowKey {
    (row.author, row.actual)
}

/// The lines of all tables in which a row differs or is new, by their rows.
fn tables(sides: &Sides<'_>, alignment: &[Row], bindings: &Bindings) -> BTreeMap<RowKey, String> {
    let mut out = BTreeMap::new();
    let mut open: Option<(Table<'_>, Vec<RowKey>)> = None;
    for row in alignment {
        let header = row
            .author
            .zip(row.actual)
            .and_then(|(e, a)| layout::header(sides, e, a, row));
        if let Some(table) = header {
            close(&mut out, open.replace((table, vec![row_key(row)])));
            continue;
        }
        let Some((table, keys)) = &mut open else {
            continue;
        };
        if matches!(row.state, State::Missing | State::Swallowed(_)) {
            continue;
        }
        if table.add(sides, row, bindings) {
            keys.push(row_key(row));
        } else {
            close(&mut out, open.take());
        }
    }
    close(&mut out, open);
    out
}

fn close(out: &mut BTreeMap<RowKey, String>, table: Option<(Table<'_>, Vec<RowKey>)>) {
    if let Some((table, keys)) = table
        && let Some(lines) = table.lines()
    {
        out.extend(keys.into_iter().zip(lines));
    }
}
