//! Addresses and subnets as numbers: which are private, which subnet holds which address.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// An IPv4 or IPv6 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Addr {
    V4(u32),
    V6(u128),
}

/// A subnet: its first address and its prefix length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Net {
    pub(super) first: Addr,
    pub(super) len: u8,
}

/// The place of an address in its subnet. Docker gives the first address to the gateway, so it stands for a first
/// address only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Network,
    First,
    Last,
    Host,
}

impl Addr {
    /// Whether addresses of this kind are drawn by an engine, so that their value says nothing: RFC 1918, and in IPv6
    /// unique local (RFC 4193) and link-local addresses.
    pub(super) fn is_private(self) -> bool {
        match self {
            Addr::V4(bits) => Ipv4Addr::from(bits).is_private(),
            Addr::V6(bits) => {
                let address = Ipv6Addr::from(bits);
                address.is_unique_local() || address.is_unicast_link_local()
            }
        }
    }

    /// Bits of an address of this family.
    pub(super) fn width(self) -> u8 {
        match self {
            Addr::V4(_) => 32,
            Addr::V6(_) => 128,
        }
    }

    fn bits(self) -> u128 {
        match self {
            Addr::V4(bits) => u128::from(bits),
            Addr::V6(bits) => bits,
        }
    }

    fn same_family(self, bits: u128) -> Addr {
        match self {
            // The callers only pass bits of the family's width.
            Addr::V4(_) => Addr::V4(bits as u32),
            Addr::V6(_) => Addr::V6(bits),
        }
    }

    /// The part of the address that counts inside a subnet of length `len`.
    fn host_bits(self, len: u8) -> u128 {
        self.bits() & host_mask(self.width(), len)
    }

    /// The subnet of length `len` that holds this address.
    pub(super) fn net(self, len: u8) -> Net {
        let first = self.same_family(self.bits() & !host_mask(self.width(), len));
        Net { first, len }
    }

    /// What this address is inside its subnet of length `len`.
    pub(super) fn role(self, len: u8) -> Role {
        let mask = host_mask(self.width(), len);
        let host = self.bits() & mask;
        if mask <= 1 {
            Role::Host
        } else if host == 0 {
            Role::Network
        } else if host == 1 {
            Role::First
        } else if host == mask && matches!(self, Addr::V4(_)) {
            Role::Last
        } else {
            Role::Host
        }
    }

    /// The length that a subnet has when nothing on the page says it: Docker's own pools are /16 in 172.16.0.0/12; /24
    /// is what overlay networks, home networks and most examples have elsewhere; IPv6 networks are /64.
    pub(super) fn usual_len(self) -> u8 {
        match self {
            Addr::V4(bits) if bits >> 20 == 0xAC1 => 16,
            Addr::V4(_) => 24,
            Addr::V6(_) => 64,
        }
    }
}

impl Net {
    pub(super) fn contains(self, addr: Addr) -> bool {
        addr.width() == self.first.width() && addr.net(self.len) == self
    }

    /// The last address of the subnet.
    pub(super) fn last(self) -> Addr {
        let mask = host_mask(self.first.width(), self.len);
        self.first.same_family(self.first.bits() | mask)
    }

    /// The next address of the subnet, before its last.
    pub(super) fn after(self, addr: Addr) -> Option<Addr> {
        let next = addr.same_family(addr.bits().checked_add(1)?);
        (self.contains(next) && next < self.last()).then_some(next)
    }

    /// The address that has the same place in this subnet as `addr` has in `other`, a subnet of the same length.
    pub(super) fn translate(self, addr: Addr, other: Net) -> Addr {
        let host = addr.host_bits(other.len);
        self.first.same_family(self.first.bits() | host)
    }
}

fn host_mask(width: u8, len: u8) -> u128 {
    let host = u32::from(width.saturating_sub(len));
    1u128.checked_shl(host).map_or(u128::MAX, |one| one - 1)
}

impl fmt::Display for Addr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Addr::V4(bits) => Ipv4Addr::from(bits).fmt(f),
            Addr::V6(bits) => Ipv6Addr::from(bits).fmt(f),
        }
    }
}

impl fmt::Display for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.len)
    }
}

/// The address that all of `text` is, and the prefix length after it.
pub(super) fn read(text: &str) -> Option<(Addr, Option<u8>)> {
    let read = if text.contains(':') { read_v6 } else { read_v4 };
    read(text.as_bytes())
        .filter(|(.., used)| *used == text.len())
        .map(|(addr, len, _)| (addr, len))
}

/// Reads an IPv4 address, and the prefix length after it if there is one, at the start of `text`: the address, the
/// length and how many bytes they take. Neither may run on into more digits, letters or dots.
pub(super) fn read_v4(text: &[u8]) -> Option<(Addr, Option<u8>, usize)> {
    let mut at = 0;
    let mut bits = 0u32;
    for part in 0..4 {
        if part > 0 {
            if text.get(at) != Some(&b'.') {
                return None;
            }
            at += 1;
        }
        let (value, digits) = read_number(&text[at..], 3)?;
        if value > 255 || (digits > 1 && text[at] == b'0') {
            return None;
        }
        bits = bits << 8 | value;
        at += digits;
    }
    match text.get(at) {
        Some(b) if b.is_ascii_alphanumeric() || *b == b'_' => return None,
        Some(b'.') if text.get(at + 1).is_some_and(u8::is_ascii_digit) => return None,
        _ => {}
    }
    let (len, used) = read_len(&text[at..], 32);
    Some((Addr::V4(bits), len, at + used))
}

/// Reads an IPv6 address, as [`read_v4`] does.
pub(super) fn read_v6(text: &[u8]) -> Option<(Addr, Option<u8>, usize)> {
    let end = text
        .iter()
        .take(46)
        .position(|b| !(b.is_ascii_hexdigit() || *b == b':' || *b == b'.'))
        .unwrap_or(text.len().min(46));
    // A sentence or a `:` may follow the address directly.
    let run = text.get(..end)?;
    let run = match run {
        [head @ .., b':'] if !head.ends_with(b":") => head,
        [head @ .., b'.'] => head,
        run => run,
    };
    if run.iter().filter(|b| **b == b':').count() < 2 {
        return None;
    }
    if text.get(run.len()).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let address: Ipv6Addr = std::str::from_utf8(run).ok()?.parse().ok()?;
    let (len, used) = read_len(&text[run.len()..], 128);
    Some((Addr::V6(address.into()), len, run.len() + used))
}

/// `/16` at the start of `text`, if it is a prefix length and nothing more.
fn read_len(text: &[u8], max: u32) -> (Option<u8>, usize) {
    let [b'/', rest @ ..] = text else {
        return (None, 0);
    };
    match read_number(rest, 3) {
        Some((value, digits))
            if value <= max && !rest.get(digits).is_some_and(|b| b.is_ascii_alphanumeric()) =>
        {
            (Some(value as u8), digits + 1)
        }
        _ => (None, 0),
    }
}

/// A decimal number of at most `max` digits: its value and how many digits it has.
fn read_number(text: &[u8], max: usize) -> Option<(u32, usize)> {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    if digits == 0 || digits > max {
        return None;
    }
    let value = text[..digits]
        .iter()
        .fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
    Some((value, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v4(text: &str) -> Addr {
        read_v4(text.as_bytes())
            .map(|(addr, ..)| addr)
            .expect("an address")
    }

    #[test]
    fn reads_addresses_and_lengths() {
        let read =
            |text: &str| read_v4(text.as_bytes()).map(|(a, len, used)| (a.to_string(), len, used));
        assert_eq!(
            read("172.18.0.2/16 brd"),
            Some(("172.18.0.2".into(), Some(16), 13))
        );
        assert_eq!(read("172.18.0.2:80"), Some(("172.18.0.2".into(), None, 10)));
        assert_eq!(read("172.18.0.2."), Some(("172.18.0.2".into(), None, 10)));
        for not in [
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.400",
            "1.2.3.4a",
            "01.2.3.4",
            "",
            "1..2.3",
        ] {
            assert_eq!(read(not), None, "{not}");
        }
        let read =
            |text: &str| read_v6(text.as_bytes()).map(|(a, len, used)| (a.to_string(), len, used));
        assert_eq!(
            read("fe80::42:acff:fe11:2/64 scope"),
            Some(("fe80::42:acff:fe11:2".into(), Some(64), 23))
        );
        assert_eq!(read("fd00::1]:80"), Some(("fd00::1".into(), None, 7)));
        for not in [
            "10:11:12",
            "02:42:ac:11:00:02",
            ":::80",
            "sha256:ab",
            "fe80::xyz",
            "::g",
        ] {
            assert_eq!(read(not), None, "{not}");
        }
    }

    #[test]
    fn knows_private_addresses_and_places() {
        for private in ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"] {
            assert!(v4(private).is_private(), "{private}");
        }
        for public in [
            "127.0.0.11",
            "0.0.0.0",
            "8.8.8.8",
            "172.32.0.1",
            "255.255.0.0",
        ] {
            assert!(!v4(public).is_private(), "{public}");
        }
        assert_eq!(v4("172.18.0.0").role(16), Role::Network);
        assert_eq!(v4("172.18.0.1").role(16), Role::First);
        assert_eq!(v4("172.18.255.255").role(16), Role::Last);
        assert_eq!(v4("172.18.0.2").role(16), Role::Host);
        assert_eq!(v4("172.18.0.2").role(32), Role::Host);
        let (mine, other) = (v4("172.19.0.0").net(16), v4("172.18.0.0").net(16));
        assert_eq!(mine.translate(v4("172.18.0.9"), other), v4("172.19.0.9"));
        assert!(mine.contains(v4("172.19.3.4")) && !mine.contains(v4("172.18.3.4")));
        assert_eq!(mine.last(), v4("172.19.255.255"));
        assert_eq!(v4("10.1.2.3").net(0).last(), Addr::V4(u32::MAX));
    }
}
