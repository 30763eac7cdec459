//! Inline code in the prose: an id, or an address in one of the page's subnets, must be one that the page prints.

use std::collections::BTreeSet;
use std::ops::Range;

use super::address::{self, Addr, Net};
use super::reading::Reading;
use super::tokens::{self, Kind};

/// The ids, addresses and subnets that a page's sessions type and print. Needs no run.
#[derive(Clone, Debug, Default)]
pub struct Values {
    ids: BTreeSet<String>,
    addresses: BTreeSet<Addr>,
    nets: BTreeSet<Net>,
}

/// A value in the prose that the page does not print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unprinted {
    /// Bytes of the inline code.
    pub range: Range<usize>,
    /// The value.
    pub value: String,
    /// Why it should be one that the page prints, in words.
    pub why: String,
    /// Whether it is nearly one that the page prints, or belongs to a network of it: hardly meant to be another.
    pub near: bool,
}

impl Values {
    /// The values of a page without sessions.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the values of a text that a session of the page types or prints.
    pub fn add(&mut self, text: &str) {
        for line in text.lines() {
            for token in tokens::tokens(line, Reading::default()) {
                match token.kind {
                    Kind::Id => drop(self.ids.insert(token.text(line).to_owned())),
                    Kind::Address => self.add_address(token.text(line)),
                    _ => {}
                }
            }
        }
    }

    fn add_address(&mut self, text: &str) {
        let Some((addr, len)) = address::read(text) else {
            return;
        };
        let net = len
            .filter(|len| *len < addr.width())
            .map(|len| addr.net(len));
        self.nets.extend(net);
        if net.is_none_or(|net| net.first != addr) {
            self.addresses.insert(addr);
        }
    }

    /// The values in a piece of inline code that the page should print but doesn't.
    pub fn check(&self, inline_code: &str) -> Vec<Unprinted> {
        let unprinted = |token: tokens::Token| {
            let value = token.text(inline_code);
            let (why, near) = match token.kind {
                Kind::Id if !self.has_id(value) => match self.nearest_id(value) {
                    Some(id) => (format!("nearly `{id}`, which this page prints"), true),
                    None => ("no session of this page prints this id".to_owned(), false),
                },
                Kind::Address => {
                    let (addr, len) = address::read(value)?;
                    (self.stray(addr, len)?, true)
                }
                _ => return None,
            };
            Some(Unprinted {
                range: token.range(),
                value: value.to_owned(),
                why,
                near,
            })
        };
        tokens::tokens(inline_code, Reading::default())
            .into_iter()
            .filter_map(unprinted)
            .collect()
    }

    /// Whether an id is printed, in the one length or the other.
    fn has_id(&self, id: &str) -> bool {
        let longer = self
            .ids
            .range(id.to_owned()..)
            .next()
            .is_some_and(|next| next.starts_with(id));
        longer || id.get(..12).is_some_and(|short| self.ids.contains(short))
    }

    /// The printed id that an id is a slip of the finger or two away from. Of two ids that are meant to differ, hardly a
    /// digit in sixteen agrees.
    fn nearest_id(&self, id: &str) -> Option<&str> {
        let slips = |other: &str| {
            let pairs = id.bytes().zip(other.bytes());
            pairs.filter(|(one, other)| one != other).count()
        };
        let begins = |other: &&String| other.len().min(id.len()) >= 12;
        let short = |other: &str| slips(&other[..12]);
        let near = self
            .ids
            .iter()
            .filter(begins)
            .filter(|other| short(other) <= id.len().min(12) / 4);
        near.min_by_key(|other| slips(other)).map(String::as_str)
    }

    /// Why an address should be printed, if it is not.
    fn stray(&self, addr: Addr, len: Option<u8>) -> Option<String> {
        let len = len.filter(|len| *len < addr.width());
        let is_net = len.is_some_and(|len| addr.net(len).first == addr);
        let printed = if is_net {
            len.is_some_and(|len| self.nets.contains(&addr.net(len)))
        } else {
            match len {
                // An address of a subnet: both are printed.
                Some(len) => self.addresses.contains(&addr) && self.nets.contains(&addr.net(len)),
                None => {
                    self.addresses.contains(&addr) || self.nets.iter().any(|net| net.first == addr)
                }
            }
        };
        if printed {
            return None;
        }
        if let Some(net) = self.nets.iter().find(|net| net.contains(addr)) {
            return Some(format!(
                "it is in `{net}`, which this page uses, but no session prints it"
            ));
        }
        let usual = addr.net(addr.usual_len());
        let neighbour = self.addresses.range(usual.first..=usual.last()).next()?;
        Some(format!(
            "it is next to `{neighbour}`, which this page prints, but no session prints it"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_in_the_prose_are_printed_ones() {
        let mut values = Values::new();
        let id = "0123456789ab".to_owned() + &"0".repeat(52);
        values.add("docker network create --subnet 172.28.0.0/16 back");
        values.add(&format!(
            "{id}\n\"IPv4Address\": \"172.18.0.2/16\",\naddress: 10.0.3.7"
        ));
        for fine in [
            "172.18.0.2",
            "172.18.0.2/16",
            "172.18.0.0/16",
            "172.18.0.0",
            "172.28.0.0/16",
            "10.0.3.7",
            "192.168.1.1",
            "172.17.0.1",
            "127.0.0.11",
            "8.8.8.8",
            &id,
            "0123456789ab",
            "docker inspect 0123456789ab",
            "docker run",
            "",
        ] {
            assert_eq!(values.check(fine), [], "{fine}");
        }
        for stray in [
            "172.18.0.3",
            "172.18.0.2/24",
            "172.28.0.5",
            "172.28.0.0/24",
            "10.0.3.8",
            "ffffffffffff",
        ] {
            assert_eq!(values.check(stray).len(), 1, "{stray}");
        }
        let near = |text: &str| values.check(text)[0].near;
        assert!(near("172.18.0.3") && near("0123456789ac") && near("0123465789ab"));
        assert!(!near("ffffffffffff"));
        let found = values.check("ping 172.18.0.3");
        assert_eq!(
            (found[0].range.clone(), found[0].value.as_str()),
            (5..15, "172.18.0.3")
        );
        assert_eq!(
            found[0].why,
            "it is in `172.18.0.0/16`, which this page uses, but no session prints it"
        );
    }
}
