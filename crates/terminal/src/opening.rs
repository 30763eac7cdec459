//! Programs that a command opens: waiting for their prompt, and having them print marks.

use std::sync::Arc;
use std::time::Duration;

use seaworthy_console::Program;

use super::Place;
use super::capture::{Capture, Waits};
use super::levels::{How, Marked};
use super::prompted::{self, QUIET};
use super::screen::render;
use super::setup;
use super::shell::Terminal;
use super::token;
use super::wait::Stop;

/// How long a program that is attached to may be silent before Enter is pressed.
const SILENCE: Duration = Duration::from_millis(1500);
/// How long a shell may take to answer the first line.
const ANSWER: Duration = Duration::from_secs(10);
/// How long a program that shows its prompt once more may take to end after all.
const ENDING: Duration = Duration::from_secs(3);

/// What came of a command that should open a program.
pub(super) enum Opened {
    /// The program is open; this was printed before its prompt.
    Open(String),
    /// Something else came.
    Not(Stop),
    /// Its prompt came, and nothing there answers as such a program does.
    NoAnswer,
}

/// What came first after a command that should open a program.
enum First {
    /// Its prompt.
    Prompt,
    /// The marks of one that was left, with the nonce of that number.
    Back(usize),
    /// Something else.
    Not(Stop),
}

impl<P: Place> Terminal<P> {
    /// Waits until `program` is open. What it prints until then is in the capture, or in what is given back.
    pub(super) async fn open_program(
        &mut self,
        program: &Arc<Program>,
        capture: &mut Capture,
    ) -> Opened {
        match self.first_of(program, capture).await {
            First::Prompt => {}
            First::Back(owner) => {
                self.levels.push(&program.name, How::Marked(owner));
                return Opened::Open(self.rendered(&capture.output));
            }
            First::Not(stop) => return Opened::Not(stop),
        }
        let printed = capture.output.len();
        let before = self.rendered(&capture.output);
        let before = prompted::without_prompt(program, &before).to_owned();
        let nonce = token();
        let Some(line) = program.interpreter.marking(&nonce) else {
            let how = How::Prompted(Arc::clone(program));
            self.levels.push(&program.name, how);
            return Opened::Open(before);
        };
        let owner = self.marks.add(nonce);
        self.type_marking(program, &line, capture).await;
        match tokio::time::timeout(ANSWER, self.answer(owner, capture)).await {
            Ok(None) => {}
            Ok(Some(stop)) => return Opened::Not(stop),
            Err(_) => return Opened::NoAnswer,
        }
        let marked = capture.identity.take().filter(|(of, _)| *of == owner);
        let marked = marked.map_or(Marked::default(), |(_, marked)| marked);
        self.levels.know(owner, marked);
        self.levels.push(&program.name, How::Marked(owner));
        let echoed = self.rendered(&capture.output[printed..]);
        Opened::Open(before + &not_of_marking(program, &line, &echoed))
    }

    /// Waits for the prompt of `program`, and presses Enter, once, where it may be silent.
    async fn first_of(&mut self, program: &Program, capture: &mut Capture) -> First {
        let shows_prompt = |capture: &Capture| {
            let line = prompted::last_line(capture);
            program.prompt_at_end(&line).is_some()
        };
        let mut entered = false;
        loop {
            let stop = self.wait_calm(capture, |capture, quiet| {
                (quiet >= QUIET && shows_prompt(capture))
                    || (program.silent && !entered && quiet >= SILENCE)
            });
            match stop.await {
                Stop::Calm if shows_prompt(capture) => return First::Prompt,
                Stop::Calm => {
                    entered = true;
                    self.write(b"\n").await;
                }
                Stop::Other(owner) if program.detaches => return First::Back(owner),
                Stop::Other(_) => {}
                stop => return First::Not(stop),
            }
        }
    }

    /// Types the line that has a program print marks.
    async fn type_marking(&mut self, program: &Program, line: &str, capture: &mut Capture) {
        let asks = setup::ASKS_FOR_PASTES;
        let asked = capture.output.windows(asks.len()).any(|seen| seen == asks);
        capture.asked = true;
        if asked && program.interpreter.takes_pastes() {
            self.write(setup::pasted(line).as_bytes()).await;
        } else {
            self.write(line.as_bytes()).await;
        }
    }

    /// Waits for a prompt with the nonce of number `owner`; what else stops waiting is given back.
    async fn answer(&mut self, owner: usize, capture: &mut Capture) -> Option<Stop> {
        loop {
            match self.wait_calm(capture, |_, _| false).await {
                Stop::Other(other) if other == owner => return None,
                Stop::Other(_) => {}
                stop => return Some(stop),
            }
        }
    }

    /// What was printed, as a terminal shows it, without what is ours.
    pub(super) fn rendered(&self, bytes: &[u8]) -> String {
        render(bytes, self.marks.nonces())
    }

    /// A capture for what comes now, of at most `cap` bytes.
    pub(super) fn capture(&self, cap: usize) -> Capture {
        Capture::new(cap, self.levels.owners())
    }

    /// Waits until no more than `left` programs are open. If the program that is typed into shows its prompt
    /// again, and nothing more comes for a while, it hasn't ended.
    pub(super) async fn wait_end(&mut self, left: usize, capture: &mut Capture) -> Stop {
        let program = self.levels.prompted();
        let mut again = None;
        loop {
            let known = again.is_some();
            let stop = self.wait_calm(capture, |capture, quiet| {
                let shows = |p: &Arc<Program>| prompted::waits(p, capture).is_some();
                quiet >= ENDING && (known || program.as_ref().is_some_and(shows))
            });
            match stop.await {
                Stop::Waits(Waits::Command { depth, code, stamp }) if depth > left => {
                    again = Some(Waits::Command { depth, code, stamp });
                }
                Stop::Other(_) => {}
                Stop::Calm => return again.map_or(Stop::Calm, Stop::Waits),
                stop => return stop,
            }
        }
    }

    /// Takes what came while nothing was typed, and whether there was more than `cap` bytes of it.
    pub(super) fn late(&mut self, cap: usize) -> (Vec<u8>, bool) {
        let mut capture = self.capture(cap);
        self.drain(&mut capture);
        let mut late = capture.before;
        late.extend(capture.output);
        // A shell inside that has ended meanwhile says so by the mark of the one around it.
        if let Some(Waits::Command { depth, code, .. }) = capture.waits {
            self.levels.ended(depth, code);
        }
        (late, capture.too_much)
    }
}

/// What isn't the echo of the line that has a program print marks: others printed it, or a program that had shown text
/// like its prompt.
fn not_of_marking(program: &Program, line: &str, echoed: &str) -> String {
    let strange = |text: &&str| {
        let shown = prompted::without_prompt(program, text.trim_end_matches('\n'));
        !shown.trim().is_empty() && !line.contains(shown.trim())
    };
    echoed.split_inclusive('\n').filter(strange).collect()
}

#[cfg(test)]
mod tests {
    use super::super::marks::Piece;
    use super::*;
    use seaworthy_console::interpreter;

    #[test]
    fn the_prompt_is_on_the_last_line() {
        let program = Program {
            name: "sh".into(),
            interpreter: interpreter("sh", &[]).unwrap(),
            prompt: None,
            detaches: false,
            silent: false,
        };
        let mut capture = Capture::new(100, vec![Some(0)]);
        capture.began = true;
        capture.take(Piece::Text(b"# \r\nwelcome\r\n\x1b[6n/ # "));
        assert_eq!(prompted::last_line(&capture), "/ # ");
        assert!(program.prompt_at_end("/ # ").is_some());
        capture.take(Piece::Text(b"\r\n"));
        assert_eq!(prompted::last_line(&capture), "");
    }
}
