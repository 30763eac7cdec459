//! Where the engine is: `DOCKER_HOST`, else the current docker context, else the default socket, as the Docker CLI
//! decides. Enter with [`Endpoint::find`].

use super::{Destination, EngineError, Tls};
use std::fmt;
use std::path::PathBuf;

/// The socket of an engine installed in the usual way.
const DEFAULT_SOCKET: &str = "/var/run/docker.sock";
/// Docker's port without TLS, for an address that names none.
const DEFAULT_PORT: u16 = 2375;
/// The same with TLS.
const DEFAULT_TLS_PORT: u16 = 2376;
/// What can be used instead of an endpoint that can't.
const SUPPORTED: &str =
    "supported are unix:///path/to/docker.sock, ssh://user@host and tcp://host:port";

/// The address of an engine, and which setting gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// How to connect.
    pub address: Address,
    /// Why there.
    pub source: Source,
}

/// How to connect to an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A socket file on this computer.
    Unix(PathBuf),
    /// A TCP port.
    Tcp {
        /// Name or address, without the brackets of an IPv6 address.
        host: String,
        /// The port.
        port: u16,
        /// The certificates, if it is spoken to with TLS.
        tls: Option<Box<Tls>>,
    },
    /// Another computer, on which `docker system dial-stdio` is run over ssh.
    Ssh(Box<Destination>),
}

/// The setting that names the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The environment variable `DOCKER_HOST`.
    DockerHost,
    /// The current docker context, by name.
    Context(String),
    /// Neither: the default socket.
    DefaultSocket,
    /// The command line.
    Named,
}

impl Endpoint {
    /// The endpoint at an address that was named for this command: `unix://`, `ssh://` or `tcp://`, with TLS where the
    /// environment asks for it.
    pub fn named(address: &str) -> Result<Endpoint, EngineError> {
        Endpoint::parse(address, Source::Named, Tls::of_environment(variable))
    }

    /// Finds the engine's endpoint from the environment and the docker contexts. Blocks while it runs
    /// `docker context inspect` (some 20 ms). Doesn't connect.
    pub fn find() -> Result<Endpoint, EngineError> {
        let tls = Tls::of_environment(variable);
        if let Some(host) = variable("DOCKER_HOST") {
            return Endpoint::parse(&host, Source::DockerHost, tls);
        }
        let run = duct::cmd!("docker", "context", "inspect")
            .stdin_null()
            .stdout_capture()
            .stderr_capture()
            .unchecked()
            .run();
        match run {
            // Without the CLI there are no contexts to honour.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Ok(Endpoint::default(tls))
            }
            Err(error) => Err(EngineError::Context {
                why: error.to_string(),
            }),
            Ok(output) if output.status.success() => Endpoint::of_context(&output.stdout, tls),
            Ok(output) => {
                let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
                // A CLI from before contexts existed (19.03).
                if why.contains("is not a docker command") {
                    return Ok(Endpoint::default(tls));
                }
                // The CLI needs the certificates even to say where the engine is; what is wrong with them is told when
                // they are read here.
                if let Some(tls) = tls.filter(|tls| why.contains(&*tls.folder.to_string_lossy())) {
                    return Ok(Endpoint::default(Some(tls)));
                }
                Err(EngineError::Context { why })
            }
        }
    }

    /// Where the Docker CLI looks if nothing is named: at the default socket, and with TLS at a port of this computer.
    fn default(tls: Option<Tls>) -> Endpoint {
        match tls {
            None => Endpoint {
                address: Address::Unix(DEFAULT_SOCKET.into()),
                source: Source::DefaultSocket,
            },
            Some(tls) => Endpoint {
                address: Address::Tcp {
                    host: "localhost".to_owned(),
                    port: DEFAULT_TLS_PORT,
                    tls: Some(Box::new(tls)),
                },
                source: Source::Context("default".to_owned()),
            },
        }
    }

    /// Reads what `docker context inspect` prints: a list of one context. `tls` is what the environment asks for, which
    /// is part of the context `default`.
    fn of_context(json: &[u8], tls: Option<Tls>) -> Result<Endpoint, EngineError> {
        let broken = |why: &str| EngineError::Context {
            why: format!("`docker context inspect` printed {why}"),
        };
        let value: serde_json::Value =
            serde_json::from_slice(json).map_err(|error| broken(&format!("no JSON ({error})")))?;
        let context = value.get(0).ok_or_else(|| broken("no context"))?;
        let name = context["Name"].as_str().unwrap_or_default();
        let docker = &context["Endpoints"]["docker"];
        let host = docker["Host"]
            .as_str()
            .ok_or_else(|| broken("a context without an endpoint for docker"))?;
        if name == "default" {
            let usual = Endpoint::default(tls.clone());
            return match usual.address.to_string() == host {
                true => Ok(usual),
                false => Endpoint::parse(host, Source::Context(name.to_owned()), tls),
            };
        }
        let tls = Tls::of_context(context);
        Endpoint::parse(host, Source::Context(name.to_owned()), tls)
    }

    /// Reads an address as `DOCKER_HOST` spells it.
    fn parse(text: &str, source: Source, tls: Option<Tls>) -> Result<Endpoint, EngineError> {
        let no = |why: String| Err(unsupported(&source.to_string(), text, why));
        let Some((scheme, rest)) = text.split_once("://") else {
            return no(format!("an endpoint begins with its scheme; {SUPPORTED}"));
        };
        let address = match scheme {
            "unix" if rest.starts_with('/') => Address::Unix(rest.into()),
            "unix" => {
                return no(
                    "the path of the socket must be absolute (unix:///…, three slashes)".to_owned(),
                );
            }
            "tcp" => match host_and_perhaps_port(rest) {
                Some((host, port)) => {
                    let usual = if tls.is_some() {
                        DEFAULT_TLS_PORT
                    } else {
                        DEFAULT_PORT
                    };
                    Address::Tcp {
                        host,
                        port: port.unwrap_or(usual),
                        tls: tls.map(Box::new),
                    }
                }
                None => return no("a tcp endpoint is tcp://host:port".to_owned()),
            },
            "ssh" => match destination(rest) {
                Some(destination) => Address::Ssh(Box::new(destination)),
                None => return no("an ssh endpoint is ssh://user@host:port".to_owned()),
            },
            other => {
                return no(format!(
                    "endpoints of the kind `{other}` are not supported; {SUPPORTED}"
                ));
            }
        };
        Ok(Endpoint { address, source })
    }
}

/// A variable of the environment, if it says anything.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn unsupported(setting: &str, value: &str, why: String) -> EngineError {
    EngineError::Unsupported {
        setting: setting.to_owned(),
        value: value.to_owned(),
        why,
    }
}

/// `user@` before `host_and_perhaps_port`'s forms, which it needn't have. No password (ssh takes none from there), and
/// nothing that ssh would take for an option.
fn destination(text: &str) -> Option<Destination> {
    let (user, rest) = match text.rsplit_once('@') {
        Some((user, rest)) => (Some(user), rest),
        None => (None, text),
    };
    let (host, port) = host_and_perhaps_port(rest)?;
    let option = |word: &str| word.starts_with('-');
    let odd = user.is_some_and(|user| user.is_empty() || user.contains(':') || option(user));
    (!odd && !option(&host)).then(|| Destination {
        user: user.map(str::to_owned),
        host,
        port,
    })
}

/// `host`, `host:port`, `[v6]` or `[v6]:port`, perhaps with a slash at the end.
fn host_and_perhaps_port(text: &str) -> Option<(String, Option<u16>)> {
    let text = text.strip_suffix('/').unwrap_or(text);
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']')?;
            let port = if rest.is_empty() {
                None
            } else {
                Some(rest.strip_prefix(':')?)
            };
            (host, port)
        }
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let port = match port {
        Some(port) => Some(port.parse().ok()?),
        None => None,
    };
    (!host.is_empty() && !host.contains('/')).then(|| (host.to_owned(), port))
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.address, self.source)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Unix(path) => write!(f, "unix://{}", path.display()),
            Address::Tcp { host, port, .. } if host.contains(':') => {
                write!(f, "tcp://[{host}]:{port}")
            }
            Address::Tcp { host, port, .. } => write!(f, "tcp://{host}:{port}"),
            Address::Ssh(destination) => {
                let Destination { user, host, port } = &**destination;
                f.write_str("ssh://")?;
                if let Some(user) = user {
                    write!(f, "{user}@")?;
                }
                match host.contains(':') {
                    true => write!(f, "[{host}]")?,
                    false => f.write_str(host)?,
                }
                port.map_or(Ok(()), |port| write!(f, ":{port}"))
            }
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::DockerHost => f.write_str("DOCKER_HOST"),
            Source::Context(name) => write!(f, "the docker context `{name}`"),
            Source::DefaultSocket => f.write_str("the default socket"),
            Source::Named => f.write_str("--engine"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_can_be_used() {
        for (text, shown) in [
            ("unix:///var/run/docker.sock", "unix:///var/run/docker.sock"),
            ("tcp://127.0.0.1:2375", "tcp://127.0.0.1:2375"),
            ("tcp://build.example:4000/", "tcp://build.example:4000"),
            ("tcp://build.example", "tcp://build.example:2375"),
            ("tcp://[::1]:2376", "tcp://[::1]:2376"),
            ("tcp://[::1]", "tcp://[::1]:2375"),
            ("ssh://far", "ssh://far"),
            ("ssh://me@far.example:2222/", "ssh://me@far.example:2222"),
            ("ssh://me@[::1]:22", "ssh://me@[::1]:22"),
        ] {
            let endpoint = Endpoint::parse(text, Source::DockerHost, None).unwrap();
            assert_eq!(endpoint.address.to_string(), shown, "{text}");
            assert_eq!(endpoint.to_string(), format!("{shown} (DOCKER_HOST)"));
        }
    }

    #[test]
    fn addresses_that_can_not() {
        for (text, part) in [
            ("", "begins with its scheme"),
            ("/var/run/docker.sock", "begins with its scheme"),
            ("unix://docker.sock", "three slashes"),
            ("tcp://", "tcp://host:port"),
            ("tcp://:2375", "tcp://host:port"),
            ("tcp://host:port", "tcp://host:port"),
            ("tcp://host:70000", "tcp://host:port"),
            ("tcp://host:1/prefix", "tcp://host:port"),
            ("tcp://[::1", "tcp://host:port"),
            ("tcp://[::1]2375", "tcp://host:port"),
            ("ssh://", "ssh://user@host"),
            ("ssh://@far", "ssh://user@host"),
            ("ssh://me:secret@far", "ssh://user@host"),
            ("ssh://-oProxyCommand=x", "ssh://user@host"),
            ("ssh://-lme@far", "ssh://user@host"),
            ("ssh://far:ssh", "ssh://user@host"),
            ("ssh://far/run/docker.sock", "ssh://user@host"),
            ("npipe:////./pipe/docker_engine", "`npipe`"),
            ("https://far", "`https`"),
        ] {
            let error = Endpoint::parse(text, Source::DockerHost, None).unwrap_err();
            assert_eq!(error.kind(), crate::engine::Kind::Unsupported);
            let message = error.to_string();
            assert!(message.contains(part), "{text}: {message}");
            assert!(message.starts_with("DOCKER_HOST says"), "{message}");
        }
    }

    #[test]
    fn with_tls() {
        let tls = Tls {
            folder: "/certs".into(),
            verify: true,
            of_context: false,
        };
        let at = |address: &str| {
            let endpoint = Endpoint::parse(address, Source::Named, Some(tls.clone())).unwrap();
            let given = match &endpoint.address {
                Address::Tcp { tls, .. } => tls.clone(),
                _ => None,
            };
            (endpoint.to_string(), given.map(|tls| *tls))
        };
        let given = Some(tls.clone());
        let with = |shown: &str| (format!("{shown} (--engine)"), given.clone());
        assert_eq!(at("tcp://far"), with("tcp://far:2376"));
        assert_eq!(at("tcp://far:2375"), with("tcp://far:2375"));
        // It is for ports alone.
        let socket = "unix:///var/run/docker.sock";
        assert_eq!(at(socket), (format!("{socket} (--engine)"), None));
        // Where the Docker CLI goes without a name, and says so of the context `default`.
        let usual = Endpoint::default(Some(tls.clone()));
        let shown = "tcp://localhost:2376 (the docker context `default`)";
        assert_eq!(usual.to_string(), shown);
        let context =
            r#"[{"Name":"default","Endpoints":{"docker":{"Host":"tcp://localhost:2376"}}}]"#;
        let read = Endpoint::of_context(context.as_bytes(), Some(tls)).unwrap();
        assert_eq!(read, usual);
    }

    #[test]
    fn contexts() {
        let context = |name: &str, host: &str, tls: &str| {
            format!(
                r#"[{{"Name":"{name}","Metadata":{{}},"Endpoints":{{"docker":{{"Host":"{host}","SkipTLSVerify":false}}}},
                   "TLSMaterial":{tls},"Storage":{{"MetadataPath":"<IN MEMORY>"}}}}]"#
            )
        };
        let read = |json: String| Endpoint::of_context(json.as_bytes(), None);
        let default = read(context("default", "unix:///var/run/docker.sock", "{}")).unwrap();
        assert_eq!(
            default.to_string(),
            "unix:///var/run/docker.sock (the default socket)"
        );
        let rootless = read(context(
            "rootless",
            "unix:///run/user/1000/docker.sock",
            "{}",
        ))
        .unwrap();
        assert_eq!(
            rootless.to_string(),
            "unix:///run/user/1000/docker.sock (the docker context `rootless`)"
        );
        let far = read(context(
            "far",
            "tcp://far.example:2376",
            r#"{"docker":["ca.pem"]}"#,
        ))
        .unwrap();
        assert!(matches!(far.address, Address::Tcp { tls: Some(tls), .. } if tls.of_context));
        let far = read(context("far", "tcp://far.example:2375", "{}")).unwrap();
        assert!(matches!(far.address, Address::Tcp { tls: None, .. }));
        let far = read(context("far", "ssh://me@far", "{}")).unwrap();
        assert_eq!(far.to_string(), "ssh://me@far (the docker context `far`)");
        for (json, part) in [
            (
                context("far", "npipe://far", "{}"),
                "the docker context `far` says \"npipe://far\"",
            ),
            ("[]".to_owned(), "no context"),
            ("context?".to_owned(), "no JSON"),
            (
                r#"[{"Name":"k","Endpoints":{}}]"#.to_owned(),
                "without an endpoint for docker",
            ),
        ] {
            let message = read(json).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
    }
}
