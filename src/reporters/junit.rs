//! Results as JUnit's XML, which most CI systems show: a suite for each page, a case for each session and diagram.

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use seaworthy_report::{Diagram, FailureCode, Ground, Page, Report, Run, Session, Status};

use super::{changed_images, diff_text};

/// The XML of `report`, each file with `prefix` before it.
pub(super) fn render(report: &Report, prefix: &str) -> String {
    let mut junit = quick_junit::Report::new("seaworthy");
    for run in &report.runs {
        for page in &run.pages {
            junit.add_test_suite(suite(run, page, prefix));
        }
    }
    // Everything in it is text, which XML holds once it is escaped.
    let mut text = junit.to_string().unwrap_or_default();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn suite(run: &Run, page: &Page, prefix: &str) -> TestSuite {
    let file = format!("{prefix}{}", page.file);
    let mut suite = TestSuite::new(format!("{file} (Docker Engine {})", run.engine.version));
    for session in &page.sessions {
        suite.add_test_case(of_session(session, page, &file, prefix));
    }
    for diagram in &page.diagrams {
        suite.add_test_case(of_diagram(diagram, page, &file));
    }
    if let Some(why) = &page.unfinished {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_type(FailureCode::PageUnfinished.name());
        status.set_message(format!(
            "not finished, which says nothing of the page: {why}"
        ));
        suite.add_test_case(case("the check", status, &file));
    }
    if let Some(why) = &page.error {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_type(FailureCode::PageNotRun.name());
        status.set_message(why.clone());
        describe(&mut status, [changed_images(page)]);
        suite.add_test_case(case("the page", status, &file));
    }
    suite
}

/// Says more of a status: the parts that aren't empty, each on lines of its own.
fn describe(status: &mut TestCaseStatus, parts: impl IntoIterator<Item = String>) {
    let told: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if !told.is_empty() {
        status.set_description(told.join("\n"));
    }
}

fn of_session(session: &Session, page: &Page, file: &str, prefix: &str) -> TestCase {
    let status = match session.status {
        Status::Passed => TestCaseStatus::success(),
        Status::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Status::Skipped | Status::NotRun => TestCaseStatus::skipped(),
    };
    let mut status = status;
    if let Some(reason) = &session.reason {
        status.set_message(reason.clone());
    }
    if let Some(first) = &session.failure {
        status.set_type(first.code.name());
    }
    let failures = session.failures().flat_map(|failure| {
        let place = format!("{prefix}{}:{}", failure.file, failure.line);
        [
            format!("{place}: {} [{}]", failure.message, failure.code),
            format!("$ {}", failure.command),
            diff_text(failure),
            failure.help.clone(),
            changed_images(page),
            failure.machine.clone(),
            failure.rerun.clone(),
        ]
    });
    // Of a session that wasn't begun, the reason says it.
    let begun = session.commands > 0;
    let not_reached = session.not_reached.iter().filter(|_| begun);
    let not_reached = not_reached.map(|command| format!("not reached: {command}"));
    describe(&mut status, failures.chain(not_reached));
    let name = match &session.proves {
        Some(claim) => format!("line {}: {claim}", session.line),
        None => format!("line {}", session.line),
    };
    let mut case = case(&name, status, file);
    if session.hidden {
        case.add_property(("hidden", "true"));
    }
    if let Some(ground) = session.rests_on {
        case.add_property(("rests-on", on(ground)));
    }
    if let Some(retried) = &session.retried {
        case.add_property(("tries", retried.tries.to_string().as_str()));
    }
    if !session.notes.is_empty() {
        case.set_system_out(session.notes.join("\n"));
    }
    case.set_time(std::time::Duration::from_secs_f64(session.seconds.max(0.0)));
    case
}

/// What a claim rests on, in a word.
fn on(ground: Ground) -> &'static str {
    match ground {
        Ground::Output => "output",
        Ground::Exit => "exit",
        Ground::Failure => "failure",
        Ground::Test => "test",
        Ground::Check => "check",
        Ground::Nothing => "nothing",
    }
}

fn of_diagram(diagram: &Diagram, page: &Page, file: &str) -> TestCase {
    let mut status = match diagram.status {
        Status::Passed => TestCaseStatus::success(),
        Status::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Status::Skipped | Status::NotRun => TestCaseStatus::skipped(),
    };
    if let Some(code) = diagram.failed() {
        status.set_type(code.name());
    }
    if !diagram.differences.is_empty() {
        status.set_message(diagram.differences.join("; "));
        describe(&mut status, [changed_images(page)]);
    }
    case(&format!("line {}: the diagram", diagram.line), status, file)
}

fn case(name: &str, status: TestCaseStatus, file: &str) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(file);
    case
}
