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
