//! What is written below a picture: each step of the traffic, and between whom there is no way.

use super::{BADGE, FRAME, size};
use crate::measure::{Face, width, wrap};
use crate::model::{End, Flow, Model};
use crate::words;

/// How high a line of the legend is.
const LINE: f64 = 16.0;
/// At most so many lines tell between whom there is no way; the text version has all of them.
const MAX_NOTES: usize = 4;

/// At most so many lines tell what is different; the text version has all of them.
const MAX_CHANGES: usize = 24;

/// The sign before an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// The number of a flow.
    Step { flow: usize },
    /// No way between some.
    NoWay,
    /// What is different from another picture; its own sign stands in its text.
    Change,
}

/// An entry of the legend.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) sign: Sign,
    /// The baseline of the first line.
    pub(crate) y: f64,
    /// Lines, each with a beginning in bold and a rest.
    pub(crate) lines: Vec<(String, String)>,
}

impl Entry {
    /// Where the text begins.
    pub(crate) const TEXT_X: f64 = FRAME + 2.0 * BADGE + 8.0;
    /// The distance from one line to the next.
    pub(crate) const LINE: f64 = LINE;

    /// The `y` below it.
    pub(super) fn bottom(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
        let lines = self.lines.len() as f64;
        self.y + (lines - 1.0) * LINE + 8.0
    }
}

/// The legend of a picture of this width, below `y`.
pub(super) fn legend(model: &Model, width: f64, y: f64) -> Vec<Entry> {
    let room = width - Entry::TEXT_X - FRAME;
    let mut y = y + 24.0;
    let mut entries = Vec::new();
    let mut push = |sign: Sign, head: &str, rest: &str| {
        let entry = Entry {
            sign,
            y,
            lines: lines(head, rest, room),
        };
        y = entry.bottom() + 14.0;
        entries.push(entry);
    };
    for (at, flow) in model.flows.iter().enumerate() {
        let (head, rest) = words::step(model, flow);
        push(Sign::Step { flow: at }, &head, &rest);
    }
    let drawn = |a: usize, b: usize| {
        let ends = (End::Container(a), End::Container(b));
        let crossed = |f: &Flow| f.route.is_err() && (f.from, f.to) == ends;
        model.flows.iter().any(crossed)
    };
    if let Some(changes) = &model.changes {
        for (head, said) in changes.told().into_iter().take(MAX_CHANGES) {
            push(Sign::Change, head, &said);
        }
        return entries;
    }
    for note in words::isolation(model, drawn).into_iter().take(MAX_NOTES) {
        push(Sign::NoWay, &note, "");
    }
    entries
}

/// Wraps `head` and `rest` as one text, the head in bold.
fn lines(head: &str, rest: &str, room: f64) -> Vec<(String, String)> {
    if rest.is_empty() {
        let lines = wrap(head, Face::Sans, size::SMALL, room);
        return lines
            .into_iter()
            .map(|line| (String::new(), line))
            .collect();
    }
    let mut lines: Vec<(String, String)> = wrap(head, Face::Bold, size::SMALL, room)
        .into_iter()
        .map(|line| (line, String::new()))
        .collect();
    // The rest goes on where the head ends, if its first word fits there.
    let used = lines
        .last()
        .map_or(0.0, |(bold, _)| width(bold, Face::Bold, size::SMALL));
    let blank = width(" ", Face::Bold, size::SMALL);
    let mut beside = String::new();
    let mut words = rest.split(' ').peekable();
    while let Some(word) = words.peek() {
        let longer = if beside.is_empty() {
            (*word).to_owned()
        } else {
            format!("{beside} {word}")
        };
        if used + blank + width(&longer, Face::Sans, size::SMALL) > room {
            break;
        }
        beside = longer;
        words.next();
    }
    if let Some((_, text)) = lines.last_mut() {
        *text = beside;
    }
    let remaining = words.collect::<Vec<_>>().join(" ");
    if !remaining.is_empty() {
        let below = wrap(&remaining, Face::Sans, size::SMALL, room);
        lines.extend(below.into_iter().map(|line| (String::new(), line)));
    }
    lines
}
