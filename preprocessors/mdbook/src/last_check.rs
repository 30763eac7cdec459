//! The report of the last check, and whether it is to be believed. Enter at [`LastCheck::read`].
//!
//! A report is no proof by itself: it is a file that anybody could write. It is believed where it was made by a check on
//! this computer, or brought here by whoever runs the build. One that comes with the book's sources, through git, is a
//! claim of the book's author, and so is one that contradicts itself.

use std::path::Path;
use std::process::{Command, Stdio};

use seaworthy_blocks::{Diagnostic, Fault, FaultCode};
use seaworthy_report::{PATH, ReadError, Report};

use crate::{BookFiles, LARGEST_REPORT, PathFault};

/// What is known of the last check.
#[derive(Debug)]
pub enum LastCheck {
    /// There was none.
    None,
    /// Its report.
    Known(Box<Report>),
    /// There is a report, and it is not to be believed.
    Doubted(Diagnostic),
}

/// A report that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum LastCheckError {
    /// Its file can't be read.
    #[error("can't read `{PATH}`: {0}")]
    Unread(PathFault),
    /// It is no report, or one of another version.
    #[error("can't use `{PATH}`: {0}")]
    Unusable(ReadError),
}

impl LastCheck {
    /// Reads the report of the book of `files`.
    ///
    /// # Errors
    /// If it can't be read, or isn't one.
    pub fn read(files: &BookFiles) -> Result<Self, LastCheckError> {
        let json = match files.text_of(Path::new(PATH), LARGEST_REPORT) {
            Ok(json) => json,
            Err(PathFault::Missing) => return Ok(Self::None),
            Err(why) => return Err(LastCheckError::Unread(why)),
        };
        let report = Report::from_json(&json).map_err(LastCheckError::Unusable)?;
        let fault = if is_tracked(files.root()) {
            Fault::warning(FaultCode::DoubtedReport, 0..0, "git tracks the report of the last check, so it is not believed: whoever writes the book could have written it")
                .help(format!("`git rm --cached {PATH}`, and let git ignore its folder, as `seaworthy install` does; then run `seaworthy check`"))
        } else if let Some(why) = report.contradiction() {
            Fault::warning(
                FaultCode::DoubtedReport,
                0..0,
                format!(
                    "the report of the last check contradicts itself, so it is not believed: {why}"
                ),
            )
            .help("run `seaworthy check` again")
        } else {
            return Ok(Self::Known(Box::new(report)));
        };
        Ok(Self::Doubted(Diagnostic {
            file: PATH.to_owned(),
            source: "".into(),
            fault,
        }))
    }

    /// The report, if there is one that is to be believed.
    #[must_use]
    pub fn believed(self) -> Option<Report> {
        match self {
            Self::Known(report) => Some(*report),
            Self::None | Self::Doubted(_) => None,
        }
    }

    /// Why it isn't believed, if it isn't.
    #[must_use]
    pub fn doubt(&self) -> Option<&Diagnostic> {
        match self {
            Self::Doubted(why) => Some(why),
            Self::None | Self::Known(_) => None,
        }
    }
}

/// Whether git tracks the report of the book at `root`. Where there is no git, or no repository, nothing is tracked.
fn is_tracked(root: &Path) -> bool {
    let mut git = Command::new("git");
    // What a stranger's repository configures is not run, and one that belongs to another user is read all the same.
    git.args(["-c", "core.fsmonitor=false", "-c", "safe.directory=*"])
        .args(["ls-files", "--error-unmatch", "--", PATH])
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // A hook's environment names its own repository.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        git.env_remove(name);
    }
    git.status().is_ok_and(|status| status.success())
}
