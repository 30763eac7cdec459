//! What is checked, and on which engines: by version, by part, by what has changed.

use crate::support::{self, Book};

const PAGE: &str =
    "# T\n\n```console\n$ docker version --format '{{.Server.Version}}' | cut -d. -f1\n28\n```\n";

fn files(book: &Book) -> Vec<String> {
    let report = book.report();
    let pages = report["runs"][0]["pages"].as_array().unwrap().clone();
    let file = |page: &serde_json::Value| page["file"].as_str().unwrap().to_owned();
    pages.iter().map(file).collect()
}

#[test]
fn what_held_and_is_written_the_same_is_left_out() {
    let book = Book::new(&[("src/a.md", PAGE), ("src/b.md", PAGE)]);
    book.run(&["check", "--changed"]).exits(0).says("2 passed");
    // No engine is asked.
    let nowhere = |book: &Book| {
        let mut command = book.command(&["check", "--changed"]);
        support::Ran::from(
            command
                .env("DOCKER_HOST", "tcp://127.0.0.1:9")
                .output()
                .unwrap(),
        )
    };
    nowhere(&book)
        .exits(0)
        .says("unchanged since they held: 2 of 2 pages");
    nowhere(&book).exits(0);
    book.write("src/b.md", &PAGE.replace("# T", "# New prose"));
    nowhere(&book).exits(0);
    book.write("src/b.md", &PAGE.replace("28\n", "27\n"));
    nowhere(&book).exits(3);
    let ran = book.run(&["check", "--changed"]).exits(1);
    assert!(!ran.stdout.contains("src/a.md"), "{}", ran.stdout);
    assert_eq!(
        files(&book),
        ["src/a.md", "src/b.md"],
        "what is known is kept"
    );
    // What failed is not left out, and another version was never checked.
    book.run(&["check", "--changed"])
        .exits(1)
        .says("1 of 2 pages");
    book.run(&["check", "--changed", "--docker", "9"])
        .exits(3)
        .says("seaworthy/machine:9")
        .says("0 of 2 pages");
}

#[test]
fn jobs_share_the_pages() {
    let names = ["src/a.md", "src/b.md", "src/c.md"];
    let book = Book::new(&names.map(|name| (name, PAGE)));
    let mut all = Vec::new();
    for job in ["1/2", "2/2"] {
        book.run(&["check", "--shard", job]).exits(0);
        all.extend(files(&book));
    }
    all.sort();
    assert_eq!(all, names);
    book.run(&["check", "--shard", "4/4"]).exits(4);
    book.run(&["check", "--shard", "3/2"])
        .exits(2)
        .says("as in `2/4`");
}

#[test]
fn a_page_says_which_versions_it_is_meant_for() {
    let meant = |versions: &str| format!("<!-- seaworthy docker=\"{versions}\" -->\n{PAGE}");
    let (new, old) = (meant(">=23, <99"), meant("<23"));
    let book = Book::new(&[("src/new.md", &new), ("src/old.md", &old)]);
    book.run(&["check"])
        .exits(0)
        .says("not run: needs Docker Engine <23, and this is 28.")
        .says("1 passed, 0 failed, 1 not run");
    book.write("src/old.md", &meant("newest"));
    book.run(&["list"])
        .exits(2)
        .says("`newest` names no versions");
}

#[test]
fn a_session_says_which_versions_it_is_meant_for() {
    let session =
        |versions: &str| PAGE.replace("console", &format!("console,docker=\"{versions}\""));
    let (new, old) = (session(">=23, <99"), session("<23"));
    let book = Book::page(&format!("{old}\n{new}\n{}", PAGE.replace("# T", "")));
    book.run(&["check"])
        .exits(0)
        .says("not run: needs Docker Engine <23, and this is 28.")
        .says("2 passed, 0 failed, 1 not run");
    book.run(&["check", "--changed"])
        .exits(0)
        .says("unchanged since they held: 1 of 1 pages");
}

#[test]
fn an_engine_that_is_named() {
    let book = Book::page(PAGE);
    book.run(&["check", "--engine", "tcp://127.0.0.1:9"])
        .exits(3);
    book.run(&["check", "--engine", "carrier-pigeon://x"])
        .exits(3)
        .says("--engine says \"carrier-pigeon://x\"");
    // Two names of one engine share the pages like two engines.
    let socket = "unix:///var/run/docker.sock";
    book.write("src/b.md", PAGE);
    book.write("src/SUMMARY.md", "- [a](page.md)\n- [b](b.md)\n");
    book.run(&["check", "--engine", socket, "--engine", socket])
        .exits(0)
        .says("2 passed");
}
