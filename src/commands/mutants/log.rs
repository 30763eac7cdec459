//! What became of mutants in earlier tries, so that a try of many can be broken off and gone on with.

use std::collections::HashMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use seaworthy_mutants::Mutant;
use seaworthy_page::{Page, Step};
use sha2::{Digest, Sha256};

use crate::book::Book;
use crate::error::{Explain, Result, Unwritten};

use super::fate::Fate;

/// Where it stands, relative to the book's root.
const PATH: &str = "target/seaworthy/mutants.jsonl";

/// The file: a line of JSON for each mutant, its key and its fate.
pub(super) struct Log {
    path: PathBuf,
    known: HashMap<String, Fate>,
}

impl Log {
    /// The log of `book`, which need not be there yet. A line that was half written, or is of another version, is tried
    /// again; so is every one if it is to be `fresh`.
    ///
    /// # Errors
    /// If it can't be read, or may not be written.
    pub(super) fn open(book: &Book, fresh: bool) -> Result<Self> {
        let path = book.files.written_itself(Path::new(PATH));
        let path = path.or_usage(|| format!("can't write `{PATH}`"))?;
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(why) if why.kind() == ErrorKind::NotFound => String::new(),
            Err(why) => return Ok(Err(why).or_usage(|| format!("can't read `{PATH}`"))?),
        };
        let lines = text.lines().filter(|_| !fresh);
        let known = lines.filter_map(|line| serde_json::from_str(line).ok());
        Ok(Self {
            known: known.collect(),
            path,
        })
    }

    /// What became of the mutant with this key.
    pub(super) fn known(&self, key: &str) -> Option<&Fate> {
        self.known.get(key)
    }

    /// Adds what became of the mutant with this key.
    ///
    /// # Errors
    /// If it can't be written.
    pub(super) fn add(&self, key: &str, fate: &Fate) -> Result<(), Unwritten> {
        let added = || -> std::io::Result<()> {
            if let Some(folder) = self.path.parent() {
                fs::create_dir_all(folder)?;
            }
            let mut line = serde_json::to_string(&(key, fate))?;
            line.push('\n');
            let mut file = fs::File::options();
            let mut file = file.create(true).append(true).open(&self.path)?;
            file.write_all(line.as_bytes())
        };
        added().map_err(|why| Unwritten {
            path: self.path.clone(),
            why,
        })
    }
}

/// What names a mutant of `page`: another one where the page, what it is given, or the program is another.
pub(super) fn key(page: &Page, mutant: &Mutant) -> String {
    let steps = page.steps.iter().filter_map(|step| match step {
        Step::Session(step) => Some(step.fingerprint.as_str()),
        Step::Diagram(step) => Some(step.fingerprint.as_str()),
        _ => None,
    });
    let text = mutant.text(page);
    let mut hasher = Sha256::new();
    for part in [crate::VERSION, &page.file, &text].into_iter().chain(steps) {
        hasher.update(part.len().to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let hash = hasher.finalize();
    hash.iter().take(8).map(|b| format!("{b:02x}")).collect()
}
