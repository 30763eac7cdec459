//! The program `mdbook-seaworthy`: the preprocessor for those who call `mdbook`.
//!
//! mdBook asks `mdbook-seaworthy supports RENDERER`, then gives the book as JSON on standard input
//! and takes it back on standard output.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};
use mdbook_preprocessor::{MDBOOK_VERSION, Preprocessor, parse_input};
use mdbook_seaworthy::{
    BookFiles, Faults, LastCheck, NAME, Seaworthy, of_other_versions, same_minor,
};
use seaworthy_blocks::{Diagnostic, render, visible};

const USAGE: &str = "mdbook-seaworthy: an mdBook preprocessor; mdBook runs it.

Add this to book.toml:

  [preprocessor.seaworthy]
  after = [\"links\"]
";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments[..] {
        ["supports", renderer] => return supports(renderer),
        ["--version" | "-V"] => {
            println!("mdbook-seaworthy {}", env!("CARGO_PKG_VERSION"));
            return ExitCode::SUCCESS;
        }
        [] if !io::stdin().is_terminal() => preprocess(),
        [] | ["--help" | "-h"] => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            match error.downcast_ref::<Faults>() {
                Some(faults) => tell(&faults.render(true)),
                None => eprintln!("error: {}", visible(&format!("{error:#}"))),
            }
            ExitCode::from(2)
        }
    }
}

fn supports(renderer: &str) -> ExitCode {
    match Seaworthy::new(warn).supports_renderer(renderer) {
        Ok(true) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Prints on stderr, with colours where they are wanted. If that fails, there is nobody left to be told.
fn tell(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

fn warn(warnings: &[Diagnostic]) {
    if !warnings.is_empty() {
        tell(&render(warnings, true));
    }
}

fn preprocess() -> Result<()> {
    let (context, book) = parse_input(io::stdin().lock())?;
    if !same_minor(&context.mdbook_version, MDBOOK_VERSION) {
        eprintln!(
            "warning: {NAME} was built for mdBook {MDBOOK_VERSION} and is called by {}",
            visible(&context.mdbook_version)
        );
    }
    let files = BookFiles::new(&context.root, &[]);
    warn(&of_other_versions(&files, &context.config));
    warn(
        LastCheck::read(&files)?
            .doubt()
            .map_or(&[], std::slice::from_ref),
    );
    let book = Seaworthy::new(warn).run(&context, book)?;
    serde_json::to_writer(io::stdout().lock(), &book).context("can't give the book back")
}
