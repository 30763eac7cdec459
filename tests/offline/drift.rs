//! What `seaworthy drift` refuses before it asks an engine for anything.

use crate::support::{Book, Ran, git};

#[test]
fn what_would_get_lost_or_mixed_up_is_refused() {
    let book = Book::page("# Page\n\n```console\n$ true\n```\n");
    let refused = |arguments: &[&str], said: &str| {
        let ran = book.run(arguments);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(said), "no {said:?} in {}", ran.stderr);
    };
    refused(&["drift"], "isn't in a git repository");
    git(book.root(), &["init", "--quiet"]);
    git(book.root(), &["add", "."]);
    git(book.root(), &["commit", "--quiet", "--message", "begin"]);
    git(book.root(), &["branch", "taken"]);
    refused(
        &["drift", "--branch", "taken"],
        "there is a branch `taken` already",
    );
    refused(
        &["drift", "--branch", "a..b"],
        "can't be the name of a branch",
    );
    git(book.root(), &["config", "user.useConfigOnly", "true"]);
    let mut nobody = book.command(&["drift"]);
    for name in ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"] {
        nobody.env(name, "/dev/null");
    }
    for name in ["EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"] {
        nobody.env_remove(name);
    }
    let ran = Ran::from(nobody.output().unwrap());
    let said = "git doesn't know whose commit it will be";
    assert!(ran.code == 2 && ran.stderr.contains(said), "{}", ran.stderr);
    book.write(
        "src/page.md",
        "# Page\n\nedited\n\n```console\n$ true\n```\n",
    );
    refused(&["drift"], "changes that aren't committed");
    refused(&["drift"], "src/page.md");
}
