//! The preprocessor itself.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, errors};
use seaworthy_blocks::{Diagnostic, Fault, FaultCode};
use seaworthy_page::{ArchiveStep, BookSettings, Page, slashed};
use seaworthy_report::Report;

use crate::age::Fresh;
use crate::chapter::{self, Surroundings};
use crate::claims::Claims;
use crate::folders::{self, chapter_file, check_site};
use crate::glossary::{self, Glossary};
use crate::marks::Marks;
use crate::mirror;
use crate::notes::{BookNotes, ChapterNotes, Notes, Written};
use crate::overview::Overview;
use crate::templates::{self, TemplateError, Templates};
use crate::verification::{self, Verification};
use crate::{BookFiles, Faults, LastCheck, PathFault, SiteError, archive};

/// The name of the preprocessor: the key of its table in `book.toml`.
pub const NAME: &str = "seaworthy";

/// The preprocessor.
pub struct Seaworthy {
    warn: fn(&[Diagnostic]),
    archives: bool,
    /// Pages that its caller has read, by their files; each is taken once.
    pages: Mutex<HashMap<String, Page>>,
    failure: Failure,
    /// Where notes of the book are put, if its caller wants them.
    notes: Option<Notes>,
}

/// What kept the preprocessor from its work, for a caller in the same process: mdBook hands on an error without its type.
#[derive(Clone, Debug, Default)]
pub struct Failure(Arc<Mutex<Option<SiteError>>>);

impl Failure {
    /// What it was, if it was the preprocessor that failed.
    #[must_use]
    pub fn take(&self) -> Option<SiteError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, error: SiteError) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }
}

impl Seaworthy {
    /// The preprocessor, which tells `warn` what is worth a look and stops nothing.
    #[must_use]
    pub fn new(warn: fn(&[Diagnostic])) -> Self {
        Self {
            warn,
            archives: false,
            pages: Mutex::default(),
            failure: Failure::default(),
            notes: None,
        }
    }

    /// The same for a caller who wants notes of the book, for what its site has beside the pages: they are in `notes` when
    /// the preprocessor is done.
    #[must_use]
    pub fn noting(self, notes: &Notes) -> Self {
        Self {
            notes: Some(notes.clone()),
            ..self
        }
    }

    /// The same for a caller who publishes the book's [`archives`](crate::archives) when mdBook is done: a preprocessor
    /// can't add files to a site.
    #[must_use]
    pub fn publishing_archives(self) -> Self {
        Self {
            archives: true,
            ..self
        }
    }

    /// The same for a caller who has read `pages`: they aren't read again, unless another preprocessor changed them.
    #[must_use]
    pub fn knowing(self, pages: Vec<Page>) -> Self {
        let pages = pages.into_iter().map(|page| (page.file.clone(), page));
        Self {
            pages: Mutex::new(pages.collect()),
            ..self
        }
    }

    /// Where to ask what kept it from its work, if mdBook says that something did.
    #[must_use]
    pub fn failure(&self) -> Failure {
        self.failure.clone()
    }
}

impl Preprocessor for Seaworthy {
    fn name(&self) -> &str {
        NAME
    }

    fn run(&self, context: &PreprocessorContext, book: Book) -> errors::Result<Book> {
        self.expand(context, book).map_err(|error| {
            let said = errors::Error::msg(error.to_string());
            self.failure.put(error);
            said
        })
    }

    fn supports_renderer(&self, renderer: &str) -> errors::Result<bool> {
        Ok(supports(renderer))
    }
}

/// Whether the preprocessor works for the output `renderer`.
#[must_use]
pub fn supports(renderer: &str) -> bool {
    renderer == "html"
}

impl Seaworthy {
    /// The book with our blocks as HTML.
    ///
    /// # Errors
    /// What is wrong with the book, or with what it is built from.
    pub fn expand(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book, SiteError> {
        let settings = settings(&context.root)?;
        let files = BookFiles::new(&context.root, &settings.read_also);
        check_site(&files, &context.config).map_err(SiteError::Refused)?;
        let html = context.config.html_config().unwrap_or_default();
        if settings.verification {
            refuse_namesake(&book)?;
        }
        let report = LastCheck::read(&files)?.believed();
        let fresh = Fresh::of(settings.fresh);
        let mut work = Work {
            source: &context.config.book.src,
            templates: templates::load(&files, html.theme.as_deref())?,
            files,
            settings,
            archives: self.archives,
            pages: std::mem::take(&mut self.pages.lock().unwrap_or_else(PoisonError::into_inner)),
            site_url: html.site_url.as_deref(),
            fresh,
            marks: Marks::new(report.as_ref(), fresh),
            report,
            notes: self.notes.is_some().then(BookNotes::default),
            verification: Verification::default(),
            glossary: Glossary::default(),
            claims: Claims::default(),
            overview: Overview::default(),
            faults: Vec::new(),
            warnings: Vec::new(),
        };
        work.find_glossary(&book)?;
        let mut result = Ok(());
        for_each_in_order(&mut book.items, &mut |chapter| {
            if result.is_ok() {
                result = work.chapter(chapter);
            }
        });
        result?;
        if !work.faults.is_empty() {
            return Err(SiteError::Faults(Faults(work.faults)));
        }
        (self.warn)(&work.warnings);
        work.add_overview(&mut book)?;
        if work.settings.verification {
            work.add_verification(&mut book)?;
        }
        if let (Some(place), Some(notes)) = (&self.notes, work.notes.take()) {
            place.put(notes);
        }
        folders::mark(&mut book);
        Ok(book)
    }
}

struct Work<'a> {
    /// The folder of the chapters, relative to the book's root.
    source: &'a Path,
    files: BookFiles,
    settings: BookSettings,
    /// Whether archives are published.
    archives: bool,
    /// Pages that are read already, by their files.
    pages: HashMap<String, Page>,
    site_url: Option<&'a str>,
    templates: Templates,
    marks: Marks,
    fresh: Fresh,
    report: Option<Report>,
    /// Notes of the book, if they are wanted.
    notes: Option<BookNotes>,
    verification: Verification,
    glossary: Glossary,
    claims: Claims,
    overview: Overview,
    faults: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

impl Work<'_> {
    /// The page `file`, whose text became `text` on its way through other preprocessors.
    fn page(&mut self, file: &Path, text: &str) -> Result<Page, Vec<Diagnostic>> {
        match self.pages.remove(&slashed(file)) {
            Some(page) if page.source.text() == text => Ok(page),
            // Not read yet, or changed since.
            _ => Page::load_as(file, Some(text), &self.files, &self.settings),
        }
    }

    /// Reads the glossary first: all chapters use its terms.
    fn find_glossary(&mut self, book: &Book) -> Result<(), SiteError> {
        let mut found: Option<&Path> = None;
        for chapter in book.chapters().filter(|chapter| glossary::may_be(chapter)) {
            let (Some(source), Some(path)) = (&chapter.source_path, &chapter.path) else {
                continue;
            };
            let Ok(file) = chapter_file(self.source, source) else {
                continue;
            };
            // What is wrong with the page is told when its turn comes.
            let Ok(page) = self.page(&file, &chapter.content) else {
                continue;
            };
            if page.settings.glossary {
                if let Some(other) = found {
                    return Err(SiteError::Refused(format!(
                        "the chapters `{}` and `{}` both say that they are the glossary\n\
                         help: a book has one: remove `glossary` from the settings of the other",
                        other.display(),
                        path.display()
                    )));
                }
                found = Some(path);
                match Glossary::of(&page, path) {
                    Ok(glossary) => self.glossary = glossary,
                    Err(faults) => self.faults.extend(faults),
                }
            }
            self.pages.insert(page.file.clone(), page);
        }
        Ok(())
    }

    /// Puts what can be ticked in the book below its first page.
    fn add_overview(&self, book: &mut Book) -> Result<(), TemplateError> {
        let mut first = None;
        for_each_in_order(&mut book.items, &mut |chapter| {
            if let (None, Some(path)) = (&first, chapter.path.clone()) {
                let html = self.overview.html(&self.templates, &path);
                if let Ok(Some(html)) = &html {
                    chapter.content.push_str(&format!("\n\n{html}\n"));
                }
                first = Some(html);
            }
        });
        first.transpose().map(|_| ())
    }

    /// Adds the page *Verification* to the book, and what others may show of it to the notes.
    fn add_verification(&mut self, book: &mut Book) -> Result<(), TemplateError> {
        let verification = std::mem::take(&mut self.verification);
        let report = self.report.as_ref();
        if let Some(notes) = &mut self.notes {
            notes.published = verification.published(report, self.fresh);
        }
        if let Some(chapter) = verification.chapter(&self.templates, report)? {
            if let (Some(notes), Some(path)) = (&mut self.notes, &chapter.path) {
                notes.chapters.push(ChapterNotes {
                    path: path.clone(),
                    name: chapter.name.clone(),
                    description: Some(verification::DESCRIPTION.to_owned()),
                    verified: None,
                    written: None,
                });
            }
            book.push_item(chapter);
        }
        Ok(())
    }

    /// Takes down what is known of `page`, which is `chapter`.
    fn note(&mut self, page: Page, chapter: &Chapter) {
        let (Some(notes), Some(path)) = (&mut self.notes, &chapter.path) else {
            return;
        };
        notes.chapters.push(ChapterNotes {
            path: path.clone(),
            name: chapter.name.clone(),
            description: page.settings.description.clone(),
            verified: mirror::verified(&page, &self.marks),
            written: Some(Written {
                mirror: mirror::mirror(&page, &self.marks),
                source: page.source,
            }),
        });
    }

    fn chapter(&mut self, chapter: &mut Chapter) -> Result<(), SiteError> {
        let Some(path) = &chapter.source_path else {
            return Ok(());
        };
        let file = chapter_file(self.source, path).map_err(|why| {
            SiteError::Refused(format!(
                "the chapter `{}` can't be built: {why}",
                path.display()
            ))
        })?;
        match self.page(&file, &chapter.content) {
            Ok(page) => {
                let proof = match (&chapter.path, self.settings.verification) {
                    (Some(path), true) => Some(way_from(path)),
                    _ => None,
                };
                let place = chapter.path.as_deref();
                let beside = place.and_then(|path| archive::beside(self.site_url, path));
                let anchors = self.claims.of(&page);
                let around = Surroundings {
                    templates: &self.templates,
                    marks: &self.marks,
                    proof: proof.as_deref(),
                    beside: beside.as_deref(),
                    chapter: place.unwrap_or(path),
                    glossary: &self.glossary,
                    anchors: &anchors,
                    archives: self.archives,
                };
                chapter.content = chapter::render(&page, &around)?;
                if !self.archives {
                    self.warnings
                        .extend(page.archives().map(|step| unpublished(&page, step)));
                }
                self.overview.add(&page, chapter);
                let report = self.report.as_ref();
                self.verification
                    .add(&page, chapter, &self.marks, &anchors, report);
                self.warnings.extend(page.warnings.iter().cloned());
                self.note(page, chapter);
            }
            Err(faults) => self.faults.extend(faults),
        }
        Ok(())
    }
}

/// That readers don't get an archive.
fn unpublished(page: &Page, step: &ArchiveStep) -> Diagnostic {
    page.source.diagnose(
        Fault::warning(
            FaultCode::ArchiveNotPublished,
            step.range.clone(),
            format!(
                "the site has no `{}`: mdBook lets no preprocessor add files",
                step.name()
            ),
        )
        .help("build the site with `seaworthy build`, which adds it"),
    )
}

/// Calls `visit` for each chapter, in the order of reading: mdBook's own walk has a chapter after
/// those below it.
fn for_each_in_order(items: &mut [BookItem], visit: &mut impl FnMut(&mut Chapter)) {
    for item in items {
        if let BookItem::Chapter(chapter) = item {
            visit(chapter);
            for_each_in_order(&mut chapter.sub_items, visit);
        }
    }
}

/// Makes sure that no chapter of the author's stands where *Verification* will.
fn refuse_namesake(book: &Book) -> Result<(), SiteError> {
    let path = Path::new(verification::PATH);
    let taken = book
        .chapters()
        .find(|chapter| chapter.path.as_deref() == Some(path));
    match taken {
        None => Ok(()),
        Some(chapter) => Err(SiteError::Refused(format!(
            "the chapter “{}” is `{}`, which is where the page Verification is put\n\
             help: rename its file, or do without that page: `verification = false` below `[preprocessor.seaworthy]` in book.toml",
            chapter.name,
            verification::PATH
        ))),
    }
}

/// The link to *Verification* from the chapter at `path`.
fn way_from(path: &Path) -> String {
    let up = path.components().count().saturating_sub(1);
    format!("{}{}", "../".repeat(up), verification::PATH)
}

/// The settings in the book's `book.toml`, if it has one.
fn settings(root: &Path) -> Result<BookSettings, SiteError> {
    let text = match BookFiles::new(root, &[]).text(Path::new("book.toml")) {
        Ok(text) => text,
        Err(PathFault::Missing) => String::new(),
        Err(why) => return Err(SiteError::Settings(why)),
    };
    BookSettings::from_toml(&text).map_err(|faults| {
        let diagnostics = faults.into_iter().map(|fault| Diagnostic {
            file: "book.toml".to_owned(),
            source: text.as_str().into(),
            fault,
        });
        SiteError::Faults(Faults(diagnostics.collect()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mdbook_preprocessor::config::Config;
    use std::fs;

    #[test]
    fn a_page_that_is_known_is_read_again_only_if_its_text_changed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("src")).unwrap();
        fs::write(root.join("src/a.md"), "# A\n\n{{#include part.md}}\n").unwrap();
        fs::write(root.join("src/part.md"), "```console\n$ true\n```\n").unwrap();
        let files = BookFiles::new(root, &[]);
        let page = Page::load(Path::new("src/a.md"), &files, &BookSettings::default()).unwrap();
        // Whoever reads the page from now on misses a part of it.
        fs::remove_file(root.join("src/part.md")).unwrap();
        let expanded = |text: &str, known: Vec<Page>| {
            let chapter = Chapter::new("A", text.to_owned(), "a.md", Vec::new());
            let book = Book::new_with_items(vec![BookItem::Chapter(chapter)]);
            let context =
                PreprocessorContext::new(root.to_path_buf(), Config::default(), "html".to_owned());
            let seaworthy = Seaworthy::new(|_| ()).knowing(known);
            let failure = seaworthy.failure();
            let done = seaworthy.run(&context, book);
            (done.is_ok(), failure.take())
        };
        let text = page.source.text().to_owned();
        let (done, failure) = expanded(&text, vec![page.clone()]);
        assert!(done && failure.is_none(), "{failure:?}");
        for (text, known) in [(format!("{text}\nmore\n"), vec![page]), (text, Vec::new())] {
            let (done, failure) = expanded(&text, known);
            assert!(!done);
            let Some(SiteError::Faults(faults)) = failure else {
                panic!("{failure:?}");
            };
            assert_eq!(
                faults.0[0].fault.message,
                "can't include `part.md`: no such file"
            );
        }
    }
}
