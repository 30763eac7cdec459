//! A machine that is up.

use super::network::Network;
use super::up::{not_up, wait_up};
use super::{ContainerPlace, MachineError, MachineOptions, Run};
use crate::engine::{Command, Engine, EngineError, Version};

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
                let _ = engine.remove_container(&container).await;
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
        match self.engine.remove_container(&self.container).await {
            Err(error @ EngineError::Refused { .. }) => Err(EngineError::NotRemoved {
                container: self.container.chars().take(12).collect(),
                why: error.to_string(),
            }
            .into()),
            removed => Ok(removed?),
        }
    }
}
