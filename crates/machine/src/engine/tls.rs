//! TLS to an engine, with the certificates that the Docker CLI would use. Enter with [`Tls::of_environment`] and
//! [`Tls::of_context`]; [`Tls::client`] reads the files.

use super::{Endpoint, EngineError};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore,
    SignatureScheme,
};
use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The files, as the Docker CLI names them: the authority that signed the engine's certificate, and the user's own
/// certificate with its key.
const CA: &str = "ca.pem";
const CERTIFICATE: &str = "cert.pem";
const KEY: &str = "key.pem";

/// The certificates for an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The folder of `ca.pem`, `cert.pem` and `key.pem`.
    pub folder: PathBuf,
    /// Whether the engine's own certificate is looked at.
    pub verify: bool,
    /// Whether a docker context holds them: without a `ca.pem` it means the authorities that this computer knows.
    pub of_context: bool,
}

impl Tls {
    /// What the environment asks for: `DOCKER_TLS_VERIFY` (or `DOCKER_TLS`, without verifying), and the folder of
    /// `DOCKER_CERT_PATH`, else the Docker CLI's own.
    pub(super) fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Option<Tls> {
        let verify = variable("DOCKER_TLS_VERIFY").is_some();
        if !verify && variable("DOCKER_TLS").is_none() {
            return None;
        }
        let home = || Path::new(&variable("HOME").unwrap_or_default()).join(".docker");
        let folder = variable("DOCKER_CERT_PATH").or_else(|| variable("DOCKER_CONFIG"));
        Some(Tls {
            folder: folder.map_or_else(home, PathBuf::from),
            verify,
            of_context: false,
        })
    }

    /// What a context asks for, as `docker context inspect` prints it.
    pub(super) fn of_context(context: &serde_json::Value) -> Option<Tls> {
        let skip = context["Endpoints"]["docker"]["SkipTLSVerify"] == true;
        let files = context["TLSMaterial"]["docker"].as_array();
        if !skip && files.is_none_or(Vec::is_empty) {
            return None;
        }
        let folder = context["Storage"]["TLSPath"].as_str().unwrap_or_default();
        Some(Tls {
            folder: Path::new(folder).join("docker"),
            verify: !skip,
            of_context: true,
        })
    }

    /// Reads the files, for connections to `host`.
    ///
    /// # Errors
    /// [`EngineError::Certificates`] for a file that is missing or can't be used.
    pub(super) fn client(&self, endpoint: &Endpoint, host: &str) -> Result<TlsClient, EngineError> {
        let unusable = |(file, why): (&str, String)| EngineError::Certificates {
            endpoint: Box::new(endpoint.clone()),
            file: self.folder.join(file),
            why,
            remedy: match self.of_context {
                true => {
                    "`docker context update NAME --docker host=…,ca=…,cert=…,key=…` gives the context others"
                }
                false => "DOCKER_CERT_PATH names the folder of ca.pem, cert.pem and key.pem",
            },
        };
        let name = ServerName::try_from(host.to_owned());
        let name = name.map_err(|error| EngineError::Unsupported {
            setting: endpoint.source.to_string(),
            value: host.to_owned(),
            why: format!("no certificate can be for that name: {error}"),
        })?;
        let own = self.own().map_err(unusable)?;
        let has_own = own.is_some();
        let config = self.config(own).map_err(unusable)?;
        Ok(TlsClient {
            connector: TlsConnector::from(Arc::new(config)),
            name,
            folder: self.folder.clone(),
            has_own,
        })
    }

    fn config(&self, own: Option<Own>) -> Result<ClientConfig, (&'static str, String)> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| (CA, error.to_string()))?;
        let builder = match self.verify {
            true => builder.with_root_certificates(self.roots()?),
            false => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Unverified(provider))),
        };
        match own {
            None => Ok(builder.with_no_client_auth()),
            Some((certificates, key)) => builder
                .with_client_auth_cert(certificates, key)
                .map_err(|error| (KEY, format!("it doesn't go with {CERTIFICATE}: {error}"))),
        }
    }

    /// The authorities that may have signed the engine's certificate.
    fn roots(&self) -> Result<RootCertStore, (&'static str, String)> {
        let mut roots = RootCertStore::empty();
        if self.of_context && !self.folder.join(CA).exists() {
            // Those that can't be read are not trusted; if none is left, no engine's certificate is.
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            return Ok(roots);
        }
        for certificate in self.certificates(CA)? {
            let added = roots.add(certificate);
            added.map_err(|error| (CA, error.to_string()))?;
        }
        Ok(roots)
    }

    /// The user's certificate and its key. As with the Docker CLI, without one of the files there is none.
    fn own(&self) -> Result<Option<Own>, (&'static str, String)> {
        let there = |file| self.folder.join(file).exists();
        if !there(CERTIFICATE) || !there(KEY) {
            return Ok(None);
        }
        let certificates = self.certificates(CERTIFICATE)?;
        let key = PrivateKeyDer::from_pem_file(self.folder.join(KEY));
        let key = key.map_err(|error| match error {
            pem::Error::NoItemsFound => (KEY, "it holds no key, or an encrypted one".to_owned()),
            error => (KEY, unread(error)),
        })?;
        Ok(Some((certificates, key)))
    }

    fn certificates(
        &self,
        file: &'static str,
    ) -> Result<Vec<CertificateDer<'static>>, (&'static str, String)> {
        let read = CertificateDer::pem_file_iter(self.folder.join(file));
        let read = read.and_then(Iterator::collect::<Result<Vec<_>, _>>);
        match read {
            Ok(certificates) if certificates.is_empty() => {
                Err((file, "it holds no certificate".to_owned()))
            }
            Ok(certificates) => Ok(certificates),
            Err(error) => Err((file, unread(error))),
        }
    }
}

/// Why a file could not be read, in the system's words where they are its.
fn unread(error: pem::Error) -> String {
    match error {
        pem::Error::Io(error) => error.to_string(),
        error => error.to_string(),
    }
}

/// A certificate with those that sign it, and its key.
type Own = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// Speaks TLS with one engine.
pub(super) struct TlsClient {
    connector: TlsConnector,
    name: ServerName<'static>,
    folder: PathBuf,
    has_own: bool,
}

impl std::fmt::Debug for TlsClient {
    // The configuration holds the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsClient")
            .field("name", &self.name)
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl TlsClient {
    /// Makes a connection a safe one. An error's words are ours where it is about trust: see [`trust`].
    pub(super) async fn connect(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let connected = self.connector.connect(self.name.clone(), stream).await;
        connected.map_err(|error| match self.refused(&error) {
            Some(why) => io::Error::other(Distrust(why)),
            None => error,
        })
    }

    /// If an error is about trust, what it means. An engine that wants another certificate says so only when it is
    /// asked something.
    pub(super) fn refused(&self, error: &(dyn Error + 'static)) -> Option<String> {
        let folder = self.folder.display();
        Some(match rustls_error(error)? {
            rustls::Error::InvalidCertificate(error) => match error {
                CertificateError::UnknownIssuer => {
                    format!(
                        "its certificate is signed by another authority than that of {folder}/{CA}"
                    )
                }
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                    "its certificate has expired".to_owned()
                }
                CertificateError::NotValidForName
                | CertificateError::NotValidForNameContext { .. } => {
                    format!("its certificate is not for {}", self.name.to_str())
                }
                other => format!("its certificate can't be trusted: {other}"),
            },
            rustls::Error::AlertReceived(alert) if about_certificate(*alert) => {
                match self.has_own {
                    true => format!("it doesn't accept the certificate {folder}/{CERTIFICATE}"),
                    false => format!(
                        "it wants a certificate of yours, and {folder} holds no {CERTIFICATE} with its {KEY}"
                    ),
                }
            }
            rustls::Error::InvalidMessage(_) => "what answers there doesn't speak TLS".to_owned(),
            other => other.to_string(),
        })
    }
}

/// Trouble with trust, in our words.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Distrust(String);

/// Our words, if opening a connection failed for want of trust.
pub(super) fn trust(error: &io::Error) -> Option<String> {
    let inner = error.get_ref()?;
    inner.downcast_ref::<Distrust>().map(Distrust::to_string)
}

/// The error of rustls that another one comes from.
fn rustls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        // `source` of such an error skips the one that it wraps.
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

/// Whether an alert is an engine's word on the user's certificate.
fn about_certificate(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
            | AlertDescription::DecryptError
            | AlertDescription::HandshakeFailure
    )
}

/// Takes whatever certificate an engine has, as the user asked (`SkipTLSVerify`, or `DOCKER_TLS` alone). That the engine
/// holds its key is seen to all the same.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests;
