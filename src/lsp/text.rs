//! A text as an editor has it: places are lines, and UTF-16 code units in them, as the protocol counts.

use std::ops::Range;

use gen_lsp_types::{Position, Range as Span, TextDocumentContentChangeEvent};

/// A text with its lines.
#[derive(Clone, Debug)]
pub(super) struct Text {
    text: String,
    /// Where each line begins: after `\n`, `\r\n` or `\r`.
    lines: Vec<usize>,
}

impl Text {
    pub(super) fn new(text: String) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        let lines = std::iter::once(0).chain(ends.map(|(at, _)| at + 1));
        Self {
            lines: lines.collect(),
            text,
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The bytes of the line `number`, counted from 0, without its end; at the end of the text if there are fewer.
    pub(super) fn line(&self, number: usize) -> Range<usize> {
        let Some(&start) = self.lines.get(number) else {
            return self.text.len()..self.text.len();
        };
        let end = self.lines.get(number + 1).copied();
        let line = &self.text[start..end.unwrap_or(self.text.len())];
        start..start + line.trim_end_matches(['\n', '\r']).len()
    }

    /// The number of the line that holds the byte `at`, counted from 0.
    pub(super) fn line_of(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at).max(1) - 1
    }

    /// The place of the byte `at`; that of the end of the text if it is behind it.
    pub(super) fn position(&self, at: usize) -> Position {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let line = self.line_of(at);
        let before = &self.text[self.lines[line]..at];
        Position::new(number(line), number(before.encode_utf16().count()))
    }

    /// The places of a stretch of bytes.
    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.position(range.start), self.position(range.end))
    }

    /// The byte at a place. A place behind the end of its line is that end, and one within a character its beginning.
    pub(super) fn offset(&self, position: Position) -> usize {
        let line = self.line(usize::try_from(position.line).unwrap_or(usize::MAX));
        let wanted = usize::try_from(position.character).unwrap_or(usize::MAX);
        let mut units = 0;
        for (at, c) in self.text[line.clone()].char_indices() {
            units += c.len_utf16();
            if units > wanted {
                return line.start + at;
            }
        }
        line.end
    }

    /// The bytes between two places.
    pub(super) fn range(&self, span: Span) -> Range<usize> {
        let start = self.offset(span.start);
        start..self.offset(span.end).max(start)
    }

    /// The text after a change.
    pub(super) fn changed(&self, change: TextDocumentContentChangeEvent) -> Self {
        match change {
            TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                let mut text = self.text.clone();
                text.replace_range(self.range(part.range), &part.text);
                Self::new(text)
            }
            TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                Self::new(whole.text)
            }
        }
    }
}

/// The protocol's numbers have 32 bits.
fn number(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_utf_16() {
        let text = Text::new("aé🐳b\r\nc\rd\n".to_owned());
        for (at, line, character) in [
            (0, 0, 0),
            (1, 0, 1),
            (3, 0, 2),
            (7, 0, 4),
            (8, 0, 5),
            (10, 1, 0),
            (12, 2, 0),
            (14, 3, 0),
        ] {
            let place = Position::new(line, character);
            assert_eq!(text.position(at), place, "{at}");
            assert_eq!(text.offset(place), at, "{place:?}");
        }
        // Within the whale, and behind the ends of a line and of the text.
        assert_eq!(text.offset(Position::new(0, 3)), 3);
        assert_eq!(text.offset(Position::new(0, 90)), 8);
        assert_eq!(text.offset(Position::new(90, 0)), 14);
    }
}
