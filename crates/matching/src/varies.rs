//! Values that the author frees by `varies`: others of their kind may stand for them. Enter at [`free`].

use super::tokens::{Class, Kind, Token};

/// Frees, in the tokens of `text`, the values that stand there as one of `varies`: from the start of a token to the end
/// of one. A measure stands for measures of its kind, a number for numbers, a word for words; blanks and punctuation
/// remain.
pub(super) fn free(text: &str, tokens: &mut [Token], varies: &[String]) {
    for value in varies.iter().filter(|value| !value.is_empty()) {
        for (start, _) in text.match_indices(value.as_str()) {
            let end = start + value.len();
            let first = tokens.iter().position(|token| token.range().start == start);
            let last = tokens.iter().position(|token| token.range().end == end);
            let Some((first, last)) = first.zip(last) else {
                continue;
            };
            for token in tokens.get_mut(first..=last).unwrap_or_default() {
                if let Some(class) = class(token, text) {
                    *token = Token::new(Kind::Free(class), token.range());
                }
            }
        }
    }
}

fn class(token: &Token, text: &str) -> Option<Class> {
    let text = token.text(text);
    match token.kind {
        Kind::Measure(measure, _) => Some(Class::Measure(measure)),
        Kind::Word if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') => Some(Class::Number),
        Kind::Word => Some(Class::Word),
        _ => None,
    }
}

#[cfg(test)]
mod tests {

    use crate::{Bindings, Expected, Line, Mode, compare};
    use seaworthy_words::Script;

    fn holds(varies: &[&str], printed: &str, actual: &str) -> bool {
        let varies: Vec<String> = varies.iter().map(|value| (*value).to_owned()).collect();
        let lines: Vec<_> = printed.lines().map(|text| Line { text, at: 1 }).collect();
        let expected = Expected {
            command: &Script::parse("./answer"),
            lines: &lines,
            mode: Mode::Docker,
            unordered: false,
            varies: &varies,
        };
        compare(&expected, actual, &Bindings::new()).holds
    }

    #[test]
    fn a_freed_value_may_be_any_of_its_kind() {
        for (varies, printed, actual) in [
            (&["37ms"][..], "within 37ms", "within 1.2s"),
            (&["64MB"], "cache 64MB", "cache 1 GB"),
            (&["12.5"], "load 12.5%", "load 3%"),
            (&["12.5%"], "load 12.5%", "load 3%"),
            (&["amber"], "the lamp is amber", "the lamp is red"),
            (&["2024-05-01"], "due 2024-05-01", "due 2027-01-31"),
            (&["1", "2"], "1 of 2", "7 of 9"),
            (
                &["30s", "5"],
                "{\"t\": \"30s\", \"n\": 5}",
                "{\"t\": \"3s\", \"n\": 6}",
            ),
        ] {
            assert!(holds(varies, printed, actual), "{printed} / {actual}");
            assert!(!holds(&[], printed, actual), "{printed} / {actual}");
        }
        for (varies, printed, actual) in [
            (&["37ms"][..], "within 37ms", "within 37MB"),
            (&["37ms"], "within 37ms of 5s", "within 37ms of 6s"),
            (&["3"], "13 of 3", "14 of 3"),
            (&["12.5"], "load 12.5%", "load high%"),
            (&["amber"], "the lamp is amber", "the lamp is 3"),
            (&["amber"], "the lamp is amber", "a lamp is red"),
            (&[""], "a", "b"),
            (
                &["30s"],
                "{\"t\": \"30s\", \"n\": 5}",
                "{\"t\": \"30s\", \"n\": 6}",
            ),
        ] {
            assert!(!holds(varies, printed, actual), "{printed} / {actual}");
        }
    }
}
