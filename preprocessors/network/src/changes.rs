//! What came and went from one picture to another. Enter at [`Changes::between`].

use std::collections::HashMap;

use crate::model::{Container, Interface, Mark, Model, Network, Port, Stack};
use crate::reach::{Answer, Origin, Question, Reach};
use crate::words::list;

/// Of more containers than this it isn't told who reaches whom now, and didn't.
const MOST_COMPARED: usize = 60;

/// What is different, in sentences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    pub(crate) came: Vec<String>,
    pub(crate) went: Vec<String>,
    pub(crate) changed: Vec<String>,
}

impl Changes {
    /// All of them, each with the sign that is drawn.
    pub(crate) fn told(&self) -> Vec<(&'static str, String)> {
        let kinds = [
            (Mark::Came, &self.came),
            (Mark::Went, &self.went),
            (Mark::Changed, &self.changed),
        ];
        let told = kinds.into_iter().flat_map(|(mark, said)| {
            said.iter()
                .map(move |said| (mark.sign().trim_end(), said.clone()))
        });
        told.collect()
    }

    /// Whether nothing is.
    pub(crate) fn is_empty(&self) -> bool {
        self.came.is_empty() && self.went.is_empty() && self.changed.is_empty()
    }
}

/// Both pictures in one, with what came and what went marked.
pub(crate) fn between(old: &Model, new: &Model) -> Model {
    let mut comparison = Comparison {
        old,
        new,
        model: new.clone(),
        changes: Changes::default(),
        places: HashMap::new(),
    };
    comparison.networks();
    comparison.containers();
    comparison.ways();
    let Comparison {
        mut model, changes, ..
    } = comparison;
    model.changes = Some(changes);
    model
}

struct Comparison<'a> {
    old: &'a Model,
    new: &'a Model,
    model: Model,
    changes: Changes,
    /// The place in the common picture of each old network.
    places: HashMap<usize, usize>,
}

impl Comparison<'_> {
    fn networks(&mut self) {
        let known = |name: &str, of: &Model| of.networks.iter().position(|n| n.name == name);
        for at in 0..self.new.networks.len() {
            let network = &self.new.networks[at];
            match known(&network.name, self.old) {
                Some(before) => {
                    let said = differences(&self.old.networks[before], network);
                    self.model.networks[at].mark = mark(!said.is_empty());
                    self.changes.changed.extend(said);
                }
                None => {
                    self.model.networks[at].mark = Mark::Came;
                    self.changes
                        .came
                        .push(format!("the network {}", network.name));
                }
            }
        }
        for at in 0..self.old.networks.len() {
            let network = &self.old.networks[at];
            let place = known(&network.name, self.new).unwrap_or_else(|| {
                self.changes
                    .went
                    .push(format!("the network {}", network.name));
                self.model.networks.push(Network {
                    mark: Mark::Went,
                    host: network.host.map(|_| 0),
                    ..network.clone()
                });
                self.model.networks.len() - 1
            });
            self.places.insert(at, place);
        }
    }

    fn containers(&mut self) {
        for at in 0..self.new.containers.len() {
            let container = &self.new.containers[at];
            match find(self.old, &container.name) {
                Some(before) => self.container(at, before),
                None => {
                    self.model.containers[at].mark = Mark::Came;
                    self.changes.came.push(container.name.clone());
                }
            }
        }
        for container in &self.old.containers {
            if find(self.new, &container.name).is_none() {
                self.changes.went.push(container.name.clone());
                let gone = self.gone(container);
                self.model.containers.push(gone);
            }
        }
    }

    /// A container that went, as it was.
    fn gone(&self, container: &Container) -> Container {
        let moved = |interface: &Interface| Interface {
            network: self.places[&interface.network],
            ..interface.clone()
        };
        Container {
            mark: Mark::Went,
            host: 0,
            stack: match &container.stack {
                Stack::Of(owner) => Stack::Elsewhere(self.old.containers[*owner].name.clone()),
                other => other.clone(),
            },
            interfaces: container.interfaces.iter().map(moved).collect(),
            ..container.clone()
        }
    }

    /// A container that is in both.
    fn container(&mut self, at: usize, before: usize) {
        let (old, new) = (&self.old.containers[before], &self.new.containers[at]);
        let name = new.name.clone();
        let (was, is) = (stack(self.old, old), stack(self.new, new));
        if was != is {
            self.changes
                .changed
                .push(format!("{name} {is}; before, it {was}"));
            self.model.containers[at].mark = Mark::Changed;
        }
        self.interfaces(at, before);
        for (place, port) in new.ports.iter().enumerate() {
            if !old.ports.iter().any(|p| same_port(p, port)) {
                self.model.containers[at].ports[place].mark = Mark::Came;
                self.changes
                    .came
                    .push(format!("{name}'s port {}", described(port)));
            }
        }
        for port in &old.ports {
            if !new.ports.iter().any(|p| same_port(p, port)) {
                self.changes
                    .went
                    .push(format!("{name}'s port {}", described(port)));
                let gone = Port {
                    mark: Mark::Went,
                    ..port.clone()
                };
                self.model.containers[at].ports.push(gone);
            }
        }
    }

    fn interfaces(&mut self, at: usize, before: usize) {
        let (old, new) = (&self.old.containers[before], &self.new.containers[at]);
        let name = &new.name;
        for (index, interface) in new.interfaces.iter().enumerate() {
            let network = &self.new.networks[interface.network].name;
            let is_same = |i: &&Interface| self.places[&i.network] == interface.network;
            let mark = match old.interfaces.iter().find(is_same) {
                None => {
                    self.changes.came.push(format!("{name} on {network}"));
                    Mark::Came
                }
                Some(was) => {
                    let (was, is) = (addressed(was), addressed(interface));
                    if was != is {
                        let said = format!("{name} on {network}: {is}, before {was}");
                        self.changes.changed.push(said);
                    }
                    self::mark(was != is)
                }
            };
            self.model.containers[at].interfaces[index].mark = mark;
        }
        for interface in &old.interfaces {
            let place = self.places[&interface.network];
            if new.interfaces.iter().any(|i| i.network == place) {
                continue;
            }
            let network = &self.model.networks[place].name;
            self.changes.went.push(format!("{name} on {network}"));
            // Drawn only where the rest of its networks are.
            if new.stack == Stack::Own {
                let gone = Interface {
                    network: place,
                    mark: Mark::Went,
                    ..interface.clone()
                };
                self.model.containers[at].interfaces.push(gone);
            }
        }
    }

    /// Who reaches whom now, and didn't, and the other way round.
    fn ways(&mut self) {
        let (old, new) = (Reach::of(self.old), Reach::of(self.new));
        if self.new.containers.len() > MOST_COMPARED {
            return;
        }
        let both: Vec<(usize, usize)> = (0..self.new.containers.len())
            .filter_map(|at| Some((find(self.old, &self.new.containers[at].name)?, at)))
            .collect();
        for (old_from, from) in &both {
            let (mut opened, mut closed) = (Vec::new(), Vec::new());
            for (old_to, to) in both.iter().filter(|(_, to)| to != from) {
                let ask = |reach: Reach<'_>, from: usize, to: usize| {
                    reach.ask(Origin::Container(from), to, Question::AnyPort)
                };
                let name = self.new.containers[*to].name.as_str();
                match (ask(old, *old_from, *old_to), ask(new, *from, *to)) {
                    (Answer::NoWay(_), Answer::Ways(_)) => opened.push(name),
                    (Answer::Ways(_), Answer::NoWay(_)) => closed.push(name),
                    _ => {}
                }
            }
            let name = &self.new.containers[*from].name;
            let changed = &mut self.changes.changed;
            if !opened.is_empty() {
                changed.push(format!("{name} now reaches {}", list(&opened, "and")));
            }
            if !closed.is_empty() {
                changed.push(format!("{name} no longer reaches {}", list(&closed, "or")));
            }
        }
    }
}

fn mark(changed: bool) -> Mark {
    if changed { Mark::Changed } else { Mark::Same }
}

fn find(model: &Model, name: &str) -> Option<usize> {
    model.containers.iter().position(|c| c.name == name)
}

fn same_port(a: &Port, b: &Port) -> bool {
    (a.host_ip, a.published, a.target, a.protocol) == (b.host_ip, b.published, b.target, b.protocol)
}

/// "8080 of the host, to 80".
fn described(port: &Port) -> String {
    format!(
        "{} of the host, to its {}",
        port.host_side(),
        port.target_ports()
    )
}

/// Whose network stack a container uses, as the rest of a sentence.
fn stack(model: &Model, container: &Container) -> String {
    match &container.stack {
        Stack::Own => "has networks of its own".to_owned(),
        Stack::None => "has no network".to_owned(),
        Stack::Host => "uses the host's network".to_owned(),
        Stack::Of(owner) => format!("shares the network of {}", model.containers[*owner].name),
        Stack::Elsewhere(other) => format!("shares the network of the container {other}"),
        Stack::Unknown(_) => "has a network that isn't known".to_owned(),
    }
}

/// The addresses and further names that a container has on a network.
fn addressed(interface: &Interface) -> String {
    let addresses = interface.ipv4.iter().chain(&interface.ipv6);
    let addresses: Vec<String> = addresses.map(ToString::to_string).collect();
    let mut said = match addresses.as_slice() {
        [] if interface.address_unknown => "an address that isn't known".to_owned(),
        [] => "any address".to_owned(),
        some => some.join(" and "),
    };
    if !interface.aliases.is_empty() {
        said = format!("{said}, also called {}", interface.aliases.join(", "));
    }
    said
}

/// What is different about a network, in sentences.
fn differences(old: &Network, new: &Network) -> Vec<String> {
    let name = &new.name;
    let mut said = Vec::new();
    if old.kind.driver() != new.kind.driver() {
        let (is, was) = (new.kind.driver(), old.kind.driver());
        said.push(format!("{name} has the driver {is}, before {was}"));
    }
    match (old.internal, new.internal) {
        (false, true) => said.push(format!("{name} is internal now: no way out of it")),
        (true, false) => said.push(format!("{name} is no longer internal")),
        _ => {}
    }
    match (old.external, new.external) {
        (false, true) => said.push(format!("{name} is made elsewhere now")),
        (true, false) => said.push(format!("{name} is no longer made elsewhere")),
        _ => {}
    }
    if old.subnets != new.subnets {
        let told = |network: &Network| match network.subnets.as_slice() {
            [] => "no fixed subnet".to_owned(),
            some => some
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" and "),
        };
        said.push(format!("{name} has {}, before {}", told(new), told(old)));
    }
    said
}
