//! The machines of a visit: how they come and go.

use std::sync::Arc;

use seaworthy_machine::{HOME, Machines};
use seaworthy_runner::{Host, PageMachine, Wanted, copy_folder, machine_names};
use seaworthy_terminal::{LiveOutput, Terminal, TerminalOptions};
use tokio::sync::mpsc::{Sender, channel};

use crate::course::Course;
use crate::ledger::Ledger;
use crate::message::{MachineState, Tell};
use crate::shell::Shell;
use crate::visit::{Leave, Printed, Visit};

/// How many pieces of output wait to be looked at; then the shells wait.
const PIECES: usize = 16;

impl Visit {
    /// Has the page's machines started, and shells opened on them.
    pub(crate) async fn start(&mut self) -> Result<(), Leave> {
        self.tell_state(MachineState::Starting, "a fresh machine is being started");
        let count = machine_names(&self.course.page).len();
        let room = self.lab.room(&self.place, count).await;
        room.map_err(Leave::Lost)?;
        let lab = Arc::clone(&self.lab);
        let page = Arc::clone(&self.course.page);
        // To its end, whatever is asked for meanwhile: half a start would leave a machine behind.
        let mut starting = tokio::spawn(async move {
            let wanted = Wanted {
                names: &machine_names(&page),
                images: &page.images,
                limits: &page.settings.limits,
            };
            lab.host.start(&wanted).await
        });
        let mut left = None;
        let started = loop {
            tokio::select! {
                started = &mut starting => break started,
                incoming = self.inbox.recv(), if left != Some(Leave::Over) => {
                    left = match incoming {
                        None => Some(Leave::Over),
                        Some(incoming) => self.take(incoming).await.err().or(left),
                    };
                }
            }
        };
        match started {
            Ok(Ok(started)) => self.machines = Some(started.machines),
            Ok(Err(error)) => return Err(Leave::Lost(format!("no machine: {error}"))),
            Err(error) => return Err(Leave::Lost(format!("no machine: {error}"))),
        }
        if let Some(left) = left {
            return Err(left);
        }
        let opened = self.open().await;
        opened.map_err(|why| Leave::Lost(format!("no shell: {why}")))?;
        self.tell_state(MachineState::Ready, "");
        let ids: Vec<u64> = self.clients.ids();
        for id in ids {
            self.show_screens(id);
        }
        Ok(())
    }

    /// Gives the machines what the page brings, and opens their shells.
    async fn open(&mut self) -> Result<(), String> {
        let Some(machines) = &self.machines else {
            return Ok(());
        };
        let version = machines.all().first().map(PageMachine::engine);
        let version = version.map_or(String::new(), |engine| engine.version);
        let course = Course::new(&self.course.page, &version);
        self.ledger = Ledger::new(course.items.len());
        self.course = Arc::new(course);
        let (sender, output) = channel(PIECES);
        self.output = Some(output);
        for machine in machines.all() {
            for folder in &self.course.page.copied {
                let copied = copy_folder(machine, HOME, folder).await;
                copied.map_err(|error| error.to_string())?;
            }
        }
        for at in 0..machines.all().len() {
            let shell = open_shell(machines, at, self.size, &sender).await?;
            self.shells.push(shell);
        }
        self.sender = Some(sender);
        let page = self.page();
        self.clients.tell(&page);
        Ok(())
    }

    /// Opens a new shell in the place of one that has ended.
    pub(crate) async fn reopen(&mut self, machine: usize) -> Result<(), String> {
        let (Some(machines), Some(sender)) = (&self.machines, &self.sender) else {
            return Ok(());
        };
        let mut new = open_shell(machines, machine, self.size, sender).await?;
        let old = self.shells[machine].screen();
        new.prints(&old, 0);
        self.shells[machine] = new;
        Ok(())
    }

    /// Removes the machines with all that is on them. What was said of the page's commands counts no more.
    pub(crate) async fn leave_machines(&mut self) {
        self.output = None;
        self.sender = None;
        self.shells.clear();
        self.pending.clear();
        self.waiting.clear();
        self.ledger = Ledger::new(self.course.items.len());
        self.clients.tell(&Tell::Fresh);
        self.clients.tell(&Tell::Screen);
        let Some(machines) = self.machines.take() else {
            self.lab.give_back(&self.place);
            return;
        };
        self.tell_state(MachineState::Starting, "the machine is being removed");
        if let Err(error) = machines.remove().await {
            // The end of the lab removes it, or says why it can't.
            (self.lab.options.warn)(&format!("a machine couldn't be removed yet: {error}"));
        }
        self.lab.give_back(&self.place);
    }
}

/// Opens a shell on a machine, whose output comes by `sender`.
async fn open_shell(
    machines: &Machines,
    at: usize,
    (columns, rows): (u16, u16),
    sender: &Sender<Printed>,
) -> Result<Shell, String> {
    let options = TerminalOptions {
        columns,
        rows,
        directory: Some(HOME.to_owned()),
        environment: vec!["TERM=xterm-256color".to_owned()],
        person: true,
        ..TerminalOptions::default()
    };
    let terminal = Terminal::open(machines.all()[at].place(), &options).await;
    let (live, output) = terminal.map_err(|error| error.to_string())?.live().await;
    tokio::spawn(read(at, output, sender.clone()));
    Ok(Shell::new(live))
}

/// Passes on what a shell prints, until it ends or nobody listens.
async fn read(
    at: usize,
    mut output: LiveOutput<seaworthy_machine::ContainerPlace>,
    sender: Sender<Printed>,
) {
    loop {
        let said = output.read().await;
        let ended = said.is_none();
        if sender.send((at, said)).await.is_err() || ended {
            return;
        }
    }
}
