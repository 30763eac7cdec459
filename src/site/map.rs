//! The site for those who don't read it page by page: a map for search engines, and a list for programs that read Markdown.

use std::path::Path;

use super::files::write;
use super::{Chapter, Site, escaped, slashed};
use crate::error::SystemError;

/// Writes `sitemap.xml`, if the site knows its address, and `llms.txt`.
///
/// # Errors
/// If one can't be written.
pub(super) fn write_all(
    site: &Path,
    book: &Site,
    chapters: &[Chapter<'_>],
) -> Result<(), SystemError> {
    if let Some(address) = &book.address {
        let mut map = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n".to_owned();
        for chapter in chapters {
            let page = escaped(&address.page(&chapter.place));
            map.push_str(&format!("  <url><loc>{page}</loc></url>\n"));
        }
        map.push_str("</urlset>\n");
        write(site, "sitemap.xml", map.as_bytes())?;
    }
    write(site, "llms.txt", list(book, chapters).as_bytes())
}

/// The list, in the form of <https://llmstxt.org>: a title, a quote that sums up, links with what they lead to.
fn list(book: &Site, chapters: &[Chapter<'_>]) -> String {
    let mut list = format!("# {}\n", book.title);
    if let Some(description) = &book.description {
        list.push_str(&format!("\n> {description}\n"));
    }
    list.push_str("\nThe console sessions of this book are run on a real Docker Engine, and what they print is compared with what is shown. Each page says what of it is verified, when, and on which engine; `verification.json` says it of the whole book.\n\n## Pages\n\n");
    for chapter in chapters {
        let Some(written) = chapter.notes.written.as_ref().map(|_| &chapter.notes.path) else {
            continue;
        };
        let link = match &book.address {
            Some(address) => address.page(&slashed(written)),
            None => slashed(written),
        };
        let said = [book.description_of(chapter), chapter.notes.verified.clone()];
        let said = said.into_iter().flatten().collect::<Vec<_>>().join(" ");
        list.push_str(&format!("- [{}]({link}): {said}\n", chapter.notes.name));
    }
    list
}
