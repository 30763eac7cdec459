//! `install`: Seaworthy in a book that is there already.

use std::os::unix::fs::PermissionsExt;

use crate::support::{self, Book, Ran};
use snapbox::{assert_data_eq, str};

const TOML: &str = "# A book of mine.\n[book]\ntitle = \"Mine\" # its title\n\n[output.html]\nadditional-css = [\"own.css\"]\n";

/// A book of plain mdBook.
fn plain(pages: &[(&str, &str)]) -> Book {
    let mut files = vec![("book.toml", TOML), ("own.css", "body {}\n")];
    files.extend(pages);
    Book::new(&files)
}

/// Runs the program where the only `mdbook` on the path is one of `version`, and no folder above is a Git repository.
fn with_mdbook(book: &Book, version: &str, arguments: &[&str]) -> Ran {
    let script = format!("#!/bin/sh\necho mdbook v{version}\n");
    book.write("bin/mdbook", &script);
    let program = book.root().join("bin/mdbook");
    std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", book.root().join("bin").display());
    let mut command = book.command(arguments);
    Ran::from(command.env("PATH", path).output().unwrap())
}

#[test]
fn it_adds_what_is_missing_and_shows_it() {
    let book = plain(&[(
        "src/a.md",
        "# A\n\n```sh\nls\n```\n\n```bash\nls\n```\n\n```bash\nls\n```\n",
    )]);
    let run = |arguments: &[&str]| with_mdbook(&book, "0.5.1", arguments).exits(0);
    let tried = run(&["install", "--dry-run"]);
    assert_eq!(book.read("book.toml"), TOML);
    assert!(!book.has("theme"));
    let ran = run(&["install"]);
    assert_eq!(ran.stderr, "");
    assert_data_eq!(
        &ran.stdout,
        str![[r#"
--- book.toml
+++ book.toml
@@ -3,4 +3,8 @@
 title = "Mine" # its title
 
 [output.html]
-additional-css = ["own.css"]
+additional-css = ["own.css", "theme/seaworthy.css", "theme/seaworthy-lessons.css", "theme/seaworthy-diagrams.css"]
+additional-js = ["theme/seaworthy.js", "theme/seaworthy-reading.js"]
+
+[preprocessor.seaworthy]
+after = ["links"]
--- .gitignore
+++ .gitignore
@@ -0,0 +1 @@
+/target/seaworthy/
wrote theme/seaworthy.css
wrote theme/seaworthy-lessons.css
wrote theme/seaworthy-diagrams.css
wrote theme/seaworthy.js
wrote theme/seaworthy-reading.js
installed

3 blocks (2 `bash`, 1 `sh`) on 1 page: shown, not run. To make one a session, write `console` for its language and `$ ` before what is typed; `seaworthy list` says where they stand

"#]]
    );
    let would = ran
        .stdout
        .replace("wrote ", "would write ")
        .replace("\ninstalled\n", "\nnothing was written\n");
    assert_eq!(tried.stdout, would);
    // Once more: nothing to do.
    let toml = book.read("book.toml");
    run(&["install"]).says("nothing to do: this book has what it needs\n");
    assert_eq!(book.read("book.toml"), toml);
    // It builds, and the page takes what was added.
    let ran = run(&["build"]).says("built");
    assert_eq!(ran.stderr, "");
    let html = book.read("book/a.html");
    assert!(html.contains("theme/seaworthy-"), "no script");
    let sheets = std::fs::read_dir(book.root().join("book")).unwrap();
    let sheets = sheets.map(|entry| entry.unwrap().path());
    let joined: String = sheets
        .filter(|path| path.extension().is_some_and(|extension| extension == "css"))
        .filter(|path| html.contains(path.file_name().unwrap().to_str().unwrap()))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    for rule in [".sw-session", ".nd .n-page"] {
        assert!(joined.contains(rule), "no {rule}");
    }
}

#[test]
fn plain_mdbook_builds_it_too() {
    let book = plain(&[("src/a.md", "# A\n\n```console\n$ true\n```\n")]);
    book.run(&["install", "--theme"])
        .exits(0)
        .says("1 `console` block on 1 page: sessions");
    let ran = support::mdbook(&book).exits(0);
    assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
    let html = book.read("book/a.html");
    assert!(
        html.contains("<kbd>true</kbd>") && html.contains("seaworthy-theme"),
        "neither session nor look"
    );
}

#[test]
fn old_files_are_updated_and_edited_ones_stay() {
    let book = plain(&[("src/a.md", "# A\n")]);
    book.run(&["install", "--theme"]).exits(0);
    let (css, js) = ("theme/seaworthy.css", "theme/seaworthy-theme.js");
    let (installed, stamped) = (book.read(css), book.read(js));
    // As another version installed it: the hash in the first line is that of the rest.
    let (stamp, _) = installed.split_once(' ').unwrap();
    assert_eq!(stamp, "/*");
    let version = env!("CARGO_PKG_VERSION");
    book.write(css, &installed.replacen(version, "0.0.9", 1));
    book.write(js, &(stamped.clone() + "// mine\n"));
    let told = format!("this file is of Seaworthy 0.0.9, and this is {version}");
    book.run(&["build"])
        .exits(0)
        .says(&format!(
            "warning[other-version]: {told}\n --> theme/seaworthy.css:1:14"
        ))
        .says("help: `seaworthy install` brings it up to date");
    let ran = support::mdbook(&book).exits(0);
    assert!(ran.stderr.contains(&told), "{}", ran.stderr);
    let ran = book.run(&["install"]).exits(0);
    assert!(
        ran.stdout
            .starts_with("updated theme/seaworthy.css\ninstalled\n"),
        "{}",
        ran.stdout
    );
    let left = "warning: left alone: theme/seaworthy-theme.js was edited; to get this version's, move it away and run this again\n";
    assert!(ran.stderr.contains(left), "{}", ran.stderr);
    assert_eq!(book.read(css), installed);
    assert_eq!(book.read(js), stamped + "// mine\n");
    assert!(!book.run(&["build"]).exits(0).stderr.contains("0.0.9"));
    // One of a version that is still to come is kept as well.
    book.write(css, &installed.replacen(version, "99.0.0", 1));
    book.run(&["install"])
        .exits(0)
        .says("left alone: theme/seaworthy.css is of Seaworthy 99.0.0")
        .says("nothing to do");
}

#[test]
fn a_report_of_another_version_is_warned_of() {
    let book = Book::page("# T\n");
    let report = |tool: &str| {
        format!(
            "{{\n  \"version\": 2,\n  \"tool\": \"{tool}\",\n  \"finished\": \"2026-01-02T03:04:05Z\",\n  \"summary\": {{\"pages\":0,\"pages_broken\":0,\"sessions\":0,\"commands\":0,\"passed\":0,\"failed\":0,\"skipped\":0,\"not_run\":0,\"claims\":0,\"diagrams\":0,\"diagrams_failed\":0,\"seconds\":0.0}},\n  \"runs\": []\n}}\n"
        )
    };
    let path = "target/seaworthy/report.json";
    book.write(path, &report("0.1.99"));
    assert_eq!(book.run(&["build"]).exits(0).stderr, "");
    book.write(path, &report("0.99.0"));
    let ran = book.run(&["build"]).exits(0);
    assert_data_eq!(
        ran.stderr,
        str![[r#"
warning[other-version]: the last check was run by Seaworthy 0.99.0, and this is 0.1.0
 --> target/seaworthy/report.json:3:11
  |
3 |   "tool": "0.99.0",
  |           ^^^^^^^^ checked by this version
  |
  = help: `seaworthy check` runs the sessions with this one


"#]]
    );
}

#[test]
fn what_stands_in_the_way_is_said() {
    let book = plain(&[
        (
            "src/a.md",
            "# A\n\n```console\noutput\n```\n\n```console\n$ true\n```\n",
        ),
        ("src/b.md", "# B\n\n```console\n$ true\n```\n"),
    ]);
    with_mdbook(&book, "0.4.52", &["install"])
        .exits(0)
        .says("1 `console` block on 1 page: sessions, which `seaworthy check` runs")
        .says("error[output-before-command]: output before any command\n --> src/a.md:4:1")
        .says("warning: 1 fault in 1 file: mend what stops a build\n")
        .says("warning: `mdbook` is 0.4.52 on this computer, and Seaworthy is made for 0.5.");
}

#[test]
fn what_cannot_be_installed_into_is_left_as_it_is() {
    let here = tempfile::tempdir().unwrap();
    let book = plain(&[("src/a.md", "# A\n")]);
    book.run(&["install", here.path().to_str().unwrap()])
        .exits(2)
        .says("book.toml`: name the folder of an mdBook, as in `seaworthy install DIR`");
    for (toml, why) in [
        (
            "[book]\nsrc = \"book/src\"\n",
            "`build-dir` in book.toml is `book`, which overlaps the book's sources",
        ),
        (
            "[book]\nmultilingual = false\n",
            "\n  book.toml:2: `multilingual`: it never had an effect: remove it",
        ),
        (
            "preprocessor = { x = { command = \"x\" } }\n",
            "write `[preprocessor]`",
        ),
        ("[book\n", "book.toml is malformed"),
    ] {
        book.write("book.toml", toml);
        let ran = book.run(&["install"]).exits(2).says(why);
        assert_eq!(ran.stdout, "");
        assert_eq!(book.read("book.toml"), toml);
        assert!(!book.has("theme"));
    }
}
