//! One chapter: its blocks replaced by HTML, everything else untouched.

use std::ops::Range;
use std::path::Path;

use seaworthy_network::{Palette, SvgOptions};
use seaworthy_page::{Page, Step};
use serde::Serialize;

use crate::archive::ArchiveBlock;
use crate::claims::Anchors;
use crate::glossary::Glossary;
use crate::marks::{Marks, OnVersion};
use crate::session::SessionBlock;
use crate::templates::{TemplateError, Templates};
use crate::views::{DiagramView, FileView};

/// What stands below a page's title, as its template sees it.
#[derive(Serialize)]
struct PageMark<'a> {
    /// `verified`, `failed`, `unverified`, or `neutral` if nothing on the page is run.
    class: String,
    text: Option<String>,
    title: String,
    minutes: Option<u32>,
    /// The link to *Verification*.
    proof: Option<&'a str>,
    /// That sessions are run which the page doesn't show.
    hidden: Option<String>,
    /// The last day on which it counts.
    until: Option<String>,
    /// What came of the page on each version, where it was run on several.
    versions: Vec<OnVersion>,
}

/// The mark of a page; none if there is nothing to say.
fn page_mark<'a>(page: &Page, marks: &Marks, proof: Option<&'a str>) -> Option<PageMark<'a>> {
    let minutes = page.settings.minutes;
    let hidden = page
        .sessions()
        .filter(|step| step.attributes.hidden && step.attributes.no_run.is_none());
    let hidden = match hidden.count() {
        0 => None,
        1 => Some("One session is run that is not shown here".to_owned()),
        n => Some(format!("{n} sessions are run that are not shown here")),
    };
    match marks.page(page) {
        Some(badge) => Some(PageMark {
            class: badge.class,
            text: Some(badge.text),
            title: badge.title,
            minutes,
            proof,
            hidden,
            until: badge.until,
            versions: marks.versions(page),
        }),
        None => minutes.map(|minutes| PageMark {
            class: "neutral".to_owned(),
            text: None,
            title: String::new(),
            minutes: Some(minutes),
            proof: None,
            hidden: None,
            until: None,
            versions: Vec::new(),
        }),
    }
}

/// What a chapter is rendered with.
pub(crate) struct Surroundings<'a> {
    pub(crate) templates: &'a Templates,
    pub(crate) marks: &'a Marks,
    /// The link to the page *Verification*.
    pub(crate) proof: Option<&'a str>,
    /// The address of the chapter's folder on the site, if the book knows it.
    pub(crate) beside: Option<&'a str>,
    /// Where the chapter stands, among the others.
    pub(crate) chapter: &'a Path,
    pub(crate) glossary: &'a Glossary,
    pub(crate) anchors: &'a Anchors,
    /// Whether the archives of the book's pages are published.
    pub(crate) archives: bool,
}

/// The Markdown of `page` with our blocks as HTML.
///
/// # Errors
/// If a template can't be rendered.
pub(crate) fn render(page: &Page, around: &Surroundings<'_>) -> Result<String, TemplateError> {
    let Surroundings {
        templates,
        marks,
        proof,
        ..
    } = *around;
    let text = page.source.text();
    let mut parts = around.glossary.marked(page, around.chapter, templates)?;
    if let Some(mark) = page_mark(page, marks, proof) {
        // Below the title, or at the top of a page without one.
        let end = page.title_end.unwrap_or_default();
        let html = templates.render("page-mark", &mark)?;
        let before = match end {
            0 => "",
            _ if text[..end].ends_with('\n') => "\n",
            _ => "\n\n",
        };
        parts.push((end..end, format!("{before}{html}\n\n")));
    }
    let palette = palette(page);
    for step in &page.steps {
        if let Some(block) = block(page, step, &palette, around)? {
            // An HTML block lasts until a blank line, which has to stay in the same quote or list item.
            let html = format!("{}\n{}", block.html, block.prefix.trim_end());
            parts.push((block.range.clone(), html));
        }
    }
    parts.sort_by_key(|(range, _)| range.start);
    let mut rendered = String::with_capacity(text.len() * 2);
    let mut done = 0;
    for (range, html) in parts {
        rendered.push_str(&text[done..range.start]);
        rendered.push_str(&html);
        done = range.end;
    }
    rendered.push_str(&text[done..]);
    Ok(rendered)
}

/// The colours of the networks that the page's diagrams draw.
fn palette(page: &Page) -> Palette {
    let mut palette = Palette::default();
    for step in &page.steps {
        if let Step::Diagram(step) = step {
            step.diagram.colour(&mut palette);
        }
    }
    palette
}

struct Rendered<'a> {
    range: &'a Range<usize>,
    prefix: &'a str,
    html: String,
}

fn block<'a>(
    page: &'a Page,
    step: &'a Step,
    palette: &Palette,
    around: &'a Surroundings<'_>,
) -> Result<Option<Rendered<'a>>, TemplateError> {
    let Surroundings {
        templates, marks, ..
    } = *around;
    Ok(match step {
        Step::Session(step) => {
            let html = if step.attributes.hidden {
                String::new()
            } else {
                templates.render(
                    "session",
                    &SessionBlock::new(page, step, marks, around.anchors),
                )?
            };
            Some(Rendered {
                range: &step.range,
                prefix: &step.prefix,
                html,
            })
        }
        // Its picture shows it.
        Step::File(step) if step.drawn => None,
        Step::File(step) => Some(Rendered {
            range: &step.range,
            prefix: &step.prefix,
            html: templates.render("file", &FileView::new(step))?,
        }),
        Step::Diagram(step) => {
            let options = SvgOptions {
                id_prefix: step.id.clone(),
                title: step.title.clone(),
                palette: palette.clone(),
                ..SvgOptions::default()
            };
            let view = DiagramView {
                id: step.id.clone(),
                svg: step.diagram.svg(&options),
                words: step.diagram.text_html(),
                badge: step.verify.then(|| marks.diagram(step)),
                file: page.steps.iter().find_map(|other| match other {
                    Step::File(file) if file.range == step.range => Some(FileView::new(file)),
                    _ => None,
                }),
            };
            Some(Rendered {
                range: &step.range,
                prefix: &step.prefix,
                html: templates.render("diagram", &view)?,
            })
        }
        Step::Archive(step) => Some(Rendered {
            range: &step.range,
            prefix: &step.prefix,
            html: templates.render(
                "archive",
                &ArchiveBlock::new(step, around.beside, around.archives),
            )?,
        }),
        // A book with faults isn't built.
        Step::Listed(_) | Step::Malformed(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::BookFiles;
    use crate::claims::Claims;
    use crate::one_page::page;
    use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, Tag, html};
    use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
    use seaworthy_blocks::Document;
    use snapbox::{IntoData, assert_data_eq, str};

    fn rendered(text: &'static str) -> String {
        let templates =
            crate::templates::load(&BookFiles::new(Path::new("none"), &[]), None).unwrap();
        let around = Surroundings {
            templates: &templates,
            marks: &Marks::default(),
            proof: None,
            beside: None,
            chapter: Path::new("a.md"),
            glossary: &Glossary::default(),
            anchors: &Claims::default().of(&page(text)),
            archives: true,
        };
        render(&page(text), &around).unwrap()
    }

    fn to_html(markdown: &str) -> String {
        let mut shown = String::new();
        html::push_html(
            &mut shown,
            new_cmark_parser(markdown, &MarkdownOptions::default()),
        );
        shown
    }

    #[test]
    fn prompt_command_and_output_are_separate_elements() {
        assert_data_eq!(
            rendered(
                "# T\n\n```console,proves=\"one & one\"\n$ docker run \\\n> nginx\n<ok>\n```\nafter\n"
            ),
            str![[r##"
# T

<p class="sw-page-mark sw-unverified" title="The page was edited since it was last checked, or never checked."><span class="sw-state">Unverified: 0 of 1 verified</span></p>


<figure class="sw-session" id="session-72e2a0bb-1" aria-label="Console session: one &amp; one"><figcaption class="sw-bar" id="claim-one-one"><span class="sw-claim">one &amp; one</span></figcaption><div class="sw-tools"><span class="sw-mark sw-unverified" title="This session, or one before it, was not run since it was last edited.">Unverified</span></div><div class="sw-screen" dir="ltr" tabindex="-1"><pre class="sw-command" role="group" aria-label="Command"><span class="sw-prompt" aria-hidden="true">$ </span><kbd>docker run \</kbd>&#10;<span class="sw-prompt" aria-hidden="true">&gt; </span><kbd>nginx</kbd></pre><pre class="sw-output" role="group" aria-label="Output" dir="ltr"><samp><span class="sw-line">&lt;ok&gt;</span></samp></pre></div></figure>

after

"##]]
            .raw()
        );
    }

    #[test]
    fn what_follows_a_block_stays_in_its_container() {
        for (text, follower) in [
            (
                "> ```console\n> $ a\n> ```\n> after *it*\n",
                "<p>after <em>it</em></p>\n</blockquote>",
            ),
            (
                "- ```console\n  $ a\n\n  b\n  ```\n  after *it*\n",
                "after <em>it</em>",
            ),
            (
                "<details>\n\n```console\n$ a\n```\n\nafter *it*\n\n</details>\n",
                "<p>after <em>it</em></p>\n</details>",
            ),
            (
                "```console,hidden\n$ a\n```\nafter *it*\n",
                "<p>after <em>it</em></p>",
            ),
            (
                "```yaml,file=a.yml\na: 1\n```\nafter *it*\n",
                "<p>after <em>it</em></p>",
            ),
            (
                "1. x\n\n   ```console\n   $ a\n   ```\n\n   after *it*\n2. y\n",
                "<p>after <em>it</em></p>\n</li>\n<li>",
            ),
        ] {
            let html = to_html(&rendered(text));
            assert!(html.contains(follower), "{text}\n{html}");
            assert!(!html.contains("```"), "{text}\n{html}");
            if !text.contains("hidden") {
                assert!(html.contains("<figure class=\"sw-"), "{text}\n{html}");
            }
        }
    }

    #[test]
    fn a_chapter_without_our_blocks_is_untouched() {
        let text = "# T\n\n```rust\nfn main() {}\n```\n\n```sh\nls\n```\n\ntext \"quoted\"  \n";
        assert_eq!(rendered(text), text);
    }

    #[test]
    fn the_mark_stands_below_the_title_wherever_that_is() {
        for (text, start) in [
            ("```console\n$ a\n```\n\n# Title\n\nx\n", "<figure"),
            (
                "> # Quoted\n\n```console\n$ a\n```\n",
                "<p class=\"sw-page-mark",
            ),
            (
                "- # Item\n\n  ```console\n  $ a\n  ```\n",
                "<p class=\"sw-page-mark",
            ),
            (
                "# Title\n```console\n$ a\n```\n",
                "# Title\n\n<p class=\"sw-page-mark",
            ),
            ("```console\n$ a\n```\n", "<p class=\"sw-page-mark"),
        ] {
            let shown = rendered(text);
            assert!(shown.starts_with(start), "{text}\n{shown}");
            assert_eq!(shown.matches("sw-page-mark").count(), 1, "{shown}");
            assert!(!to_html(&shown).contains("```"), "{shown}");
        }
    }

    #[test]
    fn a_block_that_is_picture_and_file_shows_both() {
        let shown = rendered("```network,file=compose.yaml\nservices:\n  web: {}\n```\n");
        assert_eq!(shown.matches("<figure").count(), 2, "{shown}");
        assert!(
            shown.contains("<span class=\"sw-path\">compose.yaml</span>"),
            "{shown}"
        );
        assert!(shown.contains("services:&#10;"), "{shown}");
        assert!(shown.contains("<svg"), "{shown}");
    }

    #[test]
    fn a_hidden_session_is_not_shown() {
        let shown = rendered("a\n\n```console,hidden\n$ secret\n```\n\nb\n");
        assert!(!shown.contains("secret"), "{shown}");
    }

    /// Our dialect of Markdown is mdBook's: the same blocks stand at the same places.
    #[test]
    fn blocks_are_those_that_mdbook_finds() {
        let text = "a\n: ```x\n  y\n  ```\n\n> [!NOTE]\n> ```console\n> $ b\n> ```\n\n[^1]: note\n    ```c\n    ```\n\n| a |\n|---|\n| ```b``` |\n\n~~~d\n~~~\n- [ ] ```e\n      ```\n";
        let theirs: Vec<_> = new_cmark_parser(text, &MarkdownOptions::default())
            .into_offset_iter()
            .filter(|(event, _)| {
                matches!(
                    event,
                    Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_)))
                )
            })
            .map(|(_, range)| range.start)
            .collect();
        let ours: Vec<_> = Document::parse(text)
            .blocks
            .iter()
            .map(|b| b.range.start)
            .collect();
        assert_eq!(ours, theirs);
        assert_eq!(ours.len(), 4);
    }
}
