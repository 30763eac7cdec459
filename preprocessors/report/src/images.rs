//! Images, and whether a name still means the one that it meant.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An image that a page was given.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Image {
    /// As the page names it, with its tag.
    pub reference: String,
    /// The image's id: `sha256:…`.
    pub digest: String,
    /// `registry`, or what a stand-in was built from.
    pub origin: Origin,
}

/// Where an image comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A registry.
    Registry,
    /// Built on the machine that checks.
    Local,
    /// A stand-in for the official image; says what it was built from.
    StandIn(String),
    /// Built on a stand-in; says what that was built from.
    BuiltOnStandIn(String),
}

/// A name that means another image than it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangedImage {
    /// As the page names it, with its tag.
    pub reference: String,
    /// The digest of the image when the page last held.
    pub before: String,
    /// That of the image now.
    pub now: String,
}

impl fmt::Display for ChangedImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "since this page last held, `{}` has become another image: {} then, {} now",
            self.reference,
            short(&self.before),
            short(&self.now)
        )
    }
}

/// The digest with as many digits as Docker shows.
fn short(digest: &str) -> &str {
    let digits = digest.find(':').map_or(0, |colon| colon + 1);
    digest.get(..digits + 12).unwrap_or(digest)
}

/// The images of `now` that have the name of one of `before`, and another digest.
#[must_use]
pub fn changed_images(before: &[Image], now: &[Image]) -> Vec<ChangedImage> {
    let changed = now.iter().filter_map(|image| {
        let same = |old: &&Image| old.reference == image.reference;
        let old = before.iter().find(same)?;
        (old.digest != image.digest).then(|| ChangedImage {
            reference: image.reference.clone(),
            before: old.digest.clone(),
            now: image.digest.clone(),
        })
    });
    changed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(reference: &str, digest: &str) -> Image {
        Image {
            reference: reference.to_owned(),
            digest: digest.to_owned(),
            origin: Origin::Local,
        }
    }

    #[test]
    fn only_a_name_that_means_another_image_counts() {
        let (old, new) = ("sha256:0123456789abcdef", "sha256:fedcba9876543210");
        let before = [image("a:1", old), image("b:1", old), image("gone:1", old)];
        let now = [image("a:1", new), image("b:1", old), image("new:1", new)];
        let changed = changed_images(&before, &now);
        let said: Vec<_> = changed.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "since this page last held, `a:1` has become another image: sha256:0123456789ab then, sha256:fedcba987654 now"
            ]
        );
    }
}
