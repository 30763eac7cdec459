//! A line on a terminal, column by column. A wide character takes two columns; a mark that is put on the character
//! before it takes none.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthChar;

/// The second column of a wide character. No program can print it: on a terminal this is nothing.
const SECOND: char = '\0';

/// So many blanks in a row put something at the right edge of our terminal, which is wider than any reader's: Compose shows
/// the time there.
const TO_THE_EDGE: usize = 200;
/// What is shown of them.
const GAP: &str = "  ";

/// What stands on a line.
#[derive(Debug, Default)]
pub(super) struct Cells {
    columns: Vec<char>,
    /// What takes no column, by the number of columns before it.
    marks: BTreeMap<usize, String>,
}

/// How many columns a character takes. A tab is kept as one.
pub(super) fn width(c: char) -> usize {
    c.width().unwrap_or(1)
}

impl Cells {
    /// How many columns are taken.
    pub(super) fn len(&self) -> usize {
        self.columns.len()
    }

    /// Fills up with blanks to this length.
    pub(super) fn pad(&mut self, length: usize) {
        self.columns.resize(length, ' ');
    }

    /// Puts a character at a column, at most the first that isn't taken, over what stands there.
    pub(super) fn put(&mut self, column: usize, c: char) {
        let width = width(c);
        if width == 0 {
            self.marks.entry(column).or_default().push(c);
            return;
        }
        for (at, c) in [c, SECOND].into_iter().take(width).enumerate() {
            self.blank(column + at);
            match self.columns.get_mut(column + at) {
                Some(cell) => *cell = c,
                None => self.columns.push(c),
            }
        }
    }

    /// Puts a blank at a column, if it is taken. Of a wide character the other half goes too.
    fn blank(&mut self, column: usize) {
        let Some(cell) = self.columns.get_mut(column) else {
            return;
        };
        let was = std::mem::replace(cell, ' ');
        self.marks.remove(&(column + 1));
        if was == SECOND {
            self.columns[column - 1] = ' ';
        }
        if let Some(second) = self.columns.get_mut(column + 1)
            && *second == SECOND
        {
            *second = ' ';
            self.marks.remove(&(column + 2));
        }
    }

    /// Puts blanks at the columns before this one.
    pub(super) fn blank_before(&mut self, column: usize) {
        self.marks.remove(&0);
        for column in 0..column.min(self.len()) {
            self.blank(column);
        }
    }

    /// Removes what stands at this column and after it.
    pub(super) fn truncate(&mut self, column: usize) {
        self.blank(column);
        self.columns.truncate(column);
        self.marks.retain(|before, _| *before <= column);
    }

    /// Removes everything.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Adds what it says to a text, what stands at the right edge moved to the rest.
    pub(super) fn write(&self, text: &mut String) {
        let start = text.len();
        self.write_all(text);
        if self.len() > TO_THE_EDGE {
            let line = text.split_off(start);
            let edge = " ".repeat(TO_THE_EDGE);
            let mut rest = line.as_str();
            while let Some((before, after)) = rest.split_once(&edge) {
                text.push_str(before);
                text.push_str(GAP);
                rest = after.trim_start_matches(' ');
            }
            text.push_str(rest);
        }
    }

    fn write_all(&self, text: &mut String) {
        if self.marks.is_empty() {
            text.extend(self.columns.iter().filter(|c| **c != SECOND));
            return;
        }
        for column in 0..=self.len() {
            if let Some(marks) = self.marks.get(&column) {
                text.push_str(marks);
            }
            let cell = self.columns.get(column).filter(|c| **c != SECOND);
            text.extend(cell);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Cells {
        let mut cells = Cells::default();
        for c in text.chars() {
            cells.put(cells.len(), c);
        }
        cells
    }

    fn says(cells: &Cells) -> String {
        let mut text = String::new();
        cells.write(&mut text);
        text
    }

    #[test]
    fn what_stands_at_the_right_edge() {
        let padded = |blanks: usize| says(&line(&format!("Started{}0.3s ", " ".repeat(blanks))));
        assert_eq!(padded(960), "Started  0.3s ");
        assert_eq!(padded(200), "Started  0.3s ");
        assert_eq!(padded(199).len(), 7 + 199 + 5);
    }

    #[test]
    fn columns() {
        for (text, length) in [
            ("ab", 2),
            ("世界", 4),
            ("ｱ가🐳", 5),
            ("e\u{301}", 1),
            ("\u{200b}", 0),
            ("a\tb", 3),
        ] {
            let cells = line(text);
            assert_eq!((cells.len(), says(&cells).as_str()), (length, text));
        }
    }

    #[test]
    fn what_is_put_over_a_wide_or_marked_character() {
        for (text, column, c, expected) in [
            ("a世b", 1, 'x', "ax b"),
            ("a世b", 2, 'x', "a xb"),
            ("a世b", 0, '界', "界 b"),
            ("世界", 1, '中', " 中 "),
            ("ab", 1, '中', "a中"),
            ("ae\u{301}b", 1, 'x', "axb"),
            ("ae\u{301}b", 0, 'x', "xe\u{301}b"),
            ("ae\u{301}b", 2, 'x', "ae\u{301}x"),
            ("a世\u{301}b", 1, 'x', "ax b"),
            ("a世\u{301}b", 2, 'x', "a xb"),
            ("ab", 1, '\u{301}', "a\u{301}b"),
            ("世", 2, '\u{301}', "世\u{301}"),
        ] {
            let mut cells = line(text);
            cells.put(column, c);
            assert_eq!(says(&cells), expected, "{text} {column} {c}");
        }
    }

    #[test]
    fn what_is_removed() {
        for (text, column, after, before) in [
            ("a世b", 1, "a", " 世b"),
            ("a世b", 2, "a ", "   b"),
            ("e\u{301}b", 1, "e\u{301}", " b"),
            ("e\u{301}b", 0, "", "e\u{301}b"),
            ("\u{301}ab", 1, "\u{301}a", " b"),
            ("ab", 9, "ab", "  "),
        ] {
            let mut cells = line(text);
            cells.truncate(column);
            assert_eq!(says(&cells), after, "{text} {column}");
            let mut cells = line(text);
            cells.blank_before(column);
            assert_eq!(says(&cells), before, "{text} {column}");
        }
    }
}
