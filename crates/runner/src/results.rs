//! What came of a page, as it comes.

use std::collections::BTreeMap;

use seaworthy_page::{Exercise, Page, SessionStep, Step};
use seaworthy_report::{self as report, Status};

use super::accept::Change;
use super::block::none_reached;
use super::exercise::Trial;
use super::session::{blank, malformed};
use super::steps::rerun;
use super::{Event, Observer, SessionResult, diagram};

/// What came of the steps of a page, by the step's index, and of the page as a whole.
pub(super) struct Results<'a> {
    page: &'a Page,
    observer: &'a dyn Observer,
    /// The command that runs the page alone.
    rerun: String,
    sessions: BTreeMap<usize, report::Session>,
    diagrams: BTreeMap<usize, report::Diagram>,
    exercises: Vec<report::Exercise>,
    /// How many sessions and diagrams are judged.
    turns: usize,
    /// The page's images, and what is known of those with which it last held.
    images: Images,
    pub(super) changes: Vec<Result<Change, String>>,
    /// What the page left behind.
    pub(super) left: Vec<String>,
    error: Option<String>,
    unfinished: Option<String>,
}

/// The images of a page, now and when it last held.
#[derive(Default)]
struct Images {
    now: Vec<report::Image>,
    held_with: Vec<report::Image>,
    changed: Vec<report::ChangedImage>,
}

impl<'a> Results<'a> {
    /// Nothing is known yet of `page`, of the book in the folder `root`.
    pub(super) fn new(page: &'a Page, root: &str, observer: &'a dyn Observer) -> Self {
        Self {
            page,
            observer,
            rerun: rerun(root, page),
            sessions: BTreeMap::new(),
            diagrams: BTreeMap::new(),
            exercises: Vec::new(),
            turns: 0,
            images: Images::default(),
            changes: Vec::new(),
            left: Vec::new(),
            error: None,
            unfinished: None,
        }
    }

    /// The page is given the images `now`, and last held with those of `held_with`.
    pub(super) fn given(&mut self, now: Vec<report::Image>, held_with: Vec<report::Image>) {
        self.images = Images {
            changed: report::changed_images(&held_with, &now),
            now,
            held_with,
        };
    }

    fn tell(&self, event: Event) {
        self.observer.event(&event);
    }

    /// The page is doing `what` now.
    pub(super) fn doing(&self, what: &str) {
        self.tell(Event::Doing {
            page: self.page.file.clone(),
            what: what.to_owned(),
        });
    }

    /// The session at step `at` ended.
    pub(super) fn ended(&mut self, at: usize, mut result: SessionResult) {
        result.report.turn = self.turn();
        if result.report.status == Status::Failed {
            result.changed_images.clone_from(&self.images.changed);
        }
        self.sessions.insert(at, result.report.clone());
        self.tell(Event::SessionEnded {
            page: self.page.file.clone(),
            result: Box::new(result),
        });
    }

    /// The turn of what is judged next.
    fn turn(&mut self) -> usize {
        self.turns += 1;
        self.turns - 1
    }

    /// The diagram at step `at` was compared. The page goes on whatever came of it.
    pub(super) fn compared(&mut self, at: usize, mut diagram: report::Diagram) {
        diagram.turn = self.turn();
        self.diagrams.insert(at, diagram.clone());
        self.tell(Event::DiagramCompared {
            page: self.page.file.clone(),
            diagram,
        });
    }

    /// The exercise's check was tried before its solution and run after it.
    pub(super) fn exercise(&mut self, exercise: &Exercise, trial: Trial) {
        let Some(check) = self.sessions.get(&exercise.check) else {
            return;
        };
        self.exercises.push(report::Exercise {
            id: exercise.id.clone(),
            check: check.id.clone(),
            status: check.status,
            failed_before: trial.failed,
            held_before: trial.held,
        });
    }

    /// The session at step `at` isn't meant to be run, because of `reason`.
    pub(super) fn not_run(&mut self, at: usize, reason: &str) {
        if let Step::Session(step) = &self.page.steps[at] {
            self.without_run(at, step, (Status::NotRun, reason));
        }
    }

    /// The session or the diagram at step `at` isn't reached, because of `reason`.
    pub(super) fn skip(&mut self, at: usize, reason: &str) {
        self.one(at, Status::Skipped, reason);
    }

    /// Nothing further is reached, because of `reason`.
    pub(super) fn skip_rest(&mut self, reason: &str) {
        self.rest(Status::Skipped, reason);
    }

    /// Nothing is meant to be run here, because of `reason`.
    pub(super) fn leave_out(&mut self, reason: &str) {
        self.rest(Status::NotRun, reason);
    }

    fn rest(&mut self, status: Status, reason: &str) {
        for at in 0..self.page.steps.len() {
            self.one(at, status, reason);
        }
    }

    /// What is said of the step `at`, if it can be judged and isn't yet.
    fn one(&mut self, at: usize, status: Status, reason: &str) {
        match &self.page.steps[at] {
            Step::Session(step) if !self.sessions.contains_key(&at) => {
                self.without_run(at, step, (status, reason));
            }
            Step::Diagram(step) if step.verify && !self.diagrams.contains_key(&at) => {
                let mut skipped = diagram::blank(self.page, step, status, Vec::new());
                skipped.turn = self.turn();
                self.diagrams.insert(at, skipped);
            }
            Step::Malformed(_) => self.malformed(at),
            _ => {}
        }
    }

    /// The block at step `at` is malformed, which is told once.
    pub(super) fn malformed(&mut self, at: usize) {
        if let Step::Malformed(step) = &self.page.steps[at]
            && !self.sessions.contains_key(&at)
            && let Some(result) = malformed(step, self.rerun.clone())
        {
            self.ended(at, result);
        }
    }

    /// The page can't be run further, through no fault of its own: `why` says what happened. What didn't hold because of
    /// that is no failure.
    pub(super) fn leave_unfinished(&mut self, why: String) {
        self.skip_rest("the check could not be finished");
        self.error = None;
        self.unfinished = Some(why);
    }

    /// The page can't be run further: `error` says why.
    pub(super) fn fail_page(&mut self, error: String) {
        self.error = Some(error);
        self.skip_rest("the page could not be run");
    }

    fn without_run(&mut self, at: usize, step: &SessionStep, why: (Status, &str)) {
        let marked = step.attributes.no_run.as_deref();
        let (status, reason) = marked.map_or(why, |reason| (Status::NotRun, reason));
        let mut result = blank(self.page, step, status);
        result.report.reason = Some(if status == Status::Skipped {
            result.report.not_reached = none_reached(self.page, step, reason);
            format!("not reached: {reason}")
        } else {
            reason.to_owned()
        });
        self.ended(at, result);
    }

    /// What came of the session at step `at`, if it is known yet.
    pub(super) fn status(&self, at: usize) -> Option<Status> {
        self.sessions.get(&at).map(|session| session.status)
    }

    /// Why one of the sessions at the steps `of` was not reached, if so.
    pub(super) fn not_reached(&self, of: &[usize]) -> Option<String> {
        let sessions = of.iter().filter_map(|at| self.sessions.get(at));
        let mut skipped = sessions.filter(|session| session.status == Status::Skipped);
        let first = skipped.next()?.not_reached.first()?;
        Some(first.reason.clone())
    }

    /// The first failure of the session at step `at`, if it failed.
    pub(super) fn failure(&self, at: usize) -> Option<&report::Failure> {
        self.sessions.get(&at)?.failure.as_ref()
    }

    pub(super) fn all_passed(&self) -> bool {
        let held = |s: &report::Session| matches!(s.status, Status::Passed | Status::NotRun);
        let looked = |d: &report::Diagram| d.status == Status::Passed;
        self.error.is_none()
            && self.unfinished.is_none()
            && self.sessions.values().all(held)
            && self.diagrams.values().all(looked)
    }

    /// The page's part of the report; it took `seconds`.
    pub(super) fn report(self, seconds: f64) -> report::Page {
        let (held_with, changed_images) = if self.all_passed() {
            (self.images.now, Vec::new())
        } else {
            (self.images.held_with, self.images.changed)
        };
        report::Page {
            file: self.page.file.clone(),
            finished: super::now(),
            seconds,
            sessions: self.sessions.into_values().collect(),
            diagrams: self.diagrams.into_values().collect(),
            exercises: self.exercises,
            held_with,
            changed_images,
            left: self.left,
            error: self.error,
            unfinished: self.unfinished,
        }
    }
}
