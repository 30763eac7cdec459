//! What the outer engine can do, for `doctor`. Enter with [`probe`].

use super::start::Plan;
use super::up::not_up;
use super::{MachineError, MachineOptions, Run, StartMode};
use crate::engine::{Engine, labels};

/// The outer engine's abilities.
#[derive(Debug)]
pub struct Probe {
    /// The machine image, if the engine holds it.
    pub machine_image: Option<MachineImage>,
    /// How the engine starts machines, tried with the image; `None` without one.
    pub trial: Option<Result<Trial, MachineError>>,
    /// The memory of the engine's computer, in bytes.
    pub memory: u64,
    /// The processors that the engine may use.
    pub cpus: u64,
    /// `1` or `2`.
    pub cgroup_version: String,
    /// The engine's storage driver (`overlay2`).
    pub storage_driver: String,
}

/// What starting a machine showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trial {
    /// How it was started.
    pub mode: StartMode,
    /// Whether system calls are filtered in it: where they aren't, a page can change prepared images.
    pub filtered: bool,
}

/// A machine image.
#[derive(Clone, Debug)]
pub struct MachineImage {
    /// Its reference.
    pub reference: String,
    /// Its id.
    pub id: String,
    /// The version of the engine inside, from the label `seaworthy.engine`; empty if it has none.
    pub engine: String,
}

/// Asks the engine what it is and tries to start a container as a machine of `options` would be (some 0.4 s); leaves
/// nothing.
pub async fn probe(engine: &Engine, options: &MachineOptions) -> Result<Probe, MachineError> {
    let info = engine.info("asking what the engine is").await?;
    let machine_image = engine.image(&options.image).await?;
    let machine_image = machine_image.map(|image| MachineImage {
        engine: image
            .labels
            .get(labels::ENGINE)
            .cloned()
            .unwrap_or_default(),
        reference: image.reference.to_string(),
        id: image.id,
    });
    let trial = match &machine_image {
        Some(_) => Some(trial(engine, options).await?),
        None => None,
    };
    let count = |number: Option<i64>| {
        number
            .and_then(|number| u64::try_from(number).ok())
            .unwrap_or_default()
    };
    Ok(Probe {
        machine_image,
        trial,
        memory: count(info.mem_total),
        cpus: count(info.ncpu),
        cgroup_version: info
            .cgroup_version
            .map(|version| version.to_string())
            .unwrap_or_default(),
        storage_driver: info.driver.unwrap_or_default(),
    })
}

/// The outer error: the trial could not be made or not be cleared away. The inner one: what it showed.
async fn trial(
    engine: &Engine,
    options: &MachineOptions,
) -> Result<Result<Trial, MachineError>, MachineError> {
    let run = Run::begin(engine).await?;
    let trial = run.trial(options).await;
    run.end().await?;
    Ok(trial)
}

/// Starts a container of a plan for a trial, sees how it ends, and removes it.
pub(super) async fn try_out(engine: &Engine, plan: &Plan) -> Result<Trial, MachineError> {
    let (id, (mode, _)) = plan.start(engine).await?;
    let ended = match engine.container_exit(&id).await {
        Ok(0) => Ok(true),
        Ok(1) => Ok(false),
        Ok(code) => Err(not_up(
            engine,
            &id,
            format!("its trial ended with exit code {code}"),
        )
        .await),
        Err(error) => Err(error.into()),
    };
    engine.remove_container(&id).await?;
    ended.map(|filtered| Trial { mode, filtered })
}
