//! `services`. Enter at [`read_all`].

use std::ops::Range;

use seaworthy_blocks::{Fault, FaultCode};

use super::Text;
use super::fields::{entries, key_text, names, names_or_keys, text};
use super::keys::{self, Level};
use super::ports::{self, PortDecl, PortRange, Protocol};
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
    /// The service of this file that this one extends.
    extends: Option<Text>,
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
}

/// Reads `services:`, `extends` within the file resolved.
pub(crate) fn read_all(node: &Node, faults: &mut Vec<Fault>) -> Vec<Service> {
    let mut services: Vec<Service> = entries(node, "`services`", faults)
        .into_iter()
        .map(|(key, node)| read(key_text(key), node, faults))
        .collect();
    // A chain is as long as there are services at most; a ring ends there too.
    for _ in 0..services.len() {
        if !extend_once(&mut services, faults) {
            break;
        }
    }
    services
}

fn read(name: Text, node: &Node, faults: &mut Vec<Fault>) -> Service {
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
        extends: None,
    };
    let mut networks_at = None;
    for (key, node) in entries(node, &what, faults) {
        match key.name.as_str() {
            "container_name" => {
                service.container_name = text(node, "`container_name`", faults).map(|t| t.value)
            }
            "networks" if node.is_null() => {}
            "networks" => {
                networks_at = Some(key.span.clone());
                service.networks = Some(read_joins(node, faults));
            }
            "network_mode" => {
                service.mode = text(node, "`network_mode`", faults).map(|written| Mode {
                    kind: mode(&written.value),
                    span: written.span,
                });
            }
            "ports" => service.ports = ports::read_all(node, faults),
            "expose" => service.expose = ports::read_exposed(node, faults),
            "depends_on" => service.depends_on = names_or_keys(node, "`depends_on`", faults),
            "profiles" => {
                service.profiles = names(node, "`profiles`", faults)
                    .into_iter()
                    .map(|t| t.value)
                    .collect();
            }
            "extends" => service.extends = read_extends(node, faults),
            _ => keys::check(key, Level::Service, faults),
        }
    }
    if let (Some(span), Some(_)) = (networks_at, &service.mode) {
        faults.push(
            Fault::error(
                FaultCode::InvalidNetworkMode,
                span,
                format!(
                    "`{}` has both `networks` and `network_mode`",
                    service.name.value
                ),
            )
            .help("a container takes its networks from one of the two: remove the other"),
        );
        service.mode = None;
    }
    service
}

fn mode(written: &str) -> ModeKind {
    match written {
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

fn read_extends(node: &Node, faults: &mut Vec<Fault>) -> Option<Text> {
    let Value::Map(_) = &node.value else {
        return text(node, "`extends`", faults);
    };
    let (mut service, mut file) = (None, None);
    for (key, node) in entries(node, "`extends`", faults) {
        match key.name.as_str() {
            "service" => service = text(node, "`service`", faults),
            "file" => file = Some(key.span.clone()),
            _ => {}
        }
    }
    if let Some(span) = file {
        faults.push(
            Fault::warning(
                FaultCode::NotDrawn,
                span,
                "what this service extends is in another file, which is not read",
            )
            .help("draw the output of `docker compose config`, in which it is resolved"),
        );
        return None;
    }
    service
}

/// Gives each service that extends a resolved one what it inherits. Whether anything happened.
fn extend_once(services: &mut [Service], faults: &mut Vec<Fault>) -> bool {
    let mut any = false;
    for at in 0..services.len() {
        let Some(base_name) = services[at].extends.clone() else {
            continue;
        };
        let Some(base) = services.iter().find(|s| s.name.value == base_name.value) else {
            let names = services
                .iter()
                .map(|s| s.name.value.as_str())
                .collect::<Vec<_>>();
            faults.push(super::unknown("service", &base_name, &names));
            services[at].extends = None;
            continue;
        };
        if base.extends.is_some() {
            continue;
        }
        let base = base.clone();
        let service = &mut services[at];
        service.extends = None;
        any = true;
        if service.networks.is_none() && service.mode.is_none() {
            service.networks = base.networks;
            service.mode = base.mode;
        } else if let (Some(own), Some(inherited)) = (&mut service.networks, base.networks) {
            let missing: Vec<Join> = inherited
                .into_iter()
                .filter(|join| !own.iter().any(|o| o.network.value == join.network.value))
                .collect();
            own.extend(missing);
        }
        service.ports.splice(0..0, base.ports);
        service.expose.splice(0..0, base.expose);
    }
    any
}
