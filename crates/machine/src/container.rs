//! A machine that is up.

use super::confinement::NOT_CONFINED;
use super::network::Network;
use super::remove::remove_container;
use super::{ContainerPlace, MachineError, MachineOptions, Run};
use crate::engine::{Command, Engine, EngineError, Version};
use bollard::query_parameters::{InspectContainerOptions, LogsOptionsBuilder};
use futures_util::TryStreamExt;
use std::time::{Duration, Instant};

/// The pause before a machine is entered again that couldn't be.
const ENTER_AGAIN: Duration = Duration::from_millis(50);
/// Asks the inner engine for its version until it answers. Its socket is there early, and who asks
/// then waits without taking time from it.
const WAIT_UP: &str = "socket=/var/run/docker.sock; \
    until [ -S $socket ] && curl -fs --unix-socket $socket http://localhost/version; do sleep 0.02; done";
/// Writes stdin to a file below a folder: $1 is the folder, $2 the path from there.
const WRITE: &str = r#"cd -- "$1" && mkdir -p -- "$(dirname -- "./$2")" && cat > "./$2""#;

/// A container with an engine of its own that answers. It goes with its page's [`Machines`](super::Machines).
#[derive(Debug)]
pub struct Machine {
    name: String,
    engine: Engine,
    container: String,
    inner: Version,
}

impl Machine {
    /// Starts a machine on a network of its run and waits until its own engine answers.
    pub(super) async fn start(
        run: &Run,
        name: &str,
        network: &Network,
        options: &MachineOptions,
    ) -> Result<Machine, MachineError> {
        let container = run.start_container(name, network, options).await?;
        let engine = run.engine().clone();
        match wait_up(&engine, &container, options.start_time).await {
            Ok(inner) => Ok(Machine {
                name: name.to_owned(),
                engine,
                container,
                inner,
            }),
            Err(why) => {
                let error = not_up(&engine, &container, why).await;
                // If it can't be removed now, the end of the run removes it, or says why it can't.
                let _ = remove_container(&engine, &container).await;
                Err(error)
            }
        }
    }

    /// Its host name, by which the page and its other machines know it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of its container on the outer engine.
    pub fn container(&self) -> &str {
        &self.container
    }

    /// It as a place for shells.
    pub fn place(&self) -> ContainerPlace {
        ContainerPlace::new(self.engine(), self.container())
    }

    /// The outer engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The version of the engine inside.
    pub fn inner(&self) -> &Version {
        &self.inner
    }

    /// Writes a file: `directory` is where the page's shell stands, `path` goes on from there. Folders on the way are
    /// made.
    pub async fn write_file(
        &self,
        directory: &str,
        path: &str,
        bytes: &[u8],
    ) -> Result<(), MachineError> {
        let failed = |why: &str| MachineError::WriteFile {
            path: path.to_owned(),
            why: why.to_owned(),
        };
        if path.is_empty() || path.starts_with('/') || path.split('/').any(|part| part == "..") {
            return Err(failed(
                "the path must lead from the page's working folder to a file below it",
            ));
        }
        let command = Command::new(["sh", "-c", WRITE, "sh", directory, path]).stdin(bytes);
        let finished = self.engine.exec(&self.container, command).await?;
        if finished.exit == 0 {
            Ok(())
        } else {
            Err(failed(&finished.complaint()))
        }
    }

    /// Removes the machine with all that is in it, at once. One that is gone already is well.
    pub(super) async fn remove(&self) -> Result<(), MachineError> {
        match remove_container(&self.engine, &self.container).await {
            Err(MachineError::Engine(error @ EngineError::Refused { .. })) => {
                Err(MachineError::NotRemoved {
                    container: self.container.chars().take(12).collect(),
                    why: error.to_string(),
                })
            }
            removed => removed,
        }
    }
}

/// Waits for the inner engine; the error is what was seen.
pub(super) async fn wait_up(
    engine: &Engine,
    container: &str,
    time: Duration,
) -> Result<Version, String> {
    let begun = Instant::now();
    let finished = loop {
        let left = time.saturating_sub(begun.elapsed());
        let command = Command::new(["sh", "-c", WAIT_UP]).time(left);
        let said = match engine.exec(container, command).await {
            Ok(finished) if !not_entered(&finished.complaint()) => break finished,
            Ok(finished) => finished.complaint(),
            Err(EngineError::TimedOut { .. }) => {
                return Err(format!("it did not answer within {} s", time.as_secs_f64()));
            }
            Err(error) => error.to_string(),
        };
        if !not_entered(&said) || left.is_zero() {
            return Err(fate(engine, container, said).await);
        }
        tokio::time::sleep(ENTER_AGAIN).await;
    };
    let version = serde_json::from_slice::<serde_json::Value>(&finished.stdout).ok();
    let version = version.filter(|_| finished.exit == 0).and_then(|version| {
        let engine = version["Version"].as_str()?.to_owned();
        let api = version["ApiVersion"].as_str()?.to_owned();
        Some(Version { engine, api })
    });
    match version {
        Some(version) => Ok(version),
        None => Err(fate(engine, container, finished.complaint()).await),
    }
}

/// Whether nothing could be run in the container: while it replaces its root, the runtime can't enter it.
fn not_entered(said: &str) -> bool {
    said.contains("OCI runtime exec failed")
}

/// Why something in a machine failed: the machine's end if it has ended, else what the failure itself said.
pub(super) async fn fate(engine: &Engine, container: &str, said: String) -> String {
    match engine.container_end(container, true).await {
        Ok(end) => end.unwrap_or(said),
        Err(error) => format!("{said}; {error}"),
    }
}

/// The error of a machine that didn't come up, of which `why` was seen.
pub(super) async fn not_up(engine: &Engine, container: &str, why: String) -> MachineError {
    let log = log_tail(engine, container).await;
    let inspected = engine
        .docker()
        .inspect_container(container, None::<InspectContainerOptions>)
        .await;
    // If it can't be asked, what was seen is told.
    let state = inspected.ok().and_then(|inspected| inspected.state);
    match state.and_then(|state| state.exit_code) {
        Some(NOT_CONFINED) => MachineError::NotConfined { log },
        _ => MachineError::NotUp { why, log },
    }
}

/// The last lines that a container logged; if the log can't be read, why.
pub(super) async fn log_tail(engine: &Engine, container: &str) -> String {
    let options = LogsOptionsBuilder::new()
        .stdout(true)
        .stderr(true)
        .tail("20")
        .build();
    let lines: Result<Vec<_>, _> = engine
        .docker()
        .logs(container, Some(options))
        .try_collect()
        .await;
    match lines {
        Ok(lines) => lines.iter().map(ToString::to_string).collect(),
        Err(error) => EngineError::of("reading the machine's log", error).to_string(),
    }
}
