//! Compares two pieces of text token by token: lines, cells of tables, strings of JSON.

use std::ops::Range;

use super::address;
use super::bindings::{Bindings, Key};
use super::drawn;
use super::measures::{self, Measure};
use super::occurrence::Occurrence;
use super::places::Place;
use super::reason::Reason;
use super::tokens::{Class, Kind, Opaque, Token};

/// A piece of text and its tokens.
#[derive(Clone, Copy)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
}

/// A difference between two pieces: bytes of each, and why.
#[derive(Debug, PartialEq)]
pub(super) struct Difference {
    pub(super) printed: Range<usize>,
    pub(super) found: Range<usize>,
    pub(super) reason: Reason,
}

impl<'a> Piece<'a> {
    /// Without blanks at the end.
    fn trimmed(self) -> &'a [Token] {
        match self.tokens {
            [rest @ .., last] if last.kind == Kind::Blank => rest,
            all => all,
        }
    }
}

/// Whether the printed piece matches the one found. What was bound on the way to a mismatch stays bound: the caller
/// undoes it.
pub(super) fn holds(
    printed: Piece<'_>,
    found: Piece<'_>,
    bindings: &mut Bindings,
    at: &Occurrence,
) -> bool {
    let (p, f) = (printed.trimmed(), found.trimmed());
    p.len() == f.len()
        && p.iter().zip(f).all(|(p, f)| {
            token(p.text(printed.text), p, f.text(found.text), f, bindings, at).is_ok()
        })
}

/// Whether the printed piece may match the one found, whatever is bound. Far cheaper than [`holds`].
pub(super) fn may_hold(printed: Piece<'_>, found: Piece<'_>) -> bool {
    let (p, f) = (printed.trimmed(), found.trimmed());
    let may = |p: &Token, f: &Token| {
        let (mine, theirs) = (p.text(printed.text), f.text(found.text));
        mine == theirs
            || match p.kind {
                Kind::Word => drawn::looks_like_id_prefix(mine) || drawn::is_made_up_name(mine),
                Kind::Punct => false,
                Kind::Free(_) => true,
                Kind::Id if is_number_of(mine.len(), theirs) => true,
                Kind::Opaque(Opaque::Swarm) if is_letters_of(mine.len(), theirs) => true,
                _ => std::mem::discriminant(&p.kind) == std::mem::discriminant(&f.kind),
            }
    };
    p.len() == f.len() && p.iter().zip(f).all(|(p, f)| may(p, f))
}

/// All differences, in order; values that agree are bound.
pub(super) fn differences(
    printed: Piece<'_>,
    found: Piece<'_>,
    bindings: &mut Bindings,
    at: &Occurrence,
) -> Vec<Difference> {
    let (p, f) = (printed.trimmed(), found.trimmed());
    let mut compare =
        |p: &Token, f: &Token| token(p.text(printed.text), p, f.text(found.text), f, bindings, at);
    let mut out: Vec<Difference> = Vec::new();
    let pairs = p.len().min(f.len());
    // As far as they agree from the front; the whole of both if they have as many tokens.
    let mut head = 0;
    while head < pairs {
        match compare(&p[head], &f[head]) {
            Ok(()) => {}
            Err(_) if p.len() != f.len() => break,
            Err(reason) => {
                let found = f[head].range();
                push(
                    &mut out,
                    Difference {
                        printed: p[head].range(),
                        found,
                        reason,
                    },
                );
            }
        }
        head += 1;
    }
    if p.len() == f.len() {
        return out;
    }
    let mut tail = 0;
    while tail < pairs - head {
        let (p, f) = (&p[p.len() - 1 - tail], &f[f.len() - 1 - tail]);
        if compare(p, f).is_err() {
            break;
        }
        tail += 1;
    }
    let span = |tokens: &[Token], len: usize| {
        let middle = &tokens[head..tokens.len() - tail];
        let at = tokens
            .get(tokens.len() - tail)
            .map_or(len, |next| next.range().start);
        middle.first().map_or(at, |t| t.range().start)..middle.last().map_or(at, |t| t.range().end)
    };
    let end = |tokens: &[Token]| tokens.last().map_or(0, |t| t.range().end);
    out.push(Difference {
        printed: span(p, end(p)),
        found: span(f, end(f)),
        reason: Reason::Text,
    });
    out
}

/// How many tokens of a piece are looked at to tell how similar it is to another.
const TOKENS: usize = 32;

/// The share, from 0 to 1, in which two pieces differ, whatever their values stand for.
pub(super) fn unlikeness(printed: Piece<'_>, found: Piece<'_>) -> f32 {
    let first = |tokens: &'_ [Token]| tokens.len().min(TOKENS);
    let (p, f) = (
        &printed.tokens[..first(printed.tokens)],
        &found.tokens[..first(found.tokens)],
    );
    let alike = |p: &Token, f: &Token| {
        std::mem::discriminant(&p.kind) == std::mem::discriminant(&f.kind)
            && (!p.is_literal() || p.text(printed.text) == f.text(found.text))
    };
    let pairs = p.len().min(f.len());
    let head = p.iter().zip(f).take_while(|(p, f)| alike(p, f)).count();
    let back = p.iter().rev().zip(f.iter().rev()).take(pairs - head);
    let tail = back.take_while(|(p, f)| alike(p, f)).count();
    let same_place = p.iter().zip(f).filter(|(p, f)| alike(p, f)).count();
    let words = shared_words((printed.text, p), (found.text, f));
    let longest = p.len().max(f.len());
    if longest == 0 {
        0.0
    } else {
        let share = (head + tail).max(same_place) as f32 / longest as f32;
        1.0 - share.max(words)
    }
}

/// The share of the words of the longer piece that both have, wherever they stand.
fn shared_words(printed: (&str, &[Token]), found: (&str, &[Token])) -> f32 {
    let (p, f) = (sorted_words(printed), sorted_words(found));
    let (mut i, mut j, mut both) = (0, 0, 0);
    while i < p.len() && j < f.len() {
        match p[i].cmp(f[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, both) = (i + 1, j + 1, both + 1),
        }
    }
    let longest = p.len().max(f.len());
    if longest == 0 {
        0.0
    } else {
        both as f32 / longest as f32
    }
}

fn sorted_words<'a>((text, tokens): (&'a str, &[Token])) -> Vec<&'a str> {
    let words = tokens.iter().filter(|token| token.kind == Kind::Word);
    let mut words: Vec<&str> = words.map(|token| token.text(text)).collect();
    words.sort_unstable();
    words
}

/// Adds a difference, joined with the one before it if both are mere text and no blank is between.
fn push(out: &mut Vec<Difference>, next: Difference) {
    if let Some(last) = out.last_mut()
        && last.reason == Reason::Text
        && next.reason == Reason::Text
        && last.printed.end == next.printed.start
        && last.found.end == next.found.start
    {
        last.printed.end = next.printed.end;
        last.found.end = next.found.end;
        return;
    }
    out.push(next);
}

/// Compares two tokens, given with their texts, and binds what they stand for.
pub(super) fn token(
    printed: &str,
    p: &Token,
    found: &str,
    f: &Token,
    bindings: &mut Bindings,
    at: &Occurrence,
) -> Result<(), Reason> {
    match (p.kind, f.kind) {
        (Kind::Blank, Kind::Blank) => Ok(()),
        (Kind::Rule(a), Kind::Rule(b)) if a == b => Ok(()),
        (Kind::Measure(a, mine), Kind::Measure(b, theirs)) if a == b => {
            measure(a, mine.max(theirs), printed, found, bindings)
        }
        (Kind::Free(class), _) => free(class, found, f),
        // An id may be drawn without a letter: where one is printed that the page knows.
        (Kind::Id, Kind::Word)
            if is_number_of(printed.len(), found) && bindings.id_of_real(found).is_some() =>
        {
            bindings.bind_id(printed, found, at)
        }
        (Kind::Id, Kind::Id) | (Kind::Opaque(Opaque::Swarm), Kind::Opaque(Opaque::Swarm)) => {
            bindings.bind_id(printed, found, at)
        }
        // And that of a swarm without a digit.
        (Kind::Opaque(Opaque::Swarm), Kind::Word) if is_letters_of(printed.len(), found) => {
            bindings.bind_id(printed, found, at)
        }
        (Kind::Mac, Kind::Mac) => bindings.bind(Key::mac(printed), Key::mac(found), at),
        (Kind::Address, Kind::Address) => match (address::read(printed), address::read(found)) {
            (Some(printed), Some(found)) => bindings.bind_address(printed, found, at),
            _ => Err(Reason::Text),
        },
        (Kind::Port(a), Kind::Port(b)) => bindings.bind(Key::Port(a), Key::Port(b), at),
        (Kind::Opaque(a), Kind::Opaque(b)) if a == b => bindings.bind(
            Key::Other(a, printed.into()),
            Key::Other(b, found.into()),
            at,
        ),
        (Kind::AllV6, Kind::AllV6) => Ok(()),
        (Kind::Name, Kind::Name) => bindings.bind_name(printed, found, at),
        (Kind::Word, Kind::Word) => word(printed, found, bindings),
        _ if printed == found => Ok(()),
        (kind, _) => Err(name(kind).map_or(Reason::Text, Reason::NotA)),
    }
}

fn is_number_of(len: usize, found: &str) -> bool {
    found.len() == len && found.bytes().all(|b| b.is_ascii_digit())
}

fn is_letters_of(len: usize, found: &str) -> bool {
    found.len() == len && found.bytes().all(|b| b.is_ascii_lowercase())
}

/// Two measures of one kind: where both measure, any value will do, but none is never some, and the first process is no
/// other. Elsewhere both must come to the same.
fn measure(
    kind: Measure,
    place: Place,
    printed: &str,
    found: &str,
    bindings: &Bindings,
) -> Result<(), Reason> {
    let zero = |text: &str| text.bytes().all(|b| matches!(b, b'0' | b'.'));
    let same = printed == found;
    let types = |text: &str| {
        bindings.types(text) || (kind == Measure::Blocks && bindings.types(&format!("{text}K")))
    };
    let typed = || types(printed) || types(found);
    let holds = match (place, kind) {
        _ if same => true,
        (Place::Measured | Place::Given, Measure::Process) if printed == "1" || found == "1" => {
            false
        }
        (Place::Measured | Place::Given, Measure::Length | Measure::Blocks)
            if zero(printed) != zero(found) =>
        {
            false
        }
        (Place::Measured, _) => true,
        (Place::Given, _) if !typed() => true,
        _ => {
            measures::amount(printed).is_some_and(|amount| measures::amount(found) == Some(amount))
        }
    };
    if holds { Ok(()) } else { Err(Reason::Text) }
}

/// What is found where the author frees a value.
fn free(class: Class, found: &str, token: &Token) -> Result<(), Reason> {
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let fits = match (class, token.kind) {
        (Class::Measure(a), Kind::Measure(b, _)) => a == b,
        (Class::Number, _) => number(found),
        (Class::Word, Kind::Word | Kind::Id) => !number(found),
        _ => false,
    };
    if fits { Ok(()) } else { Err(Reason::Text) }
}

/// Words are literal, save those that abbreviate an id or are a name which Docker made up, once they are bound.
fn word(printed: &str, found: &str, bindings: &Bindings) -> Result<(), Reason> {
    if drawn::looks_like_id_prefix(printed)
        && let Some(real) = bindings.real_of_id_prefix(printed)
    {
        let same = real == found || printed == found;
        return if same {
            Ok(())
        } else {
            Err(Reason::StandsFor {
                real: real.to_owned(),
                since: None,
                instead: None,
            })
        };
    }
    if drawn::is_made_up_name(printed)
        && let Some(entry) = bindings.made_up(printed)
    {
        let real = entry.real.text();
        return if real == found {
            Ok(())
        } else {
            Err(Reason::StandsFor {
                real,
                since: entry.since,
                instead: None,
            })
        };
    }
    if printed == found {
        Ok(())
    } else {
        Err(Reason::Text)
    }
}

fn name(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Id => "an id",
        Kind::Mac => "a MAC address",
        Kind::Address => "a private address",
        Kind::Port(_) => "a port that the engine chooses",
        Kind::Measure(measure, Place::Measured | Place::Given) => measure.name(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::reading::Reading;
    use crate::tokens::tokens;

    fn compare(printed: &str, found: &str) -> Vec<(String, String)> {
        let at = Occurrence {
            since: None,
            owners: Arc::new([]),
            passing: false,
        };
        let (p, f) = (
            tokens(printed, Reading::default()),
            tokens(found, Reading::default()),
        );
        let (p, f) = (
            Piece {
                text: printed,
                tokens: &p,
            },
            Piece {
                text: found,
                tokens: &f,
            },
        );
        let differences = differences(p, f, &mut Bindings::new(), &at);
        assert_eq!(
            holds(p, f, &mut Bindings::new(), &at),
            differences.is_empty(),
            "{printed} / {found}"
        );
        differences
            .into_iter()
            .map(|d| (printed[d.printed].into(), found[d.found].into()))
            .collect()
    }

    #[test]
    fn lines_match_token_by_token() {
        for (printed, found) in [
            ("", ""),
            ("a  b", "a\t\tb  "),
            (
                "64 bytes from 172.18.0.2: seq=0 ttl=64 time=0.083 ms",
                "64 bytes from 172.19.0.3: seq=0 ttl=64 time=12 ms",
            ),
            (
                "2 packets transmitted, 2 received, 0% packet loss, time 1002ms",
                "2 packets transmitted, 2 received, 0% packet loss, time 1ms",
            ),
            (
                "round-trip min/avg/max = 0.083/0.105/0.128 ms",
                "round-trip min/avg/max = 1/2.5/3 ms",
            ),
            ("Up 3 seconds", "Up About a minute"),
            ("sha256:0123456789ab", "sha256:ba9876543210"),
            ("+----+", "+-------+"),
            (
                "7: eth0@if8: <UP> mtu 1500 state UP",
                "12: eth0@if13: <UP> mtu 1500 state UP",
            ),
        ] {
            assert_eq!(compare(printed, found), [], "{printed}");
        }
        for (printed, found, differences) in [
            ("0% packet loss", "100% packet loss", &[("0", "100")][..]),
            ("seq=0 ttl=64", "seq=0 ttl=63", &[("64", "63")]),
            (
                "HTTP/1.1 200 OK",
                "HTTP/1.1 502 Bad Gateway",
                &[("200 OK", "502 Bad Gateway")],
            ),
            (
                "Up 3 seconds",
                "Exited (0) 3 seconds ago",
                &[("Up 3 seconds", "Exited (0) 3 seconds ago")],
            ),
            (
                "Up 3 seconds",
                "Up 3 seconds (healthy)",
                &[("", " (healthy)")],
            ),
            ("nginx/1.27.0", "nginx/1.27.1", &[("1.27.0", "1.27.1")]),
            (
                "Server: 127.0.0.11",
                "Server: 172.18.0.1",
                &[("127.0.0.11", "172.18.0.1")],
            ),
            (
                "172.18.0.0/16",
                "172.18.0.0/24",
                &[("172.18.0.0/16", "172.18.0.0/24")],
            ),
            (
                "from 172.18.0.2 to 172.18.0.2",
                "from 172.18.0.2 to 172.18.0.3",
                &[("172.18.0.2", "172.18.0.3")],
            ),
            ("ab", " ab", &[("", " ")]),
        ] {
            let expected: Vec<_> = differences
                .iter()
                .map(|(a, b)| (a.to_string(), b.to_string()))
                .collect();
            assert_eq!(compare(printed, found), expected, "{printed}");
        }
    }
}
