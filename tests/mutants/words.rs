//! Words of a line, and how one is changed.

use std::ops::Range;

/// The words of a text: runs of letters and digits; a date, a time of day or a number with a fraction is one.
pub(crate) fn words(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
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
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut rest = found.as_slice();
    while let [word, ..] = rest {
        let parts = match rest {
            _ if is_moment(text, rest) => 3,
            _ if is_fraction(text, rest) => 2,
            _ => 1,
        };
        words.push(word.start..rest[parts - 1].end);
        rest = &rest[parts..];
    }
    words
}

/// Whether two words are a number with a fraction, and not the beginning of an address or a version: `0.131`.
fn is_fraction(text: &str, words: &[Range<usize>]) -> bool {
    let [whole, fraction, rest @ ..] = words else {
        return false;
    };
    let is_number = |word: &Range<usize>| text[word.clone()].bytes().all(|b| b.is_ascii_digit());
    let joined = |one: &Range<usize>, other: &Range<usize>| &text[one.end..other.start] == ".";
    joined(whole, fraction)
        && !text[..whole.start].ends_with('.')
        && is_number(whole)
        && is_number(fraction)
        && !rest.first().is_some_and(|third| joined(fraction, third))
}

/// Whether three words are a date or a time of day: `2026/11/24`, `19:44:34`.
fn is_moment(text: &str, words: &[Range<usize>]) -> bool {
    let [first, second, third, ..] = words else {
        return false;
    };
    let is_pair = |word: &Range<usize>| {
        word.len() == 2 && text[word.clone()].bytes().all(|b| b.is_ascii_digit())
    };
    let is_year = |word: &Range<usize>| {
        word.len() == 4 && text[word.clone()].bytes().all(|b| b.is_ascii_digit())
    };
    let between = (
        &text[first.end..second.start],
        &text[second.end..third.start],
    );
    let date = matches!(between, ("/", "/") | ("-", "-")) && is_year(first);
    let time = between == (":", ":") && is_pair(first);
    (date || time) && is_pair(second) && is_pair(third)
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

#[test]
fn a_value_is_one_word() {
    let text = "2026/11/24 19:44:34 [notice] 103#103: 0.131/2.5 ms 10.20.0.1";
    let words: Vec<&str> = words(text).into_iter().map(|word| &text[word]).collect();
    assert_eq!(
        words[..5],
        ["2026/11/24", "19:44:34", "notice", "103", "103"]
    );
    assert_eq!(words[5..], ["0.131", "2.5", "ms", "10", "20", "0", "1"]);
}
