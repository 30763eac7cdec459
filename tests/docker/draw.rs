//! `draw --engine`: what runs on a real engine, drawn.

use std::process::Command;

use crate::support::{Book, docker};

/// The project's objects on the outer engine, removed at the end.
struct Project {
    name: String,
}

impl Project {
    fn start() -> Project {
        let project = Project {
            name: format!("seaworthy-drawn-{}", std::process::id()),
        };
        let name = &project.name;
        let label = format!("com.docker.compose.project={name}");
        for (network, internal) in [("front", false), ("back", true)] {
            let labelled = format!("com.docker.compose.network={network}");
            let full = format!("{name}_{network}");
            let mut words = vec!["network", "create", "--label", &label, "--label", &labelled];
            words.extend(internal.then_some("--internal"));
            docker(&[&words[..], &[&full]].concat());
        }
        project.run(
            "web",
            &[
                "--network",
                &project.network("front"),
                "--network-alias",
                "www",
                "-p",
                "127.0.0.1::80",
            ],
        );
        project.run("db", &["--network", &project.network("back")]);
        let web = format!("container:{name}-web-1");
        project.run("side", &["--network", &web]);
        project.run("agent", &["--network", "host"]);
        docker(&[
            "network",
            "connect",
            &project.network("back"),
            &project.container("web"),
        ]);
        project
    }

    fn network(&self, name: &str) -> String {
        format!("{}_{name}", self.name)
    }

    fn container(&self, service: &str) -> String {
        format!("{}-{service}-1", self.name)
    }

    fn run(&self, service: &str, more: &[&str]) {
        let project = format!("com.docker.compose.project={}", self.name);
        let labelled = format!("com.docker.compose.service={service}");
        let name = self.container(service);
        let words = [
            "run", "-d", "--name", &name, "--label", &project, "--label", &labelled,
        ];
        docker(&[&words[..], more, &["busybox:1.37", "sleep", "600"]].concat());
    }

    fn inspect(&self, service: &str, format: &str) -> String {
        docker(&["inspect", "-f", format, &self.container(service)])
            .trim()
            .to_owned()
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        // A test that failed half-way has made only some of it.
        let remove = |words: &[&str]| {
            let ran = Command::new("docker").args(words).output();
            assert!(ran.is_ok(), "docker {words:?}: {ran:?}");
        };
        for service in ["side", "agent", "web", "db"] {
            remove(&["rm", "-f", &self.container(service)]);
        }
        for network in ["front", "back"] {
            remove(&["network", "rm", &self.network(network)]);
        }
    }
}

#[test]
fn what_runs_is_drawn() {
    let project = Project::start();
    let book = Book::page("# T\n");
    let address = |service: &str, network: &str| {
        let full = project.network(network);
        let format = format!("{{{{(index .NetworkSettings.Networks \"{full}\").IPAddress}}}}");
        project.inspect(service, &format)
    };
    let port = project.inspect(
        "web",
        "{{(index (index .NetworkSettings.Ports \"80/tcp\") 0).HostPort}}",
    );
    let told = book
        .run(&["draw", "--engine", "--project", &project.name, "--text"])
        .exits(0)
        .says("  - agent: uses the host's network")
        .says(&format!("  - db: on back as {}\n", address("db", "back")))
        .says("  - side: shares the network of web")
        .says("back: bridge")
        .says("internal: no way out; joins db and web");
    let web = [
        format!("on back as {}", address("web", "back")),
        format!("on front as {}, also called www", address("web", "front")),
        format!("port 127.0.0.1:{port} of the host leads to its port 80"),
    ];
    let line = told
        .stdout
        .lines()
        .find(|line| line.contains("- web:"))
        .unwrap();
    for part in web {
        assert!(line.contains(&part), "{part} is not in {line}");
    }
    let svg = book
        .run(&["draw", "--engine", "--project", &project.name])
        .exits(0)
        .stdout;
    roxmltree::Document::parse(&svg).unwrap();
    assert!(svg.contains(&address("db", "back")), "{svg}");
    // Of the whole engine, containers have their own names.
    book.run(&["draw", "--engine", "--text"])
        .exits(0)
        .says(&format!(
            "  - {}: on {}",
            project.container("db"),
            project.network("back")
        ));
    book.run(&["draw", "--engine", "--project", "no-such-project"])
        .exits(2)
        .says("no container of the project `no-such-project` runs on this engine");
    book.run(&["draw", "--engine=unix:///nowhere.sock"])
        .exits(3)
        .says("nowhere.sock");
}
