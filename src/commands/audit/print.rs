//! What an audit says: counts first, then the drift, then the rest by class.

use std::fmt::Write as _;

use seaworthy_blocks::counted;
use seaworthy_report::LineKind;
use serde::Serialize;

use super::Audit;
use super::class::{Class, Finding};
use crate::cli::AuditFormat;
use crate::output::{self, Style, json};

const GOOD: Style = Style(anstyle::AnsiColor::Green.on_default());
const BAD: Style = Style(anstyle::AnsiColor::Red.on_default());
const STRONG: Style = Style(anstyle::Style::new().bold());
const QUIET: Style = Style(anstyle::Style::new().dimmed());

/// The most lines of a difference that are shown.
const LINES: usize = 40;
/// The most characters of a line that are shown.
const WIDTH: usize = 300;

/// Prints what was found.
pub(super) fn print(audit: &Audit, format: AuditFormat) {
    match format {
        AuditFormat::Pretty => crate::out!("{}", pretty(audit)),
        AuditFormat::Json => crate::outln!("{}", json(&as_json(audit))),
        AuditFormat::Markdown => crate::out!("{}", markdown(audit)),
        AuditFormat::Github => output::commands(&annotations(audit)),
    }
}

/// What was looked at, in one line.
fn headline(audit: &Audit) -> String {
    let files = counted(audit.texts.len(), "file", "files");
    let fences = counted(audit.findings().count(), "fence", "fences");
    let engine = match &audit.engine {
        Some(version) => format!("on Docker Engine {version}"),
        None => "without a Docker Engine".to_owned(),
    };
    format!("{files}, {fences}, {engine}, in {:.1} s", audit.seconds)
}

/// The classes that some fence is of, and how many.
fn counts(audit: &Audit) -> Vec<(Class, usize)> {
    let counts = Class::ALL.iter().map(|class| (*class, audit.count(*class)));
    counts.filter(|(_, count)| *count > 0).collect()
}

/// The fences of a class.
fn of_class(audit: &Audit, class: Class) -> impl Iterator<Item = (&str, usize, &Finding)> {
    let findings = audit.findings();
    let of = findings.filter(move |(.., finding)| finding.class == class);
    of.map(|(file, line, _, finding)| (file, line, finding))
}

/// A line of somebody's that isn't too long.
fn cut(text: &str) -> String {
    seaworthy_blocks::clipped(text.lines().next().unwrap_or_default(), WIDTH).into_owned()
}

/// The lines of a difference that are shown.
fn diff(finding: &Finding) -> impl Iterator<Item = String> {
    let lines = finding
        .diff
        .iter()
        .filter(|line| line.kind != LineKind::Folded);
    lines.take(LINES).map(|line| cut(&line.to_string()))
}

fn pretty(audit: &Audit) -> String {
    let mut text = format!("{STRONG}{}{STRONG:#}\n\n", headline(audit));
    for (class, count) in counts(audit) {
        let style = match class {
            Class::Holds => GOOD,
            Class::PrintsSomethingElse => BAD,
            _ => Style(anstyle::Style::new()),
        };
        let _ = writeln!(
            text,
            "{style}{count:>6}{style:#}  {}",
            class.told(count == 1)
        );
    }
    for (file, line, finding) in of_class(audit, Class::PrintsSomethingElse) {
        let at = finding.at.unwrap_or(line);
        let _ = writeln!(text, "\n{BAD}{file}:{at}{BAD:#}: {}", cut(&finding.reason));
        for (i, line) in finding.command.lines().enumerate() {
            let prompt = if i == 0 { "$" } else { ">" };
            let _ = writeln!(text, "    {STRONG}{prompt} {}{STRONG:#}", cut(line));
        }
        for line in diff(finding) {
            let _ = writeln!(text, "    {line}");
        }
    }
    let told = |class: &Class| {
        !matches!(
            class,
            Class::Holds | Class::PrintsSomethingElse | Class::NoSession
        )
    };
    for class in Class::ALL.iter().copied().filter(told) {
        let mut found = of_class(audit, class).peekable();
        if found.peek().is_none() {
            continue;
        }
        let _ = writeln!(text, "\n{STRONG}{}{STRONG:#}", class.told(false));
        for (file, line, finding) in found {
            let at = finding.at.unwrap_or(line);
            let command = cut(&finding.command);
            let said = match (command.as_str(), cut(&finding.reason)) {
                ("", reason) => reason,
                (command, reason) => format!("{reason} {QUIET}$ {command}{QUIET:#}"),
            };
            let _ = writeln!(text, "  {file}:{at}: {said}");
        }
    }
    text
}

/// The whole as programs read it.
#[derive(Serialize)]
struct Printed<'a> {
    /// The version of this format.
    version: u32,
    tool: &'static str,
    engine: Option<&'a str>,
    seconds: f64,
    files: usize,
    counts: std::collections::BTreeMap<&'static str, usize>,
    fences: Vec<PrintedFence<'a>>,
}

#[derive(Serialize)]
struct PrintedFence<'a> {
    file: &'a str,
    line: usize,
    language: &'a str,
    #[serde(flatten)]
    finding: &'a Finding,
}

fn as_json(audit: &Audit) -> String {
    let fences = audit.findings();
    let fences = fences.map(|(file, line, language, finding)| PrintedFence {
        file,
        line,
        language,
        finding,
    });
    let printed = Printed {
        version: 1,
        tool: env!("CARGO_PKG_VERSION"),
        engine: audit.engine.as_deref(),
        seconds: audit.seconds,
        files: audit.texts.len(),
        counts: Class::ALL
            .iter()
            .map(|class| (class.name(), audit.count(*class)))
            .collect(),
        fences: fences.collect(),
    };
    // Strings, numbers and lists only: there is nothing in it that JSON can't hold.
    serde_json::to_string_pretty(&printed).unwrap_or_default()
}

fn markdown(audit: &Audit) -> String {
    let mut text = format!("## {}\n\n| fences | |\n|---:|---|\n", headline(audit));
    for (class, count) in counts(audit) {
        let _ = writeln!(text, "| {count} | {} |", class.told(count == 1));
    }
    for (file, line, finding) in of_class(audit, Class::PrintsSomethingElse) {
        let at = finding.at.unwrap_or(line);
        let shown: Vec<_> = diff(finding).collect();
        let body = format!("$ {}\n{}", finding.command, shown.join("\n"));
        let longest = body.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        let _ = writeln!(
            text,
            "\n**`{file}:{at}`**: {}\n\n{fence}diff\n{}\n{fence}",
            cut(&finding.reason),
            body.trim_end()
        );
    }
    text
}

/// What a maintainer should look at, at its line: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>.
fn annotations(audit: &Audit) -> String {
    let data = |text: &str| {
        text.replace('%', "%25")
            .replace('\r', "%0D")
            .replace('\n', "%0A")
    };
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let mut text = String::new();
    for class in [
        Class::PrintsSomethingElse,
        Class::UnknownOrDeprecated,
        Class::Malformed,
    ] {
        for (file, line, finding) in of_class(audit, class) {
            let shown: Vec<_> = diff(finding).collect();
            let message = format!(
                "{}\n$ {}\n{}",
                finding.reason,
                finding.command,
                shown.join("\n")
            );
            let _ = writeln!(
                text,
                "::warning file={},line={},title={}::{}",
                property(file),
                finding.at.unwrap_or(line),
                property(class.told(true)),
                data(message.trim_end())
            );
        }
    }
    let _ = writeln!(text, "{}", headline(audit));
    text
}
