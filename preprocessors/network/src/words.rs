//! The picture's words: what each step does, and what is known of ways.
//!
//! The legend, the text version, the description and the faults of arrows all say it in these words. Who reaches whom
//! is told in [`isolation`].

use crate::model::{Container, End, Flow, Model, NetworkKind, Stack};
use crate::reach::{Doubt, Obstacle, Way};

pub(crate) use isolation::isolation;

mod isolation;

/// A step as a head ("browser → web") and the rest ("to port 80, through port 8080 of the host").
pub(crate) fn step(model: &Model, flow: &Flow) -> (String, String) {
    let head = format!(
        "{} → {}",
        model.end_name(flow.from),
        model.end_name(flow.to)
    );
    let mut rest: Vec<String> = Vec::new();
    if let Some((port, protocol)) = flow.port {
        rest.push(format!("port {port}{}", protocol.suffix()));
    }
    rest.push(match flow.route {
        Ok(way) => through(model, flow, way),
        Err(obstacle) => format!("no way: {}", reason(model, flow, obstacle)),
    });
    let rest = rest.join(", ");
    match &flow.words {
        Some(words) => (head, format!("{words} ({rest})")),
        None => (head, rest),
    }
}

/// The way that a flow takes.
fn through(model: &Model, flow: &Flow, way: Way) -> String {
    let host = |end: End| match end {
        End::Container(c) => host_name(model, c),
        End::Client(_) => "the host".to_owned(),
    };
    match way {
        Way::Network(network) => {
            let network = &model.networks[network];
            if network.kind == NetworkKind::DefaultBridge {
                format!("over {}, by address only", network.name)
            } else {
                format!("over {}", network.name)
            }
        }
        Way::Published(port) => match flow.to {
            End::Container(c) => through_port(model, c, port),
            End::Client(_) => "through the host".to_owned(),
        },
        Way::Loopback => "inside one network stack, as localhost".to_owned(),
        Way::HostPort => format!("a port of {} itself", host(flow.to)),
        Way::FromHost(_) => "from the host, by address".to_owned(),
        Way::Lan(_) => "straight to its own address on the LAN".to_owned(),
        Way::Routed(network) => format!(
            "by its IPv6 address on {}, which Docker Engine {} does not keep apart",
            model.networks[network].name, model.engine
        ),
        Way::Out => match flow.from {
            End::Container(c) if model.in_host_mode(c) => {
                "out by the host's own network".to_owned()
            }
            _ => format!("out through {}, under its address", host(flow.from)),
        },
    }
}

/// "through port 8080 of docker-host", by the index of the port.
pub(crate) fn through_port(model: &Model, container: usize, port: usize) -> String {
    let owner = &model.containers[model.stack_owner(container)];
    format!(
        "through port {} of {}",
        owner.ports[port].host_side(),
        host_name(model, container)
    )
}

fn reason(model: &Model, flow: &Flow, obstacle: Obstacle) -> String {
    match obstacle {
        Obstacle::NoSharedNetwork => "they share no network".to_owned(),
        Obstacle::NoNames => "the default bridge resolves no names".to_owned(),
        Obstacle::NotPublished => match flow.port {
            Some((port, _)) => format!("port {port} is not published"),
            None => "it publishes no port".to_owned(),
        },
        Obstacle::NothingPublished => "nothing is published from its networks".to_owned(),
        Obstacle::LoopbackOnly => "it is published for its host only".to_owned(),
        Obstacle::OtherFamily => {
            "it is published for another kind of addresses than the source has".to_owned()
        }
        Obstacle::HostsPort(own) => format!("this is the host's port, its own is {own}"),
        Obstacle::KeptApart(network) => {
            format!(
                "{} keeps its containers apart",
                model.networks[network].name
            )
        }
        Obstacle::HostHidden => "macvlan and ipvlan keep it and the host apart".to_owned(),
        Obstacle::NoWayOut => "its networks are internal".to_owned(),
        Obstacle::NoNetwork => {
            let cut_off = |end: End| match end {
                End::Container(c) => model.containers[model.stack_owner(c)].stack == Stack::None,
                End::Client(_) => false,
            };
            let who = if cut_off(flow.from) {
                flow.from
            } else {
                flow.to
            };
            format!("{} has no network", model.end_name(who))
        }
        Obstacle::PortTaken => "another container holds the port".to_owned(),
    }
}

/// Why something isn't known, as the rest of a sentence.
pub(crate) fn doubt(model: &Model, doubt: Doubt) -> String {
    match doubt {
        Doubt::ElsewhereStack => {
            "one of the two uses the network of a container that isn't in the picture".to_owned()
        }
        Doubt::UnknownNetwork(network) => format!(
            "nothing here says what kind of network `{}` is",
            model.networks[network].name
        ),
        Doubt::DriverOption(network) => format!(
            "it depends on the driver options of `{}`",
            model.networks[network].name
        ),
        Doubt::Neighbours => format!(
            "Docker Engine {} lets in whoever is on the host's network and sets a route, unless the host's firewall forbids it",
            model.engine
        ),
        Doubt::Ipv6BetweenHosts => "it depends on how IPv6 is carried between the hosts".to_owned(),
        Doubt::DefaultRoute => {
            "it depends on which of a container's networks has the default route".to_owned()
        }
        Doubt::Unset => "it depends on a variable that is not set".to_owned(),
        Doubt::HostAddress => "it depends on which address of the host is asked".to_owned(),
        Doubt::Version => format!(
            "engines differ there, and Docker Engine {} was not looked at",
            model.engine
        ),
    }
}

/// The name of a container's host, fit for the middle of a sentence.
pub(crate) fn host_name(model: &Model, container: usize) -> String {
    let host = &model.hosts[model.containers[container].host];
    if host.declared {
        host.name.clone()
    } else {
        "the host".to_owned()
    }
}

/// Ports that two containers in host mode both want.
fn taken_ports(model: &Model) -> Vec<String> {
    let mut notes = Vec::new();
    for (at, container) in model.containers.iter().enumerate() {
        if container.stack != Stack::Host {
            continue;
        }
        for (ports, protocol) in &container.listens {
            if let Some(holder) = model.port_holder(at, *ports, *protocol) {
                let Container { name, .. } = container;
                let holder = &model.containers[holder].name;
                notes.push(format!("{name} can't listen on port {ports}: {holder} holds it, and the host has it once"));
            }
        }
    }
    notes
}

/// "a", "a and b", "a, b and c".
pub(crate) fn list(items: &[&str], conjunction: &str) -> String {
    match items.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} {conjunction} {last}", rest.join(", ")),
    }
}
