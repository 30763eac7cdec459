//! From bytes of a text to its lines.

use std::ops::Range;

/// Where the lines of a text begin.
pub(super) struct Lines {
    starts: Vec<usize>,
    len: usize,
    numbers: Vec<u32>,
}

impl Lines {
    /// The lines of `text`; `numbers` are the caller's, one a line.
    pub(super) fn new(text: &str, numbers: Vec<u32>) -> Self {
        let ends = text
            .bytes()
            .enumerate()
            .filter(|(_, b)| *b == b'\n')
            .map(|(at, _)| at + 1);
        Lines {
            starts: std::iter::once(0).chain(ends).collect(),
            len: text.len(),
            numbers,
        }
    }

    /// The line that a byte is in, from 0.
    pub(super) fn line(&self, at: usize) -> usize {
        self.starts
            .partition_point(|start| *start <= at)
            .saturating_sub(1)
    }

    /// The caller's number of the line that a byte is in.
    pub(super) fn number(&self, at: usize) -> Option<u32> {
        self.numbers.get(self.line(at)).copied()
    }

    /// The line and the bytes of it that a range takes, cut at the line's end.
    pub(super) fn within(&self, range: &Range<usize>) -> (usize, Range<usize>) {
        let line = self.line(range.start);
        let start = self.starts[line];
        let end = self.starts.get(line + 1).map_or(self.len, |next| next - 1);
        (
            line,
            range.start - start..range.end.min(end).max(range.start) - start,
        )
    }
}
