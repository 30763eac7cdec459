//! The site: what `build` makes of a book, and that plain `mdbook build` makes the same.

use std::collections::BTreeMap;
use std::path::Path;

use crate::support::{self, Book};
use walkdir::WalkDir;

const CHAPTER: &str = "# Title

```console,proves=\"it works\"
$ docker ps
CONTAINER ID   IMAGE
```

- in a list

  ```console
  $ cat <<EOF
  > a \"quoted\" line
  >
  > EOF
  ```

  after *it*

> ```yaml,file=app/compose.yml
> services: {}
> ```

<details>

```console,hidden
$ true
```

</details>

{{#include parts/more.md}}
";

fn fixture() -> Book {
    Book::new(&[
        ("src/README.md", "# Read me\n\n```console\n$ true\n```\n"),
        ("src/a.md", CHAPTER),
        (
            "src/parts/more.md",
            "```console,no_run=\"needs two computers\"\n$ docker swarm init\n```\n",
        ),
        (
            "src/SUMMARY.md",
            "# Summary\n\n- [Read me](README.md)\n- [A](a.md)\n",
        ),
    ])
}

/// The text of each page, without what surrounds it: that is where `build` does more than a preprocessor can.
fn pages(root: &Path) -> BTreeMap<String, String> {
    let files = files(root).into_iter();
    let pages = files.filter(|(name, _)| name.ends_with(".html") && name != "404.html");
    let text = |bytes: Vec<u8>| {
        let html = String::from_utf8_lossy(&bytes).into_owned();
        let main = html
            .split_once("<main>")
            .and_then(|(_, rest)| rest.split_once("</main>"));
        main.map_or(String::new(), |(main, _)| main.to_owned())
    };
    pages.map(|(name, bytes)| (name, text(bytes))).collect()
}

fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = WalkDir::new(root).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            let path = entry.path().strip_prefix(root).unwrap();
            (
                path.display().to_string(),
                std::fs::read(entry.path()).unwrap(),
            )
        })
        .collect()
}

#[test]
fn mdbook_and_build_make_the_same_pages() {
    let book = fixture();
    book.run(&["build"]).exits(0).says("site/index.html");
    let ours = pages(&book.root().join("site"));
    std::fs::remove_dir_all(book.root().join("site")).unwrap();
    let ran = support::mdbook(&book);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let theirs = pages(&book.root().join("site"));
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&ours), names(&theirs));
    for (name, content) in &ours {
        assert!(theirs[name] == *content, "{name} differs");
    }
    assert!(ours.len() >= 4, "{:?}", names(&ours));
}

#[test]
fn sessions_become_separate_elements() {
    let book = fixture();
    book.run(&["build"]).exits(0);
    let html = book.read("site/a.html");
    for part in [
        "<span class=\"sw-claim\">it works</span>",
        "<span class=\"sw-prompt\" aria-hidden=\"true\">$ </span><kbd>docker ps</kbd>",
        "<samp><span class=\"sw-line\">CONTAINER ID   IMAGE</span></samp>",
        "<kbd>a \"quoted\" line</kbd>",
        "after <em>it</em>",
        "app/compose.yml",
        "Not run: needs two computers",
    ] {
        assert!(html.contains(part), "{part} not in\n{html}");
    }
    assert!(
        !html.contains("```") && !html.contains("{{#include"),
        "{html}"
    );
}

#[test]
fn a_book_replaces_a_template() {
    let book = fixture();
    book.write(
        "theme/seaworthy/session.hbs",
        "<div class=\"own\">{{id}}</div>",
    );
    book.run(&["build"]).exits(0);
    assert!(
        book.read("site/a.html")
            .contains("<div class=\"own\">session-")
    );
}

/// A book with a passing, a failing and an edited session, one that isn't run, and the report of its check.
fn checked() -> Book {
    let page = "# Page

```console,proves=\"it <works>\"
$ true
```

```console,proves=\"it doesn't\"
$ false
```

```console,no_run=\"needs two computers\"
$ docker swarm init
```

```bash
ls
```
";
    let book = Book::new(&[
        ("src/deep/page.md", page),
        (
            "src/other.md",
            "# Other\n\n```console,hidden,proves=\"unseen\"\n$ true\n```\n",
        ),
        ("src/prose.md", "# Prose\n\nNothing to run.\n"),
    ]);
    let listed = book.run(&["list", "--format", "json"]).exits(0).stdout;
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let statuses = ["passed", "failed", "not-run", "passed"];
    let mut statuses = statuses.iter();
    let pages = listed["pages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|page| !page["sessions"].as_array().unwrap().is_empty());
    let pages = pages.map(|page| {
        let sessions = page["sessions"].as_array().unwrap().iter().map(|session| {
            let status = statuses.next().unwrap();
            serde_json::json!({
                "id": session["id"], "fingerprint": session["fingerprint"], "line": session["line"], "turn": 0,
                "status": status, "seconds": 0.5, "commands": 1, "proves": session["proves"],
            })
        });
        serde_json::json!({
            "file": page["file"], "finished": "2026-01-02T03:04:05Z", "seconds": 61.0,
            "sessions": sessions.collect::<Vec<_>>(),
        })
    });
    let images = serde_json::json!([
        { "reference": "busybox:1.37", "digest": "sha256:0a0b", "origin": "registry" },
        { "reference": "nginx:1.30-alpine", "digest": "sha256:1c1d", "origin": { "stand-in": "Debian's nginx" } },
    ]);
    let report = serde_json::json!({
        "version": 2, "tool": "test", "finished": "2026-01-02T03:04:05Z",
        "summary": {
            "pages": 2, "pages_broken": 0, "sessions": 4, "commands": 4, "passed": 2, "failed": 1, "skipped": 0,
            "not_run": 1, "claims": 2, "diagrams": 0, "diagrams_failed": 0, "failures": 1, "seconds": 1.0
        },
        "runs": [{ "engine": { "version": "28.5.2", "api": "1.51" }, "images": images, "pages": pages.collect::<Vec<_>>() }],
    });
    book.write("target/seaworthy/report.json", &report.to_string());
    book
}

/// Fails unless each of `parts` is in `html`.
#[track_caller]
fn holds(html: &str, parts: &[&str]) {
    for part in parts {
        assert!(html.contains(part), "{part} not in\n{html}");
    }
}

#[test]
fn the_page_verification_says_what_was_checked_and_what_was_not() {
    let book = checked();
    book.run(&["build"]).exits(0);
    let page = book.read("site/deep/page.html");
    holds(
        &page,
        &[
            "Does not hold: 1 of 2 verified",
            "href=\"../verification.html\"",
        ],
    );
    holds(&page, &["id=\"claim-it-works\"", "id=\"claim-it-doesnt\""]);
    let html = book.read("site/verification.html");
    holds(
        &html,
        &[
            "sw-page-mark sw-failed",
            "Verified: 2 of 3 sessions, 2 of 3 claims",
            // Each claim leads to its proof; what isn't shown, to its page.
            "<a href=\"deep/page.html#claim-it-works\">it &lt;works&gt;</a></td><td>deep/page.md</td><td><span class=\"sw-mark sw-verified\">verified",
            "<a href=\"deep/page.html#claim-it-doesnt\">it doesn't</a></td><td>deep/page.md</td><td><span class=\"sw-mark sw-failed\">failed",
            "<a href=\"other.html\">unseen</a>",
            "1 of 2</span></td><td>2026-01-02</td><td>1 min 1 s</td>",
            "Together, machines included and one after the other: 2 min 2 s.",
            "Docker Engine <strong>28.5.2</strong>, API 1.51, with these images:",
            "<code>busybox:1.37</code> <code class=\"sw-digest\">sha256:0a0b</code></td><td>from a registry",
            "<strong>stand-in</strong> for the official image, built from Debian's nginx",
            "line 11 of <code>src/deep/page.md</code>: needs two computers",
            "line 15 of <code>src/deep/page.md</code>: shown only: a block in “bash” is no session",
            "seaworthy check src/deep/page.md",
        ],
    );
    assert!(!book.read("site/prose.html").contains("sw-page-mark"));
    // It is in the table of contents, in search and on the page for printing.
    assert!(book.read("site/toc.html").contains("verification.html"));
    assert!(
        book.read("site/print.html")
            .contains("Claims and their proof")
    );
}

#[test]
fn an_edit_takes_the_green_away_everywhere() {
    let book = checked();
    let edited = book
        .read("src/other.md")
        .replace("$ true", "$ true || false");
    book.write("src/other.md", &edited);
    book.run(&["build"]).exits(0);
    holds(
        &book.read("site/other.html"),
        &["Unverified: 0 of 1 verified"],
    );
    holds(
        &book.read("site/verification.html"),
        &[
            "Verified: 1 of 3 sessions, 1 of 3 claims",
            "unseen</a></td><td>other.md</td><td><span class=\"sw-mark sw-unverified\">",
        ],
    );
    // Without any report nothing is green at all.
    std::fs::remove_file(book.root().join("target/seaworthy/report.json")).unwrap();
    book.run(&["build"]).exits(0);
    for page in [
        "site/deep/page.html",
        "site/other.html",
        "site/verification.html",
    ] {
        assert!(!book.read(page).contains("sw-verified"), "{page}");
    }
    holds(
        &book.read("site/verification.html"),
        &[
            "None yet: this book was not checked.",
            "<td>never</td><td>–</td>",
        ],
    );
}

#[test]
fn the_page_verification_can_be_left_out_and_takes_nobodys_place() {
    let book = Book::new(&[("src/verification.md", "# Mine\n\n```console\n$ true\n```\n")]);
    book.run(&["build"])
        .exits(2)
        .says("which is where the page Verification is put")
        .says("`verification = false`");
    let toml = format!("{}verification = false\n", book.read("book.toml"));
    book.write("book.toml", &toml);
    book.run(&["build"]).exits(0);
    let html = book.read("site/verification.html");
    holds(&html, &["Mine", "Unverified: 0 of 1 verified"]);
    assert!(!html.contains("sw-proof"), "{html}");
    // Where nothing could be verified there is no such page.
    let book = Book::page("# Prose\n");
    book.run(&["build"]).exits(0);
    assert!(!book.has("site/verification.html"));
}

#[test]
fn minutes_stand_at_the_top_of_a_page() {
    let book = Book::page("<!-- seaworthy minutes=25 -->\n# Page\n");
    book.run(&["build"]).exits(0);
    let html = book.read("site/page.html");
    holds(&html, &["sw-neutral", "About 25 min"]);
    Book::page("<!-- seaworthy minutes=long -->\n# Page\n")
        .run(&["build"])
        .exits(2)
        .says("`minutes` needs a number of minutes");
}

#[test]
fn a_build_writes_nothing_but_the_site() {
    let book = fixture();
    book.write("src/SUMMARY.md", "# Summary\n\n- [A](a.md)\n- [Later]()\n");
    let before = files(&book.root().join("src"));
    book.run(&["build"]).exits(0);
    assert_eq!(before, files(&book.root().join("src")));
    let mut top: Vec<_> = std::fs::read_dir(book.root())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    top.sort();
    assert_eq!(top, ["book.toml", "site", "src"]);
}

/// mdBook runs what a book names; a stranger's book can be looked at without that.
#[test]
fn the_programs_of_a_book_can_be_left_out() {
    let run = "command = \"sh -c 'touch ran; exit 1'\"\n";
    let toml = format!(
        "{}[preprocessor.x]\n{run}[output.html]\n[output.y]\n{run}",
        support::BOOK_TOML
    );
    let book = Book::new(&[("book.toml", &toml), ("src/a.md", "# A\n")]);
    book.run(&["build", "--only-ours"])
        .exits(0)
        .says("left out: the preprocessor `x`, the output `y`")
        .says("built site/index.html");
    assert!(!book.has("ran"));
    std::fs::remove_dir_all(book.root().join("site")).unwrap();
    book.run(&["build"]).exits(2);
    assert!(book.has("ran"));
}

/// A second output beside HTML, whose renderer stands in for mdbook-epub.
#[test]
fn a_second_output_beside_the_site() {
    let renderer = "[output.epub]\ncommand = \"sh -c 'cat > /dev/null; echo book > book.epub'\"\n";
    for table in [renderer.to_owned(), format!("{renderer}[output.html]\n")] {
        let toml = format!("{}{table}", support::BOOK_TOML);
        let book = Book::new(&[
            ("book.toml", &toml),
            ("src/a.md", "# A\n\n```console\n$ true\n```\n"),
        ]);
        for _ in 0..2 {
            book.run(&["build"]).exits(0);
            assert_eq!(support::mdbook(&book).code, 0);
        }
        let (epub, html) = if table == renderer {
            ("site/book.epub", "site/index.html")
        } else {
            ("site/epub/book.epub", "site/html/index.html")
        };
        assert!(book.has(epub), "{table}");
        assert_eq!(book.has(html), table != renderer, "{table}");
    }
}

/// What this repository promises of its own book.
#[test]
fn the_networking_book_is_well_formed() {
    let root = env!("CARGO_MANIFEST_DIR");
    let book = Book::page("");
    let ran = book.run(&["list", root, "--format", "json"]).exits(0);
    let listed: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let pages = listed["pages"].as_array().unwrap();
    assert!(!pages.is_empty());
    let sessions: Vec<_> = pages
        .iter()
        .flat_map(|p| p["sessions"].as_array().unwrap())
        .collect();
    assert!(sessions.iter().filter(|s| !s["proves"].is_null()).count() >= 10);
    // Bind mounts, volumes and Compose come later in the course; the page about what comes next shows them.
    let before = pages
        .iter()
        .filter(|p| p["file"] != "book/src/networking/next.md");
    for command in before
        .flat_map(|p| p["sessions"].as_array().unwrap())
        .flat_map(|s| s["commands"].as_array().unwrap())
    {
        let text = command["text"].as_str().unwrap();
        for later in [" -v ", "--volume", "--mount", "docker compose"] {
            assert!(!text.contains(later), "{text}");
        }
    }
}
