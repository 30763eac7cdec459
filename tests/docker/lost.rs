//! Engines and mirrors that hang or go away while pages run: that ends with 5, within a minute, and never says that a page
//! is wrong. The engine is a second one, in a container here.

use std::time::{Duration, Instant};

use crate::support::elsewhere::{Elsewhere, Running};
use crate::support::{Book, Ran, docker};

/// What can be said of a check whose engine or mirror was lost: never that a page doesn't hold.
#[track_caller]
fn is_lost(book: &Book, ran: Ran, begun: Instant, what: &str) {
    let took = begun.elapsed();
    let ran = ran
        .exits(5)
        .says("the check could not be finished: lost the ")
        .says(what)
        .says("not finished, which says nothing of the page")
        .says(", 0 failed, 1 page not finished");
    assert!(took < Duration::from_secs(60), "{took:?}\n{}", ran.stderr);
    for wrong in ["does not hold", "did not end within", "run this page alone"] {
        assert!(!ran.stdout.contains(wrong), "{wrong}: {}", ran.stdout);
    }
    let page = &book.report()["runs"][0]["pages"][0];
    assert!(
        page["unfinished"].as_str().unwrap().contains(what),
        "{page}"
    );
    assert!(page["error"].is_null(), "{page}");
    // The site says so too.
    book.run(&["build"]).exits(0);
    let html = book.read("site/page.html");
    assert!(
        html.contains("the last check could not be finished"),
        "{html}"
    );
    assert!(!html.contains("sw-failed"), "{html}");
}

#[test]
fn a_lost_engine_or_mirror_is_never_the_fault_of_a_page() {
    let elsewhere = Elsewhere::start("10.99.96");
    let dockerd = |signal: &str| elsewhere.sh(&format!("pkill -{signal} -x dockerd"));

    // It hangs for good, while a command runs that has time enough.
    let book = Book::page("# P\n\n```console,timeout=5m\n$ sleep 60\n```\n");
    let running = Running::start(&book, &elsewhere.host, None, &elsewhere);
    let begun = Instant::now();
    dockerd("STOP");
    let ran = running.ends();
    dockerd("CONT");
    is_lost(&book, ran, begun, "Docker Engine");
    let clean = book
        .command(&["clean"])
        .env("DOCKER_HOST", &elsewhere.host)
        .output();
    Ran::from(clean.unwrap()).exits(0).says("removed run ");
    elsewhere.is_empty();

    // It hangs for so long that a command's time is over, and then goes on.
    let book = Book::page("# P\n\n```console,timeout=4s\n$ sleep 60\n```\n");
    let running = Running::start(&book, &elsewhere.host, None, &elsewhere);
    let begun = Instant::now();
    dockerd("STOP");
    std::thread::sleep(Duration::from_secs(12));
    dockerd("CONT");
    is_lost(
        &book,
        running.ends(),
        begun,
        "Docker Engine while pages were run on it: it did not answer for",
    );
    elsewhere.is_empty();

    // The mirror goes away, or stands still, and a page waits for an image.
    let page = "# P\n\n```console,timeout=5m\n$ sleep 60 & sleep 6; docker pull -q busybox:$((1)).37\n...\n```\n";
    let mirror = "docker ps -q | xargs docker inspect --format '{{.Id}} {{.Config.Hostname}}' | \
         awk '$2 == \"registry-mirror\" { print $1 }'";
    for does in ["kill", "pause"] {
        let book = Book::page(page);
        let running = Running::start(&book, &elsewhere.host, None, &elsewhere);
        let begun = Instant::now();
        elsewhere.sh(&format!("docker {does} $({mirror})"));
        is_lost(&book, running.ends(), begun, "registry mirror");
        elsewhere.is_empty();
    }

    // All is well again: nothing of that is kept in mind.
    let book = Book::page("# P\n\n```console\n$ true\n```\n");
    elsewhere.check(&book, &elsewhere.host, &[]).exits(0);
    elsewhere.is_empty();

    one_of_two_is_lost(&elsewhere);
}

/// The pages of an engine that is lost are run by the others; only with the last one the check can't be finished.
fn one_of_two_is_lost(elsewhere: &Elsewhere) {
    let page = "# P\n\n```console,timeout=5m\n$ sleep 60 & sleep 4\n...\n```\n";
    let files = ["src/a.md", "src/b.md", "src/c.md"];
    let book = Book::new(&files.map(|file| (file, page)));
    let here = "unix:///var/run/docker.sock";
    let arguments = [
        "check",
        "--jobs",
        "1",
        "--engine",
        here,
        "--engine",
        &elsewhere.host,
    ];
    let running = Running::of(book.command(&arguments), elsewhere);
    docker(&["kill", &elsewhere.name]);
    let left_out = format!(
        "the Docker Engine at {} (--engine) is left out, and the others run its pages: lost the Docker Engine",
        elsewhere.host
    );
    let ran = running
        .ends()
        .exits(0)
        .says(&left_out)
        .says(" begins anew: its engine was lost before it had ended")
        .says("3 passed, 0 failed")
        .says("`seaworthy clean` removes when the engine answers again");
    assert_eq!(ran.stdout.matches('✓').count(), 3, "each is told once");
    let pages = &book.report()["runs"][0]["pages"];
    for page in pages.as_array().unwrap() {
        assert!(page["unfinished"].is_null(), "{page}");
    }
}
