//! How connections to an engine are opened: the one place for requests, for upgraded connections and for execs, over a
//! socket file, TCP, TLS and ssh. Enter with [`connector`].

use super::ssh::{Login, Said};
use super::tls::TlsClient;
use super::{Address, Endpoint, EngineError};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::fmt::Debug;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

/// A connection: shutting down its writing side leaves the other one open.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection that was opened, and who may say later why it ended.
pub(super) struct Opened {
    pub(super) stream: Box<dyn Stream>,
    pub(super) carrier: Carrier,
}

/// What a connection goes through.
pub(super) enum Carrier {
    /// Nothing that has words of its own.
    Plain,
    Tls(Arc<TlsClient>),
    Ssh(Said),
}

/// Opens connections to one engine.
pub(super) trait Connect: Debug + Send + Sync {
    /// Opens another connection.
    fn open(&self) -> BoxFuture<'_, io::Result<Opened>>;
}

/// What opens connections to an endpoint. Reads the certificates that it needs, but reaches nothing yet.
pub(super) fn connector(endpoint: &Endpoint) -> Result<Arc<dyn Connect>, EngineError> {
    Ok(match &endpoint.address {
        Address::Unix(path) => Arc::new(Socket(path.clone())),
        Address::Tcp { host, port, tls } => {
            let tls = tls.as_ref().map(|tls| tls.client(endpoint, host));
            Arc::new(Port {
                host: host.clone(),
                port: *port,
                tls: tls.transpose()?.map(Arc::new),
            })
        }
        Address::Ssh(destination) => match Login::prepare(destination) {
            Ok(login) => Arc::new(login),
            Err(error) => return Err(EngineError::no_engine(endpoint, error.to_string())),
        },
    })
}

/// A socket file.
#[derive(Debug)]
struct Socket(PathBuf);

impl Connect for Socket {
    fn open(&self) -> BoxFuture<'_, io::Result<Opened>> {
        async {
            Ok(Opened {
                stream: Box::new(UnixStream::connect(&self.0).await?),
                carrier: Carrier::Plain,
            })
        }
        .boxed()
    }
}

/// A TCP port, with or without TLS.
#[derive(Debug)]
struct Port {
    host: String,
    port: u16,
    tls: Option<Arc<TlsClient>>,
}

impl Connect for Port {
    fn open(&self) -> BoxFuture<'_, io::Result<Opened>> {
        async {
            let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
            // Keys are typed one by one.
            stream.set_nodelay(true)?;
            Ok(match &self.tls {
                None => Opened {
                    stream: Box::new(stream),
                    carrier: Carrier::Plain,
                },
                Some(tls) => Opened {
                    stream: Box::new(tls.connect(stream).await?),
                    carrier: Carrier::Tls(tls.clone()),
                },
            })
        }
        .boxed()
    }
}

impl Connect for Login {
    fn open(&self) -> BoxFuture<'_, io::Result<Opened>> {
        async {
            let (stream, said) = Login::open(self)?;
            Ok(Opened {
                stream: Box::new(stream),
                carrier: Carrier::Ssh(said),
            })
        }
        .boxed()
    }
}
