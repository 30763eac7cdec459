//! A network without a way out ends at its machines: the engine's computer hears nothing on its bridge either.
//!
//! The engine gives its computer no IPv4 address there if told so, but the kernel gives it one of IPv6, which every
//! interface has by itself, and no engine has a setting against that. Who may change it is a container on the
//! computer's own network; it runs the script below and is gone before anything of a page is run.

use super::network::Network;
use super::start::no_image;
use super::{MachineError, up};
use crate::engine::Engine;
use crate::engine::api::{ContainerCreateBody, HostConfig};
use std::collections::HashMap;

/// $1 is the bridge.
const SEAL: &str = include_str!("seal.sh");

/// Closes a network towards the engine's computer, with a container that is made from the machine image `image` and
/// marked with `labels`.
pub(super) async fn seal(
    engine: &Engine,
    image: &str,
    labels: &HashMap<String, String>,
    network: &Network,
) -> Result<(), MachineError> {
    let doing = "closing a network";
    let created = engine
        .create_container(doing, request(image, labels, &network.bridge()))
        .await;
    let id = created.map_err(|error| no_image(error, image))?;
    let ended = match engine.start_container(doing, &id).await {
        Ok(()) => engine.container_exit(&id).await,
        Err(error) => Err(error),
    };
    let sealed = match ended {
        Ok(0) => Ok(()),
        Ok(code) => Err(MachineError::NotSealed {
            why: format!("its container ended with exit code {code}"),
            log: up::log_tail(engine, &id).await,
        }),
        Err(error) => Err(error.into()),
    };
    engine.remove_container(&id).await?;
    sealed
}

fn request(image: &str, labels: &HashMap<String, String>, bridge: &str) -> ContainerCreateBody {
    let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
    ContainerCreateBody {
        image: Some(image.to_owned()),
        labels: Some(labels.clone()),
        entrypoint: words(&["/bin/sh", "-c", SEAL, "seaworthy", bridge]),
        host_config: Some(HostConfig {
            network_mode: Some("host".to_owned()),
            cap_drop: words(&["ALL"]),
            cap_add: words(&["NET_ADMIN"]),
            // Both would keep it from the kernel's settings.
            security_opt: words(&["apparmor=unconfined", "label=disable"]),
            readonly_paths: Some(Vec::new()),
            ..Default::default()
        }),
        ..Default::default()
    }
}
