//! Which networks each container is on, under which addresses and names.

use std::collections::HashMap;
use std::net::IpAddr;

use seaworthy_blocks::{Fault, FaultCode};

use crate::compose::{Mode, ModeKind, Service, Text, unknown};
use crate::model::{Interface, Mark, Model, Network, NetworkKind, Stack};
use crate::project::unset;

/// The engine's name for its default bridge.
pub(super) const DEFAULT_BRIDGE: &str = "bridge";
/// The network of services that name none.
const DEFAULT: &str = "default";

/// Fills each container's stack and interfaces. `services` are in the order of the containers.
///
/// With `partial`, a name that nothing declares may be declared in a part that can't be read: it is drawn as unknown.
pub(super) fn attach(
    services: &[&Service],
    partial: bool,
    model: &mut Model,
    faults: &mut Vec<Fault>,
) {
    let mut names = Names::of(services, partial, model);
    for (at, service) in services.iter().enumerate() {
        let Some(mode) = &service.mode else {
            join_all(at, service, &mut names, model, faults);
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
                match names.network(model, &text, faults) {
                    Some(network) => model.containers[at].interfaces.push(plain(network)),
                    None => continue,
                }
                Stack::Own
            }
            ModeKind::Service(name) => {
                if partial && !names.services.contains_key(name.as_str()) {
                    Stack::Elsewhere(name.clone())
                } else {
                    match owner_of(services, &names, at, mode, faults) {
                        Some(owner) => Stack::Of(owner),
                        None => continue,
                    }
                }
            }
            ModeKind::Unknown(written) => Stack::Unknown(written.clone()),
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

/// What names stand for, to be looked up.
struct Names<'a> {
    services: HashMap<&'a str, usize>,
    networks: HashMap<String, usize>,
    partial: bool,
}

impl<'a> Names<'a> {
    fn of(services: &[&'a Service], partial: bool, model: &Model) -> Names<'a> {
        let mut names = Names {
            services: HashMap::with_capacity(services.len()),
            networks: HashMap::with_capacity(model.networks.len()),
            partial,
        };
        for (at, service) in services.iter().enumerate() {
            names.services.entry(&service.name.value).or_insert(at);
        }
        for (at, network) in model.networks.iter().enumerate() {
            names.networks.entry(network.name.clone()).or_insert(at);
        }
        names
    }

    /// The network `default`, which Compose makes for services that name none.
    fn default_network(&mut self, model: &mut Model) -> usize {
        self.index_or_push(model, network(DEFAULT, NetworkKind::Bridge))
    }

    fn index_or_push(&mut self, model: &mut Model, network: Network) -> usize {
        if let Some(at) = self.networks.get(&network.name) {
            return *at;
        }
        let at = model.networks.len();
        self.networks.insert(network.name.clone(), at);
        model.networks.push(network);
        at
    }

    /// The network of this name; if there is none, that is told.
    fn network(
        &mut self,
        model: &mut Model,
        name: &Text,
        faults: &mut Vec<Fault>,
    ) -> Option<usize> {
        if let Some(at) = self.networks.get(&name.value) {
            return Some(*at);
        }
        if name.value == DEFAULT {
            return Some(self.default_network(model));
        }
        if self.partial || unset(&name.value).is_some() {
            let unknown = Network {
                external: true,
                driver_known: false,
                ..network(&name.value, NetworkKind::Bridge)
            };
            return Some(self.index_or_push(model, unknown));
        }
        faults.push(undeclared(model, name));
        None
    }
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
    names: &Names<'_>,
    at: usize,
    mode: &Mode,
    faults: &mut Vec<Fault>,
) -> Option<usize> {
    let span = mode.span.clone();
    let ModeKind::Service(name) = &mode.kind else {
        return None;
    };
    let mut name = name.clone();
    for _ in 0..=services.len() {
        let Some(owner) = names.services.get(name.as_str()).copied() else {
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

fn join_all(
    at: usize,
    service: &Service,
    names: &mut Names<'_>,
    model: &mut Model,
    faults: &mut Vec<Fault>,
) {
    let Some(joins) = &service.networks else {
        let network = names.default_network(model);
        model.containers[at].interfaces.push(plain(network));
        return;
    };
    for join in joins {
        let Some(network) = names.network(model, &join.network, faults) else {
            continue;
        };
        let address = |text: &Option<Text>, v4: bool, faults: &mut Vec<Fault>| {
            let text = text.as_ref()?;
            let parsed = text
                .value
                .parse::<IpAddr>()
                .ok()
                .filter(|ip| ip.is_ipv4() == v4);
            if parsed.is_none() && unset(&text.value).is_none() {
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
            address_unknown: [&join.ipv4, &join.ipv6]
                .into_iter()
                .flatten()
                .any(|text| unset(&text.value).is_some()),
            aliases: join.aliases.clone(),
            mark: Mark::Same,
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
        address_unknown: false,
        aliases: Vec::new(),
        mark: Mark::Same,
    }
}

fn undeclared(model: &Model, name: &Text) -> Fault {
    let known: Vec<&str> = model.networks.iter().map(|n| n.name.as_str()).collect();
    let message = format!("the network `{}` is not declared", name.value);
    let fault = unknown("network", name, &known);
    let help = if fault.label.is_empty() {
        format!("add `{}:` below the top level's `networks:`", name.value)
    } else {
        fault.help.clone()
    };
    Fault { message, ..fault }.help(help)
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

fn network(name: &str, kind: NetworkKind) -> Network {
    Network {
        name: name.to_owned(),
        real_name: None,
        kind,
        subnets: Vec::new(),
        internal: false,
        external: false,
        driver_known: true,
        subnet_unknown: false,
        ipv4: true,
        ipv6: false,
        options: Vec::new(),
        host: None,
        hidden: false,
        mark: Mark::Same,
    }
}

/// An external network that is the engine's `host` or `none` is no network, but a mode.
fn settle_special(model: &mut Model) {
    let stacks: Vec<Option<Stack>> = model.networks.iter().map(stack_of).collect();
    if stacks.iter().all(Option::is_none) {
        return;
    }
    for container in &mut model.containers {
        let special = container
            .interfaces
            .iter()
            .find_map(|i| stacks[i.network].clone());
        if let Some(stack) = special {
            container.interfaces.clear();
            container.stack = stack;
        }
    }
    let mut new_index = Vec::with_capacity(stacks.len());
    let mut kept = 0;
    for stack in &stacks {
        new_index.push(kept);
        kept += usize::from(stack.is_none());
    }
    let mut stacks = stacks.iter();
    model
        .networks
        .retain(|_| stacks.next().is_some_and(Option::is_none));
    for container in &mut model.containers {
        for interface in &mut container.interfaces {
            interface.network = new_index[interface.network];
        }
    }
}

/// The mode that a network stands for.
fn stack_of(network: &Network) -> Option<Stack> {
    let real = network.real_name.as_deref().unwrap_or(&network.name);
    let driver = match &network.kind {
        NetworkKind::Plugin(driver) => driver.as_str(),
        _ => "",
    };
    match (network.external, real, driver) {
        (true, "host", _) | (_, _, "host") => Some(Stack::Host),
        (true, "none", _) | (_, _, "null" | "none") => Some(Stack::None),
        _ => None,
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
    let mut claimed: HashMap<(usize, IpAddr), Vec<usize>> = HashMap::new();
    let mut networks: HashMap<&str, usize> = HashMap::new();
    for (at, network) in model.networks.iter().enumerate() {
        networks.entry(&network.name).or_insert(at);
    }
    for (at, service) in services.iter().enumerate() {
        for join in service.networks.iter().flatten() {
            let Some(&network) = networks.get(join.network.value.as_str()) else {
                continue;
            };
            for text in [&join.ipv4, &join.ipv6].into_iter().flatten() {
                let Ok(address) = text.value.parse::<IpAddr>() else {
                    continue;
                };
                check_subnet(text, address, &model.networks[network], faults);
                let holders = claimed.entry((network, address)).or_default();
                let together = |other: &&usize| !super::ports::alternatives(model, at, **other);
                match holders.iter().find(together) {
                    Some(other) => faults.push(
                        Fault::error(
                            FaultCode::AddressTaken,
                            text.span.clone(),
                            format!(
                                "`{}` is the address of `{}` already",
                                text.value, services[*other].name.value
                            ),
                        )
                        .help("on one network each container has an address of its own"),
                    ),
                    None => holders.push(at),
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
