//! Machines: containers with a Docker Engine of their own, one or several for each page, on the outer [`engine`].
//!
//! Enter with [`Run::begin`]: a run of the tool owns every machine it starts ([`Machines::start`]), the networks they
//! stand on, and a lock by which other processes see that it lives. [`Run::end`] removes all of it, whatever
//! happened; what a killed run left behind, [`clean`] removes. [`probe`] tells what the outer engine can do.

mod build;
mod clean;
mod confinement;
mod container;
pub mod engine;
mod error;
mod exhausted;
mod liveness;
mod machines;
mod mirror;
mod network;
mod options;
mod place;
mod prepared;
mod probe;
mod ranges;
mod recipe;
mod run;
mod seal;
mod start;
mod state;
mod sweep;
mod up;
mod watch;

pub use build::{BuiltImage, ImageState, pull, state as image_state};
pub use clean::{Cleaned, RunObjects, clean};
pub use container::Machine;
pub use error::{MachineError, MachineKind};
pub use exhausted::Exhausted;
pub use machines::{Kept, Machines};
pub use mirror::Pulled;
pub use options::{DEFAULT_IMAGE, DEFAULT_VERSION, HOME, MachineOptions};
pub use place::ContainerPlace;
pub use prepared::PreparedImage;
pub use probe::{MachineImage, Probe, Trial, probe};
pub use recipe::{BASE, EngineSource, NoRecipe, Recipe};
pub use run::Run;
pub use start::StartMode;
pub use state::{Left, LeftKind, State};
pub use watch::Watch;
