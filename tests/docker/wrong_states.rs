//! The checks of the module's exercises refuse what is wrong, and its hints fit what is wrong.
//!
//! `tests/exercises/` has a page for each check. Its sections make one wrong state after the other on one machine, and print all
//! that the check, and the hint, says of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::Book;
use walkdir::WalkDir;

/// A path of the repository.
fn path(inside: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(inside)
}

fn text(inside: &str) -> String {
    fs::read_to_string(path(inside)).unwrap()
}

/// Where the application of the exercises is.
const APPLICATION: &str = "book/trio-task";

/// The pages of wrong states by name, each with its text.
fn pages() -> BTreeMap<String, String> {
    let files = fs::read_dir(path("tests/exercises")).unwrap();
    files
        .map(|file| {
            let file = file.unwrap();
            let name = file.file_name().into_string().unwrap();
            (name, fs::read_to_string(file.path()).unwrap())
        })
        .collect()
}

/// A section of a page: a state, and what is printed under `command` there.
struct State {
    title: String,
    printed: Vec<String>,
}

/// The sections of `page` in which `command` is typed.
fn states(page: &str, command: &str) -> Vec<State> {
    let sections = page.split("\n## ").skip(1);
    let states = sections.map(|section| {
        let (title, body) = section.split_once('\n').unwrap();
        let after = body
            .lines()
            .skip_while(|line| *line != format!("$ {command}"));
        let printed = after
            .skip(1)
            .take_while(|line| !line.starts_with("$ ") && *line != "```");
        State {
            title: title.to_owned(),
            printed: printed.map(str::to_owned).collect(),
        }
    });
    states.filter(|state| !state.printed.is_empty()).collect()
}

/// The commands that check an exercise, as the book's pages have them.
fn checks() -> BTreeSet<String> {
    let pages = ["exercise-1", "exercise-2", "exercise-3"]
        .map(|page| text(&format!("book/src/networking/{page}.md")));
    let sessions = pages
        .iter()
        .flat_map(|page| page.split("```console,check=").skip(1));
    sessions
        .map(|session| {
            let typed = session.lines().nth(1).unwrap();
            typed.strip_prefix("$ ").unwrap().to_owned()
        })
        .collect()
}

/// The texts in quotes after `word`, in a script.
fn quoted_after(script: &str, word: &str) -> BTreeSet<String> {
    let lines = script.lines().map(str::trim_start);
    let texts = lines.filter_map(|line| line.strip_prefix(word)?.strip_prefix(" '"));
    texts
        .map(|rest| rest.split_once('\'').unwrap().0.to_owned())
        .collect()
}

#[test]
fn what_the_checks_and_hints_say_is_what_they_say_on_an_engine() {
    let pages: Vec<(String, String)> = pages()
        .into_iter()
        .map(|(name, text)| (format!("src/{name}"), text))
        .collect();
    let files: Vec<(&str, &str)> = pages
        .iter()
        .map(|(file, text)| (file.as_str(), text.as_str()))
        .collect();
    let book = Book::new(&files);
    for file in WalkDir::new(path(APPLICATION)) {
        let file = file.unwrap();
        if file.file_type().is_file() {
            let inside = file.path().strip_prefix(path("book")).unwrap();
            let text = fs::read_to_string(file.path()).unwrap();
            book.write(inside.to_str().unwrap(), &text);
        }
    }
    book.run(&["check", "--keep-going"]).exits(0);
}

#[test]
fn every_check_refuses_six_wrong_states() {
    let pages = pages();
    let checks = checks();
    assert_eq!(checks.len(), 4, "{checks:?}");
    for check in checks {
        let refused = pages.values().flat_map(|page| states(page, &check));
        let refused = refused.filter(|state| {
            state
                .printed
                .iter()
                .any(|line| line.starts_with("not yet: "))
        });
        let titles: BTreeSet<String> = refused.map(|state| state.title).collect();
        assert!(titles.len() >= 6, "{check} refuses only {titles:?}");
    }
}

#[test]
fn every_condition_of_a_check_fails_somewhere() {
    let conditions = quoted_after(&text("book/trio-task/check.sh"), "condition");
    assert!(conditions.len() > 15, "{conditions:?}");
    let pages = pages();
    let printed: BTreeSet<&str> = pages.values().flat_map(|page| page.lines()).collect();
    let never: Vec<&String> = conditions
        .iter()
        .filter(|condition| !printed.contains(format!("not yet: {condition}").as_str()))
        .collect();
    assert!(never.is_empty(), "no wrong state has {never:?}");
}

#[test]
fn every_hint_is_given_in_its_state_and_in_no_other() {
    let hints = quoted_after(&text("book/trio-task/hint.sh"), "hint");
    assert!(hints.len() > 12, "{hints:?}");
    let states = states(&pages()["exercise-3.md"], "sh hint.sh");
    let mut given: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for state in &states {
        let [hint] = state.printed.as_slice() else {
            panic!("{}: {:?}", state.title, state.printed);
        };
        given.entry(hint).or_default().push(&state.title);
    }
    for hint in &hints {
        let states = given.remove(hint.as_str());
        assert!(
            matches!(&states, Some(states) if states.len() == 1),
            "{hint}: {states:?}"
        );
    }
    assert!(given.is_empty(), "no hint of the script: {given:?}");
}
