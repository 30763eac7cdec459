//! Prepared images: what an engine makes of an image when it loads it, kept on the outer engine, so that a page's
//! machine begins with the image instead of loading it. Enter with [`Run::prepare`].
//!
//! A machine whose data-root is a volume loads the image and is told to stop; on its way out it packs the volume
//! (`seaworthy-machine` tells how). Pages' machines mount it read-only. While it is being made the volume belongs to the
//! run and goes with it. When it is whole, a second volume, empty, whose name follows from the image's content, names it
//! in a label: making that is one step for the engine, so a volume that is half made, by a killed run say, is never
//! used, and where two runs prepare the same image at a time the first one wins.

use super::up::{fate, not_up, wait_up};
use super::{MachineError, MachineOptions, Run};
use crate::engine::api::{Mount, MountType, MountVolumeOptions, Volume, VolumeCreateRequest};
use crate::engine::{Command, Engine, EngineError, Image, Stdin, labels};
use futures_util::{StreamExt, stream};
use seaworthy_terminal::token;
use seaworthy_words::Reference;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// The layout of a prepared volume; another one is another number.
const FORMAT: &str = "1";
/// Below this folder of a machine its prepared images are mounted.
const FOLDER: &str = "/var/lib/seaworthy";
/// How many images are prepared at a time; each keeps a processor busy.
const AT_A_TIME: usize = 2;
/// How long loading one image may take.
const LOAD: Duration = Duration::from_secs(300);
/// How long an engine that is told to stop, and the packing, may take, in seconds.
const STOP_SECONDS: i32 = 100;

/// An image that machines can begin with, under one of its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedImage {
    /// Its name in the machine.
    name: Reference,
    /// The same with its digest, if it came from a registry under that name.
    digest: Option<Reference>,
    key: String,
    content: Content,
}

/// What a prepared volume holds.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Content {
    /// The name of the volume.
    volume: String,
    /// The id that the image has in a machine. (Engines differ in what an id is.)
    id: String,
}

impl PreparedImage {
    /// Where a machine has it.
    fn folder(&self) -> String {
        folder(&self.key)
    }
}

fn folder(key: &str) -> String {
    format!("{FOLDER}/{key}")
}

/// The mounts of a machine with these images. An image with two names is mounted once. `labels` mark the volume that
/// the engine makes where the prepared one was removed a moment ago, so that it goes with the run.
pub(super) fn mounts(images: &[PreparedImage], labels: &HashMap<String, String>) -> Vec<Mount> {
    let by_folder: BTreeMap<_, _> = images.iter().map(|one| (one.folder(), one)).collect();
    let mount = |(folder, image): (String, &PreparedImage)| Mount {
        typ: Some(MountType::VOLUME),
        source: Some(image.content.volume.clone()),
        target: Some(folder),
        read_only: Some(true),
        volume_options: Some(MountVolumeOptions {
            labels: Some(labels.clone()),
            ..Default::default()
        }),
        ..Default::default()
    };
    by_folder.into_iter().map(mount).collect()
}

/// The mount of a data-root that becomes a prepared volume.
pub(super) fn data_root(volume: &str, target: &str) -> Mount {
    Mount {
        typ: Some(MountType::VOLUME),
        source: Some(volume.to_owned()),
        target: Some(target.to_owned()),
        ..Default::default()
    }
}

/// The names of these images, as an engine keeps them in its `repositories.json`.
pub(super) fn repositories(images: &[PreparedImage]) -> String {
    let mut repositories: BTreeMap<String, BTreeMap<String, &str>> = BTreeMap::new();
    for image in images {
        for name in [Some(&image.name), image.digest.as_ref()]
            .into_iter()
            .flatten()
        {
            let names = repositories.entry(name.repository()).or_default();
            names.insert(name.to_string(), &image.content.id);
        }
    }
    serde_json::json!({ "Repositories": repositories }).to_string()
}

/// The images that are just being prepared: who needs one of them waits, and finds it ready.
#[derive(Debug, Default)]
pub(super) struct Preparations(std::sync::Mutex<HashMap<String, Arc<Mutex<()>>>>);

impl Preparations {
    async fn turn(&self, key: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let all = self.0.lock();
            let mut all = all.unwrap_or_else(std::sync::PoisonError::into_inner);
            all.entry(key.to_owned()).or_default().clone()
        };
        turn.lock_owned().await
    }
}

impl Run {
    /// Prepares images that the outer engine holds, as far as they aren't, for machines of these options. Costs some
    /// milliseconds an image that is prepared already, and a few seconds one that isn't. Gives for each what came of it.
    pub async fn prepare(
        &self,
        images: &[Image],
        options: &MachineOptions,
    ) -> Result<Vec<Result<PreparedImage, MachineError>>, MachineError> {
        if images.is_empty() {
            return Ok(Vec::new());
        }
        let Some(machine) = self.engine().image(&options.image).await? else {
            return Err(MachineError::NoMachineImage {
                image: options.image.clone(),
            });
        };
        // Owned, since borrowed ones tie the future to one lifetime too many.
        let prepared = images.iter().cloned().map(|image| {
            let key = key(&machine, &image);
            self.prepare_one(image, key, options)
        });
        Ok(stream::iter(prepared).buffered(AT_A_TIME).collect().await)
    }

    async fn prepare_one(
        &self,
        image: Image,
        key: String,
        options: &MachineOptions,
    ) -> Result<PreparedImage, MachineError> {
        let _turn = self.shared().preparations.turn(&key).await;
        let content = match find(self.engine(), &key).await? {
            Some(content) => content,
            None => self.prepare_new(&image, &key, options).await?,
        };
        let digest = image.digests.iter();
        let digest = digest
            .filter(|name| name.repository() == image.reference.repository())
            .find(|name| **name != image.reference);
        Ok(PreparedImage {
            digest: digest.cloned(),
            name: image.reference,
            key,
            content,
        })
    }

    async fn prepare_new(
        &self,
        image: &Image,
        key: &str,
        options: &MachineOptions,
    ) -> Result<Content, MachineError> {
        let engine = self.engine();
        let volume = format!("seaworthy-layers-{}", token());
        let container = self.start_preparing(&volume, &folder(key), options).await?;
        let filled = fill(engine, &container, image, options).await;
        let removed = engine.remove_container(&container).await;
        match filled.and_then(|id| Ok(removed.map(|()| id)?)) {
            Ok(id) => self.publish(key, Content { volume, id }).await,
            Err(error) => {
                // If it can't be removed now, the end of the run removes it, or says why it can't.
                let _ = engine.remove_volume(&volume, false).await;
                Err(error)
            }
        }
    }

    /// Makes a whole volume known. Another run may have been quicker: then its volume is taken.
    async fn publish(&self, key: &str, ours: Content) -> Result<Content, MachineError> {
        let (engine, key) = (self.engine().clone(), key.to_owned());
        self.making(async move {
            let label = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            let request = VolumeCreateRequest {
                name: Some(name(&key)),
                labels: Some(HashMap::from([
                    label(labels::CACHE, "image"),
                    label(labels::LAYERS, &ours.volume),
                    label(labels::IMAGE, &ours.id),
                ])),
                ..Default::default()
            };
            // With that name it is made or, if it is there, given as it is.
            let there = engine
                .create_volume("keeping a prepared image", request)
                .await?;
            match content(&there) {
                Some(content) if content != ours => {
                    engine.remove_volume(&ours.volume, false).await?;
                    Ok(content)
                }
                _ => Ok(ours),
            }
        })
        .await
    }
}

/// Loads an image into a preparing machine and lets it pack. Returns the image's id inside.
async fn fill(
    engine: &Engine,
    container: &str,
    image: &Image,
    options: &MachineOptions,
) -> Result<String, MachineError> {
    let failed = |why: String| MachineError::Prepare {
        reference: image.reference.to_string(),
        remedy: if why.contains("no space left on device") {
            "; the Docker Engine's disk is full: `docker system df` shows what fills it"
        } else {
            ""
        },
        why,
    };
    if let Err(why) = wait_up(engine, container, options.start_time).await {
        return Err(match not_up(engine, container, why).await {
            MachineError::NotUp { why, .. } => failed(format!(
                "the engine that was to load it did not come up: {why}"
            )),
            error => error,
        });
    }
    let mut load = Command::new(["docker", "load", "--quiet"]).time(LOAD);
    load.stdin = Stdin::Stream(engine.export_image(image).boxed());
    let loaded = engine.exec(container, load).await?;
    if loaded.exit != 0 {
        return Err(failed(fate(engine, container, loaded.complaint()).await));
    }
    let list = Command::new(["docker", "image", "ls", "--quiet", "--no-trunc"]);
    let id = engine.exec(container, list).await?.text();
    if !id.starts_with("sha256:") || id.contains('\n') {
        return Err(failed(format!("an engine that loaded it lists {id:?}")));
    }
    engine
        .stop_container("stopping a machine", container, STOP_SECONDS)
        .await?;
    match engine.container_exit(container).await? {
        0 => Ok(id),
        code => Err(failed(format!("packing it ended with exit code {code}"))),
    }
}

/// What decides what is prepared: the image's content, and the engine that reads it.
fn key(machine: &Image, image: &Image) -> String {
    let engine = machine.labels.get(labels::ENGINE).unwrap_or(&machine.id);
    let hash = Sha256::digest([FORMAT, engine, &image.id].join("\n"));
    hash[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The name of the volume that makes a prepared one known.
fn name(key: &str) -> String {
    format!("seaworthy-image-{key}")
}

/// What is prepared under a key. What names a volume that isn't there any more is removed.
async fn find(engine: &Engine, key: &str) -> Result<Option<Content>, MachineError> {
    let Some(known) = inspect(engine, &name(key)).await? else {
        return Ok(None);
    };
    let content = content(&known);
    if let Some(content) = content
        && inspect(engine, &content.volume).await?.is_some()
    {
        return Ok(Some(content));
    }
    engine.remove_volume(&known.name, false).await?;
    Ok(None)
}

fn content(known: &Volume) -> Option<Content> {
    let label = |name| known.labels.get(name).cloned();
    Some(Content {
        volume: label(labels::LAYERS)?,
        id: label(labels::IMAGE)?,
    })
}

async fn inspect(engine: &Engine, volume: &str) -> Result<Option<Volume>, EngineError> {
    engine.volume("looking up a prepared image", volume).await
}

/// The volumes that are not whole, of all runs, labelled as other objects of their runs are.
pub(super) async fn half_made(engine: &Engine) -> Result<Vec<Volume>, EngineError> {
    // In this order: one that becomes whole in between is seen as whole.
    let mut volumes = engine.list_volumes(labels::PREPARING).await?;
    if volumes.is_empty() {
        return Ok(volumes);
    }
    let known = engine.list_volumes(labels::LAYERS).await?;
    let whole: BTreeSet<_> = known
        .iter()
        .filter_map(content)
        .map(|content| content.volume)
        .collect();
    volumes.retain(|volume| !whole.contains(&volume.name));
    for volume in &mut volumes {
        let run = volume.labels.get(labels::PREPARING).cloned();
        volume
            .labels
            .extend(run.map(|run| (labels::RUN.to_owned(), run)));
    }
    Ok(volumes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(name: &str, digest: Option<&str>, key: &str) -> PreparedImage {
        PreparedImage {
            name: Reference::parse(name),
            digest: digest.map(Reference::parse),
            key: key.to_owned(),
            content: Content {
                volume: format!("volume-{key}"),
                id: format!("sha256:{key}"),
            },
        }
    }

    #[test]
    fn names_and_mounts() {
        let images = [
            image("busybox:1.37", None, "b"),
            image("busy", None, "b"),
            image("ghcr.io/a/b:2", Some("ghcr.io/a/b@sha256:12"), "g"),
        ];
        assert_eq!(
            repositories(&images),
            r#"{"Repositories":{"busy":{"busy:latest":"sha256:b"},"busybox":{"busybox:1.37":"sha256:b"},"#
                .to_owned()
                + r#""ghcr.io/a/b":{"ghcr.io/a/b:2":"sha256:g","ghcr.io/a/b@sha256:12":"sha256:g"}}}"#
        );
        assert_eq!(repositories(&[]), r#"{"Repositories":{}}"#);
        let mounts: Vec<_> = mounts(&images, &HashMap::new())
            .into_iter()
            .map(|mount| {
                (
                    mount.source.unwrap(),
                    mount.target.unwrap(),
                    mount.read_only,
                )
            })
            .collect();
        let mount = |volume: &str, folder: &str| (volume.to_owned(), folder.to_owned(), Some(true));
        assert_eq!(
            mounts,
            [
                mount("volume-b", "/var/lib/seaworthy/b"),
                mount("volume-g", "/var/lib/seaworthy/g")
            ]
        );
    }
}
