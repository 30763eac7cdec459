//! Faults of arrows: why one does not get through, or does.

use snapbox::{assert_data_eq, str};

use crate::faults;

#[test]
fn traffic_without_a_shared_network() {
    assert_data_eq!(
        faults(
            "services:
  web: {networks: [front]}
  app: {networks: [front, back]}
  db: {networks: [back]}
networks: {front: , back: }
x-traffic:
  - web -> db:3306
"
        ),
        str![[r#"
error[unreachable]: `web` can't reach `db`: they share no network
  7 |   - web -> db:3306
    |     ^^^^^^^^^^^^^^ `web` is on front, `db` is on back
    = networks are isolated from one another: a container reaches those on a network that it is on itself, and ports that are published. Put one of the two on the other's network, or both on a third; `web -x db:3306` draws that there is no way

"#]]
    );
}

#[test]
fn traffic_that_is_said_to_be_blocked_and_is_not() {
    assert_data_eq!(
        faults("services: {a: , b: }\nx-traffic:\n  - a -x b\n"),
        str![[r#"
error[reachable]: `a` can reach `b`: both are on `default`
  3 |   - a -x b
    |     ^^^^^^ this does get through
    = write `->`, or change the networks so that there is no way

"#]]
    );
}

#[test]
fn traffic_from_outside_to_what_is_not_published() {
    assert_data_eq!(
        faults(
            "services:
  web: {ports: [\"8080:80\"]}
  db: {}
x-clients: [browser]
x-traffic:
  - browser -> db:3306
  - browser -> web:8080
  - browser -> db
"
        ),
        str![[r#"
error[unreachable]: `browser` can't reach `db`: its port 3306 is not published
  6 |   - browser -> db:3306
    |     ^^^^^^^^^^^^^^^^^^ 
    = what is outside reaches only published ports: add `ports: ["8080:3306"]` to `db`; `browser -x db:3306` draws that there is no way
error[unreachable]: `web` publishes port 8080 of the host, but does not listen on it itself
  7 |   - browser -> web:8080
    |     ^^^^^^^^^^^^^^^^^^^ on its networks, `web` is at 80
    = an arrow names the container's port: `web:80`
error[unreachable]: `browser` can't reach `db`: it publishes no port
  8 |   - browser -> db
    |     ^^^^^^^^^^^^^ 
    = what is outside reaches only published ports: add `ports: ["8080:80"]` to `db`; `browser -x db` draws that there is no way

"#]]
    );
}

#[test]
fn traffic_that_cannot_leave() {
    assert_data_eq!(
        faults(
            "services:
  a: {networks: [n]}
  b: {network_mode: none}
networks: {n: {internal: true}}
x-clients: [internet]
x-traffic:
  - a -> internet
  - b -> a
"
        ),
        str![[r#"
error[unreachable]: `a` can't reach the outside: its networks are internal
  7 |   - a -> internet
    |     ^^^^^^^^^^^^^ 
    = `internal: true` cuts a network off: add a network without it; `a -x internet` draws that there is no way
error[unreachable]: `b` can't reach `a`: `b` has no network
  8 |   - b -> a
    |     ^^^^^^ 
    = `network_mode: none` leaves a container nothing but itself; `b -x a` draws that there is no way

"#]]
    );
}

#[test]
fn arrows_that_are_none() {
    assert_data_eq!(
        faults(
            "services: {a: , b: }\nx-traffic:\n  - a\n  - a -> \n  - a -> b:http\n  - a -> c\n  - a -> a\n  - browser -> b\n"
        ),
        str![[r#"
error[invalid-arrow]: `a` is not an arrow
  3 |   - a
    |     ^ 
    = write `browser -> web:80`, or `web -x db` for what does not get through; words may follow after `: `
error[invalid-arrow]: `a ->` is not an arrow
  4 |   - a -> 
    |     ^^^^ 
    = write `browser -> web:80`, or `web -x db` for what does not get through; words may follow after `: `
error[invalid-port]: `http` is not a port
  5 |   - a -> b:http
    |          ^^^^^^ 
    = an arrow points at a name and, after a colon, a port: `web:80` or `dns:53/udp`
error[unknown-name]: there is no service or client `c`
  6 |   - a -> c
    |          ^ 
    = declared: `a`, `b`; whoever is outside belongs into `x-clients`
error[invalid-arrow]: `a` sends to itself
  7 |   - a -> a
    |     ^^^^^^ 
    = an arrow leads from one to another
error[unknown-name]: there is no service or client `browser`
  8 |   - browser -> b
    |     ^^^^^^^ 
    = declared: `a`, `b`; whoever is outside belongs into `x-clients`

"#]]
    );
}

/// What each arrow is told, without its place.
fn told(base: &str, arrow: &str) -> Vec<String> {
    match seaworthy_network::Diagram::parse(&format!("{base}x-traffic: [\"{arrow}\"]\n")) {
        Ok((_, warnings)) => warnings,
        Err(faults) => faults,
    }
    .into_iter()
    .map(|fault| fault.message)
    .collect()
}

#[test]
fn a_loopback_port_lets_in_its_host_only() {
    let base = "services:
  db: {ports: [\"127.0.0.1:5432:5432\"]}
  agent: {network_mode: host}
  other: {network_mode: bridge}
x-hosts: {docker-host: 192.168.1.10}
x-clients: [attacker]
";
    for arrow in [
        "attacker -x db",
        "attacker -x db:5432",
        "other -x db",
        "agent -> db:5432",
        "agent -> docker-host:5432",
        "attacker -x docker-host:5432",
    ] {
        assert_eq!(told(base, arrow), [""; 0], "{arrow}");
    }
    for arrow in [
        "attacker -> db:5432",
        "attacker -> db",
        "attacker -> docker-host:5432",
    ] {
        assert_eq!(
            told(base, arrow),
            ["`attacker` can't reach `db`: it is published for its host only"],
            "{arrow}"
        );
    }
    assert_eq!(
        told(base, "agent -x db"),
        ["`agent` can reach `db`: it has an address of its own on `default`"]
    );
}

#[test]
fn containers_reach_what_their_host_publishes() {
    let base = "services:
  app: {networks: [a]}
  db: {networks: [b], ports: [\"127.0.0.1:99:99\", \"8082:80\"]}
  shut: {networks: [c]}
  far: {networks: [lan]}
networks: {a: , b: , c: {internal: true}, lan: {driver: macvlan}}
";
    for arrow in [
        "app -> db",
        "app -> db:80",
        "db -x app",
        "shut -x db",
        "far -x db",
        "app -x db:22",
    ] {
        assert_eq!(told(base, arrow), [""; 0], "{arrow}");
    }
    assert_eq!(
        told(base, "app -x db"),
        ["`app` can reach `db`: it publishes port 8082, and a container reaches its host's ports"]
    );
    assert_eq!(
        told(base, "shut -> db"),
        ["`shut` can't reach `db`: its networks are internal"]
    );
}

#[test]
fn a_port_of_the_host_is_none_of_the_container() {
    let base = "services:
  web: {ports: [\"8000:8000\"]}
  db: {ports: [\"8001:5432\"]}
  side: {network_mode: \"service:db\"}
";
    for arrow in ["web -> db:5432", "web -> db:9", "db -> web:8000"] {
        assert_eq!(told(base, arrow), [""; 0], "{arrow}");
    }
    for (arrow, target) in [
        ("web -> db:8001", "db"),
        ("web -x db:8001", "db"),
        ("web -> side:8001", "side"),
    ] {
        assert_eq!(
            told(base, arrow),
            [format!(
                "`{target}` publishes port 8001 of the host, but does not listen on it itself"
            )],
            "{arrow}"
        );
    }
}

#[test]
fn nothing_is_published_from_internal_and_macvlan_networks() {
    for (network, names) in [
        ("{internal: true}", "web"),
        ("{driver: macvlan}", "web"),
        ("{driver: ipvlan, internal: true}", "web"),
        ("{driver: overlay, internal: true}", "web"),
    ] {
        let base = format!(
            "services: {{{names}: {{networks: [n], ports: [\"8080:80\"]}}}}\nnetworks: {{n: {network}}}\nx-clients: [you]\n"
        );
        let warning = "nothing is published from the networks of `web`: `ports` has no effect";
        let (diagram, warnings) = seaworthy_network::Diagram::parse(&base).unwrap();
        assert_eq!(warnings[0].message, warning);
        assert!(!diagram.text().contains("8080"), "{}", diagram.text());
        assert!(!diagram.description().contains("Published"));
        assert!(diagram.expectations().containers[0].ports.is_empty());
        if network.contains("internal") {
            assert_eq!(
                told(&base, "you -> web:80"),
                [
                    warning,
                    "`you` can't reach `web`: nothing is published from its networks"
                ]
            );
        }
    }
}

#[test]
fn what_is_made_elsewhere_is_not_known() {
    let base = "services:
  app: {networks: [there]}
  web: {networks: [there], ports: [\"80:80\"]}
  lan: {networks: [lan]}
  legacy: {network_mode: \"container:old\"}
networks: {there: {external: true}, lan: {driver: macvlan}}
x-clients: [you]
";
    assert_eq!(told(base, "app -> web:80"), [""; 0]);
    assert_eq!(told(base, "you -> web:80"), [""; 0]);
    for (sign, arrow) in [
        ("->", "app -> you"),
        ("-x", "app -x you"),
        ("-x", "you -x app"),
        ("->", "app -> lan"),
    ] {
        let (from, to) = arrow.split_once(&format!(" {sign} ")).unwrap();
        assert_eq!(
            told(base, arrow),
            [format!(
                "whether `{from}` can reach `{to}` is not known: nothing here says what kind of network `there` is"
            )],
            "{arrow}"
        );
    }
    for arrow in ["legacy -> web", "web -x legacy"] {
        assert!(
            told(base, arrow)[0].ends_with("a container that isn't in the picture"),
            "{arrow}"
        );
    }
    let said = base.replace("external: true", "external: true, driver: bridge");
    assert_eq!(told(&said, "app -> you"), [""; 0]);
    assert_eq!(told(&said, "you -x app"), [""; 0]);
}

#[test]
fn before_28_engines_let_neighbours_in() {
    let base = |version: &str| {
        format!(
            "services: {{db: {{ports: [\"127.0.0.1:5432:5432\"]}}}}\nx-docker: \"{version}\"\nx-clients: [attacker]\n"
        )
    };
    assert_eq!(told(&base("28"), "attacker -x db"), [""; 0]);
    assert_eq!(told(&base("29.1"), "attacker -x db"), [""; 0]);
    for version in ["26", "20.10"] {
        for arrow in ["attacker -x db", "attacker -> db:5432"] {
            let told = told(&base(version), arrow);
            let start = format!(
                "whether `attacker` can reach `db` is not known: Docker Engine {version} lets in"
            );
            assert!(told[0].starts_with(&start), "{told:?}");
        }
    }
    assert_eq!(
        told(&base("27"), "attacker -x db"),
        [
            "whether `attacker` can reach `db` is not known: engines differ there, and Docker Engine 27 was not looked at"
        ]
    );
    assert_eq!(
        told(&base("new"), "attacker -x db")[0],
        "`new` is not a version of Docker Engine"
    );
}
