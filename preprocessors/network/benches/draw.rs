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
