//! An engine in memory, for tests: it says its version, and else what a test has it say.

use super::connector::{Carrier, Connect, Opened};
use super::{Address, Destination, Endpoint, Engine, EngineError, Source};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

/// What an engine of API 1.41 says to `GET /version`.
pub(crate) const VERSION: &str = r#"{"Version":"20.10.24","ApiVersion":"1.41"}"#;

/// What is done with a connection on which a request has come.
type Answer = dyn Fn(String, DuplexStream) -> BoxFuture<'static, ()> + Send + Sync;

/// Connections to an engine in memory.
#[derive(Clone)]
pub(crate) struct Fake {
    answer: Arc<Answer>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl fmt::Debug for Fake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fake")
    }
}

impl Fake {
    /// One that answers each request, of which it gets head and body, as `answer` does.
    pub(crate) fn new<F: Future<Output = ()> + Send + 'static>(
        answer: impl Fn(String, DuplexStream) -> F + Send + Sync + 'static,
    ) -> Fake {
        Fake {
            answer: Arc::new(move |request, stream| answer(request, stream).boxed()),
            requests: Arc::default(),
        }
    }

    /// One that writes these pieces, one after the other, and closes the connection.
    pub(crate) fn saying(pieces: &[&[u8]]) -> Fake {
        let pieces: Vec<Vec<u8>> = pieces.iter().map(|piece| piece.to_vec()).collect();
        Fake::new(move |_, mut stream| {
            let pieces = pieces.clone();
            async move {
                for piece in pieces {
                    stream.write_all(&piece).await.unwrap();
                    stream.flush().await.unwrap();
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                }
            }
        })
    }

    /// One that gives each request the whole answer that `answer` finds for it; for `None` it says nothing, ever.
    pub(crate) fn answering(
        answer: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Fake {
        Fake::new(move |request, mut stream| {
            let answer = answer(&request);
            async move {
                match answer {
                    Some(answer) => stream.write_all(answer.as_bytes()).await.unwrap(),
                    None => std::future::pending().await,
                }
            }
        })
    }

    /// The engine, connected to: its version needs no answer.
    pub(crate) async fn engine(&self) -> Engine {
        let answer = self.answer.clone();
        let asked = self.requests.clone();
        let whole = Fake {
            requests: asked,
            answer: Arc::new(move |request, mut stream| {
                if request.starts_with("GET /version ") {
                    return async move { stream.write_all(ok(VERSION).as_bytes()).await.unwrap() }
                        .boxed();
                }
                answer(request, stream)
            }),
        };
        whole.connect().await.unwrap()
    }

    /// Connects to it, as to a port without TLS.
    pub(crate) async fn connect(&self) -> Result<Engine, EngineError> {
        let endpoint = Endpoint {
            address: Address::Tcp {
                host: "build".to_owned(),
                port: 2375,
                tls: None,
            },
            source: Source::DockerHost,
        };
        Engine::connect_over(Arc::new(self.clone()), endpoint).await
    }

    /// Connects to it, as over ssh.
    pub(crate) async fn connect_far(&self) -> Result<Engine, EngineError> {
        let endpoint = Endpoint {
            address: Address::Ssh(Box::new(Destination {
                user: None,
                host: "far".to_owned(),
                port: None,
            })),
            source: Source::DockerHost,
        };
        Engine::connect_over(Arc::new(self.clone()), endpoint).await
    }

    /// The requests that have come, that for the version aside.
    pub(crate) fn requests(&self) -> Vec<String> {
        let mut requests = self.requests.lock().unwrap().clone();
        requests.retain(|request| !request.starts_with("GET /version "));
        requests
    }
}

impl Connect for Fake {
    fn open(&self) -> BoxFuture<'_, io::Result<Opened>> {
        let (ours, mut theirs) = tokio::io::duplex(1024 * 1024);
        let (answer, requests) = (self.answer.clone(), self.requests.clone());
        tokio::spawn(async move {
            let Some(request) = read_request(&mut theirs).await else {
                return;
            };
            requests.lock().unwrap().push(request.clone());
            answer(request, theirs).await;
        });
        let opened = Opened {
            stream: Box::new(ours),
            carrier: Carrier::Plain,
        };
        std::future::ready(Ok(opened)).boxed()
    }
}

/// A whole answer with that body.
pub(crate) fn ok(body: &str) -> String {
    answer("200 OK", body)
}

/// A whole answer of that status with that body.
pub(crate) fn answer(status: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}")
}

/// A request with its body; none if the connection ends before.
async fn read_request(stream: &mut DuplexStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                line.to_lowercase()
                    .strip_prefix("content-length: ")?
                    .parse()
                    .ok()
            });
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}
