//! `ports` and `expose`, in every form that Compose knows. Enter at [`read_all`] and [`read_exposed`].
//!
//! Rules: the Compose specification, "ports" and "expose".

use std::collections::HashSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::Range;

use seaworthy_blocks::{Fault, FaultCode};

use super::fields::{entries, text};
use super::keys::{self, Level};
use crate::project::unset;
use crate::yaml::{Node, Value};

/// A port, or a run of ports: first and last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PortRange {
    /// The first port.
    pub first: u16,
    /// The last port; the same as the first if there is only one.
    pub last: u16,
}

impl PortRange {
    /// Whether `port` is one of these.
    #[must_use]
    pub fn contains(&self, port: u16) -> bool {
        (self.first..=self.last).contains(&port)
    }

    /// Whether the two have a port in common.
    #[must_use]
    pub fn overlaps(&self, other: &PortRange) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// How many ports these are.
    #[must_use]
    pub fn count(&self) -> usize {
        usize::from(self.last - self.first) + 1
    }

    fn parse(text: &str) -> Option<PortRange> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let first: u16 = first.trim().parse().ok().filter(|port| *port > 0)?;
        let last: u16 = last.trim().parse().ok().filter(|port| *port >= first)?;
        Some(PortRange { first, last })
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

/// The transport protocol of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// TCP, the default.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

impl Protocol {
    pub(crate) fn parse(text: &str) -> Option<Protocol> {
        match text.to_ascii_lowercase().as_str() {
            "tcp" => Some(Protocol::Tcp),
            "udp" => Some(Protocol::Udp),
            "sctp" => Some(Protocol::Sctp),
            _ => None,
        }
    }

    /// `/udp` where it isn't the default.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Protocol::Tcp => "",
            Protocol::Udp => "/udp",
            Protocol::Sctp => "/sctp",
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
            Protocol::Sctp => "sctp",
        })
    }
}

/// The host's side of a published port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Published {
    /// Docker takes a free one.
    Any,
    Ports(PortRange),
    /// Which one, or at which address, depends on a variable that isn't set.
    Unknown,
}

/// One entry of `ports`.
#[derive(Clone, Debug)]
pub(crate) struct PortDecl {
    pub(crate) span: Range<usize>,
    /// The host's address, if the port isn't published on all of them.
    pub(crate) host_ip: Option<IpAddr>,
    pub(crate) published: Published,
    /// `None` if it depends on a variable that isn't set.
    pub(crate) target: Option<PortRange>,
    pub(crate) protocol: Protocol,
}

/// The same without those that say what an earlier one does.
pub(crate) fn distinct(ports: Vec<PortDecl>) -> Vec<PortDecl> {
    let mut seen = HashSet::new();
    let known = |port: &PortDecl| port.target.is_some() && port.published != Published::Unknown;
    let mut new = |port: &PortDecl| {
        !known(port) || seen.insert((port.host_ip, port.published, port.target, port.protocol))
    };
    ports.into_iter().filter(|port| new(port)).collect()
}

/// Reads `ports:`.
pub(crate) fn read_all(node: &Node, faults: &mut Vec<Fault>) -> Vec<PortDecl> {
    let items = match &node.value {
        Value::Seq(items) => items,
        Value::Null => return Vec::new(),
        _ => {
            faults.push(
                Fault::error(
                    FaultCode::InvalidCompose,
                    node.span.clone(),
                    format!("`ports` must be a list, not {}", node.kind()),
                )
                .help("write `ports: [\"8080:80\"]`, the host's port first"),
            );
            return Vec::new();
        }
    };
    items.iter().filter_map(|item| read(item, faults)).collect()
}

fn read(node: &Node, faults: &mut Vec<Fault>) -> Option<PortDecl> {
    let (what, read) = match &node.value {
        Value::Map(_) => ("this port".to_owned(), long(node, faults)?),
        _ => {
            let written = text(node, "a port", faults)?;
            (format!("`{}`", written.value), short(&written.value))
        }
    };
    match read {
        Ok(mut port) => {
            port.span = node.span.clone();
            if let Value::Map(entries) = &node.value
                && let (Some((first, _)), Some((_, last))) = (entries.first(), entries.last())
            {
                port.span = first.span.start..last.span.end.max(first.span.end);
            }
            Some(port)
        }
        Err(reason) => {
            faults.push(
                Fault::error(
                    FaultCode::InvalidPort,
                    node.span.clone(),
                    format!("{what} is not a port: {reason}"),
                )
                .help("write HOST:CONTAINER, as in `8080:80`, `127.0.0.1:8080:80` or `53:53/udp`"),
            );
            None
        }
    }
}

/// `[[ADDRESS:]HOST:]CONTAINER[/PROTOCOL]`
fn short(written: &str) -> Result<PortDecl, String> {
    let (ports, protocol) = match written.split_once('/') {
        Some((ports, protocol)) => (
            ports,
            Protocol::parse(protocol).ok_or_else(|| format!("`{protocol}` is not a protocol"))?,
        ),
        None => (written, Protocol::Tcp),
    };
    // An IPv6 address holds colons itself, in brackets.
    let (host, container) = ports.rsplit_once(':').unwrap_or(("", ports));
    let (address, host) = match host.rsplit_once(':') {
        Some((address, host)) if !host.ends_with(']') => (address, host),
        _ if host.starts_with('[') => (host, ""),
        _ => ("", host),
    };
    build(address, host, container, protocol)
}

/// The map form: `target`, `published`, `host_ip`, `protocol`. `None` if a fault was told already.
fn long(node: &Node, faults: &mut Vec<Fault>) -> Option<Result<PortDecl, String>> {
    let (mut target, mut published, mut address, mut protocol) = (None, None, None, None);
    for (key, node) in entries(node, "a port", faults) {
        match key.name.as_str() {
            "target" => target = text(node, "`target`", faults),
            "published" => published = text(node, "`published`", faults),
            "host_ip" => address = text(node, "`host_ip`", faults),
            "protocol" => protocol = text(node, "`protocol`", faults),
            _ => keys::check(key, Level::Port, faults),
        }
    }
    let Some(target) = target else {
        faults.push(
            Fault::error(
                FaultCode::InvalidPort,
                map_span(node),
                "this port says not which port of the container it leads to",
            )
            .help("add `target: 80`, the container's port"),
        );
        return None;
    };
    let protocol = match protocol {
        None => Protocol::Tcp,
        Some(text) => match Protocol::parse(&text.value) {
            Some(protocol) => protocol,
            None => return Some(Err(format!("`{}` is not a protocol", text.value))),
        },
    };
    let value = |text: Option<super::Text>| text.map(|t| t.value).unwrap_or_default();
    Some(build(
        &value(address),
        &value(published),
        &target.value,
        protocol,
    ))
}

fn map_span(node: &Node) -> Range<usize> {
    match &node.value {
        Value::Map(entries) => entries
            .first()
            .map_or(node.span.clone(), |(key, _)| key.span.clone()),
        _ => node.span.clone(),
    }
}

fn build(
    address: &str,
    host: &str,
    container: &str,
    protocol: Protocol,
) -> Result<PortDecl, String> {
    let range = |text: &str| {
        PortRange::parse(text).ok_or_else(|| format!("`{text}` is not a number from 1 to 65535"))
    };
    let target = match container {
        container if unset(container).is_some() => None,
        container => Some(range(container)?),
    };
    let published = match host {
        host if unset(host).or(unset(address)).is_some() => Published::Unknown,
        "" | "0" if container.is_empty() || target.is_some() => Published::Any,
        // All of it is one variable, which may name a port of the host as well.
        "" | "0" => Published::Unknown,
        host => Published::Ports(range(host)?),
    };
    let address = address.trim_start_matches('[').trim_end_matches(']');
    let host_ip = match address {
        "" => None,
        address if unset(address).is_some() => None,
        address => Some(
            address
                .parse::<IpAddr>()
                .map_err(|_| format!("`{address}` is not an address of the host"))?,
        )
        // `0.0.0.0` is what is meant without an address; `::` leaves IPv4 out.
        .filter(|ip| *ip != IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
    };
    if let (Published::Ports(ports), Some(target)) = (published, target)
        && ports.count() != target.count()
        && target.count() != 1
    {
        return Err(format!(
            "{} ports of the host can't stand for {} of the container",
            ports.count(),
            target.count()
        ));
    }
    Ok(PortDecl {
        span: 0..0,
        host_ip,
        published,
        target,
        protocol,
    })
}

/// Reads `expose:`: the ports that a container listens on.
pub(crate) fn read_exposed(node: &Node, faults: &mut Vec<Fault>) -> Vec<(PortRange, Protocol)> {
    super::fields::names(node, "`expose`", faults)
        .into_iter()
        .filter_map(|written| {
            let (ports, protocol) = written
                .value
                .split_once('/')
                .unwrap_or((&written.value, "tcp"));
            let read = PortRange::parse(ports).zip(Protocol::parse(protocol));
            if read.is_none() && unset(&written.value).is_none() {
                faults.push(
                    Fault::error(
                        FaultCode::InvalidPort,
                        written.span,
                        format!("`{}` is not a port", written.value),
                    )
                    .help("`expose` takes ports of the container: `5000`, `5000-5005` or `53/udp`"),
                );
            }
            read
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Published, short};

    /// Address, host's ports, container's ports and protocol, joined by spaces.
    fn show(written: &str) -> Result<String, String> {
        short(written).map(|port| {
            let address = port.host_ip.map_or("*".to_owned(), |ip| ip.to_string());
            let published = match port.published {
                Published::Any => "any".to_owned(),
                Published::Ports(ports) => ports.to_string(),
                Published::Unknown => "?".to_owned(),
            };
            let target = port
                .target
                .map_or("?".to_owned(), |ports| ports.to_string());
            format!("{address} {published} {target} {}", port.protocol)
        })
    }

    #[test]
    fn every_short_form_of_compose_is_read() {
        for (written, read) in [
            ("3000", "* any 3000 tcp"),
            ("3000-3005", "* any 3000-3005 tcp"),
            ("8000:80", "* 8000 80 tcp"),
            ("9090-9091:8080-8081", "* 9090-9091 8080-8081 tcp"),
            ("8000-9000:80", "* 8000-9000 80 tcp"),
            ("127.0.0.1:8001:8001", "127.0.0.1 8001 8001 tcp"),
            (
                "127.0.0.1:5000-5010:5000-5010",
                "127.0.0.1 5000-5010 5000-5010 tcp",
            ),
            ("127.0.0.1::5000", "127.0.0.1 any 5000 tcp"),
            ("0.0.0.0:80:80", "* 80 80 tcp"),
            ("6060:6060/udp", "* 6060 6060 udp"),
            ("12400-12500:1240/SCTP", "* 12400-12500 1240 sctp"),
            ("[::1]:6001:6001", "::1 6001 6001 tcp"),
            ("::1:6001:6001", "::1 6001 6001 tcp"),
            ("[::1]::80", "::1 any 80 tcp"),
            (":80", "* any 80 tcp"),
            ("[::]:82:82", ":: 82 82 tcp"),
            ("${PORT}:80", "* ? 80 tcp"),
            ("${IP}:80:80", "* ? 80 tcp"),
            ("80:${PORT}/udp", "* 80 ? udp"),
            ("${PORTS}", "* ? ? tcp"),
        ] {
            assert_eq!(show(written).as_deref(), Ok(read), "{written}");
        }
    }

    #[test]
    fn what_is_no_port_is_refused() {
        for written in [
            "",
            "http",
            "80:http",
            "0:0",
            "70000",
            "80-70",
            "1-3:1-2",
            "localhost:80:80",
            "80/icmp",
            "-80",
        ] {
            assert!(short(written).is_err(), "{written}");
        }
    }
}
