//! What the picture says of engines.

use std::net::IpAddr;

use crate::address::Subnet;
use crate::compose::{PortRange, Protocol};
use crate::model::{Container, Kind, Model, Stack};

/// All that the picture says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectations {
    /// The hosts, in the picture's order. There is at least one.
    pub hosts: Vec<String>,
    /// The networks.
    pub networks: Vec<ExpectedNetwork>,
    /// The containers.
    pub containers: Vec<ExpectedContainer>,
}

/// A network that must exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedNetwork {
    /// The picture's name for it.
    pub name: String,
    /// The engine's name for it, where the picture says it.
    pub engine_name: Option<String>,
    /// Its driver; `None` if it is made elsewhere and the picture doesn't know.
    pub driver: Option<String>,
    /// Whether it must be internal; `None` as above.
    pub internal: Option<bool>,
    /// The subnets that it must have; none if the picture states none.
    pub subnets: Vec<Subnet>,
    /// The hosts on which it must exist, as indices into [`Expectations::hosts`].
    pub hosts: Vec<usize>,
}

/// A container that must run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedContainer {
    /// The picture's name for it.
    pub name: String,
    /// `container_name`, where it is said.
    pub engine_name: Option<String>,
    /// Its host, as an index into [`Expectations::hosts`].
    pub host: usize,
    /// Whose network stack it must use.
    pub stack: ExpectedStack,
    /// The networks that it must be attached to, and to no others.
    pub networks: Vec<ExpectedMembership>,
    /// The ports that it must publish, and no others.
    pub ports: Vec<ExpectedPort>,
}

/// Whose network stack a container must use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedStack {
    /// Its own.
    Own,
    /// Its own, with no network.
    None,
    /// The host's.
    Host,
    /// That of the container of this name.
    Container(String),
}

/// A place on a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedMembership {
    /// The network, as an index into [`Expectations::networks`].
    pub network: usize,
    /// The addresses that it must have there, where they are stated.
    pub addresses: Vec<IpAddr>,
    /// Further names that it must have there.
    pub aliases: Vec<String>,
}

/// A port that must be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpectedPort {
    /// The host's address; `None` means all.
    pub host_ip: Option<IpAddr>,
    /// The host's port; `None` means any. If there are more of these than of `target`, one of them.
    pub published: Option<PortRange>,
    /// The container's port.
    pub target: PortRange,
    /// The protocol.
    pub protocol: Protocol,
}

/// What `model` says of engines.
pub(crate) fn expectations(model: &Model) -> Expectations {
    let networks = model.networks.iter().enumerate().map(|(at, network)| {
        let mut hosts: Vec<usize> = model
            .members(at)
            .into_iter()
            .map(|c| model.containers[c].host)
            .collect();
        hosts.dedup();
        if hosts.is_empty() {
            hosts.extend(network.host.or(Some(0)));
        }
        let known = !network.external || network.kind == Kind::DefaultBridge;
        ExpectedNetwork {
            name: network.name.clone(),
            engine_name: network
                .real_name
                .clone()
                .or_else(|| (network.kind == Kind::DefaultBridge).then(|| "bridge".to_owned())),
            driver: known.then(|| network.kind.driver().to_owned()),
            internal: known.then_some(network.internal),
            subnets: network.subnets.clone(),
            hosts,
        }
    });
    Expectations {
        hosts: model.hosts.iter().map(|host| host.name.clone()).collect(),
        networks: networks.collect(),
        containers: model
            .containers
            .iter()
            .map(|c| container(model, c))
            .collect(),
    }
}

fn container(model: &Model, container: &Container) -> ExpectedContainer {
    ExpectedContainer {
        name: container.name.clone(),
        engine_name: container.container_name.clone(),
        host: container.host,
        stack: match &container.stack {
            Stack::Own => ExpectedStack::Own,
            Stack::None => ExpectedStack::None,
            Stack::Host => ExpectedStack::Host,
            Stack::Of(owner) => ExpectedStack::Container(model.containers[*owner].name.clone()),
            Stack::Elsewhere(name) => ExpectedStack::Container(name.clone()),
        },
        networks: container
            .interfaces
            .iter()
            .map(|interface| ExpectedMembership {
                network: interface.network,
                addresses: interface.ipv4.into_iter().chain(interface.ipv6).collect(),
                aliases: interface.aliases.clone(),
            })
            .collect(),
        ports: container
            .ports
            .iter()
            .map(|port| ExpectedPort {
                host_ip: port.host_ip,
                published: port.published,
                target: port.target,
                protocol: port.protocol,
            })
            .collect(),
    }
}
