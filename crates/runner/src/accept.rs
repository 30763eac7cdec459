//! What should stand in an author's file instead of what doesn't hold. Pure.

use std::ops::Range;

use seaworthy_blocks::Line;
use seaworthy_console::Command;
use seaworthy_page::{Page, SessionStep};

use seaworthy_matching::{self as matching, Bindings, Expected, Outcome, State, compare, rewrite};

/// Which printed lines are taken from the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// Those of commands that don't hold.
    Failing,
    /// All, and the values in typed lines and in the prose with them.
    All,
}

/// A stretch of an author's file, and what should stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file, relative to the book's root.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// Bytes of the file.
    pub range: Range<usize>,
    /// What stands there.
    pub old: String,
    /// What should; the same for what holds.
    pub new: String,
}

/// What should stand where `command` is typed and printed, after it ran as `typed`, printed `actual`
/// and compared as `outcome`; and the page's bindings then.
pub(super) fn command(
    accept: Accept,
    (page, step, command): (&Page, &SessionStep, &Command),
    typed: &[&str],
    (expected, actual, outcome): (&Expected<'_>, &str, &Outcome),
) -> (Vec<Result<Change, String>>, Bindings) {
    let mut changes = Vec::new();
    if accept == Accept::All {
        let lines = command.typed.iter().zip(typed);
        changes.extend(lines.map(|(typed, real)| {
            let line = std::slice::from_ref(&typed.line);
            change(page, step, line, &[(*real).to_owned()])
        }));
    }
    if !command.prints() {
        return (changes, outcome.bindings.clone());
    }
    let new = match accept {
        Accept::Failing => rewrite(expected, actual, outcome),
        Accept::All => anew(expected, actual, outcome),
    };
    // The page goes on with the author's values where those stay.
    let again =
        (accept == Accept::Failing).then(|| again(expected, &new, actual, &outcome.bindings));
    let bindings = again
        .filter(|again| again.holds)
        .map(|again| again.bindings);
    changes.push(change(page, step, &command.output, &new));
    (
        changes,
        bindings.unwrap_or_else(|| outcome.bindings.clone()),
    )
}

/// How `lines`, printed instead of the author's, compare with `actual`.
fn again(expected: &Expected<'_>, lines: &[String], actual: &str, bindings: &Bindings) -> Outcome {
    let lines: Vec<_> = lines
        .iter()
        .map(|text| matching::Line { text, at: 0 })
        .collect();
    let mended = Expected {
        lines: &lines,
        ..*expected
    };
    compare(&mended, actual, bindings)
}

/// The author's lines with the machine's text, `...` kept; the whole output if that doesn't hold.
fn anew(expected: &Expected<'_>, actual: &str, outcome: &Outcome) -> Vec<String> {
    let real: Vec<&str> = actual.lines().collect();
    let mut lines = Vec::new();
    for row in &outcome.alignment {
        let Some(author) = row.author.and_then(|i| expected.lines.get(i)) else {
            continue;
        };
        let text = match (&row.state, row.actual.and_then(|i| real.get(i))) {
            (State::Swallowed(_), _) => author.text.to_owned(),
            (_, Some(real)) => (*real).to_owned(),
            (_, None) => outcome.bindings.substitute_text(author.text),
        };
        lines.push(text);
    }
    if outcome.holds && !lines.is_empty() && again(expected, &lines, actual, &Bindings::new()).holds
    {
        return lines;
    }
    let blank = |line: &&str| line.trim().is_empty();
    let lead = real.iter().take_while(|line| blank(line)).count();
    let tail = real.iter().rev().take_while(|line| blank(line)).count();
    let whole = real.get(lead..real.len() - tail).unwrap_or_default();
    whole.iter().map(|&line| line.to_owned()).collect()
}

/// What should stand in the inline code of the prose: the real values.
pub(super) fn of_prose(page: &Page, bindings: &Bindings) -> Vec<Result<Change, String>> {
    let codes = page.inline_code.iter();
    let real = |text: &str| bindings.substitute_text(text);
    codes
        .map(|code| located(page, code.span(), real(&code.text)))
        .collect()
}

fn change(page: &Page, step: &SessionStep, old: &[Line], new: &[String]) -> Result<Change, String> {
    let (Some(first), Some(last)) = (old.first(), old.last()) else {
        return Err("nothing is printed there".to_owned());
    };
    let range = first.start..last.span().end;
    if new.is_empty() {
        let place = page.source.place(range.start);
        return Err(format!(
            "{}:{}: the command prints nothing now: remove its printed lines, or the command",
            place.file, place.line
        ));
    }
    let text = page.source.text();
    let newline = if text[range.clone()].contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let mut joined = String::new();
    for (i, line) in new.iter().enumerate() {
        if i > 0 {
            joined.push_str(newline);
            let prefixed = format!("{}{line}", step.prefix);
            joined.push_str(if line.is_empty() {
                prefixed.trim_end()
            } else {
                &prefixed
            });
        } else {
            joined.push_str(line);
        }
    }
    located(page, range, joined)
}

fn located(page: &Page, range: Range<usize>, new: String) -> Result<Change, String> {
    let place = page.source.place(range.start);
    let old = page.source.text()[range.clone()].to_owned();
    match page.source.in_file(&range) {
        Some((file, range)) => Ok(Change {
            file: file.to_owned(),
            line: place.line,
            range,
            old,
            new,
        }),
        None => Err(format!(
            "{}:{}: what is printed here comes from more than one file: change it by hand",
            place.file, place.line
        )),
    }
}
