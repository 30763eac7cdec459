//! With and without a way out of a machine, against a listener outside of it.

use super::common::*;
use bollard::models::{ContainerCreateBody, HostConfig};
use bollard::query_parameters::{CreateContainerOptions, StartContainerOptions};
use seaworthy::engine::{Engine, labels};
use seaworthy::machine::{Machine, MachineOptions, Machines, Run};
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
    let docker = engine.docker();
    let created = docker.create_container(None::<CreateContainerOptions>, body);
    let id = created.await.unwrap().id;
    let started = docker.start_container(&id, None::<StartContainerOptions>);
    started.await.unwrap();
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
