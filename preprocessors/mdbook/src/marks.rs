//! What the last check says about a session or a page, in a word.

use std::collections::HashMap;

use seaworthy_console::Badge;
use seaworthy_page::{Page, SessionStep};
use seaworthy_report::{Report, Session, Status};

/// The results of the last check, by session.
#[derive(Default)]
pub(crate) struct Marks {
    /// For each session id, what came of it on each engine.
    results: HashMap<String, Vec<(String, Session)>>,
    /// The day of the check, as `2026-11-24`.
    day: String,
}

/// Whether a block is proved.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Verified,
    Failed,
    Unverified,
    NotRun,
}

impl Marks {
    pub(crate) fn new(report: Option<Report>) -> Self {
        let Some(report) = report else {
            return Self::default();
        };
        let mut results: HashMap<String, Vec<_>> = HashMap::new();
        for run in report.runs {
            for session in run.pages.into_iter().flat_map(|page| page.sessions) {
                let result = (run.engine.version.clone(), session);
                results.entry(result.1.id.clone()).or_default().push(result);
            }
        }
        let day = report.finished.split('T').next().unwrap_or_default();
        Self {
            results,
            day: day.to_owned(),
        }
    }

    /// The mark of a session.
    pub(crate) fn session(&self, step: &SessionStep) -> Badge {
        match self.state(step) {
            State::NotRun => {
                let reason = step.attributes.no_run.as_deref().unwrap_or_default();
                badge(
                    "not-run",
                    format!("Not run: {reason}"),
                    "The author marked this session as not to be run.",
                )
            }
            State::Verified => badge("verified", "Verified", &self.when(step)),
            State::Failed => badge("failed", "Did not hold", &self.when(step)),
            State::Unverified => badge(
                "unverified",
                "Unverified",
                "This session, or one before it, was not run since it was last edited.",
            ),
        }
    }

    /// The mark of a page; none if nothing on it is run.
    pub(crate) fn page(&self, page: &Page) -> Option<Badge> {
        let states: Vec<_> = page.sessions().map(|step| self.state(step)).collect();
        let run: Vec<_> = states.iter().filter(|&&s| s != State::NotRun).collect();
        let verified = run.iter().filter(|&&&s| s == State::Verified).count();
        let first = page.sessions().find(|s| s.attributes.no_run.is_none())?;
        let sessions = if run.len() == 1 {
            "session"
        } else {
            "sessions"
        };
        Some(if run.contains(&&State::Failed) {
            let text = format!(
                "Does not hold: {verified} of {} {sessions} verified",
                run.len()
            );
            badge("failed", text, &self.when(first))
        } else if verified == run.len() {
            let text = format!("{verified} {sessions} verified. {}", self.when(first));
            badge(
                "verified",
                text,
                "Every session of this page was run on a real Docker Engine and printed what is shown.",
            )
        } else {
            let text = format!(
                "Unverified: {verified} of {} {sessions} verified",
                run.len()
            );
            badge(
                "unverified",
                text,
                "The page was edited since it was last checked, or never checked.",
            )
        })
    }

    fn state(&self, step: &SessionStep) -> State {
        if step.attributes.no_run.is_some() {
            return State::NotRun;
        }
        let current: Vec<_> = self.current(step).collect();
        let all = self.results.get(&step.id).map_or(0, Vec::len);
        if current.iter().any(|(_, s)| s.status == Status::Failed) {
            State::Failed
        } else if !current.is_empty()
            && current.len() == all
            && current.iter().all(|(_, s)| s.status == Status::Passed)
        {
            State::Verified
        } else {
            State::Unverified
        }
    }

    /// What came of the session as it stands now, on each engine.
    fn current<'a>(&'a self, step: &'a SessionStep) -> impl Iterator<Item = &'a (String, Session)> {
        let results = self.results.get(&step.id).into_iter().flatten();
        results.filter(|(_, session)| session.fingerprint == step.fingerprint)
    }

    fn when(&self, step: &SessionStep) -> String {
        let engines: Vec<_> = self.current(step).map(|(v, _)| v.as_str()).collect();
        format!(
            "Checked on {} with Docker Engine {}.",
            self.day,
            engines.join(", ")
        )
    }
}

fn badge(class: &str, text: impl Into<String>, title: &str) -> Badge {
    Badge {
        class: class.to_owned(),
        text: text.into(),
        title: title.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    use seaworthy_page::{BookSettings, Loader};
    use seaworthy_report::{Engine, Page as PageReport, Run};

    struct One;

    impl Loader for One {
        fn load(&self, _: &Path) -> Result<String, String> {
            Ok("```console\n$ a\n```\n\n```console,no_run=\"needs two\"\n$ b\n```\n\n```console\n$ c\n```\n".to_owned())
        }
    }

    fn page() -> Page {
        Page::load(Path::new("src/a.md"), &One, &BookSettings::default()).unwrap()
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
                status,
                seconds: 0.0,
                commands: 1,
                proves: None,
                reason: None,
                notes: Vec::new(),
                failure: None,
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
                seconds: 0.0,
                sessions: sessions.clone(),
                left: Vec::new(),
                error: None,
            }],
        });
        let report = Report::new("0", "2026-11-24T01:02:03Z".to_owned(), 0.0, runs.collect());
        Marks::new(Some(report))
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
}
