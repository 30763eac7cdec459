//! Published ports, and who else wants them.

use std::collections::HashMap;
use std::net::IpAddr;

use seaworthy_blocks::{Fault, FaultCode};

use crate::compose::{PortDecl, Protocol, Published, Service};
use crate::model::{Mark, Model, Port, Stack};
use crate::reach;

/// Fills each container's ports. `services` are in the order of the containers.
pub(super) fn publish(services: &[&Service], model: &mut Model, faults: &mut Vec<Fault>) {
    for (at, service) in services.iter().enumerate() {
        if let Some(first) = service.ports.first() {
            check_mode(service, first, model, at, faults);
        }
        if model.containers[at].stack == Stack::Own && !reach::nothing_published(model, at) {
            let binding = binding(model, at);
            model.containers[at].ports = service.ports.iter().map(|p| port(p, binding)).collect();
        }
    }
    check_clashes(services, model, faults);
}

/// The address at which ports are published that name none, if the container's only network says so.
fn binding(model: &Model, container: usize) -> Option<IpAddr> {
    match model.interfaces(container) {
        [only] => model.networks[only.network].binding(),
        _ => None,
    }
}

fn port(declared: &PortDecl, binding: Option<IpAddr>) -> Port {
    Port {
        host_ip: declared.host_ip.or(binding),
        published: declared.published,
        target: declared.target,
        protocol: declared.protocol,
        mark: Mark::Same,
    }
}

fn check_mode(
    service: &Service,
    first: &PortDecl,
    model: &Model,
    at: usize,
    faults: &mut Vec<Fault>,
) {
    let name = &service.name.value;
    let fault = |message: String, help: &str| {
        Fault::warning(FaultCode::PortsWithoutEffect, first.span.clone(), message).help(help)
    };
    match &model.containers[at].stack {
        Stack::Own if reach::nothing_published(model, at) => faults.push(fault(
            format!("nothing is published from the networks of `{name}`: `ports` has no effect"),
            "the host carries nothing into internal, macvlan and ipvlan networks: put the service on a bridge as well, or remove `ports`",
        )),
        Stack::Own | Stack::Unknown(_) => {}
        Stack::Host => faults.push(fault(
            format!("`{name}` uses the host's network: `ports` has no effect"),
            "a container in host mode listens on the host's own ports; to draw one, write `expose`",
        )),
        Stack::None => faults.push(fault(
            format!("`{name}` has no network: `ports` has no effect"),
            "give it a network, or remove `ports`",
        )),
        Stack::Of(owner) => {
            let owner = &model.containers[*owner].name;
            faults.push(
                Fault::error(FaultCode::RefusedByDocker,
                    first.span.clone(),
                    format!("`{name}` shares the network of `{owner}` and can't publish ports"),
                )
                .help(format!("Docker refuses this: publish the port at `{owner}`")),
            );
        }
        Stack::Elsewhere(container) => faults.push(
            Fault::error(FaultCode::RefusedByDocker,
                first.span.clone(),
                format!("`{name}` shares the network of the container `{container}` and can't publish ports"),
            )
            .help("Docker refuses this: the ports are published by the container that owns the network"),
        ),
    }
}

/// Ports of hosts that are taken already, each with its service.
#[derive(Default)]
struct Taken<'a> {
    all: Vec<(usize, &'a PortDecl)>,
    /// Those that are a single port, by host, protocol and number; the others.
    single: HashMap<(usize, Protocol, u16), Vec<usize>>,
    runs: Vec<usize>,
}

/// Reports a port of a host that two containers publish.
fn check_clashes(services: &[&Service], model: &Model, faults: &mut Vec<Fault>) {
    let mut taken = Taken::default();
    for (at, service) in services.iter().enumerate() {
        if model.containers[at].ports.is_empty() {
            continue;
        }
        let host = model.containers[at].host;
        for port in &service.ports {
            let Published::Ports(ports) = port.published else {
                continue;
            };
            let single = (ports.count() == 1).then_some((host, port.protocol, ports.first));
            let held = |place: &usize| {
                let (other, held) = taken.all[*place];
                let clashes = model.containers[other].host == host
                    && clashes(held, port)
                    && !alternatives(model, other, at);
                clashes.then_some((other, held))
            };
            let found = match single {
                Some(single) => {
                    let same = taken.single.get(&single).into_iter().flatten();
                    same.chain(&taken.runs).find_map(held)
                }
                None => (0..taken.all.len()).find_map(|place| held(&place)),
            };
            if let Some((other, Published::Ports(held))) = found.map(|(o, h)| (o, h.published)) {
                let holder = (other != at).then(|| services[other]);
                faults.push(port_taken(port, ports.first.max(held.first), holder));
                continue;
            }
            match single {
                Some(single) => taken
                    .single
                    .entry(single)
                    .or_default()
                    .push(taken.all.len()),
                None => taken.runs.push(taken.all.len()),
            }
            taken.all.push((at, port));
        }
    }
}

fn port_taken(port: &PortDecl, number: u16, holder: Option<&Service>) -> Fault {
    let who = match holder {
        None => "this service publishes it already".to_owned(),
        Some(holder) => format!("`{}` publishes it already", holder.name.value),
    };
    let message = format!("port {number} of the host is taken: {who}");
    Fault::error(FaultCode::PortTaken, port.span.clone(), message)
        .label("taken")
        .help("a port of a host belongs to one container: publish this one on another, as in `8081:80`")
}

fn clashes(a: &PortDecl, b: &PortDecl) -> bool {
    let (Published::Ports(mine), Published::Ports(theirs)) = (a.published, b.published) else {
        return false;
    };
    // From a run, Docker takes a free one if there is a single port of the container behind it.
    let exact = |decl: &PortDecl, count: usize| decl.target.is_some_and(|t| t.count() == count);
    a.protocol == b.protocol
        && mine.overlaps(&theirs)
        && exact(a, mine.count())
        && exact(b, theirs.count())
        && (a.host_ip.is_none() || b.host_ip.is_none() || a.host_ip == b.host_ip)
}

/// Whether the two are never up together as far as is known: one waits for a profile, or each has profiles, and none in
/// common.
pub(super) fn alternatives(model: &Model, a: usize, b: usize) -> bool {
    let waits = |at: usize| !model.containers[at].waits_for.is_empty();
    a != b && (waits(a) || waits(b))
}
