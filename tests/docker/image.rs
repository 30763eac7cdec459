//! The program as an image, on Docker Desktop's terms: a container that shares nothing with this computer but the book and
//! the engine's socket, and whose user isn't the book's owner.

use std::os::unix::fs::MetadataExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Book, Ran, cleaning, docker, image};

const PAGE: &str = "# T\n\n```console,proves=\"it runs\"\n$ docker run --rm busybox:1.37 echo inside\ninside\n```\n";

/// Somebody who has no name in the container, nor here.
const OWNER: &str = "12345:12345";

/// A `docker run` of the program with the book, and perhaps with the engine's socket.
fn contained(book: &Book, engine: bool, arguments: &[&str]) -> Command {
    let mut command = Command::new("docker");
    command.args(["run", "--rm", "--env", "NO_COLOR=1", "--volume"]);
    command.arg(format!("{}:/book", book.root().display()));
    if engine {
        let socket = "/var/run/docker.sock:/var/run/docker.sock";
        command.args(["--volume", socket]);
    }
    command.arg(image::seaworthy()).args(arguments);
    command
}

fn run(book: &Book, engine: bool, arguments: &[&str]) -> Ran {
    Ran::from(contained(book, engine, arguments).output().unwrap())
}

#[track_caller]
fn sh(book: &Book, script: &str) {
    let ran = Command::new("sh")
        .args(["-ec", script])
        .current_dir(book.root())
        .output();
    Ran::from(ran.unwrap()).exits(0);
}

/// The user and group of a file of the book.
fn owner(book: &Book, path: &str) -> String {
    let known = std::fs::metadata(book.root().join(path)).unwrap();
    format!("{}:{}", known.uid(), known.gid())
}

#[test]
fn check_build_and_draw_in_a_container() {
    let book = Book::new(&[
        ("src/page.md", PAGE),
        (
            "compose.yaml",
            "services:\n  web: {image: nginx, ports: [\"8080:80\"]}\n",
        ),
    ]);
    sh(&book, &format!("chown -R {OWNER} . && chmod 755 ."));
    run(&book, true, &["check"])
        .exits(0)
        .says("1 passed, 0 failed");
    // What is written is the owner's.
    let report = "target/seaworthy/report.json";
    assert_eq!(owner(&book, report), OWNER);
    run(&book, false, &["build"]).exits(0);
    assert_eq!(owner(&book, "site/page.html"), OWNER);
    assert!(book.read("site/page.html").contains("sw-mark sw-verified"));
    let drawn = run(&book, false, &["draw", "compose.yaml"]).exits(0);
    assert!(drawn.stdout.starts_with("<svg"), "{}", drawn.stdout);

    // A check that doesn't hold ends as everywhere, and names the page as it is in the book.
    book.write("src/page.md", &PAGE.replace("\ninside\n", "\noutside\n"));
    run(&book, true, &["check", "--format", "github"])
        .exits(1)
        .says("::error file=src/page.md,line=5,");

    // git is there, and takes the book for the owner's own: a report that it tracks is seen, and not believed.
    sh(
        &book,
        &format!(
            "git init -q && git -c safe.directory='*' add -f {report} && chown -R {OWNER} .git"
        ),
    );
    run(&book, false, &["build"])
        .exits(0)
        .says("git tracks the report of the last check");

    // Without an engine, what helps is said.
    run(&book, false, &["check"]).exits(3).says(
        "give it the engine's socket (`docker run -v /var/run/docker.sock:/var/run/docker.sock`)",
    );
}

#[test]
fn a_container_that_is_interrupted_removes_its_machines_and_clean_spares_those_of_others() {
    let book = Book::page("# T\n\n```console,timeout=5m\n$ sleep 60\n```\n");
    // Two of one name, as the runners of some CI systems are called.
    let named = |name: &str| -> Child {
        let mut command = contained(&book, true, &["check"]);
        let arguments: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
        command = Command::new("docker");
        command
            .args(["run", "--hostname", "runner", "--name", name])
            .args(&arguments[1..])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let name = format!("seaworthy-image-{}", std::process::id());
    let child = named(&name);
    // In one request: machines of other tests come and go.
    let host = "{{.Label \"seaworthy.host\"}}";
    let hosts = || docker(&["ps", "--filter", "label=seaworthy.run", "--format", host]);
    let ours = || {
        let hosts = hosts();
        hosts
            .lines()
            .filter(|host| host.starts_with("runner-"))
            .count()
    };
    let deadline = Instant::now() + Duration::from_secs(60);
    while ours() < 2 {
        assert!(Instant::now() < deadline, "no machine was started");
        std::thread::sleep(Duration::from_millis(200));
    }
    let cleaning = cleaning();
    // Another container of that name can't see the lock of the first one, and takes nothing from it.
    let mut clean = Command::new("docker");
    let socket = "/var/run/docker.sock:/var/run/docker.sock";
    clean.args(["run", "--rm", "--hostname", "runner", "--volume", socket]);
    clean.args([image::seaworthy(), "clean"]);
    Ran::from(clean.output().unwrap())
        .exits(0)
        .says("it belongs to another computer, runner-");
    drop(cleaning);
    assert_eq!(ours(), 2);
    docker(&["kill", "--signal", "INT", &name]);
    Ran::from(child.wait_with_output().unwrap())
        .exits(130)
        .says("interrupted: removing the machines");
    assert_eq!(ours(), 0);
}
