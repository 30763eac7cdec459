//! What typing does to the bindings: values typed before they are printed are literal, values printed before they are
//! typed are given to the machine as its own, and commands that remove things release their addresses.

use std::borrow::Cow;
use std::collections::HashSet;

use super::address::Addr;
use super::bindings::{Bindings, Entry, Key};
use super::command::{self, Docker};
use super::drawn;
use super::tokens::{self, Kind, Opaque, Reading, Token};

/// Which way values are rewritten.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    ToReal,
    ToAuthor,
}

impl Bindings {
    /// Takes note of what the author types: a command before it runs, or the content of a file before it is written.
    ///
    /// Ids, addresses, subnets, MACs and ports in it that the page has not printed are literal from here on. Names in it
    /// were not drawn by Docker. A command that ends or removes containers or networks lets their addresses be used again.
    pub fn note_typed(&mut self, text: &str) {
        for release in releases(text) {
            self.release(&release);
        }
        for token in tokens::tokens(text, Reading::default()) {
            self.note_token(text, &token);
        }
        self.note_port_range(text);
    }

    /// What the machine is to be typed for what the author typed: each value that the page has printed is replaced by
    /// what it stands for, in commands and in the content of files alike.
    pub fn substitute(&self, command: &str) -> String {
        let operands = operands(command);
        self.translate(command, Way::ToReal, &|token| operands.get(token))
    }

    /// The machine's text in the author's terms: each value that is bound is replaced by what the author printed for it.
    pub fn to_author(&self, text: &str) -> String {
        self.translate(text, Way::ToAuthor, &|_| false)
    }

    fn note_token(&mut self, text: &str, token: &Token) {
        let word = token.text(text);
        match token.kind {
            Kind::Id | Kind::Opaque(Opaque::Swarm) if self.id(word).is_none() => {
                self.make_literal(Key::Id(word.to_owned()));
            }
            Kind::Opaque(Opaque::Swarm) => {}
            Kind::Mac => self.note_unbound(Key::Mac(word.to_ascii_lowercase())),
            Kind::Opaque(kind) => self.note_unbound(Key::Other(kind, word.to_owned())),
            Kind::Port(port) => self.note_unbound(Key::Port(port)),
            Kind::Word => {
                if let Some(port) = tokens::ephemeral(word.as_bytes()) {
                    self.note_unbound(Key::Port(port));
                } else if drawn::is_made_up_name(word)
                    && !self.forward.contains_key(&Key::Name(word.to_owned()))
                {
                    self.words.insert(word.to_owned());
                }
            }
            Kind::Address(addr, len) => self.note_address(addr, len),
            _ => {}
        }
    }

    fn note_unbound(&mut self, key: Key) {
        if !self.forward.contains_key(&key) {
            self.make_literal(key);
        }
    }

    /// A typed address that lies in a subnet which the page has printed means the machine's counterpart.
    fn note_address(&mut self, addr: Addr, len: Option<u8>) {
        let real = self.real_address(addr).unwrap_or(addr);
        let mut bind = |key: Key, real: Key| {
            if !self.forward.contains_key(&key) {
                let entry = Entry {
                    real,
                    since: None,
                    typed: true,
                    owners: [].into(),
                    released: false,
                };
                self.insert(key, entry);
            }
        };
        let len = len.filter(|len| *len < addr.width());
        if let Some(len) = len {
            bind(Key::Net(addr.net(len)), Key::Net(real.net(len)));
        }
        if len.is_none_or(|len| addr.net(len).first != addr) {
            bind(Key::Addr(addr), Key::Addr(real));
        }
    }

    /// `-p 40000-40010:80` spells all ports of the range.
    fn note_port_range(&mut self, text: &str) {
        for (at, _) in text.match_indices('-') {
            let (head, tail) = (&text.as_bytes()[..at], &text.as_bytes()[at + 1..]);
            let digits_before = head.iter().rev().take_while(|b| b.is_ascii_digit()).count();
            let digits_after = tail.iter().take_while(|b| b.is_ascii_digit()).count();
            let first = tokens::ephemeral(&head[at - digits_before..]);
            let last = tokens::ephemeral(&tail[..digits_after]);
            if let (Some(first), Some(last)) = (first, last) {
                for port in first..=last {
                    self.note_unbound(Key::Port(port));
                }
            }
        }
    }

    fn release(&mut self, release: &Release<'_>) {
        let mut gone: Vec<Key> = Vec::new();
        for (key, entry) in &self.forward {
            let releasable = match (key, release) {
                (Key::Addr(_) | Key::Mac(_) | Key::Port(_), Release::Containers(owners)) => {
                    owners.own(entry)
                }
                (Key::Addr(_) | Key::Mac(_) | Key::Port(_), Release::Inner) => {
                    !entry.owners.iter().any(|word| word == "docker")
                }
                (Key::Net(_), Release::Networks(owners)) => owners.own(entry),
                _ => false,
            };
            if releasable && !entry.typed && !entry.released {
                gone.push(key.clone());
            }
        }
        for key in gone {
            if let Key::Net(net) = key {
                let range = Key::Addr(net.first)..=Key::Addr(net.last());
                let members: Vec<Key> = self
                    .forward
                    .range(range)
                    .map(|(key, _)| key.clone())
                    .collect();
                members
                    .into_iter()
                    .for_each(|member| self.set_released(member));
            }
            self.set_released(key);
        }
    }

    fn set_released(&mut self, key: Key) {
        if let Some(entry) = self.forward.get(&key).filter(|entry| !entry.typed) {
            let entry = Entry {
                released: true,
                ..entry.clone()
            };
            self.insert(key, entry);
        }
    }

    fn translate(&self, text: &str, way: Way, is_operand: &dyn Fn(&Token) -> bool) -> String {
        let mut out = String::with_capacity(text.len());
        for token in tokens::tokens(text, Reading::default()) {
            let word = token.text(text);
            match self.counterpart(word, &token, way, is_operand(&token)) {
                Some(other) => out.push_str(&other),
                None => out.push_str(word),
            }
        }
        out
    }

    fn counterpart<'a>(
        &'a self,
        word: &str,
        token: &Token,
        way: Way,
        operand: bool,
    ) -> Option<Cow<'a, str>> {
        let bound = |key: Key| match way {
            Way::ToReal => self
                .forward
                .get(&key)
                .map(|entry| Cow::from(entry.real.text())),
            Way::ToAuthor => self
                .backward
                .get(&key)
                .map(|printed| Cow::from(printed.text())),
        };
        match token.kind {
            Kind::Id | Kind::Opaque(Opaque::Swarm) => self.id_counterpart(word, way),
            Kind::Mac => bound(Key::Mac(word.to_ascii_lowercase())),
            Kind::Opaque(kind) => bound(Key::Other(kind, word.to_owned())),
            Kind::Port(port) => bound(Key::Port(port)),
            Kind::Address(addr, len) => {
                let other = match way {
                    Way::ToReal => self.real_address(addr),
                    Way::ToAuthor => self.printed_address(addr),
                }?;
                // As it is spelt, if it stands for itself.
                (other != addr).then(|| {
                    Cow::from(len.map_or_else(|| other.to_string(), |len| format!("{other}/{len}")))
                })
            }
            Kind::Word if drawn::is_made_up_name(word) => bound(Key::Name(word.to_owned())),
            Kind::Word
                if drawn::looks_like_id_prefix(word) || (operand && may_begin_an_id(word)) =>
            {
                self.id_counterpart(word, way)
            }
            _ => None,
        }
    }

    fn id_counterpart(&self, word: &str, way: Way) -> Option<Cow<'_, str>> {
        let found = match way {
            Way::ToReal => self.real_of_id_prefix(word).map(str::to_owned),
            Way::ToAuthor => self.printed_of_id_prefix(word).map(str::to_owned),
        };
        // A long id of which only the short form was printed: the rest is not known to the page.
        let found = found.or_else(|| {
            let short = word.get(..12).filter(|short| short.len() < word.len())?;
            let head = match way {
                Way::ToReal => self.real_of_id_prefix(short),
                Way::ToAuthor => self.printed_of_id_prefix(short),
            }?;
            (way == Way::ToAuthor).then(|| format!("{head}{}", &word[12..]))
        });
        found.map(Cow::from)
    }
}

/// Whether an operand may be an abbreviated id, of a container or of something in a swarm.
fn may_begin_an_id(word: &str) -> bool {
    word.bytes().all(|b| drawn::is_lower_hex(&b))
        || (word.len() >= 6 && drawn::is_swarm_id(word.as_bytes()))
}

/// The words of Docker calls that name a thing, by the byte where they begin: there even `4b1` or `123` is an id.
struct Operands(HashSet<(usize, usize)>);

impl Operands {
    fn get(&self, token: &Token) -> bool {
        self.0.contains(&(token.start, token.end))
    }
}

fn operands(text: &str) -> Operands {
    let mut found = HashSet::new();
    for words in command::simple_commands(text) {
        if Docker::of(text, &words).is_none() {
            continue;
        }
        for pair in words.windows(2) {
            let (before, word) = (&text[pair[0].clone()], &pair[1]);
            // `-p 443` is no id; `-f 4b1` is.
            let value =
                before.starts_with('-') && text[word.clone()].bytes().all(|b| b.is_ascii_digit());
            if word.len() >= 3 && !value {
                found.insert((word.start, word.end));
            }
        }
    }
    Operands(found)
}

/// What a typed command lets go.
enum Release<'a> {
    /// The addresses of containers.
    Containers(Owners<'a>),
    /// Subnets, and the addresses in them.
    Networks(Owners<'a>),
    /// What was printed in a program that is left now.
    Inner,
}

enum Owners<'a> {
    All,
    Named(Vec<&'a str>),
}

impl Owners<'_> {
    fn own(&self, entry: &Entry) -> bool {
        match self {
            Owners::All => true,
            Owners::Named(names) => {
                entry.owners.is_empty()
                    || entry
                        .owners
                        .iter()
                        .any(|owner| names.contains(&owner.as_str()))
            }
        }
    }
}

fn releases(text: &str) -> Vec<Release<'_>> {
    let mut found = Vec::new();
    if matches!(text.trim(), "exit" | "logout" | "^D") {
        found.push(Release::Inner);
    }
    for call in command::docker_calls(text) {
        match (call.group, call.verb) {
            _ if call.is_container(&["rm", "stop", "kill", "restart"]) => {
                found.push(Release::Containers(owners(&call)))
            }
            ("container", "prune") => found.push(Release::Containers(Owners::All)),
            ("network", "disconnect") => found.push(Release::Containers(owners(&call))),
            ("network", "rm" | "remove") => found.push(Release::Networks(owners(&call))),
            ("network", "prune") => found.push(Release::Networks(Owners::All)),
            ("service", "rm" | "update" | "scale" | "rollback") => {
                found.push(Release::Containers(Owners::All))
            }
            ("system", "prune")
            | ("stack", "rm")
            | ("swarm", "leave")
            | ("compose", "down" | "up" | "rm" | "stop" | "restart") => {
                found.push(Release::Containers(Owners::All));
                found.push(Release::Networks(Owners::All));
            }
            _ => {}
        }
    }
    found
}

/// Whom the operands name; an id or a substitution may name anyone.
fn owners<'a>(call: &Docker<'a>) -> Owners<'a> {
    let names: Vec<&str> = call.operands().collect();
    let unknown = |name: &&str| {
        let long_hex = name.len() >= 12 && name.bytes().all(|b| drawn::is_lower_hex(&b));
        name.contains(['$', '`']) || long_hex || drawn::looks_like_id_prefix(name)
    };
    if names.is_empty() || names.iter().any(unknown) {
        Owners::All
    } else {
        Owners::Named(names)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::matching::address::read_v4;
    use crate::matching::bindings::Occurrence;

    fn at(owners: &[&str]) -> Occurrence {
        let owners: Arc<[String]> = owners.iter().map(|owner| owner.to_string()).collect();
        Occurrence {
            since: Some(1),
            owners,
            passing: false,
        }
    }

    fn addr(text: &str) -> (Addr, Option<u8>) {
        read_v4(text.as_bytes())
            .map(|(addr, len, _)| (addr, len))
            .unwrap()
    }

    #[test]
    fn what_is_printed_before_it_is_typed_is_typed_for_real() {
        let mut b = Bindings::new();
        let (printed, real) = (
            format!("3f2a{}", "0".repeat(60)),
            format!("9b1c{}", "1".repeat(60)),
        );
        b.bind_id(&printed, &real, &at(&[])).unwrap();
        b.bind_address(addr("172.18.0.2"), addr("172.19.0.3"), &at(&[]))
            .unwrap();
        b.bind_address(addr("10.0.0.0/24"), addr("10.0.9.0/24"), &at(&[]))
            .unwrap();
        b.bind(Key::Port(49153), Key::Port(32768), &at(&[]))
            .unwrap();
        b.bind(
            Key::Name("silly_bohr".into()),
            Key::Name("happy_curie".into()),
            &at(&[]),
        )
        .unwrap();
        for (author, machine) in [
            ("ping -c1 172.18.0.2", "ping -c1 172.19.0.3"),
            ("ping 172.18.0.9", "ping 172.19.0.9"),
            (
                "curl http://172.18.0.2:5000/",
                "curl http://172.19.0.3:5000/",
            ),
            (
                "ip route add 10.0.0.0/24 via 172.18.0.1",
                "ip route add 10.0.9.0/24 via 172.19.0.1",
            ),
            ("curl localhost:49153", "curl localhost:32768"),
            ("docker stop 3f2a", "docker stop 9b1c"),
            ("docker rm -f 3f2", "docker rm -f 9b1"),
            (
                &format!("docker inspect {printed}"),
                &format!("docker inspect {real}"),
            ),
            ("docker logs silly_bohr", "docker logs happy_curie"),
            ("docker run -p 3f2:80 x", "docker run -p 3f2:80 x"),
            ("echo 3f2 8.8.8.8 127.0.0.1", "echo 3f2 8.8.8.8 127.0.0.1"),
        ] {
            assert_eq!(b.substitute(author), *machine, "{author}");
            if author != "docker rm -f 3f2" {
                assert_eq!(b.to_author(machine), author, "{machine}");
            }
        }
    }

    #[test]
    fn what_is_typed_before_it_is_printed_is_literal() {
        let mut b = Bindings::new();
        b.note_typed("docker network create --subnet 172.28.0.0/16 --ip-range 172.28.5.0/24 front");
        b.note_typed("docker run -d --ip 172.28.0.7 -p 40000-40002:80 --name web_server nginx");
        let typed = |value: &str| {
            b.bound()
                .any(|bound| bound.printed == value && bound.real == value && bound.typed)
        };
        for value in [
            "172.28.0.0/16",
            "172.28.5.0/24",
            "172.28.0.7",
            "40000",
            "40001",
            "40002",
        ] {
            assert!(typed(value), "{value}");
        }
        assert!(b.words.contains("web_server"));
        let literal = b.bind_address(addr("172.28.0.7"), addr("172.28.0.8"), &at(&[]));
        assert!(literal.is_err());
        assert!(
            b.bind_address(addr("172.28.0.8"), addr("172.28.0.7"), &at(&[]))
                .is_err()
        );
        assert!(
            b.bind_address(addr("172.28.0.8"), addr("172.28.0.9"), &at(&[]))
                .is_ok()
        );
    }

    #[test]
    fn an_address_may_be_used_again_after_its_container_is_gone() {
        for (typed, again) in [
            ("docker rm -f web", true),
            ("docker stop web", true),
            ("docker network disconnect front web", true),
            ("docker rm -f $(docker ps -aq)", true),
            ("docker system prune -f", true),
            ("docker rm -f db", false),
            ("docker network rm back", false),
            ("docker ps", false),
            ("echo docker rm -f web", false),
        ] {
            let mut b = Bindings::new();
            b.bind_address(addr("172.18.0.2"), addr("172.19.0.2"), &at(&["web"]))
                .unwrap();
            b.note_typed(typed);
            let other =
                b.clone()
                    .bind_address(addr("172.18.0.2"), addr("172.19.0.3"), &at(&["new"]));
            assert_eq!(other.is_ok(), again, "{typed}");
            let second =
                b.clone()
                    .bind_address(addr("172.18.0.3"), addr("172.19.0.2"), &at(&["new"]));
            assert_eq!(second.is_ok(), again, "{typed}");
            // An id is never used again.
            b.bind_id("aaaaaaaaaaaa", "bbbbbbbbbbbb", &at(&["web"]))
                .unwrap();
            b.note_typed(typed);
            assert!(
                b.bind_id("aaaaaaaaaaaa", "cccccccccccc", &at(&["web"]))
                    .is_err(),
                "{typed}"
            );
        }
    }
}
