//! Redirections.

use super::{Parse, Parser, is_name, word};
use crate::script::{Redirect, Word};

impl Parser<'_> {
    /// The redirection that comes next, with its number or its variable.
    pub(super) fn redirect(&mut self) -> Parse<Option<Redirect>> {
        self.next()?;
        let start = self.at;
        self.descriptor();
        let Some((operator, end)) = self.operator()? else {
            self.at = start;
            return Ok(None);
        };
        let redirects = operator != "&" && operator.contains(['<', '>']);
        if !redirects {
            self.at = start;
            return Ok(None);
        }
        self.at = end;
        self.reserved = false;
        // At the end of the line, bash doesn't ask for more; and a number before a redirection is no file.
        let names = self.word_begins()? && (operator.ends_with('&') || !self.descriptor());
        if !names {
            return self.wrong();
        }
        let target = match self.closed(operator) {
            Some(closed) => closed,
            None => self.word(word::Mode::default())?.word,
        };
        let document = self.announce(operator, &target);
        Ok(Some(Redirect {
            operator,
            target,
            document,
        }))
    }

    /// The `-` of `>&-`, which is a word however it goes on.
    fn closed(&mut self, operator: &str) -> Option<Word> {
        let closes = operator.ends_with('&') && self.peek() == Some(b'-');
        closes.then(|| {
            self.at += 1;
            Word {
                range: self.at - 1..self.at,
                value: "-".to_owned(),
                ..Word::default()
            }
        })
    }

    /// Goes over the number or the `{variable}` that stands right before a redirection: whether there is one.
    fn descriptor(&mut self) -> bool {
        let rest = &self.source[self.at..];
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let variable = rest
            .strip_prefix('{')
            .and_then(|rest| rest.split_once('}'))
            .filter(|(name, _)| is_name(name))
            .map_or(0, |(name, _)| name.len() + "{}".len());
        let length = digits.max(variable);
        let stands = length > 0 && rest[length..].starts_with(['<', '>']);
        self.at += if stands { length } else { 0 };
        stands
    }
}
