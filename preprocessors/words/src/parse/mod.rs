//! Reads a shell text by the grammar of bash 5.2, down from the whole. Enter with [`Parser::script`].
//!
//! Whether a word is reserved depends on what was read before it, as in bash; so does whether `a=(` begins an array.

mod compound;
mod document;
mod quoted;
mod redirect;
mod test;
mod word;

use std::ops::Range;

use crate::script::{Command, Item, Joint, List, Missing, Pipeline, Simple};
use document::Document;

/// How deep commands may stand inside each other; nobody types more, and each level takes room on the stack.
const DEEPEST: usize = 64;

/// Why a text could not be read to its end.
#[derive(Debug, PartialEq)]
pub(crate) enum Stop {
    /// It isn't complete.
    Incomplete(Missing),
    /// It is a syntax error.
    Wrong,
}

pub(crate) type Parse<T> = Result<T, Stop>;

/// Operators, the longer ones first.
const OPERATORS: [&str; 24] = [
    "&>>", "<<<", "<<-", ";;&", "&&", "||", "|&", ";;", ";&", "&>", ">>", "<<", "<&", ">&", "<>",
    ">|", "&", "|", ";", "(", ")", "<", ">", "\n",
];

/// Words that are reserved where a command begins.
const RESERVED: [&str; 22] = [
    "!", "[[", "]]", "case", "coproc", "do", "done", "elif", "else", "esac", "fi", "for",
    "function", "if", "in", "select", "then", "time", "until", "while", "{", "}",
];

/// A text, and how far it has been read.
pub(crate) struct Parser<'a> {
    source: &'a str,
    at: usize,
    /// Whether a word here may be a reserved one.
    reserved: bool,
    /// Whether a substitution has just begun: `time` isn't reserved there.
    fresh: bool,
    /// What is open, outermost first: what closes it.
    open: Vec<&'static str>,
    /// How many `$(` and `<(` are open.
    substitutions: usize,
    /// Here-documents that were announced on this line.
    announced: Vec<Document>,
    /// Where the texts of here-documents stand, by their numbers.
    pub(crate) documents: Vec<Range<usize>>,
    /// What the word at hand runs.
    lists: Vec<List>,
    depth: usize,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        Self {
            source,
            at: 0,
            reserved: true,
            fresh: false,
            open: Vec::new(),
            substitutions: 0,
            announced: Vec::new(),
            documents: Vec::new(),
            lists: Vec::new(),
            depth: 0,
        }
    }

    /// Reads all of the text.
    pub(crate) fn script(&mut self) -> Parse<List> {
        let read = self.lines();
        if read == Err(Stop::Wrong) && self.open.is_empty() && !self.announced.is_empty() {
            // Behind a whole command, bash takes the here-documents of the line before it says what is wrong.
            let rest = &self.source[self.at..];
            self.at += rest.find('\n').map_or(rest.len(), |end| end + 1);
            self.read_documents()?;
        }
        read
    }

    fn lines(&mut self) -> Parse<List> {
        let mut script = List::default();
        self.newlines()?;
        while self.next()?.is_some() {
            script.items.extend(self.list()?.items);
            if self.next()?.is_some() {
                return self.unexpected();
            }
        }
        self.read_documents()?;
        Ok(script)
    }

    /// Where `at` is when a backslash and the end of the line after it are left out, which say nothing.
    fn past_continuation(&self, mut at: usize) -> usize {
        while self.source.as_bytes()[at..].starts_with(b"\\\n") {
            at += 2;
        }
        at
    }

    /// The byte that comes next in a token.
    fn peek(&mut self) -> Option<u8> {
        self.at = self.past_continuation(self.at);
        self.source.as_bytes().get(self.at).copied()
    }

    /// The byte after the next one.
    fn second(&mut self) -> Option<u8> {
        self.peek()?;
        let at = self.past_continuation(self.at + 1);
        self.source.as_bytes().get(at).copied()
    }

    /// Goes over blanks and a comment; then the byte of the next token, if there is one. A backslash that ends the text
    /// asks for a further line.
    fn next(&mut self) -> Parse<Option<u8>> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'#') => {
                    let rest = &self.source[self.at..];
                    self.at += rest.find('\n').unwrap_or(rest.len());
                }
                Some(b'\\') if self.at + 1 == self.source.len() => {
                    return Err(Stop::Incomplete(Missing::Line));
                }
                other => return Ok(other),
            }
        }
    }

    /// The operator that comes next, and where it ends. `<(` and `>(` begin words.
    fn operator(&mut self) -> Parse<Option<(&'static str, usize)>> {
        self.next()?;
        if matches!(self.peek(), Some(b'<' | b'>')) && self.second() == Some(b'(') {
            return Ok(None);
        }
        Ok(OPERATORS
            .into_iter()
            .find_map(|operator| Some((operator, self.past(operator)?))))
    }

    /// Goes over the operator if it is the one that comes next.
    fn takes(&mut self, wanted: &str) -> Parse<bool> {
        match self.operator()? {
            Some((operator, end)) if operator == wanted => {
                self.at = end;
                self.reserved = true;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Goes over the end of the line, and the here-documents below it.
    fn takes_newline(&mut self) -> Parse<bool> {
        if self.next()? != Some(b'\n') {
            return Ok(false);
        }
        self.at += 1;
        self.reserved = true;
        self.read_documents()?;
        Ok(true)
    }

    /// Goes over empty lines.
    fn newlines(&mut self) -> Parse<()> {
        while self.takes_newline()? {}
        Ok(())
    }

    /// The reserved word that comes next, if one may stand here.
    fn keyword(&mut self) -> Parse<Option<&'static str>> {
        self.next()?;
        Ok(self.plain().filter(|_| self.reserved))
    }

    /// The reserved word that comes next, wherever that is.
    fn plain(&self) -> Option<&'static str> {
        self.reserved_word().map(|(word, _)| word)
    }

    /// The reserved word that comes next, and where it ends.
    fn reserved_word(&self) -> Option<(&'static str, usize)> {
        RESERVED.into_iter().find_map(|word| {
            let end = self.past(word)?;
            let rest = &self.source[self.past_continuation(end)..];
            // `<(` goes on with the word.
            let ends = rest.is_empty() || rest.starts_with(is_meta);
            let goes_on = rest.starts_with("<(") || rest.starts_with(">(");
            (ends && !goes_on).then_some((word, end))
        })
    }

    /// Where `text` ends, if it comes next.
    fn past(&self, text: &str) -> Option<usize> {
        text.bytes().try_fold(self.at, |at, byte| {
            let at = self.past_continuation(at);
            (self.source.as_bytes().get(at) == Some(&byte)).then_some(at + 1)
        })
    }

    /// Goes over the reserved word that comes next, whichever it is.
    fn pass_keyword(&mut self) {
        self.at = self.reserved_word().map_or(self.at, |(_, end)| end);
        self.reserved = true;
    }

    /// Goes over the reserved word if it is the one that comes next.
    fn takes_keyword(&mut self, wanted: &str) -> Parse<bool> {
        let found = self.keyword()? == Some(wanted);
        if found {
            self.pass_keyword();
        }
        Ok(found)
    }

    /// Why nothing fits here: the text is at its end, or it is wrong.
    fn unexpected<T>(&mut self) -> Parse<T> {
        if self.next()?.is_none() {
            return Err(self.end());
        }
        self.wrong()
    }

    /// What stands here is wrong, be it the end of the line. Bash reads a word to its end before it says so, and behind a
    /// line its here-documents.
    fn wrong<T>(&mut self) -> Parse<T> {
        if self.word_begins()? {
            self.word(word::Mode::default())?;
        } else if self.next()?.is_none() {
            self.read_documents()?;
        } else {
            self.takes_newline()?;
        }
        Err(Stop::Wrong)
    }

    /// What the text lacks at its end.
    fn end(&self) -> Stop {
        if let Some(document) = self.announced.first() {
            return Stop::Incomplete(Missing::Document(document.delimiter.clone()));
        }
        Stop::Incomplete(match self.open.last() {
            Some(closing) => Missing::Closing(closing),
            None => Missing::Line,
        })
    }

    /// Reads what stands between something that opens, which has been read, and the reserved word or the operator
    /// `closing`.
    fn within<T>(
        &mut self,
        closing: &'static str,
        read: impl FnOnce(&mut Self) -> Parse<T>,
    ) -> Parse<T> {
        self.open.push(closing);
        let inside = read(self)?;
        let closes = self.takes(closing)? || self.takes_keyword(closing)?;
        if !closes {
            return self.unexpected();
        }
        self.open.pop();
        Ok(inside)
    }

    /// Reads commands up to where none can stand; at least one.
    fn list(&mut self) -> Parse<List> {
        let mut list = List::default();
        self.newlines()?;
        loop {
            let mut item = self.item()?;
            item.background = self.takes("&")?;
            let ended = item.background || self.takes(";")?;
            list.items.push(item);
            // The here-documents of a line are read with its end, whatever comes before that.
            let ended = self.takes_newline()? || ended;
            self.newlines()?;
            if !ended || self.at_end_of_list()? {
                return Ok(list);
            }
        }
    }

    fn at_end_of_list(&mut self) -> Parse<bool> {
        if self.next()?.is_none() {
            return Ok(true);
        }
        let closes = matches!(
            self.keyword()?,
            Some("then" | "elif" | "else" | "fi" | "do" | "done" | "esac" | "}")
        );
        let operator = self.operator()?.map(|(operator, _)| operator);
        Ok(closes || matches!(operator, Some(")" | ";;" | ";&" | ";;&")))
    }

    fn item(&mut self) -> Parse<Item> {
        let mut item = Item {
            first: self.pipeline()?,
            rest: Vec::new(),
            background: false,
        };
        loop {
            let joint = if self.takes("&&")? {
                Joint::And
            } else if self.takes("||")? {
                Joint::Or
            } else {
                return Ok(item);
            };
            self.goes_on()?;
            let next = self.pipeline()?;
            item.rest.push((joint, next));
        }
    }

    /// After an operator that a further command has to follow, in this line or in a later one.
    fn goes_on(&mut self) -> Parse<()> {
        self.newlines()?;
        match self.next()? {
            None if self.announced.is_empty() => Err(Stop::Incomplete(Missing::Line)),
            None => Err(self.end()),
            Some(_) => Ok(()),
        }
    }

    fn pipeline(&mut self) -> Parse<Pipeline> {
        let mut pipeline = Pipeline::default();
        let mut prefixed = false;
        loop {
            if self.takes_keyword("!")? {
                pipeline.negated = !pipeline.negated;
            } else if !self.fresh && self.takes_keyword("time")? {
                self.options_of_time()?;
            } else {
                break;
            }
            prefixed = true;
            self.fresh = false;
        }
        self.fresh = false;
        if prefixed {
            let operator = self.operator()?.map(|(operator, _)| operator);
            if self.next()?.is_none() || matches!(operator, Some("\n" | ";")) {
                return Ok(pipeline);
            }
        }
        loop {
            let command = self.command()?;
            pipeline.commands.push(command);
            if !self.takes("|&")? && !self.takes("|")? {
                return Ok(pipeline);
            }
            self.goes_on()?;
        }
    }

    fn options_of_time(&mut self) -> Parse<()> {
        for option in ["-p", "--"] {
            self.next()?;
            let rest = &self.source[self.at..];
            if rest
                .strip_prefix(option)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(is_meta))
            {
                self.at += option.len();
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Parse<Command> {
        self.deeper(|parser| match parser.compound()? {
            Some(compound) => Ok(Command::Compound(compound)),
            None => parser.simple(),
        })
    }

    /// Reads what stands inside something else.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth == DEEPEST {
            return Err(Stop::Wrong);
        }
        self.depth += 1;
        let inside = read(self);
        self.depth -= 1;
        inside
    }

    /// Reads a simple command, or the definition of a function without `function`.
    fn simple(&mut self) -> Parse<Command> {
        let mut simple = Simple::default();
        // After an assignment and a redirection, bash doesn't look for arrays any more.
        let (mut assignable, mut declares) = (true, true);
        loop {
            if let Some(redirect) = self.redirect()? {
                simple.redirects.push(redirect);
                assignable = simple.assignments.is_empty();
                declares = simple.words.is_empty();
            } else if self.word_begins()? {
                let assigns = simple.words.is_empty();
                let word = self.word(word::Mode {
                    arrays: (assigns && assignable) || (declares && takes_arrays(&simple)),
                    subscripts: assigns && assignable,
                    ..word::Mode::default()
                })?;
                self.reserved = false;
                if assigns && word.assigns {
                    simple.assignments.push(word.word);
                } else {
                    simple.words.push(word.word);
                }
                let alone = simple.words.len() == 1
                    && simple.assignments.is_empty()
                    && simple.redirects.is_empty();
                if alone && self.takes("(")? {
                    self.open.push(")");
                    if !self.takes(")")? {
                        return self.wrong();
                    }
                    self.open.pop();
                    return self.function().map(Command::Compound);
                }
            } else {
                break;
            }
        }
        let nothing =
            simple.words.is_empty() && simple.assignments.is_empty() && simple.redirects.is_empty();
        if nothing {
            return self.unexpected();
        }
        Ok(Command::Simple(simple))
    }

    /// Whether a word comes next.
    fn word_begins(&mut self) -> Parse<bool> {
        Ok(self.next()?.is_some() && self.operator()?.is_none())
    }
}

/// Whether a simple command is one whose arguments may be arrays.
fn takes_arrays(simple: &Simple) -> bool {
    const DECLARING: [&str; 8] = [
        "alias", "declare", "eval", "export", "let", "local", "readonly", "typeset",
    ];
    let first = simple.words.first();
    first.is_some_and(|word| !word.quoted && DECLARING.contains(&word.value.as_str()))
}

/// Whether a character ends a word that isn't quoted.
fn is_meta(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\n' | ';' | '&' | '|' | '(' | ')' | '<' | '>'
    )
}

/// Whether a text may be the name of a variable.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
