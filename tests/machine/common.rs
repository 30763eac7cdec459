//! What all of these tests use.

use bollard::query_parameters::{
    ListContainersOptionsBuilder, ListNetworksOptionsBuilder, ListVolumesOptionsBuilder,
};
use seaworthy::engine::{Command, Engine, labels};
use seaworthy::machine::{Machine, MachineOptions, Run};
use std::collections::HashMap;
use std::time::Duration;

pub(crate) const SMALL: &str = "busybox:1.37";

pub(crate) async fn engine() -> Engine {
    Engine::connect()
        .await
        .expect("these tests need a Docker Engine")
}

pub(crate) async fn machine(run: &Run) -> Machine {
    Machine::start(run, &MachineOptions::default())
        .await
        .unwrap()
}

/// What a shell command prints in a machine; it must succeed.
pub(crate) async fn sh(machine: &Machine, script: &str) -> String {
    let command = Command::new(["bash", "-c", script]).time(Duration::from_secs(60));
    let finished = machine
        .engine()
        .exec(machine.container(), command)
        .await
        .unwrap();
    assert_eq!(finished.exit, 0, "{script}: {}", finished.complaint());
    finished.text()
}

/// Kills the engine in a machine, and thereby the machine.
pub(crate) async fn kill_inner_engine(machine: &Machine) {
    let command = Command::new(["sh", "-c", "pkill -KILL dockerd; sleep 20"]);
    let finished = machine
        .engine()
        .exec(machine.container(), command)
        .await
        .unwrap();
    assert_eq!(finished.exit, 137);
}

/// How many containers, networks and volumes of the run the engine has.
pub(crate) async fn objects(engine: &Engine, run: &str) -> (usize, usize, usize) {
    let filters = HashMap::from([("label", vec![format!("{}={run}", labels::RUN)])]);
    let docker = engine.docker();
    let containers = ListContainersOptionsBuilder::new()
        .all(true)
        .filters(&filters)
        .build();
    let containers = docker
        .list_containers(Some(containers))
        .await
        .unwrap()
        .len();
    let networks = ListNetworksOptionsBuilder::new().filters(&filters).build();
    let networks = docker.list_networks(Some(networks)).await.unwrap().len();
    let volumes = ListVolumesOptionsBuilder::new().filters(&filters).build();
    let volumes = docker
        .list_volumes(Some(volumes))
        .await
        .unwrap()
        .volumes
        .unwrap_or_default()
        .len();
    (containers, networks, volumes)
}
