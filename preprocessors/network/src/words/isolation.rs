//! Sentences about containers that don't reach one another: what nobody asked for must be true as well.

use super::{list, taken_ports};
use crate::model::{Model, Stack};
use crate::reach::{Answer, Classes, Question, Reach, Way};

/// More sentences about two networks each than this, nobody reads.
const MANY: usize = 4;
/// Of more containers than this, no two are told by name.
const FEW_CONTAINERS: usize = 60;
/// Of more networks than this, no two are told by name.
const FEW_NETWORKS: usize = 40;
/// Of containers that differ so much nothing is said: there are as many answers as pairs of classes.
const MOST_CLASSES: usize = 300;

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

/// What leads from each class of containers to each, by index: from one container to another that doesn't use its network
/// stack. `None` where there are no two.
struct Links {
    classes: Classes,
    between: Vec<Vec<Option<Link>>>,
}

impl Links {
    fn of(model: &Model) -> Option<Links> {
        let classes = Classes::of(model);
        if classes.len() > MOST_CLASSES {
            return None;
        }
        let reach = Reach::of(model);
        let all = 0..classes.len();
        let row = |a: usize| {
            let others = all.clone();
            others.map(|b| link(&classes, reach, a, b)).collect()
        };
        let between = all.clone().map(row).collect();
        Some(Links { classes, between })
    }

    /// What leads from one container to another.
    fn link(&self, model: &Model, a: usize, b: usize) -> Link {
        if model.stack_owner(a) == model.stack_owner(b) {
            return Link::Open;
        }
        let (a, b) = (self.classes.class(a), self.classes.class(b));
        self.between[a][b].unwrap_or(Link::Open)
    }

    fn both(&self, model: &Model, a: usize, b: usize) -> [Link; 2] {
        [self.link(model, a, b), self.link(model, b, a)]
    }
}

fn link(classes: &Classes, reach: Reach<'_>, a: usize, b: usize) -> Option<Link> {
    let any = classes.ask(reach, a, b, Question::AnyPort)?;
    let ping = classes.ask(reach, a, b, Question::Ping)?;
    Some(match (any, ping) {
        (_, Answer::Ways(_)) => Link::Open,
        (Answer::Ways(ways), _) if ways.iter().any(|w| !matches!(w, Way::Published(_))) => {
            Link::Open
        }
        (Answer::NotKnown(_), _) | (_, Answer::NotKnown(_)) => Link::NotKnown,
        (Answer::Ways(_), _) => Link::Ports,
        (Answer::NoWay(_), Answer::NoWay(_)) => Link::None,
    })
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
    let Some(links) = Links::of(model) else {
        return notes;
    };
    if model.containers.len() <= FEW_CONTAINERS {
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
    }
    let few = model.networks.len() <= FEW_NETWORKS;
    let between = if few {
        between_networks(model, &links)
    } else {
        Vec::new()
    };
    if !few || between.len() > MANY {
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
            .filter(|&b| b > one && links.both(model, one, b) == [Link::None; 2])
            .collect(),
        mutual: true,
    });
    let single = crowd.iter().map(|&one| Group {
        one,
        others: crowd
            .iter()
            .copied()
            .filter(|&b| {
                links.link(model, one, b) == Link::None && links.link(model, b, one) != Link::None
            })
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
    let members = model.memberships();
    let mut notes = Vec::new();
    for a in 0..members.len() {
        for b in a + 1..members.len() {
            // One of each class speaks for all of it: those that share a network stack are of one.
            let on = |these: &[usize], network: usize| -> Vec<usize> {
                let mut classes: Vec<usize> = these
                    .iter()
                    .filter(|c| model.interfaces(**c).iter().all(|i| i.network != network))
                    .map(|c| links.classes.class(*c))
                    .collect();
                classes.sort_unstable();
                classes.dedup();
                classes
            };
            let (only_a, only_b) = (on(&members[a], b), on(&members[b], a));
            let across: Vec<Link> = only_a
                .iter()
                .flat_map(|&x| only_b.iter().flat_map(move |&y| [(x, y), (y, x)]))
                .map(|(x, y)| links.between[x][y].unwrap_or(Link::Open))
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
    let count = links.classes.len();
    let pairs = (0..count).flat_map(|a| (0..count).map(move |b| (a, b)));
    let apart = pairs.filter(|&(a, b)| {
        let pair = links.classes.pair(model, a, b);
        pair.is_some_and(|(a, b)| model.shared(a, b).is_empty())
    });
    let across: Vec<Link> = apart.filter_map(|(a, b)| links.between[a][b]).collect();
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
