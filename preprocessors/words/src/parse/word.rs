//! Words.

use super::quoted::Pair;
use super::{Parse, Parser, Stop, is_meta, is_name};
use crate::script::{Missing, Word};

/// What a word may hold where it stands.
#[derive(Clone, Copy, Default)]
pub(super) struct Mode {
    /// `a=(…)` is an array.
    pub(super) arrays: bool,
    /// `a[…]=` is one word, whatever stands between the brackets.
    pub(super) subscripts: bool,
    /// `[…]=` is one, too: an element of an array.
    pub(super) elements: bool,
    /// `@(…)` and its like are patterns.
    pub(super) patterns: bool,
    /// Brackets belong to a regular expression.
    pub(super) regular: bool,
}

/// A word, and whether it assigns something.
pub(super) struct Read {
    pub(super) word: Word,
    pub(super) assigns: bool,
}

impl Parser<'_> {
    /// Reads a word, which comes next.
    pub(super) fn word(&mut self, mode: Mode) -> Parse<Read> {
        self.next()?;
        let start = self.at;
        let lists = self.lists.len();
        let mut word = Word::default();
        let mut assigns = false;
        while let Some(byte) = self.peek() {
            if self.quoted_part(byte, &mut word)? {
                continue;
            }
            match byte {
                b'<' | b'>' if self.second() == Some(b'(') => {
                    let begin = self.at;
                    self.at = self.past_continuation(self.at + 1) + 1;
                    self.bracketed(b'(')?;
                    word.value.push_str(&self.source[begin..self.at]);
                    word.expands = true;
                }
                b'[' if self.is_subscript(&word, mode) => {
                    let begin = self.at;
                    self.at += 1;
                    self.matched('[', ']', Pair::default())?;
                    word.value.push_str(&self.source[begin..self.at]);
                }
                b'=' if !assigns && !word.quoted && is_target(&word.value, mode) => {
                    assigns = true;
                    word.value.push('=');
                    self.at += 1;
                    if mode.arrays && self.peek() == Some(b'(') {
                        self.array(&mut word)?;
                    }
                }
                b'(' if self.is_pattern(&word, mode) => {
                    let begin = self.at;
                    self.at += 1;
                    self.matched('(', ')', Pair::default())?;
                    word.value.push_str(&self.source[begin..self.at]);
                }
                b'|' if mode.regular => {
                    word.value.push('|');
                    self.at += 1;
                }
                byte if is_meta(char::from(byte)) => break,
                _ => {
                    word.value.push_str(self.character());
                    self.at += self.character().len();
                }
            }
        }
        word.range = start..self.at;
        word.substitutions = self.lists.split_off(lists);
        Ok(Read { word, assigns })
    }

    /// Reads a part of a word that begins with a sign of quoting or expansion, if `byte`, which comes next, is one.
    fn quoted_part(&mut self, byte: u8, word: &mut Word) -> Parse<bool> {
        match byte {
            b'\\' => {
                self.at += 1;
                let escaped = self.character();
                if escaped.is_empty() {
                    return Err(Stop::Incomplete(Missing::Line));
                }
                word.value.push_str(escaped);
                word.quoted = true;
                self.at += escaped.len();
            }
            b'\'' => {
                self.at += 1;
                self.single(&mut word.value)?;
                word.quoted = true;
            }
            b'"' => {
                self.at += 1;
                word.expands |= self.double(&mut word.value)?;
                word.quoted = true;
            }
            b'`' => {
                self.backtick(&mut word.value)?;
                word.expands = true;
            }
            b'$' if matches!(self.second(), Some(b'\'' | b'"')) => {
                self.at = self.past_continuation(self.at + 1) + 1;
                word.quoted = true;
                if self.source.as_bytes()[self.at - 1] == b'\'' {
                    self.ansi(&mut word.value)?;
                } else {
                    word.expands |= self.double(&mut word.value)?;
                }
            }
            b'$' => word.expands |= self.dollar(&mut word.value)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn is_subscript(&self, word: &Word, mode: Mode) -> bool {
        let name = mode.subscripts && is_name(&word.value) && !word.expands;
        let element = mode.elements && word.value.is_empty();
        !word.quoted && (name || element)
    }

    fn is_pattern(&self, word: &Word, mode: Mode) -> bool {
        mode.regular || (mode.patterns && word.value.ends_with(['?', '*', '+', '@', '!']))
    }

    /// Reads `(…)` after `a=`.
    fn array(&mut self, word: &mut Word) -> Parse<()> {
        let begin = self.at;
        self.at += 1;
        self.open.push(")");
        loop {
            self.newlines()?;
            if self.word_begins()? {
                let element = self.word(Mode {
                    elements: true,
                    subscripts: true,
                    ..Mode::default()
                })?;
                word.expands |= element.word.expands;
                self.lists.extend(element.word.substitutions);
            } else if self.takes(")")? {
                break;
            } else {
                return self.unexpected();
            }
        }
        self.open.pop();
        word.value.push_str(&self.source[begin..self.at]);
        Ok(())
    }
}

/// Whether what stands before a `=` is what can be assigned to: `a`, `a+`, `a[1]`.
fn is_target(text: &str, mode: Mode) -> bool {
    let text = text.strip_suffix('+').unwrap_or(text);
    match text.split_once('[') {
        Some((name, index)) => {
            (is_name(name) || (mode.elements && name.is_empty())) && index.ends_with(']')
        }
        None => is_name(text),
    }
}
