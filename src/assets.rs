//! The style sheets and scripts that a book needs beside its pages, and how those in a book are told apart: as they were
//! installed, by this version or another one, or edited by the book's author.
//!
//! Each is installed with a first line of its own, its stamp: the version that wrote it, and a hash of the rest.

use mdbook_seaworthy::STAMP;
use seaworthy_page::Version;
use sha2::{Digest, Sha256};

/// A file for a book's theme.
#[derive(Debug)]
pub struct Asset {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub part: Part,
    text: &'static str,
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Sessions, files and diagrams need it.
    Blocks,
    /// The look of the whole site, and boxes that readers can tick.
    Look,
}

macro_rules! asset {
    ($part:ident, $name:literal) => {
        Asset {
            name: $name,
            part: Part::$part,
            text: include_str!(concat!("../theme/", $name)),
        }
    };
}

/// All of them, in the order in which a page loads them.
pub const ASSETS: [Asset; 8] = [
    asset!(Blocks, "seaworthy.css"),
    asset!(Blocks, "seaworthy-lessons.css"),
    asset!(Blocks, "seaworthy-diagrams.css"),
    asset!(Look, "seaworthy-theme.css"),
    asset!(Blocks, "seaworthy.js"),
    asset!(Blocks, "seaworthy-reading.js"),
    asset!(Look, "seaworthy-progress.js"),
    asset!(Look, "seaworthy-theme.js"),
];

/// The version that installs them.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a book has where an asset belongs.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Missing,
    /// The asset, as this version installs it.
    Current,
    /// One that was installed before, or copied by hand, and not edited.
    Old,
    /// One that a newer version installed: that version.
    Newer(String),
    /// A file that its author wrote or edited.
    Own,
}

impl Asset {
    /// The file as it is installed.
    #[must_use]
    pub fn installed(&self) -> String {
        format!(
            "{STAMP}{VERSION} {}: `seaworthy install` wrote this file, and brings it up to date unless it was edited */\n{}",
            hash(self.text),
            self.text
        )
    }

    /// Whether it is a style sheet; else it is a script.
    #[must_use]
    pub fn is_style(&self) -> bool {
        self.name.ends_with(".css")
    }

    /// What the text in its place is, if there is one.
    #[must_use]
    pub fn compare(&self, text: Option<&str>) -> Found {
        let Some(text) = text else {
            return Found::Missing;
        };
        // Git may have changed the ends of lines.
        let text = text.replace("\r\n", "\n");
        if text == self.installed() {
            return Found::Current;
        }
        if text == self.text {
            return Found::Old;
        }
        match stamp(&text) {
            Some((version, hashed, rest)) if hash(rest) == hashed => {
                let ours = Version::parse(VERSION);
                let newer =
                    Version::parse(version).is_ok_and(|other| ours.is_ok_and(|our| other > our));
                if newer {
                    Found::Newer(version.to_owned())
                } else {
                    Found::Old
                }
            }
            _ => Found::Own,
        }
    }
}

/// The version and the hash of a stamp, and what follows it.
fn stamp(text: &str) -> Option<(&str, &str, &str)> {
    let (line, rest) = text.strip_prefix(STAMP)?.split_once('\n')?;
    let (version, hashed) = line.split_once(' ')?;
    let (hashed, _) = hashed.split_once(':')?;
    Some((version, hashed, rest))
}

/// Enough of a hash to notice an edit.
fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_an_assets_place() {
        let asset = &ASSETS[0];
        let installed = asset.installed();
        assert_eq!(asset.compare(None), Found::Missing);
        assert_eq!(asset.compare(Some(&installed)), Found::Current);
        let windows = installed.replace('\n', "\r\n");
        assert_eq!(asset.compare(Some(&windows)), Found::Current);
        // README's way before there was `install`.
        assert_eq!(asset.compare(Some(asset.text)), Found::Old);
        let edited = installed.replacen(":root", ":root, .own", 1);
        assert_eq!(asset.compare(Some(&edited)), Found::Own);
        assert_eq!(asset.compare(Some("body {}\n")), Found::Own);
    }

    #[test]
    fn another_versions_file() {
        let text = "body {}\n";
        let of = |version: &str| format!("{STAMP}{version} {}: x */\n{text}", hash(text));
        let asset = &ASSETS[0];
        assert_eq!(asset.compare(Some(&of("0.0.9"))), Found::Old);
        assert_eq!(
            asset.compare(Some(&of("99.0.0"))),
            Found::Newer("99.0.0".to_owned())
        );
        assert_eq!(asset.compare(Some(&(of("0.0.9") + "p {}\n"))), Found::Own);
    }

    /// A style sheet or script may begin with the stamp, which is a comment in both.
    #[test]
    fn the_stamp_is_one_line_and_a_comment() {
        for asset in ASSETS {
            let installed = asset.installed();
            let (first, rest) = installed.split_once('\n').unwrap();
            assert!(
                first.starts_with("/* ") && first.ends_with(" */"),
                "{first}"
            );
            assert_eq!(rest, asset.text, "{}", asset.name);
        }
    }
}
