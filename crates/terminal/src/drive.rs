//! Typing, line by line, and waiting for what should come after the last.

use super::Place;
use super::capture::{Capture, Waits};
use super::opening::Opened;
use super::prompted::{self, LONG_QUIET, QUIET, Waiting};
use super::request::{Goal, Shown};
use super::screen::render;
use super::shell::Terminal;
use super::wait::Stop;
use seaworthy_console::Program;
use std::sync::Arc;
use std::time::Duration;

/// How long a command must be quiet for keys to be pressed when it has printed what is shown before them.
const BEFORE_KEYS: Duration = Duration::from_millis(200);
/// The same when nothing is shown before them: it may just be starting.
const BEFORE_KEYS_UNSEEN: Duration = Duration::from_secs(1);

/// What a command came to, apart from time and shell.
pub(super) enum Typed {
    /// A shell waits for the next command.
    Prompt(NextPrompt),
    /// A program without marks waits for the next command; the first line (from 0) that was not typed, if one is left.
    Program(Option<usize>),
    /// A program was opened; what it printed before its prompt.
    Opened(String),
    /// What showed a prompt doesn't answer as that would.
    NoAnswer(&'static str),
    /// It runs, and keys can be pressed.
    Running,
    Incomplete,
    TooMuch,
    End,
}

/// The prompt of a shell that waits for the next command.
pub(super) struct NextPrompt {
    /// How many open programs are around the shell.
    pub(super) depth: usize,
    /// The exit code of the last one, if the prompt shows a number.
    pub(super) code: Option<i32>,
    /// When the prompt was made.
    pub(super) stamp: String,
    /// The first line (from 0) that was not typed, if one is left.
    pub(super) line: Option<usize>,
}

impl<P: Place> Terminal<P> {
    /// Types the lines, or the keys, and waits for `goal` after the last.
    pub(super) async fn drive(
        &mut self,
        typed: &[Vec<u8>],
        goal: Goal<'_>,
        shown: &mut Shown<'_>,
        capture: &mut Capture,
    ) -> Typed {
        for (at, line) in typed.iter().enumerate() {
            let before = capture.output.len();
            // If the shell has gone, reading says so.
            self.write(line).await;
            let last = at + 1 == typed.len();
            if last {
                match goal {
                    Goal::Open(program) => return self.drive_open(program, capture).await,
                    Goal::Left(left) => {
                        let stop = self.wait_end(left, capture).await;
                        return ended(stop, None);
                    }
                    Goal::Keys => return self.drive_keys(shown, capture).await,
                    Goal::Prompt => {}
                }
            }
            let line = (!last).then_some(at + 1);
            let stop = match self.levels.prompted() {
                None => self.wait(capture).await,
                Some(program) => match self.wait_prompted(&program, before, shown, capture).await {
                    (Stop::Calm, Some(Waiting::Line)) => Stop::Waits(Waits::Line),
                    (stop, _) => stop,
                },
            };
            match stop {
                Stop::Waits(Waits::Line) if !last => {}
                stop => return ended(stop, line),
            }
        }
        Typed::Incomplete
    }

    async fn drive_open(&mut self, program: &Arc<Program>, capture: &mut Capture) -> Typed {
        match self.open_program(program, capture).await {
            Opened::Open(printed) => Typed::Opened(printed),
            Opened::Not(stop) => ended(stop, None),
            Opened::NoAnswer => Typed::NoAnswer(program.interpreter.name()),
        }
    }

    /// Waits until keys can be pressed, or the command has ended by itself.
    async fn drive_keys(&mut self, shown: &mut Shown<'_>, capture: &mut Capture) -> Typed {
        let nonces = self.marks.nonces().to_vec();
        let mut asked = None;
        loop {
            let stop = self.wait_calm(capture, |capture, quiet| match shown {
                None => quiet >= BEFORE_KEYS_UNSEEN,
                Some(holds) if quiet >= BEFORE_KEYS => {
                    // Asked once for what there is.
                    asked.replace(capture.output.len()) != Some(capture.output.len())
                        && holds(&render(&capture.output, &nonces))
                }
                Some(_) => false,
            });
            match stop.await {
                Stop::Calm => return Typed::Running,
                Stop::Other(_) => {}
                stop => return ended(stop, None),
            }
        }
    }

    /// Waits for the prompt of a program without marks, after the first `before` bytes: the prompt at which the line was
    /// typed is none that follows it. If what is shown hasn't been printed, what looks like the prompt may be output, and
    /// gets more time.
    async fn wait_prompted(
        &mut self,
        program: &Program,
        before: usize,
        shown: &mut Shown<'_>,
        capture: &mut Capture,
    ) -> (Stop, Option<Waiting>) {
        let mut waiting = None;
        let mut holds = None;
        loop {
            let stop = self.wait_calm(capture, |capture, quiet| {
                if quiet < QUIET || capture.output.len() == before {
                    holds = None;
                    return false;
                }
                waiting = prompted::waits(program, capture);
                let holds = holds.get_or_insert_with(|| match shown {
                    Some(holds) if waiting == Some(Waiting::Command) => {
                        let text = render(&capture.output, &[]);
                        holds(prompted::without_prompt(program, &text))
                    }
                    _ => true,
                });
                waiting.is_some() && (*holds || quiet >= LONG_QUIET)
            });
            match stop.await {
                Stop::Other(_) => {}
                stop => return (stop, waiting),
            }
        }
    }
}

/// What a command came to when waiting for its end has stopped; `line` is the first that was not typed.
fn ended(stop: Stop, line: Option<usize>) -> Typed {
    match stop {
        Stop::Waits(Waits::Command { depth, code, stamp }) => Typed::Prompt(NextPrompt {
            depth,
            code,
            stamp,
            line,
        }),
        Stop::Waits(Waits::Line) => Typed::Incomplete,
        Stop::Calm | Stop::Other(_) => Typed::Program(line),
        Stop::TooMuch => Typed::TooMuch,
        Stop::End => Typed::End,
    }
}
