//! `new`: a book that builds and holds at once.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{self, Ran};
use snapbox::{assert_data_eq, str};

/// Runs the program in `folder`.
fn run(folder: &Path, arguments: &[&str]) -> Ran {
    let mut command = Command::new(support::program());
    command.args(arguments).current_dir(folder);
    command.stdin(Stdio::null()).env("NO_COLOR", "1");
    Ran::from(command.output().unwrap())
}

#[test]
fn a_new_book_holds_and_builds() {
    support::engine::needed();
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let ran = run(here, &["new", "docker-basics"]).exits(0);
    assert_data_eq!(
        ran.stdout,
        str![[r#"
made “Docker basics” in docker-basics
  seaworthy check docker-basics    runs its sessions on Docker
  seaworthy serve docker-basics    shows its site on this computer

"#]]
    );
    let book = here.join("docker-basics");
    run(here, &["check", "docker-basics"])
        .exits(0)
        .says("4 passed, 0 failed, 1 of 1 diagram true · 7 commands, 2 claims proved");
    assert!(
        std::fs::read_to_string(book.join("README.md"))
            .unwrap()
            .starts_with("# Docker basics\n")
    );
    let ran = run(&book, &["build"])
        .exits(0)
        .says("target/site/index.html");
    assert_eq!(ran.stderr, "");
    let html = std::fs::read_to_string(book.join("target/site/two-containers.html")).unwrap();
    for part in [
        "Docker basics",
        "4 sessions and 1 diagram verified",
        "Containers on one network find each other by name",
        "seaworthy-theme",
    ] {
        assert!(html.contains(part), "no {part:?}");
    }
    // What `install` would add is there already.
    run(&book, &["install"]).exits(0).says("nothing to do");
    // Nothing is left beside it, and everybody may read it, as the umask says.
    let entries = std::fs::read_dir(here).unwrap();
    assert_eq!(entries.count(), 1);
}

#[test]
fn in_an_empty_folder_and_under_a_folder_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    run(here, &["new", ".", "--title", "  Any\n\"title\" "])
        .exits(0)
        .says("made “Any \"title\"” in .");
    let mut names: Vec<_> = std::fs::read_dir(here)
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [".gitignore", "README.md", "book.toml", "src", "theme"]
    );
    run(here, &["list"]).exits(0).says("4 to run, 0 not run");

    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["new", "a/b/c"]).exits(0);
    assert!(folder.path().join("a/b/c/src/two-containers.md").is_file());
}

#[test]
fn a_folder_that_holds_anything_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::create_dir(here.join("taken")).unwrap();
    std::fs::write(here.join("taken/notes.txt"), "mine").unwrap();
    std::fs::write(here.join("file"), "").unwrap();
    for (arguments, why) in [
        (
            &["new", "taken"][..],
            "error: `taken` is not empty (`notes.txt` is in it): name a folder that is new or empty; to an mdBook that is there already, `seaworthy install` adds what it needs\n",
        ),
        (
            &["new", "file"],
            "error: `file` is a file: name a folder that is new or empty\n",
        ),
        (
            &["new", "untitled", "--title", " "],
            "error: a book needs a title: say it, as in `--title \"My book\"`\n",
        ),
    ] {
        let ran = run(here, arguments).exits(2);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", why));
    }
    assert_eq!(std::fs::read_dir(here.join("taken")).unwrap().count(), 1);
    assert_eq!(std::fs::read_dir(here).unwrap().count(), 2);
}
