//! Mutants are run as `seaworthy check` would run them. Enter at [`Trials::all`].

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use seaworthy_blocks::Severity;
use seaworthy_machine::{DEFAULT_VERSION, MachineOptions};
use seaworthy_mutants::{Kind, Mutant, Rule, asked_in, differences, told, without_handed_out};
use seaworthy_page::Page;
use seaworthy_report::{self as report, Report};
use seaworthy_runner::{self as runner, Checked, Options};

use crate::book::Book;
use crate::error::{Result, Unfinished};
use crate::prose;
use crate::reporters::{Format, Reporter, Whole, prefix, render};

use super::super::check::{earlier, execute, holds_still};
use super::super::interrupts::Interrupts;
use super::fate::{Fate, failure};
use super::log::{Log, key};
use super::watcher::{Watcher, name};

/// How the mutants of a book are tried.
pub(super) struct Trials<'a> {
    pub(super) book: &'a Book,
    /// The book's pages, by their files.
    pub(super) originals: &'a HashMap<&'a str, &'a Arc<Page>>,
    /// How many pages run at a time, if that is said.
    pub(super) jobs: Option<usize>,
    /// How machines are started.
    pub(super) machine: MachineOptions,
    /// Whether each mutant is told as it ends.
    pub(super) tells: bool,
}

/// What came of trying.
pub(super) enum Came {
    /// What became of each mutant, in their order.
    Fates(Vec<Fate>),
    /// A page doesn't hold as it is, so its mutants would say nothing; that was told.
    NotHolding,
    /// A signal came.
    Interrupted,
}

/// A mutant that is tried, and what is known of it.
struct Trial<'a> {
    mutant: &'a Mutant,
    original: &'a Arc<Page>,
    key: String,
    fate: Option<Fate>,
}

/// A mutant whose page holds.
struct Held<'t, 'm> {
    trial: &'t mut Trial<'m>,
    page: Arc<Page>,
    report: report::Page,
}

/// What ran, or nothing if a signal came.
type Ran = Option<Vec<report::Page>>;

impl Trials<'_> {
    /// Tries each mutant. What `log` holds of an earlier try isn't tried again; what is tried is added to it.
    ///
    /// # Errors
    /// What keeps pages from being run to their end, or the log from being written.
    pub(super) async fn all(
        &self,
        mutants: &[Mutant],
        log: Log,
        interrupts: &mut Interrupts,
    ) -> Result<Came> {
        let mut trials = self.known(mutants, &log);
        let waiting = trials.iter().filter(|trial| trial.fate.is_none());
        let waiting = waiting.map(|trial| (trial.key.clone(), trial.mutant.clone()));
        let watcher = Arc::new(Watcher::new(self, log, waiting.collect()));
        let changed = self.read(&mut trials, &watcher)?;
        let left = match self.hold_as_they_are(&trials, interrupts).await? {
            None => return Ok(Came::Interrupted),
            Some(Err(told)) => {
                crate::errln!("{told}");
                return Ok(Came::NotHolding);
            }
            Some(Ok(left)) => left,
        };
        let Some(reports) = self
            .run(changed.clone(), watcher.clone(), interrupts)
            .await?
        else {
            return Ok(Came::Interrupted);
        };
        watcher.trouble()?;
        let waiting = trials.iter_mut().filter(|trial| trial.fate.is_none());
        let mut held = Vec::new();
        for ((trial, page), report) in waiting.zip(changed).zip(reports) {
            match failure(&report) {
                // It was noted when the page ended.
                Some(message) => trial.fate = Some(Fate::Found { message }),
                None => held.push(Held {
                    trial,
                    page,
                    report,
                }),
            }
        }
        let Some(states) = self.states(&held, interrupts).await? else {
            return Ok(Came::Interrupted);
        };
        for (held, differences) in held.into_iter().zip(states) {
            let mutant = held.trial.mutant;
            let before = left.get(&mutant.file).map_or(&[][..], Vec::as_slice);
            let fate = judged(mutant, before, &held.report.left, differences);
            watcher.note(&held.trial.key, mutant, &fate)?;
            held.trial.fate = Some(fate);
        }
        let fates = trials.into_iter().filter_map(|trial| trial.fate);
        Ok(Came::Fates(fates.collect()))
    }

    /// The mutants with what the log says of them.
    fn known<'m>(&'m self, mutants: &'m [Mutant], log: &Log) -> Vec<Trial<'m>> {
        let trials = mutants.iter().filter_map(|mutant| {
            let original = *self.originals.get(mutant.file.as_str())?;
            let key = key(original, mutant);
            Some(Trial {
                fate: log.known(&key).cloned(),
                mutant,
                original,
                key,
            })
        });
        trials.collect()
    }

    /// The pages of those mutants that must be run; what becomes of those that can't be is noted. Each has a name of its
    /// own, by which it is told while it runs.
    fn read(&self, trials: &mut [Trial<'_>], watcher: &Watcher) -> Result<Vec<Arc<Page>>> {
        let mut pages = Vec::new();
        for trial in trials.iter_mut().filter(|trial| trial.fate.is_none()) {
            let fate = match self.page(trial.original, &trial.mutant.text(trial.original)) {
                Err(message) => Fate::Refused { message },
                // The only session of its page is gone.
                Ok(page) if !page.runs() => Fate::Found {
                    message: "nothing is left to run".to_owned(),
                },
                Ok(page) => {
                    let file = name(&page.file, &trial.key);
                    pages.push(Arc::new(Page { file, ..page }));
                    continue;
                }
            };
            watcher.note(&trial.key, trial.mutant, &fate)?;
            trial.fate = Some(fate);
        }
        Ok(pages)
    }

    /// The page `original` with another `text`.
    ///
    /// # Errors
    /// The first fault, in words.
    fn page(&self, original: &Page, text: &str) -> Result<Page, String> {
        let file = Path::new(&original.file);
        let page = Page::load_as(file, Some(text), &self.book.files, &self.book.settings);
        let page = page.and_then(|page| {
            let mut faults = prose::check(&page);
            faults.retain(|found| found.fault.severity == Severity::Error);
            if faults.is_empty() {
                Ok(page)
            } else {
                Err(faults)
            }
        });
        page.map_err(|faults| {
            let first = faults.first();
            first.map_or(String::new(), |first| {
                format!("line {}: {}", first.line(), first.fault.message)
            })
        })
    }

    /// What each page that has mutants to be run leaves behind as it is, by its file: it is run, unless it held when it was
    /// last checked. If a signal came, nothing.
    ///
    /// # Errors
    /// Inside: what is to be told if one doesn't hold.
    async fn hold_as_they_are(
        &self,
        trials: &[Trial<'_>],
        interrupts: &mut Interrupts,
    ) -> Result<Option<Result<HashMap<String, Vec<String>>, String>>> {
        let waiting = trials.iter().filter(|trial| trial.fate.is_none());
        let files: BTreeSet<_> = waiting.map(|trial| trial.original.file.as_str()).collect();
        let pages = files.iter().filter_map(|file| self.originals.get(file));
        let earlier = earlier(self.book);
        let versions = [DEFAULT_VERSION.to_owned()];
        let holds = |page: &Page| {
            let earlier = earlier.as_ref();
            earlier.is_some_and(|earlier| holds_still(page, earlier, &versions))
        };
        let (held, rest): (Vec<_>, Vec<_>) = pages.copied().cloned().partition(|page| holds(page));
        let known = earlier.iter().flat_map(|earlier| &earlier.runs);
        let mut left: HashMap<_, _> = known
            .flat_map(|run| &run.pages)
            .filter(|page| held.iter().any(|held| held.file == page.file))
            .map(|page| (page.file.clone(), page.left.clone()))
            .collect();
        let progress = Arc::new(self.progress(rest.len()));
        let Some(reports) = self.run(rest, progress, interrupts).await? else {
            return Ok(None);
        };
        if reports.iter().any(|report| failure(report).is_some()) {
            return Ok(Some(Err(self.not_holding(reports))));
        }
        left.extend(reports.into_iter().map(|page| (page.file, page.left)));
        Ok(Some(Ok(left)))
    }

    /// What is told of pages of which some don't hold as they are.
    fn not_holding(&self, pages: Vec<report::Page>) -> String {
        let engine = report::Engine {
            version: String::new(),
            api: String::new(),
        };
        let run = report::Run {
            engine,
            images: Vec::new(),
            pages,
        };
        let report = Report::new(crate::VERSION, runner::now(), 0.0, vec![run]);
        let root = self.book.root.to_string_lossy();
        let told = render(&report, Format::Pretty, &prefix(&root));
        format!("{told}\nerror: a page that doesn't hold as it is notices nothing: mend it first")
    }

    /// Runs `pages`; gives what came of each, in their order, or nothing if a signal came.
    async fn run(
        &self,
        pages: Vec<Arc<Page>>,
        reporter: Arc<dyn Reporter>,
        interrupts: &mut Interrupts,
    ) -> Result<Ran> {
        if pages.is_empty() {
            reporter.stop();
            return Ok(Some(Vec::new()));
        }
        let options = Options {
            root: self.book.root.to_string_lossy().into_owned(),
            keep_going: false,
            accept: None,
            jobs: self.jobs,
            earlier: None,
            keep_machine: false,
        };
        let engines = (&[] as &[String], self.machine.clone());
        let ran = execute(engines, pages, options, reporter.clone(), interrupts).await;
        reporter.stop();
        match ran? {
            None => Ok(None),
            Some(Checked {
                lost: Some(lost), ..
            }) => Err(Unfinished(lost).into()),
            Some(checked) if !interrupts.came() => Ok(Some(checked.run.pages)),
            Some(_) => Ok(None),
        }
    }

    /// In what the machine's states differ behind each change: what the original page has made of it there, and what the
    /// mutant has. Nothing if a signal came.
    async fn states(
        &self,
        held: &[Held<'_, '_>],
        interrupts: &mut Interrupts,
    ) -> Result<Option<Vec<Vec<String>>>> {
        let asked: Vec<_> = held.iter().map(|held| self.asked(held)).collect();
        let pages: Vec<_> = asked.iter().flatten().flatten().cloned().collect();
        let progress = Arc::new(self.progress(pages.len()));
        let Some(reports) = self.run(pages, progress, interrupts).await? else {
            return Ok(None);
        };
        let mut pairs = reports.chunks(2);
        let differences = held.iter().zip(asked).map(|(held, asked)| match asked {
            Ok(_) => held.differences(pairs.next().unwrap_or_default()),
            Err(why) => vec![format!("not compared: nothing can be asked there: {why}")],
        });
        Ok(Some(differences.collect()))
    }

    /// The original page and its mutant, each with a session that prints the state behind the change.
    ///
    /// # Errors
    /// Why none can stand there, in words.
    fn asked(&self, held: &Held<'_, '_>) -> Result<[Arc<Page>; 2], String> {
        let settled = &held.trial.mutant.settled;
        let [ours, other] = held.texts().map(|text| {
            let page = self.page(held.trial.original, &asked_in(text, settled));
            page.map(Arc::new)
        });
        Ok([ours?, other?])
    }

    fn progress(&self, pages: usize) -> Whole {
        Whole::new(pages, &self.book.root.to_string_lossy(), Format::Pretty)
    }
}

impl Held<'_, '_> {
    /// The texts of the original page and of its mutant.
    fn texts(&self) -> [&str; 2] {
        [self.trial.original.source.text(), self.page.source.text()]
    }

    /// In what the states differ that these two pages told.
    fn differences(&self, pages: &[report::Page]) -> Vec<String> {
        let states = pages.iter().filter_map(told);
        let states: Vec<_> = states
            .map(|state| without_handed_out(state, &self.texts()))
            .collect();
        match states.as_slice() {
            [ours, other] => differences(ours, other),
            _ => vec!["not compared: a page didn't come as far".to_owned()],
        }
    }
}

/// What becomes of a mutant that holds. Behind the change its machine differs from that of the original page in
/// `differences`; `before` is what that page leaves behind at its end, `after` what the mutant leaves.
fn judged(mutant: &Mutant, before: &[String], after: &[String], differences: Vec<String>) -> Fate {
    let more = after.len() > before.len() && before.iter().all(|name| after.contains(name));
    if differences.is_empty() {
        Fate::Equivalent { rule: Rule::State }
    } else if mutant.kind == Kind::Omitted && more {
        Fate::Equivalent { rule: Rule::Left }
    } else {
        Fate::Survived { differences }
    }
}
