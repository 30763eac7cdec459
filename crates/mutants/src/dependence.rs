//! Whether two commands are about the same thing, so that their order says something. Enter at [`depend`].

use std::collections::BTreeSet;

use seaworthy_words::{Call, Script, program_at};

use crate::looks::leading;

/// Whether one of two commands makes, changes or removes something that the other is about.
pub(crate) fn depend(first: &Script, second: &Script) -> bool {
    let touches = |one: &Script, other: &Script| {
        let others = names_in(other);
        made_by(one).is_none_or(|made| made.iter().any(|name| others.contains(name)))
    };
    !names_in(first).is_disjoint(&names_in(second))
        && (touches(first, second) || touches(second, first))
}

/// What may be names in the arguments of a command: not its programs, nor Docker's verbs.
fn names_in(command: &Script) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for simple in command.commands() {
        let words = simple.values();
        let arguments = match (simple.call(), program_at(&words)) {
            (Some(call), _) => call.rest,
            (None, Some(at)) => words[at + 1..].to_vec(),
            (None, None) => Vec::new(),
        };
        let files = simple.redirects.iter().map(|r| r.target.value.as_str());
        let documents = simple.redirects.iter().filter_map(|r| command.document(r));
        for text in arguments.into_iter().chain(files).chain(documents) {
            let parts = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
            found.extend(parts.filter(|part| !part.starts_with('-') && part.len() > 1));
        }
    }
    found
}

/// The names of what Docker's commands make, change or remove; unknown of other commands.
fn made_by(command: &Script) -> Option<BTreeSet<&str>> {
    let mut made = BTreeSet::new();
    for simple in leading(command)? {
        made.extend(made_by_docker(&simple.call()?)?);
    }
    Some(made)
}

fn made_by_docker<'a>(call: &Call<'a>) -> Option<Vec<&'a str>> {
    let operands = call.operands();
    Some(match (call.group, call.verb) {
        ("" | "container", "run" | "create") => {
            let named = call.value("name", "name").into_iter();
            named
                .chain(call.values("network-alias", "network-alias"))
                .collect()
        }
        ("network", "connect" | "disconnect" | "create") => operands.last().into_iter().collect(),
        ("network" | "image" | "volume" | "container", "rm")
        | ("" | "container", "rm" | "stop" | "start" | "restart") => operands.collect(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_follows_from_what_is_made() {
        for (first, second) in [
            (
                "docker network create front",
                "docker run -d --name web --network front nginx",
            ),
            ("docker run -d --name web nginx", "docker exec web ping db"),
            (
                "docker rm -f web",
                "docker network rm front && docker rm web",
            ),
            ("sed -i s/a/b/ app.py", "docker cp app.py web:/"),
        ] {
            let (one, other) = (Script::parse(first), Script::parse(second));
            assert!(depend(&one, &other), "{first} ↔ {second}");
        }
        for (first, second) in [
            (
                "docker network disconnect front web",
                "docker network disconnect front db",
            ),
            ("docker network rm lab", "docker image rm lab-proxy"),
            (
                "docker run -d --name a --network lab x",
                "docker run -d --name b --network lab x",
            ),
        ] {
            let (one, other) = (Script::parse(first), Script::parse(second));
            assert!(!depend(&one, &other), "{first} ↔ {second}");
        }
    }
}
