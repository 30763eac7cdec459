//! What is said of arrows that claim what isn't so. It says why, for that is what a picture is to teach.

use seaworthy_blocks::{Fault, FaultCode};

use crate::compose::{Arrow, Text};
use crate::model::{End, Model, Stack};
use crate::reach::{Doubt, Obstacle, Way};
use crate::words;

/// The fault of an arrow that leads back.
pub(super) fn sends_to_itself(arrow: &Arrow, name: &str) -> Fault {
    Fault::error(
        FaultCode::InvalidArrow,
        arrow.span.clone(),
        format!("`{name}` sends to itself"),
    )
    .help("an arrow leads from one to another")
}

/// The fault of a host without a port.
pub(super) fn unnamed_port(host: &Text) -> Fault {
    let name = &host.value;
    Fault::error(
        FaultCode::InvalidArrow,
        host.span.clone(),
        format!("`{name}` is a host: name a port of it"),
    )
    .help(format!(
        "write `{name}:8080`, a port that a container publishes"
    ))
}

/// The fault of a host's port behind which there is nobody.
pub(super) fn unanswered(host: &Text, port: u16) -> Fault {
    Fault::error(
        FaultCode::Unreachable,
        host.span.clone(),
        format!("nothing answers on port {port} of `{}`", host.value),
    )
    .help("a service there must publish the port, as in `ports: [\"8080:80\"]`")
}

/// The fault of a crossed-out arrow where there is a way.
pub(super) fn get_through(arrow: &Arrow, from: End, to: End, way: Way, model: &Model) -> Fault {
    let how = match (way, to) {
        (Way::Network(network), _) => format!("both are on `{}`", model.networks[network].name),
        (Way::Published(port), End::Container(c)) => {
            let side = model.containers[model.stack_owner(c)].ports[port].host_side();
            match from {
                End::Container(_) => {
                    format!("it publishes port {side}, and a container reaches its host's ports")
                }
                End::Client(_) => format!("it publishes port {side}"),
            }
        }
        (Way::Lan(network) | Way::FromHost(network), _) => {
            format!(
                "it has an address of its own on `{}`",
                model.networks[network].name
            )
        }
        (Way::Routed(network), _) => format!(
            "Docker Engine {} does not keep IPv6 networks apart, and it has an address on `{}`",
            model.engine, model.networks[network].name
        ),
        (Way::Loopback, _) => "they share one network stack".to_owned(),
        (Way::Out, _) => "one of its networks has a way out".to_owned(),
        (Way::HostPort | Way::Published(_), _) => "the host's network leads there".to_owned(),
    };
    let (from, to) = (model.end_name(from), model.end_name(to));
    Fault::error(
        FaultCode::Reachable,
        arrow.span.clone(),
        format!("`{from}` can reach `{to}`: {how}"),
    )
    .label("this does get through")
    .help("write `->`, or change the networks so that there is no way")
}

/// The fault of an arrow of which nobody knows.
pub(super) fn not_known(arrow: &Arrow, from: End, to: End, doubt: Doubt, model: &Model) -> Fault {
    let (source, target) = (model.end_name(from), model.end_name(to));
    let remedy = match doubt {
        Doubt::ElsewhereStack => {
            "draw the container whose network is shared, or leave the arrow out"
        }
        Doubt::UnknownNetwork(_) => {
            "say what it is (`driver: bridge`, say, and `internal: true` if it is), or leave the arrow out"
        }
        Doubt::DriverOption(_) => "leave the arrow out: this option isn't known here",
        Doubt::Neighbours => {
            "an engine from 28 on keeps them out: say so with `x-docker: 28`, or leave the arrow out"
        }
        Doubt::DefaultRoute => {
            "take the container from its macvlan, ipvlan or internal network, or leave the arrow out"
        }
        Doubt::Unset => "set the variable, give it a default, or leave the arrow out",
        Doubt::HostAddress => {
            "publish the port at all addresses of the host, or leave the arrow out"
        }
        Doubt::Ipv6BetweenHosts => "publish the port for IPv4 too, or leave the arrow out",
        Doubt::Version => {
            "say with `x-docker` which engine is meant: 20.10, 26 and 28 are known; or leave the arrow out"
        }
    };
    let why = words::doubt(model, doubt);
    Fault::error(
        FaultCode::ReachabilityUnknown,
        arrow.span.clone(),
        format!("whether `{source}` can reach `{target}` is not known: {why}"),
    )
    .label("neither `->` nor `-x` can be drawn")
    .help(remedy)
}

/// The fault of an arrow where there is no way.
pub(super) fn no_way(
    arrow: &Arrow,
    from: End,
    to: End,
    obstacle: Obstacle,
    model: &Model,
) -> Fault {
    let (source, target) = (model.end_name(from), model.end_name(to));
    let cross = format!("`{source} -x {}` draws that there is no way", asked(arrow));
    let fault = |message: String| Fault::error(FaultCode::Unreachable, arrow.span.clone(), message);
    let cant = |why: String| fault(format!("`{source}` can't reach `{target}`: {why}"));
    match obstacle {
        Obstacle::NoSharedNetwork | Obstacle::NoNames => cant("they share no network".to_owned())
            .label(apart(from, to, model))
            .help(format!(
                "networks are isolated from one another: a container reaches those on a network that it is on itself, \
                 and ports that are published. Put one of the two on the other's network, or both on a third; {cross}"
            )),
        Obstacle::HostsPort(own) => hosts_port(arrow, target, own, model),
        Obstacle::NotPublished => match arrow.to.port {
            Some((port, _)) => cant(format!("its port {port} is not published")).help(format!(
                "what is outside reaches only published ports: add `ports: [\"8080:{port}\"]` to `{target}`; {cross}"
            )),
            None => cant("it publishes no port".to_owned()).help(format!(
                "what is outside reaches only published ports: add `ports: [\"8080:80\"]` to `{target}`; {cross}"
            )),
        },
        Obstacle::NothingPublished => cant("nothing is published from its networks".to_owned())
            .help(format!(
                "ports are published on bridges and overlays that aren't internal: put `{target}` on one; {cross}"
            )),
        Obstacle::LoopbackOnly => cant("it is published for its host only".to_owned()).help(format!(
            "127.0.0.1 and ::1 are the host's own: publish the port without an address; {cross}"
        )),
        Obstacle::OtherFamily => cant(
            "the port is published for another kind of addresses than it has".to_owned(),
        )
        .help(format!(
            "publish the port without an address, or give `{source}` a network with `enable_ipv6: true`; {cross}"
        )),
        Obstacle::KeptApart(network) => cant(format!(
            "`{}` keeps its containers apart",
            model.networks[network].name
        ))
        .help(format!("`enable_icc: false` does that: remove it; {cross}")),
        Obstacle::HostHidden => cant(format!(
            "a macvlan or ipvlan network keeps `{source}` and the host apart"
        ))
        .help(format!("put the container on a bridge as well; {cross}")),
        Obstacle::NoWayOut => {
            let what = match to {
                End::Client(_) => "can't reach the outside".to_owned(),
                End::Container(_) => format!("can't reach `{target}`"),
            };
            fault(format!("`{source}` {what}: its networks are internal")).help(format!(
                "`internal: true` cuts a network off: add a network without it; {cross}"
            ))
        }
        Obstacle::NoNetwork => {
            let who = if isolated(from, model) { source } else { target };
            cant(format!("`{who}` has no network")).help(format!(
                "`network_mode: none` leaves a container nothing but itself; {cross}"
            ))
        }
        Obstacle::PortTaken => fault(format!(
            "`{source}` can't reach `{target}` there: another container holds the port"
        ))
        .help(format!(
            "in host mode all containers share the host's ports: let one listen on another; {cross}"
        )),
    }
}

/// What the arrow asks for: `db` or `db:3306`.
fn asked(arrow: &Arrow) -> String {
    match arrow.to.port {
        Some((port, protocol)) => {
            format!("{}:{port}{}", arrow.to.name.value, protocol.suffix())
        }
        None => arrow.to.name.value.clone(),
    }
}

fn hosts_port(arrow: &Arrow, target: &str, own: u16, model: &Model) -> Fault {
    let port = arrow.to.port.map_or(0, |(port, _)| port);
    let mut help = format!("an arrow names the container's port: `{target}:{own}`");
    if let Some(host) = model.hosts.iter().find(|host| host.declared) {
        help.push_str(&format!("; the host's is `{}:{port}`", host.name));
    }
    Fault::error(
        FaultCode::Unreachable,
        arrow.span.clone(),
        format!("`{target}` publishes port {port} of the host, but does not listen on it itself"),
    )
    .label(format!("on its networks, `{target}` is at {own}"))
    .help(help)
}

fn isolated(end: End, model: &Model) -> bool {
    matches!(end, End::Container(c) if model.containers[model.stack_owner(c)].stack == Stack::None)
}

/// "`a` is on front, `b` is on back".
fn apart(from: End, to: End, model: &Model) -> String {
    let on = |end: End| match end {
        End::Container(c) => networks_of(c, model),
        End::Client(_) => "outside".to_owned(),
    };
    format!(
        "`{}` is {}, `{}` is {}",
        model.end_name(from),
        on(from),
        model.end_name(to),
        on(to)
    )
}

/// "on `front` and `back`".
fn networks_of(container: usize, model: &Model) -> String {
    let names: Vec<&str> = model
        .interfaces(container)
        .iter()
        .map(|i| model.networks[i.network].name.as_str())
        .collect();
    match names.as_slice() {
        _ if model.in_host_mode(container) => "on the host's network".to_owned(),
        [] => "on no network".to_owned(),
        names => format!("on {}", words::list(names, "and")),
    }
}
