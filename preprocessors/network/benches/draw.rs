//! How long drawings take: from Compose text to SVG, parsing and checking included.
//!
//! `cargo bench -p seaworthy-network`. The topologies are those of `examples/compose`, and one of 40
//! containers on 10 networks.

use seaworthy_network::{Diagram, SvgOptions};

fn main() {
    divan::main();
}

const FILES: [&str; 8] = [
    "monolith",
    "default-bridge",
    "host-network",
    "bridge",
    "overlay",
    "two-bridges",
    "reverse-proxy",
    "trio",
];

fn source(name: &str) -> String {
    let path = format!(
        "{}/examples/compose/{name}.yaml",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn draw(text: &str) -> String {
    let (diagram, _) = Diagram::parse(text).expect("a valid diagram");
    diagram.svg(&SvgOptions::default())
}

#[divan::bench(args = FILES)]
fn example(bencher: divan::Bencher<'_, '_>, name: &str) {
    let text = source(name);
    bencher.bench(|| draw(divan::black_box(&text)));
}

#[divan::bench]
fn forty_on_ten(bencher: divan::Bencher<'_, '_>) {
    let text = source("large");
    bencher.bench(|| draw(divan::black_box(&text)));
}

/// A megabyte: 12,000 services on 60 networks, every tenth with a port of the host.
#[divan::bench(sample_count = 5)]
fn twelve_thousand_services(bencher: divan::Bencher<'_, '_>) {
    let mut text = String::from("services:\n");
    for at in 0..12_000 {
        let ports = match at % 10 {
            0 => format!("    ports: [\"{}:80\"]\n", 1024 + at),
            _ => String::new(),
        };
        let network = at % 60;
        text.push_str(&format!(
            "  service-{at}:\n    image: example.org/image:{at}\n    networks: [net-{network}]\n{ports}"
        ));
    }
    text.push_str("networks:\n");
    for network in 0..60 {
        text.push_str(&format!("  net-{network}:\n"));
    }
    bencher.bench(|| {
        let (diagram, _) =
            Diagram::parse_compose_file(divan::black_box(&text)).expect("a valid file");
        (diagram.svg(&SvgOptions::default()), diagram.text())
    });
}
