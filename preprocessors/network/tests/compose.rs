//! Compose as it is: what each form comes to, told by the text version.

use seaworthy_network::Diagram;

/// The lines of the text version of `text`, which must be valid.
fn lines(text: &str) -> Vec<String> {
    let (diagram, _) =
        Diagram::parse_compose_file(text).unwrap_or_else(|faults| panic!("{text}\n{faults:?}"));
    diagram
        .text()
        .lines()
        .map(|line| line.trim().to_owned())
        .collect()
}

/// Checks that each of `wanted` is a line of the text version of `text`.
fn says(text: &str, wanted: &[&str]) {
    let lines = lines(text);
    for line in wanted {
        assert!(
            lines.iter().any(|l| l == line),
            "`{line}` is not in:\n{}",
            lines.join("\n")
        );
    }
}

#[test]
fn services_without_networks_are_on_the_default_one() {
    says(
        "services: {a: , b: {image: x}}\n",
        &[
            "- a: on default",
            "- default: bridge; joins a and b",
            "- a reaches b",
        ],
    );
    says(
        "services: {a: }\nnetworks: {default: {driver: overlay}}\n",
        &["- default: overlay; joins a"],
    );
}

#[test]
fn networks_as_list_and_as_map() {
    let networks =
        "networks: {n: {ipam: {config: [{subnet: 10.1.0.0/24}, {subnet: \"fd00::/64\"}]}}}\n";
    says(
        &format!("services: {{a: {{networks: [n]}}}}\n{networks}"),
        &["- a: on n"],
    );
    says(
        &format!("services: {{a: {{networks: {{n: }}}}}}\n{networks}"),
        &["- a: on n"],
    );
    says(
        &format!(
            "services: {{a: {{networks: {{n: {{ipv4_address: 10.1.0.5, ipv6_address: \"fd00::5\", aliases: [x, y], priority: 3}}}}}}}}\n{networks}"
        ),
        &[
            "- a: on n as 10.1.0.5 as fd00::5, also called x, y",
            "- n: bridge, 10.1.0.0/24, fd00::/64; joins a",
        ],
    );
}

#[test]
fn every_network_mode() {
    says(
        "services:
  a: {network_mode: host}
  b: {network_mode: none}
  c: {network_mode: bridge}
  d: {network_mode: \"service:c\"}
  e: {network_mode: \"service:d\"}
  f: {network_mode: \"container:other\"}
  g: {network_mode: \"container:named\"}
  h: {container_name: named}
  i: {network_mode: n}
networks: {n: }
",
        &[
            "- a: uses the host's network",
            "- b: has no network",
            "- c: on bridge",
            "- d: shares the network of c",
            "- e: shares the network of c",
            "- f: shares the network of the container other",
            "- g: shares the network of h",
            "- i: on n",
            "- bridge: the default bridge, which resolves no names; joins c",
        ],
    );
}

#[test]
fn external_networks() {
    says(
        "services:
  a: {networks: [there]}
  b: {networks: [outer]}
  c: {networks: [hostnet]}
  d: {networks: [nonet]}
networks:
  there: {external: true}
  outer: {external: {name: bridge}}
  hostnet: {external: true, name: host}
  nonet: {driver: none}
",
        &[
            "- there: made elsewhere; joins a",
            "- outer: the default bridge, which resolves no names; joins b",
            "- c: uses the host's network",
            "- d: has no network",
        ],
    );
}

#[test]
fn every_driver_and_internal() {
    says(
        "services: {a: {networks: [b, o, m, i, p, d]}}
networks:
  b: {driver: bridge, internal: true}
  o: {driver: overlay, attachable: true}
  m: {driver: macvlan, driver_opts: {parent: eth0}}
  i: {driver: ipvlan}
  p: {driver: weave}
  d: {driver: default}
",
        &[
            "- b: bridge, internal: no way out; joins a",
            "- o: overlay; joins a",
            "- m: macvlan; joins a",
            "- i: ipvlan; joins a",
            "- p: weave; joins a",
            "- d: bridge; joins a",
        ],
    );
}

#[test]
fn ports_in_the_long_form() {
    says(
        "services:
  a:
    ports:
      - {target: 80, published: \"8080\", host_ip: 127.0.0.1, protocol: tcp, mode: host}
      - {target: 53, published: 53, protocol: udp}
      - {target: 90, published: \"9000-9010\"}
      - target: 70
      - 8443:443
",
        &[
            "- a: on default; port 127.0.0.1:8080 of the host leads to its port 80; port 53/udp of the host leads to its port 53/udp; port 9000-9010 of the host leads to its port 90; port any of the host leads to its port 70; port 8443 of the host leads to its port 443",
        ],
    );
}

#[test]
fn anchors_merge_keys_and_extends() {
    says(
        "x-web: &web
  networks: [front]
  ports: [\"80:80\"]
services:
  a: {<<: *web}
  b: {<<: *web, ports: [\"81:80\"]}
  c: {extends: {service: d}, networks: [back], ports: [\"83:80\"]}
  d: {networks: [front], expose: [7000]}
  e: {extends: d}
networks: {front: , back: }
",
        &[
            "- a: on front; port 80 of the host leads to its port 80",
            "- b: on front; port 81 of the host leads to its port 80",
            "- c: on front; on back; port 83 of the host leads to its port 80; listens on 7000",
            "- e: on front; listens on 7000",
        ],
    );
}

#[test]
fn variables_stand_for_their_defaults() {
    says(
        "services: {a: {ports: [\"${PORT:-8080}:80\"], networks: [n]}}\nnetworks: {n: {ipam: {config: [{subnet: \"${NET:-10.9.0.0/24}\"}]}}}\n",
        &[
            "- a: on n; port 8080 of the host leads to its port 80",
            "- n: bridge, 10.9.0.0/24; joins a",
        ],
    );
    let (_, warnings) = Diagram::parse("services: {a: {ports: [\"${PORT}:80\"]}}\n").unwrap();
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].message.contains("`PORT` is not set"));
}

#[test]
fn hosts_in_every_form() {
    let services =
        "services: {a: {networks: [o]}, b: {networks: [o]}}\nnetworks: {o: {driver: overlay}}\n";
    for (hosts, wanted) in [
        ("", "- Docker host"),
        ("x-hosts: docker-host\n", "- docker-host"),
        (
            "x-hosts: {docker-host: 10.0.0.1}\n",
            "- docker-host (10.0.0.1)",
        ),
        ("x-hosts: {one: [a], two: [b]}\n", "- two"),
        (
            "x-hosts: {one: {address: 10.0.0.1, services: [a]}, two: 10.0.0.2}\n",
            "- two (10.0.0.2)",
        ),
    ] {
        says(&format!("{services}{hosts}"), &[wanted]);
    }
}

#[test]
fn each_host_has_a_default_bridge_of_its_own() {
    says(
        "services: {a: {network_mode: bridge}, b: {network_mode: bridge}}\nx-hosts: {one: [a], two: [b]}\n",
        &[
            "- bridge: the default bridge, which resolves no names; joins a",
            "- bridge: the default bridge, which resolves no names; joins b",
            "- No way between a and b",
        ],
    );
}

#[test]
fn traffic_takes_the_way_there_is() {
    let base = "services:
  web: {networks: [front], ports: [\"8080:80\"]}
  app: {networks: [front, back]}
  db: {networks: [back]}
  side: {network_mode: \"service:app\"}
  agent: {network_mode: host, expose: [\"9100\"]}
  lan: {networks: [lan]}
  old: {network_mode: bridge}
  older: {network_mode: bridge}
networks: {front: , back: {internal: true}, lan: {driver: macvlan}}
x-hosts: docker-host
x-clients: [browser]
x-traffic:
";
    for (arrow, step) in [
        (
            "browser -> web:80",
            "1. browser → web: port 80, through port 8080 of docker-host",
        ),
        (
            "browser -> docker-host:8080",
            "1. browser → web: port 80, through port 8080 of docker-host",
        ),
        ("web -> app", "1. web → app: over front"),
        ("app -> db:3306/tcp", "1. app → db: port 3306, over back"),
        ("web -> side", "1. web → side: over front"),
        (
            "app -> side:81",
            "1. app → side: port 81, inside one network stack, as localhost",
        ),
        (
            "web -> agent:9100",
            "1. web → agent: port 9100, a port of docker-host itself",
        ),
        (
            "web -> docker-host:9100",
            "1. web → agent: port 9100, a port of docker-host itself",
        ),
        (
            "agent -> db:3306",
            "1. agent → db: port 3306, from the host, by address",
        ),
        (
            "browser -> agent",
            "1. browser → agent: a port of docker-host itself",
        ),
        (
            "browser -> lan:502",
            "1. browser → lan: port 502, straight to its own address on the LAN",
        ),
        (
            "web -> browser",
            "1. web → browser: out through docker-host, under its address",
        ),
        (
            "agent -> browser",
            "1. agent → browser: out by the host's own network",
        ),
        (
            "old -> older",
            "1. old → older: over bridge, by address only",
        ),
        (
            "old -x older",
            "1. old → older: no way: the default bridge resolves no names",
        ),
        (
            "web -x db:3306",
            "1. web → db: port 3306, no way: they share no network",
        ),
        (
            "browser -x db",
            "1. browser → db: no way: nothing is published from its networks",
        ),
        (
            "db -x browser",
            "1. db → browser: no way: its networks are internal",
        ),
        ("\"web -> app: asks\"", "1. web → app: asks (over front)"),
    ] {
        let arrow = arrow.trim_matches('"');
        says(&format!("{base}  - {arrow}\n"), &[step]);
    }
    says(
        &format!("{base}  - browser -> web:80 -> app:5000\n"),
        &["2. web → app: port 5000, over front"],
    );
}
