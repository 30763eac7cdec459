//! From names to things: which network, host and port each name stands for, and what can't be.
//!
//! Enter at [`resolve`]. Every check that needs more than one place of the file is made here.

mod attachments;
mod hosts;
mod ports;
mod refusals;
mod traffic;

use std::collections::{HashMap, HashSet};

use seaworthy_blocks::{Fault, FaultCode};

use crate::compose::{Document, ModeKind, NetworkDecl, Service, Text, unknown};
use crate::model::{Client, Container, Mark, Model, Network, NetworkKind, Stack};
use crate::reach::EngineVersion;

/// The model of `document`; what can't be goes to `faults`, and what remains is a model all the same
/// (to be thrown away if there was an error).
///
/// What the picture says of ways holds for engines of version `x-docker`, else `engine`.
pub(crate) fn resolve(
    document: &Document,
    engine: EngineVersion,
    faults: &mut Vec<Fault>,
) -> Model {
    let mut model = Model {
        name: document.name.clone(),
        engine: document.docker.unwrap_or(engine),
        networks: document.networks.iter().map(network).collect(),
        ..Model::default()
    };
    check_dependencies(document, faults);
    let homes = hosts::place(document, &mut model, faults);
    let order = row_order(document, &homes);
    for &service in &order {
        model
            .containers
            .push(container(document, service, homes[service]));
    }
    let services: Vec<&Service> = order.iter().map(|&s| &document.services[s]).collect();
    attachments::attach(&services, document.partial, &mut model, faults);
    hosts::place_networks(document, &mut model, faults);
    attachments::check_addresses(&services, &model, faults);
    ports::publish(&services, &mut model, faults);
    clients(document, &mut model, faults);
    traffic::resolve(document, &mut model, faults);
    model
}

fn network(declared: &NetworkDecl) -> Network {
    let driver = declared.driver.as_ref().map(|d| d.value.as_str());
    let bridge_itself = declared.external
        && declared
            .real_name
            .as_deref()
            .unwrap_or(&declared.name.value)
            == attachments::DEFAULT_BRIDGE;
    let kind = match driver {
        _ if bridge_itself => NetworkKind::DefaultBridge,
        None | Some("bridge" | "default" | "nat" | "") => NetworkKind::Bridge,
        Some("overlay") => NetworkKind::Overlay,
        Some("macvlan") => NetworkKind::Macvlan,
        Some("ipvlan") => NetworkKind::Ipvlan,
        Some(other) => NetworkKind::Plugin(other.to_owned()),
    };
    Network {
        name: declared.name.value.clone(),
        real_name: declared.real_name.clone(),
        kind,
        subnets: declared.subnets.clone(),
        internal: declared.internal,
        external: declared.external,
        driver_known: !declared.kind_unknown
            && (!declared.external || bridge_itself || driver.is_some()),
        subnet_unknown: declared.subnet_unknown,
        ipv4: declared.ipv4,
        ipv6: declared.ipv6,
        options: declared.options.clone(),
        host: None,
        hidden: false,
        mark: Mark::Same,
    }
}

fn container(document: &Document, at: usize, host: usize) -> Container {
    let service = &document.services[at];
    Container {
        name: service.name.value.clone(),
        container_name: service.container_name.clone(),
        waits_for: if document.is_chosen(service) {
            Vec::new()
        } else {
            service.profiles.clone()
        },
        host,
        stack: Stack::Own,
        interfaces: Vec::new(),
        ports: Vec::new(),
        listens: service.expose.clone(),
        mark: Mark::Same,
    }
}

fn check_dependencies(document: &Document, faults: &mut Vec<Fault>) {
    let names: Vec<&str> = document
        .services
        .iter()
        .map(|s| s.name.value.as_str())
        .collect();
    let known: HashSet<&str> = names.iter().copied().collect();
    let wanted = document.services.iter().flat_map(|s| &s.depends_on);
    // What is in a part that can't be read may well be there.
    for wanted in wanted.filter(|w| !known.contains(w.value.as_str()) && !document.partial) {
        faults.push(unknown("service", wanted, &names));
    }
}

/// The order of rows: by host, then by source; who uses another's network stack comes right after it.
fn row_order(document: &Document, homes: &[usize]) -> Vec<usize> {
    let services = &document.services;
    let names = by_name(services);
    let containers: HashMap<&str, usize> = services
        .iter()
        .enumerate()
        .filter_map(|(at, service)| Some((service.container_name.as_deref()?, at)))
        .collect();
    let owner = |at: usize| match &services[at].mode.as_ref()?.kind {
        ModeKind::Service(name) => names.get(name.as_str()).copied(),
        ModeKind::Container(name) => containers.get(name.as_str()).copied(),
        _ => None,
    };
    let mut sharers: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut roots = Vec::new();
    for at in 0..services.len() {
        match owner(at) {
            Some(owner) => sharers.entry(owner).or_default().push(at),
            None => roots.push(at),
        }
    }
    roots.sort_by_key(|&at| homes[at]);
    let mut order: Vec<usize> = Vec::with_capacity(services.len());
    for root in roots {
        order.push(root);
        // Breadth first: the sharers of the root, then those who name a sharer.
        let mut next = order.len() - 1;
        while next < order.len() {
            order.extend(sharers.get(&order[next]).into_iter().flatten());
            next += 1;
        }
    }
    // Rings have no root; they are faults, and drawn nowhere.
    let placed: HashSet<usize> = order.iter().copied().collect();
    order.extend((0..services.len()).filter(|at| !placed.contains(at)));
    order
}

/// The places of services, by their names.
fn by_name(services: &[Service]) -> HashMap<&str, usize> {
    let mut names = HashMap::with_capacity(services.len());
    for (at, service) in services.iter().enumerate() {
        names.entry(service.name.value.as_str()).or_insert(at);
    }
    names
}

fn clients(document: &Document, model: &mut Model, faults: &mut Vec<Fault>) {
    for declared in &document.clients {
        let name = &declared.name;
        if model.containers.iter().any(|c| c.name == name.value)
            || model.hosts.iter().any(|h| h.name == name.value)
        {
            faults.push(taken(name, "client"));
        } else if model.clients.iter().any(|c| c.name == name.value) {
            faults.push(Fault::error(
                FaultCode::NameTaken,
                name.span.clone(),
                format!("the client `{}` is named twice", name.value),
            ));
        } else {
            model.clients.push(Client {
                name: name.value.clone(),
                address: declared.address.clone(),
            });
        }
    }
}

/// The fault that a name stands for two things.
fn taken(name: &Text, kind: &str) -> Fault {
    Fault::error(
        FaultCode::NameTaken,
        name.span.clone(),
        format!("`{}` is already the name of something else", name.value),
    )
    .help(format!(
        "an arrow must know whom it means: give this {kind} another name"
    ))
}
