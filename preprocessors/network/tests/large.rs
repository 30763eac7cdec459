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

/// The natural width of a drawing, in pixels.
fn wide(svg: &str) -> f64 {
    let width = svg
        .split("width=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    width.and_then(|w| w.parse().ok()).unwrap_or_default()
}

/// 60 services, each on up to three of 30 networks, which `of` names.
fn sixty_on_thirty(of: impl Fn(usize) -> Vec<usize>) -> String {
    let mut text = String::from("services:\n");
    for at in 0..60 {
        let networks: Vec<String> = of(at).iter().map(|n| format!("network-{n}")).collect();
        let _ = writeln!(
            text,
            "  service-{at}: {{networks: [{}]}}",
            networks.join(", ")
        );
    }
    text.push_str("networks:\n");
    for network in 0..30 {
        let _ = writeln!(text, "  network-{network}:");
    }
    text
}

#[test]
fn sixty_services_on_thirty_networks_fit_a_page() {
    // Text of 11.5 pixels in a picture of this width has 10.5 on a page of 700.
    let most = 700.0 * 11.5 / 10.5;
    let tangled = sixty_on_thirty(|at| vec![at * 7 % 30, (at * 11 + 3) % 30, (at * 13 + 5) % 30]);
    let long = tangled.replace(
        "service-",
        "an-unusuallylongnameofaservicethatcannotbebroken-",
    );
    for text in [&tangled, &long] {
        let svg = read(text).svg(&SvgOptions::default());
        assert!(wide(&svg) <= most, "{}", wide(&svg));
    }
}

#[test]
fn a_network_far_down_begins_there() {
    let chain = sixty_on_thirty(|at| vec![at / 2, (at / 2 + 1) % 30]);
    let svg = read(&chain).svg(&SvgOptions::default());
    // Where one has ended another begins, so thirty take no more room than the few at the top.
    assert!(wide(&svg) < 400.0, "{}", wide(&svg));
    let titles = svg.matches("rx=\"5\"").count();
    assert!((5..15).contains(&titles), "{titles}");
    for network in 0..30 {
        assert!(
            svg.contains(&format!(">network-{network}<")),
            "network-{network}"
        );
    }
    // The others' titles stand where they begin.
    let svg = read(&chain.replace(
        "network-29:\n",
        "network-29: {internal: true, ipam: {config: [{subnet: 10.9.8.0/24}]}}\n",
    ));
    let svg = svg.svg(&SvgOptions::default());
    for said in [">bridge<", "10.9.8.0/24", "internal"] {
        assert!(svg.contains(said), "{said}");
    }
}

#[test]
fn names_are_whole_where_there_is_room() {
    let drawn = |text: &str| read(text).svg(&SvgOptions::default());
    let svg = drawn("services: {immich-machine-learning: , adguardhome-sync: }\n");
    for name in ["immich-machine-learning", "adguardhome-sync"] {
        assert!(svg.contains(&format!(">{name}<")), "{svg}");
    }
    // Of a crowd, too.
    let long = "snuba-billing-consumer";
    let crowd: String = (0..20).map(|at| format!("  {long}-{at}: \n")).collect();
    let svg = drawn(&format!("services:\n{crowd}"));
    assert!(svg.contains(&format!(">{long}-7,<")), "{svg}");
}

#[test]
fn who_waits_for_the_same_profile_shares_a_card() {
    let waiting: String = (0..20)
        .map(|at| format!("  waits-{at}: {{profiles: [debug]}}\n  runs-{at}: \n"))
        .collect();
    let svg = read(&format!("services:\n{waiting}")).svg(&SvgOptions::default());
    assert_eq!(svg.matches(">20 containers<").count(), 2);
    assert_eq!(svg.matches(">profile debug<").count(), 1);
}

#[test]
fn who_is_in_a_containers_network_stands_below_it() {
    let text = "services:
  inner: {network_mode: \"container:vpn\"}
  other: {}
  outer: {container_name: vpn}
";
    let words = read(text).text();
    let at = |name: &str| words.find(&format!("- {name}: ")).unwrap_or_default();
    assert!(
        at("other") < at("outer") && at("outer") < at("inner"),
        "{words}"
    );
}
