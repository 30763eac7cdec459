//! Runs mutants for real: `seaworthy check` on copies of the book. Enter at [`try_all`].

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::equivalent::Rule;
use super::mutation::{Kind, Mutant};
use super::state;

/// What became of a mutant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Fate {
    /// The check failed, with this message.
    Failed(String),
    /// The page is malformed, and nothing was run.
    Refused,
    /// All holds, and nothing false is said.
    Equivalent(Rule),
    /// All holds. In what the machine's states differ behind the changed session, line by line.
    Survived(Vec<String>),
}

/// How many mutants are tried at once: pages mostly wait.
const WORKERS: usize = 4;

/// Tries each mutant of the book at `root` and tells `see` of it as it ends. What `log` holds from an earlier try of the
/// same book is not tried again; what is tried is added to it.
pub(crate) fn try_all(
    root: &Path,
    mutants: &[Mutant],
    log: &Log,
    see: impl Fn(usize, &Mutant, &Fate) + Sync,
) -> Vec<Fate> {
    let next = AtomicUsize::new(0);
    let fates: Mutex<Vec<Option<Fate>>> =
        Mutex::new(mutants.iter().map(|mutant| log.known(mutant)).collect());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                let copy = Copy::of(root);
                while let Some((nth, mutant)) = {
                    let nth = next.fetch_add(1, Ordering::Relaxed);
                    mutants.get(nth).map(|mutant| (nth, mutant))
                } {
                    if fates.lock().unwrap()[nth].is_some() {
                        continue;
                    }
                    let fate = copy.check(mutant);
                    log.add(mutant, &fate);
                    see(nth, mutant, &fate);
                    fates.lock().unwrap()[nth] = Some(fate);
                }
            });
        }
    });
    let fates = fates.into_inner().unwrap();
    fates
        .into_iter()
        .map(|fate| fate.expect("each was tried"))
        .collect()
}

/// What became of mutants in earlier tries, so that a try of many can be broken off and gone on with: a line of JSON
/// each, the mutant's key and its fate. A mutant of a page that was edited since has another key.
pub(crate) struct Log {
    path: Option<PathBuf>,
    known: HashMap<String, Fate>,
    writing: Mutex<()>,
}

impl Log {
    /// None: each mutant is tried.
    pub(crate) fn none() -> Self {
        Log {
            path: None,
            known: HashMap::new(),
            writing: Mutex::new(()),
        }
    }

    /// The log at `path`, which need not be there yet. A line that was half written is tried again.
    pub(crate) fn at(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).unwrap_or_default();
        let lines = text
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        Log {
            known: lines.collect(),
            path: Some(path),
            writing: Mutex::new(()),
        }
    }

    fn known(&self, mutant: &Mutant) -> Option<Fate> {
        self.known.get(&key(mutant)).cloned()
    }

    fn add(&self, mutant: &Mutant, fate: &Fate) {
        let Some(path) = &self.path else {
            return;
        };
        let _one = self.writing.lock().unwrap();
        let line = serde_json::to_string(&(key(mutant), fate)).unwrap();
        let mut file = fs::File::options()
            .create(true)
            .append(true)
            .open(path)
            .unwrap();
        writeln!(file, "{line}").unwrap();
    }
}

fn key(mutant: &Mutant) -> String {
    let mut hasher = Sha256::new();
    hasher.update(mutant.file.as_bytes());
    hasher.update([0]);
    hasher.update(mutant.text.as_bytes());
    hasher
        .finalize()
        .iter()
        .take(8)
        .map(|b| format!("{b:02x}"))
        .collect()
}

/// Checks the book as it is: where that fails, the mutants would say nothing.
pub(crate) fn check_unchanged(root: &Path) {
    let copy = Copy::of(root);
    let ran = copy.run(&[]);
    assert!(
        ran.status.success(),
        "the book itself does not hold\n{}{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
}

/// A copy of a book, without what was built from it.
struct Copy {
    folder: tempfile::TempDir,
}

impl Copy {
    fn of(root: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Pages include and copy what lies beside the sources, so all of it is taken.
        let built = |name: &str| matches!(name, "target" | ".git" | "node_modules");
        let files = walkdir::WalkDir::new(root).into_iter();
        let files = files.filter_entry(|entry| !entry.file_name().to_str().is_some_and(built));
        for file in files.map(Result::unwrap) {
            let to = folder.path().join(file.path().strip_prefix(root).unwrap());
            if file.file_type().is_dir() {
                fs::create_dir_all(to).unwrap();
            } else if file.path().is_file() {
                fs::copy(file.path(), to).unwrap();
            }
        }
        // Else each mutant would be refused, for what is no fault of its own.
        seaworthy::book::Book::load(folder.path()).expect("the copy is as whole as the book");
        Copy { folder }
    }

    /// Runs the program on some of the pages, or on all.
    fn run(&self, pages: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_seaworthy"))
            .args(["check", "."])
            .args(pages)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Checks the page at `file` as if `text` stood there. The exit code, what was said, and the page's report.
    fn check_text(&self, file: &str, text: &str) -> (Option<i32>, String, Value) {
        let page = self.folder.path().join(file);
        let original = fs::read_to_string(&page).unwrap();
        fs::write(&page, text).unwrap();
        let report = self.folder.path().join("target/seaworthy/report.json");
        drop(fs::remove_file(&report));
        let ran = self.run(&[file]);
        fs::write(&page, original).unwrap();
        let said = [&ran.stdout, &ran.stderr].map(|text| String::from_utf8_lossy(text));
        let report = fs::read_to_string(report).map_or(Value::Null, |text| {
            let report: Value = serde_json::from_str(&text).unwrap();
            let pages = report["runs"][0]["pages"].as_array().unwrap();
            let ours = pages.iter().find(|page| page["file"] == file);
            ours.unwrap().clone()
        });
        (ran.status.code(), said.concat(), report)
    }

    fn check(&self, mutant: &Mutant) -> Fate {
        let (code, said, report) = self.check_text(&mutant.file, &mutant.text);
        match code {
            Some(0) => self.judged(mutant, &report),
            Some(1) => Fate::Failed(message(&report)),
            Some(2) => Fate::Refused,
            // The only session of its page is gone.
            Some(4) => Fate::Failed("nothing to run".to_owned()),
            code => panic!("{mutant}: exit code {code:?}\n{said}"),
        }
    }

    /// What becomes of a mutant that holds, of which `report` tells.
    fn judged(&self, mutant: &Mutant, report: &Value) -> Fate {
        let original = fs::read_to_string(self.folder.path().join(&mutant.file)).unwrap();
        let state = |text: &str| {
            let asked = state::asked_in(text, &mutant.settled);
            let (code, said, report) = self.check_text(&mutant.file, &asked);
            assert_eq!(code, Some(1), "{mutant}: asked for the state:\n{said}");
            let told =
                state::told(&report).unwrap_or_else(|| panic!("{mutant}: no state:\n{said}"));
            state::without_handed_out(&told, &[&original, &mutant.text])
        };
        let differences = state::differences(&state(&original), &state(&mutant.text));
        if differences.is_empty() {
            return Fate::Equivalent(Rule::State);
        }
        let left = |page: &Value| page["left"].as_array().cloned().unwrap_or_default();
        let (_, _, page) = self.check_text(&mutant.file, &original);
        let (before, after) = (left(&page), left(report));
        let more = after.len() > before.len() && before.iter().all(|name| after.contains(name));
        if mutant.kind == Kind::Omitted && more {
            return Fate::Equivalent(Rule::Left);
        }
        Fate::Survived(differences)
    }
}

/// Why a page failed.
fn message(page: &Value) -> String {
    let list = |key: &str| page[key].as_array().cloned().unwrap_or_default();
    let of_session = list("sessions").into_iter().find_map(|session| {
        let message = session["failure"]["message"].as_str()?;
        Some(format!("line {}: {message}", session["failure"]["line"]))
    });
    let of_diagram = list("diagrams").into_iter().find_map(|diagram| {
        let difference = diagram["differences"].get(0)?.as_str()?;
        Some(format!("line {}: {difference}", diagram["line"]))
    });
    let error = page["error"].as_str().map(str::to_owned);
    of_session.or(of_diagram).or(error).unwrap_or_default()
}
