//! Network diagrams: drawn on the site, compared with a real engine, drawn from any Compose file.

use crate::support::Book;
use serde_json::Value;

const BUILT: &str = "```console
$ docker network create --subnet 172.30.0.0/24 front
5f0a6a1c3c8e2f5ffbd0ddc6c7a0bb2fa6e6c65e4a6d8f1c8a9bb8a1a2c3d4e5
$ docker network create --internal back
5f0a6a1c3c8e2f5ffbd0ddc6c7a0bb2fa6e6c65e4a6d8f1c8a9bb8a1a2c3d4e6
$ docker run -d --name web --network front -p 8080:80 busybox:1.37 sleep 1d
0b8a9b5e8f1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e
$ docker run -d --name db --network back --network-alias data busybox:1.37 sleep 1d
0b8a9b5e8f1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7f
```

";

const TRUE: &str = "services:
  web: {networks: [front], ports: [\"8080:80\"]}
  db: {networks: {back: {aliases: [data]}}}
networks:
  front: {ipam: {config: [{subnet: 172.30.0.0/24}]}}
  back: {internal: true}
";

fn page(diagrams: &[String]) -> Book {
    let blocks = diagrams
        .iter()
        .map(|d| format!("```network,verify\n{d}```\n\n"));
    Book::page(&blocks.fold(BUILT.to_owned(), |page, block| page + &block))
}

#[test]
fn a_picture_is_true_or_says_what_is_not() {
    let wrong = [
        (
            "web: {networks: [front]",
            "web: {networks: [front, back]",
            "`web` is not attached to `back`",
        ),
        ("8080:80", "8081:80", "8081"),
        ("172.30.0.0/24", "172.31.0.0/24", "172.31.0.0/24"),
        ("internal: true", "internal: false", "internal"),
        ("aliases: [data]", "aliases: [store]", "store"),
        ("  db:", "  cache:", "cache"),
    ];
    let mut diagrams = vec![TRUE.to_owned()];
    diagrams.extend(wrong.iter().map(|(from, to, _)| TRUE.replace(from, to)));
    diagrams.push(TRUE.to_owned());
    let book = page(&diagrams);
    let ran = book.run(&["check"]).exits(1);
    let ran = ran
        .says("the engine looks like the diagram")
        .says("2 of 8 diagrams true");
    let report = book.report();
    let compared = report["runs"][0]["pages"][0]["diagrams"]
        .as_array()
        .unwrap();
    assert_eq!(compared.len(), 8);
    for (diagram, (_, to, said)) in compared[1..].iter().zip(&wrong) {
        assert_eq!(diagram["status"], "failed", "{to}");
        let differences = diagram["differences"].to_string();
        assert!(differences.contains(said), "{to}: {differences}");
        let told = diagram["differences"][0].as_str().unwrap();
        assert!(ran.stdout.contains(told), "{told} not in\n{}", ran.stdout);
    }
    for last in [&compared[0], &compared[7]] {
        assert_eq!(
            (&last["status"], &last["differences"]),
            (&Value::from("passed"), &Value::Null)
        );
    }
    book.run(&["build"]).exits(0);
    let html = book.read("site/page.html");
    assert_eq!(
        html.matches("Verified: the engine looks like this here")
            .count(),
        2
    );
    assert_eq!(html.matches("The engine looks different here").count(), 6);
}

/// Compose starts such a service, and makes its network, when the profile is chosen.
#[test]
fn what_waits_for_a_profile_is_compared_once_it_runs() {
    let compose = "name: shop
services:
  web: {image: \"busybox:1.37\", command: sleep 600, networks: [front]}
  tools: {image: \"busybox:1.37\", command: sleep 600, networks: [front, debug], profiles: [debug]}
networks:
  front:
  debug: {internal: true}
";
    let right = "```network,verify,file=compose.yaml\n```\n\n".to_owned();
    let wrong = format!(
        "```network,verify\n{}```\n\n",
        compose.replace("[front, debug]", "[front]")
    );
    let up = |with: &str| format!("```console\n$ docker compose {with}up -d\n```\n\n");
    let book = Book::page(&format!(
        "```network,file=compose.yaml\n{compose}```\n\n{}{right}{}{right}{wrong}",
        up(""),
        up("--profile debug "),
    ));
    book.run(&["check"]).exits(1).says("2 of 3 diagrams true");
    let report = book.report();
    let compared = report["runs"][0]["pages"][0]["diagrams"]
        .as_array()
        .unwrap();
    let differences: Vec<&Value> = compared.iter().map(|d| &d["differences"]).collect();
    let told = "`tools` is attached to `debug` too, which the picture doesn't show";
    assert_eq!(
        differences,
        [&Value::Null, &Value::Null, &Value::from(vec![told])]
    );
}

#[test]
fn any_compose_file_is_drawn() {
    let book = Book::page("# T\n");
    book.write("compose.yaml", TRUE);
    book.run(&["draw", "compose.yaml", "-o", "out/net.svg"])
        .exits(0);
    let svg = book.read("out/net.svg");
    assert!(svg.starts_with("<svg") && svg.contains("web"), "{svg}");
    book.run(&["draw", "compose.yaml", "--text"])
        .exits(0)
        .says("No way between web and db");
    assert_eq!(book.run(&["draw", "compose.yaml"]).exits(0).stdout, svg);
    book.write(
        "wrong.yaml",
        "services:\n  web: {networks: [fornt]}\nnetworks:\n  front:\n",
    );
    book.run(&["draw", "wrong.yaml", "-o", "wrong.svg"])
        .exits(2)
        .says(" --> wrong.yaml:2:");
    assert!(!book.has("wrong.svg"));
    std::os::unix::fs::symlink("out/net.svg", book.root().join("link.svg")).unwrap();
    book.run(&["draw", "compose.yaml", "-o", "link.svg"])
        .exits(0);
    assert!(book.root().join("link.svg").is_symlink());
    book.run(&["draw", "none.yaml"])
        .exits(2)
        .says("can't read `none.yaml`");
}

#[test]
fn the_theme_has_the_stylesheet_of_the_diagrams() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let css = std::fs::read_to_string(root.join("theme/seaworthy-diagrams.css")).unwrap();
    assert_eq!(
        css,
        seaworthy_network::stylesheet(),
        "cargo run -p seaworthy-network --example draw -- --stylesheet > theme/seaworthy-diagrams.css"
    );
}

#[test]
fn a_drawing_never_replaces_its_source() {
    let compose = "services:\n  web:\n    image: nginx\n";
    let book = Book::page("# T\n");
    book.write("compose.yaml", compose);
    std::os::unix::fs::symlink("compose.yaml", book.root().join("link.svg")).unwrap();
    std::fs::hard_link(
        book.root().join("compose.yaml"),
        book.root().join("hard.svg"),
    )
    .unwrap();
    for output in [
        "compose.yaml",
        "./src/../compose.yaml",
        "link.svg",
        "hard.svg",
    ] {
        book.run(&["draw", "compose.yaml", "-o", output])
            .exits(2)
            .says("is the Compose file itself, and the drawing would overwrite it");
        assert_eq!(book.read("compose.yaml"), compose);
    }
    book.run(&["draw", "compose.yaml", "-o", "compose.svg"])
        .exits(0);
    assert!(book.read("compose.svg").starts_with("<svg"));
}
