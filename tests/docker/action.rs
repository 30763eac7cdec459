//! The steps of the GitHub Action that need an engine, as a runner calls them.

use std::path::Path;
use std::process::Command;

use crate::support::{Book, Ran, docker, programs};

/// A step of the action for the book, with what GitHub gives it in the book's folder.
fn step(book: &Book, name: &str, variables: &[(&str, &str)]) -> Ran {
    let path = |name: &str| book.root().join(name);
    for file in ["output", "summary"] {
        book.write(file, "");
    }
    let mut on_path = programs().into_os_string();
    on_path.push(":");
    on_path.push(std::env::var_os("PATH").unwrap());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/action");
    let mut command = Command::new(script);
    command
        .arg(name)
        .current_dir(book.root())
        .env("PATH", on_path)
        .env("RUNNER_TEMP", book.root())
        .env("GITHUB_OUTPUT", path("output"))
        .env("GITHUB_STEP_SUMMARY", path("summary"))
        .envs(variables.iter().copied());
    Ran::from(command.output().unwrap())
}

#[test]
fn a_step_checks_annotates_sums_up_and_keeps_the_report() {
    let page = "# T\n\n```console\n$ echo here\nthere\n```\n";
    let book = Book::new(&[("src/a.md", page), ("src/b.md", page)]);
    let variables = [
        ("BOOK", "."),
        ("DOCKER", "28"),
        ("SHARD", "1+1/2"),
        ("ARGUMENTS", "--jobs 1 --keep-going"),
    ];
    step(&book, "check", &variables)
        .exits(1)
        .says("::error file=src/b.md,line=5,");
    let output = book.read("output");
    let (report, name) = output.trim_end().split_once('\n').unwrap();
    assert_eq!(name, "name=seaworthy-report-28-2-of-2");
    let report = report.strip_prefix("report=").unwrap();
    let report = std::fs::read_to_string(report).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["shard"]["number"], 2);
    assert!(book.read("summary").contains("src/b.md"));

    // Where a check can't begin there is nothing to keep.
    let variables = [("BOOK", "."), ("DOCKER", "28"), ("SHARD", "3/2")];
    step(&book, "check", &variables).exits(2);
    assert_eq!(book.read("output"), "");
}

#[test]
fn a_step_takes_the_machine_image_from_the_cache() {
    let version = format!("0.0.{}", std::process::id());
    let image = format!("seaworthy/machine:{version}");
    let book = Book::new(&[]);
    // Any image will do.
    docker(&["tag", "busybox:1.37", &image]);
    let kept = book.root().join(format!("machine-{version}.tar.gz"));
    let save = Command::new("sh")
        .args(["-c", "docker save \"$0\" | gzip > \"$1\""])
        .args([image.as_ref(), kept.as_os_str()])
        .status();
    assert!(save.unwrap().success());
    docker(&["rmi", &image]);
    let cache = book.root().to_str().unwrap();
    let variables = [("DOCKER", version.as_str()), ("CACHE", cache)];
    step(&book, "machine", &variables).exits(0).says(&image);
    // It is there now, and isn't loaded again.
    let ran = step(&book, "machine", &variables).exits(0);
    assert_eq!(ran.stdout, "");
    docker(&["rmi", &image]);
}
