//! What attributes and settings mean, in the words of the guide.

use seaworthy_page::{
    ARCHIVE_ATTRIBUTES, BookSettings, DIAGRAM_ATTRIBUTES, SessionAttributes, Settings,
};

/// The attributes of a file.
const FILE_ATTRIBUTES: [&str; 2] = ["file", "on"];

/// The guide's chapters of attributes and settings.
const ATTRIBUTES: &str = include_str!("../../docs/guide/src/attributes.md");
const SETTINGS: &str = include_str!("../../docs/guide/src/settings.md");

/// The attributes that a block of `language` may have.
pub(super) fn attributes(language: &str) -> &'static [&'static str] {
    match language {
        "console" => &SessionAttributes::NAMES,
        "network" => &DIAGRAM_ATTRIBUTES,
        "archive" => &ARCHIVE_ATTRIBUTES,
        _ => &FILE_ATTRIBUTES,
    }
}

/// The settings that a page may have.
pub(super) const PAGE_SETTINGS: &[&str] = &Settings::NAMES;

/// The settings that a book may have.
pub(super) const BOOK_SETTINGS: &[&str] = &BookSettings::NAMES;

/// Attributes and settings that are said without a value.
const BARE: [&str; 5] = ["should_fail", "hidden", "unordered", "verify", "glossary"];

/// What is written of an attribute or a setting of a page before its value.
pub(super) fn written(name: &str) -> String {
    match BARE.contains(&name) {
        true => name.to_owned(),
        false => format!("{name}="),
    }
}

/// What the guide says of an attribute: the first paragraph of its section.
pub(super) fn attribute(name: &str) -> Option<String> {
    let (_, section) = ATTRIBUTES.split_once(&format!("\n## `{name}`\n"))?;
    let first = section.trim_start().split("\n\n").next()?;
    Some(first.to_owned())
}

/// What the guide says of a setting of a page.
pub(super) fn page_setting(name: &str) -> Option<String> {
    meaning(section(SETTINGS, "Of a page")?, name)
}

/// What the guide says of a setting of a book.
pub(super) fn book_setting(name: &str) -> Option<String> {
    meaning(section(SETTINGS, "Of a book")?, name)
}

fn section<'a>(chapter: &'a str, title: &str) -> Option<&'a str> {
    let (_, rest) = chapter.split_once(&format!("\n## {title}\n"))?;
    rest.split("\n## ").next()
}

/// The last cell of the row of a table that begins with `name`, with a value or without.
fn meaning(section: &str, name: &str) -> Option<String> {
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let mut named = rows.filter(|row| row.split(['`', '=']).next() == Some(name));
    let cells = named.next()?.trim_end_matches(" |");
    Some(cells.rsplit_once(" | ")?.1.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use seaworthy_blocks::FaultCode;
    use seaworthy_page::{FolderFile, Loader, Page};
    use std::path::Path;

    #[test]
    fn the_guide_says_something_of_each() {
        for name in SessionAttributes::NAMES {
            assert!(attribute(name).is_some(), "{name}");
        }
        for name in PAGE_SETTINGS {
            assert!(page_setting(name).is_some(), "{name}");
        }
        for name in BOOK_SETTINGS {
            assert!(book_setting(name).is_some(), "{name}");
        }
        assert_ne!(page_setting("internet"), book_setting("internet"));
    }

    struct One(String);

    impl Loader for One {
        fn load(&self, _: &Path) -> Result<String, String> {
            Ok(self.0.clone())
        }

        fn folder(&self, _: &Path) -> Result<Vec<FolderFile>, String> {
            Err("there is none".to_owned())
        }
    }

    /// What is written bare takes no value, and all else needs one.
    #[test]
    fn what_is_bare_takes_no_value() {
        for (language, names) in [
            ("console", &SessionAttributes::NAMES[..]),
            ("network", &DIAGRAM_ATTRIBUTES[..]),
        ] {
            for name in names {
                let text = format!("```{language},{name}\n$ true\n```\n");
                let read = Page::load(Path::new("a.md"), &One(text), &BookSettings::default());
                let faults = read.err().unwrap_or_default();
                let mut codes = faults.iter().map(|found| found.fault.code);
                let lacks = codes.any(|code| {
                    matches!(
                        code,
                        FaultCode::InvalidAttribute
                            | FaultCode::UnknownMachine
                            | FaultCode::InvalidPath
                    )
                });
                assert_eq!(lacks, written(name).ends_with('='), "{name}");
            }
        }
    }
}
