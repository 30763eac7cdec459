//! Compares cells of Docker's tables, by the rule of their column.

use std::collections::BTreeSet;

use super::bindings::{Bindings, Setting};
use super::line::{self, Piece};
use super::occurrence::Occurrence;
use super::ports;
use super::reason::Reason;

/// How the cells of a column are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Rule {
    /// As text, with ids, addresses and measures.
    Text,
    /// As ids, those of a swarm among them.
    Id,
    /// As names, which Docker may have made up.
    Names,
    /// As a set of published ports.
    Ports,
    /// As a set of names with commas between: the engine lists a container's networks in any order.
    Networks,
    /// Numbers and sizes of any value: what is used of a processor, of memory, of a disk.
    Usage,
    /// What is used beside what may be: any value, but a limit that the page types is literal.
    Limit,
    /// Any value: how the host counts processes and their time.
    Any,
}

impl Rule {
    /// The rule of a column in a table whose first column is `first`.
    pub(super) fn of(column: &str, first: &str) -> Rule {
        match column {
            "PORTS" => Rule::Ports,
            "NETWORKS" => Rule::Networks,
            "ID" | "CONTAINER ID" | "NETWORK ID" | "IMAGE ID" | "CONTAINER" => Rule::Id,
            "NAMES" => Rule::Names,
            // Containers and tasks; names of networks and services are the author's.
            "NAME" if matches!(first, "CONTAINER ID" | "CONTAINER" | "NAME") => Rule::Names,
            "CPU %" | "MEM %" | "NET I/O" | "BLOCK I/O" | "PIDS" | "RECLAIMABLE" | "SIZE"
            | "DISK USAGE" | "CONTENT SIZE" => Rule::Usage,
            "MEM USAGE / LIMIT" => Rule::Limit,
            // `docker top` shows the host's view of the processes.
            "PID" | "PPID" | "C" | "STIME" | "TIME" if first == "UID" => Rule::Any,
            _ => Rule::Text,
        }
    }
}

/// Compares two cells, and binds what they stand for. The caller undoes that on an error. `pieces` gives the cells with
/// their tokens, which few rules need.
pub(super) fn compare<'a>(
    rule: Rule,
    (printed, found): (&str, &str),
    pieces: impl FnOnce() -> (Piece<'a>, Piece<'a>),
    bindings: &mut Bindings,
    at: &Occurrence,
) -> Result<(), Reason> {
    match rule {
        Rule::Any if printed.is_empty() == found.is_empty() => Ok(()),
        Rule::Usage if usage(printed) == usage(found) => Ok(()),
        Rule::Limit if usage(printed) == usage(found) => limit(printed, found, bindings),
        Rule::Any | Rule::Usage | Rule::Limit => Err(Reason::Text),
        Rule::Ports => ports::compare(printed, found, bindings, at),
        Rule::Networks if networks(printed) == networks(found) => Ok(()),
        Rule::Networks => Err(Reason::Text),
        Rule::Names => names(printed, found, bindings, at),
        Rule::Id => match (id(printed), id(found)) {
            (Some((printed, mine)), Some((found, theirs))) if mine == theirs => {
                bindings.bind_id(printed, found, at)
            }
            _ => text(pieces(), bindings, at),
        },
        Rule::Text => match beginning(printed) {
            Some(start) => begins(start, found),
            None => text(pieces(), bindings, at),
        },
    }
}

/// Columns of dates and ages, whose values measure.
pub(super) fn is_field(column: &str) -> bool {
    matches!(
        column,
        "CREATED"
            | "CREATED AT"
            | "CURRENT STATE"
            | "LAST USED"
            | "RUNNING FOR"
            | "STATUS"
            | "UPTIME"
    )
}

/// The limits of two cells, `460KiB / 64MiB`, where neither is one that the page types.
fn limit(printed: &str, found: &str, bindings: &Bindings) -> Result<(), Reason> {
    let of = |cell: &str| cell.rsplit(" / ").next().unwrap_or_default().to_owned();
    let (printed, found) = (of(printed), of(found));
    let typed = bindings.types(&printed) || bindings.types(&found);
    if !typed || Setting::new(&printed) == Setting::new(&found) {
        Ok(())
    } else {
        Err(Reason::Typed(found))
    }
}

/// What is left of a cell without its numbers and their units: `0.53% `, `1.05kB / 126B`, `0B (virtual 5.7MB)`. Where
/// nothing is known yet, Docker prints `--`; how much of the whole it is stands there or doesn't.
fn usage(cell: &str) -> String {
    let cell = cell.split_once(" (").map_or(cell, |(size, _)| size);
    let mut kept = String::new();
    let mut number = false;
    for c in cell.replace("--", "0").chars() {
        let unit = number && c.is_ascii_alphabetic();
        number = c.is_ascii_digit() || (number && (matches!(c, '.' | ' ') || unit));
        if !number && !matches!(c, '%' | ' ') {
            kept.push(c);
        } else if number && !kept.ends_with('0') {
            kept.push('0');
        }
    }
    kept
}

fn text(
    (printed, found): (Piece<'_>, Piece<'_>),
    bindings: &mut Bindings,
    at: &Occurrence,
) -> Result<(), Reason> {
    if printed.tokens.len() == found.tokens.len() {
        for (p, f) in printed.tokens.iter().zip(found.tokens) {
            line::token(p.text(printed.text), p, f.text(found.text), f, bindings, at)?;
        }
        return Ok(());
    }
    Err(Reason::Text)
}

/// An id, and what stands after it (` *` is this node). Those of a swarm are 25 digits of base 36, or 12 of them where
/// Docker shortens them; in a column of ids one may have no digit at all.
fn id(cell: &str) -> Option<(&str, &str)> {
    let len = cell
        .bytes()
        .take_while(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
        .count();
    matches!(len, 12 | 25 | 64).then(|| cell.split_at(len))
}

fn networks(cell: &str) -> BTreeSet<&str> {
    cell.split(',').collect()
}

/// Names, which may be several with commas between. A name that was made up matches any such; one that the page types
/// is literal.
fn names(
    printed: &str,
    found: &str,
    bindings: &mut Bindings,
    at: &Occurrence,
) -> Result<(), Reason> {
    let (mut mine, mut theirs) = (printed.split(','), found.split(','));
    loop {
        match (mine.next(), theirs.next()) {
            (None, None) => return Ok(()),
            (Some(printed), Some(found)) => bindings.bind_name(printed, found, at)?,
            _ => return Err(Reason::Text),
        }
    }
}

/// What is left of a cell that Docker cut short, `"/docker-entrypoint.…"`; older engines wrote `...`.
fn beginning(cell: &str) -> Option<&str> {
    let cell = cell.strip_suffix('"').unwrap_or(cell);
    cell.strip_suffix('…').or_else(|| cell.strip_suffix("..."))
}

/// Whether `found` begins with `start`, or the other way about if it is itself cut short.
fn begins(start: &str, found: &str) -> Result<(), Reason> {
    let fits = match beginning(found) {
        Some(found) => found.starts_with(start) || start.starts_with(found),
        None => found.starts_with(start),
    };
    if fits { Ok(()) } else { Err(Reason::Text) }
}

/// Whether a cell could be one of PORTS.
pub(super) fn looks_like_ports(cell: &str) -> bool {
    cell.contains("/tcp") || cell.contains("/udp") || cell.contains("/sctp")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::reading::Reading;
    use crate::tokens::tokens;

    fn holds(rule: Rule, printed: &str, found: &str) -> bool {
        let mut bindings = Bindings::new();
        bindings.note_text("docker run -d --name happy_server nginx");
        bindings.note_text("docker run -d -m 64m busybox sleep 60");
        let at = Occurrence {
            since: None,
            owners: Arc::new([]),
            passing: false,
        };
        let (p, f) = (
            tokens(printed, Reading::default()),
            tokens(found, Reading::default()),
        );
        let pieces = || {
            (
                Piece {
                    text: printed,
                    tokens: &p,
                },
                Piece {
                    text: found,
                    tokens: &f,
                },
            )
        };
        compare(rule, (printed, found), pieces, &mut bindings, &at).is_ok()
    }

    #[test]
    fn cells_hold_by_the_rule_of_their_column() {
        for (rule, printed, found) in [
            (
                Rule::Text,
                "\"/docker-entrypoint.…\"",
                "\"/docker-entrypoint.…\"",
            ),
            (
                Rule::Text,
                "\"/docker-entrypoint.…\"",
                "\"/docker-entrypoint.sh nginx -g 'daemon off;'\"",
            ),
            (
                Rule::Text,
                "\"nginx -g 'daemon ...\"",
                "\"nginx -g 'daemon of…\"",
            ),
            (
                Rule::Text,
                "Exited (0) 3 seconds ago",
                "Exited (0) 2 weeks ago",
            ),
            (Rule::Id, "0a1b2c3d4e5f", "aaaabbbbcccc"),
            (
                Rule::Id,
                "dxn1zf6l61qsb1josjja83ngz *",
                "x1x1zf6l61qsb1josjja83ngz *",
            ),
            (Rule::Id, "uqsof8phj3ak", "iuogmbyaohnf"),
            (Rule::Names, "silly_bohr", "happy_curie7"),
            (Rule::Names, "web", "web"),
            (Rule::Usage, "0.00%", "12.3%"),
            (Rule::Usage, "1.05kB / 126B", "0B / 3.2MB"),
            (Rule::Usage, "--", "0.00%"),
            (Rule::Usage, "133.4 MB", "32.1MB"),
            (Rule::Limit, "416KiB / 23.5GiB", "1.2MiB / 7.6GiB"),
            (Rule::Limit, "416KiB / 64MiB", "1.2MiB / 64MiB"),
            (Rule::Usage, "0B (virtual 5.7MB)", "2B (virtual 133MB)"),
            (Rule::Usage, "12.3MB", "0B (0%)"),
            (Rule::Any, "12:04", "Nov26"),
        ] {
            assert!(holds(rule, printed, found), "{printed} / {found}");
        }
        for (rule, printed, found) in [
            (Rule::Text, "\"/docker-entrypoint.…\"", "\"nginx\""),
            (Rule::Text, "\"sleep 100…\"", "\"sleep 1\""),
            (
                Rule::Text,
                "Exited (0) 3 seconds ago",
                "Exited (1) 3 seconds ago",
            ),
            (Rule::Text, "Up 3 seconds", "Created"),
            (
                Rule::Id,
                "dxn1zf6l61qsb1josjja83ngz *",
                "x1x1zf6l61qsb1josjja83ngz",
            ),
            (Rule::Id, "0a1b2c3d4e5f", "web"),
            (Rule::Names, "web", "db"),
            (Rule::Names, "web", "silly_bohr"),
            (Rule::Names, "silly_bohr", "happy_server"),
            (Rule::Names, "happy_server", "silly_bohr"),
            (Rule::Names, "web", "web,db"),
            (Rule::Usage, "0.00%", ""),
            (Rule::Usage, "12.3MB", "12.3MB / 1GB"),
            (Rule::Usage, "local", "0B"),
            (Rule::Limit, "416KiB / 512MiB", "416KiB / 64MiB"),
            (Rule::Limit, "416KiB / 64MiB", "416KiB / 512MiB"),
            (Rule::Any, "12:04", ""),
        ] {
            assert!(!holds(rule, printed, found), "{printed} / {found}");
        }
    }
}
