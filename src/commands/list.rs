//! `seaworthy list`: every block of the book and how it will be run.

use std::path::PathBuf;

use seaworthy_blocks::counted;
use seaworthy_page::{MachineId, Page, SessionStep, Step};
use serde::Serialize;

use crate::book::Book;
use crate::cli::{ListFormat, SetArguments};
use crate::error::{Explain, Result};
use crate::exit::Exit;
use crate::output::json;

use super::loaded::Named;

pub(super) fn run(names: &[PathBuf], set: &SetArguments, format: ListFormat) -> Result<Exit> {
    let named = Named::new(names);
    let mut book = named.load(set)?;
    if !named.pages().is_empty() {
        let pages = super::check::selected(&book, named.pages())?;
        book.pages = pages.iter().map(|page| Page::clone(page)).collect();
    }
    match format {
        ListFormat::Pretty => print(&book),
        ListFormat::Json => {
            let pages = book.pages.iter().map(ListedPage::new).collect();
            let listed = serde_json::to_string_pretty(&Listed { pages });
            let listed = listed.or_system(|| "can't write the list".to_owned())?;
            crate::outln!("{}", json(&listed));
        }
    }
    Ok(Exit::Holds)
}

#[derive(Serialize)]
struct Listed {
    pages: Vec<ListedPage>,
}

#[derive(Serialize)]
struct ListedPage {
    file: String,
    images: Vec<String>,
    sessions: Vec<ListedSession>,
    diagrams: Vec<ListedDiagram>,
    files: Vec<ListedFile>,
    archives: Vec<ListedArchive>,
    /// Shell blocks that aren't sessions.
    not_run: Vec<ListedFence>,
}

#[derive(Serialize)]
struct ListedSession {
    id: String,
    fingerprint: String,
    file: String,
    line: usize,
    /// The machine that runs it.
    on: String,
    hidden: bool,
    proves: Option<String>,
    no_run: Option<String>,
    /// The versions of Docker Engine that it is meant for.
    docker: Option<String>,
    /// The exercise that it checks, or solves.
    check: Option<String>,
    solution: Option<String>,
    should_fail: bool,
    exit: Option<i32>,
    retry_seconds: Option<f64>,
    timeout_seconds: f64,
    commands: Vec<ListedCommand>,
}

#[derive(Serialize)]
struct ListedCommand {
    text: String,
    prompt: String,
    /// Keys are pressed; no command is typed.
    keys: bool,
    line: usize,
}

#[derive(Serialize)]
struct ListedDiagram {
    id: String,
    fingerprint: String,
    file: String,
    line: usize,
    verify: bool,
}

#[derive(Serialize)]
struct ListedFile {
    path: String,
    file: String,
    line: usize,
}

#[derive(Serialize)]
struct ListedArchive {
    /// What it is called on the site.
    name: String,
    /// The folder of the book that is in it.
    folder: String,
    file: String,
    line: usize,
}

#[derive(Serialize)]
struct ListedFence {
    language: String,
    file: String,
    line: usize,
}

impl ListedPage {
    fn new(page: &Page) -> Self {
        let mut listed = Self {
            file: page.file.clone(),
            images: page.images.iter().map(|i| i.reference.clone()).collect(),
            sessions: Vec::new(),
            diagrams: Vec::new(),
            files: Vec::new(),
            archives: Vec::new(),
            not_run: Vec::new(),
        };
        for step in &page.steps {
            match step {
                Step::Session(step) => listed.sessions.push(session(page, step)),
                Step::Diagram(step) => listed.diagrams.push(ListedDiagram {
                    id: step.id.clone(),
                    fingerprint: step.fingerprint.clone(),
                    file: step.place.file.clone(),
                    line: step.place.line,
                    verify: step.verify,
                }),
                Step::File(step) => listed.files.push(ListedFile {
                    path: step.path.clone(),
                    file: step.place.file.clone(),
                    line: step.place.line,
                }),
                Step::Archive(step) => listed.archives.push(ListedArchive {
                    name: step.name(),
                    folder: step.folder.clone(),
                    file: step.place.file.clone(),
                    line: step.place.line,
                }),
                // A list is of what has no faults.
                Step::Malformed(_) => {}
                Step::Listed(step) => listed.not_run.push(ListedFence {
                    language: step.language.clone(),
                    file: step.place.file.clone(),
                    line: step.place.line,
                }),
            }
        }
        listed
    }
}

fn session(page: &Page, step: &SessionStep) -> ListedSession {
    let attributes = &step.attributes;
    let commands = step.session.commands.iter().filter(|c| c.runs);
    let timeout = attributes.timeout.unwrap_or(page.settings.timeout);
    ListedSession {
        id: step.id.clone(),
        fingerprint: step.fingerprint.clone(),
        file: step.place.file.clone(),
        line: step.place.line,
        on: machine(page, step.machine),
        hidden: attributes.hidden,
        proves: attributes.proves.clone(),
        no_run: attributes.no_run.clone(),
        docker: attributes.docker.as_ref().map(ToString::to_string),
        check: attributes.check.clone(),
        solution: attributes.solution.clone(),
        should_fail: attributes.should_fail,
        exit: attributes.exit,
        retry_seconds: attributes.retry.map(|retry| retry.as_secs_f64()),
        timeout_seconds: timeout.as_secs_f64(),
        commands: commands
            .map(|command| ListedCommand {
                text: command.text(),
                prompt: command.prompt.clone(),
                keys: command.keys,
                line: page.source.place(command.start()).line,
            })
            .collect(),
    }
}

/// What a machine of the page is called.
fn machine(page: &Page, machine: MachineId) -> String {
    let named = page.machine_name(machine);
    named.unwrap_or(seaworthy_runner::MACHINE).to_owned()
}

fn print(book: &Book) {
    let (mut run, mut not_run) = (0, 0);
    for page in book.pages.iter().filter(|page| !page.steps.is_empty()) {
        // A page at a time: printing each line by itself takes longer than reading the page.
        let mut lines = vec![book.shown(&page.file)];
        for step in &page.steps {
            let (place, said) = match step {
                Step::Session(step) => {
                    match step.attributes.no_run {
                        None => run += 1,
                        Some(_) => not_run += 1,
                    }
                    (&step.place, describe(page, step))
                }
                Step::Diagram(step) => {
                    let verified = if step.verify {
                        ", compared with the engine"
                    } else {
                        ""
                    };
                    (&step.place, format!("diagram{verified}"))
                }
                Step::File(step) => (
                    &step.place,
                    format!("writes {}{}", step.path, on(page, step.machine)),
                ),
                Step::Archive(step) => (
                    &step.place,
                    format!("unpacks {}{}", step.name(), on(page, step.machine)),
                ),
                Step::Malformed(_) => continue,
                Step::Listed(step) => {
                    not_run += 1;
                    (
                        &step.place,
                        format!(
                            "not run: a `{}` block is no session; `console` is",
                            step.language
                        ),
                    )
                }
            };
            let at = if place.file == page.file {
                place.line.to_string()
            } else {
                format!("{}:{}", book.shown(&place.file), place.line)
            };
            lines.push(format!("{at:>6}  {said}"));
        }
        for folder in &page.copied {
            let files = folder.files.len();
            lines.push(format!("        copies: {} ({files} files)", folder.name));
        }
        if !page.images.is_empty() {
            let images: Vec<_> = page.images.iter().map(|i| i.reference.as_str()).collect();
            lines.push(format!("        images: {}", images.join(", ")));
        }
        crate::outln!("{}", lines.join("\n"));
    }
    crate::outln!("{run} to run, {not_run} not run");
}

/// Where something is, on a page that names its machines.
fn on(page: &Page, on: MachineId) -> String {
    match page.settings.machines.len() {
        0 => String::new(),
        _ => format!(" on {}", machine(page, on)),
    }
}

/// A session in one line.
fn describe(page: &Page, step: &SessionStep) -> String {
    let attributes = &step.attributes;
    if let Some(reason) = &attributes.no_run {
        return format!("not run: {reason}");
    }
    let commands = step.session.commands.iter().filter(|c| c.runs).count();
    let mut said = format!("session of {}", counted(commands, "command", "commands"));
    said.push_str(&on(page, step.machine));
    if let Some(id) = &attributes.check {
        said.push_str(&format!(", checks the exercise {id}"));
    }
    if let Some(id) = &attributes.solution {
        said.push_str(&format!(", solves the exercise {id}"));
    }
    if attributes.hidden {
        said.push_str(", hidden");
    }
    if attributes.should_fail {
        said.push_str(", the last must fail");
    }
    if let Some(code) = attributes.exit {
        said.push_str(&format!(", exit {code}"));
    }
    if let Some(retry) = attributes.retry {
        said.push_str(&format!(", retried for {} s", retry.as_secs_f64()));
    }
    if let Some(versions) = &attributes.docker {
        said.push_str(&format!(", on Docker Engine {versions}"));
    }
    if let Some(claim) = &attributes.proves {
        said.push_str(&format!(", proves: {claim}"));
    }
    said
}
