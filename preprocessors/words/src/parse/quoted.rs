//! What is quoted, and what is expanded: where it ends, and what it says.

use super::{Parse, Parser, Stop};
use crate::flat;
use crate::script::{List, Missing};

impl Parser<'_> {
    /// The byte at hand.
    fn byte(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    /// The character at hand.
    pub(super) fn character(&self) -> &str {
        let rest = &self.source[self.at..];
        &rest[..rest.chars().next().map_or(0, char::len_utf8)]
    }

    /// Reads what follows a `'`, and its end.
    pub(super) fn single(&mut self, value: &mut String) -> Parse<()> {
        let start = self.at;
        self.matched('\'', '\'', Pair::default())?;
        value.push_str(&self.source[start..self.at - 1]);
        Ok(())
    }

    /// Reads what follows a `$'`, and its end.
    pub(super) fn ansi(&mut self, value: &mut String) -> Parse<()> {
        let start = self.at;
        let escapes = Pair {
            escapes: true,
            ..Pair::default()
        };
        self.matched('\'', '\'', escapes)?;
        unescape(&self.source[start..self.at - 1], value);
        Ok(())
    }

    /// Reads what follows a `"`, and its end. Whether anything in it expands.
    pub(super) fn double(&mut self, value: &mut String) -> Parse<bool> {
        let mut expands = false;
        while let Some(byte) = self.byte() {
            match byte {
                b'"' => {
                    self.at += 1;
                    return Ok(expands);
                }
                b'\\' => {
                    self.at += 1;
                    let escaped = self.character();
                    if !matches!(escaped, "$" | "`" | "\"" | "\\" | "\n") {
                        value.push('\\');
                    }
                    if escaped != "\n" {
                        value.push_str(escaped);
                    }
                    self.at += escaped.len();
                }
                b'`' => {
                    self.backtick(value)?;
                    expands = true;
                }
                b'$' => expands |= self.dollar(value)?,
                _ => {
                    value.push_str(self.character());
                    self.at += self.character().len();
                }
            }
        }
        Err(Stop::Incomplete(Missing::Closing("\"")))
    }

    /// Reads from a backtick to the next one.
    pub(super) fn backtick(&mut self, value: &mut String) -> Parse<()> {
        let start = self.at;
        self.at += 1;
        self.matched('`', '`', Pair::default())?;
        value.push_str(&self.source[start..self.at]);
        // Bash reads what is inside when it is run.
        let (inside, end) = (start + 1, self.at - 1);
        let list = self.deeper(|parser| {
            let mut inner = Parser::new(&parser.source[..end]);
            (inner.at, inner.depth) = (inside, parser.depth);
            std::mem::swap(&mut inner.documents, &mut parser.documents);
            let list = inner.script();
            parser.documents = inner.documents;
            list
        });
        let tolerant = || flat::list_from(&self.source[..end], inside);
        self.lists.push(list.unwrap_or_else(|_| tolerant()));
        Ok(())
    }

    /// Reads from a `$`: what it expands to, or only itself. Which one it was.
    pub(super) fn dollar(&mut self, value: &mut String) -> Parse<bool> {
        let start = self.at;
        self.at += 1;
        let next = self.byte();
        if matches!(next, Some(b'(' | b'{' | b'[')) {
            self.at += 1;
            self.bracketed(next.unwrap_or_default())?;
        }
        let named = |byte: u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'?' | b'#' | b'@' | b'*')
        };
        let expands = self.at > start + 1
            || next.is_some_and(|b| named(b) || matches!(b, b'!' | b'$' | b'-'));
        // `$$` is one, and the second begins none.
        if next == Some(b'$') {
            self.at += 1;
        }
        value.push_str(&self.source[start..self.at]);
        Ok(expands)
    }

    /// Reads what follows `$(`, `${`, `$[`, `<(` or `>(`, and its end.
    pub(super) fn bracketed(&mut self, open: u8) -> Parse<()> {
        match open {
            b'{' => self.deeper(|parser| {
                let parameter = Pair {
                    first_closes: true,
                    ..Pair::default()
                };
                parser.matched('{', '}', parameter)
            }),
            b'[' => self.deeper(|parser| parser.matched('[', ']', Pair::default())),
            // `$((` and `<((` are taken for arithmetic, whatever is inside.
            _ if self.byte() == Some(b'(') => {
                self.deeper(|parser| parser.matched('(', ')', Pair::default()))
            }
            _ => self.substitution(),
        }
    }

    /// Reads a list, and the bracket behind it.
    fn substitution(&mut self) -> Parse<()> {
        let reserved = std::mem::replace(&mut self.reserved, true);
        // Those of the line around it are read below that line.
        let announced = std::mem::take(&mut self.announced);
        self.substitutions += 1;
        let list = self.deeper(|parser| {
            parser.within(")", |parser| {
                parser.fresh = !parser.takes_newline()?;
                parser.newlines()?;
                if parser.next()? == Some(b')') {
                    Ok(List::default())
                } else {
                    parser.list()
                }
            })
        })?;
        self.substitutions -= 1;
        self.reserved = reserved;
        // A here-document of which no line was read before the bracket is an empty one.
        self.announced = announced;
        self.lists.push(list);
        Ok(())
    }

    /// Goes from behind an `open` to behind the `close` that belongs to it, as bash's `parse_matched_pair` does.
    pub(super) fn matched(&mut self, open: char, close: char, pair: Pair) -> Parse<()> {
        let groups = open != close;
        let mut count = 1;
        let (mut dollar, mut angle) = (false, false);
        while self.at < self.source.len() {
            let c = self.character().chars().next().unwrap_or_default();
            self.at += c.len_utf8();
            let (after_dollar, after_angle) = (dollar, angle);
            angle = matches!(c, '<' | '>') && !after_angle;
            dollar = c == '$' && !after_dollar;
            if c == close {
                count -= 1;
            } else if c == open && !pair.first_closes && !(after_dollar && groups) {
                count += 1;
            }
            if count == 0 {
                return Ok(());
            }
            if c == '\\' && (open != '\'' || pair.escapes) {
                self.at += self.character().len();
            } else if open == '\'' || open == '`' {
                continue;
            } else if groups && matches!(c, '\'' | '"' | '`') {
                let escapes = after_dollar && c == '\'';
                let inner = Pair {
                    escapes,
                    ..Pair::default()
                };
                self.deeper(|parser| parser.matched(c, c, inner))?;
            } else if c == '`' {
                self.deeper(|parser| parser.matched('`', '`', Pair::default()))?;
            } else if (after_dollar && matches!(c, '(' | '{' | '['))
                || (open == '{' && c == '(' && after_angle)
            {
                self.bracketed(c as u8)?;
            }
        }
        Err(Stop::Incomplete(Missing::Closing(match close {
            '\'' => "'",
            '"' => "\"",
            '`' => "`",
            '}' => "}",
            ']' => "]",
            _ => ")",
        })))
    }
}

/// How a pair is read.
#[derive(Clone, Copy, Default)]
pub(super) struct Pair {
    /// An `open` inside counts for nothing.
    pub(super) first_closes: bool,
    /// A backslash escapes, though the quotes are single ones.
    pub(super) escapes: bool,
}

/// What stands in `$'…'`, with its escapes.
fn unescape(text: &str, value: &mut String) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        value.push_str(before);
        let Some(letter) = after.chars().next() else {
            value.push('\\');
            return;
        };
        let (said, used) = escape(letter, after);
        value.extend(said);
        if said.is_none() {
            value.push('\\');
            value.push(letter);
        }
        rest = &after[used..];
    }
    value.push_str(rest);
}

/// What an escape stands for, and how many bytes of `text`, which begins with its letter, belong to it.
fn escape(letter: char, text: &str) -> (Option<char>, usize) {
    let number = |skip: usize, radix: u32, most: usize| {
        let digits = text[skip..].chars().take(most);
        let digits = digits.take_while(|c| c.is_digit(radix)).count();
        let value = u32::from_str_radix(&text[skip..skip + digits], radix).ok();
        (value.and_then(char::from_u32), skip + digits)
    };
    let plain = match letter {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'e' | 'E' => '\u{1b}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '\\' | '\'' | '"' | '?' => letter,
        'x' => return number(1, 16, 2),
        'u' => return number(1, 16, 4),
        'U' => return number(1, 16, 8),
        '0'..='7' => return number(0, 8, 3),
        'c' => {
            let control = text[1..].chars().next().filter(char::is_ascii);
            let code = |c: char| char::from_u32(u32::from(c.to_ascii_uppercase()) ^ 0x40);
            return (control.and_then(code), 1 + usize::from(control.is_some()));
        }
        _ => return (None, letter.len_utf8()),
    };
    (Some(plain), letter.len_utf8())
}
