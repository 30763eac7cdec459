//! What can be done about a fault, or about a result: edits for an editor to make.

use std::ops::Range;

use gen_lsp_types::{CodeAction, CodeActionKind, Diagnostic, TextEdit, Uri, WorkspaceEdit};
use seaworthy_blocks::FaultCode;
use seaworthy_report::FailureCode;
use seaworthy_words::nearest;

use super::known;
use super::outline::{Outline, Part};
use super::text::Text;

/// An edit with its name.
struct Fix {
    title: String,
    range: Range<usize>,
    new: String,
}

impl Fix {
    fn insert(title: impl Into<String>, at: usize, new: impl Into<String>) -> Self {
        Self::replace(title, at..at, new)
    }

    fn replace(title: impl Into<String>, range: Range<usize>, new: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            range,
            new: new.into(),
        }
    }
}

/// What an editor is offered for `diagnostic`, one of those that it shows of the file `uri`, which is `text`.
pub(super) fn actions(
    diagnostic: &Diagnostic,
    code: &str,
    uri: &Uri,
    text: &Text,
) -> Vec<CodeAction> {
    let outline = Outline::of(text.as_str());
    let range = text.range(diagnostic.range);
    let of_fault = FaultCode::ALL.iter().find(|known| known.name() == code);
    let fixes = match of_fault {
        Some(code) => of_fault_at(*code, &range, &outline, text),
        None => of_result(range.start, &outline),
    };
    let actions = fixes.into_iter().map(|fix| CodeAction {
        title: fix.title,
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: Some(vec![diagnostic.clone()]),
        edit: Some(WorkspaceEdit {
            changes: Some(
                [(
                    uri.clone(),
                    vec![TextEdit::new(text.span(&fix.range), fix.new)],
                )]
                .into(),
            ),
            ..WorkspaceEdit::default()
        }),
        ..CodeAction::default()
    });
    actions.collect()
}

/// Whether what has this code is a result of a check that `seaworthy accept` may mend.
pub(super) fn can_be_accepted(code: &str) -> bool {
    code == FailureCode::WrongOutput.name()
}

/// What mends a fault at `range`.
fn of_fault_at(
    code: FaultCode,
    range: &Range<usize>,
    outline: &Outline<'_>,
    text: &Text,
) -> Vec<Fix> {
    let said = &outline.text[range.clone()];
    let fix = match code {
        FaultCode::UnknownAttribute => {
            let known = match outline.block_at(range.start) {
                Some(part) => known::attributes(&part.block.language),
                None => known::PAGE_SETTINGS,
            };
            instead(said, known, range)
        }
        FaultCode::UnknownSetting => instead(said, known::BOOK_SETTINGS, range),
        FaultCode::OutputBeforeCommand => Some(Fix::insert(
            "This line is typed: begin it with `$ `",
            range.start,
            "$ ",
        )),
        FaultCode::MissingContinuation => continuation(range.start, text),
        FaultCode::MissingComma => {
            // What is missing stands before a word, after blanks.
            let word = range.end - said.trim_start().len();
            let before = outline.text[..word].trim_end().len();
            Some(Fix::replace("Write a comma", before..word, ","))
        }
        FaultCode::LanguageCase => {
            let lower = said.to_lowercase();
            Some(Fix::replace(
                format!("Write `{lower}`"),
                range.clone(),
                lower,
            ))
        }
        FaultCode::RepeatedAttribute => {
            let from = outline.text[..range.start]
                .trim_end_matches([',', ' '])
                .len();
            Some(Fix::replace("Remove it", from..range.end, ""))
        }
        FaultCode::FailureNotSaid => Some(Fix::insert(
            "Say the exit code: `exit=1`",
            range.end,
            ",exit=1",
        )),
        FaultCode::OpenBlock => outline.block_at(range.start).map(close),
        _ => None,
    };
    fix.into_iter().collect()
}

/// The known name that was probably meant.
fn instead(said: &str, known: &[&str], range: &Range<usize>) -> Option<Fix> {
    let near = nearest(said, known)?;
    Some(Fix::replace(format!("Write `{near}`"), range.clone(), near))
}

/// The continuation prompt that the line before has.
fn continuation(at: usize, text: &Text) -> Option<Fix> {
    let number = text.line_of(at).checked_sub(1)?;
    let before = &text.as_str()[text.line(number)];
    let prompt = [">", "..."]
        .into_iter()
        .find(|prompt| before.trim_start().starts_with(prompt))?;
    Some(Fix::insert(
        format!("Begin the line with `{prompt} `"),
        at,
        format!("{prompt} "),
    ))
}

/// A closing fence of the kind that a block was opened with.
fn close(part: &Part) -> Fix {
    let block = &part.block;
    let fence = "`".repeat(block.info.start - block.range.start);
    let new = format!("\n{}{fence}", block.prefix);
    Fix::insert("Close the block", block.range.end, new)
}

/// What can be said of a session that didn't hold, at the byte `at`.
fn of_result(at: usize, outline: &Outline<'_>) -> Vec<Fix> {
    let Some(part) = outline.block_at(at) else {
        return Vec::new();
    };
    let said = |key: &str| part.attributes.iter().any(|it| it.key == key);
    if part.block.language != "console" || said("no_run") {
        return Vec::new();
    }
    let end = part.block.info.end;
    let mut fixes = Vec::new();
    let last = part.commands.iter().rfind(|command| command.runs);
    if last.is_some_and(|last| at >= last.start()) && !said("retry") {
        fixes.push(Fix::insert(
            "It takes a moment: repeat the last command, with `retry=10s`",
            end,
            ",retry=10s",
        ));
    }
    let alone = part
        .attributes
        .iter()
        .all(|it| matches!(it.key.as_str(), "on" | "opens"));
    if alone {
        fixes.push(Fix::insert(
            "It can't be run: say why, with `no_run`",
            end,
            ",no_run=\"why\"",
        ));
    }
    fixes
}
