//! What is built on engines: networks, services, and where their ports are published.

use std::fmt::Write as _;

/// A network to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Net {
    pub(crate) driver: Driver,
    pub(crate) internal: bool,
    pub(crate) ipv6: bool,
    /// A driver option, and its value.
    pub(crate) option: Option<(&'static str, &'static str)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Driver {
    Bridge,
    Macvlan,
    Overlay,
}

pub(crate) const BRIDGE: Net = Net {
    driver: Driver::Bridge,
    internal: false,
    ipv6: false,
    option: None,
};
pub(crate) const INTERNAL: Net = Net {
    internal: true,
    ..BRIDGE
};
pub(crate) const BRIDGE6: Net = Net {
    ipv6: true,
    ..BRIDGE
};
pub(crate) const INTERNAL6: Net = Net {
    ipv6: true,
    ..INTERNAL
};
pub(crate) const MACVLAN: Net = Net {
    driver: Driver::Macvlan,
    ..BRIDGE
};
pub(crate) const OVERLAY: Net = Net {
    driver: Driver::Overlay,
    ..BRIDGE
};

impl Net {
    pub(crate) const fn with(self, option: &'static str, value: &'static str) -> Net {
        Net {
            option: Some((option, value)),
            ..self
        }
    }
}

/// A container to build: it listens on one port.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub(crate) stack: Stack,
    /// On which of the two machines.
    pub(crate) host: usize,
    pub(crate) listens: u16,
    /// The address at which its port is published, if it is.
    pub(crate) published: Option<Bind>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stack {
    /// On these networks of the topology, by index.
    On(Vec<usize>),
    DefaultBridge,
    Host,
    None,
    /// That of this service.
    Of(usize),
}

/// At which address of the host a port is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bind {
    /// None is named.
    Unsaid,
    At(&'static str),
    /// The machine's own on the LAN.
    Lan,
    Lan6,
}

impl Service {
    pub(crate) fn on(networks: &[usize]) -> Service {
        Service {
            stack: Stack::On(networks.to_vec()),
            host: 0,
            listens: 80,
            published: None,
        }
    }

    pub(crate) fn with(stack: Stack) -> Service {
        Service {
            stack,
            ..Service::on(&[])
        }
    }

    pub(crate) fn publishing(self, bind: Bind) -> Service {
        Service {
            published: Some(bind),
            ..self
        }
    }

    pub(crate) fn at(self, host: usize) -> Service {
        Service { host, ..self }
    }
}

/// A topology, before it has a place among the others.
#[derive(Clone, Debug)]
pub(crate) struct Topology {
    pub(crate) family: &'static str,
    pub(crate) networks: Vec<Net>,
    pub(crate) services: Vec<Service>,
}

/// What the machines are called on the LAN.
#[derive(Clone, Debug)]
pub(crate) struct Lan {
    pub(crate) ipv4: [String; 2],
    pub(crate) ipv6: [String; 2],
}

impl Lan {
    /// The beginning of the LAN's addresses, `10.213.3`.
    fn prefix(&self) -> &str {
        self.ipv4[0]
            .rsplit_once('.')
            .map_or("", |(prefix, _)| prefix)
    }
}

/// A topology with a number, from which names, subnets and ports of the host follow.
#[derive(Debug)]
pub(crate) struct Placed<'a> {
    pub(crate) topology: &'a Topology,
    pub(crate) number: usize,
    pub(crate) lan: &'a Lan,
}

impl Placed<'_> {
    pub(crate) fn service(&self, at: usize) -> String {
        format!("t{}-s{at}", self.number)
    }

    pub(crate) fn network(&self, at: usize) -> String {
        format!("t{}-n{at}", self.number)
    }

    /// The port on which a service listens: in host mode and in a shared stack, one that nobody else has.
    pub(crate) fn listens(&self, at: usize) -> u16 {
        match self.topology.services[at].stack {
            Stack::Host => self.host_port(at),
            Stack::Of(_) => 81,
            _ => self.topology.services[at].listens,
        }
    }

    /// The port of the host that leads to a service.
    pub(crate) fn host_port(&self, at: usize) -> u16 {
        let number = self.number * 8 + at;
        10_000 + u16::try_from(number).expect("fewer topologies than ports")
    }

    pub(crate) fn subnets(&self, network: usize) -> Vec<String> {
        let net = &self.topology.networks[network];
        let third = self.number * 3 + network;
        let ipv4 = match net.driver {
            Driver::Macvlan => format!("{}.0/24", self.lan.prefix()),
            _ => format!("10.{}.{}.0/24", 64 + third / 256, third % 256),
        };
        let ipv6 = net.ipv6.then(|| format!("fd00:64:{third}::/64"));
        std::iter::once(ipv4).chain(ipv6).collect()
    }

    /// The addresses that a host has on a bridge.
    pub(crate) fn gateways(&self) -> Vec<String> {
        let bridges = (0..self.topology.networks.len())
            .filter(|n| self.topology.networks[*n].driver == Driver::Bridge);
        bridges
            .flat_map(|n| self.subnets(n))
            .map(|subnet| match subnet.strip_suffix("::/64") {
                Some(prefix) => format!("{prefix}::1"),
                None => subnet.replace(".0/24", ".1"),
            })
            .collect()
    }

    fn bind(&self, at: usize) -> Option<String> {
        let service = &self.topology.services[at];
        Some(match service.published? {
            Bind::Unsaid => String::new(),
            Bind::At(ip) if ip.contains(':') => format!("[{ip}]:"),
            Bind::At(ip) => format!("{ip}:"),
            Bind::Lan => format!("{}:", self.lan.ipv4[service.host]),
            Bind::Lan6 => format!("[{}]:", self.lan.ipv6[service.host]),
        })
    }

    fn publish(&self, at: usize) -> Option<String> {
        let bind = self.bind(at)?;
        Some(format!("{bind}{}:{}", self.host_port(at), self.listens(at)))
    }

    /// Whether it spans both machines.
    pub(crate) fn is_wide(&self) -> bool {
        self.topology.services.iter().any(|s| s.host == 1)
    }

    /// As an author would write it.
    pub(crate) fn diagram(&self) -> String {
        let mut text = "services:\n".to_owned();
        for (at, service) in self.topology.services.iter().enumerate() {
            let _ = write!(text, "  {}: {{", self.service(at));
            match &service.stack {
                Stack::On(networks) => {
                    let names: Vec<_> = networks.iter().map(|n| self.network(*n)).collect();
                    let _ = write!(text, "networks: [{}]", names.join(", "));
                }
                Stack::DefaultBridge => text.push_str("network_mode: bridge"),
                Stack::Host => {
                    let port = self.listens(at);
                    let _ = write!(text, "network_mode: host, expose: [\"{port}\"]");
                }
                Stack::None => text.push_str("network_mode: none"),
                Stack::Of(owner) => {
                    let _ = write!(text, "network_mode: \"service:{}\"", self.service(*owner));
                }
            }
            if let Some(publish) = self.publish(at) {
                let _ = write!(text, ", ports: [\"{publish}\"]");
            }
            text.push_str("}\n");
        }
        if !self.topology.networks.is_empty() {
            text.push_str("networks:\n");
        }
        for (at, net) in self.topology.networks.iter().enumerate() {
            let subnets: Vec<_> = self
                .subnets(at)
                .iter()
                .map(|s| format!("{{subnet: \"{s}\"}}"))
                .collect();
            let _ = write!(
                text,
                "  {}: {{driver: {}, internal: {}, enable_ipv6: {}, ipam: {{config: [{}]}}",
                self.network(at),
                net.driver.name(),
                net.internal,
                net.ipv6,
                subnets.join(", ")
            );
            if let Some((option, value)) = net.option {
                let _ = write!(text, ", driver_opts: {{{option}: \"{value}\"}}");
            }
            text.push_str("}\n");
        }
        if self.is_wide() {
            text.push_str("x-hosts:\n");
            for host in 0..2 {
                let here = (0..self.topology.services.len())
                    .filter(|s| self.topology.services[*s].host == host);
                let names: Vec<_> = here.map(|s| self.service(s)).collect();
                let _ = writeln!(text, "  host-{host}: [{}]", names.join(", "));
            }
        }
        text
    }

    /// The commands that build what is on one of the machines: networks, then containers, then what joins them.
    pub(crate) fn commands(&self, host: usize, image: &str) -> [Vec<String>; 3] {
        let services = &self.topology.services;
        let here = |at: &usize| services[*at].host == host;
        let used = |n: usize| {
            services
                .iter()
                .any(|s| s.host == host && matches!(&s.stack, Stack::On(on) if on.contains(&n)))
        };
        let networks = (0..self.topology.networks.len())
            .filter(|n| match self.topology.networks[*n].driver {
                // Machines of a swarm learn of it from the first.
                Driver::Overlay => host == 0,
                _ => used(*n),
            })
            .map(|n| self.create(n, host))
            .collect();
        let mut containers = Vec::new();
        let mut joins = Vec::new();
        for at in (0..services.len()).filter(here) {
            let name = self.service(at);
            let network = match &services[at].stack {
                Stack::On(on) => {
                    for further in &on[1..] {
                        joins.push(format!(
                            "docker network connect {} {name}",
                            self.network(*further)
                        ));
                    }
                    self.network(on[0])
                }
                Stack::DefaultBridge => "bridge".to_owned(),
                Stack::Host => "host".to_owned(),
                Stack::None => "none".to_owned(),
                Stack::Of(owner) => format!("container:{}", self.service(*owner)),
            };
            let publish = self
                .publish(at)
                .map_or(String::new(), |p| format!("-p '{p}' "));
            let command = format!(
                "docker run -d --name {name} --network {network} {publish}{image} \
                 sh -c 'mkdir /w; echo {name} > /w/index.html; exec httpd -f -p {} -h /w' > /dev/null",
                self.listens(at)
            );
            // Whoever shares a stack comes after its owner.
            if matches!(services[at].stack, Stack::Of(_)) {
                joins.push(command);
            } else {
                containers.push(command);
            }
        }
        [networks, containers, joins]
    }

    fn create(&self, network: usize, host: usize) -> String {
        let net = &self.topology.networks[network];
        let mut command = format!("docker network create -d {}", net.driver.name());
        for subnet in self.subnets(network) {
            let _ = write!(command, " --subnet {subnet}");
        }
        match net.driver {
            Driver::Macvlan => {
                let range = [128, 192][host];
                let _ = write!(
                    command,
                    " --ip-range {}.{range}/27 -o parent=eth0",
                    self.lan.prefix()
                );
            }
            Driver::Overlay => command.push_str(" --attachable"),
            Driver::Bridge => {}
        }
        for (flag, set) in [(" --internal", net.internal), (" --ipv6", net.ipv6)] {
            if set {
                command.push_str(flag);
            }
        }
        if let Some((option, value)) = net.option {
            let _ = write!(command, " -o {option}={value}");
        }
        format!("{command} {} > /dev/null", self.network(network))
    }
}

impl Driver {
    fn name(self) -> &'static str {
        match self {
            Driver::Bridge => "bridge",
            Driver::Macvlan => "macvlan",
            Driver::Overlay => "overlay",
        }
    }
}
