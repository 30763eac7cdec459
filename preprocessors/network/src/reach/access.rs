//! What a container's networks let it do beyond themselves: reach its host, be published, go out.

use std::net::IpAddr;

use super::engine::ReleaseLine;
use super::{Answer, Doubt, Obstacle, Origin, Way};
use crate::model::{Container, Model, Network, NetworkKind, Stack};

/// Options of drivers with which the rules hold, or that the rules know.
const KNOWN_OPTIONS: [&str; 10] = [
    ICC,
    HOST_BINDING,
    "com.docker.network.bridge.name",
    "com.docker.network.bridge.default_bridge",
    "com.docker.network.container_iface_prefix",
    "com.docker.network.driver.mtu",
    "com.docker.network.driver.overlay.vxlanid_list",
    "encrypted",
    "parent",
    "mtu",
];
const ICC: &str = "com.docker.network.bridge.enable_icc";
const HOST_BINDING: &str = "com.docker.network.bridge.host_binding_ipv4";
/// Modes that are the default of their drivers.
const DEFAULT_MODES: [(&str, &str); 2] = [("macvlan_mode", "bridge"), ("ipvlan_mode", "l2")];

/// What a network is to the host that its containers run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tie {
    /// The host stands on it (a bridge), and carries what leads out.
    Open,
    /// The host stands on it, and carries nothing out.
    Closed,
    /// The host doesn't stand on it, and carries what leads out: an overlay.
    Carried,
    /// A network of its own.
    Apart,
    /// The LAN, on which containers have addresses of their own; they and their host don't hear one another.
    Lan,
    /// It may be any of these.
    Unknown(Doubt),
}

impl Network {
    pub(super) fn tie(&self, at: usize) -> Tie {
        if !self.driver_known {
            return Tie::Unknown(Doubt::UnknownNetwork(at));
        }
        if self
            .options
            .iter()
            .any(|(key, value)| !is_known(key, value))
        {
            return Tie::Unknown(Doubt::DriverOption(at));
        }
        match (&self.kind, self.internal) {
            (NetworkKind::Bridge | NetworkKind::DefaultBridge, false) => Tie::Open,
            (NetworkKind::Bridge | NetworkKind::DefaultBridge, true) => Tie::Closed,
            (NetworkKind::Overlay, false) => Tie::Carried,
            (NetworkKind::Overlay | NetworkKind::Macvlan | NetworkKind::Ipvlan, true) => Tie::Apart,
            (NetworkKind::Macvlan | NetworkKind::Ipvlan, false) => Tie::Lan,
            (NetworkKind::Plugin(_), _) => Tie::Unknown(Doubt::UnknownNetwork(at)),
        }
    }

    /// Whether its containers may talk to one another.
    pub(crate) fn talks_within(&self) -> bool {
        !self
            .options
            .iter()
            .any(|(key, value)| key == ICC && value.eq_ignore_ascii_case("false"))
    }

    /// The address at which ports are published that name none, if the network says so.
    pub(crate) fn binding(&self) -> Option<IpAddr> {
        let (_, address) = self.options.iter().find(|(key, _)| key == HOST_BINDING)?;
        address.parse().ok()
    }
}

fn is_known(key: &str, value: &str) -> bool {
    KNOWN_OPTIONS.contains(&key) || DEFAULT_MODES.contains(&(key, value))
}

/// The networks of the stack that `container` uses, and what each is to the host.
pub(super) fn ties(model: &Model, container: usize) -> impl Iterator<Item = (usize, Tie)> + '_ {
    model
        .interfaces(container)
        .iter()
        .map(|i| (i.network, model.networks[i.network].tie(i.network)))
}

/// Whether nothing can be published for `container`: it is on networks, and the host carries nothing into any.
pub(crate) fn nothing_published(model: &Model, container: usize) -> bool {
    let mut ties = ties(model, container).peekable();
    ties.peek().is_some() && ties.all(|(_, tie)| matches!(tie, Tie::Closed | Tie::Apart | Tie::Lan))
}

/// Which addresses of a host someone reaches.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct HostAccess {
    /// Those of its loopback: who asks is the host.
    pub(super) loopback: bool,
    /// All its IPv4 addresses but those.
    pub(super) ipv4: bool,
    /// All its IPv6 addresses but those.
    pub(super) ipv6: bool,
    /// The address that it has on an internal network.
    pub(super) gateway: bool,
    /// The IPv6 address that it has on an internal network.
    pub(super) gateway6: bool,
    /// Some of its addresses are out of reach: those on the LAN, for who is on it himself.
    pub(super) not_all: bool,
    pub(super) doubt: Option<Doubt>,
}

impl HostAccess {
    pub(super) fn any(&self) -> bool {
        self.loopback || self.ipv4 || self.ipv6 || self.gateway || self.gateway6
    }
}

/// Whether `from` is `host` itself: it, or who uses its network stack.
pub(super) fn is_host(model: &Model, from: Origin, host: usize) -> bool {
    match from {
        Origin::Host(at) => at == host,
        Origin::Container(c) => model.in_host_mode(c) && model.containers[c].host == host,
        Origin::Outside => false,
    }
}

/// Which addresses of `host` does `from` reach?
pub(super) fn host_access(model: &Model, from: Origin, host: usize) -> HostAccess {
    let everywhere = HostAccess {
        ipv4: true,
        ipv6: true,
        ..HostAccess::default()
    };
    if is_host(model, from, host) {
        return HostAccess {
            loopback: true,
            ..everywhere
        };
    }
    let Origin::Container(container) = from else {
        return everywhere;
    };
    if model.in_host_mode(container) {
        return everywhere;
    }
    let here = model.containers[container].host == host;
    let mut access = HostAccess::default();
    for (at, tie) in ties(model, container) {
        let network = &model.networks[at];
        match tie {
            Tie::Open | Tie::Carried if here => {
                access.ipv4 |= network.ipv4;
                access.ipv6 |= network.ipv6;
            }
            Tie::Closed if here => {
                access.gateway = true;
                access.gateway6 |= network.ipv6;
            }
            Tie::Lan if here => access.not_all = true,
            Tie::Open | Tie::Carried | Tie::Lan => {
                access.ipv4 |= network.ipv4;
                if network.ipv6 {
                    access.doubt = Some(Doubt::Ipv6BetweenHosts);
                }
            }
            Tie::Closed | Tie::Apart => {}
            Tie::Unknown(doubt) => access.doubt = Some(doubt),
        }
    }
    access
}

/// Whether `from` reaches `host`: by echo, or a port on which the host itself listens.
pub(super) fn to_host(model: &Model, from: Origin, host: usize) -> Answer {
    if let Origin::Container(container) = from {
        match &model.containers[model.stack_owner(container)].stack {
            Stack::None => return Answer::NoWay(Obstacle::NoNetwork),
            Stack::Elsewhere(_) => return Answer::NotKnown(Doubt::ElsewhereStack),
            Stack::Unknown(_) => return Answer::NotKnown(Doubt::Unset),
            _ => {}
        }
    }
    let access = host_access(model, from, host);
    if access.any() {
        return Answer::Ways(vec![Way::HostPort]);
    }
    match access.doubt {
        Some(doubt) => Answer::NotKnown(doubt),
        None if access.not_all => Answer::NoWay(Obstacle::HostHidden),
        None => Answer::NoWay(Obstacle::NoWayOut),
    }
}

/// Whether the default route of `container` may be that of an internal network, though it is on an overlay: 20.10 sets
/// one on internal networks, too.
fn led_astray(model: &Model, line: ReleaseLine, container: usize) -> bool {
    let has = |wanted: Tie| ties(model, container).any(|(_, tie)| tie == wanted);
    line == ReleaseLine::V20 && has(Tie::Carried) && has(Tie::Closed) && !has(Tie::Open)
}

/// Whether what is published for `container` may get no answer, because its default route leads elsewhere.
pub(super) fn answers_astray(model: &Model, line: ReleaseLine, container: usize) -> bool {
    ties(model, container).any(|(_, tie)| tie == Tie::Lan) || led_astray(model, line, container)
}

/// Whether `container` reaches what is outside its host.
pub(super) fn outwards(model: &Model, line: ReleaseLine, container: usize) -> Answer {
    let Container { stack, .. } = &model.containers[model.stack_owner(container)];
    match stack {
        Stack::None => return Answer::NoWay(Obstacle::NoNetwork),
        Stack::Elsewhere(_) => return Answer::NotKnown(Doubt::ElsewhereStack),
        Stack::Unknown(_) => return Answer::NotKnown(Doubt::Unset),
        Stack::Host => return Answer::Ways(vec![Way::Out]),
        Stack::Own | Stack::Of(_) => {}
    }
    if led_astray(model, line, container) {
        return Answer::NotKnown(Doubt::DefaultRoute);
    }
    let mut doubt = None;
    for (at, tie) in ties(model, container) {
        match tie {
            Tie::Open | Tie::Carried | Tie::Lan if model.networks[at].ipv4 => {
                return Answer::Ways(vec![Way::Out]);
            }
            Tie::Open | Tie::Carried | Tie::Lan => doubt = Some(Doubt::Ipv6BetweenHosts),
            Tie::Closed | Tie::Apart => {}
            Tie::Unknown(why) => doubt = Some(why),
        }
    }
    match doubt {
        Some(doubt) => Answer::NotKnown(doubt),
        None => Answer::NoWay(Obstacle::NoWayOut),
    }
}
