//! Results as annotations of a workflow on GitHub: each failure stands at its line of the pull request.
//!
//! The format: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>.

use std::fmt::Write as _;

use seaworthy_report::{FailureCode, Page, Report, Session, Status};

use super::{asides, changed_images, counts, diff_text, verdicts};

/// The annotations for `report`, each file with `prefix` before it, and a last line with the sums.
pub(super) fn render(report: &Report, prefix: &str) -> String {
    let mut text = String::new();
    for page in report.runs.iter().flat_map(|run| &run.pages) {
        of_page(&mut text, page, prefix);
    }
    let asides = asides(report, prefix);
    if !asides.is_empty() {
        let title = property("what the page doesn't simply show");
        let _ = writeln!(text, "::notice title={title}::{}", data(&asides.join("\n")));
    }
    let counted = std::iter::once(verdicts(&report.summary)).chain(counts(&report.summary));
    let _ = writeln!(text, "{}", counted.collect::<Vec<_>>().join(", "));
    text
}

fn of_page(text: &mut String, page: &Page, prefix: &str) {
    let images = changed_images(page);
    let with_images = |message: &str| match images.as_str() {
        "" => message.to_owned(),
        images => format!("{message}\n{images}"),
    };
    for failure in page.sessions.iter().flat_map(Session::failures) {
        let mut message = format!("$ {}\n{}", failure.command, failure.message);
        for part in [&diff_text(failure), &failure.help, &images] {
            if !part.is_empty() {
                let _ = write!(message, "\n{part}");
            }
        }
        let _ = write!(message, "\n{}", failure.rerun);
        let file = format!("{prefix}{}", failure.file);
        let title = format!("does not hold [{}]", failure.code);
        error(text, &file, failure.line, &title, &message);
    }
    for diagram in page.diagrams.iter().filter(|d| d.status == Status::Failed) {
        let file = format!("{prefix}{}", diagram.file.as_ref().unwrap_or(&page.file));
        let message = with_images(&diagram.differences.join("\n"));
        let title = format!(
            "the engine does not look like this diagram [{}]",
            FailureCode::DiagramDiffers
        );
        error(text, &file, diagram.line, &title, &message);
    }
    if let Some(why) = &page.unfinished {
        let file = format!("{prefix}{}", page.file);
        let title = format!(
            "the check of this page could not be finished, which says nothing of the page [{}]",
            FailureCode::PageUnfinished
        );
        error(text, &file, 1, &title, why);
    }
    if let Some(why) = &page.error {
        let file = format!("{prefix}{}", page.file);
        let title = format!("this page could not be run [{}]", FailureCode::PageNotRun);
        error(text, &file, 1, &title, &with_images(why));
    }
}

fn error(text: &mut String, file: &str, line: usize, title: &str, message: &str) {
    let _ = writeln!(
        text,
        "::error file={},line={line},title={}::{}",
        property(file),
        property(title),
        data(message)
    );
}

/// A message: a new line, and what stands for one, would end it.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property: a comma or a colon would end it as well.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
