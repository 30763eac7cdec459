//! The machines of one page, and that pages are apart.

use super::common::*;
use super::made::docker;
use seaworthy_machine::engine::{Command, Engine};
use seaworthy_machine::{Machine, MachineError, MachineOptions, Machines, Run};
use std::time::{Duration, Instant};

/// The exit code and output of a shell command in a machine.
async fn try_sh(machine: &Machine, script: &str) -> (i64, String) {
    let command = Command::new(["bash", "-c", script]).time(Duration::from_secs(60));
    let finished = machine.engine().exec(machine.container(), command).await;
    let finished = finished.unwrap();
    (finished.exit, finished.text())
}

/// The address of a machine's `eth0`, seen from inside.
async fn address(machine: &Machine) -> String {
    let show = "ip -j -4 addr show eth0 | jq -r '.[0].addr_info[0].local'";
    sh(machine, show).await
}

/// Two machines, an overlay over both, and a container on each that finds the other by name.
#[tokio::test]
async fn swarm_with_an_overlay() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let begun = Instant::now();
    let nodes = machines(&run, &["node-1", "node-2"]).await;
    println!("two machines up in {:.2} s", begun.elapsed().as_secs_f64());
    let names: Vec<_> = nodes.all().iter().map(Machine::name).collect();
    assert_eq!(names, ["node-1", "node-2"]);
    assert!(nodes.get("node-3").is_none());
    assert_eq!(objects(&engine, run.id()).await, (2, 1, 0));
    let (one, two) = (nodes.get("node-1").unwrap(), nodes.get("node-2").unwrap());

    assert_eq!(sh(two, "hostname").await, "node-2");
    for (from, name) in [(one, "node-2"), (two, "node-1")] {
        sh(from, &format!("ping -c 1 -W 2 {name}")).await;
    }
    let (first, second) = (address(one).await, address(two).await);
    sh(one, &format!("ping -c 1 -W 2 {second}")).await;

    engine.ensure_image(SMALL).await.unwrap();
    for node in nodes.all() {
        give(node, SMALL).await;
    }
    let init = format!("docker swarm init --advertise-addr {first} > /dev/null");
    sh(one, &init).await;
    let token = sh(one, "docker swarm join-token -q worker").await;
    sh(
        two,
        &format!("docker swarm join --token {token} {first}:2377"),
    )
    .await;
    let list = "docker node ls --format '{{.Hostname}} {{.Status}}' | sort";
    assert_eq!(sh(one, list).await, "node-1 Ready\nnode-2 Ready");
    sh(one, "docker network create -d overlay --attachable wide").await;
    for (node, name) in [(one, "left"), (two, "right")] {
        let run = format!("docker run -d --name {name} --network wide {SMALL} sleep 600");
        sh(node, &run).await;
    }
    // Nodes tell each other of names after a container has started: within seconds, as Docker has it.
    for (node, from, to) in [(one, "left", "right"), (two, "right", "left")] {
        let ping = format!("docker exec {from} ping -c 1 -W 3 {to}");
        let wait = format!("for i in $(seq 40); do {ping} && exit; sleep 0.5; done; exit 1");
        sh(node, &wait).await;
    }
    nodes.remove().await.unwrap();
    run.end().await.unwrap();
    assert_eq!(objects(&engine, run.id()).await, (0, 0, 0));
}

/// `eth0` is the page's network, on which containers can stand themselves.
#[tokio::test]
async fn macvlan_on_eth0() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let nodes = machines(&run, &["docker-host", "neighbour"]).await;
    let (host, neighbour) = (&nodes.all()[0], &nodes.all()[1]);
    engine.ensure_image(SMALL).await.unwrap();
    give(host, SMALL).await;
    let address = address(neighbour).await;
    let subnet = format!("{}.0/24", address.rsplit_once('.').unwrap().0);
    let free = format!("{}.200", address.rsplit_once('.').unwrap().0);
    let create = format!("docker network create -d macvlan --subnet {subnet} -o parent=eth0 lan");
    sh(host, &create).await;
    let ping =
        format!("docker run --rm --network lan --ip {free} {SMALL} ping -c 1 -W 3 {address}");
    sh(host, &ping).await;
    run.end().await.unwrap();
}

/// A page reaches its own machines, and none of another's: not by address, name, or a way that it makes up.
#[tokio::test]
async fn pages_do_not_reach_each_other() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let (victim, attacker) = tokio::join!(
        machines(&run, &["docker-host", "victim"]),
        machines(&run, &["docker-host"])
    );
    let (host, victim) = (victim.get("docker-host").unwrap(), &victim.all()[1]);
    let attacker = &attacker.all()[0];
    engine.ensure_image(SMALL).await.unwrap();
    give(victim, SMALL).await;
    let serve = format!(
        "docker run -d -p 80:80 {SMALL} sh -c 'echo secret > /index.html; httpd -f -p 80 -h /'"
    );
    sh(victim, &serve).await;
    let (own, foreign) = (address(attacker).await, address(victim).await);
    assert_ne!(
        own.rsplit_once('.').unwrap().0,
        foreign.rsplit_once('.').unwrap().0
    );

    // It can be reached, so what follows shows something.
    let fetch = |to: &str| format!("curl -sS -m 3 http://{to}/");
    assert_eq!(sh(host, &fetch(&foreign)).await, "secret");
    assert_eq!(sh(host, &fetch("victim")).await, "secret");
    let network = foreign.rsplit_once('.').unwrap().0;
    for attempt in [
        fetch(&foreign),
        fetch("victim"),
        format!("ping -c 1 -W 2 {foreign}"),
        // Over the gateway of the other network.
        format!(
            "ip route add {foreign}/32 via {network}.1 onlink dev eth0 && {}",
            fetch(&foreign)
        ),
        // As one of the other network's.
        format!(
            "ip addr add {network}.77/24 dev eth0 && {}",
            fetch(&foreign)
        ),
    ] {
        let (exit, output) = try_sh(attacker, &attempt).await;
        assert!(
            exit != 0 && !output.contains("secret"),
            "{attempt}: {output}"
        );
    }
    assert_eq!(
        sh(host, &fetch(&foreign)).await,
        "secret",
        "it was there all the time"
    );
    run.end().await.unwrap();
}

/// One of a page's machines doesn't come up: the others go, and the run goes on.
#[tokio::test]
async fn one_that_does_not_come_up_takes_the_others_along() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let hurried = MachineOptions {
        start_time: Duration::from_millis(1),
        ..MachineOptions::default()
    };
    let names = ["a".to_owned(), "b".to_owned(), "c".to_owned()];
    let error = Machines::start(&run, &names, &hurried).await.unwrap_err();
    assert!(matches!(error, MachineError::NotUp { .. }), "{error}");
    assert_eq!(objects(&engine, run.id()).await, (0, 1, 0));
    machine(&run).await.remove().await.unwrap();
    run.end().await.unwrap();
}

/// Pages one after the other share a network, pages at the same time don't; one that someone prunes is made anew.
#[tokio::test]
async fn networks_serve_again() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let first = machine(&run).await;
    let network = network_of(&engine, &first).await;
    first.remove().await.unwrap();
    let begun = Instant::now();
    let second = machine(&run).await;
    println!(
        "second page's machine up in {:.2} s",
        begun.elapsed().as_secs_f64()
    );
    assert_eq!(network_of(&engine, &second).await, network);
    let closed = MachineOptions {
        internet: false,
        ..MachineOptions::default()
    };
    let third = Single::start(&run, &closed).await.unwrap();
    assert_ne!(network_of(&engine, &third).await, network);
    third.remove().await.unwrap();
    second.remove().await.unwrap();
    // The registry mirror stands on it too.
    for container in mirrors(&engine, &run).await {
        docker(&["network", "disconnect", "--force", &network, &container]);
    }
    engine.remove_network(&network).await.unwrap();
    let fourth = machine(&run).await;
    assert_ne!(network_of(&engine, &fourth).await, network);
    run.end().await.unwrap();
    assert_eq!(objects(&engine, run.id()).await, (0, 0, 0));
}

/// The id of the network that a machine stands on.
async fn network_of(engine: &Engine, machine: &Machine) -> String {
    let inspected = engine
        .inspect_container("looking", machine.container())
        .await
        .unwrap();
    let networks = inspected.network_settings.unwrap().networks.unwrap();
    assert_eq!(networks.len(), 1);
    networks.into_values().next().unwrap().network_id.unwrap()
}
