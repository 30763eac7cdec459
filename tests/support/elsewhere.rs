//! A second Docker Engine, in a container here, and checks that run on it.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{Book, Ran, docker};

/// A second runtime of the other engine, which a test may write.
pub const COUNTED: &str = "/usr/local/sbin/counted";

/// What a check on it needs.
const IMAGES: [&str; 2] = ["seaworthy/machine:28", "busybox:1.37"];

/// The other engine, in a container on a network of its own; both go with this value.
pub struct Elsewhere {
    pub name: String,
    pub host: String,
    /// How much its disk holds.
    room: &'static str,
    /// Whose network it is, if it isn't the container's own.
    beside: Option<String>,
}

impl Elsewhere {
    /// Starts it on a network of that subnet (a /24, by its first three numbers), which no other test takes. It listens on
    /// a port without TLS.
    pub fn start(subnet: &str) -> Self {
        Self::holding(subnet, &IMAGES, "2g")
    }

    /// The same with these images of the engine here, and so much room.
    pub fn holding(subnet: &str, images: &[&str], room: &'static str) -> Self {
        let elsewhere = Self::listening(subnet, "-H tcp://0.0.0.0:2375", None, ("2375", room));
        elsewhere.give(images);
        elsewhere
    }

    /// The same on a port with TLS, with the `ca.pem`, `cert.pem` and `key.pem` of a folder, of which the first is that of
    /// its clients' authority. It has the address [`Elsewhere::address`].
    pub fn with_tls(subnet: &str, certificates: &Path) -> Self {
        let listen = "-H tcp://0.0.0.0:2376 --tlsverify --tlscacert /certificates/ca.pem \
             --tlscert /certificates/cert.pem --tlskey /certificates/key.pem";
        let elsewhere = Self::listening(subnet, listen, Some(certificates), ("2376", "2g"));
        elsewhere.give(&IMAGES);
        elsewhere
    }

    /// One more engine on this one's network, which goes before this one does.
    pub fn another(&self) -> Self {
        let address = self.host.replace(".2:2375", ".3");
        let another = Self {
            host: format!("{address}:2375"),
            name: format!("{}-another", self.name),
            beside: Some(self.name.clone()),
            room: self.room,
        };
        another.create(
            "-H tcp://0.0.0.0:2375",
            None,
            address.trim_start_matches("tcp://"),
        );
        another.give(&IMAGES);
        another
    }

    /// The address that it has on its network.
    pub fn address(subnet: &str) -> String {
        format!("{subnet}.2")
    }

    fn listening(
        subnet: &str,
        listen: &str,
        certificates: Option<&Path>,
        (port, room): (&str, &'static str),
    ) -> Self {
        let name = format!("seaworthy-elsewhere-{}-{subnet}", std::process::id());
        let range = format!("{subnet}.0/24");
        docker(&["network", "create", "--subnet", &range, &name]);
        let address = Self::address(subnet);
        let elsewhere = Self {
            host: format!("tcp://{address}:{port}"),
            name,
            beside: None,
            room,
        };
        elsewhere.create(listen, certificates, &address);
        elsewhere
    }

    fn create(&self, listen: &str, certificates: Option<&Path>, address: &str) {
        let elsewhere = self;
        let flags = format!(
            "SEAWORTHY_DOCKERD_FLAGS={listen} -H unix:///var/run/docker.sock --add-runtime counted={COUNTED}"
        );
        let room = format!("/var/lib/docker:exec,size={}", self.room);
        let network = elsewhere.beside.as_ref().unwrap_or(&elsewhere.name);
        let mut create = vec!["create", "--name", &elsewhere.name, "--ip", address];
        create.extend(["--network", network, "--env", &flags]);
        // The machines on it get no more than it has.
        for capability in [
            "SYS_ADMIN",
            "NET_ADMIN",
            "SYS_PTRACE",
            "SYS_NICE",
            "IPC_LOCK",
        ] {
            create.extend(["--cap-add", capability]);
        }
        for option in [
            "seccomp=unconfined",
            "apparmor=unconfined",
            "systempaths=unconfined",
        ] {
            create.extend(["--security-opt", option]);
        }
        create.extend(["--tmpfs", &room, "seaworthy/machine:28"]);
        docker(&create);
        if let Some(folder) = certificates {
            let to = format!("{}:/certificates", elsewhere.name);
            docker(&["cp", folder.to_str().unwrap(), &to]);
        }
        docker(&["start", &elsewhere.name]);
        self.sh("until docker version > /dev/null 2>&1; do sleep 0.1; done");
    }

    /// Gives it images of the engine here.
    pub fn give(&self, images: &[&str]) {
        let script = "name=$1; shift; docker save \"$@\" | docker exec -i \"$name\" docker load -q";
        let load = Command::new("sh")
            .args(["-c", script, "give", &self.name])
            .args(images)
            .output();
        let load = load.unwrap();
        assert!(load.status.success(), "{load:?}");
    }

    /// What a command prints in the container.
    pub fn sh(&self, script: &str) -> String {
        docker(&["exec", &self.name, "sh", "-c", script])
    }

    /// Checks the book on this engine, reached at `host`.
    pub fn check(&self, book: &Book, host: &str, settings: &[(&str, &Path)]) -> Ran {
        let mut command = book.command(&["check"]);
        let command = command
            .env("DOCKER_HOST", host)
            .envs(settings.iter().copied());
        Ran::from(command.output().unwrap())
    }

    /// That nothing of a check is left on it.
    #[track_caller]
    pub fn is_empty(&self) {
        assert_eq!(
            self.sh("docker ps -aq; docker network ls -qf label=seaworthy.run"),
            ""
        );
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        let mut gone = vec![["rm", "-fv", &self.name]];
        if self.beside.is_none() {
            gone.push(["network", "rm", &self.name]);
        }
        for arguments in gone {
            let _ = Command::new("docker").args(arguments).output();
        }
    }
}

/// A check in a process group of its own, whose machine is up.
pub struct Running {
    pub child: Child,
}

impl Running {
    pub fn start(book: &Book, host: &str, path: Option<&Path>, elsewhere: &Elsewhere) -> Self {
        let mut command = book.command(&["check"]);
        command.env("DOCKER_HOST", host);
        command.envs(path.map(|path| ("PATH", path)));
        Self::of(command, elsewhere)
    }

    /// A check by `command`, of which a page sleeps on that engine.
    pub fn of(mut command: Command, elsewhere: &Elsewhere) -> Self {
        use std::os::unix::process::CommandExt;
        command.process_group(0);
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        // The shell of the page is at work.
        let sleeping =
            "for id in $(docker ps -q); do docker top $id; done | grep -c 'sleep 60' || :";
        while elsewhere.sh(sleeping) == "0" {
            assert!(Instant::now() < deadline, "the page was not run");
            std::thread::sleep(Duration::from_millis(200));
        }
        Self { child }
    }

    pub fn ends(self) -> Ran {
        Ran::from(self.child.wait_with_output().unwrap())
    }
}
