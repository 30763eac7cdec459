//! Exercises: a check must fail before the solution and hold after it.

use crate::support::Book;
use serde_json::json;

/// A page with the exercise `web`: `check` are the lines of its check, `solution` those of its solution.
fn page(check: &str, solution: &str) -> Book {
    Book::page(&format!(
        "# T\n\n```console,check=web,retry=5s\n{check}\n```\n\n<details>\n\n```console,solution=web\n{solution}\n```\n\n</details>\n\n```console\n$ echo after\nafter\n```\n"
    ))
}

const INSPECT: &str = "$ docker container inspect --format '{{.State.Status}}' web\nrunning";
const RUN: &str = "$ docker run -d --name web busybox:1.37 sleep 100\n3f2a8b6c1d9e7f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a";

#[test]
fn a_check_that_fails_first_and_passes_then() {
    let book = page(&format!("{INSPECT}\n$ true"), RUN);
    book.run(&["check"])
        .exits(0)
        .says("line 6: holds before the solution too, so it checks nothing");
    let report = book.report();
    let page = &report["runs"][0]["pages"][0];
    assert_eq!(
        page["exercises"],
        json!([{
            "id": "web",
            "check": page["sessions"][0]["id"],
            "status": "passed",
            "failed_before": [4],
            "held_before": [6],
        }])
    );
    let lines = page["sessions"].as_array().unwrap().iter();
    let lines: Vec<_> = lines
        .map(|session| session["line"].as_u64().unwrap())
        .collect();
    assert_eq!(lines, [3, 11, 18], "in the page's order");
}

#[test]
fn a_check_that_proves_nothing_fails_the_page() {
    for (check, said) in [
        (
            "$ true",
            "src/page.md:3: this check holds before its solution: it can't tell a solved exercise from an unsolved one",
        ),
        (
            "$ no-such-command",
            "before its solution this check doesn't fail, it can't be run: line 4 exited with 127",
        ),
    ] {
        let book = page(check, RUN);
        book.run(&["check"])
            .exits(1)
            .says(said)
            .says("not reached: line 3 does not hold");
        let sessions = &book.report()["runs"][0]["pages"][0]["sessions"];
        assert_eq!(sessions[0]["status"], "failed");
        assert_eq!(sessions[1]["status"], "skipped");
    }
}

#[test]
fn a_command_that_does_not_end_is_no_failing_check() {
    let book = Book::page(
        "# T\n\n```console,check=web,timeout=500ms\n$ sleep 60\n```\n\n```console,solution=web\n$ true\n```\n",
    );
    book.run(&["check"])
        .exits(1)
        .says("it can't be run: line 4 did not end within 0.5 s");
}

#[test]
fn a_solution_that_solves_nothing_fails_the_check() {
    let book = page(
        INSPECT,
        "$ docker run -d --name other busybox:1.37 sleep 100",
    );
    book.run(&["check"])
        .exits(1)
        .says("src/page.md:4: exited with 1");
    let page = &book.report()["runs"][0]["pages"][0];
    assert_eq!(page["exercises"][0]["status"], "failed");
    assert_eq!(page["sessions"][0]["status"], "failed");
    assert_eq!(page["sessions"][1]["status"], "passed");
}

#[test]
fn what_a_failing_check_prints_stands_for_nothing() {
    // Before the solution the check prints another container's id; the page's id is bound by the solution.
    let book = Book::page(
        "# T\n\n```console\n$ docker run -d --name web busybox:1.37 sleep 100\n111111111111aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n```\n\n```console,check=c\n$ docker ps -q --no-trunc --filter name=api\n222222222222bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n```\n\n```console,solution=c\n$ docker run -d --name api busybox:1.37 sleep 100\n222222222222bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n```\n",
    );
    book.run(&["check"]).exits(0);
}

#[test]
fn the_solution_may_take_several_sessions() {
    let book = Book::page(
        "# T\n\n```console,check=c\n$ cat a b\none\ntwo\n```\n\n```console,solution=c\n$ echo one > a\n```\n\n```text,file=b\ntwo\n```\n\n```console,solution=c\n$ ls a b\na  b\n```\n",
    );
    book.run(&["check"]).exits(0).says("3 passed");
}
