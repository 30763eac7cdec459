//! The simple commands of a text that bash would not run: cut at separators, as well as that can be told.

use crate::script::{Command, Item, List, Pipeline, Simple, Word};

/// The simple commands of a text, one after the other.
pub(crate) fn list(source: &str) -> List {
    list_from(source, 0)
}

/// Those from `start` on.
pub(crate) fn list_from(source: &str, start: usize) -> List {
    let bytes = source.as_bytes();
    let mut list = List::default();
    let mut simple = Simple::default();
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if bytes.get(at + 1) == Some(&b'\n') => at += 2,
            b' ' | b'\t' => at += 1,
            byte if separates(byte) => {
                end(&mut list, &mut simple);
                at += 1;
            }
            _ => {
                let word = word(source, at);
                at = word.range.end;
                simple.words.push(word);
            }
        }
    }
    end(&mut list, &mut simple);
    list
}

fn end(list: &mut List, simple: &mut Simple) {
    if simple.words.is_empty() {
        return;
    }
    let commands = vec![Command::Simple(std::mem::take(simple))];
    list.items.push(Item {
        first: Pipeline {
            negated: false,
            commands,
        },
        rest: Vec::new(),
        background: false,
    });
}

/// Whether a byte that isn't quoted stands between commands.
fn separates(byte: u8) -> bool {
    matches!(
        byte,
        b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'`' | b'{' | b'}'
    )
}

/// The word that begins at `start`. A quote that doesn't end goes to the end of the text.
fn word(source: &str, start: usize) -> Word {
    let mut word = Word::default();
    let mut quote = None;
    let mut characters = source[start..].char_indices().peekable();
    let mut end = source.len();
    while let Some((at, c)) = characters.next() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.quoted = true;
            }
            (Some('\''), _) => word.value.push(c),
            (_, '\\') => {
                word.value.extend(characters.next().map(|(_, c)| c));
                word.quoted = true;
            }
            // Braces stand in the middle of words, too.
            (None, ' ' | '\t' | '\n' | ';' | '&' | '|' | '(' | ')' | '`') => {
                end = start + at;
                break;
            }
            _ => {
                word.expands |= c == '$';
                word.value.push(c);
            }
        }
    }
    word.range = start..end;
    word
}
