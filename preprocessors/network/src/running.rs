//! What runs on an engine as a picture: the same model as a Compose file's. Enter at [`model`].

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use crate::compose::{PortRange, Protocol, Published};
use crate::model::{Container, Host, Interface, Mark, Model, Network, NetworkKind, Port, Stack};
use crate::verify::{ActualContainer, ActualEndpoint, ActualMachine, ActualNetwork, ActualPort};

/// How many digits of a container's id are its name on its networks.
const SHORT_ID: usize = 12;

/// The running containers of `machine`, of one Compose project or of all, and their networks. `None` if none runs.
pub(crate) fn model(machine: &ActualMachine, project: Option<&str>) -> Option<Model> {
    let of_project = |label: &Option<String>| project.is_none() || label.as_deref() == project;
    let mut containers: Vec<&ActualContainer> = machine
        .containers
        .iter()
        .filter(|c| c.running && of_project(&c.compose_project))
        .collect();
    if containers.is_empty() {
        return None;
    }
    let names = names(&containers, project.is_some());
    containers.sort_by(|a, b| names[&a.id].cmp(&names[&b.id]));
    let containers = owners_first(&containers);
    let networks: Vec<&ActualNetwork> = machine
        .networks
        .iter()
        .filter(|n| is_drawn(n, &containers, project))
        .collect();
    let mut model = Model {
        name: project.map(str::to_owned),
        hosts: vec![Host {
            name: machine.name.clone(),
            address: None,
            declared: true,
        }],
        networks: networks
            .iter()
            .map(|n| network(n, project.is_some(), &networks))
            .collect(),
        engine: machine.engine.parse().unwrap_or_default(),
        ..Model::default()
    };
    let places: HashMap<&str, usize> = networks
        .iter()
        .enumerate()
        .map(|(at, n)| (n.name.as_str(), at))
        .collect();
    for container in &containers {
        let made = made(container, &containers, &places, &names, machine);
        model.containers.push(made);
    }
    Some(model)
}

/// The names of containers in the picture, by their ids: the service's where there is one of it, else the container's.
fn names(containers: &[&ActualContainer], of_one_project: bool) -> HashMap<String, String> {
    let mut counted: HashMap<&str, usize> = HashMap::new();
    for service in containers
        .iter()
        .filter_map(|c| c.compose_service.as_deref())
    {
        *counted.entry(service).or_default() += 1;
    }
    let name = |container: &ActualContainer| match container.compose_service.as_deref() {
        Some(service) if of_one_project && counted[service] == 1 => service.to_owned(),
        _ => container.name.clone(),
    };
    containers.iter().map(|c| (c.id.clone(), name(c))).collect()
}

/// The containers, each followed by those that use its network stack.
fn owners_first<'a>(containers: &[&'a ActualContainer]) -> Vec<&'a ActualContainer> {
    let (sharers, owners): (Vec<&ActualContainer>, Vec<_>) = containers
        .iter()
        .partition(|c| owner(c, containers).is_some());
    let mut ordered = Vec::with_capacity(containers.len());
    for one in owners {
        ordered.push(one);
        let its = |sharer: &&&ActualContainer| {
            owner(sharer, containers).is_some_and(|at| containers[at].id == one.id)
        };
        ordered.extend(sharers.iter().filter(its).copied());
    }
    // One that uses a sharer's stack: an engine resolves that when it starts it, so there is none.
    let placed: HashSet<&str> = ordered.iter().map(|c| c.id.as_str()).collect();
    let left: Vec<_> = sharers
        .iter()
        .filter(|c| !placed.contains(c.id.as_str()))
        .collect();
    ordered.extend(left);
    ordered
}

/// The container, among these, whose network stack another uses.
fn owner(container: &ActualContainer, among: &[&ActualContainer]) -> Option<usize> {
    let id = container.network_mode.strip_prefix("container:")?;
    among.iter().position(|c| c.id == id || c.name == id)
}

/// Whether a network is in the picture: one of these is on it, or it is the project's, or, of a whole engine, someone
/// made it.
fn is_drawn(
    network: &ActualNetwork,
    containers: &[&ActualContainer],
    project: Option<&str>,
) -> bool {
    let on_it = |c: &&ActualContainer| c.endpoints.iter().any(|e| e.network == network.name);
    let by_itself = ["bridge", "docker_gwbridge", "ingress"].contains(&network.name.as_str());
    if ["host", "null"].contains(&network.driver.as_str()) {
        return false;
    }
    let made = match project {
        Some(project) => network.compose_project.as_deref() == Some(project),
        None => !by_itself,
    };
    made || containers.iter().any(on_it)
}

fn network(actual: &ActualNetwork, of_one_project: bool, all: &[&ActualNetwork]) -> Network {
    let kind = match actual.driver.as_str() {
        "bridge" if actual.name == "bridge" => NetworkKind::DefaultBridge,
        "bridge" => NetworkKind::Bridge,
        "overlay" => NetworkKind::Overlay,
        "macvlan" => NetworkKind::Macvlan,
        "ipvlan" => NetworkKind::Ipvlan,
        other => NetworkKind::Plugin(other.to_owned()),
    };
    let alone = |name: &&String| {
        let same = all
            .iter()
            .filter(|n| n.compose_name.as_ref() == Some(*name) || n.name == **name);
        same.count() == 1
    };
    let short = actual
        .compose_name
        .as_ref()
        .filter(|name| of_one_project && alone(name));
    Network {
        name: short.unwrap_or(&actual.name).clone(),
        real_name: Some(actual.name.clone()),
        host: (!kind.is_outside()).then_some(0),
        kind,
        subnets: actual
            .subnets
            .iter()
            .filter_map(|subnet| subnet.parse().ok())
            .collect(),
        internal: actual.internal,
        external: false,
        driver_known: true,
        subnet_unknown: false,
        ipv4: actual.ipv4,
        ipv6: actual.ipv6,
        options: actual.options.clone(),
        hidden: false,
        mark: Mark::Same,
    }
}

fn made(
    actual: &ActualContainer,
    containers: &[&ActualContainer],
    places: &HashMap<&str, usize>,
    names: &HashMap<String, String>,
    machine: &ActualMachine,
) -> Container {
    let interfaces = || -> Vec<Interface> {
        let placed = actual.endpoints.iter();
        placed
            .filter_map(|endpoint| {
                Some(interface(
                    actual,
                    endpoint,
                    *places.get(&*endpoint.network)?,
                ))
            })
            .collect()
    };
    let mode = actual.network_mode.as_str();
    let (stack, interfaces) = match mode.strip_prefix("container:") {
        Some(id) => match owner(actual, containers) {
            Some(at) => (Stack::Of(at), Vec::new()),
            None => (Stack::Elsewhere(elsewhere(id, machine)), Vec::new()),
        },
        None if mode == "host" => (Stack::Host, Vec::new()),
        None => match interfaces() {
            none if none.is_empty() => (Stack::None, none),
            interfaces => (Stack::Own, interfaces),
        },
    };
    Container {
        name: names[&actual.id].clone(),
        container_name: Some(actual.name.clone()),
        waits_for: Vec::new(),
        host: 0,
        ports: if stack == Stack::Own {
            ports(&actual.ports)
        } else {
            Vec::new()
        },
        stack,
        interfaces,
        listens: Vec::new(),
        mark: Mark::Same,
    }
}

/// The name of a container that isn't in the picture.
fn elsewhere(id: &str, machine: &ActualMachine) -> String {
    let found = machine
        .containers
        .iter()
        .find(|c| c.id == id || c.name == id);
    found.map_or_else(|| id.chars().take(SHORT_ID).collect(), |c| c.name.clone())
}

fn interface(container: &ActualContainer, endpoint: &ActualEndpoint, network: usize) -> Interface {
    let addresses: Vec<IpAddr> = endpoint
        .addresses
        .iter()
        .filter_map(|address| address.parse().ok())
        .collect();
    let mut aliases: Vec<String> = Vec::new();
    for alias in &endpoint.aliases {
        let its_own = *alias == container.name
            || Some(alias) == container.compose_service.as_ref()
            || (alias.len() >= SHORT_ID && container.id.starts_with(alias.as_str()));
        if !its_own && !aliases.contains(alias) {
            aliases.push(alias.clone());
        }
    }
    Interface {
        network,
        ipv4: addresses.iter().copied().find(IpAddr::is_ipv4),
        ipv6: addresses.iter().copied().find(IpAddr::is_ipv6),
        address_unknown: false,
        aliases,
        mark: Mark::Same,
    }
}

/// The ports, those of IPv4 and IPv6 together, and runs of them as runs.
fn ports(actual: &[ActualPort]) -> Vec<Port> {
    let read = |port: &ActualPort| {
        let address = port
            .host_ip
            .parse::<IpAddr>()
            .ok()
            .filter(|ip| !ip.is_unspecified());
        let protocol = Protocol::parse(&port.protocol)?;
        Some((address, protocol, port.host_port, port.container_port))
    };
    let mut all: Vec<_> = actual.iter().filter_map(read).collect();
    all.sort_unstable();
    all.dedup();
    let mut runs: Vec<Port> = Vec::new();
    for (host_ip, protocol, host, container) in all {
        let next = |ports: &mut PortRange, port: u16| {
            let follows = ports.last.checked_add(1) == Some(port);
            if follows {
                ports.last = port;
            }
            follows
        };
        if let Some(Port {
            host_ip: ip,
            published: Published::Ports(published),
            target: Some(target),
            protocol: p,
            ..
        }) = runs.last_mut()
            && (*ip, *p) == (host_ip, protocol)
            && target.last.checked_add(1) == Some(container)
            && next(published, host)
        {
            target.last = container;
            continue;
        }
        let single = |port: u16| PortRange {
            first: port,
            last: port,
        };
        runs.push(Port {
            host_ip,
            published: Published::Ports(single(host)),
            target: Some(single(container)),
            protocol,
            mark: Mark::Same,
        });
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(id: &str, name: &str, mode: &str) -> ActualContainer {
        ActualContainer {
            id: id.repeat(64),
            name: name.to_owned(),
            running: true,
            network_mode: mode.to_owned(),
            ..ActualContainer::default()
        }
    }

    fn on(network: &str, address: &str, aliases: &[&str]) -> ActualEndpoint {
        ActualEndpoint {
            network: network.to_owned(),
            addresses: vec![address.to_owned()],
            aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
        }
    }

    fn port(ip: &str, host: u16, container: u16) -> ActualPort {
        ActualPort {
            host_ip: ip.to_owned(),
            host_port: host,
            container_port: container,
            protocol: "tcp".to_owned(),
        }
    }

    fn machine() -> ActualMachine {
        let mut web = container("a", "shop-web-1", "shop_front");
        web.compose_service = Some("web".to_owned());
        web.compose_project = Some("shop".to_owned());
        web.endpoints = vec![on(
            "shop_front",
            "172.18.0.2",
            &["web", "shop-web-1", "aaaaaaaaaaaa", "www"],
        )];
        web.ports = vec![
            port("0.0.0.0", 8080, 80),
            port("::", 8080, 80),
            port("0.0.0.0", 8081, 81),
            port("127.0.0.1", 9000, 90),
        ];
        let mut side = container("b", "side", &format!("container:{}", web.id));
        side.compose_project = Some("shop".to_owned());
        let agent = container("c", "agent", "host");
        let alone = container("d", "alone", "none");
        let mut gone = container("e", "gone", "bridge");
        gone.running = false;
        let network = |name: &str, driver: &str| ActualNetwork {
            name: name.to_owned(),
            driver: driver.to_owned(),
            ipv4: true,
            ..ActualNetwork::default()
        };
        let mut front = network("shop_front", "bridge");
        front.compose_name = Some("front".to_owned());
        front.compose_project = Some("shop".to_owned());
        front.subnets = vec!["172.18.0.0/16".to_owned()];
        ActualMachine {
            name: "here".to_owned(),
            engine: "28.5.2".to_owned(),
            networks: vec![
                network("bridge", "bridge"),
                network("host", "host"),
                front,
                network("mine", "macvlan"),
            ],
            containers: vec![side, web, agent, alone, gone],
        }
    }

    fn told(project: Option<&str>) -> String {
        let model = model(&machine(), project).unwrap();
        crate::text::Outline::of(&model).plain()
    }

    #[test]
    fn a_whole_engine() {
        let told = told(None);
        let (containers, _) = told.split_once("\nWho").unwrap();
        snapbox::assert_data_eq!(
            containers,
            snapbox::str![[r#"
Containers:
- here
  - agent: uses the host's network
  - alone: has no network
  - shop-web-1: on shop_front as 172.18.0.2, also called www; port 8080-8081 of the host leads to its port 80-81; port 127.0.0.1:9000 of the host leads to its port 90
  - side: shares the network of shop-web-1

Networks:
- shop_front: bridge, 172.18.0.0/16; joins shop-web-1
- mine: macvlan; nobody is on it

"#]]
        );
    }

    #[test]
    fn one_project() {
        let told = told(Some("shop"));
        assert!(
            told.contains("- web: on front as 172.18.0.2, also called www;"),
            "{told}"
        );
        assert!(told.contains("- side: shares the network of web"), "{told}");
        assert!(!told.contains("agent") && !told.contains("mine"), "{told}");
        assert!(model(&machine(), Some("other")).is_none());
    }
}
