//! `seaworthy report`: print, merge or describe reports.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use seaworthy_report::{self as report, Report};

use crate::cli::{Format, ReportCommand};
use crate::exit::{Exit, Usage};
use crate::reporters;

pub(super) fn run(command: &ReportCommand) -> Result<Exit> {
    match command {
        ReportCommand::Show { report, format } => show(report, *format)?,
        ReportCommand::Merge { reports, output } => merge(reports, output.as_deref())?,
        ReportCommand::Schema => {
            let schema = schemars::schema_for!(Report);
            crate::outln!("{}", serde_json::to_string_pretty(&schema)?);
        }
    }
    Ok(Exit::Holds)
}

fn show(path: &Path, format: Format) -> Result<()> {
    let (path, prefix) = if path.is_dir() {
        let prefix = reporters::prefix(&path.to_string_lossy());
        (path.join(report::PATH), prefix)
    } else {
        (path.to_path_buf(), String::new())
    };
    let report = read(&path)?;
    crate::out!("{}", reporters::render(&report, format, &prefix));
    Ok(())
}

fn merge(paths: &[PathBuf], output: Option<&Path>) -> Result<()> {
    let mut reports = paths.iter().map(|path| read(path));
    let mut whole = reports
        .next()
        .context(Usage("no report was named".to_owned()))??;
    for (report, path) in reports.zip(&paths[1..]) {
        let report = report?;
        if let Err(page) = whole.merge(report) {
            bail!(Usage(format!(
                "`{}`: an earlier report checked `{page}` on the same engine too: merge the reports of one check, split by `--shard`",
                path.display()
            )));
        }
    }
    match output {
        Some(output) => super::write_whole(output, &whole.to_json())?,
        None => crate::out!("{}", whole.to_json()),
    }
    Ok(())
}

fn read(path: &Path) -> Result<Report> {
    let json = std::fs::read_to_string(path).with_context(|| {
        Usage(format!(
            "can't read `{}`: `seaworthy check` writes a report, `--report FILE` a copy of it",
            path.display()
        ))
    })?;
    Report::from_json(&json).with_context(|| Usage(format!("`{}`", path.display())))
}
