//! A book that the nodes of a Docker Swarm check together, by the script that is given as an example.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::elsewhere::Elsewhere;
use crate::support::{Book, Ran, docker, image};

/// The image of Seaworthy with the book in it.
const IMAGE: &str = "seaworthy/book:under-test";

/// Checks the book on the swarm of `manager` and another node; what the script prints, and what it leaves there.
fn on_swarm(book: &Book, manager: &Elsewhere, worker: &Elsewhere) -> (Ran, String) {
    image::built(book.root(), IMAGE, &[]);
    for node in [manager, worker] {
        node.give(&[IMAGE]);
    }
    let command = ["exec", &manager.name, "/swarm.sh", IMAGE, "3", "/reports"];
    let ran = Ran::from(Command::new("docker").args(command).output().unwrap());
    let merged = "cat /reports/report.json; rm -r /reports";
    (ran, manager.sh(merged))
}

/// Waits until a node has removed what its tasks ran in: it does so some time after their service is removed.
fn removed_its_tasks(node: &Elsewhere) {
    let deadline = Instant::now() + Duration::from_secs(60);
    let left = || node.sh("docker ps -aq --filter label=com.docker.swarm.task");
    while !left().is_empty() {
        assert!(Instant::now() < deadline, "its tasks are still there");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_book_is_checked_by_the_nodes_of_a_swarm() {
    let manager = Elsewhere::start("10.99.94");
    let worker = manager.another();
    manager.sh("docker swarm init --advertise-addr eth0 > /dev/null");
    let token = manager.sh("docker swarm join-token -q worker");
    worker.sh(&format!(
        "docker swarm join --token {token} 10.99.94.2:2377"
    ));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/swarm.sh");
    let to = format!("{}:/swarm.sh", manager.name);
    docker(&["cp", script.to_str().unwrap(), &to]);

    let page = "# T\n\n```console\n$ docker run --rm busybox:1.37 echo inside\ninside\n```\n";
    let files = ["src/a.md", "src/b.md", "src/c.md", "src/d.md"];
    let book = Book::new(&files.map(|file| (file, page)));
    let from = image::seaworthy();
    book.write("Dockerfile", &format!("FROM {from}\nCOPY . /book\n"));
    let (ran, merged) = on_swarm(&book, &manager, &worker);
    let ran = ran.exits(0);
    let report: serde_json::Value = serde_json::from_str(&merged).unwrap();
    assert_eq!(report["summary"]["passed"], 4, "{merged}");
    assert_eq!(report["runs"][0]["pages"].as_array().unwrap().len(), 4);
    assert!(report["shard"].is_null());
    // Both nodes took part.
    for node in [&manager, &worker] {
        let hostname = node.sh("hostname");
        assert!(ran.stdout.contains(&hostname), "{hostname}: {}", ran.stdout);
        removed_its_tasks(node);
        node.is_empty();
    }

    // A page that doesn't hold is in the whole report, and the script says so.
    book.write("src/c.md", &page.replace("\ninside\n", "\noutside\n"));
    let (ran, merged) = on_swarm(&book, &manager, &worker);
    ran.exits(1);
    let report: serde_json::Value = serde_json::from_str(&merged).unwrap();
    assert_eq!(report["summary"]["passed"], 3, "{merged}");
    assert_eq!(report["summary"]["failed"], 1, "{merged}");

    // By an engine's address alone.
    let mut far = Command::new("docker");
    let host = format!("DOCKER_HOST={}", worker.host);
    far.args(["run", "--rm", "--network", &manager.name, "--env", &host]);
    Ran::from(far.args([IMAGE, "check"]).output().unwrap())
        .exits(1)
        .says("3 passed, 1 failed");
}
