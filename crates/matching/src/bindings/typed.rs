//! What typing does to the bindings: values typed before they are printed are literal, values printed before they are
//! typed are given to the machine as its own, and commands that remove things release their addresses.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use seaworthy_words::{Call, Script, program_at};

use super::{Bindings, Entry, Key, Setting};
use crate::address::{self, Addr};
use crate::drawn;
use crate::measures;
use crate::reading::Reading;
use crate::tokens::{self, Kind, Opaque, Token};

/// Which way values are rewritten.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Way {
    ToReal,
    ToAuthor,
}

impl Bindings {
    /// Takes note of a command that the author types, before it runs.
    ///
    /// Ids, addresses, subnets, MACs and ports in it that the page has not printed are literal from here on. Names in it
    /// were not drawn by Docker. A command that ends or removes containers or networks lets their addresses be used again.
    pub fn note_typed(&mut self, command: &Script) {
        for release in releases(command) {
            self.release(&release);
        }
        let text = command.text();
        for token in tokens::tokens(text, Reading::of_typed()) {
            self.note_token(text, &token);
        }
        self.note_port_range(text);
        // `64m` is a size where it is typed, though `m` alone is no unit elsewhere.
        for word in text.split(|c: char| c.is_whitespace() || "=:,;\"'()".contains(c)) {
            if word.starts_with(|c: char| c.is_ascii_digit()) && measures::amount(word).is_some() {
                self.settings.insert(Setting::new(word));
            }
        }
    }

    /// Takes note of another text that the author writes, such as a file, as of a command: it may be a script.
    pub fn note_text(&mut self, text: &str) {
        self.note_typed(&Script::parse(text));
    }

    /// What the machine is to be typed for what the author typed: each value that the page has printed is replaced by
    /// what it stands for.
    pub fn substitute(&self, command: &Script) -> String {
        let operands = operands(command);
        let named = |token: &Token| operands.get(&token.range()).copied();
        self.translate(command.text(), Way::ToReal, &named)
    }

    /// The same for another text, such as a file, which may be a script.
    pub fn substitute_text(&self, text: &str) -> String {
        self.substitute(&Script::parse(text))
    }

    /// What a text that is no command stands for.
    pub(crate) fn real(&self, text: &str) -> String {
        self.translate(text, Way::ToReal, &|_| None)
    }

    /// The machine's text in the author's terms: each value that is bound is replaced by what the author printed for it.
    pub fn to_author(&self, text: &str) -> String {
        self.translate(text, Way::ToAuthor, &|_| None)
    }

    fn note_token(&mut self, text: &str, token: &Token) {
        let word = token.text(text);
        match token.kind {
            Kind::Id | Kind::Opaque(Opaque::Swarm) if self.id(word).is_none() => {
                self.make_literal(Key::Id(word.into()));
            }
            Kind::Opaque(Opaque::Swarm) => {}
            Kind::Mac => self.note_unbound(Key::mac(word)),
            Kind::Opaque(kind) => self.note_unbound(Key::Other(kind, word.into())),
            Kind::Port(port) => self.note_unbound(Key::Port(port)),
            Kind::Measure(..) => {
                self.settings.insert(Setting::new(word));
            }
            Kind::Word => {
                if let Some(port) = tokens::ephemeral(word.as_bytes()) {
                    self.note_unbound(Key::Port(port));
                } else if drawn::is_made_up_name(word)
                    && !self.forward.contains_key(&Key::Name(word.into()))
                {
                    self.words.insert(word.to_owned());
                }
            }
            Kind::Address => {
                if let Some((addr, len)) = address::read(word) {
                    self.note_address(addr, len);
                }
            }
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

    fn translate(
        &self,
        text: &str,
        way: Way,
        operand: &dyn Fn(&Token) -> Option<Operand>,
    ) -> String {
        let mut out = String::with_capacity(text.len());
        for token in tokens::tokens(text, Reading::of_typed()) {
            let word = token.text(text);
            match self.counterpart(word, &token, way, operand(&token)) {
                Some(other) => out.push_str(&other),
                None => out.push_str(word),
            }
        }
        out
    }

    pub(super) fn counterpart<'a>(
        &'a self,
        word: &str,
        token: &Token,
        way: Way,
        operand: Option<Operand>,
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
            Kind::Mac => bound(Key::mac(word)),
            Kind::Opaque(kind) => bound(Key::Other(kind, word.into())),
            Kind::Port(port) => bound(Key::Port(port)),
            Kind::Address => {
                let (addr, len) = address::read(word)?;
                let other = match way {
                    Way::ToReal => self.real_address(addr),
                    Way::ToAuthor => self.printed_address(addr),
                }?;
                // As it is spelt, if it stands for itself.
                (other != addr).then(|| {
                    Cow::from(len.map_or_else(|| other.to_string(), |len| format!("{other}/{len}")))
                })
            }
            Kind::Word if drawn::is_made_up_name(word) => bound(Key::Name(word.into())),
            Kind::Word if operand == Some(Operand::Process) => {
                bound(Key::Other(Opaque::Process, word.into()))
            }
            Kind::Word
                if drawn::looks_like_id_prefix(word)
                    || (operand == Some(Operand::Thing) && may_begin_an_id(word)) =>
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

/// What an operand of a command names.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Operand {
    /// A thing of Docker's: there even `4b1` or `123` is an id.
    Thing,
    /// A process of the page's shell.
    Process,
}

/// The words of a command that name a thing or a process, by their bytes.
pub(super) fn operands(command: &Script) -> HashMap<Range<usize>, Operand> {
    let mut found = HashMap::new();
    for simple in command.commands() {
        let words = simple.values();
        let Some(at) = program_at(&words) else {
            continue;
        };
        let range = |at: usize| simple.words[at].inner(command.text());
        if matches!(words[at], "kill" | "wait" | "disown" | "ps") {
            found.extend((at + 1..words.len()).map(|at| (range(at), Operand::Process)));
        }
        if Call::of(&words[at..]).is_none() {
            continue;
        }
        for at in at + 1..words.len() {
            let (before, word) = (words[at - 1], words[at]);
            // `-p 443` is no id; `-f 4b1` is.
            let value = before.starts_with('-') && word.bytes().all(|b| b.is_ascii_digit());
            if word.len() >= 3 && !value {
                found.insert(range(at), Operand::Thing);
            }
        }
    }
    found
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

fn releases(command: &Script) -> Vec<Release<'_>> {
    let mut found = Vec::new();
    if matches!(command.text().trim(), "exit" | "logout" | "^D") {
        found.push(Release::Inner);
    }
    for call in command.calls() {
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
fn owners<'a>(call: &Call<'a>) -> Owners<'a> {
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
mod tests;
