//! Draws Compose files: `cargo run -p seaworthy-network --example draw -- FILE [--text | --inline [--id=PREFIX]]`.
//!
//! Prints a standalone SVG, with `--text` the text version, with `--inline` a figure as a page has it;
//! of several on one page, each needs a prefix of its own. `--stylesheet` alone prints the stylesheet for
//! such pages.

use std::process::ExitCode;

use seaworthy_network::{Diagram, SvgOptions, stylesheet};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|a| a == flag);
    if has("--stylesheet") {
        print!("{}", stylesheet());
        return ExitCode::SUCCESS;
    }
    let Some(file) = arguments.iter().find(|a| !a.starts_with("--")) else {
        eprintln!("usage: draw FILE [--text | --inline [--id=PREFIX]], or draw --stylesheet");
        return ExitCode::from(2);
    };
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{file}: {error}");
            return ExitCode::from(2);
        }
    };
    let (diagram, faults) = match Diagram::parse_compose_file(&text) {
        Ok((diagram, warnings)) => (Some(diagram), warnings),
        Err(faults) => (None, faults),
    };
    for fault in &faults {
        let before = &text[..fault.span.start];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        eprintln!(
            "{file}:{line}:{column}: {} ({})\n  {}",
            fault.message, fault.label, fault.help
        );
    }
    let Some(diagram) = diagram else {
        return ExitCode::FAILURE;
    };
    let mut options = SvgOptions {
        standalone: !has("--inline"),
        ..SvgOptions::default()
    };
    if let Some(prefix) = arguments.iter().find_map(|a| a.strip_prefix("--id=")) {
        options.id_prefix = prefix.to_owned();
    }
    if has("--text") {
        print!("{}", diagram.text());
    } else if has("--inline") {
        println!("{}", diagram.figure(&options));
    } else {
        println!("{}", diagram.svg(&options));
    }
    ExitCode::SUCCESS
}
