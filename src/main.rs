//! The program `seaworthy`.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use mdbook_seaworthy::Faults;
use seaworthy::{cli::Cli, commands, exit};

/// A site is made of very many small strings, which the system's allocator hands out more slowly.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match commands::run(&Cli::parse()) {
        Ok(exit) => exit.into(),
        Err(error) => {
            match error.downcast_ref::<Faults>() {
                Some(faults) => {
                    anstream::eprintln!("{}", faults.render(std::io::stderr().is_terminal()));
                }
                None => anstream::eprintln!("error: {error:#}"),
            }
            exit::of_error(&error).into()
        }
    }
}
