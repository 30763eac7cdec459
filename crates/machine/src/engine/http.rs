//! Requests to an engine, each on a connection of its own: of bollard's, and of what bollard can't do.

use super::connector::{Carrier, Connect, Opened};
use super::error::causes;
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderValue};
use hyper::http::uri::PathAndQuery;
use hyper::{Request, Response, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use std::error::Error;
use std::io;

/// An answer that is read whole isn't longer, in bytes.
const LONGEST: usize = 64 * 1024;

/// Why a request got no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// There is no connection, or it broke.
    Connection(io::Error),
    /// No trust between here and there; in our words.
    Trust(String),
    /// What answers there doesn't speak HTTP.
    Nonsense(String),
}

impl Failure {
    /// For bollard, which knows errors of connections.
    pub(super) fn into_io(self) -> io::Error {
        match self {
            Failure::Connection(error) => error,
            Failure::Trust(why) | Failure::Nonsense(why) => io::Error::other(why),
        }
    }
}

/// Sends a request, and waits for the head of its answer. The connection goes with the answer, if it isn't upgraded.
pub(super) async fn send<B>(
    connect: &dyn Connect,
    request: Request<B>,
) -> Result<Response<Incoming>, Failure>
where
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    let Opened { stream, carrier } = match connect.open().await {
        Ok(opened) => opened,
        Err(error) => return Err(unopened(error)),
    };
    let answer = async {
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // Whoever waits for the answer, or reads it, is told of an error.
        let carried = tokio::spawn(connection.with_upgrades());
        let answer = async {
            sender.ready().await?;
            sender.send_request(for_connection(request)).await
        };
        match answer.await {
            // The connection had ended before the request was given to it, and alone knows why.
            Err(error) if error.is_canceled() || error.is_closed() => match carried.await {
                Ok(Err(why)) => Err(why),
                _ => Err(error),
            },
            answer => answer,
        }
    };
    match answer.await {
        Ok(answer) => Ok(answer),
        Err(error) => Err(explained(error, carrier).await),
    }
}

/// Reads an answer to its end, if it isn't long.
pub(super) async fn read(answer: Response<Incoming>) -> io::Result<(StatusCode, Bytes)> {
    let status = answer.status();
    let body = Limited::new(answer.into_body(), LONGEST).collect().await;
    let body = body.map_err(|error| io::Error::other(causes(&*error)))?;
    Ok((status, body.to_bytes()))
}

/// The engine's words in a refusal: `{"message":"…"}`, or whatever it is.
pub(super) fn message(body: &[u8]) -> String {
    let value = serde_json::from_slice::<serde_json::Value>(body).ok();
    value
        .and_then(|value| value["message"].as_str().map(str::to_owned))
        .unwrap_or_else(|| String::from_utf8_lossy(body).trim().to_owned())
}

/// A request as it stands on a connection: the path alone, and a host that no engine looks at.
fn for_connection<B>(mut request: Request<B>) -> Request<B> {
    let path = request.uri().path_and_query().cloned();
    *request.uri_mut() = Uri::from(path.unwrap_or_else(|| PathAndQuery::from_static("/")));
    request
        .headers_mut()
        .entry(HOST)
        .or_insert(HeaderValue::from_static("docker"));
    request
}

/// A connection that could not be opened.
fn unopened(error: io::Error) -> Failure {
    match super::tls::trust(&error) {
        Some(why) => Failure::Trust(why),
        None => Failure::Connection(error),
    }
}

/// Why there was no answer: what the connection goes through knows better than the connection.
async fn explained(error: hyper::Error, carrier: Carrier) -> Failure {
    match carrier {
        Carrier::Ssh(said) => {
            if let Some(words) = said.words().await {
                return Failure::Connection(io::Error::other(words));
            }
        }
        Carrier::Tls(client) => {
            if let Some(why) = client.refused(&error) {
                return Failure::Trust(why);
            }
        }
        Carrier::Plain => {}
    }
    if error.is_parse() {
        return Failure::Nonsense(causes(&error));
    }
    let ended = error.is_incomplete_message() || error.is_canceled() || error.is_closed();
    let why = match ended {
        true => "the connection ended before an answer".to_owned(),
        false => causes(&error),
    };
    Failure::Connection(io::Error::other(why))
}

#[cfg(test)]
mod tests {
    use super::super::fake::Fake;
    use super::*;
    use futures_util::FutureExt;
    use futures_util::future::BoxFuture;
    use http_body_util::Empty;
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use tokio::io::{AsyncRead, ReadBuf, empty, join, sink};

    /// Connections that break before anything is written, with the words, or end if there are none.
    #[derive(Debug)]
    struct Breaking(&'static str);

    struct Broken(&'static str);

    impl AsyncRead for Broken {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            Poll::Ready(Err(io::Error::other(self.0)))
        }
    }

    impl Connect for Breaking {
        fn open(&self) -> BoxFuture<'_, io::Result<Opened>> {
            let stream: Box<dyn super::super::connector::Stream> = match self.0 {
                "" => Box::new(join(empty(), sink())),
                words => Box::new(join(Broken(words), sink())),
            };
            let carrier = Carrier::Plain;
            std::future::ready(Ok(Opened { stream, carrier })).boxed()
        }
    }

    /// An engine that wants another certificate says so at once, be it asked or not.
    #[tokio::test]
    async fn connections_that_break_before_they_are_used() {
        for (words, why) in [
            ("no certificate", "no certificate"),
            ("", "the connection ended before an answer"),
        ] {
            let request = Request::get("/").body(Empty::<Bytes>::new()).unwrap();
            let error = send(&Breaking(words), request).await.unwrap_err();
            let message = error.into_io().to_string();
            assert!(message.contains(why), "{message}");
        }
    }

    #[tokio::test]
    async fn requests_on_a_connection() {
        let fake = Fake::answering(|_| Some(super::super::fake::ok("")));
        for (uri, line) in [
            ("http://docker/a?b=c", "GET /a?b=c HTTP/1.1"),
            ("http://docker", "GET / HTTP/1.1"),
            ("/a", "GET /a HTTP/1.1"),
        ] {
            let request = Request::get(uri).body(Empty::<Bytes>::new()).unwrap();
            send(&fake, request).await.unwrap();
            let asked = fake.requests().pop().unwrap();
            assert!(asked.starts_with(line), "{asked}");
            assert!(
                asked.to_lowercase().contains("\r\nhost: docker\r\n"),
                "{asked}"
            );
        }
    }

    #[test]
    fn words_of_refusals() {
        for (body, words) in [
            ("{\"message\":\"no\"}\n", "no"),
            (
                " Client sent an HTTP request \n",
                "Client sent an HTTP request",
            ),
            ("{\"error\":\"no\"}", "{\"error\":\"no\"}"),
            ("{\"message\":7}", "{\"message\":7}"),
            ("", ""),
        ] {
            assert_eq!(message(body.as_bytes()), words);
        }
    }
}
