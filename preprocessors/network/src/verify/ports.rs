//! What an engine publishes of a container, against what the picture shows.

use std::net::IpAddr;

use super::{ActualContainer, ActualPort, ExpectedContainer, ExpectedPort};

/// Every difference between the ports that the picture shows of `container` and those that `found` publishes, in words.
pub(super) fn differences(container: &ExpectedContainer, found: &ActualContainer) -> Vec<String> {
    let mut said = Vec::new();
    let mut matched = vec![false; found.ports.len()];
    for port in &container.ports {
        for target in port.target.first..=port.target.last {
            let hits = |fits: &dyn Fn(&ActualPort) -> bool| -> Vec<usize> {
                let all = 0..found.ports.len();
                all.filter(|&at| fits(&found.ports[at])).collect()
            };
            let exact = hits(&|real| holds(port, target, real));
            // Elsewhere on the host, it is one difference, and not a port that lacks and another that is too much.
            let elsewhere = hits(&|real| holds_but_for_address(port, target, real));
            for &at in exact.iter().chain(&elsewhere) {
                matched[at] = true;
            }
            said.extend(difference(
                &container.name,
                (port, target),
                &found.ports,
                (&exact, &elsewhere),
            ));
        }
    }
    if !container.further_ports {
        said.extend(further(&container.name, found, &matched));
    }
    said
}

/// What is wrong with the port `target` of the container `name`, of whose `ports` some are as the picture says and some
/// only but for the address.
fn difference(
    name: &str,
    (port, target): (&ExpectedPort, u16),
    ports: &[ActualPort],
    (exact, elsewhere): (&[usize], &[usize]),
) -> Option<String> {
    let suffix = port.protocol.suffix();
    if exact.is_empty() && elsewhere.is_empty() {
        let what = match port.published {
            Some(_) => format!("port {}", wanted_port(port, target)),
            None => "any port".to_owned(),
        };
        let at = port.host_ip.map_or(String::new(), |ip| format!(" at {ip}"));
        return Some(format!(
            "`{name}` does not publish its port {target}{suffix} on {what} of the host{at}"
        ));
    }
    if agree(ports, exact, elsewhere) {
        return None;
    }
    let real = &ports[elsewhere[0]];
    let addresses = addresses(ports, exact, elsewhere);
    let wanted = port.host_ip.map_or_else(
        || "at all addresses of the host".to_owned(),
        |ip| format!("at {ip} only"),
    );
    Some(format!(
        "`{name}` publishes its port {target}{suffix} on port {} {addresses}, the picture says {wanted}",
        real.host_port
    ))
}

/// Published ports that aren't in the picture.
fn further(name: &str, found: &ActualContainer, matched: &[bool]) -> Vec<String> {
    let mut told: Vec<(u16, &str)> = Vec::new();
    let mut said = Vec::new();
    for (at, real) in found.ports.iter().enumerate() {
        // An engine lists a port once for IPv4 and once for IPv6.
        let key = (real.host_port, real.protocol.as_str());
        if matched[at] || told.contains(&key) {
            continue;
        }
        told.push(key);
        let suffix = if real.protocol == "tcp" {
            String::new()
        } else {
            format!("/{}", real.protocol)
        };
        said.push(format!(
            "`{name}` publishes its port {}{suffix} on port {} of the host, which the picture doesn't show",
            real.container_port, real.host_port
        ));
    }
    said
}

/// Whether `real` is the port `target` of the container, published as the picture says.
fn holds(port: &ExpectedPort, target: u16, real: &ActualPort) -> bool {
    let address = match (port.host_ip, address(real)) {
        (wanted, Some(real)) if real.is_unspecified() => wanted.is_none_or(|ip| ip == real),
        (Some(ip), Some(real)) => real == ip,
        (None, Some(_)) => false,
        // Engines that name no address mean all.
        (wanted, None) => wanted.is_none() && real.host_ip.is_empty(),
    };
    address && on_port(port, target, real)
}

/// Whether `real` is as [`holds`] demands, but at another address of the host.
fn holds_but_for_address(port: &ExpectedPort, target: u16, real: &ActualPort) -> bool {
    on_port(port, target, real) && !holds(port, target, real)
}

fn on_port(port: &ExpectedPort, target: u16, real: &ActualPort) -> bool {
    let on_port = match port.published {
        None => true,
        Some(ports) if ports.count() != port.target.count() => ports.contains(real.host_port),
        Some(ports) => real.host_port == ports.first + (target - port.target.first),
    };
    on_port && real.container_port == target && real.protocol == port.protocol.to_string()
}

fn address(real: &ActualPort) -> Option<IpAddr> {
    real.host_ip.parse().ok()
}

/// Whether what is published elsewhere needn't be told: there is none, or it is the same port at further addresses
/// that the picture draws on their own.
fn agree(ports: &[ActualPort], exact: &[usize], elsewhere: &[usize]) -> bool {
    !exact.is_empty()
        && elsewhere.iter().all(|&at| {
            !ports[at].host_ip.is_empty()
                && address(&ports[at]).is_some_and(|ip| !ip.is_unspecified())
        })
}

/// "of 127.0.0.1 only", or "of all addresses of the host".
fn addresses(ports: &[ActualPort], exact: &[usize], elsewhere: &[usize]) -> String {
    let all = exact.iter().chain(elsewhere).map(|&at| &ports[at]);
    if all
        .clone()
        .any(|port| address(port).is_none_or(|ip| ip.is_unspecified()))
    {
        return "of all addresses of the host".to_owned();
    }
    let mut named: Vec<String> = all.map(|port| port.host_ip.clone()).collect();
    named.sort();
    named.dedup();
    format!("of {} only", named.join(" and "))
}

/// The host's port, or ports to choose from, for `target`.
fn wanted_port(port: &ExpectedPort, target: u16) -> String {
    match port.published {
        None => "any".to_owned(),
        Some(ports) if ports.count() != port.target.count() => ports.to_string(),
        Some(ports) => (ports.first + (target - port.target.first)).to_string(),
    }
}
