//! Which networks each container is on, under which addresses and names.

use std::net::IpAddr;

use seaworthy_blocks::{Fault, FaultCode};

use crate::compose::{ModeKind, Service, Text, unknown};
use crate::model::{Interface, Model, Network, NetworkKind, Stack};

/// The engine's name for its default bridge.
pub(super) const DEFAULT_BRIDGE: &str = "bridge";
/// The network of services that name none.
const DEFAULT: &str = "default";

/// Fills each container's stack and interfaces. `services` are in the order of the containers.
pub(super) fn attach(services: &[&Service], model: &mut Model, faults: &mut Vec<Fault>) {
    for (at, service) in services.iter().enumerate() {
        let Some(mode) = &service.mode else {
            join_all(at, service, model, faults);
            continue;
        };
        let stack = match &mode.kind {
            ModeKind::Host => Stack::Host,
            ModeKind::None => Stack::None,
            ModeKind::Bridge => {
                let bridge = default_bridge(model);
                model.containers[at].interfaces.push(plain(bridge));
                Stack::Own
            }
            ModeKind::Network(name) => {
                let text = Text {
                    value: name.clone(),
                    span: mode.span.clone(),
                };
                match find(model, &text, faults) {
                    Some(network) => model.containers[at].interfaces.push(plain(network)),
                    None => continue,
                }
                Stack::Own
            }
            ModeKind::Service(name) => {
                match owner_of(services, at, name, mode.span.clone(), faults) {
                    Some(owner) => Stack::Of(owner),
                    None => continue,
                }
            }
            ModeKind::Container(name) => {
                match services
                    .iter()
                    .position(|s| s.container_name.as_ref().is_some_and(|n| n == name))
                {
                    Some(owner) if owner != at && !shares(services[owner]) => Stack::Of(owner),
                    _ => Stack::Elsewhere(name.clone()),
                }
            }
        };
        model.containers[at].stack = stack;
    }
    settle_special(model);
    check_hosts_of_sharers(services, model, faults);
}

fn shares(service: &Service) -> bool {
    matches!(
        service.mode.as_ref().map(|m| &m.kind),
        Some(ModeKind::Service(_) | ModeKind::Container(_))
    )
}

/// Follows `network_mode: service:…` to the container that has a stack of its own.
fn owner_of(
    services: &[&Service],
    at: usize,
    name: &str,
    span: std::ops::Range<usize>,
    faults: &mut Vec<Fault>,
) -> Option<usize> {
    let find = |name: &str| services.iter().position(|s| s.name.value == name);
    let mut name = name.to_owned();
    for _ in 0..=services.len() {
        let Some(owner) = find(&name) else {
            let known: Vec<&str> = services.iter().map(|s| s.name.value.as_str()).collect();
            faults.push(unknown("service", &Text { value: name, span }, &known));
            return None;
        };
        match services[owner].mode.as_ref().map(|m| &m.kind) {
            Some(ModeKind::Service(next)) => name.clone_from(next),
            _ if owner == at => break,
            _ => return Some(owner),
        }
    }
    faults.push(
        Fault::error(
            FaultCode::InvalidNetworkMode,
            span,
            format!("`{}` shares its own network stack", services[at].name.value),
        )
        .label("this leads back to itself")
        .help("one of the services must have networks of its own"),
    );
    None
}

fn join_all(at: usize, service: &Service, model: &mut Model, faults: &mut Vec<Fault>) {
    let Some(joins) = &service.networks else {
        let network = default_network(model);
        model.containers[at].interfaces.push(plain(network));
        return;
    };
    for join in joins {
        let Some(network) = find(model, &join.network, faults) else {
            continue;
        };
        let address = |text: &Option<Text>, v4: bool, faults: &mut Vec<Fault>| {
            let text = text.as_ref()?;
            let parsed = text
                .value
                .parse::<IpAddr>()
                .ok()
                .filter(|ip| ip.is_ipv4() == v4);
            if parsed.is_none() && !text.value.contains('$') {
                let kind = if v4 { "IPv4" } else { "IPv6" };
                let help = if v4 {
                    "an IPv4 address is four numbers from 0 to 255: 172.30.0.10"
                } else {
                    "an IPv6 address is groups of hexadecimal digits: 2001:db8::10"
                };
                let message = format!("`{}` is not an {kind} address", text.value);
                faults.push(
                    Fault::error(FaultCode::InvalidAddress, text.span.clone(), message).help(help),
                );
            }
            parsed
        };
        let interface = Interface {
            network,
            ipv4: address(&join.ipv4, true, faults),
            ipv6: address(&join.ipv6, false, faults),
            aliases: join.aliases.clone(),
        };
        model.containers[at].interfaces.push(interface);
    }
    if model.containers[at].interfaces.is_empty() {
        model.containers[at].stack = Stack::None;
    }
}

fn plain(network: usize) -> Interface {
    Interface {
        network,
        ipv4: None,
        ipv6: None,
        aliases: Vec::new(),
    }
}

fn find(model: &mut Model, name: &Text, faults: &mut Vec<Fault>) -> Option<usize> {
    if let Some(at) = model.networks.iter().position(|n| n.name == name.value) {
        return Some(at);
    }
    if name.value == DEFAULT {
        return Some(default_network(model));
    }
    let known: Vec<&str> = model.networks.iter().map(|n| n.name.as_str()).collect();
    let message = format!("the network `{}` is not declared", name.value);
    let fault = unknown("network", name, &known);
    let help = if fault.label.is_empty() {
        format!("add `{}:` below the top level's `networks:`", name.value)
    } else {
        fault.help.clone()
    };
    faults.push(Fault { message, ..fault }.help(help));
    None
}

/// The network `default`, which Compose makes for services that name none.
fn default_network(model: &mut Model) -> usize {
    index_or_push(model, DEFAULT, NetworkKind::Bridge)
}

/// The engine's network `bridge`, under whatever name the file declares it.
fn default_bridge(model: &mut Model) -> usize {
    match model
        .networks
        .iter()
        .position(|n| n.kind == NetworkKind::DefaultBridge)
    {
        Some(at) => at,
        None => {
            model
                .networks
                .push(network(DEFAULT_BRIDGE, NetworkKind::DefaultBridge));
            model.networks.len() - 1
        }
    }
}

fn index_or_push(model: &mut Model, name: &str, kind: NetworkKind) -> usize {
    if let Some(at) = model.networks.iter().position(|n| n.name == name) {
        return at;
    }
    model.networks.push(network(name, kind));
    model.networks.len() - 1
}

fn network(name: &str, kind: NetworkKind) -> Network {
    Network {
        name: name.to_owned(),
        real_name: None,
        kind,
        subnets: Vec::new(),
        internal: false,
        external: false,
        driver_known: true,
        ipv4: true,
        ipv6: false,
        options: Vec::new(),
        host: None,
    }
}

/// An external network that is the engine's `host` or `none` is no network, but a mode.
fn settle_special(model: &mut Model) {
    for at in 0..model.networks.len() {
        let network = &model.networks[at];
        let real = network
            .real_name
            .as_deref()
            .unwrap_or(&network.name)
            .to_owned();
        let driver = match &network.kind {
            NetworkKind::Plugin(driver) => driver.clone(),
            _ => String::new(),
        };
        let stack = match () {
            () if (network.external && real == "host") || driver == "host" => Stack::Host,
            () if (network.external && real == "none") || driver == "null" || driver == "none" => {
                Stack::None
            }
            () => continue,
        };
        for container in &mut model.containers {
            if container.interfaces.iter().any(|i| i.network == at) {
                container.interfaces.clear();
                container.stack = stack.clone();
            }
        }
    }
    let special = |network: &Network| {
        let real = network.real_name.as_deref().unwrap_or(&network.name);
        (network.external && (real == "host" || real == "none"))
            || matches!(&network.kind, NetworkKind::Plugin(driver) if ["host", "null", "none"].contains(&driver.as_str()))
    };
    let mut new_index = Vec::with_capacity(model.networks.len());
    let mut kept = 0;
    for network in &model.networks {
        new_index.push(kept);
        kept += usize::from(!special(network));
    }
    model.networks.retain(|network| !special(network));
    for container in &mut model.containers {
        for interface in &mut container.interfaces {
            interface.network = new_index[interface.network];
        }
    }
}

fn check_hosts_of_sharers(services: &[&Service], model: &Model, faults: &mut Vec<Fault>) {
    for (at, container) in model.containers.iter().enumerate() {
        if let (Stack::Of(owner), Some(mode)) = (&container.stack, &services[at].mode)
            && model.containers[*owner].host != container.host
        {
            faults.push(
                Fault::error(
                    FaultCode::InvalidNetworkMode,
                    mode.span.clone(),
                    format!(
                        "`{}` runs on another host than `{}`",
                        container.name, model.containers[*owner].name
                    ),
                )
                .help("containers that share a network stack run on one host"),
            );
        }
    }
}

/// Reports addresses outside their network's subnets, and addresses that two containers claim.
pub(super) fn check_addresses(services: &[&Service], model: &Model, faults: &mut Vec<Fault>) {
    let mut claimed: Vec<(usize, IpAddr, usize)> = Vec::new();
    for (at, service) in services.iter().enumerate() {
        for join in service.networks.iter().flatten() {
            let Some(network) = model
                .networks
                .iter()
                .position(|n| n.name == join.network.value)
            else {
                continue;
            };
            for text in [&join.ipv4, &join.ipv6].into_iter().flatten() {
                let Ok(address) = text.value.parse::<IpAddr>() else {
                    continue;
                };
                check_subnet(text, address, &model.networks[network], faults);
                let other = claimed
                    .iter()
                    .find(|(n, ip, _)| *n == network && *ip == address);
                match other {
                    Some((.., other)) if !super::ports::alternatives(service, services[*other]) => {
                        faults.push(
                            Fault::error(
                                FaultCode::AddressTaken,
                                text.span.clone(),
                                format!(
                                    "`{}` is the address of `{}` already",
                                    text.value, services[*other].name.value
                                ),
                            )
                            .help("on one network each container has an address of its own"),
                        )
                    }
                    _ => claimed.push((network, address, at)),
                }
            }
        }
    }
}

fn check_subnet(text: &Text, address: IpAddr, network: &Network, faults: &mut Vec<Fault>) {
    let of_its_kind: Vec<_> = network
        .subnets
        .iter()
        .filter(|s| s.is_ipv4() == address.is_ipv4())
        .collect();
    if of_its_kind.is_empty() {
        if network.kind != NetworkKind::DefaultBridge && !network.external {
            faults.push(
                Fault::warning(FaultCode::RefusedByDocker,
                    text.span.clone(),
                    format!("`{}` declares no subnet that `{address}` could lie in", network.name),
                )
                .help("Docker refuses a fixed address on a network without a fixed subnet: add `ipam: {config: [{subnet: …}]}`"),
            );
        }
        return;
    }
    if !of_its_kind.iter().any(|subnet| subnet.contains(address)) {
        let list: Vec<String> = of_its_kind.iter().map(|s| format!("`{s}`")).collect();
        faults.push(
            Fault::error(
                FaultCode::InvalidAddress,
                text.span.clone(),
                format!("`{address}` lies outside the subnet of `{}`", network.name),
            )
            .label(format!("not in {}", list.join(" or ").replace('`', "")))
            .help(format!("choose an address in {}", list.join(" or "))),
        );
    }
}
