//! The commands of the program, a module for each.

mod accept;
mod build;
pub mod check;
mod clean;
mod doctor;
mod draw;
mod install;
mod interrupts;
mod list;
mod new;
mod report;
mod serve;
mod watch;

use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::Result;
use clap::CommandFactory;
use mdbook_seaworthy::Faults;

use crate::cli::{Cli, Command};
use crate::exit::Exit;
use crate::output::Style;

/// Runs the command that was asked for.
///
/// # Errors
/// What kept the command from doing its work; [`crate::exit::of_error`] gives its exit code.
pub fn run(cli: &Cli) -> Result<Exit> {
    match &cli.command {
        Command::New { dir, title } => new::run(dir, title.as_deref()),
        Command::Install {
            book,
            theme,
            dry_run,
        } => install::run(book, *theme, *dry_run),
        Command::Build { book, only_ours } => build::run(book, *only_ours),
        Command::Serve {
            book,
            port,
            only_ours,
        } => serve::run(book, *port, *only_ours),
        Command::Check(arguments) => check::run(arguments),
        Command::Accept { names, all, start } => accept::run(names, *all, start.runtime()),
        Command::List { book, format } => list::run(book, *format),
        Command::Draw { file, output, text } => draw::run(file, output.as_deref(), *text),
        Command::Report(command) => report::run(command),
        Command::Completions { shell } => {
            let mut command = Cli::command();
            let name = command.get_name().to_owned();
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut command, name, &mut script);
            crate::out!("{}", String::from_utf8_lossy(&script));
            Ok(Exit::Holds)
        }
        Command::Doctor(start) => doctor::run(start.runtime()),
        Command::Clean { all } => clean::run(*all),
    }
}

/// What a person is told of an error: on stderr with colours, which the stream takes out where none are wanted; elsewhere
/// not `styled`.
#[must_use]
pub fn told(error: &anyhow::Error, styled: bool) -> String {
    match error.downcast_ref::<Faults>() {
        Some(faults) => crate::output::ours(&faults.render(styled)),
        None => format!("error: {error:#}"),
    }
}

/// A file that couldn't be written.
#[derive(Debug, thiserror::Error)]
#[error("can't write `{}`: {why}", path.display())]
pub struct Unwritten {
    path: PathBuf,
    why: io::Error,
}

/// Writes a file so that a reader sees the old one or the new one, whole. A link stays one; what is
/// no ordinary file, such as a pipe, is written to.
fn write_whole(path: &Path, text: &str) -> Result<(), Unwritten> {
    let unwritten = |why| Unwritten {
        path: path.to_path_buf(),
        why,
    };
    let target = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let known = fs::metadata(&target).ok();
    if known.as_ref().is_some_and(|known| !known.is_file()) {
        return fs::write(&target, text).map_err(unwritten);
    }
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(unwritten)?;
    }
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", std::process::id()));
    let temporary = target.with_file_name(name);
    let written = fs::write(&temporary, text)
        .and_then(|()| match &known {
            Some(known) => fs::set_permissions(&temporary, known.permissions()),
            None => Ok(()),
        })
        .and_then(|()| fs::rename(&temporary, &target));
    written.map_err(|why| {
        // What was half-made goes; why it failed is the news.
        let _ = fs::remove_file(&temporary);
        unwritten(why)
    })
}

/// Waits for one's turn to change the file at `path`, among all that do so by this function; it lasts as long as the value.
fn lock(path: &Path) -> Result<fs::File, Unwritten> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".lock");
    let path = path.with_file_name(name);
    let taken = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = fs::File::options().create(true).append(true).open(&path)?;
        file.lock()?;
        Ok(file)
    };
    taken().map_err(|why| Unwritten {
        path: path.clone(),
        why,
    })
}

/// Shows how a file changes, on stdout.
fn show_difference(file: &str, before: &str, after: &str) {
    let diff = similar::TextDiff::from_lines(before, after);
    let unified = diff.unified_diff().header(file, file).to_string();
    for line in unified.lines() {
        let style = Style(match line.bytes().next() {
            Some(b'+') => anstyle::AnsiColor::Green.on_default(),
            Some(b'-') => anstyle::AnsiColor::Red.on_default(),
            _ => anstyle::Style::new(),
        });
        crate::outln!("{style}{line}{style:#}");
    }
}

/// A runtime for the commands that talk to an engine.
fn runtime() -> Result<tokio::runtime::Runtime> {
    // As much as the main thread has. A page's work is one future, which is large where it isn't optimised.
    const STACK: usize = 8 << 20;
    Ok(tokio::runtime::Builder::new_multi_thread()
        .thread_stack_size(STACK)
        .enable_all()
        .build()?)
}
