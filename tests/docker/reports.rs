//! Reports in every format, and what `report` makes of them. The checks run on a real Docker Engine.

use std::path::Path;

use crate::support::{self, Book};

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
        lines[0].starts_with(
            "::error file=src/b.md,line=5,title=does not hold [wrong-output]::$ echo 50%25%0A"
        ),
        "{annotations}"
    );
    assert!(
        lines[0].ends_with("%0Aseaworthy check src/b.md"),
        "{annotations}"
    );
    assert_eq!(lines[1], "1 passed, 1 failed, 1 not reached");

    let junit = book
        .run(&["report", "show", "--format", "junit"])
        .exits(0)
        .stdout;
    for part in [
        "<testsuites name=\"seaworthy\" tests=\"3\" skipped=\"1\" failures=\"1\" errors=\"0\"",
        "name=\"line 3: one, two\" classname=\"src/a.md\"",
        "<failure message=\"printed `fifty`, is `50%`\" type=\"wrong-output\">",
        "src/b.md:5: printed `fifty`, is `50%` [wrong-output]",
        "<skipped message=\"not reached: line 5 does not hold\"/>",
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
        &format!("**`{root}/src/b.md:5`**: printed `fifty`, is `50%` [wrong-output]"),
    ] {
        assert!(markdown.contains(part), "no {part:?} in {markdown}");
    }
}

/// A page on which not everything is judged in the order in which it is written, or at all.
const OUT_OF_ORDER: &str = "# Out of order

```console,check=one
$ test -e done
```

```console,solution=one
$ touch done
```

```console,no_run=\"it takes a day\"
$ sleep 1d
```

```console,hidden
$ echo a && exit 3
$ echo b
```

```console
$ echo c
```

```network,verify
services:
  nowhere: {}
```
";

/// What is told, with the pages in one order: a check tells the page first that is ready first, a report has the book's.
fn by_page(told: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for line in told.lines() {
        let begins = line.starts_with("src/") && line.ends_with(".md");
        if begins || line.starts_with("Docker Engine ") {
            parts.push(String::new());
        }
        let part = parts.last_mut().unwrap();
        part.push_str(line);
        part.push('\n');
    }
    let mut parts: Vec<_> = parts
        .iter()
        .map(|part| part.trim_end().to_owned())
        .collect();
    parts.sort_unstable();
    parts
}

/// Whatever a check has to say is in its report, and said again in the same words.
#[test]
fn a_report_shows_what_the_check_said() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide/broken/src/page.md");
    let broken = std::fs::read_to_string(guide).unwrap();
    let told = |format: &str| {
        let book = Book::new(&[("src/broken.md", &broken), ("src/order.md", OUT_OF_ORDER)]);
        let checked = ["check", "--keep-going", "--jobs", "1", "--format", format];
        let said = book.run(&checked).exits(1).stdout;
        let shown = book.run(&["report", "show", "--format", format]).exits(0);
        (said, shown.stdout)
    };
    std::thread::scope(|threads| {
        let formats = ["pretty", "json", "junit", "github", "markdown"];
        let all = formats.map(|format| (format, threads.spawn(move || told(format))));
        for (format, thread) in all {
            let (said, shown) = thread.join().unwrap();
            assert!(said.contains("wrong-output"), "{format}: {said}");
            assert_eq!(by_page(&shown), by_page(&said), "{format}");
        }
    });
}

/// Reports of version 0.1, whose differences are text, aren't read: no fingerprint in them is worth anything now.
#[test]
fn a_report_of_an_earlier_format_is_refused_with_the_remedy() {
    let book = Book::page("# T\n\n```console\n$ true\n```\n");
    let old = r#"{"version": 1, "tool": "0.1.0", "finished": "2026-01-02T03:04:05Z", "summary": {}, "runs": []}"#;
    book.write("target/seaworthy/report.json", old);
    let said = "the report has version 1 of its format; this program reads version 2: run `seaworthy check` again";
    book.run(&["report", "show"]).exits(2).says(said);
    book.run(&["build"]).exits(2).says(said);
    book.run(&["check", "--changed"]).exits(0);
    assert_eq!(book.report()["version"], 2);
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

/// A tag that moves between checks of its own: removed at the end.
struct Tag(String);

impl Tag {
    fn new() -> Self {
        Self(format!("seaworthy-test-{}:1", std::process::id()))
    }

    fn of(&self, image: &str) {
        support::docker(&["tag", image, &self.0]);
    }
}

impl Drop for Tag {
    fn drop(&mut self) {
        support::docker(&["rmi", &self.0]);
    }
}

#[test]
fn a_page_says_which_of_its_images_changed_since_it_held() {
    let tag = Tag::new();
    tag.of("busybox:1.37");
    let shown = format!(
        "# T\n\n```console\n$ docker run --rm {} test -e /usr/sbin/nginx && echo nginx || echo busybox\nbusybox\n```\n",
        tag.0
    );
    let other = "# O\n\n```console\n$ docker run --rm busybox:1.37 echo other\nother\n```\n";
    let book = Book::new(&[("src/a.md", &shown), ("src/b.md", other)]);
    book.run(&["check"]).exits(0);
    let page = |at: usize| book.report()["runs"][0]["pages"][at].clone();
    let held_with = |at: usize| {
        page(at)["held_with"][0]["digest"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(page(0)["changed_images"].is_null());
    let before = held_with(0);

    tag.of("nginx:1.30-alpine");
    let ran = book.run(&["check"]).exits(1);
    let changed = page(0)["changed_images"][0].clone();
    let after = changed["now"].as_str().unwrap();
    assert_eq!(changed["before"].as_str(), Some(before.as_str()));
    assert_ne!(before, after);
    let said = format!(
        "since this page last held, `{}` has become another image: {} then, {} now",
        tag.0,
        &before[..19],
        &after[..19]
    );
    let ran = ran.says(&format!("\n  {said}\n"));
    assert_eq!(
        ran.stdout.matches("has become another image").count(),
        1,
        "{}",
        ran.stdout
    );
    // It is still known when the page fails again, alone.
    book.run(&["check", "src/a.md"]).exits(1).says(&said);
    assert_eq!(
        (held_with(0), &page(0)["changed_images"][0]),
        (before, &changed)
    );
    for format in ["junit", "github", "markdown"] {
        let ran = book.run(&["report", "show", "--format", format]).exits(0);
        assert_eq!(
            ran.stdout.matches(&said).count(),
            1,
            "{format}: {}",
            ran.stdout
        );
    }

    // What fails for another reason names no image, and neither does what holds again.
    book.write("src/b.md", &other.replace("\nother\n", "\nOther\n"));
    book.write("src/a.md", &shown.replace("\nbusybox\n", "\nnginx\n"));
    let ran = book.run(&["check"]).exits(1);
    assert!(!ran.stdout.contains("another image"), "{}", ran.stdout);
    assert_eq!(held_with(0), after);
    assert_eq!(page(1)["held_with"][0]["reference"], "busybox:1.37");
}
