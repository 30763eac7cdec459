//! `[[ … ]]`, as bash's `parse_cond_command` reads it.

use super::word::Mode;
use super::{Parse, Parser, Stop};
use crate::script::{Kind, List, Word};

/// Operators with one operand, each after a `-`.
const UNARY: &str = "abcdefghknoprstuvwxzGLNORS";
/// Operators with two operands; `<` and `>` are read apart.
const BINARY: [&str; 13] = [
    "=", "==", "!=", "=~", "-ef", "-eq", "-ge", "-gt", "-le", "-lt", "-ne", "-nt", "-ot",
];

impl Parser<'_> {
    /// Reads what follows `[[`, and its end.
    pub(super) fn test(&mut self) -> Parse<(Kind, Vec<List>, Vec<Word>)> {
        self.reserved = false;
        self.open.push("]]");
        let mut words = Vec::new();
        self.either(&mut words)?;
        if !self.closes_test()? {
            return self.unexpected();
        }
        self.open.pop();
        Ok((Kind::Test, Vec::new(), words))
    }

    /// Goes over `]]`, if it comes next.
    fn closes_test(&mut self) -> Parse<bool> {
        self.next()?;
        let closes = self.plain() == Some("]]");
        if closes {
            self.pass_keyword();
        }
        Ok(closes)
    }

    fn either(&mut self, words: &mut Vec<Word>) -> Parse<()> {
        loop {
            self.both(words)?;
            if !self.takes("||")? {
                return Ok(());
            }
        }
    }

    fn both(&mut self, words: &mut Vec<Word>) -> Parse<()> {
        loop {
            self.deeper(|parser| parser.term(words))?;
            if !self.takes("&&")? {
                return Ok(());
            }
        }
    }

    fn term(&mut self, words: &mut Vec<Word>) -> Parse<()> {
        self.newlines()?;
        if self.next()?.is_none() {
            return self.unexpected();
        }
        if self.takes("(")? {
            self.either(words)?;
            if !self.takes(")")? {
                return self.unexpected();
            }
            return self.newlines();
        }
        let first = self.operand(Mode::default())?;
        if first.value == "!" && !first.quoted {
            return self.term(words);
        }
        let unary = first.value.strip_prefix('-');
        if unary.is_some_and(|letter| letter.len() == 1 && UNARY.contains(letter)) {
            words.push(self.operand(Mode::default())?);
            return self.newlines();
        }
        words.push(first);
        self.next()?;
        let operator = self.operator()?.map(|(operator, _)| operator);
        if self.plain() == Some("]]") || matches!(operator, Some("&&" | "||" | ")")) {
            return Ok(());
        }
        if !self.takes("<")? && !self.takes(">")? {
            let operator = self.operand(Mode::default())?.value;
            if !BINARY.contains(&operator.as_str()) {
                return Err(Stop::Wrong);
            }
            let mode = Mode {
                patterns: matches!(operator.as_str(), "=" | "==" | "!="),
                regular: operator == "=~",
                ..Mode::default()
            };
            words.push(self.operand(mode)?);
        } else {
            words.push(self.operand(Mode::default())?);
        }
        self.newlines()
    }

    /// A word, which has to stand in this line.
    fn operand(&mut self, mode: Mode) -> Parse<Word> {
        let regular = mode.regular && self.next()?.is_some_and(|byte| byte != b'\n');
        if !(regular || self.word_begins()?) || self.plain() == Some("]]") {
            return self.wrong();
        }
        Ok(self.word(mode)?.word)
    }
}
