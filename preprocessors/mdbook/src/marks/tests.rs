//! When a mark is green.

use super::*;
use crate::one_page;

use seaworthy_report::{Engine, Page as PageReport, Run};

fn page() -> Page {
    let text = "```console\n$ a\n```\n\n```console,no_run=\"needs two\"\n$ b\n```\n\n```console\n$ c\n```\n";
    one_page::page(text)
}

/// A report in which the page's sessions have `statuses`, on each of `engines`.
fn marks(statuses: [(Status, bool); 3], engines: &[&str]) -> Marks {
    let sessions = page()
        .sessions()
        .zip(statuses)
        .map(|(step, (status, current))| Session {
            id: step.id.clone(),
            fingerprint: if current {
                step.fingerprint.clone()
            } else {
                "old".to_owned()
            },
            file: None,
            line: 1,
            turn: 0,
            on: None,
            status,
            seconds: 0.0,
            commands: 1,
            typed: Vec::new(),
            hidden: false,
            varies: Vec::new(),
            proves: None,
            rests_on: None,
            retried: None,
            reason: None,
            notes: Vec::new(),
            failure: None,
            further: Vec::new(),
            not_reached: Vec::new(),
        })
        .collect::<Vec<_>>();
    let runs = engines.iter().map(|version| Run {
        engine: Engine {
            version: (*version).to_owned(),
            api: "1.51".to_owned(),
        },
        images: Vec::new(),
        pages: vec![PageReport {
            file: "src/a.md".to_owned(),
            finished: "2026-11-24T01:02:03Z".to_owned(),
            sessions: sessions.clone(),
            ..PageReport::default()
        }],
    });
    let report = Report::new("0", "2026-11-24T01:02:03Z".to_owned(), 0.0, runs.collect());
    Marks::new(Some(&report), Fresh::default())
}

#[test]
fn what_is_meant_for_other_engines_does_not_count() {
    let left_out = (Status::NotRun, true);
    let marks = marks([left_out, left_out, (Status::Passed, true)], &["28.5.2"]);
    let (sessions, state) = classes(&marks);
    assert_eq!(sessions, ["not-run", "not-run", "verified"]);
    assert_eq!(state, "verified");
    let edited = self::marks(
        [(Status::NotRun, false), left_out, (Status::Passed, true)],
        &["28.5.2"],
    );
    assert_eq!(classes(&edited).0[0], "unverified");
    let said = marks.page(&page()).unwrap().text;
    assert_eq!(
        said,
        "1 session verified. Checked on 2026-11-24 with Docker Engine 28.5.2."
    );
}

fn classes(marks: &Marks) -> (Vec<String>, String) {
    let page = page();
    let sessions = page.sessions().map(|s| marks.session(s).class).collect();
    (sessions, marks.page(&page).unwrap().class)
}

#[test]
fn green_needs_a_passing_run_of_what_is_written_now() {
    use Status::{Failed, NotRun, Passed, Skipped};
    let not_run = (NotRun, true);
    for (first, last, expected) in [
        (
            (Passed, true),
            (Passed, true),
            ["verified", "verified", "verified"],
        ),
        (
            (Passed, true),
            (Passed, false),
            ["verified", "unverified", "unverified"],
        ),
        (
            (Passed, true),
            (Failed, true),
            ["verified", "failed", "failed"],
        ),
        (
            (Failed, true),
            (Skipped, true),
            ["failed", "unverified", "failed"],
        ),
        (
            (Failed, false),
            (Skipped, false),
            ["unverified", "unverified", "unverified"],
        ),
    ] {
        let (sessions, page) = classes(&marks([first, not_run, last], &["28.5.2"]));
        assert_eq!(
            [&sessions[0], &sessions[2], &page],
            expected.each_ref(),
            "{expected:?}"
        );
        assert_eq!(sessions[1], "not-run");
    }
    let (sessions, page) = classes(&Marks::default());
    assert_eq!(
        (sessions[0].as_str(), page.as_str()),
        ("unverified", "unverified")
    );
}

#[test]
fn the_mark_says_when_and_on_which_engines() {
    let passed = (Status::Passed, true);
    let marks = marks(
        [passed, (Status::NotRun, true), passed],
        &["20.10.24", "28.5.2"],
    );
    let badge = marks.page(&page()).unwrap();
    assert_eq!(
        badge.text,
        "2 sessions verified. Checked on 2026-11-24 with Docker Engine 20.10.24, 28.5.2."
    );
}
