//! The report of a check: what was run, on which engine, with which images, and what held.
//!
//! The companion writes it, the preprocessor reads it. Enter at [`Report`]. A field is added freely;
//! one that goes or changes its meaning raises [`VERSION`].

mod code;
mod contradiction;
mod diff;
mod images;
mod session;
mod shard;
mod summary;
mod typed;

use serde::{Deserialize, Serialize};

pub use code::FailureCode;
pub use diff::{DiffLine, LineKind, Part};
pub use images::{ChangedImage, Image, Origin, changed_images};
pub use session::{Failure, Ground, Retried, Session};
pub use shard::{Shard, incomplete};
pub use summary::Summary;
pub use typed::{LeftOut, NotReached, Typed};

/// The version of the format that this crate writes and reads.
pub const VERSION: u32 = 2;

/// Where a book's report stands, relative to the book's root.
pub const PATH: &str = "target/seaworthy/report.json";

/// What a check found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// The version of this format: [`VERSION`].
    pub version: u32,
    /// The version of the tool that wrote it.
    pub tool: String,
    /// When the check ended: RFC 3339, UTC, whole seconds.
    pub finished: String,
    /// The job that it comes from, if several check the book together and this is what one of them found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// The sums over all runs.
    pub summary: Summary,
    /// One entry for each engine version that the book was run on.
    pub runs: Vec<Run>,
}

/// The book on one engine version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Run {
    /// The engine inside the machines.
    pub engine: Engine,
    /// The images that the pages were given.
    pub images: Vec<Image>,
    /// The pages, in the book's order.
    pub pages: Vec<Page>,
}

/// An engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Engine {
    /// Its version, such as `28.5.2`.
    pub version: String,
    /// The newest API version that it speaks, such as `1.51`.
    pub api: String,
}

/// A page with sessions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Page {
    /// The author's file, relative to the book's root, with `/`.
    pub file: String,
    /// When it was checked: RFC 3339, UTC, whole seconds.
    pub finished: String,
    /// How long it took, its machine's start and end included.
    pub seconds: f64,
    /// Its sessions, in order.
    pub sessions: Vec<Session>,
    /// Its diagrams with `verify`, in order.
    #[serde(default)]
    pub diagrams: Vec<Diagram>,
    /// Its exercises whose checks were tried before the solution and run after it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exercises: Vec<Exercise>,
    /// The images that its sessions and files name, as they were when the page last held on this engine.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_with: Vec<Image>,
    /// Which of them are others now; only of a page that doesn't hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed_images: Vec<ChangedImage>,
    /// What the page left behind on its machine after its last session; empty if it cleaned up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<String>,
    /// Why the page as a whole couldn't be checked, such as an engine that didn't start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Why the check of the page couldn't be finished, such as an outer engine that was lost: that says nothing of the
    /// page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfinished: Option<String>,
}

/// A diagram that was compared with the engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Diagram {
    /// Names the diagram in the book and on the site.
    pub id: String,
    /// Hashes everything that is run on the page before it, and the diagram.
    pub fingerprint: String,
    /// The file that holds the diagram, if it is included from another than the page's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line of its fence.
    pub line: usize,
    /// Its turn among the page's sessions and diagrams as a check tells them, which is the order in which they were judged:
    /// 0 is the first.
    pub turn: usize,
    /// Whether the engine looked like it.
    pub status: Status,
    /// What was different, in the picture's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<String>,
}

/// An exercise whose check was tried before the solution and run after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Exercise {
    /// Its id, as the author gave it.
    pub id: String,
    /// The id of the session that checks it.
    pub check: String,
    /// What came of the check: passed if it failed before the solution and held after it.
    pub status: Status,
    /// The lines of the check's commands that failed before the solution, as they should.
    pub failed_before: Vec<usize>,
    /// The lines of those that held before the solution too, and so check nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_before: Vec<usize>,
}

/// Something of a page that is judged.
#[derive(Clone, Copy, Debug)]
pub enum Judged<'a> {
    /// A session.
    Session(&'a Session),
    /// A diagram.
    Diagram(&'a Diagram),
}

/// What came of a session or a diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It holds.
    Passed,
    /// It doesn't.
    Failed,
    /// It wasn't reached, or not wholly: something before it failed.
    Skipped,
    /// Its author marked it `no_run`.
    NotRun,
}

/// A report that can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It isn't JSON of the right shape.
    #[error("not a report of Seaworthy: {0}")]
    Malformed(#[from] serde_json::Error),
    /// It is of another version of the format.
    #[error(
        "the report has version {0} of its format; this program reads version {VERSION}: run `seaworthy check` again"
    )]
    Version(u32),
}

impl Report {
    /// A report of `runs` that took `seconds` and ended at `finished` (RFC 3339), its sums taken.
    #[must_use]
    pub fn new(tool: &str, finished: String, seconds: f64, runs: Vec<Run>) -> Self {
        let summary = Summary::of(runs.iter().flat_map(|run| &run.pages), seconds);
        Self {
            version: VERSION,
            tool: tool.to_owned(),
            finished,
            shard: None,
            summary,
            runs,
        }
    }

    /// What is known of the page `file` on `engine`, or of a page that never came to an engine.
    #[must_use]
    pub fn page(&self, engine: &Engine, file: &str) -> Option<&Page> {
        let here = |run: &&Run| run.engine == *engine || run.engine.version.is_empty();
        let pages = self.runs.iter().filter(here).flat_map(|run| &run.pages);
        pages.into_iter().find(|page| page.file == file)
    }

    /// Takes over from an earlier report with which images pages last held that could not be begun now.
    pub fn remember(&mut self, earlier: &Self) {
        for run in &mut self.runs {
            let unknown = run.engine.version.is_empty();
            let broken = run.pages.iter_mut().filter(|page| page.error.is_some());
            for page in broken.filter(|page| page.held_with.is_empty()) {
                let same = |old: &&Run| unknown || old.engine == run.engine;
                let mut old = earlier.runs.iter().filter(same).flat_map(|old| &old.pages);
                if let Some(old) = old.find(|old| old.file == page.file) {
                    page.held_with.clone_from(&old.held_with);
                }
            }
        }
    }

    /// Adds what another report knows of pages, if that was found out after `since` (RFC 3339, UTC): of pages that this
    /// one doesn't have, and of those that the other has checked later. `order` gives the book's pages. What was found on
    /// other engines stays, but for the pages of this check. The sums stay those of this check. With pages of others in it,
    /// it is no more the report of one of several jobs.
    pub fn keep(&mut self, known: &Self, order: &[&str], since: &str) {
        let checked: Vec<_> = self.runs.iter().flat_map(|run| &run.pages).collect();
        let checked: Vec<_> = checked.into_iter().map(|page| page.file.clone()).collect();
        // A time that is yet to come is a clock that is wrong.
        let now = self.finished.clone();
        let later =
            |mine: &Page, other: &Page| mine.finished < other.finished && other.finished <= now;
        let mut replaced = false;
        for old in &known.runs {
            let stays = |page: &&Page| {
                order.contains(&page.file.as_str()) && page.finished.as_str() > since
            };
            let mut pages = old.pages.iter().filter(stays).peekable();
            if pages.peek().is_none() {
                continue;
            }
            let Some(run) = self.runs.iter_mut().find(|run| run.engine == old.engine) else {
                let pages = pages.filter(|page| !checked.contains(&page.file));
                let pages: Vec<_> = pages.cloned().collect();
                if !pages.is_empty() {
                    self.shard = None;
                    self.runs.push(Run {
                        pages,
                        ..old.clone()
                    });
                }
                continue;
            };
            for page in pages {
                match run.pages.iter_mut().find(|mine| mine.file == page.file) {
                    None => {
                        run.pages.push(page.clone());
                        self.shard = None;
                    }
                    Some(mine) if later(mine, page) => {
                        mine.clone_from(page);
                        replaced = true;
                    }
                    Some(_) => {}
                }
            }
            let lacks = |image: &&Image| !run.images.iter().any(|i| i.reference == image.reference);
            let images: Vec<_> = old.images.iter().filter(lacks).cloned().collect();
            run.images.extend(images);
            run.images.sort();
            run.pages
                .sort_by_key(|page| order.iter().position(|file| *file == page.file));
        }
        if replaced {
            let pages = self.runs.iter().flat_map(|run| &run.pages);
            let pages = pages.filter(|page| checked.contains(&page.file));
            self.summary = Summary::of(pages, self.summary.seconds);
        }
    }

    /// Adds what another report found, of other pages or on other engines, and takes the sums anew: it is no more the report
    /// of one of several jobs. The seconds add up:
    /// they are the time that was spent, not that between beginning and end.
    ///
    /// # Errors
    /// With a page that both reports have on the same engine; this report is then unchanged.
    pub fn merge(&mut self, other: Self) -> Result<(), String> {
        for run in &other.runs {
            let same = self.runs.iter().filter(|mine| mine.engine == run.engine);
            let mine: Vec<_> = same.flat_map(|mine| &mine.pages).collect();
            let both = run
                .pages
                .iter()
                .find(|p| mine.iter().any(|m| m.file == p.file));
            if let Some(page) = both {
                return Err(page.file.clone());
            }
        }
        for run in other.runs {
            match self.runs.iter_mut().find(|mine| mine.engine == run.engine) {
                None => self.runs.push(run),
                Some(mine) => {
                    mine.pages.extend(run.pages);
                    let new = run.images.into_iter();
                    let new: Vec<_> = new.filter(|image| !mine.images.contains(image)).collect();
                    mine.images.extend(new);
                    mine.images.sort();
                }
            }
        }
        let finished = std::mem::take(&mut self.finished).max(other.finished);
        let seconds = self.summary.seconds + other.summary.seconds;
        let (tool, runs) = (self.tool.clone(), std::mem::take(&mut self.runs));
        *self = Self::new(&tool, finished, seconds, runs);
        Ok(())
    }

    /// Reads the JSON of a report.
    ///
    /// # Errors
    /// If it isn't one, or of another version.
    pub fn from_json(json: &str) -> Result<Self, ReadError> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let Versioned { version } = serde_json::from_str(json)?;
        if version == VERSION {
            Ok(serde_json::from_str(json)?)
        } else {
            Err(ReadError::Version(version))
        }
    }

    /// The report as JSON, indented, with a last newline.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Strings, numbers and lists only: there is nothing in it that JSON can't hold.
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }
}

impl Page {
    /// Its sessions and diagrams in the order in which a check tells them.
    pub fn judged(&self) -> impl Iterator<Item = Judged<'_>> {
        let sessions = self.sessions.iter().map(Judged::Session);
        let diagrams = self.diagrams.iter().map(Judged::Diagram);
        let mut judged: Vec<_> = sessions.chain(diagrams).collect();
        judged.sort_by_key(|judged| match judged {
            Judged::Session(session) => session.turn,
            Judged::Diagram(diagram) => diagram.turn,
        });
        judged.into_iter()
    }

    /// Whether any of it was run, whatever came of that.
    #[must_use]
    pub fn ran(&self) -> bool {
        let ran = |status| matches!(status, Status::Passed | Status::Failed);
        self.error.is_some()
            || self.sessions.iter().any(|session| ran(session.status))
            || self.diagrams.iter().any(|diagram| ran(diagram.status))
    }
}

impl Diagram {
    /// Whether it was compared with the engine.
    #[must_use]
    pub fn was_compared(&self) -> bool {
        matches!(self.status, Status::Passed | Status::Failed)
    }

    /// What kind of failure it is, if the engine doesn't look like it.
    #[must_use]
    pub fn failed(&self) -> Option<FailureCode> {
        (self.status == Status::Failed).then_some(FailureCode::DiagramDiffers)
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
mod tests;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
