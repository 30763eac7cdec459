//! Images that a test makes on the outer engine, and that go with it, what was prepared of them included.

use super::common::SMALL;
use seaworthy_machine::engine::labels;
use std::process::Command;

/// An image; dropping it removes it with all its names.
pub(crate) struct Made {
    pub(crate) name: String,
    pub(crate) id: String,
}

impl Made {
    /// An image `seaworthy-test/…`, unlike all others, made upon [`SMALL`] with a layer for each script.
    pub(crate) fn from(name: &str, scripts: &[&str]) -> Made {
        let repository = format!("seaworthy-test/{name}-{}", std::process::id());
        let made = format!("{repository}:1");
        let mut id = SMALL.to_owned();
        for script in scripts {
            let salted = format!("{script}; cat /proc/sys/kernel/random/uuid > /salt");
            let container = docker(&["create", &id, "sh", "-c", &salted]);
            docker(&["start", "--attach", &container]);
            id = docker(&["commit", "--change", "CMD [\"sh\"]", &container, &made]);
            docker(&["rm", "-f", &container]);
        }
        Made { name: made, id }
    }

    /// Gives it a second name.
    pub(crate) fn also(&self, name: &str) -> String {
        let repository = format!("seaworthy-test/{name}-{}", std::process::id());
        self.tag(&repository, "latest");
        format!("{repository}:latest")
    }

    /// Gives it another name.
    pub(crate) fn tag(&self, repository: &str, tag: &str) {
        docker(&["tag", &self.id, &format!("{repository}:{tag}")]);
    }

    /// How many layers it has.
    pub(crate) fn layers(&self) -> usize {
        let format = "{{len .RootFS.Layers}}";
        docker(&["image", "inspect", "--format", format, &self.id])
            .parse()
            .unwrap()
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        let known = format!("label={}={}", labels::IMAGE, self.id);
        for volume in docker_cli(&["volume", "ls", "-q", "--filter", &known]).lines() {
            let layers = format!("{{{{index .Labels \"{}\"}}}}", labels::LAYERS);
            let layers = docker_cli(&["volume", "inspect", "--format", &layers, volume]);
            docker_cli(&["volume", "rm", volume, layers.trim()]);
        }
        docker_cli(&["rmi", "-f", &self.id]);
    }
}

/// What a `docker` command prints that must succeed.
pub(crate) fn docker(words: &[&str]) -> String {
    let output = Command::new("docker").args(words).output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "docker {words:?}: {complaint}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// What a `docker` command prints. One that fails leaves something behind, and says so in the test's output.
fn docker_cli(words: &[&str]) -> String {
    match Command::new("docker").args(words).output() {
        Ok(output) => {
            eprint!("{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8_lossy(&output.stdout).into_owned()
        }
        Err(error) => {
            eprintln!("docker {words:?}: {error}");
            String::new()
        }
    }
}
