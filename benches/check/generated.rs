//! Books that are made for measuring.

use std::fmt::Write as _;
use std::fs;

use tempfile::TempDir;

/// Three commands that do nothing.
pub(crate) const COMMANDS: &str = "echo one\nprintf 'two\\n'\ntrue\n";

/// A book of `pages`, each with one session of `commands` that do nothing.
pub(crate) fn trivial(pages: usize, commands: usize) -> TempDir {
    let typed = ["$ echo one\none\n", "$ printf 'two\\n'\ntwo\n", "$ true\n"];
    book(pages, |page| {
        let session: String = (0..commands).map(|i| typed[i % typed.len()]).collect();
        format!("# Page {page}\n\n```console\n{session}```\n")
    })
}

/// A book of `chapters`, each with prose, a session and a diagram.
pub(crate) fn large(chapters: usize) -> TempDir {
    book(chapters, |chapter| {
        let prose =
            "A container reaches another by its name when both are on one network.\n".repeat(12);
        format!(
            "# Chapter {chapter}\n\n{prose}\n```console\n$ docker network create net-{chapter}\n$ docker run -d --name web-{chapter} --network net-{chapter} nginx:1.30-alpine\n$ docker ps --format '{{{{.Names}}}}'\nweb-{chapter}\n```\n\n{prose}\n```network\nservices:\n  web: {{networks: [front], ports: [\"8080:80\"]}}\n  app: {{networks: [front, back]}}\n  db: {{networks: [back]}}\nnetworks: {{front: {{}}, back: {{}}}}\n```\n\n{prose}"
        )
    })
}

/// A book of so many pages.
pub(crate) fn book(pages: usize, text: impl Fn(usize) -> String) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("src");
    fs::create_dir(&source).unwrap();
    let toml = "[book]\ntitle = \"Generated\"\n\n[build]\nbuild-dir = \"site\"\n\n[preprocessor.seaworthy]\nafter = [\"links\"]\n";
    fs::write(folder.path().join("book.toml"), toml).unwrap();
    let mut summary = "# Summary\n\n".to_owned();
    for page in 1..=pages {
        writeln!(summary, "- [Page {page}](page-{page}.md)").unwrap();
        fs::write(source.join(format!("page-{page}.md")), text(page)).unwrap();
    }
    fs::write(source.join("SUMMARY.md"), summary).unwrap();
    folder
}
