//! The shell commands of this project's own books, as their authors wrote them.

use std::fs;
use std::path::Path;

/// Each command of a session that is typed at `$ `, with its further lines.
pub(crate) fn commands() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    for book in ["book/src", "docs/guide/src"] {
        collect(&root.join(book), &mut found);
    }
    assert!(found.len() > 400, "{}", found.len());
    found
}

fn collect(path: &Path, found: &mut Vec<String>) {
    if path.is_dir() {
        let mut entries: Vec<_> = fs::read_dir(path)
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        entries.sort();
        entries.iter().for_each(|entry| collect(entry, found));
    } else if path.extension().is_some_and(|extension| extension == "md") {
        of_page(&fs::read_to_string(path).unwrap(), found);
    }
}

fn of_page(page: &str, found: &mut Vec<String>) {
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(first) = line.strip_prefix("$ ") else {
            continue;
        };
        let mut text = first.to_owned();
        while let Some(next) = lines.next_if(|next| next.starts_with("> ") || text.ends_with('\\'))
        {
            text.push('\n');
            text.push_str(next.strip_prefix("> ").unwrap_or(next));
        }
        found.push(text);
    }
}
