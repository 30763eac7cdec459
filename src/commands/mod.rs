//! The commands of the program, a module for each.

mod build;
mod check;
mod clean;
mod doctor;
mod list;

use anyhow::Result;

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
        Command::List { book, format } => list::run(book, *format),
        Command::Doctor => doctor::run(),
        Command::Clean { all } => clean::run(*all),
    }
}

/// A runtime for the commands that talk to an engine.
fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?)
}
