//! Commands of programs without a grammar of their own here.

use super::Statement;

/// Each line is a command.
#[derive(Debug)]
pub(super) struct OneLine {
    blank: bool,
}

impl OneLine {
    pub(super) fn begin() -> Box<dyn Statement> {
        Box::new(Self { blank: true })
    }
}

impl Statement for OneLine {
    fn feed(&mut self, line: &str) {
        self.blank = line.trim().is_empty();
    }

    fn is_blank(&self) -> bool {
        self.blank
    }

    fn missing(&self) -> Option<String> {
        None
    }
}

/// A statement of a database's client: it goes on until a `;`, or what else the client takes for its end.
#[derive(Debug)]
pub(super) struct Sql {
    text: String,
    is_complete: fn(&str) -> bool,
}

impl Sql {
    /// One of which `is_complete` says whether the client runs it.
    pub(super) fn begin(is_complete: fn(&str) -> bool) -> Box<dyn Statement> {
        Box::new(Self {
            text: String::new(),
            is_complete,
        })
    }
}

impl Statement for Sql {
    fn feed(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    fn missing(&self) -> Option<String> {
        let text = self.text.trim();
        let complete = text.is_empty() || (self.is_complete)(text);
        (!complete).then(|| "it needs a `;`".to_owned())
    }
}

/// Whether a client whose own commands are words, `own` among them, or begin with a backslash runs the text.
pub(super) fn ends(text: &str, own: &[&str]) -> bool {
    if text.ends_with(';') || text.starts_with('\\') {
        return true;
    }
    let first = text.split_whitespace().next().unwrap_or_default();
    let mut signs = ["\\g", "\\G", "\\c", "\\gx"].iter();
    signs.any(|sign| text.ends_with(sign))
        || own.iter().any(|word| first.eq_ignore_ascii_case(word))
}

/// What is typed without the `;` that may end it.
pub(super) fn bare(typed: &str) -> &str {
    typed.trim_end_matches(';').trim()
}
