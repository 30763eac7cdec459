//! The rules themselves. Enter at [`inwards`].

use std::net::IpAddr;

use super::access::{Tie, answers_astray, host_access, is_host, nothing_published, ties, to_host};
use super::engine::ReleaseLine;
use super::{Answer, Doubt, Obstacle, Origin, Question, Way};
use crate::compose::{PortRange, Protocol};
use crate::model::{Model, NetworkKind, Port, Stack};

/// What was found: ways, and why there aren't more.
#[derive(Default)]
struct Found {
    ways: Vec<Way>,
    doubts: Vec<Doubt>,
    /// The most telling first.
    obstacles: Vec<Obstacle>,
}

impl Found {
    fn answer(self) -> Answer {
        match (self.ways.is_empty(), self.doubts.first()) {
            (false, _) => Answer::Ways(self.ways),
            (true, Some(doubt)) => Answer::NotKnown(*doubt),
            (true, None) => {
                // Of several ports, one at a loopback address says least.
                let telling = self
                    .obstacles
                    .iter()
                    .min_by_key(|o| **o == Obstacle::LoopbackOnly);
                Answer::NoWay(telling.copied().unwrap_or(Obstacle::NoSharedNetwork))
            }
        }
    }
}

/// Whether and how `question` gets from `from` to the container `to`, on engines of version `line`.
pub(super) fn inwards(
    model: &Model,
    line: ReleaseLine,
    from: Origin,
    to: usize,
    question: Question,
) -> Answer {
    if let Some(own) = hosts_port(model, to, question) {
        return Answer::NoWay(Obstacle::HostsPort(own));
    }
    if let Origin::Container(a) = from
        && one_stack(model, a, to)
    {
        return Answer::Ways(vec![Way::Loopback]);
    }
    let stack = |c: usize| &model.containers[model.stack_owner(c)].stack;
    let stacks = [Some(to), container_of(from)].into_iter().flatten();
    let stacks: Vec<&Stack> = stacks.map(stack).collect();
    if stacks.contains(&&Stack::None) {
        return Answer::NoWay(Obstacle::NoNetwork);
    }
    if stacks.iter().any(|s| matches!(s, Stack::Elsewhere(_))) {
        return Answer::NotKnown(Doubt::ElsewhereStack);
    }
    if stacks.iter().any(|s| matches!(s, Stack::Unknown(_))) {
        return Answer::NotKnown(Doubt::Unset);
    }
    if model.in_host_mode(to) {
        if port_is_taken(model, to, question) {
            return Answer::NoWay(Obstacle::PortTaken);
        }
        return to_host(model, from, model.containers[to].host);
    }
    let mut found = Found::default();
    shared(model, from, to, &mut found);
    from_host(model, from, to, &mut found);
    published(model, line, from, to, question, &mut found);
    on_lan(model, from, to, &mut found);
    not_kept_apart(model, line, from, to, &mut found);
    if from == Origin::Outside && line < ReleaseLine::V28 && lets_neighbours_in(model, line, to) {
        found.doubts.push(Doubt::Neighbours);
    }
    found.answer()
}

/// Whether someone on the LAN who sets a route gets to the addresses of `container`.
fn lets_neighbours_in(model: &Model, line: ReleaseLine, container: usize) -> bool {
    ties(model, container).any(|(network, tie)| match tie {
        Tie::Open => true,
        Tie::Closed => line == ReleaseLine::V20 && model.networks[network].ipv6,
        _ => false,
    })
}

fn container_of(from: Origin) -> Option<usize> {
    match from {
        Origin::Container(c) => Some(c),
        Origin::Host(_) | Origin::Outside => None,
    }
}

/// Whether the two use one network stack that isn't their host's.
fn one_stack(model: &Model, a: usize, b: usize) -> bool {
    let (a, b) = (model.stack_owner(a), model.stack_owner(b));
    let (one, other) = (&model.containers[a], &model.containers[b]);
    if one.stack == Stack::Host {
        return false;
    }
    a == b
        || (matches!(&one.stack, Stack::Elsewhere(_))
            && one.stack == other.stack
            && one.host == other.host)
}

/// Whether `a` finds `b` by its name.
pub(super) fn by_name(model: &Model, a: usize, b: usize) -> bool {
    let resolves = |network: &usize| model.networks[*network].kind != NetworkKind::DefaultBridge;
    model.shared(a, b).iter().any(resolves)
}

/// In host mode, a port on which another container listens already.
fn port_is_taken(model: &Model, container: usize, question: Question) -> bool {
    let Question::Port(port, protocol) = question else {
        return false;
    };
    let range = PortRange {
        first: port,
        last: port,
    };
    let listens = |(ports, p): &(PortRange, Protocol)| *p == protocol && ports.contains(port);
    model.containers[container].listens.iter().any(listens)
        && model.port_holder(container, range, protocol).is_some()
}

/// Over a network that both are on; one that resolves names first.
fn shared(model: &Model, from: Origin, to: usize, found: &mut Found) {
    let Origin::Container(a) = from else {
        return;
    };
    let mut shared = model.shared(a, to);
    shared.sort_by_key(|n| model.networks[*n].kind == NetworkKind::DefaultBridge);
    for network in shared {
        if !model.networks[network].talks_within() {
            found.obstacles.push(Obstacle::KeptApart(network));
        } else if let Tie::Unknown(doubt @ Doubt::DriverOption(_)) =
            model.networks[network].tie(network)
            && model.networks[network].kind.is_on_lan()
        {
            found.doubts.push(doubt);
        } else {
            found.ways.push(Way::Network(network));
        }
    }
}

/// If `question` names a port of the host that leads to another port of the container: that one.
fn hosts_port(model: &Model, container: usize, question: Question) -> Option<u16> {
    let Question::Port(port, protocol) = question else {
        return None;
    };
    let owner = &model.containers[model.stack_owner(container)];
    let own = |ports: &PortRange, p: Protocol| p == protocol && ports.contains(port);
    let listens = |c: usize| {
        model.stack_owner(c) == model.stack_owner(container)
            && model.containers[c].listens.iter().any(|(r, p)| own(r, *p))
    };
    // Where a port leads that depends on a variable, nobody knows.
    let led_to = |p: &Port| p.target.is_none_or(|target| own(&target, p.protocol));
    if owner.ports.iter().any(led_to) || (0..model.containers.len()).any(listens) {
        return None;
    }
    owner
        .ports
        .iter()
        .filter(|p| p.protocol == protocol)
        .find_map(|p| p.behind(port))
}

/// From the host to the addresses that its containers have on bridges.
fn from_host(model: &Model, from: Origin, to: usize, found: &mut Found) {
    if !is_host(model, from, model.containers[to].host) {
        return;
    }
    for (network, tie) in ties(model, to) {
        match tie {
            Tie::Open | Tie::Closed => found.ways.push(Way::FromHost(network)),
            Tie::Unknown(doubt) => found.doubts.push(doubt),
            Tie::Lan => found.obstacles.push(Obstacle::HostHidden),
            Tie::Carried | Tie::Apart => {}
        }
    }
}

/// Through the ports that the container's host publishes.
fn published(
    model: &Model,
    line: ReleaseLine,
    from: Origin,
    to: usize,
    question: Question,
    found: &mut Found,
) {
    let owner = &model.containers[model.stack_owner(to)];
    let asked = |port: &&Port| match question {
        Question::Port(number, protocol) => {
            port.protocol == protocol && port.target.is_none_or(|t| t.contains(number))
        }
        Question::AnyPort => true,
        Question::Ping => false,
    };
    let mut none = true;
    for (at, _) in owner.ports.iter().enumerate().filter(|(_, p)| asked(p)) {
        none = false;
        match enters(model, line, from, to, at) {
            Answer::Ways(ways) => found.ways.extend(ways),
            Answer::NoWay(obstacle) => found.obstacles.push(obstacle),
            Answer::NotKnown(doubt) => found.doubts.push(doubt),
        }
    }
    if none && from == Origin::Outside && found.obstacles.is_empty() {
        found.obstacles.push(if nothing_published(model, to) {
            Obstacle::NothingPublished
        } else {
            Obstacle::NotPublished
        });
    }
}

/// Whether `from` reaches the host's side of the published port `at`, and is let in there.
pub(super) fn enters(
    model: &Model,
    line: ReleaseLine,
    from: Origin,
    to: usize,
    at: usize,
) -> Answer {
    let host = model.containers[to].host;
    let port = &model.containers[model.stack_owner(to)].ports[at];
    let access = host_access(model, from, host);
    let way = || Answer::Ways(vec![Way::Published(at)]);
    if port.depends() {
        return Answer::NotKnown(Doubt::Unset);
    }
    if let Some(doubt) = ties(model, to).find_map(|(network, tie)| match tie {
        // Made elsewhere, and published: the file says that it is.
        Tie::Unknown(doubt) if model.networks[network].driver_known => Some(doubt),
        _ => None,
    }) {
        return Answer::NotKnown(doubt);
    }
    if answers_astray(model, line, to) {
        return Answer::NotKnown(Doubt::DefaultRoute);
    }
    let (fits, other) = match port.host_ip {
        Some(ip) if ip.is_loopback() && access.loopback => return way(),
        Some(ip) if ip.is_loopback() => {
            return if from == Origin::Outside && line < ReleaseLine::V28 && ip.is_ipv4() {
                Answer::NotKnown(Doubt::Neighbours)
            } else {
                Answer::NoWay(Obstacle::LoopbackOnly)
            };
        }
        Some(ip) if !ip.is_unspecified() && depends_on_address(model, from, ip, access.not_all) => {
            return Answer::NotKnown(Doubt::HostAddress);
        }
        Some(IpAddr::V4(_)) => (access.ipv4, access.ipv6),
        Some(IpAddr::V6(_)) => (access.ipv6, access.ipv4),
        None => (access.ipv4 || access.ipv6, false),
    };
    if fits {
        return way();
    }
    if access.gateway6
        && port
            .host_ip
            .is_none_or(|ip| ip.is_unspecified() && ip.is_ipv6())
    {
        return match through_proxy(model, line, to) {
            Ok(true) => way(),
            Ok(false) => Answer::NoWay(Obstacle::NoWayOut),
            Err(doubt) => Answer::NotKnown(doubt),
        };
    }
    match access.doubt {
        Some(doubt) => Answer::NotKnown(doubt),
        None if other => Answer::NoWay(Obstacle::OtherFamily),
        None if access.gateway => Answer::NoWay(Obstacle::NoWayOut),
        None if access.not_all => Answer::NoWay(Obstacle::HostHidden),
        None => Answer::NoWay(Obstacle::NoWayOut),
    }
}

/// Whether it matters which address of the host `ip` is: only some are reached.
fn depends_on_address(model: &Model, from: Origin, ip: IpAddr, not_all: bool) -> bool {
    let on_container_network = model
        .networks
        .iter()
        .any(|n| n.subnets.iter().any(|s| s.contains(ip)) && !n.kind.is_on_lan());
    let elsewhere = container_of(from).is_some_and(|c| !model.in_host_mode(c));
    match from {
        Origin::Outside => on_container_network,
        _ => elsewhere && not_all && !on_container_network,
    }
}

/// From an internal network, by the IPv6 address that the host has there. What a proxy passes on gets through: before
/// 28 that is everything, since then what is bound for containers without IPv6.
fn through_proxy(model: &Model, line: ReleaseLine, to: usize) -> Result<bool, Doubt> {
    let open = ties(model, to).filter(|(_, tie)| matches!(tie, Tie::Open | Tie::Carried));
    let spoken: Vec<bool> = open
        .map(|(network, _)| model.networks[network].ipv6)
        .collect();
    if line < ReleaseLine::V28 || spoken.iter().all(|ipv6| !ipv6) {
        Ok(true)
    } else if spoken.iter().all(|ipv6| *ipv6) {
        Ok(false)
    } else {
        Err(Doubt::HostAddress)
    }
}

/// To its own address on the LAN.
fn on_lan(model: &Model, from: Origin, to: usize, found: &mut Found) {
    let host = model.containers[to].host;
    for (network, tie) in ties(model, to) {
        match (tie, from) {
            (Tie::Lan, Origin::Outside) => found.ways.push(Way::Lan(network)),
            (Tie::Lan, Origin::Host(at)) if at != host => found.ways.push(Way::Lan(network)),
            (Tie::Lan, Origin::Container(a)) => lan_from_container(model, a, to, network, found),
            // What isn't known may have an address on the LAN.
            (Tie::Unknown(doubt), Origin::Outside) => found.doubts.push(doubt),
            (Tie::Unknown(doubt), Origin::Container(a)) => {
                let may_meet = |tie| matches!(tie, Tie::Unknown(_) | Tie::Lan);
                if ties(model, a).any(|(n, tie)| n != network && may_meet(tie)) {
                    found.doubts.push(doubt);
                }
            }
            _ => {}
        }
    }
}

fn lan_from_container(model: &Model, a: usize, to: usize, network: usize, found: &mut Found) {
    if model.containers[a].host != model.containers[to].host {
        if model.in_host_mode(a) || ties(model, a).any(|(_, t)| leads_out(t)) {
            found.ways.push(Way::Lan(network));
        }
        return;
    }
    for (other, tie) in ties(model, a) {
        match tie {
            // On one host: over a router, if there is one.
            Tie::Lan if other != network => found.doubts.push(Doubt::UnknownNetwork(network)),
            Tie::Unknown(doubt) if other != network => found.doubts.push(doubt),
            _ => {}
        }
    }
}

fn leads_out(tie: Tie) -> bool {
    matches!(tie, Tie::Open | Tie::Carried | Tie::Lan)
}

/// By IPv6, engines before 27 don't keep the networks of a host apart. From and to internal networks that works on
/// 20.10, where they too have a way out of them.
fn not_kept_apart(model: &Model, line: ReleaseLine, from: Origin, to: usize, found: &mut Found) {
    let Origin::Container(a) = from else {
        return;
    };
    if line >= ReleaseLine::V28 || model.containers[a].host != model.containers[to].host {
        return;
    }
    let passes = |(network, tie): &(usize, Tie)| {
        model.networks[*network].ipv6
            && (*tie == Tie::Open || (*tie == Tie::Closed && line == ReleaseLine::V20))
    };
    if !ties(model, a).any(|tie| passes(&tie)) {
        return;
    }
    let shared = model.shared(a, to);
    let reached = ties(model, to).filter(passes).map(|(network, _)| network);
    let reached = reached.filter(|network| !shared.contains(network));
    found.ways.extend(reached.map(Way::Routed));
}
