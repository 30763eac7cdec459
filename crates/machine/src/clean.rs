//! Removing what runs that no longer live have left behind. Enter with [`clean`].

use super::MachineError;
use super::liveness::{self, Liveness};
use super::sweep::{Labelled, sweep};
use crate::engine::api::ContainerSummary;
use crate::engine::{Engine, EngineError, labels, remove_stale_logins};
use futures_util::future::join_all;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What was removed, and what was not and why.
#[derive(Debug, Default)]
pub struct Cleaned {
    /// Dead runs, whose objects are gone now.
    pub removed: Vec<RunObjects>,
    /// Runs that live; untouched.
    pub alive: Vec<RunObjects>,
    /// Runs of which it can't be told from here, other computers' above all; untouched.
    pub unknown: Vec<RunObjects>,
    /// Caches that were removed: references of images, names of volumes and containers.
    pub caches: Vec<String>,
    /// Caches that something uses; untouched, each with the engine's words.
    pub kept: Vec<String>,
    /// What should have been removed and could not be, each with the reason.
    pub stuck: Vec<String>,
}

/// What a run has on the engine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunObjects {
    /// The run's id.
    pub run: String,
    /// The computer that it belongs to, if its labels say.
    pub host: Option<String>,
    /// Why it was left alone, for one that can't be judged.
    pub why: Option<String>,
    /// How many containers it has, running or not.
    pub containers: usize,
    /// How many networks.
    pub networks: usize,
    /// How many volumes.
    pub volumes: usize,
    /// How many images that a build has left.
    pub images: usize,
}

/// Removes the containers, networks, volumes and half-made images of runs that no longer live; with `all` the caches as well
/// (machine images, stand-ins, cache volumes), as far as nothing uses them. Touches nothing without our labels.
pub async fn clean(engine: &Engine, all: bool) -> Result<Cleaned, MachineError> {
    let mut cleaned = Cleaned::default();
    let mut dead = Vec::new();
    for (mut objects, liveness) in runs(engine).await? {
        match liveness {
            Liveness::Alive => cleaned.alive.push(objects),
            Liveness::Unknown(why) => {
                objects.why = Some(why);
                cleaned.unknown.push(objects);
            }
            Liveness::Dead => dead.push(objects),
        }
    }
    // At the same time: one that can't be removed doesn't hold up the others.
    let spared = HashSet::new();
    let swept = dead
        .iter()
        .map(|objects| sweep(engine, &objects.run, &spared));
    let swept = join_all(swept).await;
    for (objects, swept) in dead.into_iter().zip(swept) {
        match swept {
            Ok(()) => cleaned.removed.push(objects),
            Err(error @ MachineError::NotSwept { .. }) => cleaned.stuck.push(error.to_string()),
            Err(error) => return Err(error),
        }
    }
    let stale = liveness::remove_stale().and_then(|()| remove_stale_logins());
    stale.map_err(|error| MachineError::Lock {
        path: std::env::temp_dir(),
        why: error.to_string(),
    })?;
    if all {
        clean_caches(engine, &mut cleaned).await?;
    }
    Ok(cleaned)
}

/// The runs that have something on the engine, and whether they live.
async fn runs(engine: &Engine) -> Result<Vec<(RunObjects, Liveness)>, MachineError> {
    let found = Labelled::find(engine, labels::RUN).await?;
    let mut runs: BTreeMap<String, (RunObjects, Liveness)> = BTreeMap::new();
    let mut add = |found: &HashMap<String, String>, count: fn(&mut RunObjects) -> &mut usize| {
        let run = found.get(labels::RUN).cloned().unwrap_or_default();
        let (objects, _) = runs.entry(run.clone()).or_insert_with(|| {
            let host = found.get(labels::HOST).cloned();
            (
                RunObjects {
                    run,
                    host,
                    ..RunObjects::default()
                },
                liveness::judge(found),
            )
        });
        *count(objects) += 1;
    };
    for labels in found
        .containers
        .iter()
        .filter_map(|container| container.labels.as_ref())
    {
        add(labels, |objects| &mut objects.containers);
    }
    for labels in found
        .networks
        .iter()
        .filter_map(|network| network.labels.as_ref())
    {
        add(labels, |objects| &mut objects.networks);
    }
    for volume in &found.volumes {
        add(&volume.labels, |objects| &mut objects.volumes);
    }
    // Last: of what is being tried out only the run is known, of its other objects all.
    for (_, labels) in &found.images {
        add(labels, |objects| &mut objects.images);
    }
    Ok(runs.into_values().collect())
}

async fn clean_caches(engine: &Engine, cleaned: &mut Cleaned) -> Result<(), MachineError> {
    let mut found = Labelled::find(engine, labels::CACHE).await?;
    // Machines inherit the label of their image; they go with their run, if it no longer lives.
    let of_run = |one: &ContainerSummary| {
        let labels = one.labels.as_ref();
        labels.is_some_and(|labels| labels.contains_key(labels::RUN))
    };
    found.containers.retain(|one| !of_run(one));
    let names = found.names();
    match found.remove(engine).await {
        Ok(()) => cleaned.caches.extend(names),
        Err(error) => cleaned.kept.push(error.to_string()),
    }
    for image in engine.list_images(labels::CACHE).await? {
        // An image that someone built upon one of ours inherits the labels, but not the reference.
        let Some(reference) = image.labels.get(labels::REFERENCE) else {
            continue;
        };
        if !image.repo_tags.contains(reference) {
            continue;
        }
        match engine.remove_image(reference).await {
            Ok(()) => cleaned.caches.push(reference.clone()),
            Err(EngineError::Refused { message, .. }) => {
                cleaned.kept.push(format!("{reference}: {message}"))
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
