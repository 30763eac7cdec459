//! Who reaches whom, in sentences: of few containers each one's own, of many what is common to them. Enter at
//! [`sentences`].

use std::collections::{HashMap, HashSet};

use crate::model::{Model, NetworkKind};
use crate::reach::{Answer, Classes, Origin, Question, Reach, Way};
use crate::words::{self, list};

/// Of so many containers each is told by itself.
const FEW: usize = 12;
/// Of containers that differ so much only what is common to a network is told.
const MOST_CLASSES: usize = 300;

/// Who reaches whom, and who doesn't. As long as the picture: no list of pairs.
pub(super) fn sentences(model: &Model) -> Vec<String> {
    let count = model.containers.len();
    let mut told: Vec<String> = if count <= FEW {
        (0..count).flat_map(|a| reached_from(model, a)).collect()
    } else {
        let mut told = within_networks(model);
        told.extend(across(model));
        told
    };
    told.extend(words::isolation(model, |_, _| false));
    told
}

/// A sentence for each network with two members or more.
fn within_networks(model: &Model) -> Vec<String> {
    let reach = Reach::of(model);
    let members = model.memberships();
    let named = model
        .networks
        .iter()
        .zip(&members)
        .filter(|(_, m)| m.len() > 1);
    let told = named.filter_map(|(network, members)| {
        let direct = |answer: &Answer| matches!(answer.way(), Some(Way::Network(_)));
        let name = &network.name;
        let answer = reach.ask(Origin::Container(members[0]), members[1], Question::AnyPort);
        if !network.talks_within() {
            Some(format!("{name} keeps its containers apart"))
        } else if !direct(&answer) {
            None
        } else if network.kind == NetworkKind::DefaultBridge {
            Some(format!("All on {name} reach one another, by address only"))
        } else {
            Some(format!("All on {name} reach one another"))
        }
    });
    told.collect()
}

/// What leads on from one network to another: a sentence for each kind of way and each set of containers that it
/// leads to.
fn across(model: &Model) -> Vec<String> {
    let classes = Classes::of(model);
    if classes.len() > MOST_CLASSES {
        return Vec::new();
    }
    let reached = reached_by_class(model, &classes);
    // By how it goes on and the classes that are reached: the classes that reach them.
    let mut kinds: Vec<(Reached, Vec<usize>)> = Vec::new();
    let mut places: HashMap<Reached, usize> = HashMap::new();
    for (a, reached) in reached.into_iter().enumerate() {
        for key in reached {
            let next = kinds.len();
            let place = *places.entry(key.clone()).or_insert(next);
            if place == next {
                kinds.push((key, Vec::new()));
            }
            kinds[place].1.push(a);
        }
    }
    let sentence = |((how, targets), sources): (Reached, Vec<usize>)| {
        let all = sources.len() == classes.len();
        let who = if all {
            "Every container".to_owned()
        } else {
            names(model, &classes, &sources)
        };
        let verb = if all || sources.len() == 1 && classes.members[sources[0]].len() == 1 {
            "reaches"
        } else {
            "reach"
        };
        format!("{who} {verb} {} {how}", names(model, &classes, &targets))
    };
    kinds.into_iter().map(sentence).collect()
}

/// How it goes on, in words, and the classes that are reached so.
type Reached = (&'static str, Vec<usize>);

/// What each class reaches beyond its networks. One that is alone in its class counts as reaching itself where others
/// reach it: so what is true of all is one sentence.
fn reached_by_class(model: &Model, classes: &Classes) -> Vec<Vec<Reached>> {
    let reach = Reach::of(model);
    let count = classes.len();
    let mut all: Vec<Vec<Reached>> = Vec::with_capacity(count);
    for a in 0..count {
        let mut reached: Vec<Reached> = Vec::new();
        for b in 0..count {
            let answer = classes.ask(reach, a, b, Question::AnyPort);
            let Some(Answer::Ways(ways)) = answer else {
                continue;
            };
            for how in hows(&ways) {
                match reached.iter_mut().find(|(known, _)| *known == how) {
                    Some((_, targets)) => targets.push(b),
                    None => reached.push((how, vec![b])),
                }
            }
        }
        all.push(reached);
    }
    let reached_at_all: HashSet<Reached> = all
        .iter()
        .flatten()
        .flat_map(|(how, targets)| targets.iter().map(|b| (*how, vec![*b])))
        .collect();
    for (a, reached) in all.iter_mut().enumerate() {
        for (how, targets) in reached {
            let alone = classes.pair(model, a, a).is_none();
            if alone && reached_at_all.contains(&(*how, vec![a])) {
                targets.push(a);
                targets.sort_unstable();
            }
        }
    }
    all
}

/// How these ways go, in words, but for those over a network that both are on.
fn hows(ways: &[Way]) -> Vec<&'static str> {
    let mut hows = Vec::new();
    for way in ways {
        let how = match way {
            Way::Network(_) | Way::Loopback | Way::Out => continue,
            Way::Published(_) => "through published ports",
            Way::HostPort => "at the host's address",
            Way::FromHost(_) => "from the host, by address",
            Way::Lan(_) => "on the LAN",
            Way::Routed(_) => "by IPv6 address",
        };
        if !hows.contains(&how) {
            hows.push(how);
        }
    }
    hows
}

fn names(model: &Model, classes: &Classes, these: &[usize]) -> String {
    let mut members: Vec<usize> = these
        .iter()
        .flat_map(|class| classes.members[*class].iter().copied())
        .collect();
    members.sort_unstable();
    list(&super::names_of(model, &members), "and")
}

/// Whom the container `a` reaches: a sentence for each kind of way.
fn reached_from(model: &Model, a: usize) -> Vec<String> {
    let reach = Reach::of(model);
    // The ends of sentences, in the order in which they were first needed.
    let mut kinds: Vec<(String, Vec<&str>)> = Vec::new();
    let others = (0..model.containers.len())
        .filter(|&b| model.stack_owner(a) != model.stack_owner(b))
        .filter_map(|b| {
            Some((
                b,
                reach
                    .ask(Origin::Container(a), b, Question::AnyPort)
                    .way()?,
            ))
        });
    for (b, way) in others {
        let how = match way {
            Way::Network(_) if !reach.by_name(a, b) => ", by address only".to_owned(),
            Way::Network(_) | Way::Loopback | Way::Out => String::new(),
            Way::Published(port) => format!(" {}", words::through_port(model, b, port)),
            Way::HostPort => format!(" at the address of {}", words::host_name(model, b)),
            Way::FromHost(_) => " from the host, by address".to_owned(),
            Way::Lan(_) => " on the LAN".to_owned(),
            Way::Routed(_) => " by IPv6 address".to_owned(),
        };
        let name = model.containers[b].name.as_str();
        match kinds.iter_mut().find(|(kind, _)| *kind == how) {
            Some((_, names)) => names.push(name),
            None => kinds.push((how, vec![name])),
        }
    }
    kinds.sort_by_key(|(how, _)| !how.is_empty());
    let name = &model.containers[a].name;
    kinds
        .into_iter()
        .map(|(how, names)| format!("{name} reaches {}{how}", list(&names, "and")))
        .collect()
}
