//! The commands of `crates/matching/tests/matching/false.txt` on a real Docker Engine: what stands there as true must be.

#[path = "../../crates/matching/tests/matching/cases.rs"]
mod cases;
use crate::support::Book;

/// How the name of a section ends whose commands need what isn't there: a project of Compose, say, whose true output the
/// guide's chapter on Compose holds to an engine.
const NOT_RUN: &str = ", not run";

/// A page for each section, a session for each case.
fn pages() -> Vec<(String, String)> {
    let mut pages: Vec<(String, String)> = Vec::new();
    let mut section = String::new();
    for case in cases::cases() {
        if case.section.ends_with(NOT_RUN) {
            continue;
        }
        if case.section != section {
            section.clone_from(&case.section);
            let file = format!("src/{}.md", pages.len());
            pages.push((file, format!("# {section}\n")));
        }
        let text = &mut pages.last_mut().unwrap().1;
        let commands: String = case.commands.iter().map(|c| format!("$ {c}\n")).collect();
        text.push_str(&format!("\n```console\n{commands}{}```\n", case.output));
    }
    pages
}

#[test]
fn what_is_called_true_is_true_on_an_engine() {
    let pages = pages();
    assert!(pages.len() > 8 && cases::cases().len() > 100);
    let files: Vec<(&str, &str)> = pages
        .iter()
        .map(|(file, text)| (file.as_str(), text.as_str()))
        .collect();
    Book::new(&files).run(&["check", "--keep-going"]).exits(0);
}
