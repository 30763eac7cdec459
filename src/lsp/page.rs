//! What is said of an open file: its faults, and what the last check found.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use gen_lsp_types::{Code, Diagnostic, DiagnosticSeverity, Message};
use seaworthy_blocks as blocks;
use seaworthy_page::{BookSettings, Page, Place, Step};
use seaworthy_report as report;

use super::library::{BOOK_TOML, Library, Open};
use super::text::Text;
use crate::prose;

/// Who says it: the faults are those of `seaworthy list`, the results those of `seaworthy check`.
const FAULTS: &str = "seaworthy";
const RESULTS: &str = "seaworthy check";

/// A page as it is written now, and what came of its blocks when it was last checked.
pub(super) struct Read {
    pub(super) page: Result<Page, ()>,
    /// By the files that they are about, relative to the book's root.
    pub(super) faults: BTreeMap<String, Vec<blocks::Diagnostic>>,
}

/// What came of a block when it was last checked.
pub(super) struct Came<'a> {
    pub(super) place: &'a Place,
    /// The line of its fence in the report.
    pub(super) line: usize,
    pub(super) status: report::Status,
    pub(super) failures: Vec<Failure<'a>>,
    /// Whether the page was edited since, so that it says nothing of what stands there now.
    pub(super) outdated: bool,
}

/// A failure of a session, or a difference of a diagram.
pub(super) struct Failure<'a> {
    pub(super) code: &'a str,
    pub(super) line: usize,
    pub(super) message: String,
}

impl Read {
    /// Reads the page `file`.
    pub(super) fn page(file: &str, open: &Open<'_>, settings: &BookSettings) -> Self {
        let read = Page::load(Path::new(file), open, settings);
        let mut faults: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let (page, found) = match read {
            Ok(page) => {
                let mut found = prose::check(&page);
                found.extend(page.warnings.iter().cloned());
                (Ok(page), found)
            }
            Err(found) => (Err(()), found),
        };
        for fault in found {
            faults.entry(fault.file.clone()).or_default().push(fault);
        }
        Self { page, faults }
    }

    /// Reads `book.toml`, of which the table of Seaworthy is known here.
    pub(super) fn settings(text: &Text) -> Self {
        let found = BookSettings::from_toml(text.as_str()).err();
        let faults = found.unwrap_or_default().into_iter();
        let faults = faults.map(|fault| blocks::Diagnostic {
            file: BOOK_TOML.to_owned(),
            source: text.as_str().into(),
            fault,
        });
        Self {
            page: Err(()),
            faults: BTreeMap::from([(BOOK_TOML.to_owned(), faults.collect())]),
        }
    }

    /// What the last check found of the page's blocks, in their order.
    pub(super) fn results<'a>(&'a self, library: &'a Library) -> Vec<Came<'a>> {
        let (Ok(page), Some(report)) = (&self.page, &library.report) else {
            return Vec::new();
        };
        let runs = report.runs.iter().flat_map(|run| &run.pages);
        let pages: Vec<_> = runs.filter(|known| known.file == page.file).collect();
        let steps = page.steps.iter();
        steps.flat_map(|step| came(step, &pages)).collect()
    }
}

/// What came of a step on each engine.
fn came<'a>(step: &'a Step, pages: &[&'a report::Page]) -> Vec<Came<'a>> {
    match step {
        Step::Session(step) => {
            let known = pages.iter().flat_map(|page| &page.sessions);
            let known = known.filter(|known| known.id == step.id);
            let came = known.map(|known| Came {
                place: &step.place,
                line: known.line,
                status: known.status,
                failures: known.failures().map(failure).collect(),
                outdated: known.fingerprint != step.fingerprint,
            });
            came.collect()
        }
        Step::Diagram(step) => {
            let known = pages.iter().flat_map(|page| &page.diagrams);
            let known = known.filter(|known| known.id == step.id);
            let came = known.map(|known| Came {
                place: &step.place,
                line: known.line,
                status: known.status,
                failures: known
                    .differences
                    .iter()
                    .map(|difference| Failure {
                        code: report::FailureCode::DiagramDiffers.name(),
                        line: known.line,
                        message: difference.clone(),
                    })
                    .collect(),
                outdated: known.fingerprint != step.fingerprint,
            });
            came.collect()
        }
        _ => Vec::new(),
    }
}

fn failure(failure: &report::Failure) -> Failure<'_> {
    let help = match failure.help.as_str() {
        "" => String::new(),
        help => format!("\nhelp: {help}"),
    };
    Failure {
        code: failure.code.name(),
        line: failure.line,
        message: format!("{}{help}", failure.message),
    }
}

/// A fault as an editor shows it, in `text`, which is its file.
pub(super) fn fault(found: &blocks::Diagnostic, text: &Text) -> Diagnostic {
    let blocks::Fault {
        severity,
        span,
        message,
        label,
        help,
        ..
    } = &found.fault;
    let told = [("", message), ("", label), ("help: ", help)];
    let told = told.iter().filter(|(_, said)| !said.is_empty());
    let told: Vec<_> = told.map(|(what, said)| format!("{what}{said}")).collect();
    let severity = match severity {
        blocks::Severity::Error => DiagnosticSeverity::Error,
        blocks::Severity::Warning => DiagnosticSeverity::Warning,
    };
    diagnostic(
        text,
        span,
        severity,
        found.fault.code.name(),
        FAULTS,
        told.join("\n"),
    )
}

/// The failures of a result as an editor shows them in `text`, which is the file of its block. What came before an edit
/// is said as such, and where its block stands now.
pub(super) fn failures(came: &Came<'_>, text: &Text) -> Vec<Diagnostic> {
    let severity = match came.outdated {
        false => DiagnosticSeverity::Error,
        true => DiagnosticSeverity::Hint,
    };
    let before = match came.outdated {
        false => "",
        true => "before the last edit: ",
    };
    let shown = came.failures.iter().map(|failure| {
        let line = (came.place.line + failure.line).saturating_sub(came.line + 1);
        let message = format!("{before}{}", failure.message);
        diagnostic(
            text,
            &text.line(line),
            severity,
            failure.code,
            RESULTS,
            message,
        )
    });
    shown.collect()
}

fn diagnostic(
    text: &Text,
    range: &Range<usize>,
    severity: DiagnosticSeverity,
    code: &str,
    source: &str,
    message: String,
) -> Diagnostic {
    Diagnostic {
        range: text.span(range),
        severity: Some(severity),
        code: Some(Code::String(code.to_owned())),
        source: Some(source.to_owned()),
        message: Message::String(message),
        ..Diagnostic::default()
    }
}
