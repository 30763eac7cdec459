//! One run of the tool: what it makes on the outer engine belongs to it and goes with it.

use super::liveness::{self, Lock};
use super::mirror::{self, Mirror, Pulled};
use super::network::{Network, Networks};
use super::prepared::Preparations;
use super::probe::{Trial, try_out};
use super::seal::seal;
use super::start::{Plan, Purpose, Way};
use super::sweep::sweep;
use super::{MachineError, MachineOptions};
use crate::engine::api::VolumeCreateRequest;
use crate::engine::{Engine, labels};
use seaworthy_terminal::token;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::{Mutex, RwLock};

/// How long a run that was dropped without [`Run::end`] (a panic) may spend on cleaning up.
const DROP_TIME: Duration = Duration::from_secs(30);

/// A run: its id is on everything that it makes. Share it as `Arc<Run>`; call [`Run::end`] at the end, whatever
/// happened. Dropping it without (a panic) cleans up too, blocking, as well as it can.
#[derive(Debug)]
pub struct Run {
    shared: Arc<Shared>,
}

#[derive(Debug)]
pub(super) struct Shared {
    engine: Engine,
    id: String,
    labels: HashMap<String, String>,
    networks: Networks,
    mirror: Mirror,
    pub(super) preparations: Preparations,
    way: Mutex<Option<Way>>,
    /// Whether the run has ended. Whoever makes something holds it for reading meanwhile, so that the end sees all.
    ended: RwLock<bool>,
    /// Whether the engine is taken to be lost: nothing on it can be removed then.
    lost: AtomicBool,
    /// The ids of what stays when the run ends.
    kept: std::sync::Mutex<HashSet<String>>,
    /// Held until everything is removed.
    lock: std::sync::Mutex<Option<Lock>>,
}

impl Run {
    /// Begins a run: from here on other processes see that it lives. Makes nothing on the engine yet.
    pub async fn begin(engine: &Engine) -> Result<Run, MachineError> {
        let id = token();
        let lock = Lock::take(&id)?;
        let started = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        let labels = [
            (labels::RUN, id.clone()),
            (labels::HOST, liveness::host()),
            (labels::LOCK, lock.path().to_string_lossy().into_owned()),
            (labels::STARTED, started.to_string()),
        ];
        let shared = Shared {
            engine: engine.clone(),
            id,
            labels: labels
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            networks: Networks::default(),
            mirror: Mirror::default(),
            preparations: Preparations::default(),
            way: Mutex::new(None),
            ended: RwLock::new(false),
            lost: AtomicBool::new(false),
            kept: std::sync::Mutex::default(),
            lock: std::sync::Mutex::new(Some(lock)),
        };
        Ok(Run {
            shared: Arc::new(shared),
        })
    }

    /// The run's id: the value of the label `seaworthy.run`.
    pub fn id(&self) -> &str {
        &self.shared.id
    }

    /// The outer engine.
    pub fn engine(&self) -> &Engine {
        &self.shared.engine
    }

    /// What marks this run's objects.
    pub(super) fn labels(&self) -> Vec<(&str, &str)> {
        let labels = self.shared.labels.iter();
        labels
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    /// Removes everything that this run has made and ends it: no machine starts any more. Waits for those that are
    /// just being created. What can't be removed belongs to a dead run from here on, so that [`clean`](super::clean)
    /// gets it later. May be called again; after a failure it tries again.
    pub async fn end(&self) -> Result<(), MachineError> {
        *self.shared.ended.write().await = true;
        let swept = sweep(&self.shared.engine, &self.shared.id, &self.shared.spared()).await;
        drop(self.shared.take_lock());
        swept
    }

    /// Whether the engine was lost while pages ran: nothing on it can be removed then.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.shared.lost.load(Ordering::Relaxed)
    }

    /// Ends the run without removing anything: from here on it counts as dead, and [`clean`](super::clean) removes
    /// what it leaves.
    pub fn abandon(&self) {
        drop(self.shared.take_lock());
    }

    /// A network that no other page of this run stands on.
    pub(super) async fn network(&self, internet: bool) -> Result<Network, MachineError> {
        let shared = self.shared.clone();
        self.making(async move {
            let networks = &shared.networks;
            networks
                .take(&shared.engine, &shared.id, &shared.labels, internet)
                .await
        })
        .await
    }

    /// Creates and starts the container of the machine `name` on a network; the id of the container.
    pub(super) async fn start_container(
        &self,
        name: &str,
        network: &Network,
        options: &MachineOptions,
    ) -> Result<String, MachineError> {
        let shared = self.shared.clone();
        let plan = Plan {
            name: name.to_owned(),
            options: options.clone(),
            labels: shared.labels.clone(),
            network: Some(network.clone()),
            purpose: Purpose::Page {
                mirror: mirror::address(network),
            },
        };
        self.making(async move { shared.start(&plan).await }).await
    }

    /// Has the registry mirror on a network; it is made from the machine image `image`.
    pub(super) async fn join_mirror(
        &self,
        network: &Network,
        image: &str,
    ) -> Result<(), MachineError> {
        let shared = self.shared.clone();
        let (network, image) = (network.clone(), image.to_owned());
        self.making(async move {
            let mirror = &shared.mirror;
            mirror
                .join(&shared.engine, &image, &shared.labels, &network)
                .await
        })
        .await
    }

    /// Closes a network that is to have no way out towards the engine's computer; `image` is the machine image.
    pub(super) async fn seal(&self, network: &Network, image: &str) -> Result<(), MachineError> {
        if network.internet || network.sealed {
            return Ok(());
        }
        let shared = self.shared.clone();
        let (network, image) = (network.clone(), image.to_owned());
        self.making(async move { seal(&shared.engine, &image, &shared.labels, &network).await })
            .await
    }

    /// Creates a volume and starts a machine's container that makes a prepared image of it; the id of the container.
    pub(super) async fn start_preparing(
        &self,
        volume: &str,
        folder: &str,
        options: &MachineOptions,
    ) -> Result<String, MachineError> {
        let shared = self.shared.clone();
        let mut labels = shared.labels.clone();
        let plan = Plan {
            name: "preparation".to_owned(),
            options: options.clone(),
            labels: labels.clone(),
            network: None,
            purpose: Purpose::Preparation {
                volume: volume.to_owned(),
                folder: folder.to_owned(),
            },
        };
        labels.remove(labels::RUN);
        labels.insert(labels::PREPARING.to_owned(), shared.id.clone());
        labels.insert(labels::CACHE.to_owned(), "layers".to_owned());
        let request = VolumeCreateRequest {
            name: Some(volume.to_owned()),
            labels: Some(labels),
            ..Default::default()
        };
        self.making(async move {
            shared
                .engine
                .create_volume("making a volume", request)
                .await?;
            shared.start(&plan).await
        })
        .await
    }

    /// What this run's machines have asked the registry mirror for, so far.
    pub fn pulled(&self) -> Pulled {
        self.shared.mirror.pulled()
    }

    /// What this run shares with its machines.
    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Makes something on the engine. Runs to its end even if the caller goes away, so that nothing is made after the
    /// sweep of [`Run::end`].
    pub(super) async fn making<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, MachineError>> + Send + 'static,
    ) -> Result<T, MachineError> {
        let shared = self.shared.clone();
        let work = Box::pin(work);
        spawned(async move {
            let ended = shared.ended.read().await;
            if *ended {
                return Err(MachineError::RunEnded);
            }
            work.await
        })
        .await
    }

    /// Starts a container of the machine image that is confined as a machine is, on no network, and removes it: does
    /// the engine start machines, and how?
    pub(super) async fn trial(&self, options: &MachineOptions) -> Result<Trial, MachineError> {
        let shared = self.shared.clone();
        let options = options.clone();
        spawned(async move {
            let labels = shared.labels.clone();
            let plan = Plan {
                name: "trial".to_owned(),
                options,
                labels,
                network: None,
                purpose: Purpose::Trial,
            };
            try_out(&shared.engine, &plan).await
        })
        .await
    }
}

impl Shared {
    /// The outer engine.
    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The engine is taken to be lost from here on.
    pub(super) fn lose(&self) {
        self.lost.store(true, Ordering::Relaxed);
    }

    /// How the registry mirror ended, if it has.
    pub(super) async fn mirror_end(&self) -> Option<String> {
        self.mirror.end(&self.engine).await
    }

    /// Whether the registry mirror, if there is one, answers within that time.
    pub(super) async fn mirror_answers(&self, time: Duration) -> bool {
        self.mirror.answers(&self.engine, time).await
    }

    /// Gives back a network on which no machine stands any more.
    pub(super) async fn give_back(&self, network: Network) {
        self.networks.give_back(network).await;
    }

    /// Starts in the way that the engine is known to accept; the first start finds it out, while others wait.
    async fn start(&self, plan: &Plan) -> Result<String, MachineError> {
        let mut known = self.way.lock().await;
        if let Some(way) = *known {
            drop(known);
            return plan.try_start(&self.engine, way).await;
        }
        let (id, way) = plan.start(&self.engine).await?;
        *known = Some(way);
        Ok(id)
    }

    /// Leaves what has these ids when the run ends; from then on it belongs to a run that is dead, so that `clean`
    /// removes it.
    pub(super) fn keep(&self, ids: impl IntoIterator<Item = String>) {
        let mut kept = self
            .kept
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        kept.extend(ids);
    }

    fn spared(&self) -> HashSet<String> {
        let kept = self.kept.lock();
        kept.unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }

    fn take_lock(&self) -> Option<Lock> {
        // A poisoned mutex: a panic elsewhere doesn't make the lock any less ours.
        self.lock
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take()
    }
}

/// Awaits a task of its own; a panic in there goes on here.
async fn spawned<T: Send + 'static>(
    work: impl Future<Output = Result<T, MachineError>> + Send + 'static,
) -> Result<T, MachineError> {
    // A machine's start is a large future, which would be moved from stack to stack.
    match tokio::spawn(Box::pin(work)).await {
        Ok(outcome) => outcome,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        // The runtime is going down.
        Err(_) => Err(MachineError::RunEnded),
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // After a successful end the lock is gone.
        let Some(lock) = self.shared.take_lock() else {
            return;
        };
        // A runtime of its own on a thread of its own: the one we are on may be going down, and must not be blocked
        // from inside. No connection is kept that would belong to the other one.
        let shared = self.shared.clone();
        let cleaner = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            if let Ok(runtime) = runtime {
                // Whatever fails here: the lock goes, so the run counts as dead and `clean` removes what is left.
                let _ = runtime.block_on(async {
                    tokio::time::timeout(DROP_TIME, async {
                        *shared.ended.write().await = true;
                        sweep(&shared.engine, &shared.id, &shared.spared()).await
                    })
                    .await
                });
            }
        });
        let _ = cleaner.join();
        drop(lock);
    }
}
