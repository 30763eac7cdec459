//! Removing everything that bears a run's label, and nothing else.

use super::{MachineError, build, prepared};
use crate::engine::api::{ContainerSummary, Network, Volume};
use crate::engine::{Engine, EngineError, labels};
use futures_util::future::join_all;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Rounds of removing before giving up. The pauses between them add up to some ten seconds.
const ROUNDS: u64 = 20;

/// The containers, networks and volumes on the engine that bear a label; of runs, what is left of builds too.
#[derive(Debug, Default)]
pub(super) struct Labelled {
    pub(super) containers: Vec<ContainerSummary>,
    pub(super) networks: Vec<Network>,
    pub(super) volumes: Vec<Volume>,
    /// Images, by name or by id.
    pub(super) images: Vec<(String, HashMap<String, String>)>,
}

impl Labelled {
    /// Finds them: `label` is a name, or `name=value`. The engine filters, and each answer is checked once more,
    /// since they are about to be removed.
    pub(super) async fn find(engine: &Engine, label: &str) -> Result<Labelled, EngineError> {
        let bears = |labels: &HashMap<String, String>| match label.split_once('=') {
            Some((name, value)) => labels.get(name).is_some_and(|found| found == value),
            None => labels.contains_key(label),
        };
        let containers = engine.list_containers(label).await?;
        let networks = engine.list_networks(Some(label)).await?;
        let mut volumes = engine.list_volumes(label).await?;
        let mut images = Vec::new();
        if label.split('=').next() == Some(labels::RUN) {
            volumes.extend(prepared::half_made(engine).await?);
            images = build::left(engine, label).await?;
        }
        Ok(Labelled {
            containers: containers
                .into_iter()
                .filter(|one| one.labels.as_ref().is_some_and(bears))
                .collect(),
            networks: networks
                .into_iter()
                .filter(|one| one.labels.as_ref().is_some_and(bears))
                .collect(),
            volumes: volumes
                .into_iter()
                .filter(|one| bears(&one.labels))
                .collect(),
            images: images
                .into_iter()
                .filter(|(_, labels)| bears(labels))
                .collect(),
        })
    }

    /// All but those whose ids are `spared`.
    fn without(mut self, spared: &HashSet<String>) -> Self {
        let goes = |id: &Option<String>| id.as_ref().is_none_or(|id| !spared.contains(id));
        self.containers.retain(|one| goes(&one.id));
        self.networks.retain(|one| goes(&one.id));
        self
    }

    /// Their names, containers first.
    pub(super) fn names(&self) -> Vec<String> {
        let containers = self
            .containers
            .iter()
            .filter_map(|one| one.names.as_ref()?.first());
        let networks = self.networks.iter().filter_map(|one| one.name.as_ref());
        let volumes = self.volumes.iter().map(|one| &one.name);
        let images = self.images.iter().map(|(name, _)| name);
        let all = containers.chain(networks).chain(volumes).chain(images);
        all.map(|name| name.trim_start_matches('/').to_owned())
            .collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.containers.is_empty()
            && self.networks.is_empty()
            && self.volumes.is_empty()
            && self.images.is_empty()
    }

    /// Removes them all, containers first. Returns the trouble, if any, that of containers first; what could be removed
    /// is removed.
    pub(super) async fn remove(&self, engine: &Engine) -> Result<(), EngineError> {
        let containers = self
            .containers
            .iter()
            .filter_map(|container| container.id.as_deref());
        let mut outcomes = join_all(containers.map(|id| engine.remove_container(id))).await;
        for id in self
            .networks
            .iter()
            .filter_map(|network| network.id.as_deref())
        {
            outcomes.push(engine.remove_network(id).await);
        }
        for volume in &self.volumes {
            outcomes.push(engine.remove_volume(&volume.name, true).await);
        }
        for (image, _) in &self.images {
            outcomes.push(engine.remove_image(image).await);
        }
        outcomes.into_iter().find(Result::is_err).unwrap_or(Ok(()))
    }
}

impl std::fmt::Display for Labelled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let counts = [
            (self.containers.len(), "container"),
            (self.networks.len(), "network"),
            (self.volumes.len(), "volume"),
            (self.images.len(), "image"),
        ];
        let parts: Vec<String> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, name)| format!("{count} {name}{}", if count == 1 { "" } else { "s" }))
            .collect();
        f.write_str(&if parts.is_empty() {
            "nothing".to_owned()
        } else {
            parts.join(", ")
        })
    }
}

/// Removes everything of a run until nothing is found any more. A removal may need several rounds: a container that
/// is just going holds its network.
///
/// What `spared` names by id stays.
pub(super) async fn sweep(
    engine: &Engine,
    run: &str,
    spared: &HashSet<String>,
) -> Result<(), MachineError> {
    let label = format!("{}={run}", labels::RUN);
    let mut why = "they are still listed".to_owned();
    for round in 0..ROUNDS {
        let found = Labelled::find(engine, &label).await?.without(spared);
        if found.is_empty() {
            return Ok(());
        }
        if let Err(error) = found.remove(engine).await {
            why = error.to_string();
            // That was waited for already; another round would be no different.
            if matches!(error, EngineError::NotRemoved { .. }) {
                break;
            }
        }
        tokio::time::sleep(Duration::from_millis(if round == 0 {
            0
        } else {
            50 * round
        }))
        .await;
    }
    let left = Labelled::find(engine, &label).await?.without(spared);
    if left.is_empty() {
        return Ok(());
    }
    Err(MachineError::NotSwept {
        run: run.to_owned(),
        left: left.to_string(),
        why,
    })
}
