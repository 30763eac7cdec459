//! Style sheets: those of a page that stand one after the other become one file, so that a page needs few requests.

use std::path::Path;

use super::files::{hashed, read, write};
use crate::error::SystemError;

/// The joined style sheets of a site, and what they take the place of.
pub(super) struct Styles {
    /// For each run of sheets: their places in the site, and the file that takes theirs.
    joined: Vec<(Vec<String>, String)>,
}

/// A line of a page's head that names a style sheet.
struct Sheet<'a> {
    line: &'a str,
    href: &'a str,
    media: Option<&'a str>,
    /// Something else on the page knows it by its name.
    id: bool,
}

impl Styles {
    /// Joins the style sheets that the page `html`, one of the site in the folder `site`, names.
    ///
    /// # Errors
    /// If a file can't be read or written.
    pub(super) fn join(site: &Path, html: &str) -> Result<Self, SystemError> {
        let up = root_of(html);
        let mut joined = Vec::new();
        let mut run: Vec<(String, String)> = Vec::new();
        for sheet in sheets(html) {
            let place = sheet.href.strip_prefix(up).unwrap_or(sheet.href);
            match text(site, place, &sheet)? {
                Some(text) => run.push((place.to_owned(), text)),
                None => end(site, &mut run, &mut joined)?,
            }
        }
        end(site, &mut run, &mut joined)?;
        Ok(Self { joined })
    }

    /// The page with the joined sheets in place of those that they were made of.
    pub(super) fn put_into(&self, html: &str) -> String {
        let up = root_of(html);
        let mut put = html.to_owned();
        for (places, file) in &self.joined {
            let named: Vec<_> = sheets(html)
                .filter(|sheet| {
                    let place = sheet.href.strip_prefix(up).unwrap_or(sheet.href);
                    !sheet.id && places.iter().any(|joined| joined == place)
                })
                .collect();
            // A page with other sheets, of a template of the book's own, keeps them.
            if named.len() != places.len() {
                continue;
            }
            for (at, sheet) in named.iter().enumerate() {
                let link = match at {
                    0 => format!("<link rel=\"stylesheet\" href=\"{up}{file}\">"),
                    _ => String::new(),
                };
                put = put.replacen(sheet.line, &link, 1);
            }
        }
        put
    }
}

/// Makes one file of a run of sheets.
fn end(
    site: &Path,
    run: &mut Vec<(String, String)>,
    joined: &mut Vec<(Vec<String>, String)>,
) -> Result<(), SystemError> {
    let (places, texts): (Vec<_>, Vec<_>) = std::mem::take(run).into_iter().unzip();
    if places.len() < 2 {
        return Ok(());
    }
    let text = texts.concat();
    let name = hashed("styles", "css", text.as_bytes());
    write(site, &name, text.as_bytes())?;
    joined.push((places, name));
    Ok(())
}

/// The text of a sheet as a part of a file at the site's top; none if it has to stay by itself.
fn text(site: &Path, place: &str, sheet: &Sheet<'_>) -> Result<Option<String>, SystemError> {
    // One that another site serves, that isn't there, or that imports others, which only a file's beginning may.
    if sheet.id || place.contains("://") || !site.join(place).is_file() {
        return Ok(None);
    }
    let text = read(site, place)?;
    if text.contains("@import") || text.contains("@charset") {
        return Ok(None);
    }
    let folder = place.rsplit_once('/').map_or("", |(folder, _)| folder);
    let text = without_comments(&moved(&text, folder));
    Ok(Some(match sheet.media {
        None => format!("{text}\n"),
        Some(media) => format!("@media {media} {{\n{text}\n}}\n"),
    }))
}

/// The sheet with the places that it names, relative to `folder`, as they are seen from the top of the site.
fn moved(text: &str, folder: &str) -> String {
    if folder.is_empty() {
        return text.to_owned();
    }
    let mut parts = text.split("url(");
    let mut moved = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let quote = part.starts_with(['"', '\'']);
        let (quote, address) = part.split_at(usize::from(quote));
        let elsewhere = address.starts_with(['/', '#'])
            || address
                .split(['/', ')'])
                .next()
                .is_some_and(|first| first.contains(':'));
        let folder = if elsewhere {
            String::new()
        } else {
            format!("{folder}/")
        };
        moved.push_str(&format!("url({quote}{folder}{address}"));
    }
    moved
}

/// The sheet without its comments, and without the blanks that set its lines in.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['/', '"', '\'']) {
        let (before, found) = rest.split_at(start);
        kept.push_str(&squeezed(before));
        let quote = found.chars().next().unwrap_or_default();
        let length = if found.starts_with("/*") {
            let end = found.find("*/").map_or(found.len(), |end| end + 2);
            rest = &found[end..];
            continue;
        } else if quote == '/' {
            1
        } else {
            string(found, quote)
        };
        kept.push_str(&found[..length]);
        rest = &found[length..];
    }
    kept.push_str(&squeezed(rest));
    let lines = kept.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// The text, outside of strings, without blanks that say nothing.
fn squeezed(text: &str) -> String {
    text.replace(": ", ":")
        .replace(", ", ",")
        .replace(" {", "{")
}

/// How many bytes of `text` are the string with which it begins.
fn string(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

/// The style sheets that a page names, line by line.
fn sheets(html: &str) -> impl Iterator<Item = Sheet<'_>> {
    let head = html.split("</head>").next().unwrap_or_default();
    head.lines().map(str::trim).filter_map(|line| {
        let inside = line.strip_prefix("<link rel=\"stylesheet\" ")?;
        let value = |key: &str| {
            let (_, rest) = inside.split_once(&format!("{key}=\""))?;
            rest.split('"').next()
        };
        Some(Sheet {
            line,
            href: value("href")?,
            media: value("media"),
            id: value("id").is_some(),
        })
    })
}

/// The way from a page to the site's top, as the page itself says.
pub(super) fn root_of(html: &str) -> &str {
    const START: &str = "const path_to_root = \"";
    let rest = html.split_once(START).map_or("", |(_, rest)| rest);
    rest.split('"').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_move_with_their_sheet() {
        assert_eq!(
            moved(
                "a{b:url(\"x.png\") url(../y.png) url(data:image/x,1) url('/z') url(https://a.org/b)}",
                "css"
            ),
            "a{b:url(\"css/x.png\") url(css/../y.png) url(data:image/x,1) url('/z') url(https://a.org/b)}"
        );
    }

    #[test]
    fn comments_go_and_strings_stay() {
        assert_eq!(
            without_comments(
                "/* a \"b */\n.a::before {\n  content: \"/* no */ \\\" '\"; /* c */\n}\n/* d"
            ),
            ".a::before{\ncontent:\"/* no */ \\\" '\";\n}"
        );
    }

    #[test]
    fn one_file_takes_the_place_of_several() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path();
        std::fs::create_dir(site.join("css")).unwrap();
        for (name, text) in [("css/a.css", "a{}"), ("css/p.css", "p{}"), ("b.css", "b{}")] {
            std::fs::write(site.join(name), text).unwrap();
        }
        let html = "<head>\n<link rel=\"stylesheet\" href=\"../css/a.css\">\n  <link rel=\"stylesheet\" href=\"../css/p.css\" media=\"print\">\n<link rel=\"stylesheet\" id=\"x\" href=\"../h.css\">\n<link rel=\"stylesheet\" href=\"../b.css\">\n<script>const path_to_root = \"../\";</script></head>";
        let styles = Styles::join(site, html).unwrap();
        let (places, file) = &styles.joined[0];
        assert_eq!(places, &["css/a.css", "css/p.css"]);
        assert_eq!(
            std::fs::read_to_string(site.join(file)).unwrap(),
            "a{}\n@media print {\np{}\n}\n"
        );
        let put = styles.put_into(html);
        assert_eq!(put.matches("<link").count(), 3, "{put}");
        assert!(
            put.contains(&format!("href=\"../{file}\"")) && put.contains("../b.css"),
            "{put}"
        );
    }
}
