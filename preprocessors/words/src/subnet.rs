//! Subnets: reading, showing, and which addresses lie in one.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

/// A subnet, such as `172.30.0.0/24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subnet(IpNet);

impl Subnet {
    /// Whether `address` lies in this subnet.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }

    /// Whether this is a subnet of IPv4 addresses.
    #[must_use]
    pub fn is_ipv4(&self) -> bool {
        self.0.addr().is_ipv4()
    }

    /// Its first address.
    #[must_use]
    pub fn first(&self) -> IpAddr {
        self.0.network()
    }

    /// Its last address.
    #[must_use]
    pub fn last(&self) -> IpAddr {
        self.0.broadcast()
    }
}

impl FromStr for Subnet {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (address, prefix) = text.split_once('/').ok_or("the prefix length is missing")?;
        let address: IpAddr = address
            .parse()
            .map_err(|_| format!("`{address}` is not an address"))?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let net = prefix
            .parse()
            .ok()
            .and_then(|prefix| IpNet::new(address, prefix).ok());
        net.map(Self)
            .ok_or_else(|| format!("the prefix length is a number from 0 to {longest}"))
    }
}

impl fmt::Display for Subnet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Subnet;

    #[test]
    fn an_address_lies_in_a_subnet_or_not() {
        for (subnet, address, inside) in [
            ("172.30.0.0/24", "172.30.0.255", true),
            ("172.30.0.0/24", "172.30.1.0", false),
            ("172.16.0.0/12", "172.31.255.255", true),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("10.0.0.1/32", "10.0.0.1", true),
            ("10.0.0.1/32", "10.0.0.2", false),
            ("2001:db8::/64", "2001:db8::1", true),
            ("2001:db8::/64", "2001:db8:0:1::1", false),
            ("::/0", "fe80::1", true),
            ("::/0", "10.0.0.1", false),
        ] {
            let parsed: Subnet = subnet.parse().unwrap();
            assert_eq!(
                parsed.contains(address.parse().unwrap()),
                inside,
                "{address} in {subnet}"
            );
            assert_eq!(parsed.to_string(), subnet);
            assert_eq!(parsed.is_ipv4(), !subnet.contains(':'), "{subnet}");
        }
    }

    #[test]
    fn the_ends_of_a_subnet() {
        for (subnet, first, last) in [
            ("172.30.0.77/24", "172.30.0.0", "172.30.0.255"),
            ("10.0.0.1/32", "10.0.0.1", "10.0.0.1"),
            ("fd00::7/120", "fd00::", "fd00::ff"),
        ] {
            let parsed: Subnet = subnet.parse().unwrap();
            assert_eq!(parsed.first().to_string(), first);
            assert_eq!(parsed.last().to_string(), last);
        }
    }

    #[test]
    fn what_is_no_subnet_is_refused() {
        for text in [
            "172.30.0.0",
            "172.30.0.0/33",
            "172.30.0/24",
            "::/129",
            "/24",
            "a/b",
            "10.0.0.0/-1",
        ] {
            assert!(text.parse::<Subnet>().is_err(), "{text}");
        }
    }
}
