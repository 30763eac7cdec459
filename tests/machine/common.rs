//! What all of these tests use.

use seaworthy_machine::engine::api::ContainerSummary;
use seaworthy_machine::engine::{Command, Engine, labels};
use seaworthy_machine::{Machine, MachineError, MachineOptions, Machines, Run};
use std::ops::Deref;
use std::time::Duration;

pub(crate) const SMALL: &str = "busybox:1.37";

pub(crate) async fn engine() -> Engine {
    crate::engine::needed();
    Engine::connect()
        .await
        .expect("these tests need a Docker Engine")
}

/// A page's only machine, the ordinary case.
#[derive(Debug)]
pub(crate) struct Single(Machines);

impl Single {
    pub(crate) async fn start(run: &Run, options: &MachineOptions) -> Result<Single, MachineError> {
        let names = ["docker-host".to_owned()];
        Ok(Single(Machines::start(run, &names, options).await?))
    }

    pub(crate) async fn remove(self) -> Result<(), MachineError> {
        self.0.remove().await
    }
}

impl Deref for Single {
    type Target = Machine;

    fn deref(&self) -> &Machine {
        self.0.get("docker-host").unwrap()
    }
}

pub(crate) async fn machine(run: &Run) -> Single {
    Single::start(run, &MachineOptions::default())
        .await
        .unwrap()
}

/// A page's machines of these names.
pub(crate) async fn machines(run: &Run, names: &[&str]) -> Machines {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    Machines::start(run, &names, &MachineOptions::default())
        .await
        .unwrap()
}

/// Has a machine pull an image, as a page would.
pub(crate) async fn give(machine: &Machine, image: &str) {
    sh(machine, &format!("docker pull --quiet {image}")).await;
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

/// How many machines, networks and volumes of the run the engine has. The run's registry mirror, which stands on all of
/// its networks, isn't counted; without a network there must be none.
pub(crate) async fn objects(engine: &Engine, run: &str) -> (usize, usize, usize) {
    let label = format!("{}={run}", labels::RUN);
    let containers = engine.list_containers(&label).await.unwrap();
    let (mirrors, machines): (Vec<_>, Vec<_>) = containers.iter().partition(|one| is_mirror(one));
    let networks = engine.list_networks(Some(&label)).await.unwrap().len();
    let volumes = engine.list_volumes(&label).await.unwrap().len();
    assert!(networks > 0 || mirrors.is_empty(), "{mirrors:?}");
    (machines.len(), networks, volumes)
}

/// Whether a container of a run is its registry mirror.
fn is_mirror(container: &ContainerSummary) -> bool {
    let command = container.command.as_deref().unwrap_or_default();
    command.contains("seaworthy-mirror")
}

/// The ids of the run's registry mirrors.
pub(crate) async fn mirrors(engine: &Engine, run: &Run) -> Vec<String> {
    let label = format!("{}={}", labels::RUN, run.id());
    let all = engine.list_containers(&label).await.unwrap();
    let mirrors = all.into_iter().filter(is_mirror);
    mirrors.filter_map(|one| one.id).collect()
}
