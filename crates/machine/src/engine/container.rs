//! Whether a container has ended, and how.

use super::{Engine, EngineError};
use bollard::errors::Error;
use bollard::models::ContainerStateStatusEnum;
use bollard::query_parameters::{InspectContainerOptions, WaitContainerOptions};
use futures_util::StreamExt;
use std::time::Duration;
use tokio::time::Instant;

/// A container's end follows the end of what ran in it by some milliseconds, in the engine's books.
const BOOKKEEPING: Duration = Duration::from_millis(600);

impl Engine {
    /// Waits until a container has ended; its exit code.
    pub(crate) async fn container_exit(&self, container: &str) -> Result<i64, EngineError> {
        let docker = self.docker();
        let mut ended = docker.wait_container(container, None::<WaitContainerOptions>);
        match ended.next().await {
            Some(Ok(ended)) => Ok(ended.status_code),
            Some(Err(Error::DockerContainerWaitError { code, .. })) => Ok(code),
            Some(Err(error)) => Err(EngineError::of("waiting for a container's end", error)),
            None => Err(EngineError::Unexpected {
                doing: "waiting for a container's end".to_owned(),
                why: "the answer is empty".to_owned(),
            }),
        }
    }

    /// How a container ended; `None` if it runs. `killed`: something in it was just killed, perhaps with it, so that
    /// its end may be about to be noticed.
    pub(crate) async fn container_end(
        &self,
        container: &str,
        killed: bool,
    ) -> Result<Option<String>, EngineError> {
        let until = Instant::now() + if killed { BOOKKEEPING } else { Duration::ZERO };
        loop {
            let inspected = self
                .docker()
                .inspect_container(container, None::<InspectContainerOptions>)
                .await;
            let state =
                match inspected.map_err(|error| EngineError::of("inspecting a container", error)) {
                    Ok(inspected) => inspected.state.unwrap_or_default(),
                    Err(EngineError::NotFound { .. }) => {
                        return Ok(Some("its container was removed".to_owned()));
                    }
                    Err(error) => return Err(error),
                };
            let memory = if state.oom_killed == Some(true) {
                ", out of memory"
            } else {
                ""
            };
            if state.status == Some(ContainerStateStatusEnum::REMOVING) {
                return Ok(Some("its container is being removed".to_owned()));
            }
            if state.running != Some(true) {
                let code = state.exit_code.unwrap_or_default();
                return Ok(Some(format!(
                    "its container ended with exit code {code}{memory}"
                )));
            }
            if Instant::now() >= until {
                return Ok(None);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
