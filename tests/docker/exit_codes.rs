//! Every exit code, and each way to it, by the program as a person runs it. The guide's chapter on exit codes says the same.

use std::fs::File;
use std::process::{Command, Stdio};

use crate::support::{self, Book, Ran, cleaning};

const HOLDS: &str = "# P\n\n```console\n$ true\n```\n";
const FAILS: &str = "# P\n\n```console\n$ false\n```\n";
const NO_RUN: &str = "# P\n\n```console,no_run=\"no cloud\"\n$ x\n```\n";
const OTHER_ENGINE: &str = "<!-- seaworthy docker=\">=99\" -->\n# P\n\n```console\n$ true\n```\n";
const OTHER_SESSION: &str = "# P\n\n```console,docker=\">=99\"\n$ true\n```\n";
const DIAGRAM: &str = "# P\n\n```console\n$ true\n```\n\n```network,verify\nservices:\n  web: {networks: [front]}\nnetworks: {front: }\n```\n";
const EXERCISE: &str =
    "# P\n\n```console,check=one\n$ true\n```\n\n```console,solution=one\n$ true\n```\n";
const NO_IMAGE: &str = "# P\n\n```console\n$ docker run --rm nosuch/image:1\n```\n";
const NO_MACHINE: &str = "# P\n\n```console\n$ true\n```\n";
const MALFORMED: &str = "# P\n\n```console\noutput\n```\n";

/// How a book of the pages `src/one.md`, `src/two.md` … ends a command.
struct Row {
    pages: &'static [&'static str],
    arguments: &'static [&'static str],
    code: i32,
    /// What must be said, on stdout or stderr.
    says: &'static str,
}

const fn row(
    pages: &'static [&'static str],
    arguments: &'static [&'static str],
    code: i32,
    says: &'static str,
) -> Row {
    Row {
        pages,
        arguments,
        code,
        says,
    }
}

/// What needs no engine, or only asks for one.
const WITHOUT_ENGINE: [Row; 37] = [
    row(&[HOLDS], &["list"], 0, "1 to run, 0 not run"),
    row(&[HOLDS], &["build"], 0, "built"),
    row(&[HOLDS], &["install"], 0, "installed"),
    row(
        &[HOLDS],
        &["install", "--dry-run"],
        0,
        "nothing was written",
    ),
    row(&[HOLDS], &["new", "another"], 0, "made"),
    row(&[HOLDS], &["--version"], 0, "seaworthy 0."),
    row(&[HOLDS], &["--help"], 0, "Exit codes:"),
    row(&[HOLDS], &["report", "schema"], 0, "\"Report\""),
    row(&[HOLDS], &["completions", "bash"], 0, "seaworthy"),
    row(&[NO_RUN], &["check", "--allow-nothing-run"], 0, "1 not run"),
    row(
        &[HOLDS],
        &["check", "--shard", "2/2", "--allow-nothing-run"],
        0,
        "0 passed, 0 failed",
    ),
    // The command line.
    row(&[HOLDS], &[], 2, "Usage:"),
    row(&[HOLDS], &["frobnicate"], 2, "unrecognized subcommand"),
    row(&[HOLDS], &["check", "--shard", "3/2"], 2, "2/4"),
    row(&[HOLDS], &["check", "--jobs", "0"], 2, "--jobs"),
    row(&[HOLDS], &["check", "nonesuch"], 2, "no page `nonesuch`"),
    row(&[HOLDS], &["list", "src"], 2, "no book in `src`"),
    row(
        &[HOLDS],
        &["draw", "none.yaml"],
        2,
        "can't read `none.yaml`",
    ),
    row(&[HOLDS], &["draw", "book.toml"], 2, "error"),
    row(&[HOLDS], &["new", "src"], 2, "is not empty"),
    row(&[HOLDS], &["new", "x", "--title", " "], 2, "needs a title"),
    row(
        &[HOLDS],
        &["install", "src"],
        2,
        "name the folder of an mdBook",
    ),
    row(&[HOLDS], &["report", "show"], 2, "can't read"),
    row(
        &[HOLDS],
        &["report", "show", "book.toml"],
        2,
        "not a report of Seaworthy",
    ),
    row(
        &[HOLDS],
        &["report", "merge", "none.json"],
        2,
        "can't read `none.json`",
    ),
    // The book.
    row(&[MALFORMED], &["check"], 2, "src/one.md"),
    row(&[MALFORMED], &["build"], 2, "src/one.md"),
    row(&[MALFORMED], &["list"], 2, "src/one.md"),
    row(&[MALFORMED], &["accept"], 2, "src/one.md"),
    // No engine.
    row(
        &[HOLDS],
        &["check", "--engine", "tcp://127.0.0.1:1"],
        3,
        "no Docker Engine answers",
    ),
    row(
        &[HOLDS],
        &["check", "--engine", "npipe:////./pipe/x"],
        3,
        "npipe",
    ),
    // Nothing to run.
    row(&[NO_RUN], &["check"], 4, "nothing to run"),
    row(&[NO_RUN], &["accept"], 4, "nothing to run"),
    row(
        &["# Prose\n"],
        &["check"],
        4,
        "`--allow-nothing-run` lets that pass",
    ),
    row(
        &[HOLDS, NO_RUN],
        &["check", "src/two.md"],
        4,
        "nothing to run",
    ),
    row(
        &[HOLDS, NO_RUN],
        &["check", "src/one.md", "src/two.md"],
        4,
        "nothing to run",
    ),
    row(&[HOLDS], &["check", "--shard", "2/2"], 4, "nothing to run"),
];

/// What is run on an engine.
const WITH_ENGINE: [Row; 18] = [
    row(&[HOLDS], &["check"], 0, "1 passed, 0 failed"),
    row(
        &[HOLDS, NO_RUN],
        &["check"],
        0,
        "1 passed, 0 failed, 1 not run",
    ),
    row(
        &[HOLDS, OTHER_ENGINE],
        &["check"],
        0,
        "1 passed, 0 failed, 1 not run",
    ),
    row(
        &[OTHER_ENGINE],
        &["check", "--allow-nothing-run"],
        0,
        "0 passed, 0 failed, 1 not run",
    ),
    row(&[HOLDS], &["accept"], 0, "no file changed"),
    row(&[HOLDS], &["doctor"], 0, "Docker Engine"),
    row(&[FAILS], &["check"], 1, "0 passed, 1 failed"),
    row(&[HOLDS, FAILS], &["check"], 1, "1 passed, 1 failed"),
    row(&[DIAGRAM], &["check"], 1, "1 passed, 1 failed (1 diagram)"),
    row(&[EXERCISE], &["check"], 1, "1 failed"),
    row(&[NO_IMAGE], &["check"], 1, "there is no image"),
    row(&[FAILS], &["accept"], 1, "no file changed"),
    row(
        &[NO_MACHINE],
        &["check", "--docker", "1.0"],
        3,
        "holds no machine image",
    ),
    row(
        &[OTHER_ENGINE],
        &["check"],
        4,
        "nothing was run of `src/one.md`",
    ),
    row(
        &[OTHER_SESSION],
        &["check"],
        4,
        "nothing was run of `src/one.md`",
    ),
    row(
        &[HOLDS, OTHER_ENGINE],
        &["check", "two"],
        4,
        "nothing was run of `src/two.md`",
    ),
    row(
        &[HOLDS, OTHER_ENGINE],
        &["check", "one", "two"],
        4,
        "nothing was run of `src/two.md`",
    ),
    row(&[OTHER_ENGINE], &["accept"], 4, "nothing was run"),
];

fn book(pages: &[&str]) -> Book {
    let names = ["src/one.md", "src/two.md"];
    let files: Vec<_> = names.into_iter().zip(pages.iter().copied()).collect();
    Book::new(&files)
}

#[track_caller]
fn try_all(rows: &[Row]) {
    let mut wrong = Vec::new();
    for row in rows {
        let Ran {
            code,
            stdout,
            stderr,
        } = book(row.pages).run(row.arguments);
        let said = stdout.contains(row.says) || stderr.contains(row.says);
        if code != row.code || !said || stderr.contains("panicked") {
            wrong.push(format!(
                "{:?}: {code}, not {}; should say {:?}\n{stdout}\n{stderr}",
                row.arguments, row.code, row.says
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn without_an_engine() {
    try_all(&WITHOUT_ENGINE);
}

#[test]
fn with_an_engine() {
    try_all(&WITH_ENGINE);
}

/// What held when it was last checked is no reason for 4; what was never run is.
#[test]
fn only_what_changed() {
    let book = book(&[HOLDS, OTHER_ENGINE]);
    book.run(&["check"]).exits(0);
    book.run(&["check", "--changed"]).exits(0);
    book.run(&["check", "--changed", "two"])
        .exits(4)
        .says("nothing was run of `src/two.md`");
    book.run(&["check", "--changed", "one"]).exits(0);
}

/// Each command with its stdout on a full disk: told, and no panic.
#[test]
fn results_that_nobody_gets() {
    let book = book(&[HOLDS]);
    book.write("compose.yaml", "services: {web: {image: nginx}}\n");
    book.run(&["check"]).exits(0);
    let commands: [&[&str]; 14] = [
        &["--help"],
        &["--version"],
        &["list"],
        &["list", "--format", "json"],
        &["build"],
        &["draw", "compose.yaml"],
        &["report", "schema"],
        &["report", "show"],
        &["report", "merge", "target/seaworthy/report.json"],
        &["completions", "zsh"],
        &["doctor"],
        &["clean"],
        &["check"],
        &["check", "--format", "junit"],
    ];
    // One of them cleans.
    let _cleaning = cleaning();
    for arguments in commands {
        let mut command = book.command(arguments);
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = command.stdout(full).stderr(Stdio::piped()).output();
        let ran = Ran::from(output.unwrap()).exits(5);
        let told = "error: can't write to standard output: No space left on device";
        assert!(ran.stderr.contains(told), "{arguments:?}: {}", ran.stderr);
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    }
    // The report of a check is there all the same, and stderr is not needed at all.
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let mut command = book.command(&["list", "src"]);
    let status = command.stdout(Stdio::null()).stderr(full()).status();
    assert_eq!(status.unwrap().code(), Some(2));
    assert_eq!(book.report()["summary"]["passed"], 1);
}

/// A reader who has seen enough (`| head`) is no trouble.
#[test]
fn a_closed_pipe_ends_quietly() {
    let book = book(&[HOLDS]);
    for arguments in [
        &["list"][..],
        &["report", "schema"],
        &["check"],
        &["--help"],
    ] {
        let mut child = book
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let ran = Ran::from(child.wait_with_output().unwrap()).exits(0);
        for word in ["panicked", "error", "Broken pipe"] {
            assert!(!ran.stderr.contains(word), "{arguments:?}: {}", ran.stderr);
        }
    }
    assert_eq!(book.report()["summary"]["passed"], 1);
}

/// A book on a file system that can't be written to, or is full. Mounting wants a user namespace, or root.
#[test]
fn a_report_that_finds_no_place() {
    for (options, told) in [
        ("ro", "Read-only file system"),
        ("size=16k", "No space left on device"),
    ] {
        let book = book(&[HOLDS]);
        let root = book.root().display();
        let program = support::program();
        // The book is copied onto a file system of its own, which only this shell sees.
        let script = format!(
            "set -e; mkdir /tmp/place.$$; mount -t tmpfs -o size=64k none /tmp/place.$$; cp -r {root}/. /tmp/place.$$; \
             if [ {options} = ro ]; then mount -o remount,ro /tmp/place.$$; \
             else dd if=/dev/zero of=/tmp/place.$$/full bs=1k 2>/dev/null || :; fi; \
             cd /tmp/place.$$; set +e; {program} check; code=$?; {program} build; echo \"codes: $code $?\"; \
             cd /; umount /tmp/place.$$; rmdir /tmp/place.$$"
        );
        let output = Command::new("unshare")
            .args(["--mount", "--map-root-user", "sh", "-c", &script])
            .env("NO_COLOR", "1")
            .output();
        let ran = Ran::from(output.unwrap()).exits(0);
        assert!(
            ran.stdout.contains("codes: 5 5"),
            "{}\n{}",
            ran.stdout,
            ran.stderr
        );
        let ran = ran
            .says("can't write `")
            .says(told)
            .says("1 passed, 0 failed");
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    }
}
