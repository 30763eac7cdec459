//! Whether a machine has come up, and why it hasn't.

use super::MachineError;
use super::confinement::NOT_CONFINED;
use crate::engine::{Command, Engine, EngineError, Version};
use std::time::{Duration, Instant};

/// The pause before a machine is entered again that couldn't be.
const ENTER_AGAIN: Duration = Duration::from_millis(50);
/// Asks the inner engine for its version until it answers. Its socket is there early, and who asks
/// then waits without taking time from it.
const WAIT_UP: &str = "socket=/var/run/docker.sock; \
    until [ -S $socket ] && curl -fs --unix-socket $socket http://localhost/version; do sleep 0.02; done";
/// How much of a log is told.
const LOG_LINES: usize = 20;

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
        .inspect_container("asking how it ended", container)
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
    let log = engine
        .container_log("reading the machine's log", container, Some(LOG_LINES))
        .await;
    log.unwrap_or_else(|error| error.to_string())
}
