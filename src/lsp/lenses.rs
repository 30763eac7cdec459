//! What can be started from a session, and where the names of a page stand.

use std::ops::Range;

use gen_lsp_types::{CodeLens, Command, Location, Position, Uri};
use seaworthy_page::{Page, Step};
use seaworthy_report::Status;

use super::outline::{Name, Outline};
use super::page::Came;
use super::text::Text;

/// The commands that an editor can ask the server for, each with the address of a page.
pub(super) const CHECK: &str = "seaworthy.check";
pub(super) const ACCEPT: &str = "seaworthy.accept";

/// What stands above each session of `file`, which is `text`: what came of it, and what can be started.
pub(super) fn lenses(
    page: &Page,
    results: &[Came<'_>],
    (file, uri, text): (&str, &Uri, &Text),
) -> Vec<CodeLens> {
    let argument = || Some(vec![uri.as_str().into()]);
    let lens = |line: usize, title: String, command: &str| CodeLens {
        range: text.span(&text.line(line)),
        command: Some(Command {
            title,
            command: command.to_owned(),
            arguments: argument(),
            ..Command::default()
        }),
        ..CodeLens::default()
    };
    let mut lenses = Vec::new();
    for step in &page.steps {
        let place = match step {
            Step::Session(step) if step.attributes.no_run.is_none() => &step.place,
            Step::Diagram(step) if step.verify => &step.place,
            _ => continue,
        };
        if place.file != file {
            continue;
        }
        let line = place.line - 1;
        let own: Vec<_> = results.iter().filter(|came| came.place == place).collect();
        let current = || own.iter().filter(|came| !came.outdated);
        let failed = current().any(|came| came.status == Status::Failed);
        let state = if failed {
            "does not hold"
        } else if !own.is_empty()
            && own
                .iter()
                .all(|it| !it.outdated && it.status == Status::Passed)
        {
            "verified"
        } else {
            "unverified"
        };
        lenses.push(lens(line, format!("{state}: check this page"), CHECK));
        if failed {
            lenses.push(lens(line, "accept what was printed".to_owned(), ACCEPT));
        }
    }
    lenses
}

/// Where the name at `position` stands, the place that gives it first; nothing if there is no name.
pub(super) fn places(uri: &Uri, text: &Text, position: Position) -> Vec<Location> {
    let at = text.offset(position);
    let outline = Outline::of(text.as_str());
    let names = outline.names().into_iter();
    let holds = |places: &[Range<usize>]| {
        let mut places = places.iter();
        places.any(|place| (place.start..=place.end).contains(&at))
    };
    // A word may be the name of several things: what is said of a block goes before what is typed.
    let found = names
        .filter(|(_, places)| holds(places))
        .min_by_key(|(name, _)| match name {
            Name::Exercise(_) => 0,
            Name::Machine(_) => 1,
            Name::Network(_) => 2,
        });
    let places = found.map(|(_, places)| places).unwrap_or_default();
    places
        .iter()
        .map(|place| Location::new(uri.clone(), text.span(place)))
        .collect()
}
