//! What got through, against what the model says.

use std::collections::BTreeSet;
use std::fmt;

use seaworthy_network::{
    Answer, Diagram, Doubt, EngineVersion, Expectations, Origin, Protocol, Question, Way,
};

use super::lab::{Addresses, INTRUDER, NEIGHBOUR};
use super::probe::Reached;
use super::topology::{Driver, Placed, Stack, Topology};

const BY_PORT: &str = "by the host's port";

/// How many answers were held against an engine, and which were wrong.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    ways: usize,
    none: usize,
    unknown: usize,
    pub(crate) wrong: Vec<String>,
}

impl Tally {
    pub(crate) fn and(mut self, other: Tally) -> Tally {
        self.ways += other.ways;
        self.none += other.none;
        self.unknown += other.unknown;
        self.wrong.extend(other.wrong);
        self
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally {
            ways,
            none,
            unknown,
            wrong,
        } = self;
        write!(
            f,
            "{ways} ways, {none} without, {unknown} not known, {} wrong",
            wrong.len()
        )
    }
}

/// How someone is reached, in words that do for the model and for what was measured.
type Hows = BTreeSet<String>;

struct Court<'a> {
    placed: &'a Placed<'a>,
    engine: EngineVersion,
    diagram: Diagram,
    expected: Expectations,
    addresses: &'a Addresses,
    reached: &'a Reached,
    tally: Tally,
}

/// Judges all that the model says of one topology.
pub(crate) fn judge(
    placed: &Placed<'_>,
    engine: EngineVersion,
    addresses: &Addresses,
    reached: &Reached,
) -> Tally {
    let text = placed.diagram();
    let (diagram, _) = Diagram::parse(&text).unwrap_or_else(|faults| panic!("{faults:?}\n{text}"));
    let mut court = Court {
        placed,
        engine,
        expected: diagram.expectations(),
        diagram,
        addresses,
        reached,
        tally: Tally::default(),
    };
    court.containers();
    court.hosts();
    if !placed.is_wide() {
        court.outside();
    }
    let wrong = &mut court.tally.wrong;
    if !wrong.is_empty() {
        wrong.push(format!("… in\n{text}"));
    }
    court.tally
}

impl Court<'_> {
    /// The model's index of a service.
    fn index(&self, at: usize) -> usize {
        let name = self.placed.service(at);
        let containers = &self.expected.containers;
        containers
            .iter()
            .position(|c| c.name == name)
            .expect("it is in the picture")
    }

    fn count(&self) -> usize {
        self.placed.topology.services.len()
    }

    /// Each container to each other, and out.
    fn containers(&mut self) {
        for from in 0..self.count() {
            let (name, origin) = (
                self.placed.service(from),
                Origin::Container(self.index(from)),
            );
            for to in (0..self.count()).filter(|to| *to != from) {
                for question in self.questions(to) {
                    let said = self
                        .diagram
                        .reach(self.engine, origin, self.index(to), question);
                    let seen = self.seen(&name, to, question);
                    self.compare(&name, to, question, &said, &seen);
                }
            }
            if self.placed.is_wide() {
                continue;
            }
            let out = self
                .reached
                .iter()
                .any(|(who, _, _, said)| *who == name && said == "outside");
            let said = self.diagram.reach_out(self.engine, self.index(from));
            let agrees = match &said {
                Answer::Ways(_) => out,
                Answer::NoWay(_) => !out,
                Answer::NotKnown(doubt) => *doubt == Doubt::DefaultRoute,
            };
            self.count_as(&said);
            if !agrees {
                self.wrong(
                    &name,
                    "the outside",
                    &format!("{said:?}"),
                    &format!("{out}"),
                );
            }
        }
    }

    fn hosts(&mut self) {
        for host in 0..self.expected.hosts.len() {
            let name = format!("host-{host}-{}", self.placed.number);
            for to in 0..self.count() {
                for question in self.questions(to) {
                    let origin = Origin::Host(host);
                    let said = self
                        .diagram
                        .reach(self.engine, origin, self.index(to), question);
                    let seen = self.seen(&name, to, question);
                    self.compare(&name, to, question, &said, &seen);
                }
            }
        }
    }

    /// A neighbour on the LAN, who is outside: what holds for him must hold when he sets routes, too. Where nothing is
    /// claimed, it must matter.
    fn outside(&mut self) {
        let name = |who: &str| format!("{who}-{}", self.placed.number);
        let (neighbour, intruder) = (name(NEIGHBOUR), name(INTRUDER));
        for to in 0..self.count() {
            for question in self.questions(to) {
                let said =
                    self.diagram
                        .reach(self.engine, Origin::Outside, self.index(to), question);
                let plain = self.seen(&neighbour, to, question);
                let routed = self.seen(&intruder, to, question);
                match said {
                    Answer::NotKnown(Doubt::Neighbours) => {
                        self.tally.unknown += 1;
                        if !plain.is_empty() || routed.is_empty() {
                            let seen = format!("{plain:?}, with routes {routed:?}");
                            self.wrong(
                                &neighbour,
                                &self.placed.service(to),
                                &format!("{question}: {said:?}"),
                                &seen,
                            );
                        }
                    }
                    Answer::Ways(_) => self.compare(&neighbour, to, question, &said, &plain),
                    _ => {
                        self.compare(&neighbour, to, question, &said, &plain);
                        self.compare(&intruder, to, question, &said, &routed);
                    }
                }
            }
        }
    }

    fn questions(&self, to: usize) -> [Question; 2] {
        [
            Question::Port(self.placed.listens(to), Protocol::Tcp),
            Question::Ping,
        ]
    }

    fn count_as(&mut self, said: &Answer) {
        match said {
            Answer::Ways(_) => self.tally.ways += 1,
            Answer::NoWay(_) => self.tally.none += 1,
            Answer::NotKnown(_) => self.tally.unknown += 1,
        }
    }

    fn compare(&mut self, from: &str, to: usize, question: Question, said: &Answer, seen: &Hows) {
        self.count_as(said);
        let agrees = match said {
            // Within one stack its other addresses lead there, too.
            Answer::Ways(ways) if ways == &[Way::Loopback] => {
                question == Question::Ping || seen.contains("as localhost")
            }
            Answer::Ways(ways) => {
                let said: Hows = ways.iter().map(|way| self.how(*way)).collect();
                let more: Hows = seen.difference(&said).cloned().collect();
                said.is_subset(seen) && (more.is_empty() || self.is_doubtful(to, &more))
            }
            Answer::NoWay(_) => seen.is_empty(),
            Answer::NotKnown(doubt) => *doubt == Doubt::DefaultRoute,
        };
        if !agrees {
            let said = format!("{question}: {said:?}");
            self.wrong(from, &self.placed.service(to), &said, &format!("{seen:?}"));
        }
    }

    /// Whether nobody claims anything of these further ways: of ports of a container that has an address on the LAN.
    fn is_doubtful(&self, to: usize, more: &Hows) -> bool {
        let Topology {
            networks, services, ..
        } = self.placed.topology;
        let is_on_lan = |n: &usize| networks[*n].driver == Driver::Macvlan;
        matches!(&services[to].stack, Stack::On(on) if on.iter().any(is_on_lan))
            && more.iter().all(|how| how == BY_PORT)
    }

    fn wrong(&mut self, from: &str, to: &str, said: &str, seen: &str) {
        let family = self.placed.topology.family;
        let line = format!("{family}: {from} to {to}: the model says {said}; seen: {seen}");
        self.tally.wrong.push(line);
    }

    fn how(&self, way: Way) -> String {
        match way {
            Way::Network(n) | Way::FromHost(n) | Way::Lan(n) | Way::Routed(n) => {
                at_address(&self.expected.networks[n].name)
            }
            Way::Published(_) => BY_PORT.to_owned(),
            Way::Loopback => "as localhost".to_owned(),
            Way::HostPort => "at the host".to_owned(),
            Way::Out => "out".to_owned(),
        }
    }

    /// How `from` was seen to reach the service `to`.
    fn seen(&self, from: &str, to: usize, question: Question) -> Hows {
        let services = &self.placed.topology.services;
        let owner = match services[to].stack {
            Stack::Of(owner) => owner,
            _ => to,
        };
        let none = Vec::new();
        let own = self
            .addresses
            .get(&self.placed.service(owner))
            .unwrap_or(&none);
        let in_host_mode = services[to].stack == Stack::Host;
        let name = self.placed.service(to);
        let hows = self
            .reached
            .iter()
            .filter(|(who, ..)| who == from)
            .filter_map(|(_, address, port, answered)| {
                let network = own.iter().find(|(_, a)| a == address).map(|(n, _)| n);
                match (question, port, network) {
                    (Question::Ping, None, Some(network)) => Some(at_address(network)),
                    (Question::Ping, None, None) => (in_host_mode
                        && self.is_of_host(address, services[to].host))
                    .then(|| "at the host".to_owned()),
                    (Question::Ping, Some(_), _) | (_, None, _) => None,
                    _ if *answered != name => None,
                    (_, Some(_), Some(network)) => Some(at_address(network)),
                    (_, Some(port), None) if *port == self.placed.host_port(to) => {
                        Some(if in_host_mode { "at the host" } else { BY_PORT }.to_owned())
                    }
                    (_, Some(_), None) => Some("as localhost".to_owned()),
                }
            });
        hows.collect()
    }

    /// Whether an address that isn't a container's is one of the host's.
    fn is_of_host(&self, address: &str, host: usize) -> bool {
        let lan = &self.placed.lan;
        if host == 1 {
            return [&lan.ipv4[1], &lan.ipv6[1]].contains(&&address.to_owned());
        }
        let containers = self.addresses.values().flatten();
        let mut others = containers
            .map(|(_, a)| a)
            .chain([&lan.ipv4[1], &lan.ipv6[1]]);
        !others.any(|a| a == address)
    }
}

fn at_address(network: &str) -> String {
    format!("at its address on {network}")
}
