//! That git leaves the reports of checks alone: one that it tracks is not believed.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use seaworthy_report::PATH;

use crate::error::{Explain, Result, SystemError};

/// What is added to `.gitignore`: the folder of the report.
const LINE: &str = "/target/seaworthy/";
/// Lines that ignore it too, without the slashes around them.
const LINES: [&str; 3] = ["target", "target/seaworthy", "**/target"];

/// The `.gitignore` of a book, and how it has to change.
pub(super) struct Ignored {
    /// The file, as the caller reaches it.
    pub(super) path: PathBuf,
    /// Its text; nothing if there is none.
    pub(super) before: String,
    /// What it has to be; none if git leaves the report alone already.
    pub(super) after: Option<String>,
}

impl Ignored {
    /// Looks at the book at `root`.
    ///
    /// # Errors
    /// If its `.gitignore` can't be read.
    pub(super) fn of(root: &Path) -> Result<Self, SystemError> {
        let path = root.join(".gitignore");
        let shown = path.strip_prefix(".").unwrap_or(&path).to_path_buf();
        let before = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => Err(error).or_system(|| format!("can't read `{}`", shown.display()))?,
        };
        let ignored = asked(root).unwrap_or_else(|| has_line(&before));
        // A link leads to a file that may be anybody's.
        let ours = !path.is_symlink();
        let after = (!ignored && ours).then(|| with_line(&before));
        Ok(Self {
            path: shown,
            before,
            after,
        })
    }
}

/// Whether git ignores the report; unknown where there is no git, or no repository.
fn asked(root: &Path) -> Option<bool> {
    let asked = duct::cmd!("git", "check-ignore", "--no-index", "--quiet", PATH)
        .dir(root)
        .stderr_null()
        .unchecked()
        .run();
    match asked.ok()?.status.code() {
        Some(0) => Some(true),
        Some(1) => Some(false),
        _ => None,
    }
}

fn has_line(text: &str) -> bool {
    let mut lines = text.lines().map(|line| line.trim().trim_matches('/'));
    lines.any(|line| LINES.contains(&line))
}

fn with_line(text: &str) -> String {
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    format!("{text}{end}{LINE}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_ignore_the_report() {
        for text in ["target", "/target/\n", "book\ntarget/seaworthy/\n", LINE] {
            assert!(has_line(text), "{text}");
        }
        for text in [
            "",
            "# target\n",
            "targets\n",
            "/target/other/\n",
            "!target\n",
        ] {
            assert!(!has_line(text), "{text}");
        }
        assert_eq!(with_line(""), "/target/seaworthy/\n");
        assert_eq!(with_line("book"), "book\n/target/seaworthy/\n");
    }
}
