//! What two runs of a page tell: what drifted, what only fails now and then, and what changed around it.

use std::fmt::Write as _;
use std::sync::Arc;

use seaworthy_blocks::counted;
use seaworthy_page::Page as AuthorPage;
use seaworthy_report::{ChangedImage, Page, Report, Run, Status};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// What failed both times.
    pub(super) drifted: Vec<Found>,
    /// What failed once.
    flaky: Vec<Found>,
    /// The images that mean others than when their pages last held.
    images: Vec<ChangedImage>,
    /// The engine's version at the last check, and now, if they differ.
    engine: Option<(String, String)>,
    /// What can't be changed, and why.
    pub(super) refused: Vec<String>,
    /// Pages that don't hold with the changes either.
    left: Vec<String>,
}

/// Something of a page that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The file that it stands in.
    file: String,
    /// The line of its fence; 0 is the page as a whole.
    line: usize,
    /// Why it failed.
    why: String,
}

impl Findings {
    /// What `first`, the report of a check, and `second`, a run of what didn't hold, found; `known` is the report before them.
    pub(super) fn of(first: &Report, second: &Run, known: Option<&Report>) -> Self {
        let mut findings = Self::default();
        for page in &second.pages {
            let before = first.runs.iter().flat_map(|run| &run.pages);
            let Some(before) = before.into_iter().find(|one| one.file == page.file) else {
                continue;
            };
            let (once, twice) = (failures(before), failures(page));
            let both = |found: &Found| {
                let same = |other: &Found| (&other.file, other.line) == (&found.file, found.line);
                once.iter().any(same) && twice.iter().any(same)
            };
            findings
                .drifted
                .extend(twice.iter().filter(|found| both(found)).cloned());
            let either = once.iter().chain(&twice).filter(|found| !both(found));
            findings.flaky.extend(either.cloned());
            let new = before.changed_images.iter();
            let new: Vec<_> = new
                .filter(|image| !findings.images.contains(image))
                .cloned()
                .collect();
            findings.images.extend(new);
        }
        findings.engine = known.and_then(|known| other_engine(known, second));
        findings
    }

    /// Those of `pages` on which something has drifted.
    pub(super) fn pages(&self, pages: &[Arc<AuthorPage>]) -> Vec<Arc<AuthorPage>> {
        let drifted = |page: &&Arc<AuthorPage>| {
            let mut found = self.drifted.iter();
            found.any(|found| found.file == page.file || page.source.includes(&found.file))
        };
        pages.iter().filter(drifted).cloned().collect()
    }

    /// Whether what stands at `line` of `file` belongs to what drifted.
    pub(super) fn is_drift(&self, file: &str, line: usize) -> bool {
        let all = self.drifted.iter().chain(&self.flaky);
        let before = all.filter(|found| found.file == file && found.line <= line);
        let nearest = before.max_by_key(|found| found.line);
        nearest.is_some_and(|found| self.drifted.contains(found))
    }

    /// Whether a refusal, which begins with its place as `a.md:3: why`, may belong to what drifted.
    pub(super) fn concerns_drift(&self, refusal: &str) -> bool {
        let mut parts = refusal.splitn(3, ':');
        let (file, line) = (parts.next(), parts.next());
        let line = line.and_then(|line| line.parse().ok());
        file.zip(line)
            .is_none_or(|(file, line)| self.is_drift(file, line))
    }

    /// Takes down the pages that don't hold with the changes either.
    pub(super) fn leave(&mut self, pages: Vec<String>) {
        self.left = pages;
    }

    /// The findings as Markdown; the first line is a title.
    pub(super) fn told(&self) -> String {
        let mut told = format!("{}\n", self.title());
        let mut list = |title: &str, items: Vec<String>| {
            if !items.is_empty() {
                let _ = write!(told, "\n{title}\n\n");
                items.iter().for_each(|item| {
                    let _ = writeln!(told, "- {item}");
                });
            }
        };
        list("What changed around the book:", self.causes());
        let lines = |found: &[Found]| found.iter().map(Found::told).collect::<Vec<_>>();
        list(
            "What doesn't hold any more, twice in a row, each time on a fresh machine:",
            lines(&self.drifted),
        );
        list(
            "What failed only once, so it was left as it is:",
            lines(&self.flaky),
        );
        list("What has to be changed by hand:", self.refused.clone());
        list(
            "Pages that don't hold with these changes either:",
            self.left.clone(),
        );
        told
    }

    fn title(&self) -> String {
        if self.drifted.is_empty() {
            let flaky = counted(self.flaky.len(), "place failed", "places failed");
            return format!("Nothing has drifted; {flaky} once, and held on a fresh machine");
        }
        let places = ("place no longer holds", "places no longer hold");
        let drifted = counted(self.drifted.len(), places.0, places.1);
        let images: Vec<_> = self
            .images
            .iter()
            .map(|image| format!("`{}`", image.reference))
            .collect();
        let cause = match (&self.engine, images.as_slice()) {
            (_, [_, ..]) => format!("{} changed", images.join(", ")),
            (Some((before, now)), []) => format!("Docker Engine {now} (was {before})"),
            (None, []) => "drift".to_owned(),
        };
        format!("{cause}: {drifted}")
    }

    fn causes(&self) -> Vec<String> {
        let images = self.images.iter().map(|image| {
            format!(
                "`{}` has become another image: `{}` then, `{}` now",
                image.reference, image.before, image.now
            )
        });
        let engine = self.engine.iter();
        let engine = engine
            .map(|(before, now)| format!("the engine was Docker Engine {before}, and is {now}"));
        let causes: Vec<_> = images.chain(engine).collect();
        if causes.is_empty() && !self.drifted.is_empty() {
            return vec!["neither an image nor the engine, as far as the last reports tell: perhaps what a page fetches, or the time".to_owned()];
        }
        causes
    }
}

impl Found {
    fn told(&self) -> String {
        match self.line {
            0 => format!("`{}`: {}", self.file, self.why),
            line => format!("`{}:{line}`: {}", self.file, self.why),
        }
    }
}

/// All that failed on a page.
fn failures(page: &Page) -> Vec<Found> {
    let found = |file: &Option<String>, line, why: Option<&str>| Found {
        file: file.as_ref().unwrap_or(&page.file).clone(),
        line,
        why: why.unwrap_or("it doesn't hold").to_owned(),
    };
    let sessions = page.sessions.iter().filter(|s| s.status == Status::Failed);
    let sessions = sessions.map(|s| found(&s.file, s.line, s.reason.as_deref()));
    let diagrams = page.diagrams.iter().filter(|d| d.status == Status::Failed);
    let diagrams =
        diagrams.map(|d| found(&d.file, d.line, d.differences.first().map(String::as_str)));
    let whole = page.error.iter().map(|why| found(&None, 0, Some(why)));
    sessions.chain(diagrams).chain(whole).collect()
}

/// The version of the engine in `known`, and that of `run`, if it is one that `known` hasn't.
fn other_engine(known: &Report, run: &Run) -> Option<(String, String)> {
    let now = &run.engine.version;
    let mut before = known.runs.iter().map(|run| &run.engine.version);
    if now.is_empty() || before.clone().any(|version| version == now) {
        return None;
    }
    before.next().map(|before| (before.clone(), now.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: usize) -> Found {
        Found {
            file: "src/a.md".to_owned(),
            line,
            why: "printed `1`, is `2`".to_owned(),
        }
    }

    #[test]
    fn a_change_belongs_to_the_session_above_it() {
        let findings = Findings {
            drifted: vec![found(3), found(20)],
            flaky: vec![found(10)],
            ..Findings::default()
        };
        let drift = [(4, true), (12, false), (25, true), (2, false)];
        for (line, expected) in drift {
            assert_eq!(findings.is_drift("src/a.md", line), expected, "{line}");
        }
        assert!(!findings.is_drift("src/b.md", 4));
        let refusals = [
            ("src/a.md:4: exited with 1: x", true),
            ("src/a.md:12: exited with 1: x", false),
            ("nothing is printed there", true),
        ];
        for (refusal, expected) in refusals {
            assert_eq!(findings.concerns_drift(refusal), expected, "{refusal}");
        }
    }

    /// A report of one page, with what came of its sessions at lines 3 and 9.
    fn report(version: &str, statuses: [&str; 2]) -> Report {
        let session = |line: usize, status: &str| serde_json::json!({ "id": format!("s-{line}"), "fingerprint": "f", "line": line, "turn": line, "status": status, "seconds": 1.0, "commands": 1, "reason": "why" });
        let sessions = [session(3, statuses[0]), session(9, statuses[1])];
        let page = serde_json::json!({ "file": "src/a.md", "finished": "2026-01-02T03:04:05Z", "seconds": 1.0, "sessions": sessions });
        let run = serde_json::json!({ "engine": { "version": version, "api": "1.51" }, "images": [], "pages": [page] });
        let run = serde_json::from_value(run).unwrap();
        Report::new("0.1.0", "2026-01-02T03:04:05Z".to_owned(), 1.0, vec![run])
    }

    #[test]
    fn what_fails_twice_has_drifted_and_what_fails_once_is_a_flake() {
        let known = report("27.1.0", ["passed", "passed"]);
        let first = report("28.5.2", ["failed", "failed"]);
        let second = report("28.5.2", ["failed", "passed"]);
        let findings = Findings::of(&first, &second.runs[0], Some(&known));
        let lines = |found: &[Found]| found.iter().map(|found| found.line).collect::<Vec<_>>();
        assert_eq!(
            (lines(&findings.drifted), lines(&findings.flaky)),
            (vec![3], vec![9])
        );
        let told = findings.told();
        for said in [
            "Docker Engine 28.5.2 (was 27.1.0): 1 place no longer holds\n",
            "was Docker Engine 27.1.0, and is 28.5.2",
            "twice in a row, each time on a fresh machine:\n\n- `src/a.md:3`: why\n",
            "failed only once, so it was left as it is:\n\n- `src/a.md:9`: why\n",
        ] {
            assert!(told.contains(said), "no {said:?} in {told}");
        }
        let held = report("28.5.2", ["passed", "passed"]);
        let findings = Findings::of(&first, &held.runs[0], Some(&held));
        assert!(findings.drifted.is_empty() && findings.engine.is_none());
        assert_eq!(lines(&findings.flaky), [3, 9]);
    }

    #[test]
    fn the_title_names_what_changed() {
        let mut findings = Findings {
            drifted: vec![found(3)],
            ..Findings::default()
        };
        assert_eq!(findings.title(), "drift: 1 place no longer holds");
        findings.engine = Some(("28.5.2".to_owned(), "29.0.0".to_owned()));
        assert_eq!(
            findings.title(),
            "Docker Engine 29.0.0 (was 28.5.2): 1 place no longer holds"
        );
        findings.images.push(ChangedImage {
            reference: "web:1".to_owned(),
            before: "sha256:aa".to_owned(),
            now: "sha256:bb".to_owned(),
        });
        assert_eq!(findings.title(), "`web:1` changed: 1 place no longer holds");
        findings.flaky = std::mem::take(&mut findings.drifted);
        assert!(
            findings
                .told()
                .starts_with("Nothing has drifted; 1 place failed once")
        );
    }
}
