//! Machine images, built on an engine that shares nothing with this computer but a port.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::support::elsewhere::Elsewhere;
use crate::support::{Book, Ran};

/// What a machine image is built on; `scripts/images debian` makes it where it can't be pulled.
const BASE: &str = "debian:trixie-slim";

/// A page that uses Compose.
const PAGE: &str = "```network,file=compose.yaml
name: shop
services:
  web: {image: \"busybox:1.37\", command: sleep 600}
```

```console
$ docker compose up -d
[+] Running 2/2
 ✔ Network shop_default  Created  0.0s
 ✔ Container shop-web-1  Started  0.2s
```

```network,verify,file=compose.yaml
```
";

fn on(elsewhere: &Elsewhere, book: &Book, arguments: &[&str]) -> Ran {
    let output = book
        .command(arguments)
        .env("DOCKER_HOST", &elsewhere.host)
        .output();
    Ran::from(output.unwrap())
}

/// All that is on the engine, but the images with a name.
fn left(elsewhere: &Elsewhere) -> String {
    elsewhere.sh("docker ps -aq; docker images -aq --filter dangling=true; docker volume ls -q; docker network ls -qf type=custom")
}

#[test]
fn a_build_that_does_not_come_to_its_end_leaves_nothing() {
    let elsewhere = Elsewhere::holding("10.99.95", &[BASE], "2g");
    let book = Book::page("```console\n$ true\n```\n");
    on(&elsewhere, &book, &["machine", "list"])
        .exits(0)
        .says("28       seaworthy/machine:28     not there  -       packages of Debian sid");
    on(&elsewhere, &book, &["check"])
        .exits(3)
        .says("`seaworthy machine build` makes it");

    let mut command = book.command(&["machine", "build"]);
    command
        .env("DOCKER_HOST", &elsewhere.host)
        .stderr(Stdio::piped());
    let mut build = command.spawn().unwrap();
    let lines = BufReader::new(build.stderr.take().unwrap()).lines();
    let mut lines = lines.map(Result::unwrap);
    // A container of the build runs.
    assert!(lines.any(|line| line == "seaworthy/machine:28: fetching the package lists of trixie"));
    let process = build.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &process])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(build.wait().unwrap().code(), Some(130));
    assert_eq!(left(&elsewhere), "");

    // A step that fails: there is no mirror at that address.
    let mirror = ["machine", "build", "--mirror", "http://127.0.0.1:9/debian"];
    on(&elsewhere, &book, &mirror)
        .exits(5)
        .says("the package lists of trixie could not be fetched (Debian's mirror is http://127.0.0.1:9/debian)")
        .says("remedy: a mirror must be reachable");
    assert_eq!(left(&elsewhere), "");

    elsewhere.sh(&format!("docker rmi {BASE}"));
    on(&elsewhere, &book, &["machine", "build"])
        .exits(3)
        .says(&format!(
            "the machine image can't be built: there is no image {BASE}"
        ))
        .says("seaworthy machine pull");
    assert_eq!(elsewhere.sh("docker images -aq"), "");
    on(&elsewhere, &book, &["machine", "build", "28.x"])
        .exits(2)
        .says("`28.x` is no version of Docker Engine");
}

/// From an engine's port and the program to a page that holds.
#[test]
#[ignore = "it takes a minute, a mirror of Debian's packages and 2 GB of memory"]
fn from_nothing_to_a_page_that_holds() {
    let elsewhere = Elsewhere::holding("10.99.94", &[BASE, "busybox:1.37"], "4g");
    let book = Book::page(PAGE);
    on(&elsewhere, &book, &["machine", "build"])
        .exits(0)
        .says("built seaworthy/machine:28: Docker Engine 28.");
    assert_eq!(left(&elsewhere), "");
    on(&elsewhere, &book, &["machine", "build"])
        .exits(0)
        .says("seaworthy/machine:28 is up to date: Docker Engine 28.");
    on(&elsewhere, &book, &["doctor"]).exits(0);
    on(&elsewhere, &book, &["check"]).exits(0);
    on(&elsewhere, &book, &["clean", "--all"])
        .exits(0)
        .says("removed seaworthy/machine:28");
}
