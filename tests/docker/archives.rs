//! Archives: what readers fetch from the site is what the page's machine unpacked.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{self, BOOK_TOML, Book};
use walkdir::WalkDir;

const PAGE: &str = "# Page

```console
$ mkdir below
$ cd below
```

```archive
samples/app
```

```console,proves=\"The machine has the archive's files, in the shell's folder\"
$ pwd | grep -o '[^/]*$'
below
$ find app -type f | sort
app/Dockerfile
app/run.sh
app/web/a page
$ ./app/run.sh
ahoy
```
";

fn book(toml: &str) -> Book {
    let book = Book::new(&[
        ("book.toml", toml),
        ("src/deep/page.md", PAGE),
        ("samples/app/Dockerfile", "FROM busybox:1.37\n"),
        ("samples/app/web/a page", "\u{1F6A2}\n"),
        ("samples/app/run.sh", "#!/bin/sh\necho ahoy\n"),
    ]);
    let run = book.root().join("samples/app/run.sh");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(run, mode).unwrap();
    book
}

/// The files below `folder`, each with whether it may be executed.
fn files(folder: &Path) -> BTreeMap<String, (Vec<u8>, bool)> {
    let entries = WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    let read = files.map(|entry| {
        let name = entry.path().strip_prefix(folder).unwrap();
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&entry.metadata().unwrap().permissions());
        let content = fs::read(entry.path()).unwrap();
        (name.display().to_string(), (content, mode & 0o111 != 0))
    });
    read.collect()
}

const ARCHIVE: &str = "site/deep/app.tar.gz";

#[test]
fn a_reader_unpacks_the_folder_and_two_builds_give_the_same_bytes() {
    let book = book(BOOK_TOML);
    book.run(&["build"]).exits(0);
    let first = fs::read(book.root().join(ARCHIVE)).unwrap();
    let unpacked = tempfile::tempdir().unwrap();
    let mut tar = Command::new("tar");
    let tar = tar.arg("xzf").arg(book.root().join(ARCHIVE));
    let ran = tar.current_dir(unpacked.path()).output().unwrap();
    assert!(ran.status.success() && ran.stderr.is_empty(), "{ran:?}");
    let expected = files(&book.root().join("samples"));
    assert_eq!(expected.len(), 3);
    assert_eq!(files(unpacked.path()), expected);

    book.run(&["build"]).exits(0);
    assert!(fs::read(book.root().join(ARCHIVE)).unwrap() == first);
    book.write("samples/app/web/a page", "another\n");
    book.run(&["build"]).exits(0);
    assert!(fs::read(book.root().join(ARCHIVE)).unwrap() != first);
}

#[test]
fn the_machine_has_what_readers_get() {
    let book = book(BOOK_TOML);
    book.run(&["check"]).exits(0).says("2 passed");
    book.run(&["list"]).exits(0).says("unpacks app.tar.gz");
}

#[test]
fn a_site_that_knows_its_address_says_the_whole_command() {
    for (site_url, command) in [
        (
            "https://example.org/book/",
            "curl -fsSL <span class=\"sw-address\">https://example.org/book/deep/app.tar.gz</span> | tar xz",
        ),
        (
            "/book/",
            "curl -fsSL <span class=\"sw-address\"></span> | tar xz",
        ),
    ] {
        let book = book(&format!(
            "{BOOK_TOML}[output.html]\nsite-url = \"{site_url}\"\n"
        ));
        book.run(&["build"]).exits(0);
        let html = book.read("site/deep/page.html");
        assert!(html.contains(command), "{html}");
        assert!(html.contains("href=\"app.tar.gz\""), "{html}");
        assert!(
            book.read("site/print.html")
                .contains("href=\"deep/app.tar.gz\"")
        );
    }
}

/// mdBook lets no preprocessor add a file, so there is none, and no link that leads nowhere.
#[test]
fn mdbook_alone_says_that_it_publishes_none() {
    let book = book(BOOK_TOML);
    let ran = support::mdbook(&book);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("the site has no `app.tar.gz`"),
        "{}",
        ran.stderr
    );
    assert!(!book.has(ARCHIVE));
    let html = book.read("site/deep/page.html");
    assert!(
        html.contains("app/web/a page") && !html.contains("href=\"app.tar.gz\""),
        "{html}"
    );
}

#[test]
fn one_place_holds_one_archive() {
    let book = book(BOOK_TOML);
    book.write("other/app/file", "x\n");
    book.write(
        "src/deep/page.md",
        "# Page\n\n```archive\nother/app\n```\n\n```archive\nsamples/app\n```\n",
    );
    book.run(&["build"])
        .exits(2)
        .says("src/deep/page.md:7: another archive is `deep/app.tar.gz` already");
    book.write("src/deep/page.md", PAGE);
    book.write("src/deep/app.tar.gz", "the book's own\n");
    book.run(&["build"]).exits(2).says(
        "the book has a file of its own where the archive `deep/app.tar.gz` is to be published",
    );
}
