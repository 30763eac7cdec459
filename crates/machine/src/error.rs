//! What can go wrong with machines and runs.

use super::{DEFAULT_VERSION, Recipe};
use crate::engine::{EngineError, Kind};
use seaworthy_words::Reference;
use std::path::PathBuf;

/// A machine that can't be made, used or removed. Each message ends with its remedy where one is known.
#[derive(Debug, thiserror::Error)]
pub enum MachineError {
    /// Trouble with the outer engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The outer engine doesn't hold the machine image.
    #[error(
        "the Docker Engine holds no machine image {image}; `{}` makes it",
        remedy(image)
    )]
    NoMachineImage {
        /// The image that was wanted.
        image: String,
    },
    /// The engine starts a machine in neither way.
    #[error(
        "the Docker Engine starts no machine: with the capabilities that a nested engine needs it says \
         {capabilities:?}, with `--privileged` {privileged:?}; use an engine that allows one of them (a rootful one on Linux, or \
         Docker Desktop)"
    )]
    Refused {
        /// The engine's words about `--privileged`.
        privileged: String,
        /// The engine's words about the capability set.
        capabilities: String,
    },
    /// A rootless engine whose containers may make no control groups.
    #[error(
        "this Docker Engine is rootless, and may hand no control groups on, so no container could start in a machine; use an \
         engine that runs as root, or a rootless one under systemd on a computer with control groups of version 2"
    )]
    Rootless,
    /// The engine has no runtime of that name.
    #[error(
        "the Docker Engine has no runtime {runtime} to start machines with ({why}); `docker info` lists those it has, and \
         `--runtime` or SEAWORTHY_RUNTIME names one"
    )]
    NoRuntime {
        /// The name that was given.
        runtime: String,
        /// The engine's words.
        why: String,
    },
    /// What keeps pages in a machine can't be had here, so none is run.
    #[error(
        "a machine can't be confined on this engine, so no page is run in it{}\n\
         use an engine with the storage driver overlay2 and a kernel of Linux 5.11 or newer (`docker info` tells both)",
        log_tail(log)
    )]
    NotConfined {
        /// The last lines that the machine logged.
        log: String,
    },
    /// A network that is to have no way out has one: to the engine's computer.
    #[error(
        "a network without a way out (`internet`) could not be closed towards the engine's computer: {why}{}",
        log_tail(log)
    )]
    NotSealed {
        /// What was seen.
        why: String,
        /// The last lines that were logged.
        log: String,
    },
    /// The engine inside didn't come up.
    #[error(
        "the machine's own Docker Engine did not come up: {why}{}",
        log_tail(log)
    )]
    NotUp {
        /// What was seen.
        why: String,
        /// The last lines that the machine logged.
        log: String,
    },
    /// The run has ended; it starts no more machines.
    #[error("this run has ended; no machine was started")]
    RunEnded,
    /// Every subnet for the machines' networks is taken.
    #[error(
        "no free subnet for the machines' network: all of 10.213.0.0/16, 100.127.0.0/16 and 198.19.0.0/16 overlaps with \
         networks of the engine or routes of its computer; `seaworthy clean` removes the networks of runs that no \
         longer live, `docker network ls` and `ip route` show the others"
    )]
    NoSubnet,
    /// The file that shows that this run lives could not be made.
    #[error("could not make the run's lock file {}: {why}; TMPDIR names another folder for it", path.display())]
    Lock {
        /// The file, or its folder.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// An image could not be prepared for machines.
    #[error("could not prepare the image {reference} for machines: {why}{remedy}")]
    Prepare {
        /// The image.
        reference: String,
        /// What was seen.
        why: String,
        /// What to do, if that is known.
        remedy: &'static str,
    },
    /// The registry mirror didn't come up.
    #[error(
        "the registry mirror of the machines did not come up: {why}; \
         if the machine image is older than this program, `seaworthy machine build` makes it anew"
    )]
    Mirror {
        /// What was seen.
        why: String,
    },
    /// The registry mirror went away while pages ran.
    #[error("lost the registry mirror of the machines while pages were run: {why}")]
    MirrorLost {
        /// What was seen.
        why: String,
    },
    /// What a machine image is built on can't be had.
    #[error(
        "the machine image can't be built: {why}\n\
         or bring a machine image from where there is one: `seaworthy machine pull`"
    )]
    NoBase {
        /// What was seen: it names the image.
        why: String,
    },
    /// A machine image could not be built.
    #[error("the machine image could not be built: {why}{}", log_tail(log))]
    NotBuilt {
        /// What the engine said.
        why: String,
        /// The last lines of the build.
        log: String,
    },
    /// A machine image was built, but can't be used.
    #[error(
        "the machine image with Docker Engine {version} was built, but doesn't do its work on this engine, so it gets no name: {why}\n\
         `seaworthy machine list` shows other versions"
    )]
    NotFit {
        /// The version that was to be inside.
        version: String,
        /// What was seen.
        why: String,
    },
    /// An image that was pulled isn't one of ours.
    #[error(
        "{image} is no machine image: it has no label `seaworthy.engine`, which `seaworthy machine build` gives"
    )]
    NotAMachine {
        /// Its name.
        image: String,
    },
    /// A file could not be written in a machine.
    #[error("could not write the file {path} in the machine: {why}")]
    WriteFile {
        /// The file, as it was given.
        path: String,
        /// What was said.
        why: String,
    },
    /// The machine's own engine doesn't answer.
    #[error("the machine's own Docker Engine could not be asked: {why}")]
    Inner {
        /// What was said.
        why: String,
    },
    /// Objects of a run could not be removed.
    #[error("could not remove {left} of run {run}: {why}; `seaworthy clean` tries again")]
    NotSwept {
        /// The run.
        run: String,
        /// What is left.
        left: String,
        /// What the engine said last.
        why: String,
    },
}

/// The kinds of [`MachineError`], for those who choose an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MachineKind {
    /// See the engine's kind.
    Engine(Kind),
    /// No machine image.
    NoMachineImage,
    /// The engine can't start machines at all, or not such as keep pages in.
    Refused,
    /// A machine, or something in it, didn't work: not up, an image or a file that didn't fit, an engine inside that
    /// doesn't answer.
    Machine,
    /// Anything about the run itself: its lock, its network, its end.
    Run,
}

impl MachineError {
    /// Which kind of trouble this is.
    pub fn kind(&self) -> MachineKind {
        match self {
            MachineError::Engine(EngineError::NotRemoved { .. }) => MachineKind::Machine,
            MachineError::Engine(error) => MachineKind::Engine(error.kind()),
            // Pages can't tell it from a lost engine: neither says anything of them.
            MachineError::MirrorLost { .. } => MachineKind::Engine(Kind::Lost),
            MachineError::NoMachineImage { .. }
            | MachineError::NoBase { .. }
            | MachineError::NotFit { .. }
            | MachineError::NotAMachine { .. } => MachineKind::NoMachineImage,
            MachineError::Refused { .. }
            | MachineError::Rootless
            | MachineError::NoRuntime { .. }
            | MachineError::NotConfined { .. } => MachineKind::Refused,
            MachineError::NotUp { .. }
            | MachineError::NotBuilt { .. }
            | MachineError::Prepare { .. }
            | MachineError::Mirror { .. }
            | MachineError::WriteFile { .. }
            | MachineError::Inner { .. } => MachineKind::Machine,
            MachineError::NotSealed { .. }
            | MachineError::RunEnded
            | MachineError::NoSubnet
            | MachineError::Lock { .. }
            | MachineError::NotSwept { .. } => MachineKind::Run,
        }
    }
}

/// The command that makes a machine image.
fn remedy(image: &str) -> String {
    let tag = Reference::parse(image).version().to_owned();
    match Recipe::find(&tag, None) {
        Ok(recipe) if recipe.version() != DEFAULT_VERSION => {
            format!("seaworthy machine build {tag}")
        }
        _ => "seaworthy machine build".to_owned(),
    }
}

fn log_tail(log: &str) -> String {
    match log.trim() {
        "" => "; it logged nothing".to_owned(),
        log => format!("; its last words:\n{log}"),
    }
}
