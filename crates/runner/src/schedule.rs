//! Which page runs when and where: on each host so many at a time, the longest first, each in a task of its own.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use seaworthy_page::{Page, Version};
use seaworthy_report as report;
use tokio::sync::{Notify, Semaphore};
use tokio::task::{JoinError, JoinSet};
use tokio::time::Instant;

use super::page::{self, Outcome, Ready};
use super::{Event, Observer, Options, page_holds, version};
use crate::host::{Host, HostError, MayBeLost, PageMachines};

/// The pages of a check, and what is still to be run.
struct Plan {
    pages: Vec<Arc<Page>>,
    options: Options,
    observer: Arc<dyn Observer>,
    work: Mutex<Work>,
    /// Wakes those who wait for a page when one is given back, when the last one ends, and when a host is lost.
    changed: Notify,
}

/// What is still to be done, and by how many.
struct Work {
    /// The pages that nobody has taken yet, as indices.
    waiting: VecDeque<usize>,
    /// How many pages have been taken and haven't ended: if their host is lost, they wait again.
    taken: usize,
    /// How many hosts are there that aren't lost.
    hosts: usize,
}

/// Where pages are run.
struct Berth<H: Host> {
    host: Arc<H>,
    /// The version of the engine inside the machines, if the host tells.
    inside: Option<Version>,
    /// How many pages run there at a time.
    jobs: usize,
    /// Who has it may run a page.
    turn: Semaphore,
    /// Why no further page is run there, once the host is lost.
    lost: OnceLock<String>,
}

/// What came of pages, by their indices.
type Outcomes = Vec<(usize, Outcome)>;

/// Runs `pages` on `hosts`; gives what came of each, in the pages' order, and why not all could be run to their end if no
/// host is left. The pages of a host that is lost are run by the others.
///
/// # Errors
/// What keeps any page from being run.
pub(super) async fn run<H: Host>(
    hosts: &[Arc<H>],
    pages: &[Arc<Page>],
    options: &Options,
    observer: &Arc<dyn Observer>,
) -> Result<(Vec<Outcome>, Option<String>), H::Error> {
    let berths = survey(hosts, pages, options).await?;
    let jobs = berths.iter().map(|berth| berth.jobs).sum();
    observer.event(&Event::Started { jobs });
    let there = berths.iter().filter(|berth| berth.lost.get().is_none());
    let plan = Arc::new(Plan {
        pages: pages.to_vec(),
        options: options.clone(),
        observer: Arc::clone(observer),
        work: Mutex::new(Work {
            waiting: queue(pages, &seconds(options.earlier.as_deref())),
            taken: 0,
            hosts: there.count(),
        }),
        changed: Notify::new(),
    });
    for berth in &berths {
        if let Some(why) = berth.lost.get() {
            plan.tell_lost(berth, why);
        }
    }
    let mut outcomes = lanes(&plan, &berths).await?;
    let mut lost = None;
    if plan.work().hosts == 0 {
        lost = berths.iter().find_map(|berth| berth.lost.get().cloned());
    }
    let left = std::mem::take(&mut plan.work().waiting);
    for at in left {
        let why = lost.as_deref().unwrap_or_default();
        let unfinished =
            |page: &Page| page::unfinished(page, why, (&options.root, observer.as_ref()));
        outcomes.push((at, told(&pages[at], observer.as_ref(), unfinished)));
    }
    outcomes.sort_by_key(|(at, _)| *at);
    Ok((
        outcomes.into_iter().map(|(_, outcome)| outcome).collect(),
        lost,
    ))
}

/// Asks each host what it carries. One that is lost already is left out, unless it was the last.
async fn survey<H: Host>(
    hosts: &[Arc<H>],
    pages: &[Arc<Page>],
    options: &Options,
) -> Result<Vec<Arc<Berth<H>>>, H::Error> {
    let mut berths = Vec::new();
    let mut trouble = None;
    for host in hosts {
        let look = async {
            let inside = host.engine_inside().await?;
            Ok((inside, jobs(host.as_ref(), pages, options).await?))
        };
        let (inside, jobs, lost) =
            match unless_lost(host.as_ref(), Instant::now(), same, look).await {
                Ok((inside, jobs)) => (inside, jobs.min(pages.len().max(1)), OnceLock::new()),
                Err(error) if error.is_lost() => {
                    let lost = OnceLock::from(error.to_string());
                    trouble.get_or_insert(error);
                    (None, 0, lost)
                }
                Err(error) => return Err(error),
            };
        berths.push(Arc::new(Berth {
            host: Arc::clone(host),
            inside: inside.and_then(|told| version::read(&told)),
            jobs,
            turn: Semaphore::new(jobs),
            lost,
        }));
    }
    match trouble {
        Some(error) if berths.iter().all(|berth| berth.jobs == 0) => Err(error),
        _ => Ok(berths),
    }
}

fn same<E>(error: E) -> E {
    error
}

/// How many pages run at a time on a host: as many as it carries, if the hungriest of them run together.
async fn jobs<H: Host>(
    host: &H,
    pages: &[Arc<Page>],
    options: &Options,
) -> Result<usize, H::Error> {
    if let Some(jobs) = options.jobs {
        return Ok(jobs.max(1));
    }
    let needs = |page: &Arc<Page>| {
        let machines = page.settings.machines.len().max(1) as u64;
        page.settings.limits.memory.saturating_mul(machines)
    };
    let memory = pages.iter().map(needs).max().unwrap_or_default();
    host.capacity(memory).await
}

/// The pages in the order in which they are begun, as indices: the longest first, by how many seconds they took last
/// time, so that none is left to run alone at the end. One of which that isn't known is taken for long.
fn queue(pages: &[Arc<Page>], seconds: &HashMap<&str, f64>) -> VecDeque<usize> {
    let mut order: Vec<_> = (0..pages.len()).collect();
    let took = |at: &usize| {
        let known = seconds.get(pages[*at].file.as_str());
        known.copied().unwrap_or(f64::MAX)
    };
    order.sort_by(|a, b| took(b).total_cmp(&took(a)));
    order.into()
}

/// How long each page took last time, in seconds, by its file.
fn seconds(earlier: Option<&report::Report>) -> HashMap<&str, f64> {
    let runs = earlier.into_iter().flat_map(|report| &report.runs);
    let pages = runs.flat_map(|run| &run.pages);
    pages
        .map(|page| (page.file.as_str(), page.seconds))
        .collect()
}

/// Runs all pages: on each host there is a task for each that may run, and one more, which has the machines of the page
/// ready that comes next.
///
/// # Errors
/// The first trouble that keeps any page from being run; it ends all tasks.
async fn lanes<H: Host>(plan: &Arc<Plan>, berths: &[Arc<Berth<H>>]) -> Result<Outcomes, H::Error> {
    let mut lanes = JoinSet::new();
    for berth in berths {
        for _ in 0..=berth.jobs {
            lanes.spawn(lane(Arc::clone(plan), Arc::clone(berth)));
        }
    }
    let mut outcomes = Vec::new();
    while let Some(lane) = lanes.join_next().await {
        match lane.map_err(JoinError::into_panic) {
            Ok(Ok(more)) => outcomes.extend(more),
            Ok(Err(error)) => {
                lanes.shutdown().await;
                return Err(error);
            }
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
    Ok(outcomes)
}

/// Runs one page after the other, until all have ended or the host is lost: then they are left for the others.
async fn lane<H: Host>(plan: Arc<Plan>, berth: Arc<Berth<H>>) -> Result<Outcomes, H::Error> {
    let mut outcomes = Vec::new();
    while let Some(at) = plan.next(&berth).await {
        match one(&plan, &berth, &plan.pages[at]).await? {
            Some(outcome) => {
                outcomes.push((at, outcome));
                plan.ended();
            }
            None => plan.give_back(at),
        }
    }
    Ok(outcomes)
}

/// One page, on machines that are started at once and run when it is the page's turn; nothing if its host is lost and
/// another one is to run it.
async fn one<H: Host>(
    plan: &Plan,
    berth: &Berth<H>,
    page: &Page,
) -> Result<Option<Outcome>, H::Error> {
    let observer = plan.observer.as_ref();
    let at = (plan.options.root.as_str(), observer);
    let unfit = version::unfit(page.settings.docker.as_ref(), berth.inside.as_ref());
    if unfit.is_some() || !page.runs() {
        let not_run = |page: &Page| page::not_run(page, unfit.as_deref(), at);
        return Ok(Some(told(page, observer, not_run)));
    }
    let starting = page::start(berth.host.as_ref(), page);
    let ready = unless_lost(berth.host.as_ref(), Instant::now(), same, starting).await;
    match ready {
        Ok(ready) => Ok(on_machines(plan, berth, page, ready).await),
        Err(error) if error.is_lost() => {
            let why = error.to_string();
            if plan.moves(berth, page, &why) {
                return Ok(None);
            }
            let unfinished = |page: &Page| page::unfinished(page, &why, at);
            Ok(Some(told(page, observer, unfinished)))
        }
        Err(error) if error.is_not_up() => {
            let not_begun = |page: &Page| page::not_begun(page, error.to_string(), at);
            Ok(Some(told(page, observer, not_begun)))
        }
        Err(error) => Err(error),
    }
}

/// A page whose machines are up, when its turn comes; nothing if its host is lost and another one is to run it.
async fn on_machines<H: Host>(
    plan: &Plan,
    berth: &Berth<H>,
    page: &Page,
    ready: Ready<H>,
) -> Option<Outcome> {
    let Plan {
        options, observer, ..
    } = plan;
    let host = berth.host.as_ref();
    // Nobody closes it.
    let turn = berth.turn.acquire().await;
    observer.event(&Event::PageStarted {
        page: page.file.clone(),
    });
    let running = page::run(host, page, &ready, options, observer.as_ref());
    let (mut outcome, lost) = running.await;
    if lost.is_some_and(|why| plan.moves(berth, page, &why)) {
        return None;
    }
    observer.event(&Event::page_ended(&outcome.report));
    drop(turn);
    if !host.is_lost() {
        let machines = ready.started.machines;
        leave(plan, berth, machines, &mut outcome).await;
    }
    Some(outcome)
}

/// Removes the machines of a page that has ended, or keeps them if that is wanted.
async fn leave<H: Host>(
    plan: &Plan,
    berth: &Berth<H>,
    machines: H::Machines,
    outcome: &mut Outcome,
) {
    let page = outcome.report.file.clone();
    if plan.options.keep_machine && !page_holds(&outcome.report) {
        let how = machines.keep();
        plan.observer.event(&Event::MachinesKept { page, how });
        return;
    }
    let removing = machines.remove();
    match unless_lost(berth.host.as_ref(), Instant::now(), same, removing).await {
        Ok(()) => {}
        // What the page showed stays true.
        Err(error) if error.is_lost() => plan.lose(berth, &error.to_string()),
        // Whatever the page has done to it: that is its own failure, and no other page's.
        Err(error) => {
            let why = error.to_string();
            page::add_error(&mut outcome.report, why.clone());
            plan.observer.event(&Event::MachinesStuck { page, why });
        }
    }
}

impl Plan {
    /// The page that `berth` begins next, as an index. While others run pages it waits: theirs come back if their host is
    /// lost. None if all have ended, or its own host is lost.
    async fn next<H: Host>(&self, berth: &Berth<H>) -> Option<usize> {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            // From here on, nothing that changes is missed.
            changed.as_mut().enable();
            if berth.lost.get().is_some() {
                return None;
            }
            {
                let mut work = self.work();
                if let Some(at) = work.waiting.pop_front() {
                    work.taken += 1;
                    return Some(at);
                }
                if work.taken == 0 {
                    return None;
                }
            }
            changed.await;
        }
    }

    /// A page that was taken has ended.
    fn ended(&self) {
        self.work().taken -= 1;
        self.changed.notify_waiters();
    }

    /// A page that was taken is for another host.
    fn give_back(&self, at: usize) {
        {
            let mut work = self.work();
            work.taken -= 1;
            work.waiting.push_front(at);
        }
        self.changed.notify_waiters();
    }

    /// The host of `berth` is lost, as `why` says, while it had `page`: whether another one is to run that.
    fn moves<H: Host>(&self, berth: &Berth<H>, page: &Page, why: &str) -> bool {
        self.lose(berth, why);
        let moves = self.work().hosts > 0;
        if moves {
            self.observer.event(&Event::PageMoved {
                page: page.file.clone(),
            });
        }
        moves
    }

    /// Notes that the host of `berth` is lost, as `why` says, and tells it if others go on.
    fn lose<H: Host>(&self, berth: &Berth<H>, why: &str) {
        if berth.lost.set(why.to_owned()).is_err() {
            return;
        }
        self.work().hosts -= 1;
        self.changed.notify_waiters();
        self.tell_lost(berth, why);
    }

    fn tell_lost<H: Host>(&self, berth: &Berth<H>, why: &str) {
        if self.work().hosts > 0 {
            self.observer.event(&Event::HostLost {
                host: berth.host.name(),
                why: why.to_owned(),
            });
        }
    }

    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What comes of `work`, which began at `begun`; or the loss of the host, if that comes first or explains why it failed.
pub(super) async fn unless_lost<H: Host, T, E: MayBeLost>(
    host: &H,
    begun: Instant,
    of_host: fn(H::Error) -> E,
    work: impl Future<Output = Result<T, E>> + Send,
) -> Result<T, E> {
    let outcome = tokio::select! {
        outcome = work => outcome,
        error = host.lost() => Err(of_host(error)),
    };
    if outcome.as_ref().is_err_and(|error| !error.is_lost()) {
        host.sound_since(begun).await.map_err(of_host)?;
    }
    outcome
}

/// What comes of a page that never gets to a machine, told as that of any other.
pub(super) fn told(
    page: &Page,
    observer: &dyn Observer,
    outcome: impl FnOnce(&Page) -> Outcome,
) -> Outcome {
    observer.event(&Event::PageStarted {
        page: page.file.clone(),
    });
    let outcome = outcome(page);
    observer.event(&Event::page_ended(&outcome.report));
    outcome
}
