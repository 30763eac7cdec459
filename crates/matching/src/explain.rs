//! The nearest explanation of an output that does not hold: one sentence on the first difference, and how many lines
//! more do not hold. Enter at [`explain`].

use std::ops::Range;

use super::alignment::{Mark, Row, State};
use super::bindings::Bindings;
use super::reason::Reason;

/// The printed line that an alignment which does not hold is told of, and the row that it stands in: the first that is
/// wrong, blank ones only if there is no other.
pub(super) fn first_wrong<'a>(rows: &'a [Row], printed: &[&str]) -> Option<&'a Row> {
    let says = |row: &&Row| !line_of(row, printed).trim().is_empty();
    let mut wrong = rows.iter().filter(is_wrong);
    wrong.clone().find(says).or_else(|| wrong.next())
}

fn is_wrong(row: &&Row) -> bool {
    matches!(row.state, State::Differs | State::Missing)
}

fn line_of<'a>(row: &Row, printed: &[&'a str]) -> &'a str {
    let line = row.author.and_then(|at| printed.get(at));
    line.copied().unwrap_or_default()
}

/// The explanation of an alignment that does not hold.
pub(super) fn explain(
    rows: &[Row],
    printed: &[&str],
    found: &[&str],
    bindings: &Bindings,
) -> String {
    if found.iter().all(|line| line.trim().is_empty()) {
        return "the command printed nothing".to_owned();
    }
    let Some(first) = first_wrong(rows, printed) else {
        let extra = rows.iter().filter(|row| row.state == State::Extra);
        return unprinted(extra, found);
    };
    if let Some((a, b)) = swapped(rows, |row| line_of(row, printed)) {
        return format!("`{a}` and `{b}` are swapped");
    }
    let sentence = elsewhere(first, rows, (printed, found), bindings)
        .unwrap_or_else(|| sentence(first, line_of(first, printed), found));
    match rows.iter().filter(is_wrong).count() - 1 {
        0 => sentence,
        1 => format!("{sentence}; 1 more line does not hold"),
        more => format!("{sentence}; {more} more lines do not hold"),
    }
}

/// What is wrong with a printed line.
fn sentence(row: &Row, line: &str, found: &[&str]) -> String {
    let Some(mark) = row.marks.first() else {
        return match line.trim() {
            "" => "a blank line that is not in the output".to_owned(),
            line => format!("`{line}` is not in the output"),
        };
    };
    // Where words are only on one side, they alone would not tell what is meant.
    let one_sided = mark.author.is_empty() || mark.found.is_empty();
    match &mark.actual {
        Some((at, range)) if one_sided && mark.reason == Reason::Text && mark.subject.is_none() => {
            let other = found.get(*at).copied().unwrap_or_default();
            let (is, shown) = (around(other, range), around(line, &mark.author));
            mark.reason.words(&shown, &is)
        }
        _ => mark.words(line),
    }
}

/// The longest line that is told whole.
const WHOLE: usize = 72;
/// How many characters are told on either side of a difference in a longer one, and the rest of the word.
const BESIDE: usize = 20;

/// What stands around a difference in a line; all of it, if that is short.
fn around(line: &str, range: &Range<usize>) -> String {
    let line = line.trim_end();
    if line.chars().count() <= WHOLE {
        return line.trim_start().to_owned();
    }
    let (before, after) = (line.get(..range.start), line.get(range.end..));
    let (Some(before), Some(after)) = (before, after) else {
        return line.to_owned();
    };
    let start = before
        .char_indices()
        .rev()
        .nth(BESIDE)
        .map_or(0, |(at, _)| at);
    let start = before[..start].rfind(' ').map_or(0, |blank| blank + 1);
    let end = after
        .char_indices()
        .nth(BESIDE)
        .map_or(after.len(), |(at, _)| at);
    let end = after[end..]
        .find(' ')
        .map_or(after.len(), |blank| end + blank);
    let (cut, more) = (
        if start > 0 { "… " } else { "" },
        if end < after.len() { " …" } else { "" },
    );
    let end = range.end + end;
    format!("{cut}{}{more}", line[start..end].trim_start())
}

/// What is said of a printed line that is in the output, but in another place, or not as often.
fn elsewhere(
    row: &Row,
    rows: &[Row],
    (printed, found): (&[&str], &[&str]),
    bindings: &Bindings,
) -> Option<String> {
    let line = line_of(row, printed).trim();
    let is_text = |mark: &Mark| mark.subject.is_none() || matches!(mark.reason, Reason::NoRow(_));
    if line.is_empty() || !row.marks.iter().all(is_text) {
        return None;
    }
    let real = bindings.real(line);
    let alike = |at: usize| {
        let other = found.get(at).copied().unwrap_or_default().trim();
        other == line || other == real
    };
    let held = |at: usize| {
        let holds = |row: &Row| row.state == State::Held && row.actual == Some(at);
        rows.iter().any(holds)
    };
    let name = row.marks.iter().find_map(|mark| match &mark.reason {
        Reason::NoRow(name) => Some(name),
        _ => None,
    });
    let row_there = |other: &&Row| {
        let is = |mark: &Mark| matches!(&mark.reason, Reason::MoreRow(is) if Some(is) == name);
        other.state == State::Extra && other.marks.iter().any(is)
    };
    let place = |at: usize| format!("is in another place: line {} of the output", at + 1);
    if let Some(name) = name {
        let at = rows.iter().find(row_there)?.actual?;
        return Some(format!("the row `{name}` {}", place(at)));
    }
    let mut there = (0..found.len()).filter(|at| alike(*at));
    if let Some(at) = there.clone().find(|at| !held(*at)) {
        return Some(format!("`{line}` {}", place(at)));
    }
    there
        .next()
        .map(|_| format!("`{line}` is printed more often than it is in the output"))
}

/// Nothing is wrong but that the output says more.
fn unprinted<'a>(mut extra: impl Iterator<Item = &'a Row>, found: &[&str]) -> String {
    let first = extra.next();
    let line = first.and_then(|row| found.get(row.actual?));
    let line = match line.copied().unwrap_or_default().trim() {
        "" => "a blank one".to_owned(),
        line => format!("`{line}`"),
    };
    let more = extra.count();
    match (first.and_then(|row| row.marks.first()), more) {
        (Some(mark), 0) => mark.words(""),
        (Some(mark), more) => format!("{}, and {more} more", mark.words("")),
        (None, 0) => format!("the output has 1 line that is not printed: {line}"),
        (None, more) => {
            let all = more + 1;
            format!("the output has {all} lines that are not printed, the first {line}")
        }
    }
}

/// Two values of the page that are printed one in place of the other.
fn swapped<'a>(rows: &[Row], line: impl Fn(&Row) -> &'a str) -> Option<(String, String)> {
    let crossed = |row: &Row, mark: &Mark| match &mark.reason {
        Reason::StandsFor {
            instead: Some(instead),
            ..
        } => {
            let printed = line(row).get(mark.author.clone())?;
            let (address, _) = printed.split_once('/').unwrap_or((printed, ""));
            Some((address.to_owned(), instead.printed.clone()))
        }
        _ => None,
    };
    let pairs: Vec<(String, String)> = rows
        .iter()
        .flat_map(|row| row.marks.iter().filter_map(move |mark| crossed(row, mark)))
        .take(PAIRS)
        .collect();
    let back = |(a, b): &&(String, String)| pairs.iter().any(|(c, d)| (c, d) == (b, a));
    pairs.iter().find(back).cloned()
}

/// How many values are looked at for two that are swapped.
const PAIRS: usize = 64;
