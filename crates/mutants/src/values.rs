//! The values of a line: words, of which a date, a time of day or a number with a fraction makes one.

use std::ops::Range;

use crate::words::words;

/// The values of a text.
pub(crate) fn values(text: &str) -> Vec<Range<usize>> {
    let words = words(text);
    let mut values = Vec::new();
    let mut rest = words.as_slice();
    while let [word, ..] = rest {
        let parts = match rest {
            _ if is_moment(text, rest) => 3,
            _ if is_fraction(text, rest) => 2,
            _ => 1,
        };
        values.push(word.start..rest[parts - 1].end);
        rest = &rest[parts..];
    }
    values
}

/// No such value any more: its last letter or digit is a letter that no id, address, date, unit or number ends with.
pub(crate) fn misshapen(value: &str) -> String {
    let mut text = value.to_owned();
    text.pop();
    text + "q"
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_a_time_and_a_fraction_are_one() {
        let text = "2026/11/24 19:44:34 [notice] 103#103: 0.131/2.5 ms 10.20.0.1";
        let values: Vec<&str> = values(text).into_iter().map(|word| &text[word]).collect();
        assert_eq!(
            values[..5],
            ["2026/11/24", "19:44:34", "notice", "103", "103"]
        );
        assert_eq!(values[5..], ["0.131", "2.5", "ms", "10", "20", "0", "1"]);
    }
}
