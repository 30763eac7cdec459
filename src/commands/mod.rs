//! The commands of the program, a module for each.

mod accept;
mod audit;
mod build;
mod check;
mod clean;
mod doctor;
mod draw;
mod drift;
mod install;
mod interrupts;
mod lab;
mod list;
mod loaded;
mod lsp;
mod machine;
mod mutants;
mod new;
mod report;
mod runtime;
mod serve;
mod watch;

use clap::CommandFactory;

use crate::cli::{Cli, Command};
use crate::error::Result;
use crate::exit::Exit;

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
        Command::Lab(arguments) => lab::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Audit(arguments) => audit::run(arguments),
        Command::Accept {
            names,
            all,
            set,
            start,
        } => accept::run(names, set, *all, start.runtime()),
        Command::List { names, set, format } => list::run(names, set, *format),
        Command::Drift(arguments) => drift::run(arguments),
        Command::Lsp => lsp::run(),
        Command::Mutants(arguments) => mutants::run(arguments),
        Command::Draw(arguments) => draw::run(arguments),
        Command::Report(command) => report::run(command),
        Command::Completions { shell } => {
            let mut command = Cli::command();
            let name = command.get_name().to_owned();
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut command, name, &mut script);
            crate::out!("{}", String::from_utf8_lossy(&script));
            Ok(Exit::Holds)
        }
        Command::Machine(command) => machine::run(command),
        Command::Doctor(start) => doctor::run(start.runtime()),
        Command::Clean { all } => clean::run(*all),
    }
}
