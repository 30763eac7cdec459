//! Published ports, and who else wants them.

use std::net::IpAddr;

use seaworthy_blocks::{Fault, FaultCode};

use crate::compose::{PortDecl, Published, Service};
use crate::model::{Model, Port, Stack};
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
        published: match declared.published {
            Published::Any => None,
            Published::Ports(ports) => Some(ports),
        },
        target: declared.target,
        protocol: declared.protocol,
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
        Stack::Own => {}
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

/// Reports a port of a host that two containers publish.
fn check_clashes(services: &[&Service], model: &Model, faults: &mut Vec<Fault>) {
    let mut taken: Vec<(usize, &PortDecl)> = Vec::new();
    for (at, service) in services.iter().enumerate() {
        if model.containers[at].ports.is_empty() {
            continue;
        }
        for port in &service.ports {
            let clash = taken.iter().find(|(other, held)| {
                model.containers[*other].host == model.containers[at].host
                    && clashes(held, port)
                    && !alternatives(services[*other], service)
            });
            if let Some((other, held)) = clash {
                let (Published::Ports(ports), Published::Ports(held)) =
                    (port.published, held.published)
                else {
                    continue;
                };
                let first = ports.first.max(held.first);
                let holder = &services[*other].name.value;
                let who = if *other == at {
                    "this service publishes it already".to_owned()
                } else {
                    format!("`{holder}` publishes it already")
                };
                faults.push(
                    Fault::error(FaultCode::PortTaken, port.span.clone(), format!("port {first} of the host is taken: {who}"))
                        .label("taken")
                        .help("a port of a host belongs to one container: publish this one on another, as in `8081:80`"),
                );
            } else {
                taken.push((at, port));
            }
        }
    }
}

fn clashes(a: &PortDecl, b: &PortDecl) -> bool {
    let (Published::Ports(mine), Published::Ports(theirs)) = (a.published, b.published) else {
        return false;
    };
    // From a run, Docker takes a free one if there is a single port of the container behind it.
    let exact = |decl: &PortDecl, count: usize| decl.target.count() == count;
    a.protocol == b.protocol
        && mine.overlaps(&theirs)
        && exact(a, mine.count())
        && exact(b, theirs.count())
        && (a.host_ip.is_none() || b.host_ip.is_none() || a.host_ip == b.host_ip)
}

/// Whether the two are never up together as far as is known: each has profiles, and none in common.
pub(super) fn alternatives(a: &Service, b: &Service) -> bool {
    !a.profiles.is_empty()
        && !b.profiles.is_empty()
        && !a.profiles.iter().any(|p| b.profiles.contains(p))
}
