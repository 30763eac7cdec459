//! Containers of which the same is true: who reaches whom is asked once for each two classes of them, not for each two.

use std::collections::HashMap;
use std::net::IpAddr;

use super::{Origin, Question, Reach};
use crate::model::{Container, Model, Stack};
use crate::reach::Answer;

/// The classes of the containers of a picture, in the order of their first members.
pub(crate) struct Classes {
    /// The members of each, by index.
    pub(crate) members: Vec<Vec<usize>>,
    /// The class of each container.
    of: Vec<usize>,
}

/// All that answers depend on: the host, whose network stack it is, networks, addresses at which ports are published.
#[derive(PartialEq, Eq, Hash)]
struct Identity<'a> {
    host: usize,
    stack: (u8, &'a str),
    networks: Vec<usize>,
    ports: Vec<(Option<IpAddr>, bool)>,
}

impl<'a> Identity<'a> {
    fn of(model: &'a Model, container: usize) -> Identity<'a> {
        let Container {
            stack,
            interfaces,
            ports,
            ..
        } = &model.containers[model.stack_owner(container)];
        let stack = match stack {
            // The owner's is never another's.
            Stack::Own | Stack::Of(_) => (0, ""),
            Stack::None => (1, ""),
            Stack::Host => (2, ""),
            Stack::Elsewhere(name) => (3, name.as_str()),
            Stack::Unknown(written) => (4, written.as_str()),
        };
        let mut networks: Vec<usize> = interfaces.iter().map(|i| i.network).collect();
        networks.sort_unstable();
        let mut ports: Vec<_> = ports.iter().map(|p| (p.host_ip, p.depends())).collect();
        ports.sort_unstable();
        ports.dedup();
        Identity {
            host: model.containers[container].host,
            stack,
            networks,
            ports,
        }
    }
}

impl Classes {
    /// The classes of `model`.
    pub(crate) fn of(model: &Model) -> Classes {
        let mut known: HashMap<Identity<'_>, usize> = HashMap::new();
        let mut classes = Classes {
            members: Vec::new(),
            of: Vec::with_capacity(model.containers.len()),
        };
        for container in 0..model.containers.len() {
            let next = classes.members.len();
            let class = *known.entry(Identity::of(model, container)).or_insert(next);
            if class == next {
                classes.members.push(Vec::new());
            }
            classes.members[class].push(container);
            classes.of.push(class);
        }
        classes
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    /// The class of a container.
    pub(crate) fn class(&self, container: usize) -> usize {
        self.of[container]
    }

    /// Two containers, one of each class, that don't use one network stack; `None` if there are none.
    pub(crate) fn pair(&self, model: &Model, a: usize, b: usize) -> Option<(usize, usize)> {
        let one = self.members[a][0];
        let own = model.stack_owner(one);
        let others = self.members[b].iter().copied();
        let other = others
            .into_iter()
            .find(|other| model.stack_owner(*other) != own)?;
        Some((one, other))
    }

    /// What is answered for a container of class `a` and one of class `b` that use two network stacks.
    pub(crate) fn ask(
        &self,
        reach: Reach<'_>,
        a: usize,
        b: usize,
        question: Question,
    ) -> Option<Answer> {
        let (one, other) = self.pair(reach.model, a, b)?;
        Some(reach.ask(Origin::Container(one), other, question))
    }
}

#[cfg(test)]
mod tests {
    use crate::Diagram;
    use crate::reach::{Classes, Origin, Question, Reach};

    /// Every two containers answer as their classes do.
    #[test]
    fn what_holds_for_a_class_holds_for_each_of_it() {
        let text = "
services:
  a: {networks: [n], ports: [\"80:80\"]}
  b: {networks: [n], ports: [\"81:80\"]}
  c: {networks: [n, m], ports: [\"127.0.0.1:82:80\"]}
  d: {networks: [m, n], ports: [\"127.0.0.1:83:80\"]}
  e: {network_mode: host, expose: [9]}
  f: {network_mode: host}
  g: {network_mode: \"service:a\"}
  h: {network_mode: \"container:x\"}
  i: {network_mode: none}
  j: {network_mode: bridge}
  k: {networks: [l]}
  o: {networks: [l]}
  p: {networks: [i]}
  q: {networks: [i]}
networks: {n: , m: , l: {driver: macvlan}, i: {internal: true}}
";
        let (diagram, _) = Diagram::parse(text).unwrap();
        let model = &diagram.model;
        let classes = Classes::of(model);
        assert_eq!(classes.len(), 8);
        let mut compared = 0;
        for a in 0..model.containers.len() {
            for b in 0..model.containers.len() {
                if model.stack_owner(a) == model.stack_owner(b) {
                    continue;
                }
                for question in [Question::AnyPort, Question::Ping] {
                    let reach = Reach::of(model);
                    let own = reach.ask(Origin::Container(a), b, question);
                    let shared = classes.ask(reach, classes.class(a), classes.class(b), question);
                    let shared = shared.unwrap();
                    assert!(
                        own.is_alike(&shared),
                        "{a} {b} {question}: {own:?} {shared:?}"
                    );
                    compared += 1;
                }
            }
        }
        assert!(compared > 300, "{compared}");
    }
}
