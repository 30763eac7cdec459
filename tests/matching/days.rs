//! What this repository's books print holds on another day too: no date in it binds it to the day of its writing.

use std::path::Path;

use regex::{Captures, Regex};
use seaworthy::book::Book;
use seaworthy_page::Page as BookPage;

use crate::support::{How, Page};
use seaworthy::matching::Mode;

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
    for root in ["", "docs/guide"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
        for page in &Book::load(&root).expect("this repository's book").pages {
            dated += dated_commands(page);
        }
    }
    assert!(
        dated >= 4,
        "{dated} outputs name a day: are they still looked at?"
    );
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
