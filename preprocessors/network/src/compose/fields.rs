//! Small readers that the others share: the entries of a map, a list of names, a yes or no.

use std::collections::HashSet;

use seaworthy_blocks::{Fault, FaultCode};

use super::Text;
use crate::project::unset;
use crate::yaml::{Key, Node, Value};

/// The entries of a map, each key once. Nothing (`key:`) is an empty map; anything else is a fault.
/// `what` names the place: "`networks`", "the service `web`".
pub(crate) fn entries<'a>(
    node: &'a Node,
    what: &str,
    faults: &mut Vec<Fault>,
) -> Vec<(&'a Key, &'a Node)> {
    let map = match &node.value {
        Value::Map(map) => map,
        Value::Null => return Vec::new(),
        _ => {
            faults.push(
                Fault::error(
                    FaultCode::InvalidCompose,
                    node.span.clone(),
                    format!("{what} must be a map, not {}", node.kind()),
                )
                .help("write `name: value` lines below it"),
            );
            return Vec::new();
        }
    };
    let mut names: HashSet<&str> = HashSet::with_capacity(map.len());
    let mut seen: Vec<(&Key, &Node)> = Vec::with_capacity(map.len());
    for (key, value) in map {
        if !names.insert(&key.name) {
            faults.push(
                Fault::error(
                    FaultCode::RepeatedKey,
                    key.span.clone(),
                    format!("`{}` stands twice in {what}", key.name),
                )
                .label("the second one")
                .help("YAML allows each key once: join the two, or rename one"),
            );
        } else {
            seen.push((key, value));
        }
    }
    seen
}

/// The text of a scalar; anything else is a fault.
pub(crate) fn text(node: &Node, what: &str, faults: &mut Vec<Fault>) -> Option<Text> {
    match &node.value {
        Value::Scalar(value) => Some(Text {
            value: value.trim().to_owned(),
            span: node.span.clone(),
        }),
        Value::Null => None,
        _ => {
            faults.push(Fault::error(
                FaultCode::InvalidCompose,
                node.span.clone(),
                format!("{what} must be a single value, not {}", node.kind()),
            ));
            None
        }
    }
}

/// A list of names. A single value is a list of one, as Compose's own lists allow.
pub(crate) fn names(node: &Node, what: &str, faults: &mut Vec<Fault>) -> Vec<Text> {
    match &node.value {
        Value::Seq(items) => items
            .iter()
            .filter_map(|item| text(item, what, faults))
            .collect(),
        Value::Scalar(_) => text(node, what, faults).into_iter().collect(),
        Value::Null => Vec::new(),
        Value::Map(_) => {
            faults.push(
                Fault::error(
                    FaultCode::InvalidCompose,
                    node.span.clone(),
                    format!("{what} must be a list, not a map"),
                )
                .help("write one `- name` a line, or `[one, another]`"),
            );
            Vec::new()
        }
    }
}

/// The names of a list, or the keys of a map whose values aren't needed (`depends_on`).
pub(crate) fn names_or_keys(node: &Node, what: &str, faults: &mut Vec<Fault>) -> Vec<Text> {
    match &node.value {
        Value::Map(_) => entries(node, what, faults)
            .into_iter()
            .map(|(key, _)| key_text(key))
            .collect(),
        _ => names(node, what, faults),
    }
}

/// A map from names to single values, such as `driver_opts`.
pub(crate) fn pairs(node: &Node, what: &str, faults: &mut Vec<Fault>) -> Vec<(String, String)> {
    entries(node, what, faults)
        .into_iter()
        .filter_map(|(key, node)| Some((key.name.clone(), node.scalar()?.to_owned())))
        .collect()
}

/// The text of a key.
pub(crate) fn key_text(key: &Key) -> Text {
    Text {
        value: key.name.clone(),
        span: key.span.clone(),
    }
}

/// `true` or `false`; anything else but nothing is a fault. `None` if it depends on a variable that isn't set.
pub(crate) fn flag(node: &Node, what: &str, faults: &mut Vec<Fault>) -> Option<bool> {
    match node.scalar().map(str::to_ascii_lowercase).as_deref() {
        Some("true" | "yes" | "on") => Some(true),
        Some("false" | "no" | "off") => Some(false),
        Some(other) if unset(other).is_some() => None,
        None if node.is_null() => Some(false),
        _ => {
            faults.push(Fault::error(
                FaultCode::InvalidCompose,
                node.span.clone(),
                format!("{what} is `true` or `false`"),
            ));
            Some(false)
        }
    }
}
