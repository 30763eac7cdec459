//! Sums, merging and the format.

use super::*;

fn session(status: Status, proves: Option<&str>) -> Session {
    Session {
        id: "a-1".into(),
        fingerprint: "f".into(),
        file: None,
        line: 3,
        turn: 0,
        on: None,
        status,
        seconds: 0.5,
        commands: 2,
        typed: Vec::new(),
        hidden: false,
        varies: Vec::new(),
        proves: proves.map(Into::into),
        rests_on: proves.map(|_| Ground::Output),
        retried: None,
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
            turn: 0,
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
        ..Page::default()
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
    assert_eq!((summary.exercises, summary.exercises_failed), (1, 0));
}

/// Whatever doesn't hold counts, and what ends with an exit code other than 0 is never "0 failed".
#[test]
fn whatever_fails_counts() {
    let sums = |change: &dyn Fn(&mut Page)| {
        let mut report = report();
        let page = &mut report.runs[0].pages[0];
        page.sessions
            .retain(|session| session.status == Status::Passed);
        page.diagrams.clear();
        change(page);
        let runs = report.runs;
        Report::new("0", String::new(), 0.0, runs).summary
    };
    assert_eq!(sums(&|_| ()).failures, 0);
    assert_eq!(
        sums(&|page| page.sessions[0].status = Status::Failed).failures,
        1
    );
    assert_eq!(
        sums(&|page| page.error = Some("no machine".into())).failures,
        1
    );
    let diagrams = report().runs[0].pages[0].diagrams.clone();
    assert_eq!(
        sums(&|page| page.diagrams.clone_from(&diagrams)).failures,
        1
    );
    let unsolved = sums(&|page| {
        page.exercises[0].status = Status::Failed;
        page.sessions[0].status = Status::Failed;
    });
    assert_eq!((unsolved.failures, unsolved.exercises_failed), (1, 1));
    let unfinished = sums(&|page| page.unfinished = Some("the engine was lost".into()));
    assert_eq!((unfinished.failures, unfinished.pages_unfinished), (0, 1));
    let retried = sums(&|page| {
        page.sessions[0].hidden = true;
        page.sessions[0].retried = Some(Retried {
            tries: 4,
            outputs: 4,
        });
    });
    assert_eq!((retried.hidden, retried.retried), (1, 1));
}

#[test]
fn a_try_is_told_by_its_number() {
    let at = |tries| Retried { tries, outputs: 1 }.at();
    assert_eq!(
        [at(2), at(4), at(11)],
        ["the second try", "the fourth try", "try 11"]
    );
}

#[test]
fn what_was_run_of_a_page() {
    let mut page = report().runs.remove(0).pages.remove(0);
    assert!(page.ran());
    page.sessions
        .retain(|session| session.status == Status::NotRun);
    assert!(page.ran(), "its diagram was compared");
    page.diagrams[0].status = Status::NotRun;
    assert!(!page.ran());
    page.error = Some("no machine".into());
    assert!(page.ran());
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
    new.keep(&old, &["src/b.md", "src/a.md"], "");
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
    // A page that left the book isn't kept, nor one of an earlier time where all was checked.
    let mut other = report();
    other.keep(&old, &["src/a.md"], "");
    other.keep(&old, &["src/b.md", "src/a.md"], "2026-01-02T03:04:05Z");
    assert_eq!(other.runs[0].pages.len(), 1);
    // Where it ran on another engine, that is still so; of a page that was checked now, it isn't.
    old.runs[0].engine.version = "20.10".into();
    old.runs[0].pages.push(report().runs[0].pages[0].clone());
    other.keep(&old, &["src/b.md", "src/a.md"], "");
    assert_eq!((other.runs.len(), other.runs[0].pages.len()), (2, 1));
    assert_eq!(other.runs[1].pages.len(), 1);
    assert_eq!(other.runs[1].pages[0].file, "src/b.md");
}

/// Two checks at once: what the other one found out later is not overwritten, unless its clock is wrong.
#[test]
fn what_another_check_found_out_meanwhile_stays() {
    let order = ["src/a.md"];
    let mut mine = report();
    let mut theirs = report();
    theirs.runs[0].pages[0].sessions.clear();
    for (at, kept) in [
        ("2026-01-02T03:04:04Z", false),
        ("2026-01-02T03:04:06Z", true),
        ("2027-01-02T03:04:06Z", false),
    ] {
        theirs.runs[0].pages[0].finished = at.into();
        mine.finished = "2026-01-02T03:04:07Z".into();
        mine.runs = report().runs;
        mine.keep(&theirs, &order, "");
        assert_eq!(mine.runs[0].pages[0].sessions.is_empty(), kept, "{at}");
    }
}

#[test]
fn a_report_that_was_changed_by_hand_contradicts_itself() {
    let sound = || {
        let mut report = report();
        let page = &mut report.runs[0].pages[0];
        page.sessions[1].id = "b-1".into();
        page.sessions[1].failure = Some(Failure {
            code: FailureCode::CommandFailed,
            file: "src/a.md".into(),
            line: 4,
            command: "false".into(),
            exit: Some(1),
            message: "exited with 1".into(),
            help: String::new(),
            expected: String::new(),
            actual: String::new(),
            diff: Vec::new(),
            machine: String::new(),
            rerun: String::new(),
        });
        page.sessions[2].commands = 0;
        report
    };
    assert_eq!(sound().contradiction(), None);
    type Change = fn(&mut Page);
    let changes: [Change; 5] = [
        |page| page.sessions[1].status = Status::Passed,
        |page| {
            page.sessions[1].status = Status::Passed;
            page.sessions[1].failure = None;
        },
        |page| page.sessions[0].reason = Some("exited with 1".into()),
        |page| page.diagrams[0].status = Status::Passed,
        |page| page.sessions[0].status = Status::Failed,
    ];
    for (at, change) in changes.iter().enumerate() {
        let mut report = sound();
        change(&mut report.runs[0].pages[0]);
        assert!(report.contradiction().is_some(), "change {at}");
    }
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

/// A report of version 0.1 of the tool, whose differences are text, is refused, and so is one that is yet to come.
#[test]
fn another_version_is_refused_with_the_remedy() {
    let current = format!("\"version\": {VERSION},");
    for other in [1, 99] {
        let json = report()
            .to_json()
            .replace(&current, &format!("\"version\": {other},"));
        let error = Report::from_json(&json).unwrap_err().to_string();
        let said = format!(
            "the report has version {other} of its format; this program reads version 2: run `seaworthy check` again"
        );
        assert_eq!(error, said);
    }
    assert!(Report::from_json("{}").is_err());
}

/// Fields are added within a version, so readers pass over those that they don't know.
#[test]
fn a_field_that_is_not_known_is_passed_over() {
    let mut json: serde_json::Value = serde_json::from_str(&report().to_json()).unwrap();
    json["yet to come"] = true.into();
    json["runs"][0]["pages"][0]["sessions"][0]["yet to come"] = "a word".into();
    assert_eq!(Report::from_json(&json.to_string()).unwrap(), report());
}

#[test]
fn each_code_is_written_by_its_name_and_no_two_alike() {
    let mut names: Vec<_> = FailureCode::ALL.iter().map(|code| code.name()).collect();
    for code in FailureCode::ALL {
        assert_eq!(serde_json::to_value(code).unwrap(), code.name());
        let small = |c: char| c == '-' || c.is_ascii_lowercase();
        assert!(code.name().chars().all(small), "{code}");
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), FailureCode::ALL.len());
}

#[test]
fn sessions_and_diagrams_are_told_in_their_turn() {
    let mut report = report();
    let page = &mut report.runs[0].pages[0];
    for (session, turn) in page.sessions.iter_mut().zip([3, 0, 2]) {
        session.turn = turn;
    }
    page.diagrams[0].turn = 1;
    let told = page.judged().map(|judged| match judged {
        Judged::Session(session) => session.status,
        Judged::Diagram(diagram) => diagram.status,
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            Status::Failed,
            Status::Failed,
            Status::NotRun,
            Status::Passed
        ]
    );
}
