//! What a machine is like.

use super::PreparedImage;
use std::time::Duration;

/// The version of Docker Engine that machines have if no other is asked for.
pub const DEFAULT_VERSION: &str = "28";
/// Its machine image, as `seaworthy machine build` makes it: the tag is the version of the engine inside.
pub const DEFAULT_IMAGE: &str = "seaworthy/machine:28";

/// The home folder of the machine image: where a page's shell begins.
pub const HOME: &str = "/home/learner";

const GIB: u64 = 1024 * 1024 * 1024;

/// The settings of a machine.
#[derive(Clone, Debug)]
pub struct MachineOptions {
    /// The machine image on the outer engine.
    pub image: String,
    /// Memory in bytes, everything in it together; there is no swap beyond it.
    pub memory: u64,
    /// The size in bytes of the inner engine's data-root. It is a tmpfs and counts as memory: with one larger than
    /// `memory`, whoever fills it would be killed instead of being told "no space left".
    pub data_root: u64,
    /// The most processes and threads at one time.
    pub processes: i64,
    /// Whether there is a way out of the machine's network.
    pub internet: bool,
    /// The images that it begins with; see [`Run::prepare`](super::Run::prepare).
    pub images: Vec<PreparedImage>,
    /// The runtime of the outer engine that runs machines; its default one, if none is named.
    pub runtime: Option<String>,
    /// How long the inner engine may take to come up.
    pub start_time: Duration,
}

impl MachineOptions {
    /// The default with an engine of `version` inside, such as `28` or `20.10`.
    #[must_use]
    pub fn of_version(version: &str) -> Self {
        Self {
            image: format!("seaworthy/machine:{version}"),
            ..Self::default()
        }
    }
}

impl Default for MachineOptions {
    /// 2 GiB of memory with a data-root of 1 GiB in it, 1,024 processes, a way out, no images, a minute to come up.
    fn default() -> Self {
        MachineOptions {
            image: DEFAULT_IMAGE.to_owned(),
            memory: 2 * GIB,
            data_root: GIB,
            processes: 1024,
            internet: true,
            images: Vec::new(),
            runtime: None,
            start_time: Duration::from_secs(60),
        }
    }
}
