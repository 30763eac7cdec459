//! The values of a text that are bound: where they stand, and what they stand for.

use std::ops::Range;

use seaworthy_words::Script;

use super::typed::{Operand, Way, operands};
use super::{Bindings, Entry, Key};
use crate::address;
use crate::drawn;
use crate::reading::Reading;
use crate::tokens::{self, Kind, Opaque, Token};

/// A value of the author's that is bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// What it stands for on the machine.
    pub real: String,
    /// The author's line where it was first printed, as the caller numbers them; none if the page types it first.
    pub since: Option<u32>,
}

impl Bindings {
    /// The values in a command that the page has printed before, or that stand for something else than themselves: those
    /// that [`Bindings::substitute`] gives to the machine as its own.
    #[must_use]
    pub fn values(&self, command: &Script) -> Vec<Value> {
        let operands = operands(command);
        let named = |token: &Token| operands.get(&token.range()).copied();
        self.bound_in(command.text(), &named)
    }

    /// The same for a line that is printed.
    #[must_use]
    pub fn values_of_line(&self, line: &str) -> Vec<Value> {
        self.bound_in(line, &|_| None)
    }

    fn bound_in(&self, text: &str, operand: &dyn Fn(&Token) -> Option<Operand>) -> Vec<Value> {
        let mut found = Vec::new();
        for token in tokens::tokens(text, Reading::of_typed()) {
            let (word, operand) = (token.text(text), operand(&token));
            let Some(entry) = self.entry_of(word, &token, operand) else {
                continue;
            };
            let real = self.counterpart(word, &token, Way::ToReal, operand);
            let real = real.map_or_else(|| word.to_owned(), Into::into);
            if entry.since.is_some() || real != word {
                found.push(Value {
                    range: token.range(),
                    real,
                    since: entry.since,
                });
            }
        }
        found
    }

    /// What is known of the value that a word is.
    fn entry_of(&self, word: &str, token: &Token, operand: Option<Operand>) -> Option<&Entry> {
        match token.kind {
            Kind::Id | Kind::Opaque(Opaque::Swarm) => self.id(word).map(|(_, entry)| entry),
            Kind::Mac => self.forward.get(&Key::mac(word)),
            Kind::Opaque(kind) => self.forward.get(&Key::Other(kind, word.into())),
            Kind::Port(port) => self.forward.get(&Key::Port(port)),
            Kind::Address => {
                let (addr, len) = address::read(word)?;
                let net = len.filter(|len| addr.net(*len).first == addr);
                let key = net.map_or(Key::Addr(addr), |len| Key::Net(addr.net(len)));
                let known = self.forward.get(&key);
                known.or_else(|| self.net_of(addr).map(|(_, entry)| entry))
            }
            Kind::Word if drawn::is_made_up_name(word) => self.forward.get(&Key::Name(word.into())),
            Kind::Word if operand == Some(Operand::Process) => {
                self.forward.get(&Key::Other(Opaque::Process, word.into()))
            }
            Kind::Word if operand == Some(Operand::Thing) || drawn::looks_like_id_prefix(word) => {
                self.real_of_id_prefix(word)?;
                self.id(word).map(|(_, entry)| entry)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Expected, Line, Mode, compare};

    /// The bindings after a command that the author shows with `shown`, and that printed `real`.
    fn after(command: &str, shown: &str, real: &str) -> Bindings {
        let lines: Vec<_> = shown.lines().map(|text| Line { text, at: 7 }).collect();
        let expected = Expected {
            command: &Script::parse(command),
            lines: &lines,
            mode: Mode::Docker,
            unordered: false,
            varies: &[],
        };
        let outcome = compare(&expected, real, &Bindings::new());
        assert!(outcome.holds, "{:?}", outcome.explanation);
        outcome.bindings
    }

    #[test]
    fn values_of_commands_and_lines() {
        let id = "4f1c0e6b5a2d".to_owned() + &"0".repeat(52);
        let other = "9a8b7c6d5e4f".to_owned() + &"1".repeat(52);
        let ids = after("docker run -d nginx", &id, &other);
        let found = |bindings: &Bindings, text: &str| {
            let values = bindings.values(&Script::parse(text)).into_iter();
            let told = values.map(|v| format!("{} {} {:?}", &text[v.range], v.real, v.since));
            told.collect::<Vec<_>>()
        };
        assert_eq!(
            found(&ids, "docker stop 4f1c0e6b5a2d"),
            ["4f1c0e6b5a2d 9a8b7c6d5e4f Some(7)"]
        );
        assert_eq!(found(&ids, "docker stop 4f1"), ["4f1 9a8 Some(7)"]);
        assert_eq!(found(&ids, "docker stop web 0123456789ab"), [""; 0]);
        let shown = "\"IPv4Address\": \"172.18.0.2/16\",";
        let nets = after("docker inspect web", shown, &shown.replace("18", "23"));
        assert_eq!(
            found(&nets, "ping 172.18.0.2"),
            ["172.18.0.2 172.23.0.2 Some(7)"]
        );
        // One that was not printed, in a subnet that was.
        assert_eq!(
            found(&nets, "ping 172.18.0.9"),
            ["172.18.0.9 172.23.0.9 Some(7)"]
        );
        // Printed by the machine as by the author: it is known all the same.
        let same = after("docker inspect web", shown, shown);
        assert_eq!(
            found(&same, "ping 172.18.0.2"),
            ["172.18.0.2 172.18.0.2 Some(7)"]
        );
        assert_eq!(found(&same, "ping 172.19.0.2"), [""; 0]);
        assert_eq!(nets.values_of_line(shown)[0].real, "172.23.0.2/16");
    }
}
