//! How one file's text goes over another's. Enter at [`over`] and [`unify`].
//!
//! Rules: the Compose specification, "Merge and override"; where it leaves something open, what `docker compose config`
//! does, which `tests` compares with.

use std::collections::HashMap;

use crate::yaml::{Key, Node, Tag, Value};

/// Where in a Compose file a value stands: its keys from the top.
type Path<'a> = Vec<&'a str>;

/// A value that takes the place of what is below it in earlier files: its keys from the top.
pub(super) type Replaced = Vec<String>;

/// Takes the tags `!reset` and `!override` off `root`, and what is reset out of it. Returns what they stood at.
pub(super) fn take_tags(root: &mut Node) -> Vec<Replaced> {
    let mut replaced = Vec::new();
    take_tags_below(root, &mut Vec::new(), &mut replaced);
    replaced
}

fn take_tags_below(node: &mut Node, path: &mut Vec<String>, replaced: &mut Vec<Replaced>) {
    let Value::Map(entries) = &mut node.value else {
        return;
    };
    entries.retain_mut(|(key, value)| {
        path.push(key.name.clone());
        let tag = value.tag.take();
        if tag.is_some() {
            replaced.push(path.clone());
        }
        let stays = tag != Some(Tag::Reset);
        if stays {
            take_tags_below(value, path, replaced);
        }
        path.pop();
        stays
    });
}

/// Takes what stands at these places out of `root`.
pub(super) fn remove(root: &mut Node, places: &[Replaced]) {
    for place in places {
        remove_at(root, place);
    }
}

/// Takes what stands at these places of a service out of what it extends.
pub(super) fn remove_of_service(base: &mut Node, places: &[Replaced], service: &str) {
    for place in places {
        match place.as_slice() {
            [first, name, rest @ ..] if first == "services" && name == service => {
                remove_at(base, rest);
            }
            _ => {}
        }
    }
}

fn remove_at(node: &mut Node, place: &[String]) {
    let (Value::Map(entries), Some((first, rest))) = (&mut node.value, place.split_first()) else {
        return;
    };
    if rest.is_empty() {
        entries.retain(|(key, _)| key.name != *first);
    } else if let Some((_, value)) = entries.iter_mut().find(|(key, _)| key.name == *first) {
        remove_at(value, rest);
    }
}

/// `base` with `later` over it, both a whole file.
pub(super) fn over(base: Node, later: Node) -> Node {
    over_at(base, later, &mut Vec::new())
}

/// A service with another over it.
pub(super) fn service_over(base: Node, later: Node) -> Node {
    over_at(base, later, &mut vec!["services", "*"])
}

fn over_at(base: Node, later: Node, path: &mut Path<'_>) -> Node {
    match path[..] {
        ["services", _, "networks" | "depends_on"] => {
            return entries_over(named(base), named(later), path);
        }
        // Pools are the later file's.
        ["networks", _, "ipam", "config"] => return later,
        _ => {}
    }
    match (base.value, later.value) {
        (Value::Map(ours), Value::Map(theirs)) => entries_over(
            Node {
                span: base.span,
                tag: None,
                value: Value::Map(ours),
            },
            Node {
                span: later.span,
                tag: None,
                value: Value::Map(theirs),
            },
            path,
        ),
        (Value::Seq(mut items), Value::Seq(more)) => {
            items.extend(more);
            Node {
                span: later.span,
                tag: None,
                value: Value::Seq(items),
            }
        }
        // `key:` and nothing after it adds nothing to what is there.
        (value @ (Value::Map(_) | Value::Seq(_)), Value::Null) => Node {
            span: base.span,
            tag: None,
            value,
        },
        (_, value) => Node {
            span: later.span,
            tag: None,
            value,
        },
    }
}

/// The entries of two maps, the later ones over the others. A key that stands twice in one of them stays so, for whoever
/// tells of it.
fn entries_over(base: Node, later: Node, path: &mut Path<'_>) -> Node {
    let (Value::Map(ours), Value::Map(theirs)) = (base.value, later.value) else {
        return Node::nothing();
    };
    let mut at: HashMap<String, usize> = HashMap::with_capacity(ours.len());
    for (index, (key, _)) in ours.iter().enumerate() {
        at.entry(key.name.clone()).or_insert(index);
    }
    let mut merged: Vec<(Key, Node)> = ours;
    for (key, value) in theirs {
        let Some(index) = at.remove(&key.name) else {
            merged.push((key, value));
            continue;
        };
        let before = std::mem::replace(&mut merged[index].1, Node::nothing());
        path.push(known(&key.name));
        merged[index].1 = over_at(before, value, path);
        path.pop();
        merged[index].0 = key;
    }
    Node {
        span: later.span,
        tag: None,
        value: Value::Map(merged),
    }
}

/// A key of which rules speak; all others are alike.
fn known(name: &str) -> &'static str {
    ["services", "networks", "depends_on", "ipam", "config"]
        .into_iter()
        .find(|known| *known == name)
        .unwrap_or("*")
}

/// A list of names as a map without values.
fn named(node: Node) -> Node {
    let Node { span, value, .. } = node;
    let value = match value {
        Value::Seq(items) => Value::Map(
            items
                .into_iter()
                .filter_map(|item| {
                    let key = Key {
                        span: item.span.clone(),
                        name: item.scalar()?.to_owned(),
                    };
                    let nothing = Node {
                        value: Value::Null,
                        ..item
                    };
                    Some((key, nothing))
                })
                .collect(),
        ),
        Value::Map(entries) => Value::Map(entries),
        _ => Value::Map(Vec::new()),
    };
    Node {
        span,
        tag: None,
        value,
    }
}

/// Leaves of entries that mean the same thing, in lists where Compose wants each once, the last, in the first one's place.
pub(super) fn unify(root: &mut Node) {
    for service in below(root, "services") {
        let Value::Map(entries) = &mut service.value else {
            continue;
        };
        for (key, value) in entries {
            match key.name.as_str() {
                "ports" | "expose" | "profiles" => unify_list(value),
                "networks" => {
                    if let Value::Map(joins) = &mut value.value {
                        for (_, join) in joins {
                            if let Some(aliases) = child(join, "aliases") {
                                unify_list(aliases);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// The values of the map at `key` of `node`.
fn below<'a>(node: &'a mut Node, key: &str) -> impl Iterator<Item = &'a mut Node> {
    let map = child(node, key).and_then(|node| match &mut node.value {
        Value::Map(entries) => Some(entries),
        _ => None,
    });
    map.into_iter().flatten().map(|(_, value)| value)
}

fn child<'a>(node: &'a mut Node, key: &str) -> Option<&'a mut Node> {
    match &mut node.value {
        Value::Map(entries) => entries
            .iter_mut()
            .find(|(k, _)| k.name == key)
            .map(|(_, value)| value),
        _ => None,
    }
}

fn unify_list(node: &mut Node) {
    let Value::Seq(items) = &mut node.value else {
        return;
    };
    let mut kept: Vec<Node> = Vec::with_capacity(items.len());
    let mut places: HashMap<String, usize> = HashMap::new();
    for item in items.drain(..) {
        match identity(&item).map(|identity| places.entry(identity).or_insert(kept.len())) {
            Some(place) if *place < kept.len() => kept[*place] = item,
            _ => kept.push(item),
        }
    }
    *items = kept;
}

/// What makes an entry of a list the same as another.
fn identity(item: &Node) -> Option<String> {
    match &item.value {
        Value::Scalar(text) => Some(text.clone()),
        Value::Map(entries) => {
            let part = |name: &str, usual: &str| {
                let found = entries.iter().find(|(key, _)| key.name == name);
                found
                    .and_then(|(_, value)| value.scalar())
                    .unwrap_or(usual)
                    .to_owned()
            };
            Some(format!(
                "{}:{}:{}/{}",
                part("host_ip", "0.0.0.0"),
                part("published", ""),
                part("target", ""),
                part("protocol", "tcp")
            ))
        }
        Value::Null | Value::Seq(_) => None,
    }
}
