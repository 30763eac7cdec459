//! Whatever is written, nothing breaks: faults point into the text, drawings are one line of XML.

use proptest::prelude::*;
use seaworthy_network::{Diagram, SvgOptions};

/// Texts made of what diagrams are made of, put together in any order.
fn fragments() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "services:\n",
        "  a:\n",
        "  b: {}\n",
        "    networks: [n, m]\n",
        "    networks:\n",
        "      n: {ipv4_address: 10.0.0.1}\n",
        "    network_mode: host\n",
        "    network_mode: \"service:a\"\n",
        "    ports: [\"80:80\", 53/udp]\n",
        "    ports:\n",
        "      - {target: 80, published: 1-3}\n",
        "    expose: [1, x]\n",
        "networks:\n",
        "  n: {driver: overlay}\n",
        "  m:\n",
        "    ipam: {config: [{subnet: 10.0.0.0/8}]}\n",
        "    internal: true\n",
        "x-hosts: {h: [a], i: [b]}\n",
        "x-clients: [c, d]\n",
        "x-traffic:\n",
        "  - c -> a:80\n",
        "  - a -x b -> c\n",
        "  - \"é -> ü\"\n",
        "<<: *x\n",
        "&x ",
        "- ",
        ": ",
        "[",
        "}",
        "\t",
        "#",
        "'",
        "é",
        "漢字",
        "\u{0}",
        "---\n",
        "x-z: 1\n",
        "!!binary x\n",
        "|\n",
        "<script>&\"",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fragments_in_any_order(text in fragments()) {
        check(&text)?;
    }

    #[test]
    fn any_text_at_all(text in "\\PC{0,200}") {
        check(&text)?;
    }

    #[test]
    fn any_names(names in prop::collection::vec("[^\\p{Cc}]{1,40}", 1..6)) {
        let mut text = String::from("services:\n");
        for name in &names {
            text.push_str(&format!("  {}: {{networks: [{}]}}\n", quoted(name), quoted(&names[0])));
        }
        text.push_str(&format!("networks: {{{}: }}\n", quoted(&names[0])));
        check(&text)?;
    }
}

/// A YAML string in double quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn check(text: &str) -> Result<(), TestCaseError> {
    for parsed in [Diagram::parse(text), Diagram::parse_compose_file(text)] {
        let faults = match &parsed {
            Ok((_, warnings)) => warnings,
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                faults
            }
        };
        for fault in faults {
            prop_assert!(
                text.get(fault.span.clone()).is_some(),
                "{fault:?} points outside of {text:?}"
            );
            prop_assert!(!fault.message.contains('\n'));
        }
        if let Ok((diagram, _)) = parsed {
            let svg = diagram.svg(&SvgOptions::default());
            prop_assert!(!svg.contains('\n'));
            let read = resvg::usvg::roxmltree::Document::parse(&svg);
            prop_assert!(read.is_ok(), "{text:?}: {read:?}");
            prop_assert!(!diagram.figure(&SvgOptions::default()).contains('\n'));
        }
    }
    Ok(())
}
