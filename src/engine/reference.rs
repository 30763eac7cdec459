//! The names of images, as Docker reads them. Enter with [`Reference::parse`].

use std::fmt;

/// The host that Docker means when a name has none.
const HUB: &str = "docker.io";
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
    pub fn parse(name: &str) -> Reference {
        let (name, digest) = match name.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (name, None),
        };
        // A colon before the last slash is that of a port.
        let colon = name
            .rfind(':')
            .filter(|colon| !name[*colon..].contains('/'));
        let (name, tag) = match colon {
            Some(colon) => (&name[..colon], &name[colon + 1..]),
            None => (name, "latest"),
        };
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
            None => Version::Tag(tag.to_owned()),
        };
        Reference {
            host: host.to_owned(),
            path,
            version,
        }
    }

    /// The repository in Docker's short form: `busybox`, `someone/app`, `ghcr.io/someone/app`.
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
    pub fn version(&self) -> &str {
        match &self.version {
            Version::Tag(version) | Version::Digest(version) => version,
        }
    }
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
}
