//! Typing a command, or pressing keys, and judging what came of it. Enter with [`Terminal::run`], or with
//! [`Terminal::type_in`] where programs are opened and keys are pressed.

use std::sync::Arc;

use seaworthy_console::{Program, replaces_shell};
use seaworthy_words::Script;
use tokio::time::{Instant, timeout};

use super::capture::Capture;
use super::drive::{NextPrompt, Typed};
use super::levels::Marked;
use super::prompted;
use super::request::{Ended, Goal, Input, Limits, Shown};
use super::shell::{State, Terminal};
use super::{Place, TerminalError, typing};

/// What is known of a command when it is typed.
struct Exchange<'a> {
    input: Input<'a>,
    /// Its lines; none if keys are pressed.
    lines: &'a [&'a str],
    /// As bytes, line by line.
    typed: Vec<Vec<u8>>,
    limits: Limits,
    typed_at: Instant,
    /// What came before it was typed.
    late: String,
    /// How many programs were open.
    depth: usize,
    /// The program that it is typed into, if that has no marks.
    program: Option<Arc<Program>>,
    /// What that program's marks tell.
    marked: Marked,
}

/// What was printed after it was typed, as a terminal shows it.
struct Said {
    /// Before the command began.
    before: String,
    output: String,
    /// Whether it began.
    began: bool,
    too_much: bool,
}

impl<P: Place> Terminal<P> {
    /// Types a command, line by line, and waits for the next prompt. Each line waits until the shell asks for it.
    ///
    /// Dropping this future leaves the command running and the terminal lost.
    ///
    /// # Errors
    /// As [`Terminal::type_in`].
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
    ///
    /// # Errors
    /// Whatever came of it instead of an ordinary end.
    pub async fn type_in(
        &mut self,
        input: Input<'_>,
        goal: Goal<'_>,
        mut shown: Shown<'_>,
        limits: Limits,
    ) -> Result<Ended, TerminalError<P::Error>> {
        let lines = lines_of(input);
        self.expect_shell_stays(lines)?;
        let typed = match input {
            Input::Lines(_) => typing::encode(lines)?,
            Input::Keys(keys) => vec![keys.to_vec()],
        };
        let running = self.expect_ready(input)?;
        self.state = State::Busy;
        let mut exchange = Exchange {
            input,
            lines,
            typed,
            limits,
            typed_at: Instant::now(),
            late: String::new(),
            depth: 0,
            program: None,
            marked: Marked::default(),
        };
        let mut capture = self.take_late(&mut exchange, running);
        let driven = self.drive(&exchange.typed, goal, &mut shown, &mut capture);
        let outcome = timeout(limits.time, driven).await;
        let said = self.said(&exchange, &capture);
        match outcome {
            Ok(outcome) => self.conclude(outcome, exchange, said).await,
            Err(_) => Err(self.timed_out(goal, &capture, said, limits).await),
        }
    }

    /// In a shell, what is typed must not put another program in its place. Elsewhere `exec` is a word like others.
    fn expect_shell_stays(&self, lines: &[&str]) -> Result<(), TerminalError<P::Error>> {
        let program = self.levels.prompted();
        if program.is_some_and(|program| !program.is_shell()) {
            return Ok(());
        }
        match replaces_shell(&Script::parse(lines.join("\n"))) {
            Some(program) => Err(TerminalError::Replaced {
                program: program.to_owned(),
            }),
            None => Ok(()),
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

    /// Takes what came before anything is typed, which may say that programs have ended; and then notes what the command
    /// is typed into. Of a command that is `running`, it is output.
    fn take_late(&mut self, exchange: &mut Exchange<'_>, running: bool) -> Capture {
        let (late, cut) = self.late(exchange.limits.output_bytes);
        exchange.depth = self.depth();
        exchange.program = self.levels.prompted();
        exchange.marked = self.levels.top();
        let mut capture = self.capture(exchange.limits.output_bytes);
        // Where the beginning isn't marked, all is output; of a command that runs, all that it still prints.
        capture.began = exchange.lines.is_empty() || !exchange.marked.begins;
        if running {
            // A part of what it prints is never taken for the whole.
            (capture.output, capture.too_much) = (late, cut);
        } else {
            exchange.late = self.rendered(&late);
            if cut {
                exchange.late += "\n(and more, which was dropped)\n";
            }
        }
        capture
    }

    /// What was printed, without the echo of what was typed.
    fn said(&self, exchange: &Exchange<'_>, capture: &Capture) -> Said {
        let mut output = self.rendered(&capture.output);
        let mut before = self.rendered(&capture.before);
        // Where the beginning is marked, the echo stands before it.
        if exchange.marked.echoes && !exchange.marked.begins {
            output = typing::without_echo(&output, &exchange.typed);
        } else {
            before = typing::without_echo(&before, &exchange.typed);
        }
        if let Input::Keys(keys) = exchange.input {
            output = typing::without_key_echo(output, keys);
        }
        Said {
            before,
            output,
            began: capture.began,
            too_much: capture.too_much,
        }
    }

    /// What comes of a command for which waiting has come to an end. What didn't end by itself is interrupted.
    async fn conclude(
        &mut self,
        outcome: Typed,
        exchange: Exchange<'_>,
        said: Said,
    ) -> Result<Ended, TerminalError<P::Error>> {
        match outcome {
            Typed::Prompt(prompt) => self.at_prompt(prompt, exchange, said),
            Typed::Program(line) => {
                self.state = State::Ready;
                let (output, exit) = exchange.dialogue(&said.output);
                self.levels.said(exit);
                exchange.finished(line, output, exit, "")
            }
            Typed::Opened(printed) => {
                self.state = State::Ready;
                exchange.finished(None, printed, 0, &said.before)
            }
            Typed::Running => {
                self.state = State::Running;
                exchange.finished(None, said.output, 0, &said.before)
            }
            Typed::NoAnswer(program) => Err(TerminalError::NoAnswer {
                program,
                output: said.output,
                usable: self.interrupt().await,
            }),
            Typed::Incomplete => Err(TerminalError::Incomplete {
                output: said.all(),
                usable: self.interrupt().await,
            }),
            Typed::TooMuch => Err(TerminalError::TooMuchOutput {
                limit: exchange.limits.output_bytes,
                output: said.output,
                usable: self.interrupt().await,
            }),
            Typed::End => Err(self.ended(said.all()).await),
        }
    }

    async fn timed_out(
        &mut self,
        goal: Goal<'_>,
        capture: &Capture,
        said: Said,
        limits: Limits,
    ) -> TerminalError<P::Error> {
        let doing = self.missing(goal, capture).await;
        let usable = self.interrupt().await;
        TerminalError::TimedOut {
            seconds: limits.time.as_secs_f64(),
            doing,
            output: said.all(),
            usable,
        }
    }

    /// A shell waits for the next command.
    fn at_prompt(
        &mut self,
        prompt: NextPrompt,
        exchange: Exchange<'_>,
        said: Said,
    ) -> Result<Ended, TerminalError<P::Error>> {
        self.state = State::Ready;
        let again = !prompt.stamp.is_empty() && prompt.stamp == self.stamp;
        if prompt.depth == 0 {
            self.stamp = prompt.stamp;
        }
        let code = self.number(prompt.code)?;
        self.levels.ended(prompt.depth, Some(code));
        if said.too_much {
            // It ended by itself, within the same read.
            return Err(TerminalError::TooMuchOutput {
                limit: exchange.limits.output_bytes,
                output: said.output,
                usable: true,
            });
        }
        let left = prompt.depth < exchange.depth;
        if !said.began && !left {
            return self.not_begun(exchange, said, code, again);
        }
        let output = match &exchange.program {
            Some(program) if left => {
                prompted::without_dialogue(program, &said.output, exchange.lines)
            }
            _ => said.output,
        };
        exchange.finished(prompt.line, output, code, &said.before)
    }

    /// Bash ran nothing, so the code is that of an earlier command, unless it could not parse the line: that is 2,
    /// with a message.
    fn not_begun(
        &mut self,
        exchange: Exchange<'_>,
        said: Said,
        code: i32,
        again: bool,
    ) -> Result<Ended, TerminalError<P::Error>> {
        let complaint = said.before;
        let unparsable = code == 2
            && (complaint.contains("syntax error") || complaint.contains("unexpected EOF"));
        match again {
            false if typing::is_nothing(exchange.lines) => {
                exchange.finished(None, String::new(), 0, &complaint)
            }
            false if unparsable => exchange.finished(None, complaint, code, ""),
            // Without a complaint it did run it, and only didn't say so.
            true if !complaint.contains("bash: ") => {
                self.state = State::Lost;
                Err(TerminalError::Lost {
                    why: "its marks are gone (PS0 and PROMPT_COMMAND were both changed)",
                })
            }
            _ => Err(TerminalError::NotRun { output: complaint }),
        }
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

impl Exchange<'_> {
    /// The command as it ended, unless the `line` (from 0), and those after it, were not typed.
    fn finished<E: std::error::Error>(
        self,
        line: Option<usize>,
        output: String,
        exit: i32,
        before: &str,
    ) -> Result<Ended, TerminalError<E>> {
        match line {
            None => Ok(Ended {
                output,
                exit,
                late: self.late + before,
                seconds: self.typed_at.elapsed().as_secs_f64(),
            }),
            Some(line) => Err(TerminalError::Surplus {
                line: line + 1,
                output,
            }),
        }
    }

    /// What a program without marks printed after these lines, and the exit code that stands for it.
    fn dialogue(&self, output: &str) -> (String, i32) {
        let Some(program) = &self.program else {
            return (output.to_owned(), 0);
        };
        let output = prompted::without_dialogue(program, output, self.lines);
        let code = prompted::code(program, &output);
        (output, code)
    }
}

impl Said {
    fn all(self) -> String {
        self.before + &self.output
    }
}

/// The lines that are typed; none if keys are pressed.
fn lines_of(input: Input<'_>) -> &[&str] {
    match input {
        // No lines at all are an empty one.
        Input::Lines([]) => &[""],
        Input::Lines(lines) => lines,
        Input::Keys(_) => &[],
    }
}
