//! Makes up topologies for the browser test: `cargo run -p seaworthy-network --example generate -- COUNT`.
//!
//! Prints a JSON array of `{name, source, figure}`. The same count gives the same topologies: they are
//! drawn from a small generator of numbers, and every one is a valid diagram. All that can be drawn
//! occurs among them, with names short and long, and up to 60 containers on 30 networks.

#[path = "../tests/support/dice.rs"]
mod dice;

use std::fmt::Write as _;

use seaworthy_network::{Diagram, SvgOptions};

use dice::Dice;

fn main() {
    let count: u64 = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(240);
    let mut topologies = Vec::new();
    for seed in 0..count {
        let source = topology(seed);
        let (diagram, _) = match Diagram::parse(&source) {
            Ok(parsed) => parsed,
            Err(faults) => {
                eprintln!("topology {seed} is not valid: {faults:?}\n{source}");
                std::process::exit(1);
            }
        };
        let options = SvgOptions {
            id_prefix: format!("t{seed}"),
            ..SvgOptions::default()
        };
        topologies.push(serde_json::json!({
            "name": format!("topology {seed}"),
            "source": source,
            "figure": diagram.figure(&options),
        }));
    }
    println!("{}", serde_json::Value::Array(topologies));
}

const NAMES: [&str; 14] = [
    "web",
    "app",
    "db",
    "nginx",
    "flask-app",
    "mysql",
    "cache",
    "queue-worker",
    "prometheus",
    "a",
    "authentication-service-internal",
    "LEGACY_BILLING_GATEWAY",
    "unbreakableverylongservicenamewithouthyphens",
    "データベース",
];

const NETWORK_NAMES: [&str; 8] = [
    "front",
    "back",
    "my-net",
    "monitoring",
    "db-net",
    "a-rather-long-network-name-for-the-edge",
    "x",
    "observability_and_tracing_network",
];

fn topology(seed: u64) -> String {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    // Small ones are common, the largest rare.
    let (services, networks) = match seed % 12 {
        _ if seed % 48 == 47 => (60, 30),
        11 => (25 + dice.roll(16), 5 + dice.roll(6)),
        8..=10 => (6 + dice.roll(10), 2 + dice.roll(5)),
        _ => (1 + dice.roll(5), 1 + dice.roll(3)),
    };
    let services: Vec<String> = unique(&mut dice, &NAMES, services);
    let networks: Vec<String> = unique(&mut dice, &NETWORK_NAMES, networks);
    let hosts = if dice.chance(30) { 1 + dice.roll(3) } else { 1 };
    let drivers: Vec<&str> = networks.iter().map(|_| driver(&mut dice, hosts)).collect();
    let mut text = String::from("services:\n");
    let mut port = 8000;
    for (at, name) in services.iter().enumerate() {
        let _ = writeln!(text, "  {name}:");
        service(&mut dice, &mut text, at, &services, &networks, &mut port);
    }
    text.push_str("networks:\n");
    for (at, (name, driver)) in networks.iter().zip(&drivers).enumerate() {
        let internal = if dice.chance(25) {
            ", internal: true"
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "  {name}: {{driver: {driver}, ipam: {{config: [{{subnet: 172.{}.0.0/16}}]}}{internal}}}",
            20 + at
        );
    }
    if hosts > 1 || dice.chance(50) {
        text.push_str("x-hosts:\n");
        for host in 0..hosts {
            // Who shares a stack must be where its owner is, so services are dealt in runs.
            let share = services.len().div_ceil(hosts);
            let here: Vec<&str> = services
                .iter()
                .skip(host * share)
                .take(share)
                .map(String::as_str)
                .collect();
            let name = if dice.chance(20) {
                format!("a-very-long-host-name-number-{host}.example.com")
            } else {
                format!("node-{host}")
            };
            let _ = writeln!(
                text,
                "  {name}: {{address: 192.168.1.{}, services: [{}]}}",
                10 + host,
                here.join(", ")
            );
        }
    }
    let clients = unique(
        &mut dice,
        &["browser", "internet", "a-laptop-in-the-office"],
        seed as usize % 4,
    );
    if !clients.is_empty() {
        text.push_str("x-clients:\n");
        for client in &clients {
            let address = if dice.chance(30) {
                " 192.168.1.200"
            } else {
                ""
            };
            let _ = writeln!(text, "  {client}:{address}");
        }
    }
    traffic(
        &mut dice,
        valid_base(text, &services, hosts),
        &services,
        &clients,
    )
}

fn driver(dice: &mut Dice, hosts: usize) -> &'static str {
    match dice.roll(10) {
        _ if hosts > 1 => ["overlay", "overlay", "macvlan"][dice.roll(3)],
        0 => "overlay",
        1 => "macvlan",
        2 => "ipvlan",
        _ => "bridge",
    }
}

/// `count` names, numbered where they come up again.
fn unique(dice: &mut Dice, from: &[&str], count: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(count);
    for at in 0..count {
        let name = from[dice.roll(from.len())];
        if names.iter().any(|n| n == name) {
            names.push(format!("{name}-{at}"));
        } else {
            names.push(name.to_owned());
        }
    }
    names
}

fn service(
    dice: &mut Dice,
    text: &mut String,
    at: usize,
    services: &[String],
    networks: &[String],
    port: &mut u16,
) {
    match dice.roll(24) {
        0 => {
            let _ = writeln!(
                text,
                "    network_mode: host\n    expose: [\"{}\"]",
                80 + dice.roll(3)
            );
            return;
        }
        1 => {
            text.push_str("    network_mode: none\n");
            return;
        }
        2 if at > 0 => {
            let _ = writeln!(text, "    network_mode: service:{}", services[at - 1]);
            return;
        }
        3 => {
            text.push_str("    network_mode: bridge\n");
            return;
        }
        _ => {}
    }
    text.push_str("    networks:\n");
    let first = dice.roll(networks.len());
    let more = [0, 0, 0, 1, 1, 2][dice.roll(6)].min(networks.len() - 1);
    for step in 0..=more {
        let network = (first + step) % networks.len();
        let mut parts = Vec::new();
        if dice.chance(35) {
            parts.push(format!("ipv4_address: 172.{}.1.{}", 20 + network, 10 + at));
        }
        if dice.chance(15) {
            parts.push("aliases: [api, backend]".to_owned());
        }
        let _ = writeln!(
            text,
            "      {}: {{{}}}",
            networks[network],
            parts.join(", ")
        );
    }
    if dice.chance(35) {
        let mut ports = Vec::new();
        for _ in 0..=dice.roll(3) {
            *port += 10;
            ports.push(match dice.roll(6) {
                0 => format!("127.0.0.1:{port}:80"),
                1 => format!("{port}:53/udp"),
                2 => format!("{port}-{}:3000-3004", *port + 4),
                3 => "9000".to_owned(),
                _ => format!("{port}:80"),
            });
        }
        let _ = writeln!(text, "    ports: {ports:?}");
    }
    if dice.chance(30) {
        text.push_str("    expose: [\"5000\", \"9090\"]\n");
    }
}

/// What was made up at random may not fit together (a shared stack over two hosts, say): then without
/// what makes the difference.
fn valid_base(text: String, services: &[String], hosts: usize) -> String {
    if Diagram::parse(&text).is_ok() {
        return text;
    }
    let mut plain = text;
    for name in services {
        plain = plain.replace(
            &format!("network_mode: service:{name}\n"),
            "network_mode: none\n",
        );
    }
    if hosts > 1 {
        plain = plain.replace("network_mode: bridge\n", "network_mode: none\n");
    }
    plain
}

/// Adds arrows: each as one that gets through if it does, else as one that doesn't.
fn traffic(dice: &mut Dice, base: String, services: &[String], clients: &[String]) -> String {
    let everyone: Vec<&String> = services.iter().chain(clients).collect();
    let mut arrows: Vec<String> = Vec::new();
    let with = |arrows: &[String], arrow: &str| {
        let mut text = format!("{base}x-traffic:\n");
        for arrow in arrows.iter().map(String::as_str).chain([arrow]) {
            let _ = writeln!(text, "  - {arrow}");
        }
        text
    };
    for _ in 0..dice.roll(9) {
        let from = everyone[dice.roll(everyone.len())];
        let to = everyone[dice.roll(everyone.len())];
        let port = ["", ":80", ":5000", ":53/udp"][dice.roll(4)];
        let words = if dice.chance(30) {
            ": asks for something, in a few words"
        } else {
            ""
        };
        for sign in ["->", "-x"] {
            let arrow = format!("{from} {sign} {to}{port}{words}");
            if Diagram::parse(&with(&arrows, &arrow)).is_ok() {
                arrows.push(arrow);
                break;
            }
        }
    }
    if arrows.is_empty() {
        return base;
    }
    let last = arrows.remove(arrows.len() - 1);
    with(&arrows, &last)
}
