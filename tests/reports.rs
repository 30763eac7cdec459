//! Reports in every format, and what `report` makes of them. The checks run on a real Docker Engine.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod support;

use support::Book;

/// A book in which one session of two holds.
fn book() -> Book {
    Book::new(&[
        (
            "src/a.md",
            "# A\n\n```console,proves=\"one, two\"\n$ echo a\na\n```\n",
        ),
        (
            "src/b.md",
            "# B\n\n```console\n$ echo 50%\nfifty\n```\n\n```console\n$ true\n```\n",
        ),
    ])
}

#[test]
fn each_format_says_what_failed_and_where() {
    let book = book();
    let annotations = book.run(&["check", "--format", "github"]).exits(1).stdout;
    let lines: Vec<_> = annotations.lines().collect();
    assert_eq!(lines.len(), 2, "{annotations}");
    assert!(
        lines[0].starts_with("::error file=src/b.md,line=5,title=does not hold::$ echo 50%25%0A"),
        "{annotations}"
    );
    assert!(
        lines[0].ends_with("%0Aseaworthy check src/b.md"),
        "{annotations}"
    );
    assert_eq!(lines[1], "1 passed, 1 failed");

    let junit = book
        .run(&["report", "show", "--format", "junit"])
        .exits(0)
        .stdout;
    for part in [
        "<testsuites name=\"seaworthy\" tests=\"3\" skipped=\"1\" failures=\"1\" errors=\"0\"",
        "name=\"line 3: one, two\" classname=\"src/a.md\"",
        "src/b.md:5: printed `fifty`, is `50%`",
        "<skipped message=\"line 3 does not hold\"/>",
    ] {
        assert!(junit.contains(part), "no {part:?} in {junit}");
    }

    let root = book.root().to_str().unwrap();
    let markdown = book
        .run(&["report", "show", root, "--format", "markdown"])
        .exits(0)
        .stdout;
    for part in [
        "## Something no longer holds",
        &format!("| ✓ `{root}/src/a.md` | 1 of 1 |"),
        &format!("| ✗ `{root}/src/b.md` | 0 of 2 |"),
        &format!("**`{root}/src/b.md:5`**"),
    ] {
        assert!(markdown.contains(part), "no {part:?} in {markdown}");
    }
}

#[test]
fn reports_of_parts_make_a_whole() {
    let book = book();
    book.run(&["check", "src/a.md", "--report", "a.json"])
        .exits(0);
    book.run(&["check", "src/b.md", "--report", "both.json"])
        .exits(1);
    std::fs::remove_dir_all(book.root().join("target")).unwrap();
    book.run(&["check", "src/b.md", "--report", "b.json"])
        .exits(1);
    let whole = "target/seaworthy/report.json";
    book.run(&["report", "merge", "a.json", "b.json", "--output", whole])
        .exits(0);
    let report = book.report();
    assert_eq!(report["summary"]["pages"], 2);
    assert_eq!(report["summary"]["claims"], 1);
    assert_eq!(report["runs"].as_array().unwrap().len(), 1);
    book.run(&["report", "merge", "a.json", "both.json"])
        .exits(2)
        .says("`both.json`: an earlier report checked `src/a.md` on the same engine too");
    book.run(&["report", "show", "none.json"])
        .exits(2)
        .says("can't read `none.json`");
}

/// The schema describes every report, so it must know what reports hold.
#[test]
fn the_schema_names_what_reports_hold() {
    let book = Book::page("# T\n");
    let schema = book.run(&["report", "schema"]).exits(0).stdout;
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    assert_eq!(schema["title"], "Report");
    for (kind, field) in [
        ("Session", "fingerprint"),
        ("Exercise", "failed_before"),
        ("Summary", "claims"),
    ] {
        let described = &schema["$defs"][kind]["properties"][field];
        assert!(
            described["description"].is_string(),
            "{kind}.{field}: {described}"
        );
    }
}

#[test]
fn completions_name_the_commands() {
    let book = Book::page("# T\n");
    for shell in ["bash", "zsh", "fish"] {
        book.run(&["completions", shell])
            .exits(0)
            .says("keep-machine");
    }
}
