//! `seaworthy mutants`: pages with one thing changed are run for real, and must not hold any more.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{self, Book, Ran};

/// A page of which one command can go without anybody's notice, and another changes nothing.
const PAGE: &str = "# T\n\n```console\n$ echo two > second\n$ touch second\n```\n\n```console\n$ echo one > first\n$ cat first\none\n```\n";

fn fates(ran: &Ran) -> BTreeMap<String, Vec<String>> {
    let told: Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
    let mut fates: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for mutant in told["mutants"].as_array().unwrap() {
        let fate = mutant["fate"].as_str().unwrap().to_owned();
        let change = mutant["change"].as_str().unwrap().to_owned();
        fates.entry(fate).or_default().push(change);
    }
    fates.values_mut().for_each(|changes| changes.sort());
    fates
}

#[test]
fn what_nobody_notices_survives_and_is_known_the_next_time() {
    let book = Book::page(PAGE);
    let tried = book.run(&["mutants", "--format", "json"]);
    let found = fates(&tried);
    assert_eq!(tried.code, 1, "{}", tried.stderr);
    assert_eq!(found["survived"], ["`echo two > second`"], "{found:?}");
    let same = ["`echo two > second` ↔ `touch second`", "`touch second`"];
    assert_eq!(found["equivalent"], same, "{found:?}");
    for change in [
        "`one` → `onf` in `one`",
        "`echo one > first`",
        "twice `one`",
    ] {
        assert!(found["found"].iter().any(|it| it == change), "{found:?}");
    }
    let survived = serde_json::from_str::<Value>(&tried.stdout).unwrap();
    let survived = survived["mutants"].as_array().unwrap().iter();
    let survived = survived
        .clone()
        .find(|it| it["fate"] == "survived")
        .unwrap();
    assert!(
        survived["differences"].to_string().contains("./second"),
        "{survived}"
    );

    let again = book.run(&["mutants", "--least-found", "50"]);
    assert_eq!((again.code, again.stderr.as_str()), (0, ""));
    assert!(
        again.stdout.contains(
            "4 found (0 of them malformed, and so before any run), 2 equivalent, 1 survived"
        ),
        "{}",
        again.stdout
    );
    let few = book.run(&["mutants", "--least-found", "0", "--most-equivalent", "20"]);
    assert_eq!(
        (few.code, few.stderr.as_str()),
        (1, "2 of 7 are equivalent, more than 20%\n")
    );
}

#[test]
fn a_page_that_does_not_hold_as_it_is_has_no_mutants() {
    let book = Book::page(&PAGE.replace("\none\n", "\nother\n"));
    let tried = book.run(&["mutants", "--count", "1"]);
    assert_eq!((tried.code, tried.stdout.as_str()), (1, ""));
    for part in ["src/page.md:11: printed `other`, is `one`", "mend it first"] {
        assert!(
            tried.stderr.contains(part),
            "no {part:?} in {}",
            tried.stderr
        );
    }
    assert!(!book.has("target/seaworthy/mutants.jsonl"));
}

/// Some pages of this repository's book that are quick to run.
const QUICK: [&str; 4] = ["overview", "bridged-networks", "cheat-sheet", "next"];

/// A sample of them: none survives.
#[test]
fn a_small_sample_of_the_book_is_found() {
    support::engine::needed();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = QUICK.map(|page| format!("book/src/networking/{page}.md"));
    let mut arguments = vec![
        "mutants", ".", "--fresh", "--count", "8", "--format", "json",
    ];
    arguments.extend(pages.iter().map(String::as_str));
    let mut command = std::process::Command::new(support::program());
    let ran = command.args(&arguments).current_dir(root).output();
    let ran = Ran::from(ran.unwrap());
    let fates = fates(&ran);
    assert_eq!(ran.code, 0, "{fates:?}\n{}", ran.stderr);
    assert!(fates["found"].len() >= 6, "too few were run: {fates:?}");
    let log = fs::read_to_string(root.join("target/seaworthy/mutants.jsonl")).unwrap();
    assert!(log.lines().count() >= 8);
}
