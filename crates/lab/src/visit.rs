//! A visit: a page that is open in a browser, with the page's machines. One task does everything about it, one thing after
//! the other; whatever it waits for, keys and output are passed on meanwhile ([`pump`](crate::pump)).

use std::collections::VecDeque;
use std::sync::Arc;

use seaworthy_console::Command;
use seaworthy_machine::Machines;
use seaworthy_page::Page;
use seaworthy_runner::machine_names;
use seaworthy_terminal::Said;
use tokio::sync::mpsc::{Receiver, Sender, UnboundedSender};
use tokio::time::Instant;

use crate::client::{Clients, Send};
use crate::course::{Course, What};
use crate::lab::{Place, Shared};
use crate::ledger::Ledger;
use crate::message::{Ask, MachineState, Runnable, State, Tell, Verdict};
use crate::pump::Happening;
use crate::shell::Shell;

/// What reaches a visit from the browsers.
#[derive(Debug)]
pub(crate) enum Incoming {
    /// A further tab, by its number.
    Come(u64, UnboundedSender<Send>),
    /// A tab has gone.
    Gone(u64),
    /// Keys were pressed in a tab, in the terminal of a machine.
    Keys(u64, usize, Vec<u8>),
    /// A tab asks for something.
    Asked(u64, Ask),
    /// The lab ends.
    End,
}

/// Why a visit leaves its machines.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Leave {
    /// It was asked to.
    Stop,
    /// For fresh ones.
    StartOver,
    /// For fresh ones, on which everything is run above that session.
    Bring(String),
    /// They can't be used any more, or nobody uses them, as it says.
    Lost(String),
    /// The lab ends.
    Over,
}

/// What one visit prints in its shells: the number of the machine, and nothing at the end.
pub(crate) type Printed = (usize, Option<Vec<Said>>);

/// A page that is open.
pub(crate) struct Visit {
    pub(crate) lab: Arc<Shared>,
    pub(crate) course: Arc<Course>,
    pub(crate) ledger: Ledger,
    pub(crate) clients: Clients,
    pub(crate) inbox: Receiver<Incoming>,
    pub(crate) output: Option<Receiver<Printed>>,
    /// For a further shell.
    pub(crate) sender: Option<Sender<Printed>>,
    /// What was read from the shells and not looked at yet.
    pub(crate) pending: VecDeque<(usize, Option<Said>)>,
    pub(crate) machines: Option<Machines>,
    pub(crate) shells: Vec<Shell>,
    pub(crate) state: (MachineState, String),
    /// What was asked for and not done yet, by items.
    pub(crate) waiting: VecDeque<Vec<usize>>,
    /// The size of the terminals: columns, rows.
    pub(crate) size: (u16, u16),
    /// When a person did something last.
    pub(crate) used: Instant,
    pub(crate) place: Arc<Place>,
}

impl Visit {
    pub(crate) fn new(
        lab: Arc<Shared>,
        page: &Arc<Page>,
        inbox: Receiver<Incoming>,
        place: Arc<Place>,
    ) -> Self {
        let course = Arc::new(Course::new(page, ""));
        Self {
            ledger: Ledger::new(course.items.len()),
            course,
            lab,
            clients: Clients::default(),
            inbox,
            output: None,
            sender: None,
            pending: VecDeque::new(),
            machines: None,
            shells: Vec::new(),
            state: (MachineState::Stopped, String::new()),
            waiting: VecDeque::new(),
            size: (80, 24),
            used: Instant::now(),
            place,
        }
    }

    /// Everything about the visit, until nobody looks at it any more or the lab ends. Its machines are removed then.
    pub(crate) async fn run(mut self) {
        let mut bring = None;
        loop {
            let left = match self.work(bring.take()).await {
                Ok(never) => match never {},
                Err(left) => left,
            };
            self.leave_machines().await;
            let why = match left {
                Leave::Over => return,
                Leave::StartOver => continue,
                Leave::Bring(session) => {
                    bring = Some(session);
                    continue;
                }
                Leave::Stop => "the machine was stopped, and all that was on it is gone".to_owned(),
                Leave::Lost(why) => why,
            };
            self.tell_state(MachineState::Stopped, &why);
            match self.rest().await {
                Leave::Over | Leave::Lost(_) => return,
                Leave::Bring(session) => bring = Some(session),
                Leave::Stop | Leave::StartOver => {}
            }
        }
    }

    /// Without machines, until something is asked for that needs them, or nobody is there.
    async fn rest(&mut self) -> Leave {
        while self.clients.count() > 0 {
            let Some(incoming) = self.inbox.recv().await else {
                return Leave::Over;
            };
            match self.take(incoming).await {
                Ok(true) => return Leave::StartOver,
                Ok(false) | Err(Leave::Stop) => {}
                Err(left) => return left,
            }
        }
        Leave::Over
    }

    /// Starts machines, and does what is asked for.
    async fn work(&mut self, bring: Option<String>) -> Result<std::convert::Infallible, Leave> {
        self.used = Instant::now();
        self.start().await?;
        if let Some(session) = bring {
            self.bring(&session).await?;
        }
        loop {
            if let Some(items) = self.waiting.pop_front() {
                self.run_items(&items).await?;
                continue;
            }
            if let Happening::Begins(machine) = self.next(None).await? {
                let line = self.shells[machine].running.as_ref();
                let line = line.map(|running| running.line.clone());
                if let Some(at) = line.and_then(|line| self.typed_by_hand(machine, &line)) {
                    self.judge_by_hand(at).await?;
                }
            }
        }
    }

    /// Which command of the page a line is that was typed by hand.
    fn typed_by_hand(&mut self, machine: usize, line: &str) -> Option<usize> {
        let course = Arc::clone(&self.course);
        let from = self.ledger.at;
        let typed: Vec<_> = (0..course.items.len())
            .map(|at| self.ledger.typed(&course, at))
            .collect();
        let ledger = &self.ledger;
        course.matching(
            machine,
            line,
            from,
            |at| typed[at].clone(),
            |at| ledger.is_done(at),
        )
    }

    /// Runs everything that stands above a session, shown or not.
    async fn bring(&mut self, session: &str) -> Result<(), Leave> {
        let first = self.course.of_session(session).first().copied();
        for at in 0..first.unwrap_or_default() {
            let typed = matches!(self.course.items[at].what, What::Type(_));
            let seen = typed && !self.course.items[at].unseen;
            if seen && !self.run_item(at).await? {
                break;
            }
        }
        Ok(())
    }

    async fn run_items(&mut self, items: &[usize]) -> Result<(), Leave> {
        for (n, at) in items.iter().enumerate() {
            if !self.run_item(*at).await? {
                for at in &items[n + 1..] {
                    let why = "not run: what stands above it differs";
                    self.tell_verdict(*at, Verdict::new(State::NotTyped, why));
                }
                break;
            }
        }
        Ok(())
    }

    /// Takes what comes from a browser. Whether something was asked for that is to be run.
    pub(crate) async fn take(&mut self, incoming: Incoming) -> Result<bool, Leave> {
        match incoming {
            Incoming::Come(id, sender) => {
                self.clients.add(id, sender);
                self.tell_all(id);
            }
            Incoming::Gone(id) => self.clients.remove(id),
            Incoming::Keys(id, machine, keys) => {
                self.used = Instant::now();
                self.clients.lead(id);
                if let Some(shell) = self.shells.get_mut(machine).filter(|shell| !shell.unseen) {
                    // Who has ended is told by its output.
                    shell.write(&keys).await;
                }
            }
            Incoming::Asked(id, ask) => return self.asked(id, ask).await,
            Incoming::End => return Err(Leave::Over),
        }
        Ok(false)
    }

    async fn asked(&mut self, id: u64, ask: Ask) -> Result<bool, Leave> {
        match ask {
            Ask::Hello { .. } => {}
            Ask::Size {
                machine,
                columns,
                rows,
            } => {
                self.size = (columns.clamp(20, 500), rows.clamp(5, 200));
                if self.clients.leads(id)
                    && let Some(shell) = self.shells.get(machine)
                {
                    // A shell that is over can't have a size: its output says so.
                    let _ = shell.live.resize(self.size.0, self.size.1).await;
                }
            }
            Ask::Drawn { bytes } => {
                if self.clients.drew(id, bytes) {
                    self.show_screens(id);
                }
            }
            Ask::Run { session, nth } => {
                let item = self.course.find(&session, nth);
                return Ok(self.wanted(item.into_iter().collect()));
            }
            Ask::RunSession { session } => {
                return Ok(self.wanted(self.course.of_session(&session)));
            }
            Ask::Bring { session } => return Err(Leave::Bring(session)),
            Ask::StartOver => return Err(Leave::StartOver),
            Ask::Stop => return Err(Leave::Stop),
        }
        Ok(false)
    }

    /// Takes note that items are to be run; those that a browser can name, and none that wait already.
    fn wanted(&mut self, mut items: Vec<usize>) -> bool {
        self.used = Instant::now();
        let waiting: Vec<usize> = self.waiting.iter().flatten().copied().collect();
        items.retain(|at| !self.course.items[*at].unseen && !waiting.contains(at));
        for at in &items {
            self.tell_verdict(*at, Verdict::new(State::Waits, "waits"));
        }
        let any = !items.is_empty();
        if any {
            self.waiting.push_back(items);
        }
        any
    }

    /// Tells a new tab everything.
    fn tell_all(&mut self, id: u64) {
        let tell = self.page();
        self.clients.tell_one(id, tell);
        let (state, why) = self.state.clone();
        self.clients.tell_one(id, Tell::Machines { state, why });
        for at in 0..self.course.items.len() {
            if let Some(tell) = self.verdict(at) {
                self.clients.tell_one(id, tell);
            }
        }
        let values = self.ledger.values(&self.course);
        self.clients.tell_one(id, Tell::Values { values });
        self.show_screens(id);
    }

    pub(crate) fn show_screens(&mut self, id: u64) {
        let screens: Vec<_> = self.shells.iter().map(Shell::screen).collect();
        self.clients.show_all(id, &screens);
    }

    /// What there is on the page.
    pub(crate) fn page(&self) -> Tell {
        let course = &self.course;
        let commands = (0..course.items.len()).filter(|at| !course.items[*at].unseen);
        let commands = commands.filter_map(|at| {
            let (step, nth) = course.session(at)?;
            Some(Runnable {
                session: step.id.clone(),
                nth,
                machine: course.items[at].machine,
            })
        });
        Tell::Page {
            machines: machine_names(&course.page),
            commands: commands.collect(),
        }
    }

    fn verdict(&self, at: usize) -> Option<Tell> {
        let verdict = self.ledger.verdicts[at].clone()?;
        let (step, nth) = self.course.session(at)?;
        (!self.course.items[at].unseen).then(|| Tell::Verdict {
            session: step.id.clone(),
            nth,
            verdict,
        })
    }

    pub(crate) fn tell_verdict(&mut self, at: usize, verdict: Verdict) {
        self.ledger.verdicts[at] = Some(verdict);
        if let Some(tell) = self.verdict(at) {
            self.clients.tell(&tell);
        }
    }

    pub(crate) fn tell_values(&mut self) {
        let values = self.ledger.values(&self.course);
        self.clients.tell(&Tell::Values { values });
    }

    pub(crate) fn tell_state(&mut self, state: MachineState, why: &str) {
        self.state = (state, why.to_owned());
        let why = why.to_owned();
        self.clients.tell(&Tell::Machines { state, why });
    }

    /// The author's line of an item's command, and the command in short.
    pub(crate) fn described(&self, at: usize) -> String {
        let line = self.course.line(at);
        match self.course.command(at).map(Command::text) {
            Some(text) => format!(
                "line {line} (`{}`)",
                text.lines().next().unwrap_or_default()
            ),
            None => format!("line {line}"),
        }
    }
}
