//! The sums of a report.

use serde::{Deserialize, Serialize};

use crate::{Page, Session, Status};

/// The sums of a report. All but `pages`, `commands`, the diagrams and `seconds` count sessions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Summary {
    /// Pages that were checked.
    pub pages: usize,
    /// Pages that couldn't be run to their end, whatever their sessions say.
    pub pages_broken: usize,
    /// Sessions of all kinds.
    pub sessions: usize,
    /// Commands that were typed.
    pub commands: usize,
    /// Commands that weren't reached, because something before them failed.
    #[serde(default)]
    pub commands_skipped: usize,
    /// Sessions that hold.
    pub passed: usize,
    /// Sessions that don't.
    pub failed: usize,
    /// Sessions that weren't reached, or not wholly, because something before them failed.
    pub skipped: usize,
    /// Sessions that their author marked `no_run`.
    pub not_run: usize,
    /// Claims (`proves`) whose session holds.
    pub claims: usize,
    /// Printed values that the authors of the sessions which were run free (`varies`).
    #[serde(default)]
    pub varies: usize,
    /// Diagrams that the engine looked like.
    pub diagrams: usize,
    /// Diagrams that it didn't.
    pub diagrams_failed: usize,
    /// Exercises whose check failed before the solution and held after it.
    #[serde(default)]
    pub exercises: usize,
    /// Exercises whose check didn't.
    #[serde(default)]
    pub exercises_failed: usize,
    /// Everything that doesn't hold: sessions, an exercise's check among them, diagrams, and pages that couldn't be run.
    /// If it is 0 and `pages_unfinished` too, all that was run holds.
    #[serde(default)]
    pub failures: usize,
    /// Sessions that were run and that the page doesn't show.
    #[serde(default)]
    pub hidden: usize,
    /// Sessions that hold, but not at the first try.
    #[serde(default)]
    pub retried: usize,
    /// Pages whose check couldn't be finished, because the engine was lost.
    #[serde(default)]
    pub pages_unfinished: usize,
    /// How long the check took.
    pub seconds: f64,
}

impl Summary {
    /// All that doesn't hold, by the other sums.
    pub(crate) fn that_fail(&self) -> usize {
        self.failed + self.diagrams_failed + self.pages_broken
    }

    /// The sums over `pages`, whose check took `seconds`.
    pub(crate) fn of<'a>(pages: impl Iterator<Item = &'a Page>, seconds: f64) -> Self {
        let mut summary = Self {
            seconds,
            ..Self::default()
        };
        for page in pages {
            summary.pages += 1;
            summary.pages_broken += usize::from(page.error.is_some());
            for session in &page.sessions {
                summary.add(session);
            }
            let count = |status| page.diagrams.iter().filter(|d| d.status == status).count();
            summary.diagrams += count(Status::Passed);
            summary.diagrams_failed += count(Status::Failed);
            let solved = page.exercises.iter();
            let solved = solved.filter(|e| e.status == Status::Passed).count();
            summary.exercises += solved;
            summary.exercises_failed += page.exercises.len() - solved;
            summary.pages_unfinished += usize::from(page.unfinished.is_some());
        }
        summary.failures = summary.that_fail();
        summary
    }

    fn add(&mut self, session: &Session) {
        self.sessions += 1;
        self.commands += session.commands;
        self.commands_skipped += session.not_reached.len();
        match session.status {
            Status::Passed => self.passed += 1,
            Status::Failed => self.failed += 1,
            Status::Skipped => self.skipped += 1,
            Status::NotRun => self.not_run += 1,
        }
        let passed = session.status == Status::Passed;
        self.claims += usize::from(passed && session.proves.is_some());
        self.retried += usize::from(passed && session.retried.is_some());
        self.hidden += usize::from(session.hidden && session.commands > 0);
        if session.commands > 0 {
            self.varies += session.varies.len();
        }
    }
}
