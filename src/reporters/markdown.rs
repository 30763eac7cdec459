//! Results as Markdown, for the summary of a CI job or a comment.

use std::fmt::Write as _;

use seaworthy_report::{FailureCode, Page, Report, Run, Session, Status};

use super::{asides, counted, counts, diff_text, excerpt, verdicts};

/// The Markdown of `report`, each file with `prefix` before it.
pub(super) fn render(report: &Report, prefix: &str) -> String {
    let summary = &report.summary;
    let verdict = match (summary.failures, summary.pages_unfinished) {
        (0, 0) if summary.passed + summary.diagrams == 0 => "Nothing was run",
        (0, 0) => "All holds",
        (0, _) => "The check could not be finished",
        _ => "Something no longer holds",
    };
    let counts = std::iter::once(verdicts(summary)).chain(counts(summary));
    let mut text = format!(
        "## {verdict}\n\n{}; {}; {:.1} s.\n",
        counts.collect::<Vec<_>>().join(", "),
        counted(summary.claims, "claim proved", "claims proved"),
        summary.seconds
    );
    for run in &report.runs {
        of_run(&mut text, run, prefix);
    }
    for page in report.runs.iter().flat_map(|run| &run.pages) {
        failures(&mut text, page, prefix);
    }
    let asides = asides(report, prefix);
    if !asides.is_empty() {
        text.push_str("\n### What the pages don't simply show\n\n");
        for aside in asides {
            let _ = writeln!(text, "- {aside}");
        }
    }
    text
}

fn of_run(text: &mut String, run: &Run, prefix: &str) {
    let _ = writeln!(
        text,
        "\n### Docker Engine {}\n\n| page | sessions | seconds |\n|---|---|---|",
        run.engine.version
    );
    for page in &run.pages {
        let count = |status| page.sessions.iter().filter(|s| s.status == status).count();
        let (passed, failed) = (count(Status::Passed), count(Status::Failed));
        let broken = page.error.is_some()
            || page.unfinished.is_some()
            || page.diagrams.iter().any(|d| d.status == Status::Failed);
        let sign = if failed > 0 || broken { "✗" } else { "✓" };
        let _ = writeln!(
            text,
            "| {sign} `{prefix}{}` | {passed} of {} | {:.1} |",
            page.file,
            page.sessions.len(),
            page.seconds
        );
    }
}

fn failures(text: &mut String, page: &Page, prefix: &str) {
    for failure in page.sessions.iter().flat_map(Session::failures) {
        let place = format!("{prefix}{}:{}", failure.file, failure.line);
        let shown = if failure.diff.is_empty() {
            excerpt(&failure.actual).join("\n")
        } else {
            diff_text(failure)
        };
        let body = format!("$ {}\n{shown}", failure.command);
        let fence = fence(&body);
        let _ = writeln!(
            text,
            "\n**`{place}`**: {} [{}]\n\n{fence}diff\n{}\n{fence}\n",
            failure.message,
            failure.code,
            body.trim_end(),
        );
        for line in failure.help.lines() {
            let _ = writeln!(text, "- {}", line.trim());
        }
        if !failure.help.is_empty() {
            text.push('\n');
        }
        let _ = writeln!(text, "`{}`", failure.rerun);
    }
    for diagram in page.diagrams.iter().filter(|d| d.status == Status::Failed) {
        let file = diagram.file.as_ref().unwrap_or(&page.file);
        let _ = writeln!(
            text,
            "\n**`{prefix}{file}:{}`**: the engine does not look like the diagram [{}]\n",
            diagram.line,
            FailureCode::DiagramDiffers
        );
        for difference in &diagram.differences {
            let _ = writeln!(text, "- {difference}");
        }
    }
    if let Some(why) = &page.unfinished {
        let _ = writeln!(
            text,
            "\n**`{prefix}{}`**: not finished, which says nothing of the page: {why} [{}]",
            page.file,
            FailureCode::PageUnfinished
        );
    }
    if let Some(why) = &page.error {
        let code = FailureCode::PageNotRun;
        let _ = writeln!(text, "\n**`{prefix}{}`**: {why} [{code}]", page.file);
    }
    if !page.changed_images.is_empty() {
        let _ = writeln!(text, "\nOf `{prefix}{}`:\n", page.file);
        for image in &page.changed_images {
            let _ = writeln!(text, "- {image}");
        }
    }
}

/// A fence that is longer than every run of backticks in `body`.
fn fence(body: &str) -> String {
    let longest = body.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}
