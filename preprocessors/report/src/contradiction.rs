//! Results that can't be so by what else a report says: somebody changed them by hand.

use crate::{Page, Report, Status};

impl Report {
    /// What in it can't be so, if anything: a check never writes that. It finds a result that was changed by hand without
    /// all that goes with it, and no more.
    #[must_use]
    pub fn contradiction(&self) -> Option<String> {
        let pages = || self.runs.iter().flat_map(|run| &run.pages);
        if let Some(why) = pages().find_map(Page::contradiction) {
            return Some(why);
        }
        let failed = |page: &Page| {
            page.sessions
                .iter()
                .filter(|s| s.status == Status::Failed)
                .count()
        };
        let there: usize = pages().map(failed).sum();
        (self.summary.failed > there).then(|| {
            format!(
                "{} sessions failed by its sums, and {there} by its pages",
                self.summary.failed
            )
        })
    }
}

impl Page {
    /// What of the page is said to hold, and can't by what else is said of it.
    fn contradiction(&self) -> Option<String> {
        let at = |file: &Option<String>, line: usize| {
            format!("{}:{line}", file.as_ref().unwrap_or(&self.file))
        };
        let mut sessions = self.sessions.iter().filter(|s| s.status == Status::Passed);
        let wrong = sessions.find(|s| s.failure.is_some() || s.reason.is_some());
        if let Some(session) = wrong {
            let place = at(&session.file, session.line);
            return Some(format!(
                "the session at {place} passed, and says how it failed"
            ));
        }
        let mut diagrams = self.diagrams.iter().filter(|d| d.status == Status::Passed);
        if let Some(diagram) = diagrams.find(|d| !d.differences.is_empty()) {
            let place = at(&diagram.file, diagram.line);
            return Some(format!(
                "the diagram at {place} is true, and says what differs"
            ));
        }
        let failed = |id: &str| {
            self.sessions
                .iter()
                .any(|s| s.id == id && s.status == Status::Failed)
        };
        let mut solved = self.exercises.iter().filter(|e| e.status == Status::Passed);
        let wrong = solved.find(|exercise| failed(&exercise.check));
        wrong.map(|exercise| {
            format!(
                "the exercise `{}` holds, and its check does not",
                exercise.id
            )
        })
    }
}
