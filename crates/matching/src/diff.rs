//! A comparison that failed as the lines of a difference, for the report. Enter at [`diff`].
//!
//! What matched is far from a difference folded away; a line of the author's that differs is followed by the output's, each
//! with the differing parts marked, and by what is known of them.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use seaworthy_report::{DiffLine, LineKind, Part};

use super::alignment::{Mark, Outcome, Row, State};
use super::{Bindings, Expected, lines_of};

/// The longest part that matched which is shown whole in a line with differences, in characters.
const LONGEST_QUIET: usize = 160;

/// How many values of a line are explained.
const NOTES: usize = 3;

/// The difference of an output that does not hold, its lines numbered as the caller numbers them, with at most `context` lines that hold before and after each that
/// does not.
pub fn diff(
    expected: &Expected<'_>,
    actual: &str,
    outcome: &Outcome,
    context: usize,
) -> Vec<DiffLine> {
    let found = lines_of(actual);
    let printed = |at: Option<usize>| {
        at.and_then(|at| expected.lines.get(at))
            .map_or("", |line| line.text)
    };
    let rows = &outcome.alignment;
    let line = |at: Option<usize>| {
        let line = at.and_then(|at| expected.lines.get(at))?;
        usize::try_from(line.at).ok()
    };
    let shown = near_differences(rows, context);
    let unplaced = unplaced(rows, &found, &outcome.bindings);
    let mut out = Vec::new();
    let mut folded = 0;
    for (row, shown) in rows.iter().zip(shown) {
        if !shown {
            folded += 1;
            continue;
        }
        fold(&mut out, &mut folded);
        let text = printed(row.author);
        let of_author = |kind, output| DiffLine {
            line: line(row.author),
            output,
            ..whole(kind, text)
        };
        match &row.state {
            State::Held | State::Optional | State::Swallowed(_) => {
                let output = row.actual.map(|at| at + 1);
                out.push(of_author(LineKind::Same, output));
            }
            State::Missing => out.push(match unplaced.get(text.trim()) {
                Some(at) => of_author(LineKind::Elsewhere, Some(at + 1)),
                None => of_author(LineKind::Missing, None),
            }),
            State::Extra => {
                let text = row.actual.and_then(|at| found.get(at));
                out.push(DiffLine {
                    output: row.actual.map(|at| at + 1),
                    ..whole(LineKind::Unexpected, text.copied().unwrap_or_default())
                });
            }
            State::Differs => differs(&mut out, row, (line(row.author), text), &found),
        }
    }
    fold(&mut out, &mut folded);
    out
}

/// The lines of the output with which none of the author's was compared, by how the author would print them.
fn unplaced(rows: &[Row], found: &[&str], bindings: &Bindings) -> HashMap<String, usize> {
    let mut unplaced = HashMap::new();
    if rows.iter().any(|row| row.state == State::Missing) {
        let extra = rows.iter().filter(|row| row.state == State::Extra);
        for at in extra.filter_map(|row| row.actual) {
            let text = found.get(at).copied().unwrap_or_default().trim();
            if !text.is_empty() {
                unplaced.entry(text.to_owned()).or_insert(at);
                let as_printed = bindings.to_author(text).trim().to_owned();
                unplaced.entry(as_printed).or_insert(at);
            }
        }
    }
    unplaced
}

/// Which rows differ or are at most `context` rows from one that does.
fn near_differences(rows: &[Row], context: usize) -> Vec<bool> {
    let differs = |row: &Row| matches!(row.state, State::Differs | State::Missing | State::Extra);
    let mut shown = vec![false; rows.len()];
    let mut next = 0;
    for (at, _) in rows.iter().enumerate().filter(|(_, row)| differs(row)) {
        let end = at.saturating_add(context).saturating_add(1).min(rows.len());
        for row in &mut shown[at.saturating_sub(context).max(next.min(end))..end] {
            *row = true;
        }
        next = end;
    }
    shown
}

fn fold(out: &mut Vec<DiffLine>, folded: &mut usize) {
    if *folded > 0 {
        let lines = if *folded == 1 {
            "line holds"
        } else {
            "lines hold"
        };
        out.push(whole(LineKind::Folded, &format!("({folded} {lines})")));
        *folded = 0;
    }
}

fn differs(
    out: &mut Vec<DiffLine>,
    row: &Row,
    (line, text): (Option<usize>, &str),
    found: &[&str],
) {
    let marked: Vec<Range<usize>> = row.marks.iter().map(|mark| mark.author.clone()).collect();
    out.push(DiffLine {
        kind: LineKind::Differs,
        line,
        output: None,
        parts: parts(text, &marked),
    });
    let lines: BTreeSet<usize> = row
        .marks
        .iter()
        .filter_map(|mark| mark.actual.as_ref())
        .map(|(line, _)| *line)
        .chain(row.actual)
        .collect();
    for line in lines {
        let Some(text) = found.get(line) else {
            continue;
        };
        let on_line = |mark: &Mark| {
            mark.actual
                .clone()
                .filter(|(at, _)| *at == line)
                .map(|(_, range)| range)
        };
        let added: Vec<Range<usize>> = row.marks.iter().filter_map(on_line).collect();
        out.push(DiffLine {
            kind: LineKind::Instead,
            line: None,
            output: Some(line + 1),
            parts: parts(text, &added),
        });
    }
    let mut said = BTreeSet::new();
    let mut note = |text: String| {
        if said.insert(text.clone()) {
            out.push(whole(LineKind::Reason, &text));
        }
    };
    for mark in row.marks.iter().filter(|mark| mark.is_worth_a_note()) {
        note(mark.words(text));
    }
    let told = |at: usize| row.marks.iter().any(|mark| mark.author.contains(&at));
    for value in row
        .notes
        .iter()
        .filter(|value| !told(value.author.start))
        .take(NOTES)
    {
        let since = value
            .since
            .map(|line| format!(" since line {line}"))
            .unwrap_or_default();
        note(format!(
            "`{}` stands for `{}`{since}",
            value.printed, value.real
        ));
    }
}

fn whole(kind: LineKind, text: &str) -> DiffLine {
    DiffLine::whole(kind, text.trim_end())
}

/// The parts of a line: those in the ranges differ; the others are shortened if they are very long.
fn parts(text: &str, ranges: &[Range<usize>]) -> Vec<Part> {
    let mut ranges = ranges.to_vec();
    ranges.sort_by_key(|range| range.start);
    let mut out = Vec::new();
    let mut at = 0;
    let mut push = |differs: bool, text: String| {
        if !text.is_empty() {
            out.push(Part { text, differs });
        }
    };
    for range in ranges {
        let range = range.start.max(at)..range.end.max(at);
        let (Some(before), Some(inside)) = (text.get(at..range.start), text.get(range.clone()))
        else {
            continue;
        };
        push(false, shortened(before));
        push(true, inside.to_owned());
        at = range.end;
    }
    push(
        false,
        shortened(text.get(at..).unwrap_or_default().trim_end()),
    );
    out
}

fn shortened(text: &str) -> String {
    if text.len() <= LONGEST_QUIET {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= LONGEST_QUIET {
        return text.to_owned();
    }
    let end = LONGEST_QUIET / 2;
    let (head, tail): (String, String) = (
        chars[..end].iter().collect(),
        chars[chars.len() - end..].iter().collect(),
    );
    format!("{head} … {tail}")
}
