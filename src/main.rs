//! The program `seaworthy`.

use std::process::ExitCode;

use clap::Parser;
use seaworthy::cli::Cli;
use seaworthy::exit::{self, Exit};
use seaworthy::{commands, errln, out, output};

/// A site is made of very many small strings, which the system's allocator hands out more slowly.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let code = match Cli::try_parse() {
        Ok(cli) => run(&cli).into(),
        Err(said) => usage(&said),
    };
    match output::finish() {
        Ok(()) => code,
        Err(error) => {
            errln!("error: {error}");
            Exit::Unfinished.into()
        }
    }
}

fn run(cli: &Cli) -> Exit {
    commands::run(cli).unwrap_or_else(|error| {
        errln!("{}", commands::told(&error, true));
        exit::of_error(&error)
    })
}

/// Prints help, the version, or what is wrong with the command line.
fn usage(said: &clap::Error) -> ExitCode {
    // Styled by clap, and what it repeats was typed by the caller.
    let text = output::ours(&said.render().ansi().to_string());
    if said.use_stderr() {
        errln!("{}", text.trim_end());
        Exit::Usage.into()
    } else {
        out!("{text}");
        Exit::Holds.into()
    }
}
