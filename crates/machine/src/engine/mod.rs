//! The outer engine: the Docker Engine that this computer (or its user) offers, on which machines are made.
//!
//! Enter with [`Engine::connect`]. It finds the engine as the Docker CLI does ([`Endpoint::find`]), and almost
//! everything goes through bollard's client ([`Engine::docker`]). Two things are done here by hand: the start of an
//! exec as a raw connection ([`Engine::start_exec`], because a terminal's bytes must arrive as they are), and, on top
//! of it, running one command to its end ([`Engine::exec`]).

mod capacity;
mod client;
mod container;
mod endpoint;
mod error;
mod exec;
mod frames;
mod head;
mod image;
pub mod labels;
mod ssh;
mod upgrade;

pub use capacity::Capacity;
pub use client::{Engine, Version};
pub use endpoint::{Address, Endpoint, Source};
pub use error::{EngineError, Kind};
pub use exec::{Command, Finished};
pub use image::Image;
pub use ssh::Destination;
pub use upgrade::Upgraded;

pub(crate) use exec::Stdin;
pub(crate) use ssh::remove_stale as remove_stale_tunnels;
