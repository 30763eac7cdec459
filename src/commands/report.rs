//! `seaworthy report`: print, merge or describe reports.

use std::path::{Path, PathBuf};

use mdbook_seaworthy::{BookFiles, LARGEST_REPORT, PathFault};
use seaworthy_report::{self as report, Report};
use serde_json::Value;

use crate::cli::ReportCommand;
use crate::error::{Explain, Result, Usage};
use crate::exit::Exit;
use crate::files::write_whole;
use crate::output::json;
use crate::reporters::{self, Format};

pub(super) fn run(command: &ReportCommand) -> Result<Exit> {
    match command {
        ReportCommand::Show { report, format } => show(report, *format)?,
        ReportCommand::Merge { reports, output } => merge(reports, output.as_deref())?,
        ReportCommand::Schema => {
            let schema = schemars::schema_for!(Report);
            let schema = serde_json::to_string_pretty(&schema);
            crate::outln!(
                "{}",
                schema.or_system(|| "can't write the schema".to_owned())?
            );
        }
    }
    Ok(Exit::Holds)
}

fn show(path: &Path, format: Format) -> Result<(), Usage> {
    let (report, prefix) = if path.is_dir() {
        let prefix = reporters::prefix(&path.to_string_lossy());
        (of_book(path)?, prefix)
    } else {
        (read(path)?, String::new())
    };
    reporters::print(&report, format, &prefix);
    Ok(())
}

fn merge(names: &[PathBuf], output: Option<&Path>) -> Result<()> {
    let mut reports = Vec::new();
    for path in files(names)? {
        reports.push((path.display().to_string(), read(&path)?));
    }
    let wrong = report::incomplete(&reports);
    if !wrong.is_empty() {
        let said = format!(
            "these reports are not all of one check:\n  {}\na job that was given no page writes one with `--allow-nothing-run`",
            wrong.join("\n  ")
        );
        return Err(Usage(said).into());
    }
    let mut reports = reports.into_iter();
    let (_, mut whole) = reports
        .next()
        .ok_or_else(|| Usage("no report was named".to_owned()))?;
    for (name, report) in reports {
        if let Err(page) = whole.merge(report) {
            let said = format!(
                "`{name}`: an earlier report checked `{page}` on the same engine too: merge the reports of one check, split by `--shard`"
            );
            return Err(Usage(said).into());
        }
    }
    match output {
        Some(output) => {
            refuse_stranger(output)?;
            write_whole(output, &whole.to_json())?;
        }
        None => crate::out!("{}", json(&whole.to_json())),
    }
    Ok(())
}

/// The files that are named, and those of the folders that are named: all whose names end in `.json`, in the order of their
/// names.
fn files(names: &[PathBuf]) -> Result<Vec<PathBuf>, Usage> {
    let mut files = Vec::new();
    for name in names {
        if !name.is_dir() {
            files.push(name.clone());
            continue;
        }
        let mut found = Vec::new();
        let entries = std::fs::read_dir(name);
        for entry in entries.or_usage(|| format!("can't read `{}`", name.display()))? {
            let path = entry
                .or_usage(|| format!("can't read `{}`", name.display()))?
                .path();
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                found.push(path);
            }
        }
        if found.is_empty() {
            let said = format!(
                "there is no report in `{}`, no file `*.json`",
                name.display()
            );
            return Err(Usage(said));
        }
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

/// Makes sure that a report written to `path` replaces nothing but a report: a slip of the finger isn't to cost a page.
///
/// # Errors
/// If something else is there.
pub(super) fn refuse_stranger(path: &Path) -> Result<(), Usage> {
    let known = std::fs::metadata(path).ok();
    let Some(known) = known.filter(|known| known.is_file() && known.len() > 0) else {
        return Ok(());
    };
    let is_report = known.len() <= LARGEST_REPORT
        && std::fs::read_to_string(path).is_ok_and(|text| {
            let json: Option<Value> = serde_json::from_str(&text).ok();
            json.is_some_and(|json| json.get("runs").is_some())
        });
    if !is_report {
        return Err(Usage(format!(
            "`{}` is no report, and would be overwritten: name another file, or remove this one",
            path.display()
        )));
    }
    Ok(())
}

/// The last report of the book at `root`.
fn of_book(root: &Path) -> Result<Report, Usage> {
    let path = root.join(report::PATH);
    let files = BookFiles::new(root, &[]);
    match files.text_of(Path::new(report::PATH), LARGEST_REPORT) {
        Ok(json) => Report::from_json(&json).or_usage(|| format!("`{}`", path.display())),
        // Says what would write one.
        Err(PathFault::Missing) => read(&path),
        Err(why) => Err(why).or_usage(|| format!("can't read `{}`", path.display())),
    }
}

fn read(path: &Path) -> Result<Report, Usage> {
    let json = std::fs::read_to_string(path).or_usage(|| {
        format!(
            "can't read `{}`: `seaworthy check` writes a report, `--report FILE` a copy of it",
            path.display()
        )
    })?;
    Report::from_json(&json).or_usage(|| format!("`{}`", path.display()))
}
