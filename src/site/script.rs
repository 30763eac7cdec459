//! mdBook's own script, which every page loads, without what only its developers read.

use std::path::Path;

use super::built;
use super::files::{read, write};
use crate::error::SystemError;

/// Makes the script in the folder `site` lighter. Its name, which mdBook made of its content, stays: the same content becomes the
/// same.
///
/// # Errors
/// If it can't be read or written.
pub(super) fn lighten(site: &Path) -> Result<(), SystemError> {
    let Some(name) = built(site, "book.js") else {
        return Ok(());
    };
    let name = name.to_string_lossy().into_owned();
    match without_comments(&read(site, &name)?) {
        Some(light) => write(site, &name, light.as_bytes()),
        None => Ok(()),
    }
}

/// The script without lines that are comments, and without the blanks around the others; none if it has a text of several
/// lines, in which blanks count.
fn without_comments(script: &str) -> Option<String> {
    let opens = |line: &str| line.matches('`').count() % 2 == 1;
    if script.lines().any(opens) {
        return None;
    }
    let lines = script.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    Some(lines.collect::<Vec<_>>().join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_where_no_text_goes_over_several_lines() {
        let script = "// a\n  const b = 'c'; // d\n\n    // e\n  f(`g`);\n";
        let light = without_comments(script);
        assert_eq!(light.as_deref(), Some("const b = 'c'; // d\nf(`g`);\n"));
        assert_eq!(without_comments("a(`b\n  // c`);\n"), None);
    }
}
