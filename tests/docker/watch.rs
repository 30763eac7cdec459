//! `check --watch`: pages that are written anew are checked again, on a real Docker Engine.

use std::fs::File;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::support::{self, Book};

/// A page that prints `one`, and shows `shown`.
fn page(shown: &str) -> String {
    format!("# T\n\n```console\n$ echo one\n{shown}\n```\n")
}

/// `check --watch`, running.
struct Watching<'a> {
    book: &'a Book,
    child: Child,
    /// How much of what is told was waited for.
    seen: usize,
}

impl<'a> Watching<'a> {
    fn start(book: &'a Book, arguments: &[&str]) -> Self {
        let told = File::create(book.root().join("told")).unwrap();
        let mut command = book.command(&["check", "--watch", "--jobs", "1"]);
        command.args(arguments);
        command.stdout(told.try_clone().unwrap()).stderr(told);
        Self {
            book,
            child: command.spawn().unwrap(),
            seen: 0,
        }
    }

    /// Waits for `text` in what is told from now on, and gives what came up to it.
    #[track_caller]
    fn tells(&mut self, text: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let told = self.book.read("told");
            let new = &told[self.seen..];
            if let Some(at) = new.find(text) {
                let end = at + text.len();
                self.seen += end;
                return new[..end].to_owned();
            }
            assert!(
                Instant::now() < deadline,
                "no {text:?} in\n{new}\nafter\n{}",
                &told[..self.seen]
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until the program waits, and gives what it told before.
    #[track_caller]
    fn waits(&mut self) -> String {
        self.tells("waiting for a save; Ctrl-C ends it\n")
    }

    /// Interrupts the program; its exit code.
    fn interrupt(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status();
        assert!(sent.unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Watching<'_> {
    /// A test that fails leaves no program behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_page_is_checked_again_when_it_or_what_it_is_made_of_changes() {
    let book = Book::new(&[
        ("src/a.md", &page("one")),
        ("src/b.md", "# B\n\n{{#include ../parts/session.md}}\n"),
        ("parts/session.md", "```console\n$ echo b\nb\n```\n"),
        (
            "src/c.md",
            "<!-- seaworthy copy=\"sample\" -->\n# C\n\n```console\n$ cat sample/file\nc\n```\n",
        ),
        ("sample/file", "c\n"),
    ]);
    let mut watching = Watching::start(&book, &[]);
    watching.tells("3 passed, 0 failed");
    watching.waits();

    // The page itself: it alone is checked, and what is known of the others stays.
    book.write("src/a.md", &page("two"));
    let told = watching.waits();
    assert!(
        told.contains("src/a.md:5: printed `two`, is `one`"),
        "{told}"
    );
    assert!(
        told.contains("0 passed, 1 failed") && !told.contains("b.md"),
        "{told}"
    );
    let report = book.report();
    assert_eq!(report["runs"][0]["pages"].as_array().unwrap().len(), 3);

    // What it includes, and a folder that it copies; both stand outside of src.
    book.write("parts/session.md", "```console\n$ echo b\nB\n```\n");
    let told = watching.waits();
    assert!(
        told.contains("parts/session.md:3: printed `B`, is `b`"),
        "{told}"
    );
    assert!(!told.contains("a.md") && !told.contains("c.md"), "{told}");
    book.write("sample/file", "d\n");
    let told = watching.waits();
    assert!(told.contains("src/c.md:6: printed `c`, is `d`"), "{told}");

    // A fault is told, and it goes on; a save that changes nothing is not told.
    book.write("src/b.md", "# B\n\n```console,exti=1\n$ true\n```\n");
    let told = watching.waits();
    assert!(
        told.contains("error[unknown-attribute]: `exti` is unknown\n --> src/b.md:3:12"),
        "{told}"
    );
    book.write("src/b.md", &book.read("src/b.md"));
    book.write("src/b.md", "# B\n\n```console\n$ echo b\nb\n```\n");
    let told = watching.waits();
    assert!(
        told.contains("1 passed, 0 failed") && !told.contains("exti"),
        "{told}"
    );

    // A setting of the whole book: all pages.
    let toml = support::BOOK_TOML.to_owned() + "timeout = \"50s\"\n";
    book.write("book.toml", &toml);
    let told = watching.waits();
    assert!(told.contains("1 passed, 2 failed"), "{told}");
    assert_eq!(
        watching.interrupt(),
        Some(1),
        "what is known: pages don't hold"
    );
}

#[test]
fn what_is_saved_while_a_check_runs_is_not_lost() {
    let slow = |shown: &str| format!("# T\n\n```console\n$ sleep 3; echo one\n{shown}\n```\n");
    let book = Book::new(&[("src/a.md", &slow("one")), ("src/b.md", "# B\n")]);
    let mut watching = Watching::start(&book, &["src/a.md"]);
    watching.tells("checking src/a.md");
    book.write("src/a.md", &slow("two"));
    let told = watching.tells("0 passed, 1 failed");
    assert!(
        told.contains("1 passed, 0 failed"),
        "the check that ran ended first:\n{told}"
    );
    book.write("src/a.md", &page("one"));
    watching.tells("1 passed, 0 failed");
    watching.waits();
    assert_eq!(watching.interrupt(), Some(0));
}

#[test]
fn an_interrupt_during_a_check_ends_it_as_ever() {
    let book = Book::page("# T\n\n```console\n$ sleep 60\n```\n");
    let mut watching = Watching::start(&book, &[]);
    watching.tells("checking src/page.md");
    assert_eq!(watching.interrupt(), Some(130));
    assert!(
        book.read("told")
            .contains("interrupted: removing the machines")
    );
}

#[test]
fn what_a_page_cannot_mend_ends_it_and_what_it_can_is_waited_for() {
    let book = Book::page("# T\n");
    let mut watching = Watching::start(&book, &[]);
    let told = watching.waits();
    assert!(told.starts_with("error: nothing to run: "), "{told}");
    assert_eq!(watching.interrupt(), Some(4));
    book.run(&["check", "--watch", "nonesuch"])
        .exits(2)
        .says("no page `nonesuch`");
    book.write("src/page.md", &page("one"));
    book.run(&["check", "--watch", "--engine", "tcp://127.0.0.1:9"])
        .exits(3);
    for other in [
        &["--shard", "1/2"][..],
        &["--keep-machine"],
        &["--format", "json"],
    ] {
        let arguments: Vec<_> = ["check", "--watch"].iter().chain(other).copied().collect();
        book.run(&arguments)
            .exits(2)
            .says(&format!("'--watch' cannot be used with '{}", other[0]));
    }
}
