//! A container as a place for shells.

use std::time::Duration;

use seaworthy_terminal::{End, LivePlace, Opened, Place, Ran, TerminalOptions};

use crate::engine::{Command, Engine, EngineError, TerminalCommand, Upgraded};

/// Bash as a person uses it, without start-up files; unless a person types, it reads lines through the kernel's terminal
/// (readline would redraw what is typed). On cgroup v1 an engine puts it into the container's own group, with the limits, where a machine
/// shows only the group below: it goes there. A container that is no machine has none, and it stays.
const SHELL: &str = "[ -f /sys/fs/cgroup/cgroup.controllers ] || \
     for group in /sys/fs/cgroup/*/cgroup.procs; do echo $$ 2>/dev/null >$group; done; \
     exec bash --noprofile --norc \"$@\" -i";

/// Keys that no one types. With the engine's usual ones (Ctrl-P Ctrl-Q) those would never reach the shell.
const DETACH_KEYS: &str = "ctrl-@,ctrl-_,ctrl-@,ctrl-_";

/// A container in which shells are opened.
#[derive(Clone)]
pub struct ContainerPlace {
    engine: Engine,
    container: String,
}

impl ContainerPlace {
    /// The container of that name or id on an engine.
    #[must_use]
    pub fn new(engine: &Engine, container: &str) -> Self {
        Self {
            engine: engine.clone(),
            container: container.to_owned(),
        }
    }
}

/// What starts a shell, for a person or for a program that types.
fn shell_words(person: bool) -> Vec<String> {
    let words = ["/bin/sh", "-c", SHELL, "sh"].into_iter();
    let plain = (!person).then_some("--noediting");
    words.chain(plain).map(str::to_owned).collect()
}

impl LivePlace for ContainerPlace {
    async fn resize(&self, shell: &String, columns: u16, rows: u16) -> Result<(), EngineError> {
        let doing = "changing the size of a terminal";
        let size = (rows, columns);
        self.engine.resize_terminal(doing, shell, size).await
    }
}

impl Place for ContainerPlace {
    type Stream = Upgraded;
    /// The id of its exec.
    type Shell = String;
    type Error = EngineError;

    async fn open(&self, options: &TerminalOptions) -> Result<Opened<Self>, EngineError> {
        let doing = "opening a shell";
        let command = TerminalCommand {
            words: shell_words(options.person),
            environment: options.environment.clone(),
            directory: options.directory.clone(),
            detach_keys: Some(DETACH_KEYS.to_owned()),
        };
        let shell = self
            .engine
            .create_terminal(doing, &self.container, command)
            .await?;
        let stream = self.engine.start_exec(&shell, true).await?;
        let size = (options.rows, options.columns);
        let sized = self.engine.resize_terminal(doing, &shell, size).await;
        Ok(Opened {
            shell,
            stream,
            sized,
        })
    }

    async fn run(&self, words: &[&str], time: Duration) -> Result<Option<Ran>, EngineError> {
        let command = Command::new(words.iter().copied()).time(time);
        match self.engine.exec(&self.container, command).await {
            Ok(finished) => Ok(Some(Ran {
                exit: finished.exit,
                complaint: finished.complaint(),
                stdout: finished.stdout,
            })),
            Err(EngineError::NotFound { .. } | EngineError::Refused { status: 409, .. }) => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    async fn end(&self, shell: &String) -> Result<End, EngineError> {
        let doing = "seeing how the page's shell ended";
        let code = match self.engine.exit_code(shell, doing).await {
            // Its container is gone, or else has ended.
            Err(EngineError::NotFound { .. }) => 137,
            code => code?,
        };
        let ended = self.engine.container_end(&self.container, code > 128);
        Ok(match ended.await? {
            None => End::Shell(code),
            Some(why) => End::Place(why),
        })
    }
}
