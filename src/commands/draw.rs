//! `seaworthy draw`: the networks of a Compose file as a picture or in words.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use seaworthy_blocks::{Diagnostic, Fault};
use seaworthy_network::{Diagram, SvgOptions};

use crate::error::{Explain, Result, Usage};
use crate::exit::Exit;
use crate::files::write_whole;
use crate::output::{rendered, xml};

/// The most that a Compose file may hold.
const LARGEST: u64 = 8 * 1024 * 1024;

pub(super) fn run(file: &Path, output: Option<&Path>, text: bool) -> Result<Exit> {
    if let Some(output) = output.filter(|output| is_same(file, output)) {
        let said = format!(
            "`{}` is the Compose file itself, and the drawing would overwrite it: write to another file, as in `-o {}`",
            output.display(),
            file.with_extension("svg").display()
        );
        return Err(Usage(said).into());
    }
    let compose = read(file).or_usage(|| format!("can't read `{}`", file.display()))?;
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
    let drawn = if text { drawn } else { xml(&drawn) };
    match output {
        Some(path) => write_whole(path, &drawn)?,
        None => crate::out!("{drawn}"),
    }
    Ok(Exit::Holds)
}

/// The text of `file`, which may be a pipe: `<(docker compose config)`.
fn read(file: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(file)?
        .take(LARGEST + 1)
        .read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST {
        let said = format!("it holds more than {} MiB", LARGEST / 1024 / 1024);
        return Err(io::Error::other(said));
    }
    Ok(text)
}

/// Whether two paths lead to one ordinary file, by whatever names.
fn is_same(one: &Path, other: &Path) -> bool {
    let known = |path: &Path| fs::metadata(path).ok().filter(fs::Metadata::is_file);
    match (known(one), known(other)) {
        (Some(one), Some(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

fn tell(file: &Path, compose: &str, faults: Vec<Fault>) {
    let diagnostics = faults.into_iter().map(|fault| Diagnostic {
        file: file.display().to_string(),
        source: compose.into(),
        fault,
    });
    let diagnostics: Vec<_> = diagnostics.collect();
    if !diagnostics.is_empty() {
        crate::errln!("{}", rendered(&diagnostics));
    }
}
