//! The comparison itself. Enter at [`verify`].

use std::net::IpAddr;

use crate::reach::EngineVersion;

use super::{
    ActualContainer, ActualEndpoint, ActualMachine, ActualNetwork, ActualState, Difference,
    Expectations, ExpectedContainer, ExpectedMembership, ExpectedNetwork, ExpectedStack, ports,
    project,
};

/// Compares engines with the picture; returns every difference, networks first. None means that the
/// picture is true.
///
/// What the picture doesn't state (an address, a subnet, the driver of an external network) is not
/// compared; what it shows must be so and complete: a drawn container has no further networks or ports,
/// and nobody else is on a drawn network.
#[must_use]
pub fn verify(expected: &Expectations, actual: &ActualState) -> Vec<Difference> {
    let (actual, ambiguous) = project::of_one(expected, actual);
    let mut comparison = Comparison {
        expected,
        machines: Vec::new(),
        differences: ambiguous.into_iter().collect(),
    };
    for host in &expected.hosts {
        // One host and one machine: whatever they are called, they are meant.
        let machine = match (expected.hosts.len(), actual.machines.as_slice()) {
            (1, [only]) => Some(only),
            (_, machines) => machines.iter().find(|machine| machine.name == *host),
        };
        if machine.is_none() {
            comparison.differ(host, format!("there is no machine `{host}`"));
        }
        comparison.machines.push(machine);
    }
    for network in &expected.networks {
        comparison.network(network);
    }
    for container in &expected.containers {
        comparison.container(container);
    }
    comparison.strangers();
    comparison.traffic();
    comparison.differences
}

struct Comparison<'a> {
    expected: &'a Expectations,
    /// The machine of each expected host.
    machines: Vec<Option<&'a ActualMachine>>,
    differences: Vec<Difference>,
}

impl<'a> Comparison<'a> {
    fn differ(&mut self, about: &str, message: String) {
        self.differences.push(Difference {
            about: about.to_owned(),
            message,
        });
    }

    /// " on `node-1`", where there are several hosts.
    fn on(&self, host: usize) -> String {
        if self.expected.hosts.len() > 1 {
            format!(" on `{}`", self.expected.hosts[host])
        } else {
            String::new()
        }
    }

    fn network(&mut self, network: &ExpectedNetwork) {
        let name = &network.name;
        for &host in &network.hosts {
            let Some(machine) = self.machines[host] else {
                continue;
            };
            let on = self.on(host);
            let Some(found) = find_network(machine, network) else {
                if !network.optional {
                    self.differ(name, format!("there is no network `{name}`{on}"));
                }
                continue;
            };
            if let Some(driver) = network
                .driver
                .as_ref()
                .filter(|driver| **driver != found.driver)
            {
                let real = &found.driver;
                self.differ(
                    name,
                    format!("`{name}` has the driver `{real}`{on}, the picture says `{driver}`"),
                );
            }
            match network.internal {
                Some(true) if !found.internal => {
                    self.differ(
                        name,
                        format!("`{name}` is not internal{on}: there is a way out of it"),
                    );
                }
                Some(false) if found.internal => {
                    self.differ(
                        name,
                        format!("`{name}` is internal{on}, the picture shows a way out"),
                    );
                }
                _ => {}
            }
            for subnet in &network.subnets {
                let same = |real: &String| {
                    real.parse()
                        .is_ok_and(|real: crate::Subnet| real == *subnet)
                };
                if !found.subnets.iter().any(same) {
                    let real = if found.subnets.is_empty() {
                        "no subnet".to_owned()
                    } else {
                        format!("the subnet {}", found.subnets.join(" and "))
                    };
                    self.differ(
                        name,
                        format!("`{name}` has {real}{on}, the picture says {subnet}"),
                    );
                }
            }
        }
    }

    fn container(&mut self, container: &ExpectedContainer) {
        let Some(machine) = self.machines[container.host] else {
            return;
        };
        let (name, on) = (&container.name, self.on(container.host));
        let found = find_container(machine, container);
        if container.optional && !found.is_some_and(|found| found.running) {
            return;
        }
        let Some(found) = found else {
            self.differ(name, format!("there is no container `{name}`{on}"));
            return;
        };
        if !found.running {
            self.differ(name, format!("`{name}` is not running{on}"));
            return;
        }
        if container.stack == ExpectedStack::Any || !self.stack(container, found, machine) {
            return;
        }
        for membership in &container.networks {
            self.membership(container, membership, found, machine);
        }
        if container.stack == ExpectedStack::Own {
            self.further_networks(container, found, machine);
        }
        for message in ports::differences(container, found) {
            self.differ(name, message);
        }
    }

    /// Whether the container uses the network stack that the picture says.
    fn stack(
        &mut self,
        container: &ExpectedContainer,
        found: &ActualContainer,
        machine: &ActualMachine,
    ) -> bool {
        let name = &container.name;
        let mode = found.network_mode.as_str();
        let owner = mode.strip_prefix("container:").map(|id| {
            let by_id = |c: &&ActualContainer| c.id == id || c.name == id;
            machine.containers.iter().find(by_id)
        });
        let real = match (mode, owner) {
            ("host", _) => "uses the host's network".to_owned(),
            (_, Some(Some(owner))) => {
                format!("shares the network of `{}`", self.picture_name(owner))
            }
            (_, Some(None)) => "shares the network of a container that is gone".to_owned(),
            _ if found.endpoints.iter().all(|e| e.network == "none") => "has no network".to_owned(),
            _ => "has a network stack of its own".to_owned(),
        };
        let wanted = match &container.stack {
            ExpectedStack::Any => real.clone(),
            ExpectedStack::Own if container.networks.is_empty() => "has no network".to_owned(),
            // Without a network left, what is missing is told network by network.
            ExpectedStack::Own if real == "has no network" => real.clone(),
            ExpectedStack::Own => "has a network stack of its own".to_owned(),
            ExpectedStack::None => "has no network".to_owned(),
            ExpectedStack::Host => "uses the host's network".to_owned(),
            ExpectedStack::Container(owner) => format!("shares the network of `{owner}`"),
        };
        if real != wanted {
            self.differ(
                name,
                format!("`{name}` {real}, the picture says that it {wanted}"),
            );
        }
        real == wanted
    }

    /// The picture's name for a container of an engine.
    fn picture_name(&self, found: &ActualContainer) -> String {
        let named = self
            .expected
            .containers
            .iter()
            .find(|expected| is_meant(expected, found));
        named.map_or_else(|| found.name.clone(), |expected| expected.name.clone())
    }

    fn membership(
        &mut self,
        container: &ExpectedContainer,
        membership: &ExpectedMembership,
        found: &ActualContainer,
        machine: &ActualMachine,
    ) {
        let network = &self.expected.networks[membership.network];
        let (name, network_name) = (&container.name, &network.name);
        let Some(endpoint) = endpoint(found, network, machine) else {
            self.differ(
                name,
                format!("`{name}` is not attached to `{network_name}`"),
            );
            return;
        };
        for address in &membership.addresses {
            let same = |real: &String| real.parse::<IpAddr>().is_ok_and(|real| real == *address);
            if !endpoint.addresses.iter().any(same) {
                let real = if endpoint.addresses.is_empty() {
                    "no address".to_owned()
                } else {
                    endpoint.addresses.join(" and ")
                };
                self.differ(
                    name,
                    format!("`{name}` has {real} on `{network_name}`, the picture says {address}"),
                );
            }
        }
        for alias in &membership.aliases {
            if !endpoint.aliases.contains(alias) {
                self.differ(
                    name,
                    format!("`{name}` is not called `{alias}` on `{network_name}`"),
                );
            }
        }
    }

    fn further_networks(
        &mut self,
        container: &ExpectedContainer,
        found: &ActualContainer,
        machine: &ActualMachine,
    ) {
        for real in &found.endpoints {
            let drawn = container.networks.iter().any(|membership| {
                let network = &self.expected.networks[membership.network];
                find_network(machine, network).is_some_and(|n| n.name == real.network)
            });
            if !drawn {
                let name = &container.name;
                let network = self
                    .expected
                    .networks
                    .iter()
                    .find(|n| find_network(machine, n).is_some_and(|n| n.name == real.network))
                    .map_or(&real.network, |n| &n.name);
                self.differ(
                    name,
                    format!(
                        "`{name}` is attached to `{network}` too, which the picture doesn't show"
                    ),
                );
            }
        }
    }

    /// Arrows that aren't true of the engines that there are, though they are of the picture's.
    fn traffic(&mut self) {
        for arrow in &self.expected.traffic {
            let Some(machine) = self.machines[arrow.host] else {
                continue;
            };
            let version = machine.engine.parse::<EngineVersion>();
            if let Some(why) = version.ok().and_then(|version| arrow.refuted(version)) {
                let message = format!(
                    "`{}` is not so on Docker Engine {}{}: {why}",
                    arrow.arrow,
                    machine.engine,
                    self.on(arrow.host)
                );
                self.differ(&arrow.about, message);
            }
        }
    }

    /// Running containers on drawn networks that are not in the picture.
    fn strangers(&mut self) {
        for host in 0..self.machines.len() {
            let Some(machine) = self.machines[host] else {
                continue;
            };
            for found in machine.containers.iter().filter(|c| c.running) {
                let drawn = |e: &&ExpectedContainer| e.host == host && is_meant(e, found);
                if self.expected.containers.iter().any(|e| drawn(&e)) {
                    continue;
                }
                let network = self
                    .expected
                    .networks
                    .iter()
                    .find(|network| endpoint(found, network, machine).is_some());
                if let Some(network) = network {
                    let (name, network) = (&found.name, &network.name);
                    let on = self.on(host);
                    self.differ(
                        name,
                        format!(
                            "`{name}` is attached to `{network}`{on}, but is not in the picture"
                        ),
                    );
                }
            }
        }
    }
}

/// The machine's network that `expected` means: by the engine's name if the picture says it, else by
/// the picture's name, else as Compose labels it.
fn find_network<'a>(
    machine: &'a ActualMachine,
    expected: &ExpectedNetwork,
) -> Option<&'a ActualNetwork> {
    let name = expected.engine_name.as_ref().unwrap_or(&expected.name);
    let networks = &machine.networks;
    networks.iter().find(|n| n.name == *name).or_else(|| {
        networks.iter().find(|n| {
            expected.engine_name.is_none() && n.compose_name.as_ref() == Some(&expected.name)
        })
    })
}

/// The machine's container that `expected` means.
fn find_container<'a>(
    machine: &'a ActualMachine,
    expected: &ExpectedContainer,
) -> Option<&'a ActualContainer> {
    let named =
        |c: &&ActualContainer| c.name == *expected.engine_name.as_ref().unwrap_or(&expected.name);
    let containers = &machine.containers;
    containers
        .iter()
        .find(named)
        .or_else(|| containers.iter().find(|c| is_meant(expected, c)))
}

fn is_meant(expected: &ExpectedContainer, found: &ActualContainer) -> bool {
    found.name == *expected.engine_name.as_ref().unwrap_or(&expected.name)
        || found.compose_service.as_ref() == Some(&expected.name)
}

fn endpoint<'a>(
    found: &'a ActualContainer,
    network: &ExpectedNetwork,
    machine: &ActualMachine,
) -> Option<&'a ActualEndpoint> {
    let real = find_network(machine, network)?;
    found.endpoints.iter().find(|e| e.network == real.name)
}
