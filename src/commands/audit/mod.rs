//! `seaworthy audit`: of each fence of anybody's Markdown, what it is.
//!
//! What can be told of a fence by its text is told first ([`reading`]). The rest is run as a page of sessions would be: the
//! text is read with `$ ` put before what is typed, which moves no line. What came of it is sorted by [`outcome`].

mod class;
mod outcome;
mod patch;
mod print;
mod reading;
mod text;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use seaworthy_machine::MachineOptions;
use seaworthy_page::{BookSettings, FolderFile, Loader, Page};
use seaworthy_report::{self as report, Report, Status};
use seaworthy_runner::{Event, Observer, Options};

use self::class::{Class, Finding};
use self::text::Text;
use super::check::execute_within;
use super::interrupts::Interrupts;
use super::runtime;
use crate::book::{Book, Faulty};
use crate::cli::AuditArguments;
use crate::error::{CommandError, Result};
use crate::exit::Exit;
use crate::files::write_whole;
use crate::reporters::{Format, Reporter, Whole};

/// How long a command may take, where no setting says it: what is run wasn't written to be run.
const TIMEOUT: Duration = Duration::from_secs(15);

/// What was found.
struct Audit {
    /// The files, each with its fences.
    texts: Vec<Text>,
    /// The Docker Engine in the machines, if any fence was run.
    engine: Option<String>,
    seconds: f64,
}

pub(super) fn run(arguments: &AuditArguments) -> Result<Exit> {
    let begun = Instant::now();
    let (book, faults) = Book::read_loose(&arguments.paths, &arguments.set.set, Faulty::GoesOn)?;
    let settings_fault = |file: &str| file == crate::book::SETTINGS;
    if faults.iter().any(|fault| settings_fault(&fault.file)) {
        let faults = faults
            .into_iter()
            .filter(|fault| settings_fault(&fault.file));
        book.without(faults.collect())?;
        return Ok(Exit::Usage);
    }
    let mut audit = Audit {
        texts: text::read(&arguments.paths, &book)?,
        engine: None,
        seconds: 0.0,
    };
    let pages = audit.pages(&book);
    let ended = match pages.is_empty() {
        true => Ok(Exit::Holds),
        false => try_out(arguments, &book, &pages, begun, &mut audit),
    };
    // What is known without an engine is told whatever came of the rest.
    if !matches!(ended, Ok(Exit::Interrupted)) {
        audit.seconds = begun.elapsed().as_secs_f64();
        print::print(&audit, arguments.format);
        if let Some(file) = &arguments.patch {
            write_whole(file, &audit.patch())?;
        }
    }
    ended
}

/// Runs the pages and sorts what came of their sessions.
fn try_out(
    arguments: &AuditArguments,
    book: &Book,
    pages: &[Arc<Page>],
    begun: Instant,
    audit: &mut Audit,
) -> Result<Exit> {
    let runtime = runtime::start()?;
    let left = |within: Duration| within.saturating_sub(begun.elapsed());
    let collected = Arc::new(Collected::new(pages.len(), &book.root.to_string_lossy()));
    let options = Options {
        root: book.root.to_string_lossy().into_owned(),
        keep_going: true,
        accept: None,
        jobs: arguments.jobs.map(usize::from),
        earlier: None,
        keep_machine: false,
    };
    let machine = MachineOptions {
        runtime: arguments.start.runtime(),
        ..MachineOptions::default()
    };
    let over = async {
        match arguments.within {
            Some(within) => tokio::time::sleep(left(within)).await,
            None => std::future::pending().await,
        }
    };
    let work = async {
        let mut interrupts = Interrupts::listen()?;
        let work = execute_within(
            (&[], machine),
            pages.to_vec(),
            options,
            collected.clone(),
            &mut interrupts,
            over,
        );
        work.await
    };
    let done = runtime.block_on(work);
    collected.stop();
    let timed_out = arguments
        .within
        .is_some_and(|within| left(within).is_zero());
    let exit = match done {
        Ok(Some(checked)) => {
            audit.engine = Some(checked.run.engine.version).filter(|version| !version.is_empty());
            match checked.lost {
                Some(lost) => Err(CommandError::from(crate::error::Unfinished(lost))),
                None => Ok(Exit::Holds),
            }
        }
        Ok(None) if timed_out => Ok(Exit::Holds),
        Ok(None) => return Ok(Exit::Interrupted),
        Err(error) => Err(error),
    };
    audit.sort(&collected.take());
    exit
}

impl Audit {
    /// The pages with something to run, as a book with sessions would have them.
    fn pages(&mut self, book: &Book) -> Vec<Arc<Page>> {
        let settings = BookSettings {
            timeout: match book.settings.timeout == BookSettings::default().timeout {
                true => TIMEOUT,
                false => book.settings.timeout,
            },
            // What is around the sessions is read as it was written; languages are seen to here.
            languages: Vec::new(),
            prompt: BookSettings::default().prompt,
            ..book.settings.clone()
        };
        let mut pages = Vec::new();
        for text in &mut self.texts {
            let Some(prepared) = text.prepared() else {
                continue;
            };
            let loader = Prepared {
                files: &book.files,
                file: &text.file,
                text: &prepared,
            };
            match Page::load_leniently(Path::new(&text.file), &loader, &settings) {
                Ok(page) => pages.push(Arc::new(page)),
                Err(faults) => text.unread(&faults),
            }
        }
        pages
    }

    /// Takes over what became of the sessions.
    fn sort(&mut self, pages: &BTreeMap<String, report::Page>) {
        for text in &mut self.texts {
            let Some(page) = pages.get(&text.file) else {
                continue;
            };
            for session in &page.sessions {
                if session.status != Status::NotRun || page.error.is_some() {
                    text.found(session.line, outcome::of(session, page));
                }
            }
        }
    }

    /// How many fences are of a class.
    fn count(&self, class: Class) -> usize {
        self.findings()
            .filter(|(.., finding)| finding.class == class)
            .count()
    }

    /// All fences: their file as it is shown, their line and language, and what they are.
    fn findings(&self) -> impl Iterator<Item = (&str, usize, &str, &Finding)> {
        self.texts.iter().flat_map(|text| {
            text.fences.iter().map(move |fence| {
                (
                    text.shown.as_str(),
                    fence.line,
                    fence.block.language.as_str(),
                    &fence.finding,
                )
            })
        })
    }

    /// All edits as one patch.
    fn patch(&self) -> String {
        self.texts.iter().filter_map(Text::patch).collect()
    }
}

/// The book's files, one of them as it is prepared for a run.
struct Prepared<'a> {
    files: &'a dyn Loader,
    file: &'a str,
    text: &'a str,
}

impl Loader for Prepared<'_> {
    fn load(&self, path: &Path) -> Result<String, String> {
        match path == Path::new(self.file) {
            true => Ok(self.text.to_owned()),
            false => self.files.load(path),
        }
    }

    fn folder(&self, path: &Path) -> Result<Vec<FolderFile>, String> {
        self.files.folder(path)
    }
}

/// Shows how far the run is, and keeps what comes of it: of pages that are broken off, too.
struct Collected {
    progress: Whole,
    pages: Mutex<BTreeMap<String, report::Page>>,
}

impl Collected {
    fn new(pages: usize, root: &str) -> Self {
        Self {
            progress: Whole::new(pages, root, Format::Json),
            pages: Mutex::default(),
        }
    }

    fn take(&self) -> BTreeMap<String, report::Page> {
        std::mem::take(&mut *self.pages.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Observer for Collected {
    fn event(&self, event: &Event) {
        self.progress.event(event);
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::SessionEnded { page, result } => {
                let known = pages.entry(page.clone()).or_insert_with(|| report::Page {
                    file: page.clone(),
                    ..report::Page::default()
                });
                known.sessions.push(result.report.clone());
            }
            Event::PageEnded { page, report } => {
                pages.insert(page.clone(), report.as_ref().clone());
            }
            _ => {}
        }
    }
}

impl Reporter for Collected {
    fn finish(&self, _report: &Report) {}

    fn stop(&self) {
        self.progress.stop();
    }
}
