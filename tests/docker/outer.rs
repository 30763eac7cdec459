//! The outer engine: what is left on it (nothing), what is never touched, and engines that can't be used.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use crate::support::between::{Fate, between};
use crate::support::{self, Book, cleaning, docker, left_by};

/// A page that keeps its machine for a minute.
const SLOW: &str = "```console\n$ sleep 60\n```\n";

/// A check that is running, known by the container of its machine.
struct Running {
    child: Child,
    machine: String,
}

impl Running {
    /// Starts a check of `book`, whose page sleeps, and waits until its machine is there.
    fn start(book: &Book) -> Self {
        let mut command = book.command(&["check"]);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut running = Self {
            child: command.spawn().unwrap(),
            machine: String::new(),
        };
        let deadline = Instant::now() + Duration::from_secs(30);
        while running.machine.is_empty() {
            assert!(Instant::now() < deadline, "no machine was started");
            std::thread::sleep(Duration::from_millis(50));
            let format = "{{.ID}} {{.Label \"seaworthy.lock\"}}";
            let machines = docker(&["ps", "--filter", "label=seaworthy.run", "--format", format]);
            let mut machines = machines.lines().filter_map(|line| line.split_once(' '));
            let ours = machines.find(|(_, lock)| running.holds_open(lock));
            running.machine = ours.map(|(id, _)| id.to_owned()).unwrap_or_default();
        }
        running
    }

    /// Whether the process has the file `path` open. Other tests have machines too: ours is the one
    /// whose lock file our process holds.
    fn holds_open(&self, path: &str) -> bool {
        let files = std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap();
        let mut open = files.flatten().map(|file| std::fs::read_link(file.path()));
        open.any(|open| open.is_ok_and(|open| open == Path::new(path)))
    }

    fn signal(&self, signal: &str) {
        let status = std::process::Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status();
        assert!(status.unwrap().success());
    }

    fn is_there(&self) -> bool {
        !docker(&["ps", "-aq", "--filter", &format!("id={}", self.machine)]).is_empty()
    }
}

#[test]
fn an_interrupted_check_leaves_nothing() {
    let book = Book::page(SLOW);
    for signal in ["-INT", "-TERM", "-HUP"] {
        let running = Running::start(&book);
        running.signal(signal);
        let begun = Instant::now();
        let machine = running.machine.clone();
        let ran = support::Ran::from(running.child.wait_with_output().unwrap());
        let ran = ran.exits(130).says("interrupted: removing the machines");
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "{signal}: {}",
            ran.stderr
        );
        let left = docker(&["ps", "-aq", "--filter", &format!("id={machine}")]);
        assert_eq!(left, "", "{signal}");
        assert!(!book.has("target/seaworthy/report.json"));
    }
}

/// At moments at which there is only a network, a mirror, a machine that isn't up, one that works.
#[test]
fn an_interrupt_at_any_moment_leaves_nothing() {
    let book = Book::page("```console\n$ docker run --rm busybox:1.37 sleep 60\n```\n");
    // The run's lock file is in there, and its objects bear the file's name.
    let locks = tempfile::tempdir().unwrap();
    for (at, signal) in (0..12).zip(["-INT", "-TERM"].into_iter().cycle()) {
        let mut command = book.command(&["check"]);
        command.env("TMPDIR", locks.path());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = Running {
            child: command.spawn().unwrap(),
            machine: String::new(),
        };
        // It says which page it begins with, and from there on it has something to remove.
        let mut stderr = BufReader::new(running.child.stderr.take().unwrap());
        let mut said = String::new();
        stderr.read_line(&mut said).unwrap();
        std::thread::sleep(Duration::from_millis(at * 150));
        running.signal(signal);
        stderr.read_to_string(&mut said).unwrap();
        let mut ran = support::Ran::from(running.child.wait_with_output().unwrap());
        ran.stderr = said;
        let ran = ran.exits(130);
        let left = left_by(locks.path());
        assert!(
            left.is_empty(),
            "{left:?}, {signal} after {at} × 150 ms: {}",
            ran.stderr
        );
    }
}

/// The first signal may come when all was run and the rest goes already: that is no second one, what was found is told, and
/// the check was interrupted all the same.
#[test]
fn an_interrupt_at_the_end_leaves_nothing_either() {
    let book = Book::page("```console\n$ true\n```\n");
    let folder = tempfile::tempdir().unwrap();
    let (reached, end) = mpsc::channel();
    let (go_on, gone_on) = mpsc::channel::<()>();
    let gone_on = Mutex::new(gone_on);
    // Networks go last.
    let engine = between(folder.path(), move |request| {
        if request.starts_with("DELETE /") && request.contains("/networks/") {
            let _ = reached.send(());
            // From the second one on, nobody is there any more to say so.
            let _ = gone_on.lock().unwrap().recv();
        }
        Fate::Passed
    });
    let mut command = book.command(&["check"]);
    command
        .env("DOCKER_HOST", &engine)
        .env("TMPDIR", folder.path());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = Running {
        child: command.spawn().unwrap(),
        machine: String::new(),
    };
    end.recv_timeout(Duration::from_secs(60)).unwrap();
    running.signal("-TERM");
    let mut stderr = BufReader::new(running.child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("interrupted: removing the machines") {
        assert_ne!(stderr.read_line(&mut said).unwrap(), 0, "{said}");
    }
    drop(go_on);
    stderr.read_to_string(&mut said).unwrap();
    let mut ran = support::Ran::from(running.child.wait_with_output().unwrap());
    ran.stderr = said;
    let ran = ran.exits(130).says("1 passed, 0 failed");
    assert!(!ran.stderr.contains("interrupted again"), "{}", ran.stderr);
    assert_eq!(book.report()["summary"]["passed"], 1);
    let left = left_by(folder.path());
    assert!(left.is_empty(), "{left:?}: {}", ran.stderr);
}

#[test]
fn clean_removes_what_a_killed_check_left_and_spares_the_living() {
    let _cleaning = cleaning();
    let book = Book::page(SLOW);
    let living = Running::start(&book);
    let mut killed = Running::start(&book);
    killed.signal("-KILL");
    killed.child.wait().unwrap();
    assert!(killed.is_there());
    let run = |running: &Running| {
        let format = "{{index .Config.Labels \"seaworthy.run\"}}";
        docker(&["inspect", "--format", format, &running.machine])
    };
    let (dead, alive) = (run(&killed), run(&living));
    book.run(&["clean"])
        .exits(0)
        // Its machine, and the registry mirror if that was there already.
        .says(&format!("removed run {dead}: "))
        .says(", 1 network, 0 volumes")
        .says(&format!("spared  run {alive}"));
    assert!(!killed.is_there() && living.is_there());
    let of_dead = format!("label=seaworthy.run={dead}");
    assert_eq!(docker(&["network", "ls", "-q", "--filter", &of_dead]), "");
    assert_eq!(docker(&["ps", "-aq", "--filter", &of_dead]), "");
    living.signal("-INT");
    let mut child = living.child;
    child.wait().unwrap();
}

#[test]
fn nothing_of_the_outer_engine_is_touched() {
    let name = format!("seaworthy-test-{}", std::process::id());
    let label = format!("test={name}");
    docker(&[
        "network",
        "create",
        "--label",
        &label,
        "--subnet",
        "10.99.99.0/24",
        &name,
    ]);
    docker(&["volume", "create", "--label", &label, &name]);
    docker(&["tag", "busybox:1.37", &format!("{name}:1")]);
    docker(&[
        "run",
        "-d",
        "--label",
        &label,
        "--name",
        &name,
        "--network",
        &name,
        "busybox:1.37",
        "sleep",
        "600",
    ]);
    docker(&[
        "create",
        "--label",
        &label,
        "--name",
        &format!("{name}-stopped"),
        "busybox:1.37",
    ]);
    let filter = format!("label={label}");
    let look = || {
        let all = ["--filter", filter.as_str()];
        [
            docker(
                &[
                    &[
                        "ps",
                        "-a",
                        "--no-trunc",
                        "--format",
                        "{{.ID}} {{.State}} {{.Names}}",
                    ],
                    &all[..],
                ]
                .concat(),
            ),
            docker(&[&["network", "ls", "--no-trunc"], &all[..]].concat()),
            docker(&[&["volume", "ls"], &all[..]].concat()),
            images(),
        ]
    };
    let before = look();
    let page = "```console
$ docker run -d --name web busybox:1.37 sleep 600
0b8a9b5e8f1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e
$ docker network create front
5f0a6a1c3c8e2f5ffbd0ddc6c7a0bb2fa6e6c65e4a6d8f1c8a9bb8a1a2c3d4e5
$ docker rm -f $(docker ps -aq)
0b8a9b5e8f1c
$ docker system prune -af --volumes
...
$ docker images -q
$ docker network ls --format '{{.Name}}'
bridge
host
none
```
";
    let ran = Book::page(page).run(&["check"]);
    let after = look();
    docker(&["rm", "-f", &name, &format!("{name}-stopped")]);
    docker(&["network", "rm", &name]);
    docker(&["volume", "rm", &name]);
    docker(&["rmi", &format!("{name}:1")]);
    ran.exits(0);
    assert_eq!(before, after);
    assert_eq!(before[0].lines().count(), 2);
}

/// The named images of the outer engine, sorted.
fn images() -> String {
    let format = "{{.ID}} {{.Repository}}:{{.Tag}}";
    let images = docker(&["images", "--no-trunc", "--format", format]);
    let mut named: Vec<_> = images
        .lines()
        .filter(|line| !line.contains("<none>"))
        .collect();
    named.sort_unstable();
    named.join("\n")
}

#[test]
fn no_engine() {
    let book = Book::page("```console\n$ true\n```\n");
    for command in ["check", "clean", "doctor"] {
        for host in ["unix:///nonexistent/docker.sock", "tcp://127.0.0.1:1"] {
            let output = book
                .command(&[command])
                .env("DOCKER_HOST", host)
                .output()
                .unwrap();
            support::Ran::from(output)
                .exits(3)
                .says(host)
                .says("DOCKER_HOST");
        }
    }
    let output = book
        .command(&["check"])
        .env("DOCKER_HOST", "ssh://elsewhere")
        .output()
        .unwrap();
    support::Ran::from(output).exits(3).says("ssh://elsewhere");
    // What needs no engine goes on working.
    let output = book
        .command(&["list"])
        .env("DOCKER_HOST", "unix:///nonexistent")
        .output()
        .unwrap();
    support::Ran::from(output).exits(0);
}

/// A second engine, on this computer, that holds no machine image: the one inside a machine.
#[test]
fn no_machine_image() {
    let name = format!("seaworthy-second-{}", std::process::id());
    docker(&["network", "create", "--subnet", "10.99.98.0/24", &name]);
    let flags = "SEAWORTHY_DOCKERD_FLAGS=-H tcp://0.0.0.0:2375 -H unix:///var/run/docker.sock";
    docker(&[
        "run",
        "-d",
        "--name",
        &name,
        "--network",
        &name,
        "--env",
        flags,
        "--cap-add",
        "ALL",
        "--cap-drop",
        "SYS_RESOURCE",
        "--security-opt",
        "seccomp=unconfined",
        "--security-opt",
        "apparmor=unconfined",
        "--security-opt",
        "systempaths=unconfined",
        "--device-cgroup-rule",
        "a *:* rwm",
        "--tmpfs",
        "/var/lib/docker:exec",
        "seaworthy/machine:28",
    ]);
    let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
    let host = format!(
        "tcp://{}:2375",
        docker(&["inspect", "--format", format, &name])
    );
    let deadline = Instant::now() + Duration::from_secs(30);
    let book = Book::page("```console\n$ true\n```\n");
    let check = |command: &str| {
        let output = book.command(&[command]).env("DOCKER_HOST", &host).output();
        support::Ran::from(output.unwrap())
    };
    let mut ran = check("check");
    while ran.stderr.contains("no Docker Engine") && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(200));
        ran = check("check");
    }
    let doctor = check("doctor");
    let left = docker(&["exec", &name, "docker", "ps", "-aq"]);
    docker(&["rm", "-fv", &name]);
    docker(&["network", "rm", &name]);
    ran.exits(3)
        .says("holds no machine image seaworthy/machine:28")
        .says("`seaworthy machine build` makes it");
    doctor.exits(3).says(
        "✗ machine image: seaworthy/machine:28 is not there; `seaworthy machine build` makes it",
    );
    assert_eq!(left, "");
}
