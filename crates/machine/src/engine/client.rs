//! The connection to an engine.

use super::api::SystemInfo;
use super::connector::{Connect, connector};
use super::error::REQUEST_SECONDS;
use super::http::{self, Failure};
use super::{Address, Endpoint, EngineError};
use bollard::{API_DEFAULT_VERSION, BollardRequest, ClientVersion, Docker};
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::{Request, Uri};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// How long an engine may take to say that it is there.
const CONNECT: Duration = Duration::from_secs(10);
/// What an engine that wants TLS answers without.
const WANTS_TLS: &str = "HTTP request to an HTTPS server";

/// A Docker Engine that has answered. Cheap to clone; clones share nothing that could be lost.
#[derive(Clone, Debug)]
pub struct Engine {
    docker: Docker,
    endpoint: Endpoint,
    version: Version,
    connector: Arc<dyn Connect>,
}

/// What an engine says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The engine's version, as `docker version` prints it.
    pub engine: String,
    /// The API version spoken with it.
    pub api: String,
}

/// The engine's own words for that.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Said {
    version: String,
    api_version: String,
    /// The oldest API version that it speaks. Engine 29 speaks 1.44 and newer.
    #[serde(default, rename = "MinAPIVersion")]
    least: String,
}

impl Engine {
    /// Connects to the engine that the environment or the docker context names. [`EngineError::NoEngine`] when
    /// nothing answers there within 10 s, or nobody that is to be trusted.
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
        let connector = connector(&endpoint)?;
        Engine::connect_over(connector, endpoint).await
    }

    /// Connects to the engine at an endpoint that `connector` opens connections to.
    pub(super) async fn connect_over(
        connector: Arc<dyn Connect>,
        endpoint: Endpoint,
    ) -> Result<Engine, EngineError> {
        let said = match tokio::time::timeout(CONNECT, version(&*connector, &endpoint)).await {
            Ok(said) => said?,
            Err(_) => {
                let why = format!("no answer within {} s", CONNECT.as_secs());
                return Err(EngineError::no_engine(&endpoint, why));
            }
        };
        let Some(spoken) = spoken(&said.api_version) else {
            let why = format!("it speaks the API version {:?}", said.api_version);
            return Err(EngineError::no_engine(&endpoint, why));
        };
        if parse_version(&said.least).is_some_and(|least| least > spoken) {
            let why = format!(
                "it speaks no API older than {}, and this release of Seaworthy none newer than {spoken}",
                said.least
            );
            return Err(EngineError::NoEngine {
                endpoint: Box::new(endpoint),
                why,
                remedy: "a newer release of Seaworthy may speak with it",
            });
        }
        let docker = docker(connector.clone(), &spoken)
            .map_err(|error| EngineError::of("connecting to it", error))?;
        Ok(Engine {
            docker,
            endpoint,
            version: Version {
                engine: said.version,
                api: spoken.to_string(),
            },
            connector,
        })
    }

    /// Opens connections to the engine.
    pub(super) fn connector(&self) -> &dyn Connect {
        &*self.connector
    }

    /// Where this engine is.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Its version.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// Asks the engine whether it is there.
    pub async fn ping(&self) -> Result<(), EngineError> {
        let answer = self.docker().ping().await;
        answer
            .map(drop)
            .map_err(|error| EngineError::of("asking it", error))
    }

    /// What the engine says of itself and its computer.
    pub async fn info(&self, doing: &str) -> Result<SystemInfo, EngineError> {
        let info = self.docker().info().await;
        info.map_err(|error| EngineError::of(doing, error))
    }

    /// bollard's client: for the requests in this folder.
    pub(super) fn docker(&self) -> &Docker {
        &self.docker
    }
}

/// Asks whoever is at an endpoint for its version: is that an engine, and one that takes us?
async fn version(connect: &dyn Connect, endpoint: &Endpoint) -> Result<Said, EngineError> {
    let no_engine = |why: String| EngineError::no_engine(endpoint, why);
    let request = Request::get("/version").body(Empty::<Bytes>::new());
    let request = request.map_err(|error| no_engine(error.to_string()))?;
    let answer = match http::send(connect, request).await {
        Ok(answer) => answer,
        Err(Failure::Trust(why)) => return Err(EngineError::no_trust(endpoint, why)),
        Err(failure) => return Err(no_engine(failure.into_io().to_string())),
    };
    let read = http::read(answer).await;
    let (status, body) = read.map_err(|error| no_engine(error.to_string()))?;
    if !status.is_success() {
        let words = http::message(&body);
        let plain = matches!(endpoint.address, Address::Tcp { tls: None, .. });
        if plain && words.contains(WANTS_TLS) {
            return Err(EngineError::no_trust(
                endpoint,
                "it speaks TLS only".to_owned(),
            ));
        }
        return Err(no_engine(format!("{words} (status {})", status.as_u16())));
    }
    serde_json::from_slice(&body)
        .map_err(|error| no_engine(format!("what answers there is something else: {error}")))
}

/// The API version to speak with an engine whose newest is `newest`.
fn spoken(newest: &str) -> Option<ClientVersion> {
    let newest = parse_version(newest)?;
    Some(match newest < *API_DEFAULT_VERSION {
        true => newest,
        false => *API_DEFAULT_VERSION,
    })
}

/// A version of the API, such as `1.44`.
fn parse_version(text: &str) -> Option<ClientVersion> {
    let (major, minor) = text.split_once('.')?;
    Some(ClientVersion {
        major_version: major.parse().ok()?,
        minor_version: minor.parse().ok()?,
    })
}

/// bollard's client, on our connections.
fn docker(
    connector: Arc<dyn Connect>,
    version: &ClientVersion,
) -> Result<Docker, bollard::errors::Error> {
    let prefix = format!("/v{version}");
    let transport = move |mut request: BollardRequest| {
        let connector = connector.clone();
        // bollard leaves the version out, and an engine then answers in its newest, which may be newer than bollard's.
        let path = request
            .uri()
            .path_and_query()
            .map(|path| format!("{prefix}{path}"));
        let uri = Uri::builder()
            .path_and_query(path.unwrap_or_default())
            .build();
        async move {
            *request.uri_mut() = uri.map_err(std::io::Error::other)?;
            let answer = http::send(&*connector, request).await;
            answer.map_err(|failure| failure.into_io().into())
        }
    };
    // An address that is never looked up.
    Docker::connect_with_custom_transport(
        transport,
        Some("http://docker"),
        REQUEST_SECONDS,
        version,
    )
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, VERSION, answer, ok};
    use super::*;
    use crate::engine::Kind;
    use tokio::io::AsyncWriteExt;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn the_older_api_is_spoken() {
        for (newest, spoken) in [
            ("1.41", "1.41"),
            ("1.44\",\"MinAPIVersion\":\"1.44", "1.44"),
            ("1.57\",\"MinAPIVersion\":\"1.44", "1.53"),
            ("1.53", "1.53"),
            ("1.99", "1.53"),
            ("2.0", "1.53"),
        ] {
            let said = VERSION.replace("1.41", newest);
            let fake = Fake::saying(&[ok(&said).as_bytes()]);
            let engine = fake.connect().await.unwrap();
            let version = Version {
                engine: "20.10.24".to_owned(),
                api: spoken.to_owned(),
            };
            assert_eq!(*engine.version(), version);
            assert_eq!(engine.docker().client_version().to_string(), spoken);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_no_engine() {
        let cases = [
            (ok("hello"), "what answers there is something else"),
            (ok(r#"{"Version":"4"}"#), "missing field `ApiVersion`"),
            (ok(&VERSION.replace("1.41", "one")), "API version \"one\""),
            (ok(&VERSION.replace("1.41", "1.x")), "API version \"1.x\""),
            (
                answer("403 Forbidden", "{\"message\":\"not you\"}"),
                ": not you (status 403); ",
            ),
            (
                "220 mail ESMTP\r\n\r\n".to_owned(),
                "invalid HTTP version parsed",
            ),
            (
                ok(r#"{"Version":"40.0","ApiVersion":"1.99","MinAPIVersion":"1.60"}"#),
                "none newer than 1.53; a newer release of Seaworthy may",
            ),
            (String::new(), ": the connection ended before an answer; "),
            (
                answer(
                    "400 Bad Request",
                    "Client sent an HTTP request to an HTTPS server.\n",
                ),
                ": it speaks TLS only; with DOCKER_TLS_VERIFY=1, DOCKER_CERT_PATH names",
            ),
        ];
        for (said, part) in cases {
            let error = Fake::saying(&[said.as_bytes()])
                .connect()
                .await
                .unwrap_err();
            assert_eq!(error.kind(), Kind::NoEngine);
            let message = error.to_string();
            let begins = "no Docker Engine answers at tcp://build:2375 (DOCKER_HOST): ";
            assert!(
                message.starts_with(begins) && message.contains(part),
                "{message}"
            );
        }
        let error = Fake::saying(&[])
            .connect_far()
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains("ssh://far (DOCKER_HOST)"), "{error}");
        assert!(
            error.contains("must reach that computer without asking"),
            "{error}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_says_nothing_is_given_ten_seconds() {
        let begun = Instant::now();
        for early in ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"] {
            let fake = Fake::new(move |_, mut stream| async move {
                stream.write_all(early.as_bytes()).await.unwrap();
                std::future::pending::<()>().await;
            });
            let error = fake.connect().await.unwrap_err().to_string();
            assert!(error.contains(": no answer within 10 s; "), "{error}");
        }
        assert_eq!(begun.elapsed(), CONNECT * 2);
    }

    #[tokio::test(start_paused = true)]
    async fn bollard_asks_over_the_same_connections() {
        let fake = Fake::saying(&[ok("OK").as_bytes()]);
        let engine = fake.engine().await;
        engine.ping().await.unwrap();
        let requests = fake.requests();
        assert!(
            requests[0].starts_with("GET /v1.41/_ping HTTP/1.1\r\n"),
            "{requests:?}"
        );
        // An engine that goes away, or begins no answer.
        let gone = Fake::saying(&[]).engine().await;
        let error = gone.ping().await.unwrap_err();
        let words = "lost the Docker Engine while asking it: the connection ended before an answer";
        assert_eq!(error.to_string(), words);
        let silent = Fake::new(|_, stream| async move {
            let _open = stream;
            std::future::pending::<()>().await;
        });
        let silent = silent.engine().await;
        let begun = Instant::now();
        let error = silent.ping().await.unwrap_err();
        assert_eq!(error.to_string(), "gave up asking it after 120 s");
        assert_eq!(begun.elapsed(), Duration::from_secs(REQUEST_SECONDS));
    }
}
