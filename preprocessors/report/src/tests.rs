//! Sums, merging and the format.

use super::*;

fn session(status: Status, proves: Option<&str>) -> Session {
    Session {
        id: "a-1".into(),
        fingerprint: "f".into(),
        file: None,
        line: 3,
        on: None,
        status,
        seconds: 0.5,
        commands: 2,
        proves: proves.map(Into::into),
        reason: None,
        notes: Vec::new(),
        failure: None,
        further: Vec::new(),
        not_reached: Vec::new(),
    }
}

fn report() -> Report {
    let page = Page {
        file: "src/a.md".into(),
        finished: "2026-01-02T03:04:05Z".into(),
        seconds: 1.0,
        sessions: vec![
            session(Status::Passed, Some("it works")),
            session(Status::Failed, Some("it fails")),
            session(Status::NotRun, None),
        ],
        diagrams: vec![Diagram {
            id: "d-1".into(),
            fingerprint: "f".into(),
            file: None,
            line: 9,
            status: Status::Failed,
            differences: vec!["`app` is not attached to `back`".into()],
        }],
        exercises: vec![Exercise {
            id: "static-app".into(),
            check: "a-1".into(),
            status: Status::Passed,
            failed_before: vec![4],
            held_before: Vec::new(),
        }],
        held_with: Vec::new(),
        changed_images: Vec::new(),
        left: Vec::new(),
        error: None,
    };
    let engine = Engine {
        version: "28.5.2".into(),
        api: "1.51".into(),
    };
    let images = vec![Image {
        reference: "nginx:1.30-alpine".into(),
        digest: "sha256:0".into(),
        origin: Origin::StandIn("Debian's nginx".into()),
    }];
    let run = Run {
        engine,
        images,
        pages: vec![page],
    };
    Report::new("0.1.0", "2026-01-02T03:04:05Z".into(), 2.0, vec![run])
}

#[test]
fn sums_count_sessions_and_only_claims_that_hold() {
    let summary = report().summary;
    let counted = (summary.sessions, summary.commands, summary.claims);
    assert_eq!(counted, (3, 6, 1));
    assert_eq!((summary.passed, summary.failed, summary.not_run), (1, 1, 1));
    assert_eq!((summary.diagrams, summary.diagrams_failed), (0, 1));
}

#[test]
fn pages_of_an_earlier_report_are_kept() {
    let mut new = report();
    let mut old = report();
    old.runs[0].pages[0].file = "src/b.md".into();
    old.runs[0].images[0].digest = "sha256:old".into();
    let mut other_image = old.runs[0].images[0].clone();
    other_image.reference = "alpine:3.22".into();
    old.runs[0].images.push(other_image);
    new.keep(&old, &["src/b.md", "src/a.md"]);
    let files: Vec<_> = new.runs[0].pages.iter().map(|p| p.file.as_str()).collect();
    assert_eq!(files, ["src/b.md", "src/a.md"]);
    // What was seen just now goes before what was seen then.
    let images = new.runs[0].images.iter();
    let images: Vec<_> = images
        .map(|i| (i.reference.as_str(), i.digest.as_str()))
        .collect();
    assert_eq!(
        images,
        [
            ("alpine:3.22", "sha256:old"),
            ("nginx:1.30-alpine", "sha256:0")
        ]
    );
    assert_eq!(new.summary.pages, 1);
    // A page that left the book, or ran on another engine, isn't kept.
    let mut other = report();
    other.keep(&old, &["src/a.md"]);
    assert_eq!(other.runs[0].pages.len(), 1);
    old.runs[0].engine.version = "20.10".into();
    other.keep(&old, &["src/b.md", "src/a.md"]);
    assert_eq!(other.runs[0].pages.len(), 1);
}

#[test]
fn a_page_that_could_not_be_begun_keeps_the_images_it_held_with() {
    let mut held = report();
    held.runs[0].pages[0].held_with = held.runs[0].images.clone();
    let engine = held.runs[0].engine.clone();
    let images = |report: &Report| {
        let page = report.page(&engine, "src/a.md");
        page.map(|page| page.held_with.len())
    };
    // It failed on its engine, or came to none; what it holds with now is known if it ran.
    for (version, error, kept) in [
        ("28.5.2", true, Some(1)),
        ("", true, Some(1)),
        ("28.5.2", false, Some(0)),
        ("26.1.5", true, None),
    ] {
        let mut now = report();
        now.runs[0].engine.version = version.to_owned();
        now.runs[0].pages[0].error = error.then(|| "its machine did not come up".to_owned());
        now.remember(&held);
        assert_eq!(images(&now), kept, "{version} {error}");
    }
}

#[test]
fn reports_of_parts_are_put_together() {
    let mut whole = report();
    let mut part = report();
    assert_eq!(whole.merge(part.clone()), Err("src/a.md".to_owned()));
    assert_eq!(whole, report());
    part.runs[0].pages[0].file = "src/b.md".into();
    part.finished = "2026-01-02T04:00:00Z".into();
    whole.merge(part.clone()).unwrap();
    assert_eq!((whole.runs.len(), whole.runs[0].images.len()), (1, 1));
    assert_eq!((whole.summary.pages, whole.summary.sessions), (2, 6));
    assert!((whole.summary.seconds - 4.0).abs() < f64::EPSILON);
    assert_eq!(whole.finished, "2026-01-02T04:00:00Z");
    part.runs[0].engine.version = "20.10".into();
    whole.merge(part).unwrap();
    assert_eq!(whole.runs.len(), 2);
}

#[test]
fn json_there_and_back() {
    let report = report();
    assert_eq!(Report::from_json(&report.to_json()).unwrap(), report);
}

#[test]
fn another_version_is_refused_with_the_remedy() {
    let json = report()
        .to_json()
        .replace("\"version\": 1,", "\"version\": 99,");
    let error = Report::from_json(&json).unwrap_err().to_string();
    assert!(error.contains("version 99") && error.contains("seaworthy check"));
    assert!(Report::from_json("{}").is_err());
}
