//! Changes to an author's files: put together, checked against each other, and applied.
//!
//! Enter at [`plan`]. Nothing here writes a file.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use mdbook_seaworthy::BookFiles;
use seaworthy_blocks::Document;
use seaworthy_console::Command;
use seaworthy_page::{FolderFile, Loader, Page};

use crate::book::Book;
use seaworthy_runner::Change;

/// What is to be changed.
#[derive(Debug, Default)]
pub struct Edits {
    /// For each file, its changes in order, without overlaps.
    pub files: BTreeMap<String, Vec<Change>>,
    /// What can't be changed, and why.
    pub refused: Vec<String>,
}

/// Puts changes together. A place for which two pages ask for different things stays as it is.
#[must_use]
pub fn plan(changes: Vec<Result<Change, String>>) -> Edits {
    let mut edits = Edits::default();
    let mut wanted: BTreeMap<(String, usize), Change> = BTreeMap::new();
    let mut disputed: BTreeMap<(String, usize), Change> = BTreeMap::new();
    for change in changes {
        match change {
            Err(why) => edits.refused.push(why),
            Ok(change) => {
                let place = (change.file.clone(), change.range.start);
                match wanted.get(&place) {
                    Some(other) if other.new != change.new => {
                        disputed.insert(place, change);
                    }
                    _ => {
                        wanted.insert(place, change);
                    }
                }
            }
        }
    }
    for (place, change) in disputed {
        wanted.remove(&place);
        edits.refused.push(format!(
            "{}:{}: the same text serves pages on which it prints different things; let each page have its own",
            change.file, change.line
        ));
    }
    for change in wanted
        .into_values()
        .filter(|change| change.old != change.new)
    {
        let file = edits.files.entry(change.file.clone()).or_default();
        match file.last() {
            Some(last) if last.range.end > change.range.start => edits.refused.push(format!(
                "{}:{}: two pages take different parts of this text; let each page have its own",
                change.file, change.line
            )),
            _ => file.push(change),
        }
    }
    edits
}

impl Edits {
    /// The text of a file with `changes` made; `None` if it isn't the text that they are for.
    #[must_use]
    pub fn apply(changes: &[Change], text: &str) -> Option<String> {
        let mut changed = String::with_capacity(text.len());
        let mut done = 0;
        for change in changes {
            if text.get(change.range.clone())? != change.old {
                return None;
            }
            changed.push_str(&text[done..change.range.start]);
            changed.push_str(&change.new);
            done = change.range.end;
        }
        changed.push_str(&text[done..]);
        Some(changed)
    }

    /// Drops the changes after which a page would be read differently: output that looks like a
    /// prompt would be typed, output that looks like a fence would end its block.
    pub fn keep_only_sound(&mut self, book: &Book, pages: &[Arc<Page>]) {
        loop {
            let files = Edited {
                files: &book.files,
                edits: self,
            };
            let broken = pages.iter().find(|page| !reads_alike(page, book, &files));
            let Some(page) = broken else {
                return;
            };
            let mut touched: Vec<_> = self.files.keys().cloned().collect();
            touched.retain(|file| *file == page.file || page.source.includes(file));
            for file in touched {
                self.files.remove(&file);
            }
            self.refused.push(format!(
                "{}: what is printed there would be read as a prompt or as the end of its block; change it by hand",
                page.file
            ));
        }
    }
}

/// Whether the page has the same blocks after the edits, and its sessions the same typed lines.
fn reads_alike(page: &Page, book: &Book, files: &Edited<'_>) -> bool {
    Page::load(Path::new(&page.file), files, &book.settings)
        .is_ok_and(|edited| shape(&edited) == shape(page))
}

/// The number of blocks of a page, and of the typed lines of each command of each session.
fn shape(page: &Page) -> (usize, Vec<Vec<usize>>) {
    let lines = |command: &Command| command.typed.len();
    let sessions = page.sessions();
    let sessions = sessions.map(|step| step.session.commands.iter().map(lines).collect());
    let blocks = Document::parse(page.source.text()).blocks.len();
    (blocks, sessions.collect())
}

/// The book's files as they would be.
struct Edited<'a> {
    files: &'a BookFiles,
    edits: &'a Edits,
}

impl Loader for Edited<'_> {
    fn load(&self, path: &Path) -> Result<String, String> {
        let text = self.files.load(path)?;
        let edits = self.edits.files.iter();
        let file = edits
            .into_iter()
            .find(|(file, _)| same(Path::new(file), path));
        Ok(file
            .and_then(|(_, changes)| Edits::apply(changes, &text))
            .unwrap_or(text))
    }

    fn folder(&self, path: &Path) -> Result<Vec<FolderFile>, String> {
        self.files.folder(path)
    }
}

/// Whether two paths are the same, `..` worked out.
fn same(one: &Path, other: &Path) -> bool {
    seaworthy_page::slashed(one) == seaworthy_page::slashed(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(start: usize, old: &str, new: &str) -> Result<Change, String> {
        Ok(Change {
            file: "a.md".to_owned(),
            line: 1,
            range: start..start + old.len(),
            old: old.to_owned(),
            new: new.to_owned(),
        })
    }

    #[test]
    fn changes_are_made_in_order() {
        let edits = plan(vec![
            change(4, "two", "2"),
            change(0, "one", "1"),
            change(8, "three", "three"),
        ]);
        let changes = &edits.files["a.md"];
        assert_eq!(changes.len(), 2);
        assert_eq!(Edits::apply(changes, "one two three").unwrap(), "1 2 three");
        assert_eq!(Edits::apply(changes, "one tow three"), None);
        assert_eq!(Edits::apply(changes, "one"), None);
    }

    #[test]
    fn a_disputed_place_stays() {
        let edits = plan(vec![
            change(0, "one", "1"),
            change(0, "one", "one"),
            change(4, "two", "2"),
            change(4, "two", "2"),
        ]);
        assert_eq!(edits.files["a.md"].len(), 1);
        assert_eq!(edits.refused.len(), 1);
        assert!(edits.refused[0].contains("a.md:1"), "{:?}", edits.refused);
        let overlapping = plan(vec![
            change(0, "one two", "1 2"),
            change(4, "two three", "2 3"),
        ]);
        assert_eq!(overlapping.files["a.md"].len(), 1);
        assert!(overlapping.refused[0].contains("different parts"));
        let refused = plan(vec![Err("why".to_owned())]).refused;
        assert_eq!(refused, ["why"]);
    }
}
