//! What Compose prints while it works: `Container shop-web-1  Started`, on a terminal with a sign before it and the
//! seconds that it took behind it, below a count. A heuristic: all that is known of that format stands here. Enter at
//! [`align`].
//!
//! A terminal shows the last state of each thing; elsewhere each state has a line of its own. Which comes when, and how
//! long it takes, differs from run to run. So what counts is the name of each thing and its last state, on both sides:
//! nothing may be there that isn't printed, unless `...` stands beside it. Pulls may be absent, as everywhere.
//!
//! The format: <https://github.com/docker/compose/tree/v2.40.3/pkg/progress>, and what 2.26 and 2.40 printed.

use std::collections::BTreeMap;
use std::ops::Range;

use seaworthy_words::Call;

use super::alignment::{Mark, Row, State};
use super::reason::Reason;
use super::text;

/// The commands that show progress.
const VERBS: [&str; 15] = [
    "build", "create", "down", "kill", "pause", "pull", "push", "restart", "rm", "run", "scale",
    "start", "stop", "unpause", "up",
];
/// What a line is about, where it says so.
const KINDS: [&str; 7] = [
    "Config",
    "Container",
    "Image",
    "Network",
    "Secret",
    "Service",
    "Volume",
];
/// States that something is in until it is in another.
const PASSING: [&str; 16] = [
    "Building",
    "Creating",
    "Killing",
    "Pausing",
    "Pulling",
    "Pushing",
    "Recreate",
    "Recreating",
    "Removing",
    "Restarting",
    "Scaling",
    "Starting",
    "Stopping",
    "Unpausing",
    "Waiting",
    "Working",
];
/// States that something may stay in; more words may follow.
const LASTING: [&str; 19] = [
    "Built",
    "Created",
    "Error",
    "Exited",
    "Healthy",
    "Killed",
    "Paused",
    "Pulled",
    "Pushed",
    "Recreated",
    "Removed",
    "Resource",
    "Restarted",
    "Running",
    "Scaled",
    "Skipped",
    "Started",
    "Stopped",
    "Unpaused",
];
/// The states of an image, behind the name of its service or its own.
const OF_IMAGES: [&str; 8] = [
    "Building", "Built", "Error", "Pulled", "Pulling", "Pushed", "Pushing", "Skipped",
];
/// What a layer goes through when it is pulled.
const OF_LAYERS: [&str; 8] = [
    "Already exists",
    "Download complete",
    "Downloading",
    "Extracting",
    "Pull complete",
    "Pulling fs layer",
    "Verifying Checksum",
    "Waiting",
];

/// A line of progress.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// `[+] Running 2/2`: the bytes of what is counted.
    Count(Range<usize>),
    /// A thing, and the bytes of the state that it is in.
    Thing(String, Range<usize>),
    /// What is pulled: the name of a service, or the id of a layer.
    Pull(String),
}

/// Compares the progress among the lines of both sides, if one of `calls` shows some, and marks those lines in `skip`. The
/// rows of the alignment that come of it; none where there is no progress.
pub(super) fn align(
    calls: &[Call<'_>],
    (printed, skip): (&[&str], &mut [bool]),
    (found, skip_found): (&[&str], &mut [bool]),
) -> Vec<Row> {
    if !calls.iter().any(|call| call.is_compose(&VERBS)) {
        return Vec::new();
    }
    let (mine, theirs) = (Progress::read(printed), Progress::read(found));
    mine.mark(skip);
    theirs.mark(skip_found);
    let mut rows = Vec::new();
    for (at, part) in mine.parts.iter().enumerate() {
        rows.extend(match part {
            Some(Part::Count(range)) => Some(count_row((at, range), &mine, &theirs)),
            Some(Part::Thing(name, state)) => Some(thing_row((at, name, state), &mine, &theirs)),
            Some(Part::Pull(name)) => Some(pull_row(at, name, &theirs)),
            None if mine.between[at] => Some(Row::of(Some(at), None, State::Optional)),
            None => None,
        });
    }
    if !mine.is_cut {
        let things = theirs.last.iter();
        let mut more: Vec<_> = things
            .filter(|(name, _)| !mine.last.contains_key(*name))
            .map(|(_, at)| *at)
            .collect();
        more.sort_unstable();
        rows.extend(
            more.into_iter()
                .map(|at| Row::of(None, Some(at), State::Extra)),
        );
    }
    rows
}

/// The progress among the lines of one side.
struct Progress<'a> {
    lines: &'a [&'a str],
    parts: Vec<Option<Part>>,
    /// Which lines are `...` between two of progress.
    between: Vec<bool>,
    /// Whether `...` stands beside a line of progress.
    is_cut: bool,
    /// The last line about each thing.
    last: BTreeMap<String, usize>,
}

impl<'a> Progress<'a> {
    fn read(lines: &'a [&'a str]) -> Self {
        let parts: Vec<_> = lines.iter().map(|line| part(line)).collect();
        let says = |at: &usize| !lines[*at].trim().is_empty() && !text::is_wild(lines[*at]);
        let is_part = |at: Option<usize>| at.is_some_and(|at| parts[at].is_some());
        let (mut between, mut is_cut) = (vec![false; lines.len()], false);
        for at in (0..lines.len()).filter(|at| text::is_wild(lines[*at])) {
            let before = is_part((0..at).rev().find(says));
            let after = is_part((at + 1..lines.len()).find(says));
            between[at] = before && after;
            is_cut |= before || after;
        }
        let things = parts.iter().enumerate();
        let last = things
            .filter_map(|(at, part)| match part {
                Some(Part::Thing(name, _)) => Some((name.clone(), at)),
                _ => None,
            })
            .collect();
        Progress {
            lines,
            parts,
            between,
            is_cut,
            last,
        }
    }

    /// Marks its lines: nothing else looks at them.
    fn mark(&self, skip: &mut [bool]) {
        let ours = self.parts.iter().zip(&self.between);
        for (skip, (part, between)) in skip.iter_mut().zip(ours) {
            *skip |= part.is_some() || *between;
        }
    }

    fn has_pulls(&self) -> bool {
        let is_pull = |part: &Option<Part>| matches!(part, Some(Part::Pull(_)));
        self.parts.iter().any(is_pull)
    }

    /// The last count, and its line.
    fn count(&self) -> Option<(usize, &Range<usize>)> {
        let parts = self.parts.iter().enumerate().rev();
        parts.into_iter().find_map(|(at, part)| match part {
            Some(Part::Count(range)) => Some((at, range)),
            _ => None,
        })
    }

    fn text(&self, at: usize, range: &Range<usize>) -> &str {
        self.lines[at].get(range.clone()).unwrap_or_default()
    }

    /// The states that are shown of a thing.
    fn states(&self, thing: &str) -> Vec<&str> {
        let parts = self.parts.iter().enumerate();
        let state = |(at, part): (usize, &Option<Part>)| match part {
            Some(Part::Thing(name, state)) if name == thing => Some((at, state.clone())),
            _ => None,
        };
        let found = parts.filter_map(state);
        found
            .map(|(at, range)| self.lines[at].get(range).unwrap_or_default())
            .collect()
    }
}

/// The row of a count: the last one is the same where both sides have one, and counts no pull.
fn count_row(
    (at, range): (usize, &Range<usize>),
    mine: &Progress<'_>,
    theirs: &Progress<'_>,
) -> Row {
    let is_last = mine.count().is_some_and(|(last, _)| last == at);
    let with_pulls = mine.has_pulls() || theirs.has_pulls();
    match theirs.count() {
        Some((found, other)) if is_last && !with_pulls => {
            compared((mine, at, range), (theirs, found, other))
        }
        _ => Row::of(Some(at), None, State::Optional),
    }
}

/// The row of a pull: it may be absent, but where there are pulls this one is among them.
fn pull_row(at: usize, name: &str, theirs: &Progress<'_>) -> Row {
    let is_there = theirs.parts.contains(&Some(Part::Pull(name.to_owned())));
    let is_layer = name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let state = match is_there || is_layer || !theirs.has_pulls() {
        true => State::Optional,
        false => State::Missing,
    };
    Row::of(Some(at), None, state)
}

/// The row of a thing: its last state is the same. One before that is one of those which the other side shows, or if that
/// shows only the last, one that is passed through.
fn thing_row(
    (at, name, state): (usize, &str, &Range<usize>),
    mine: &Progress<'_>,
    theirs: &Progress<'_>,
) -> Row {
    let Some(found) = theirs.last.get(name) else {
        return Row::of(Some(at), None, State::Missing);
    };
    let Some(Part::Thing(_, other)) = &theirs.parts[*found] else {
        return Row::of(Some(at), None, State::Missing);
    };
    if mine.last.get(name) == Some(&at) {
        return compared((mine, at, state), (theirs, *found, other));
    }
    let shown = theirs.states(name);
    let word = mine.text(at, state);
    let may_be = shown.contains(&word) || (shown.len() == 1 && is_passed(word, shown[0]));
    match may_be {
        true => Row::of(Some(at), None, State::Optional),
        false => Row::of(Some(at), None, State::Missing),
    }
}

/// Whether something may have been in the state `before` when it has come to `last`.
fn is_passed(before: &str, last: &str) -> bool {
    match (before, last) {
        ("Created" | "Recreated" | "Waiting" | "Healthy", "Started" | "Healthy" | "Exited") => true,
        ("Stopped", "Removed") => true,
        ("Removing" | "Stopping", "Started" | "Created" | "Running") => false,
        ("Creating" | "Starting", "Removed" | "Stopped") => false,
        _ => PASSING.contains(&before),
    }
}

/// The row of two lines that are the same in these ranges, or differ there.
fn compared(
    (mine, at, range): (&Progress<'_>, usize, &Range<usize>),
    (theirs, found, other): (&Progress<'_>, usize, &Range<usize>),
) -> Row {
    let real = theirs.text(found, other);
    let words = |text: &str| {
        text.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    if words(mine.text(at, range)) == words(real) {
        return Row::held(at, found);
    }
    let mark = Mark {
        author: range.clone(),
        actual: Some((found, other.clone())),
        found: real.to_owned(),
        reason: Reason::Text,
        subject: None,
    };
    Row {
        marks: vec![mark],
        ..Row::of(Some(at), Some(found), State::Differs)
    }
}

/// Reads a line of progress.
fn part(line: &str) -> Option<Part> {
    let end = line.trim_end().len();
    let start = line.len() - line.trim_start().len();
    if let Some(counted) = line.get(start..end)?.strip_prefix("[+] ") {
        let (_, number) = counted.split_once(' ')?;
        let (done, all) = number.split_once('/')?;
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        return (is_number(done) && is_number(all)).then(|| Part::Count(end - counted.len()..end));
    }
    let first = line[start..end].chars().next()?;
    let signed = matches!(first, '✔' | '✘' | '!' | '✓' | '✗' | '\u{2800}'..='\u{28ff}');
    let start = start + if signed { first.len_utf8() } else { 0 };
    let words = words(line, start..end);
    let word = |at: usize| words.get(at).map(|range| &line[range.clone()]);
    let of_kind = KINDS.contains(&word(0)?) && words.len() > 2;
    let (named, state) = if of_kind { (1, 2) } else { (0, 1) };
    let name = line.get(words.first()?.start..words.get(named)?.end)?;
    let range = words.get(state)?.start..without_seconds(line, &words);
    let said = line.get(range.clone())?;
    let begins = word(state)?;
    if !of_kind && is_layer(name) && OF_LAYERS.iter().any(|known| said.starts_with(known)) {
        return Some(Part::Pull(name.to_owned()));
    }
    if !of_kind && !OF_IMAGES.contains(&begins) {
        return None;
    }
    let whole = words.len() == state + 1 || begins == "Error" || begins == "Skipped" || of_kind;
    if !(signed || whole) || !(PASSING.contains(&begins) || LASTING.contains(&begins)) {
        return None;
    }
    Some(match begins {
        "Pulled" | "Pulling" if !of_kind => Part::Pull(name.to_owned()),
        _ => Part::Thing(key(name), range),
    })
}

/// The words of a part of a line.
fn words(line: &str, part: Range<usize>) -> Vec<Range<usize>> {
    let text = &line[part.clone()];
    let at = |word: &str| part.start + word.as_ptr() as usize - text.as_ptr() as usize;
    text.split_whitespace()
        .map(|word| at(word)..at(word) + word.len())
        .collect()
}

/// Where a line ends without the seconds at its end.
fn without_seconds(line: &str, words: &[Range<usize>]) -> usize {
    let is_seconds = |word: &Range<usize>| {
        let number = line[word.clone()].strip_suffix('s');
        number
            .is_some_and(|n| n.contains('.') && n.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
    };
    match words {
        [.., before, last] if is_seconds(last) => before.end,
        [.., last] => last.end,
        [] => 0,
    }
}

fn is_layer(name: &str) -> bool {
    name.len() >= 8 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What a thing is known by: blanks don't count, nor what `run` makes up for the name of its container.
fn key(name: &str) -> String {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.rsplit_once("-run-") {
        Some((before, made)) if is_layer(made) => format!("{before}-run-"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_progress() {
        let thing = |name: &str, line: &str, state: &str| {
            let at = line.find(state).unwrap();
            Some(Part::Thing(name.to_owned(), at..at + state.len()))
        };
        for (line, name, state) in [
            (
                " ✔ Container shop-web-1  Started   0.3s ",
                "Container shop-web-1",
                "Started",
            ),
            (
                " ⠋ Container shop-web-1  Starting  0.1s",
                "Container shop-web-1",
                "Starting",
            ),
            (
                " Network shop_default  Creating",
                "Network shop_default",
                "Creating",
            ),
            (
                "Container shop-web-1 Started",
                "Container shop-web-1",
                "Started",
            ),
            (" ✔ shop-app              Built   0.0s", "shop-app", "Built"),
            (
                " ! Network a  Resource is still in use  0.0s",
                "Network a",
                "Resource is still in use",
            ),
            (
                " ✔ Container s-web-run-0123456789ab  Created  0.0s",
                "Container s-web-run-",
                "Created",
            ),
        ] {
            assert_eq!(part(line), thing(name, line, state), "{line}");
        }
        let pull = |name: &str| Some(Part::Pull(name.to_owned()));
        assert_eq!(part(" ✔ web Pulled   1.2s"), pull("web"));
        assert_eq!(part(" web Pulling "), pull("web"));
        assert_eq!(
            part("   ✔ 4abcf2066143 Pull complete  0.5s"),
            pull("4abcf2066143")
        );
        assert_eq!(part(" [+] Running 2/2"), Some(Part::Count(5..16)));
        for text in [
            "",
            "[+] Building 0.3s (8/8) FINISHED",
            "web is Started",
            "Container shop-web-1 is up",
            "web-1  | Started",
            "Error response from daemon: no such image",
            "Pulled 3 images",
            "Service web",
        ] {
            assert_eq!(part(text), None, "{text}");
        }
    }
}
