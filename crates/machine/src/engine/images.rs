//! Images on the outer engine: looked up there, pulled if they are missing.

use super::api::{Identity, ImageSummary};
use super::{Engine, EngineError, if_there, labelled, labels};
use bollard::query_parameters::{
    CreateImageOptionsBuilder, ListImagesOptionsBuilder, RemoveImageOptions,
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt};
use seaworthy_words::Reference;
use std::collections::HashMap;
use std::time::Duration;

/// A pull that reports nothing for so long is given up.
const SILENCE: Duration = Duration::from_secs(90);

/// How the history of an image begins that a recipe made.
const RECIPES: &str = "scripts/images.d/";

/// An image that the outer engine holds.
#[derive(Clone, Debug)]
pub struct Image {
    /// Its name, as it was asked for.
    pub reference: Reference,
    /// The image's id (`sha256:…`), which is the digest of its configuration.
    pub id: String,
    /// The digest under which a registry knows it, if it came from one: by this name if it has one so.
    pub digest: Option<String>,
    /// The names with digest that it has, such as `busybox@sha256:…`.
    pub digests: Vec<Reference>,
    /// Its labels.
    pub labels: HashMap<String, String>,
    /// Whether it was built on a stand-in, whose labels it has inherited.
    pub built_on_stand_in: bool,
    /// Whether it had to be pulled just now.
    pub pulled: bool,
}

impl Image {
    /// For an image that stands in for the real one, or is built on one that does: what that was made from, in a sentence.
    pub fn stand_in(&self) -> Option<&str> {
        self.labels.get(labels::STAND_IN).map(String::as_str)
    }
}

impl Engine {
    /// The image of that reference, if the engine holds it. Asks no registry.
    pub async fn image(&self, reference: &str) -> Result<Option<Image>, EngineError> {
        let reference = Reference::parse(reference);
        let inspected = self.docker().inspect_image(&reference.to_string()).await;
        let doing = format!("looking up {reference}");
        let Some(inspected) = if_there(inspected.map_err(|error| EngineError::of(doing, error)))?
        else {
            return Ok(None);
        };
        // With containerd's image store every image has a digest; newer engines say whether it was built.
        let built = inspected.identity.as_ref().is_some_and(is_built);
        let digests = inspected
            .repo_digests
            .filter(|_| !built)
            .unwrap_or_default();
        let digests: Vec<_> = digests.iter().map(|name| Reference::parse(name)).collect();
        let same = |other: &&Reference| other.repository() == reference.repository();
        let digest = digests.iter().find(same).or(digests.first());
        let digest = digest.map(|name| name.version().to_owned());
        let labels = inspected
            .config
            .and_then(|config| config.labels)
            .unwrap_or_default();
        let id = inspected.id.unwrap_or_default();
        let built_on_stand_in =
            labels.contains_key(super::labels::STAND_IN) && !self.is_of_recipe(&id).await?;
        Ok(Some(Image {
            reference,
            id,
            digest,
            digests,
            labels,
            built_on_stand_in,
            pulled: false,
        }))
    }

    /// Whether the last thing that was done to an image was that a recipe of `scripts/images` made it: what is built on it
    /// has a longer history.
    async fn is_of_recipe(&self, id: &str) -> Result<bool, EngineError> {
        let history = self.docker().image_history(id).await;
        let history =
            history.map_err(|error| EngineError::of("reading an image's history", error))?;
        let last = history.first();
        Ok(last.is_some_and(|last| last.created_by.starts_with(RECIPES)))
    }

    /// The image of that reference, pulled if the engine doesn't hold it. [`EngineError::NoImage`] if it can't be had.
    pub async fn ensure_image(&self, reference: &str) -> Result<Image, EngineError> {
        if let Some(image) = self.image(reference).await? {
            return Ok(image);
        }
        let reference = Reference::parse(reference);
        self.pull(&reference).await?;
        self.pulled(&reference).await
    }

    /// An image whose pull has just ended.
    async fn pulled(&self, reference: &Reference) -> Result<Image, EngineError> {
        match self.image(&reference.to_string()).await? {
            Some(image) => Ok(Image {
                pulled: true,
                ..image
            }),
            None => Err(Self::no_image(
                reference,
                "the pull ended well, but the image is not there".to_owned(),
            )),
        }
    }

    /// The image of that reference as its registry has it now. [`EngineError::NoImage`] if it can't be had.
    pub async fn pull_image(&self, reference: &str) -> Result<Image, EngineError> {
        let reference = Reference::parse(reference);
        self.pull(&reference).await?;
        self.pulled(&reference).await
    }

    /// The images of a repository, whatever their tags: their names.
    pub async fn list_repository(&self, repository: &str) -> Result<Vec<String>, EngineError> {
        let filters = HashMap::from([("reference", vec![repository])]);
        let options = ListImagesOptionsBuilder::new().filters(&filters).build();
        let listed = self.docker().list_images(Some(options)).await;
        let listed = listed.map_err(|error| EngineError::of("listing images", error))?;
        let names = listed.into_iter().flat_map(|image| image.repo_tags);
        Ok(names
            .filter(|name| Reference::parse(name).repository() == repository)
            .collect())
    }

    /// The images that bear a label: a name, or `name=value`.
    pub async fn list_images(&self, label: &str) -> Result<Vec<ImageSummary>, EngineError> {
        let options = ListImagesOptionsBuilder::new()
            .filters(&labelled(label))
            .build();
        let listed = self.docker().list_images(Some(options)).await;
        listed.map_err(|error| EngineError::of("listing images", error))
    }

    /// Removes an image by one of its names. One that is gone is well.
    pub async fn remove_image(&self, reference: &str) -> Result<(), EngineError> {
        let removed = self
            .docker()
            .remove_image(reference, None::<RemoveImageOptions>, None)
            .await;
        let doing = format!("removing the image {reference}");
        if_there(removed.map_err(|error| EngineError::of(doing, error))).map(drop)
    }

    /// An image as an archive, piece by piece.
    pub fn export_image(
        &self,
        image: &Image,
    ) -> impl Stream<Item = Result<Bytes, EngineError>> + Send + use<> {
        let doing = format!("exporting the image {}", image.reference);
        let export = self.docker().export_image(&image.id);
        export.map_err(move |error| EngineError::of(doing.clone(), error))
    }

    async fn pull(&self, reference: &Reference) -> Result<(), EngineError> {
        let options = CreateImageOptionsBuilder::new()
            .from_image(&reference.repository())
            .tag(reference.version())
            .build();
        let mut progress = self.docker().create_image(Some(options), None, None);
        loop {
            match tokio::time::timeout(SILENCE, progress.next()).await {
                Ok(None) => return Ok(()),
                Ok(Some(Ok(_))) => {}
                Ok(Some(Err(error))) => {
                    return Err(
                        match EngineError::of(format!("pulling {reference}"), error) {
                            EngineError::NotFound { message, .. }
                            | EngineError::Refused { message, .. } => {
                                Self::no_image(reference, message)
                            }
                            other => other,
                        },
                    );
                }
                Err(_) => {
                    let why = format!(
                        "nothing was heard from the registry for {} s",
                        SILENCE.as_secs()
                    );
                    return Err(Self::no_image(reference, why));
                }
            }
        }
    }

    fn no_image(reference: &Reference, why: String) -> EngineError {
        EngineError::NoImage {
            reference: reference.to_string(),
            why,
        }
    }
}

/// Whether an image was built on the engine and is in no registry.
fn is_built(identity: &Identity) -> bool {
    let pulled = identity
        .pull
        .as_ref()
        .is_some_and(|pulls| !pulls.is_empty());
    !pulled
        && identity
            .build
            .as_ref()
            .is_some_and(|builds| !builds.is_empty())
}

#[cfg(test)]
mod tests;
