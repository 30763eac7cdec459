//! `seaworthy draw`: the networks of a Compose file as a picture or in words.

use std::io::IsTerminal;
use std::path::Path;

use anyhow::{Context, Result};
use seaworthy_blocks::{Diagnostic, Fault, render};
use seaworthy_network::{Diagram, SvgOptions};

use crate::exit::{Exit, Usage};

pub(super) fn run(file: &Path, output: Option<&Path>, text: bool) -> Result<Exit> {
    let compose = std::fs::read_to_string(file)
        .with_context(|| Usage(format!("can't read `{}`", file.display())))?;
    let (diagram, faults) = match Diagram::parse_compose_file(&compose) {
        Ok((diagram, warnings)) => (Some(diagram), warnings),
        Err(faults) => (None, faults),
    };
    tell(file, &compose, faults);
    let Some(diagram) = diagram else {
        return Ok(Exit::Usage);
    };
    let drawn = if text {
        diagram.text()
    } else {
        diagram.svg(&SvgOptions {
            standalone: true,
            ..SvgOptions::default()
        })
    };
    let drawn = format!("{}\n", drawn.trim_end());
    match output {
        Some(path) => super::write_whole(path, &drawn)?,
        None => crate::out!("{drawn}"),
    }
    Ok(Exit::Holds)
}

fn tell(file: &Path, compose: &str, faults: Vec<Fault>) {
    let diagnostics = faults.into_iter().map(|fault| Diagnostic {
        file: file.display().to_string(),
        source: compose.into(),
        fault,
    });
    let diagnostics: Vec<_> = diagnostics.collect();
    if !diagnostics.is_empty() {
        crate::errln!("{}", render(&diagnostics, std::io::stderr().is_terminal()));
    }
}
