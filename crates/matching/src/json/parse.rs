//! Reads JSON with the place of every value. What the author printed may leave parts out with `...`.

use std::borrow::Cow;
use std::ops::Range;

/// How deep values may be nested; what is deeper is compared as text.
const DEEPEST: usize = 128;

/// A text of one or more JSON values.
pub(super) struct Document<'a> {
    pub(super) text: &'a str,
    nodes: Vec<Node>,
    /// The values at the top; several if the command prints one a line.
    pub(super) roots: Vec<usize>,
}

/// A value and the bytes that it takes.
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
}

/// What a value is. Values within are indices of nodes.
pub(super) enum Kind {
    /// `null`, `true`, `false`.
    Word,
    Number,
    String,
    Array(Vec<usize>),
    /// The members, and whether `...` stands among them.
    Object(Vec<Member>, bool),
    /// `...` in the place of a value or of elements.
    Elided,
}

/// A member of an object.
pub(super) struct Member {
    /// The key with its quotes.
    pub(super) key: Range<usize>,
    pub(super) value: usize,
}

/// Which text is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Dialect {
    /// JSON and nothing else.
    Strict,
    /// As people print it: `...` for what is left out, commas as they come.
    Printed,
}

/// Reads the whole of `text`; nothing if it is not JSON.
pub(super) fn parse(text: &str, dialect: Dialect) -> Option<Document<'_>> {
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        dialect,
        nodes: Vec::new(),
        open_end: false,
    };
    let mut roots = Vec::new();
    loop {
        parser.blanks();
        if parser.at == text.len() {
            break;
        }
        roots.push(parser.value(0)?);
    }
    (!roots.is_empty()).then_some(Document {
        text,
        nodes: parser.nodes,
        roots,
    })
}

impl<'a> Document<'a> {
    pub(super) fn node(&self, id: usize) -> &Node {
        &self.nodes[id]
    }

    /// The text of a value as it stands there.
    pub(super) fn raw(&self, id: usize) -> &'a str {
        &self.text[self.nodes[id].span.clone()]
    }

    /// What a string or a key says, given its place with quotes.
    pub(super) fn string(&self, quoted: Range<usize>) -> Cow<'a, str> {
        let raw = &self.text[quoted];
        if raw.contains('\\')
            && let Ok(text) = serde_json::from_str::<String>(raw)
        {
            return Cow::Owned(text);
        }
        Cow::Borrowed(raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default())
    }

    /// The string under `key` of an object.
    pub(super) fn string_under(&self, object: usize, key: &str) -> Option<Cow<'a, str>> {
        let Kind::Object(members, _) = &self.nodes[object].kind else {
            return None;
        };
        let quoted = |range: &Range<usize>| self.text[range.start + 1..range.end - 1] == *key;
        let value = members.iter().find(|member| quoted(&member.key))?.value;
        matches!(self.nodes[value].kind, Kind::String)
            .then(|| self.string(self.nodes[value].span.clone()))
    }

    /// `{}`, `[]` and `null`, which Go prints for either of them.
    pub(super) fn is_empty(&self, id: usize) -> bool {
        match &self.nodes[id].kind {
            Kind::Word => self.raw(id) == "null",
            Kind::Array(elements) => elements.is_empty(),
            Kind::Object(members, elided) => members.is_empty() && !elided,
            _ => false,
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    dialect: Dialect,
    nodes: Vec<Node>,
    /// The last thing read was `...`: the text may end here.
    open_end: bool,
}

impl Parser<'_> {
    fn blanks(&mut self) {
        while self
            .bytes
            .get(self.at)
            .is_some_and(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
        {
            self.at += 1;
        }
    }

    fn add(&mut self, kind: Kind, start: usize) -> usize {
        self.open_end = matches!(kind, Kind::Elided);
        self.nodes.push(Node {
            kind,
            span: start..self.at,
        });
        self.nodes.len() - 1
    }

    fn value(&mut self, depth: usize) -> Option<usize> {
        let start = self.at;
        if depth > DEEPEST {
            return None;
        }
        if self.elided() {
            return Some(self.add(Kind::Elided, start));
        }
        match self.bytes.get(start)? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => {
                self.string()?;
                Some(self.add(Kind::String, start))
            }
            b'-' | b'0'..=b'9' => {
                let rest = &self.bytes[start..];
                let part = |b: &&u8| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
                self.at += rest.iter().take_while(part).count();
                serde_json::from_str::<f64>(&self.text[start..self.at]).ok()?;
                Some(self.add(Kind::Number, start))
            }
            _ => {
                let rest = &self.text[start..];
                let word = ["null", "true", "false"]
                    .into_iter()
                    .find(|word| rest.starts_with(word))?;
                self.at += word.len();
                Some(self.add(Kind::Word, start))
            }
        }
    }

    /// Takes `...` if it stands here.
    fn elided(&mut self) -> bool {
        if self.dialect == Dialect::Strict {
            return false;
        }
        let rest = &self.text[self.at..];
        match ["...", "…", "<snip>"]
            .into_iter()
            .find(|word| rest.starts_with(word))
        {
            Some(word) => {
                self.at += word.len();
                true
            }
            None => false,
        }
    }

    fn string(&mut self) -> Option<()> {
        let start = self.at;
        let mut escapes = false;
        self.at += 1;
        loop {
            match self.bytes.get(self.at)? {
                b'"' => {
                    self.at += 1;
                    break;
                }
                b'\\' => {
                    escapes = true;
                    self.at += 2;
                }
                0..=0x1f => return None,
                _ => self.at += 1,
            }
        }
        // Which escapes there are, and which halves of characters belong together.
        let is_string =
            !escapes || serde_json::from_str::<String>(&self.text[start..self.at]).is_ok();
        is_string.then_some(())
    }

    /// What stands between two elements, or at the end: whether the list ends here.
    fn separator(&mut self, close: u8, first: bool) -> Option<bool> {
        self.blanks();
        let mut commas = 0;
        while self.bytes.get(self.at) == Some(&b',') {
            commas += 1;
            self.at += 1;
            self.blanks();
        }
        let strict = self.dialect == Dialect::Strict;
        match self.bytes.get(self.at) {
            Some(b) if *b == close => {
                self.at += 1;
                (!strict || commas == 0).then_some(true)
            }
            Some(_) => (!strict || commas == usize::from(!first)).then_some(false),
            // The author broke off.
            None => (!strict && self.open_end).then_some(true),
        }
    }

    fn array(&mut self, depth: usize) -> Option<usize> {
        let start = self.at;
        self.at += 1;
        let mut elements = Vec::new();
        while !self.separator(b']', elements.is_empty())? {
            elements.push(self.value(depth + 1)?);
        }
        let broken_off = self.open_end && self.at == self.text.len();
        let id = self.add(Kind::Array(elements), start);
        self.open_end = broken_off;
        Some(id)
    }

    fn object(&mut self, depth: usize) -> Option<usize> {
        let start = self.at;
        self.at += 1;
        let mut members = Vec::new();
        let mut elided = false;
        while !self.separator(b'}', members.is_empty() && !elided)? {
            if self.elided() {
                elided = true;
                self.open_end = true;
                continue;
            }
            let key = self.at;
            if self.bytes.get(key) != Some(&b'"') {
                return None;
            }
            self.string()?;
            let key = key..self.at;
            self.blanks();
            if self.bytes.get(self.at) != Some(&b':') {
                return None;
            }
            self.at += 1;
            self.blanks();
            let value = self.value(depth + 1)?;
            members.push(Member { key, value });
        }
        let broken_off = self.open_end && self.at == self.text.len();
        let id = self.add(Kind::Object(members, elided), start);
        self.open_end = broken_off;
        Some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether both read one value, or none.
    #[track_caller]
    fn as_serde(text: &str) {
        let serde = serde_json::from_str::<serde_json::Value>(text).is_ok();
        let ours = parse(text, Dialect::Strict).is_some_and(|read| read.roots.len() == 1);
        assert_eq!(ours, serde, "{text}");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_as_serde_does(text in "[\\[\\]{}:,\"\\\\0-9a-fnrtu.eE+ é-]{0,12}", inside in "[0-9.eE+-]{1,6}") {
            as_serde(&text);
            as_serde(&format!("[{inside}]"));
            as_serde(&format!("\"{}\"", text.replace('"', "")));
        }
    }

    #[test]
    fn strict_json_is_what_serde_reads() {
        for text in [
            "{}",
            "[]",
            "[1, -2.5e3, true, false, null, \"a\\\"b\\u00e9\"]",
            "{\"a\": {\"b\": [{}]}}",
            "1",
            "\"x\"",
            "[",
            "]",
            "{",
            "{\"a\"}",
            "{\"a\":}",
            "{a: 1}",
            "[1,]",
            "[,1]",
            "[1 2]",
            "{\"a\":1,}",
            "[...]",
            "\"a",
            "\"a\nb\"",
            "nul",
            "[1]]",
            "\"\\",
            "",
            "-",
            "[01]",
            "[-01]",
            "[1.]",
            "[.5]",
            "[1e]",
            "[1e+5, -0, 0.10]",
            "[1e999]",
            "[+1]",
            "[1-2]",
            "\"\\q\"",
            "\"\\/\\b\\f\\n\\r\\t\"",
            "\"\\u12g4\"",
            "\"\\ud800\"",
            "\"\\ud83d\\ude00\"",
            "\"\\é\"",
            "\"\\",
            "\"\t\"",
            "{\"\\q\": 1}",
        ] {
            as_serde(text);
        }
        assert_eq!(
            parse("{\"a\":1}\n{\"a\":2}", Dialect::Strict).map(|d| d.roots.len()),
            Some(2)
        );
        assert!(parse(&"[".repeat(100_000), Dialect::Strict).is_none());
    }

    #[test]
    fn printed_json_may_leave_parts_out() {
        for text in [
            "{ ... }",
            "[\n  {\n    \"Name\": \"front\",\n    ...\n  }\n]",
            "[\n  {\n    \"Name\": \"front\",\n    ...",
            "[1, ..., 3]",
            "[1, <snip>]",
            "{\"a\": ...}",
            "{\"a\": {...}, \"b\": [...]}",
            "{\"a\": 1,\n…\n\"b\": 2,}",
        ] {
            assert!(parse(text, Dialect::Printed).is_some(), "{text}");
        }
        for text in [
            "[1,",
            "{\"a\": 1",
            "[notice] x",
            "{\"a\": {... \"b\"",
            "[+] Running",
        ] {
            assert!(parse(text, Dialect::Printed).is_none(), "{text}");
        }
    }
}
