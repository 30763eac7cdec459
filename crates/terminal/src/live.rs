//! A shell that a person types into. Enter with [`Terminal::live`].
//!
//! What it shows goes to the person as it comes; its marks are taken out and told apart. Nothing is typed here by itself,
//! and nothing waited for: whoever reads [`LiveOutput`] does that.

use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};

use super::marks::{Mark, Marks, Piece};
use super::screen::render;
use super::shell::{BESIDE, Terminal};
use super::{End, LivePlace, TerminalError};

/// How much is read at a time.
const BUFFER: usize = 32 * 1024;
/// Ctrl-L: a shell that edits lines clears its screen, and shows its prompt anew.
const REDRAW: &[u8] = b"\x0c";

/// What a shell prints, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// What a terminal is to show, escape sequences and all.
    Text(Vec<u8>),
    /// The shell is about to run this, as its history has it; empty if that has nothing.
    Line(String),
    /// What it runs begins.
    Begins,
    /// It waits for a further line of a command.
    Continues,
    /// It waits for a command.
    Prompt {
        /// The exit code of the last one, if it shows a number.
        code: Option<i32>,
        /// When the prompt was made. It is the same where one is shown again.
        stamp: String,
    },
}

/// The way to a shell that a person types into.
pub struct LiveShell<P: LivePlace> {
    place: P,
    shell: P::Shell,
    input: WriteHalf<P::Stream>,
    pid: u32,
    nonces: Vec<String>,
    stamp: String,
}

/// What such a shell prints.
pub struct LiveOutput<P: LivePlace> {
    output: ReadHalf<P::Stream>,
    marks: Marks,
    buffer: Box<[u8]>,
}

impl<P: LivePlace> Terminal<P> {
    /// Hands a shell over that was opened for a person. Its prompt is shown first.
    pub async fn live(self) -> (LiveShell<P>, LiveOutput<P>) {
        let (output, input) = tokio::io::split(self.stream);
        let mut shell = LiveShell {
            place: self.place,
            shell: self.shell,
            input,
            pid: self.pid,
            nonces: self.marks.nonces().to_vec(),
            stamp: self.stamp,
        };
        let output = LiveOutput {
            output,
            marks: self.marks,
            buffer: vec![0; BUFFER].into_boxed_slice(),
        };
        // Who has gone meanwhile is told by the end of the output.
        shell.write(REDRAW).await;
        (shell, output)
    }
}

impl<P: LivePlace> LiveShell<P> {
    /// Types bytes; false if no one takes them any more.
    pub async fn write(&mut self, bytes: &[u8]) -> bool {
        self.input.write_all(bytes).await.is_ok()
    }

    /// Gives its terminal another size.
    ///
    /// # Errors
    /// Trouble with the place.
    pub async fn resize(&self, columns: u16, rows: u16) -> Result<(), P::Error> {
        self.place.resize(&self.shell, columns, rows).await
    }

    /// When the prompt was made that it shows first, as [`Said::Prompt`] has it.
    #[must_use]
    pub fn stamp(&self) -> &str {
        &self.stamp
    }

    /// What a terminal shows of what was printed: lines without escape sequences.
    #[must_use]
    pub fn rendered(&self, bytes: &[u8]) -> String {
        render(bytes, &self.nonces)
    }

    /// The folder that the shell stands in; nothing if it can't be told any more.
    ///
    /// # Errors
    /// Trouble with the place.
    pub async fn cwd(&self) -> Result<Option<String>, P::Error> {
        let words = ["readlink", &format!("/proc/{}/cwd", self.pid)];
        let ran = self.place.run(&words, BESIDE).await?;
        Ok(ran.filter(|ran| ran.exit == 0).map(|ran| {
            let folder = String::from_utf8_lossy(&ran.stdout);
            folder.trim_end_matches('\n').to_owned()
        }))
    }

    /// How it ended, if its output has ended.
    ///
    /// # Errors
    /// If that can't be told.
    pub async fn end(&self) -> Result<End, TerminalError<P::Error>> {
        let end = self.place.end(&self.shell).await;
        end.map_err(TerminalError::Place)
    }
}

impl<P: LivePlace> LiveOutput<P> {
    /// What is printed next, in pieces; nothing more at the end.
    pub async fn read(&mut self) -> Option<Vec<Said>> {
        let count = match self.output.read(&mut self.buffer).await {
            // A broken connection is an end as well: what ended is found out by asking the place.
            Ok(0) | Err(_) => return None,
            Ok(count) => count,
        };
        let mut said = Vec::new();
        self.marks.feed(&self.buffer[..count], |piece| {
            said.extend(Said::of(piece));
        });
        Some(said)
    }
}

impl Said {
    fn of(piece: Piece<'_>) -> Option<Self> {
        Some(match piece {
            Piece::Text(text) => Self::Text(text.to_vec()),
            Piece::Mark(_, Mark::Line(line)) => Self::Line(line),
            Piece::Mark(_, Mark::Command) => Self::Begins,
            Piece::Mark(_, Mark::Continue) => Self::Continues,
            Piece::Mark(_, Mark::Done { code, stamp }) => Self::Prompt { code, stamp },
            Piece::Mark(_, Mark::Identity { .. }) => return None,
        })
    }
}
