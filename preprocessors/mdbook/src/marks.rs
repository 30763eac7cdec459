//! What the last check says about a session, a diagram or a page, in a word.
//!
//! Enter at [`Marks`]. Nothing is ever [`Proof::Verified`] but by a passing run, on every engine of
//! the report, of what is written now.

use std::collections::HashMap;

use seaworthy_blocks::counted;
use seaworthy_page::{DiagramStep, Page, SessionStep, Step};
use seaworthy_report::{Report, Retried, Session, Status, Typed};
use serde::Serialize;

use crate::age::Fresh;
use crate::views::Badge;

/// The results of the last check.
#[derive(Default)]
pub(crate) struct Marks {
    /// For each id of a session or a diagram, what came of it on each engine.
    results: HashMap<String, Vec<Seen>>,
    /// For each id of a block that is meant for other engines than one of the report: its fingerprint, and why it wasn't
    /// run there.
    left_out: HashMap<String, (String, String)>,
    /// For each id of a session that didn't hold at the first try: its fingerprint, and how it was repeated.
    retried: HashMap<String, (String, Retried)>,
    /// For each id of a session that held: its fingerprint, and what is known of its commands on the first engine.
    typed: HashMap<String, (String, Vec<Typed>)>,
    /// Why the check of a page couldn't be finished, by its file.
    unfinished: HashMap<String, String>,
    /// How long results count.
    fresh: Fresh,
}

/// What came of a page on one version of Docker Engine, as its template sees it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct OnVersion {
    version: String,
    class: &'static str,
    held: usize,
    all: usize,
    day: String,
}

/// What came of a block on one engine.
struct Seen {
    engine: String,
    /// The day of the check, as `2026-11-24`.
    day: String,
    fingerprint: String,
    status: Status,
}

/// What is said of a block that is left out on an engine.
const OTHER_ENGINES: &str = "It is meant for other versions of Docker Engine.";

/// Whether a block is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Proof {
    Verified,
    Failed,
    Unverified,
}

impl Proof {
    /// Its name: the class of its mark.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Failed => "failed",
            Self::Unverified => "unverified",
        }
    }
}

/// How many of a number of blocks are proved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Tally {
    /// How many there are.
    pub(crate) all: usize,
    /// How many are verified.
    pub(crate) verified: usize,
    /// How many were run as they are written now, and don't hold.
    pub(crate) failed: usize,
}

impl Tally {
    fn count(&mut self, state: Proof) {
        self.all += 1;
        self.verified += usize::from(state == Proof::Verified);
        self.failed += usize::from(state == Proof::Failed);
    }

    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            all: self.all + other.all,
            verified: self.verified + other.verified,
            failed: self.failed + other.failed,
        }
    }

    /// The state of the whole; none of nothing.
    pub(crate) fn state(self) -> Option<Proof> {
        Some(match self {
            Self { all: 0, .. } => return None,
            Self { failed: 1.., .. } => Proof::Failed,
            Self { all, verified, .. } if all == verified => Proof::Verified,
            _ => Proof::Unverified,
        })
    }
}

/// What of a page is proved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PageTally {
    /// Its sessions, but those that aren't to be run.
    pub(crate) sessions: Tally,
    /// Its diagrams that are compared with the engine.
    pub(crate) diagrams: Tally,
}

impl Marks {
    /// The results of `report`, each as long as it counts.
    pub(crate) fn new(report: Option<&Report>, fresh: Fresh) -> Self {
        let mut marks = Self {
            fresh,
            ..Self::default()
        };
        for run in report.into_iter().flat_map(|report| &report.runs) {
            for page in &run.pages {
                if let Some(why) = &page.unfinished {
                    marks.unfinished.insert(page.file.clone(), why.clone());
                }
                for session in &page.sessions {
                    marks.note_tries(session);
                    if session.status == Status::Passed {
                        let known = || (session.fingerprint.clone(), session.typed.clone());
                        marks.typed.entry(session.id.clone()).or_insert_with(known);
                    }
                }
                let sessions = page.sessions.iter();
                let sessions = sessions.map(|s| (&s.id, &s.fingerprint, s.status, &s.reason));
                let diagrams = page.diagrams.iter();
                let diagrams = diagrams.map(|d| (&d.id, &d.fingerprint, d.status, &None));
                for (id, fingerprint, status, reason) in sessions.chain(diagrams) {
                    // An engine that the block isn't meant for says nothing of it.
                    if status == Status::NotRun {
                        let reason = reason.as_deref().unwrap_or(OTHER_ENGINES).to_owned();
                        let why = (fingerprint.clone(), reason);
                        marks.left_out.insert(id.clone(), why);
                        continue;
                    }
                    marks.results.entry(id.clone()).or_default().push(Seen {
                        engine: run.engine.version.clone(),
                        day: day(&page.finished).to_owned(),
                        fingerprint: fingerprint.clone(),
                        status,
                    });
                }
            }
        }
        marks
    }

    /// Keeps the most tries that a session needed on any engine.
    fn note_tries(&mut self, session: &Session) {
        let Some(retried) = &session.retried else {
            return;
        };
        let new = || (session.fingerprint.clone(), retried.clone());
        let kept = self.retried.entry(session.id.clone()).or_insert_with(new);
        if kept.1.tries < retried.tries {
            *kept = new();
        }
    }

    /// How the session `id`, as it is written now, was repeated until it held, if it was.
    pub(crate) fn retried(&self, id: &str, fingerprint: &str) -> Option<&Retried> {
        let (then, retried) = self.retried.get(id)?;
        (then == fingerprint).then_some(retried)
    }

    /// What is known of the commands of a session as it is written now; nothing unless it is verified.
    pub(crate) fn typed(&self, step: &SessionStep) -> &[Typed] {
        let known = self.typed.get(&step.id);
        let known = known.filter(|(then, _)| *then == step.fingerprint);
        let verified = self.state(&step.id, &step.fingerprint) == Proof::Verified;
        known.filter(|_| verified).map_or(&[], |(_, typed)| typed)
    }

    /// The mark of a session.
    pub(crate) fn session(&self, step: &SessionStep) -> Badge {
        if let Some(reason) = &step.attributes.no_run {
            return badge(
                "not-run",
                format!("Not run: {reason}"),
                "The author marked this session as not to be run.",
            );
        }
        if let Some(reason) = self.left_out(&step.id, &step.fingerprint) {
            return badge("not-run", format!("Not run: {reason}"), OTHER_ENGINES);
        }
        match self.state(&step.id, &step.fingerprint) {
            Proof::Verified => {
                let when = self.when(&step.id);
                let badge = match self.retried(&step.id, &step.fingerprint) {
                    None => badge("verified", "Verified", &when),
                    Some(retried) => {
                        let text = format!("Verified: held at {}", retried.at());
                        let outputs = match retried.outputs {
                            1 => "the same each time",
                            _ => "not the same each time",
                        };
                        let title = format!(
                            "Its last command was repeated until it held; what it printed was {outputs}. {when}"
                        );
                        badge("verified", text, &title)
                    }
                };
                badge.until(self.until([step.id.as_str()]))
            }
            Proof::Failed => badge("failed", "Did not hold", &self.when(&step.id)),
            Proof::Unverified => self.aged(&step.id, &step.fingerprint).unwrap_or_else(|| {
                badge(
                    "unverified",
                    "Unverified",
                    "This session, or one before it, was not run since it was last edited.",
                )
            }),
        }
    }

    /// The mark of a diagram that is compared with the engine.
    pub(crate) fn diagram(&self, step: &DiagramStep) -> Badge {
        if let Some(reason) = self.left_out(&step.id, &step.fingerprint) {
            return badge("not-run", format!("Not compared: {reason}"), OTHER_ENGINES);
        }
        match self.state(&step.id, &step.fingerprint) {
            Proof::Verified => badge(
                "verified",
                "Verified: the engine looks like this here",
                &self.when(&step.id),
            )
            .until(self.until([step.id.as_str()])),
            Proof::Failed => badge(
                "failed",
                "The engine looks different here",
                &self.when(&step.id),
            ),
            Proof::Unverified => self.aged(&step.id, &step.fingerprint).unwrap_or_else(|| {
                badge(
                    "unverified",
                    "Unverified",
                    "The picture was not compared with an engine since the page was last edited.",
                )
            }),
        }
    }

    /// Why the block `id`, as it is written now, was run on no engine, if it is because it is meant for others.
    pub(crate) fn left_out(&self, id: &str, fingerprint: &str) -> Option<&str> {
        let (then, reason) = self.left_out.get(id)?;
        (then == fingerprint && !self.results.contains_key(id)).then_some(reason.as_str())
    }

    /// How much of a page is proved, of what is meant to be run.
    pub(crate) fn tally(&self, page: &Page) -> PageTally {
        let mut tally = PageTally::default();
        for step in &page.steps {
            let (id, fingerprint, blocks) = match step {
                Step::Session(step) if step.attributes.no_run.is_none() => {
                    (&step.id, &step.fingerprint, &mut tally.sessions)
                }
                Step::Diagram(step) if step.verify => {
                    (&step.id, &step.fingerprint, &mut tally.diagrams)
                }
                _ => continue,
            };
            if self.left_out(id, fingerprint).is_none() {
                blocks.count(self.state(id, fingerprint));
            }
        }
        tally
    }

    /// The mark of a page; none if nothing on it is run.
    pub(crate) fn page(&self, page: &Page) -> Option<Badge> {
        let PageTally { sessions, diagrams } = self.tally(page);
        let both = sessions.and(diagrams);
        let state = both.state()?;
        let checked = self.page_when(page);
        let so_far = format!("{} of {} verified", both.verified, both.all);
        let (text, title) = match state {
            Proof::Failed => (format!("Does not hold: {so_far}"), checked),
            Proof::Verified => (
                format!(
                    "{} verified. {checked}",
                    blocks(sessions.all, diagrams.all)
                ),
                "Everything on this page was run on a real Docker Engine and printed what is shown."
                    .to_owned(),
            ),
            Proof::Unverified => match self.unfinished.get(&page.file) {
                None => (
                    format!("Unverified: {so_far}"),
                    "The page was edited since it was last checked, or never checked.".to_owned(),
                ),
                Some(why) => (
                    format!("Unverified: {so_far}; the last check could not be finished"),
                    format!("That says nothing of the page: {why}"),
                ),
            },
        };
        let until = match state {
            Proof::Verified => self.until(blocks_of(page).map(|(id, _)| id)),
            Proof::Failed | Proof::Unverified => None,
        };
        Some(badge(state.class(), text, &title).until(until))
    }

    /// What came of `page`, as it is written now, on each version of Docker Engine; nothing where there is but one.
    pub(crate) fn versions(&self, page: &Page) -> Vec<OnVersion> {
        let mut versions: Vec<OnVersion> = Vec::new();
        for (id, fingerprint) in blocks_of(page) {
            let seen = self.results.get(id).into_iter().flatten();
            for seen in seen.filter(|seen| seen.fingerprint == fingerprint) {
                let known = versions.iter().position(|v| v.version == seen.engine);
                let at = known.unwrap_or_else(|| {
                    versions.push(OnVersion {
                        version: seen.engine.clone(),
                        class: Proof::Verified.class(),
                        held: 0,
                        all: 0,
                        day: seen.day.clone(),
                    });
                    versions.len() - 1
                });
                let version = &mut versions[at];
                version.all += 1;
                if seen.status == Status::Passed {
                    version.held += 1;
                } else {
                    version.class = Proof::Failed.class();
                }
                if self.fresh.is_over(&seen.day) && version.class == Proof::Verified.class() {
                    version.class = Proof::Unverified.class();
                }
            }
        }
        if versions.len() > 1 {
            versions
        } else {
            Vec::new()
        }
    }

    /// The last day on which all that is known of the blocks `ids` counts, if the book says how long results do.
    pub(crate) fn until<'i>(&self, ids: impl IntoIterator<Item = &'i str>) -> Option<String> {
        let seen = ids.into_iter().filter_map(|id| self.results.get(id));
        let days = seen
            .flatten()
            .filter_map(|seen| self.fresh.until(&seen.day));
        days.min()
    }

    /// The mark of the block `id`, if it would be verified, had it been checked later.
    fn aged(&self, id: &str, fingerprint: &str) -> Option<Badge> {
        let seen = self.results.get(id)?;
        let held = |seen: &Seen| seen.status == Status::Passed && seen.fingerprint == fingerprint;
        let oldest = seen.iter().map(|seen| seen.day.as_str()).min()?;
        (seen.iter().all(held) && self.fresh.is_over(oldest)).then(|| {
            let title = "Nothing was edited since, but images and engines change.";
            badge("unverified", self.fresh.said(oldest), title)
        })
    }

    /// What came of the block `id` as it is written now.
    pub(crate) fn state(&self, id: &str, fingerprint: &str) -> Proof {
        let all = self.results.get(id).map_or(&[][..], Vec::as_slice);
        let current: Vec<_> = all
            .iter()
            .filter(|s| s.fingerprint == fingerprint)
            .collect();
        if current.iter().any(|seen| seen.status == Status::Failed) {
            Proof::Failed
        } else if !current.is_empty()
            && current.len() == all.len()
            && current
                .iter()
                .all(|seen| seen.status == Status::Passed && !self.fresh.is_over(&seen.day))
        {
            Proof::Verified
        } else {
            Proof::Unverified
        }
    }

    /// When the first block of `page` that was run was checked, and where.
    fn page_when(&self, page: &Page) -> String {
        let mut ids = blocks_of(page).map(|(id, _)| id);
        let run = ids.find(|id| self.results.contains_key(*id));
        run.map_or(String::new(), |id| self.when(id))
    }

    fn when(&self, id: &str) -> String {
        let seen = self.results.get(id).map_or(&[][..], Vec::as_slice);
        let engines: Vec<_> = seen.iter().map(|seen| seen.engine.as_str()).collect();
        let day = seen.iter().map(|seen| seen.day.as_str()).min();
        format!(
            "Checked on {} with Docker Engine {}.",
            day.unwrap_or_default(),
            engines.join(", ")
        )
    }
}

/// The ids and fingerprints of the sessions and diagrams of `page`.
fn blocks_of(page: &Page) -> impl Iterator<Item = (&str, &str)> {
    page.steps.iter().filter_map(|step| match step {
        Step::Session(step) => Some((step.id.as_str(), step.fingerprint.as_str())),
        Step::Diagram(step) => Some((step.id.as_str(), step.fingerprint.as_str())),
        _ => None,
    })
}

/// The day of a time in RFC 3339.
pub(crate) fn day(time: &str) -> &str {
    time.split('T').next().unwrap_or_default()
}

/// `17 sessions and 1 diagram`.
fn blocks(sessions: usize, diagrams: usize) -> String {
    let kinds = [
        (sessions, "session", "sessions"),
        (diagrams, "diagram", "diagrams"),
    ];
    let there = kinds.into_iter().filter(|(count, ..)| *count > 0);
    let said = there.map(|(count, one, many)| counted(count, one, many));
    said.collect::<Vec<_>>().join(" and ")
}

fn badge(class: &str, text: impl Into<String>, title: &str) -> Badge {
    Badge {
        class: class.to_owned(),
        text: text.into(),
        title: title.to_owned(),
        until: None,
    }
}

#[cfg(test)]
mod tests;
