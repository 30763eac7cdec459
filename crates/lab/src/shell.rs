//! A learner's shell on a machine: what it shows, what runs in it, and which programs are open there.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use seaworthy_console::Program;
use seaworthy_machine::ContainerPlace;
use seaworthy_terminal::LiveShell;
use tokio::time::Instant;

/// How much of what was shown comes back after a reload, in bytes.
const SCROLLBACK: usize = 256 * 1024;
/// How long a program that reads nothing may keep what is typed waiting.
const TAKES: Duration = Duration::from_secs(2);

/// A learner's shell.
pub(crate) struct Shell {
    pub(crate) live: LiveShell<ContainerPlace>,
    shown: VecDeque<u8>,
    /// What is printed is not shown: something is done for the learner.
    pub(crate) unseen: bool,
    /// The line that is about to run.
    pub(crate) line: String,
    /// What runs in the shell, if something does.
    pub(crate) running: Option<Running>,
    /// The programs that are open in it, as far as is known, outermost first.
    pub(crate) open: Vec<Arc<Program>>,
    /// The exit code of the last command.
    pub(crate) code: i32,
    /// When the last prompt was made, by the shell's clock.
    pub(crate) stamp: String,
    /// When something was printed last.
    pub(crate) printed: Instant,
}

/// A command that runs in a shell.
#[derive(Debug, Default)]
pub(crate) struct Running {
    /// As the history has it.
    pub(crate) line: String,
    /// What was printed since it began, or since something was typed into the program that it is.
    pub(crate) output: Vec<u8>,
    /// More was printed than is kept.
    pub(crate) too_much: bool,
}

impl Shell {
    pub(crate) fn new(live: LiveShell<ContainerPlace>) -> Self {
        Self {
            stamp: live.stamp().to_owned(),
            live,
            shown: VecDeque::new(),
            unseen: false,
            line: String::new(),
            running: None,
            open: Vec::new(),
            code: 0,
            printed: Instant::now(),
        }
    }

    /// Types bytes; what a program doesn't take in time is lost, as on every terminal.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> bool {
        let written = tokio::time::timeout(TAKES, self.live.write(bytes));
        written.await.unwrap_or(false)
    }

    /// Takes note of what it prints, `cap` bytes of each command at most.
    pub(crate) fn prints(&mut self, bytes: &[u8], cap: usize) {
        self.printed = Instant::now();
        if let Some(running) = &mut self.running {
            let room = cap.saturating_sub(running.output.len());
            running.too_much |= bytes.len() > room;
            running
                .output
                .extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
        if !self.unseen {
            self.shown.extend(bytes);
            let over = self.shown.len().saturating_sub(SCROLLBACK);
            self.shown.drain(..over);
        }
    }

    /// What it has shown of late, from the beginning of a line on.
    pub(crate) fn screen(&self) -> Vec<u8> {
        let all: Vec<u8> = self.shown.iter().copied().collect();
        if all.len() < SCROLLBACK {
            return all;
        }
        let start = all.iter().position(|byte| *byte == b'\n');
        all[start.map_or(0, |at| at + 1)..].to_vec()
    }

    /// The program that is typed into; none for the shell itself.
    pub(crate) fn program(&self) -> Option<&Arc<Program>> {
        self.open.last()
    }

    /// What was printed since something was typed, as a terminal shows it.
    pub(crate) fn output(&self) -> String {
        let running = self.running.as_ref();
        running.map_or(String::new(), |running| self.live.rendered(&running.output))
    }

    /// The last line that is shown, without its end.
    pub(crate) fn last_line(&self) -> String {
        let output = self
            .running
            .as_ref()
            .map_or(&[][..], |running| &running.output);
        let start = output.iter().rposition(|byte| *byte == b'\n');
        self.live.rendered(&output[start.map_or(0, |at| at + 1)..])
    }

    /// From here on, what is printed counts as printed by what is typed next.
    pub(crate) fn forget_output(&mut self) {
        if let Some(running) = &mut self.running {
            running.output.clear();
            running.too_much = false;
        }
    }
}
