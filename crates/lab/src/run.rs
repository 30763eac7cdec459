//! Running a command of the page: what it needs, what is done before it unseen, and typing it.

use std::sync::Arc;
use std::time::Duration;

use seaworthy_console::Command;
use seaworthy_page::Step;
use seaworthy_runner::{PageMachine, unpack_archive};
use seaworthy_terminal::{QUIET, Waiting, encode_line, waiting};
use tokio::time::Instant;

use crate::course::What;
use crate::follow::Came;
use crate::ledger::unseen_before;
use crate::message::{State, Verdict};
use crate::pump::Happening;
use crate::visit::{Leave, Visit};

/// Ctrl-E and Ctrl-U: what a learner had begun to type is taken away.
const EMPTY_LINE: &[u8] = b"\x05\x15";
/// Before a command is run again until it holds.
const RETRY_PAUSE: Duration = Duration::from_secs(1);
/// How long a program may take to ask for a further line.
const ASKS: Duration = Duration::from_secs(2);

impl Visit {
    /// Runs the item at `at`, and says what came of it. Whether it did what the page shows.
    pub(crate) async fn run_item(&mut self, at: usize) -> Result<bool, Leave> {
        if let Err(why) = self.prepare(at).await? {
            self.tell_verdict(at, Verdict::new(State::NotTyped, why));
            return Ok(false);
        }
        self.tell_verdict(at, Verdict::new(State::Runs, "runs"));
        let verdict = self.try_item(at).await?;
        let holds = verdict.state == State::Holds;
        self.tell_verdict(at, verdict);
        Ok(holds)
    }

    /// Types the item's command until it holds, or once if it isn't to be repeated; what is to be said of it.
    async fn try_item(&mut self, at: usize) -> Result<Verdict, Leave> {
        let retry = self.retry(at);
        let begun = Instant::now();
        loop {
            let came = self.type_item(at).await?;
            let verdict = self.judge(at, came);
            let holds = verdict.state == State::Holds;
            if holds || begun.elapsed() >= retry || self.cannot_type(at).is_some() {
                return Ok(verdict);
            }
            self.tell_verdict(at, Verdict::new(State::Runs, "not yet; it is run again"));
            let again = Instant::now() + RETRY_PAUSE;
            while !matches!(self.next(Some(again)).await?, Happening::Time) {}
        }
    }

    /// For how long the item's command is repeated, if it is.
    fn retry(&self, at: usize) -> Duration {
        let Some((step, nth)) = self.course.session(at) else {
            return Duration::ZERO;
        };
        let last = step.session.commands.iter().rposition(|c| c.runs);
        let retry = step.attributes.retry.filter(|_| last == Some(nth));
        retry.unwrap_or_default()
    }

    /// A command that was typed by hand runs: says what comes of it.
    pub(crate) async fn judge_by_hand(&mut self, at: usize) -> Result<(), Leave> {
        self.tell_verdict(at, Verdict::new(State::Runs, "runs"));
        let came = self.follow(at, true).await?;
        let verdict = self.judge(at, came);
        self.tell_verdict(at, verdict);
        Ok(())
    }

    /// Sees to it that the item can be typed: that what it needs is known, that the terminal is where it is typed, and that
    /// what isn't shown above it was done. Inside: why it can't.
    async fn prepare(&mut self, at: usize) -> Result<Result<(), String>, Leave> {
        let course = Arc::clone(&self.course);
        if let Some(need) = course.lacks(at, self.ledger.before(&course, at)) {
            return Ok(Err(format!(
                "not typed: it needs `{}`, which line {} prints; run that first",
                need.value, need.line
            )));
        }
        if let Some(why) = self.cannot_type(at) {
            return Ok(Err(format!("not typed: {why}")));
        }
        for before in unseen_before(&course, &self.ledger, at) {
            if let Err(why) = self.do_unseen(before).await? {
                return Ok(Err(format!(
                    "not typed: what the page does before it in line {} did not work: {why}",
                    course.line(before)
                )));
            }
        }
        Ok(Ok(()))
    }

    /// Why an item can't be typed where the terminal is, if so.
    fn cannot_type(&self, at: usize) -> Option<String> {
        let command = self.course.command(at)?;
        let shell = &self.shells[self.course.items[at].machine];
        if command.keys && command.prompt.is_empty() {
            let waits = shell.running.is_none();
            return waits.then(|| "nothing runs in the terminal that keys could be for".to_owned());
        }
        let wanted = command.program().map(|program| program.name.as_str());
        let is_in = shell.program().map(|program| program.name.as_str());
        match (wanted, is_in) {
            (None, None) => {
                let running = shell.running.as_ref()?;
                let line = running.line.lines().next().unwrap_or_default();
                Some(format!(
                    "`{line}` still runs in the terminal: wait for its end, or press Ctrl-C there"
                ))
            }
            (None, Some(open)) => Some(format!("the terminal is in {open}: leave it first")),
            (Some(program), _) if shell.open.len() != command.inside.len() || is_in != wanted => {
                let opener = command.program();
                let opener = opener.and_then(|program| self.course.opener(at, program));
                let opener = opener.map(|line| format!(": line {line} opens it"));
                Some(format!(
                    "{program} isn't open in the terminal{}",
                    opener.unwrap_or_default()
                ))
            }
            _ => None,
        }
    }

    /// Does an item that the page doesn't show. Inside: why it didn't work.
    async fn do_unseen(&mut self, at: usize) -> Result<Result<(), String>, Leave> {
        if self.course.items[at].what == What::Bring {
            return Ok(self.write(at).await);
        }
        if let Some(why) = self.cannot_type(at) {
            return Ok(Err(why));
        }
        let machine = self.course.items[at].machine;
        self.shells[machine].unseen = true;
        let verdict = self.try_item(at).await;
        // The machine may be gone, and the shells with it.
        if let Some(shell) = self.shells.get_mut(machine) {
            shell.unseen = false;
        }
        let verdict = verdict?;
        Ok(match verdict.state {
            State::Holds => Ok(()),
            _ => Err(verdict.said),
        })
    }

    /// Writes the file of an item, or unpacks its archive, where the shell stands.
    async fn write(&mut self, at: usize) -> Result<(), String> {
        let course = Arc::clone(&self.course);
        let machine = course.items[at].machine;
        let folder = self.shells[machine].live.cwd().await;
        let folder = folder.map_err(|error| error.to_string())?;
        let folder = folder.ok_or("the shell has ended")?;
        let Some(machines) = &self.machines else {
            return Ok(());
        };
        let machine = &machines.all()[machine];
        match &course.page.steps[course.items[at].step] {
            Step::File(file) => {
                let bindings = self.ledger.before(&course, at);
                let content = bindings.substitute_text(&file.content);
                let written =
                    PageMachine::write_file(machine, &folder, &file.path, content.as_bytes());
                written.await.map_err(|error| error.to_string())?;
            }
            Step::Archive(archive) => {
                let unpacked = unpack_archive(machine, &folder, archive).await;
                unpacked.map_err(|error| error.to_string())?;
            }
            _ => {}
        }
        self.ledger.did(at, String::new());
        Ok(())
    }

    /// Types the command of an item, and waits for what comes of it.
    async fn type_item(&mut self, at: usize) -> Result<Came, Leave> {
        let course = Arc::clone(&self.course);
        let Some(command) = course.command(at) else {
            return Ok(Came::NotRun);
        };
        let machine = course.items[at].machine;
        let shell = &mut self.shells[machine];
        let runs = shell.running.is_some();
        shell.forget_output();
        shell.printed = Instant::now();
        if command.keys {
            shell.write(&command.pressed()).await;
            return self.follow(at, runs).await;
        }
        let text = self.ledger.typed(&course, at).unwrap_or_default();
        let lines: Vec<&str> = text.split('\n').collect();
        for (n, line) in lines.iter().enumerate() {
            let first = n == 0 && !runs;
            let mut keys = if first { EMPTY_LINE } else { b"" }.to_vec();
            keys.extend(encode_line(line, b""));
            keys.push(b'\r');
            self.shells[machine].write(&keys).await;
            if n + 1 < lines.len() && !self.asks_for_more(command, machine).await? {
                return Ok(Came::NotRun);
            }
        }
        self.follow(at, runs).await
    }

    /// Waits until a further line of a command can be typed.
    async fn asks_for_more(&mut self, command: &Command, machine: usize) -> Result<bool, Leave> {
        let end = Instant::now() + ASKS;
        let program = command.program();
        loop {
            let until = (self.shells[machine].printed + QUIET).max(Instant::now() + QUIET / 4);
            match self.next(Some(until.min(end))).await? {
                Happening::Continues(of) if of == machine => return Ok(true),
                Happening::Prompt(of) | Happening::ShellEnded(of) if of == machine => {
                    return Ok(false);
                }
                // A shell that is open inside says so by its prompt, as others do.
                Happening::Time => {
                    let line = self.shells[machine].last_line();
                    let asks = |program| waiting(program, &line) == Some(Waiting::Line);
                    if program.is_some_and(|program| asks(program)) || Instant::now() >= end {
                        return Ok(true);
                    }
                }
                _ => {}
            }
        }
    }
}
