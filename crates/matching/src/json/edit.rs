//! Rewrites printed JSON so that it holds: what held stays as it is printed.

use std::ops::Range;

use super::compare::Finding;
use super::parse::Document;
use super::place::Lines;
use super::{documents, joined, run};
use crate::bindings::Bindings;
use crate::expected::Expected;
use crate::reason::Reason;

/// The printed lines anew; nothing if one of the sides is no JSON. `bindings` are those before the output.
pub(crate) fn rewrite(
    expected: &Expected<'_>,
    actual: &str,
    bindings: &Bindings,
) -> Option<Vec<String>> {
    let text = joined(expected)?;
    let (printed, found) = documents(&text, actual)?;
    let comparison = run(
        expected,
        &printed,
        &found,
        Lines::new(&text, Vec::new()),
        bindings,
    );
    let mut edits: Vec<(Range<usize>, String)> = comparison
        .findings
        .iter()
        .flatten()
        .map(|finding| edit(finding, &printed, &found, &comparison.bindings))
        .collect::<Option<_>>()?;
    edits.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, new) in edits {
        // Within a part that is replaced as a whole, or next to another that goes.
        if range.end <= at {
            continue;
        }
        out.push_str(&text[at..range.start.max(at)]);
        out.push_str(&new);
        at = range.end;
    }
    out.push_str(&text[at..]);
    let out = without_last_commas(&out);
    let lines = out.split('\n').map(str::to_owned);
    // A member that is gone leaves a blank line; blank lines that the author printed stay.
    let was_blank = expected
        .lines
        .iter()
        .any(|line| line.text.trim().is_empty());
    Some(
        lines
            .filter(|line| was_blank || !line.trim().is_empty())
            .collect(),
    )
}

/// The bytes that a finding replaces, and by what.
fn edit(
    finding: &Finding,
    printed: &Document<'_>,
    found: &Document<'_>,
    bindings: &Bindings,
) -> Option<(Range<usize>, String)> {
    let is_member = matches!(
        finding.reason,
        Reason::NoKey | Reason::OtherNetwork(_) | Reason::NotOnNetwork { .. }
    );
    if is_member {
        let end = printed.node(finding.printed).span.end;
        return Some((member(printed.text, finding.span.start..end), String::new()));
    }
    // A difference at the top that is no value's: only the whole of the output tells.
    let (old, new) = finding
        .lists
        .or(finding.found.map(|found| (finding.printed, found)))?;
    let span = printed.node(old).span.clone();
    let here = indent(printed.text, span.start);
    let there = indent(found.text, found.node(new).span.start);
    let mut lines = found.raw(new).split('\n');
    let mut text = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        let kept = line
            .strip_prefix(there)
            .unwrap_or_else(|| line.trim_start());
        text.push('\n');
        text.push_str(here);
        text.push_str(kept);
    }
    Some((span, bindings.to_author(&text)))
}

/// A member with the comma after it, or else the one before it.
fn member(text: &str, range: Range<usize>) -> Range<usize> {
    let after = &text[range.end..];
    if let Some(rest) = after.trim_start().strip_prefix(',') {
        return range.start..text.len() - rest.len();
    }
    match text[..range.start].trim_end().strip_suffix(',') {
        Some(head) => head.len()..range.end,
        None => range,
    }
}

/// JSON without commas after the last members of objects, which are left when those behind them go.
fn without_last_commas(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    for (at, c) in text.char_indices() {
        if in_string {
            in_string = escaped || c != '"';
            escaped = c == '\\' && !escaped;
        } else if c == '"' {
            in_string = true;
        } else if c == ',' && text[at + 1..].trim_start().starts_with('}') {
            continue;
        }
        out.push(c);
    }
    out
}

/// The blanks with which the line of a byte begins.
fn indent(text: &str, at: usize) -> &str {
    let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}
