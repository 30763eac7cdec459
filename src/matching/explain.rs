//! The nearest explanation of an output that does not hold: one sentence on the first difference, and how many lines
//! more do not hold. Enter at [`explain`].

use super::alignment::{Mark, Row, State};
use super::reason::Reason;

/// The explanation of an alignment that does not hold.
pub(super) fn explain(rows: &[Row], printed: &[&str], found: &[&str]) -> String {
    if found.iter().all(|line| line.trim().is_empty()) {
        return "the command printed nothing".to_owned();
    }
    let line = |row: &Row| {
        let line = row.author.and_then(|at| printed.get(at));
        line.copied().unwrap_or_default()
    };
    let wrong = |row: &&Row| matches!(row.state, State::Differs | State::Missing);
    let Some(first) = rows.iter().find(wrong) else {
        let extra = rows.iter().filter(|row| row.state == State::Extra);
        return unprinted(extra, found);
    };
    if let Some((a, b)) = swapped(rows, line) {
        return format!("`{a}` and `{b}` are swapped");
    }
    let sentence = match first.marks.first() {
        Some(mark) => mark.words(line(first)),
        None => format!("`{}` is not in the output", line(first).trim()),
    };
    match rows.iter().filter(wrong).count() - 1 {
        0 => sentence,
        1 => format!("{sentence}; 1 more line does not hold"),
        more => format!("{sentence}; {more} more lines do not hold"),
    }
}

/// Nothing is wrong but that the output says more.
fn unprinted<'a>(mut extra: impl Iterator<Item = &'a Row>, found: &[&str]) -> String {
    let first = extra.next();
    let line = first.and_then(|row| found.get(row.actual?));
    let line = line.copied().unwrap_or_default().trim();
    let more = extra.count();
    match (first.and_then(|row| row.marks.first()), more) {
        (Some(mark), 0) => mark.words(""),
        (Some(mark), more) => format!("{}, and {more} more", mark.words("")),
        (None, 0) => format!("the output has 1 line that is not printed: `{line}`"),
        (None, more) => {
            let all = more + 1;
            format!("the output has {all} lines that are not printed, the first `{line}`")
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
