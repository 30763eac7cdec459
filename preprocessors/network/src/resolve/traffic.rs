//! Which way each arrow takes, or that there is none: [`Reach`] knows.

use seaworthy_blocks::{Fault, FaultCode};

use super::refusals::{get_through, no_way, not_known, sends_to_itself, unanswered, unnamed_port};
use crate::compose::{Arrow, Document, Text, unknown};
use crate::model::{End, Flow, Model};
use crate::reach::{Answer, Obstacle, Origin, Reach, Way};

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
    if from == to {
        faults.push(sends_to_itself(arrow, model.end_name(from)));
        return None;
    }
    let Some(answer) = ask(arrow, from, to, model) else {
        faults.push(
            Fault::error(
                FaultCode::InvalidArrow,
                arrow.span.clone(),
                "this arrow touches no container",
            )
            .help("one of its ends must be a service"),
        );
        return None;
    };
    let route = route(arrow, from, to, answer, model, faults)?;
    Some(Flow {
        from,
        to,
        port: arrow.to.port,
        words: arrow.words.clone(),
        route,
    })
}

/// Whether there is what the arrow claims that there is, or isn't. `None` between two clients.
fn ask(arrow: &Arrow, from: End, to: End, model: &Model) -> Option<Answer> {
    let reach = Reach::of(model);
    match (from, to) {
        (End::Container(a), End::Client(_)) => Some(reach.out(a)),
        (End::Client(_), End::Client(_)) => None,
        (_, End::Container(to)) if arrow.blocked && by_address_only(from, to, model) => {
            Some(Answer::NoWay(Obstacle::NoNames))
        }
        (_, End::Container(to)) => Some(reach.claim(from, to, arrow.to.port, arrow.blocked)),
    }
}

/// Where a question starts that an arrow from `end` asks.
fn place(end: End) -> Origin {
    match end {
        End::Container(c) => Origin::Container(c),
        End::Client(_) => Origin::Outside,
    }
}

/// Whether two containers reach one another by address but not by name.
fn by_address_only(from: End, to: usize, model: &Model) -> bool {
    matches!(from, End::Container(a)
        if !model.shared(a, to).is_empty() && !Reach::of(model).by_name(a, to))
}

/// What the arrow draws, if `answer` bears it out.
fn route(
    arrow: &Arrow,
    from: End,
    to: End,
    answer: Answer,
    model: &Model,
    faults: &mut Vec<Fault>,
) -> Option<Result<Way, Obstacle>> {
    let fault = match (&answer, answer.way()) {
        (_, Some(way)) if arrow.blocked => get_through(arrow, from, to, way, model),
        (_, Some(way)) => return Some(Ok(way)),
        (Answer::NotKnown(doubt), _) => not_known(arrow, from, to, *doubt, model),
        (Answer::NoWay(obstacle @ Obstacle::HostsPort(_)), _) => {
            no_way(arrow, from, to, *obstacle, model)
        }
        (Answer::NoWay(obstacle), _) if arrow.blocked => return Some(Err(*obstacle)),
        (Answer::NoWay(obstacle), _) => no_way(arrow, from, to, *obstacle, model),
        // No answer has an empty list of ways.
        (Answer::Ways(_), None) => return None,
    };
    faults.push(fault);
    None
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
            Fault::error(FaultCode::InvalidArrow, name.span.clone(), format!("`{}` is a host: no arrow starts there", name.value))
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

/// `web -> docker-host:8080`: to whichever container answers on that port of the host.
fn to_host(
    arrow: &Arrow,
    from: End,
    host: usize,
    model: &Model,
    faults: &mut Vec<Fault>,
) -> Option<Flow> {
    let Some((port, protocol)) = arrow.to.port else {
        faults.push(unnamed_port(&arrow.to.name));
        return None;
    };
    let reach = Reach::of(model);
    let mut answers = Vec::new();
    for (at, container) in model.containers.iter().enumerate() {
        if container.host != host {
            continue;
        }
        for (published, entry) in container.ports.iter().enumerate() {
            if let Some(behind) = entry.behind(port).filter(|_| entry.protocol == protocol) {
                answers.push((at, behind, reach.published(place(from), at, published)));
            }
        }
        let own =
            |(ports, p): &(crate::compose::PortRange, _)| *p == protocol && ports.contains(port);
        if model.in_host_mode(at) && container.listens.iter().any(own) {
            answers.push((at, port, reach.host(place(from), host)));
        }
    }
    // One port may lead to several containers, each at an address of its own.
    let best = |(_, _, answer): &(usize, u16, Answer)| match answer {
        Answer::Ways(_) => 0,
        Answer::NotKnown(_) => 1,
        Answer::NoWay(_) => 2,
    };
    let Some((at, inside, answer)) = answers.into_iter().min_by_key(best) else {
        faults.push(unanswered(&arrow.to.name, port));
        return None;
    };
    let to = End::Container(at);
    let answer = match reach.claim(from, at, Some((inside, protocol)), arrow.blocked) {
        // It is drawn between the two, so no other way may lead there either.
        other @ (Answer::Ways(_) | Answer::NotKnown(_)) if arrow.blocked => other,
        _ => answer,
    };
    let route = route(arrow, from, to, answer, model, faults)?;
    Some(Flow {
        from,
        to,
        port: Some((inside, protocol)),
        words: arrow.words.clone(),
        route,
    })
}
