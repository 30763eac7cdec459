//! The book's glossary: where a page first uses a term, it links to the term and says what it means.
//!
//! Enter at [`Glossary::of`].

use std::ops::Range;
use std::path::{Path, PathBuf};

use mdbook_preprocessor::book::Chapter;
use seaworthy_blocks::{Definition, Diagnostic, Fault, FaultCode, Line};
use seaworthy_page::Page;
use serde::Serialize;

use crate::templates::{TemplateError, Templates};

/// The terms of a book; none if it has no glossary.
#[derive(Debug, Default)]
pub(crate) struct Glossary {
    /// The chapter that explains them.
    chapter: PathBuf,
    terms: Vec<Term>,
}

#[derive(Debug)]
struct Term {
    /// What it is called: the names in its heading.
    names: Vec<String>,
    /// The id of its heading.
    anchor: String,
    explanation: String,
}

/// A term where it is used, as its template sees it.
#[derive(Serialize)]
struct TermView<'a> {
    text: &'a str,
    link: String,
    explanation: &'a str,
}

/// Where a term is used.
struct Use<'a> {
    range: Range<usize>,
    term: &'a Term,
}

impl Glossary {
    /// Takes the terms of the glossary `page`, which is `chapter`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn of(page: &Page, chapter: &Path) -> Result<Self, Vec<Diagnostic>> {
        let mut faults = Vec::new();
        let mut terms: Vec<Term> = Vec::new();
        for definition in Definition::all(page.source.text()) {
            // `NAT, masquerading` and `Network address translation (NAT)` have two names each.
            let names = definition.heading.split([',', '(', ')']).map(str::trim);
            let names: Vec<_> = names.filter(|name| !name.is_empty()).collect();
            let fault = |message: String| {
                Fault::error(FaultCode::InvalidTerm, definition.range.clone(), message)
            };
            if definition.explanation.trim().is_empty() {
                faults.push(
                    fault(format!("the term `{}` isn't explained", definition.heading))
                        .help("write a paragraph below its heading: readers see it where the term is used"),
                );
            }
            let mut known = terms.iter().flat_map(|term| &term.names);
            if let Some(twice) = known.find(|name| names.contains(&name.as_str())) {
                faults.push(
                    fault(format!("the term `{twice}` is explained twice"))
                        .help("remove one of the two headings, or the name from one of them"),
                );
            }
            terms.push(Term {
                names: names.into_iter().map(str::to_owned).collect(),
                anchor: anchor(&definition.heading),
                explanation: definition.explanation.trim().to_owned(),
            });
        }
        if faults.is_empty() {
            Ok(Self {
                chapter: chapter.to_path_buf(),
                terms,
            })
        } else {
            let faults = faults.into_iter();
            Err(faults.map(|fault| page.source.diagnose(fault)).collect())
        }
    }

    /// What is to be put where into the text of `page`, which is `chapter`: the first use of each term.
    ///
    /// # Errors
    /// If the template can't be rendered.
    pub(crate) fn marked(
        &self,
        page: &Page,
        chapter: &Path,
        templates: &Templates,
    ) -> Result<Vec<(Range<usize>, String)>, TemplateError> {
        if chapter == self.chapter {
            return Ok(Vec::new());
        }
        let up = chapter.components().count().saturating_sub(1);
        let way = format!("{}{}", "../".repeat(up), slashed(&self.chapter));
        let text = page.source.text();
        let uses = self.uses(&page.prose).into_iter();
        let html = uses.map(|Use { range, term }| {
            let view = TermView {
                text: &text[range.clone()],
                link: format!("{way}#{}", term.anchor),
                explanation: &term.explanation,
            };
            // A bar would end the cell of a table.
            let html = templates.render("term", &view)?.replace('|', "&#124;");
            Ok((range, html))
        });
        html.collect()
    }

    /// The first use of each term, in order.
    fn uses(&self, prose: &[Line]) -> Vec<Use<'_>> {
        let mut waiting: Vec<_> = self.terms.iter().collect();
        let mut uses = Vec::new();
        for piece in prose {
            let mut at = 0;
            while let Some((nth, range)) = first_use(&waiting, &piece.text, at) {
                at = range.end;
                uses.push(Use {
                    range: piece.start + range.start..piece.start + range.end,
                    term: waiting.remove(nth),
                });
            }
        }
        uses
    }
}

/// The first of `terms` that `text` uses from `from` on, the longest if several begin there, and where.
fn first_use(terms: &[&Term], text: &str, from: usize) -> Option<(usize, Range<usize>)> {
    let starts = text.char_indices().map(|(at, _)| at);
    let mut starts = starts.filter(|at| *at >= from && !ends_in_word(&text[..*at]));
    starts.find_map(|at| {
        let here = terms.iter().enumerate().flat_map(|(nth, term)| {
            let lengths = term.names.iter().filter_map(|name| used(name, &text[at..]));
            lengths.map(move |length| (length, nth))
        });
        here.max().map(|(length, nth)| (nth, at..at + length))
    })
}

/// How many bytes at the beginning of `text` are the word `name`, or more than one of it; only its first letter may be
/// small or capital as the sentence wants it.
fn used(name: &str, text: &str) -> Option<usize> {
    let there = text.get(..name.len())?;
    let (first, rest) = name.split_at_checked(1).unwrap_or((name, ""));
    let same = there.get(..first.len())?.eq_ignore_ascii_case(first) && there.ends_with(rest);
    let after = &text[name.len()..];
    let ends = |after: &str| !after.starts_with(is_word);
    let more = ["s", "es"]
        .into_iter()
        .find(|more| after.strip_prefix(more).is_some_and(ends));
    match (same, ends(after), more) {
        (true, true, _) => Some(name.len()),
        (true, false, Some(more)) => Some(name.len() + more.len()),
        _ => None,
    }
}

fn ends_in_word(text: &str) -> bool {
    text.ends_with(is_word)
}

/// Whether a character goes on with a word or a name, such as `trio-network`.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

/// The id that mdBook gives to a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|c| match c {
        c if is_word(c) => Some(c.to_lowercase().to_string()),
        c if c.is_whitespace() => Some("-".to_owned()),
        _ => None,
    });
    kept.collect()
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Whether a chapter may be the glossary: a look at its beginning, before it is read as a page.
pub(crate) fn may_be(chapter: &Chapter) -> bool {
    let text = chapter.content.trim_start();
    let end = text.find("-->").unwrap_or_default();
    text.starts_with("<!--") && text[..end].contains("glossary")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::one_page::page;

    fn glossary() -> Glossary {
        let text = "# G\n\n### Bridge, bridged network\n\nA switch.\n\n### Default bridge\n\nThe first.\n\n### Address translation (NAT)\n\nOther | addresses.\n\n### Alias\n\nA name.\n";
        Glossary::of(&page(text), Path::new("x/glossary.md")).unwrap()
    }

    /// The text with each marked use in brackets, after its anchor.
    fn marked(text: &'static str) -> String {
        let page = page(text);
        let mut marked = text.to_owned();
        for found in glossary().uses(&page.prose).into_iter().rev() {
            let shown = format!("[{} {}]", found.term.anchor, &text[found.range.clone()]);
            marked.replace_range(found.range, &shown);
        }
        marked
    }

    #[test]
    fn the_first_use_is_marked_and_nothing_else() {
        for (text, expected) in [
            (
                "A bridge, and a bridge.\n",
                "A [bridge-bridged-network bridge], and a bridge.\n",
            ),
            (
                "The default bridge isn't a bridge.\n",
                "The [default-bridge default bridge] isn't a [bridge-bridged-network bridge].\n",
            ),
            (
                "Bridged networks. Aliases.\n",
                "[bridge-bridged-network Bridged networks]. [alias Aliases].\n",
            ),
            (
                "NATO, nat, my-NAT: NAT\n",
                "NATO, nat, my-NAT: [address-translation-nat NAT]\n",
            ),
            // Headings, code, links, HTML links, pictures and blocks are left alone.
            (
                "# Alias\n\n[alias](x.md) `alias` <a href=\"x\">alias</a> ![alias](a.png)\n\n    alias\n\n```\nalias\n```\n\n- an alias\n",
                "# Alias\n\n[alias](x.md) `alias` <a href=\"x\">alias</a> ![alias](a.png)\n\n    alias\n\n```\nalias\n```\n\n- an [alias alias]\n",
            ),
            ("Ünder *alias*\n", "Ünder *[alias alias]*\n"),
            ("aliased\n", "aliased\n"),
        ] {
            assert_eq!(marked(text), expected);
        }
    }

    #[test]
    fn a_use_links_to_its_term_from_wherever_it_stands() {
        let files = crate::BookFiles::new(Path::new("none"), &[]);
        let templates = crate::templates::load(&files, None).unwrap();
        let page = page("Use NAT.\n");
        let html = |chapter: &str| {
            let marked = glossary().marked(&page, Path::new(chapter), &templates);
            let marked = marked.unwrap().into_iter().map(|(_, html)| html);
            marked.collect::<Vec<_>>()
        };
        let link = |way: &str| {
            format!(
                "<a class=\"sw-term\" href=\"{way}x/glossary.md#address-translation-nat\" title=\"Other &#124; addresses.\">NAT</a>"
            )
        };
        assert_eq!(html("a.md"), [link("")]);
        assert_eq!(html("x/a.md"), [link("../")]);
        assert_eq!(html("x/glossary.md"), [""; 0]);
    }

    #[test]
    fn faults() {
        for (text, line, message) in [
            (
                "# G\n\n### A\n\n### B\n\nx\n",
                3,
                "the term `A` isn't explained",
            ),
            (
                "# G\n\n### A\n\nx\n\n### B, A\n\nx\n",
                7,
                "the term `A` is explained twice",
            ),
        ] {
            let faults = Glossary::of(&page(text), Path::new("g.md")).unwrap_err();
            let found: Vec<_> = faults
                .iter()
                .map(|d| (d.line(), &*d.fault.message))
                .collect();
            assert_eq!(found, [(line, message)]);
        }
    }
}
