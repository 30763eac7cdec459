//! The connection to an engine.

use super::error::causes;
use super::ssh::Tunnel;
use super::{Address, Endpoint, EngineError};
use bollard::{API_DEFAULT_VERSION, Docker};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How long the engine may take to begin an answer. Pulling and loading begin theirs at once and then stream.
pub(super) const REQUEST_SECONDS: u64 = 120;
/// How long an engine may take to say that it is there.
const CONNECT: Duration = Duration::from_secs(10);

/// A Docker Engine that has answered. Cheap to clone; clones share nothing that could be lost.
#[derive(Clone, Debug)]
pub struct Engine {
    docker: Docker,
    endpoint: Endpoint,
    version: Version,
    /// To an engine on another computer, over ssh.
    tunnel: Option<Arc<Tunnel>>,
}

/// What an engine says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The engine's version, as `docker version` prints it.
    pub engine: String,
    /// The API version spoken with it.
    pub api: String,
}

impl Engine {
    /// Connects to the engine that the environment or the docker context names. [`EngineError::NoEngine`] when
    /// nothing answers there within 10 s.
    pub async fn connect() -> Result<Engine, EngineError> {
        let endpoint = tokio::task::spawn_blocking(Endpoint::find)
            .await
            .map_err(|error| EngineError::Context {
                why: error.to_string(),
            })??;
        Engine::connect_to(endpoint).await
    }

    /// Connects to the engine at an endpoint.
    pub async fn connect_to(endpoint: Endpoint) -> Result<Engine, EngineError> {
        let tunnel = match &endpoint.address {
            Address::Ssh(destination) => match Tunnel::open(destination) {
                Ok(tunnel) => Some(Arc::new(tunnel)),
                Err(error) => return Err(no_engine(endpoint, error.to_string())),
            },
            _ => None,
        };
        let address = match &tunnel {
            Some(tunnel) => format!("unix://{}", tunnel.socket().display()),
            None => endpoint.address.to_string(),
        };
        let connected = match &endpoint.address {
            Address::Unix(_) | Address::Ssh(_) => {
                Docker::connect_with_unix(&address, REQUEST_SECONDS, API_DEFAULT_VERSION)
            }
            Address::Tcp { .. } => {
                Docker::connect_with_http(&address, REQUEST_SECONDS, API_DEFAULT_VERSION)
            }
        };
        let answer = async {
            let docker = connected?.negotiate_version().await?;
            let version = docker.version().await?;
            Ok::<_, bollard::errors::Error>((docker, version))
        };
        let (docker, version) = match tokio::time::timeout(CONNECT, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(no_engine(endpoint, with_ssh(causes(&error), tunnel))),
            Err(_) => {
                let why = format!("no answer within {} s", CONNECT.as_secs());
                return Err(no_engine(endpoint, with_ssh(why, tunnel)));
            }
        };
        let api = docker.client_version().to_string();
        let version = Version {
            engine: version.version.unwrap_or_default(),
            api,
        };
        Ok(Engine {
            docker,
            endpoint,
            version,
            tunnel,
        })
    }

    /// The socket file of the engine, if it has one here: its own, or that of the way to it.
    pub(super) fn socket(&self) -> Option<PathBuf> {
        match (&self.tunnel, &self.endpoint.address) {
            (Some(tunnel), _) => Some(tunnel.socket()),
            (None, Address::Unix(path)) => Some(path.clone()),
            _ => None,
        }
    }

    /// Where this engine is.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Its version.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// bollard's client, for everything that has no helper here.
    pub fn docker(&self) -> &Docker {
        &self.docker
    }
}

/// What ssh said is the better reason.
fn with_ssh(why: String, tunnel: Option<Arc<Tunnel>>) -> String {
    match tunnel.map(|tunnel| tunnel.said()) {
        Some(said) if !said.is_empty() => said,
        _ => why,
    }
}

fn no_engine(endpoint: Endpoint, why: String) -> EngineError {
    let remedy = if matches!(endpoint.address, Address::Ssh(_)) {
        "`ssh` must reach that computer without asking anything (keys, known hosts), and its user must be allowed to \
         run `docker system dial-stdio` there"
    } else if why.to_lowercase().contains("permission denied") {
        "run as a user who may use Docker (a member of the group `docker`, or root)"
    } else if Path::new("/etc/debian_version").exists() {
        "start it, or name another with DOCKER_HOST or `docker context use`; \
         on Debian, `scripts/setup` of Seaworthy's repository installs and starts one"
    } else {
        "start it (Docker Desktop, or `systemctl start docker`), or name another with DOCKER_HOST or \
         `docker context use`"
    };
    EngineError::NoEngine {
        endpoint,
        why,
        remedy,
    }
}
