//! Words of a line, and how one is changed.

use std::ops::Range;

/// The words of a text: runs of letters and digits.
pub(crate) fn words(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_ascii_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    found
}

/// Another word or number of the same length, in which the last letter or digit is the next one.
pub(crate) fn changed(word: &str) -> String {
    let mut text = word.to_owned();
    let other = match text.pop() {
        Some('9') => '8',
        Some('z') => 'y',
        Some('Z') => 'Y',
        Some(c) => char::from_u32(u32::from(c) + 1).unwrap_or('x'),
        None => 'x',
    };
    text.push(other);
    text
}

/// Where `name` stands in a line as a word of its own; `-` and `_` belong to words.
pub(crate) fn occurrences(line: &str, name: &str) -> Vec<Range<usize>> {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    line.match_indices(name)
        .map(|(at, _)| at..at + name.len())
        .filter(|range| {
            !line[..range.start].ends_with(part) && !line[range.end..].starts_with(part)
        })
        .collect()
}

/// Whether a printed line stands for any lines.
pub(crate) fn is_wild(line: &str) -> bool {
    matches!(line.trim(), "..." | "<snip>")
}
