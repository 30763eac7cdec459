//! A comparison that failed as lines of styled text, for a reporter to colour. Enter at [`diff`].
//!
//! What matched is quiet and far from a difference folded away; a line of the author's that differs is followed by the
//! output's, each with the differing parts marked, and by what is known of them.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use serde::Serialize;

use super::alignment::{Mark, Outcome, Row, State};
use super::{Expected, lines_of};

/// How a part of a line is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// It matched, or is not what the difference is about.
    Quiet,
    /// The author's part that does not hold.
    Marked,
    /// What the output has instead, or more.
    Added,
    /// The author's line that the output lacks.
    Missing,
    /// A remark of the tool's.
    Note,
}

/// A part of a line in one style.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// How it is shown.
    pub style: Style,
    /// The text, without an end of line.
    pub text: String,
}

/// What a line of the difference is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gutter {
    /// A line of the author's that holds.
    Same,
    /// A line of the author's that does not.
    Author,
    /// A line of the output.
    Actual,
    /// A remark on the line above it.
    Note,
    /// Lines that hold and are left out.
    Fold,
}

/// A line of the difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DiffLine {
    /// What the line is.
    pub gutter: Gutter,
    /// Index into the printed lines, if it is one of the author's.
    pub author: Option<usize>,
    /// The line, in parts.
    pub spans: Vec<Span>,
}

/// The longest part that matched which is shown whole in a line with differences, in characters.
const LONGEST_QUIET: usize = 160;

/// How many values of a line are explained.
const NOTES: usize = 3;

/// The difference of an output that does not hold, with at most `context` lines that hold before and after each that
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
    let shown = near_differences(rows, context);
    let mut out = Vec::new();
    let mut folded = 0;
    for (row, shown) in rows.iter().zip(shown) {
        if !shown {
            folded += 1;
            continue;
        }
        fold(&mut out, &mut folded);
        let text = printed(row.author);
        match &row.state {
            State::Held | State::Optional | State::Swallowed(_) => {
                out.push(whole(Gutter::Same, row.author, Style::Quiet, text));
            }
            State::Missing => out.push(whole(Gutter::Author, row.author, Style::Missing, text)),
            State::Extra => {
                let line = row
                    .actual
                    .and_then(|at| found.get(at))
                    .copied()
                    .unwrap_or_default();
                out.push(whole(Gutter::Actual, None, Style::Added, line));
            }
            State::Differs => differs(&mut out, row, text, &found),
        }
    }
    fold(&mut out, &mut folded);
    out
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
        out.push(whole(
            Gutter::Fold,
            None,
            Style::Note,
            &format!("({folded} {lines})"),
        ));
        *folded = 0;
    }
}

fn differs(out: &mut Vec<DiffLine>, row: &Row, text: &str, found: &[&str]) {
    let marked: Vec<Range<usize>> = row.marks.iter().map(|mark| mark.author.clone()).collect();
    out.push(DiffLine {
        gutter: Gutter::Author,
        author: row.author,
        spans: spans(text, &marked, Style::Marked),
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
            gutter: Gutter::Actual,
            author: None,
            spans: spans(text, &added, Style::Added),
        });
    }
    let mut said = BTreeSet::new();
    let mut note = |text: String| {
        if said.insert(text.clone()) {
            out.push(whole(Gutter::Note, None, Style::Note, &text));
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

fn whole(gutter: Gutter, author: Option<usize>, style: Style, text: &str) -> DiffLine {
    let text = text.trim_end().to_owned();
    DiffLine {
        gutter,
        author,
        spans: vec![Span { style, text }],
    }
}

/// The parts of a line: `style` in the ranges, quiet elsewhere, and shortened there if it is very long.
fn spans(text: &str, ranges: &[Range<usize>], style: Style) -> Vec<Span> {
    let mut ranges = ranges.to_vec();
    ranges.sort_by_key(|range| range.start);
    let mut out = Vec::new();
    let mut at = 0;
    let mut push = |style: Style, text: String| {
        if !text.is_empty() {
            out.push(Span { style, text });
        }
    };
    for range in ranges {
        let range = range.start.max(at)..range.end.max(at);
        let (Some(before), Some(inside)) = (text.get(at..range.start), text.get(range.clone()))
        else {
            continue;
        };
        push(Style::Quiet, shortened(before));
        push(style, inside.to_owned());
        at = range.end;
    }
    push(
        Style::Quiet,
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

impl fmt::Display for DiffLine {
    /// The line as plain text, with `-`, `+` or `=` before it for the author's, the output's and remarks.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.gutter {
            Gutter::Author => "- ",
            Gutter::Actual => "+ ",
            Gutter::Note => "= ",
            Gutter::Same | Gutter::Fold => "  ",
        })?;
        self.spans
            .iter()
            .try_for_each(|span| f.write_str(&span.text))
    }
}
