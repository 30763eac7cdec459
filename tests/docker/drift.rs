//! `seaworthy drift`: a tag that moved, and the branch that comes of it.

use crate::support::{Book, docker, git};

const IMAGE: &str = "seaworthy-test-drift:1";

/// Lets the tag mean an image that says `word`, made of one that is there.
fn say(word: &str) {
    let made = docker(&["create", "busybox:1.37"]);
    let change = format!("CMD [\"echo\", \"{word}\"]");
    docker(&["commit", "--change", &change, &made, IMAGE]);
    docker(&["rm", &made]);
}

#[test]
fn a_moved_tag_becomes_a_branch_that_names_it() {
    let page = format!(
        "# Page\n\n```console,proves=\"it says its word\"\n$ docker run --rm {IMAGE}\nfirst\n```\n\n```console\n$ echo stays\nstays\n```\n"
    );
    let book = Book::page(&page);
    book.write(".gitignore", "target\nsite\n");
    let remote = tempfile::tempdir().unwrap();
    let bare = remote.path().to_str().unwrap().to_owned();
    git(book.root(), &["init", "--quiet", "--bare", &bare]);
    git(
        book.root(),
        &["init", "--quiet", "--initial-branch", "main"],
    );
    git(book.root(), &["config", "user.name", "a"]);
    git(book.root(), &["config", "user.email", "a@example.org"]);
    git(book.root(), &["add", "."]);
    git(book.root(), &["commit", "--quiet", "--message", "begin"]);
    git(book.root(), &["remote", "add", "origin", &bare]);

    say("first");
    let ran = book.run(&["drift"]);
    assert_eq!(
        (ran.code, ran.stdout.contains("nothing has drifted")),
        (0, true),
        "{}{}",
        ran.stdout,
        ran.stderr
    );

    say("second");
    let ran = book.run(&["drift", "--branch", "drifted", "--push", "origin"]);
    docker(&["rmi", "--force", IMAGE]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    let message = git(
        book.root(),
        &["--git-dir", &bare, "log", "-1", "--pretty=%B", "drifted"],
    );
    assert!(
        message.starts_with(&format!("`{IMAGE}` changed: 1 place no longer holds\n")),
        "{message}"
    );
    assert!(message.contains("src/page.md:3"), "{message}");
    let changed = git(
        book.root(),
        &[
            "--git-dir",
            &bare,
            "show",
            "--pretty=",
            "--name-only",
            "drifted",
        ],
    );
    assert_eq!(changed.trim(), "src/page.md");
    let now = git(
        book.root(),
        &["--git-dir", &bare, "show", "drifted:src/page.md"],
    );
    assert_eq!(now, page.replace("\nfirst\n", "\nsecond\n"));
    assert_eq!(
        book.read("target/seaworthy/drift.md").trim(),
        message.trim()
    );
}
