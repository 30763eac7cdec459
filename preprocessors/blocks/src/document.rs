//! A Markdown text as a list of fenced blocks and HTML comments.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::attributes::{self, Separator};
use crate::lookalike::{self, Lookalike};
use crate::{Attribute, Fault, FaultCode};

/// What this crate finds in a Markdown text. All ranges are bytes of that text.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The fenced blocks, in order.
    pub blocks: Vec<Block>,
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
}

/// A fenced block.
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
    /// The attributes after the language.
    ///
    /// # Errors
    /// Every fault of their grammar.
    pub fn attributes(&self) -> Result<Vec<Attribute>, Vec<Fault>> {
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

/// The Markdown dialect of mdBook 0.5, as far as it decides what is a block.
pub(crate) fn dialect() -> Options {
    Options::ENABLE_TABLES
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
}

/// The way through a text: what was found so far, and what is open here.
struct Walk<'t> {
    text: &'t str,
    document: Document,
    code: Vec<Range<usize>>,
    html: Vec<Range<usize>>,
    open: Option<Block>,
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
            Tag::BlockQuote(_) | Tag::List(_) | Tag::DefinitionList => self.containers += 1,
            Tag::Heading { level, .. } => {
                self.aside += 1;
                if self.containers == 0 && *level <= HeadingLevel::H2 {
                    self.document.sections.push(range.start);
                }
            }
            Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_) => self.aside += 1,
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
                    self.document.blocks.push(block);
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
            TagEnd::Link | TagEnd::Image => self.aside -= 1,
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
mod tests {
    use super::*;

    fn one(text: &str) -> Block {
        let mut blocks = Document::parse(text).blocks;
        assert_eq!(blocks.len(), 1, "{text}");
        blocks.remove(0)
    }

    #[test]
    fn lines_know_where_they_stand() {
        for text in [
            "a\n\n```console\n$ one\n\n  two\n```\nb\n",
            "- a\n  ```console\n  $ one\n\n    two\n  ```\n",
            "> ```console\n> $ one\n>\n>   two\n> ```\n",
            "<details>\n\n```console\n$ one\n\n  two\n```\n\n</details>\n",
            "1. ~~~~ console\n   $ one\n\n     two\n   ~~~~\n",
            "```console\r\n$ one\r\n\r\n  two\r\n```\r\n",
        ] {
            let block = one(text);
            let lines: Vec<_> = block.lines.iter().map(|l| l.text.as_str()).collect();
            assert_eq!(lines, ["$ one", "", "  two"], "{text}");
            assert!(block.closed, "{text}");
            for line in &block.lines {
                assert_eq!(&text[line.span()], line.text, "{text}");
            }
            assert_eq!(&text[block.language_span.clone()], "console");
        }
    }

    #[test]
    fn a_place_in_the_body_is_found_in_the_text() {
        let text = "> ```x\n> one\n> two three\n> ```\n";
        let block = one(text);
        let body = block.body();
        for part in ["one", "three", "two three"] {
            let start = body.find(part).unwrap();
            assert_eq!(&text[block.locate(&(start..start + part.len()))], part);
        }
        assert_eq!(&text[block.locate(&(0..body.len()))], "one");
        assert_eq!(&text[block.locate(&(90..91))], "```x");
    }

    #[test]
    fn the_prefix_keeps_a_further_line_in_its_container() {
        for (text, prefix) in [
            ("```a\n```\n", ""),
            ("> - ```a\n>   ```\n", ">   "),
            ("10. x\n\n    ```a\n    ```\n", "    "),
        ] {
            assert_eq!(one(text).prefix, prefix, "{text}");
        }
    }

    #[test]
    fn the_fence_is_read_raw() {
        let block = one("```console,proves=\"a \\* &amp; b\"\n$ x\n```\n");
        assert_eq!(
            block.attributes().unwrap()[0].value.as_deref(),
            Some("a \\* &amp; b")
        );
        let faults = one("```console hidden\n$ x\n```\n")
            .attributes()
            .unwrap_err();
        assert_eq!(faults[0].span, 11..17);
        assert_eq!(&one("```\nx\n```").language, "");
        assert_eq!(one("```a,b\nx\n```\nafter").range, 0..12);
    }

    #[test]
    fn an_open_fence_is_noticed() {
        assert!(!one("```console\n$ x\n").closed);
        assert!(!one("````console\n$ x\n```\n").closed);
        assert!(!one("```console").closed);
        assert!(!one("```console\n$ x\n> ```\n").closed);
    }

    #[test]
    fn inline_code_knows_where_it_stands() {
        let text = "> a `one` and `` t`wo `` *`three`*\n\n```\n`no`\n```\n";
        let found = Document::parse(text).inline_code;
        let codes: Vec<_> = found.iter().map(|c| c.text.as_str()).collect();
        assert_eq!(codes, ["one", "t`wo", "three"]);
        for code in &found {
            assert_eq!(&text[code.span()], code.text);
        }
    }

    #[test]
    fn the_first_heading_is_known() {
        let text = "intro\n\n# One\n\n## Two\n";
        assert_eq!(Document::parse("> # Q\n\n- # I\n").heading_end, None);
        let end = Document::parse(text).heading_end.unwrap();
        assert!(text[..end].trim_end().ends_with("# One"));
        assert_eq!(Document::parse("```\n# no\n```").heading_end, None);
    }

    #[test]
    fn comments_are_found_where_they_stand() {
        let text = "<!-- one -->\n# T <!--two-->\n\n```\n<!-- no -->\n```\n";
        let found = Document::parse(text).comments;
        let bodies: Vec<_> = found.iter().map(|c| &text[c.body.clone()]).collect();
        assert_eq!(bodies, [" one ", "two"]);
    }
}
