//! Getting the shell back from a command that doesn't end, or prints too much, or isn't complete.

use super::capture::{Capture, Waits};
use super::foreground::Foreground;
use super::prompted::last_line;
use super::shell::{BESIDE, State, Terminal};
use super::wait::Stop;
use super::{Goal, Place};
use std::time::Duration;

/// Ctrl-C.
const INTERRUPT: &[u8] = b"\x03";
/// How long a command may take to end after Ctrl-C, and again after SIGKILL.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);
/// The shell counts as back when it has printed nothing for so long since its prompt: Ctrl-C may have come too late
/// for the command and have made a second prompt.
const QUIET: Duration = Duration::from_millis(150);
/// A full-screen program begins with this.
const ALTERNATE_SCREEN: &[u8] = b"\x1b[?1049h";

impl<P: Place> Terminal<P> {
    /// What didn't come in time, for the message of a time-out.
    pub(super) async fn missing(&self, goal: Goal<'_>, capture: &Capture) -> String {
        let line = last_line(capture);
        let line = match line.trim() {
            "" => "nothing is on the last line".to_owned(),
            line => format!("the last line is `{line}`"),
        };
        match goal {
            Goal::Open(program) if capture.asked => format!(
                "what looks like the prompt of {} came, and what is typed there isn't answered as by it",
                program.name
            ),
            Goal::Open(program) => {
                format!("the prompt of {} did not come, {line}", program.name)
            }
            Goal::Keys => "what is shown before the keys was not printed".to_owned(),
            // The processes of a program inside may be in another container.
            _ => match self.program() {
                Some(program) => format!("{program} shows no prompt, {line}"),
                None => self.doing(&capture.output).await,
            },
        }
    }

    /// What the foreground is doing, for the message of a time-out.
    async fn doing(&self, output: &[u8]) -> String {
        let full_screen = output
            .windows(ALTERNATE_SCREEN.len())
            .any(|window| window == ALTERNATE_SCREEN);
        match Foreground::look(&self.place, self.pid()).await {
            Ok(foreground) if full_screen => {
                format!(
                    "{} (it is a full-screen program; those can't be typed into)",
                    foreground.describe()
                )
            }
            Ok(foreground) => foreground.describe(),
            Err(why) => format!("its foreground process could not be looked at: {why}"),
        }
    }

    /// Interrupts what runs in the foreground, with Ctrl-C and, if need be, SIGKILL. Whether the shell is back.
    pub(super) async fn interrupt(&mut self) -> bool {
        let mut back = self.write(INTERRUPT).await && self.comes_back().await;
        if !back && self.state != State::Ended && self.kill_foreground().await {
            // Whoever didn't take Ctrl-C for a signal has left it in the terminal's buffer, where another one empties
            // it; the shell may have read it already, or ignore the signal, so an empty line on top.
            back =
                self.comes_back().await && self.write(b"\x03\n").await && self.comes_back().await;
        }
        self.state = match self.state {
            State::Ended => State::Ended,
            _ if back => State::Ready,
            _ => State::Lost,
        };
        back
    }

    /// Waits for the prompt, and for quiet after it.
    pub(super) async fn comes_back(&mut self) -> bool {
        let prompt = tokio::time::timeout(PATIENCE, async {
            loop {
                // A new one each time: nothing of this is kept, and there can be much of it.
                let mut capture = self.capture(0);
                match self.wait(&mut capture).await {
                    Stop::Waits(Waits::Command { depth, code, .. }) => {
                        self.levels.ended(depth, code);
                        return true;
                    }
                    Stop::End => return false,
                    _ => {}
                }
            }
        });
        if prompt.await != Ok(true) {
            return false;
        }
        let quiet = tokio::time::timeout(PATIENCE, async {
            loop {
                let mut capture = self.capture(0);
                match tokio::time::timeout(QUIET, self.wait(&mut capture)).await {
                    Ok(Stop::End) => return false,
                    Ok(Stop::Waits(Waits::Command { depth, code, .. })) => {
                        self.levels.ended(depth, code);
                    }
                    Ok(_) => {}
                    Err(_) => return true,
                }
            }
        });
        // A background job that never stops printing is no reason to give the shell up.
        quiet.await.unwrap_or(true)
    }

    /// Kills the foreground process group, unless it is the shell's own. False if there is none to kill.
    async fn kill_foreground(&self) -> bool {
        let Ok(foreground) = Foreground::look(&self.place, self.pid()).await else {
            return false;
        };
        let Some(group) = foreground.killable() else {
            return false;
        };
        let group = group.to_string();
        let words = ["sh", "-c", "kill -s KILL -- -$1", "sh", &group];
        matches!(self.place.run(&words, BESIDE).await, Ok(Some(ran)) if ran.exit == 0)
    }
}
