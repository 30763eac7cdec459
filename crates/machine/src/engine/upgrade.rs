//! Starting an exec as a raw connection.
//!
//! bollard's own `start_exec` takes the bytes of a terminal for frames when they begin with 0, 1 or 2, and then waits
//! for good (seen with bollard 0.21.1 and `printf '\001\002\000abc'`); so the upgraded connection is taken as it is.

use super::http::{self, Failure};
use super::{Engine, EngineError};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONNECTION, CONTENT_TYPE, UPGRADE};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use sync_wrapper::SyncWrapper;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How long the engine may take to answer the start of an exec.
const ANSWER: Duration = Duration::from_secs(60);
const DOING: &str = "starting a command in a container";

/// A started exec's connection: what is written is its stdin, what is read is its output (frames without a terminal,
/// plain bytes with one). Shutting down the writing side ends stdin.
#[derive(Debug)]
pub struct Upgraded(SyncWrapper<TokioIo<hyper::upgrade::Upgraded>>);

impl Upgraded {
    fn stream(self: Pin<&mut Self>) -> Pin<&mut TokioIo<hyper::upgrade::Upgraded>> {
        Pin::new(self.get_mut().0.get_mut())
    }
}

impl AsyncRead for Upgraded {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream().poll_read(cx, buffer)
    }
}

impl AsyncWrite for Upgraded {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream().poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(cx)
    }
}

impl Engine {
    /// Starts an exec that was created and takes over its connection. `tty` must be what it was created with.
    pub async fn start_exec(&self, exec: &str, tty: bool) -> Result<Upgraded, EngineError> {
        match tokio::time::timeout(ANSWER, self.upgrade(exec, tty)).await {
            Ok(upgraded) => upgraded,
            Err(_) => Err(EngineError::TimedOut {
                doing: DOING.to_owned(),
                seconds: ANSWER.as_secs(),
            }),
        }
    }

    async fn upgrade(&self, exec: &str, tty: bool) -> Result<Upgraded, EngineError> {
        let body = format!(r#"{{"Detach":false,"Tty":{tty}}}"#);
        let request = Request::post(format!("/v{}/exec/{exec}/start", self.version().api))
            .header(CONTENT_TYPE, "application/json")
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "tcp")
            .body(Full::new(Bytes::from(body)));
        let request = request.map_err(|error| unexpected(error.to_string()))?;
        let answer = match http::send(self.connector(), request).await {
            Ok(answer) => answer,
            Err(Failure::Nonsense(why)) => return Err(unexpected(why)),
            Err(failure) => return Err(EngineError::lost(DOING, failure.into_io())),
        };
        if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
            let upgraded = hyper::upgrade::on(answer).await;
            let upgraded = upgraded.map_err(|error| EngineError::lost(DOING, error))?;
            return Ok(Upgraded(SyncWrapper::new(TokioIo::new(upgraded))));
        }
        if answer.status().is_success() {
            return Err(unexpected(format!(
                "it does not hand over the connection (status {}); a proxy on the way may be the reason",
                answer.status().as_u16()
            )));
        }
        let read = http::read(answer).await;
        let (status, body) = read.map_err(|error| EngineError::lost(DOING, error))?;
        Err(EngineError::status(
            DOING,
            status.as_u16(),
            http::message(&body),
        ))
    }
}

fn unexpected(why: String) -> EngineError {
    EngineError::Unexpected {
        doing: DOING.to_owned(),
        why,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, answer};
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    /// Starts an exec on an engine that answers with these pieces.
    async fn start_against(pieces: &[&[u8]]) -> (Result<Upgraded, EngineError>, Vec<String>) {
        let fake = Fake::saying(pieces);
        let engine = fake.engine().await;
        let started = engine.start_exec("feed", true).await;
        (started, fake.requests())
    }

    #[tokio::test(start_paused = true)]
    async fn upgrades_with_bytes_that_come_along() {
        for pieces in [
            &[
                b"HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\nearly ".as_slice(),
                b"late",
            ] as &[&[u8]],
            &[b"HTTP/1.1 101 UPGRADED\r", b"\n\r\nearly late"],
            &[b"HTTP/1.1 101 UPGRADED\r\n\r\n", b"early ", b"late"],
        ] {
            let (upgraded, requests) = start_against(pieces).await;
            let mut output = String::new();
            upgraded.unwrap().read_to_string(&mut output).await.unwrap();
            assert_eq!(output, "early late");
            let [request] = requests.as_slice() else {
                panic!("{requests:?}");
            };
            let (first, rest) = request.split_once("\r\n").unwrap();
            assert_eq!(first, "POST /v1.41/exec/feed/start HTTP/1.1");
            let rest = rest.to_lowercase();
            for line in ["host: docker", "connection: upgrade", "upgrade: tcp"] {
                assert!(rest.lines().any(|other| other == line), "{request}");
            }
            assert!(request.ends_with("\r\n\r\n{\"Detach\":false,\"Tty\":true}"));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_that_look_like_frames_come_as_they_are() {
        for bytes in [b"\0abc".as_slice(), b"\x01\x02\0abc", b"\x02\0\0\0\0\0\0"] {
            let head = b"HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n";
            let (upgraded, _) = start_against(&[head, bytes]).await;
            let mut output = Vec::new();
            upgraded.unwrap().read_to_end(&mut output).await.unwrap();
            assert_eq!(output, bytes);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn each_side_ends_by_itself() {
        let fake = Fake::new(async |_, mut stream| {
            let head = b"HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n";
            stream.write_all(head).await.unwrap();
            let mut stdin = String::new();
            stream.read_to_string(&mut stdin).await.unwrap();
            let heard = format!("heard {stdin}");
            stream.write_all(heard.as_bytes()).await.unwrap();
        });
        let mut upgraded = fake.engine().await.start_exec("feed", false).await.unwrap();
        upgraded.write_all(b"typed").await.unwrap();
        upgraded.shutdown().await.unwrap();
        let mut output = String::new();
        upgraded.read_to_string(&mut output).await.unwrap();
        assert_eq!(output, "heard typed");
    }

    #[tokio::test(start_paused = true)]
    async fn refusals_and_nonsense() {
        let paused = answer(
            "409 Conflict",
            "{\"message\":\"Container feed is paused\"}\n",
        );
        let (head, body) = paused.split_at(paused.find('{').unwrap());
        let gone = answer("404 Not Found", "{\"message\":\"No such exec: feed\"}\n");
        let cases: [(&[&[u8]], &str); 8] = [
            (
                &[head.as_bytes(), body.as_bytes()],
                "refused starting a command in a container: Container feed is paused (status 409)",
            ),
            (
                &[gone.as_bytes()],
                "no such thing, while starting a command in a container: No such exec: feed",
            ),
            (
                &[b"HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n{\"message\":\"chunks\"}\r\n0\r\n\r\n"],
                ": chunks (status 500)",
            ),
            (&[b"HTTP/1.1 502 Bad Gateway\r\n\r\n no way \n"], ": no way (status 502)"),
            (&[b"HTTP/1.1 200 OK\r\n\r\n"], "does not hand over the connection (status 200)"),
            (&[b"220 mail ESMTP\r\n\r\n"], "could not make sense"),
            (&[b"HTTP/1.1 101 UPGR"], "lost the Docker Engine while starting a command in a container: the connection ended before an answer"),
            (&[], "the connection ended before an answer"),
        ];
        for (pieces, part) in cases {
            let message = match start_against(pieces).await {
                (Ok(_), _) => panic!("upgraded: {part}"),
                (Err(error), _) => error.to_string(),
            };
            assert!(message.contains(part), "{message}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn refusals_without_an_end() {
        let fake = Fake::new(async |_, mut stream| {
            let head = b"HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n";
            stream.write_all(head).await.unwrap();
            while stream.write_all(b"4\r\nmore\r\n").await.is_ok() {}
        });
        let engine = fake.engine().await;
        let error = engine.start_exec("feed", true).await.unwrap_err();
        assert_eq!(error.kind(), crate::engine::Kind::Lost);
        assert!(error.to_string().contains("length limit"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_engine_that_says_nothing_is_given_a_minute() {
        let begun = tokio::time::Instant::now();
        // The head of an answer, and then nothing: neither ends by itself.
        for early in [
            b"".as_slice(),
            b"HTTP/1.1 500 Oops\r\nContent-Length: 9\r\n\r\n",
        ] {
            let fake = Fake::new(move |_, mut stream| async move {
                stream.write_all(early).await.unwrap();
                std::future::pending::<()>().await;
            });
            let engine = fake.engine().await;
            let error = engine.start_exec("feed", true).await.unwrap_err();
            let words = "gave up starting a command in a container after 60 s";
            assert_eq!(error.to_string(), words);
        }
        assert_eq!(begun.elapsed(), ANSWER * 2);
    }
}
