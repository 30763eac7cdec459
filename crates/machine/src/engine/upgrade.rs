//! Starting an exec as a raw connection.
//!
//! bollard's own `start_exec` takes the bytes of a terminal for frames when they begin with 0, 1 or 2, and then waits
//! for good (seen with bollard 0.21.1 and `printf '\001\002\000abc'`); hence a connection of our own, on which the
//! request is written by hand and which then carries the exec's bytes both ways.

use super::head::{self, Head};
use super::{Address, Engine, EngineError};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpStream, UnixStream};

/// How long the engine may take to answer the start of an exec.
const ANSWER: Duration = Duration::from_secs(60);
/// An error's text isn't longer.
const LONGEST_ERROR: usize = 64 * 1024;

trait Duplex: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Duplex for T {}

/// A started exec's connection: what is written is its stdin, what is read is its output (frames without a terminal,
/// plain bytes with one). Shutting down the writing side ends stdin.
pub struct Upgraded {
    stream: Box<dyn Duplex>,
    /// Bytes that came together with the head of the answer; read first.
    early: Vec<u8>,
}

impl Engine {
    /// Starts an exec that was created with bollard and takes over its connection. `tty` must be what it was created
    /// with.
    pub async fn start_exec(&self, exec: &str, tty: bool) -> Result<Upgraded, EngineError> {
        let doing = "starting a command in a container";
        let answer = tokio::time::timeout(ANSWER, self.upgrade(exec, tty)).await;
        let Ok(answer) = answer else {
            return Err(EngineError::TimedOut {
                doing: doing.to_owned(),
                seconds: ANSWER.as_secs(),
            });
        };
        match answer.map_err(|error| EngineError::lost(doing, error))? {
            Answer::Upgraded(upgraded) => Ok(upgraded),
            Answer::Status(status, message) => Err(EngineError::status(doing, status, message)),
            Answer::Nonsense(why) => Err(EngineError::Unexpected {
                doing: doing.to_owned(),
                why,
            }),
        }
    }

    async fn upgrade(&self, exec: &str, tty: bool) -> io::Result<Answer> {
        let mut stream: Box<dyn Duplex> = match (self.socket(), &self.endpoint().address) {
            (None, Address::Tcp { host, port }) => {
                let stream = TcpStream::connect((host.as_str(), *port)).await?;
                stream.set_nodelay(true)?;
                Box::new(stream)
            }
            (socket, _) => Box::new(UnixStream::connect(socket.unwrap_or_default()).await?),
        };
        let body = format!(r#"{{"Detach":false,"Tty":{tty}}}"#);
        let request = format!(
            "POST /v{}/exec/{exec}/start HTTP/1.1\r\nHost: docker\r\nContent-Type: application/json\r\n\
             Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: {}\r\n\r\n{body}",
            self.version().api,
            body.len()
        );
        stream.write_all(request.as_bytes()).await?;
        let mut bytes = Vec::new();
        let head = loop {
            match head::parse(&bytes) {
                Ok(Some(head)) => break head,
                Ok(None) => {}
                Err(why) => return Ok(Answer::Nonsense(why)),
            }
            if stream.read_buf(&mut bytes).await? == 0 {
                return Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "the connection ended before an answer",
                ));
            }
        };
        let mut rest = bytes.split_off(head.end);
        match head.status {
            // 200 is the answer of engines that don't upgrade but take the connection over just the same.
            101 | 200 => Ok(Answer::Upgraded(Upgraded {
                stream,
                early: rest,
            })),
            status => {
                read_error(&mut stream, &head, &mut rest).await?;
                Ok(Answer::Status(status, message(&rest)))
            }
        }
    }
}

enum Answer {
    Upgraded(Upgraded),
    Status(u16, String),
    Nonsense(String),
}

/// Reads the body of a refusal: as long as it says, else until the connection ends.
async fn read_error(
    stream: &mut Box<dyn Duplex>,
    head: &Head,
    body: &mut Vec<u8>,
) -> io::Result<()> {
    let wanted = head.length.unwrap_or(LONGEST_ERROR).min(LONGEST_ERROR);
    while body.len() < wanted && stream.read_buf(body).await? > 0 {}
    Ok(())
}

/// The engine's words in a refusal: `{"message":"…"}`, perhaps within the lines of a chunked body.
fn message(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let json = match (text.find('{'), text.rfind('}')) {
        (Some(from), Some(to)) if from < to => &text[from..=to],
        _ => "",
    };
    serde_json::from_str::<serde_json::Value>(json)
        .ok()
        .and_then(|value| value["message"].as_str().map(str::to_owned))
        .unwrap_or_else(|| text.trim().to_owned())
}

impl AsyncRead for Upgraded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.early.is_empty() {
            return Pin::new(&mut self.stream).poll_read(cx, buf);
        }
        let count = self.early.len().min(buf.remaining());
        buf.put_slice(&self.early[..count]);
        self.early.drain(..count);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Upgraded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Endpoint, Source};
    use tokio::net::TcpListener;

    /// An engine that answers the version requests and then one exec start with the given bytes, piece by piece.
    async fn start_against(
        pieces: &'static [&'static [u8]],
    ) -> Result<(Upgraded, String), EngineError> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                while !request.windows(4).any(|window| window == b"\r\n\r\n") {
                    stream.read_buf(&mut request).await.unwrap();
                }
                if request.starts_with(b"GET") {
                    let body = r#"{"Version":"20.10.24","ApiVersion":"1.41"}"#;
                    let answer = format!(
                        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    stream.write_all(answer.as_bytes()).await.unwrap();
                    continue;
                }
                for piece in pieces {
                    stream.write_all(piece).await.unwrap();
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                return String::from_utf8(request).unwrap();
            }
        });
        let endpoint = Endpoint {
            address: Address::Tcp {
                host: "127.0.0.1".into(),
                port,
            },
            source: Source::DockerHost,
        };
        let engine = Engine::connect_to(endpoint).await.unwrap();
        let upgraded = engine.start_exec("feed", true).await?;
        Ok((upgraded, server.await.unwrap()))
    }

    #[tokio::test]
    async fn upgrades_with_bytes_that_come_along() {
        for pieces in [
            &[
                b"HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\nearly ".as_slice(),
                b"late",
            ] as &[&[u8]],
            &[b"HTTP/1.1 200 OK\r", b"\n\r\nearly late"],
            &[b"HTTP/1.1 101 UPGRADED\r\n\r\n", b"early ", b"late"],
        ] {
            let (mut upgraded, request) =
                start_against(Box::leak(pieces.to_vec().into_boxed_slice()))
                    .await
                    .unwrap();
            let mut output = String::new();
            upgraded.read_to_string(&mut output).await.unwrap();
            assert_eq!(output, "early late");
            assert!(
                request.starts_with("POST /v1.41/exec/feed/start HTTP/1.1\r\n"),
                "{request}"
            );
        }
    }

    #[tokio::test]
    async fn refusals_and_nonsense() {
        let cases: [(&[&[u8]], &str); 5] = [
            (
                &[b"HTTP/1.1 409 Conflict\r\nContent-Length: 38\r\n\r\n", b"{\"message\":\"Container feed is paused\"}\n"],
                "refused starting a command in a container: Container feed is paused (status 409)",
            ),
            (
                &[b"HTTP/1.1 404 Not Found\r\nContent-Length: 33\r\n\r\n{\"message\":\"No such exec: feed\"}\n"],
                "no such thing, while starting a command in a container: No such exec: feed",
            ),
            (&[b"HTTP/1.1 500 Oops\r\n\r\n12\r\n{\"message\":\"chunks\"}\r\n0\r\n\r\n"], ": chunks (status 500)"),
            (&[b"220 mail ESMTP\r\n\r\n"], "could not make sense"),
            (&[b"HTTP/1.1 101 UPGR"], "the connection ended before an answer"),
        ];
        for (pieces, part) in cases {
            let message = match start_against(Box::leak(pieces.to_vec().into_boxed_slice())).await {
                Ok(_) => panic!("upgraded: {part}"),
                Err(error) => error.to_string(),
            };
            assert!(message.contains(part), "{message}");
        }
    }
}
