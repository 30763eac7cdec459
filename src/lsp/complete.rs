//! What can be written at a place. Enter at [`complete`].

use std::collections::BTreeSet;
use std::ops::Range;

use gen_lsp_types::{
    CompletionItem, CompletionItemKind, Documentation, MarkupContent, MarkupKind, Position,
    TextEdit,
};
use seaworthy_words::{Call, Script, with_tag};

use super::known;
use super::library::BOOK_TOML;
use super::outline::{Name, Outline, Part, declared};
use super::text::Text;

/// What may be written, in place of what is begun.
struct Offer {
    /// The bytes of what is begun.
    begun: Range<usize>,
    kind: CompletionItemKind,
    /// What is shown, what is written, what the guide says of it.
    items: Vec<(String, String, Option<String>)>,
}

impl Offer {
    fn of(
        begun: Range<usize>,
        kind: CompletionItemKind,
        names: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let items = names.into_iter().map(|name| {
            let name = name.into();
            (name.clone(), name, None)
        });
        Self {
            begun,
            kind,
            items: items.collect(),
        }
    }

    /// Images, without what is begun: the page may be read as if that were one.
    fn images(begun: Range<usize>, word: &str, images: &BTreeSet<&str>) -> Self {
        let begun_image = with_tag(word);
        let others = images.iter().filter(|image| **image != begun_image);
        Self::of(begun, CompletionItemKind::Value, others.copied())
    }

    fn keys(begun: Range<usize>, names: &[&str], told: fn(&str) -> Option<String>) -> Self {
        let items = names.iter().map(|name| {
            let name = *name;
            (name.to_owned(), known::written(name), told(name))
        });
        Self {
            begun,
            kind: CompletionItemKind::Property,
            items: items.collect(),
        }
    }
}

/// What can be written at `position` of the file `file`, which is `text`; `images` are those that the book is known to use.
pub(super) fn complete(
    file: &str,
    text: &Text,
    position: Position,
    images: &BTreeSet<&str>,
) -> Vec<CompletionItem> {
    let at = text.offset(position);
    let outline = Outline::of(text.as_str());
    let offer = if file == BOOK_TOML {
        of_book(text, at)
    } else {
        of_page(&outline, text, at, images)
    };
    let Some(offer) = offer else {
        return Vec::new();
    };
    let span = text.span(&offer.begun);
    let items = offer
        .items
        .into_iter()
        .map(|(label, new, told)| CompletionItem {
            kind: Some(offer.kind),
            text_edit: Some(TextEdit::new(span, new).into()),
            documentation: told.map(|told| {
                Documentation::MarkupContent(MarkupContent::new(MarkupKind::Markdown, told))
            }),
            label,
            ..CompletionItem::default()
        });
    items.collect()
}

/// The settings of a book, in its table of Seaworthy.
fn of_book(text: &Text, at: usize) -> Option<Offer> {
    let before = &text.as_str()[..at];
    let table = before
        .rfind("\n[")
        .map_or(before, |from| &before[from + 1..]);
    let line = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
    let inside = table.starts_with("[preprocessor.seaworthy]") && !line.starts_with('[');
    if !inside || line.contains(['=', '#']) {
        return None;
    }
    let begun = at - line.trim_start().len()..at;
    Some(Offer {
        begun,
        kind: CompletionItemKind::Property,
        items: known::BOOK_SETTINGS
            .iter()
            .map(|name| {
                (
                    (*name).to_owned(),
                    format!("{name} = "),
                    known::book_setting(name),
                )
            })
            .collect(),
    })
}

fn of_page(
    outline: &Outline<'_>,
    text: &Text,
    at: usize,
    images: &BTreeSet<&str>,
) -> Option<Offer> {
    if let Some(body) = &outline.settings_body
        && (body.start..=body.end).contains(&at)
    {
        return of_settings(&text.as_str()[body.start..at], at, images);
    }
    let part = outline.block_at(at)?;
    let block = &part.block;
    if (block.info.start..=block.info.end).contains(&at) {
        return of_fence(outline, part, at);
    }
    let line = block.lines.iter().find(|line| {
        let span = line.span();
        (span.start..=span.end).contains(&at)
    })?;
    let begun = &line.text[..at - line.start];
    match block.language.as_str() {
        "console" => of_command(outline, begun, at, images),
        "network" => of_diagram(part, begun, at, images),
        _ => None,
    }
}

/// A setting of a page or its value, of which `said` is written.
fn of_settings(said: &str, at: usize, images: &BTreeSet<&str>) -> Option<Offer> {
    let quoted = said.matches('"').count() % 2 == 1;
    let from = match quoted {
        true => said.rfind('"')?,
        false => said.rfind([' ', '\n', ',']).map_or(0, |at| at + 1),
    };
    let word = &said[from..];
    if !quoted && !word.contains('=') {
        let begun = at - word.len()..at;
        return Some(Offer::keys(
            begun,
            known::PAGE_SETTINGS,
            known::page_setting,
        ));
    }
    let key = said[..from]
        .trim_end_matches('=')
        .rsplit([' ', '\n', ','])
        .next()?;
    let last = word.rsplit(['"', ',', '=']).next()?;
    let begun = at - last.len()..at;
    let key = if quoted { key } else { word.split('=').next()? };
    match key {
        "images" => Some(Offer::images(begun, last, images)),
        "internet" => Some(Offer::of(
            begun,
            CompletionItemKind::Value,
            ["true", "false"],
        )),
        _ => None,
    }
}

/// The language of a block, an attribute, or the value of one.
fn of_fence(outline: &Outline<'_>, part: &Part, at: usize) -> Option<Offer> {
    let block = &part.block;
    let said = &outline.text[block.info.start..at];
    if at <= block.language_span.end {
        let begun = block.language_span.start.min(at)..at;
        let languages = ["console", "network", "archive"];
        return Some(Offer::of(begun, CompletionItemKind::Keyword, languages));
    }
    let quoted = said.matches('"').count() % 2 == 1;
    let from = said.rfind(',').map_or(0, |comma| comma + 1);
    let word = said[from..].trim_start();
    if quoted {
        return None;
    }
    let Some((key, value)) = word.split_once('=') else {
        let begun = at - word.len()..at;
        let known = known::attributes(&block.language);
        return Some(Offer::keys(begun, known, known::attribute));
    };
    let begun = at - value.len()..at;
    let values: Vec<String> = match key {
        "on" => outline.machines().into_iter().map(str::to_owned).collect(),
        "match" => vec!["exact".to_owned()],
        "check" | "solution" => {
            let names = outline.names().into_keys();
            // What is begun is an id as well.
            let ids = names.filter_map(|name| match name {
                Name::Exercise(id) if id != value => Some(id),
                _ => None,
            });
            ids.collect()
        }
        _ => return None,
    };
    Some(Offer::of(begun, CompletionItemKind::Value, values))
}

/// A network or an image in a command, of whose line `said` is typed.
fn of_command(
    outline: &Outline<'_>,
    said: &str,
    at: usize,
    images: &BTreeSet<&str>,
) -> Option<Offer> {
    let word = said.rsplit([' ', '=']).next()?;
    let before = said[..said.len() - word.len()].trim_end_matches([' ', '=']);
    let begun = at - word.len()..at;
    let networks = || Offer::of(begun.clone(), CompletionItemKind::Value, outline.networks());
    if before.ends_with("--network") || before.ends_with("--net") {
        return Some(networks());
    }
    if before.split_whitespace().next_back() == Some("FROM") {
        return Some(Offer::images(begun, word, images));
    }
    let typed = before.split_once("$ ").map_or(before, |(_, typed)| typed);
    let script = Script::parse(typed);
    let calls = script.calls();
    let call = calls.last()?;
    let no_operand = call.operands().len() == 0 && !word.starts_with('-');
    match (call.group, call.verb) {
        ("network", "connect" | "disconnect" | "inspect" | "rm") if no_operand => Some(networks()),
        _ if no_operand && takes_image(call) => Some(Offer::images(begun, word, images)),
        _ => None,
    }
}

fn takes_image(call: &Call<'_>) -> bool {
    matches!(call.group, "" | "container" | "image")
        && matches!(call.verb, "run" | "create" | "pull")
}

/// A network or an image of a service, of whose line `said` is written.
fn of_diagram(part: &Part, said: &str, at: usize, images: &BTreeSet<&str>) -> Option<Offer> {
    let word = said.rsplit([' ', '[', ',']).next()?;
    let begun = at - word.len()..at;
    let text = said.trim_start();
    if text.starts_with("image:") {
        return Some(Offer::images(begun, word, images));
    }
    let listed = text.starts_with("networks:")
        || text.starts_with("- ") && {
            let lines = part.block.lines.iter();
            let above = lines.take_while(|line| line.start < at - said.len());
            let above = above.filter(|line| !line.text.trim_start().starts_with("- "));
            above
                .last()
                .is_some_and(|line| line.text.trim() == "networks:")
        };
    let names = declared(&part.block).into_iter().map(|(name, _)| name);
    listed.then(|| Offer::of(begun, CompletionItemKind::Value, names))
}
