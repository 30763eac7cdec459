//! What a book may read, and where it may write: nothing outside of it, whatever its author wrote.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::{self, Book, Ran};

const SECRET: &str = "hush-hush";

/// A folder outside of every book, with a secret in it.
fn outside() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("key"), SECRET).unwrap();
    fs::create_dir(folder.path().join("docs")).unwrap();
    fs::write(folder.path().join("docs/key"), SECRET).unwrap();
    folder
}

/// The way from a book's chapters to `file`, by `..` only.
fn way_up(book: &Book, file: &Path) -> String {
    let up = book.root().components().count();
    format!("{}{}", "../".repeat(up), file.display())
}

/// Every command that reads the book refuses it, says `message`, and makes nothing; mdBook's program refuses it too.
#[track_caller]
fn refused(book: &Book, message: &str) {
    for command in ["list", "build", "check", "accept"] {
        let begun = Instant::now();
        let ran = book.run(&[command]).exits(2).says(message);
        assert!(begun.elapsed() < Duration::from_secs(20), "{command}");
        assert!(!ran.stdout.contains(SECRET) && !ran.stderr.contains(SECRET));
    }
    assert!(!book.has("site"), "a site was built");
}

#[test]
fn nothing_outside_of_the_book_is_included() {
    let outside = outside();
    let key = outside.path().join("key");
    for block in [
        "```text,file=key\nTARGET\n```\n",
        "```console\nTARGET\n```\n",
        "TARGET\n",
    ] {
        for link in ["include", "rustdoc_include", "playground"] {
            let book = Book::page("");
            for target in [key.display().to_string(), way_up(&book, &key)] {
                let target = format!("{{{{#{link} {target}}}}}");
                book.write("src/page.md", &block.replace("TARGET", &target));
                refused(&book, "it leads out of the book");
            }
        }
    }
}

#[test]
fn no_link_leads_out_of_the_book() {
    let outside = outside();
    let book = Book::page("```text,file=a\n{{#include parts/key}}\n```\n");
    symlink(outside.path(), book.root().join("src/parts")).unwrap();
    refused(&book, "it leads out of the book");
    // A page that is a link itself, and one in the list that is named with `..`.
    let book = Book::page("# T\n");
    fs::remove_file(book.root().join("src/page.md")).unwrap();
    symlink(outside.path().join("key"), book.root().join("src/page.md")).unwrap();
    refused(&book, "it leads out of the book");
    let book = Book::page("# T\n");
    book.write("notes.md", "# N\n");
    for link in ["../notes.md", "/etc/hostname", "a/../../notes.md"] {
        book.write("src/SUMMARY.md", &format!("# Summary\n\n- [N]({link})\n"));
        refused(&book, "outside of the folder of the chapters");
    }
    // What mdBook would publish beside the pages.
    let book = Book::page("# T\n");
    symlink(
        outside.path().join("key"),
        book.root().join("src/picture.png"),
    )
    .unwrap();
    book.run(&["build"])
        .exits(2)
        .says("`picture.png` in it: it leads out of the book");
    fs::remove_file(book.root().join("src/picture.png")).unwrap();
    symlink(outside.path(), book.root().join("src/pictures")).unwrap();
    book.run(&["build"])
        .exits(2)
        .says("it leads out of the book");
    fs::remove_file(book.root().join("src/pictures")).unwrap();
    symlink("..", book.root().join("src/round")).unwrap();
    book.run(&["build"])
        .exits(2)
        .says("a link to a folder above that link");
    assert!(!book.has("site"));
}

#[test]
fn no_folder_outside_of_the_book_is_copied() {
    let outside = outside();
    let page = "<!-- seaworthy copy=\"up/docs\" -->\n\n```console\n$ cat docs/key\n```\n";
    let book = Book::page(page);
    symlink(outside.path(), book.root().join("up")).unwrap();
    refused(&book, "can't copy `up/docs`: it leads out of the book");
}

#[test]
fn a_repositorys_own_files_and_hidden_ones_stay_unread() {
    let book = Book::page("");
    book.write(".git/config", &format!("token = {SECRET}\n"));
    book.write(".ssh/id_rsa", SECRET);
    book.write(".env", SECRET);
    for (target, message) in [
        ("../.git/config", "`.git` belongs to version control"),
        ("../.ssh/id_rsa", "`.ssh` is hidden"),
        ("../.env", "`.env` is hidden"),
    ] {
        let page = format!("```text,file=a\n{{{{#include {target}}}}}\n```\n");
        book.write("src/page.md", &page);
        refused(&book, message);
    }
    // What is hidden and no secret can be named; a repository's own files can't.
    let toml = |also: &str| format!("{}read-also = [\"{also}\"]\n", support::BOOK_TOML);
    book.write("book.toml", &toml(".git"));
    book.write("src/page.md", "{{#include ../.git/config}}\n");
    refused(&book, "belongs to version control");
    book.write("book.toml", &toml(".env"));
    book.write("src/page.md", "{{#include ../.env}}\n");
    book.run(&["build"]).exits(0);
}

#[test]
fn further_folders_are_read_where_the_book_names_them() {
    let outside = outside();
    let listing = outside.path().join("docs/listing");
    fs::write(&listing, "$ echo ahoy\nnahoy\n").unwrap();
    let page = format!("```console\n{{{{#include {}}}}}\n```\n", listing.display());
    let book = Book::page(&page);
    let folder = outside.path().join("docs");
    let name = outside.path().file_name().unwrap().to_str().unwrap();
    let message = format!("write `read-also = [\"../{name}/docs\"]`");
    refused(&book, &message);
    let toml = format!(
        "{}read-also = [\"{}\"]\n",
        support::BOOK_TOML,
        folder.display()
    );
    book.write("book.toml", &toml);
    book.run(&["build"]).exits(0);
    // The key beside the folder is as far away as before.
    let key = outside.path().join("key");
    book.write(
        "src/page.md",
        &format!("{{{{#include {}}}}}\n", key.display()),
    );
    book.run(&["build"])
        .exits(2)
        .says("it leads out of the book");
    book.write(
        "book.toml",
        &format!("{}read-also = \"docs\"\n", support::BOOK_TOML),
    );
    book.run(&["list"])
        .exits(2)
        .says("`read-also` needs a list of folders");
}

/// A path outside of the book, as it is written in the book, is what the message says to allow.
#[test]
fn the_message_says_which_folder_to_name() {
    let parent = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = parent.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("examples/a.txt", "ahoy\n");
    write("book/book.toml", support::BOOK_TOML);
    write("book/src/SUMMARY.md", "# S\n\n- [A](a.md)\n");
    write("book/src/a.md", "{{#include ../../examples/a.txt}}\n");
    let book = parent.path().join("book").display().to_string();
    let run = |arguments: &[&str]| {
        let output = Command::new(support::program()).args(arguments).output();
        Ran::from(output.unwrap())
    };
    run(&["build", &book])
        .exits(2)
        .says("write `read-also = [\"../examples\"]`");
    write(
        "book/book.toml",
        &format!("{}read-also = [\"../examples\"]\n", support::BOOK_TOML),
    );
    run(&["build", &book]).exits(0);
}

#[test]
fn what_is_no_file_is_not_waited_for() {
    let book = Book::page("```text,file=a\n{{#include pipe}}\n```\n");
    let pipe = book.root().join("src/pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    refused(&book, "can't include `pipe`: it is a pipe, not a file");
    book.write("src/page.md", "{{#include parts}}\n");
    fs::create_dir(book.root().join("src/parts")).unwrap();
    refused(&book, "can't include `parts`: it is a folder, not a file");
    book.write("src/page.md", "{{#include /dev/zero}}\n");
    refused(&book, "it leads out of the book");
    let toml = format!("{}read-also = [\"/dev\"]\n", support::BOOK_TOML);
    book.write("book.toml", &toml);
    refused(
        &book,
        "can't include `/dev/zero`: it is a device, not a file",
    );
    // The same of pages, the list of them, and the settings.
    let book = Book::page("# T\n");
    for (file, message) in [
        ("src/page.md", "the chapter `page.md` can't be used"),
        (
            "src/SUMMARY.md",
            "can't read `./src/SUMMARY.md`: it is a pipe",
        ),
        ("book.toml", "can't read `./book.toml`: it is a pipe"),
    ] {
        let path = book.root().join(file);
        fs::remove_file(&path).unwrap();
        assert!(
            Command::new("mkfifo")
                .arg(&path)
                .status()
                .unwrap()
                .success()
        );
        refused(&book, message);
    }
}

#[test]
fn a_page_is_bounded() {
    let book = Book::page(&"{{#include page.md}}\n".repeat(30));
    refused(
        &book,
        "includes are nested more than 10 deep; does `page.md` include itself?",
    );
    let book = Book::page("{{#include large}}\n");
    fs::File::create(book.root().join("src/large"))
        .unwrap()
        .set_len(1 << 40)
        .unwrap();
    refused(&book, "can't include `large`: it holds more than 8 MiB");
    let book = Book::page("{{#include binary}}\n");
    fs::write(book.root().join("src/binary"), [0xff, 0xfe]).unwrap();
    refused(&book, "can't include `binary`: it is not UTF-8 text");
}

#[test]
fn a_report_is_not_written_through_links() {
    let outside = outside();
    let target = outside.path().join("key");
    let book = Book::page("```console\n$ true\n```\n");
    let root = book.root().to_str().unwrap();
    fs::create_dir_all(book.root().join("target/seaworthy")).unwrap();
    let report = book.root().join("target/seaworthy/report.json");
    for target in [
        &target,
        &outside.path().join("new"),
        &book.root().join("src/page.md"),
    ] {
        symlink(target, &report).unwrap();
        book.run(&["check"])
            .exits(2)
            .says("it is a link, and is not written through");
        if target.starts_with(outside.path()) && target.exists() {
            // Nor is it read.
            for arguments in [&["build"][..], &["report", "show", root]] {
                book.run(arguments)
                    .exits(2)
                    .says("it leads out of the book");
            }
        }
        fs::remove_file(&report).unwrap();
    }
    fs::remove_dir_all(book.root().join("target")).unwrap();
    symlink(outside.path(), book.root().join("target")).unwrap();
    book.run(&["check"])
        .exits(2)
        .says("it leads out of the book");
    let mut left: Vec<_> = fs::read_dir(outside.path())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["docs", "key"]);
    assert_eq!(fs::read_to_string(&target).unwrap(), SECRET);
    // A slip of the finger.
    let book = Book::page("```console\n$ true\n```\n");
    book.run(&["check", "--report", "src/page.md"])
        .exits(2)
        .says("`src/page.md` is no report, and would be overwritten");
}

#[test]
fn a_foreign_folder_is_never_emptied() {
    let book = Book::page("# T\n");
    book.write(
        "site/.nojekyll",
        "This file makes sure that Github Pages doesn't process mdBook's output.\n",
    );
    book.write("site/index.html", "<html></html>");
    book.write("site/thesis.txt", "mine");
    book.run(&["build"])
        .exits(2)
        .says("which holds files that no build of Seaworthy made");
    assert_ne!(support::mdbook(&book).code, 0);
    assert_eq!(book.read("site/thesis.txt"), "mine");
    // What was built can be built again, by either program.
    fs::remove_dir_all(book.root().join("site")).unwrap();
    for _ in 0..2 {
        book.run(&["build"]).exits(0);
        assert_eq!(support::mdbook(&book).code, 0);
    }
    // One that failed half-way leaves nothing that is in the way of the next.
    book.write("theme/index.hbs", "{{nobody 1}}");
    book.run(&["build"])
        .exits(2)
        .says("the site can't be built");
    assert_eq!(fs::read_dir(book.root().join("site")).unwrap().count(), 0);
    fs::remove_dir_all(book.root().join("theme")).unwrap();
    book.run(&["build"]).exits(0);
    // A branch that is checked out where the site goes keeps its repository.
    book.write("site/.git/config", "");
    book.run(&["build"]).exits(2).says("site/.git");
    assert!(book.has("site/.git/config"));
}

#[test]
fn a_site_is_built_inside_of_the_book_unless_who_builds_says_so() {
    let outside = outside();
    let elsewhere = outside.path().join("site");
    let toml = support::BOOK_TOML.replace("\"site\"", &format!("\"{}\"", elsewhere.display()));
    let book = Book::new(&[("book.toml", &toml), ("src/a.md", "# A\n")]);
    book.run(&["build"])
        .exits(2)
        .says("which is outside of the book");
    symlink(outside.path(), book.root().join("out")).unwrap();
    book.write(
        "book.toml",
        &support::BOOK_TOML.replace("\"site\"", "\"out/site\""),
    );
    book.run(&["build"])
        .exits(2)
        .says("which is outside of the book");
    assert!(!elsewhere.exists());
    let built = book
        .command(&["build"])
        .env("MDBOOK_BUILD__BUILD_DIR", &elsewhere)
        .output();
    Ran::from(built.unwrap()).exits(0);
    assert!(elsewhere.join("index.html").is_file());
}

#[test]
fn what_a_book_names_is_its_own() {
    let outside = outside();
    let html = |line: &str| format!("{}[output.html]\n{line}\n", support::BOOK_TOML);
    let key = outside.path().join("key");
    let book = Book::page("# T\n");
    symlink(&key, book.root().join("own.css")).unwrap();
    for (line, message) in [
        (
            format!("theme = \"{}\"", outside.path().display()),
            "it leads out of the book",
        ),
        (
            format!("additional-css = [\"{}\"]", key.display()),
            "written outside of the site",
        ),
        (
            "additional-css = [\"own.css\"]".to_owned(),
            "it leads out of the book",
        ),
        (
            "additional-js = [\"../own.js\"]".to_owned(),
            "written outside of the site",
        ),
        (
            format!("input-404 = \"{}\"", way_up(&book, &key)),
            "written outside of the site",
        ),
        (
            "redirect = { \"/../../a.html\" = \"b.html\" }".to_owned(),
            "written outside of the site",
        ),
    ] {
        book.write("book.toml", &html(&line));
        book.run(&["build"]).exits(2).says(message);
        assert!(!book.has("site"), "{line}");
    }
    // The folder of the chapters, with a link above it.
    let book = Book::page("# T\n");
    fs::create_dir(outside.path().join("b")).unwrap();
    fs::write(outside.path().join("b/SUMMARY.md"), "# S\n\n- [A](a.md)\n").unwrap();
    fs::write(outside.path().join("b/a.md"), SECRET).unwrap();
    symlink(outside.path(), book.root().join("a")).unwrap();
    let toml = support::BOOK_TOML.replace("[book]\n", "[book]\nsrc = \"a/b\"\n");
    book.write("book.toml", &toml);
    refused(&book, "it leads out of the book");
}

#[test]
fn nothing_is_installed_outside_of_the_book() {
    let outside = outside();
    let book = Book::page("# T\n");
    symlink(outside.path(), book.root().join("theme")).unwrap();
    book.run(&["install"])
        .exits(2)
        .says("it leads out of the book");
    fs::remove_file(book.root().join("theme")).unwrap();
    fs::create_dir(book.root().join("theme")).unwrap();
    symlink(
        outside.path().join("new"),
        book.root().join("theme/seaworthy.css"),
    )
    .unwrap();
    book.run(&["install"])
        .exits(2)
        .says("can't write `./theme/seaworthy.css`");
    let toml = outside.path().join("book.toml");
    fs::write(&toml, support::BOOK_TOML).unwrap();
    let book = Book::page("# T\n");
    fs::remove_file(book.root().join("book.toml")).unwrap();
    symlink(&toml, book.root().join("book.toml")).unwrap();
    book.run(&["install"])
        .exits(2)
        .says("it leads out of the book");
    assert_eq!(fs::read_to_string(&toml).unwrap(), support::BOOK_TOML);
    assert!(!outside.path().join("new").exists());
    assert!(!outside.path().join("seaworthy.css").exists());
}
