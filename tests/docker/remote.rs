//! A Docker Engine elsewhere: one that shares no files with this computer, over TCP, TLS and SSH; its disk full; and lost
//! in the middle of a check. It runs in a container here.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::elsewhere::{COUNTED, Elsewhere, Running};
use crate::support::{Book, Ran, docker};

/// What a page shows of its machine, a file that it writes, and an image from the engine.
const PAGE: &str = "```text,file=note.txt
written here
```

```console
$ cat note.txt
written here
$ docker run --rm busybox:1.37 echo inside
inside
```
";

/// Keys for the SSH server of the other engine's container, and an `ssh` that uses them.
struct Keys {
    folder: tempfile::TempDir,
    host: String,
}

impl Keys {
    /// Starts `scripts/sshd`'s server in the container, for a user with a key of its own.
    fn serve(elsewhere: &Elsewhere) -> Self {
        let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/sshd/usr");
        assert!(
            tools.join("sbin/sshd").is_file(),
            "there is no SSH server: run scripts/sshd"
        );
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for key in ["host", "user"] {
            let mut keygen = Command::new("ssh-keygen");
            keygen
                .args(["-q", "-t", "ed25519", "-N", "", "-f"])
                .arg(path(key));
            assert!(keygen.status().unwrap().success());
        }
        let copy = |from: &Path, to: &str| {
            let to = format!("{}:{to}", elsewhere.name);
            docker(&["cp", from.to_str().unwrap(), &to]);
        };
        elsewhere.sh("mkdir -p /usr/lib/openssh /run/sshd && echo sshd:x:100:65534::/run/sshd:/bin/false >> /etc/passwd");
        for part in ["sbin/sshd", "lib/sshd", "lib/openssh/."] {
            copy(&tools.join(part), &format!("/usr/{part}"));
        }
        for key in ["host", "user.pub"] {
            copy(&path(key), &format!("/run/{key}"));
        }
        let settings = "-o HostKey=/run/host -o AuthorizedKeysFile=/run/user.pub -o StrictModes=no -o UsePAM=no \
             -o PermitRootLogin=yes -o PasswordAuthentication=no -o PidFile=none -f /dev/null";
        let start = format!(
            "chown root /run/host /run/user.pub; LD_LIBRARY_PATH=/usr/lib/sshd /usr/sbin/sshd {settings}"
        );
        elsewhere.sh(&start);
        let address = elsewhere.host.split([':', '/']).nth(3).unwrap();
        let key = std::fs::read_to_string(path("host.pub")).unwrap();
        std::fs::write(path("known"), format!("{address} {key}")).unwrap();
        // ssh reads its settings from the home that the user database names, whatever HOME says; so this goes before.
        let here = folder.path().display();
        let ssh = format!(
            "#!/bin/sh\nexec /usr/bin/ssh -F none -i {here}/user -o UserKnownHostsFile={here}/known \"$@\"\n"
        );
        std::fs::create_dir(path("bin")).unwrap();
        std::fs::write(path("bin/ssh"), ssh).unwrap();
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(path("bin/ssh"), mode).unwrap();
        let host = format!("ssh://root@{address}");
        Self { folder, host }
    }

    /// A PATH on which `ssh` uses the key and knows the host.
    fn path(&self) -> PathBuf {
        let mut path = self.folder.path().join("bin").into_os_string();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap());
        path.into()
    }
}

/// The processes whose command lines hold `words`.
fn processes(words: &str) -> usize {
    let listed = Command::new("pgrep").args(["-fc", "--", words]).output();
    String::from_utf8(listed.unwrap().stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}

/// One test, since the engine takes its time: what comes last loses it.
#[test]
fn an_engine_elsewhere() {
    let elsewhere = Elsewhere::start("10.99.97");
    let book = Book::page(PAGE);
    elsewhere.check(&book, &elsewhere.host, &[]).exits(0);
    elsewhere.is_empty();

    // Over SSH, by DOCKER_HOST and by a context.
    let keys = Keys::serve(&elsewhere);
    let path = keys.path();
    let begun = Instant::now();
    elsewhere
        .check(&book, &keys.host, &[("PATH", &path)])
        .exits(0);
    println!("over ssh in {:.1} s", begun.elapsed().as_secs_f64());
    elsewhere.is_empty();
    assert_eq!(
        processes(&format!("{}/user", keys.folder.path().display())),
        0,
        "the login has ended"
    );
    let config = tempfile::tempdir().unwrap();
    let endpoint = format!("host={}", keys.host);
    let create = Command::new("docker")
        .args(["context", "create", "far", "--docker", &endpoint])
        .env("DOCKER_CONFIG", config.path())
        .output();
    assert!(create.unwrap().status.success());
    let settings = [
        ("PATH", path.as_path()),
        ("DOCKER_CONFIG", config.path()),
        ("DOCKER_CONTEXT", Path::new("far")),
    ];
    let doctor = book.command(&["doctor"]).envs(settings).output().unwrap();
    Ran::from(doctor)
        .exits(0)
        .says(&format!("at {} (the docker context `far`)", keys.host));
    draws_what_runs(&elsewhere, &book, &keys.host, &settings);
    // Without the key: told, and nothing asked.
    let refused = elsewhere.check(&book, &keys.host, &[]);
    refused.exits(3).says(&keys.host).says("known hosts");

    // Ctrl-C reaches every process of a terminal; the way to the engine holds until all is removed.
    let slow = Book::page("```console\n$ sleep 60\n```\n");
    let running = Running::start(&slow, &keys.host, Some(&path), &elsewhere);
    let group = format!("-{}", running.child.id());
    assert!(
        Command::new("kill")
            .args(["-INT", "--", &group])
            .status()
            .unwrap()
            .success()
    );
    running
        .ends()
        .exits(130)
        .says("interrupted: removing the machines");
    elsewhere.is_empty();

    // Together with the engine here it takes its part of the pages.
    let started = "docker events --since 10m --until 0s --filter event=start --filter label=seaworthy.run | wc -l";
    let before: usize = elsewhere.sh(started).parse().unwrap();
    let page = "```console\n$ sleep 3\n```\n";
    let files = ["src/a.md", "src/b.md", "src/c.md", "src/d.md"];
    let shared = Book::new(&files.map(|file| (file, page)));
    let engines = [
        "--engine",
        "unix:///var/run/docker.sock",
        "--engine",
        &elsewhere.host,
    ];
    let mut arguments = vec!["check", "--jobs", "1"];
    arguments.extend(engines);
    shared.run(&arguments).exits(0).says("4 passed");
    let there = elsewhere.sh(started).parse::<usize>().unwrap() - before;
    // Its machines, and the registry mirror.
    assert!((2..=4).contains(&there), "{there} containers started there");
    elsewhere.is_empty();

    named_runtimes(&elsewhere, &book);

    // Its disk is full: told, and not taken for an engine that starts no machines.
    elsewhere.sh("head -c 3G /dev/zero > /var/lib/docker/full || :");
    let full = elsewhere.check(&book, &elsewhere.host, &[]);
    full.exits(5).says("no space left on device");
    elsewhere.sh("rm /var/lib/docker/full");
    elsewhere.is_empty();

    // It stops in the middle.
    let running = Running::start(&slow, &elsewhere.host, None, &elsewhere);
    docker(&["kill", &elsewhere.name]);
    let begun = Instant::now();
    running
        .ends()
        .exits(5)
        .says("lost the Docker Engine")
        .says("`seaworthy clean` removes when the engine answers again");
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "{:?}",
        begun.elapsed()
    );
}

/// `draw --engine` of what runs there: over SSH by its address, and as the current engine by a context.
fn draws_what_runs(elsewhere: &Elsewhere, book: &Book, ssh: &str, context: &[(&str, &Path)]) {
    elsewhere.sh("docker network create --subnet 10.77.0.0/24 far-away && \
         docker run -d --name drawn --network far-away --ip 10.77.0.7 busybox:1.37 sleep 600");
    let draw = |engine: &str, settings: &[(&str, &Path)]| {
        let mut command = book.command(&["draw", engine, "--text"]);
        Ran::from(command.envs(settings.iter().copied()).output().unwrap())
    };
    let path: Vec<_> = context
        .iter()
        .copied()
        .filter(|(name, _)| *name == "PATH")
        .collect();
    for (engine, settings) in [
        (format!("--engine={ssh}").as_str(), &path[..]),
        ("--engine", context),
    ] {
        draw(engine, settings)
            .exits(0)
            .says("  - drawn: on far-away as 10.77.0.7\n");
    }
    draw(&format!("--engine={ssh}"), &[])
        .exits(3)
        .says("known hosts");
    elsewhere.sh("docker rm -f drawn && docker network rm far-away");
}

/// An authority that signs certificates.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        Self {
            issuer,
            certificate,
        }
    }

    /// A folder as the Docker CLI and engines have it: this authority's certificate, and one for `name` that `signer` has
    /// signed, with its key.
    fn folder(&self, signer: &Authority, name: &str) -> tempfile::TempDir {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &signer.issuer).unwrap();
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in [
            ("ca.pem", self.certificate.clone()),
            ("cert.pem", certificate.pem()),
            ("key.pem", key.serialize_pem()),
        ] {
            std::fs::write(folder.path().join(file), text).unwrap();
        }
        folder
    }
}

#[test]
fn an_engine_with_tls() {
    const SUBNET: &str = "10.99.95";
    let (ours, other) = (Authority::new("ours"), Authority::new("other"));
    let address = Elsewhere::address(SUBNET);
    let served = ours.folder(&ours, &address);
    let elsewhere = Elsewhere::with_tls(SUBNET, served.path());
    let book = Book::page(PAGE);
    let on = Path::new("1");
    let check = |host: &str, folder: &tempfile::TempDir| {
        let settings = [
            ("DOCKER_TLS_VERIFY", on),
            ("DOCKER_CERT_PATH", folder.path()),
        ];
        elsewhere.check(&book, host, &settings)
    };

    // By the environment, with the port that Docker has for it.
    let own = ours.folder(&ours, "me");
    let begun = Instant::now();
    check(&format!("tcp://{address}"), &own).exits(0);
    println!("over TLS in {:.1} s", begun.elapsed().as_secs_f64());
    elsewhere.is_empty();

    // By contexts: with the certificates, and with another authority's, which isn't looked at.
    let foreign = other.folder(&ours, "me");
    let config = tempfile::tempdir().unwrap();
    for (name, folder, more) in [
        ("far", &own, ""),
        ("blind", &foreign, ",skip-tls-verify=true"),
    ] {
        let file = |name: &str| folder.path().join(name).display().to_string();
        let (ca, cert, key) = (file("ca.pem"), file("cert.pem"), file("key.pem"));
        let endpoint = format!(
            "host={},ca={ca},cert={cert},key={key}{more}",
            elsewhere.host
        );
        let create = Command::new("docker")
            .args(["context", "create", name, "--docker", &endpoint])
            .env("DOCKER_CONFIG", config.path())
            .output();
        assert!(create.unwrap().status.success());
        let doctor = book
            .command(&["doctor"])
            .env("DOCKER_CONFIG", config.path())
            .env("DOCKER_CONTEXT", name)
            .output();
        let at = format!("at {} (the docker context `{name}`)", elsewhere.host);
        Ran::from(doctor.unwrap()).exits(0).says(&at);
    }

    // Refusals, on both sides.
    let remedy = "DOCKER_CERT_PATH names the folder of ca.pem, cert.pem and key.pem";
    let refused = |ran: Ran, words: &str| {
        ran.exits(3).says(&elsewhere.host).says(words).says(remedy);
    };
    refused(
        check(&elsewhere.host, &foreign),
        "its certificate is signed by another authority than that of",
    );
    let stranger = ours.folder(&other, "me");
    refused(
        check(&elsewhere.host, &stranger),
        "it doesn't accept the certificate",
    );
    for file in ["cert.pem", "key.pem"] {
        std::fs::remove_file(stranger.path().join(file)).unwrap();
    }
    refused(
        check(&elsewhere.host, &stranger),
        "it wants a certificate of yours",
    );
    std::fs::remove_file(stranger.path().join("ca.pem")).unwrap();
    refused(
        check(&elsewhere.host, &stranger),
        "ca.pem: No such file or directory",
    );
    refused(
        elsewhere.check(&book, &elsewhere.host, &[]),
        "it speaks TLS only",
    );
    elsewhere.is_empty();
}

/// Machines are run by the runtime that the caller names, and by no one else's word. The one here is the usual one, which
/// writes down what it is called for.
fn named_runtimes(elsewhere: &Elsewhere, book: &Book) {
    elsewhere.sh(&format!(
        "printf '#!/bin/sh\\necho \"$@\" >> /counted\\nexec runc \"$@\"\\n' > {COUNTED} && chmod +x {COUNTED}"
    ));
    let run = |arguments: &[&str], variable: Option<&str>| {
        let mut command = book.command(arguments);
        command.env("DOCKER_HOST", &elsewhere.host);
        command.envs(variable.map(|name| ("SEAWORTHY_RUNTIME", name)));
        Ran::from(command.output().unwrap())
    };
    let made = || elsewhere.sh("grep -c ' create ' /counted || :");
    for (arguments, variable, count) in [
        (&["check"] as &[&str], None, ""),
        (&["check"], Some(""), ""),
        (&["check", "--runtime", "counted"], None, "1"),
        (&["check"], Some("counted"), "2"),
        (&["accept", "--runtime", "counted"], None, "3"),
        (&["check", "--runtime", "runc"], Some("counted"), "3"),
        (&["doctor", "--runtime", "counted"], None, "4"),
    ] {
        let ran = run(arguments, variable).exits(0);
        assert_eq!(made(), count, "{arguments:?} {variable:?}: {}", ran.stdout);
        if arguments[0] == "doctor" {
            ran.says("machines: start by the runtime counted with");
        }
    }
    for command in ["check", "accept", "doctor"] {
        run(&[command, "--runtime", "no-such"], None)
            .exits(3)
            .says("has no runtime no-such to start machines with");
    }
    elsewhere.is_empty();
}
