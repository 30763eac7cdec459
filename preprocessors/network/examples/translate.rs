//! Says the networks of a Compose file in other tools' languages, to compare drawings with theirs:
//! `cargo run -p seaworthy-network --example translate -- FILE (--dot | --nwdiag)`.

use std::fmt::Write as _;
use std::process::ExitCode;

use seaworthy_network::{Diagram, Expectations};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, language] = arguments.as_slice() else {
        eprintln!("usage: translate FILE (--dot | --nwdiag)");
        return ExitCode::from(2);
    };
    let parsed = std::fs::read_to_string(file)
        .map_err(|error| error.to_string())
        .and_then(|text| Diagram::parse(&text).map_err(|faults| faults[0].message.clone()));
    let (diagram, _) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            eprintln!("{file}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let expectations = diagram.expectations();
    print!(
        "{}",
        if language == "--dot" {
            dot(&expectations)
        } else {
            nwdiag(&expectations)
        }
    );
    ExitCode::SUCCESS
}

/// Networks as ellipses, containers as boxes, addresses on the lines between them.
fn dot(picture: &Expectations) -> String {
    let mut out = String::from("graph networks {\n  rankdir=LR;\n");
    for network in &picture.networks {
        let subnets: Vec<String> = network.subnets.iter().map(ToString::to_string).collect();
        let _ = writeln!(
            out,
            "  \"net {0}\" [label=\"{0}\\n{1}\"];",
            network.name,
            subnets.join(" ")
        );
    }
    for container in &picture.containers {
        let _ = writeln!(out, "  \"{}\" [shape=box];", container.name);
        for place in &container.networks {
            let addresses: Vec<String> = place.addresses.iter().map(ToString::to_string).collect();
            let _ = writeln!(
                out,
                "  \"{}\" -- \"net {}\" [label=\"{}\"];",
                container.name,
                picture.networks[place.network].name,
                addresses.join(" ")
            );
        }
    }
    out.push_str("}\n");
    out
}

/// Who is on no network is left out: nwdiag refuses that.
fn nwdiag(picture: &Expectations) -> String {
    let mut out = String::from("nwdiag {\n");
    for (at, network) in picture.networks.iter().enumerate() {
        let _ = writeln!(out, "  network \"{}\" {{", network.name);
        for subnet in &network.subnets {
            let _ = writeln!(out, "    address = \"{subnet}\";");
        }
        for container in &picture.containers {
            for place in container
                .networks
                .iter()
                .filter(|place| place.network == at)
            {
                let addresses: Vec<String> =
                    place.addresses.iter().map(ToString::to_string).collect();
                let _ = writeln!(
                    out,
                    "    \"{}\" [address = \"{}\"];",
                    container.name,
                    addresses.join(", ")
                );
            }
        }
        out.push_str("  }\n");
    }
    out.push_str("}\n");
    out
}
