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
