//! The preprocessor itself.

use std::path::Path;

use anyhow::{Result, bail};
use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use seaworthy_blocks::{Diagnostic, Fault, FaultCode};
use seaworthy_console::Templates;
use seaworthy_page::{ArchiveStep, BookSettings, Page};
use seaworthy_report::Report;

use crate::chapter::{self, Surroundings};
use crate::claims::Claims;
use crate::folders::{self, chapter_file, check_site};
use crate::glossary::{self, Glossary};
use crate::marks::Marks;
use crate::overview::Overview;
use crate::verification::{self, Verification};
use crate::{BookFiles, Faults, LastCheck, PathFault, archive, templates};

/// The name of the preprocessor: the key of its table in `book.toml`.
pub const NAME: &str = "seaworthy";

/// The preprocessor.
#[derive(Clone, Copy)]
pub struct Seaworthy {
    warn: fn(&[Diagnostic]),
    archives: bool,
}

impl Seaworthy {
    /// The preprocessor, which tells `warn` what is worth a look and stops nothing.
    #[must_use]
    pub fn new(warn: fn(&[Diagnostic])) -> Self {
        Self {
            warn,
            archives: false,
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
}

impl Preprocessor for Seaworthy {
    fn name(&self) -> &str {
        NAME
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let settings = settings(&context.root)?;
        let files = BookFiles::new(&context.root, &settings.read_also);
        if let Err(message) = check_site(&files, &context.config) {
            bail!(message);
        }
        let html = context.config.html_config().unwrap_or_default();
        if settings.verification {
            refuse_namesake(&book)?;
        }
        let report = LastCheck::read(&files)?.believed();
        let mut work = Work {
            source: &context.config.book.src,
            templates: templates::load(&files, html.theme.as_deref())?,
            files,
            settings,
            archives: self.archives,
            site_url: html.site_url.as_deref(),
            marks: Marks::new(report.as_ref()),
            report,
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
            return Err(Faults(work.faults).into());
        }
        (self.warn)(&work.warnings);
        work.add_overview(&mut book)?;
        if work.settings.verification
            && let Some(chapter) = work
                .verification
                .chapter(&work.templates, work.report.as_ref())?
        {
            book.push_item(chapter);
        }
        folders::mark(&mut book);
        Ok(book)
    }

    fn supports_renderer(&self, renderer: &str) -> Result<bool> {
        Ok(renderer == "html")
    }
}

struct Work<'a> {
    /// The folder of the chapters, relative to the book's root.
    source: &'a Path,
    files: BookFiles,
    settings: BookSettings,
    /// Whether archives are published.
    archives: bool,
    site_url: Option<&'a str>,
    templates: Templates,
    marks: Marks,
    report: Option<Report>,
    verification: Verification,
    glossary: Glossary,
    claims: Claims,
    overview: Overview,
    faults: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

impl Work<'_> {
    /// Reads the glossary first: all chapters use its terms.
    fn find_glossary(&mut self, book: &Book) -> Result<()> {
        let mut found: Option<&Path> = None;
        for chapter in book.chapters().filter(|chapter| glossary::may_be(chapter)) {
            let (Some(source), Some(path)) = (&chapter.source_path, &chapter.path) else {
                continue;
            };
            let Ok(file) = chapter_file(self.source, source) else {
                continue;
            };
            let page = Page::load_as(&file, Some(&chapter.content), &self.files, &self.settings);
            // What is wrong with the page is told when its turn comes.
            let Some(page) = page.ok().filter(|page| page.settings.glossary) else {
                continue;
            };
            if let Some(other) = found {
                bail!(
                    "the chapters `{}` and `{}` both say that they are the glossary\n\
                     help: a book has one: remove `glossary` from the settings of the other",
                    other.display(),
                    path.display()
                );
            }
            found = Some(path);
            match Glossary::of(&page, path) {
                Ok(glossary) => self.glossary = glossary,
                Err(faults) => self.faults.extend(faults),
            }
        }
        Ok(())
    }

    /// Puts what can be ticked in the book below its first page.
    fn add_overview(&self, book: &mut Book) -> Result<()> {
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

    fn chapter(&mut self, chapter: &mut Chapter) -> Result<()> {
        let Some(path) = &chapter.source_path else {
            return Ok(());
        };
        let file = match chapter_file(self.source, path) {
            Ok(file) => file,
            Err(why) => bail!("the chapter `{}` can't be built: {why}", path.display()),
        };
        match Page::load_as(&file, Some(&chapter.content), &self.files, &self.settings) {
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
                self.warnings.extend(page.warnings);
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
fn refuse_namesake(book: &Book) -> Result<()> {
    let path = Path::new(verification::PATH);
    let taken = book
        .chapters()
        .find(|chapter| chapter.path.as_deref() == Some(path));
    match taken {
        None => Ok(()),
        Some(chapter) => bail!(
            "the chapter “{}” is `{}`, which is where the page Verification is put\n\
             help: rename its file, or do without that page: `verification = false` below `[preprocessor.seaworthy]` in book.toml",
            chapter.name,
            verification::PATH
        ),
    }
}

/// The link to *Verification* from the chapter at `path`.
fn way_from(path: &Path) -> String {
    let up = path.components().count().saturating_sub(1);
    format!("{}{}", "../".repeat(up), verification::PATH)
}

/// The settings in the book's `book.toml`, if it has one.
fn settings(root: &Path) -> Result<BookSettings> {
    let text = match BookFiles::new(root, &[]).text(Path::new("book.toml")) {
        Ok(text) => text,
        Err(PathFault::Missing) => String::new(),
        Err(why) => bail!("can't read `book.toml`: {why}"),
    };
    BookSettings::from_toml(&text).map_err(|faults| {
        let diagnostics = faults.into_iter().map(|fault| Diagnostic {
            file: "book.toml".to_owned(),
            source: text.as_str().into(),
            fault,
        });
        Faults(diagnostics.collect()).into()
    })
}
