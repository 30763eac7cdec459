//! The page for what isn't found. A web server shows it at any path, so it can name no file by the way from there: it brings its
//! style along, and finds out where the site begins.

use std::path::Path;

use super::files::{read, write};
use super::{Chapter, Site, escaped};
use crate::error::SystemError;

const PLACE: &str = "404.html";
/// What tells mdBook's text for books that have none.
const MDBOOKS: &str = "Please use the navigation bar or search to continue";
const OURS: &str = "<h1>This page isn’t here</h1>\n<p>Perhaps it has moved, or its address was mistyped. These are all pages of the book:</p>";
const STYLE: &str = include_str!("../../theme/seaworthy-missing.css");
const SCRIPT: &str = include_str!("../../theme/seaworthy-missing.js");

/// Writes the page, with what mdBook made of the book's own text for it.
///
/// # Errors
/// If it can't be read or written.
pub(super) fn write_page(
    site: &Path,
    book: &Site,
    chapters: &[Chapter<'_>],
) -> Result<(), SystemError> {
    // A book may do without.
    if !site.join(PLACE).is_file() {
        return Ok(());
    }
    let html = read(site, PLACE)?;
    let text = html
        .split_once("<main>")
        .and_then(|(_, rest)| rest.split_once("</main>"));
    let text = text.map_or("", |(text, _)| text).trim();
    // mdBook's own text speaks of a menu, and of a search.
    let text = match text.contains(MDBOOKS) {
        true => OURS,
        false => text,
    };
    let base = book.address.as_ref().map_or(String::new(), |address| {
        format!("<base href=\"{}\">\n", escaped(&address.page("")))
    });
    let links = chapters.iter().map(|chapter| {
        format!(
            "<li><a href=\"{}\">{}</a></li>\n",
            escaped(&chapter.place),
            escaped(&chapter.notes.name)
        )
    });
    let links: String = links.collect();
    let language = escaped(book.language.as_deref().unwrap_or("en"));
    let title = escaped(&book.title);
    let direction = if book.right_to_left { "rtl" } else { "ltr" };
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\" dir=\"{direction}\">\n<head>\n<meta charset=\"UTF-8\">\n<title>Not found - {title}</title>\n{base}<meta name=\"robots\" content=\"noindex\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header><p><a href=\"index.html\">{title}</a></p></header>\n<main>\n{text}\n</main>\n<nav aria-label=\"All pages\">\n<ul>\n{links}</ul>\n</nav>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n"
    );
    write(site, PLACE, page.as_bytes())
}
