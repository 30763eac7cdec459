//! Results for people.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use anstyle::AnsiColor;
use seaworthy_blocks::visible;
use seaworthy_report::{
    ChangedImage, Diagram, DiffLine, Failure, FailureCode, Judged, LineKind, Origin,
    Page as PageReport, Report, Session, Status,
};

use super::bounded::{TERMINAL, within};
use super::progress::Progress;
use super::{Reporter, asides, counted, counts, excerpt, prefix, verdicts};
use crate::output::Style;
use seaworthy_runner::{Event, Observer};

const GOOD: Style = Style(AnsiColor::Green.on_default());
const BAD: Style = Style(AnsiColor::Red.on_default().bold());
const NOTE: Style = Style(AnsiColor::Yellow.on_default());
const QUIET: Style = Style(anstyle::Style::new().dimmed());
const STRONG: Style = Style(anstyle::Style::new().bold());

/// Prints each session, failures in full, then the sums. A page that runs alone is told as it goes; of several that
/// run at a time, each is told whole when it ends.
pub struct Pretty {
    progress: Progress,
    /// What is to be told of pages that run, by their files; nothing is held back while they run one by one.
    held_back: Mutex<Option<HashMap<String, String>>>,
    /// The book's folder as the caller names it, before each file.
    prefix: String,
}

impl Pretty {
    /// For a check of `pages` pages of the book in `root`.
    #[must_use]
    pub fn new(pages: usize, root: &str) -> Self {
        let prefix = prefix(root);
        Self {
            progress: Progress::new(pages),
            held_back: Mutex::default(),
            prefix,
        }
    }

    /// Tells `text` of a page, now or when the page ends.
    fn tell(&self, page: &str, text: &str, ends: bool) {
        let mut held_back = self
            .held_back
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let text = match held_back.as_mut() {
            None => text.to_owned(),
            Some(pages) => {
                let held = pages.entry(page.to_owned()).or_default();
                held.push_str(text);
                if !ends {
                    return;
                }
                pages.remove(page).unwrap_or_default()
            }
        };
        self.progress.suspend(|| crate::out!("{text}"));
    }
}

impl Observer for Pretty {
    fn event(&self, event: &Event) {
        self.progress.event(event);
        match event {
            Event::Started { jobs } => {
                let mut held_back = self
                    .held_back
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                *held_back = (*jobs > 1).then(HashMap::new);
            }
            Event::PageStarted { page } => {
                self.tell(page, &page_begins(page, &self.prefix), false);
            }
            Event::SessionEnded { page, result } => {
                self.tell(
                    page,
                    &session_text(&result.report, &result.changed_images, &self.prefix),
                    false,
                );
            }
            Event::DiagramCompared { page, diagram } => {
                self.tell(page, &diagram_text(diagram, &self.prefix), false);
            }
            Event::PageEnded { page, report } => self.tell(page, &page_ends(report), true),
            Event::MachinesKept { page, how } => {
                let told = how.replace('\n', "\n    ");
                let title = format!("{STRONG}{}{page}{STRONG:#}", self.prefix);
                self.tell(
                    page,
                    &format!("{title}: its machine stays\n    {told}\n"),
                    true,
                );
            }
            Event::MachinesStuck { page, why } => {
                let title = format!("{STRONG}{}{page}{STRONG:#}", self.prefix);
                self.tell(page, &format!("{title}\n  {BAD}✗{BAD:#} {why}\n"), true);
            }
            // What was told of it doesn't count.
            Event::PageMoved { page } => {
                let mut held_back = self
                    .held_back
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                held_back.iter_mut().for_each(|pages| {
                    pages.remove(page);
                });
            }
            Event::Doing { .. } | Event::HostLost { .. } => {}
        }
    }
}

impl Reporter for Pretty {
    fn finish(&self, report: &Report) {
        self.stop();
        crate::out!("{}", sums(report, &self.prefix));
    }

    fn stop(&self) {
        self.progress.finish();
    }
}

/// All of `report`, each file with `prefix` before it, as a check tells it.
pub(super) fn whole(report: &Report, prefix: &str) -> String {
    let mut text = String::new();
    for page in report.runs.iter().flat_map(|run| &run.pages) {
        text.push_str(&page_begins(&page.file, prefix));
        for judged in page.judged() {
            match judged {
                Judged::Session(session) => {
                    text.push_str(&session_text(session, &page.changed_images, prefix));
                }
                Judged::Diagram(diagram) if diagram.was_compared() => {
                    text.push_str(&diagram_text(diagram, prefix));
                }
                // Its page says why it wasn't reached.
                Judged::Diagram(_) => {}
            }
        }
        text.push_str(&page_ends(page));
    }
    text + &sums(report, prefix)
}

fn page_begins(file: &str, prefix: &str) -> String {
    format!("{STRONG}{prefix}{}{STRONG:#}\n", visible(file))
}

/// A session in one line, and its failures in full; the page's images in `changed` have changed since it last held.
fn session_text(session: &Session, changed: &[ChangedImage], prefix: &str) -> String {
    let session = &within(session, TERMINAL);
    let (style, sign) = match session.status {
        Status::Passed => (GOOD, '✓'),
        Status::Failed => (BAD, '✗'),
        Status::Skipped | Status::NotRun => (NOTE, '–'),
    };
    let commands = counted(session.commands, "command", "commands");
    let what = match (session.status, &session.reason) {
        (Status::NotRun, Some(reason)) => format!("not run: {reason}"),
        (Status::Skipped, Some(reason)) => reason.clone(),
        _ => session.proves.clone().unwrap_or(commands),
    };
    let at = place(session.file.as_deref(), session.line, prefix);
    let mut text = format!("  {style}{sign}{style:#} {at:>4}  ");
    if let Some(machine) = &session.on {
        let _ = write!(text, "{QUIET}{machine}:{QUIET:#} ");
    }
    if session.hidden {
        let _ = write!(text, "{QUIET}hidden:{QUIET:#} ");
    }
    text.push_str(&what);
    if matches!(session.status, Status::Passed | Status::Failed) {
        let _ = write!(text, " {QUIET}{:.1} s{QUIET:#}", session.seconds);
    }
    text.push('\n');
    for note in &session.notes {
        let _ = writeln!(text, "          {QUIET}{note}{QUIET:#}");
    }
    for (at, failure) in session.failures().enumerate() {
        let images = if at == 0 { changed } else { &[] };
        text.push_str(&failure_text(failure, images, prefix));
    }
    // Of a session that wasn't begun, its own line says it.
    if session.commands > 0 {
        for command in &session.not_reached {
            let _ = writeln!(text, "          {NOTE}not reached:{NOTE:#} {command}");
        }
    }
    text
}

/// A line of the page, or of the file that it includes.
fn place(file: Option<&str>, line: usize, prefix: &str) -> String {
    match file {
        Some(file) => format!("{prefix}{file}:{line}"),
        None => line.to_string(),
    }
}

/// A diagram in one line, and what is different on the engine.
fn diagram_text(diagram: &Diagram, prefix: &str) -> String {
    let diagram = &within(diagram, TERMINAL);
    let (style, sign, what) = match diagram.status {
        Status::Passed => (GOOD, '✓', "the engine looks like the diagram"),
        _ => (BAD, '✗', "the engine does not look like the diagram"),
    };
    let at = place(diagram.file.as_deref(), diagram.line, prefix);
    let code = diagram.failed().map(|code| coded(code) + ":");
    let code = code.unwrap_or_default();
    let mut text = format!("  {style}{sign}{style:#} {at:>4}  {what}{code}\n");
    for difference in &diagram.differences {
        let _ = writeln!(text, "          {BAD}{difference}{BAD:#}");
    }
    text
}

fn failure_text(failure: &Failure, images: &[ChangedImage], prefix: &str) -> String {
    let mut text = String::new();
    let place = format!("{prefix}{}:{}", failure.file, failure.line);
    let code = coded(failure.code);
    let _ = writeln!(text, "\n{BAD}{place}{BAD:#}: {}{code}", failure.message);
    for (i, line) in failure.command.lines().enumerate() {
        let prompt = if i == 0 { "$" } else { ">" };
        let _ = writeln!(text, "       {STRONG}{prompt} {line}{STRONG:#}");
    }
    if failure.diff.is_empty() {
        for line in excerpt(&failure.actual) {
            let _ = writeln!(text, "       {line}");
        }
    }
    text.extend(failure.diff.iter().map(diff_row));
    if let Some(code) = failure.exit {
        let _ = writeln!(text, "  exit code: {code}");
    }
    if !failure.help.is_empty() {
        let _ = writeln!(text, "  help: {}", failure.help);
    }
    for image in images {
        let _ = writeln!(text, "  {NOTE}{image}{NOTE:#}");
    }
    if !failure.machine.is_empty() {
        let _ = writeln!(text, "  the machine then:");
        for line in failure.machine.lines() {
            let _ = writeln!(text, "    {QUIET}{line}{QUIET:#}");
        }
    }
    let _ = writeln!(text, "  run this page alone: {}\n", failure.rerun);
    text
}

/// One line of a difference: the author's line number, `-` or `+`, and the line with what differs marked.
fn diff_row(row: &DiffLine) -> String {
    let number = row.line.map(|line| line.to_string()).unwrap_or_default();
    let mut text = format!("{QUIET}{number:>5}{QUIET:#} {} ", row.kind.sign());
    let marked = match row.kind {
        LineKind::Differs | LineKind::Missing | LineKind::Elsewhere => BAD,
        LineKind::Instead | LineKind::Unexpected => GOOD,
        LineKind::Same | LineKind::Reason | LineKind::Folded => QUIET,
    };
    for part in &row.parts {
        let style = if part.differs { marked } else { QUIET };
        let _ = write!(text, "{style}{}{style:#}", part.text);
    }
    text.push('\n');
    text
}

/// The code of a failure, as it stands behind a message.
fn coded(code: FailureCode) -> String {
    format!(" {QUIET}[{code}]{QUIET:#}")
}

/// What is said of a page as a whole, at its end.
fn page_ends(page: &PageReport) -> String {
    let page = &within(page, TERMINAL);
    let mut text = String::new();
    if let Some(error) = &page.error {
        let code = coded(FailureCode::PageNotRun);
        let _ = writeln!(text, "  {BAD}✗{BAD:#} {error}{code}");
    }
    if let Some(why) = &page.unfinished {
        let code = coded(FailureCode::PageUnfinished);
        let _ = writeln!(
            text,
            "  {BAD}!{BAD:#} not finished, which says nothing of the page: {why}{code}"
        );
    }
    // A session that failed told it already.
    if page.sessions.iter().all(|s| s.status != Status::Failed) {
        for image in &page.changed_images {
            let _ = writeln!(text, "  {NOTE}{image}{NOTE:#}");
        }
    }
    if !page.left.is_empty() {
        let _ = writeln!(
            text,
            "  {NOTE}left behind:{NOTE:#} {}",
            page.left.join(", ")
        );
    }
    let _ = writeln!(text, "  {QUIET}{:.1} s in all{QUIET:#}", page.seconds);
    text
}

/// The engines, the images and the sums.
pub(super) fn sums(report: &Report, prefix: &str) -> String {
    let summary = &report.summary;
    let mut text = String::from("\n");
    for run in &report.runs {
        let _ = match (run.engine.version.as_str(), &run.engine.api) {
            ("", _) => writeln!(text, "no page had a Docker Engine"),
            (version, api) => writeln!(text, "Docker Engine {version} (API {api})"),
        };
        for image in &run.images {
            let origin = match &image.origin {
                Origin::Registry => "from its registry".to_owned(),
                Origin::Local => "built here".to_owned(),
                Origin::StandIn(built_from) => format!("a stand-in: {built_from}"),
                Origin::BuiltOnStandIn(of) => format!("built here, from a stand-in: {of}"),
            };
            let _ = writeln!(text, "  {} {QUIET}{origin}{QUIET:#}", image.reference);
        }
    }
    let style = match (summary.failures, summary.pages_unfinished) {
        (0, 0) if summary.passed + summary.diagrams == 0 => NOTE,
        (0, 0) => GOOD,
        _ => BAD,
    };
    let _ = write!(text, "{style}{}{style:#}", verdicts(summary));
    for count in counts(summary) {
        let _ = write!(text, ", {count}");
    }
    let commands = counted(summary.commands, "command", "commands");
    let _ = write!(text, " · {commands}");
    if summary.commands_skipped > 0 {
        let _ = write!(text, " ({} more not reached)", summary.commands_skipped);
    }
    let _ = writeln!(
        text,
        ", {} · {:.1} s",
        counted(summary.claims, "claim proved", "claims proved"),
        summary.seconds
    );
    for aside in asides(report, prefix) {
        let _ = writeln!(text, "  {QUIET}{aside}{QUIET:#}");
    }
    text
}
