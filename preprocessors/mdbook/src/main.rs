//! The program `mdbook-seaworthy`: the preprocessor for those who call `mdbook`.
//!
//! mdBook asks `mdbook-seaworthy supports RENDERER`, then gives the book as JSON on standard input
//! and takes it back on standard output.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use mdbook_preprocessor::{MDBOOK_VERSION, errors, parse_input};
use mdbook_seaworthy::{
    BookFiles, LastCheck, LastCheckError, NAME, Seaworthy, SiteError, of_other_versions, same_minor,
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
            error.tell();
            ExitCode::from(2)
        }
    }
}

fn supports(renderer: &str) -> ExitCode {
    if mdbook_seaworthy::supports(renderer) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What kept the program from its work.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    /// What mdBook gives can't be read.
    #[error("{0:#}")]
    Input(errors::Error),
    /// The report of the last check can't be used.
    #[error(transparent)]
    Report(#[from] LastCheckError),
    /// The book can't be made ready for its site.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// Nobody takes the book back.
    #[error("can't give the book back: {0}")]
    Output(serde_json::Error),
}

impl Trouble {
    /// Says so on stderr, in colours where they are wanted.
    fn tell(&self) {
        match self {
            Self::Site(SiteError::Faults(faults)) => tell(&faults.render(true)),
            trouble => eprintln!("error: {}", visible(&trouble.to_string())),
        }
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

fn preprocess() -> Result<(), Trouble> {
    let (context, book) = parse_input(io::stdin().lock()).map_err(Trouble::Input)?;
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
    let book = Seaworthy::new(warn).expand(&context, book)?;
    serde_json::to_writer(io::stdout().lock(), &book).map_err(Trouble::Output)
}
