//! `seaworthy draw`: any Compose project, read as Compose reads it.

use crate::support::{Book, Ran};

/// What `draw --text` says of a project in the current folder.
fn told(files: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let book = Book::page("# T\n");
    for (path, text) in files {
        book.write(path, text);
    }
    book.run(&[&["draw", "--text"], arguments].concat())
}

/// The project, by itself, is told with each of these lines.
#[track_caller]
fn says(files: &[(&str, &str)], arguments: &[&str], lines: &[&str]) {
    let mut ran = told(files, arguments).exits(0);
    for line in lines {
        ran = ran.says(line);
    }
}

const PORT: (&str, &str) = (
    "compose.yaml",
    "services:\n  web: {ports: [\"${PORT}:80\"], networks: {n: {ipv4_address: \"${IP}\"}}}\nnetworks: {n: {ipam: {config: [{subnet: 172.30.0.0/24}]}}}\n",
);

#[test]
fn variables_are_those_of_the_environment_file() {
    says(
        &[PORT, (".env", "PORT=8080\nIP='172.30.0.5' # fixed\n")],
        &["."],
        &["- web: on n as 172.30.0.5; port 8080 of the host leads to its port 80"],
    );
    says(
        &[PORT, ("other.env", "PORT=9090\nIP=172.30.0.7")],
        &["compose.yaml", "--env-file", "other.env"],
        &["as 172.30.0.7; port 9090 of the host"],
    );
}

#[test]
fn what_a_variable_would_say_is_unknown_and_told() {
    let ran = told(&[PORT], &["."]).exits(0);
    assert!(
        ran.stdout
            .contains("a port of the host that isn't known leads to its port 80"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("on n as an address that isn't known"),
        "{}",
        ran.stdout
    );
    let ran = ran.says("`PORT` is not set");
    ran.says("`IP` is not set");
}

#[test]
fn a_variable_that_must_be_set_says_its_words() {
    let compose = "services:\n  web: {ports: [\"${PORT:?say which port}:80\"]}\n";
    told(&[("compose.yaml", compose)], &["compose.yaml"])
        .exits(2)
        .says("`PORT` is not set: say which port");
    // What isn't drawn needs no value.
    let compose = "services:\n  web: {environment: {PASSWORD: \"${PASSWORD:?set it}\"}}\n";
    says(
        &[("compose.yaml", compose)],
        &["compose.yaml"],
        &["- web: on default"],
    );
}

#[test]
fn another_file_is_extended() {
    says(
        &[
            (
                "compose.yaml",
                "services:\n  web: {extends: {file: common/common.yaml, service: base}, networks: [back]}\nnetworks: {front: , back: }\n",
            ),
            (
                "common/common.yaml",
                "services:\n  base: {extends: root, networks: [front]}\n  root: {ports: [\"80:80\"]}\n",
            ),
        ],
        &["."],
        &["- web: on front; on back; port 80 of the host leads to its port 80"],
    );
}

#[test]
fn includes_are_followed() {
    says(
        &[
            (
                "compose.yaml",
                "include:\n  - parts/db.yaml\nservices:\n  web: {networks: [parts]}\n",
            ),
            (
                "parts/db.yaml",
                "services:\n  db: {networks: [parts], ports: [\"${PORT}:5432\"]}\nnetworks: {parts: {internal: false}}\n",
            ),
            ("parts/.env", "PORT=15432\n"),
        ],
        &["."],
        &[
            "- parts: bridge; joins web and db",
            "port 15432 of the host leads to its port 5432",
        ],
    );
}

#[test]
fn overrides_are_found_or_named() {
    let files = [
        (
            "compose.yaml",
            "services:\n  web: {ports: [\"80:80\"]}\n  db: {ports: [\"5432:5432\"]}\n",
        ),
        (
            "compose.override.yaml",
            "services:\n  web: {ports: [\"81:81\"]}\n  db: {ports: !reset []}\n",
        ),
        (
            "prod.yaml",
            "services:\n  web: {ports: !override [\"443:443\"]}\n",
        ),
    ];
    says(
        &files,
        &["."],
        &[
            "- web: on default; port 80 of the host leads to its port 80; port 81 of the host leads to its port 81",
            "- db: on default\n",
        ],
    );
    says(&files, &[], &["- db: on default\n"]);
    says(
        &files,
        &["-f", "compose.yaml", "-f", "prod.yaml"],
        &[
            "- web: on default; port 443 of the host leads to its port 443\n",
            "- db: on default; port 5432",
        ],
    );
}

#[test]
fn standard_input_is_a_file() {
    let book = Book::page("# T\n");
    let mut command = book.command(&["draw", "--text", "-"]);
    let mut child = command
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    use std::io::Write;
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"services: {a: {image: x}}\n")
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains("- a: on default"));
}

#[test]
fn profiles_are_named_and_chosen() {
    let files = [(
        "compose.yaml",
        "services:\n  web: {ports: [\"80:80\"]}\n  dev: {ports: [\"80:80\"], profiles: [dev]}\n",
    )];
    says(
        &files,
        &["."],
        &["- dev (only with the profile dev): on default; port 80"],
    );
    let ran = told(&files, &[".", "--profile", "dev"]);
    ran.exits(0).says("port 80 of the host is taken");
    let drawn = |arguments: &[&str]| {
        let book = Book::page("# T\n");
        book.write(files[0].0, files[0].1);
        book.run(&[&["draw", "."], arguments].concat())
            .exits(0)
            .stdout
    };
    assert!(drawn(&[]).contains("profile dev"));
    assert!(!drawn(&["--profile", "dev"]).contains("profile dev"));
}

#[test]
fn an_anchor_may_be_used_as_often_as_one_likes() {
    let mut text =
        "x-a: &a {restart: always, networks: [n]}\nnetworks: {n: }\nservices:\n".to_owned();
    for at in 0..300 {
        text.push_str(&format!("  s{at}: {{<<: *a, image: x}}\n"));
    }
    says(
        &[("compose.yaml", &text)],
        &["compose.yaml"],
        &["- n: bridge; joins s0, s1"],
    );
}

#[test]
fn what_grows_without_end_is_refused_in_a_sentence() {
    let mut text = "x-0: &a0 {k: v}\n".to_owned();
    for at in 1..40 {
        let before = at - 1;
        text.push_str(&format!(
            "x-{at}: &a{at} [*a{before}, *a{before}, *a{before}, *a{before}]\n"
        ));
    }
    text.push_str("services: {web: {image: x, x-all: *a39}}\n");
    // Spelt out, it would be 4 to the power of 39 entries, and never end.
    told(&[("compose.yaml", &text)], &["compose.yaml"])
        .exits(2)
        .says("its aliases (`*name`) grow to more than");
    told(
        &[("compose.yaml", "a: &a {<<: *a}\nservices: {web: }\n")],
        &["compose.yaml"],
    )
    .exits(2)
    .says("an anchor stands for something that it is in itself");
}

#[test]
fn keys_of_others_are_no_business_of_ours() {
    let ran = told(
        &[(
            "compose.yaml",
            "services: {a: {image: x}}\nx-logging: {driver: json-file}\n",
        )],
        &["compose.yaml"],
    )
    .exits(0);
    assert_eq!(ran.stderr, "");
}

#[test]
fn an_empty_list_of_networks_is_none() {
    says(
        &[("compose.yaml", "services: {a: {networks: []}}\n")],
        &["compose.yaml"],
        &["- a: on default"],
    );
}

#[test]
fn an_empty_file_is_told_where_it_is() {
    let variables = (".env", "PORT=80\n");
    for text in ["", "# nothing yet\n"] {
        told(&[variables, ("compose.yaml", text)], &["."])
            .exits(2)
            .says("nothing to draw: there are no services\n --> compose.yaml:1:1");
    }
}

#[test]
fn what_is_no_text_is_told() {
    let book = Book::page("# T\n");
    std::fs::write(book.root().join("compose.yaml"), [0xff, 0xfe, 0, b'x']).unwrap();
    book.run(&["draw", "."])
        .exits(2)
        .says("can't read `compose.yaml`: it is no text in UTF-8");
}

#[test]
fn circles_are_told() {
    told(
        &[(
            "compose.yaml",
            "services:\n  a: {extends: b}\n  b: {extends: a}\n",
        )],
        &["compose.yaml"],
    )
    .exits(2)
    .says("`a` extends itself");
    told(
        &[
            ("compose.yaml", "include: [other.yaml]\nservices: {a: }\n"),
            ("other.yaml", "include: [compose.yaml]\n"),
        ],
        &["compose.yaml"],
    )
    .exits(2)
    .says("`compose.yaml` includes itself");
}

#[test]
fn an_ipv6_address_of_all_is_kept() {
    says(
        &[("compose.yaml", "services: {a: {ports: [\"[::]:82:82\"]}}\n")],
        &["compose.yaml"],
        &["port [::]:82 of the host leads to its port 82"],
    );
}

#[test]
fn fifty_services_on_one_network_are_said_in_a_sentence() {
    let names: Vec<String> = (0..57)
        .map(|at| format!("  service-{at}: {{image: x}}\n"))
        .collect();
    let ran = told(
        &[("compose.yaml", &format!("services:\n{}", names.concat()))],
        &["compose.yaml"],
    );
    let ran = ran.exits(0).says("All on default reach one another");
    assert!(ran.stdout.len() < 6_000, "{}", ran.stdout.len());
}

#[test]
fn a_fault_is_told_in_the_file_in_which_it_is() {
    told(
        &[
            (
                "compose.yaml",
                "include: [parts/db.yaml]\nservices: {web: }\n",
            ),
            ("parts/db.yaml", "services:\n  db: {ports: [http]}\n"),
        ],
        &["."],
    )
    .exits(2)
    .says(" --> parts/db.yaml:2:16");
    told(
        &[("compose.yaml", "include: [none.yaml]\nservices: {web: }\n")],
        &["."],
    )
    .exits(2)
    .says("there is no file `none.yaml`");
    told(
        &[(
            "compose.yaml",
            "include: [\"https://example.com/x.git\"]\nservices: {web: {depends_on: [db]}}\n",
        )],
        &["."],
    )
    .exits(0)
    .says("is not read: it is on another computer");
}
