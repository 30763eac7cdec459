//! What a machine looks like: for the message of a failure, and to note what a page leaves behind.

use super::up::fate;
use super::{Machine, MachineError};
use crate::engine::Command;
use serde_json::Value;
use std::fmt;
use std::time::Duration;

/// An engine that doesn't answer within this time is in trouble itself.
const ANSWER: Duration = Duration::from_secs(10);
/// The most that the engine may tell, in bytes: of a container it tells some two thousand.
const LONGEST_ANSWER: usize = 16 << 20;
/// Networks that an engine makes by itself, `docker swarm init` included.
const BUILT_IN: [&str; 5] = ["bridge", "host", "none", "docker_gwbridge", "ingress"];
/// Separates the two listings: no name can contain it.
const SEPARATOR: &str = "\u{1e}";

/// What `docker ps -a` and `docker network ls` print in a machine, and what is left in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The table of containers, as printed.
    pub containers: String,
    /// The table of networks, as printed.
    pub networks: String,
    /// Containers, networks and volumes that the page has made and that are there.
    pub left: Vec<Left>,
    /// Why the above is not known, if it isn't.
    pub trouble: Option<String>,
}

/// Something that a page has made and that is still there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Left {
    /// What it is.
    pub kind: LeftKind,
    /// Its name.
    pub name: String,
}

/// What can be left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LeftKind {
    /// A container, running or not.
    Container,
    /// A network beyond those that an engine makes by itself.
    Network,
    /// A volume.
    Volume,
}

impl Machine {
    /// What the machine looks like now. Never fails, since it belongs to a message about another failure: if it can't
    /// look, it says why.
    pub async fn state(&self) -> State {
        let script = format!("docker ps -a && printf '%s' '{SEPARATOR}' && docker network ls");
        let command = Command::new(["sh", "-c", &script]).time(ANSWER);
        let (containers, networks) = match self.ask(command).await {
            Ok(text) => {
                let (containers, networks) = text.split_once(SEPARATOR).unwrap_or((&text, ""));
                (containers.to_owned(), networks.to_owned())
            }
            Err(error) => {
                return State {
                    trouble: Some(error.to_string()),
                    ..State::default()
                };
            }
        };
        match self.left().await {
            Ok(left) => State {
                containers,
                networks,
                left,
                trouble: None,
            },
            Err(error) => State {
                containers,
                networks,
                left: Vec::new(),
                trouble: Some(error.to_string()),
            },
        }
    }

    /// What is in the machine that an engine doesn't have by itself, images aside. Costs some tens of milliseconds.
    pub async fn left(&self) -> Result<Vec<Left>, MachineError> {
        let script = "for what in 'containers/json?all=1' networks volumes; do \
            curl -fsS --max-time 5 --unix-socket /var/run/docker.sock \"http://localhost/$what\" || exit; echo; done";
        let command = Command::new(["sh", "-c", script]).time(ANSWER);
        let answers = self.ask(command).await?;
        read_left(&answers).map_err(|why| MachineError::Inner { why })
    }

    /// What a command that asks the machine's engine prints; why there is no answer, if there is none.
    async fn ask(&self, command: Command) -> Result<String, MachineError> {
        let command = command.cap(LONGEST_ANSWER);
        let said = match self.engine().exec(self.container(), command).await {
            Ok(finished) if finished.exit == 0 => {
                return Ok(String::from_utf8_lossy(&finished.stdout).into_owned());
            }
            Ok(finished) => finished.complaint(),
            Err(error) => error.to_string(),
        };
        Err(MachineError::Inner {
            why: fate(self.engine(), self.container(), said).await,
        })
    }
}

/// Reads the three answers of the engine: containers, networks, volumes, each a line or more of JSON.
fn read_left(answers: &str) -> Result<Vec<Left>, String> {
    let mut values = serde_json::Deserializer::from_str(answers).into_iter::<Value>();
    let mut next = || match values.next() {
        Some(value) => value.map_err(|error| error.to_string()),
        None => Err("an answer is missing".to_owned()),
    };
    let (containers, networks, volumes) = (next()?, next()?, next()?);
    let mut left = Vec::new();
    let mut add = |kind, names: Vec<&str>| {
        left.extend(names.into_iter().map(|name| Left {
            kind,
            name: name.trim_start_matches('/').to_owned(),
        }));
    };
    let list = |value: &'_ Value| value.as_array().cloned().unwrap_or_default();
    let containers = list(&containers);
    add(
        LeftKind::Container,
        containers
            .iter()
            .filter_map(|one| one["Names"][0].as_str())
            .collect(),
    );
    let networks = list(&networks);
    let named = networks.iter().filter_map(|one| one["Name"].as_str());
    add(
        LeftKind::Network,
        named.filter(|name| !BUILT_IN.contains(name)).collect(),
    );
    let volumes = list(&volumes["Volumes"]);
    add(
        LeftKind::Volume,
        volumes
            .iter()
            .filter_map(|one| one["Name"].as_str())
            .collect(),
    );
    Ok(left)
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            LeftKind::Container => "container",
            LeftKind::Network => "network",
            LeftKind::Volume => "volume",
        };
        write!(f, "{kind} {}", self.name)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(trouble) = &self.trouble {
            writeln!(f, "{trouble}")?;
        }
        for (command, table) in [
            ("docker ps -a", &self.containers),
            ("docker network ls", &self.networks),
        ] {
            if !table.is_empty() {
                writeln!(f, "$ {command}\n{}", table.trim_end())?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left() {
        let answers = r#"[{"Id":"1","Names":["/web"]},{"Id":"2","Names":["/db","/web/alias"]}]
            [{"Name":"bridge"},{"Name":"front"},{"Name":"none"},{"Name":"host"}]
            {"Volumes":[{"Name":"data"}],"Warnings":null}"#;
        let left: Vec<String> = read_left(answers)
            .unwrap()
            .iter()
            .map(Left::to_string)
            .collect();
        assert_eq!(
            left,
            [
                "container web",
                "container db",
                "network front",
                "volume data"
            ]
        );
        assert_eq!(read_left("[] [] {\"Volumes\":null}").unwrap(), []);
        assert_eq!(read_left("[] []").unwrap_err(), "an answer is missing");
        assert!(read_left("nothing").is_err());
    }

    #[test]
    fn shown_as_typed_and_printed() {
        let state = State {
            containers: "CONTAINER ID\n".into(),
            networks: "NETWORK ID\n".into(),
            ..State::default()
        };
        assert_eq!(
            state.to_string(),
            "$ docker ps -a\nCONTAINER ID\n$ docker network ls\nNETWORK ID\n"
        );
    }
}
