//! `services`. Enter at [`read_all`].

use std::ops::Range;

use seaworthy_blocks::{Fault, FaultCode};

use super::fields::{entries, key_text, names, names_or_keys, text};
use super::keys::{self, Level};
use super::ports::{self, PortDecl, PortRange, Protocol};
use super::{Author, Text};
use crate::project::unset;
use crate::yaml::{Node, Value};

/// A service, as it is declared.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub(crate) name: Text,
    pub(crate) container_name: Option<String>,
    /// `None` without `networks`: then the service is on the network `default`.
    pub(crate) networks: Option<Vec<Join>>,
    pub(crate) mode: Option<Mode>,
    pub(crate) ports: Vec<PortDecl>,
    pub(crate) expose: Vec<(PortRange, Protocol)>,
    pub(crate) depends_on: Vec<Text>,
    pub(crate) profiles: Vec<String>,
    /// Where `networks` stands, if there is a `network_mode` as well.
    pub(crate) contradicts: Option<Range<usize>>,
}

/// A service's place on a network.
#[derive(Clone, Debug)]
pub(crate) struct Join {
    pub(crate) network: Text,
    pub(crate) ipv4: Option<Text>,
    pub(crate) ipv6: Option<Text>,
    pub(crate) aliases: Vec<String>,
}

/// `network_mode`.
#[derive(Clone, Debug)]
pub(crate) struct Mode {
    pub(crate) span: Range<usize>,
    pub(crate) kind: ModeKind,
}

/// What `network_mode` says.
#[derive(Clone, Debug)]
pub(crate) enum ModeKind {
    Host,
    None,
    /// The engine's default bridge.
    Bridge,
    /// The network of another service.
    Service(String),
    /// The network of a container, by its name.
    Container(String),
    /// A network by its name.
    Network(String),
    /// It depends on a variable that isn't set: as it is written.
    Unknown(String),
}

/// Reads `services:`.
pub(crate) fn read_all(node: &Node, author: Author, faults: &mut Vec<Fault>) -> Vec<Service> {
    let services = entries(node, "`services`", faults).into_iter();
    let read = services.map(|(key, node)| read(key_text(key), node, author, faults));
    read.collect()
}

fn read(name: Text, node: &Node, author: Author, faults: &mut Vec<Fault>) -> Service {
    let what = format!("the service `{}`", name.value);
    let mut service = Service {
        name,
        container_name: None,
        networks: None,
        mode: None,
        ports: Vec::new(),
        expose: Vec::new(),
        depends_on: Vec::new(),
        profiles: Vec::new(),
        contradicts: None,
    };
    let mut networks_at = None;
    for (key, node) in entries(node, &what, faults) {
        match key.name.as_str() {
            "container_name" => {
                service.container_name = text(node, "`container_name`", faults).map(|t| t.value)
            }
            "networks" if is_empty(node) => {}
            "networks" => {
                networks_at = Some(key.span.clone());
                service.networks = Some(read_joins(node, faults));
            }
            "network_mode" => {
                let written = text(node, "`network_mode`", faults);
                let written = written.filter(|written| !written.value.is_empty());
                service.mode = written.map(|written| Mode {
                    kind: mode(&written.value),
                    span: written.span,
                });
            }
            "ports" => {
                service.ports = ports::read_all(node, faults);
                // Two ways to write one port are one port to Compose; a diagram says each thing once.
                if author == Author::Compose {
                    service.ports = ports::distinct(std::mem::take(&mut service.ports));
                }
            }
            "expose" => service.expose = ports::read_exposed(node, faults),
            "depends_on" => service.depends_on = names_or_keys(node, "`depends_on`", faults),
            "profiles" => {
                service.profiles = names(node, "`profiles`", faults)
                    .into_iter()
                    .map(|t| t.value)
                    .collect();
            }
            _ => keys::check(key, Level::Service, faults),
        }
    }
    if service.mode.is_some() && networks_at.is_some() {
        service.contradicts = networks_at;
        service.mode = None;
    }
    service
}

/// Whether nothing stands there, or an empty list or map.
fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Seq(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Scalar(_) => false,
    }
}

fn mode(written: &str) -> ModeKind {
    match written {
        _ if unset(written).is_some() => ModeKind::Unknown(written.to_owned()),
        "host" => ModeKind::Host,
        "none" => ModeKind::None,
        "bridge" | "default" => ModeKind::Bridge,
        _ => match written.split_once(':') {
            Some(("service", name)) => ModeKind::Service(name.to_owned()),
            Some(("container", name)) => ModeKind::Container(name.to_owned()),
            _ => ModeKind::Network(written.to_owned()),
        },
    }
}

fn read_joins(node: &Node, faults: &mut Vec<Fault>) -> Vec<Join> {
    let bare = |network: Text| Join {
        network,
        ipv4: None,
        ipv6: None,
        aliases: Vec::new(),
    };
    let mut joins: Vec<Join> = Vec::new();
    match &node.value {
        Value::Map(_) => {
            for (key, node) in entries(node, "`networks`", faults) {
                let mut join = bare(key_text(key));
                for (key, node) in entries(
                    node,
                    &format!("the network `{}`", join.network.value),
                    faults,
                ) {
                    match key.name.as_str() {
                        "ipv4_address" => join.ipv4 = text(node, "`ipv4_address`", faults),
                        "ipv6_address" => join.ipv6 = text(node, "`ipv6_address`", faults),
                        "aliases" => {
                            join.aliases = names(node, "`aliases`", faults)
                                .into_iter()
                                .map(|t| t.value)
                                .collect();
                        }
                        _ => keys::check(key, Level::Join, faults),
                    }
                }
                joins.push(join);
            }
        }
        _ => {
            for network in names(node, "`networks`", faults) {
                if joins.iter().any(|join| join.network.value == network.value) {
                    faults.push(Fault::warning(
                        FaultCode::RepeatedKey,
                        network.span,
                        format!("`{}` stands twice in this list", network.value),
                    ));
                } else {
                    joins.push(bare(network));
                }
            }
        }
    }
    joins
}
