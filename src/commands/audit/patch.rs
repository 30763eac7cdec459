//! The edits that make a page checkable, as a patch: the language of a fence, and `no_run` with its reason. Never more.

use seaworthy_blocks::Block;
use similar::TextDiff;

use super::class::{Class, Finding};
use super::reading::Typed;

/// The most characters of a reason in a fence.
const REASON: usize = 70;
/// The language of sessions.
const SESSION: &str = "console";

/// What a fence's line after its backticks becomes, if it has to be another: `typed` is where its session is typed, if it is
/// one.
pub(super) fn info(
    block: &Block,
    text: &str,
    finding: &Finding,
    typed: Option<&Typed>,
) -> Option<String> {
    let info = &text[block.info.clone()];
    let is_ours = block.language == SESSION;
    let after = block.language_span.end - block.info.start;
    let (before, rest) = (
        &info[..block.language_span.start - block.info.start],
        &info[after..],
    );
    match finding.class {
        Class::Holds | Class::PrintsSomethingElse => {
            let readable = typed.is_some_and(|typed| typed.as_ours);
            // Another tool's attributes stay, and mean nothing to us.
            (readable && !is_ours).then(|| format!("{before}{SESSION}{rest}"))
        }
        _ if !is_ours || rest.contains("no_run") => None,
        Class::Malformed | Class::NoSession => Some(format!("{before}text{}", without_ours(rest))),
        class => {
            let reason = reason(class, &finding.reason);
            Some(format!(
                "{before}{SESSION},no_run=\"{reason}\"{}",
                without_ours(rest)
            ))
        }
    }
}

/// What follows a language without our attributes, which would contradict `no_run`.
fn without_ours(rest: &str) -> &str {
    if rest.trim_start().starts_with(',') {
        ""
    } else {
        rest
    }
}

/// Why a session isn't run, as a fence can say it: without quotes and backticks.
fn reason(class: Class, why: &str) -> String {
    let why = why.lines().next().unwrap_or_default();
    let plain: String = why
        .chars()
        .filter(|c| !matches!(c, '`' | '"' | '\\' | '<' | '>'))
        .collect();
    let cut: String = plain.chars().take(REASON).collect();
    let more = if cut.len() < plain.len() { "…" } else { "" };
    match cut.trim() {
        "" => class.told(true).to_owned(),
        cut => format!("{}: {cut}{more}", class.told(true)),
    }
}

/// The patch of a file, as it is reached from the current folder.
pub(super) fn unified(file: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    diff.unified_diff()
        .header(&format!("a/{file}"), &format!("b/{file}"))
        .to_string()
}
