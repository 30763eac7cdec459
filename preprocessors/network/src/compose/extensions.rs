//! What a picture needs and Compose has no word for: `x-hosts`, `x-clients`, `x-traffic`, `x-docker`.
//!
//! Enter at [`read_hosts`], [`read_clients`], [`read_traffic`] and [`read_docker`].

use std::ops::Range;

use seaworthy_blocks::{Fault, FaultCode};

use super::Text;
use super::fields::{entries, key_text, names, text};
use super::ports::Protocol;
use crate::reach::EngineVersion;
use crate::yaml::{Node, Value};

/// A host, as it is declared.
#[derive(Debug)]
pub(crate) struct HostDecl {
    pub(crate) name: Text,
    pub(crate) address: Option<String>,
    /// `None` if it isn't said what runs here: with a single host, everything does.
    pub(crate) services: Option<Vec<Text>>,
}

/// Someone or something outside the hosts.
#[derive(Debug)]
pub(crate) struct ClientDecl {
    pub(crate) name: Text,
    pub(crate) address: Option<String>,
}

/// One arrow: from someone to someone.
#[derive(Debug)]
pub(crate) struct Arrow {
    pub(crate) from: Text,
    pub(crate) to: Stop,
    /// `-x`: shown not to get through.
    pub(crate) blocked: bool,
    pub(crate) words: Option<String>,
    /// The arrow from its first name to its last.
    pub(crate) span: Range<usize>,
}

/// Where an arrow points.
#[derive(Clone, Debug)]
pub(crate) struct Stop {
    pub(crate) name: Text,
    pub(crate) port: Option<(u16, Protocol)>,
}

/// `x-hosts`: a map from a host's name to its address, its services, or both. `None` if it is empty.
pub(crate) fn read_hosts(node: &Node, faults: &mut Vec<Fault>) -> Option<Vec<HostDecl>> {
    let hosts: Vec<HostDecl> = match &node.value {
        // `x-hosts: docker-host`: nothing but a name.
        Value::Scalar(_) => text(node, "`x-hosts`", faults)
            .into_iter()
            .map(|name| HostDecl {
                name,
                address: None,
                services: None,
            })
            .collect(),
        _ => entries(node, "`x-hosts`", faults)
            .into_iter()
            .map(|(key, node)| read_host(key_text(key), node, faults))
            .collect(),
    };
    (!hosts.is_empty()).then_some(hosts)
}

fn read_host(name: Text, node: &Node, faults: &mut Vec<Fault>) -> HostDecl {
    let mut host = HostDecl {
        name,
        address: None,
        services: None,
    };
    match &node.value {
        Value::Scalar(address) => host.address = Some(address.clone()),
        Value::Seq(_) => host.services = Some(names(node, "the host's services", faults)),
        Value::Null => {}
        Value::Map(_) => {
            for (key, node) in entries(node, &format!("the host `{}`", host.name.value), faults) {
                match key.name.as_str() {
                    "address" => host.address = text(node, "`address`", faults).map(|t| t.value),
                    "services" => host.services = Some(names(node, "`services`", faults)),
                    _ => faults.push(
                        Fault::error(
                            FaultCode::UnknownKey,
                            key.span.clone(),
                            format!("a host has no `{}`", key.name),
                        )
                        .help(
                            "a host has an `address` and `services`, the list of what runs there",
                        ),
                    ),
                }
            }
        }
    }
    host
}

/// `x-clients`: a list of names, or a map from a name to an address.
pub(crate) fn read_clients(node: &Node, faults: &mut Vec<Fault>) -> Vec<ClientDecl> {
    match &node.value {
        Value::Map(_) => entries(node, "`x-clients`", faults)
            .into_iter()
            .map(|(key, node)| ClientDecl {
                name: key_text(key),
                address: text(node, "a client's address", faults).map(|t| t.value),
            })
            .collect(),
        _ => names(node, "`x-clients`", faults)
            .into_iter()
            .map(|name| ClientDecl {
                name,
                address: None,
            })
            .collect(),
    }
}

/// `x-docker`: the version of the engines that the picture speaks of.
pub(crate) fn read_docker(node: &Node, faults: &mut Vec<Fault>) -> Option<EngineVersion> {
    let written = text(node, "`x-docker`", faults)?;
    let version = written.value.parse().ok();
    if version.is_none() {
        faults.push(
            Fault::error(
                FaultCode::InvalidVersion,
                written.span,
                format!("`{}` is not a version of Docker Engine", written.value),
            )
            .help("write a version as engines tell it, in quotes: `x-docker: \"20.10\"`"),
        );
    }
    version
}

/// `x-traffic`: a list of arrows, each with or without words. An empty one is no fault.
pub(crate) fn read_traffic(node: &Node, source: &str, faults: &mut Vec<Fault>) -> Vec<Arrow> {
    let mut arrows = Vec::new();
    match &node.value {
        Value::Seq(items) => {
            for item in items {
                match &item.value {
                    Value::Map(_) => read_worded(item, source, &mut arrows, faults),
                    _ => {
                        if let Some(written) = text(item, "an arrow", faults) {
                            read_chain(&written, None, source, &mut arrows, faults);
                        }
                    }
                }
            }
        }
        Value::Null => {}
        Value::Map(_) => read_worded(node, source, &mut arrows, faults),
        Value::Scalar(_) => {
            if let Some(written) = text(node, "an arrow", faults) {
                read_chain(&written, None, source, &mut arrows, faults);
            }
        }
    }
    arrows
}

/// `browser -> web:80: asks for the page`, which YAML reads as a map.
fn read_worded(node: &Node, source: &str, arrows: &mut Vec<Arrow>, faults: &mut Vec<Fault>) {
    for (key, node) in entries(node, "`x-traffic`", faults) {
        let words = text(node, "an arrow's words", faults).map(|t| t.value);
        read_chain(&key_text(key), words, source, arrows, faults);
    }
}

/// `a -> b:80 -> c`: each `->` is an arrow of its own, and each `-x` one that doesn't get through.
fn read_chain(
    written: &Text,
    words: Option<String>,
    source: &str,
    arrows: &mut Vec<Arrow>,
    faults: &mut Vec<Fault>,
) {
    let base = place_of(written, source);
    let span_of = |range: Range<usize>| match base {
        Some(base) => base + range.start..base + range.end,
        None => written.span.clone(),
    };
    let mut stops: Vec<(Stop, bool)> = Vec::new();
    for (range, blocked) in split(&written.value) {
        let name = written.value[range.clone()].trim();
        if name.is_empty() {
            faults.push(not_an_arrow(written));
            return;
        }
        let start = range.start + written.value[range.clone()].find(name).unwrap_or(0);
        match read_step(name, start, &span_of, faults) {
            Some(step) => stops.push((step, blocked)),
            None => return,
        }
    }
    if stops.len() < 2 {
        faults.push(not_an_arrow(written));
        return;
    }
    for pair in stops.windows(2) {
        let [(from, _), (to, blocked)] = pair else {
            continue;
        };
        arrows.push(Arrow {
            from: from.name.clone(),
            to: to.clone(),
            blocked: *blocked,
            words: words.clone(),
            span: from.name.span.start..to.name.span.end.max(from.name.span.end),
        });
    }
}

fn not_an_arrow(written: &Text) -> Fault {
    Fault::error(FaultCode::InvalidArrow, written.span.clone(), format!("`{}` is not an arrow", written.value)).help(
        "write `browser -> web:80`, or `web -x db` for what does not get through; words may follow after `: `",
    )
}

/// The parts between arrows, and whether the arrow before each is a blocked one.
fn split(text: &str) -> Vec<(Range<usize>, bool)> {
    let mut parts = Vec::new();
    let (mut start, mut blocked, mut from) = (0, false, 0);
    while let Some((at, length, next)) = next_arrow(text, from) {
        parts.push((start..at, blocked));
        start = at + length;
        from = start;
        blocked = next;
    }
    parts.push((start..text.len(), blocked));
    parts
}

/// The next `->`, `→` or `-x` (with a blank on both sides: names may hold it): place, length, blocked.
fn next_arrow(text: &str, from: usize) -> Option<(usize, usize, bool)> {
    let plain = ["->", "→"].iter().filter_map(|arrow| {
        text[from..]
            .find(arrow)
            .map(|at| (from + at, arrow.len(), false))
    });
    let crossed = text[from..].find(" -x ").map(|at| (from + at + 1, 2, true));
    plain.chain(crossed).min_by_key(|(at, ..)| *at)
}

/// `name`, `name:80` or `name:53/udp`; `start` is its place in the arrow.
fn read_step(
    written: &str,
    start: usize,
    span_of: &impl Fn(Range<usize>) -> Range<usize>,
    faults: &mut Vec<Fault>,
) -> Option<Stop> {
    let span = span_of(start..start + written.len());
    let Some((name, port)) = written.split_once(':') else {
        return Some(Stop {
            name: Text {
                value: written.to_owned(),
                span,
            },
            port: None,
        });
    };
    let (number, protocol) = port.split_once('/').unwrap_or((port, "tcp"));
    let number = number.trim().parse::<u16>().ok().filter(|n| *n > 0);
    match number.zip(Protocol::parse(protocol.trim())) {
        Some(port) => Some(Stop {
            name: Text {
                value: name.trim().to_owned(),
                span,
            },
            port: Some(port),
        }),
        None => {
            faults.push(Fault::error(FaultCode::InvalidPort, span, format!("`{port}` is not a port")).help(
                "an arrow points at a name and, after a colon, a port: `web:80` or `dns:53/udp`",
            ));
            None
        }
    }
}

/// Where the text stands in the source, letter by letter: not known if quotes hold escapes.
fn place_of(written: &Text, source: &str) -> Option<usize> {
    let slice = source.get(written.span.clone())?;
    slice.find(&written.value).map(|at| written.span.start + at)
}
