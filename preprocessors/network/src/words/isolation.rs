//! Sentences about containers that don't reach one another: what nobody asked for must be true as well.

use super::{list, taken_ports};
use crate::model::{Model, Stack};
use crate::reach::{Answer, Origin, Question, Reach, Way};

/// More sentences about two networks each than this, nobody reads.
const MANY: usize = 4;

/// What leads from one container to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    /// Something that isn't a published port.
    Open,
    /// Ports of the host, and nothing else.
    Ports,
    /// Neither a port nor a ping gets through.
    None,
    /// Nobody can say.
    NotKnown,
}

/// What leads from each container to each, by index.
struct Links(Vec<Vec<Link>>);

impl Links {
    fn of(model: &Model) -> Links {
        let count = model.containers.len();
        let reach = Reach::of(model);
        let row = |a: usize| (0..count).map(|b| link(reach, a, b)).collect();
        Links((0..count).map(row).collect())
    }

    fn both(&self, a: usize, b: usize) -> [Link; 2] {
        [self.0[a][b], self.0[b][a]]
    }
}

fn link(reach: Reach<'_>, a: usize, b: usize) -> Link {
    if a == b {
        return Link::Open;
    }
    let ask = |question| reach.ask(Origin::Container(a), b, question);
    match (ask(Question::AnyPort), ask(Question::Ping)) {
        (_, Answer::Ways(_)) => Link::Open,
        (Answer::Ways(ways), _) if ways.iter().any(|w| !matches!(w, Way::Published(_))) => {
            Link::Open
        }
        (Answer::NotKnown(_), _) | (_, Answer::NotKnown(_)) => Link::NotKnown,
        (Answer::Ways(_), _) => Link::Ports,
        (Answer::NoWay(_), Answer::NoWay(_)) => Link::None,
    }
}

/// Sentences about containers that can't reach one another, few and short: pairs if there are few,
/// else what separates whole networks. What `told` holds for, from one to another, is left out.
pub(crate) fn isolation(model: &Model, told: impl Fn(usize, usize) -> bool) -> Vec<String> {
    let mut notes = Vec::new();
    for container in &model.containers {
        if container.stack == Stack::None {
            notes.push(format!(
                "{} has no network: no way to it or from it",
                container.name
            ));
        }
    }
    notes.extend(taken_ports(model));
    let links = Links::of(model);
    let groups = groups(model, &links);
    let few = groups.len() <= 3 && groups.iter().all(|group| group.others.len() <= 4);
    let untold: Vec<Group> = groups
        .into_iter()
        .filter_map(|g| g.without(&told))
        .collect();
    if untold.is_empty() {
        return notes;
    }
    if few {
        notes.extend(untold.iter().map(|group| group.sentence(model)));
        return notes;
    }
    let between = between_networks(model, &links);
    if between.len() > MANY {
        notes.extend(in_general(model, &links));
    } else {
        notes.extend(between.into_iter().flatten());
    }
    notes
}

/// A container, and others that it doesn't reach.
struct Group {
    one: usize,
    others: Vec<usize>,
    /// Whether they don't reach it either.
    mutual: bool,
}

impl Group {
    fn without(mut self, told: &impl Fn(usize, usize) -> bool) -> Option<Group> {
        let (one, mutual) = (self.one, self.mutual);
        self.others
            .retain(|&other| !(told(one, other) || (mutual && told(other, one))));
        (!self.others.is_empty()).then_some(self)
    }

    fn sentence(&self, model: &Model) -> String {
        let name = |c: usize| model.containers[c].name.as_str();
        let others: Vec<&str> = self.others.iter().map(|c| name(*c)).collect();
        let (one, others) = (name(self.one), list(&others, "or"));
        if self.mutual {
            format!("No way between {one} and {others}")
        } else {
            format!("No way from {one} to {others}")
        }
    }
}

/// Each container with those that it has no way to: first where there is none back either, then the others.
fn groups(model: &Model, links: &Links) -> Vec<Group> {
    let alone = |c: usize| model.containers[model.stack_owner(c)].stack == Stack::None;
    let count = model.containers.len();
    let crowd: Vec<usize> = (0..count).filter(|c| !alone(*c)).collect();
    let mutual = crowd.iter().map(|&one| Group {
        one,
        others: crowd
            .iter()
            .copied()
            .filter(|&b| b > one && links.both(one, b) == [Link::None; 2])
            .collect(),
        mutual: true,
    });
    let single = crowd.iter().map(|&one| Group {
        one,
        others: crowd
            .iter()
            .copied()
            .filter(|&b| links.0[one][b] == Link::None && links.0[b][one] != Link::None)
            .collect(),
        mutual: false,
    });
    mutual
        .chain(single)
        .filter(|group| !group.others.is_empty())
        .collect()
}

/// For each two networks with members that aren't on the other: who is on both, if anyone. Nothing is said where
/// something else leads across.
fn between_networks(model: &Model, links: &Links) -> Vec<Option<String>> {
    let members: Vec<Vec<usize>> = (0..model.networks.len())
        .map(|n| model.members(n))
        .collect();
    let mut notes = Vec::new();
    for a in 0..members.len() {
        for b in a + 1..members.len() {
            let on = |these: &[usize], those: &[usize]| -> Vec<usize> {
                these
                    .iter()
                    .copied()
                    .filter(|c| !those.contains(c))
                    .collect()
            };
            let (only_a, only_b) = (on(&members[a], &members[b]), on(&members[b], &members[a]));
            let across: Vec<Link> = only_a
                .iter()
                .flat_map(|&x| only_b.iter().flat_map(move |&y| links.both(x, y)))
                .collect();
            if across.is_empty() {
                continue;
            }
            let is_open = |link: &Link| [Link::Open, Link::NotKnown].contains(link);
            if across.iter().any(is_open) {
                notes.push(None);
                continue;
            }
            let both: Vec<&str> = members[a]
                .iter()
                .filter(|c| members[b].contains(c))
                .map(|c| model.containers[*c].name.as_str())
                .collect();
            let ports = if across.contains(&Link::Ports) {
                " but through the host's ports"
            } else {
                ""
            };
            let (first, second) = (&model.networks[a].name, &model.networks[b].name);
            let who = match both.as_slice() {
                [] => "nobody is on both".to_owned(),
                [one] => format!("only {one} is on both"),
                many if many.len() <= 3 => format!("only {} are on both", list(many, "and")),
                many => format!("only {} containers are on both", many.len()),
            };
            notes.push(Some(format!(
                "No way between {first} and {second}{ports}: {who}"
            )));
        }
    }
    notes
}

/// One sentence for all, if there is one that is true.
fn in_general(model: &Model, links: &Links) -> Option<String> {
    let count = model.containers.len();
    let apart = (0..count).flat_map(|a| (0..count).map(move |b| (a, b)));
    let apart = apart.filter(|&(a, b)| {
        model.stack_owner(a) != model.stack_owner(b) && model.shared(a, b).is_empty()
    });
    let across: Vec<Link> = apart.map(|(a, b)| links.0[a][b]).collect();
    if across
        .iter()
        .any(|l| [Link::Open, Link::NotKnown].contains(l))
    {
        return None;
    }
    let ports = if across.contains(&Link::Ports) {
        " but through the host's ports"
    } else {
        ""
    };
    Some(format!(
        "No way between containers that have no network in common{ports}"
    ))
}
