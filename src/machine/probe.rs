//! What the outer engine can do, for `doctor`. Enter with [`probe`].

use super::{MachineError, MachineOptions, Run, StartMode};
use crate::engine::{Engine, EngineError, labels};

/// The outer engine's abilities.
#[derive(Debug)]
pub struct Probe {
    /// The machine image, if the engine holds it.
    pub machine_image: Option<MachineImage>,
    /// How the engine starts machines, tried with the image; `None` without one.
    pub mode: Option<Result<StartMode, MachineError>>,
    /// The memory of the engine's computer, in bytes.
    pub memory: u64,
    /// The processors that the engine may use.
    pub cpus: u64,
    /// `1` or `2`.
    pub cgroup_version: String,
    /// The engine's storage driver (`overlay2`).
    pub storage_driver: String,
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

/// Asks the engine what it is and tries to start a container as a machine would be (some 0.3 s); leaves nothing.
pub async fn probe(engine: &Engine, image: &str) -> Result<Probe, MachineError> {
    let info = engine
        .docker()
        .info()
        .await
        .map_err(|error| EngineError::of("asking what the engine is", error))?;
    let machine_image = engine.image(image).await?.map(|image| MachineImage {
        engine: image
            .labels
            .get(labels::ENGINE)
            .cloned()
            .unwrap_or_default(),
        reference: image.reference.to_string(),
        id: image.id,
    });
    let mode = match &machine_image {
        Some(image) => Some(trial(engine, &image.reference).await?),
        None => None,
    };
    let count = |number: Option<i64>| {
        number
            .and_then(|number| u64::try_from(number).ok())
            .unwrap_or_default()
    };
    Ok(Probe {
        machine_image,
        mode,
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
    image: &str,
) -> Result<Result<StartMode, MachineError>, MachineError> {
    let run = Run::begin(engine).await?;
    let options = MachineOptions {
        image: image.to_owned(),
        ..MachineOptions::default()
    };
    let mode = run.trial(&options).await;
    run.end().await?;
    Ok(mode)
}
