//! What there is to tick in the whole book: it stands on the first page, where a script says how much of it is done.

use std::path::Path;

use mdbook_preprocessor::book::Chapter;
use seaworthy_page::Page;
use serde::Serialize;

use crate::templates::{TemplateError, Templates};

/// The pages of a book that have something to tick.
#[derive(Default, Serialize)]
pub(crate) struct Overview {
    pages: Vec<PageBoxes>,
}

#[derive(Serialize)]
struct PageBoxes {
    name: String,
    /// Its file, as the chapters are named.
    link: String,
    /// Its place on the site, by which what is ticked is kept.
    page: String,
    boxes: usize,
}

impl Overview {
    /// Adds `page`, which is `chapter`.
    pub(crate) fn add(&mut self, page: &Page, chapter: &Chapter) {
        let boxes = boxes(page);
        if let (Some(path), true) = (&chapter.path, boxes > 0) {
            self.pages.push(PageBoxes {
                name: chapter.name.clone(),
                link: slashed(path),
                page: slashed(&path.with_extension("html")),
                boxes,
            });
        }
    }

    /// What stands at the end of the book's first page, if there is anything to tick on another one.
    ///
    /// # Errors
    /// If its template can't be rendered.
    pub(crate) fn html(
        &self,
        templates: &Templates,
        first: &Path,
    ) -> Result<Option<String>, TemplateError> {
        let first = slashed(first);
        if self.pages.iter().all(|page| page.link == first) {
            return Ok(None);
        }
        Ok(Some(templates.render("overview", self)?))
    }
}

/// How many boxes the script of the site shows: items of task lists, checks of exercises, and answers.
fn boxes(page: &Page) -> usize {
    let checks = page
        .sessions()
        .filter(|s| s.attributes.check.is_some() && !s.attributes.hidden);
    let text = page.source.text();
    let html = page.html.iter().map(|range| &text[range.clone()]);
    page.tasks + checks.count() + html.map(answers).sum::<usize>()
}

/// The `<details class="sw-answer">` in `html`.
fn answers(html: &str) -> usize {
    let tags = html.split("<details").skip(1);
    let tags = tags.map(|rest| rest.split('>').next().unwrap_or_default());
    tags.filter(|tag| tag.contains("sw-answer")).count()
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::one_page::page;

    #[test]
    fn what_can_be_ticked_is_counted() {
        for (text, expected) in [
            ("# T\n\ntext\n", 0),
            ("- [ ] a\n- [x] b\n  - [ ] c\n\n1. d\n", 3),
            (
                "`<details class=\"sw-answer\">`\n\n<details class=\"sw-answer\">\n<summary>A</summary>\n\nx\n\n</details>\n\n<details>\n<summary>H</summary>\n\nx\n\n</details>\n",
                1,
            ),
            (
                "```console,check=a\n$ test -e x\n```\n\n```console,solution=a\n$ touch x\n```\n",
                1,
            ),
        ] {
            let page = page(text);
            assert_eq!(boxes(&page), expected, "{text}");
        }
    }
}
