//! Which host each service runs on, and where each network lies.

use seaworthy_blocks::{Fault, FaultCode};

use crate::compose::{Document, unknown};
use crate::model::{Host, Model, NetworkKind};

/// What the host is called if nobody names it.
const UNNAMED_HOST: &str = "Docker host";

/// Fills the model's hosts; returns the host of each service, in the order of the source.
pub(super) fn place(document: &Document, model: &mut Model, faults: &mut Vec<Fault>) -> Vec<usize> {
    let services = &document.services;
    let Some(declared) = &document.hosts else {
        model.hosts.push(Host {
            name: UNNAMED_HOST.to_owned(),
            address: None,
            declared: false,
        });
        return vec![0; services.len()];
    };
    let names: Vec<&str> = services.iter().map(|s| s.name.value.as_str()).collect();
    let places = super::by_name(services);
    let mut homes: Vec<Option<usize>> = vec![None; services.len()];
    for (at, host) in declared.iter().enumerate() {
        model.hosts.push(Host {
            name: host.name.value.clone(),
            address: host.address.clone(),
            declared: true,
        });
        if places.contains_key(host.name.value.as_str()) {
            faults.push(super::taken(&host.name, "host"));
        }
        for wanted in host.services.iter().flatten() {
            let Some(&service) = places.get(wanted.value.as_str()) else {
                faults.push(unknown("service", wanted, &names));
                continue;
            };
            match homes[service] {
                Some(other) => {
                    let other = &declared[other].name.value;
                    faults.push(
                        Fault::error(FaultCode::ServiceHost, wanted.span.clone(), format!("`{}` already runs on `{other}`", wanted.value))
                            .help("a container runs on one host: remove it here or there, or declare a second service"),
                    );
                }
                None => homes[service] = Some(at),
            }
        }
    }
    // The one host that doesn't say what it runs, runs all that the others don't.
    let mut silent = (0..declared.len()).filter(|&at| declared[at].services.is_none());
    let rest = match (silent.next(), silent.next()) {
        (Some(host), None) => Some(host),
        _ => None,
    };
    homes
        .into_iter()
        .enumerate()
        .map(|(service, home)| {
            home.or(rest).unwrap_or_else(|| {
                let name = &services[service].name;
                faults.push(
                    Fault::error(
                        FaultCode::ServiceHost,
                        name.span.clone(),
                        format!("`{}` runs on no host", name.value),
                    )
                    .help("name it in the `services` of one of the hosts of `x-hosts`"),
                );
                0
            })
        })
        .collect()
}

/// Says where each network lies: a bridge on the host of its members, all others outside.
pub(super) fn place_networks(document: &Document, model: &mut Model, faults: &mut Vec<Fault>) {
    split_default_bridge(model);
    let members = model.memberships();
    for (network, members) in members.iter().enumerate() {
        let mut homes: Vec<usize> = members.iter().map(|&c| model.containers[c].host).collect();
        homes.dedup();
        let place = &mut model.networks[network];
        if place.kind.is_outside() {
            continue;
        }
        if homes.len() > 1 && place.external {
            // Made elsewhere, its driver isn't known: that it spans hosts says what it is.
            place.kind = NetworkKind::Overlay;
            continue;
        }
        place.host = Some(homes.first().copied().unwrap_or(0));
        if homes.len() > 1 {
            let hosts: Vec<String> = homes
                .iter()
                .map(|&h| format!("`{}`", model.hosts[h].name))
                .collect();
            let name = &model.networks[network].name;
            let span = place_in_source(document, name);
            faults.push(
                Fault::error(FaultCode::BridgeAcrossHosts,
                    span,
                    format!("`{name}` is a bridge, but its containers run on {}", hosts.join(" and ")),
                )
                .label("a bridge exists on one host only")
                .help("containers on different hosts need `driver: overlay`, or a bridge on each host"),
            );
        }
    }
}

/// Every engine has a default bridge of its own: gives each host with members on it one.
fn split_default_bridge(model: &mut Model) {
    let Some(bridge) = model
        .networks
        .iter()
        .position(|n| n.kind == NetworkKind::DefaultBridge)
    else {
        return;
    };
    let mut homes: Vec<usize> = model
        .members(bridge)
        .iter()
        .map(|&c| model.containers[c].host)
        .collect();
    homes.dedup();
    for host in homes.into_iter().skip(1) {
        model.networks.push(model.networks[bridge].clone());
        let its_own = model.networks.len() - 1;
        for container in model.containers.iter_mut().filter(|c| c.host == host) {
            for interface in container
                .interfaces
                .iter_mut()
                .filter(|i| i.network == bridge)
            {
                interface.network = its_own;
            }
        }
    }
}

/// Where a network is declared; for one that isn't (`default`), the first service that is on it.
fn place_in_source(document: &Document, network: &str) -> std::ops::Range<usize> {
    document
        .networks
        .iter()
        .find(|n| n.name.value == network)
        .map(|n| n.name.span.clone())
        .or_else(|| document.services.first().map(|s| s.name.span.clone()))
        .unwrap_or(0..0)
}
