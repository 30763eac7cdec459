//! What is said of the place under the cursor: what an attribute means, and what a value is bound to. Enter at [`hover`].

use std::ops::Range;

use gen_lsp_types::{Hover, MarkupContent, MarkupKind, Position};
use seaworthy_console::Command;
use seaworthy_matching::{Bindings, Bound, Expected, compare, printed_lines};
use seaworthy_page::{Page, SessionStep};

use super::known;
use super::library::BOOK_TOML;
use super::outline::Outline;
use super::text::Text;

/// What is said of `position` in the file `file`, which is `text`; `page` is the page, if it has no faults.
pub(super) fn hover(
    file: &str,
    text: &Text,
    position: Position,
    page: Option<&Page>,
) -> Option<Hover> {
    let at = text.offset(position);
    let (range, said) = if file == BOOK_TOML {
        let word = word_at(text, at, |c| c.is_ascii_alphanumeric() || c == '-')?;
        let said = known::book_setting(&text.as_str()[word.clone()])?;
        (word, said)
    } else {
        let outline = Outline::of(text.as_str());
        attribute(&outline, at).or_else(|| value(page?, text, at))?
    };
    Some(Hover {
        contents: MarkupContent::new(MarkupKind::Markdown, said).into(),
        range: Some(text.span(&range)),
    })
}

/// What the guide says of the attribute or the setting at the byte `at`.
fn attribute(outline: &Outline<'_>, at: usize) -> Option<(Range<usize>, String)> {
    let of_blocks = outline.blocks.iter().flat_map(|part| &part.attributes);
    let of_blocks = of_blocks.map(|it| (it, known::attribute as fn(&str) -> _));
    let of_page = outline.settings.iter();
    let of_page = of_page.map(|it| (it, known::page_setting as fn(&str) -> _));
    let mut named = of_blocks.chain(of_page).map(|(it, told)| {
        let key = it.span.start..it.span.start + it.key.len();
        (key, it, told)
    });
    let (key, it, told) = named.find(|(key, ..)| (key.start..=key.end).contains(&at))?;
    Some((key, told(&it.key)?))
}

/// What the value at the byte `at` stands for on a machine, and where the page has it first.
fn value(page: &Page, text: &Text, at: usize) -> Option<(Range<usize>, String)> {
    let bindings = bindings(page);
    let line = text.line(text.line_of(at));
    let shown = &text.as_str()[line.clone()];
    let holds = |bound: &Bound| {
        let found = places(shown, &bound.printed, at - line.start)?;
        Some((
            line.start + found.start..line.start + found.end,
            bound.clone(),
        ))
    };
    let all: Vec<Bound> = bindings.bound().collect();
    let (range, bound) = all
        .iter()
        .filter_map(holds)
        .max_by_key(|(range, _)| range.len())?;
    let value = &text.as_str()[range.clone()];
    let first = match bound.since {
        Some(line) => format!(", first in line {line}"),
        None => String::new(),
    };
    let said = match bound.typed {
        true => format!(
            "`{value}`: the page types it, or Docker fixes it{first}. It is the same on each machine, and must be printed as it is."
        ),
        false => format!(
            "`{value}`: the page prints it{first}. Each machine has its own in its place, the same wherever the page shows this one."
        ),
    };
    Some((range, said))
}

/// Where `value`, or a beginning of it if it is a long id, stands in `line` over the byte `at`.
fn places(line: &str, value: &str, at: usize) -> Option<Range<usize>> {
    let over = |range: &Range<usize>| (range.start..=range.end).contains(&at);
    let whole = line
        .match_indices(value)
        .map(|(from, found)| from..from + found.len());
    let ends = |range: &Range<usize>| {
        let part = |c: char| c.is_ascii_alphanumeric();
        !line[..range.start].ends_with(part) && !line[range.end..].starts_with(part)
    };
    whole.filter(ends).find(over).or_else(|| {
        let part = |c: char| c.is_ascii_hexdigit();
        let start = line[..at].trim_end_matches(part).len();
        let rest = line[start..]
            .find(|c: char| !part(c))
            .unwrap_or(line.len() - start);
        let word = &line[start..start + rest];
        // As short as Docker shows them.
        (word.len() >= 12 && value.starts_with(word)).then_some(start..start + rest)
    })
}

/// What is bound when all of the page has printed just what it shows. Lines are those of its file.
fn bindings(page: &Page) -> Bindings {
    let mut bindings = Bindings::new();
    let sessions = page
        .sessions()
        .filter(|step| step.attributes.no_run.is_none());
    for (step, command) in
        sessions.flat_map(|step| step.session.commands.iter().map(move |it| (step, it)))
    {
        bindings = after(page, step, command, bindings);
    }
    bindings
}

fn after(page: &Page, step: &SessionStep, command: &Command, mut bindings: Bindings) -> Bindings {
    let lines = printed_lines(page, command);
    let printed: Vec<&str> = lines.iter().map(|line| line.text).collect();
    let expected = Expected::of(step, command, &lines);
    bindings.note_typed(&command.script);
    compare(&expected, &printed.join("\n"), &bindings).bindings
}

/// The word around the byte `at`.
fn word_at(text: &Text, at: usize, part: fn(char) -> bool) -> Option<Range<usize>> {
    let line = text.line(text.line_of(at));
    let shown = &text.as_str()[line.clone()];
    let at = at - line.start;
    let start = shown[..at].trim_end_matches(part).len();
    let rest = shown[at..].find(|c| !part(c)).unwrap_or(shown.len() - at);
    (start < at + rest).then_some(line.start + start..line.start + at + rest)
}
