//! What is answered to who asks whether one reaches another.

/// A way from one to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Over a network that both are on, to the address there: its index in
    /// [`Expectations::networks`](crate::Expectations::networks).
    Network(usize),
    /// To a port that the container's host publishes: the index of the port at the container that owns the network
    /// stack.
    Published(usize),
    /// Within one network stack, as `localhost`.
    Loopback,
    /// The container uses its host's network: to the host's own address.
    HostPort,
    /// From its host, to the container's own address on this network.
    FromHost(usize),
    /// To its own address on the network that the hosts are on.
    Lan(usize),
    /// To its IPv6 address on this network, from another network of its host, which the engine does not keep apart.
    Routed(usize),
    /// From a container out of its host.
    Out,
}

/// Why there is no way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The two share no network.
    NoSharedNetwork,
    /// They share only the default bridge, on which names aren't resolved.
    NoNames,
    /// The target publishes no port (this port).
    NotPublished,
    /// It is on no network from which ports are published.
    NothingPublished,
    /// It is published at a loopback address: for its host only.
    LoopbackOnly,
    /// It is published for IPv6 (or IPv4) only, which the source doesn't speak.
    OtherFamily,
    /// Asked for is a port of the container, and this one is the host's, which leads to another of the container's:
    /// that one.
    HostsPort(u16),
    /// The network that both are on keeps its containers apart.
    KeptApart(usize),
    /// A macvlan or ipvlan network keeps its containers and their host apart.
    HostHidden,
    /// The source's networks have no way out.
    NoWayOut,
    /// One of the two has no network at all.
    NoNetwork,
    /// Another container in host mode holds the port.
    PortTaken,
}

/// Why it isn't known whether there is a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// One of the two uses the network stack of a container that isn't in the picture.
    ElsewhereStack,
    /// The network is made elsewhere, or by a plugin: it may be of any kind.
    UnknownNetwork(usize),
    /// The network has a driver option of which the rules know nothing.
    DriverOption(usize),
    /// An engine before 28 lets in whoever is on the host's network and sets a route, unless the host's firewall
    /// forbids it.
    Neighbours,
    /// It depends on how the networks between the hosts carry IPv6.
    Ipv6BetweenHosts,
    /// It depends on which of a container's networks has the default route: answers take that.
    DefaultRoute,
    /// It depends on which address of the host is meant.
    HostAddress,
    /// It depends on a variable that isn't set.
    Unset,
    /// Engines before and after this version differ, and nobody has looked at this one.
    Version,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// There is a way, or there are several: the best first. Of others it may not be known.
    Ways(Vec<Way>),
    /// There is none.
    NoWay(Obstacle),
    /// It depends on something that the picture doesn't say.
    NotKnown(Doubt),
}

impl Answer {
    /// The best way, if there is one.
    pub(crate) fn way(&self) -> Option<Way> {
        match self {
            Answer::Ways(ways) => ways.first().copied(),
            _ => None,
        }
    }

    pub(super) fn is_alike(&self, other: &Answer) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}
