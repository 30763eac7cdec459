//! The outer engine: the Docker Engine that this computer (or its user) offers, on which machines are made.
//!
//! Enter with [`Engine::connect`]. It finds the engine as the Docker CLI does ([`Endpoint::find`]), and almost
//! everything goes through bollard's client, whose requests go over the connections that are opened here for all
//! (`connector`). Two things aren't bollard's: the start of an exec as a raw connection ([`Engine::start_exec`], because a
//! terminal's bytes must arrive as they are), and, on top of it, running one command to its end ([`Engine::exec`]).

mod build;
mod capacity;
mod client;
mod connector;
mod containers;
mod endpoint;
mod error;
mod exec;
#[cfg(test)]
pub(crate) mod fake;
mod frames;
mod http;
mod images;
pub mod labels;
mod networks;
mod remove;
mod ssh;
mod tls;
mod upgrade;
mod volumes;

/// The API's own types.
pub use bollard::models as api;
pub use capacity::Capacity;
pub use client::{Engine, Version};
pub use containers::TerminalCommand;
pub use endpoint::{Address, Endpoint, Source};
pub use error::{EngineError, Kind};
pub use exec::{Command, Finished};
pub use images::Image;
pub use ssh::Destination;
pub use tls::Tls;
pub use upgrade::Upgraded;

pub(crate) use exec::Stdin;
pub(crate) use ssh::remove_stale as remove_stale_logins;

use std::collections::HashMap;

/// A filter by label: a name, or `name=value`.
fn labelled(label: &str) -> HashMap<&'static str, Vec<&str>> {
    HashMap::from([("label", vec![label])])
}

/// What isn't there is no trouble.
fn if_there<T>(answer: Result<T, EngineError>) -> Result<Option<T>, EngineError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(EngineError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
