//! mdBook's configuration, and what to do about one that an older mdBook was content with.

use mdbook::config::{Config, HtmlConfig};
use mdbook_seaworthy::MDBOOK_VERSION;
use toml_edit::{Document, TableLike};

use crate::error::Usage;

/// Keys that mdBook knew before 0.5, with their tables, and the remedy.
const GONE: [(&[&str], &str); 5] = [
    (
        &["book", "multilingual"],
        "it never had an effect: remove it",
    ),
    (
        &["build", "preprocess"],
        "remove it; preprocessors have tables, as in `[preprocessor.NAME]`",
    ),
    (
        &["output", "html", "curly-quotes"],
        "call it `smart-punctuation`",
    ),
    (
        &["output", "html", "copy-fonts"],
        "remove it; `theme/fonts/fonts.css` takes the place of mdBook's fonts",
    ),
    (
        &["output", "html", "google-analytics"],
        "remove it, and put the script into `theme/head.hbs`",
    ),
];

/// mdBook's configuration in `toml`, the text of a `book.toml`.
///
/// # Errors
/// If mdBook can't read it, `[output.html]` included, which it would leave out as a whole.
pub fn config(toml: &str) -> Result<Config, Usage> {
    let config = toml.parse::<Config>().and_then(|config| {
        config.get::<HtmlConfig>("output.html")?;
        Ok(config)
    });
    config.map_err(|error| {
        Usage(match gone(toml).as_slice() {
            [] => format!("book.toml is malformed: {error:#}"),
            gone => format!(
                "book.toml is written for an older mdBook than {MDBOOK_VERSION}\n{}",
                gone.join("\n")
            ),
        })
    })
}

/// The keys in `toml` that mdBook no longer knows, each with its line and the remedy.
fn gone(toml: &str) -> Vec<String> {
    // What isn't even TOML is told by mdBook.
    let Ok(document) = Document::parse(toml) else {
        return Vec::new();
    };
    let found = GONE.iter().filter_map(|(path, remedy)| {
        let (key, tables) = path.split_last()?;
        let mut table = document.as_table() as &dyn TableLike;
        for name in tables {
            table = table.get(name)?.as_table_like()?;
        }
        let span = table.key(key)?.span()?;
        let line = toml[..span.start].matches('\n').count() + 1;
        Some(format!("  book.toml:{line}: `{key}`: {remedy}"))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_book_of_an_older_mdbook_is_told_what_to_do() {
        let toml =
            "[book]\ntitle = \"T\"\nmultilingual = false\n\n[output.html]\ncurly-quotes = true\n";
        let error = format!("{:#}", config(toml).unwrap_err());
        for part in [
            "written for an older mdBook than 0.5.",
            "\n  book.toml:3: `multilingual`: it never had an effect: remove it",
            "\n  book.toml:6: `curly-quotes`: call it `smart-punctuation`",
        ] {
            assert!(error.contains(part), "no {part:?} in {error}");
        }
    }

    #[test]
    fn what_is_wrong_otherwise_is_malformed() {
        for toml in [
            "[book",
            "[book]\ntitel = \"T\"\n",
            "[output.html]\nsearch = 1\n",
        ] {
            let error = format!("{:#}", config(toml).unwrap_err());
            assert!(error.starts_with("book.toml is malformed: "), "{error}");
        }
        assert!(config("[output.html]\nmathjax-support = true\n").is_ok());
    }
}
