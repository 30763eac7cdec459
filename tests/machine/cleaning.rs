//! What `clean` removes and what it spares.

use super::common::*;
use seaworthy_machine::engine::api::{
    ContainerCreateBody, NetworkCreateRequest, VolumeCreateRequest,
};
use seaworthy_machine::engine::{
    Address, Endpoint, Engine, EngineError, Kind, Source, TerminalCommand, labels,
};
use seaworthy_machine::{Machine, MachineError, MachineKind, Run, clean};
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

/// Not a test: the process that [`what_a_killed_run_leaves_is_cleaned`] starts and kills.
#[tokio::test]
#[ignore = "it is started by another test"]
async fn a_run_that_is_killed() {
    let engine = engine().await;
    let run = Run::begin(&engine).await.unwrap();
    let _machine = machine(&run).await;
    println!("\nrun={}", run.id());
    tokio::time::sleep(Duration::from_secs(60)).await;
    run.end().await.unwrap();
}

/// What a page or another program has made on the outer engine, without labels of ours.
struct Bystanders {
    engine: Engine,
    name: String,
    container: String,
    network: String,
}

impl Bystanders {
    async fn make(engine: &Engine) -> Bystanders {
        let name = format!("bystander-{}", std::process::id());
        let body = ContainerCreateBody {
            image: Some(SMALL.to_owned()),
            ..Default::default()
        };
        let container = engine.create_container("making one", body).await.unwrap();
        let request = NetworkCreateRequest {
            name: name.clone(),
            ..Default::default()
        };
        let network = engine.create_network("making one", request).await.unwrap();
        let request = VolumeCreateRequest {
            name: Some(name.clone()),
            ..Default::default()
        };
        engine.create_volume("making one", request).await.unwrap();
        Bystanders {
            engine: engine.clone(),
            name,
            container,
            network,
        }
    }

    /// Removes them: fails if one isn't there.
    async fn remove(self) {
        let there = "seeing that it is there";
        let container = self.engine.inspect_container(there, &self.container).await;
        let network = self.engine.network(there, &self.network).await.unwrap();
        let volume = self.engine.volume(there, &self.name).await.unwrap();
        assert!(
            container.is_ok() && network.is_some() && volume.is_some(),
            "{container:?} {network:?} {volume:?}"
        );
        self.engine.remove_container(&self.container).await.unwrap();
        self.engine.remove_network(&self.network).await.unwrap();
        self.engine.remove_volume(&self.name, false).await.unwrap();
    }
}

#[tokio::test]
async fn what_a_killed_run_leaves_is_cleaned() {
    let engine = engine().await;
    let bystanders = Bystanders::make(&engine).await;
    let living = Run::begin(&engine).await.unwrap();
    let _machine = machine(&living).await;

    // Of another computer, as far as the labels say.
    let far = format!("far-{}", std::process::id());
    let label = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let far_labels = HashMap::from([
        label(labels::RUN, &far),
        label(labels::HOST, "another-computer"),
    ]);
    let request = VolumeCreateRequest {
        name: Some(far.clone()),
        labels: Some(far_labels),
        ..Default::default()
    };
    engine.create_volume("making one", request).await.unwrap();

    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "cleaning::a_run_that_is_killed",
            "--ignored",
            "--nocapture",
        ])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let killed = lines
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("run=").map(str::to_owned))
        .unwrap();
    let ids = |runs: &[seaworthy_machine::RunObjects]| {
        runs.iter().map(|run| run.run.clone()).collect::<Vec<_>>()
    };

    let cleaned = clean(&engine, false).await.unwrap();
    assert!(ids(&cleaned.alive).contains(&killed), "{cleaned:?}");
    assert_eq!(objects(&engine, &killed).await, (1, 1, 0));
    child.kill().unwrap();
    child.wait().unwrap();

    let cleaned = clean(&engine, false).await.unwrap();
    let removed = cleaned
        .removed
        .iter()
        .find(|run| run.run == killed)
        .unwrap();
    // The machine and the registry mirror.
    assert_eq!(
        (removed.containers, removed.networks, removed.volumes),
        (2, 1, 0)
    );
    assert_eq!(objects(&engine, &killed).await, (0, 0, 0));
    assert!(
        ids(&cleaned.alive).contains(&living.id().to_owned()),
        "{cleaned:?}"
    );
    assert_eq!(objects(&engine, living.id()).await, (1, 1, 0));
    let unknown = cleaned.unknown.iter().find(|run| run.run == far).unwrap();
    assert_eq!(
        unknown.why.as_deref(),
        Some("it belongs to another computer, another-computer")
    );
    assert!(engine.volume("looking", &far).await.unwrap().is_some());
    engine.remove_volume(&far, false).await.unwrap();
    bystanders.remove().await;
    living.end().await.unwrap();
}

/// Makes the engine inside a machine reachable on a port of this computer: each connection is carried by an exec.
async fn forward(machine: &Machine) -> Endpoint {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (engine, container) = (machine.engine().clone(), machine.container().to_owned());
    tokio::spawn(async move {
        while let Ok((mut local, _)) = listener.accept().await {
            let (engine, container) = (engine.clone(), container.clone());
            tokio::spawn(async move {
                let words = [
                    "sh",
                    "-c",
                    "stty raw -echo; echo ready; exec docker system dial-stdio",
                ];
                let command = TerminalCommand {
                    words: words.map(str::to_owned).to_vec(),
                    ..Default::default()
                };
                // A machine that has ended ends the connection.
                let created = engine.create_terminal("forwarding", &container, command);
                let Ok(exec) = created.await else {
                    return;
                };
                let Ok(mut remote) = engine.start_exec(&exec, true).await else {
                    return;
                };
                let mut ready = Vec::new();
                while !ready.ends_with(b"ready\n") && !ready.ends_with(b"ready\r\n") {
                    if !matches!(remote.read_buf(&mut ready).await, Ok(1..)) {
                        return;
                    }
                }
                // Either side may hang up.
                let _ = tokio::io::copy_bidirectional(&mut local, &mut remote).await;
            });
        }
    });
    Endpoint {
        address: Address::Tcp {
            host: "127.0.0.1".into(),
            port,
            tls: None,
        },
        source: Source::DockerHost,
    }
}

/// `clean --all`, on an engine whose caches no one misses, over TCP.
#[tokio::test]
async fn caches_are_cleaned_on_another_engine() {
    let run = Run::begin(&engine().await).await.unwrap();
    let machine = machine(&run).await;
    sh(
        &machine,
        "tar c -T /dev/null | docker import -c 'LABEL seaworthy.cache=stand-in' \
        -c 'LABEL seaworthy.reference=cache:1' - cache:1",
    )
    .await;
    // Built upon a cache: it inherits the labels, and is not ours.
    sh(
        &machine,
        "docker create --name base cache:1 x && docker commit base mine:1 && docker rm base",
    )
    .await;
    sh(
        &machine,
        "docker volume create --label seaworthy.cache=layers layers; docker volume create mine",
    )
    .await;
    sh(
        &machine,
        "docker volume create --label seaworthy.run=dead dead",
    )
    .await;
    // A machine of another run: it has the label of its image too.
    sh(
        &machine,
        "docker create --name far --label seaworthy.run=far --label seaworthy.host=far cache:1 x",
    )
    .await;
    let inner = Engine::connect_to(forward(&machine).await).await.unwrap();
    assert_eq!(inner.version(), machine.inner());

    let cleaned = clean(&inner, false).await.unwrap();
    assert_eq!(
        (cleaned.removed.len(), cleaned.caches.len()),
        (1, 0),
        "{cleaned:?}"
    );
    let list = "docker volume ls -q; docker images --format '{{.Repository}}:{{.Tag}}' | sort";
    assert_eq!(sh(&machine, list).await, "layers\nmine\ncache:1\nmine:1");
    let cleaned = clean(&inner, true).await.unwrap();
    assert_eq!(cleaned.caches, ["layers"]);
    assert!(cleaned.kept[0].starts_with("cache:1: "), "{cleaned:?}");
    assert_eq!(
        sh(&machine, "docker ps -a --format '{{.Names}}'").await,
        "far"
    );
    sh(&machine, "docker rm far").await;
    let cleaned = clean(&inner, true).await.unwrap();
    assert_eq!(cleaned.caches, ["cache:1"]);
    assert_eq!(cleaned.kept, [] as [&str; 0]);
    assert_eq!(sh(&machine, list).await, "mine\nmine:1");

    // The engine goes away.
    kill_inner_engine(&machine).await;
    let error = clean(&inner, false).await.unwrap_err();
    assert_eq!(error.kind(), MachineKind::Engine(Kind::Lost), "{error}");
    assert!(matches!(
        error,
        MachineError::Engine(EngineError::Lost { .. })
    ));
    run.end().await.unwrap();
}
