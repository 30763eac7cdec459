//! The names of images, as Docker reads them. Enter with [`Reference::parse`].

use std::fmt;

/// The host that Docker means when a name has none.
const HUB: &str = "docker.io";
/// The tag that Docker means when a name has neither tag nor digest.
const LATEST: &str = "latest";
/// The repositories that Docker means when a name at the hub has no slash.
const LIBRARY: &str = "library/";

/// A name of an image: where it is, and which one of those there. Printed in Docker's short form: `busybox:latest` is
/// `docker.io/library/busybox`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    host: String,
    path: String,
    version: Version,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Version {
    Tag(String),
    Digest(String),
}

impl Reference {
    /// Reads a name. Without tag and digest it means `:latest`, and with both the digest, as for Docker. What is no
    /// valid name is taken as it stands: the engine refuses it in its own words.
    #[must_use]
    pub fn parse(name: &str) -> Reference {
        let (name, tag, digest) = parts(name);
        let is_host = |first: &str| {
            first == "localhost"
                || first.contains(['.', ':'])
                || first.chars().any(|c| c.is_ascii_uppercase())
        };
        let (host, path) = match name.split_once('/') {
            Some((first, rest)) if is_host(first) => (first, rest),
            _ => (HUB, name),
        };
        let host = if host == "index.docker.io" { HUB } else { host };
        let path = if host == HUB && !path.contains('/') {
            format!("{LIBRARY}{path}")
        } else {
            path.to_owned()
        };
        let version = match digest {
            Some(digest) => Version::Digest(digest.to_owned()),
            None => Version::Tag(tag.unwrap_or(LATEST).to_owned()),
        };
        Reference {
            host: host.to_owned(),
            path,
            version,
        }
    }

    /// The repository in Docker's short form: `busybox`, `someone/app`, `ghcr.io/someone/app`.
    #[must_use]
    pub fn repository(&self) -> String {
        if self.host != HUB {
            return format!("{}/{}", self.host, self.path);
        }
        let short = self.path.strip_prefix(LIBRARY);
        // `library/a/b` has to keep its first part.
        let short = short.filter(|short| !short.contains('/'));
        short.unwrap_or(&self.path).to_owned()
    }

    /// The tag, or the digest (`sha256:…`).
    #[must_use]
    pub fn version(&self) -> &str {
        match &self.version {
            Version::Tag(version) | Version::Digest(version) => version,
        }
    }
}

/// The name without tag and digest, the tag and the digest.
fn parts(name: &str) -> (&str, Option<&str>, Option<&str>) {
    let (name, digest) = match name.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => (name, None),
    };
    // A colon before the last slash is that of a port.
    let colon = name
        .rfind(':')
        .filter(|colon| !name[*colon..].contains('/'));
    match colon {
        Some(colon) => (&name[..colon], Some(&name[colon + 1..]), digest),
        None => (name, None, digest),
    }
}

/// A name as it is written, with the tag that Docker assumes if it has neither tag nor digest.
#[must_use]
pub fn with_tag(name: &str) -> String {
    match parts(name) {
        (_, None, None) => format!("{name}:{LATEST}"),
        _ => name.to_owned(),
    }
}

/// Whether a text may name an image: Docker's own rule is stricter, and shells' variables fail this one.
#[must_use]
pub fn is_image_name(text: &str) -> bool {
    let valid = |c: char| c.is_ascii_alphanumeric() || "._-/:@".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(valid)
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.version {
            Version::Tag(_) => ':',
            Version::Digest(_) => '@',
        };
        write!(f, "{}{mark}{}", self.repository(), self.version())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_docker_reads_them() {
        for (given, repository, version, whole) in [
            ("busybox", "busybox", "latest", "busybox:latest"),
            (
                "nginx:1.30-alpine",
                "nginx",
                "1.30-alpine",
                "nginx:1.30-alpine",
            ),
            ("docker.io/library/nginx:1", "nginx", "1", "nginx:1"),
            ("index.docker.io/nginx:1", "nginx", "1", "nginx:1"),
            ("library/nginx", "nginx", "latest", "nginx:latest"),
            (
                "docker.io/some/app",
                "some/app",
                "latest",
                "some/app:latest",
            ),
            ("library/a/b:1", "library/a/b", "1", "library/a/b:1"),
            (
                "ghcr.io/some/app:2",
                "ghcr.io/some/app",
                "2",
                "ghcr.io/some/app:2",
            ),
            (
                "far:5000/team/app",
                "far:5000/team/app",
                "latest",
                "far:5000/team/app:latest",
            ),
            ("localhost/app:1", "localhost/app", "1", "localhost/app:1"),
            ("app@sha256:12", "app", "sha256:12", "app@sha256:12"),
            (
                "far:5000/app:1@sha256:12",
                "far:5000/app",
                "sha256:12",
                "far:5000/app@sha256:12",
            ),
        ] {
            let reference = Reference::parse(given);
            assert_eq!(reference.repository(), repository, "{given}");
            assert_eq!(reference.version(), version, "{given}");
            assert_eq!(reference.to_string(), whole, "{given}");
            assert_eq!(Reference::parse(whole), reference, "{given}");
        }
    }

    #[test]
    fn the_tag_that_docker_assumes() {
        for (given, whole) in [
            ("nginx", "nginx:latest"),
            ("docker.io/library/nginx", "docker.io/library/nginx:latest"),
            ("far:5000/app", "far:5000/app:latest"),
            ("nginx:1", "nginx:1"),
            ("app@sha256:12", "app@sha256:12"),
        ] {
            assert_eq!(with_tag(given), whole);
        }
    }

    #[test]
    fn what_may_name_an_image() {
        for name in ["nginx", "far:5000/a-b/c_d:1.0@sha256:12", "3proxy"] {
            assert!(is_image_name(name), "{name}");
        }
        for name in ["", "$IMAGE", "-d", "/x", "a b", "a$b", "é"] {
            assert!(!is_image_name(name), "{name}");
        }
    }
}
