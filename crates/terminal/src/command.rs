//! Typing a command, or pressing keys, and waiting for what comes of it. Enter with [`Terminal::run`], or with
//! [`Terminal::type_in`] where programs are opened and keys are pressed.

use super::drive::Typed;
use super::prompted;
use super::shell::{State, Terminal};
use super::{Place, TerminalError, typing};
use seaworthy_console::{Kind, Program, replaces_shell};
use seaworthy_words::Script;
use std::sync::Arc;
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

/// What is typed.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// The lines of a command. Each waits until it is asked for.
    Lines(&'a [&'a str]),
    /// Keys, as the bytes that they send.
    Keys(&'a [u8]),
}

/// What is waited for.
#[derive(Clone, Copy, Debug)]
pub enum Goal<'a> {
    /// The next prompt, of whichever program.
    Prompt,
    /// The prompt of the program that is opened.
    Open(&'a Arc<Program>),
    /// That so many programs are open, and no more.
    Left(usize),
    /// That keys can be pressed: what is shown before them was printed.
    Keys,
}

/// Says whether what was printed so far is what is shown; `None` if nothing is shown.
pub type Shown<'a> = Option<&'a mut (dyn FnMut(&str) -> bool + Send)>;

/// A command that came to its end, or as far as was waited for.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// What it printed, as a terminal shows it (lines end in `\n`, no escape sequences).
    pub output: String,
    /// Its exit code. If it opened a program or still runs, 0; in a program without exit codes 0, or 1 for an error
    /// that it reports. If it ended its program, that of the command that had opened it.
    pub exit: i32,
    /// What was printed since the command before and before this one began: output of background jobs. While a
    /// command runs, theirs can't be told from its own.
    pub late: String,
    /// From typing it to the next prompt.
    pub seconds: f64,
}

impl<P: Place> Terminal<P> {
    /// Types a command, line by line, and waits for the next prompt. Each line waits until the shell asks for it.
    ///
    /// Dropping this future leaves the command running and the terminal lost.
    pub async fn run(
        &mut self,
        lines: &[&str],
        limits: Limits,
    ) -> Result<Ended, TerminalError<P::Error>> {
        self.type_in(Input::Lines(lines), Goal::Prompt, None, limits)
            .await
    }

    /// Types, and waits for `goal`; `shown` knows what should be printed until then.
    ///
    /// Where the goal isn't what comes first ([`Goal::Open`], [`Goal::Left`]), [`Terminal::depth`] says what did.
    /// Dropping this future leaves the command running and the terminal lost.
    pub async fn type_in(
        &mut self,
        input: Input<'_>,
        goal: Goal<'_>,
        mut shown: Shown<'_>,
        limits: Limits,
    ) -> Result<Ended, TerminalError<P::Error>> {
        let lines = match input {
            // No lines at all are an empty one.
            Input::Lines([]) => &[""],
            Input::Lines(lines) => lines,
            Input::Keys(_) => &[][..],
        };
        // In a shell, that is: elsewhere `exec` is a word like others.
        if self
            .levels
            .prompted()
            .is_none_or(|program| program.is_shell())
            && let Some(program) = replaces_shell(&Script::parse(lines.join("\n")))
        {
            let program = program.to_owned();
            return Err(TerminalError::Replaced { program });
        }
        let typed = match input {
            Input::Lines(_) => typing::encode(lines)?,
            Input::Keys(keys) => vec![keys.to_vec()],
        };
        let running = self.expect_ready(input)?;
        self.state = State::Busy;
        let started = Instant::now();
        let (late, cut) = self.late(limits.output_bytes);
        let depth = self.depth();
        let program = self.levels.prompted();
        let mut capture = self.capture(limits.output_bytes);
        // Where the beginning isn't marked, all is output; of a command that runs, all that it still prints.
        let marked = self.levels.top();
        capture.began = lines.is_empty() || !marked.begins;
        let late = if running {
            // A part of what it prints is never taken for the whole.
            capture.output = late;
            capture.too_much = cut;
            String::new()
        } else {
            let more = if cut {
                "\n(and more, which was dropped)\n"
            } else {
                ""
            };
            self.rendered(&late) + more
        };
        let driven = self.drive(&typed, goal, &mut shown, &mut capture);
        let outcome = tokio::time::timeout(limits.time, driven).await;
        let seconds = started.elapsed().as_secs_f64();
        let mut output = self.rendered(&capture.output);
        let mut before = self.rendered(&capture.before);
        if capture.began && marked.echoes {
            output = typing::without_echo(&output, &typed);
        } else {
            before = typing::without_echo(&before, &typed);
        }
        if let Input::Keys(keys) = input {
            output = typing::without_key_echo(output, keys);
        }
        let come = |output: String, exit: i32, late: String| Ended {
            output,
            exit,
            late,
            seconds,
        };
        let (now, code, stamp, line) = match outcome {
            Ok(Typed::Prompt {
                depth,
                code,
                stamp,
                line,
            }) => (depth, code, stamp, line),
            Ok(Typed::Opened(printed)) => {
                self.state = State::Ready;
                return Ok(come(printed, 0, late + &before));
            }
            Ok(Typed::Running) => {
                self.state = State::Running;
                return Ok(come(output, 0, late + &before));
            }
            Ok(Typed::Program(line)) => {
                self.state = State::Ready;
                let (output, exit) = dialogue(program.as_deref(), &output, lines);
                return match line {
                    None => Ok(come(output, exit, late)),
                    Some(line) => Err(TerminalError::Surplus {
                        line: line + 1,
                        output,
                    }),
                };
            }
            Ok(Typed::NoAnswer) => {
                let usable = self.interrupt().await;
                let program = match goal {
                    Goal::Open(program) if program.kind == Kind::Python => "Python",
                    _ => "a shell",
                };
                return Err(TerminalError::NoAnswer {
                    program,
                    output,
                    usable,
                });
            }
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
                let doing = self.missing(goal, &capture).await;
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
        if now == 0 {
            self.stamp = stamp;
        }
        let code = self.number(code)?;
        self.levels.ended(now, Some(code));
        if capture.too_much {
            // It ended by itself, within the same read.
            return Err(TerminalError::TooMuchOutput {
                limit: limits.output_bytes,
                output,
                usable: true,
            });
        }
        if capture.began || now < depth {
            if let (Some(program), true) = (program, now < depth) {
                output = prompted::without_dialogue(&program, &output, lines);
            }
            return match line {
                None => Ok(come(output, code, late + &before)),
                Some(line) => Err(TerminalError::Surplus {
                    line: line + 1,
                    output,
                }),
            };
        }
        self.not_begun(lines, (code, again), (before, late), seconds)
    }

    /// Bash ran nothing, so the code is that of an earlier command, unless it could not parse the line: that is 2,
    /// with a message.
    fn not_begun(
        &mut self,
        lines: &[&str],
        (code, again): (i32, bool),
        (before, late): (String, String),
        seconds: f64,
    ) -> Result<Ended, TerminalError<P::Error>> {
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

    /// Whether what was typed before still runs.
    fn expect_ready(&self, input: Input<'_>) -> Result<bool, TerminalError<P::Error>> {
        let why = match (self.state, input) {
            (State::Ready, _) => return Ok(false),
            (State::Running, Input::Keys(_)) => return Ok(true),
            (State::Running | State::Busy, _) => "the end of an earlier command was not waited for",
            (State::Ended, _) => "it has ended",
            (State::Lost, _) => "an earlier command could not be interrupted",
        };
        Err(TerminalError::Lost { why })
    }

    fn number(&mut self, code: Option<i32>) -> Result<i32, TerminalError<P::Error>> {
        code.ok_or_else(|| {
            self.state = State::Lost;
            TerminalError::Lost {
                why: "its prompt no longer shows exit codes (`shopt -u promptvars`?)",
            }
        })
    }
}

/// What a program without marks printed after these lines, and the exit code that stands for it.
fn dialogue(program: Option<&Program>, output: &str, lines: &[&str]) -> (String, i32) {
    let Some(program) = program else {
        return (output.to_owned(), 0);
    };
    let output = prompted::without_dialogue(program, output, lines);
    let code = prompted::code(program, &output);
    (output, code)
}
