//! YAML as a tree in which every key and value knows its bytes in the source. Enter at [`parse`].
//!
//! Compose files take many shapes for one thing (a list or a map, a number or a string), and every
//! fault must point at its place. So the text is first read into [`Node`]s, whatever it says; what
//! it means is decided afterwards, piece by piece, and no piece stops the others.

use std::fmt;
use std::ops::Range;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{DuplicateKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Location, Spanned};

use seaworthy_blocks::{Fault, FaultCode};

use crate::interpolate::interpolate;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The value's bytes; for a value reached through an alias or a merge key, those of its definition.
    pub(crate) span: Range<usize>,
    /// What it is.
    pub(crate) value: Value,
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

/// Reads `text` as one YAML document, merge keys and anchors resolved.
///
/// # Errors
/// The first place at which the text stops being YAML. (A reader can't go on after that.)
pub(crate) fn parse(text: &str) -> Result<Node, Fault> {
    if text.trim().is_empty() {
        return Ok(Node {
            span: 0..0,
            value: Value::Null,
        });
    }
    let options = serde_saphyr::options! {
        // Repeated keys are reported with both places, by whoever reads the map.
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        strict_booleans: true,
        with_snippet: false,
    };
    match serde_saphyr::from_str_with_options::<Raw>(text, options) {
        Ok(raw) => Ok(raw.into_node(text)),
        Err(error) => Err(syntax_fault(&error, text)),
    }
}

fn syntax_fault(error: &serde_saphyr::Error, text: &str) -> Fault {
    let error = error.without_snippet();
    if matches!(error, serde_saphyr::Error::MultipleDocuments { .. }) {
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
    let message = error.to_string();
    let message = strip_position(message.lines().next().unwrap_or("unreadable"));
    let help = if text[span.clone()].contains('\t') {
        "YAML is indented with spaces; a tab is not allowed there"
    } else {
        "this is Compose syntax: check the indentation, and quote a value that holds `: ` or begins with a special character"
    };
    Fault::error(FaultCode::InvalidYaml, span, format!("not YAML: {message}")).help(help)
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
    fn into_node(self, text: &str) -> Node {
        let span = byte_range(self.defined, text).unwrap_or(0..0);
        let value = match self.value {
            RawValue::Null => Value::Null,
            RawValue::Text(s) => Value::Scalar(interpolate(s)),
            // `1.10` must stay `1.10`: the source has the author's spelling.
            RawValue::Typed(s) => Value::Scalar(match text.get(span.clone()) {
                Some(source) if !source.trim().is_empty() => source.trim().to_owned(),
                _ => s,
            }),
            RawValue::Seq(items) => {
                Value::Seq(items.into_iter().map(|raw| raw.into_node(text)).collect())
            }
            RawValue::Map(entries) => Value::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| (key.into_key(text), value.into_node(text)))
                    .collect(),
            ),
        };
        Node { span, value }
    }

    fn into_key(self, text: &str) -> Key {
        let node = match self.value {
            // Compose substitutes variables in values, not in keys.
            RawValue::Text(name) => {
                let span = byte_range(self.defined, text).unwrap_or(0..0);
                return Key { span, name };
            }
            _ => self.into_node(text),
        };
        let name = match node.value {
            Value::Scalar(name) => name,
            Value::Null => "null".to_owned(),
            // A list or map as a key: nothing in Compose is called so.
            Value::Seq(_) | Value::Map(_) => text.get(node.span.clone()).unwrap_or("?").to_owned(),
        };
        Key {
            span: node.span,
            name,
        }
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<RawValue>::deserialize(deserializer)?;
        Ok(Raw {
            defined: spanned.defined,
            value: spanned.value,
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
