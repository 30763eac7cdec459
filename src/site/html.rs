//! A page that mdBook built: what is looked for in it, found in one reading.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// A page, and what is in it.
pub(super) struct BuiltPage {
    pub(super) html: String,
    /// The names to which links may lead.
    pub(super) ids: HashSet<String>,
    /// Where its text leads, as it is written there.
    pub(super) links: BTreeSet<String>,
    /// Its text, in sections.
    pub(super) sections: Vec<Section>,
    /// Its first paragraph.
    pub(super) first_paragraph: Option<String>,
    /// The languages of its blocks of code; empty for one that names none.
    pub(super) languages: BTreeSet<String>,
}

/// A heading, and what stands below it up to the next.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Section {
    /// Its name in links; none above the first heading.
    pub(super) id: String,
    /// 1 for a page's title.
    pub(super) level: u8,
    pub(super) heading: String,
    /// Its prose; what is quoted as code is between backticks.
    pub(super) prose: String,
    /// What is typed.
    pub(super) commands: String,
    /// What is printed, and other code.
    pub(super) output: String,
}

impl BuiltPage {
    /// Reads the page.
    pub(super) fn new(html: String) -> Self {
        let queue = BufferQueue::default();
        queue.push_back(StrTendril::from(html.as_str()));
        let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
        // There are no scripts that could stop it.
        let _ = tokenizer.feed(&queue);
        tokenizer.end();
        let mut reader = tokenizer.sink.0.into_inner();
        reader.close_section();
        Self {
            html,
            ids: reader.ids,
            links: reader.links,
            sections: reader.sections,
            first_paragraph: reader.first_paragraph,
            languages: reader.languages,
        }
    }
}

#[derive(Default)]
struct Sink(RefCell<Reader>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut reader = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => {
                let raw = match (tag.kind, &*tag.name) {
                    (TagKind::StartTag, "script") => Some(RawKind::ScriptData),
                    (TagKind::StartTag, "style") => Some(RawKind::Rawtext),
                    _ => None,
                };
                reader.tag(&tag);
                if let Some(raw) = raw {
                    return TokenSinkResult::RawData(raw);
                }
            }
            Token::CharacterTokens(text) => reader.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// Where the reading is.
#[derive(Default)]
struct Reader {
    /// Whether it is inside the page's text.
    inside: bool,
    /// The open elements that matter, outermost first.
    open: Vec<Open>,
    section: Section,
    paragraph: Option<String>,
    ids: HashSet<String>,
    links: BTreeSet<String>,
    sections: Vec<Section>,
    first_paragraph: Option<String>,
    languages: BTreeSet<String>,
}

struct Open {
    name: String,
    part: Part,
}

/// What the text in an element is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Heading,
    Prose,
    Quoted,
    Typed,
    Printed,
    /// Nothing that anybody looks for.
    Ignored,
}

/// Classes of what is no text of the author's.
const NOT_TEXT: [&str; 8] = [
    "sw-mark",
    "sw-page-mark",
    "sw-versions",
    "sw-prompt",
    "sw-place",
    "sw-overview",
    "sw-tools",
    "nav-wrapper",
];

/// Elements that end by themselves.
const EMPTY: [&str; 8] = ["br", "hr", "img", "input", "link", "meta", "source", "wbr"];

/// Elements between which words of different blocks stand.
const INLINE: [&str; 10] = [
    "a", "b", "code", "em", "i", "kbd", "mark", "samp", "span", "strong",
];

impl Reader {
    fn tag(&mut self, tag: &Tag) {
        let name: &str = &tag.name;
        if name == "main" {
            self.inside = tag.kind == TagKind::StartTag;
            if !self.inside {
                self.close_section();
            }
        }
        match tag.kind {
            TagKind::StartTag => self.start(name, tag),
            TagKind::EndTag => self.end(name),
        }
    }

    fn start(&mut self, name: &str, tag: &Tag) {
        let attribute = |wanted: &str| {
            let mut all = tag.attrs.iter();
            all.find(|attribute| &*attribute.name.local == wanted)
                .map(|attribute| attribute.value.to_string())
        };
        for key in ["id", "name"] {
            if key == "id" || name == "a" {
                self.ids.extend(attribute(key));
            }
        }
        if !self.inside {
            return;
        }
        self.links
            .extend(["href", "src"].into_iter().filter_map(attribute));
        let class = attribute("class").unwrap_or_default();
        if let Some(level) = heading_level(name)
            && let Some(id) = attribute("id")
        {
            self.close_section();
            self.section.id = id;
            self.section.level = level;
        }
        if name == "p" && class.is_empty() && self.open.iter().all(|open| open.name == "main") {
            self.paragraph = Some(String::new());
        }
        if name == "code" && self.is_in("pre") {
            let mut classes = class.split([' ', ',']);
            let language = classes.find_map(|class| class.strip_prefix("language-"));
            self.languages
                .insert(language.unwrap_or_default().to_owned());
        }
        if !EMPTY.contains(&name) && !tag.self_closing {
            let part = self.part(name, &class);
            if part == Part::Quoted {
                self.push("`");
            }
            self.open.push(Open {
                name: name.to_owned(),
                part,
            });
        }
        if !INLINE.contains(&name) {
            self.push(" ");
        }
    }

    fn end(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else {
            return;
        };
        if self.open[at].part == Part::Quoted {
            self.push("`");
        }
        self.open.truncate(at);
        if name == "p"
            && let Some(paragraph) = self.paragraph.take()
            && self.first_paragraph.is_none()
        {
            let words = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
            self.first_paragraph = Some(words).filter(|words| !words.is_empty());
        }
        if !INLINE.contains(&name) {
            self.push(" ");
        }
    }

    fn text(&mut self, text: &str) {
        if !self.inside {
            return;
        }
        if self.now() != Part::Ignored
            && let Some(paragraph) = &mut self.paragraph
        {
            paragraph.push_str(text);
        }
        self.push(text);
    }

    /// Adds `text` to what is being read.
    fn push(&mut self, text: &str) {
        let section = &mut self.section;
        let place = match self.open.last().map_or(Part::Ignored, |open| open.part) {
            Part::Heading => &mut section.heading,
            Part::Prose | Part::Quoted => &mut section.prose,
            Part::Typed => &mut section.commands,
            Part::Printed => &mut section.output,
            Part::Ignored => return,
        };
        place.push_str(text);
    }

    fn now(&self) -> Part {
        self.open.last().map_or(Part::Ignored, |open| open.part)
    }

    fn is_in(&self, name: &str) -> bool {
        self.open.iter().any(|open| open.name == name)
    }

    /// What the text of the element `name` is, inside of what is open.
    fn part(&self, name: &str, class: &str) -> Part {
        let around = self.now();
        let known = class.split(' ').any(|class| NOT_TEXT.contains(&class));
        match name {
            "main" => Part::Prose,
            _ if around == Part::Ignored || known => Part::Ignored,
            "script" | "style" | "svg" | "button" | "nav" => Part::Ignored,
            "kbd" if self.is_in("pre") => Part::Typed,
            "pre" => Part::Printed,
            "code" if around == Part::Prose => Part::Quoted,
            _ if heading_level(name).is_some() => Part::Heading,
            _ => around,
        }
    }

    /// Ends the section that is being read.
    fn close_section(&mut self) {
        let section = std::mem::take(&mut self.section);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let section = Section {
            heading: words(&section.heading),
            prose: words(&section.prose),
            commands: words(&section.commands),
            output: words(&section.output),
            ..section
        };
        let empty = [
            &section.heading,
            &section.prose,
            &section.commands,
            &section.output,
        ];
        if empty.iter().any(|text| !text.is_empty()) {
            self.sections.push(section);
        }
    }
}

fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_in_sections() {
        let page = BuiltPage::new(
            "<html><head><script>\"<main>\"</script></head><body><a href=\"around.html\" id=\"top\">x</a><main>\
             <h1 id=\"t\"><a class=\"header\" href=\"#t\">The title</a></h1><p class=\"sw-page-mark\">Verified</p>\
             <p>First, with <code>bad address</code>.</p><p>Second.</p>\
             <h2 id=\"s\"><a class=\"header\" href=\"#s\">Below</a></h2>\
             <figure id=\"f\"><pre class=\"sw-command\"><span class=\"sw-prompt\">$ </span><kbd>docker ps</kbd></pre>\
             <pre class=\"sw-output\"><samp>NAMES</samp></pre><svg><text>drawn</text></svg></figure>\
             <pre><code class=\"language-yaml hljs\">a: 1</code></pre><img src=\"p.png\"></main></body></html>"
                .to_owned(),
        );
        assert_eq!(
            page.first_paragraph.as_deref(),
            Some("First, with bad address.")
        );
        let section =
            |id: &str, level, heading: &str, prose: &str, commands: &str, output: &str| Section {
                id: id.to_owned(),
                level,
                heading: heading.to_owned(),
                prose: prose.to_owned(),
                commands: commands.to_owned(),
                output: output.to_owned(),
            };
        assert_eq!(
            page.sections,
            [
                section(
                    "t",
                    1,
                    "The title",
                    "First, with `bad address`. Second.",
                    "",
                    ""
                ),
                section("s", 2, "Below", "", "docker ps", "NAMES a: 1"),
            ]
        );
        assert_eq!(page.links.iter().collect::<Vec<_>>(), ["#s", "#t", "p.png"]);
        assert!(
            ["top", "t", "s", "f"]
                .iter()
                .all(|id| page.ids.contains(*id))
        );
        assert!(page.languages.contains("yaml"));
    }
}
