//! With and without a way out of a machine, against a listener outside of it.

use super::common::*;
use seaworthy_machine::engine::api::{ContainerCreateBody, HostConfig};
use seaworthy_machine::engine::{Engine, labels};
use seaworthy_machine::{Machine, MachineOptions, Machines, Run};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// A web server on an address of the engine's computer, outside of every machine. It goes with the run.
async fn listener(engine: &Engine, run: &Run, address: &str) {
    let serve = format!("echo outside > /index.html; exec httpd -f -p {address} -h /");
    let body = ContainerCreateBody {
        image: Some(SMALL.to_owned()),
        cmd: Some(vec!["sh".to_owned(), "-c".to_owned(), serve]),
        labels: Some(HashMap::from([(
            labels::RUN.to_owned(),
            run.id().to_owned(),
        )])),
        host_config: Some(HostConfig {
            network_mode: Some("host".to_owned()),
            ..Default::default()
        }),
        ..Default::default()
    };
    let id = engine
        .create_container("making a listener", body)
        .await
        .unwrap();
    engine
        .start_container("starting a listener", &id)
        .await
        .unwrap();
}

/// From a machine and from a container in it: what fetching a page gives, or nothing.
async fn fetched(machine: &Machine, address: &str) -> [String; 2] {
    let url = format!("http://{address}/");
    let fetch = format!("curl -s --retry 3 --retry-connrefused -m 5 {url} || :");
    let inside = format!("docker run --rm {SMALL} timeout 5 wget -qO - {url} 2> /dev/null || :");
    [sh(machine, &fetch).await, sh(machine, &inside).await]
}

#[tokio::test]
async fn the_way_out_is_there_or_not() {
    let engine = engine().await;
    engine.ensure_image(SMALL).await.unwrap();
    let run = Run::begin(&engine).await.unwrap();
    let open = machine(&run).await;
    let closed = MachineOptions {
        internet: false,
        ..MachineOptions::default()
    };
    let names = ["one".to_owned(), "two".to_owned()];
    let pair = Machines::start(&run, &names, &closed).await.unwrap();
    for machine in [&*open, &pair.all()[0]] {
        give(machine, SMALL).await;
    }
    let gateway = sh(&open, "ip -j route show default | jq -r '.[0].gateway'").await;
    let outside = format!("{gateway}:18099");
    listener(&engine, &run, &outside).await;

    assert_eq!(fetched(&open, &outside).await, ["outside", "outside"]);
    let (one, two) = (&pair.all()[0], &pair.all()[1]);
    assert_eq!(fetched(one, &outside).await, ["", ""]);
    // The engine's computer has no address on this network either, under which it could be reached.
    let network = sh(
        one,
        "ip -j -4 addr show eth0 | jq -r '.[0].addr_info[0].local'",
    )
    .await;
    let first = format!("{}.1", network.rsplit_once('.').unwrap().0);
    sh(one, &format!("! ping -c 1 -W 1 {first}")).await;
    let route = format!("ip route replace default via {first} && ! curl -s -m 3 http://{outside}/");
    sh(one, &route).await;

    // Names outside are refused, soon.
    let begun = Instant::now();
    sh(one, "! getent hosts example.com").await;
    sh(
        one,
        &format!("! docker run --rm {SMALL} nslookup example.com"),
    )
    .await;
    assert!(
        begun.elapsed() < Duration::from_secs(15),
        "{:?}",
        begun.elapsed()
    );
    // The page's machines reach each other all the same.
    sh(one, "ping -c 1 -W 2 two").await;
    sh(two, "ping -c 1 -W 2 one").await;
    run.end().await.unwrap();
    assert_eq!(objects(&engine, run.id()).await, (0, 0, 0));
}

/// IPv6 needs no address of anyone's giving: every interface has one, the engine's computer on the network's bridge too.
#[tokio::test]
async fn no_way_to_the_engines_computer_by_ipv6() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let closed = MachineOptions {
        internet: false,
        ..MachineOptions::default()
    };
    let names = ["one".to_owned(), "two".to_owned()];
    listener(&engine, &run, "[::]:18097").await;
    let begun = Instant::now();
    while of_computer("wget -q -O - http://[::1]:18097/") != ["outside"] {
        assert!(begun.elapsed() < Duration::from_secs(20), "no listener");
    }
    for page in ["the first page", "the next one on the same network"] {
        let pair = Machines::start(&run, &names, &closed).await.unwrap();
        let (one, two) = (&pair.all()[0], &pair.all()[1]);
        // Who answers when everyone is asked: the page's own machines. An address is usable after a second or two.
        let address = "ip -j -6 addr show eth0 scope link | jq -r '.[0].addr_info[0].local'";
        let ours = [sh(one, address).await, sh(two, address).await];
        sh(
            one,
            &format!("until ping -c 1 -W 1 {}%eth0; do sleep 0.2; done", ours[1]),
        )
        .await;
        let all = "ping -c 3 -i 0.3 -W 1 ff02::1%eth0 | grep -o 'from [0-9a-f:]*' | sort -u";
        let answered = sh(one, all).await;
        for line in answered.lines() {
            let address = line.trim_start_matches("from ").trim_end_matches(':');
            assert!(ours.iter().any(|our| our == address), "{page}: {answered}");
        }
        assert_eq!(answered.lines().count(), 2, "{answered}");
        // Nor does it listen to who knows where it is: to its own address there, and to its others.
        let (bridge, link_local) = bridge(run.id());
        let knock = format!(
            "for to in {link_local} {others}; do ip -6 neigh replace $to lladdr {bridge} dev eth0; \
             ip -6 route replace $to dev eth0; curl -g -s -m 1 \"http://[$to%eth0]:18097/\"; \
             curl -g -s -m 1 \"http://[$to]:18097/\"; done; :",
            others =
                of_computer("ip -6 -o addr show scope global | awk '{ print $4 }' | cut -d/ -f1")
                    .join(" ")
        );
        assert_eq!(sh(one, &knock).await, "", "{page}");
        pair.remove().await.unwrap();
    }
    run.end().await.unwrap();
}

/// The words that a shell command prints on the network of the engine's computer.
fn of_computer(script: &str) -> Vec<String> {
    let words = [
        "run",
        "--rm",
        "--network",
        "host",
        SMALL,
        "sh",
        "-c",
        script,
    ];
    let output = std::process::Command::new("docker").args(words).output();
    let output = String::from_utf8(output.unwrap().stdout).unwrap();
    output.split_whitespace().map(str::to_owned).collect()
}

/// The hardware's address of the bridge of the run's only network, and the IPv6 address that follows from it.
fn bridge(run: &str) -> (String, String) {
    let label = format!("label={}={run}", labels::RUN);
    let list = ["network", "ls", "-q", "--filter", &label];
    let listed = std::process::Command::new("docker").args(list).output();
    let id = String::from_utf8(listed.unwrap().stdout).unwrap();
    let hardware = of_computer(&format!("cat /sys/class/net/br-{}/address", id.trim())).remove(0);
    let bytes: Vec<u8> = hardware
        .split(':')
        .map(|byte| u8::from_str_radix(byte, 16).unwrap())
        .collect();
    let [a, b, c, d, e, f] = bytes[..] else {
        panic!("{hardware}")
    };
    let word = |high: u8, low: u8| u16::from_be_bytes([high, low]);
    let words = [
        0xfe80,
        0,
        0,
        0,
        word(a ^ 2, b),
        word(c, 0xff),
        word(0xfe, d),
        word(e, f),
    ];
    (hardware, std::net::Ipv6Addr::from(words).to_string())
}
