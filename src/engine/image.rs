//! Images on the outer engine: looked up there, pulled if they are missing.

use super::{Engine, EngineError, labels};
use bollard::query_parameters::CreateImageOptionsBuilder;
use futures_util::StreamExt;
use std::collections::HashMap;
use std::time::Duration;

/// A pull that reports nothing for so long is given up.
const SILENCE: Duration = Duration::from_secs(90);

/// An image that the outer engine holds.
#[derive(Clone, Debug)]
pub struct Image {
    /// The reference with its tag or digest: `busybox` is `busybox:latest`.
    pub reference: String,
    /// The image's id (`sha256:…`), which is the digest of its configuration.
    pub id: String,
    /// The digest under which a registry knows it, if it came from one.
    pub digest: Option<String>,
    /// Its labels.
    pub labels: HashMap<String, String>,
    /// Whether it had to be pulled just now.
    pub pulled: bool,
}

impl Image {
    /// For an image that stands in for the real one: what it was made from, in a sentence.
    pub fn stand_in(&self) -> Option<&str> {
        self.labels.get(labels::STAND_IN).map(String::as_str)
    }
}

impl Engine {
    /// The image of that reference, if the engine holds it. Asks no registry.
    pub async fn image(&self, reference: &str) -> Result<Option<Image>, EngineError> {
        let reference = with_tag(reference);
        let inspected = self.docker().inspect_image(&reference).await;
        let inspected = match inspected
            .map_err(|error| EngineError::of(format!("looking up {reference}"), error))
        {
            Ok(inspected) => inspected,
            Err(EngineError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let digests = inspected.repo_digests.unwrap_or_default();
        let digest = digests
            .iter()
            .find_map(|digest| digest.split_once('@').map(|(_, digest)| digest.to_owned()));
        let labels = inspected
            .config
            .and_then(|config| config.labels)
            .unwrap_or_default();
        let id = inspected.id.unwrap_or_default();
        Ok(Some(Image {
            reference,
            id,
            digest,
            labels,
            pulled: false,
        }))
    }

    /// The image of that reference, pulled if the engine doesn't hold it. [`EngineError::NoImage`] if it can't be had.
    pub async fn ensure_image(&self, reference: &str) -> Result<Image, EngineError> {
        if let Some(image) = self.image(reference).await? {
            return Ok(image);
        }
        let reference = with_tag(reference);
        self.pull(&reference).await?;
        match self.image(&reference).await? {
            Some(image) => Ok(Image {
                pulled: true,
                ..image
            }),
            None => Err(self.no_image(
                &reference,
                "the pull ended well, but the image is not there".to_owned(),
            )),
        }
    }

    async fn pull(&self, reference: &str) -> Result<(), EngineError> {
        let (name, tag) = split(reference);
        let options = CreateImageOptionsBuilder::new()
            .from_image(name)
            .tag(tag)
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
                                self.no_image(reference, message)
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
                    return Err(self.no_image(reference, why));
                }
            }
        }
    }

    fn no_image(&self, reference: &str, why: String) -> EngineError {
        EngineError::NoImage {
            reference: reference.to_owned(),
            endpoint: self.endpoint().clone(),
            why,
        }
    }
}

/// The reference with `:latest` if it has neither tag nor digest. (Without a tag the engine would pull and export
/// every tag of the repository.)
pub(crate) fn with_tag(reference: &str) -> String {
    let name = reference.rsplit('/').next().unwrap_or(reference);
    if name.contains(':') || name.contains('@') {
        reference.to_owned()
    } else {
        format!("{reference}:latest")
    }
}

/// A reference from [`with_tag`] as the name and the tag or digest that a pull wants.
fn split(reference: &str) -> (&str, &str) {
    match reference.split_once('@') {
        Some((name, digest)) => (name, digest),
        None => reference.rsplit_once(':').unwrap_or((reference, "latest")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        for (given, whole, name, tag) in [
            ("busybox", "busybox:latest", "busybox", "latest"),
            (
                "nginx:1.30-alpine",
                "nginx:1.30-alpine",
                "nginx",
                "1.30-alpine",
            ),
            (
                "far:5000/team/app",
                "far:5000/team/app:latest",
                "far:5000/team/app",
                "latest",
            ),
            (
                "far:5000/team/app:2",
                "far:5000/team/app:2",
                "far:5000/team/app",
                "2",
            ),
            ("app@sha256:12", "app@sha256:12", "app", "sha256:12"),
            ("app:1@sha256:12", "app:1@sha256:12", "app:1", "sha256:12"),
        ] {
            assert_eq!(with_tag(given), whole);
            assert_eq!(split(&with_tag(given)), (name, tag), "{given}");
        }
    }
}
