//! A page, from its file.

use std::ops::Range;
use std::path::Path;

use seaworthy_blocks::{Diagnostic, Fault, FaultCode, Line};

use crate::reader::{PageReader, Read};
use crate::source::slashed;
use crate::{
    ArchiveStep, BookSettings, CopiedFolder, Exercise, ImageUse, Loader, MachineId, MalformedStep,
    Place, SessionStep, Settings, Source, Step,
};

/// A page that has no fault.
#[derive(Clone, Debug)]
pub struct Page {
    /// The chapter's file, relative to the book's root, with `/`.
    pub file: String,
    /// What holds for the page.
    pub settings: Settings,
    /// What is shown and run, in order.
    pub steps: Vec<Step>,
    /// Its exercises, in the order of their checks.
    pub exercises: Vec<Exercise>,
    /// The images that it names, in order.
    pub images: Vec<ImageUse>,
    /// The folders of the book that its machines are given.
    pub copied: Vec<CopiedFolder>,
    /// Where its title ends in the text, if it has one.
    pub title_end: Option<usize>,
    /// Where its sections begin in the text, the one at its top left out.
    pub sections: Vec<usize>,
    /// Its prose, in pieces.
    pub prose: Vec<Line>,
    /// The HTML that its author wrote.
    pub html: Vec<Range<usize>>,
    /// How many items of task lists it has.
    pub tasks: usize,
    /// The inline code of its prose, in order.
    pub inline_code: Vec<Line>,
    /// What is worth a look and stops nothing.
    pub warnings: Vec<Diagnostic>,
    /// Its text, and the way back to the author's lines.
    pub source: Source,
}

impl Page {
    /// Reads the chapter `file` (relative to the book's root).
    ///
    /// # Errors
    /// All faults of the page.
    pub fn load(
        file: &Path,
        loader: &dyn Loader,
        book: &BookSettings,
    ) -> Result<Self, Vec<Diagnostic>> {
        Self::load_as(file, None, loader, book)
    }

    /// Reads the chapter `file`, whose text became `text` on its way through other preprocessors.
    ///
    /// # Errors
    /// All faults of the page.
    pub fn load_as(
        file: &Path,
        text: Option<&str>,
        loader: &dyn Loader,
        book: &BookSettings,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (source, mut diagnostics) = source(file, loader)?;
        let source = match text {
            Some(text) => source.rebased(text),
            None => source,
        };
        let reader = PageReader::new(slashed(file), &source, loader);
        match reader.read(book) {
            Ok(read) if diagnostics.is_empty() => Ok(Self::of(file, read, source)),
            Ok(_) => Err(diagnostics),
            Err(faults) => {
                diagnostics.extend(faults.into_iter().map(|fault| source.diagnose(fault)));
                Err(diagnostics)
            }
        }
    }

    /// Reads of the page `file` what is well-formed: blocks with faults become [`Step::Malformed`].
    ///
    /// # Errors
    /// If it can't be read at all, or its settings can't: its faults.
    pub fn load_leniently(
        file: &Path,
        loader: &dyn Loader,
        book: &BookSettings,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (source, diagnostics) = source(file, loader)?;
        let reader = PageReader::new(slashed(file), &source, loader).lenient();
        match reader.read(book) {
            Ok(read) => {
                let mut page = Self::of(file, read, source);
                // What isn't included is missing somewhere: nobody knows where.
                if let Some(first) = diagnostics.first() {
                    let place = Place {
                        file: first.file.clone(),
                        line: first.line(),
                    };
                    page.steps.push(Step::Malformed(MalformedStep {
                        id: format!("malformed-includes-{}", place.line),
                        place,
                        faults: diagnostics,
                    }));
                }
                Ok(page)
            }
            Err(faults) => {
                let faults = faults.into_iter().map(|fault| source.diagnose(fault));
                Err(diagnostics.into_iter().chain(faults).collect())
            }
        }
    }

    fn of(file: &Path, read: Read, source: Source) -> Self {
        let warnings = read.warnings.into_iter();
        Self {
            file: slashed(file),
            settings: read.settings,
            steps: read.steps,
            exercises: read.exercises,
            images: read.images,
            copied: read.copied,
            title_end: read.title_end,
            sections: read.sections,
            prose: read.prose,
            html: read.html,
            tasks: read.tasks,
            inline_code: read.inline_code,
            warnings: warnings.map(|w| source.diagnose(w)).collect(),
            source,
        }
    }

    /// The faults of the blocks that are malformed, in order.
    pub fn faults(&self) -> impl Iterator<Item = &Diagnostic> {
        self.steps.iter().flat_map(|step| match step {
            Step::Malformed(malformed) => malformed.faults.as_slice(),
            _ => &[],
        })
    }

    /// The sessions, in order.
    pub fn sessions(&self) -> impl Iterator<Item = &SessionStep> {
        self.steps.iter().filter_map(|step| match step {
            Step::Session(session) => Some(session),
            _ => None,
        })
    }

    /// The archives that readers get, in order.
    pub fn archives(&self) -> impl Iterator<Item = &ArchiveStep> {
        self.steps.iter().filter_map(|step| match step {
            Step::Archive(step) => Some(step),
            _ => None,
        })
    }

    /// What the author calls a machine; nothing on a page that names none.
    #[must_use]
    pub fn machine_name(&self, machine: MachineId) -> Option<&str> {
        let name = self.settings.machines.get(machine.index());
        name.map(String::as_str)
    }

    /// Whether it has blocks with faults, which count as sessions that don't hold.
    #[must_use]
    pub fn is_malformed(&self) -> bool {
        self.faults().next().is_some()
    }

    /// Whether anything on the page is run.
    #[must_use]
    pub fn runs(&self) -> bool {
        self.sessions().any(|s| s.attributes.no_run.is_none())
            || self
                .steps
                .iter()
                .any(|step| matches!(step, Step::Diagram(d) if d.verify))
    }
}

/// The text of the page `file` with its includes, and the faults of those.
///
/// # Errors
/// If it can't be read.
fn source(file: &Path, loader: &dyn Loader) -> Result<(Source, Vec<Diagnostic>), Vec<Diagnostic>> {
    Source::load(file, loader).map_err(|why| {
        vec![Diagnostic {
            file: slashed(file),
            source: "".into(),
            fault: Fault::error(
                FaultCode::UnreadableChapter,
                0..0,
                format!("can't read this chapter: {why}"),
            )
            .help("create the file, or remove it from SUMMARY.md"),
        }]
    })
}

#[cfg(test)]
mod tests;
