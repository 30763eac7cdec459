//! Places the author's lines in the output: in order and completely, save where `...` stands.
//!
//! Enter at [`place`]. The lines between two `...` are placed at the first place where they match, so the search never
//! goes back; what it may cost is bounded.

use std::ops::Range;

use super::alignment::{Row, State};
use super::lines::Comparer;

/// A line of the author's in the search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Item {
    /// The line with this index.
    Line(usize),
    /// `...`, the line with this index.
    Wild(usize),
}

impl Item {
    pub(super) fn index(self) -> usize {
        match self {
            Item::Line(at) | Item::Wild(at) => at,
        }
    }
}

/// Whether a line stands for any lines.
pub(super) fn is_wild(line: &str) -> bool {
    matches!(line.trim(), "..." | "<snip>")
}

/// The items of the printed lines `lines`. Blank lines at the ends and next to `...` don't count.
pub(super) fn items(lines: &[&str], skip: &[bool]) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut blanks: Vec<usize> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if skip.get(at).copied().unwrap_or(false) {
            continue;
        }
        if line.trim().is_empty() {
            blanks.push(at);
            continue;
        }
        let wild = is_wild(line);
        if wild || matches!(items.last(), None | Some(Item::Wild(_))) {
            blanks.clear();
        }
        items.extend(blanks.drain(..).map(Item::Line));
        items.push(if wild { Item::Wild(at) } else { Item::Line(at) });
    }
    items
}

/// The lines of the output that count: not blank ones at the ends, nor those to skip.
pub(super) fn counted(lines: &[&str], skip: &[bool]) -> Vec<usize> {
    let blank = |at: &usize| lines[*at].trim().is_empty();
    let mut counted: Vec<usize> = (0..lines.len())
        .filter(|at| !skip.get(*at).copied().unwrap_or(false))
        .skip_while(blank)
        .collect();
    while counted.last().is_some_and(blank) {
        counted.pop();
    }
    counted
}

/// The rows of the alignment if every line holds. `found` are the lines of the output that count.
pub(super) fn place(
    comparer: &mut Comparer<'_>,
    items: &[Item],
    found: &[usize],
) -> Option<Vec<Row>> {
    let segments: Vec<&[Item]> = items.split(|item| matches!(item, Item::Wild(_))).collect();
    let wilds: Vec<usize> = items
        .iter()
        .filter(|item| matches!(item, Item::Wild(_)))
        .map(|item| item.index())
        .collect();
    let (first, rest) = segments.split_first()?;
    let mut rows = Vec::with_capacity(items.len());
    let Some((last, middle)) = rest.split_last() else {
        let fits = first.len() == found.len() && matches_at(comparer, first, found, 0, &mut 0);
        return fits.then(|| held(first, found));
    };
    let lines: usize = segments.iter().map(|segment| segment.len()).sum();
    if lines > found.len() || !matches_at(comparer, first, found, 0, &mut 0) {
        return None;
    }
    rows.extend(held(first, found));
    let mut at = first.len();
    let end = found.len() - last.len();
    for (segment, wild) in middle.iter().zip(&wilds) {
        let mut refuter = 0;
        let start = (at..(end + 1).saturating_sub(segment.len())).find(|start| {
            comparer.exhausted() || matches_at(comparer, segment, found, *start, &mut refuter)
        });
        let start = start.filter(|_| !comparer.exhausted())?;
        rows.push(swallowed(*wild, found, at..start));
        rows.extend(held(segment, &found[start..]));
        at = start + segment.len();
    }
    if at > end || !matches_at(comparer, last, found, end, &mut 0) {
        return None;
    }
    rows.push(swallowed(*wilds.last()?, found, at..end));
    rows.extend(held(last, &found[end..]));
    Some(rows)
}

/// Whether a segment matches the lines from `start` on; what it binds stays bound only if all of it does.
///
/// `refuter` is the item of the segment that did not match at the last place: it is likely not to match here either, and
/// often its text alone tells so. Else a long segment that nearly matches everywhere would be compared over and over.
fn matches_at(
    comparer: &mut Comparer<'_>,
    segment: &[Item],
    found: &[usize],
    start: usize,
    refuter: &mut usize,
) -> bool {
    let Some(found) = found.get(start..start + segment.len()) else {
        return false;
    };
    if let Some((item, at)) = segment.get(*refuter).zip(found.get(*refuter))
        && !comparer.may_hold(item.index(), *at)
    {
        return false;
    }
    let point = comparer.bindings.savepoint();
    let wrong = segment
        .iter()
        .zip(found)
        .position(|(item, at)| !comparer.holds(item.index(), *at));
    if let Some(wrong) = wrong {
        *refuter = wrong;
        comparer.bindings.undo(point);
    }
    wrong.is_none()
}

fn held(segment: &[Item], found: &[usize]) -> Vec<Row> {
    segment
        .iter()
        .zip(found)
        .map(|(item, at)| Row::held(item.index(), *at))
        .collect()
}

/// The row of a `...` that took `range` of the lines `found`.
pub(super) fn swallowed(wild: usize, found: &[usize], range: Range<usize>) -> Row {
    let start = found
        .get(range.start)
        .copied()
        .unwrap_or_else(|| found.last().map_or(0, |last| last + 1));
    let end = range
        .end
        .checked_sub(1)
        .and_then(|last| found.get(last))
        .map_or(start, |last| last + 1);
    Row::of(Some(wild), None, State::Swallowed(start..end.max(start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_count_between_lines_only() {
        let items = |lines: &[&str]| items(lines, &[]);
        assert_eq!(
            items(&["", "a", "", "b", ""]),
            [Item::Line(1), Item::Line(2), Item::Line(3)]
        );
        assert_eq!(
            items(&["a", "", "...", "", "b"]),
            [Item::Line(0), Item::Wild(2), Item::Line(4)]
        );
        assert_eq!(items(&["", " "]), []);
        assert_eq!(items(&["  <snip>"]), [Item::Wild(0)]);
    }
}
