//! The host that has a Docker Engine. Nothing else in this crate knows one.

use std::collections::BTreeMap;
use std::sync::Arc;

use seaworthy_machine::engine::{Command, EngineError, Image, Kind, labels};
use seaworthy_machine::{
    ContainerPlace, Exhausted, HOME, MachineError, MachineKind, MachineOptions, PreparedImage, Run,
    Watch,
};
use seaworthy_page::{ImageUse, MachineLimits};
use seaworthy_report::{self as report, Origin};
use seaworthy_terminal::Ran;
use tokio::time::Instant;

use crate::host::{
    Host, HostError, LimitHit, MayBeLost, PageMachine, PageMachines, Started, Wanted,
};

/// The most that a program beside the shells may print: the engine's description of a container has some 8 KB.
const LONGEST_ANSWER: usize = 16 * 1024 * 1024;

/// A Docker Engine on which a run makes machines. As long as it is there, it is asked whether the engine still answers.
#[derive(Debug)]
pub struct DockerHost {
    run: Arc<Run>,
    watch: Watch,
    options: MachineOptions,
}

impl DockerHost {
    /// The engine of `run`, whose machines are as `options` say; a page has its own limits and images.
    #[must_use]
    pub fn new(run: &Arc<Run>, options: &MachineOptions) -> Self {
        Self {
            run: Arc::clone(run),
            watch: Watch::begin(run),
            options: options.clone(),
        }
    }
}

impl Host for DockerHost {
    type Place = ContainerPlace;
    type Machine = seaworthy_machine::Machine;
    type Machines = seaworthy_machine::Machines;
    type Error = MachineError;

    fn name(&self) -> String {
        format!("the Docker Engine at {}", self.run.engine().endpoint())
    }

    async fn engine_inside(&self) -> Result<Option<String>, MachineError> {
        let image = self.run.engine().image(&self.options.image).await?;
        Ok(image.and_then(|image| image.labels.get(labels::ENGINE).cloned()))
    }

    async fn capacity(&self, memory: u64) -> Result<usize, MachineError> {
        Ok(self.run.engine().capacity().await?.machines(memory))
    }

    async fn start(
        &self,
        wanted: &Wanted<'_>,
    ) -> Result<Started<seaworthy_machine::Machines>, MachineError> {
        let found = find(&self.run, wanted.images, &self.options).await?;
        let options = MachineOptions {
            images: found.prepared,
            ..limited(wanted.limits, &self.options)
        };
        let machines =
            seaworthy_machine::Machines::start(&self.run, wanted.names, &options).await?;
        Ok(Started {
            machines,
            images: found.images,
            missing: found.missing,
        })
    }

    fn pulled(&self) -> Vec<report::Image> {
        let pulled = self.run.pulled().images;
        let reported = |image: &Image| reported(&image.reference.to_string(), image);
        pulled.iter().map(reported).collect()
    }

    fn missing(&self) -> BTreeMap<String, String> {
        self.run.pulled().missing
    }

    async fn lost(&self) -> MachineError {
        self.watch.lost().await
    }

    fn is_lost(&self) -> bool {
        self.run.is_lost()
    }

    async fn sound_since(&self, begun: Instant) -> Result<(), MachineError> {
        self.watch.sound_since(begun).await
    }
}

impl PageMachines for seaworthy_machine::Machines {
    type Machine = seaworthy_machine::Machine;
    type Error = MachineError;

    fn all(&self) -> &[seaworthy_machine::Machine] {
        self.all()
    }

    async fn remove(self) -> Result<(), MachineError> {
        self.remove().await
    }

    fn keep(self) -> String {
        self.keep().to_string()
    }
}

impl PageMachine for seaworthy_machine::Machine {
    type Place = ContainerPlace;
    type Error = MachineError;

    const HOME: &'static str = HOME;

    fn name(&self) -> &str {
        self.name()
    }

    fn engine(&self) -> report::Engine {
        let inner = self.inner();
        report::Engine {
            version: inner.engine.clone(),
            api: inner.api.clone(),
        }
    }

    fn place(&self) -> ContainerPlace {
        self.place()
    }

    async fn run(&self, words: &[&str], stdin: Vec<u8>) -> Result<Ran, MachineError> {
        let command = Command::new(words.iter().copied())
            .stdin(stdin)
            .cap(LONGEST_ANSWER);
        let finished = self.engine().exec(self.container(), command).await?;
        Ok(Ran {
            exit: finished.exit,
            complaint: finished.complaint(),
            stdout: finished.stdout,
        })
    }

    async fn write_file(
        &self,
        directory: &str,
        path: &str,
        bytes: &[u8],
    ) -> Result<(), MachineError> {
        self.write_file(directory, path, bytes).await
    }

    async fn left(&self) -> Result<Vec<String>, MachineError> {
        let left = self.left().await?;
        Ok(left.iter().map(ToString::to_string).collect())
    }

    async fn state(&self) -> String {
        self.state().await.to_string()
    }

    async fn limits_hit(&self) -> Vec<LimitHit> {
        let exhausted = self.exhausted().await;
        exhausted.into_iter().map(LimitHit::from).collect()
    }
}

impl From<Exhausted> for LimitHit {
    fn from(exhausted: Exhausted) -> Self {
        match exhausted {
            Exhausted::Memory { killed } => Self::Memory { killed },
            Exhausted::DataRoot => Self::DataRoot,
            Exhausted::Files => Self::Files,
            Exhausted::Processes => Self::Processes,
        }
    }
}

impl MayBeLost for EngineError {
    fn is_lost(&self) -> bool {
        self.kind() == Kind::Lost
    }
}

impl MayBeLost for MachineError {
    fn is_lost(&self) -> bool {
        self.kind() == MachineKind::Engine(Kind::Lost)
    }
}

impl HostError for MachineError {
    fn is_not_up(&self) -> bool {
        matches!(self, Self::NotUp { .. })
    }
}

/// The machine that a page with these limits gets.
fn limited(limits: &MachineLimits, options: &MachineOptions) -> MachineOptions {
    MachineOptions {
        memory: limits.memory,
        data_root: limits.data_root,
        processes: i64::from(limits.processes),
        internet: limits.internet,
        ..options.clone()
    }
}

/// The images of a page, as far as they could be had.
#[derive(Default)]
struct Found {
    /// For the report.
    images: Vec<report::Image>,
    /// For the machines.
    prepared: Vec<PreparedImage>,
    /// Images that couldn't be had, and why.
    missing: BTreeMap<String, String>,
}

/// Finds the images that a page names on the outer engine, or pulls them, and prepares them for its machines.
async fn find(
    run: &Run,
    named: &[ImageUse],
    options: &MachineOptions,
) -> Result<Found, MachineError> {
    let mut found = Found::default();
    let mut images = Vec::new();
    for image in named {
        match run.engine().ensure_image(&image.reference).await {
            Ok(present) => {
                found.images.push(reported(&image.reference, &present));
                images.push(present);
            }
            Err(error) if error.is_lost() => return Err(error.into()),
            Err(error) => {
                let why = error.to_string();
                found.missing.insert(image.reference.clone(), why);
            }
        }
    }
    for (image, prepared) in images.iter().zip(run.prepare(&images, options).await?) {
        match prepared {
            Ok(prepared) => found.prepared.push(prepared),
            // The page may pull it, or fail with this explanation.
            Err(error @ MachineError::Prepare { .. }) => {
                let name = image.reference.to_string();
                found.missing.insert(name, error.to_string());
            }
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn reported(reference: &str, image: &Image) -> report::Image {
    let origin = match image.stand_in() {
        Some(of) if image.built_on_stand_in => Origin::BuiltOnStandIn(of.to_owned()),
        Some(built_from) => Origin::StandIn(built_from.to_owned()),
        None if image.digest.is_some() => Origin::Registry,
        None => Origin::Local,
    };
    report::Image {
        reference: reference.to_owned(),
        digest: image.digest.clone().unwrap_or_else(|| image.id.clone()),
        origin,
    }
}
