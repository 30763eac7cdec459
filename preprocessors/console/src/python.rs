//! When is a Python statement complete? As much of the grammar as decides whether Python's prompt
//! would be `>>> ` or `... `.

/// A statement as far as it has been read, line by line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Python {
    /// Brackets that are open, as what closes them.
    open: Vec<char>,
    /// The quote that is open, and whether it is a triple one.
    quote: Option<(char, bool)>,
    /// The last line ended in a backslash.
    continued: bool,
    /// A compound statement has begun: a blank line ends it.
    block: bool,
    /// The last line was blank.
    blank: bool,
    any: bool,
}

impl Python {
    /// What the statement still lacks, in words; `None` if it is complete.
    pub(crate) fn missing(&self) -> Option<String> {
        if let Some((quote, triple)) = self.quote {
            let quote = quote.to_string().repeat(if triple { 3 } else { 1 });
            return Some(format!("it needs a closing `{quote}`"));
        }
        if let Some(close) = self.open.last() {
            return Some(format!("it needs a closing `{close}`"));
        }
        if self.continued {
            return Some("its last line asks for another".to_owned());
        }
        (self.block && !self.blank).then(|| "a line `...` ends its block".to_owned())
    }

    pub(crate) fn is_blank(&self) -> bool {
        !self.any
    }

    /// Reads one more line, without its newline.
    pub(crate) fn feed(&mut self, line: &str) {
        let inside = self.quote.is_some() || !self.open.is_empty() || self.continued;
        self.blank = line.trim().is_empty() && !inside;
        self.continued = false;
        if !inside && !self.any && line.starts_with('@') {
            self.block = true;
        }
        let chars: Vec<char> = line.chars().collect();
        let mut at = 0;
        let mut last = ' ';
        while let Some(&c) = chars.get(at) {
            at = match self.quote {
                Some(quote) => self.in_quote(quote, &chars, at),
                None if c == '#' => break,
                None => {
                    if !c.is_whitespace() {
                        last = c;
                    }
                    self.in_code(c, &chars, at)
                }
            };
        }
        self.any |= last != ' ' || inside;
        // A single quote doesn't outlast its line, unless a backslash ends the line.
        if matches!(self.quote, Some((_, false))) && !line.ends_with('\\') {
            self.quote = None;
        }
        if self.quote.is_none() && self.open.is_empty() && last == ':' {
            self.block = true;
        }
    }

    fn in_quote(&mut self, (quote, triple): (char, bool), chars: &[char], at: usize) -> usize {
        let c = chars[at];
        if c == '\\' {
            return at + 2;
        }
        let closes = c == quote && (!triple || is_triple(chars, at));
        if closes {
            self.quote = None;
        }
        at + if closes && triple { 3 } else { 1 }
    }

    fn in_code(&mut self, c: char, chars: &[char], at: usize) -> usize {
        match c {
            '\'' | '"' => {
                let triple = is_triple(chars, at);
                self.quote = Some((c, triple));
                return at + if triple { 3 } else { 1 };
            }
            '(' => self.open.push(')'),
            '[' => self.open.push(']'),
            '{' => self.open.push('}'),
            ')' | ']' | '}' => {
                self.open.pop();
            }
            '\\' if at + 1 == chars.len() => self.continued = true,
            _ => {}
        }
        at + 1
    }
}

/// Whether the quote at `at` is the first of three.
fn is_triple(chars: &[char], at: usize) -> bool {
    (1..3).all(|i| chars.get(at + i) == Some(&chars[at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complete_and_incomplete() {
        for (text, complete) in [
            ("1 + 1", true),
            ("import socket", true),
            ("print('a:')", true),
            ("x = {'a': 1}", true),
            ("x[1:2]", true),
            ("for i in range(2):", false),
            ("for i in range(2):\n    print(i)", false),
            ("for i in range(2):\n    print(i)\n", true),
            ("if x: # why", false),
            ("@cache\ndef f():\n    return 1", false),
            ("@cache\ndef f():\n    return 1\n", true),
            ("print(1,", false),
            ("print(1,\n2)", true),
            ("x = '''a", false),
            ("x = '''a\n\nb'''", true),
            ("1 + \\", false),
            ("1 + \\\n2", true),
            ("# (", true),
            ("'it\\'s (' # [", true),
        ] {
            let mut python = Python::default();
            text.split('\n').for_each(|line| python.feed(line));
            assert_eq!(python.missing().is_none(), complete, "{text}: {python:?}");
        }
    }

    #[test]
    fn blank() {
        for (text, blank) in [("", true), ("# note", true), ("1", false)] {
            let mut python = Python::default();
            python.feed(text);
            assert_eq!(python.is_blank(), blank, "{text}");
        }
    }
}
