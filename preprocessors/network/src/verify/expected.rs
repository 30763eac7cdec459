//! What the picture says of engines.

use std::net::IpAddr;

use seaworthy_words::Subnet;

use crate::compose::{PortRange, Protocol};
use crate::model::{Container, End, Flow, Model, NetworkKind, Port, Stack};
use crate::reach::{Answer, EngineVersion, Obstacle, Reach, ReleaseLine};
use crate::words;

/// All that the picture says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectations {
    /// The hosts, in the picture's order. There is at least one.
    pub hosts: Vec<String>,
    /// The networks.
    pub networks: Vec<ExpectedNetwork>,
    /// The containers.
    pub containers: Vec<ExpectedContainer>,
    /// The Compose project, where the picture names it.
    pub project: Option<String>,
    /// What the arrows claim.
    pub traffic: Vec<ExpectedTraffic>,
}

/// An arrow: there is a way, or there is none, and that is so on the engines that the picture speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedTraffic {
    /// Where it starts.
    pub about: String,
    /// The arrow as it is written, such as `web -x db:3306`.
    pub arrow: String,
    /// The host whose engine decides, as an index into [`Expectations::hosts`].
    pub host: usize,
    /// The measured versions for which it isn't so, and why.
    refuted: Vec<(ReleaseLine, String)>,
}

impl ExpectedTraffic {
    /// Why it isn't so on engines of another version.
    pub(super) fn refuted(&self, version: EngineVersion) -> Option<&str> {
        let (below, above) = version.lines();
        let known = |line: ReleaseLine| self.refuted.iter().find(|(l, _)| *l == line);
        let (_, why) = known(above).or_else(|| known(below))?;
        Some(why)
    }
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
    /// Whether it needn't be there: all that are on it wait for a profile that isn't chosen, and Compose makes no network
    /// that nobody uses.
    pub optional: bool,
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
    /// Whether it needn't be there: it waits for a profile that isn't chosen.
    pub optional: bool,
    /// Whose network stack it must use.
    pub stack: ExpectedStack,
    /// The networks that it must be attached to, and to no others.
    pub networks: Vec<ExpectedMembership>,
    /// The ports that it must publish, and no others unless `further_ports`.
    pub ports: Vec<ExpectedPort>,
    /// Whether it may publish others: a variable that isn't set decides.
    pub further_ports: bool,
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
    /// Any: a variable that isn't set decides.
    Any,
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
        let members = model.members(at);
        let waits = |c: &usize| !model.containers[*c].waits_for.is_empty();
        let mut hosts: Vec<usize> = members.iter().map(|c| model.containers[*c].host).collect();
        hosts.dedup();
        if hosts.is_empty() {
            hosts.extend(network.host.or(Some(0)));
        }
        let known = !network.external || network.kind == NetworkKind::DefaultBridge;
        ExpectedNetwork {
            name: network.name.clone(),
            engine_name: network.real_name.clone().or_else(|| {
                (network.kind == NetworkKind::DefaultBridge).then(|| "bridge".to_owned())
            }),
            driver: known.then(|| network.kind.driver().to_owned()),
            internal: known.then_some(network.internal),
            subnets: network.subnets.clone(),
            optional: !members.is_empty() && members.iter().all(waits),
            hosts,
        }
    });
    Expectations {
        traffic: model
            .flows
            .iter()
            .map(|flow| traffic(model, flow))
            .collect(),
        hosts: model.hosts.iter().map(|host| host.name.clone()).collect(),
        project: model.name.clone(),
        networks: networks.collect(),
        containers: model
            .containers
            .iter()
            .map(|c| container(model, c))
            .collect(),
    }
}

fn traffic(model: &Model, flow: &Flow) -> ExpectedTraffic {
    let [from, to] = [flow.from, flow.to].map(|end| model.end_name(end).to_owned());
    let port = flow
        .port
        .map_or(String::new(), |(port, p)| format!(":{port}{}", p.suffix()));
    let sign = if flow.route.is_ok() { "->" } else { "-x" };
    let host = [flow.to, flow.from]
        .into_iter()
        .find_map(|end| match end {
            End::Container(c) => Some(model.containers[c].host),
            End::Client(_) => None,
        })
        .unwrap_or_default();
    let refuted = ReleaseLine::ALL
        .into_iter()
        .filter_map(|line| Some((line, refutation(model, flow, line)?)));
    ExpectedTraffic {
        arrow: format!("{from} {sign} {to}{port}"),
        about: from,
        host,
        refuted: refuted.collect(),
    }
}

/// Why an arrow is not so on engines of a version, if it isn't.
fn refutation(model: &Model, flow: &Flow, line: ReleaseLine) -> Option<String> {
    // Names are the same on all of them.
    if flow.route == Err(Obstacle::NoNames) {
        return None;
    }
    let reach = Reach::on(model, line.version());
    let blocked = flow.route.is_err();
    let answer = match (flow.from, flow.to) {
        (End::Container(a), End::Client(_)) => reach.out(a),
        (from, End::Container(to)) => reach.claim(from, to, flow.port, blocked),
        (End::Client(_), End::Client(_)) => return None,
    };
    match (answer, flow.route) {
        (Answer::NotKnown(doubt), _) => Some(words::doubt(model, doubt)),
        (Answer::Ways(ways), Ok(way)) if !ways.contains(&way) => {
            Some("the way leads elsewhere".to_owned())
        }
        (Answer::Ways(_), Err(_)) => Some("there is a way".to_owned()),
        (Answer::NoWay(_), Ok(_)) => Some("there is no way".to_owned()),
        (Answer::Ways(_), Ok(_)) | (Answer::NoWay(_), Err(_)) => None,
    }
}

fn container(model: &Model, container: &Container) -> ExpectedContainer {
    ExpectedContainer {
        name: container.name.clone(),
        engine_name: container.container_name.clone(),
        host: container.host,
        optional: !container.waits_for.is_empty(),
        stack: match &container.stack {
            Stack::Own => ExpectedStack::Own,
            Stack::None => ExpectedStack::None,
            Stack::Host => ExpectedStack::Host,
            Stack::Of(owner) => ExpectedStack::Container(model.containers[*owner].name.clone()),
            Stack::Elsewhere(name) => ExpectedStack::Container(name.clone()),
            Stack::Unknown(_) => ExpectedStack::Any,
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
            .filter_map(|port| {
                Some(ExpectedPort {
                    host_ip: port.host_ip,
                    published: port.ports(),
                    target: port.target?,
                    protocol: port.protocol,
                })
            })
            .collect(),
        further_ports: container.ports.iter().any(Port::depends),
    }
}
