//! The head of a page, for search engines and for those who pass links on, and the way past what is around its text.

use super::{Site, escaped, slashed};
use std::path::Path;

/// How long a description may be, in characters: about as much as search engines show.
const LONGEST: usize = 160;

/// What is known of a page.
pub(super) struct Head<'a> {
    pub(super) site: &'a Site,
    /// Its place in the site.
    pub(super) place: &'a str,
    /// Its name in the table of contents; empty for one that isn't listed there.
    pub(super) name: &'a str,
    pub(super) description: Option<String>,
    /// Whether it has a mirror in Markdown.
    pub(super) mirrored: bool,
}

impl Head<'_> {
    /// The page `html` with its head complete.
    pub(super) fn complete(&self, html: &str) -> String {
        let title = between(html, "<title>", "</title>").unwrap_or_default();
        let (title, html) = match self.single_title() {
            Some(single) => (
                single.clone(),
                html.replacen(
                    &format!("<title>{title}</title>"),
                    &format!("<title>{single}</title>"),
                    1,
                ),
            ),
            None => (title.to_owned(), html.to_owned()),
        };
        let html = match &self.description {
            Some(description) => described(&html, description),
            None => html,
        };
        let html = html.replacen(
            "</head>",
            &format!("{}\n    </head>", self.lines(&title).trim_end()),
            1,
        );
        with_skip_link(&html)
    }

    /// The title of a chapter that is called like the book, and needn't say so twice.
    fn single_title(&self) -> Option<String> {
        (self.name == self.site.title && !self.name.is_empty()).then(|| escaped(self.name))
    }

    fn lines(&self, title: &str) -> String {
        let mut lines = String::new();
        let mut line = |text: &str| {
            lines.push_str(&format!("        {text}\n"));
        };
        if let Some(address) = &self.site.address
            && self.place != "print.html"
        {
            let address = escaped(&address.page(self.place));
            line(&format!("<link rel=\"canonical\" href=\"{address}\">"));
            line(&format!("<meta property=\"og:url\" content=\"{address}\">"));
        }
        if self.mirrored {
            let name = Path::new(self.place).with_extension("md");
            let name = escaped(&slashed(Path::new(name.file_name().unwrap_or_default())));
            line(&format!(
                "<link rel=\"alternate\" type=\"text/markdown\" href=\"{name}\">"
            ));
        }
        let kind = if self.place == "index.html" {
            "website"
        } else {
            "article"
        };
        line(&format!("<meta property=\"og:type\" content=\"{kind}\">"));
        line(&format!("<meta property=\"og:title\" content=\"{title}\">"));
        if let Some(description) = &self.description {
            let description = escaped(description);
            line(&format!(
                "<meta property=\"og:description\" content=\"{description}\">"
            ));
        }
        if !self.site.title.is_empty() {
            let book = escaped(&self.site.title);
            line(&format!(
                "<meta property=\"og:site_name\" content=\"{book}\">"
            ));
        }
        lines
    }
}

/// The page with its own description in place of the book's.
fn described(html: &str, description: &str) -> String {
    const START: &str = "<meta name=\"description\" content=\"";
    let Some((before, rest)) = html.split_once(START) else {
        return html.to_owned();
    };
    let Some((_, after)) = rest.split_once('"') else {
        return html.to_owned();
    };
    format!("{before}{START}{}\"{after}", escaped(description))
}

/// The page with a link, first of all, that leads past the table of contents and the menu.
fn with_skip_link(html: &str) -> String {
    if !html.contains("id=\"mdbook-content\"") {
        return html.to_owned();
    }
    const LINK: &str =
        "<body>\n    <a class=\"sw-skip\" href=\"#mdbook-content\">Skip to the text</a>";
    html.replacen("<body>", LINK, 1)
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    Some(rest.split_once(end)?.0)
}

/// The text, or as many of its words as there is room for in a description.
pub(super) fn shortened(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let mut short = String::new();
    for word in text.split_whitespace() {
        if short.chars().count() + word.chars().count() + 2 > LONGEST {
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    format!("{}…", short.trim_end_matches([',', ';', ':', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_has_whole_words() {
        assert_eq!(shortened("Short."), "Short.");
        let long = shortened(&"words and more, ".repeat(20));
        assert!(
            long.chars().count() <= LONGEST && long.ends_with("more…")
                || long.ends_with("d…")
                || long.ends_with("s…"),
            "{long}"
        );
        assert!(shortened(&"x".repeat(500)).chars().count() <= LONGEST);
    }

    #[test]
    fn a_page_gets_its_own_description() {
        let html = "<meta name=\"description\" content=\"the book\"><body>";
        assert_eq!(
            described(html, "a \"page\""),
            "<meta name=\"description\" content=\"a &quot;page&quot;\"><body>"
        );
        assert_eq!(described("<body>", "x"), "<body>");
    }
}
