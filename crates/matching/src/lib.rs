//! Docker-aware matching: does the output of a command still say what the author pasted?
//!
//! Enter at [`compare`]: what the author printed under a command, what the machine printed, and what the page's values
//! stand for so far ([`Bindings`]) give a verdict, new bindings and an alignment. [`diff`] renders a failure,
//! [`rewrite()`] mends the page, [`Values`] checks inline code in the prose.
//!
//! Pure: no I/O, no clock, no engine. The rules, each in its file: what a line is made of (`tokens`, `shapes`, `measures`,
//! `dates`, `drawn`, `address`), where a measure measures (`reading`, `places`, `varies`), what values stand for
//! (`bindings`, `command`), how lines are compared
//! (`line`, `table`, `cell`, `ports`, `lines`, `json`) and placed (`text`, `unordered`, `streams`, `progress`, `compose`,
//! `accidents`, `nearest`), and what is said of it (`reason`, `explain`, `unprompted`).

mod accidents;
mod address;
mod alignment;
mod bindings;
mod cell;
mod command;
mod compose;
mod dates;
pub mod diff;
mod drawn;
mod expected;
mod explain;
mod image_list;
mod json;
mod layout;
mod line;
mod lines;
mod measures;
mod nearest;
mod occurrence;
mod places;
mod ports;
mod progress;
mod prose;
mod reading;
mod reason;
mod rewrite;
mod shapes;
mod store;
mod streams;
mod table;
mod text;
mod text_key;
mod tokens;
mod unordered;
mod unprompted;
mod varies;

pub use alignment::{Mark, Note, Outcome, Row, State};
pub use bindings::{Bindings, Bound, Value};
pub use expected::{Expected, Line, Mode, printed_lines};
pub use prose::{Unprinted, Values};
pub use reason::{Known, Reason};
pub use rewrite::rewrite;
pub use unprompted::unprompted;

use bumpalo::Bump;
use lines::{Comparer, Side};
use occurrence::Occurrence;
use reading::Reading;
use store::Store;

/// Compares what the author printed with the output of the command, which has `\n` between lines and no escape
/// sequences. `bindings` are those of the page before this output.
pub fn compare(expected: &Expected<'_>, actual: &str, bindings: &Bindings) -> Outcome {
    let outcome = compare_as_printed(expected, actual, bindings);
    if outcome.holds || expected.mode == Mode::Exact {
        return outcome;
    }
    let printed: Vec<&str> = expected.lines.iter().map(|line| line.text).collect();
    let reading = reading::reading(expected.command);
    let Some(shaped) = image_list::in_shape_of(&lines_of(actual), &printed, reading) else {
        return outcome;
    };
    let lines = shaped.iter().zip(expected.lines);
    let lines: Vec<_> = lines
        .map(|(text, line)| Line { text, at: line.at })
        .collect();
    let shaped = Expected {
        lines: &lines,
        // The one is sorted by age, the other by name.
        unordered: true,
        ..*expected
    };
    let other = compare_as_printed(&shaped, actual, bindings);
    if other.holds { other } else { outcome }
}

fn compare_as_printed(expected: &Expected<'_>, actual: &str, bindings: &Bindings) -> Outcome {
    let printed: Vec<&str> = expected.lines.iter().map(|line| line.text).collect();
    let found = lines_of(actual);
    if printed.iter().all(|line| line.trim().is_empty()) {
        return Outcome {
            holds: true,
            literal: false,
            bindings: bindings.clone(),
            alignment: Vec::new(),
            explanation: None,
            wrong: None,
        };
    }
    if expected.mode == Mode::Exact {
        return exact(&printed, &found, bindings);
    }
    if let Some((alignment, bindings)) = json::compare(expected, actual, bindings) {
        let reading = reading::reading(expected.command);
        return finish(bindings, alignment, (&printed, reading), &found);
    }
    let calls = expected.command.calls();
    let reading = reading::reading(expected.command);
    let (mut printed_pulls, mut found_pulls) = (progress::pulls(&printed), progress::pulls(&found));
    for (lines, pulls) in [(&printed, &mut printed_pulls), (&found, &mut found_pulls)] {
        progress::meter(lines, &mut pulls.lines);
        accidents::drop_lines(&calls, lines, &mut pulls.lines);
        for (line, skip) in lines.iter().zip(&mut pulls.lines) {
            *skip |= reading.docker && image_list::is_legend(line);
        }
    }
    let composed = compose::align(
        &calls,
        (&printed, &mut printed_pulls.lines),
        (&found, &mut found_pulls.lines),
    );
    let items = text::items(&printed, &printed_pulls.lines);
    let counted: Vec<usize> = text::counted(&found, &found_pulls.lines);
    let numbers = expected.lines.iter().map(|line| line.at).collect();
    let arena = Bump::new();
    let printed_store = Store::new(&arena, reading, expected.varies);
    let found_store = Store::new(&arena, reading, &[]);
    let mine = Side::new(&printed, &printed_store);
    let theirs = Side::new(&found, &found_store);
    let occurrence = Occurrence::of(expected.command);
    let mut comparer = Comparer::new(mine, theirs, numbers, bindings.clone(), occurrence);
    let point = comparer.bindings.savepoint();
    let stranger = printed_pulls.stranger(&found_pulls, expected.command);
    let mut alignment = if expected.unordered || reading::prints_a_set(expected.command) {
        unordered::place(&mut comparer, &items, &counted)
    } else {
        let placed = text::place(&mut comparer, &items, &counted).or_else(|| {
            comparer.bindings.undo(point);
            let sides = &comparer.sides;
            let (mine, theirs) = ((&sides.expected, &items[..]), (&sides.actual, &counted[..]));
            let (items, counted) = streams::apart(expected.command, mine, theirs)?;
            text::place(&mut comparer, &items, &counted)
        });
        placed.unwrap_or_else(|| {
            comparer.bindings.undo(point);
            nearest::align(&mut comparer, &items, &counted)
        })
    };
    let known: Vec<_> = composed.iter().filter_map(|row| row.author).collect();
    alignment.extend(composed);
    for (at, optional) in printed_pulls.lines.iter().enumerate() {
        if *optional && !known.contains(&at) {
            alignment.push(pull_row(at, stranger, printed[at]));
        }
    }
    finish(comparer.bindings, alignment, (&printed, reading), &found)
}

/// Where in the author's lines fields of the JSON that was printed are left out, as lines and bytes of them, in order.
/// `bindings` are those after the output, which holds.
#[must_use]
pub fn left_out(expected: &Expected<'_>, actual: &str, bindings: &Bindings) -> Vec<(usize, usize)> {
    match expected.mode {
        Mode::Exact => Vec::new(),
        Mode::Docker => json::left_out(expected, actual, bindings),
    }
}

/// The row of a line of a pull's progress.
fn pull_row(at: usize, stranger: Option<usize>, line: &str) -> Row {
    if stranger != Some(at) {
        return Row::of(Some(at), None, State::Optional);
    }
    let mark = Mark {
        author: 0..line.len(),
        actual: None,
        found: String::new(),
        reason: Reason::NotPulled,
        subject: None,
    };
    Row {
        marks: vec![mark],
        ..Row::of(Some(at), None, State::Differs)
    }
}

/// The verdict of an alignment, in the author's order.
fn finish(
    mut bindings: Bindings,
    mut alignment: Vec<Row>,
    (printed, reading): (&[&str], Reading),
    found: &[&str],
) -> Outcome {
    bindings.drop_journal();
    in_reading_order(&mut alignment);
    let holds = alignment.iter().all(|row| {
        matches!(
            row.state,
            State::Held | State::Optional | State::Swallowed(_)
        )
    });
    let is_literal = |row: &Row| {
        row.state == State::Held
            && row.author.is_some_and(|at| {
                has_literal(printed.get(at).copied().unwrap_or_default(), reading)
            })
    };
    let wrong = explain::first_wrong(&alignment, printed).filter(|_| !holds);
    Outcome {
        holds,
        literal: holds && alignment.iter().any(is_literal),
        explanation: (!holds).then(|| explain::explain(&alignment, printed, found, &bindings)),
        wrong: wrong.and_then(|row| row.author),
        bindings,
        alignment,
    }
}

/// Rows without a line of the author's stay behind the row that they follow.
fn in_reading_order(alignment: &mut Vec<Row>) {
    let mut last = 0;
    let mut keyed: Vec<(usize, Row)> = std::mem::take(alignment)
        .into_iter()
        .map(|row| {
            last = row.author.unwrap_or(last);
            (last, row)
        })
        .collect();
    keyed.sort_by_key(|(author, _)| *author);
    alignment.extend(keyed.into_iter().map(|(_, row)| row));
}

fn has_literal(line: &str, reading: Reading) -> bool {
    tokens::tokens(line, reading)
        .iter()
        .any(|token| token.is_literal() && token.text(line).contains(char::is_alphanumeric))
}

/// The lines of an output: what follows the last `\n` is a line only if there is something.
fn lines_of(text: &str) -> Vec<&str> {
    text.strip_suffix('\n')
        .unwrap_or(text)
        .split('\n')
        .collect()
}

fn exact(printed: &[&str], found: &[&str], bindings: &Bindings) -> Outcome {
    let mut alignment = Vec::new();
    for at in 0..printed.len().max(found.len()) {
        alignment.push(match (printed.get(at), found.get(at)) {
            (Some(line), Some(other)) if line == other => Row::held(at, at),
            (Some(line), Some(other)) => {
                let mark = Mark {
                    author: 0..line.len(),
                    actual: Some((at, 0..other.len())),
                    found: (*other).to_owned(),
                    reason: Reason::Text,
                    subject: None,
                };
                Row {
                    marks: vec![mark],
                    ..Row::of(Some(at), Some(at), State::Differs)
                }
            }
            (Some(_), None) => Row::of(Some(at), None, State::Missing),
            _ => Row::of(None, Some(at), State::Extra),
        });
    }
    finish(
        bindings.clone(),
        alignment,
        (printed, Reading::default()),
        found,
    )
}
