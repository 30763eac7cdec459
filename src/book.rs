//! A book on disk: its configuration and its pages.

mod config;
mod contents;
mod loose;

use std::path::{Path, PathBuf};

use mdbook::config::Config;
use mdbook_seaworthy::{BookFiles, Faults, PathFault};
use seaworthy_blocks::{Diagnostic, Severity};
use seaworthy_page::{BookSettings, Page};

use crate::error::{Explain, Result, Usage};
use crate::prose;

use self::contents::{Contents, diagnostic, unreadable};

pub use config::config;
pub use loose::{SETTINGS, markdown};

/// A book without faults.
#[derive(Debug)]
pub struct Book {
    /// The folder of `book.toml`, as the caller named it.
    pub root: PathBuf,
    /// mdBook's configuration.
    pub config: Config,
    /// What holds for the whole book.
    pub settings: BookSettings,
    /// The pages, in the order of SUMMARY.md.
    pub pages: Vec<Page>,
    /// What it may read and write.
    pub files: BookFiles,
}

/// How much a book's faults matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Faulty {
    /// They stop the command.
    Stops,
    /// What is well-formed is read; a block with faults becomes one that doesn't hold.
    GoesOn,
}

impl Book {
    /// Reads the book at `root`; [`Book::warnings`] gives what is worth telling of it.
    ///
    /// # Errors
    /// [`Faults`] with all faults of the book, or [`Usage`] if there is no book to read.
    pub fn load(root: &Path) -> Result<Self> {
        let (book, faults) = Self::read(root)?;
        book.without(faults)
    }

    /// The book, if there are no faults.
    ///
    /// # Errors
    /// [`Faults`].
    pub fn without(self, faults: Vec<Diagnostic>) -> Result<Self> {
        let faults = self.as_shown(faults);
        if !faults.is_empty() {
            return Err(Faults(faults).into());
        }
        Ok(self)
    }

    /// Reads the book at `root`: its pages without faults, and the faults of the others, with files relative to `root`.
    ///
    /// # Errors
    /// If there is no book to read.
    pub fn read(root: &Path) -> Result<(Self, Vec<Diagnostic>), Usage> {
        Self::read_with(root, &[], Faulty::Stops)
    }

    /// As [`Book::read`], with settings that are said beside those of `book.toml`, as `KEY=VALUE`. Of pages with faults, what is
    /// well-formed is read if it [goes on](Faulty::GoesOn).
    ///
    /// # Errors
    /// If there is no book to read, or one of the settings can't be.
    pub fn read_with(
        root: &Path,
        set: &[String],
        faulty: Faulty,
    ) -> Result<(Self, Vec<Diagnostic>), Usage> {
        let toml = book_toml(root)?;
        let mut config = config(&toml)?;
        let environment = || "a variable `MDBOOK_…` of the environment can't be used".to_owned();
        config.update_from_env().or_usage(environment)?;
        let mut faults = Vec::new();
        let mut settings = BookSettings::from_toml(&toml).unwrap_or_else(|found| {
            let diagnose = |fault| diagnostic("book.toml", &toml, fault);
            faults.extend(found.into_iter().map(diagnose));
            BookSettings::default()
        });
        loose::set_all(&mut settings, set)?;
        let files = BookFiles::new(root, &settings.read_also);
        let contents = Contents::read(root, &config.book.src, &files, &mut faults)?;
        let mut pages: Vec<Page> = Vec::new();
        for location in &contents.chapters {
            match contents.file_of(location, &files) {
                Ok(file) => pages.extend(page(&file, &files, &settings, faulty, &mut faults)),
                Err(found) => faults.extend(found),
            }
        }
        let book = Self {
            root: root.to_path_buf(),
            config,
            settings,
            pages,
            files,
        };
        Ok((book, faults))
    }

    /// What is worth a look and stops nothing.
    #[must_use]
    pub fn warnings(&self) -> Vec<Diagnostic> {
        let warnings = self.pages.iter().flat_map(|page| &page.warnings);
        self.as_shown(warnings.cloned().collect())
    }

    /// The diagnostics with their files as they are reached from the current folder.
    #[must_use]
    pub fn as_shown(&self, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let shown = diagnostics.into_iter().map(|diagnostic| Diagnostic {
            file: self.shown(&diagnostic.file),
            ..diagnostic
        });
        shown.collect()
    }

    /// How a file of the book is named on the terminal: reachable from the current folder.
    #[must_use]
    pub fn shown(&self, file: &str) -> String {
        shown(&self.root, file)
    }

    /// The page that `name` means: its path from the current folder, from the book's root or from
    /// the folder of the chapters, with or without `.md`.
    ///
    /// # Errors
    /// If there is none; the message lists what there is.
    pub fn page(&self, name: &str) -> Result<&Page, Usage> {
        let name = name.trim_start_matches("./");
        let source = self.config.book.src.to_string_lossy().replace('\\', "/");
        let found = self.pages.iter().find(|page| {
            let inside = page.file.strip_prefix(&source);
            let inside = inside.map(|path| path.trim_start_matches('/'));
            [
                Some(self.shown(&page.file).as_str()),
                Some(page.file.as_str()),
                inside,
            ]
            .into_iter()
            .flatten()
            .any(|path| path == name || path.strip_suffix(".md") == Some(name))
        });
        found.ok_or_else(|| {
            let files: Vec<_> = self
                .pages
                .iter()
                .map(|page| self.shown(&page.file))
                .collect();
            Usage(format!(
                "no page `{name}` in this book; it has:\n  {}",
                files.join("\n  ")
            ))
        })
    }
}

/// How a file of the book at `root` is named on the terminal: reachable from the current folder.
pub(crate) fn shown(root: &Path, file: &str) -> String {
    let path = root.join(file);
    let path = path.strip_prefix(".").unwrap_or(&path);
    path.to_string_lossy().replace('\\', "/")
}

/// Reads a page; what is wrong with it goes to `faults`. None if nothing of it can be read.
fn page(
    file: &Path,
    files: &BookFiles,
    settings: &BookSettings,
    faulty: Faulty,
    faults: &mut Vec<Diagnostic>,
) -> Option<Page> {
    let read = match faulty {
        Faulty::Stops => Page::load(file, files, settings),
        Faulty::GoesOn => Page::load_leniently(file, files, settings),
    };
    let mut page = read.map_err(|found| faults.extend(found)).ok()?;
    faults.extend(page.faults().cloned());
    let is_error = |diagnostic: &Diagnostic| diagnostic.fault.severity == Severity::Error;
    let (errors, warnings): (Vec<_>, Vec<_>) = prose::check(&page).into_iter().partition(is_error);
    faults.extend(errors);
    page.warnings.extend(warnings);
    Some(page)
}

/// The text of the book's `book.toml`.
///
/// # Errors
/// If there is none, or it can't be read.
fn book_toml(root: &Path) -> Result<String, Usage> {
    match BookFiles::new(root, &[]).text(Path::new("book.toml")) {
        Ok(toml) => Ok(toml),
        Err(PathFault::Missing) => Err(Usage(format!(
            "no book in `{}`: a book is a folder with a `book.toml`; name it, as in `seaworthy build DIR`",
            root.display()
        ))),
        Err(why) => Err(unreadable(&root.join("book.toml"), &why)),
    }
}
