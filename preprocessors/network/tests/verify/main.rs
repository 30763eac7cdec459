//! Pictures and engines: what is told of each difference, and that nothing is told where there is none.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

mod projects;

use seaworthy_network::{
    ActualContainer, ActualEndpoint, ActualMachine, ActualNetwork, ActualPort, ActualState,
    Diagram, verify,
};

const PICTURE: &str = "services:
  nginx:
    networks: [front]
    ports: [\"8080:80\", \"127.0.0.1:9000:9000/udp\", \"7000-7010:70\", \"60\"]
  app:
    networks:
      front: {ipv4_address: 172.30.0.10, aliases: [api]}
      back:
  db: {networks: [back]}
  side: {network_mode: \"service:app\"}
  agent: {network_mode: host}
  job: {network_mode: none}
networks:
  front: {ipam: {config: [{subnet: 172.30.0.0/24}]}}
  back: {internal: true}
";

fn network(name: &str, driver: &str, internal: bool, subnet: &str) -> ActualNetwork {
    ActualNetwork {
        name: name.to_owned(),
        driver: driver.to_owned(),
        internal,
        subnets: vec![subnet.to_owned()],
        ..ActualNetwork::default()
    }
}

fn container(name: &str, mode: &str, endpoints: &[(&str, &str)]) -> ActualContainer {
    ActualContainer {
        id: format!("{name}-id"),
        name: name.to_owned(),
        running: true,
        network_mode: mode.to_owned(),
        endpoints: endpoints
            .iter()
            .map(|(network, address)| ActualEndpoint {
                network: (*network).to_owned(),
                addresses: vec![(*address).to_owned()],
                aliases: vec![name.to_owned()],
            })
            .collect(),
        ..ActualContainer::default()
    }
}

fn port(ip: &str, host: u16, inside: u16, protocol: &str) -> ActualPort {
    ActualPort {
        host_ip: ip.to_owned(),
        host_port: host,
        container_port: inside,
        protocol: protocol.to_owned(),
    }
}

/// Engines that look like [`PICTURE`].
fn true_state() -> ActualState {
    let mut nginx = container("nginx", "front", &[("front", "172.30.0.2")]);
    nginx.ports = vec![
        port("0.0.0.0", 8080, 80, "tcp"),
        port("::", 8080, 80, "tcp"),
        port("127.0.0.1", 9000, 9000, "udp"),
        port("0.0.0.0", 7004, 70, "tcp"),
        port("0.0.0.0", 49153, 60, "tcp"),
    ];
    let mut app = container(
        "app",
        "front",
        &[("front", "172.30.0.10"), ("back", "172.19.0.2")],
    );
    app.endpoints[0].aliases.push("api".to_owned());
    ActualState {
        machines: vec![ActualMachine {
            name: "docker-host".to_owned(),
            engine: "28.5.2".to_owned(),
            networks: vec![
                network("bridge", "bridge", false, "172.17.0.0/16"),
                network("host", "host", false, ""),
                network("none", "null", false, ""),
                network("front", "bridge", false, "172.30.0.0/24"),
                network("back", "bridge", true, "172.19.0.0/16"),
            ],
            containers: vec![
                nginx,
                app,
                container("db", "back", &[("back", "172.19.0.3")]),
                container("side", "container:app-id", &[]),
                container("agent", "host", &[("host", "")]),
                container("job", "none", &[("none", "")]),
                // Somebody else's, on a network that isn't drawn.
                container("registry", "bridge", &[("bridge", "172.17.0.2")]),
            ],
        }],
    }
}

fn differences(picture: &str, state: &ActualState) -> Vec<String> {
    let (diagram, _) = Diagram::parse(picture).unwrap_or_else(|faults| panic!("{faults:?}"));
    verify(&diagram.expectations(), state)
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn a_true_picture_has_no_difference() {
    assert_eq!(differences(PICTURE, &true_state()), Vec::<String>::new());
}

type Change = fn(&mut ActualMachine);

/// A machine's container or network by its name.
fn one<'a>(machine: &'a mut ActualMachine, name: &str) -> &'a mut ActualContainer {
    machine
        .containers
        .iter_mut()
        .find(|c| c.name == name)
        .unwrap()
}

fn net<'a>(machine: &'a mut ActualMachine, name: &str) -> &'a mut ActualNetwork {
    machine
        .networks
        .iter_mut()
        .find(|n| n.name == name)
        .unwrap()
}

#[test]
fn every_difference_is_told_in_the_pictures_words() {
    let cases: Vec<(Change, &[&str])> = vec![
        (
            |m| drop(one(m, "app").endpoints.pop()),
            &["`app` is not attached to `back`"],
        ),
        (
            |m| {
                one(m, "db").endpoints.push(ActualEndpoint {
                    network: "front".into(),
                    ..Default::default()
                })
            },
            &["`db` is attached to `front` too, which the picture doesn't show"],
        ),
        (
            |m| {
                one(m, "db").endpoints.push(ActualEndpoint {
                    network: "bridge".into(),
                    ..Default::default()
                })
            },
            &["`db` is attached to `bridge` too, which the picture doesn't show"],
        ),
        (
            |m| m.containers.retain(|c| c.name != "db"),
            &["there is no container `db`"],
        ),
        (|m| one(m, "db").running = false, &["`db` is not running"]),
        (
            |m| net(m, "back").internal = false,
            &["`back` is not internal: there is a way out of it"],
        ),
        (
            |m| net(m, "front").internal = true,
            &["`front` is internal, the picture shows a way out"],
        ),
        (
            |m| net(m, "front").driver = "macvlan".into(),
            &["`front` has the driver `macvlan`, the picture says `bridge`"],
        ),
        (
            |m| net(m, "front").subnets = vec!["172.18.0.0/16".into()],
            &["`front` has the subnet 172.18.0.0/16, the picture says 172.30.0.0/24"],
        ),
        (
            |m| net(m, "front").subnets.clear(),
            &["`front` has no subnet, the picture says 172.30.0.0/24"],
        ),
        (
            |m| {
                m.networks.retain(|n| n.name != "back");
                for c in &mut m.containers {
                    c.endpoints.retain(|e| e.network != "back");
                }
            },
            &[
                "there is no network `back`",
                "`app` is not attached to `back`",
                "`db` is not attached to `back`",
            ],
        ),
        (
            |m| one(m, "app").endpoints[0].addresses = vec!["172.30.0.3".into()],
            &["`app` has 172.30.0.3 on `front`, the picture says 172.30.0.10"],
        ),
        (
            |m| one(m, "app").endpoints[0].aliases.clear(),
            &["`app` is not called `api` on `front`"],
        ),
        (
            |m| one(m, "nginx").ports.retain(|p| p.host_port != 8080),
            &["`nginx` does not publish its port 80 on port 8080 of the host"],
        ),
        (
            |m| one(m, "nginx").ports[2].host_ip = "0.0.0.0".into(),
            &[
                "`nginx` publishes its port 9000/udp on port 9000 of all addresses of the host, the picture says at 127.0.0.1 only",
            ],
        ),
        (
            |m| {
                let nginx = one(m, "nginx");
                nginx.ports[0].host_ip = "127.0.0.1".into();
                nginx.ports.remove(1);
            },
            &[
                "`nginx` publishes its port 80 on port 8080 of 127.0.0.1 only, the picture says at all addresses of the host",
            ],
        ),
        (
            |m| one(m, "nginx").ports[3].host_ip = "192.168.1.10".into(),
            &[
                "`nginx` publishes its port 70 on port 7004 of 192.168.1.10 only, the picture says at all addresses of the host",
            ],
        ),
        (
            |m| one(m, "nginx").ports[3].host_port = 7999,
            &[
                "`nginx` does not publish its port 70 on port 7000-7010 of the host",
                "`nginx` publishes its port 70 on port 7999 of the host, which the picture doesn't show",
            ],
        ),
        (
            |m| one(m, "nginx").ports.retain(|p| p.container_port != 60),
            &["`nginx` does not publish its port 60 on any port of the host"],
        ),
        (
            |m| one(m, "db").ports.push(port("0.0.0.0", 3306, 3306, "tcp")),
            &[
                "`db` publishes its port 3306 on port 3306 of the host, which the picture doesn't show",
            ],
        ),
        (
            |m| *one(m, "agent") = container("agent", "front", &[("front", "172.30.0.7")]),
            &[
                "`agent` has a network stack of its own, the picture says that it uses the host's network",
            ],
        ),
        (
            |m| one(m, "side").network_mode = "container:db-id".into(),
            &[
                "`side` shares the network of `db`, the picture says that it shares the network of `app`",
            ],
        ),
        (
            |m| one(m, "side").network_mode = "container:gone".into(),
            &[
                "`side` shares the network of a container that is gone, the picture says that it shares the network of `app`",
            ],
        ),
        (
            |m| *one(m, "job") = container("job", "back", &[("back", "172.19.0.9")]),
            &["`job` has a network stack of its own, the picture says that it has no network"],
        ),
        (
            |m| *one(m, "db") = container("db", "host", &[("host", "")]),
            &[
                "`db` uses the host's network, the picture says that it has a network stack of its own",
            ],
        ),
        (
            |m| {
                m.containers
                    .push(container("intruder", "back", &[("back", "172.19.0.66")]))
            },
            &["`intruder` is attached to `back`, but is not in the picture"],
        ),
    ];
    for (change, wanted) in cases {
        let mut state = true_state();
        change(&mut state.machines[0]);
        assert_eq!(differences(PICTURE, &state), wanted);
    }
}

#[test]
fn what_compose_made_is_known_by_its_labels() {
    let mut state = true_state();
    let machine = &mut state.machines[0];
    for network in &mut machine.networks {
        if ["front", "back"].contains(&network.name.as_str()) {
            network.compose_name = Some(network.name.clone());
            network.name = format!("project_{}", network.name);
        }
    }
    for container in &mut machine.containers {
        container.compose_service = Some(container.name.clone());
        container.name = format!("project-{}-1", container.name);
        for endpoint in &mut container.endpoints {
            if ["front", "back"].contains(&endpoint.network.as_str()) {
                endpoint.network = format!("project_{}", endpoint.network);
            }
        }
    }
    assert_eq!(differences(PICTURE, &state), Vec::<String>::new());
}

#[test]
fn hosts_are_machines() {
    let picture = "services: {a: {networks: [o]}, b: {networks: [o]}}
networks: {o: {driver: overlay}}
x-hosts: {node-1: [a], node-2: [b]}
";
    let machine = |name: &str, container_name: &str| ActualMachine {
        name: name.to_owned(),
        engine: "28.5.2".to_owned(),
        networks: vec![network("o", "overlay", false, "10.0.1.0/24")],
        containers: vec![container(container_name, "o", &[("o", "10.0.1.2")])],
    };
    let state = |machines: Vec<ActualMachine>| ActualState { machines };
    assert_eq!(
        differences(
            picture,
            &state(vec![machine("node-1", "a"), machine("node-2", "b")])
        ),
        Vec::<String>::new()
    );
    assert_eq!(
        differences(picture, &state(vec![machine("node-1", "a")])),
        ["there is no machine `node-2`"]
    );
    assert_eq!(
        differences(
            picture,
            &state(vec![machine("node-1", "b"), machine("node-2", "a")])
        ),
        [
            "there is no container `a` on `node-1`",
            "there is no container `b` on `node-2`",
            "`b` is attached to `o` on `node-1`, but is not in the picture",
            "`a` is attached to `o` on `node-2`, but is not in the picture",
        ]
    );
}

#[test]
fn an_external_network_need_only_exist() {
    let picture =
        "services: {a: {networks: [there]}}\nnetworks: {there: {external: true, name: real}}\n";
    let state = ActualState {
        machines: vec![ActualMachine {
            name: "any".to_owned(),
            engine: "28.5.2".to_owned(),
            networks: vec![network("real", "weave", true, "10.0.0.0/8")],
            containers: vec![container("a", "real", &[("real", "10.0.0.2")])],
        }],
    };
    assert_eq!(differences(picture, &state), Vec::<String>::new());
    let none = ActualState {
        machines: vec![ActualMachine::default()],
    };
    assert_eq!(
        differences(picture, &none),
        ["there is no network `there`", "there is no container `a`"]
    );
}

/// What is drawn for one version of the engine is compared with the version that is there.
#[test]
fn arrows_must_hold_on_the_engine_that_there_is() {
    let picture = "services:
  web: {networks: [n], ports: [\"80:80\"]}
  db: {networks: [n]}
networks: {n: }
x-clients: [you]
x-traffic: [\"you -> web:80\", \"you -x db\", \"web -> db\"]
";
    let on = |engine: &str| {
        let mut web = container("web", "n", &[("n", "172.18.0.2")]);
        web.ports = vec![port("0.0.0.0", 80, 80, "tcp")];
        let state = ActualState {
            machines: vec![ActualMachine {
                name: "docker-host".to_owned(),
                engine: engine.to_owned(),
                networks: vec![network("n", "bridge", false, "172.18.0.0/16")],
                containers: vec![web, container("db", "n", &[("n", "172.18.0.3")])],
            }],
        };
        differences(picture, &state)
    };
    for engine in ["28.5.2+dfsg4", "29.0.1", ""] {
        assert_eq!(on(engine), Vec::<String>::new(), "{engine}");
    }
    for engine in ["20.10.24+dfsg1", "26.1.5", "27.0"] {
        let told = on(engine);
        let start = format!("`you -x db` is not so on Docker Engine {engine}: ");
        assert!(told.len() == 1 && told[0].starts_with(&start), "{told:?}");
    }
}
