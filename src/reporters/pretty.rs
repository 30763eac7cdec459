//! Results for people.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use anstyle::AnsiColor;
use seaworthy_blocks::clipped;
use seaworthy_report::{
    ChangedImage, Diagram, Failure, Origin, Page as PageReport, Report, Status,
};

use super::bounded::{TERMINAL, ends, within};
use super::progress::Progress;
use super::{Reporter, asides, counted, counts, excerpt, prefix, verdicts};
use crate::output::Style;
use seaworthy_matching::diff::{Gutter, Style as DiffStyle};
use seaworthy_runner::{DiffRow, Event, Observer, SessionResult};

const GOOD: Style = Style(AnsiColor::Green.on_default());
const BAD: Style = Style(AnsiColor::Red.on_default().bold());
const NOTE: Style = Style(AnsiColor::Yellow.on_default());
const QUIET: Style = Style(anstyle::Style::new().dimmed());
const STRONG: Style = Style(anstyle::Style::new().bold());

/// The most lines of a difference, and characters of a part of one.
const TERMINAL_ROWS: usize = 121;
const WIDEST: usize = 500;

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
                let title = format!("{STRONG}{}{page}{STRONG:#}\n", self.prefix);
                self.tell(page, &title, false);
            }
            Event::SessionEnded { page, result } => {
                self.tell(page, &session(result, &self.prefix), false);
            }
            Event::DiagramCompared { page, diagram } => {
                self.tell(page, &diagram_text(diagram, &self.prefix), false);
            }
            Event::PageEnded { page, report } => self.tell(page, &page_end(report), true),
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
            Event::Doing { .. } => {}
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

/// A session in one line, and its failure in full.
fn session(result: &SessionResult, prefix: &str) -> String {
    let session = &within(&result.report, TERMINAL);
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
    for (failure, diff) in session.failures().zip(&result.diffs) {
        let images = match &session.failure {
            Some(first) if first == failure => &result.changed_images[..],
            _ => &[],
        };
        text.push_str(&failure_text(failure, (diff, images), prefix));
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
        _ => (BAD, '✗', "the engine does not look like the diagram:"),
    };
    let at = place(diagram.file.as_deref(), diagram.line, prefix);
    let mut text = format!("  {style}{sign}{style:#} {at:>4}  {what}\n");
    for difference in &diagram.differences {
        let _ = writeln!(text, "          {BAD}{difference}{BAD:#}");
    }
    text
}

fn failure_text(
    failure: &Failure,
    (diff, images): (&[DiffRow], &[ChangedImage]),
    prefix: &str,
) -> String {
    let mut text = String::new();
    let place = format!("{prefix}{}:{}", failure.file, failure.line);
    let _ = writeln!(text, "\n{BAD}{place}{BAD:#}: {}", failure.message);
    for (i, line) in failure.command.lines().enumerate() {
        let prompt = if i == 0 { "$" } else { ">" };
        let _ = writeln!(text, "       {STRONG}{prompt} {line}{STRONG:#}");
    }
    if diff.is_empty() {
        for line in excerpt(&failure.actual) {
            let _ = writeln!(text, "       {line}");
        }
    }
    let rows = diff.iter().map(diff_row).collect();
    let rows = ends(rows, TERMINAL_ROWS, |left_out| {
        format!("        ({left_out} more lines: `seaworthy report show --format json` has them)\n")
    });
    text.extend(rows);
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
fn diff_row(row: &DiffRow) -> String {
    let number = row.line.map(|line| line.to_string()).unwrap_or_default();
    let sign = match row.shown.gutter {
        Gutter::Author => '-',
        Gutter::Actual => '+',
        Gutter::Note => '=',
        Gutter::Same | Gutter::Fold => ' ',
    };
    let mut text = format!("{QUIET}{number:>5}{QUIET:#} {sign} ");
    for span in &row.shown.spans {
        let style = match span.style {
            DiffStyle::Quiet | DiffStyle::Note => QUIET,
            DiffStyle::Marked | DiffStyle::Missing => BAD,
            DiffStyle::Added => GOOD,
        };
        let _ = write!(text, "{style}{}{style:#}", clipped(&span.text, WIDEST));
    }
    text.push('\n');
    text
}

fn page_end(page: &PageReport) -> String {
    let page = &within(page, TERMINAL);
    let mut text = String::new();
    if let Some(error) = &page.error {
        let _ = writeln!(text, "  {BAD}✗{BAD:#} {error}");
    }
    if let Some(why) = &page.unfinished {
        let _ = writeln!(
            text,
            "  {BAD}!{BAD:#} not finished, which says nothing of the page: {why}"
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
