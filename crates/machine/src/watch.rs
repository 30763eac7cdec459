//! Whether the outer engine and the registry mirror still answer while pages run. Enter with [`Watch::begin`].
//!
//! An engine that hangs makes pages look wrong: their commands don't end in time. So it is asked every now and then, on
//! connections of its own; how long it took to answer is kept, and what failed while it was silent is not the page's fault.

use super::run::Shared;
use super::{MachineError, Run};
use crate::engine::{Engine, EngineError};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

/// The pause between two questions.
const PAUSE: Duration = Duration::from_secs(2);
/// How long one answer may take. A computer under heavy load needs some seconds for it.
const ANSWER: Duration = Duration::from_secs(10);
/// After so many questions in a row without an answer, nobody is taken to be there.
const TRIES: u32 = 4;
/// A silence that a failure may come from.
const SILENCE: Duration = Duration::from_secs(3);
/// The pause between two questions to the mirror, each of which costs a process in it.
const MIRROR_PAUSE: Duration = Duration::from_secs(8);
/// How long one of its answers may take.
const MIRROR_ANSWER: Duration = Duration::from_secs(6);
/// After so many questions in a row without an answer, it is taken to be lost.
const MIRROR_TRIES: u32 = 3;

/// Asks the engine and the mirror of a run until it is dropped.
#[derive(Debug)]
pub struct Watch {
    known: Arc<Known>,
    tasks: [JoinHandle<()>; 2],
}

/// What is known so far.
#[derive(Debug)]
struct Known {
    run: Arc<Shared>,
    /// When the engine was asked what it hasn't answered yet.
    asked: std::sync::Mutex<Option<Instant>>,
    /// When the engine was silent for long.
    silences: std::sync::Mutex<Vec<(Instant, Instant)>>,
    /// Why the engine or the mirror is taken to be lost.
    lost: watch::Sender<Option<Loss>>,
}

/// What was lost, and what was seen.
#[derive(Clone, Debug)]
enum Loss {
    Engine(String),
    Mirror(String),
}

impl Loss {
    fn error(self) -> MachineError {
        match self {
            Self::Engine(why) => EngineError::lost("pages were run on it", why).into(),
            Self::Mirror(why) => MachineError::MirrorLost { why },
        }
    }
}

impl Watch {
    /// Begins to ask.
    #[must_use]
    pub fn begin(run: &Run) -> Self {
        let known = Arc::new(Known {
            run: Arc::clone(run.shared()),
            asked: std::sync::Mutex::default(),
            silences: std::sync::Mutex::default(),
            lost: watch::Sender::new(None),
        });
        let tasks = [
            tokio::spawn(ask_engine(Arc::clone(&known))),
            tokio::spawn(ask_mirror(Arc::clone(&known))),
        ];
        Self { known, tasks }
    }

    /// Waits until the engine or the mirror is lost, which may be never.
    pub async fn lost(&self) -> MachineError {
        let mut lost = self.known.lost.subscribe();
        let loss = lost.wait_for(Option::is_some).await;
        match loss.ok().and_then(|loss| loss.clone()) {
            Some(loss) => loss.error(),
            // The sender lives as long as this value.
            None => std::future::pending().await,
        }
    }

    /// Whether the engine or the mirror is lost.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.known.lost.borrow().is_some()
    }

    /// Makes sure that the engine answers, and has done so all the time since `begun`, and that the mirror is there: so
    /// what failed since then failed by itself.
    ///
    /// # Errors
    /// If it isn't so.
    pub async fn sound_since(&self, begun: Instant) -> Result<(), MachineError> {
        tokio::select! {
            biased;
            loss = self.lost() => return Err(loss),
            () = self.answered() => {}
        }
        if let Some(silence) = self.known.silence_since(begun) {
            let why = format!(
                "it did not answer for {:.0} s",
                silence.as_secs_f64().ceil()
            );
            return Err(Loss::Engine(why).error());
        }
        match self.known.mirror_loss().await {
            None => Ok(()),
            Some(why) => Err(self.known.lose(Loss::Mirror(why))),
        }
    }

    /// Waits for an answer that comes now.
    async fn answered(&self) {
        let begun = Instant::now();
        let mut refused = false;
        while ping(self.known.run.engine()).await.is_err() {
            refused = true;
            tokio::time::sleep(PAUSE).await;
        }
        self.known.answered(begun, refused);
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Known {
    /// Notes that a question that was asked at `begun` is answered now; `refused` if it wasn't at once: an engine that
    /// starts again has taken the machines with it.
    fn answered(&self, begun: Instant, refused: bool) {
        if refused || begun.elapsed() >= SILENCE {
            let mut silences = self.silences.lock().unwrap_or_else(PoisonError::into_inner);
            silences.push((begun, Instant::now()));
        }
    }

    /// The longest silence since `begun`, one that lasts included.
    fn silence_since(&self, begun: Instant) -> Option<Duration> {
        let silences = self.silences.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = *self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let lasts = asked.map(|asked| (asked, Instant::now()));
        let lasts = lasts.filter(|(from, until)| *until - *from >= SILENCE);
        let all = silences.iter().copied().chain(lasts);
        let since = all.filter(|(_, until)| *until > begun);
        since.map(|(from, until)| until - from).max()
    }

    /// Why the mirror is lost, if it has ended, or answers none of several questions.
    async fn mirror_loss(&self) -> Option<String> {
        for _ in 0..MIRROR_TRIES {
            if let Some(why) = self.run.mirror_end().await {
                return Some(why);
            }
            if self.run.mirror_answers(MIRROR_ANSWER).await {
                return None;
            }
        }
        Some(format!("it did not answer {MIRROR_TRIES} times in a row"))
    }

    fn lose(&self, loss: Loss) -> MachineError {
        self.lost.send_if_modified(|lost| {
            let first = lost.is_none();
            lost.get_or_insert(loss.clone());
            first
        });
        if matches!(loss, Loss::Engine(_)) {
            self.run.lose();
        }
        loss.error()
    }
}

/// Asks the engine whether it is there.
async fn ping(engine: &Engine) -> Result<(), String> {
    match timeout(ANSWER, engine.ping()).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!(
            "it does not answer; it was given {} s",
            (ANSWER * TRIES).as_secs()
        )),
    }
}

async fn ask_engine(known: Arc<Known>) {
    loop {
        tokio::time::sleep(PAUSE).await;
        let begun = Instant::now();
        let asked = |at| *known.asked.lock().unwrap_or_else(PoisonError::into_inner) = at;
        asked(Some(begun));
        let mut tries = 1;
        while let Err(why) = ping(known.run.engine()).await {
            if tries == TRIES {
                known.lose(Loss::Engine(why));
                return;
            }
            tries += 1;
            tokio::time::sleep(PAUSE).await;
        }
        known.answered(begun, tries > 1);
        asked(None);
    }
}

async fn ask_mirror(known: Arc<Known>) {
    loop {
        tokio::time::sleep(MIRROR_PAUSE).await;
        if let Some(why) = known.mirror_loss().await {
            known.lose(Loss::Mirror(why));
            return;
        }
    }
}
