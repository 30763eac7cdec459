//! What this repository's books print holds on another day too: no date in it binds it to the day of its writing.

use std::path::{Path, PathBuf};

use mdbook_seaworthy::BookFiles;
use regex::{Captures, Regex};
use seaworthy_page::BookSettings;
use seaworthy_page::Page as BookPage;
use walkdir::WalkDir;

use crate::support::{How, Page};
use seaworthy_matching::Mode;

/// The output as it would be on another day of another month of another year, and whether it names a day at all.
fn another_day(printed: &str) -> Option<String> {
    const MONTH: &str = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";
    let day = format!(r"\b(?<year>20\d\d)\b|\b(?<day>\d\d)/({MONTH})\b|\b({MONTH})\b");
    let day = Regex::new(&day).expect("a pattern");
    let moved = day.replace_all(printed, |found: &Captures<'_>| match found.name("year") {
        Some(_) => "2031".to_owned(),
        None if found.name("day").is_some() => "07/Mar".to_owned(),
        None => "Mar".to_owned(),
    });
    (moved != printed).then(|| moved.into_owned())
}

#[test]
fn pages_hold_on_another_day() {
    let mut dated = 0;
    for (root, src) in [(".", "book/src"), ("docs/guide", "src")] {
        for page in &pages(root, src) {
            dated += dated_commands(page);
        }
    }
    assert!(
        dated >= 4,
        "{dated} outputs name a day: are they still looked at?"
    );
}

/// The pages of one of this repository's books.
fn pages(root: &str, src: &str) -> Vec<BookPage> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(root);
    let toml = std::fs::read_to_string(root.join("book.toml")).expect("the book's settings");
    let settings = BookSettings::from_toml(&toml).expect("settings without faults");
    let files = BookFiles::new(&root, &settings.read_also);
    let chapters = WalkDir::new(root.join(src))
        .into_iter()
        .filter_map(|entry| {
            let path = entry.expect("a readable folder").into_path();
            let is_chapter = path.extension().is_some_and(|ending| ending == "md");
            is_chapter.then(|| {
                path.strip_prefix(&root)
                    .expect("a file of the book")
                    .to_owned()
            })
        });
    let load =
        |file: PathBuf| BookPage::load(&file, &files, &settings).expect("a page without faults");
    chapters.map(load).collect()
}

/// Compares each dated output of a page with that of another day; gives how many there are.
fn dated_commands(page: &BookPage) -> usize {
    let mut dated = 0;
    for step in page.sessions().filter(|step| !step.attributes.exact) {
        for command in &step.session.commands {
            let lines = command.output.iter().map(|line| line.text.as_str());
            let printed = lines.collect::<Vec<_>>().join("\n");
            let Some(actual) = another_day(&printed) else {
                continue;
            };
            dated += 1;
            let how = How {
                mode: Mode::Docker,
                unordered: step.attributes.unordered,
            };
            let outcome = Page::default().run_as(how, &command.text(), &printed, &actual);
            assert!(
                outcome.holds,
                "{}:{}\n{printed}\n{actual}",
                page.file, step.place.line
            );
        }
    }
    dated
}
