//! The shell itself: opening it, reading from it, closing it.

use super::levels::Levels;
use super::marks::{Mark, Marks, Piece};
use super::{TerminalError, setup};
use crate::engine::{Command, Engine, EngineError, Upgraded, token};
use bollard::exec::{CreateExecOptions, ResizeExecOptions};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// How much is read at a time.
const BUFFER: usize = 64 * 1024;
/// Ends the shell $1: as when a terminal is closed, and if that is not enough, for good.
const CLOSE: &str = "kill -HUP $1 2>/dev/null || exit 0; for i in 1 2 3 4 5 6 7 8 9 10; do \
    sleep 0.05; kill -0 $1 2>/dev/null || exit 0; done; kill -KILL $1 2>/dev/null || :";

/// What a shell is like.
#[derive(Clone, Debug)]
pub struct TerminalOptions {
    /// The width of the terminal. Wide by default: programs fold or garble long lines at its edge.
    pub columns: u16,
    /// Its height.
    pub rows: u16,
    /// The folder to begin in; the image's own if there is none.
    pub directory: Option<String>,
    /// Further environment, as `NAME=value`.
    pub environment: Vec<String>,
    /// How long the shell may take to show its first prompt.
    pub open_time: Duration,
}

impl Default for TerminalOptions {
    /// 1,000 columns by 50 rows, the image's folder and environment, 20 seconds.
    fn default() -> Self {
        let open_time = Duration::from_secs(20);
        TerminalOptions {
            columns: 1000,
            rows: 50,
            directory: None,
            environment: Vec::new(),
            open_time,
        }
    }
}

/// An interactive bash in a container. Dropping it leaves the bash where it is, which does no harm when its container
/// is removed anyway; [`Terminal::close`] ends it.
pub struct Terminal {
    pub(super) engine: Engine,
    pub(super) container: String,
    exec: String,
    stream: Upgraded,
    pub(super) marks: Marks,
    pub(super) levels: Levels,
    pid: u32,
    /// When the last prompt was made, by the shell's clock.
    pub(super) stamp: String,
    pub(super) state: State,
    buffer: Box<[u8]>,
}

/// Whether a command can be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Ready,
    /// A command runs, and keys can be pressed.
    Running,
    /// A command was typed and its end not seen; it stays so if [`Terminal::run`] is dropped.
    Busy,
    Ended,
    /// A command couldn't be interrupted.
    Lost,
}

impl Terminal {
    /// Opens a shell in a running container that has bash.
    pub async fn open(
        engine: &Engine,
        container: &str,
        options: &TerminalOptions,
    ) -> Result<Terminal, TerminalError> {
        match tokio::time::timeout(
            options.open_time,
            Terminal::open_unlimited(engine, container, options),
        )
        .await
        {
            Ok(opened) => opened,
            Err(_) => {
                let why = format!("no prompt came within {} s", options.open_time.as_secs());
                Err(TerminalError::NotOpened { why })
            }
        }
    }

    async fn open_unlimited(
        engine: &Engine,
        container: &str,
        options: &TerminalOptions,
    ) -> Result<Terminal, TerminalError> {
        let config = CreateExecOptions {
            attach_stdin: Some(true),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            tty: Some(true),
            detach_keys: Some(setup::DETACH_KEYS.to_owned()),
            env: Some(options.environment.clone()),
            cmd: Some(setup::SHELL.map(str::to_owned).to_vec()),
            working_dir: options.directory.clone(),
            ..Default::default()
        };
        let doing = "opening a shell";
        let created = engine.docker().create_exec(container, config).await;
        let exec = created.map_err(|error| EngineError::of(doing, error))?.id;
        let stream = engine.start_exec(&exec, true).await?;
        let mut terminal = Terminal {
            engine: engine.clone(),
            container: container.to_owned(),
            exec,
            stream,
            marks: Marks::new(token()),
            levels: Levels::new(),
            pid: 0,
            stamp: String::new(),
            state: State::Busy,
            buffer: vec![0; BUFFER].into_boxed_slice(),
        };
        let size = ResizeExecOptions {
            height: options.rows,
            width: options.columns,
        };
        // A shell that is over already can't be resized; what it said is worth more than that.
        let resized = engine.docker().resize_exec(&terminal.exec, size).await;
        terminal
            .begin(resized.map_err(|error| EngineError::of(doing, error)))
            .await?;
        Ok(terminal)
    }

    /// Types the first line and waits for the first marked prompt.
    async fn begin(&mut self, resized: Result<(), EngineError>) -> Result<(), TerminalError> {
        let line = setup::first_line(&self.marks.nonces()[0]);
        if resized.is_ok() && self.write(line.as_bytes()).await {
            let mut said = Vec::new();
            let mut pid = None;
            let mut stamp = None;
            while self
                .read(|piece| match piece {
                    Piece::Text(text) => said.extend_from_slice(text),
                    Piece::Mark(_, Mark::Identity { pid: shell, .. }) => pid = Some(shell),
                    Piece::Mark(_, Mark::Done { stamp: made, .. }) => stamp = Some(made),
                    Piece::Mark(..) => {}
                })
                .await
            {
                if let (Some(shell), Some(made)) = (pid, stamp.take()) {
                    (self.pid, self.stamp, self.state) = (shell, made, State::Ready);
                    return Ok(());
                }
            }
            let why = self.rendered(&said).trim().to_owned();
            return Err(TerminalError::NotOpened { why });
        }
        let mut said = Vec::new();
        while self
            .read(|piece| {
                if let Piece::Text(text) = piece {
                    said.extend_from_slice(text);
                }
            })
            .await
        {}
        match (self.rendered(&said).trim(), resized) {
            ("", Err(error)) => Err(error.into()),
            (why, _) => Err(TerminalError::NotOpened {
                why: why.to_owned(),
            }),
        }
    }

    /// Reads once and passes on the pieces; false at the end of the stream. A broken connection is an end as well:
    /// what ended is found out by asking the engine.
    pub(super) async fn read(&mut self, take: impl FnMut(Piece<'_>)) -> bool {
        match self.stream.read(&mut self.buffer).await {
            Ok(0) | Err(_) => false,
            Ok(count) => {
                self.marks.feed(&self.buffer[..count], take);
                true
            }
        }
    }

    /// Types bytes; false if no one takes them any more.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).await.is_ok()
    }

    /// The stream has ended: why?
    pub(super) async fn ended(&mut self, output: String) -> TerminalError {
        let code = self
            .engine
            .exit_code(&self.exec, "seeing how the page's shell ended")
            .await;
        let code = match code {
            // Its container is gone, or else has ended.
            Err(EngineError::NotFound { .. }) => 137,
            Err(error) => return error.into(),
            Ok(code) => code,
        };
        match self.engine.container_end(&self.container, code > 128).await {
            Ok(None) => TerminalError::ShellEnded { code, output },
            Ok(Some(why)) => TerminalError::MachineGone { why, output },
            Err(error) => error.into(),
        }
    }

    /// The shell's process id in its container.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Whether no command can be typed any more: the shell ended, or could not be interrupted.
    pub fn is_lost(&self) -> bool {
        !matches!(self.state, State::Ready | State::Running)
    }

    /// How many programs are open in the shell, one in the other.
    pub fn depth(&self) -> usize {
        self.levels.depth()
    }

    /// The name of the program that is typed into; nothing for the shell itself.
    pub fn program(&self) -> Option<&str> {
        self.levels.name()
    }

    /// The exit code of the last command of the shell, or of the shell inside, that is typed into.
    pub fn code(&self) -> i32 {
        self.levels.code()
    }

    /// Whether a command runs that was typed for keys to be pressed.
    pub fn is_running(&self) -> bool {
        self.state == State::Running
    }

    /// The folder that the shell stands in.
    pub async fn cwd(&self) -> Result<String, TerminalError> {
        let command = Command::new(["readlink", &format!("/proc/{}/cwd", self.pid)]);
        let finished = self.engine.exec(&self.container, command).await?;
        if finished.exit == 0 {
            return Ok(String::from_utf8_lossy(&finished.stdout)
                .trim_end_matches('\n')
                .to_owned());
        }
        Err(TerminalError::Lost {
            why: "its working folder can't be read; it has ended",
        })
    }

    /// Ends the shell as when a terminal window is closed. A shell or machine that is gone is well.
    pub async fn close(self) -> Result<(), TerminalError> {
        if self.state == State::Ended {
            return Ok(());
        }
        let command = Command::new(["sh", "-c", CLOSE, "sh", &self.pid.to_string()]);
        match self.engine.exec(&self.container, command).await {
            Ok(_)
            | Err(EngineError::NotFound { .. } | EngineError::Refused { status: 409, .. }) => {
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }
}
