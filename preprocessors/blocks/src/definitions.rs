//! The terms that a page explains: headings of the third level, each with its first paragraph.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use crate::document::dialect;

/// A heading, and what the paragraph below it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The heading, without markup.
    pub heading: String,
    /// The bytes of the heading.
    pub range: Range<usize>,
    /// The first paragraph, without markup, up to the sentence that holds its first link; empty if there is none. What
    /// leads on, as in `See [Overlay](overlay.md).`, explains nothing.
    pub explanation: String,
}

impl Definition {
    /// The definitions in `text`, which is Markdown as mdBook understands it, in order.
    #[must_use]
    pub fn all(text: &str) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        // Where text goes: to the heading that is open, or to its first paragraph.
        let (mut heading, mut paragraph, mut awaited) = (false, false, false);
        for (event, range) in Parser::new_ext(text, dialect()).into_offset_iter() {
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    heading = level == HeadingLevel::H3;
                    awaited = false;
                    if heading {
                        all.push(Self {
                            heading: String::new(),
                            range,
                            explanation: String::new(),
                        });
                    }
                }
                Event::End(TagEnd::Heading(_)) => awaited = std::mem::take(&mut heading),
                Event::Start(Tag::Paragraph) if awaited => (awaited, paragraph) = (false, true),
                Event::End(TagEnd::Paragraph) => paragraph = false,
                Event::Start(Tag::Link { .. }) if paragraph => {
                    let last = all.last_mut().map(|last| &mut last.explanation);
                    let sentence = last.as_ref().and_then(|said| said.rfind(['.', '!', '?']));
                    if let (Some(said), Some(end)) = (last, sentence) {
                        said.truncate(end + 1);
                        paragraph = false;
                    }
                }
                Event::Text(piece) | Event::Code(piece) => {
                    if let Some(last) = all.last_mut().filter(|_| heading || paragraph) {
                        let place = if heading {
                            &mut last.heading
                        } else {
                            &mut last.explanation
                        };
                        place.push_str(&piece);
                    }
                }
                Event::SoftBreak | Event::HardBreak if paragraph => {
                    if let Some(last) = all.last_mut() {
                        last.explanation.push(' ');
                    }
                }
                _ => {}
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_on_explains_nothing() {
        for (paragraph, expected) in [
            ("One. Two. See [x](x.md#y).", "One. Two."),
            ("One. See *also* [x](x.md). Three.", "One."),
            ("A [link](x.md) first. Two.", "A link first. Two."),
        ] {
            let text = format!("### T\n\n{paragraph}\n");
            assert_eq!(Definition::all(&text)[0].explanation, expected);
        }
    }

    #[test]
    fn a_term_and_its_first_paragraph() {
        let text = "# T\n\nintro\n\n## A\n\n### Alias\n\nA *second*\n[name](x.md), as `db`.\n\nMore.\n\n### NAT, masquerading\n\n- list\n\n### Empty\n\n## B\n\nnot its\n";
        let found = Definition::all(text);
        let found = found
            .iter()
            .map(|d| (&*d.heading, &*d.explanation, &text[d.range.clone()]));
        assert_eq!(
            found.collect::<Vec<_>>(),
            [
                ("Alias", "A second name, as db.", "### Alias\n"),
                ("NAT, masquerading", "", "### NAT, masquerading\n"),
                ("Empty", "", "### Empty\n"),
            ]
        );
    }
}
