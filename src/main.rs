//! The program `seaworthy`.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use seaworthy::{cli::Cli, commands, exit};

/// A site is made of very many small strings, which the system's allocator hands out more slowly.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match commands::run(&Cli::parse()) {
        Ok(exit) => exit.into(),
        Err(error) => {
            let styled = std::io::stderr().is_terminal();
            anstream::eprintln!("{}", commands::told(&error, styled));
            exit::of_error(&error).into()
        }
    }
}
