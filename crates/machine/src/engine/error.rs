//! What can go wrong with the outer engine, told apart by what the user can do about it.

use seaworthy_blocks::clipped;

use std::path::{Path, PathBuf};

use super::{Address, Endpoint, Source};

/// How long the engine may take to begin an answer. Pulling and loading begin theirs at once and then stream.
pub(super) const REQUEST_SECONDS: u64 = 120;

/// An engine that can't be reached, or an answer that isn't the one asked for. Each message ends with its remedy
/// where one is known.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Nothing answers at the endpoint.
    #[error("no Docker Engine answers at {endpoint}: {why}; {remedy}")]
    NoEngine {
        /// Where an engine was looked for, and why there.
        endpoint: Box<Endpoint>,
        /// What the connection said.
        why: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A file that TLS needs is missing, or can't be used.
    #[error("no TLS to {endpoint} with {}: {why}; {remedy}", file.display())]
    Certificates {
        /// The engine.
        endpoint: Box<Endpoint>,
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
        /// What to do.
        remedy: &'static str,
    },
    /// The endpoint is of a kind that isn't supported, or malformed.
    #[error("{setting} says {value:?}: {why}")]
    Unsupported {
        /// The setting that named the endpoint.
        setting: String,
        /// Its value.
        value: String,
        /// Why it can't be used, and what can.
        why: String,
    },
    /// `docker context inspect` failed or printed something else than a context.
    #[error(
        "the current docker context could not be read: {why}; \
         `docker context ls` shows them, `docker context use NAME` chooses one, DOCKER_HOST overrides it"
    )]
    Context {
        /// What the program said.
        why: String,
    },
    /// The connection to an engine that answered before is gone.
    #[error("lost the Docker Engine while {doing}: {why}")]
    Lost {
        /// What was being done.
        doing: String,
        /// What the connection said.
        why: String,
    },
    /// The engine answered with a refusal.
    #[error("the Docker Engine refused {doing}: {message} (status {status})")]
    Refused {
        /// What was asked.
        doing: String,
        /// The HTTP status.
        status: u16,
        /// The engine's words.
        message: String,
    },
    /// What was asked about isn't there.
    #[error("the Docker Engine has no such thing, while {doing}: {message}")]
    NotFound {
        /// What was being done.
        doing: String,
        /// The engine's words.
        message: String,
    },
    /// An image that the engine doesn't hold and could not pull.
    #[error(
        "there is no image {reference}: the engine doesn't hold it, and {}\n\
         check its name, or give it to the engine: `docker pull`, `docker load` or `docker build`",
        unpulled(why)
    )]
    NoImage {
        /// The image as it was asked for.
        reference: String,
        /// What the pull said.
        why: String,
    },
    /// The engine, or a command run through it, took too long.
    #[error("gave up {doing} after {seconds} s")]
    TimedOut {
        /// What was being done.
        doing: String,
        /// The limit that was reached.
        seconds: u64,
    },
    /// A container could not be removed, nor what is in it be thawed, in the time that there is for it.
    #[error("could not remove the container {container}: {why}; `seaworthy clean` tries again")]
    NotRemoved {
        /// Its id.
        container: String,
        /// What the engine said, or what was seen.
        why: String,
    },
    /// A command printed more than is kept.
    #[error("more than {bytes} bytes were printed, which is more than is kept, while {doing}")]
    TooMuch {
        /// What was being done.
        doing: String,
        /// The limit.
        bytes: usize,
    },
    /// An answer that isn't what the API promises.
    #[error("could not make sense of the Docker Engine's answer while {doing}: {why}")]
    Unexpected {
        /// What was being done.
        doing: String,
        /// What was wrong with it.
        why: String,
    },
}

/// The kinds of [`EngineError`], for those who choose an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No engine answers, its certificates can't be used, or the current context can't be read.
    NoEngine,
    /// An endpoint of an unsupported kind.
    Unsupported,
    /// The engine went away.
    Lost,
    /// The engine said no.
    Refused,
    /// No such container, network, exec ….
    NotFound,
    /// No such image, nor could it be pulled.
    NoImage,
    /// A time limit.
    TimedOut,
    /// An answer that isn't understood, or that is too long to be kept.
    Unexpected,
}

impl EngineError {
    /// Which kind of trouble this is.
    pub fn kind(&self) -> Kind {
        match self {
            EngineError::NoEngine { .. }
            | EngineError::Certificates { .. }
            | EngineError::Context { .. } => Kind::NoEngine,
            EngineError::Unsupported { .. } => Kind::Unsupported,
            EngineError::Lost { .. } => Kind::Lost,
            EngineError::Refused { .. } | EngineError::NotRemoved { .. } => Kind::Refused,
            EngineError::NotFound { .. } => Kind::NotFound,
            EngineError::NoImage { .. } => Kind::NoImage,
            EngineError::TimedOut { .. } => Kind::TimedOut,
            EngineError::TooMuch { .. } | EngineError::Unexpected { .. } => Kind::Unexpected,
        }
    }

    /// Nothing answers at an endpoint, and what to do about it.
    pub(super) fn no_engine(endpoint: &Endpoint, why: String) -> Self {
        let remedy = if matches!(endpoint.address, Address::Ssh(_)) {
            "`ssh` must reach that computer without asking anything (keys, known hosts), and its user must be allowed \
             to run `docker system dial-stdio` there"
        } else if why.to_lowercase().contains("permission denied") {
            "run as a user who may use Docker (a member of the group `docker`, or root)"
        } else if endpoint.source == Source::DefaultSocket && Path::new("/.dockerenv").exists() {
            "this is a container: give it the engine's socket (`docker run -v /var/run/docker.sock:/var/run/docker.sock`), \
             start an engine in it, or name another with DOCKER_HOST or `docker context use`"
        } else if Path::new("/etc/debian_version").exists() {
            "start it, or name another with DOCKER_HOST or `docker context use`; \
             on Debian, `scripts/setup` of Seaworthy's repository installs and starts one"
        } else {
            "start it (Docker Desktop, or `systemctl start docker`), or name another with DOCKER_HOST or \
             `docker context use`"
        };
        EngineError::NoEngine {
            endpoint: Box::new(endpoint.clone()),
            why,
            remedy,
        }
    }

    /// An engine that is there, but with which there is no trust.
    pub(super) fn no_trust(endpoint: &Endpoint, why: String) -> Self {
        let of_context =
            matches!(&endpoint.address, Address::Tcp { tls: Some(tls), .. } if tls.of_context);
        let remedy = if of_context {
            "`docker context update NAME --docker host=…,ca=…,cert=…,key=…` gives the context other certificates"
        } else {
            "with DOCKER_TLS_VERIFY=1, DOCKER_CERT_PATH names the folder of ca.pem, cert.pem and key.pem"
        };
        EngineError::NoEngine {
            endpoint: Box::new(endpoint.clone()),
            why,
            remedy,
        }
    }

    /// An answer with a status that isn't a success.
    pub(super) fn status(doing: impl Into<String>, status: u16, message: String) -> Self {
        let doing = doing.into();
        match status {
            404 => EngineError::NotFound { doing, message },
            _ => EngineError::Refused {
                doing,
                status,
                message,
            },
        }
    }

    /// The connection broke.
    pub(crate) fn lost(doing: impl Into<String>, why: impl std::fmt::Display) -> Self {
        EngineError::Lost {
            doing: doing.into(),
            why: why.to_string(),
        }
    }

    /// What bollard reports, in our words.
    pub(super) fn of(doing: impl Into<String>, error: bollard::errors::Error) -> Self {
        use bollard::errors::Error;
        let doing = doing.into();
        match error {
            Error::DockerResponseServerError {
                status_code,
                message,
            } => EngineError::status(doing, status_code, message),
            Error::DockerStreamError { error } => EngineError::status(doing, 500, error),
            Error::RequestTimeoutError => EngineError::TimedOut {
                doing,
                seconds: REQUEST_SECONDS,
            },
            Error::IOError { .. } | Error::HyperResponseError { .. } => {
                EngineError::lost(doing, causes(&error))
            }
            other => EngineError::Unexpected {
                doing,
                why: causes(&other),
            },
        }
    }
}

/// Why an image could not be pulled, in few words where the engine's are a chain of causes.
fn unpulled(why: &str) -> String {
    const UNREACHABLE: [&str; 6] = [
        "no such host",
        "connection refused",
        "i/o timeout",
        "network is unreachable",
        "temporary failure in name resolution",
        "nothing was heard",
    ];
    const UNKNOWN: [&str; 4] = [
        "manifest unknown",
        "does not exist",
        "not found",
        "access denied",
    ];
    let lower = why.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|words| lower.contains(words));
    if says(&UNREACHABLE) {
        "its registry can't be reached".to_owned()
    } else if says(&UNKNOWN) {
        "its registry knows none of that name, or not for you".to_owned()
    } else {
        format!("can't pull it: {}", clipped(why, 200))
    }
}

/// An error and what caused it, on one line: hyper keeps the telling part ("connection refused") at the bottom.
pub(super) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        next = cause.source();
    }
    text
}
