//! `seaworthy accept`: what the machine printed becomes what the page shows.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::book::Book;
use crate::cli::SetArguments;
use crate::edits::{Edits, plan};
use crate::error::{Result, Unwritten};
use crate::exit::Exit;
use crate::files::write_whole;
use crate::output::show_difference;
use crate::reporters::{self, Format};
use seaworthy_machine::MachineOptions;
use seaworthy_page::Page;
use seaworthy_runner::{Accept, Checked, Options};

use super::check::Done;
use super::interrupts::Interrupts;
use super::loaded::Named;
use super::runtime;

pub(super) fn run(
    names: &[PathBuf],
    set: &SetArguments,
    all: bool,
    runtime: Option<String>,
) -> Result<Exit> {
    let named = Named::new(names);
    let names = named.pages();
    let book = named.load(set)?;
    let pages = super::check::selected(&book, names)?;
    super::check::something_runs(&pages, !names.is_empty())?;
    let accept = if all { Accept::All } else { Accept::Failing };
    let work = async {
        let mut interrupts = Interrupts::listen()?;
        printed(&book, &pages, Some(accept), runtime, &mut interrupts).await
    };
    let Some(checked) = runtime::start()?.block_on(work)? else {
        return Ok(Exit::Interrupted);
    };
    let done = Done::of(std::slice::from_ref(&checked.run), checked.lost);
    let mut edits = plan(checked.changes);
    edits.keep_only_sound(&book, &pages);
    let changed = write(&book, &mut edits)?;
    for refusal in &edits.refused {
        crate::errln!("not changed: {refusal}");
    }
    crate::outln!(
        "{}",
        match changed {
            0 => "no file changed".to_owned(),
            1 => "1 file changed; `seaworthy check` verifies it".to_owned(),
            n => format!("{n} files changed; `seaworthy check` verifies them"),
        }
    );
    match done.exit(!names.is_empty(), false)? {
        Exit::Holds if !edits.refused.is_empty() => Ok(Exit::Fails),
        exit => Ok(exit),
    }
}

/// Runs `pages` without a report, for what they print: the changes that would `accept` it, if that is asked for. `None` if a
/// signal came, even at its end: who interrupts it wants nothing changed.
pub(super) async fn printed(
    book: &Book,
    pages: &[Arc<Page>],
    accept: Option<Accept>,
    runtime: Option<String>,
    interrupts: &mut Interrupts,
) -> Result<Option<Checked>> {
    let options = Options {
        root: book.root.to_string_lossy().into_owned(),
        keep_going: true,
        accept,
        jobs: None,
        earlier: None,
        keep_machine: false,
    };
    let machine = MachineOptions {
        runtime,
        ..MachineOptions::default()
    };
    let reporter = reporters::new(pages.len(), &options.root, Format::Pretty);
    let engines = (&[] as &[String], machine);
    let work = super::check::execute(
        engines,
        pages.to_vec(),
        options,
        reporter.clone(),
        interrupts,
    );
    let checked = work.await?.filter(|_| !interrupts.came());
    reporter.stop();
    Ok(checked)
}

/// Writes the changed files, each whole or not at all, and shows how; gives their number. A file
/// that isn't what it was when its sessions ran is refused.
pub(super) fn write(book: &Book, edits: &mut Edits) -> Result<usize, Unwritten> {
    let mut changed = 0;
    for (file, changes) in &edits.files {
        // A book may read elsewhere; what it may change is its own.
        let name = Path::new(file);
        let path = book.files.written(name);
        let (path, before) = match path.and_then(|path| Ok((path, book.files.text(name)?))) {
            Ok(both) => both,
            Err(why) => {
                edits.refused.push(format!("{}: {why}", book.shown(file)));
                continue;
            }
        };
        let Some(after) = Edits::apply(changes, &before) else {
            let refusal = format!("{file} was edited while its sessions ran");
            edits.refused.push(refusal);
            continue;
        };
        write_whole(&path, &after)?;
        changed += 1;
        show_difference(&book.shown(file), &before, &after);
    }
    Ok(changed)
}
