//! The commands of the program, a module for each.

mod accept;
mod build;
mod check;
mod clean;
mod doctor;
mod draw;
mod list;

use std::path::Path;

use anyhow::{Context, Result};

use crate::cli::{Cli, Command};
use crate::exit::Exit;

/// Runs the command that was asked for.
///
/// # Errors
/// What kept the command from doing its work; [`crate::exit::of_error`] gives its exit code.
pub fn run(cli: &Cli) -> Result<Exit> {
    match &cli.command {
        Command::Build { book } => build::run(book),
        Command::Check(arguments) => check::run(arguments),
        Command::Accept { names, all } => accept::run(names, *all),
        Command::List { book, format } => list::run(book, *format),
        Command::Draw { file, output, text } => draw::run(file, output.as_deref(), *text),
        Command::Doctor => doctor::run(),
        Command::Clean { all } => clean::run(*all),
    }
}

/// Writes a file so that a reader sees the old one or the new one, whole.
fn write_whole(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let context = || format!("can't write {}", path.display());
    std::fs::create_dir_all(folder).with_context(context)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", std::process::id()));
    let temporary = path.with_file_name(name);
    std::fs::write(&temporary, text).with_context(context)?;
    std::fs::rename(&temporary, path).with_context(context)
}

/// A runtime for the commands that talk to an engine.
fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?)
}
