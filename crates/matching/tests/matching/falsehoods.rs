//! False outputs that an author may leave on a page: none may hold. They stand in `false.txt`, each with the command
//! that prints the true one; `tests/docker/falsehoods.rs` runs those commands.

use crate::cases::{Case, cases};
use crate::support::Page;

/// Whether `printed` holds against what the case's last command prints, on a page that types all of them.
fn holds(case: &Case, printed: &str) -> bool {
    let (last, before) = case.commands.split_last().expect("a command");
    let mut page = Page::default();
    for command in case.earlier.iter().chain(before) {
        page.run(command, "", "");
    }
    page.holds(last, printed, &case.output)
}

#[test]
fn what_is_true_holds() {
    let refused: Vec<String> = cases()
        .iter()
        .filter(|case| !holds(case, &case.output))
        .map(Case::to_string)
        .collect();
    assert_eq!(refused, [""; 0]);
}

#[test]
fn what_is_false_does_not_hold() {
    let cases = cases();
    let all: Vec<_> = cases
        .iter()
        .flat_map(|case| case.falsehoods().into_iter().map(move |text| (case, text)))
        .collect();
    assert!(all.len() >= 150, "{}", all.len());
    let held: Vec<String> = all
        .iter()
        .filter(|(case, text)| holds(case, text))
        .map(|(case, text)| format!("{case} passes as {text:?}"))
        .collect();
    assert_eq!(held, [""; 0], "{} of {}", held.len(), all.len());
}
