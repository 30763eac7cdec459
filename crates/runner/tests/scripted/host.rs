//! A host without Docker: its machines are scripts, and it keeps a log of what is asked of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use seaworthy_report as report;
use seaworthy_runner::{
    Host, HostError, LimitHit, MayBeLost, PageMachine, PageMachines, Started, Wanted,
};
use seaworthy_terminal::Ran;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::shell::{FakePlace, HOME, Script};

/// Trouble with the fake host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FakeError {
    #[error("the host is lost: {0}")]
    Lost(String),
    #[error("the machine did not come up: {0}")]
    NotUp(String),
    #[error("broken: {0}")]
    Broken(String),
}

impl MayBeLost for FakeError {
    fn is_lost(&self) -> bool {
        matches!(self, Self::Lost(_))
    }
}

impl HostError for FakeError {
    fn is_not_up(&self) -> bool {
        matches!(self, Self::NotUp(_))
    }
}

/// What goes wrong, by the name of the machine with which it does.
#[derive(Clone, Default)]
pub(crate) struct Faults {
    pub(crate) start: BTreeMap<&'static str, FakeError>,
    pub(crate) remove: BTreeMap<&'static str, FakeError>,
    pub(crate) left: BTreeMap<&'static str, FakeError>,
    pub(crate) write: BTreeMap<&'static str, FakeError>,
    /// Looking at what this machine has left panics.
    pub(crate) panic: Option<&'static str>,
    pub(crate) limits: Vec<LimitHit>,
    /// Of the host itself, when it is asked what it carries.
    pub(crate) survey: Option<FakeError>,
}

/// A host that carries so many machines.
pub(crate) struct FakeHost {
    pub(crate) capacity: usize,
    pub(crate) script: Script,
    pub(crate) faults: Faults,
    /// What `docker network inspect` and `docker container inspect` print.
    pub(crate) networks: String,
    /// What each machine has left in it.
    pub(crate) left: Vec<String>,
    pub(crate) images: Vec<report::Image>,
    pub(crate) missing: BTreeMap<String, String>,
    pub(crate) pulled: Vec<report::Image>,
    /// How long its machines take to come up.
    pub(crate) starting: Duration,
    pub(crate) lost: watch::Sender<Option<String>>,
    pub(crate) log: Log,
}

/// What was asked of hosts and machines, in order.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn note(&self, what: impl Into<String>) {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.push(what.into());
    }

    pub(crate) fn all(&self) -> Vec<String> {
        let log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.clone()
    }

    /// Those that begin with `word`, without it.
    pub(crate) fn of(&self, word: &str) -> Vec<String> {
        let all = self.all();
        let those = all.iter().filter_map(|line| line.strip_prefix(word));
        those.map(|rest| rest.trim_start().to_owned()).collect()
    }
}

impl FakeHost {
    pub(crate) fn new(script: Script) -> Self {
        Self {
            capacity: 1,
            script,
            faults: Faults::default(),
            networks: "[] []".to_owned(),
            left: Vec::new(),
            images: Vec::new(),
            missing: BTreeMap::new(),
            pulled: Vec::new(),
            starting: Duration::ZERO,
            lost: watch::Sender::new(None),
            log: Log::default(),
        }
    }

    fn loss(&self) -> Option<FakeError> {
        self.lost.borrow().clone().map(FakeError::Lost)
    }
}

impl Host for FakeHost {
    type Place = FakePlace;
    type Machine = FakeMachine;
    type Machines = FakeMachines;
    type Error = FakeError;

    fn name(&self) -> String {
        format!("the host with {} places", self.capacity)
    }

    async fn engine_inside(&self) -> Result<Option<String>, FakeError> {
        match &self.faults.survey {
            Some(error) => Err(error.clone()),
            None => Ok(Some("28.5.2".to_owned())),
        }
    }

    async fn capacity(&self, memory: u64) -> Result<usize, FakeError> {
        self.log.note(format!("capacity {memory}"));
        Ok(self.capacity)
    }

    async fn start(&self, wanted: &Wanted<'_>) -> Result<Started<FakeMachines>, FakeError> {
        let mut machines = Vec::new();
        tokio::time::sleep(self.starting).await;
        for name in wanted.names {
            self.log.note(format!("start {name}"));
            if let Some(error) = self.faults.start.get(name.as_str()) {
                return Err(error.clone());
            }
            machines.push(FakeMachine {
                name: name.clone(),
                place: FakePlace {
                    script: Arc::new(self.script.clone()),
                    typed: Arc::default(),
                    gone: watch::Sender::new(false),
                    lost: self.lost.clone(),
                },
                networks: self.networks.clone(),
                left: self.left.clone(),
                faults: self.faults.clone(),
                log: self.log.clone(),
            });
        }
        Ok(Started {
            machines: FakeMachines(machines),
            images: self.images.clone(),
            missing: self.missing.clone(),
        })
    }

    fn pulled(&self) -> Vec<report::Image> {
        self.pulled.clone()
    }

    fn missing(&self) -> BTreeMap<String, String> {
        BTreeMap::new()
    }

    async fn lost(&self) -> FakeError {
        let mut lost = self.lost.subscribe();
        let why = lost.wait_for(Option::is_some).await.map(|why| why.clone());
        match why {
            Ok(why) => FakeError::Lost(why.unwrap_or_default()),
            Err(_) => std::future::pending().await,
        }
    }

    fn is_lost(&self) -> bool {
        self.lost.borrow().is_some()
    }

    async fn sound_since(&self, _: Instant) -> Result<(), FakeError> {
        self.loss().map_or(Ok(()), Err)
    }
}

pub(crate) struct FakeMachines(Vec<FakeMachine>);

impl PageMachines for FakeMachines {
    type Machine = FakeMachine;
    type Error = FakeError;

    fn all(&self) -> &[FakeMachine] {
        &self.0
    }

    async fn remove(self) -> Result<(), FakeError> {
        for machine in &self.0 {
            machine.log.note(format!("remove {}", machine.name));
            machine.fails(&machine.faults.remove)?;
        }
        Ok(())
    }

    fn keep(self) -> String {
        let names = self.0.iter().map(|machine| {
            machine.log.note(format!("keep {}", machine.name));
            machine.name.as_str()
        });
        format!("enter {}", names.collect::<Vec<_>>().join(" "))
    }
}

pub(crate) struct FakeMachine {
    name: String,
    place: FakePlace,
    networks: String,
    left: Vec<String>,
    faults: Faults,
    log: Log,
}

impl FakeMachine {
    fn fails(&self, faults: &BTreeMap<&'static str, FakeError>) -> Result<(), FakeError> {
        faults.get(self.name.as_str()).cloned().map_or(Ok(()), Err)
    }
}

impl PageMachine for FakeMachine {
    type Place = FakePlace;
    type Error = FakeError;

    const HOME: &'static str = HOME;

    fn name(&self) -> &str {
        &self.name
    }

    fn engine(&self) -> report::Engine {
        report::Engine {
            version: "28.5.2".to_owned(),
            api: "1.51".to_owned(),
        }
    }

    fn place(&self) -> FakePlace {
        self.place.clone()
    }

    async fn run(&self, words: &[&str], stdin: Vec<u8>) -> Result<Ran, FakeError> {
        let asks = words.iter().any(|word| word.contains("network inspect"));
        if !asks {
            let folder = words.last().copied().unwrap_or_default();
            let packed = !stdin.is_empty();
            self.log
                .note(format!("unpack {} {folder} {packed}", self.name));
        }
        self.fails(&self.faults.write)?;
        Ok(Ran {
            exit: i64::from(self.networks.is_empty()),
            stdout: self.networks.clone().into_bytes(),
            complaint: "it says nothing".to_owned(),
        })
    }

    async fn write_file(&self, directory: &str, path: &str, bytes: &[u8]) -> Result<(), FakeError> {
        let (name, text) = (&self.name, String::from_utf8_lossy(bytes));
        self.log
            .note(format!("write {name} {directory}/{path}: {}", text.trim()));
        self.fails(&self.faults.write)
    }

    async fn left(&self) -> Result<Vec<String>, FakeError> {
        assert!(self.faults.panic != Some(self.name.as_str()), "on purpose");
        self.fails(&self.faults.left)?;
        Ok(self.left.clone())
    }

    async fn state(&self) -> String {
        format!("the state of {}", self.name)
    }

    async fn limits_hit(&self) -> Vec<LimitHit> {
        self.faults.limits.clone()
    }
}
