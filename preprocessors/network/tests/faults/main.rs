//! What is wrong with a diagram, and where: each text beside what is said of it.

mod traffic;

use std::fmt::Write as _;

use seaworthy_blocks::{Fault, Severity};
use seaworthy_network::Diagram;
use snapbox::{assert_data_eq, str};

/// All faults of `text`, each with its line, carets, label and help.
fn faults(text: &str) -> String {
    match Diagram::parse(text) {
        Ok((_, warnings)) => show(text, &warnings),
        Err(faults) => show(text, &faults),
    }
}

fn show(text: &str, faults: &[Fault]) -> String {
    let mut out = String::new();
    for fault in faults {
        let kind = match fault.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let start = text[..fault.span.start].rfind('\n').map_or(0, |n| n + 1);
        let line = text[start..].lines().next().unwrap_or("");
        let before = text[start..fault.span.start].chars().count();
        let marked = text[fault.span.clone()]
            .lines()
            .next()
            .unwrap_or("")
            .chars()
            .count();
        let _ = writeln!(out, "{kind}[{}]: {}", fault.code, fault.message);
        let _ = writeln!(
            out,
            "{:3} | {line}",
            text[..start].matches('\n').count() + 1
        );
        let carets = format!("{}{}", " ".repeat(before), "^".repeat(marked.max(1)));
        let _ = writeln!(out, "    | {carets} {}", fault.label);
        let _ = writeln!(out, "    = {}", fault.help);
    }
    out
}

#[test]
fn an_undeclared_network() {
    assert_data_eq!(
        faults(
            "services:\n  web: {networks: [fornt]}\n  app: {networks: [other]}\nnetworks: {front: }\n"
        ),
        str![[r#"
error[unknown-name]: the network `fornt` is not declared
  2 |   web: {networks: [fornt]}
    |                    ^^^^^ did you mean `front`?
    = write `front`, or declare `fornt`
error[unknown-name]: the network `other` is not declared
  3 |   app: {networks: [other]}
    |                    ^^^^^ 
    = add `other:` below the top level's `networks:`

"#]]
    );
}

#[test]
fn an_address_outside_its_subnet() {
    assert_data_eq!(
        faults(
            "services:
  a: {networks: {n: {ipv4_address: 172.31.0.9}}}
  b: {networks: {n: {ipv4_address: 172.30.0.9}}}
  c: {networks: {n: {ipv4_address: 172.30.0.9}}}
  d: {networks: {n: {ipv4_address: 172.30.0.300}}}
networks:
  n: {ipam: {config: [{subnet: 172.30.0.0/24}]}}
"
        ),
        str![[r#"
error[invalid-address]: `172.31.0.9` lies outside the subnet of `n`
  2 |   a: {networks: {n: {ipv4_address: 172.31.0.9}}}
    |                                    ^^^^^^^^^^ not in 172.30.0.0/24
    = choose an address in `172.30.0.0/24`
error[address-taken]: `172.30.0.9` is the address of `b` already
  4 |   c: {networks: {n: {ipv4_address: 172.30.0.9}}}
    |                                    ^^^^^^^^^^ 
    = on one network each container has an address of its own
error[invalid-address]: `172.30.0.300` is not an IPv4 address
  5 |   d: {networks: {n: {ipv4_address: 172.30.0.300}}}
    |                                    ^^^^^^^^^^^^ 
    = an IPv4 address is four numbers from 0 to 255: 172.30.0.10

"#]]
    );
}

#[test]
fn a_subnet_that_is_none() {
    assert_data_eq!(
        faults(
            "services: {a: {networks: [n]}}\nnetworks:\n  n: {ipam: {config: [{subnet: 172.30.0.0/99}]}}\n"
        ),
        str![[r#"
error[invalid-subnet]: `172.30.0.0/99` is not a subnet: the prefix length is a number from 0 to 32
  3 |   n: {ipam: {config: [{subnet: 172.30.0.0/99}]}}
    |                                ^^^^^^^^^^^^^ 
    = a subnet is an address and the length of its prefix: 172.30.0.0/24

"#]]
    );
}

#[test]
fn two_services_on_one_port_of_the_host() {
    assert_data_eq!(
        faults(
            "services:\n  a: {ports: [\"8080:80\"]}\n  b: {ports: [\"8000-8090:1000-1090\"]}\n  c: {ports: [\"8080:80/udp\", \"http\"]}\n"
        ),
        str![[r#"
error[port-taken]: port 8080 of the host is taken: `a` publishes it already
  3 |   b: {ports: ["8000-8090:1000-1090"]}
    |               ^^^^^^^^^^^^^^^^^^^^^ taken
    = a port of a host belongs to one container: publish this one on another, as in `8081:80`
error[invalid-port]: `http` is not a port: `http` is not a number from 1 to 65535
  4 |   c: {ports: ["8080:80/udp", "http"]}
    |                              ^^^^^^ 
    = write HOST:CONTAINER, as in `8080:80`, `127.0.0.1:8080:80` or `53:53/udp`

"#]]
    );
}

#[test]
fn ports_that_have_no_effect() {
    assert_data_eq!(
        faults(
            "services:\n  a: {network_mode: host, ports: [\"80:80\"]}\n  b: {network_mode: \"service:a\", ports: [\"81:80\"]}\n"
        ),
        str![[r#"
warning[ports-without-effect]: `a` uses the host's network: `ports` has no effect
  2 |   a: {network_mode: host, ports: ["80:80"]}
    |                                   ^^^^^^^ 
    = a container in host mode listens on the host's own ports; to draw one, write `expose`
error[refused-by-docker]: `b` shares the network of `a` and can't publish ports
  3 |   b: {network_mode: "service:a", ports: ["81:80"]}
    |                                          ^^^^^^^ 
    = Docker refuses this: publish the port at `a`

"#]]
    );
}

#[test]
fn unknown_keys() {
    assert_data_eq!(
        faults(
            "services:
  a: {network: [n], port: [80], image: x, command: y}
networks:
  n: {drivers: overlay}
x-trafic: []
x-other: 1
x-common: &common {networks: [n]}
"
        ),
        str![[r#"
warning[not-drawn]: `network` is not drawn: it isn't a key of Compose
  2 |   a: {network: [n], port: [80], image: x, command: y}
    |       ^^^^^^^ did you mean `networks`?
    = write `networks`, or remove the line
warning[not-drawn]: `port` is not drawn: it isn't a key of Compose
  2 |   a: {network: [n], port: [80], image: x, command: y}
    |                     ^^^^ did you mean `ports`?
    = write `ports`, or remove the line
warning[not-drawn]: `drivers` is not drawn: it isn't a key of Compose
  4 |   n: {drivers: overlay}
    |       ^^^^^^^ did you mean `driver`?
    = write `driver`, or remove the line
error[unknown-key]: unknown key `x-trafic`
  5 | x-trafic: []
    | ^^^^^^^^ did you mean `x-traffic`?
    = the keys that are read are `x-hosts`, `x-clients`, `x-traffic` and `x-docker`
error[unknown-key]: unknown key `x-other`
  6 | x-other: 1
    | ^^^^^^^ 
    = the keys that are read are `x-hosts`, `x-clients`, `x-traffic` and `x-docker`; a fragment for reuse needs an anchor (`x-other: &name`)

"#]]
    );
}

#[test]
fn bad_yaml() {
    for (text, expected) in [
        (
            "services:\n\tweb:\n",
            str![[r#"
error[invalid-yaml]: not YAML: tabs disallowed within this context (block indentation)
  2 | 	web:
    | ^^^^^ 
    = YAML is indented with spaces; a tab is not allowed there

"#]],
        ),
        (
            "services: {web: [}\n",
            str![[r#"
error[invalid-yaml]: not YAML: mismatched bracket '[' closed by '}'
  1 | services: {web: [}
    | ^^^^^^^^^^^^^^^^^^ 
    = this is Compose syntax: check the indentation, and quote a value that holds `: ` or begins with a special character

"#]],
        ),
        (
            "services:\n  a: b: c\n",
            str![[r#"
error[invalid-yaml]: not YAML: mapping values are not allowed in this context
  2 |   a: b: c
    |   ^^^^^^^ 
    = this is Compose syntax: check the indentation, and quote a value that holds `: ` or begins with a special character

"#]],
        ),
        (
            "services: *nobody\n",
            str![[r#"
error[invalid-yaml]: not YAML: alias references unknown anchor
  1 | services: *nobody
    | ^^^^^^^^^^^^^^^^^ 
    = this is Compose syntax: check the indentation, and quote a value that holds `: ` or begins with a special character

"#]],
        ),
        (
            "services: {a: }\n---\nservices: {b: }\n",
            str![[r#"
error[invalid-yaml]: more than one YAML document
  2 | ---
    | ^^^ 
    = a diagram is one Compose file: remove the `---` line, or use a block for each

"#]],
        ),
        (
            "",
            str![[r#"
error[nothing-to-draw]: nothing to draw: there are no services
  1 | 
    | ^ 
    = a diagram needs `services:` with at least one name below it, as in a Compose file

"#]],
        ),
        (
            "services:\n",
            str![[r#"
error[nothing-to-draw]: nothing to draw: there are no services
  1 | services:
    | ^ 
    = a diagram needs `services:` with at least one name below it, as in a Compose file

"#]],
        ),
        (
            "services: [a, b]\n",
            str![[r#"
error[invalid-compose]: `services` must be a map, not a list
  1 | services: [a, b]
    |           ^ 
    = write `name: value` lines below it

"#]],
        ),
        (
            "services:\n  a: {}\n  a: {}\n",
            str![[r#"
error[repeated-key]: `a` stands twice in `services`
  3 |   a: {}
    |   ^ the second one
    = YAML allows each key once: join the two, or rename one

"#]],
        ),
    ] {
        assert_data_eq!(faults(text), expected);
    }
}

#[test]
fn hosts_that_do_not_fit() {
    assert_data_eq!(
        faults(
            "services:
  a: {networks: [n]}
  b: {networks: [n]}
  c: {network_mode: \"service:a\"}
  d: {}
networks: {n: }
x-hosts:
  node-1: {address: 10.0.0.1, services: [a, x], size: 3}
  node-2: [b, a, c]
"
        ),
        str![[r#"
error[invalid-network-mode]: `c` runs on another host than `a`
  4 |   c: {network_mode: "service:a"}
    |                     ^^^^^^^^^^^ 
    = containers that share a network stack run on one host
error[service-host]: `d` runs on no host
  5 |   d: {}
    |   ^ 
    = name it in the `services` of one of the hosts of `x-hosts`
error[bridge-across-hosts]: `n` is a bridge, but its containers run on `node-1` and `node-2`
  6 | networks: {n: }
    |            ^ a bridge exists on one host only
    = containers on different hosts need `driver: overlay`, or a bridge on each host
error[unknown-name]: there is no service `x`
  8 |   node-1: {address: 10.0.0.1, services: [a, x], size: 3}
    |                                             ^ 
    = declared: `a`, `b`, `c`, `d`
error[unknown-key]: a host has no `size`
  8 |   node-1: {address: 10.0.0.1, services: [a, x], size: 3}
    |                                                 ^^^^ 
    = a host has an `address` and `services`, the list of what runs there
error[service-host]: `a` already runs on `node-1`
  9 |   node-2: [b, a, c]
    |               ^ 
    = a container runs on one host: remove it here or there, or declare a second service

"#]]
    );
}

#[test]
fn shared_stacks_that_lead_nowhere() {
    assert_data_eq!(
        faults(
            "services:\n  a: {network_mode: \"service:b\"}\n  b: {network_mode: \"service:a\"}\n  c: {network_mode: \"service:nobody\"}\n  d: {networks: [default], network_mode: host}\n"
        ),
        str![[r#"
error[invalid-network-mode]: `a` shares its own network stack
  2 |   a: {network_mode: "service:b"}
    |                     ^^^^^^^^^^^ this leads back to itself
    = one of the services must have networks of its own
error[invalid-network-mode]: `b` shares its own network stack
  3 |   b: {network_mode: "service:a"}
    |                     ^^^^^^^^^^^ this leads back to itself
    = one of the services must have networks of its own
error[unknown-name]: there is no service `nobody`
  4 |   c: {network_mode: "service:nobody"}
    |                     ^^^^^^^^^^^^^^^^ 
    = declared: `c`, `d`, `a`, `b`
error[invalid-network-mode]: `d` has both `networks` and `network_mode`
  5 |   d: {networks: [default], network_mode: host}
    |       ^^^^^^^^ 
    = a container takes its networks from one of the two: remove the other

"#]]
    );
}

#[test]
fn names_that_stand_for_two_things() {
    assert_data_eq!(
        faults("services: {a: {depends_on: [b]}}\nx-hosts: {a: }\nx-clients: [a, c, c]\n"),
        str![[r#"
error[unknown-name]: there is no service `b`
  1 | services: {a: {depends_on: [b]}}
    |                             ^ 
    = declared: `a`
error[name-taken]: `a` is already the name of something else
  2 | x-hosts: {a: }
    |           ^ 
    = an arrow must know whom it means: give this host another name
error[name-taken]: `a` is already the name of something else
  3 | x-clients: [a, c, c]
    |             ^ 
    = an arrow must know whom it means: give this client another name
error[name-taken]: the client `c` is named twice
  3 | x-clients: [a, c, c]
    |                   ^ 
    = 

"#]]
    );
}

#[test]
fn the_same_texts_mended_have_no_fault() {
    for text in [
        "services:\n  web: {networks: [front]}\nnetworks: {front: }\n",
        "services: {a: {networks: {n: {ipv4_address: 172.30.0.9}}}}\nnetworks: {n: {ipam: {config: [{subnet: 172.30.0.0/24}]}}}\n",
        "services:\n  a: {ports: [\"8080:80\"]}\n  b: {ports: [\"8081:80\"]}\n  c: {ports: [\"8080:80/udp\"]}\n",
        "services:\n  a: {ports: [\"127.0.0.1:80:80\"]}\n  b: {ports: [\"127.0.0.2:80:80\"]}\n",
        "services:\n  a: {ports: [\"80:80\"], profiles: [x]}\n  b: {ports: [\"80:80\"], profiles: [y]}\n",
        "services:\n  web: {networks: [f]}\n  db: {networks: [b]}\nnetworks: {f: , b: }\nx-traffic: [web -x db]\n",
        "services: {a: , b: }\nx-traffic:\n",
        "services: {a: , b: }\nx-hosts:\nx-clients:\n",
        "services: {a: , b: }\nx-traffic: [\"a -> b\"]\n",
        "services: {a: , b: }\nx-common: &c {networks: [n]}\n",
    ] {
        let (_, warnings) =
            Diagram::parse(text).unwrap_or_else(|faults| panic!("{text}{faults:?}"));
        assert_eq!(warnings, [], "{text}");
    }
}

#[test]
fn in_a_compose_file_foreign_extensions_are_no_fault() {
    let text = "services: {a: }\nx-logging: {driver: json-file}\n";
    assert!(Diagram::parse(text).is_err());
    let (_, warnings) = Diagram::parse_compose_file(text).unwrap();
    assert_eq!(warnings, []);
}
