//! What a comparison tells: the verdict, and how each line of the author's stands to what was printed.

use std::ops::Range;

use super::bindings::Bindings;
use super::reason::Reason;

/// The result of [`super::compare`].
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Whether what the author printed holds.
    pub holds: bool,
    /// Whether it holds and a word of literal text was printed: not only ids, measures and `...`.
    pub literal: bool,
    /// The bindings after this output; to be kept if it holds.
    pub bindings: Bindings,
    /// How the lines stand to each other, in reading order. Every line that the author printed is in it once, save
    /// blank ones that do not count; every line of the output at most once.
    pub alignment: Vec<Row>,
    /// The nearest explanation, when it does not hold.
    pub explanation: Option<String>,
    /// Index of the printed line that the explanation is of, if it is of one.
    pub wrong: Option<usize>,
}

/// A line of the author's, a line of the output, or a pair of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Index into the printed lines.
    pub author: Option<usize>,
    /// Index into the lines of the output.
    pub actual: Option<usize>,
    /// How they stand to each other.
    pub state: State,
    /// Where they differ; in order of the author's line.
    pub marks: Vec<Mark>,
    /// What values of a line that differs stand for.
    pub notes: Vec<Note>,
}

/// How a line of the author's stands to the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It matched.
    Held,
    /// It may be absent (the progress of a pull), and nothing was compared with it.
    Optional,
    /// It differs at the marks.
    Differs,
    /// Nothing in the output corresponds to it.
    Missing,
    /// A line of the output that the author did not print.
    Extra,
    /// `...`, and the lines of the output that it stands for.
    Swallowed(Range<usize>),
}

/// A difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Bytes of the author's line.
    pub author: Range<usize>,
    /// Line of the output and bytes of it.
    pub actual: Option<(usize, Range<usize>)>,
    /// What was found there.
    pub found: String,
    /// Why it does not hold.
    pub reason: Reason,
    /// What the difference is about, if more is known than the line: a column and a row, a path in JSON.
    pub subject: Option<String>,
}

/// A value of the author's that stands for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Bytes of the author's line.
    pub author: Range<usize>,
    /// The value there.
    pub printed: String,
    /// What it stands for.
    pub real: String,
    /// The author's line where it was first printed.
    pub since: Option<u32>,
}

impl Mark {
    /// The difference in words; `line` is the author's line.
    pub fn words(&self, line: &str) -> String {
        let printed = line.get(self.author.clone()).unwrap_or_default();
        if self.subject.is_none()
            && self.reason == Reason::Text
            && let Some((before, after)) = around(line, &self.author)
        {
            let whole = |text: &str| format!("{before}{text}{after}");
            return self.reason.words(&whole(printed), &whole(&self.found));
        }
        let words = self.reason.words(printed, &self.found);
        match &self.subject {
            Some(subject) => format!("{subject}: {words}"),
            None => words,
        }
    }

    /// Whether the words say more than the two texts do when they are seen side by side.
    pub(super) fn is_worth_a_note(&self) -> bool {
        self.reason != Reason::Text || self.subject.is_some() || self.actual.is_none()
    }
}

/// What stands around a bare number of a line and tells what it counts: `ttl=64`, `2 packets received`.
fn around<'a>(line: &'a str, at: &Range<usize>) -> Option<(&'a str, &'a str)> {
    let number = line.get(at.clone())?;
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let start = line[..at.start].rfind(' ').map_or(0, |blank| blank + 1);
    let after = &line[at.end..];
    // As far as the clause goes, and no more than two words; none if a label stands before it.
    let clause = after.find([',', ';', '(', ')']).unwrap_or(after.len());
    let words = if start < at.start { 0 } else { 2 };
    let mut blanks = after[..clause].match_indices(' ').map(|(at, _)| at);
    let end = blanks.nth(words).unwrap_or(clause);
    let found = (&line[start..at.start], after[..end].trim_end());
    (found != ("", "")).then_some(found)
}

impl Row {
    pub(super) fn of(author: Option<usize>, actual: Option<usize>, state: State) -> Row {
        Row {
            author,
            actual,
            state,
            marks: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub(super) fn held(author: usize, actual: usize) -> Row {
        Row::of(Some(author), Some(actual), State::Held)
    }
}
