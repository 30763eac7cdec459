//! What happens next in a visit, whatever it is doing: output and keys are passed on, what is asked for is kept, and what
//! somebody may wait for is told.

use std::time::Duration;

use seaworthy_runner::Host;
use seaworthy_terminal::{End, Said};
use tokio::time::Instant;

use crate::shell::Running;
use crate::visit::{Leave, Printed, Visit};

/// How often it is looked whether anybody is still there, in case nothing else happens.
const TICK: Duration = Duration::from_secs(1);

/// Something that happened.
#[derive(Debug)]
pub(crate) enum Happening {
    /// A command begins in the shell of that machine.
    Begins(usize),
    /// That shell waits for a further line of a command.
    Continues(usize),
    /// A command has ended there, with its exit code and that of the one before.
    Ended(usize, Running, Option<i32>, i32),
    /// A prompt is shown there, and nothing ran.
    Prompt(usize),
    /// That shell has ended; there is another one.
    ShellEnded(usize),
    /// Something was asked for.
    Asked,
    /// It is time.
    Time,
}

impl Visit {
    /// Waits for what happens next, but no longer than `until`.
    ///
    /// # Errors
    /// If the machines are to be left.
    pub(crate) async fn next(&mut self, until: Option<Instant>) -> Result<Happening, Leave> {
        loop {
            if let Some(happening) = self.looked_at().await? {
                return Ok(happening);
            }
            // Without an end to wait for, the tick is sooner.
            let tick = Instant::now() + TICK;
            let until = until.unwrap_or(tick + TICK);
            let waits = self.clients.waits();
            let Self {
                inbox, output, lab, ..
            } = self;
            let printed = async {
                match output {
                    Some(output) => output.recv().await,
                    None => None,
                }
            };
            tokio::select! {
                Some(printed) = printed, if !waits => self.keep(printed),
                incoming = inbox.recv() => {
                    let incoming = incoming.ok_or(Leave::Over)?;
                    if self.take(incoming).await? {
                        return Ok(Happening::Asked);
                    }
                }
                error = lab.host.lost() => {
                    return Err(Leave::Lost(format!("the engine is lost: {error}")));
                }
                () = tokio::time::sleep_until(until) => return Ok(Happening::Time),
                () = tokio::time::sleep_until(tick) => self.look_for_people()?,
            }
        }
    }

    fn keep(&mut self, (machine, said): Printed) {
        match said {
            Some(said) => {
                let said = said.into_iter().map(|said| (machine, Some(said)));
                self.pending.extend(said);
            }
            None => self.pending.push_back((machine, None)),
        }
    }

    /// Looks at what was read, up to the first thing that is worth telling.
    async fn looked_at(&mut self) -> Result<Option<Happening>, Leave> {
        while let Some((machine, said)) = self.pending.pop_front() {
            let Some(said) = said else {
                return self.shell_ended(machine).await.map(Some);
            };
            if let Some(happening) = self.look_at(machine, said) {
                return Ok(Some(happening));
            }
        }
        Ok(None)
    }

    fn look_at(&mut self, machine: usize, said: Said) -> Option<Happening> {
        let limit = self.course.page.settings.limits.output;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let shell = &mut self.shells[machine];
        match said {
            Said::Text(bytes) => {
                shell.prints(&bytes, limit);
                if !shell.unseen {
                    self.clients
                        .show(u8::try_from(machine).unwrap_or(u8::MAX), &bytes);
                }
                None
            }
            Said::Line(line) => {
                shell.line = line;
                None
            }
            Said::Begins => {
                shell.running = Some(Running {
                    line: std::mem::take(&mut shell.line),
                    ..Running::default()
                });
                Some(Happening::Begins(machine))
            }
            Said::Continues => Some(Happening::Continues(machine)),
            Said::Prompt { code, stamp } => {
                let again = shell.stamp == stamp;
                shell.stamp = stamp;
                let Some(running) = shell.running.take() else {
                    return (!again).then_some(Happening::Prompt(machine));
                };
                shell.open.clear();
                let before = shell.code;
                shell.code = code.unwrap_or(before);
                Some(Happening::Ended(machine, running, code, before))
            }
        }
    }

    /// A shell has ended: by itself, and another one takes its place, or with its machine.
    async fn shell_ended(&mut self, machine: usize) -> Result<Happening, Leave> {
        match self.shells[machine].live.end().await {
            Ok(End::Shell(code)) => {
                let said = format!("\r\n[the shell has ended with {code}; this is a new one]\r\n");
                self.shells[machine].prints(said.as_bytes(), 0);
                let reopened = self.reopen(machine).await;
                reopened.map_err(|why| Leave::Lost(format!("no shell: {why}")))?;
                self.clients
                    .show(u8::try_from(machine).unwrap_or(u8::MAX), said.as_bytes());
                Ok(Happening::ShellEnded(machine))
            }
            Ok(End::Place(why)) => Err(Leave::Lost(format!("the machine is gone: {why}"))),
            Err(error) => Err(Leave::Lost(format!("the machine is gone: {error}"))),
        }
    }

    /// Leaves the machines if nobody has done anything for long.
    fn look_for_people(&mut self) -> Result<(), Leave> {
        self.place.note(self.clients.count(), self.used);
        let idle = self.lab.options.idle;
        if self.used.elapsed() > idle {
            let minutes = idle.as_secs().div_ceil(60);
            return Err(Leave::Lost(format!(
                "the machine was removed: nobody used it for {minutes} min"
            )));
        }
        Ok(())
    }
}
