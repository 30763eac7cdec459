//! What is known of a shell text once it has been read: its lists, pipelines, simple commands and words.

use std::ops::Range;

/// A shell text that has been read, as bash 5.2 reads it. Nothing in it is expanded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    pub(crate) source: String,
    pub(crate) list: List,
    /// Where the texts of the here-documents stand in the source, by their numbers.
    pub(crate) documents: Vec<Range<usize>>,
    pub(crate) verdict: Verdict,
}

/// What bash would do with a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// Run it.
    #[default]
    Complete,
    /// Ask for more lines.
    Incomplete(Missing),
    /// Refuse it: a syntax error.
    Wrong,
}

/// What an incomplete text lacks; of several things, the innermost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The line that ends a here-document.
    Document(String),
    /// What closes something, as it is typed: `'`, `)`, `fi`.
    Closing(&'static str),
    /// A further line: after a backslash, `|`, `&&`, `||`, or the head of a function.
    Line,
}

/// What is run one after the other: between `;`, `&` and the ends of lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// In order.
    pub items: Vec<Item>,
}

/// Pipelines that are joined by `&&` and `||`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The first pipeline.
    pub first: Pipeline,
    /// The further ones, each with what stands before it.
    pub rest: Vec<(Joint, Pipeline)>,
    /// It ends in `&`.
    pub background: bool,
}

/// What joins two pipelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// `&&`
    And,
    /// `||`
    Or,
}

/// Commands that are joined by `|`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pipeline {
    /// `!` stands before it.
    pub negated: bool,
    /// In order; none after a lone `!` or `time`.
    pub commands: Vec<Command>,
}

/// A command of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A program and its arguments.
    Simple(Simple),
    /// What holds other commands, or a test.
    Compound(Compound),
}

/// A simple command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simple {
    /// `A=1`, before the words.
    pub assignments: Vec<Word>,
    /// The program and its arguments.
    pub words: Vec<Word>,
    /// Where it reads and writes.
    pub redirects: Vec<Redirect>,
    /// The text that it gives to a shell to run: `sh -c '…'`, `sh <<EOF`.
    pub(crate) script: Option<Box<Script>>,
}

/// A compound command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compound {
    /// How it begins.
    pub kind: Kind,
    /// What it runs, in order.
    pub lists: Vec<List>,
    /// Words in it that belong to no command: of a `for`, a `case`, a test.
    pub words: Vec<Word>,
    /// Where it reads and writes.
    pub redirects: Vec<Redirect>,
}

/// How a compound command begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `{`
    Group,
    /// `(`
    Subshell,
    /// `if`
    If,
    /// `while`
    While,
    /// `until`
    Until,
    /// `for` and `select`
    For,
    /// `case`
    Case,
    /// `[[`
    Test,
    /// `((`
    Arithmetic,
    /// The definition of a function.
    Function,
    /// `coproc`
    Coprocess,
}

/// A word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// Where it stands in the source, its quotes included.
    pub range: Range<usize>,
    /// What it says: quotes are taken off, expansions are left as they stand.
    pub value: String,
    /// Whether any of it is quoted.
    pub quoted: bool,
    /// Whether the shell puts something else in the place of a part of it: `$x`, `$(…)`, `` `…` ``, `<(…)`.
    pub expands: bool,
    /// What it runs: `$(…)`, `` `…` ``, `<(…)`.
    pub substitutions: Vec<List>,
}

/// A redirection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// `>`, `<<`, `&>`, …
    pub operator: &'static str,
    /// The file, the number or the delimiter.
    pub target: Word,
    /// The number of the here-document, if it is one: [`Script::document`] has its text.
    pub document: Option<usize>,
}

impl Script {
    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.source
    }

    /// What bash would do with it.
    #[must_use]
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// What it runs; of a text that isn't complete, the simple commands in a row.
    #[must_use]
    pub fn list(&self) -> &List {
        &self.list
    }

    /// The text of a here-document, without the line that ends it.
    #[must_use]
    pub fn document(&self, redirect: &Redirect) -> Option<&str> {
        let range = self.documents.get(redirect.document?)?;
        Some(&self.source[range.clone()])
    }

    /// Whether there is nothing to run: only blanks and comments.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.list.items.is_empty() && self.verdict == Verdict::Complete
    }

    /// All simple commands in the order in which they are written, wherever they stand: in loops, in functions, in
    /// substitutions. Not those of a text that another shell is given.
    #[must_use]
    pub fn commands(&self) -> Vec<&Simple> {
        let mut found = Vec::new();
        self.list.visit(&mut |simple| found.push(simple));
        found
    }

    /// The simple command that a text ends with and that is run by itself: not in a pipe, nor in the background.
    #[must_use]
    pub fn simple_at_end(&self) -> Option<&Simple> {
        let item = self.list.items.last().filter(|item| !item.background)?;
        let whole = self.verdict == Verdict::Complete;
        match item.pipelines().next_back()?.commands.as_slice() {
            [Command::Simple(simple)] if whole => Some(simple),
            _ => None,
        }
    }

    /// Whether it leaves something running in the background.
    #[must_use]
    pub fn runs_in_background(&self) -> bool {
        self.list.runs_in_background()
    }
}

impl List {
    /// Shows each simple command, those that its words run before it.
    fn visit<'a>(&'a self, show: &mut dyn FnMut(&'a Simple)) {
        for command in self.items.iter().flat_map(Item::commands) {
            match command {
                Command::Simple(simple) => {
                    show(simple);
                    let words = simple.assignments.iter().chain(&simple.words);
                    for word in words.chain(simple.redirects.iter().map(|r| &r.target)) {
                        word.substitutions.iter().for_each(|list| list.visit(show));
                    }
                }
                Command::Compound(compound) => {
                    let words = compound.words.iter();
                    for word in words.chain(compound.redirects.iter().map(|r| &r.target)) {
                        word.substitutions.iter().for_each(|list| list.visit(show));
                    }
                    compound.lists.iter().for_each(|list| list.visit(show));
                }
            }
        }
    }

    /// Changes each simple command.
    pub(crate) fn change(&mut self, change: &mut dyn FnMut(&mut Simple)) {
        fn word(word: &mut Word, change: &mut dyn FnMut(&mut Simple)) {
            word.substitutions
                .iter_mut()
                .for_each(|list| list.change(change));
        }
        for item in &mut self.items {
            let rest = item.rest.iter_mut().map(|(_, pipeline)| pipeline);
            for command in std::iter::once(&mut item.first)
                .chain(rest)
                .flat_map(|p| &mut p.commands)
            {
                match command {
                    Command::Simple(simple) => {
                        change(simple);
                        let words = simple.assignments.iter_mut().chain(&mut simple.words);
                        words
                            .chain(simple.redirects.iter_mut().map(|r| &mut r.target))
                            .for_each(|w| word(w, change));
                    }
                    Command::Compound(compound) => {
                        let words = compound.words.iter_mut();
                        words
                            .chain(compound.redirects.iter_mut().map(|r| &mut r.target))
                            .for_each(|w| word(w, change));
                        compound
                            .lists
                            .iter_mut()
                            .for_each(|list| list.change(change));
                    }
                }
            }
        }
    }

    fn runs_in_background(&self) -> bool {
        let inside = |command: &Command| match command {
            Command::Simple(_) => false,
            Command::Compound(compound) => compound.lists.iter().any(List::runs_in_background),
        };
        self.items
            .iter()
            .any(|item| item.background || item.commands().any(inside))
    }
}

impl Item {
    /// Its pipelines, in order.
    pub fn pipelines(&self) -> impl DoubleEndedIterator<Item = &Pipeline> {
        std::iter::once(&self.first).chain(self.rest.iter().map(|(_, pipeline)| pipeline))
    }

    fn commands(&self) -> impl Iterator<Item = &Command> {
        self.pipelines().flat_map(|pipeline| &pipeline.commands)
    }
}

impl Simple {
    /// What its words say.
    #[must_use]
    pub fn values(&self) -> Vec<&str> {
        self.words.iter().map(|word| word.value.as_str()).collect()
    }

    /// The text that it gives to a shell to run: `sh -c '…'`, `docker exec web sh -c '…'`, `sh <<EOF`.
    #[must_use]
    pub fn script(&self) -> Option<&Script> {
        self.script.as_deref()
    }
}

impl Word {
    /// Where it stands in the source without the quotes around all of it, if there are some.
    #[must_use]
    pub fn inner(&self, source: &str) -> Range<usize> {
        let bytes = &source.as_bytes()[self.range.clone()];
        let whole = self.quoted
            && bytes.len() >= 2
            && matches!(bytes[0], b'"' | b'\'')
            && bytes[bytes.len() - 1] == bytes[0];
        if whole {
            self.range.start + 1..self.range.end - 1
        } else {
            self.range.clone()
        }
    }
}

impl Missing {
    /// In words.
    #[must_use]
    pub fn told(&self) -> String {
        match self {
            Self::Document(delimiter) => format!("its here-document needs a line `{delimiter}`"),
            Self::Closing("`") => "it needs a closing backtick".to_owned(),
            Self::Closing(word @ ("fi" | "done" | "esac")) => format!("it needs its `{word}`"),
            Self::Closing(sign) => format!("it needs a closing `{sign}`"),
            Self::Line => "its last line asks for another".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
