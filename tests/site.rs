//! The site: what `build` makes of a book, and that plain `mdbook build` makes the same.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use support::Book;
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

/// The site's files. The name and order of the search index depend on the release of the indexer,
/// which mdBook's program and ours may hold in two versions: of it, only the indexed places count.
fn site(root: &Path) -> BTreeMap<String, String> {
    let files = files(root).into_iter();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let mut site: BTreeMap<_, _> = files.map(|(name, bytes)| (name, text(bytes))).collect();
    let index = site
        .keys()
        .find(|name| name.starts_with("searchindex-"))
        .unwrap()
        .clone();
    let places = site.remove(&index).unwrap();
    let start = places.find("\"doc_urls\"").unwrap();
    let end = places[start..].find(']').unwrap();
    for text in site.values_mut() {
        *text = text.replace(&index, "searchindex.js");
    }
    site.insert(
        "searchindex.js".to_owned(),
        places[start..start + end].to_owned(),
    );
    site
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
fn mdbook_and_build_make_the_same_site() {
    let book = fixture();
    book.run(&["build"]).exits(0).says("site/index.html");
    let ours = site(&book.root().join("site"));
    std::fs::remove_dir_all(book.root().join("site")).unwrap();
    let ran = support::mdbook(&book);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let theirs = site(&book.root().join("site"));
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&ours), names(&theirs));
    for (name, content) in &ours {
        assert!(theirs[name] == *content, "{name} differs");
    }
    assert!(ours.len() > 20, "{:?}", names(&ours));
}

#[test]
fn sessions_become_separate_elements() {
    let book = fixture();
    book.run(&["build"]).exits(0);
    let html = book.read("site/a.html");
    for part in [
        "<span class=\"sw-claim\">it works</span>",
        "<span class=\"sw-prompt\" aria-hidden=\"true\">$ </span><kbd>docker ps</kbd>",
        "<samp>CONTAINER ID   IMAGE</samp>",
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
    // Bind mounts, volumes and Compose come later in the course.
    for command in sessions
        .iter()
        .flat_map(|s| s["commands"].as_array().unwrap())
    {
        let text = command["text"].as_str().unwrap();
        for later in [" -v ", "--volume", "--mount", "docker compose"] {
            assert!(!text.contains(later), "{text}");
        }
    }
}
