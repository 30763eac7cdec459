//! Where variables have their values from: the environment, and files such as `.env`. Enter at [`Environment`].
//!
//! Rules of such files: the Compose specification, "Set environment variables", ".env file syntax".

use std::collections::HashMap;
use std::ops::Range;

use seaworthy_blocks::{Fault, FaultCode};

use super::Loader;
use super::interpolate::{Trouble, expand};

/// The values of variables: the environment's come first, then those of files.
#[derive(Clone)]
pub(crate) struct Environment<'a> {
    loader: &'a dyn Loader,
    of_files: HashMap<String, String>,
}

impl<'a> Environment<'a> {
    /// What `loader` knows, and nothing else yet.
    pub(crate) fn new(loader: &'a dyn Loader) -> Environment<'a> {
        Environment {
            loader,
            of_files: HashMap::new(),
        }
    }

    /// The value of a variable, if it is set.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        let of_files = || self.of_files.get(name).cloned();
        self.loader.variable(name).or_else(of_files)
    }

    /// Takes the assignments of one file, or of several in their order: what was known before stays.
    pub(crate) fn add(&mut self, assigned: Vec<(String, String)>) {
        let mut new: HashMap<String, String> = assigned.into_iter().collect();
        new.retain(|name, _| !self.of_files.contains_key(name));
        self.of_files.extend(new);
    }

    /// Reads the text of an environment file that begins at `base`; its values may use what is known already.
    pub(crate) fn read(
        &self,
        text: &str,
        base: usize,
        faults: &mut Vec<Fault>,
    ) -> Vec<(String, String)> {
        let mut reader = Reader {
            text,
            base,
            environment: self,
            assigned: Vec::new(),
            faults,
        };
        reader.read();
        reader.assigned
    }
}

struct Reader<'a, 'b> {
    text: &'a str,
    base: usize,
    environment: &'a Environment<'b>,
    assigned: Vec<(String, String)>,
    faults: &'a mut Vec<Fault>,
}

impl Reader<'_, '_> {
    fn read(&mut self) {
        let mut at = usize::from(self.text.starts_with('\u{feff}')) * '\u{feff}'.len_utf8();
        while at < self.text.len() {
            at = self.line(at);
        }
    }

    /// Reads what begins at `at`: one line, or more if its value is quoted. Returns where the next begins.
    fn line(&mut self, at: usize) -> usize {
        let end = self.text[at..]
            .find('\n')
            .map_or(self.text.len(), |n| at + n);
        let next = (end + 1).min(self.text.len());
        let line = self.text[at..end].trim();
        if line.is_empty() || line.starts_with('#') {
            return next.max(at + 1);
        }
        let start = at + self.text[at..end].find(line).unwrap_or(0);
        let bare = match line.strip_prefix("export") {
            Some(rest) if rest.starts_with([' ', '\t']) => rest.trim_start(),
            _ => line,
        };
        let Some(split) = bare.find(['=', ':']) else {
            // `NAME` alone means the environment's, which is known.
            if !is_name(bare) {
                self.fault(start..start + line.len(), "this line is no `NAME=value`");
            }
            return next;
        };
        let name = bare[..split].trim_end();
        if !is_name(name) {
            let said = format!("`{name}` is not the name of a variable");
            self.fault(start..start + line.len(), &said);
            return next;
        }
        let value_at = start + line.len() - bare.len() + split + 1;
        let blank = self.text[value_at..end].len() - self.text[value_at..end].trim_start().len();
        self.value(name, value_at + blank, end, next)
    }

    /// Reads the value of `name`; returns where the next line begins.
    fn value(&mut self, name: &str, at: usize, end: usize, next: usize) -> usize {
        let quote = self.text[at..]
            .chars()
            .next()
            .filter(|c| ['\'', '"'].contains(c) && at < end);
        let Some(quote) = quote else {
            let written = uncommented(&self.text[at..end]).trim_end();
            self.assign(name, written, at..at + written.len());
            return next;
        };
        let Some(length) = closing_quote(&self.text[at + 1..], quote) else {
            self.fault(at..end, "this quote is not closed");
            return self.text.len();
        };
        let within = at + 1..at + 1 + length;
        let written = &self.text[within.clone()];
        match quote {
            '\'' => self.assigned.push((name.to_owned(), written.to_owned())),
            _ => self.assign(name, &unescaped(written), within.clone()),
        }
        self.text[within.end..]
            .find('\n')
            .map_or(self.text.len(), |n| within.end + n + 1)
    }

    fn assign(&mut self, name: &str, written: &str, span: Range<usize>) {
        let value = |name: &str| {
            let earlier = self.assigned.iter().rev().find(|(n, _)| n == name);
            self.environment
                .value(name)
                .or_else(|| earlier.map(|(_, value)| value.clone()))
        };
        match expand(written, &value) {
            Ok(value) => self.assigned.push((name.to_owned(), value)),
            Err(Trouble::Required { name, words }) => {
                self.fault(span, &format!("`{name}` is not set: {words}"));
            }
            Err(Trouble::Invalid) => {
                self.fault(
                    span,
                    "a `$` here begins no variable; one that means itself is written `$$`",
                );
            }
        }
    }

    fn fault(&mut self, span: Range<usize>, message: &str) {
        let span = self.base + span.start..self.base + span.end;
        self.faults.push(
            Fault::error(FaultCode::InvalidCompose, span, message)
                .help("such a file holds lines like `PORT=8080`, and comments after `#`"),
        );
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || ['_', '.', '-', '[', ']'].contains(&c))
}

/// A value without the comment after it.
fn uncommented(value: &str) -> &str {
    if value.starts_with('#') {
        return "";
    }
    let comment = [" #", "\t#"]
        .iter()
        .filter_map(|mark| value.find(mark))
        .min();
    comment.map_or(value, |at| &value[..at])
}

/// The bytes before the quote that closes `text`.
fn closing_quote(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if c == quote && !escaped {
            return Some(at);
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

/// What stands between double quotes, its escapes resolved; `\$` is left to mean a dollar.
fn unescaped(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    let mut letters = written.chars();
    while let Some(c) = letters.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match letters.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('$') => out.push_str("$$"),
            Some(other) => out.push(other),
            None => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Environment;
    use crate::project::Alone;

    #[test]
    fn every_form_of_an_assignment() {
        let text = "\u{feff}# comment\nA=1\nexport B = two words # and why\nC='$A # raw'\nD=\"$A \\\"q\\\" \\$A\"\nE=\nF: x\nG=\"two\nlines\"\nH=a#b\nA=2\nI=${A}\r\nJ\n";
        let alone = Alone;
        let mut faults = Vec::new();
        let assigned = Environment::new(&alone).read(text, 0, &mut faults);
        let told: Vec<String> = assigned.iter().map(|(n, v)| format!("{n}={v}")).collect();
        assert_eq!(
            told,
            [
                "A=1",
                "B=two words",
                "C=$A # raw",
                "D=1 \"q\" $A",
                "E=",
                "F=x",
                "G=two\nlines",
                "H=a#b",
                "A=2",
                "I=2"
            ]
        );
        assert_eq!(faults, []);
    }

    #[test]
    fn what_is_no_assignment_is_told_with_its_place() {
        let alone = Alone;
        let text = "A=1\nwhat is this\n B C=2\nD=\"open\n";
        let mut faults = Vec::new();
        Environment::new(&alone).read(text, 100, &mut faults);
        let places: Vec<&str> = faults
            .iter()
            .map(|f| &text[f.span.start - 100..f.span.end - 100])
            .collect();
        assert_eq!(places, ["what is this", "B C=2", "\"open"]);
    }
}
