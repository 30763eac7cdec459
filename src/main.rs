//! The program `seaworthy`.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use seaworthy::{cli::Cli, commands, errln, exit, output};

/// A site is made of very many small strings, which the system's allocator hands out more slowly.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let exit = commands::run(&Cli::parse()).unwrap_or_else(|error| {
        let styled = std::io::stderr().is_terminal();
        errln!("{}", commands::told(&error, styled));
        exit::of_error(&error)
    });
    match output::finish() {
        Ok(()) => exit.into(),
        Err(error) => {
            errln!("error: {error}");
            exit::Exit::Unfinished.into()
        }
    }
}
