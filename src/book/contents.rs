//! What SUMMARY.md lists.

use std::collections::HashSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use mdbook_seaworthy::{BookFiles, PathFault, chapter_file};
use mdbook_summary::{Summary, SummaryItem, parse_summary};
use seaworthy_blocks::{Diagnostic, Fault, FaultCode};

use crate::error::Usage;

/// The chapters that a book lists, and where it lists them.
pub(super) struct Contents<'a> {
    /// The folder of the chapters, relative to the book's root.
    source: &'a Path,
    /// SUMMARY.md, relative to the book's root.
    file: PathBuf,
    text: String,
    /// The files of the chapters in order, each once, relative to their folder.
    pub(super) chapters: Vec<PathBuf>,
}

impl<'a> Contents<'a> {
    /// Reads SUMMARY.md in the folder `source` of the chapters of the book at `root`. What is wrong in it goes to `faults`.
    ///
    /// # Errors
    /// If it can't be read.
    pub(super) fn read(
        root: &Path,
        source: &'a Path,
        files: &BookFiles,
        faults: &mut Vec<Diagnostic>,
    ) -> Result<Self, Usage> {
        let file = source.join("SUMMARY.md");
        let text = files
            .text(&file)
            .map_err(|why| unreadable(&root.join(&file), &why))?;
        let summary = parse_summary(&text).unwrap_or_else(|error| {
            let fault = Fault::error(FaultCode::InvalidSummary, 0..0, format!("{error:#}")).help(
                "SUMMARY.md is a title and lists of links, each chapter once: `- [Title](file.md)`",
            );
            faults.push(diagnostic(&file.to_string_lossy(), &text, fault));
            Summary::default()
        });
        Ok(Self {
            source,
            file,
            text,
            chapters: chapters(&summary),
        })
    }

    /// The file of the chapter that is listed as `location`, relative to the book's root.
    ///
    /// # Errors
    /// That it isn't there, or can't be used.
    pub(super) fn file_of(
        &self,
        location: &Path,
        files: &BookFiles,
    ) -> Result<PathBuf, Vec<Diagnostic>> {
        let unusable = |why: String| vec![self.unusable(location, why)];
        let file = chapter_file(self.source, location).map_err(|why| unusable(why.to_owned()))?;
        match files.find_file(&file) {
            Ok(_) => Ok(file),
            Err(PathFault::Missing) => Err(vec![self.missing(location)]),
            Err(why) => Err(unusable(why.to_string())),
        }
    }

    /// A chapter that isn't there.
    fn missing(&self, location: &Path) -> Diagnostic {
        let said = format!("there is no chapter `{}`", location.display());
        let help = "create the file, or remove the line; `[Title]()` lists a chapter that is still to come";
        self.listed(location, |span| {
            Fault::error(FaultCode::MissingChapter, span, said).help(help)
        })
    }

    /// A chapter that can't be used, because of `why`.
    fn unusable(&self, location: &Path, why: String) -> Diagnostic {
        let said = format!("the chapter `{}` can't be used", location.display());
        self.listed(location, |span| {
            Fault::error(FaultCode::UnusableChapter, span, said).help(why)
        })
    }

    /// A fault at the place where the chapter `location` is listed.
    fn listed(&self, location: &Path, fault: impl FnOnce(Range<usize>) -> Fault) -> Diagnostic {
        let name = location.to_string_lossy();
        let written = [
            format!("]({name})"),
            format!("]({})", name.replace(' ', "%20")),
        ];
        let mut written = written.iter();
        let found = written.find_map(|link| Some((self.text.find(link.as_str())?, link.len())));
        let span = found.map_or(0..0, |(start, length)| start + 2..start + length - 1);
        let fault = fault(span).label("listed here");
        diagnostic(&self.file.to_string_lossy(), &self.text, fault)
    }
}

/// Says that a file that makes a book can't be read.
pub(super) fn unreadable(path: &Path, why: &PathFault) -> Usage {
    Usage(format!("can't read `{}`: {why}", path.display()))
}

/// A fault in `text`, which is `file`.
pub(super) fn diagnostic(file: &str, text: &str, fault: Fault) -> Diagnostic {
    Diagnostic {
        file: file.to_owned(),
        source: text.into(),
        fault,
    }
}

/// The files of the chapters in order, each once.
pub(crate) fn chapters(summary: &Summary) -> Vec<PathBuf> {
    fn collect<'a>(items: &'a [SummaryItem], found: &mut Vec<&'a PathBuf>) {
        for item in items {
            if let SummaryItem::Link(link) = item {
                found.extend(&link.location);
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
    let mut seen = HashSet::new();
    found.retain(|location| seen.insert(*location));
    found.into_iter().cloned().collect()
}
