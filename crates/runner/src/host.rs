//! What the runner needs of Docker: a [`Host`] that starts the machines of a page, and what can be asked of each. The rest
//! of the crate knows nothing else of it; [`DockerHost`](crate::DockerHost) is the one with a Docker Engine.

use std::collections::BTreeMap;
use std::error::Error;
use std::future::Future;

use seaworthy_page::{ImageUse, MachineLimits};
use seaworthy_report as report;
use seaworthy_terminal::{Place, Ran};
use tokio::time::Instant;

/// Where pages have their machines.
pub trait Host: Send + Sync + 'static {
    /// Where a page's shells run.
    type Place: Place<Error: MayBeLost, Stream: Sync> + 'static;
    /// One machine.
    type Machine: PageMachine<Place = Self::Place, Error = Self::Error>;
    /// The machines of one page.
    type Machines: PageMachines<Machine = Self::Machine, Error = Self::Error>;
    /// Trouble with the host, or with a machine on it.
    type Error: HostError + From<<Self::Place as Place>::Error>;

    /// Where it is, in a person's words.
    fn name(&self) -> String;

    /// The version of the Docker Engine inside its machines, as that tells it, if it is known before one is up.
    fn engine_inside(&self) -> impl Future<Output = Result<Option<String>, Self::Error>> + Send;

    /// How many machines of `memory` bytes it carries at a time; at least one.
    fn capacity(&self, memory: u64) -> impl Future<Output = Result<usize, Self::Error>> + Send;

    /// Starts the machines of a page, with its images at hand, and waits until their engines answer.
    ///
    /// # Errors
    /// If one of them can't be had; none is left then.
    fn start(
        &self,
        wanted: &Wanted<'_>,
    ) -> impl Future<Output = Result<Started<Self::Machines>, Self::Error>> + Send;

    /// The images that machines have pulled while pages ran.
    fn pulled(&self) -> Vec<report::Image>;

    /// Those that they couldn't be given, by their names with tag, and why.
    fn missing(&self) -> BTreeMap<String, String>;

    /// Waits until the host is lost, which may be never.
    fn lost(&self) -> impl Future<Output = Self::Error> + Send;

    /// Whether it is lost so that nothing on it can be removed.
    fn is_lost(&self) -> bool;

    /// Makes sure that the host answers, and has done so all the time since `begun`: so what failed since then failed by
    /// itself.
    ///
    /// # Errors
    /// If it isn't so.
    fn sound_since(&self, begun: Instant) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// What a page needs before it begins.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The names of its machines: at least one, none twice.
    pub names: &'a [String],
    /// The images that it names. One that can't be had fails nothing by itself: a page may show just that.
    pub images: &'a [ImageUse],
    /// What each machine may use up.
    pub limits: &'a MachineLimits,
}

/// What a page was given.
#[derive(Clone, Debug)]
pub struct Started<M> {
    /// Its machines.
    pub machines: M,
    /// Its images.
    pub images: Vec<report::Image>,
    /// Those that couldn't be had, by their names, and why.
    pub missing: BTreeMap<String, String>,
}

/// The machines of one page, on a network that no other page reaches. They are to be removed, or kept.
pub trait PageMachines: Send + Sync + 'static {
    /// One of them.
    type Machine: PageMachine<Error = Self::Error>;
    /// Trouble with them.
    type Error: HostError;

    /// All of them, in the order of their names at the start.
    fn all(&self) -> &[Self::Machine];

    /// Removes them with all that is in them. Those that are gone already are well.
    ///
    /// # Errors
    /// If one can't be removed.
    fn remove(self) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Leaves them for someone to look into; says how to enter them, and how to remove them.
    fn keep(self) -> String;
}

/// A machine that is up.
pub trait PageMachine: Send + Sync {
    /// Where its shells run.
    type Place: Place;
    /// Trouble with it.
    type Error: HostError;

    /// The folder in which a page's shell begins.
    const HOME: &'static str;

    /// Its host name, by which the page and its other machines know it.
    fn name(&self) -> &str;

    /// The Docker Engine inside.
    fn engine(&self) -> report::Engine;

    /// It as a place for shells.
    fn place(&self) -> Self::Place;

    /// Runs a program beside the shells, to its end; it reads `stdin`.
    ///
    /// # Errors
    /// If it couldn't be run to its end, or prints more than 16 MiB.
    fn run(
        &self,
        words: &[&str],
        stdin: Vec<u8>,
    ) -> impl Future<Output = Result<Ran, Self::Error>> + Send;

    /// Writes a file: `directory` is where the page's shell stands, `path` goes on from there. Folders on the way are
    /// made.
    ///
    /// # Errors
    /// If it can't be written there.
    fn write_file(
        &self,
        directory: &str,
        path: &str,
        bytes: &[u8],
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// What is in it that an engine doesn't have by itself, images aside, each in words.
    ///
    /// # Errors
    /// If its engine doesn't answer any more.
    fn left(&self) -> impl Future<Output = Result<Vec<String>, Self::Error>> + Send;

    /// What it looks like now, for the message of a failure; if it can't look, why.
    fn state(&self) -> impl Future<Output = String> + Send;

    /// The limits that it has hit since its start, as far as it can be found out.
    fn limits_hit(&self) -> impl Future<Output = Vec<LimitHit>> + Send;
}

/// A limit that a machine has hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LimitHit {
    /// All memory was in use.
    Memory {
        /// Whose processes the kernel killed for it, as far as it can be told: containers, or the machine itself.
        killed: Vec<String>,
    },
    /// There is no room for images, containers and volumes.
    DataRoot,
    /// What may be written elsewhere is used up.
    Files,
    /// There are as many processes as may be.
    Processes,
}

/// An error that may come of the loss of a host.
pub trait MayBeLost: Error + Send + Sync + 'static {
    /// Whether the host is lost, which says nothing of the pages on it.
    fn is_lost(&self) -> bool;
}

/// Trouble with a host.
pub trait HostError: MayBeLost {
    /// Whether a page's machines did not come up, and no more: that page alone fails.
    fn is_not_up(&self) -> bool;
}
