//! Lays out a printed table again after some of its cells changed, in the author's columns.

use std::borrow::Cow;

use super::alignment::{Row, State};
use super::bindings::Bindings;
use super::lines::Sides;

/// Blanks that Docker leaves between columns.
const GAP: usize = 3;

/// A printed table: its header and the rows that it is to have.
pub(super) struct Table<'a> {
    header: &'a str,
    /// Name and first character of each column that stays.
    columns: Vec<(&'a str, usize)>,
    /// For each printed column, the column of the output.
    pairs: Vec<(usize, usize)>,
    rows: Vec<Cells<'a>>,
    /// A column is gone, so that no line stays as it is.
    narrowed: bool,
}

struct Cells<'a> {
    /// The line as it is printed, if all of it held.
    kept: Option<&'a str>,
    cells: Vec<Cow<'a, str>>,
}

/// The table that begins with a pair of header lines.
pub(super) fn header<'a>(sides: &Sides<'a>, e: usize, a: usize, row: &Row) -> Option<Table<'a>> {
    let (header, pairs) = sides.columns(e, a)?;
    let all = header.columns.len();
    let columns = pairs.iter().map(|(printed, _)| {
        let column = &header.columns[*printed];
        (&sides.expected.text(e)[column.range.clone()], column.start)
    });
    let columns = columns.collect();
    let narrowed = row.state != State::Held || pairs.len() < all;
    Some(Table {
        header: sides.expected.text(e),
        columns,
        pairs,
        rows: Vec::new(),
        narrowed,
    })
}

impl<'a> Table<'a> {
    /// Adds a row of the alignment; false if it is none of the table.
    pub(super) fn add(&mut self, sides: &Sides<'a>, row: &Row, bindings: &Bindings) -> bool {
        let printed = row
            .author
            .and_then(|at| Some((sides.expected.text(at), sides.expected.cells(at)?)));
        let found = row
            .actual
            .and_then(|at| Some((sides.actual.text(at), sides.actual.cells(at)?)));
        let Some(found) = found else { return false };
        let changed =
            |range: &std::ops::Range<usize>| row.marks.iter().any(|mark| mark.author == *range);
        let cells = self.pairs.iter().map(|(p, f)| match printed {
            Some((line, cells)) if !changed(&cells[*p].range) => {
                Cow::from(&line[cells[*p].range.clone()])
            }
            _ => Cow::from(bindings.to_author(&found.0[found.1[*f].range.clone()])),
        });
        let cells = cells.collect();
        let kept = printed
            .filter(|_| row.state == State::Held)
            .map(|(line, _)| line);
        self.rows.push(Cells { kept, cells });
        true
    }

    /// The lines, header first; nothing if all of them stay as they are.
    pub(super) fn lines(self) -> Option<Vec<String>> {
        if !self.narrowed && self.rows.iter().all(|row| row.kept.is_some()) {
            return None;
        }
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|column| self.width(column))
            .collect();
        let starts: Vec<usize> = self.columns.iter().map(|(_, start)| *start).collect();
        // A single blank would do for the eye of a terminal, but not for a line that is read at its blanks.
        let fits = !self.narrowed
            && starts
                .windows(2)
                .zip(&widths)
                .all(|(pair, width)| pair[0] + width + 2 <= pair[1]);
        let starts = if fits { starts } else { anew(&widths) };
        let header = if fits {
            self.header.to_owned()
        } else {
            line(&starts, self.columns.iter().map(|(name, _)| *name))
        };
        let rows = self.rows.into_iter().map(|row| match row.kept {
            Some(kept) if fits => kept.to_owned(),
            _ => line(&starts, row.cells.iter().map(AsRef::as_ref)),
        });
        Some(std::iter::once(header).chain(rows).collect())
    }

    fn width(&self, column: usize) -> usize {
        let cells = self
            .rows
            .iter()
            .map(|row| row.cells[column].chars().count());
        cells
            .chain([self.columns[column].0.chars().count()])
            .max()
            .unwrap_or_default()
    }
}

/// Where columns of these widths begin.
fn anew(widths: &[usize]) -> Vec<usize> {
    let mut at = 0;
    let mut starts = Vec::with_capacity(widths.len());
    for width in widths {
        starts.push(at);
        at += width + GAP;
    }
    starts
}

fn line<'a>(starts: &[usize], cells: impl Iterator<Item = &'a str>) -> String {
    let mut out = String::new();
    let mut len = 0;
    for (start, cell) in starts.iter().zip(cells) {
        if cell.is_empty() {
            continue;
        }
        let blanks = start.saturating_sub(len);
        out.extend(std::iter::repeat_n(' ', blanks));
        out.push_str(cell);
        len += blanks + cell.chars().count();
    }
    out
}
