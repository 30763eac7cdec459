//! A book on disk: its configuration and its pages.

mod config;

use std::ops::Range;
use std::path::{Path, PathBuf};

use mdbook::config::Config;
use mdbook_seaworthy::{BookFiles, Faults, PathFault, chapter_file};
use mdbook_summary::{Summary, SummaryItem, parse_summary};
use seaworthy_blocks::{Diagnostic, Fault, FaultCode};
use seaworthy_page::{BookSettings, Page};

use crate::error::{Explain, Result, Usage};
use crate::prose;

pub use config::config;

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

impl Book {
    /// Reads the book at `root`; [`Book::warnings`] gives what is worth telling of it.
    ///
    /// # Errors
    /// [`Faults`] with all faults of the book, or [`Usage`] if there is no book to read.
    pub fn load(root: &Path) -> Result<Self> {
        let (book, faults) = Self::read(root)?;
        let faults = book.as_shown(faults);
        if !faults.is_empty() {
            return Err(Faults(faults).into());
        }
        Ok(book)
    }

    /// Reads the book at `root`: its pages without faults, and the faults of the others, with files relative to `root`.
    ///
    /// # Errors
    /// If there is no book to read.
    pub fn read(root: &Path) -> Result<(Self, Vec<Diagnostic>), Usage> {
        let toml = match BookFiles::new(root, &[]).text(Path::new("book.toml")) {
            Ok(toml) => toml,
            Err(PathFault::Missing) => {
                return Err(Usage(format!(
                    "no book in `{}`: a book is a folder with a `book.toml`; name it, as in `seaworthy build DIR`",
                    root.display()
                )));
            }
            Err(why) => return Err(unreadable(&root.join("book.toml"), &why)),
        };
        let mut config = config(&toml)?;
        let environment = || "a variable `MDBOOK_…` of the environment can't be used".to_owned();
        config.update_from_env().or_usage(environment)?;
        let mut faults = Vec::new();
        let settings = BookSettings::from_toml(&toml).unwrap_or_else(|found| {
            let diagnose = |fault| diagnostic("book.toml", &toml, fault);
            faults.extend(found.into_iter().map(diagnose));
            BookSettings::default()
        });
        let files = BookFiles::new(root, &settings.read_also);
        let summary_file = config.book.src.join("SUMMARY.md");
        let summary_text = files
            .text(&summary_file)
            .map_err(|why| unreadable(&root.join(&summary_file), &why))?;
        let summary = parse_summary(&summary_text).unwrap_or_else(|error| {
            let file = summary_file.to_string_lossy();
            let fault = Fault::error(FaultCode::InvalidSummary, 0..0, format!("{error:#}")).help(
                "SUMMARY.md is a title and lists of links, each chapter once: `- [Title](file.md)`",
            );
            faults.push(diagnostic(&file, &summary_text, fault));
            Summary::default()
        });
        let mut pages: Vec<Page> = Vec::new();
        for location in chapters(&summary) {
            let unusable = |fault| listed(&summary_file, &summary_text, &location, fault);
            let file = match chapter_file(&config.book.src, &location) {
                Ok(file) => file,
                Err(why) => {
                    faults.push(unusable(why.to_owned()));
                    continue;
                }
            };
            match files.find_file(&file) {
                Ok(_) => {}
                Err(PathFault::Missing) => {
                    faults.push(missing(&summary_file, &summary_text, &location));
                    continue;
                }
                Err(why) => {
                    faults.push(unusable(why.to_string()));
                    continue;
                }
            }
            match Page::load(&file, &files, &settings) {
                Ok(page) => {
                    faults.extend(prose::check(&page));
                    pages.push(page);
                }
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
        let path = self.root.join(file);
        let path = path.strip_prefix(".").unwrap_or(&path);
        path.to_string_lossy().replace('\\', "/")
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

/// Says that a file that makes a book can't be read.
fn unreadable(path: &Path, why: &PathFault) -> Usage {
    Usage(format!("can't read `{}`: {why}", path.display()))
}

fn diagnostic(file: &str, text: &str, fault: Fault) -> Diagnostic {
    Diagnostic {
        file: file.to_owned(),
        source: text.into(),
        fault,
    }
}

/// A chapter that isn't there.
fn missing(summary_file: &Path, summary: &str, location: &Path) -> Diagnostic {
    let fault = |span| {
        Fault::error(FaultCode::MissingChapter, span, format!("there is no chapter `{}`", location.display()))
            .help("create the file, or remove the line; `[Title]()` lists a chapter that is still to come")
    };
    in_summary(summary_file, summary, location, fault)
}

/// A chapter that can't be used, because of `why`.
fn listed(summary_file: &Path, summary: &str, location: &Path, why: String) -> Diagnostic {
    let fault = |span| {
        Fault::error(
            FaultCode::UnusableChapter,
            span,
            format!("the chapter `{}` can't be used", location.display()),
        )
        .help(why)
    };
    in_summary(summary_file, summary, location, fault)
}

/// A fault at the place where SUMMARY.md lists the chapter `location`.
fn in_summary(
    summary_file: &Path,
    summary: &str,
    location: &Path,
    fault: impl FnOnce(Range<usize>) -> Fault,
) -> Diagnostic {
    let name = location.to_string_lossy();
    let written = [
        format!("]({name})"),
        format!("]({})", name.replace(' ', "%20")),
    ];
    let mut written = written.iter();
    let found = written.find_map(|link| Some((summary.find(link.as_str())?, link.len())));
    let span = found.map_or(0..0, |(start, length)| start + 2..start + length - 1);
    let fault = fault(span).label("listed here");
    diagnostic(&summary_file.to_string_lossy(), summary, fault)
}

/// The files of the chapters in order, each once.
fn chapters(summary: &Summary) -> Vec<PathBuf> {
    fn collect(items: &[SummaryItem], found: &mut Vec<PathBuf>) {
        for item in items {
            if let SummaryItem::Link(link) = item {
                if let Some(location) = &link.location
                    && !found.contains(location)
                {
                    found.push(location.clone());
                }
                collect(&link.nested_items, found);
            }
        }
    }
    let mut found = Vec::new();
    for items in [
        &summary.prefix_chapters,
        &summary.numbered_chapters,
        &summary.suffix_chapters,
    ] {
        collect(items, &mut found);
    }
    found
}
