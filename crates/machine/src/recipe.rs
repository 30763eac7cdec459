//! How machine images are made: what stands in the folder `recipe` of this crate, as the engine that builds one is given it.
//!
//! A recipe is a version of Docker Engine and where it comes from. [`Recipe::context`] is the whole of what a build needs.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;
use std::io;

use super::MachineError;
use crate::engine::labels;

/// What a build has as its own system, and what `machine.bash` finds its tools in.
pub const BASE: &str = "debian:trixie-slim";

/// The repository of machine images; the tag is the version of the engine inside.
const REPOSITORY: &str = "seaworthy/machine";

/// The versions that Debian has, and the suites that have them: <https://packages.debian.org/docker.io>.
const OF_DEBIAN: [(&str, &str); 3] = [("28", "sid"), ("26", "trixie"), ("20.10", "bookworm")];

/// The files of the folder `recipe`, with their modes.
const FILES: [(&str, u32, &[u8]); 9] = [
    (
        "machine.bash",
        0o644,
        include_bytes!("../recipe/machine.bash"),
    ),
    (
        "seaworthy-machine",
        0o755,
        include_bytes!("../recipe/seaworthy-machine"),
    ),
    (
        "seaworthy-mirror",
        0o755,
        include_bytes!("../recipe/seaworthy-mirror"),
    ),
    (
        "containerd.toml",
        0o644,
        include_bytes!("../recipe/containerd.toml"),
    ),
    (
        "daemon.json",
        0o644,
        include_bytes!("../recipe/daemon.json"),
    ),
    ("lib/rootfs", 0o755, include_bytes!("../recipe/lib/rootfs")),
    (
        "lib/debian.bash",
        0o644,
        include_bytes!("../recipe/lib/debian.bash"),
    ),
    (
        "lib/say.bash",
        0o644,
        include_bytes!("../recipe/lib/say.bash"),
    ),
    ("trial.sh", 0o644, TRIAL.as_bytes()),
];

/// Tries out a machine, from inside; the argument is the version of its engine.
pub(super) const TRIAL: &str = include_str!("../recipe/trial.sh");

/// Where the Docker Engine of a machine comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineSource {
    /// Debian's packages.
    Debian,
    /// Docker's own packages for Debian.
    Packages,
    /// The programs of the official image `docker:VERSION-dind`.
    Image,
}

impl EngineSource {
    /// Whether a machine from there was ever made where Seaworthy is: no network leads to Docker's own from there.
    #[must_use]
    pub fn is_tried(self) -> bool {
        self == Self::Debian
    }
}

/// What a machine image is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    version: String,
    source: EngineSource,
    /// The suite of Debian that has it, for that source.
    suite: &'static str,
}

/// Why there is no recipe. Displayed, it names the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRecipe {
    /// It is no version.
    #[error("`{0}` is no version of Docker Engine: they are written as 28, 20.10 or 29.1.3")]
    NoVersion(String),
    /// Debian hasn't that version.
    #[error(
        "Debian has no Docker Engine {0}, but {debian}; `--from image` takes the programs of docker:{0}-dind",
        debian = of_debian()
    )]
    NotInDebian(String),
}

/// The versions that Debian has, in words.
fn of_debian() -> String {
    OF_DEBIAN.map(|(version, _)| version).join(", ")
}

impl Recipe {
    /// The recipe for an engine of `version`, as far as that is fixed (`28`, `20.10`, `29.1.3`). Where no `source` is asked
    /// for it is Debian, if that has the version, or else Docker's image.
    ///
    /// # Errors
    /// If that is no version, or if Debian is asked for one that it hasn't.
    pub fn find(version: &str, source: Option<EngineSource>) -> Result<Self, NoRecipe> {
        let number = |part: &str| {
            (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        let parts = version.split('.').count();
        if parts > 3 || !version.split('.').all(number) {
            return Err(NoRecipe::NoVersion(version.to_owned()));
        }
        let suite = OF_DEBIAN.iter().find(|(known, _)| *known == version);
        let source = source.unwrap_or(match suite {
            Some(_) => EngineSource::Debian,
            None => EngineSource::Image,
        });
        if source == EngineSource::Debian && suite.is_none() {
            return Err(NoRecipe::NotInDebian(version.to_owned()));
        }
        Ok(Self {
            version: version.to_owned(),
            source,
            suite: suite.map_or("", |(_, suite)| suite),
        })
    }

    /// The recipes with Debian's packages, the newest engine first.
    #[must_use]
    pub fn of_debian() -> Vec<Self> {
        let recipe = |(version, suite): (&str, &'static str)| Self {
            version: version.to_owned(),
            source: EngineSource::Debian,
            suite,
        };
        OF_DEBIAN.map(recipe).to_vec()
    }

    /// The version of the engine, as far as it is fixed.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Where the engine comes from.
    #[must_use]
    pub fn source(&self) -> EngineSource {
        self.source
    }

    /// The name of the image that it makes.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("{REPOSITORY}:{}", self.version)
    }

    /// The images that the engine must hold or pull for the build.
    #[must_use]
    pub fn bases(&self) -> Vec<String> {
        let mut bases = vec![BASE.to_owned()];
        if self.source == EngineSource::Image {
            bases.push(self.engine_image());
        }
        bases
    }

    /// Names what the image is made of, so that one of another release of Seaworthy is known as such.
    #[must_use]
    pub fn key(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.dockerfile(&[]));
        for (_, _, content) in FILES {
            hash.update(content);
        }
        let hash = hash.finalize();
        hash[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn engine_image(&self) -> String {
        format!("docker:{}-dind", self.version)
    }

    /// The steps of the build. What lies behind the first line of the stage `files`, images and containers, bears `labels`;
    /// the image has none of them.
    fn dockerfile(&self, labels: &[(&str, &str)]) -> String {
        let (stage, copied) = match self.source {
            EngineSource::Image => (
                format!("FROM {} AS engine\n", self.engine_image()),
                "COPY --from=engine /usr/local /engine\n",
            ),
            EngineSource::Debian | EngineSource::Packages => (String::new(), ""),
        };
        let (version, suite) = (&self.version, self.suite);
        let source = match self.source {
            EngineSource::Debian => "debian",
            EngineSource::Packages => "packages",
            EngineSource::Image => "image",
        };
        let labels = match labels {
            [] => String::new(),
            labels => format!("LABEL {}", pairs(labels)),
        };
        format!(
            r#"{stage}FROM {BASE} AS files
{labels}
{copied}COPY . /recipe
ARG SEAWORTHY_DEBIAN_MIRROR
ENV ENGINE_SOURCE={source} ENGINE_VERSION={version} ENGINE_SUITE={suite} ENGINE_FILES=/engine \
    SEAWORTHY_IMAGES_CACHE=/tmp/cache CERTIFICATES=/recipe/certificates.pem
RUN ["/recipe/lib/rootfs", "/recipe/machine.bash", "/made"]
FROM scratch
COPY --from=files /made/root /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/home/learner LANG=C.UTF-8
WORKDIR /home/learner
ENTRYPOINT ["/usr/bin/tini", "--", "/usr/local/sbin/seaworthy-machine"]
"#
        )
    }

    /// The archive of all that the build needs; `labels` mark what is only needed meanwhile.
    pub(super) fn context(&self, labels: &[(&str, &str)]) -> io::Result<Vec<u8>> {
        let dockerfile = self.dockerfile(labels);
        let certificates = certificates();
        let mut files = FILES.to_vec();
        files.push(("Dockerfile", 0o644, dockerfile.as_bytes()));
        files.push(("certificates.pem", 0o644, certificates.as_bytes()));
        archive(&files)
    }

    /// The archive that makes the image `made`, in which is an engine of this version, one that bears our labels.
    pub(super) fn labelling(&self, made: &str, engine: &str) -> io::Result<Vec<u8>> {
        let key = self.key();
        let reference = self.reference();
        let labels = pairs(&[
            (labels::CACHE, "machine"),
            (labels::KEY, &key),
            (labels::REFERENCE, &reference),
            (labels::ENGINE, engine),
        ]);
        let dockerfile = format!("FROM {made}\nLABEL {labels}\n");
        archive(&[("Dockerfile", 0o644, dockerfile.as_bytes())])
    }
}

impl fmt::Display for Recipe {
    /// Where the engine comes from, in words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.source {
            EngineSource::Debian => write!(f, "packages of Debian {}", self.suite),
            EngineSource::Packages => f.write_str("Docker's own packages (not tried)"),
            EngineSource::Image => write!(f, "the image {} (not tried)", self.engine_image()),
        }
    }
}

/// The name that the image of an engine of this version has: Docker counted by year and month until 20.10, and has had one
/// number for what is new since.
pub(super) fn reference_of(engine: &str) -> Option<String> {
    let mut parts = engine.split('.');
    let first: u32 = parts.next()?.parse().ok()?;
    let second: u32 = parts.next()?.parse().ok()?;
    Some(match first {
        ..23 => format!("{REPOSITORY}:{first}.{second:02}"),
        _ => format!("{REPOSITORY}:{first}"),
    })
}

/// Pairs as `LABEL` has them.
fn pairs(labels: &[(&str, &str)]) -> String {
    let escaped = |value: &str| {
        value
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('$', "\\$")
    };
    let pair = |(name, value): &(&str, &str)| format!("\"{name}\"=\"{}\"", escaped(value));
    labels.iter().map(pair).collect::<Vec<_>>().join(" ")
}

/// The authorities that this computer trusts. Behind a proxy that signs for others, that proxy's authority is among them,
/// without which nothing in a machine could fetch over https. Empty where there are none: then Debian's are taken.
fn certificates() -> String {
    // What can't be read is missing there as it is missing here.
    let found = rustls_native_certs::load_native_certs().certs;
    let mut text = String::new();
    for certificate in found {
        text.push_str("-----BEGIN CERTIFICATE-----\n");
        let encoded = BASE64_STANDARD.encode(&certificate);
        let mut rest = encoded.as_str();
        // 64 characters a line: RFC 7468.
        while !rest.is_empty() {
            let (line, more) = rest.split_at(rest.len().min(64));
            text.push_str(line);
            text.push('\n');
            rest = more;
        }
        text.push_str("-----END CERTIFICATE-----\n");
    }
    text
}

/// A tar archive of these files.
fn archive(files: &[(&str, u32, &[u8])]) -> io::Result<Vec<u8>> {
    let mut archive = tar::Builder::new(Vec::new());
    for (path, mode, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(*mode);
        archive.append_data(&mut header, path, *content)?;
    }
    archive.into_inner()
}

/// What the environment says of the way out, as builds know it by themselves.
/// <https://docs.docker.com/build/building/variables/#pre-defined-build-arguments>
pub(super) fn arguments(mirror: Option<&str>) -> BTreeMap<String, String> {
    const PROXIES: [&str; 3] = ["http_proxy", "https_proxy", "no_proxy"];
    let both = |name: &str| [name.to_owned(), name.to_uppercase()];
    let set = |name: String| Some((name.clone(), std::env::var(name).ok()?));
    let mut all: BTreeMap<_, _> = PROXIES.into_iter().flat_map(both).filter_map(set).collect();
    if let Some(mirror) = mirror {
        all.insert("SEAWORTHY_DEBIAN_MIRROR".to_owned(), mirror.to_owned());
    }
    all
}

/// An error of [`Recipe::context`].
pub(super) fn not_packed(error: &io::Error) -> MachineError {
    MachineError::NotBuilt {
        why: format!("can't pack what the build needs: {error}"),
        log: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn versions_and_where_they_come_from() {
        let found =
            |version: &str, source| Recipe::find(version, source).map(|one| one.to_string());
        assert_eq!(found("28", None).unwrap(), "packages of Debian sid");
        assert_eq!(found("20.10", None).unwrap(), "packages of Debian bookworm");
        assert_eq!(
            found("29.1.3", None).unwrap(),
            "the image docker:29.1.3-dind (not tried)"
        );
        let packages = Some(EngineSource::Packages);
        assert_eq!(
            found("28", packages).unwrap(),
            "Docker's own packages (not tried)"
        );
        let error = found("29", Some(EngineSource::Debian)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Debian has no Docker Engine 29, but 28, 26, 20.10; `--from image` takes the programs of docker:29-dind"
        );
        for wrong in ["", "latest", "28.", "28.5.2.1", "v28", "28\nRUN x", "1234"] {
            let error = found(wrong, None).unwrap_err();
            assert_eq!(error, NoRecipe::NoVersion(wrong.to_owned()));
        }
    }

    #[test]
    fn the_name_of_an_engine_s_image() {
        for (engine, name) in [
            ("28.5.2+dfsg4", Some("seaworthy/machine:28")),
            ("20.10.24+dfsg1", Some("seaworthy/machine:20.10")),
            ("19.03.1", Some("seaworthy/machine:19.03")),
            ("nightly", None),
        ] {
            assert_eq!(reference_of(engine).as_deref(), name);
        }
    }

    #[test]
    fn a_build_is_given_all_that_its_steps_name() {
        let recipe = Recipe::find("28", None).unwrap();
        let packed = recipe.context(&[("a", "b\"$c\\")]).unwrap();
        let mut files = BTreeMap::new();
        for entry in tar::Archive::new(packed.as_slice()).entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut content = String::new();
            entry.read_to_string(&mut content).unwrap();
            let path = entry.path().unwrap().display().to_string();
            files.insert(path, (entry.header().mode().unwrap(), content));
        }
        let (_, dockerfile) = &files["Dockerfile"];
        assert!(
            dockerfile.contains(r#"LABEL "a"="b\"\$c\\""#),
            "{dockerfile}"
        );
        // What it starts, and what those read.
        assert_eq!(files["lib/rootfs"].0, 0o755);
        for (file, (_, content)) in &files {
            for word in content.split_whitespace() {
                let named = word
                    .strip_prefix("\"$here/")
                    .and_then(|rest| rest.strip_suffix('"'));
                if let Some(named) = named {
                    assert!(
                        files.contains_key(&format!("lib/{named}")),
                        "{file}: {named}"
                    );
                }
            }
        }
        for line in files["machine.bash"].1.lines() {
            if let Some(rest) = line.trim().strip_prefix("install_file ") {
                let file = rest.split(' ').nth(1).unwrap();
                assert!(files.contains_key(file), "{file}");
            }
        }
    }

    #[test]
    fn a_key_is_of_what_is_made() {
        let key = |version: &str, source| Recipe::find(version, source).unwrap().key();
        assert_eq!(key("28", None), key("28", None));
        assert_ne!(key("28", None), key("26", None));
        assert_ne!(key("28", None), key("28", Some(EngineSource::Image)));
    }
}
