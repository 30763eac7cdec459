//! The search: a book's text in sections, for a script that finds what people in trouble type, messages and commands among it.
//!
//! mdBook's own index is several times as large as the text and takes most of a large book's build; so mdBook is told to index
//! nothing, and its search box is given this one.

use std::collections::HashMap;
use std::path::Path;

use mdbook::config::{Config, HtmlConfig, SearchChapterSettings};
use serde::Serialize;

use super::Chapter;
use super::files::{hashed, write};
use super::html::Section;
use super::styles::root_of;
use crate::error::{Explain, Result, Usage};

/// The script that searches.
const SCRIPT: &str = include_str!("../../theme/seaworthy-search.js");

/// How a book wants to be searched: what it says of mdBook's search, as far as it isn't about mdBook's index.
pub(super) struct Search {
    chapters: HashMap<String, SearchChapterSettings>,
    split_level: u8,
    results: u32,
    teaser_words: u32,
}

/// The index, as the script reads it.
#[derive(Serialize)]
struct Index<'a> {
    results: u32,
    words: u32,
    pages: Vec<IndexedPage<'a>>,
}

/// A page: its place, its names from the outermost on, and its sections.
#[derive(Serialize)]
struct IndexedPage<'a>(&'a str, &'a str, Vec<IndexedSection<'a>>);

/// A section: its name in links, its heading, prose, commands and output.
#[derive(Serialize)]
struct IndexedSection<'a>(&'a str, String, String, String, String);

impl Search {
    /// Takes the search over from mdBook; none if the book has none, or brings scripts of its own for it.
    ///
    /// # Errors
    /// If the book's table can't be changed.
    pub(super) fn take_over(config: &mut Config, html: &HtmlConfig) -> Result<Option<Self>, Usage> {
        let search = html.search.clone().unwrap_or_default();
        if !search.enable || !search.copy_js {
            return Ok(None);
        }
        let unusable = || "`output.html.search` in book.toml can't be used".to_owned();
        config
            .set("output.html.search.copy-js", false)
            .or_usage(unusable)?;
        // The way of every chapter begins with nothing.
        let nothing = serde_json::json!({ "": { "enable": false } });
        config
            .set("output.html.search.chapter", nothing)
            .or_usage(unusable)?;
        Ok(Some(Self {
            chapters: search.chapter,
            split_level: search.heading_split_level,
            results: search.limit_results,
            teaser_words: search.teaser_word_count,
        }))
    }

    /// Writes the index and its script into the folder `site`; gives the lines that a page needs, with `{root}` for the way
    /// to the site's top.
    ///
    /// # Errors
    /// If the book names a chapter that it doesn't have, or the files can't be written.
    pub(super) fn write(&self, site: &Path, chapters: &[Chapter<'_>]) -> Result<String> {
        self.refuse_unknown(chapters)?;
        let pages = chapters.iter().filter(|chapter| self.is_searched(chapter));
        let index = Index {
            results: self.results,
            words: self.teaser_words,
            pages: pages.map(|chapter| self.page(chapter)).collect(),
        };
        // Texts, lists and numbers: there is nothing in it that JSON can't hold.
        let json = serde_json::to_string(&index).unwrap_or_default();
        let index = format!("window.seaworthyIndex({json});\n");
        let name = hashed("search", "js", index.as_bytes());
        write(site, &name, index.as_bytes())?;
        let script = hashed("seaworthy-search", "js", SCRIPT.as_bytes());
        write(site, &script, SCRIPT.as_bytes())?;
        Ok(format!(
            "<script src=\"{{root}}{script}\" data-index=\"{{root}}{name}\"></script>"
        ))
    }

    /// mdBook says so of its own index.
    fn refuse_unknown(&self, chapters: &[Chapter<'_>]) -> Result<(), Usage> {
        let mut keys: Vec<_> = self.chapters.keys().collect();
        keys.sort();
        let unknown = keys.into_iter().find(|key| {
            let mut paths = chapters.iter().map(|chapter| &chapter.notes.path);
            !paths.any(|path| path.starts_with(key))
        });
        unknown.map_or(Ok(()), |key| {
            Err(Usage(format!(
                "`output.html.search.chapter` in book.toml names `{key}`, and there is no such chapter or folder of chapters"
            )))
        })
    }

    /// Whether the book has `chapter` searched: the longest name that its path begins with says so.
    fn is_searched(&self, chapter: &Chapter<'_>) -> bool {
        let path = &chapter.notes.path;
        let settings = self.chapters.iter();
        let said = settings.filter(|(key, said)| path.starts_with(key) && said.enable.is_some());
        let longest = said.max_by_key(|(key, _)| key.len());
        longest.and_then(|(_, said)| said.enable).unwrap_or(true)
    }

    fn page<'a>(&self, chapter: &'a Chapter<'_>) -> IndexedPage<'a> {
        let mut sections: Vec<IndexedSection<'a>> = Vec::new();
        for section in &chapter.page.sections {
            match sections.last_mut() {
                Some(last) if section.level > self.split_level => last.take_in(section),
                _ => sections.push(IndexedSection::new(section)),
            }
        }
        IndexedPage(&chapter.place, &chapter.notes.name, sections)
    }
}

impl<'a> IndexedSection<'a> {
    fn new(section: &'a Section) -> Self {
        Self(
            &section.id,
            section.heading.clone(),
            section.prose.clone(),
            section.commands.clone(),
            without_ids(&section.output),
        )
    }

    /// Adds a section that isn't found by itself.
    fn take_in(&mut self, section: &Section) {
        self.2
            .push_str(&format!(" {} {}", section.heading, section.prose));
        self.3.push_str(&format!(" {}", section.commands));
        self.4
            .push_str(&format!(" {}", without_ids(&section.output)));
    }
}

/// The text without what nobody looks for: ids and digests.
fn without_ids(text: &str) -> String {
    let is_id = |word: &&str| {
        let digits = word.strip_prefix("sha256:").unwrap_or(word);
        digits.len() >= 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let words = text.split(' ').filter(|word| !is_id(word));
    words.collect::<Vec<_>>().join(" ")
}

/// The page with the lines that its search needs.
pub(super) fn put_into(html: &str, lines: &str) -> String {
    let lines = lines.replace("{root}", root_of(html));
    match html.rfind("</body>") {
        Some(end) => format!("{}{lines}\n    {}", &html[..end], &html[end..]),
        None => html.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_looks_for_ids() {
        let id = "5f0a6a1c3c8e2f5ffbd0ddc6c7a0bb2fa6e6c65e4a6d8f1c8a9bb8a1a2c3d4e5";
        let text = format!("a {id} sha256:{id} 0b8a9b5e8f1c b");
        assert_eq!(without_ids(&text), "a 0b8a9b5e8f1c b");
    }

    #[test]
    fn the_script_stands_at_the_end_and_knows_its_way() {
        let html = "<script>const path_to_root = \"../\";</script></body></html>";
        let put = put_into(html, "<script src=\"{root}a.js\"></script>");
        assert!(
            put.contains("<script src=\"../a.js\"></script>\n    </body>"),
            "{put}"
        );
    }
}
