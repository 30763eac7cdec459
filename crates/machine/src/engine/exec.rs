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

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, answer, ok};
    use super::*;
    use crate::engine::Kind;
    use tokio::time::Instant;

    const UPGRADE: &[u8] = b"HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n";

    /// An engine whose commands read to the end, if `reads`, and print `output`; and then are said to be as `states`
    /// tells, one after the other.
    fn running(reads: bool, output: &'static [u8], states: &'static [&str]) -> Fake {
        let asked = std::sync::atomic::AtomicUsize::new(0);
        Fake::new(move |request, mut stream| {
            let next = || asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let state = request
                .contains("/json ")
                .then(|| states[next().min(states.len() - 1)]);
            async move {
                if request.contains("/containers/box/exec ") {
                    let created = answer("201 Created", r#"{"Id":"feed"}"#);
                    return stream.write_all(created.as_bytes()).await.unwrap();
                }
                if let Some(state) = state {
                    return stream.write_all(ok(state).as_bytes()).await.unwrap();
                }
                stream.write_all(UPGRADE).await.unwrap();
                let mut stdin = Vec::new();
                if reads {
                    stream.read_to_end(&mut stdin).await.unwrap();
                }
                let count = u32::try_from(stdin.len()).unwrap();
                let frame = [&[2, 0, 0, 0], &count.to_be_bytes()[..], &stdin].concat();
                stream.write_all(output).await.unwrap();
                stream.write_all(&frame).await.unwrap();
            }
        })
    }

    const ENDED: &str = r#"{"Running":false,"ExitCode":3}"#;

    #[tokio::test(start_paused = true)]
    async fn a_command_to_its_end() {
        let fake = running(true, b"\x01\0\0\0\0\0\0\x04out\n", &[ENDED]);
        let command = Command::new(["cat", "-"]).stdin("typed").directory("/srv");
        let finished = fake.engine().await.exec("box", command).await.unwrap();
        assert_eq!(finished.text(), "out");
        assert_eq!(finished.stderr, b"typed");
        assert_eq!((finished.exit, finished.complaint().as_str()), (3, "typed"));
        let created = fake.requests().swap_remove(0);
        let (_, body) = created.split_once("\r\n\r\n").unwrap();
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["Cmd"], serde_json::json!(["cat", "-"]));
        assert_eq!(body["WorkingDir"], "/srv");
        let attached =
            ["AttachStdin", "AttachStdout", "AttachStderr"].map(|name| &body[name] == true);
        assert_eq!(attached, [true; 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_said_of_a_failure() {
        let finished = |stdout: &str, stderr: &str| Finished {
            stdout: stdout.into(),
            stderr: stderr.into(),
            exit: 7,
        };
        assert_eq!(finished("out\n", " err\n").complaint(), "err");
        assert_eq!(finished("out\n", "\n").complaint(), "out");
        assert_eq!(finished("", "").complaint(), "exit code 7");
    }

    #[tokio::test(start_paused = true)]
    async fn more_than_is_kept_is_an_error() {
        let output = b"\x01\0\0\0\0\0\0\x05five!";
        let exact = running(false, output, &[ENDED]).engine().await;
        let command = || Command::new(["yes"]).stdin("");
        let finished = exact.exec("box", command().cap(5)).await.unwrap();
        assert_eq!(finished.stdout, b"five!");
        let error = exact.exec("box", command().cap(4)).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "more than 4 bytes were printed, which is more than is kept, while running `yes` in container box"
        );
        assert_eq!(error.kind(), Kind::Unexpected);
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_has_its_time() {
        let fake = Fake::new(|request, mut stream| async move {
            if request.contains("/containers/box/exec ") {
                let created = answer("201 Created", r#"{"Id":"feed"}"#);
                return stream.write_all(created.as_bytes()).await.unwrap();
            }
            stream.write_all(UPGRADE).await.unwrap();
            std::future::pending::<()>().await;
        });
        let engine = fake.engine().await;
        let begun = Instant::now();
        let error = engine.exec("box", Command::new(["sleep", "1d"])).await;
        let words = "gave up running `sleep 1d` in container box after 30 s";
        assert_eq!(error.unwrap_err().to_string(), words);
        assert_eq!(begun.elapsed(), Duration::from_secs(30));
        let short = Command::new(["sleep", "1d"]).time(Duration::from_secs(2));
        engine.exec("box", short).await.unwrap_err();
        assert_eq!(begun.elapsed(), Duration::from_secs(32));
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_may_be_known_late() {
        const RUNS: &str = r#"{"Running":true,"ExitCode":null}"#;
        let late = running(
            false,
            b"",
            &[RUNS, r#"{"Running":false,"ExitCode":null}"#, ENDED],
        );
        let begun = Instant::now();
        let finished = late
            .engine()
            .await
            .exec("box", Command::new(["true"]))
            .await;
        assert_eq!(finished.unwrap().exit, 3);
        assert_eq!(begun.elapsed(), Duration::from_millis(20));
        let never = running(false, b"", &[RUNS]);
        let begun = Instant::now();
        let error = never
            .engine()
            .await
            .exec("box", Command::new(["true"]))
            .await;
        let message = error.unwrap_err().to_string();
        assert!(
            message.ends_with("the output has ended, yet the command is still said to run"),
            "{message}"
        );
        assert_eq!(begun.elapsed(), Duration::from_secs(2));
    }

    #[tokio::test(start_paused = true)]
    async fn output_that_is_no_frames() {
        let fake = running(false, b"OCI runtime exec failed", &[ENDED]);
        let error = fake
            .engine()
            .await
            .exec("box", Command::new(["true"]))
            .await;
        let message = error.unwrap_err().to_string();
        assert!(
            message.contains("is not the header of a frame"),
            "{message}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_source_that_fails_is_told() {
        let fake = running(true, b"", &[ENDED]);
        let mut command = Command::new(["cat"]);
        let failing = futures_util::stream::iter([
            Ok(Bytes::from_static(b"some")),
            Err(EngineError::lost("exporting", "gone")),
        ]);
        command.stdin = Stdin::Stream(Box::pin(failing));
        let error = fake.engine().await.exec("box", command).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "lost the Docker Engine while exporting: gone"
        );
    }

    #[test]
    fn commands_in_messages() {
        assert_eq!(
            shown(&["sh".into(), "-c".into(), "one\ntwo".into()]),
            "sh -c one"
        );
        let long = shown(&["é".repeat(61)]);
        assert_eq!(long, format!("{}…", "é".repeat(60)));
        assert_eq!(shown(&["é".repeat(60)]), "é".repeat(60));
        assert_eq!(
            (short("0123456789abcdef"), short("box")),
            ("0123456789ab", "box")
        );
    }
}
