//! A Markdown text as a list of fenced blocks and HTML comments.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::attributes::{self, Separator};
use crate::lookalike::{self, Lookalike};
use crate::{Attribute, Fault, FaultCode, anybody};

/// What this crate finds in a Markdown text. All ranges are bytes of that text.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The fenced blocks, in order.
    pub blocks: Vec<Block>,
    /// The indented blocks, in order: without a language, and with no bytes for what follows a fence.
    pub indented: Vec<Block>,
    /// The HTML comments outside of blocks, in order.
    pub comments: Vec<Comment>,
    /// Lines that look like a fence and aren't one, in order.
    pub lookalikes: Vec<Lookalike>,
    /// The inline code of the prose, in order.
    pub inline_code: Vec<Line>,
    /// Where the first heading outside of quotes and lists ends, its newline included.
    pub heading_end: Option<usize>,
    /// Where each heading outside of quotes and lists begins that opens a section: of the first or the second level.
    pub sections: Vec<usize>,
    /// What is written outside of headings, links, code and HTML, in pieces that stand in the text as they are.
    pub prose: Vec<Line>,
    /// The HTML.
    pub html: Vec<Range<usize>>,
    /// How many items of task lists there are.
    pub tasks: usize,
    /// Where the front matter ends: 0 if there is none.
    pub front_matter: usize,
}

/// Whose Markdown a text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// mdBook's.
    #[default]
    MdBook,
    /// Anybody's: the blocks of MkDocs' tabs and admonitions and of MyST's `{code-block}` are read too, and what follows a
    /// language and isn't ours is left alone.
    Any,
}

/// A fenced block, or an indented one.
#[derive(Clone, Debug)]
pub struct Block {
    /// From the opening fence to the end of the closing one, without a last newline.
    pub range: Range<usize>,
    /// What follows the opening fence's backticks or tildes on its line.
    pub info: Range<usize>,
    /// The first word of the info string; empty if there is none.
    pub language: String,
    /// Where the language stands.
    pub language_span: Range<usize>,
    /// The lines between the fences, without the prefix of a list or a quote.
    pub lines: Vec<Line>,
    /// What a further line needs before it to be in the same list item or quote.
    pub prefix: String,
    /// Whether there is a closing fence.
    pub closed: bool,
    /// What follows the language.
    rest: String,
}

/// A line of a block's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line without its newline.
    pub text: String,
    /// Where the line begins in the Markdown text.
    pub start: usize,
}

impl Line {
    /// The bytes of the line in the Markdown text.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// An HTML comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From `<!--` to `-->`.
    pub range: Range<usize>,
    /// What stands between them.
    pub body: Range<usize>,
}

impl Block {
    /// What follows the language on its line, blanks around it removed.
    #[must_use]
    pub fn rest(&self) -> &str {
        self.rest.trim()
    }

    /// Takes another language for the block's, which stands at `span`; what follows it there is the rest.
    pub(crate) fn rename(&mut self, language: String, span: Range<usize>, rest: String) {
        self.language = language;
        self.language_span = span;
        self.rest = rest;
    }

    /// The attributes after the language.
    ///
    /// # Errors
    /// Every fault of their grammar.
    pub fn attributes(&self) -> Result<Vec<Attribute>, Vec<Fault>> {
        // What follows MyST's language is a line of its own.
        if self.rest.trim().is_empty() {
            return Ok(Vec::new());
        }
        let said = self.rest.trim();
        if !said.is_empty() && !said.starts_with(',') {
            let start = self.info.end - self.rest.trim_start().len();
            return Err(vec![
                Fault::error(
                    FaultCode::MissingComma,
                    start..start + said.len(),
                    "attributes follow the language after a comma",
                )
                .label("a comma is missing before this")
                .help(format!("write `{},{said}`", self.language)),
            ]);
        }
        attributes::parse(&self.rest, self.language_span.end, Separator::Comma)
    }

    /// Where the bytes `span` of [`Block::body`] stand in the Markdown text, as far as they are on one line.
    #[must_use]
    pub fn locate(&self, span: &Range<usize>) -> Range<usize> {
        let mut at = 0;
        for line in &self.lines {
            let end = at + line.text.len();
            if span.start <= end {
                let start = line.start + (span.start - at);
                return start..start + (span.end.min(end).saturating_sub(span.start));
            }
            at = end + 1;
        }
        self.range.start..self.info.end
    }

    /// The body: its lines, each ended by a newline.
    #[must_use]
    pub fn body(&self) -> String {
        self.lines.iter().fold(String::new(), |mut body, line| {
            body.push_str(&line.text);
            body.push('\n');
            body
        })
    }
}

/// The Markdown dialect of mdBook 0.5, as far as it decides what is a block. Front matter, which mdBook would show, holds none.
pub(crate) fn dialect() -> Options {
    Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        | Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
}

impl Document {
    /// Reads `text`, which is Markdown as mdBook understands it.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut walk = Walk::new(text);
        for (event, range) in Parser::new_ext(text, dialect()).into_offset_iter() {
            walk.visit(event, range);
        }
        walk.finish()
    }

    /// Reads `text`, which is Markdown in a `dialect`.
    #[must_use]
    pub fn parse_as(text: &str, dialect: Dialect) -> Self {
        match dialect {
            Dialect::MdBook => Self::parse(text),
            Dialect::Any => {
                let mut document = Self::parse(&anybody::as_lists(text));
                document.blocks.iter_mut().for_each(anybody::read_directive);
                document
            }
        }
    }
}

/// The way through a text: what was found so far, and what is open here.
struct Walk<'t> {
    text: &'t str,
    document: Document,
    code: Vec<Range<usize>>,
    html: Vec<Range<usize>>,
    open: Option<Block>,
    /// The open block is an indented one.
    indented: bool,
    /// How many quotes and lists are open.
    containers: usize,
    /// How many blocks, headings, links and pictures are open, whose text is no prose.
    aside: usize,
    /// Whether a link in HTML is open.
    link: bool,
}

impl<'t> Walk<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            document: Document::default(),
            code: Vec::new(),
            html: Vec::new(),
            open: None,
            indented: false,
            containers: 0,
            aside: 0,
            link: false,
        }
    }

    fn visit(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, &range),
            Event::Text(piece) => self.written(piece.into_string(), range),
            Event::Code(code) => self.inline_code(code.into_string(), range),
            Event::Html(tag) | Event::InlineHtml(tag) => self.html(&tag, range),
            Event::TaskListMarker(_) => self.document.tasks += 1,
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => {
                self.aside += 1;
                self.open = Some(open_block(self.text, &range));
                self.code.push(range);
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => {
                self.aside += 1;
                self.open = Some(indented_block(self.text, range));
                self.indented = true;
            }
            Tag::MetadataBlock(_) => {
                self.aside += 1;
                self.document.front_matter = range.end;
            }
            Tag::BlockQuote(_) | Tag::List(_) | Tag::DefinitionList => self.containers += 1,
            Tag::Heading { level, .. } => {
                self.aside += 1;
                if self.containers == 0 && *level <= HeadingLevel::H2 {
                    self.document.sections.push(range.start);
                }
            }
            Tag::Link { .. } | Tag::Image { .. } => self.aside += 1,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::CodeBlock => {
                self.aside -= 1;
                if let Some(mut block) = self.open.take() {
                    if block.lines.last().is_some_and(|l| l.text.is_empty()) {
                        block.lines.pop();
                    }
                    match std::mem::take(&mut self.indented) {
                        true => self.document.indented.push(block),
                        false => self.document.blocks.push(block),
                    }
                }
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::DefinitionList => {
                self.containers -= 1;
            }
            TagEnd::Heading(_) => {
                self.aside -= 1;
                if self.containers == 0 && self.document.heading_end.is_none() {
                    self.document.heading_end = Some(range.end);
                }
            }
            TagEnd::Link | TagEnd::Image | TagEnd::MetadataBlock(_) => self.aside -= 1,
            _ => {}
        }
    }

    /// Text of a block, or of the prose.
    fn written(&mut self, piece: String, range: Range<usize>) {
        if let Some(block) = &mut self.open {
            push_text(&mut block.lines, &piece, range.start);
        } else if self.aside == 0 && !self.link && self.text[range.clone()] == piece {
            self.document.prose.push(Line {
                text: piece,
                start: range.start,
            });
        }
    }

    fn inline_code(&mut self, code: String, range: Range<usize>) {
        // What is written differs from what is shown only around it, in backticks and blanks.
        let start = self.text[range.clone()].find(&code).unwrap_or_default();
        self.document.inline_code.push(Line {
            text: code,
            start: range.start + start,
        });
    }

    fn html(&mut self, tag: &str, range: Range<usize>) {
        self.link = match tag {
            "</a>" => false,
            tag => self.link || tag.starts_with("<a "),
        };
        match self.html.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => self.html.push(range),
        }
    }

    /// What was found, with what stands in the HTML, and what looks like a block and isn't one.
    fn finish(self) -> Document {
        let mut document = self.document;
        for range in &self.html {
            find_comments(self.text, range, &mut document.comments);
        }
        let comments = document.comments.iter().map(|c| &c.range);
        document.lookalikes = lookalike::find(self.text, &self.code, &self.html, comments);
        let front_matter = document.front_matter;
        document
            .lookalikes
            .retain(|found| found.span.start >= front_matter);
        document.html = self.html;
        document
    }
}

fn open_block(text: &str, range: &Range<usize>) -> Block {
    let raw = &text[range.clone()];
    let raw = raw.strip_suffix('\n').unwrap_or(raw);
    let raw = raw.strip_suffix('\r').unwrap_or(raw);
    let range = range.start..range.start + raw.len();
    let first = raw.lines().next().unwrap_or_default();
    let mark = first.chars().next().unwrap_or('`');
    let fence = first.len() - first.trim_start_matches(mark).len();
    let info = range.start + fence..range.start + first.len();
    let said = &text[info.clone()];
    let lead = said.len() - said.trim_start().len();
    let language: String = said[lead..]
        .chars()
        .take_while(|c| !c.is_whitespace() && *c != ',')
        .collect();
    let language_start = info.start + lead;
    let language_span = language_start..language_start + language.len();
    let last = raw.lines().skip(1).last().unwrap_or_default();
    // A closing fence may itself stand behind the prefix of a list or a quote.
    let prefix = prefix(text, range.start);
    let quoted = prefix.contains('>');
    let last = last.trim_start_matches(|c: char| c.is_whitespace() || quoted && c == '>');
    let closed = last.trim_end().len() >= fence && last.trim_end().chars().all(|c| c == mark);
    Block {
        rest: text[language_span.end..info.end].to_owned(),
        prefix,
        range,
        info,
        language,
        language_span,
        lines: Vec::new(),
        closed,
    }
}

/// An indented block, whose first line's text stands at the beginning of `range`.
fn indented_block(text: &str, range: Range<usize>) -> Block {
    let nothing = range.start..range.start;
    Block {
        rest: String::new(),
        prefix: prefix(text, range.start),
        info: nothing.clone(),
        language: String::new(),
        language_span: nothing,
        lines: Vec::new(),
        closed: true,
        range,
    }
}

/// What stands before `at` on its line, with list markers blanked out: `> 1. ` becomes `>    `.
fn prefix(text: &str, at: usize) -> String {
    let line = text[..at].rfind('\n').map_or(0, |i| i + 1);
    text[line..at]
        .chars()
        .map(|c| if c == '>' || c == '\t' { c } else { ' ' })
        .collect()
}

/// Adds a piece of a block's body, which stands at `start`, to its lines.
fn push_text(lines: &mut Vec<Line>, piece: &str, start: usize) {
    let mut at = start;
    for (i, part) in piece.split('\n').enumerate() {
        match lines.last_mut() {
            Some(line) if i == 0 => {
                if line.text.is_empty() {
                    line.start = at;
                }
                line.text.push_str(part);
            }
            _ => lines.push(Line {
                text: part.to_owned(),
                start: at,
            }),
        }
        at += part.len() + 1;
    }
}

fn find_comments(text: &str, range: &Range<usize>, comments: &mut Vec<Comment>) {
    let mut at = range.start;
    while let Some(open) = text[at..range.end].find("<!--") {
        let start = at + open;
        let body = start + "<!--".len();
        let (body_end, end) = match text[body..range.end].find("-->") {
            Some(close) => (body + close, body + close + "-->".len()),
            None => (range.end, range.end),
        };
        comments.push(Comment {
            range: start..end,
            body: body..body_end,
        });
        at = end;
    }
}

#[cfg(test)]
mod tests;
