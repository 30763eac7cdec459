//! What a built site owes those who look for it, and those who read it: mdBook makes the pages, this makes them found and light.
//!
//! Enter at [`Site::take_over`] before mdBook builds, and at [`Site::finish`] after it: links are checked, heads completed, style
//! sheets joined, the index of the search, the map, the page for what isn't found and the mirrors written.

mod address;
mod code;
mod files;
mod head;
mod html;
mod links;
mod map;
mod missing;
mod script;
mod search;
mod styles;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use mdbook::config::{Config, TextDirection};
use mdbook_seaworthy::{BookNotes, ChapterNotes, Faults};

use self::address::Address;
use self::code::Highlighter;
use self::files::{read, write};
use self::head::Head;
use self::html::BuiltPage;
use self::search::Search;
use self::styles::Styles;
use crate::error::{Result, Usage};

/// The site of a book, while it is made.
pub(crate) struct Site {
    /// The book's title.
    title: String,
    /// What the book is about.
    description: Option<String>,
    /// The language of its text, as `en`.
    language: Option<String>,
    /// Whether that is written from right to left.
    right_to_left: bool,
    /// Where the site will stand, if the book says so.
    address: Option<Address>,
    /// The search, unless the book has none, or one of its own.
    search: Option<Search>,
    /// Whether readers may edit code on its pages: mdBook's editor then needs all that mdBook brings.
    playground: bool,
}

/// A chapter's page.
struct Chapter<'a> {
    notes: &'a ChapterNotes,
    /// The page's place in the site, with `/`.
    place: String,
    page: BuiltPage,
}

impl Site {
    /// The site of a book with this configuration, from which what mdBook needn't do is taken out.
    ///
    /// # Errors
    /// If a table of it can't be used.
    pub(crate) fn take_over(config: &mut Config) -> Result<Self, Usage> {
        let html = config.html_config().unwrap_or_default();
        Ok(Self {
            title: config.book.title.clone().unwrap_or_default(),
            description: config.book.description.clone(),
            language: config.book.language.clone(),
            right_to_left: config.book.realized_text_direction() == TextDirection::RightToLeft,
            address: Address::of(&html),
            playground: html.playground.editable,
            search: Search::take_over(config, &html)?,
        })
    }

    /// Finishes the site that mdBook built in the folder `site`, of the book of which `notes` are.
    ///
    /// # Errors
    /// With all links that lead nowhere, or with what the system refuses.
    pub(crate) fn finish(&self, site: &Path, notes: &BookNotes) -> Result<()> {
        let chapters = chapters(site, notes)?;
        let broken = links::check(site, &chapters, self.address.as_ref());
        if !broken.is_empty() {
            return Err(Faults(broken).into());
        }
        let index = match &self.search {
            Some(search) => Some(search.write(site, &chapters)?),
            None => None,
        };
        let code = chapters.iter().flat_map(|chapter| &chapter.page.languages);
        let highlighter = Highlighter::write(site, &code.collect::<BTreeSet<_>>())?;
        script::lighten(site)?;
        let first = chapters.first().map(|chapter| chapter.page.html.as_str());
        let styles = Styles::join(site, first.unwrap_or_default())?;
        for chapter in &chapters {
            let head = Head {
                site: self,
                place: &chapter.place,
                name: &chapter.notes.name,
                description: self.description_of(chapter),
                mirrored: chapter.notes.written.is_some(),
            };
            let code = (!self.playground).then_some(&chapter.page.languages);
            let html = head.complete(&chapter.page.html);
            let html = light(&html, &styles, &highlighter, code, index.as_deref());
            write(site, &chapter.place, html.as_bytes())?;
        }
        self.finish_others(site, &chapters, (&styles, &highlighter, index.as_deref()))?;
        missing::write_page(site, self, &chapters)?;
        map::write_all(site, self, &chapters)?;
        publish(site, notes)
    }

    /// The page that mdBook made for printing, and the first one, if that is a copy of a chapter's.
    fn finish_others(
        &self,
        site: &Path,
        chapters: &[Chapter<'_>],
        (styles, highlighter, index): (&Styles, &Highlighter, Option<&str>),
    ) -> Result<()> {
        for place in ["index.html", "print.html"] {
            if chapters.iter().any(|chapter| chapter.place == place) || !site.join(place).exists() {
                continue;
            }
            let html = read(site, place)?;
            let page = BuiltPage::new(html);
            let head = Head {
                site: self,
                place,
                name: "",
                description: self.description.clone(),
                mirrored: false,
            };
            let html = head.complete(&page.html);
            let code = (!self.playground).then_some(&page.languages);
            let html = light(&html, styles, highlighter, code, index);
            write(site, place, html.as_bytes())?;
        }
        Ok(())
    }

    /// What is said of a chapter in a list of many: its author's sentence, or its first one.
    fn description_of(&self, chapter: &Chapter<'_>) -> Option<String> {
        let said = chapter.notes.description.as_ref();
        let said = said.or(chapter.page.first_paragraph.as_ref());
        said.or(self.description.as_ref())
            .map(|said| head::shortened(said))
    }
}

/// The page with the style sheets and scripts that it needs, and no others.
fn light(
    html: &str,
    styles: &Styles,
    highlighter: &Highlighter,
    code: Option<&BTreeSet<String>>,
    index: Option<&str>,
) -> String {
    let html = styles.put_into(html);
    let html = match code {
        Some(code) => highlighter.put_into(&html, code),
        None => html,
    };
    match index {
        Some(index) => search::put_into(&html, index),
        None => html,
    }
}

/// The pages of the book's chapters, in order, each once.
fn chapters<'a>(site: &Path, notes: &'a BookNotes) -> Result<Vec<Chapter<'a>>> {
    let mut chapters: Vec<Chapter<'a>> = Vec::new();
    for notes in &notes.chapters {
        let place = slashed(&notes.path.with_extension("html"));
        if chapters.iter().any(|chapter| chapter.place == place) {
            continue;
        }
        let page = BuiltPage::new(read(site, &place)?);
        chapters.push(Chapter { notes, place, page });
    }
    Ok(chapters)
}

/// Writes the mirrors of the chapters, and what others may show of the book's verification.
fn publish(site: &Path, notes: &BookNotes) -> Result<()> {
    for chapter in &notes.chapters {
        if let Some(written) = &chapter.written {
            write(site, &slashed(&chapter.path), written.mirror.as_bytes())?;
        }
    }
    if let Some(published) = &notes.published {
        write(site, "verification.json", published.to_json().as_bytes())?;
        write(site, "verification.svg", published.to_svg().as_bytes())?;
    }
    Ok(())
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The text as it stands in HTML, between tags and in quoted attributes.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A file of the site's that mdBook may have named after its content: `highlight-1a2b3c4d.js` for `highlight.js`.
fn built(site: &Path, name: &str) -> Option<PathBuf> {
    let (stem, extension) = name.split_once('.')?;
    let entries = fs::read_dir(site).ok()?;
    let mut names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names
        .find(|found| {
            let rest = found.strip_prefix(stem);
            let rest = rest.and_then(|rest| rest.strip_suffix(&format!(".{extension}")));
            rest.is_some_and(|hash| {
                let digits = hash.strip_prefix('-').unwrap_or(hash);
                hash.is_empty()
                    || digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_hexdigit())
            })
        })
        .map(PathBuf::from)
}
