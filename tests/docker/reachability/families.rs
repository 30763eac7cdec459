//! The topologies: some written by hand, the others made from a seed, family by family.

use super::topology::{
    BRIDGE, BRIDGE6, Bind, INTERNAL, INTERNAL6, MACVLAN, Net, OVERLAY, Service, Stack, Topology,
};
use seaworthy_mutants::Random;

/// A family: what its first network and its first service are, and what may be beside them.
struct Family {
    name: &'static str,
    first: &'static [Net],
    second: &'static [Net],
    /// Whether the first service uses the host's stack instead of the first network.
    host: bool,
    binds: &'static [Option<Bind>],
}

const ANY: Option<Bind> = Some(Bind::Unsaid);
const V4: Option<Bind> = Some(Bind::At("0.0.0.0"));
const V6: Option<Bind> = Some(Bind::At("::"));
const LOOPBACK: Option<Bind> = Some(Bind::At("127.0.0.1"));
const LOOPBACK2: Option<Bind> = Some(Bind::At("127.0.0.2"));
const LOOPBACK6: Option<Bind> = Some(Bind::At("::1"));
const LAN: Option<Bind> = Some(Bind::Lan);
const LAN6: Option<Bind> = Some(Bind::Lan6);

const FAMILIES: [Family; 6] = [
    Family {
        name: "loopback",
        first: &[BRIDGE, BRIDGE6],
        second: &[BRIDGE, INTERNAL, BRIDGE6],
        host: false,
        binds: &[LOOPBACK, LOOPBACK, LOOPBACK2, LOOPBACK6],
    },
    Family {
        name: "internal",
        first: &[INTERNAL, INTERNAL6],
        second: &[BRIDGE, INTERNAL, BRIDGE6],
        host: false,
        binds: &[ANY, None, LOOPBACK, V4],
    },
    Family {
        name: "macvlan",
        first: &[MACVLAN],
        second: &[BRIDGE, INTERNAL, BRIDGE6],
        host: false,
        binds: &[ANY, None, LOOPBACK],
    },
    Family {
        name: "host mode",
        first: &[BRIDGE, INTERNAL, MACVLAN],
        second: &[BRIDGE, INTERNAL, BRIDGE6],
        host: true,
        binds: &[None],
    },
    Family {
        name: "IPv6",
        first: &[BRIDGE6, INTERNAL6],
        second: &[BRIDGE6, BRIDGE6, INTERNAL6, BRIDGE],
        host: false,
        binds: &[ANY, V6, V4, LAN6, None],
    },
    Family {
        name: "through a port",
        first: &[BRIDGE],
        second: &[BRIDGE, INTERNAL],
        host: false,
        binds: &[ANY, V4, LAN],
    },
];

/// How many of each family are made from the seed.
const EACH: usize = 7;

/// All topologies.
pub(crate) fn all(seed: u64) -> Vec<Topology> {
    let mut random = Random::new(seed);
    let mut all = by_hand();
    for family in &FAMILIES {
        all.extend((0..EACH).map(|_| made(family, &mut random)));
    }
    all
}

fn pick<T: Copy>(list: &[T], random: &mut Random) -> T {
    let mut list = list.to_vec();
    random.shuffle(&mut list);
    list[0]
}

fn made(family: &Family, random: &mut Random) -> Topology {
    let networks = vec![pick(family.first, random), pick(family.second, random)];
    let first = Service {
        published: pick(family.binds, random),
        ..if family.host {
            Service::with(Stack::Host)
        } else {
            Service::on(&[0])
        }
    };
    let second = Service {
        published: pick(&[None, None, ANY, LOOPBACK], random),
        ..Service::on(&[1])
    };
    let kinds = [
        Stack::On(vec![0]),
        Stack::On(vec![0, 1]),
        Stack::On(vec![1]),
        Stack::DefaultBridge,
        Stack::Host,
        Stack::Of(1),
        Stack::None,
    ];
    let kind = |random: &mut Random| kinds[pick(&[0, 0, 1, 1, 2, 3, 4, 5, 6], random)].clone();
    let third = Service {
        published: pick(&[None, ANY, None], random),
        ..Service::with(kind(random))
    };
    let mut services = vec![first, second, third];
    if pick(&[true, false], random) {
        services.push(Service::with(kind(random)));
    }
    // What shares a stack, uses the host's or has none publishes nothing.
    for service in &mut services {
        if matches!(service.stack, Stack::Of(_) | Stack::Host | Stack::None) {
            service.published = None;
        }
    }
    // Two shared stacks would want one port.
    let sharing = |s: &Service| matches!(s.stack, Stack::Of(_));
    if services.iter().filter(|s| sharing(s)).count() > 1 {
        services.pop();
    }
    Topology {
        family: family.name,
        networks,
        services,
    }
}

fn hand(
    family: &'static str,
    networks: &[Net],
    services: impl IntoIterator<Item = Service>,
) -> Topology {
    Topology {
        family,
        networks: networks.to_vec(),
        services: services.into_iter().collect(),
    }
}

const NO_ICC: Net = BRIDGE.with("com.docker.network.bridge.enable_icc", "false");
const BOUND: Net = BRIDGE.with("com.docker.network.bridge.host_binding_ipv4", "127.0.0.1");
const OVERLAY_INTERNAL: Net = Net {
    internal: true,
    ..OVERLAY
};

fn by_hand() -> Vec<Topology> {
    let on = Service::on;
    let bridged = || Service::with(Stack::DefaultBridge);
    let in_host_mode = || Service::with(Stack::Host);
    let open = |service: Service| service.publishing(Bind::Unsaid);
    let local = |service: Service| service.publishing(Bind::At("127.0.0.1"));
    vec![
        // An attacker and a database that is published for its host only.
        hand("loopback", &[BRIDGE], [local(on(&[0])), on(&[0])]),
        hand(
            "loopback",
            &[],
            [local(bridged()), bridged(), in_host_mode()],
        ),
        // The way round through the host's port.
        hand(
            "through a port",
            &[BRIDGE, BRIDGE],
            [on(&[0]), open(on(&[1]))],
        ),
        hand(
            "through a port",
            &[BRIDGE],
            [open(bridged()), open(on(&[0]))],
        ),
        // Published from nowhere.
        hand("internal", &[INTERNAL, BRIDGE], [open(on(&[0])), on(&[1])]),
        hand(
            "internal",
            &[INTERNAL, BRIDGE],
            [open(on(&[0, 1])), on(&[0]), on(&[1])],
        ),
        hand(
            "internal",
            &[INTERNAL6, BRIDGE, BRIDGE6],
            [on(&[0]), open(on(&[1])), open(on(&[2]))],
        ),
        hand(
            "macvlan",
            &[MACVLAN, BRIDGE],
            [open(on(&[0])), on(&[1]), in_host_mode()],
        ),
        hand(
            "macvlan",
            &[MACVLAN, BRIDGE],
            [open(on(&[0, 1])), on(&[0]), on(&[1])],
        ),
        hand(
            "IPv6",
            &[BRIDGE6, BRIDGE6],
            [on(&[0]), on(&[1]), open(on(&[0, 1]))],
        ),
        // Options of bridges.
        hand(
            "options",
            &[NO_ICC],
            [open(on(&[0])), on(&[0]), in_host_mode()],
        ),
        hand(
            "options",
            &[BOUND, BRIDGE],
            [open(on(&[0])), on(&[0]), on(&[1])],
        ),
        // Two computers.
        hand(
            "two hosts",
            &[BRIDGE, BRIDGE],
            [open(on(&[0])), open(on(&[1]).at(1)), on(&[1]).at(1)],
        ),
        hand(
            "two hosts",
            &[BRIDGE, BRIDGE],
            [local(on(&[0])), on(&[1]).at(1), in_host_mode().at(1)],
        ),
        hand(
            "two hosts",
            &[INTERNAL, BRIDGE],
            [on(&[0]), in_host_mode().at(1), open(on(&[1]).at(1))],
        ),
        hand(
            "two hosts",
            &[MACVLAN, BRIDGE, BRIDGE],
            [on(&[0]), open(on(&[1]).at(1)), on(&[2])],
        ),
        hand(
            "two hosts",
            &[OVERLAY, BRIDGE],
            [open(on(&[0])), on(&[0]).at(1), on(&[1]).at(1)],
        ),
        hand(
            "overlay",
            &[OVERLAY, OVERLAY],
            [open(on(&[0])), on(&[0]), on(&[1])],
        ),
        hand(
            "overlay",
            &[OVERLAY_INTERNAL, BRIDGE],
            [open(on(&[0])), open(on(&[1])), in_host_mode()],
        ),
        hand(
            "overlay",
            &[OVERLAY, INTERNAL],
            [open(on(&[0])), on(&[1]), on(&[0, 1])],
        ),
    ]
}
