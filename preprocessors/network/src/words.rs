//! The picture's words: what each step does, and between whom there is no way.
//!
//! The legend, the text version and the description all say it in these words.

use crate::model::{Container, End, Flow, Model, Obstacle, Route, Stack};

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
    rest.push(way(model, flow));
    let rest = rest.join(", ");
    match &flow.words {
        Some(words) => (head, format!("{words} ({rest})")),
        None => (head, rest),
    }
}

/// The way that a flow takes, or why it doesn't.
fn way(model: &Model, flow: &Flow) -> String {
    let host = |end: End| match end {
        End::Container(c) => host_name(model, c),
        End::Client(_) => "the host".to_owned(),
    };
    match &flow.route {
        Route::Network(network) => {
            let network = &model.networks[*network];
            if network.kind == crate::model::Kind::DefaultBridge {
                format!("over {}, by address only", network.name)
            } else {
                format!("over {}", network.name)
            }
        }
        Route::Published(port) => match flow.to {
            End::Container(c) => {
                let owner = &model.containers[model.stack_owner(c)];
                format!(
                    "through port {} of {}",
                    owner.ports[*port].host_side(),
                    host(flow.to)
                )
            }
            End::Client(_) => "through the host".to_owned(),
        },
        Route::Direct => direct(model, flow),
        Route::Out => match flow.from {
            End::Container(c) if model.in_host_mode(c) => {
                "out by the host's own network".to_owned()
            }
            _ => format!("out through {}, under its address", host(flow.from)),
        },
        Route::Blocked(obstacle) => format!("no way: {}", reason(model, flow, *obstacle)),
    }
}

fn direct(model: &Model, flow: &Flow) -> String {
    if let (End::Container(a), End::Container(b)) = (flow.from, flow.to) {
        if model.stack_owner(a) == model.stack_owner(b) {
            return "inside one network stack, as localhost".to_owned();
        }
        if model.in_host_mode(a) {
            return "from the host, by address".to_owned();
        }
    }
    match flow.to {
        End::Container(c) if model.in_host_mode(c) => {
            format!("a port of {} itself", host_name(model, c))
        }
        _ => "straight to its own address on the LAN".to_owned(),
    }
}

fn reason(model: &Model, flow: &Flow, obstacle: Obstacle) -> String {
    match obstacle {
        Obstacle::NoSharedNetwork => "they share no network".to_owned(),
        Obstacle::NoNames => "the default bridge resolves no names".to_owned(),
        Obstacle::NotPublished => match flow.port {
            Some((port, _)) => format!("port {port} is not published"),
            None => "it publishes no port".to_owned(),
        },
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

/// The name of a container's host, fit for the middle of a sentence.
pub(crate) fn host_name(model: &Model, container: usize) -> String {
    let host = &model.hosts[model.containers[container].host];
    if host.declared {
        host.name.clone()
    } else {
        "the host".to_owned()
    }
}

/// Whether `flow` leads from one of the two containers to the other.
pub(crate) fn is_between(flow: &Flow, a: usize, b: usize) -> bool {
    let ends = [flow.from, flow.to];
    ends.contains(&End::Container(a)) && ends.contains(&End::Container(b))
}

/// More sentences about two networks each than this, nobody reads.
const MANY: usize = 4;

/// Sentences about containers that can't reach one another, few and short: pairs if there are few,
/// else what separates whole networks. Pairs for which `told` holds are left out.
pub(crate) fn isolation(model: &Model, told: impl Fn(usize, usize) -> bool) -> Vec<String> {
    let mut notes = Vec::new();
    for container in &model.containers {
        if container.stack == Stack::None {
            notes.push(format!(
                "{} has no network: no way to it or from it",
                container.name
            ));
        }
    }
    notes.extend(taken_ports(model));
    let apart = apart(model);
    let untold: Vec<&(usize, Vec<usize>)> = apart
        .iter()
        .filter(|(a, others)| !others.iter().all(|b| told(*a, *b)))
        .collect();
    if untold.is_empty() {
        return notes;
    }
    if apart.len() <= 3 && apart.iter().all(|(_, others)| others.len() <= 4) {
        for (a, others) in untold {
            let others: Vec<&str> = others
                .iter()
                .filter(|b| !told(*a, **b))
                .map(|b| model.containers[*b].name.as_str())
                .collect();
            let a = &model.containers[*a].name;
            notes.push(format!("No way between {a} and {}", list(&others, "or")));
        }
        return notes;
    }
    let between = between_networks(model);
    if between.len() > MANY {
        notes.push("No way between containers that have no network in common".to_owned());
    } else {
        notes.extend(between);
    }
    notes
}

/// Each container with those after it that it has no way to.
fn apart(model: &Model) -> Vec<(usize, Vec<usize>)> {
    let lone = |c: usize| {
        let owner = model.stack_owner(c);
        matches!(
            model.containers[owner].stack,
            Stack::None | Stack::Elsewhere(_)
        ) || model.in_host_mode(c)
    };
    let count = model.containers.len();
    (0..count)
        .filter(|a| !lone(*a))
        .map(|a| {
            let others = (a + 1..count).filter(|&b| {
                !lone(b)
                    && model.stack_owner(a) != model.stack_owner(b)
                    && model.shared(a, b).is_empty()
            });
            (a, others.collect::<Vec<usize>>())
        })
        .filter(|(_, others)| !others.is_empty())
        .collect()
}

/// For each two networks that keep some containers apart: who is on both, if anyone.
fn between_networks(model: &Model) -> Vec<String> {
    let members: Vec<Vec<usize>> = (0..model.networks.len())
        .map(|n| model.members(n))
        .collect();
    let mut notes = Vec::new();
    for a in 0..members.len() {
        for b in a + 1..members.len() {
            let both: Vec<&str> = members[a]
                .iter()
                .filter(|c| members[b].contains(c))
                .map(|c| model.containers[*c].name.as_str())
                .collect();
            let only = |these: &[usize], those: &[usize]| these.iter().any(|c| !those.contains(c));
            if !only(&members[a], &members[b]) || !only(&members[b], &members[a]) {
                continue;
            }
            let (first, second) = (&model.networks[a].name, &model.networks[b].name);
            notes.push(match both.as_slice() {
                [] => format!("No way between {first} and {second}: nobody is on both"),
                [one] => format!("No way between {first} and {second}: only {one} is on both"),
                many if many.len() <= 3 => {
                    format!(
                        "No way between {first} and {second}: only {} are on both",
                        list(many, "and")
                    )
                }
                many => format!(
                    "No way between {first} and {second} but for the {} on both",
                    many.len()
                ),
            });
        }
    }
    notes
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
