//! The preprocessor itself.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use seaworthy_blocks::Diagnostic;
use seaworthy_console::Templates;
use seaworthy_page::{BookSettings, Page};
use seaworthy_report::{PATH, Report};

use crate::marks::Marks;
use crate::{BookFiles, Faults, chapter, check_build_dir, templates};

/// The name of the preprocessor: the key of its table in `book.toml`.
pub const NAME: &str = "seaworthy";

/// The preprocessor.
#[derive(Clone, Copy)]
pub struct Seaworthy {
    warn: fn(&[Diagnostic]),
}

impl Seaworthy {
    /// The preprocessor, which tells `warn` what is worth a look and stops nothing.
    #[must_use]
    pub fn new(warn: fn(&[Diagnostic])) -> Self {
        Self { warn }
    }
}

impl Preprocessor for Seaworthy {
    fn name(&self) -> &str {
        NAME
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        if let Err(message) = check_build_dir(&context.root, &context.config) {
            bail!(message);
        }
        let html = context.config.html_config().unwrap_or_default();
        let mut work = Work {
            source: &context.config.book.src,
            files: BookFiles {
                root: context.root.clone(),
            },
            settings: settings(&context.root)?,
            templates: templates::load(&html.theme_dir(&context.root))?,
            marks: Marks::new(read_report(&context.root)?),
            faults: Vec::new(),
            warnings: Vec::new(),
        };
        let mut result = Ok(());
        book.for_each_mut(|item| {
            if let BookItem::Chapter(chapter) = item
                && result.is_ok()
            {
                result = work.chapter(chapter);
            }
        });
        result?;
        if work.faults.is_empty() {
            (self.warn)(&work.warnings);
            Ok(book)
        } else {
            Err(Faults(work.faults).into())
        }
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
    templates: Templates,
    marks: Marks,
    faults: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

impl Work<'_> {
    fn chapter(&mut self, chapter: &mut Chapter) -> Result<()> {
        let Some(path) = &chapter.source_path else {
            return Ok(());
        };
        let file = self.source.join(path);
        match Page::load_as(&file, Some(&chapter.content), &self.files, &self.settings) {
            Ok(page) => {
                chapter.content = chapter::render(&page, &self.templates, &self.marks)?;
                self.warnings.extend(page.warnings);
            }
            Err(faults) => self.faults.extend(faults),
        }
        Ok(())
    }
}

/// The settings in the book's `book.toml`, if it has one.
fn settings(root: &Path) -> Result<BookSettings> {
    let path = root.join("book.toml");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(|| format!("can't read {}", path.display())),
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

/// The report of the last check, if there was one.
fn read_report(root: &Path) -> Result<Option<Report>> {
    let path = root.join(PATH);
    match fs::read_to_string(&path) {
        Ok(json) => {
            let report = Report::from_json(&json);
            Ok(Some(report.with_context(|| {
                format!("can't use {}", path.display())
            })?))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("can't read {}", path.display())),
    }
}
