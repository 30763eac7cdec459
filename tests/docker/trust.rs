//! What a report says, and whether it is believed: hidden and repeated sessions, claims that rest on nothing, reports that

//! git tracks or that were changed by hand, two checks at once, images built on stand-ins.

use std::process::Command;

use crate::support::{self, Book, docker, git};

const HOLDS: &str = "# P\n\n```console\n$ true\n```\n";

#[test]
fn what_is_hidden_repeated_or_rests_on_nothing_is_told_everywhere() {
    let book = Book::page(concat!(
        "# P\n\n```console,retry=20s,proves=\"it is five\"\n$ i=$((i+1)); echo $i\n5\n```\n\n",
        "```console,hidden,proves=\"unseen\"\n$ docker() { echo from elsewhere; }\n$ docker ps\nfrom elsewhere\n```\n\n",
        "```console,proves=\"nothing shows it\"\n$ docker ps > /dev/null\n```\n\n",
        "```console,proves=\"a file is there\"\n$ test -d /tmp\n```\n\n",
        "```console,no_run=\"no cloud\"\n$ ssh elsewhere\n```\n",
    ));
    let ran = book
        .run(&["check"])
        .exits(0)
        .says("line 4: held at the fifth try, and printed something else each time")
        .says("4 passed, 0 failed, 1 not run, 1 hidden, 1 not at the first try")
        .says("  not run: src/page.md:22: no cloud")
        .says("  hidden: src/page.md:8: ran, and the page doesn't show it")
        .says("  held at the fifth try: src/page.md:3")
        .says("  rests on nothing but exit code 0: src/page.md:14: nothing shows it");
    assert_eq!(
        ran.stderr.matches("could come out otherwise").count(),
        1,
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains(" --> src/page.md:14:"),
        "{}",
        ran.stderr
    );

    let report = book.report();
    let sessions = &report["runs"][0]["pages"][0]["sessions"];
    assert_eq!(
        sessions[0]["retried"],
        serde_json::json!({"tries": 5, "outputs": 5})
    );
    assert_eq!(
        (&sessions[0]["hidden"], &sessions[1]["hidden"]),
        (&serde_json::Value::Null, &true.into())
    );
    let grounds: Vec<_> = (0..4)
        .map(|at| sessions[at]["rests_on"].as_str().unwrap())
        .collect();
    assert_eq!(grounds, ["output", "output", "nothing", "test"]);
    let summary = &report["summary"];
    assert_eq!(
        (
            &summary["hidden"],
            &summary["retried"],
            &summary["failures"]
        ),
        (&1.into(), &1.into(), &0.into())
    );
    for format in ["github", "markdown"] {
        let shown = book.run(&["report", "show", "--format", format]).exits(0);
        shown
            .says("not run: src/page.md:22: no cloud")
            .says("hidden: src/page.md:8")
            .says("held at the fifth try: src/page.md:3");
    }
    book.run(&["report", "show", "--format", "junit"])
        .exits(0)
        .says("<property name=\"hidden\" value=\"true\"/>")
        .says("<property name=\"tries\" value=\"5\"/>")
        .says("<property name=\"rests-on\" value=\"nothing\"/>");

    book.run(&["build"]).exits(0);
    let page = book.read("site/page.html");
    for part in [
        ">Verified: held at the fifth try</span>",
        "verification.html#hidden-sessions\">One session is run that is not shown here</a>",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    assert!(!page.contains("from elsewhere"), "{page}");
    let verification = book.read("site/verification.html");
    for part in [
        "id=\"hidden-sessions\"",
        "$ docker() { echo from elsewhere; }\n$ docker ps</code>",
        "line 3 of <code>src/page.md</code>: held at the fifth try, and printed something else each time",
        "verified</span></td><td>what is printed</td>",
        "verified</span></td><td><strong>nothing but that no command failed</strong></td>",
        "verified</span></td><td>a command that tests it</td>",
    ] {
        assert!(verification.contains(part), "no {part} in {verification}");
    }
}

/// Waiting for a server is no reason for suspicion: it is told, and no more.
#[test]
fn a_command_that_holds_at_once_was_not_repeated() {
    let book = Book::page("```console,retry=5s\n$ echo a\na\n```\n");
    let ran = book.run(&["check"]).exits(0);
    assert!(!ran.stdout.contains("try"), "{}", ran.stdout);
    assert!(book.report()["runs"][0]["pages"][0]["sessions"][0]["retried"].is_null());
}

#[test]
fn a_report_that_git_tracks_is_not_believed() {
    let report = "target/seaworthy/report.json";
    let book = Book::page(HOLDS);
    git(book.root(), &["init", "--quiet"]);
    book.run(&["check"]).exits(0);
    let verified = |expected: bool| {
        let ran = book.run(&["build"]).exits(0);
        let html = book.read("site/page.html");
        assert_eq!(html.contains("1 session verified"), expected, "{html}");
        assert_eq!(
            html.contains("Unverified: 0 of 1 verified"),
            !expected,
            "{html}"
        );
        let warned = "warning[doubted-report]: git tracks the report of the last check, so it is not believed";
        assert_eq!(ran.stderr.contains(warned), !expected, "{}", ran.stderr);
        assert_eq!(
            ran.stderr
                .contains("`git rm --cached target/seaworthy/report.json`"),
            !expected
        );
    };
    verified(true);
    git(book.root(), &["add", "--force", report]);
    verified(false);
    let site = support::mdbook(&book).exits(0);
    assert!(
        site.stderr.contains("git tracks the report"),
        "{}",
        site.stderr
    );
    assert!(
        book.read("site/page.html")
            .contains("Unverified: 0 of 1 verified")
    );
    book.run(&["check", "--changed"])
        .exits(0)
        .says("git tracks the report")
        .says("unchanged since they held: 0 of 1 pages")
        .says("1 passed");
    // Also from elsewhere, by its path, and from within a hook.
    let root = book.root().to_str().unwrap();
    let mut command = Command::new(support::program());
    command
        .args(["check", "--changed", root])
        .current_dir("/")
        .env("GIT_DIR", "/nonexistent");
    let ran = support::Ran::from(command.output().unwrap()).exits(0);
    ran.says("unchanged since they held: 0 of 1 pages");
    git(
        book.root(),
        &["rm", "--force", "--quiet", "--cached", report],
    );
    verified(true);
    book.run(&["check", "--changed"])
        .exits(0)
        .says("unchanged since they held: 1 of 1 pages");
}

#[test]
fn install_and_new_have_git_ignore_the_report() {
    let report = "target/seaworthy/report.json";
    let book = Book::page(HOLDS);
    git(book.root(), &["init", "--quiet"]);
    book.write(".gitignore", "site");
    book.run(&["install", "--dry-run"])
        .exits(0)
        .says("+/target/seaworthy/");
    assert_eq!(book.read(".gitignore"), "site");
    book.run(&["install"]).exits(0).says("+/target/seaworthy/");
    assert_eq!(book.read(".gitignore"), "site\n/target/seaworthy/\n");
    git(book.root(), &["check-ignore", "--quiet", report]);
    book.run(&["install"]).exits(0).says("nothing to do");
    // Without a repository too, which may come later.
    let later = Book::page(HOLDS);
    later.run(&["install"]).exits(0);
    assert_eq!(later.read(".gitignore"), "/target/seaworthy/\n");
    later.run(&["install"]).exits(0).says("nothing to do");
    later.run(&["new", "another"]).exits(0);
    git(later.root(), &["init", "--quiet", "another"]);
    let ignored = format!("another/{report}");
    git(
        later.root(),
        &["-C", "another", "check-ignore", "--quiet", report],
    );
    assert!(!later.has(&ignored));
}

#[test]
fn a_result_that_was_changed_by_hand_is_not_believed() {
    let book = Book::page("# P\n\n```console\n$ false\n```\n");
    book.run(&["check"]).exits(1);
    let report = book.read("target/seaworthy/report.json");
    let forged = report.replace("\"status\": \"failed\"", "\"status\": \"passed\"");
    assert_ne!(report, forged);
    book.write("target/seaworthy/report.json", &forged);
    book.run(&["build"])
        .exits(0)
        .says("the report of the last check contradicts itself, so it is not believed")
        .says("src/page.md:3 passed, and says how it failed");
    assert!(
        book.read("site/page.html")
            .contains("Unverified: 0 of 1 verified")
    );
    book.run(&["check", "--changed"])
        .exits(1)
        .says("0 of 1 pages");
}

/// Each of two checks, of other pages of one book, finds what the other one found.
#[test]
fn two_checks_at_once_are_merged() {
    let pages: Vec<_> = (0..4).map(|at| format!("src/page{at}.md")).collect();
    let files: Vec<_> = pages.iter().map(|page| (page.as_str(), HOLDS)).collect();
    let book = Book::new(&files);
    for _ in 0..2 {
        let _ = std::fs::remove_dir_all(book.root().join("target"));
        let children: Vec<_> = pages
            .iter()
            .map(|page| book.command(&["check", page]).output_later())
            .collect();
        for child in children {
            support::Ran::from(child.wait_with_output().unwrap()).exits(0);
        }
        let report = book.report();
        let found = report["runs"][0]["pages"].as_array().unwrap();
        let found: Vec<_> = found
            .iter()
            .map(|page| page["file"].as_str().unwrap())
            .collect();
        assert_eq!(found, pages);
    }
    book.run(&["build"]).exits(0);
    assert!(
        book.read("site/verification.html")
            .contains("Verified: 4 of 4 sessions")
    );
}

trait Later {
    fn output_later(&mut self) -> std::process::Child;
}

impl Later for Command {
    fn output_later(&mut self) -> std::process::Child {
        use std::process::Stdio;
        self.stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }
}

/// An image on the engine, built on a stand-in; it goes with this value.
struct Built(String);

impl Drop for Built {
    fn drop(&mut self) {
        let _ = Command::new("docker")
            .args(["rmi", "--force", &self.0])
            .output();
    }
}

#[test]
fn an_image_built_on_a_stand_in_is_none_itself() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("Dockerfile"),
        "FROM busybox:1.37\nENV BUILT=here\n",
    )
    .unwrap();
    let image = Built(format!("seaworthy-test-built-{}:1", std::process::id()));
    docker(&[
        "build",
        "--quiet",
        "--tag",
        &image.0,
        folder.path().to_str().unwrap(),
    ]);
    let page = format!(
        "```console\n$ docker run --rm {} sh -c 'echo $BUILT'\nhere\n$ docker run --rm busybox:1.37 echo a\na\n```\n",
        image.0
    );
    let book = Book::page(&page);
    book.run(&["check"])
        .exits(0)
        .says(&format!(
            "{} built here, from a stand-in: Debian packages",
            image.0
        ))
        .says("busybox:1.37 a stand-in: Debian packages");
    book.run(&["build"]).exits(0);
    let html = book.read("site/verification.html");
    assert!(
        html.contains("built on the computer that checked, from a <strong>stand-in</strong>"),
        "{html}"
    );
    assert_eq!(
        html.matches("<strong>stand-in</strong> for the official image")
            .count(),
        1,
        "{html}"
    );
}
