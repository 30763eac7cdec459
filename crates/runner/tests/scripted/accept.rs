//! What should stand in the author's files instead.

use crate::book::{accepting, checked, page};
use crate::host::FakeHost;
use crate::shell::{Script, prints};
use seaworthy_runner::Accept;
use std::sync::Arc;

/// An id as the author shows it, and as the machine prints it.
const SHOWN: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904ab0c1d2e3f405162738495a6";
const REAL: &str = "9c2f0b7712cb6eb9a060e54bf8d69288fbee4904ab0c1d2e3f405162738495a6";

/// The changes that a page comes to, as `old -> new` where there is one.
async fn changes(accept: Accept, text: &str) -> Vec<String> {
    let script = Script::default()
        .on("now", [prints("new\n")])
        .on("good", [prints("fine\n")])
        .on("fails", [prints("new\n").exit(1)])
        .on("create", [prints(&format!("{REAL}\n"))]);
    let hosts = [Arc::new(FakeHost::new(script))];
    let (checked, _) = checked(&hosts, &[page("a", text)], &accepting(accept)).await;
    let changes = checked.expect("the check ends").changes.into_iter();
    changes
        .filter_map(|change| match change {
            Ok(change) if change.old == change.new => None,
            Ok(change) => Some(format!(
                "{}:{} {} -> {}",
                change.file, change.line, change.old, change.new
            )),
            Err(why) => Some(why),
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn what_was_printed_is_taken_for_what_is_shown() {
    let text = "```console\n$ good\nfine\n$ now\nold\n```\n";
    assert_eq!(
        changes(Accept::Failing, text).await,
        ["src/a.md:5 old -> new"]
    );
    assert_eq!(changes(Accept::All, text).await, ["src/a.md:5 old -> new"]);
}

#[tokio::test(start_paused = true)]
async fn a_value_that_varies_stays_unless_all_is_taken() {
    let text = format!(
        "```console\n$ create\n{SHOWN}\n```\n\nIt is `{SHOWN}`.\n\n```console\n$ create\n{SHOWN}\n$ now\nold\n```\n"
    );
    assert_eq!(
        changes(Accept::Failing, &text).await,
        ["src/a.md:12 old -> new"]
    );
    let lines = [3, 10].map(|line| format!("src/a.md:{line} {SHOWN} -> {REAL}"));
    assert_eq!(
        changes(Accept::All, &text).await,
        [
            lines[0].clone(),
            lines[1].clone(),
            "src/a.md:12 old -> new".to_owned(),
            format!("src/a.md:6 {SHOWN} -> {REAL}"),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_command_that_ends_otherwise_is_not_accepted() {
    let text = "```console\n$ fails\nold\n```\n";
    let refused = changes(Accept::Failing, text).await;
    assert_eq!(refused.len(), 1);
    assert!(
        refused[0].starts_with("src/a.md:2: exited with 1"),
        "{refused:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_looks_like_a_command_is_not_deleted() {
    let text = "```console\n$ now\nold\n# docker ps\n```\n";
    let refused = changes(Accept::Failing, text).await;
    assert!(
        refused.iter().all(|why| !why.contains(" -> ")),
        "{refused:?}"
    );
}
