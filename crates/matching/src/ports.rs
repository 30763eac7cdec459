//! PORTS of `docker ps` as a set.

use std::collections::BTreeSet;

use super::bindings::{Bindings, Key};
use super::occurrence::Occurrence;
use super::reason::Reason;
use super::tokens;

/// One entry: where it is published, and what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry<'a> {
    /// `80/tcp`.
    target: &'a str,
    /// The address of the host, `[::]` for `::`; empty if the port is only exposed.
    host: &'a str,
    /// The port, or the range of ports, of the host.
    port: Port<'a>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Port<'a> {
    Literal(&'a str),
    /// Chosen by the engine.
    Chosen(u16),
}

impl<'a> Port<'a> {
    fn literal(&self) -> Option<&'a str> {
        match self {
            Port::Literal(text) => Some(text),
            Port::Chosen(_) => None,
        }
    }
}

/// Compares two cells; the engine's choices are bound.
///
/// An entry for all IPv6 addresses that says the same as one for all IPv4 addresses does not count: whether it is
/// there depends on the host's IPv6 and on the version of the engine.
pub(super) fn compare(
    printed: &str,
    found: &str,
    bindings: &mut Bindings,
    at: &Occurrence,
) -> Result<(), Reason> {
    if printed == found && !chooses(printed) {
        return Ok(());
    }
    let (mine, theirs) = (entries(printed, bindings), entries(found, bindings));
    if mine.len() != theirs.len() {
        return Err(Reason::Text);
    }
    // Sets are in order of target, host and port: chosen ports of one target and host pair off in order.
    for (mine, theirs) in mine.iter().zip(&theirs) {
        if (mine.target, mine.host) != (theirs.target, theirs.host) {
            return Err(Reason::Text);
        }
        match (&mine.port, &theirs.port) {
            (Port::Chosen(a), Port::Chosen(b)) => {
                bindings.bind(Key::Port(*a), Key::Port(*b), at)?
            }
            (a, b) if a == b => {}
            _ => return Err(Reason::Text),
        }
    }
    Ok(())
}

/// Whether the engine may have chosen a port of a cell.
fn chooses(cell: &str) -> bool {
    cell.split(|c: char| !c.is_ascii_digit())
        .any(|number| tokens::ephemeral(number.as_bytes()).is_some())
}

fn entries<'a>(cell: &'a str, bindings: &Bindings) -> BTreeSet<Entry<'a>> {
    let all: BTreeSet<Entry<'a>> = cell
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .map(|text| entry(text, bindings))
        .collect();
    // What is published for all IPv4 addresses: of a chosen port, only that it is one.
    let for_all: BTreeSet<(&str, Option<&str>)> = all
        .iter()
        .filter(|entry| entry.host == "0.0.0.0")
        .map(|entry| (entry.target, entry.port.literal()))
        .collect();
    let twin = |entry: &Entry<'a>| {
        entry.host == "[::]" && for_all.contains(&(entry.target, entry.port.literal()))
    };
    all.iter().filter(|entry| !twin(entry)).cloned().collect()
}

fn entry<'a>(text: &'a str, bindings: &Bindings) -> Entry<'a> {
    let Some((host, target)) = text.split_once("->") else {
        return Entry {
            target: text,
            host: "",
            port: Port::Literal(""),
        };
    };
    let (host, port) = host.rsplit_once(':').unwrap_or(("", host));
    let host = if host == "::" { "[::]" } else { host };
    let chosen = tokens::ephemeral(port.as_bytes()).filter(|port| {
        // One that the page spells is literal.
        !bindings.is_literal(&Key::Port(*port))
    });
    Entry {
        target,
        host,
        port: chosen.map_or(Port::Literal(port), Port::Chosen),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn holds(printed: &str, found: &str) -> bool {
        let mut bindings = Bindings::new();
        bindings.note_text("docker run -p 40000:80 nginx");
        compare(
            printed,
            found,
            &mut bindings,
            &Occurrence {
                since: None,
                owners: Arc::new([]),
                passing: false,
            },
        )
        .is_ok()
    }

    #[test]
    fn ports_are_a_set() {
        for (printed, found) in [
            ("", ""),
            ("80/tcp", "80/tcp"),
            ("80/tcp, 443/tcp", "443/tcp, 80/tcp"),
            (
                "0.0.0.0:8080->80/tcp, :::8080->80/tcp",
                "0.0.0.0:8080->80/tcp, [::]:8080->80/tcp",
            ),
            (
                "0.0.0.0:8080->80/tcp",
                "0.0.0.0:8080->80/tcp, [::]:8080->80/tcp",
            ),
            (
                "0.0.0.0:8080->80/tcp, :::8080->80/tcp",
                "0.0.0.0:8080->80/tcp",
            ),
            (
                "0.0.0.0:49153->80/tcp, :::49154->80/tcp",
                "0.0.0.0:32768->80/tcp, [::]:32768->80/tcp",
            ),
            ("0.0.0.0:40000->80/tcp", "0.0.0.0:40000->80/tcp"),
            (":::8080->80/tcp", "[::]:8080->80/tcp"),
            (
                "443/tcp, 0.0.0.0:8080->80/tcp",
                "0.0.0.0:8080->80/tcp, 443/tcp",
            ),
        ] {
            assert!(holds(printed, found), "{printed} / {found}");
        }
        for (printed, found) in [
            ("80/tcp", ""),
            ("", "80/tcp"),
            ("80/tcp", "81/tcp"),
            ("80/tcp", "80/udp"),
            ("0.0.0.0:8080->80/tcp", "0.0.0.0:8081->80/tcp"),
            ("0.0.0.0:8080->80/tcp", "127.0.0.1:8080->80/tcp"),
            ("0.0.0.0:8080->80/tcp", "80/tcp"),
            ("0.0.0.0:8080->80/tcp", "[::]:8080->80/tcp"),
            ("0.0.0.0:40000->80/tcp", "0.0.0.0:40001->80/tcp"),
            ("0.0.0.0:40001->80/tcp", "0.0.0.0:40000->80/tcp"),
            ("0.0.0.0:49153->80/tcp", "0.0.0.0:8080->80/tcp"),
            ("0.0.0.0:8080->80/tcp", "0.0.0.0:49153->80/tcp"),
            ("80/tcp", "80/tcp, 443/tcp"),
        ] {
            assert!(!holds(printed, found), "{printed} / {found}");
        }
    }
}
