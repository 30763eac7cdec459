//! The shell itself: opening it, reading from it, closing it.

use super::levels::Levels;
use super::marks::{Mark, Marks, Piece};
use super::{End, Place, TerminalError, TerminalOptions, setup, token};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// How long what is done beside the shell may take.
pub(super) const BESIDE: Duration = Duration::from_secs(30);
/// How much is read at a time.
const BUFFER: usize = 64 * 1024;
/// Ends the shell $1: as when a terminal is closed, and if that is not enough, for good.
const CLOSE: &str = "kill -HUP $1 2>/dev/null || exit 0; for i in 1 2 3 4 5 6 7 8 9 10; do \
    sleep 0.05; kill -0 $1 2>/dev/null || exit 0; done; kill -KILL $1 2>/dev/null || :";

/// An interactive bash in a place. Dropping it leaves the bash where it is, which does no harm when its place is removed
/// anyway; [`Terminal::close`] ends it.
pub struct Terminal<P: Place> {
    pub(super) place: P,
    pub(super) shell: P::Shell,
    pub(super) stream: P::Stream,
    pub(super) marks: Marks,
    pub(super) levels: Levels,
    pub(super) pid: u32,
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

impl<P: Place> Terminal<P> {
    /// Opens a shell in a place that has bash.
    ///
    /// # Errors
    /// [`TerminalError::NotOpened`] if no prompt comes in time or the shell ends at once, else trouble with the place.
    pub async fn open(
        place: P,
        options: &TerminalOptions,
    ) -> Result<Self, TerminalError<P::Error>> {
        let opening = Terminal::open_unlimited(place, options);
        match tokio::time::timeout(options.open_time, opening).await {
            Ok(opened) => opened,
            Err(_) => {
                let why = format!("no prompt came within {} s", options.open_time.as_secs());
                Err(TerminalError::NotOpened { why })
            }
        }
    }

    async fn open_unlimited(
        place: P,
        options: &TerminalOptions,
    ) -> Result<Self, TerminalError<P::Error>> {
        let opened = place.open(options).await.map_err(TerminalError::Place)?;
        let mut terminal = Terminal {
            place,
            shell: opened.shell,
            stream: opened.stream,
            marks: if options.person {
                Marks::new(token()).with_lines()
            } else {
                Marks::new(token())
            },
            levels: Levels::new(),
            pid: 0,
            stamp: String::new(),
            state: State::Busy,
            buffer: vec![0; BUFFER].into_boxed_slice(),
        };
        terminal.begin(opened.sized, options).await?;
        Ok(terminal)
    }

    /// Types the first line and waits for the first marked prompt.
    async fn begin(
        &mut self,
        sized: Result<(), P::Error>,
        options: &TerminalOptions,
    ) -> Result<(), TerminalError<P::Error>> {
        let nonce = &self.marks.nonces()[0];
        let line = if options.person {
            setup::first_line_for_a_person(nonce)
        } else {
            setup::first_line(nonce)
        };
        let error = match sized {
            Ok(()) if self.write(line.as_bytes()).await => return self.first_prompt().await,
            Ok(()) => None,
            Err(error) => Some(error),
        };
        // It is over already.
        let mut said = Vec::new();
        while self.read(|piece| keep_text(&mut said, &piece)).await {}
        let why = self.rendered(&said).trim().to_owned();
        match error {
            Some(error) if why.is_empty() => Err(TerminalError::Place(error)),
            _ => Err(TerminalError::NotOpened { why }),
        }
    }

    /// Waits until the shell has said who it is, and shows a prompt.
    async fn first_prompt(&mut self) -> Result<(), TerminalError<P::Error>> {
        let mut said = Vec::new();
        let (mut pid, mut stamp) = (None, None);
        while self
            .read(|piece| match piece {
                Piece::Mark(_, Mark::Identity { pid: shell, .. }) => pid = Some(shell),
                Piece::Mark(_, Mark::Done { stamp: made, .. }) => stamp = Some(made),
                piece => keep_text(&mut said, &piece),
            })
            .await
        {
            if let (Some(shell), Some(made)) = (pid, stamp.take()) {
                (self.pid, self.stamp, self.state) = (shell, made, State::Ready);
                return Ok(());
            }
        }
        let why = self.rendered(&said).trim().to_owned();
        Err(TerminalError::NotOpened { why })
    }

    /// Reads once and passes on the pieces; false at the end of the stream. A broken connection is an end as well:
    /// what ended is found out by asking the place.
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
    pub(super) async fn ended(&mut self, output: String) -> TerminalError<P::Error> {
        match self.place.end(&self.shell).await {
            Ok(End::Shell(code)) => TerminalError::ShellEnded { code, output },
            Ok(End::Place(why)) => TerminalError::MachineGone { why, output },
            Err(error) => TerminalError::Place(error),
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
    ///
    /// # Errors
    /// [`TerminalError::Lost`] if the shell is no more, else trouble with the place.
    pub async fn cwd(&self) -> Result<String, TerminalError<P::Error>> {
        let words = ["readlink", &format!("/proc/{}/cwd", self.pid)];
        let ran = self.place.run(&words, BESIDE).await;
        match ran.map_err(TerminalError::Place)? {
            Some(ran) if ran.exit == 0 => {
                let folder = String::from_utf8_lossy(&ran.stdout);
                Ok(folder.trim_end_matches('\n').to_owned())
            }
            _ => Err(TerminalError::Lost {
                why: "its working folder can't be read; it has ended",
            }),
        }
    }

    /// Ends the shell as when a terminal window is closed. A shell or place that is gone is well.
    ///
    /// # Errors
    /// Trouble with the place.
    pub async fn close(self) -> Result<(), TerminalError<P::Error>> {
        if self.state == State::Ended {
            return Ok(());
        }
        let words = ["sh", "-c", CLOSE, "sh", &self.pid.to_string()];
        let ran = self.place.run(&words, BESIDE).await;
        ran.map(drop).map_err(TerminalError::Place)
    }
}

fn keep_text(said: &mut Vec<u8>, piece: &Piece<'_>) {
    if let Piece::Text(text) = piece {
        said.extend_from_slice(text);
    }
}
