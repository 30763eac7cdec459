//! Removing containers: in bounded time, and also those in which something is frozen. Enter with [`Engine::remove_container`].
//!
//! A page may run `docker pause` and end. With control groups of version 1, what is frozen doesn't die when it is
//! killed, so its machine doesn't end either and can't be entered any more. It is thawed from outside then, by a
//! container of the same image that sees all groups. What has been killed dies as it thaws; nothing in the machine can
//! freeze it again.

use super::api::{ContainerCreateBody, HostConfig, HostConfigCgroupnsModeEnum};
use super::{Engine, EngineError, if_there, labels};
use bollard::query_parameters::RemoveContainerOptionsBuilder;
use std::time::Duration;
use tokio::time::{sleep, timeout};

const THAW: &str = include_str!("thaw.sh");
/// How long a removal may take before it is seen to. Most take a third of a second; of a computer that is busy, some
/// seconds, and then thawing does no harm.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long thawing may take.
const THAW_TIME: Duration = Duration::from_secs(10);
/// How long a removal may take after that. The engine itself gives up within this time.
const LAST_PATIENCE: Duration = Duration::from_secs(15);
/// The pause before one is asked for again that the engine is at already.
const AGAIN: Duration = Duration::from_millis(100);

impl Engine {
    /// Removes a container at once, with its anonymous volumes, thawed if need be. One that is gone is well.
    ///
    /// # Errors
    /// [`EngineError::NotRemoved`] if it is still there after half a minute; trouble with the engine.
    pub async fn remove_container(&self, id: &str) -> Result<(), EngineError> {
        let engine = self;
        let mut removal = Box::pin(removal(engine, id));
        if let Ok(removed) = timeout(PATIENCE, &mut removal).await {
            return removed;
        }
        // Boxed, as is all that is seldom needed: what starts and removes machines stands on one stack.
        let thawed = match timeout(THAW_TIME, Box::pin(thaw(engine, id))).await {
            Ok(thawed) => thawed,
            Err(_) => Err(format!("gave up after {} s", THAW_TIME.as_secs())),
        };
        let rest = async {
            match removal.await {
                // The engine had given up before the thaw.
                Err(EngineError::Refused { .. }) => Box::pin(self::removal(engine, id)).await,
                removed => removed,
            }
        };
        let why = match timeout(LAST_PATIENCE, rest).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error @ EngineError::Refused { .. })) => error.to_string(),
            Ok(Err(error)) => return Err(error),
            Err(_) => "its processes don't end".to_owned(),
        };
        Err(EngineError::NotRemoved {
            container: id.chars().take(12).collect(),
            why: match thawed {
                Ok(()) => why,
                Err(not_thawed) => {
                    format!("{why}; what is frozen in it could not be thawed: {not_thawed}")
                }
            },
        })
    }
}

/// Has the engine remove a container, and waits for it.
async fn removal(engine: &Engine, id: &str) -> Result<(), EngineError> {
    let options = RemoveContainerOptionsBuilder::new()
        .force(true)
        .v(true)
        .build();
    loop {
        let removed = engine
            .docker()
            .remove_container(id, Some(options.clone()))
            .await;
        match removed.map_err(|error| EngineError::of("removing a container", error)) {
            Ok(()) | Err(EngineError::NotFound { .. }) => return Ok(()),
            // It is just being removed: for someone else, or for a run that was killed.
            Err(EngineError::Refused { status: 409, .. }) => sleep(AGAIN).await,
            Err(error) => return Err(error),
        }
    }
}

/// Thaws all that is frozen in a container. The error says why that can't be done.
async fn thaw(engine: &Engine, id: &str) -> Result<(), String> {
    let inspected = engine.inspect_container("inspecting it", id).await;
    let inspected = match if_there(inspected).map_err(|error| error.to_string())? {
        Some(inspected) => inspected,
        // What is gone needs no thawing.
        None => return Ok(()),
    };
    let (Some(image), Some(config)) = (inspected.image, inspected.config) else {
        return Err("its image is not known".to_owned());
    };
    // The helper goes with the run as well.
    let mut marks = config.labels.unwrap_or_default();
    let ours = [labels::RUN, labels::HOST, labels::LOCK, labels::STARTED];
    marks.retain(|name, _| ours.contains(&name.as_str()));
    let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
    let request = ContainerCreateBody {
        image: Some(image),
        labels: Some(marks),
        entrypoint: words(&["/bin/sh", "-c", THAW, "thaw", id]),
        cmd: Some(Vec::new()),
        host_config: Some(HostConfig {
            network_mode: Some("none".to_owned()),
            // As from outside of all containers: the groups of another one can't be seen from inside.
            cgroupns_mode: Some(HostConfigCgroupnsModeEnum::HOST),
            // To mount; the usual confinement forbids it whatever the capabilities.
            cap_drop: words(&["ALL"]),
            cap_add: words(&["SYS_ADMIN"]),
            security_opt: words(&["apparmor=unconfined", "label=disable"]),
            ..Default::default()
        }),
        ..Default::default()
    };
    let created = engine.create_container("creating a helper", request).await;
    let created = created.map_err(|error| error.to_string())?;
    let thawed = finished(engine, &created).await;
    let removed = removal(engine, &created).await;
    thawed.and(removed.map_err(|error| error.to_string()))
}

/// Starts a container and waits for its success; else, what it said.
async fn finished(engine: &Engine, id: &str) -> Result<(), String> {
    let started = engine.start_container("starting a helper", id).await;
    started.map_err(|error| error.to_string())?;
    let why = match engine.container_exit(id).await {
        Ok(0) => return Ok(()),
        Ok(code) => format!("exit code {code}"),
        Err(error) => error.to_string(),
    };
    // If it can't be asked what it said, how it ended is told.
    match engine.container_log("reading its words", id, None).await {
        Ok(said) if !said.trim().is_empty() => Err(said.trim().replace('\n', "; ")),
        _ => Err(why),
    }
}

#[cfg(test)]
mod tests;
