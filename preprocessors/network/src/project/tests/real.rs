//! What the real `docker compose config` makes of a project, in the words of the comparison.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::generate::Generated;

/// What is compared of a project.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) services: BTreeMap<String, Service>,
    /// Those that a service is on.
    pub(super) networks: BTreeMap<String, Network>,
}

/// What is compared of a service.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Service {
    pub(super) mode: Option<String>,
    /// What it is there, by network.
    pub(super) networks: BTreeMap<String, Joined>,
    /// As `ADDRESS HOST CONTAINER PROTOCOL`, one for each port of the container.
    pub(super) ports: BTreeSet<String>,
    pub(super) expose: BTreeSet<String>,
    pub(super) profiles: BTreeSet<String>,
}

/// The address (IPv4, IPv6) and the aliases of a service on a network.
type Joined = (Option<String>, Option<String>, BTreeSet<String>);

/// What is compared of a network.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Network {
    pub(super) driver: String,
    pub(super) internal: bool,
    pub(super) external: bool,
    pub(super) subnets: Vec<String>,
}

/// The program that `scripts/compose` unpacks.
pub(super) fn program() -> PathBuf {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let program =
        repository.join("target/tools/compose/root/usr/libexec/docker/cli-plugins/docker-compose");
    assert!(
        program.exists(),
        "the real `docker compose` is missing: run scripts/compose"
    );
    program
}

/// Asks the real Compose, in `folder`, which holds the project's files; its complaint if it refuses.
pub(super) fn config(project: &Generated, folder: &Path) -> Result<Facts, String> {
    let mut command = Command::new(program());
    command.current_dir(folder).env_clear();
    command
        .env("DOCKER_HOST", "unix:///nowhere")
        .env("HOME", folder);
    command.envs(&project.environment);
    for file in &project.named {
        command.args(["-f", file]);
    }
    for profile in &project.profiles {
        command.args(["--profile", profile]);
    }
    let ran = command
        .args(["--project-name", "made-up", "config", "--format", "json"])
        .output()
        .map_err(|error| error.to_string())?;
    if !ran.status.success() {
        return Err(String::from_utf8_lossy(&ran.stderr).trim().to_owned());
    }
    let value: Value = serde_json::from_slice(&ran.stdout).map_err(|error| error.to_string())?;
    Ok(facts(&value))
}

fn facts(value: &Value) -> Facts {
    let mut facts = Facts::default();
    for (name, value) in map(&value["services"]) {
        facts.services.insert(name.clone(), service(value));
    }
    let used: BTreeSet<String> = facts
        .services
        .values()
        .flat_map(|service| service.networks.keys().cloned())
        .collect();
    for (name, value) in map(&value["networks"]).filter(|(name, _)| used.contains(*name)) {
        facts.networks.insert(name.clone(), network(value));
    }
    facts
}

fn service(value: &Value) -> Service {
    let joins = map(&value["networks"]).map(|(name, join)| {
        let aliases = list(&join["aliases"]).map(text).collect();
        let address = |key: &str| Some(text(&join[key])).filter(|text| !text.is_empty());
        (
            name.clone(),
            (address("ipv4_address"), address("ipv6_address"), aliases),
        )
    });
    Service {
        mode: Some(text(&value["network_mode"])).filter(|mode| !mode.is_empty()),
        networks: joins.collect(),
        ports: list(&value["ports"]).map(port).collect(),
        expose: list(&value["expose"])
            .map(|port| text(port).trim_end_matches("/tcp").to_owned())
            .collect(),
        profiles: list(&value["profiles"]).map(text).collect(),
    }
}

fn port(value: &Value) -> String {
    let host_ip = text(&value["host_ip"]);
    let published = text(&value["published"]);
    show_port(
        if ["", "0.0.0.0", "::"].contains(&host_ip.as_str()) {
            "*"
        } else {
            &host_ip
        },
        if published.is_empty() {
            "any"
        } else {
            &published
        },
        &value["target"].to_string(),
        &text(&value["protocol"]),
    )
}

/// One port, as it is compared.
pub(super) fn show_port(address: &str, host: &str, container: &str, protocol: &str) -> String {
    format!("{address} {host} {container} {protocol}")
}

fn network(value: &Value) -> Network {
    let driver = text(&value["driver"]);
    Network {
        driver: if driver.is_empty() {
            "bridge".to_owned()
        } else {
            driver
        },
        internal: value["internal"].as_bool().unwrap_or_default(),
        external: value["external"].as_bool().unwrap_or_default(),
        subnets: list(&value["ipam"]["config"])
            .map(|pool| text(&pool["subnet"]))
            .collect(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn map(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
