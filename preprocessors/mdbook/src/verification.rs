//! The page *Verification*, which a build adds to the book: what was checked, with what, and what wasn't.
//!
//! Enter at [`Verification`]: every page is added to it, then it gives the chapter. It says of a block
//! what its mark says, from the same [`Marks`].

use mdbook_preprocessor::book::Chapter;
use seaworthy_console::Session;
use seaworthy_page::{Ground, Page, SessionStep, Step};
use seaworthy_report::{Origin, Report};
use serde::Serialize;

use crate::age::Fresh;
use crate::claims::Anchors;
use crate::marks::{Marks, Proof, Tally, day};
use crate::published::{Published, PublishedClaim, PublishedPage};
use crate::templates::{TemplateError, Templates};

/// The chapter's place, relative to the folder of the chapters.
pub(crate) const PATH: &str = "verification.md";

/// What it is about, for those who search.
pub(crate) const DESCRIPTION: &str = "What of this book was run on a real Docker Engine: claims and their proof, pages, engines, images, and what is not run and why.";

/// What the chapter says, as its template sees it.
#[derive(Default, Serialize)]
pub(crate) struct Verification {
    state: Option<Proof>,
    sessions: Tally,
    diagrams: Tally,
    proved: Tally,
    claims: Vec<Claim>,
    pages: Vec<CheckedPage>,
    runs: Vec<Run>,
    not_run: Vec<NotRun>,
    hidden: Vec<Hidden>,
    retried: Vec<Repeated>,
    freed: Vec<Freed>,
    seconds: Option<String>,
    example: Option<String>,
    /// The last day on which all of it counts.
    until: Option<String>,
}

/// A sentence, and the session that proves it.
#[derive(Serialize)]
struct Claim {
    text: String,
    state: Proof,
    link: String,
    page: String,
    /// What could have come out otherwise.
    rests_on: &'static str,
    /// Nothing could.
    groundless: bool,
    /// The last day on which its proof counts.
    until: Option<String>,
}

/// A session that frees printed values.
#[derive(Serialize)]
struct Freed {
    page: String,
    link: String,
    line: usize,
    file: String,
    values: Vec<String>,
}

/// A session that is run and not shown.
#[derive(Serialize)]
struct Hidden {
    page: String,
    link: String,
    line: usize,
    file: String,
    /// The machine that runs it, on a page that names its machines.
    on: Option<String>,
    /// `verified`, `failed` or `unverified`.
    state: &'static str,
    /// What is typed, with its prompts.
    typed: String,
    /// The last day on which its state counts.
    until: Option<String>,
}

/// A session that was repeated until it held.
#[derive(Serialize)]
struct Repeated {
    page: String,
    link: String,
    line: usize,
    file: String,
    /// `the fourth try`.
    at: String,
    /// How many different outputs it had.
    outputs: usize,
    /// It printed something else each time.
    changing: bool,
}

/// A page with something to run.
#[derive(Serialize)]
struct CheckedPage {
    name: String,
    file: String,
    link: String,
    state: Proof,
    verified: usize,
    all: usize,
    checked: Option<String>,
    seconds: Option<String>,
    /// The last day on which that counts.
    until: Option<String>,
}

/// An engine, and the images that it ran.
#[derive(Serialize)]
struct Run {
    version: String,
    api: String,
    images: Vec<Image>,
}

#[derive(Serialize)]
struct Image {
    reference: String,
    digest: String,
    /// `registry`, `local`, `stand-in` or `built-on-stand-in`.
    origin: &'static str,
    /// What a stand-in was built from.
    built_from: Option<String>,
}

/// A block that is shown and not run.
#[derive(Serialize)]
struct NotRun {
    page: String,
    link: String,
    line: usize,
    file: String,
    reason: String,
}

impl Verification {
    /// Adds `page`, which is shown as `chapter`.
    pub(crate) fn add(
        &mut self,
        page: &Page,
        chapter: &Chapter,
        marks: &Marks,
        anchors: &Anchors,
        report: Option<&Report>,
    ) {
        let Some(path) = &chapter.path else { return };
        let link = seaworthy_page::slashed(path);
        let tally = marks.tally(page);
        let both = tally.sessions.and(tally.diagrams);
        if let Some(state) = both.state() {
            let seen = report.into_iter().flat_map(|report| &report.runs);
            let seen: Vec<_> = seen
                .flat_map(|run| &run.pages)
                .filter(|seen| seen.file == page.file)
                .collect();
            let checked = seen.iter().map(|page| page.finished.as_str()).min();
            self.pages.push(CheckedPage {
                name: chapter.name.clone(),
                file: page.file.clone(),
                link: link.clone(),
                state,
                verified: both.verified,
                all: both.all,
                checked: checked.map(|time| day(time).to_owned()),
                seconds: checked.map(|_| duration(seen.iter().map(|page| page.seconds).sum())),
                until: (state == Proof::Verified)
                    .then(|| marks.page(page).and_then(|badge| badge.until))
                    .flatten(),
            });
            self.example.get_or_insert_with(|| page.file.clone());
        }
        self.sessions = self.sessions.and(tally.sessions);
        self.diagrams = self.diagrams.and(tally.diagrams);
        for step in &page.steps {
            self.step(step, (chapter, &link), marks, anchors);
        }
    }

    fn step(
        &mut self,
        step: &Step,
        (chapter, link): (&Chapter, &str),
        marks: &Marks,
        anchors: &Anchors,
    ) {
        let (place, link, reason) = match step {
            Step::Session(step) => {
                // What isn't shown has no place to link to.
                let link = if step.attributes.hidden {
                    link.to_owned()
                } else {
                    format!("{link}#{}", step.id)
                };
                let left_out = marks.left_out(&step.id, &step.fingerprint);
                let Some(reason) = step.attributes.no_run.as_deref().or(left_out) else {
                    let anchor = anchors.get(&step.id).map(String::as_str);
                    self.run_session(step, chapter, (link, anchor), marks);
                    return;
                };
                (&step.place, link, reason.to_owned())
            }
            Step::Listed(step) => (
                &step.place,
                link.to_owned(),
                format!("shown only: a block in “{}” is no session", step.language),
            ),
            Step::File(_) | Step::Archive(_) | Step::Diagram(_) | Step::Malformed(_) => return,
        };
        self.not_run.push(NotRun {
            page: chapter.name.clone(),
            link,
            line: place.line,
            file: place.file.clone(),
            reason,
        });
    }

    /// Adds what is worth knowing of a session that is run.
    fn run_session(
        &mut self,
        step: &SessionStep,
        chapter: &Chapter,
        (link, anchor): (String, Option<&str>),
        marks: &Marks,
    ) {
        let state = marks.state(&step.id, &step.fingerprint);
        let (line, file) = (step.place.line, &step.place.file);
        let until = || {
            let counts = state == Proof::Verified;
            counts.then(|| marks.until([step.id.as_str()])).flatten()
        };
        if let Some(text) = &step.attributes.proves {
            let ground = step.ground();
            self.claims.push(Claim {
                text: text.clone(),
                state,
                // The claim's own name outlasts an edit of its proof.
                link: anchor.map_or(link.clone(), |anchor| link.replace(&step.id, anchor)),
                page: chapter.name.clone(),
                rests_on: in_words(ground),
                groundless: ground == Ground::Nothing,
                until: until(),
            });
        }
        let retried = marks.retried(&step.id, &step.fingerprint);
        if let (Proof::Verified, Some(retried)) = (state, retried) {
            self.retried.push(Repeated {
                page: chapter.name.clone(),
                link: link.clone(),
                line,
                file: file.clone(),
                at: retried.at(),
                outputs: retried.outputs,
                changing: retried.outputs == retried.tries,
            });
        }
        if !step.attributes.varies.is_empty() {
            self.freed.push(Freed {
                page: chapter.name.clone(),
                link: link.clone(),
                line,
                file: file.clone(),
                values: step.attributes.varies.clone(),
            });
        }
        if step.attributes.hidden {
            self.hidden.push(Hidden {
                page: chapter.name.clone(),
                link,
                line,
                file: file.clone(),
                on: step.attributes.on.clone(),
                state: state.class(),
                typed: typed(&step.session),
                until: until(),
            });
        }
    }

    /// What others may show of it, by the results of `report`, which count as long as `fresh` says; none for a book in
    /// which there is nothing to verify.
    pub(crate) fn published(&self, report: Option<&Report>, fresh: Fresh) -> Option<Published> {
        if self.pages.is_empty() {
            return None;
        }
        let html = |link: &str| link.replacen(".md", ".html", 1);
        let checked = self.pages.iter().filter_map(|page| page.checked.clone());
        let checked = checked.min();
        let runs = report.map_or(&[][..], |report| &report.runs);
        Some(Published {
            state: self.sessions.and(self.diagrams).state(),
            until: checked.as_deref().and_then(|day| fresh.until(day)),
            checked,
            engines: runs.iter().map(|run| run.engine.version.clone()).collect(),
            sessions: self.sessions,
            diagrams: self.diagrams,
            claims: self
                .claims
                .iter()
                .map(|claim| PublishedClaim {
                    text: claim.text.clone(),
                    link: html(&claim.link),
                    state: claim.state,
                })
                .collect(),
            pages: self
                .pages
                .iter()
                .map(|page| PublishedPage {
                    name: page.name.clone(),
                    link: html(&page.link),
                    state: page.state,
                    verified: page.verified,
                    all: page.all,
                    checked: page.checked.clone(),
                })
                .collect(),
            ..Published::new()
        })
    }

    /// The chapter; none for a book in which there is nothing to verify.
    ///
    /// # Errors
    /// If the template can't be rendered.
    pub(crate) fn chapter(
        mut self,
        templates: &Templates,
        report: Option<&Report>,
    ) -> Result<Option<Chapter>, TemplateError> {
        if self.pages.is_empty() && self.not_run.is_empty() {
            return Ok(None);
        }
        let both = self.sessions.and(self.diagrams);
        self.state = both.state();
        self.until = self
            .pages
            .iter()
            .filter_map(|page| page.until.clone())
            .min();
        let claims = self.claims.iter();
        self.proved = Tally {
            all: self.claims.len(),
            verified: claims.filter(|c| c.state == Proof::Verified).count(),
            failed: 0,
        };
        self.runs = report.map(runs).unwrap_or_default();
        let listed = |file: &str| self.pages.iter().any(|page| page.file == file);
        let seconds = report.map(|report| {
            let pages = report.runs.iter().flat_map(|run| &run.pages);
            let pages = pages.filter(|page| listed(&page.file));
            duration(pages.map(|page| page.seconds).sum())
        });
        self.seconds = seconds;
        let html = templates.render("verification", &self)?;
        let content = format!("# Verification\n\n{html}\n");
        let mut chapter = Chapter::new("Verification", content, PATH, Vec::new());
        // It has no file: nothing to edit, nothing for another preprocessor to read.
        chapter.source_path = None;
        Ok(Some(chapter))
    }
}

/// What a claim rests on, as a reader is told.
fn in_words(ground: Ground) -> &'static str {
    match ground {
        Ground::Output => "what is printed",
        Ground::Exit => "the exit code that is given",
        Ground::Failure => "that its last command fails",
        Ground::Test => "a command that tests it",
        Ground::Check => "the check of an exercise",
        Ground::Nothing => "nothing but that no command failed",
    }
}

/// The commands of a session, line by line, each with its prompt.
fn typed(session: &Session) -> String {
    let mut text = String::new();
    for command in &session.commands {
        for (at, typed) in command.typed.iter().enumerate() {
            let prompt = if at == 0 {
                &command.prompt
            } else {
                &typed.continuation
            };
            text.push_str(prompt);
            text.push_str(&typed.line.text);
            text.push('\n');
        }
    }
    text.trim_end().to_owned()
}

fn runs(report: &Report) -> Vec<Run> {
    let runs = report.runs.iter();
    runs.map(|run| Run {
        version: run.engine.version.clone(),
        api: run.engine.api.clone(),
        images: run.images.iter().map(image).collect(),
    })
    .collect()
}

fn image(image: &seaworthy_report::Image) -> Image {
    let (origin, built_from) = match &image.origin {
        Origin::Registry => ("registry", None),
        Origin::Local => ("local", None),
        Origin::StandIn(what) => ("stand-in", Some(what.clone())),
        Origin::BuiltOnStandIn(what) => ("built-on-stand-in", Some(what.clone())),
    };
    Image {
        reference: image.reference.clone(),
        digest: image.digest.clone(),
        origin,
        built_from,
    }
}

/// `23.5 s`, `4 min 10 s`.
fn duration(seconds: f64) -> String {
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        let minutes = (seconds / 60.0).floor();
        format!(
            "{minutes:.0} min {:.0} s",
            (seconds - minutes * 60.0).floor()
        )
    }
}
