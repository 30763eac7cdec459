//! Links that lead nowhere: looked for in the built pages, where includes, templates and other preprocessors have done their
//! work, and told where the author wrote them. No other site is asked for anything.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use mdbook_markdown::pulldown_cmark::{Event, Tag};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use mdbook_seaworthy::Written;
use seaworthy_blocks::{Diagnostic, Fault, FaultCode};
use seaworthy_page::slashed;

use super::Chapter;
use super::address::Address;

/// All links of the chapters' pages that lead to nothing in the folder `site`.
pub(super) fn check(
    site: &Path,
    chapters: &[Chapter<'_>],
    address: Option<&Address>,
) -> Vec<Diagnostic> {
    let pages: HashMap<&str, &Chapter<'_>> = chapters
        .iter()
        .map(|chapter| (chapter.place.as_str(), chapter))
        .collect();
    let mut faults = Vec::new();
    // What has no author isn't theirs to mend.
    let written = |chapter: &&Chapter<'_>| chapter.notes.written.is_some();
    for chapter in chapters.iter().filter(written) {
        let broken = chapter.page.links.iter().filter_map(|link| {
            let why = why_broken(link, chapter, &pages, (site, address))?;
            Some((link, why))
        });
        for (link, why) in broken {
            faults.extend(told(chapter, link, &why));
        }
    }
    faults
}

/// Why `link` of the page `from` leads nowhere, if it does.
fn why_broken(
    link: &str,
    from: &Chapter<'_>,
    pages: &HashMap<&str, &Chapter<'_>>,
    (site, address): (&Path, Option<&Address>),
) -> Option<String> {
    let own = address.and_then(|address| address.place(link));
    if own.is_none() && (has_scheme(link) || link.starts_with('/')) {
        return None;
    }
    let (path, anchor) = match own.unwrap_or(link).split_once('#') {
        Some((path, anchor)) => (path, anchor),
        None => (own.unwrap_or(link), ""),
    };
    let path = decoded(path.split('?').next().unwrap_or_default());
    let place = if own.is_some() {
        path
    } else if path.is_empty() {
        from.place.clone()
    } else {
        let folder = Path::new(&from.place).parent().unwrap_or(Path::new(""));
        slashed(&folder.join(&path)) + if path.ends_with('/') { "/" } else { "" }
    };
    if place.starts_with("../") || place == ".." {
        return Some("it leads out of the site".to_owned());
    }
    let target = site.join(&place);
    let place = if place.is_empty() || place.ends_with('/') || target.is_dir() {
        format!(
            "{}index.html",
            if place.is_empty() {
                place
            } else {
                format!("{}/", place.trim_end_matches('/'))
            }
        )
    } else {
        place
    };
    if !site.join(&place).is_file() {
        return Some(format!("the site has no `{place}`"));
    }
    let page = pages.get(place.as_str())?;
    let anchor = decoded(anchor);
    // Browsers take both for the top of the page.
    if anchor.is_empty() || anchor == "top" || page.page.ids.contains(&anchor) {
        return None;
    }
    Some(format!("`{place}` has nothing that is called `{anchor}`"))
}

/// Whether `link` begins with a scheme, as `https:` and `mailto:` do, or with another host.
fn has_scheme(link: &str) -> bool {
    let scheme = link.split(['/', '?', '#']).next().unwrap_or_default();
    link.starts_with("//") || scheme.contains(':')
}

/// The text with `%41` and the like as characters.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after
            .get(..2)
            .and_then(|digits| str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte.filter(|_| first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The faults that say where the author wrote `link`: one for each place.
fn told(chapter: &Chapter<'_>, link: &str, why: &str) -> Vec<Diagnostic> {
    let fault = |span: Range<usize>| {
        Fault::error(
            FaultCode::BrokenLink,
            span,
            format!("the link `{link}` leads nowhere"),
        )
        .label(why)
        .help(
            "mend the link, or the name of what it leads to; a heading's name is made of its words",
        )
    };
    let Some(Written { source, .. }) = &chapter.notes.written else {
        return vec![unwritten(chapter, fault(0..0))];
    };
    let found = places(source.text(), link);
    if found.is_empty() {
        return vec![unwritten(chapter, fault(0..0))];
    }
    found
        .into_iter()
        .map(|span| source.diagnose(fault(span)))
        .collect()
}

/// A fault of a link that isn't the author's: a template's, or another preprocessor's.
fn unwritten(chapter: &Chapter<'_>, fault: Fault) -> Diagnostic {
    let mut files = chapter.notes.written.iter().flat_map(|w| w.source.files());
    Diagnostic {
        file: files.next().unwrap_or(chapter.place.as_str()).to_owned(),
        source: "".into(),
        fault: fault.help(
            "the page doesn't have it from its author: a template or another preprocessor adds it",
        ),
    }
}

/// Where `text` leads to what `link` is on the built page.
fn places(text: &str, link: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (event, range) in new_cmark_parser(text, &MarkdownOptions::default()).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. })
                if as_built(&dest_url) == link =>
            {
                found.push(range);
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                let start = html.find(link).filter(|_| !link.is_empty());
                let quoted = start.filter(|start| html[..*start].ends_with(['"', '\'']));
                found.extend(quoted.map(|start| {
                    let start = range.start + start;
                    start..start + link.len()
                }));
            }
            _ => {}
        }
    }
    found
}

/// What mdBook makes of a link that an author writes: a chapter's file becomes its page.
fn as_built(link: &str) -> String {
    if has_scheme(link) {
        return link.to_owned();
    }
    let (path, anchor) = match link.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (link, None),
    };
    let path = match path.strip_suffix(".md") {
        Some(stem) => format!("{stem}.html"),
        None => path.to_owned(),
    };
    anchor.map_or(path.clone(), |anchor| format!("{path}#{anchor}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_found_where_it_is_written() {
        let text = "See [a](b.md#c) and [d][e], <a href=\"b.html#c\">f</a>.\n\n[e]: <b.md#c>\n\n`[g](b.md#c)`\n";
        let found: Vec<_> = places(text, "b.html#c")
            .into_iter()
            .map(|range| &text[range])
            .collect();
        assert_eq!(found, ["[a](b.md#c)", "[d][e]", "b.html#c"]);
    }

    #[test]
    fn other_sites_are_not_looked_at() {
        for link in [
            "https://a.org/b.md",
            "mailto:a@b.org",
            "//a.org/x",
            "data:,x",
        ] {
            assert!(has_scheme(link), "{link}");
            assert_eq!(as_built(link), link);
        }
        for link in ["a.html", "../a/b.html#c:d", "#c:d", "a?b=c:d"] {
            assert!(!has_scheme(link), "{link}");
        }
        assert_eq!(decoded("a%20b%C3%A9%"), "a bé%");
    }
}
