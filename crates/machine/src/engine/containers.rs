//! Containers: what is asked of the engine about them, and how one has ended.

use super::api::{
    ContainerCreateBody, ContainerInspectResponse, ContainerStateStatusEnum, ContainerSummary,
};
use super::{Engine, EngineError, labelled};
use bollard::container::LogOutput;
use bollard::errors::Error;
use bollard::exec::{CreateExecOptions, ResizeExecOptions};
use bollard::query_parameters::{
    AttachContainerOptionsBuilder, CreateContainerOptions, InspectContainerOptions,
    ListContainersOptionsBuilder, LogsOptionsBuilder, StartContainerOptions, StatsOptionsBuilder,
    StopContainerOptionsBuilder, WaitContainerOptions,
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt};
use std::time::Duration;
use tokio::time::Instant;

/// A container's end follows the end of what ran in it by some milliseconds, in the engine's books.
const BOOKKEEPING: Duration = Duration::from_millis(600);

/// A shell, or another command with a terminal, to be started in a container.
#[derive(Clone, Debug, Default)]
pub struct TerminalCommand {
    /// What to run.
    pub words: Vec<String>,
    /// What it finds in its environment besides the container's own.
    pub environment: Vec<String>,
    /// The folder to run in; the container's own if absent.
    pub directory: Option<String>,
    /// The keys that leave it, in place of the engine's usual ones.
    pub detach_keys: Option<String>,
}

impl Engine {
    /// Creates a container; its id. `doing` is what a failure says was being done.
    pub async fn create_container(
        &self,
        doing: &str,
        body: ContainerCreateBody,
    ) -> Result<String, EngineError> {
        let created = self
            .docker()
            .create_container(None::<CreateContainerOptions>, body);
        // Boxed: the request is large, and stands on the stacks of all that start machines.
        let created = Box::pin(created).await;
        Ok(created.map_err(|error| EngineError::of(doing, error))?.id)
    }

    /// Starts a container.
    pub async fn start_container(&self, doing: &str, container: &str) -> Result<(), EngineError> {
        let started = self
            .docker()
            .start_container(container, None::<StartContainerOptions>);
        started.await.map_err(|error| EngineError::of(doing, error))
    }

    /// Tells a container to end, and waits for it; what takes longer than `seconds` is killed.
    pub async fn stop_container(
        &self,
        doing: &str,
        container: &str,
        seconds: i32,
    ) -> Result<(), EngineError> {
        let options = StopContainerOptionsBuilder::new().t(seconds).build();
        let stopped = self.docker().stop_container(container, Some(options)).await;
        stopped.map_err(|error| EngineError::of(doing, error))
    }

    /// What the engine knows of a container.
    pub async fn inspect_container(
        &self,
        doing: &str,
        container: &str,
    ) -> Result<ContainerInspectResponse, EngineError> {
        let inspected = self
            .docker()
            .inspect_container(container, None::<InspectContainerOptions>);
        inspected
            .await
            .map_err(|error| EngineError::of(doing, error))
    }

    /// The containers, running or not, that bear a label: a name, or `name=value`.
    pub async fn list_containers(&self, label: &str) -> Result<Vec<ContainerSummary>, EngineError> {
        let options = ListContainersOptionsBuilder::new()
            .all(true)
            .filters(&labelled(label))
            .build();
        let listed = self.docker().list_containers(Some(options)).await;
        listed.map_err(|error| EngineError::of("listing containers", error))
    }

    /// The running containers that bear a label (a name, or `name=value`), or with `None` all.
    pub async fn running_containers(
        &self,
        label: Option<&str>,
    ) -> Result<Vec<ContainerSummary>, EngineError> {
        let mut options = ListContainersOptionsBuilder::new();
        if let Some(label) = label {
            options = options.filters(&labelled(label));
        }
        let listed = self.docker().list_containers(Some(options.build())).await;
        listed.map_err(|error| EngineError::of("listing containers", error))
    }

    /// What a container has logged: its last lines, or with `None` all.
    pub async fn container_log(
        &self,
        doing: &str,
        container: &str,
        lines: Option<usize>,
    ) -> Result<String, EngineError> {
        let mut options = LogsOptionsBuilder::new().stdout(true).stderr(true);
        if let Some(lines) = lines {
            options = options.tail(&lines.to_string());
        }
        let logged = self.docker().logs(container, Some(options.build()));
        let logged: Vec<_> = logged
            .map_ok(|line| line.to_string())
            .try_collect()
            .await
            .map_err(|error| EngineError::of(doing, error))?;
        Ok(logged.concat())
    }

    /// How many processes are in a container, and how many may be; none if the engine doesn't count them.
    pub async fn container_processes(
        &self,
        doing: &str,
        container: &str,
    ) -> Result<Option<(u64, u64)>, EngineError> {
        let options = StatsOptionsBuilder::new()
            .stream(false)
            .one_shot(true)
            .build();
        let first = self.docker().stats(container, Some(options)).next().await;
        let stats = first
            .transpose()
            .map_err(|error| EngineError::of(doing, error))?;
        let counts = stats.and_then(|stats| stats.pids_stats);
        Ok(counts.and_then(|counts| counts.current.zip(counts.limit)))
    }

    /// What a container prints on stdout, piece by piece, from before it is started on.
    pub async fn attach_container(
        &self,
        doing: &str,
        container: &str,
    ) -> Result<impl Stream<Item = Result<Bytes, EngineError>> + Send + use<>, EngineError> {
        let options = AttachContainerOptionsBuilder::new()
            .stream(true)
            .stdout(true)
            .build();
        let attached = self
            .docker()
            .attach_container(container, Some(options))
            .await;
        let attached = attached.map_err(|error| EngineError::of(doing, error))?;
        let doing = doing.to_owned();
        Ok(attached.output.filter_map(move |piece| {
            std::future::ready(match piece {
                Ok(LogOutput::StdOut { message }) => Some(Ok(message)),
                Ok(_) => None,
                Err(error) => Some(Err(EngineError::of(doing.clone(), error))),
            })
        }))
    }

    /// Creates an exec with a terminal in a container; its id, for [`Engine::start_exec`].
    pub async fn create_terminal(
        &self,
        doing: &str,
        container: &str,
        command: TerminalCommand,
    ) -> Result<String, EngineError> {
        let options = CreateExecOptions {
            attach_stdin: Some(true),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            tty: Some(true),
            detach_keys: command.detach_keys,
            env: Some(command.environment),
            cmd: Some(command.words),
            working_dir: command.directory,
            ..Default::default()
        };
        let created = self.docker().create_exec(container, options).await;
        Ok(created.map_err(|error| EngineError::of(doing, error))?.id)
    }

    /// Tells a started exec how large its terminal is.
    pub async fn resize_terminal(
        &self,
        doing: &str,
        exec: &str,
        (rows, columns): (u16, u16),
    ) -> Result<(), EngineError> {
        let size = ResizeExecOptions {
            height: rows,
            width: columns,
        };
        let sized = self.docker().resize_exec(exec, size).await;
        sized.map_err(|error| EngineError::of(doing, error))
    }

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
                .inspect_container("inspecting a container", container)
                .await;
            let state = match inspected {
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

#[cfg(test)]
mod tests;
