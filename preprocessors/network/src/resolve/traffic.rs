//! Which way each arrow takes, or that there is none.
//!
//! The rules are the engine's: containers reach one another over a network that both are on; what is
//! outside reaches a published port, a container in host mode, or one with an address on the LAN; a
//! container reaches the outside unless all its networks are internal.

use seaworthy_blocks::Fault;

use crate::compose::{Arrow, Document, Text, unknown};
use crate::model::{End, Flow, Kind, Model, Obstacle, Route, Stack};

/// Fills the model's flows.
pub(super) fn resolve(document: &Document, model: &mut Model, faults: &mut Vec<Fault>) {
    for arrow in &document.traffic {
        if let Some(flow) = flow(arrow, model, faults) {
            model.flows.push(flow);
        }
    }
}

fn flow(arrow: &Arrow, model: &Model, faults: &mut Vec<Fault>) -> Option<Flow> {
    let from = end(&arrow.from, model, faults);
    if let Some(host) = model
        .hosts
        .iter()
        .position(|h| h.name == arrow.to.name.value)
    {
        return to_host(arrow, from?, host, model, faults);
    }
    let (from, to) = from.zip(end(&arrow.to.name, model, faults))?;
    let port = arrow.to.port;
    let found = match (from, to) {
        _ if from == to => {
            faults.push(
                Fault::error(
                    arrow.span.clone(),
                    format!("`{}` sends to itself", model.end_name(from)),
                )
                .help("an arrow leads from one to another"),
            );
            return None;
        }
        (End::Container(a), End::Container(b)) => between(a, b, port, model),
        (End::Client(_), End::Container(b)) => inwards(b, port, model),
        (End::Container(a), End::Client(_)) => outwards(a, model),
        (End::Client(_), End::Client(_)) => {
            faults.push(
                Fault::error(arrow.span.clone(), "this arrow touches no container")
                    .help("one of its ends must be a service"),
            );
            return None;
        }
    };
    let route = match (found, arrow.blocked) {
        (Ok(_), true) if by_address_only(from, to, model) => Route::Blocked(Obstacle::NoNames),
        (Ok(route), true) => {
            faults.push(gets_through(arrow, from, to, &route, model));
            return None;
        }
        (Ok(route), false) => route,
        (Err(obstacle), true) => Route::Blocked(obstacle),
        (Err(obstacle), false) => {
            faults.push(no_way(arrow, from, to, obstacle, model));
            return None;
        }
    };
    Some(Flow {
        from,
        to,
        port,
        words: arrow.words.clone(),
        route,
    })
}

fn end(name: &Text, model: &Model, faults: &mut Vec<Fault>) -> Option<End> {
    // `web:80` has its port cut off already.
    if let Some(at) = model.containers.iter().position(|c| c.name == name.value) {
        return Some(End::Container(at));
    }
    if let Some(at) = model.clients.iter().position(|c| c.name == name.value) {
        return Some(End::Client(at));
    }
    if model.hosts.iter().any(|h| h.name == name.value) {
        faults.push(
            Fault::error(name.span.clone(), format!("`{}` is a host: no arrow starts there", name.value))
                .help("an arrow starts at a service or a client; name a client for whoever sits at the host"),
        );
        return None;
    }
    let known: Vec<&str> = model
        .containers
        .iter()
        .map(|c| c.name.as_str())
        .chain(model.clients.iter().map(|c| c.name.as_str()))
        .collect();
    let fault = unknown("service or client", name, &known);
    let help = format!(
        "{}; whoever is outside belongs into `x-clients`",
        fault.help
    );
    faults.push(fault.help(help));
    None
}

/// A port as an arrow names it.
type Asked = Option<(u16, crate::compose::Protocol)>;

fn between(a: usize, b: usize, port: Asked, model: &Model) -> Result<Route, Obstacle> {
    if isolated(a, model) || isolated(b, model) {
        return Err(Obstacle::NoNetwork);
    }
    if model.stack_owner(a) == model.stack_owner(b) {
        // One stack: `localhost` leads there.
        return Ok(Route::Direct);
    }
    if let Some(network) = best_shared(a, b, model) {
        return Ok(Route::Network(network));
    }
    let same_host = model.containers[a].host == model.containers[b].host;
    if model.in_host_mode(b) && model.has_way_out(a) {
        return taken_or(b, port, model);
    }
    if model.in_host_mode(a) && same_host {
        return Ok(Route::Direct);
    }
    Err(Obstacle::NoSharedNetwork)
}

/// Among the networks that both are on, one that resolves names.
fn best_shared(a: usize, b: usize, model: &Model) -> Option<usize> {
    let shared = model.shared(a, b);
    let named = shared
        .iter()
        .copied()
        .find(|&n| model.networks[n].kind != Kind::DefaultBridge);
    named.or(shared.first().copied())
}

fn isolated(container: usize, model: &Model) -> bool {
    model.containers[model.stack_owner(container)].stack == Stack::None
}

fn inwards(container: usize, port: Asked, model: &Model) -> Result<Route, Obstacle> {
    if isolated(container, model) {
        return Err(Obstacle::NoNetwork);
    }
    if model.in_host_mode(container) {
        return taken_or(container, port, model);
    }
    let owner = &model.containers[model.stack_owner(container)];
    let published = owner.ports.iter().position(|candidate| match port {
        Some((port, protocol)) => candidate.protocol == protocol && candidate.target.contains(port),
        None => true,
    });
    if let Some(at) = published {
        return Ok(Route::Published(at));
    }
    let on_lan = owner
        .interfaces
        .iter()
        .any(|i| model.networks[i.network].kind.is_on_lan() && !model.networks[i.network].internal);
    if on_lan {
        return Ok(Route::Direct);
    }
    Err(Obstacle::NotPublished)
}

/// A container in host mode is reached directly, unless another holds the port.
fn taken_or(container: usize, port: Asked, model: &Model) -> Result<Route, Obstacle> {
    let Some((port, protocol)) = port else {
        return Ok(Route::Direct);
    };
    let range = crate::compose::PortRange {
        first: port,
        last: port,
    };
    let listens = model.containers[container]
        .listens
        .iter()
        .any(|(ports, p)| *p == protocol && ports.contains(port));
    match model.port_holder(container, range, protocol) {
        Some(_) if listens => Err(Obstacle::PortTaken),
        _ => Ok(Route::Direct),
    }
}

fn outwards(container: usize, model: &Model) -> Result<Route, Obstacle> {
    if isolated(container, model) {
        Err(Obstacle::NoNetwork)
    } else if model.has_way_out(container) {
        Ok(Route::Out)
    } else {
        Err(Obstacle::NoWayOut)
    }
}

/// `web -> docker-host:8080`: to whichever container answers on that port of the host.
fn to_host(
    arrow: &Arrow,
    from: End,
    host: usize,
    model: &Model,
    faults: &mut Vec<Fault>,
) -> Option<Flow> {
    let name = &arrow.to.name;
    let Some((port, protocol)) = arrow.to.port else {
        faults.push(
            Fault::error(
                name.span.clone(),
                format!("`{}` is a host: name a port of it", name.value),
            )
            .help(format!(
                "write `{}:8080`, a port that a container publishes",
                name.value
            )),
        );
        return None;
    };
    if let End::Container(container) = from
        && !model.has_way_out(container)
    {
        faults.push(no_way(arrow, from, from, Obstacle::NoWayOut, model));
        return None;
    }
    let here = (0..model.containers.len()).filter(|&c| model.containers[c].host == host);
    for container in here {
        let candidate = &model.containers[container];
        let published = candidate.ports.iter().position(|p| {
            p.protocol == protocol && p.published.is_some_and(|ports| ports.contains(port))
        });
        let route = match published {
            Some(at) => Route::Published(at),
            None if model.in_host_mode(container)
                && candidate
                    .listens
                    .iter()
                    .any(|(ports, p)| *p == protocol && ports.contains(port)) =>
            {
                Route::Direct
            }
            None => continue,
        };
        if arrow.blocked {
            faults.push(gets_through(
                arrow,
                from,
                End::Container(container),
                &route,
                model,
            ));
            return None;
        }
        let inside = match &route {
            Route::Published(at) => {
                let entry = &candidate.ports[*at];
                let offset = entry.published.map_or(0, |ports| port - ports.first);
                entry
                    .target
                    .first
                    .saturating_add(offset)
                    .min(entry.target.last)
            }
            _ => port,
        };
        return Some(Flow {
            from,
            to: End::Container(container),
            port: Some((inside, protocol)),
            words: arrow.words.clone(),
            route,
        });
    }
    faults.push(
        Fault::error(
            name.span.clone(),
            format!("nothing answers on port {port} of `{}`", name.value),
        )
        .help("a service there must publish the port, as in `ports: [\"8080:80\"]`"),
    );
    None
}

/// Whether the two reach one another by address but not by name.
fn by_address_only(from: End, to: End, model: &Model) -> bool {
    let (End::Container(a), End::Container(b)) = (from, to) else {
        return false;
    };
    best_shared(a, b, model).is_some_and(|n| model.networks[n].kind == Kind::DefaultBridge)
}

fn gets_through(arrow: &Arrow, from: End, to: End, route: &Route, model: &Model) -> Fault {
    let how = match route {
        Route::Network(network) => format!("both are on `{}`", model.networks[*network].name),
        Route::Published(port) => match to {
            End::Container(c) => {
                let owner = model.stack_owner(c);
                format!(
                    "it publishes port {}",
                    model.containers[owner].ports[*port].host_side()
                )
            }
            End::Client(_) => "it is published".to_owned(),
        },
        Route::Out => "one of its networks has a way out".to_owned(),
        Route::Direct | Route::Blocked(_) => "the host's network leads there".to_owned(),
    };
    let (from, to) = (model.end_name(from), model.end_name(to));
    Fault::error(
        arrow.span.clone(),
        format!("`{from}` can reach `{to}`: {how}"),
    )
    .label("this does get through")
    .help("write `->`, or change the networks so that there is no way")
}

/// The fault that there is no way: it says why, for that is what a picture is to teach.
fn no_way(arrow: &Arrow, from: End, to: End, obstacle: Obstacle, model: &Model) -> Fault {
    let (source, target) = (model.end_name(from), model.end_name(to));
    let cross = format!("`{source} -x {target}` draws that there is no way");
    match obstacle {
        Obstacle::NoSharedNetwork | Obstacle::NoNames => {
            let on = |end: End| match end {
                End::Container(c) => networks_of(c, model),
                End::Client(_) => "outside".to_owned(),
            };
            Fault::error(
                arrow.span.clone(),
                format!("`{source}` can't reach `{target}`: they share no network"),
            )
            .label(format!("`{source}` is {}, `{target}` is {}", on(from), on(to)))
            .help(format!(
                "networks are isolated from one another: a container reaches only those on a network that it is on itself, by name and by address. \
                 Put one of the two on the other's network, or both on a third; {cross}"
            ))
        }
        Obstacle::NotPublished => {
            let (message, advice) = match (arrow.to.port, to) {
                (Some((port, _)), End::Container(c))
                    if published_side(c, port, model).is_some() =>
                {
                    let target_port = published_side(c, port, model).unwrap_or(port);
                    (
                        format!(
                            "`{target}` publishes port {port} of the host, but does not listen on it itself"
                        ),
                        format!("an arrow names the container's port: `{target}:{target_port}`"),
                    )
                }
                (Some((port, _)), _) => (
                    format!("`{source}` can't reach `{target}`: its port {port} is not published"),
                    format!(
                        "what is outside reaches only published ports: add `ports: [\"8080:{port}\"]` to `{target}`"
                    ),
                ),
                (None, _) => (
                    format!("`{source}` can't reach `{target}`: it publishes no port"),
                    format!(
                        "what is outside reaches only published ports: add `ports: [\"8080:80\"]` to `{target}`"
                    ),
                ),
            };
            Fault::error(arrow.span.clone(), message).help(format!("{advice}; {cross}"))
        }
        Obstacle::NoWayOut => Fault::error(
            arrow.span.clone(),
            format!("`{source}` can't reach the outside: its networks are internal"),
        )
        .help(format!(
            "`internal: true` cuts a network off: add a network without it; {cross}"
        )),
        Obstacle::NoNetwork => {
            let cut_off = |end: End| matches!(end, End::Container(c) if isolated(c, model));
            let who = if cut_off(from) { source } else { target };
            Fault::error(
                arrow.span.clone(),
                format!("`{source}` can't reach `{target}`: `{who}` has no network"),
            )
            .help(format!(
                "`network_mode: none` leaves a container nothing but itself; {cross}"
            ))
        }
        Obstacle::PortTaken => Fault::error(
            arrow.span.clone(),
            format!("`{source}` can't reach `{target}` there: another container holds the port"),
        )
        .help(format!(
            "in host mode all containers share the host's ports: let one listen on another; {cross}"
        )),
    }
}

/// "on `front` and `back`".
fn networks_of(container: usize, model: &Model) -> String {
    let names: Vec<&str> = model
        .interfaces(container)
        .iter()
        .map(|i| model.networks[i.network].name.as_str())
        .collect();
    match names.split_last() {
        _ if model.in_host_mode(container) => "on the host's network".to_owned(),
        None => "on no network".to_owned(),
        Some((last, [])) => format!("on {last}"),
        Some((last, rest)) => format!("on {} and {last}", rest.join(", ")),
    }
}

/// The container's port behind the host's `port`.
fn published_side(container: usize, port: u16, model: &Model) -> Option<u16> {
    model.containers[model.stack_owner(container)]
        .ports
        .iter()
        .find(|p| p.published.is_some_and(|ports| ports.contains(port)))
        .map(|p| p.target.first)
}
