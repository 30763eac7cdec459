//! Large files: what is said and drawn of them grows with them, not with its square, and what is too large is refused.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use seaworthy_network::{Diagram, SvgOptions};

/// So many services on so many networks, every tenth with a port of the host.
fn project(services: usize, networks: usize) -> String {
    let mut text = String::from("services:\n");
    for at in 0..services {
        let network = at % networks;
        let _ = writeln!(
            text,
            "  service-{at}:\n    image: example.org/image:{at}\n    networks: [net-{network}]"
        );
        if at % 10 == 0 {
            let _ = writeln!(text, "    ports: [\"{}:80\"]", 1024 + at);
        }
    }
    text.push_str("networks:\n");
    for network in 0..networks {
        let _ = writeln!(text, "  net-{network}:");
    }
    text
}

fn read(text: &str) -> Diagram {
    match Diagram::parse_compose_file(text) {
        Ok((diagram, _)) => diagram,
        Err(faults) => panic!("{:?}", faults[0]),
    }
}

#[test]
fn words_and_drawings_grow_with_the_file() {
    let lengths = |services: usize| {
        let diagram = read(&project(services, 5));
        (
            diagram.text().len(),
            diagram.svg(&SvgOptions::default()).len(),
        )
    };
    let ((few_words, few), (many_words, many)) = (lengths(200), lengths(2000));
    assert!(many_words < 12 * few_words, "{few_words} {many_words}");
    assert!(many < 12 * few, "{few} {many}");
}

#[test]
fn thousands_of_services_are_drawn_in_seconds() {
    // Without optimisation, and beside other tests: `cargo bench` has the real time.
    let text = project(6000, 40);
    let begun = Instant::now();
    let diagram = read(&text);
    assert!(diagram.svg(&SvgOptions::default()).len() > 100_000);
    assert!(diagram.text().contains("All on net-7 reach one another"));
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn of_many_containers_what_is_common_is_told() {
    let text = read(&project(57, 1)).text();
    assert!(
        text.contains("- All on net-0 reach one another\n"),
        "{text}"
    );
    assert!(!text.contains("service-1 reaches"), "{text}");
    assert!(text.len() < 4_000, "{}", text.len());
    // Across networks, by what is published.
    let text = read(&project(30, 3)).text();
    let published =
        "- Every container reaches service-0, service-10 and service-20 through published ports\n";
    assert!(text.contains(published), "{text}");
    assert!(
        text.contains("No way between net-0 and net-1 but through the host's ports"),
        "{text}"
    );
}

#[test]
fn a_crowd_on_one_network_shares_a_card() {
    let height = |svg: &str| -> f64 {
        let height = svg
            .split("height=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        height.and_then(|h| h.parse().ok()).unwrap_or_default()
    };
    let svg = read(&project(57, 1)).svg(&SvgOptions::default());
    assert!(svg.contains(">51 containers<"), "{svg}");
    for at in 0..57 {
        assert!(svg.contains(&format!("service-{at}")), "service-{at}");
    }
    assert!(height(&svg) < 1000.0, "{}", height(&svg));
}

#[test]
fn a_network_is_named_again_along_a_long_line() {
    let mut text = String::from("services:\n");
    for at in 0..40 {
        let _ = writeln!(
            text,
            "  s{at}: {{networks: [long], ports: [\"{}:80\"]}}",
            8000 + at
        );
    }
    text.push_str("networks: {long: }\n");
    let svg = read(&text).svg(&SvgOptions::default());
    let named = svg.matches(">long<").count();
    assert!((3..8).contains(&named), "{named}");
}

#[test]
fn a_network_can_be_left_out() {
    let mut diagram =
        read("services:\n  a: {networks: [x, y]}\n  b: {networks: [x]}\nnetworks: {x: , y: }\n");
    assert_eq!(
        diagram.hide("z"),
        Err("there is no network `z` to hide".to_owned())
    );
    assert_eq!(diagram.hide("x"), Ok(()));
    let svg = diagram.svg(&SvgOptions::default());
    assert!(
        svg.contains(">on x<") && svg.contains(">y<") && !svg.contains(">x<"),
        "{svg}"
    );
    // What is said of ways stays true.
    assert!(diagram.text().contains("- a reaches b"));
}

#[test]
fn what_is_too_large_is_refused_in_a_sentence() {
    let deep = format!(
        "services: {{a: {}1{}}}\n",
        "[".repeat(5000),
        "]".repeat(5000)
    );
    let wide = format!("x: [{}]\nservices: {{a: }}\n", "1,".repeat(1_100_000));
    let mut chain = String::from("services:\n  s0: {ports: [1, 2, 3, 4, 5, 6, 7, 8, 9]}\n");
    for at in 1..3000 {
        let _ = writeln!(
            chain,
            "  s{at}: {{extends: s{}, ports: [{}]}}",
            at - 1,
            100 + at
        );
    }
    for (text, said) in [
        (deep, "too deep to draw"),
        (wide, "too large to draw"),
        (
            chain,
            "what services extend grows to more than 500000 values",
        ),
    ] {
        let read = Diagram::parse_compose_file(&text);
        let faults = read
            .err()
            .unwrap_or_else(|| panic!("drawn, and not refused: {said}"));
        assert!(
            faults.iter().any(|f| f.message.contains(said)),
            "{said}: {:?}",
            faults[0].message
        );
    }
}
