//! Typing a command and waiting for its end. Enter with [`Terminal::run`].

use super::capture::{Capture, Waits};
use super::marks::Piece;
use super::screen::render;
use super::shell::{State, Terminal};
use super::{TerminalError, typing};
use futures_util::FutureExt;
use std::time::Duration;
use tokio::time::Instant;

/// How long a command may take, and how much it may print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From typing its first line to the next prompt.
    pub time: Duration,
    /// In bytes, as printed.
    pub output_bytes: usize,
}

impl Default for Limits {
    /// A minute, 10 MB.
    fn default() -> Self {
        Limits {
            time: Duration::from_secs(60),
            output_bytes: 10_000_000,
        }
    }
}

/// A command that came to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// What it printed, as a terminal shows it (lines end in `\n`, no escape sequences).
    pub output: String,
    /// Its exit code.
    pub exit: i32,
    /// What was printed since the command before and before this one began: output of background jobs. While a
    /// command runs, theirs can't be told from its own.
    pub late: String,
    /// From typing it to the next prompt.
    pub seconds: f64,
}

/// Why waiting for a prompt came to an end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Waits(Waits),
    TooMuch,
    /// The stream has ended: the shell, or its container, or the engine.
    End,
}

/// What a command came to, apart from time and shell.
enum Typed {
    /// The shell waits for the next command; the line (from 0) that was not typed, if one is left.
    Prompt {
        code: Option<i32>,
        stamp: String,
        line: Option<usize>,
    },
    Incomplete,
    TooMuch,
    End,
}

impl Terminal {
    /// Types a command, line by line, and waits for its end. Each line waits until the shell asks for it.
    ///
    /// Dropping this future leaves the command running and the terminal lost.
    pub async fn run(&mut self, lines: &[&str], limits: Limits) -> Result<Ended, TerminalError> {
        // No lines at all are an empty one.
        let lines = if lines.is_empty() { &[""] } else { lines };
        let typed = typing::encode(lines)?;
        self.expect_ready()?;
        self.state = State::Busy;
        let started = Instant::now();
        let mut late = Capture::new(limits.output_bytes);
        self.drain(&mut late);
        let late = render(&late.before, &self.nonce);
        let mut capture = Capture::new(limits.output_bytes);
        let outcome =
            tokio::time::timeout(limits.time, self.type_lines(&typed, &mut capture)).await;
        let seconds = started.elapsed().as_secs_f64();
        let output = render(&capture.output, &self.nonce);
        let before = typing::without_echo(&render(&capture.before, &self.nonce), &typed);
        let (code, stamp, line) = match outcome {
            Ok(Typed::Prompt { code, stamp, line }) => (code, stamp, line),
            Ok(Typed::Incomplete) => {
                let usable = self.interrupt().await;
                return Err(TerminalError::Incomplete {
                    output: before + &output,
                    usable,
                });
            }
            Ok(Typed::TooMuch) => {
                let usable = self.interrupt().await;
                return Err(TerminalError::TooMuchOutput {
                    limit: limits.output_bytes,
                    output,
                    usable,
                });
            }
            Ok(Typed::End) => return Err(self.ended(before + &output).await),
            Err(_) => {
                let doing = self.doing(&capture.output).await;
                let usable = self.interrupt().await;
                let seconds = limits.time.as_secs_f64();
                return Err(TerminalError::TimedOut {
                    seconds,
                    doing,
                    output: before + &output,
                    usable,
                });
            }
        };
        self.state = State::Ready;
        let again = !stamp.is_empty() && stamp == self.stamp;
        self.stamp = stamp;
        let code = self.number(code)?;
        if capture.too_much {
            // It ended by itself, within the same read.
            return Err(TerminalError::TooMuchOutput {
                limit: limits.output_bytes,
                output,
                usable: true,
            });
        }
        if capture.began {
            return match line {
                None => Ok(Ended {
                    output,
                    exit: code,
                    late: late + &before,
                    seconds,
                }),
                Some(line) => Err(TerminalError::Surplus {
                    line: line + 1,
                    output,
                }),
            };
        }
        // Bash ran nothing, so the code is that of an earlier command, unless it could not parse the line: that is 2,
        // with a message.
        let unparsable =
            code == 2 && (before.contains("syntax error") || before.contains("unexpected EOF"));
        match again {
            false if typing::is_nothing(lines) => Ok(Ended {
                output: String::new(),
                exit: 0,
                late: late + &before,
                seconds,
            }),
            false if unparsable => Ok(Ended {
                output: before,
                exit: code,
                late,
                seconds,
            }),
            // Without a complaint it did run it, and only didn't say so.
            true if !before.contains("bash: ") => {
                self.state = State::Lost;
                Err(TerminalError::Lost {
                    why: "its marks are gone (PS0 and PROMPT_COMMAND were both changed)",
                })
            }
            _ => Err(TerminalError::NotRun { output: before }),
        }
    }

    async fn type_lines(&mut self, typed: &[Vec<u8>], capture: &mut Capture) -> Typed {
        for (at, line) in typed.iter().enumerate() {
            // If the shell has gone, reading says so.
            self.write(line).await;
            let last = at + 1 == typed.len();
            match self.wait(capture).await {
                Stop::Waits(Waits::Line) if last => return Typed::Incomplete,
                Stop::Waits(Waits::Line) => {}
                Stop::Waits(Waits::Command { code, stamp }) => {
                    return Typed::Prompt {
                        code,
                        stamp,
                        line: (!last).then_some(at + 1),
                    };
                }
                Stop::TooMuch => return Typed::TooMuch,
                Stop::End => return Typed::End,
            }
        }
        Typed::Incomplete
    }

    /// Reads until the shell waits, or something else stops the command. Can be dropped and called again.
    pub(super) async fn wait(&mut self, capture: &mut Capture) -> Stop {
        loop {
            if let Some(waits) = capture.waits.take() {
                return Stop::Waits(waits);
            }
            if capture.too_much {
                return Stop::TooMuch;
            }
            if !self.read(|piece| capture.take(piece)).await {
                let rest = self.marks.rest();
                capture.take(Piece::Text(&rest));
                self.state = State::Ended;
                return Stop::End;
            }
        }
    }

    /// Takes what has come already, without waiting for more; a job that never stops printing can't hold this up.
    fn drain(&mut self, capture: &mut Capture) {
        for _ in 0..64 {
            match self.read(|piece| capture.take(piece)).now_or_never() {
                Some(true) => {}
                // At the end of the stream, the next read says it again.
                Some(false) | None => return,
            }
        }
    }

    fn expect_ready(&self) -> Result<(), TerminalError> {
        let why = match self.state {
            State::Ready => return Ok(()),
            State::Busy => "the end of an earlier command was not waited for",
            State::Ended => "it has ended",
            State::Lost => "an earlier command could not be interrupted",
        };
        Err(TerminalError::Lost { why })
    }

    fn number(&mut self, code: Option<i32>) -> Result<i32, TerminalError> {
        code.ok_or_else(|| {
            self.state = State::Lost;
            TerminalError::Lost {
                why: "its prompt no longer shows exit codes (`shopt -u promptvars`?)",
            }
        })
    }
}
