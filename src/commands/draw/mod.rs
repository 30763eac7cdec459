//! `seaworthy draw`: the networks of a Compose project, or of a running engine, as a picture or in words.

mod engine;
mod files;

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use seaworthy_blocks::Diagnostic;
use seaworthy_network::{Diagram, Project, ProjectError, SvgOptions};

use crate::cli::DrawArguments;
use crate::error::{Result, Usage};
use crate::exit::Exit;
use crate::files::write_whole;
use crate::output::{rendered, xml};
use files::Files;

pub(super) fn run(arguments: &DrawArguments) -> Result<Exit> {
    let Some(diagram) = diagram(arguments)? else {
        return Ok(Exit::Usage);
    };
    let diagram = hidden(diagram, &arguments.hide)?;
    let drawn = if arguments.text {
        format!("{}\n", diagram.text().trim_end())
    } else {
        let options = SvgOptions {
            standalone: true,
            ..SvgOptions::default()
        };
        xml(&format!("{}\n", diagram.svg(&options)))
    };
    match &arguments.output {
        Some(path) => write_whole(path, &drawn)?,
        None => crate::out!("{drawn}"),
    }
    Ok(Exit::Holds)
}

/// The picture that is asked for; `None` if its source can't be drawn, which is told.
fn diagram(arguments: &DrawArguments) -> Result<Option<Diagram>> {
    if let Some(address) = &arguments.engine {
        return engine::read(address, arguments.project.as_deref()).map(Some);
    }
    let [old, new] = arguments.diff.as_slice() else {
        return read_project(arguments, arguments.from.as_deref());
    };
    // Both are read, and the faults of both are told.
    let old = read_project(arguments, Some(old))?;
    let new = read_project(arguments, Some(new))?;
    Ok(old.zip(new).map(|(old, new)| new.since(&old)))
}

/// Reads the Compose project that is asked for, and tells what is wrong with it. `None` if it can't be drawn.
fn read_project(arguments: &DrawArguments, from: Option<&Path>) -> Result<Option<Diagram>> {
    let files = Files::default();
    let project = project(arguments, from);
    let read = Diagram::load(&project, &files);
    if let Some(output) = &arguments.output {
        refuse_to_overwrite(output, &files.read())?;
    }
    match read {
        Ok((diagram, warnings)) => {
            tell(&warnings);
            Ok(Some(diagram))
        }
        Err(ProjectError::Faults(faults)) => {
            tell(&faults);
            Ok(None)
        }
        Err(ProjectError::Unread { path, why }) => {
            Err(Usage(format!("can't read `{path}`: {why}")).into())
        }
        Err(ProjectError::NoFile { folder }) => Err(Usage(format!(
            "there is no Compose file in `{folder}`: name the file, a folder that has one, or `-` for standard input; `--engine` draws what runs"
        ))
        .into()),
    }
}

/// The project that the command line means.
fn project(arguments: &DrawArguments, from: Option<&Path>) -> Project {
    let shown = |path: &Path| path.display().to_string();
    let mut project = Project {
        files: arguments.files.iter().map(|path| shown(path)).collect(),
        env_files: arguments.env_file.iter().map(|path| shown(path)).collect(),
        profiles: arguments.profile.clone(),
        ..Project::default()
    };
    match from {
        Some(folder) if folder.is_dir() => project.folder = shown(folder),
        Some(file) => project.files.push(shown(file)),
        None => {}
    }
    if let Some(first) = project
        .files
        .first()
        .filter(|file| *file != files::STANDARD_INPUT)
    {
        let folder = Path::new(first).parent();
        project.folder = folder
            .map(|folder| folder.display().to_string())
            .unwrap_or_default();
    }
    project
}

/// The picture without these networks.
fn hidden(mut diagram: Diagram, networks: &[String]) -> Result<Diagram> {
    for name in networks {
        diagram.hide(name).map_err(Usage)?;
    }
    Ok(diagram)
}

/// A drawing never replaces what it was made from.
fn refuse_to_overwrite(output: &Path, sources: &[PathBuf]) -> Result<()> {
    let Some(source) = sources.iter().find(|source| is_same(source, output)) else {
        return Ok(());
    };
    Err(Usage(format!(
        "`{}` is the Compose file itself, and the drawing would overwrite it: write to another file, as in `-o {}`",
        output.display(),
        source.with_extension("svg").display()
    ))
    .into())
}

/// Whether two paths lead to one ordinary file, by whatever names.
fn is_same(one: &Path, other: &Path) -> bool {
    let known = |path: &Path| fs::metadata(path).ok().filter(fs::Metadata::is_file);
    match (known(one), known(other)) {
        (Some(one), Some(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

fn tell(diagnostics: &[Diagnostic]) {
    if !diagnostics.is_empty() {
        crate::errln!("{}", rendered(diagnostics));
    }
}
