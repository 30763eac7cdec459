//! Which subnets are free for machines. Enter with [`Ranges::free`], after telling what is taken.
//!
//! The ranges are such as few networks have, none of those that an engine chooses from by itself (172.17.0.0/16 to
//! 172.31.0.0/16 and 192.168.0.0/16, which are the inner engines'): one out of the private 10.0.0.0/8, and where that is
//! taken or routed elsewhere (a VPN), the end of 100.64.0.0/10 (RFC 6598, between providers and their customers) and of
//! 198.18.0.0/15 (RFC 2544, for measuring network devices).

use crate::engine::Address;
use seaworthy_words::Subnet;
use std::net::{IpAddr, Ipv4Addr};

/// The first two numbers of the /16s that subnets are taken from, in order.
pub(super) const RANGES: [(u8, u8); 3] = [(10, 213), (100, 127), (198, 19)];
/// The kernel's routes, on Linux: a line each, destination and mask in hexadecimal, as they lie in memory.
const ROUTES: &str = "/proc/net/route";

/// What is taken, as first and last address.
#[derive(Debug, Default)]
pub(super) struct Ranges {
    taken: Vec<(u32, u32)>,
}

impl Ranges {
    /// A subnet, in CIDR notation, that something uses; others than IPv4 don't count.
    pub(super) fn taken(&mut self, subnet: &str) {
        self.taken.extend(range(subnet));
    }

    /// The routes of the engine's computer, where that is this one. An engine refuses what overlaps with its own
    /// networks, but says nothing of other routes; those of another computer can't be seen from here.
    pub(super) fn routes_of(&mut self, engine: &Address) {
        if matches!(engine, Address::Unix(_))
            // Not on Linux: then the engine isn't on this kernel either.
            && let Ok(table) = std::fs::read_to_string(ROUTES)
        {
            self.taken.extend(routes(&table));
        }
    }

    /// The /24s, in CIDR notation, that overlap with nothing that is taken.
    pub(super) fn free(&self) -> impl Iterator<Item = String> {
        let all = RANGES
            .into_iter()
            .flat_map(|(first, second)| (0..=255u8).map(move |third| (first, second, third)));
        all.filter(|(first, second, third)| {
            let from = u32::from(Ipv4Addr::new(*first, *second, *third, 0));
            let to = from + 255;
            !self
                .taken
                .iter()
                .any(|(first, last)| *first <= to && from <= *last)
        })
        .map(|(first, second, third)| format!("{first}.{second}.{third}.0/24"))
    }
}

/// The first and last address of an IPv4 subnet.
pub(super) fn range(subnet: &str) -> Option<(u32, u32)> {
    let subnet: Subnet = subnet.parse().ok()?;
    match (subnet.first(), subnet.last()) {
        (IpAddr::V4(first), IpAddr::V4(last)) => Some((first.into(), last.into())),
        _ => None,
    }
}

/// The ranges of the kernel's routes. Not those for everything, or for half of it as VPNs write them.
fn routes(table: &str) -> impl Iterator<Item = (u32, u32)> {
    table.lines().skip(1).filter_map(|line| {
        let mut words = line.split_whitespace().skip(1);
        let mut number = |skip: usize| {
            let word = words.nth(skip)?;
            // As it lies in memory: in network order, whatever this computer's is.
            u32::from_str_radix(word, 16)
                .ok()
                .map(|word| u32::from_be_bytes(word.to_ne_bytes()))
        };
        let destination = number(0)?;
        let mask = number(5)?;
        (mask.leading_ones() >= 8).then_some((destination, destination | !mask))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(taken: &[&str]) -> Option<String> {
        let mut ranges = Ranges::default();
        for subnet in taken {
            ranges.taken(subnet);
        }
        ranges.free().next()
    }

    #[test]
    fn subnets_that_are_free() {
        for (taken, free) in [
            (&[] as &[&str], Some("10.213.0.0/24")),
            (
                &["172.17.0.0/16", "fd00::/64", "nonsense", "10.212.0.0/16"],
                Some("10.213.0.0/24"),
            ),
            (&["10.213.0.0/24", "10.213.1.128/25"], Some("10.213.2.0/24")),
            (&["10.213.0.0/17"], Some("10.213.128.0/24")),
            (&["10.213.0.77/32"], Some("10.213.1.0/24")),
            (&["10.0.0.0/8"], Some("100.127.0.0/24")),
            (&["10.0.0.0/8", "100.64.0.0/10"], Some("198.19.0.0/24")),
            (&["0.0.0.0/0"], None),
        ] {
            assert_eq!(first(taken).as_deref(), free, "{taken:?}");
        }
        assert_eq!(Ranges::default().free().count(), 3 * 256);
    }

    /// As a little-endian computer prints it; on others the numbers are turned round.
    #[test]
    #[cfg(target_endian = "little")]
    fn routes_of_a_vpn() {
        let table = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n\
            eth0\t00000000\t0102A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n\
            tun0\t00000080\t0102A8C0\t0003\t0\t0\t0\t00000080\t0\t0\t0\n\
            tun0\t0000D50A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n\
            docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n\
            nonsense\n";
        let taken: Vec<_> = routes(table).collect();
        let (vpn, docker) = (range("10.213.0.0/16"), range("172.17.0.0/16"));
        assert_eq!(taken, [vpn.unwrap(), docker.unwrap()]);
    }
}
