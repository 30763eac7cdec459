//! Images that a test makes on the outer engine, and that go with it, what was prepared of them included.

use super::common::SMALL;
use bollard::models::{ContainerConfig, ContainerCreateBody};
use bollard::query_parameters::{
    CommitContainerOptionsBuilder, CreateContainerOptions, StartContainerOptions,
    TagImageOptionsBuilder, WaitContainerOptions,
};
use futures_util::TryStreamExt;
use seaworthy_machine::engine::{Engine, labels};
use std::process::Command;

/// An image; dropping it removes it with all its names.
pub(crate) struct Made {
    engine: Engine,
    pub(crate) name: String,
    pub(crate) id: String,
}

impl Made {
    /// An image `seaworthy-test/…`, unlike all others, made upon [`SMALL`] with a layer for each script.
    pub(crate) async fn from(engine: &Engine, name: &str, scripts: &[&str]) -> Made {
        let docker = engine.docker();
        let repository = format!("seaworthy-test/{name}-{}", std::process::id());
        let mut id = SMALL.to_owned();
        for script in scripts {
            let salted = format!("{script}; cat /proc/sys/kernel/random/uuid > /salt");
            let body = ContainerCreateBody {
                image: Some(id.clone()),
                cmd: Some(vec!["sh".to_owned(), "-c".to_owned(), salted]),
                ..Default::default()
            };
            let container = docker
                .create_container(None::<CreateContainerOptions>, body)
                .await;
            let container = container.unwrap().id;
            docker
                .start_container(&container, None::<StartContainerOptions>)
                .await
                .unwrap();
            let ended: Vec<_> = docker
                .wait_container(&container, None::<WaitContainerOptions>)
                .try_collect()
                .await
                .unwrap();
            assert_eq!(ended[0].status_code, 0, "{script}");
            let commit = CommitContainerOptionsBuilder::new()
                .container(&container)
                .repo(&repository)
                .tag("1")
                .build();
            let config = ContainerConfig {
                cmd: Some(vec!["sh".to_owned()]),
                ..Default::default()
            };
            id = docker.commit_container(commit, config).await.unwrap().id;
            docker_cli(&["rm", "-f", &container]);
        }
        Made {
            engine: engine.clone(),
            name: format!("{repository}:1"),
            id,
        }
    }

    /// Gives it a second name.
    pub(crate) async fn also(&self, name: &str) -> String {
        let repository = format!("seaworthy-test/{name}-{}", std::process::id());
        self.tag(&repository, "latest").await;
        format!("{repository}:latest")
    }

    /// Gives it another name.
    pub(crate) async fn tag(&self, repository: &str, tag: &str) {
        let options = TagImageOptionsBuilder::new()
            .repo(repository)
            .tag(tag)
            .build();
        self.engine
            .docker()
            .tag_image(&self.id, Some(options))
            .await
            .unwrap();
    }

    /// How many layers it has.
    pub(crate) async fn layers(&self) -> usize {
        let inspected = self.engine.docker().inspect_image(&self.id).await.unwrap();
        inspected.root_fs.unwrap().layers.unwrap().len()
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
