//! What a picture shows: hosts, networks, containers and the traffic between them, each by its index.
//!
//! Made by [`crate::resolve`]; every index is valid, every address and port was checked.

use std::net::IpAddr;

use seaworthy_words::Subnet;

use crate::changes::Changes;
use crate::compose::{PortRange, Protocol, Published};
use crate::reach::{EngineVersion, Obstacle, Way};

/// A diagram, resolved.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    /// `name:` of the Compose file.
    pub(crate) name: Option<String>,
    /// At least one.
    pub(crate) hosts: Vec<Host>,
    pub(crate) networks: Vec<Network>,
    /// Grouped by host, in the order of the source; who shares a network stack follows its owner.
    pub(crate) containers: Vec<Container>,
    pub(crate) clients: Vec<Client>,
    pub(crate) flows: Vec<Flow>,
    /// The version of the engines that the picture speaks of: it decides who reaches whom.
    pub(crate) engine: EngineVersion,
    /// What is different from another picture, if this is a comparison: then there are marks, too.
    pub(crate) changes: Option<Changes>,
}

/// What became of something since the other picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Mark {
    /// Nothing, or there is no other picture.
    #[default]
    Same,
    Came,
    Went,
    /// It is in both, and not the same.
    Changed,
}

impl Mark {
    /// What stands before a name.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Mark::Same => "",
            Mark::Came => "+ ",
            Mark::Went => "− ",
            Mark::Changed => "≠ ",
        }
    }
}

/// A computer that runs containers.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    pub(crate) name: String,
    pub(crate) address: Option<String>,
    /// Whether `x-hosts` names it; if not, it is there because containers run somewhere.
    pub(crate) declared: bool,
}

/// A network.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    /// The name that services use for it.
    pub(crate) name: String,
    /// The engine's name for it, where it is said.
    pub(crate) real_name: Option<String>,
    pub(crate) kind: NetworkKind,
    pub(crate) subnets: Vec<Subnet>,
    /// No way out of it.
    pub(crate) internal: bool,
    /// Made elsewhere: what the file doesn't say of it isn't known here.
    pub(crate) external: bool,
    /// Whether its driver is known: it isn't if it is made elsewhere and none is named.
    pub(crate) driver_known: bool,
    /// It has a subnet that is fixed, and isn't known.
    pub(crate) subnet_unknown: bool,
    /// Whether its containers have IPv4 addresses.
    pub(crate) ipv4: bool,
    /// Whether its containers have IPv6 addresses.
    pub(crate) ipv6: bool,
    /// `driver_opts`.
    pub(crate) options: Vec<(String, String)>,
    /// The host on which it exists; `None` if it spans hosts, or lies outside of them.
    pub(crate) host: Option<usize>,
    /// Whether it is left out of the picture: its members' cards name it.
    pub(crate) hidden: bool,
    pub(crate) mark: Mark,
}

/// What makes a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NetworkKind {
    /// The engine's own network `bridge`: no names are resolved on it.
    DefaultBridge,
    /// A bridge that someone made.
    Bridge,
    Overlay,
    Macvlan,
    Ipvlan,
    /// Another driver, by its name.
    Plugin(String),
}

impl NetworkKind {
    /// The driver's name.
    pub(crate) fn driver(&self) -> &str {
        match self {
            NetworkKind::DefaultBridge | NetworkKind::Bridge => "bridge",
            NetworkKind::Overlay => "overlay",
            NetworkKind::Macvlan => "macvlan",
            NetworkKind::Ipvlan => "ipvlan",
            NetworkKind::Plugin(name) => name,
        }
    }

    /// Whether the network lies outside of its hosts.
    pub(crate) fn is_outside(&self) -> bool {
        !matches!(self, NetworkKind::DefaultBridge | NetworkKind::Bridge)
    }

    /// Whether a container on it has an address of its own on the hosts' network.
    pub(crate) fn is_on_lan(&self) -> bool {
        matches!(self, NetworkKind::Macvlan | NetworkKind::Ipvlan)
    }
}

/// A container.
#[derive(Clone, Debug)]
pub(crate) struct Container {
    /// The service's name.
    pub(crate) name: String,
    pub(crate) container_name: Option<String>,
    /// The profiles of which one must be chosen for it to be there, and none is. Empty if it is there.
    pub(crate) waits_for: Vec<String>,
    pub(crate) host: usize,
    pub(crate) stack: Stack,
    /// Its networks, in the order of the source. Empty unless its stack is its own.
    pub(crate) interfaces: Vec<Interface>,
    pub(crate) ports: Vec<Port>,
    /// Ports that it listens on (`expose`).
    pub(crate) listens: Vec<(PortRange, Protocol)>,
    pub(crate) mark: Mark,
}

/// Whose network stack a container uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stack {
    /// Its own.
    Own,
    /// Its own, attached to nothing.
    None,
    /// The host's.
    Host,
    /// Another container's: the index of that container, which shares nobody's itself.
    Of(usize),
    /// That of a container outside the picture.
    Elsewhere(String),
    /// It depends on something that isn't known: as it is written.
    Unknown(String),
}

/// A container's place on a network.
#[derive(Clone, Debug)]
pub(crate) struct Interface {
    pub(crate) network: usize,
    pub(crate) ipv4: Option<IpAddr>,
    pub(crate) ipv6: Option<IpAddr>,
    /// It has an address that is fixed, and isn't known.
    pub(crate) address_unknown: bool,
    pub(crate) aliases: Vec<String>,
    pub(crate) mark: Mark,
}

/// A published port.
#[derive(Clone, Debug)]
pub(crate) struct Port {
    pub(crate) host_ip: Option<IpAddr>,
    pub(crate) published: Published,
    /// `None` if it isn't known.
    pub(crate) target: Option<PortRange>,
    pub(crate) protocol: Protocol,
    pub(crate) mark: Mark,
}

impl Port {
    /// The container's port behind the host's `port`, if this leads anywhere.
    pub(crate) fn behind(&self, port: u16) -> Option<u16> {
        let published = self.ports().filter(|ports| ports.contains(port))?;
        let target = self.target?;
        let behind = target.first.saturating_add(port - published.first);
        Some(behind.min(target.last))
    }

    /// Whether it depends on a variable that isn't set.
    pub(crate) fn depends(&self) -> bool {
        self.target.is_none() || self.published == Published::Unknown
    }

    /// The host's ports, if they are said.
    pub(crate) fn ports(&self) -> Option<PortRange> {
        match self.published {
            Published::Ports(ports) => Some(ports),
            Published::Any | Published::Unknown => None,
        }
    }

    /// The host's ports in a word.
    pub(crate) fn host_ports(&self) -> String {
        match self.published {
            Published::Any => "any".to_owned(),
            Published::Ports(ports) => ports.to_string(),
            Published::Unknown => "?".to_owned(),
        }
    }

    /// The container's ports in a word.
    pub(crate) fn target_ports(&self) -> String {
        self.target
            .map_or("?".to_owned(), |ports| ports.to_string())
    }

    /// The host's side, as it is written: `8080`, `127.0.0.1:8080`, `53/udp`, `any port`.
    pub(crate) fn host_side(&self) -> String {
        let ports = self.host_ports();
        let suffix = self.protocol.suffix();
        match self.host_ip {
            Some(ip @ IpAddr::V6(_)) => format!("[{ip}]:{ports}{suffix}"),
            Some(ip) => format!("{ip}:{ports}{suffix}"),
            None => format!("{ports}{suffix}"),
        }
    }
}

/// Someone or something outside the hosts.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) name: String,
    pub(crate) address: Option<String>,
}

/// One end of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Client(usize),
    Container(usize),
}

/// A numbered arrow.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    pub(crate) from: End,
    pub(crate) to: End,
    /// The container's port that it asks for.
    pub(crate) port: Option<(u16, Protocol)>,
    pub(crate) words: Option<String>,
    /// The way that it takes, or why it doesn't get through.
    pub(crate) route: Result<Way, Obstacle>,
}

impl Model {
    /// The container whose network stack `container` uses: itself, unless it shares another's.
    pub(crate) fn stack_owner(&self, container: usize) -> usize {
        match self.containers[container].stack {
            Stack::Of(owner) => owner,
            _ => container,
        }
    }

    /// The interfaces that `container` uses, its own or those that it shares.
    pub(crate) fn interfaces(&self, container: usize) -> &[Interface] {
        &self.containers[self.stack_owner(container)].interfaces
    }

    /// Whether `container` uses the host's network stack.
    pub(crate) fn in_host_mode(&self, container: usize) -> bool {
        self.containers[self.stack_owner(container)].stack == Stack::Host
    }

    /// The networks that both are on, in the first one's order.
    pub(crate) fn shared(&self, a: usize, b: usize) -> Vec<usize> {
        let theirs = self.interfaces(b);
        self.interfaces(a)
            .iter()
            .map(|i| i.network)
            .filter(|network| theirs.iter().any(|i| i.network == *network))
            .collect()
    }

    /// The containers with an interface of their own on each network.
    pub(crate) fn memberships(&self) -> Vec<Vec<usize>> {
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); self.networks.len()];
        for (at, container) in self.containers.iter().enumerate() {
            for interface in &container.interfaces {
                let on = &mut members[interface.network];
                if on.last() != Some(&at) {
                    on.push(at);
                }
            }
        }
        members
    }

    /// The containers with an interface of their own on `network`.
    pub(crate) fn members(&self, network: usize) -> Vec<usize> {
        (0..self.containers.len())
            .filter(|c| {
                self.containers[*c]
                    .interfaces
                    .iter()
                    .any(|i| i.network == network)
            })
            .collect()
    }

    /// The name of an end.
    pub(crate) fn end_name(&self, end: End) -> &str {
        match end {
            End::Client(client) => &self.clients[client].name,
            End::Container(container) => &self.containers[container].name,
        }
    }

    /// Ports of the host that a container in host mode listens on and an earlier one already holds:
    /// the index of the holder.
    pub(crate) fn port_holder(
        &self,
        container: usize,
        ports: PortRange,
        protocol: Protocol,
    ) -> Option<usize> {
        let host = self.containers[container].host;
        (0..container).find(|&other| {
            let holder = &self.containers[other];
            holder.host == host
                && ((self.in_host_mode(other)
                    && holder
                        .listens
                        .iter()
                        .any(|(held, p)| *p == protocol && held.overlaps(&ports)))
                    || holder.ports.iter().any(|p| {
                        p.protocol == protocol
                            && p.ports().is_some_and(|held| held.overlaps(&ports))
                    }))
        })
    }
}
