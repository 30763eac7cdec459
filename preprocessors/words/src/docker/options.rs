//! The options of a call, read from the left: which word is one, and what its value is.

use super::grammar::GRAMMAR;

/// The words of a call, read from the left.
pub(super) struct Options<'w, 'a> {
    words: &'w [&'a str],
    group: &'w str,
    verb: &'w str,
    at: usize,
    /// `--` was read.
    over: bool,
    /// The options so far.
    pub(super) found: Vec<(&'a str, Option<&'a str>)>,
}

impl<'w, 'a> Options<'w, 'a> {
    pub(super) fn new(words: &'w [&'a str], group: &'w str, verb: &'w str) -> Self {
        Self {
            words,
            group,
            verb,
            at: 0,
            over: false,
            found: Vec::new(),
        }
    }

    /// Where the next word stands that is neither an option nor the value of one.
    pub(super) fn next_operand(&mut self) -> Option<usize> {
        loop {
            let word = *self.words.get(self.at)?;
            self.at += 1;
            match word.strip_prefix('-') {
                _ if self.over => return Some(self.at - 1),
                None | Some("") => return Some(self.at - 1),
                Some("-") => self.over = true,
                Some(option) => match option.strip_prefix('-') {
                    Some(long) => self.long(long),
                    None => self.short(option),
                },
            }
        }
    }

    fn value(&mut self) -> Option<&'a str> {
        let value = self.words.get(self.at).copied();
        self.at += 1;
        value
    }

    fn long(&mut self, option: &'a str) {
        let found = match option.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None if GRAMMAR.takes_value(self.group, self.verb, option) => (option, self.value()),
            None => (option, None),
        };
        self.found.push(found);
    }

    /// `-dp 80:80`: the first letter that takes a value has the rest of the word for it, or the next one.
    fn short(&mut self, letters: &'a str) {
        for (at, letter) in letters.char_indices() {
            let (name, rest) = letters[at..].split_at(letter.len_utf8());
            if let Some(value) = rest.strip_prefix('=') {
                return self.found.push((name, Some(value)));
            }
            if GRAMMAR.takes_value(self.group, self.verb, name) {
                let value = if rest.is_empty() {
                    self.value()
                } else {
                    Some(rest)
                };
                return self.found.push((name, value));
            }
            self.found.push((name, None));
        }
    }
}
