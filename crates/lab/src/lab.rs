//! The lab: a book's pages, an engine that has machines for them, and the visits.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use seaworthy_page::Page;
use seaworthy_runner::{DockerHost, Host};
use seaworthy_terminal::token;
use tokio::sync::mpsc::{Sender, channel};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::client::Send;
use crate::message::Ask;
use crate::visit::{Incoming, Visit};

/// How many messages of browsers wait at a visit; then the browsers wait.
const INBOX: usize = 64;
/// How long it is waited for a machine that is removed for another page's.
const ROOM: Duration = Duration::from_secs(20);

/// How a lab is.
#[derive(Clone, Debug)]
pub struct LabOptions {
    /// The name under which browsers reach it, with its port: `127.0.0.1:3000`.
    pub host: String,
    /// After so long without anything done by a person, a page's machines are removed.
    pub idle: Duration,
    /// Is told what went wrong and stops nothing.
    pub warn: fn(&str),
}

/// A book's pages with machines behind them. [`Lab::end`] ends all visits.
#[derive(Clone)]
pub struct Lab {
    pub(crate) shared: Arc<Shared>,
    visits: Arc<Mutex<HashMap<usize, Visiting>>>,
    pages: Arc<Vec<Arc<Page>>>,
    tabs: Arc<AtomicU64>,
    token: Arc<str>,
}

/// What visits share.
pub(crate) struct Shared {
    pub(crate) host: DockerHost,
    pub(crate) options: LabOptions,
    /// How many machines there may be at a time.
    most: usize,
    places: Mutex<Vec<Arc<Place>>>,
}

/// A visit, as others know it.
struct Visiting {
    inbox: Sender<Incoming>,
    work: JoinHandle<()>,
}

/// What a visit takes up, for those that have to make room.
pub(crate) struct Place {
    state: Mutex<Taken>,
    inbox: Sender<Incoming>,
}

#[derive(Clone, Copy)]
struct Taken {
    machines: usize,
    tabs: usize,
    used: Instant,
}

impl Lab {
    /// A lab of `pages`, whose machines are made by `run` as `host` says.
    ///
    /// # Errors
    /// Why the engine can't be asked how many machines it carries.
    pub async fn new(
        host: DockerHost,
        pages: Vec<Page>,
        options: LabOptions,
    ) -> Result<Self, seaworthy_machine::MachineError> {
        let memory = pages.iter().map(|page| page.settings.limits.memory).max();
        let most = host.capacity(memory.unwrap_or(1)).await?;
        Ok(Self {
            shared: Arc::new(Shared {
                host,
                options,
                most,
                places: Mutex::default(),
            }),
            visits: Arc::default(),
            pages: Arc::new(pages.into_iter().map(Arc::new).collect()),
            tabs: Arc::default(),
            // Twice 64 bits: nobody guesses that.
            token: (token() + &token()).into(),
        })
    }

    /// What a browser must show to be let in: it stands in the address that is told at the start, and nowhere else.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// How many machines there may be at a time.
    #[must_use]
    pub fn most(&self) -> usize {
        self.shared.most
    }

    /// Ends all visits, with their machines; the run must be ended all the same.
    pub async fn end(&self) {
        let visits: Vec<_> = lock(&self.visits).drain().map(|(_, visit)| visit).collect();
        lock(&self.shared.places).clear();
        for Visiting { inbox, work } in visits {
            // One that has ended already misses nothing.
            let _ = inbox.send(Incoming::End).await;
            // What a task of ours panicked with was told on stderr.
            let _ = work.await;
        }
    }

    /// The page that has one of these sessions; none if they are of several pages, as on a page for printing.
    pub(crate) fn page_of(&self, sessions: &[String]) -> Option<usize> {
        let mut found = (0..self.pages.len()).filter(|at| {
            let mut ids = self.pages[*at].sessions().map(|step| &step.id);
            ids.any(|id| sessions.contains(id))
        });
        let page = found.next()?;
        found.next().is_none().then_some(page)
    }

    /// A number for a further tab.
    pub(crate) fn tab(&self) -> u64 {
        self.tabs.fetch_add(1, Ordering::Relaxed)
    }

    /// The way to the visit of a page, which begins if there is none.
    pub(crate) fn visit(&self, page: usize) -> Sender<Incoming> {
        let mut visits = lock(&self.visits);
        visits.retain(|_, visit| !visit.inbox.is_closed());
        let visit = visits.entry(page).or_insert_with(|| {
            let (inbox, receiver) = channel(INBOX);
            let place = Arc::new(Place {
                state: Mutex::new(Taken {
                    machines: 0,
                    tabs: 1,
                    used: Instant::now(),
                }),
                inbox: inbox.clone(),
            });
            lock(&self.shared.places).push(Arc::clone(&place));
            let visit = Visit::new(Arc::clone(&self.shared), &self.pages[page], receiver, place);
            Visiting {
                inbox,
                work: tokio::spawn(Box::pin(visit.run())),
            }
        });
        visit.inbox.clone()
    }
}

impl Shared {
    /// Takes room for so many machines. If there is none, the visit that nobody looks at for the longest time gives up its
    /// own.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub(crate) async fn room(&self, place: &Arc<Place>, machines: usize) -> Result<(), String> {
        let end = Instant::now() + ROOM;
        loop {
            if self.take(place, machines) {
                return Ok(());
            }
            let unseen = self.longest_unseen(place);
            let (Some(unseen), true) = (unseen, Instant::now() < end) else {
                return Err(format!(
                    "no machine: this engine carries {} at a time, and as many are in use; stop the one of another page",
                    self.most
                ));
            };
            // One that ends by itself gives up its machines as well.
            let _ = unseen.inbox.send(Incoming::Asked(0, Ask::Stop)).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn take(&self, place: &Arc<Place>, machines: usize) -> bool {
        let places = lock(&self.places);
        let all: usize = places.iter().map(|place| lock(&place.state).machines).sum();
        // A page with more machines than the engine should carry has it for itself.
        let fits = all == 0 || all + machines <= self.most;
        if fits {
            lock(&place.state).machines = machines;
        }
        fits
    }

    fn longest_unseen(&self, mine: &Arc<Place>) -> Option<Arc<Place>> {
        let places = lock(&self.places);
        let others = places.iter().filter(|place| !Arc::ptr_eq(place, mine));
        let unseen = others.filter(|place| {
            let taken = *lock(&place.state);
            taken.machines > 0 && taken.tabs == 0
        });
        unseen.min_by_key(|place| lock(&place.state).used).cloned()
    }

    /// The machines of a visit are gone.
    pub(crate) fn give_back(&self, place: &Arc<Place>) {
        lock(&place.state).machines = 0;
        lock(&self.places).retain(|place| !place.inbox.is_closed());
    }
}

impl Place {
    /// Takes note of how many tabs look at the visit, and when somebody did something last.
    pub(crate) fn note(&self, tabs: usize, used: Instant) {
        let mut state = lock(&self.state);
        (state.tabs, state.used) = (tabs, used);
    }
}

/// Whatever a panic has left, it is only counted here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is sent to a tab, for those who open one.
pub(crate) type ToTab = tokio::sync::mpsc::UnboundedReceiver<Send>;
