//! What other versions of Seaworthy left in a book: style sheets and scripts that were installed, and the report.
//!
//! Versions get on if they differ in their last number only; else it is worth a warning, and no more.

use std::path::Path;

use mdbook_preprocessor::config::Config;
use seaworthy_blocks::{Diagnostic, Fault, FaultCode};
use seaworthy_report::PATH;
use serde::Deserialize;

use crate::{BookFiles, LARGEST_REPORT};

/// How a file begins that was installed into a book; the version that wrote it follows.
pub const STAMP: &str = "/* seaworthy ";

/// The version of the preprocessor, and of the companion that it comes with.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Whether two versions differ in their last number at most.
#[must_use]
pub fn same_minor(one: &str, other: &str) -> bool {
    one.split('.').take(2).eq(other.split('.').take(2))
}

/// Warnings of the files in the book of `files` that another version of Seaworthy wrote. What can't be read is not
/// warned of: that is for those who use it.
#[must_use]
pub fn of_other_versions(files: &BookFiles, config: &Config) -> Vec<Diagnostic> {
    let html = config.html_config().unwrap_or_default();
    let mut warnings = Vec::new();
    for file in html.additional_css.iter().chain(&html.additional_js) {
        let text = files.text(file).unwrap_or_default();
        let written_by = text
            .strip_prefix(STAMP)
            .and_then(|rest| rest.split(' ').next());
        if let Some(version) = written_by
            && !same_minor(version, VERSION)
        {
            let start = STAMP.len();
            let span = start..start + version.len();
            let message = format!("this file is of Seaworthy {version}, and this is {VERSION}");
            let fault = Fault::warning(FaultCode::OtherVersion, span, message)
                .label("written by this version")
                .help("`seaworthy install` brings it up to date");
            warnings.push(Diagnostic {
                file: file.to_string_lossy().replace('\\', "/"),
                source: text.into(),
                fault,
            });
        }
    }
    warnings.extend(report(files));
    warnings
}

/// A warning if the report is another version's.
fn report(files: &BookFiles) -> Option<Diagnostic> {
    #[derive(Deserialize)]
    struct Written {
        tool: String,
    }
    let json = files.text_of(Path::new(PATH), LARGEST_REPORT).ok()?;
    let Written { tool } = serde_json::from_str(&json).ok()?;
    if same_minor(&tool, VERSION) {
        return None;
    }
    let start = json.find(&format!("\"{tool}\"")).unwrap_or_default();
    let message = format!("the last check was run by Seaworthy {tool}, and this is {VERSION}");
    let fault = Fault::warning(
        FaultCode::OtherVersion,
        start..start + tool.len() + 2,
        message,
    )
    .label("checked by this version")
    .help("`seaworthy check` runs the sessions with this one");
    Some(Diagnostic {
        file: PATH.to_owned(),
        source: json.into(),
        fault,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_get_on_if_only_their_last_numbers_differ() {
        assert!(same_minor("0.1.0", "0.1.7") && same_minor("1.2.3", "1.2.4-rc.1"));
        assert!(!same_minor("0.1.0", "0.2.0") && !same_minor("1.1.0", "2.1.0"));
        assert!(!same_minor("0.1.0", "0.10.0"));
    }

    #[test]
    fn what_another_version_wrote_is_warned_of() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let toml =
            "[output.html]\nadditional-css = [\"a.css\", \"b.css\", \"own.css\", \"none.css\"]\n";
        let config: Config = toml.parse().unwrap();
        let write = |name: &str, text: &str| {
            let path = root.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("a.css", "/* seaworthy 0.0.9 abc: x */\n");
        write("b.css", &format!("{STAMP}{VERSION} abc: x */\n"));
        write("own.css", "body {}\n");
        write(PATH, "{\n  \"version\": 1,\n  \"tool\": \"9.0.0\"\n}\n");
        let warnings = of_other_versions(&BookFiles::new(root, &[]), &config);
        let told: Vec<_> = warnings
            .iter()
            .map(|w| (w.file.as_str(), w.line(), &w.source[w.fault.span.clone()]))
            .collect();
        assert_eq!(told, [("a.css", 1, "0.0.9"), (PATH, 3, "\"9.0.0\"")]);
    }
}
