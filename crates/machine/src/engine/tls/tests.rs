use super::*;
use crate::engine::fake::{VERSION, ok};
use crate::engine::{Address, Engine, Kind, Source};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::server::WebPkiClientVerifier;
use std::fs;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// An authority that signs certificates.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
}

impl Authority {
    fn new(name: &str) -> Authority {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().pem();
        Authority {
            issuer: Issuer::new(params, key),
            certificate,
        }
    }

    /// A certificate for that name, which is valid until the year, and its key.
    fn sign(&self, name: &str, until: i32) -> (String, String) {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate.pem(), key.serialize_pem())
    }
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn tls(folder: &TempDir) -> Tls {
    Tls {
        folder: folder.path().to_owned(),
        verify: true,
        of_context: false,
    }
}

fn endpoint(port: u16, tls: Tls) -> Endpoint {
    Endpoint {
        address: Address::Tcp {
            host: "127.0.0.1".to_owned(),
            port,
            tls: Some(Box::new(tls)),
        },
        source: Source::DockerHost,
    }
}

/// An engine on a port of this computer, with that certificate and key, which wants one that `clients` signed.
async fn serve((certificate, key): (String, String), clients: &Authority) -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(clients.certificate.as_bytes()).unwrap())
        .unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()],
            PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // Whoever is refused isn't answered.
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n")
                    && stream.read_buf(&mut request).await.unwrap() > 0
                {}
                stream.write_all(ok(VERSION).as_bytes()).await.unwrap();
                stream.shutdown().await.unwrap();
            }
        }
    });
    port
}

async fn why(port: u16, tls: Tls) -> String {
    let error = Engine::connect_to(endpoint(port, tls)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::NoEngine);
    error.to_string()
}

#[tokio::test]
async fn trust_and_what_is_said_without() {
    let (ours, other) = (Authority::new("ours"), Authority::new("other"));
    let (certificate, key) = ours.sign("me", 3000);
    let ca = ours.certificate.as_str();
    let good = folder(&[
        ("ca.pem", ca),
        ("cert.pem", &certificate),
        ("key.pem", &key),
    ]);
    let port = serve(ours.sign("127.0.0.1", 3000), &ours).await;
    let engine = Engine::connect_to(endpoint(port, tls(&good)))
        .await
        .unwrap();
    assert_eq!(engine.version().engine, "20.10.24");
    // bollard's requests go the same way.
    let version = engine.docker().version().await.unwrap();
    assert_eq!(version.api_version.unwrap(), "1.41");

    let at = format!("no Docker Engine answers at tcp://127.0.0.1:{port} (DOCKER_HOST): ");
    let remedy = "; with DOCKER_TLS_VERIFY=1, DOCKER_CERT_PATH names the folder of ca.pem, cert.pem and key.pem";
    let said = |files: &TempDir, words: &str| {
        let folder = files.path().display().to_string();
        format!("{at}{}{remedy}", words.replace("FOLDER", &folder))
    };

    // No certificate of the user's; half of one is none.
    for files in [
        &[("ca.pem", ca)][..],
        &[("ca.pem", ca), ("cert.pem", &certificate)],
    ] {
        let bare = folder(files);
        let words =
            "it wants a certificate of yours, and FOLDER holds no cert.pem with its key.pem";
        assert_eq!(why(port, tls(&bare)).await, said(&bare, words));
    }
    // One that another authority signed.
    let (certificate, key) = other.sign("me", 3000);
    let foreign = folder(&[
        ("ca.pem", ca),
        ("cert.pem", &certificate),
        ("key.pem", &key),
    ]);
    let words = "it doesn't accept the certificate FOLDER/cert.pem";
    assert_eq!(why(port, tls(&foreign)).await, said(&foreign, words));
    // An engine of another authority.
    fs::write(good.path().join("ca.pem"), &other.certificate).unwrap();
    let words = "its certificate is signed by another authority than that of FOLDER/ca.pem";
    assert_eq!(why(port, tls(&good)).await, said(&good, words));
    // It isn't looked at if the user says so.
    let unverified = Tls {
        verify: false,
        ..tls(&good)
    };
    Engine::connect_to(endpoint(port, unverified))
        .await
        .unwrap();
}

#[tokio::test]
async fn certificates_of_engines_that_do_not_hold() {
    let ours = Authority::new("ours");
    let files = folder(&[("ca.pem", &ours.certificate)]);
    for (certificate, words) in [
        (
            ours.sign("127.0.0.1", 2001),
            ": its certificate has expired; ",
        ),
        (
            ours.sign("127.0.0.2", 3000),
            ": its certificate is not for 127.0.0.1; ",
        ),
    ] {
        let port = serve(certificate, &ours).await;
        let message = why(port, tls(&files)).await;
        assert!(message.contains(words), "{message}");
    }
}

#[tokio::test]
async fn what_speaks_no_tls() {
    let ours = Authority::new("ours");
    let files = folder(&[("ca.pem", &ours.certificate)]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        for words in ["HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", ""] {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut hello = [0; 5];
            stream.read_exact(&mut hello).await.unwrap();
            stream.write_all(words.as_bytes()).await.unwrap();
        }
    });
    let message = why(port, tls(&files)).await;
    assert!(
        message.contains(": what answers there doesn't speak TLS; with"),
        "{message}"
    );
    let message = why(port, tls(&files)).await;
    // What to do is another matter then: whether this is a container decides on it.
    assert!(!message.contains("; with"), "{message}");
}

#[test]
fn files_that_can_not_be_used() {
    let ours = Authority::new("ours");
    let (certificate, key) = ours.sign("me", 3000);
    let (_, another) = ours.sign("me", 3000);
    let ca = ("ca.pem", ours.certificate.as_str());
    let encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMA==\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let own = |key| [ca, ("cert.pem", certificate.as_str()), ("key.pem", key)];
    let cases: [(&[(&str, &str)], &str); 6] = [
        (&[], "ca.pem: No such file or directory (os error 2)"),
        (&[("ca.pem", "hello")], "ca.pem: it holds no certificate"),
        (
            &[ca, ("cert.pem", ""), ("key.pem", &key)],
            "cert.pem: it holds no certificate",
        ),
        (
            &own("hello"),
            "key.pem: it holds no key, or an encrypted one",
        ),
        (
            &own(encrypted),
            "key.pem: it holds no key, or an encrypted one",
        ),
        (&own(&another), "key.pem: it doesn't go with cert.pem: "),
    ];
    for (files, words) in cases {
        let files = folder(files);
        let asked = endpoint(2376, tls(&files));
        let Err(error) = tls(&files).client(&asked, "127.0.0.1") else {
            panic!("{words}");
        };
        assert_eq!(error.kind(), Kind::NoEngine);
        let message = error.to_string();
        let begins = format!(
            "no TLS to tcp://127.0.0.1:2376 (DOCKER_HOST) with {}/{words}",
            files.path().display()
        );
        assert!(message.starts_with(&begins), "{message}");
        assert!(
            message.ends_with("DOCKER_CERT_PATH names the folder of ca.pem, cert.pem and key.pem")
        );
    }
    let whole = folder(&own(&key));
    let asked = endpoint(2376, tls(&whole));
    let client = tls(&whole).client(&asked, "build.example").unwrap();
    assert!(client.has_own && !format!("{client:?}").contains("key"));
    let error = tls(&whole).client(&asked, "no name").unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);
    let words = "DOCKER_HOST says \"no name\": no certificate can be for that name: ";
    assert!(error.to_string().starts_with(words), "{error}");
    // Without looking at the engine's certificate, no authority is needed.
    let nothing = folder(&[]);
    let unverified = Tls {
        verify: false,
        ..tls(&nothing)
    };
    assert!(unverified.client(&asked, "far").is_ok());
    // A context without one means those that this computer knows.
    let of_context = Tls {
        of_context: true,
        ..tls(&nothing)
    };
    assert!(of_context.client(&asked, "far").is_ok());
    fs::write(nothing.path().join("ca.pem"), "hello").unwrap();
    let error = of_context.client(&asked, "far").unwrap_err().to_string();
    assert!(error.contains("docker context update"), "{error}");
}

#[test]
fn as_the_environment_says() {
    let read = |variables: &[(&str, &str)]| {
        Tls::of_environment(|name| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        })
        .map(|tls| (tls.folder.display().to_string(), tls.verify))
    };
    let home = ("HOME", "/home/me");
    let (verify, path) = (("DOCKER_TLS_VERIFY", "1"), ("DOCKER_CERT_PATH", "/certs"));
    assert_eq!(read(&[home, path]), None);
    assert_eq!(read(&[home, path, verify]), Some(("/certs".into(), true)));
    assert_eq!(
        read(&[home, verify]),
        Some(("/home/me/.docker".into(), true))
    );
    let config = ("DOCKER_CONFIG", "/config");
    assert_eq!(
        read(&[home, config, verify]),
        Some(("/config".into(), true))
    );
    assert_eq!(
        read(&[config, path, ("DOCKER_TLS", "1")]),
        Some(("/certs".into(), false))
    );
    assert_eq!(
        read(&[path, ("DOCKER_TLS", "1"), verify]),
        Some(("/certs".into(), true))
    );
}

#[test]
fn as_a_context_says() {
    let read = |skip: bool, material: &str| {
        let context = format!(
            r#"{{"Endpoints":{{"docker":{{"Host":"tcp://far:2376","SkipTLSVerify":{skip}}}}},
                "TLSMaterial":{material},"Storage":{{"TLSPath":"/contexts/tls/12ab"}}}}"#
        );
        Tls::of_context(&serde_json::from_str(&context).unwrap())
    };
    let found = |verify| {
        Some(Tls {
            folder: "/contexts/tls/12ab/docker".into(),
            verify,
            of_context: true,
        })
    };
    let files = r#"{"docker":["ca.pem","cert.pem","key.pem"]}"#;
    assert_eq!(read(false, files), found(true));
    assert_eq!(read(true, files), found(false));
    assert_eq!(read(true, "{}"), found(false));
    assert_eq!(read(false, "{}"), None);
    assert_eq!(read(false, r#"{"docker":[]}"#), None);
}
