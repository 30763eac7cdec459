//! The books of open files: where they are, what holds for them, and what the last check found.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use mdbook_seaworthy::{BookFiles, LastCheck};
use mdbook_summary::parse_summary;
use seaworthy_page::{BookSettings, FolderFile, Loader, slashed};
use seaworthy_report::{self as report, Report};

use crate::book::{chapters, config};

/// The file that makes a folder a book.
pub(super) const BOOK_TOML: &str = "book.toml";

/// A book, as far as an editor's server needs it.
#[derive(Debug)]
pub(super) struct Library {
    pub(super) settings: BookSettings,
    pub(super) files: BookFiles,
    /// The files of its pages, relative to its root.
    pub(super) pages: BTreeSet<String>,
    pub(super) report: Option<Report>,
    /// The folder of its chapters, relative to its root.
    source: PathBuf,
    stamps: Vec<Option<(SystemTime, u64)>>,
}

impl Library {
    /// The root of the book that the file at `path` belongs to, and the way from there to the file, with `/`.
    pub(super) fn place_of(path: &Path) -> Option<(PathBuf, String)> {
        let root = path
            .ancestors()
            .skip(1)
            .find(|folder| folder.join(BOOK_TOML).is_file())?;
        let inside = path.strip_prefix(root).ok()?;
        Some((root.to_path_buf(), slashed(inside)))
    }

    /// Reads the book at `root`. What can't be read is as good as empty here: the commands say why.
    pub(super) fn read(root: &Path) -> Self {
        let toml = fs::read_to_string(root.join(BOOK_TOML)).unwrap_or_default();
        let settings = BookSettings::from_toml(&toml).unwrap_or_default();
        let files = BookFiles::new(root, &settings.read_also);
        let source = config(&toml).map(|config| config.book.src);
        let source = source.unwrap_or_else(|_| PathBuf::from("src"));
        let summary = files.text(&source.join("SUMMARY.md")).unwrap_or_default();
        let listed = parse_summary(&summary).map(|summary| chapters(&summary));
        let listed = listed.unwrap_or_default().into_iter();
        let report = LastCheck::read(&files).ok().and_then(LastCheck::believed);
        Self {
            pages: listed.map(|page| slashed(&source.join(page))).collect(),
            stamps: stamps(root, &source),
            source,
            settings,
            files,
            report,
        }
    }

    /// Whether one of the files that make it was written since it was read.
    pub(super) fn is_outdated(&self, root: &Path) -> bool {
        self.stamps != stamps(root, &self.source)
    }
}

/// When the files that make a book were written, and how large they are.
fn stamps(root: &Path, source: &Path) -> Vec<Option<(SystemTime, u64)>> {
    let files = [
        Path::new(BOOK_TOML).to_path_buf(),
        source.join("SUMMARY.md"),
        PathBuf::from(report::PATH),
    ];
    let stamp = |file: PathBuf| {
        let known = fs::metadata(root.join(file)).ok()?;
        Some((known.modified().ok()?, known.len()))
    };
    files.into_iter().map(stamp).collect()
}

/// The files of a book, of which some are open in an editor.
pub(super) struct Open<'a> {
    pub(super) files: &'a BookFiles,
    /// The texts of those that are open, by the way from the book's root to them.
    pub(super) texts: BTreeMap<&'a str, &'a str>,
}

impl Loader for Open<'_> {
    fn load(&self, path: &Path) -> Result<String, String> {
        match self.texts.get(slashed(path).as_str()) {
            Some(text) => Ok((*text).to_owned()),
            None => self.files.load(path),
        }
    }

    fn folder(&self, path: &Path) -> Result<Vec<FolderFile>, String> {
        self.files.folder(path)
    }
}
