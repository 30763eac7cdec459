//! Running one command in a container to its end. Enter with [`Engine::exec`].

use super::frames::Frames;
use super::{Engine, EngineError};
use bollard::exec::CreateExecOptions;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use std::pin::Pin;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// A command without a terminal: what to run, where, and its limits.
pub struct Command {
    words: Vec<String>,
    directory: Option<String>,
    pub(crate) stdin: Stdin,
    time: Duration,
    cap: usize,
}

/// What a command reads.
pub(crate) enum Stdin {
    Nothing,
    Bytes(Bytes),
    /// Passed on as it comes, never held whole.
    Stream(Pin<Box<dyn Stream<Item = Result<Bytes, EngineError>> + Send>>),
}

/// How a command ended and what it printed.
#[derive(Debug)]
pub struct Finished {
    /// What it printed on stdout.
    pub stdout: Vec<u8>,
    /// What it printed on stderr.
    pub stderr: Vec<u8>,
    /// Its exit code; 126 or 127 when it could not be started, 137 when it was killed (with its container, say).
    pub exit: i64,
}

impl Command {
    /// A command of these words, without a shell, in the container's own working folder, with nothing to read, at
    /// most 30 seconds and 1 MiB of output.
    pub fn new<S: Into<String>>(words: impl IntoIterator<Item = S>) -> Self {
        Command {
            words: words.into_iter().map(Into::into).collect(),
            directory: None,
            stdin: Stdin::Nothing,
            time: Duration::from_secs(30),
            cap: 1024 * 1024,
        }
    }

    /// The folder to run in.
    pub fn directory(mut self, directory: impl Into<String>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    /// What the command reads.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = Stdin::Bytes(Bytes::from(bytes.into()));
        self
    }

    /// The time after which to give up. The command itself is not ended by that: it lives on in its container unless
    /// it notices that nobody listens.
    pub fn time(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }

    /// How many bytes of output, both streams together, it may print: more is an error, never a part that looks whole.
    pub fn cap(mut self, bytes: usize) -> Self {
        self.cap = bytes;
        self
    }
}

impl Finished {
    /// stdout as text, without the white space around it.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).trim().to_owned()
    }

    /// What went wrong, in the command's own words: stderr, or else stdout, or else the exit code.
    pub fn complaint(&self) -> String {
        let stderr = String::from_utf8_lossy(&self.stderr).trim().to_owned();
        let said = if stderr.is_empty() {
            self.text()
        } else {
            stderr
        };
        if said.is_empty() {
            format!("exit code {}", self.exit)
        } else {
            said
        }
    }
}

impl Engine {
    /// Runs a command in a running container and waits for its end. [`EngineError::TooMuch`] if it prints more than its
    /// cap.
    pub async fn exec(&self, container: &str, command: Command) -> Result<Finished, EngineError> {
        let doing = format!(
            "running `{}` in container {}",
            shown(&command.words),
            short(container)
        );
        let seconds = command.time.as_secs();
        match tokio::time::timeout(
            command.time,
            self.exec_unlimited(container, command, &doing),
        )
        .await
        {
            Ok(finished) => finished,
            Err(_) => Err(EngineError::TimedOut { doing, seconds }),
        }
    }

    async fn exec_unlimited(
        &self,
        container: &str,
        command: Command,
        doing: &str,
    ) -> Result<Finished, EngineError> {
        let cap = command.cap;
        let options = CreateExecOptions {
            attach_stdin: Some(!matches!(command.stdin, Stdin::Nothing)),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            cmd: Some(command.words),
            working_dir: command.directory,
            ..Default::default()
        };
        let created = self.docker().create_exec(container, options).await;
        let exec = created.map_err(|error| EngineError::of(doing, error))?.id;
        let (reader, writer) = tokio::io::split(self.start_exec(&exec, false).await?);
        let read = read_frames(reader, Frames::new(cap), doing);
        let write = write_stdin(writer, command.stdin);
        tokio::pin!(read, write);
        // The end of the output is the end of the command. One that ends before it has read everything closes the
        // connection: then the writer fails, which is no trouble of its own; a source that fails is.
        let mut written = false;
        let frames = loop {
            tokio::select! {
                frames = &mut read => break frames?,
                outcome = &mut write, if !written => {
                    outcome?;
                    written = true;
                }
            }
        };
        if frames.truncated {
            return Err(EngineError::TooMuch {
                doing: doing.to_owned(),
                bytes: cap,
            });
        }
        let exit = self.exit_code(&exec, doing).await?;
        Ok(Finished {
            stdout: frames.stdout,
            stderr: frames.stderr,
            exit,
        })
    }

    /// The exit code of an exec whose output has ended. The engine may need a moment to learn it.
    pub(crate) async fn exit_code(&self, exec: &str, doing: &str) -> Result<i64, EngineError> {
        for _ in 0..200 {
            let inspected = self.docker().inspect_exec(exec).await;
            let state = inspected.map_err(|error| EngineError::of(doing, error))?;
            if state.running != Some(true)
                && let Some(code) = state.exit_code
            {
                return Ok(code);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let why = "the output has ended, yet the command is still said to run".to_owned();
        Err(EngineError::Unexpected {
            doing: doing.to_owned(),
            why,
        })
    }
}

async fn read_frames(
    mut reader: impl AsyncRead + Unpin,
    mut frames: Frames,
    doing: &str,
) -> Result<Frames, EngineError> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = reader
            .read(&mut buffer)
            .await
            .map_err(|error| EngineError::lost(doing, error))?;
        if count == 0 {
            return Ok(frames);
        }
        frames
            .feed(&buffer[..count])
            .map_err(|why| EngineError::Unexpected {
                doing: doing.to_owned(),
                why,
            })?;
    }
}

async fn write_stdin(mut writer: impl AsyncWrite + Unpin, stdin: Stdin) -> Result<(), EngineError> {
    // The results of writing are not looked at on purpose, see the caller: the end of the output and the exit code
    // tell the truth.
    match stdin {
        Stdin::Nothing => return Ok(()),
        Stdin::Bytes(bytes) => {
            let _ = writer.write_all(&bytes).await;
        }
        Stdin::Stream(mut stream) => {
            while let Some(bytes) = stream.next().await {
                if writer.write_all(&bytes?).await.is_err() {
                    return Ok(());
                }
            }
        }
    }
    let _ = writer.shutdown().await;
    Ok(())
}

/// A command in a message: its first words, the first line of each.
fn shown(words: &[String]) -> String {
    let line = words
        .iter()
        .map(|word| word.lines().next().unwrap_or(""))
        .collect::<Vec<_>>()
        .join(" ");
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The first twelve digits of an id, as Docker prints it.
fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}
