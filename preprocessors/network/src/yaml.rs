//! YAML as a tree in which every key and value knows its bytes in the source. Enter at [`parse_all`].
//!
//! Compose files take many shapes for one thing (a list or a map, a number or a string), and every
//! fault must point at its place. So the text is first read into [`Node`]s, whatever it says; what
//! it means is decided afterwards, piece by piece, and no piece stops the others.

use std::fmt;
use std::ops::Range;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{AliasLimits, DuplicateKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Error, Location, Spanned, Tagged};

use seaworthy_blocks::{Fault, FaultCode};

/// The most values of a text, as it is written.
const MOST_VALUES: usize = 1_000_000;
/// The most values and ends of them that its aliases may grow to.
const MOST_GROWN: usize = 1_000_000;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The value's bytes; for a value reached through an alias or a merge key, those of its definition.
    pub(crate) span: Range<usize>,
    /// What it does to what is below it.
    pub(crate) tag: Option<Tag>,
    /// What it is.
    pub(crate) value: Value,
}

/// What Compose's tags say of a value in a file that goes over others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    /// `!reset`: neither this nor what is below.
    Reset,
    /// `!override`: this, and nothing of what is below.
    Override,
}

/// What a [`Node`] is.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    /// A string, number or boolean, as it is written (quotes and escapes resolved).
    Scalar(String),
    Seq(Vec<Node>),
    /// Entries in the order of the source; a key may stand twice.
    Map(Vec<(Key, Node)>),
}

/// The key of a map's entry and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) span: Range<usize>,
    pub(crate) name: String,
}

impl Node {
    /// No value, which stands nowhere.
    pub(crate) fn nothing() -> Node {
        Node {
            span: 0..0,
            tag: None,
            value: Value::Null,
        }
    }

    /// How many values these are, this one among them.
    pub(crate) fn count(&self) -> usize {
        1 + match &self.value {
            Value::Null | Value::Scalar(_) => 0,
            Value::Seq(items) => items.iter().map(Node::count).sum(),
            Value::Map(entries) => entries.iter().map(|(_, value)| value.count()).sum(),
        }
    }

    /// Whether the other says the same, wherever it stands.
    pub(crate) fn is_alike(&self, other: &Node) -> bool {
        match (&self.value, &other.value) {
            (Value::Null, Value::Null) => true,
            (Value::Scalar(one), Value::Scalar(other)) => one == other,
            (Value::Seq(ours), Value::Seq(theirs)) => {
                ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| a.is_alike(b))
            }
            (Value::Map(ours), Value::Map(theirs)) => {
                let same = |(key, value): &(Key, Node)| {
                    theirs
                        .iter()
                        .any(|(k, v)| k.name == key.name && value.is_alike(v))
                };
                ours.len() == theirs.len() && ours.iter().all(same)
            }
            _ => false,
        }
    }

    /// The text of a scalar.
    pub(crate) fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// Whether this is empty: `key:` and nothing after it.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// What kind of value this is, in an author's words.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Scalar(_) => "a single value",
            Value::Seq(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

/// Reads `text`, which begins at `base` of a whole, as YAML, merge keys and anchors resolved: one document, or with
/// `several` all that there are.
///
/// # Errors
/// The first place at which the text stops being YAML. (A reader can't go on after that.)
pub(crate) fn parse_all(text: &str, base: usize, several: bool) -> Result<Vec<Node>, Fault> {
    if text.trim().is_empty() {
        let span = base..base;
        return Ok(vec![Node {
            span,
            ..Node::nothing()
        }]);
    }
    let mut aliases = AliasLimits::default();
    aliases.max_total_replayed_events = MOST_GROWN;
    let options = serde_saphyr::options! {
        // Repeated keys are reported with both places, by whoever reads the map.
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        strict_booleans: true,
        with_snippet: false,
        // What counts is what aliases grow to, not how many there are.
        budget: serde_saphyr::budget! {
            max_nodes: MOST_VALUES,
            max_events: 3 * MOST_VALUES,
            max_aliases: MOST_VALUES,
            max_anchors: MOST_VALUES,
            max_merge_keys: MOST_VALUES,
            max_recorded_anchor_events: 3 * MOST_VALUES,
            enforce_alias_anchor_ratio: false,
        },
        alias_limits: aliases,
    };
    let read = if several {
        serde_saphyr::from_multiple_with_options::<Raw>(text, options)
    } else {
        serde_saphyr::from_str_with_options::<Raw>(text, options).map(|raw| vec![raw])
    };
    match read {
        Ok(documents) => Ok(documents
            .into_iter()
            .map(|raw| raw.into_node(text, base))
            .collect()),
        Err(error) => Err(syntax_fault(&error, text).shifted(base)),
    }
}

fn syntax_fault(error: &Error, text: &str) -> Fault {
    let error = error.without_snippet();
    if matches!(error, Error::MultipleDocuments { .. }) {
        let start = text.find("\n---").map_or(0, |n| n + 1);
        return Fault::error(
            FaultCode::InvalidYaml,
            start..(start + 3).min(text.len()),
            "more than one YAML document",
        )
        .help("a diagram is one Compose file: remove the `---` line, or use a block for each");
    }
    let at = error
        .location()
        .and_then(|location| byte_range(location, text))
        .map_or(text.len(), |range| range.start);
    let span = line_from(text, at);
    if let Some((message, help)) = beyond(cause(error)) {
        return Fault::error(FaultCode::InvalidYaml, span, message).help(help);
    }
    let message = error.to_string();
    let message = strip_position(message.lines().next().unwrap_or("unreadable"));
    let help = if text[span.clone()].contains('\t') {
        "YAML is indented with spaces; a tab is not allowed there"
    } else {
        "this is Compose syntax: check the indentation, and quote a value that holds `: ` or begins with a special character"
    };
    Fault::error(FaultCode::InvalidYaml, span, format!("not YAML: {message}")).help(help)
}

/// What is wrong itself, where it is wrong in what an alias stands for.
fn cause(mut error: &Error) -> &Error {
    while let Error::AliasError { error: within, .. } | Error::WithSnippet { error: within, .. } =
        error
    {
        error = within;
    }
    error
}

/// What is YAML, and still isn't read: the message, and the remedy.
fn beyond(error: &Error) -> Option<(String, &'static str)> {
    match error {
        Error::RecursiveReferencesRequireWeakTypes { .. } => Some((
            "an anchor stands for something that it is in itself".to_owned(),
            "an alias (`*name`) can't stand below its own anchor (`&name`): write out what is meant",
        )),
        Error::AliasReplayLimitExceeded { .. } | Error::AliasReplayStackDepthExceeded { .. } => {
            Some((
                format!("its aliases (`*name`) grow to more than {MOST_GROWN} values"),
                "aliases of aliases multiply: write out what is meant, or less of it",
            ))
        }
        // The parser's own limit of brackets in brackets, which has no variant.
        other if other.to_string().contains("recursion limit exceeded") => Some((
            "this file is too deep to draw: lists and maps stand in one another without end"
                .to_owned(),
            "draw a part of it",
        )),
        Error::Budget { .. } => Some((
            format!(
                "this file is too large to draw: it has more than {MOST_VALUES} values, or is too deep"
            ),
            "draw a part of it",
        )),
        _ => None,
    }
}

/// The rest of the line from `at`; its whole text if nothing is left, and the last line that says
/// something if it is blank. (The reader names a point, and a point is easily missed.)
fn line_from(text: &str, at: usize) -> Range<usize> {
    let at = at_char(text, at.min(text.len()));
    let end = text[at..].find('\n').map_or(text.len(), |n| at + n);
    if !text[at..end].trim().is_empty() && !text[at..end].contains('\t') {
        return at..end;
    }
    let written = text[..end].trim_end();
    let start = written.rfind('\n').map_or(0, |n| n + 1);
    let line = &written[start..];
    start + line.len() - line.trim_start_matches(' ').len()..written.len()
}

/// Cuts "… at line 3, column 7" off a message: the caret says it, in the chapter's own lines.
fn strip_position(message: &str) -> &str {
    let cut = [" at line ", " (line ", ": line "]
        .iter()
        .filter_map(|mark| message.find(mark))
        .min();
    let message = cut.map_or(message, |at| &message[..at]);
    let message = message.strip_prefix("error: ").unwrap_or(message);
    // "line 3 column 7: what is wrong" puts the position first.
    match message
        .strip_prefix("line ")
        .and_then(|rest| rest.split_once(": "))
    {
        Some((_, rest)) => rest,
        None => message,
    }
}

/// The bytes of `location` in `text`.
fn byte_range(location: Location, text: &str) -> Option<Range<usize>> {
    if location == Location::UNKNOWN {
        return None;
    }
    let span = location.span();
    let start = usize::try_from(span.byte_offset()?).ok()?;
    let length = usize::try_from(span.byte_len().unwrap_or(0)).ok()?;
    let start = at_char(text, start.min(text.len()));
    let end = at_char(text, start.saturating_add(length).min(text.len()));
    Some(start..end)
}

fn at_char(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A value as serde hands it over: numbers and booleans have lost their spelling.
struct Raw {
    defined: Location,
    tag: Option<Tag>,
    value: RawValue,
}

enum RawValue {
    Null,
    Text(String),
    /// A number or boolean; its spelling is read from the source, this is what it comes to.
    Typed(String),
    Seq(Vec<Raw>),
    Map(Vec<(Raw, Raw)>),
}

impl Raw {
    fn into_node(self, text: &str, base: usize) -> Node {
        let span = byte_range(self.defined, text).unwrap_or(0..0);
        let value = match self.value {
            RawValue::Null => Value::Null,
            RawValue::Text(s) => Value::Scalar(s),
            // `1.10` must stay `1.10`: the source has the author's spelling.
            RawValue::Typed(s) => Value::Scalar(match text.get(span.clone()) {
                Some(source) if !source.trim().is_empty() => source.trim().to_owned(),
                _ => s,
            }),
            RawValue::Seq(items) => Value::Seq(
                items
                    .into_iter()
                    .map(|raw| raw.into_node(text, base))
                    .collect(),
            ),
            RawValue::Map(entries) => Value::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| (key.into_key(text, base), value.into_node(text, base)))
                    .collect(),
            ),
        };
        Node {
            span: base + span.start..base + span.end,
            tag: self.tag,
            value,
        }
    }

    fn into_key(self, text: &str, base: usize) -> Key {
        let node = self.into_node(text, base);
        let name = match node.value {
            Value::Scalar(name) => name,
            Value::Null => "null".to_owned(),
            // A list or map as a key: nothing in Compose is called so.
            Value::Seq(_) | Value::Map(_) => {
                let local = node.span.start - base..node.span.end - base;
                text.get(local).unwrap_or("?").to_owned()
            }
        };
        Key {
            span: node.span,
            name,
        }
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Tagged<RawValue>>::deserialize(deserializer)?;
        let Tagged(value, tag) = spanned.value;
        Ok(Raw {
            defined: spanned.defined,
            tag: match tag.as_deref() {
                Some("!reset") => Some(Tag::Reset),
                Some("!override") => Some(Tag::Override),
                _ => None,
            },
            value,
        })
    }
}

impl<'de> Deserialize<'de> for RawValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = RawValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<RawValue, E> {
        Ok(RawValue::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<RawValue, E> {
        Ok(RawValue::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<RawValue, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<RawValue, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: de::Error>(self, v: bool) -> Result<RawValue, E> {
        Ok(RawValue::Typed(v.to_string()))
    }

    fn visit_i64<E: de::Error>(self, v: i64) -> Result<RawValue, E> {
        Ok(RawValue::Typed(v.to_string()))
    }

    fn visit_u64<E: de::Error>(self, v: u64) -> Result<RawValue, E> {
        Ok(RawValue::Typed(v.to_string()))
    }

    fn visit_i128<E: de::Error>(self, v: i128) -> Result<RawValue, E> {
        Ok(RawValue::Typed(v.to_string()))
    }

    fn visit_u128<E: de::Error>(self, v: u128) -> Result<RawValue, E> {
        Ok(RawValue::Typed(v.to_string()))
    }

    fn visit_f64<E: de::Error>(self, v: f64) -> Result<RawValue, E> {
        Ok(RawValue::Typed(v.to_string()))
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<RawValue, E> {
        Ok(RawValue::Text(v.to_owned()))
    }

    fn visit_bytes<E: de::Error>(self, v: &[u8]) -> Result<RawValue, E> {
        Ok(RawValue::Text(String::from_utf8_lossy(v).into_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<RawValue, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(RawValue::Seq(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawValue, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(RawValue::Map(entries))
    }
}
