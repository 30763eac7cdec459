//! A book in a temporary folder, and the program run on it as a person would.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses its part"
)]

pub mod between;
pub mod editor;
pub mod elsewhere;
pub mod engine;
pub mod image;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A `book.toml` as README shows it.
pub const BOOK_TOML: &str = r#"[book]
title = "Fixture"

[build]
build-dir = "site"

[preprocessor.seaworthy]
after = ["links"]
"#;

/// A book in a folder of its own, removed at the end.
pub struct Book {
    folder: tempfile::TempDir,
}

/// What a command of the program printed, and how it ended.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Book {
    /// A book of `files`, each a path below the root and its text. `book.toml` and `src/SUMMARY.md`
    /// are written if they aren't among them.
    pub fn new(files: &[(&str, &str)]) -> Self {
        if crate::NEEDS_ENGINE {
            engine::needed();
        }
        let folder = tempfile::tempdir().unwrap();
        let book = Self { folder };
        let chapters = files
            .iter()
            .filter_map(|(path, _)| path.strip_prefix("src/"));
        let chapters = chapters.filter(|path| path.ends_with(".md") && *path != "SUMMARY.md");
        let summary = chapters.fold("# Summary\n\n".to_owned(), |summary, path| {
            format!("{summary}- [{path}]({path})\n")
        });
        book.write("book.toml", BOOK_TOML);
        book.write("src/SUMMARY.md", &summary);
        for (path, text) in files {
            book.write(path, text);
        }
        book
    }

    /// A book with one page.
    pub fn page(text: &str) -> Self {
        Self::new(&[("src/page.md", text)])
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // In one step, as editors save: a program that watches never reads half a file.
        let whole = self.root().join(".saving");
        fs::write(&whole, text).unwrap();
        fs::rename(whole, path).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    pub fn has(&self, path: &str) -> bool {
        self.root().join(path).exists()
    }

    /// The program with `arguments`, in the book's folder, ready to run.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command
            .args(arguments)
            .current_dir(self.root())
            .stdin(Stdio::null())
            .env("NO_COLOR", "1");
        command
    }

    /// Runs the program with `arguments` in the book's folder.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).output().unwrap())
    }

    /// The report of the last check.
    pub fn report(&self) -> Value {
        serde_json::from_str(&self.read("target/seaworthy/report.json")).unwrap()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// Fails with everything that was printed unless the exit code is `code`.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.stdout, self.stderr
        );
        self
    }

    /// Fails with everything that was printed unless `text` is in it.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        let said = self.stdout.contains(text) || self.stderr.contains(text);
        assert!(
            said,
            "no {text:?} in\nstdout:\n{}\nstderr:\n{}",
            self.stdout, self.stderr
        );
        self
    }
}

/// Pages that were checked as one book.
pub struct Together {
    pub book: Book,
    pub code: i32,
    /// What was said of each, as if it had been `src/page.md`.
    pub said: Vec<String>,
}

/// Checks pages as one book, two at a time: each page has its own machine, and all have one run of the program.
pub fn check_together<'a>(
    texts: impl IntoIterator<Item = &'a str>,
    arguments: &[&str],
) -> Together {
    let texts: Vec<_> = texts.into_iter().collect();
    let names: Vec<_> = (0..texts.len())
        .map(|nth| format!("src/{nth}.md"))
        .collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let files: Vec<_> = names.iter().copied().zip(texts).collect();
    let book = Book::new(&files);
    let ran = book.run(&[&["check", "--jobs", "2"], arguments].concat());
    let mut said = vec![String::new(); names.len()];
    let mut page = 0;
    for line in ran.stdout.lines() {
        match names.iter().position(|name| *name == line) {
            Some(next) => page = next,
            None => {
                said[page] += &line.replace(&format!("{}:", names[page]), "src/page.md:");
                said[page] += "\n";
            }
        }
    }
    let code = ran.code;
    Together { book, code, said }
}

/// The program under test.
pub fn program() -> &'static str {
    env!("CARGO_BIN_EXE_seaworthy")
}

/// The folder in which cargo put the programs of the workspace.
pub fn programs() -> PathBuf {
    Path::new(program()).parent().unwrap().to_path_buf()
}

/// Runs `docker` on the outer engine; its output without the last newline.
#[track_caller]
pub fn docker(arguments: &[&str]) -> String {
    engine::needed();
    let output = Command::new("docker").args(arguments).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "docker {arguments:?}: {stderr}");
    String::from_utf8(output.stdout)
        .unwrap()
        .trim_end()
        .to_owned()
}

/// Runs git in `folder` as somebody; its output.
#[track_caller]
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=a", "-c", "user.email=a@example.org"]);
    let output = git.args(arguments).current_dir(folder).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// Held by a test that counts on what a dead run left on the engine of all tests, or that has it cleaned there: `clean`
/// takes the dead runs of all. The tests run in several processes.
#[must_use]
pub fn cleaning() -> File {
    let file = File::create(std::env::temp_dir().join("seaworthy-tests-cleaning.lock")).unwrap();
    file.lock().unwrap();
    file
}

/// What is left on the engine of runs whose lock files are in the folder `locks`, by their lock files.
pub fn left_by(locks: &Path) -> Vec<String> {
    let lock = locks.display().to_string();
    let lists = [
        &["ps", "-a"] as &[&str],
        &["network", "ls"],
        &["volume", "ls"],
    ];
    let all =
        lists.map(|list| docker(&[list, &["--format", "{{.Label \"seaworthy.lock\"}}"]].concat()));
    let lines = all.iter().flat_map(|listed| listed.lines());
    lines
        .filter(|line| line.starts_with(&lock))
        .map(str::to_owned)
        .collect()
}

/// Runs mdBook's own program, with `mdbook-seaworthy` on the path, in the book's folder.
pub fn mdbook(book: &Book) -> Ran {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mdbook = repository.join("target/tools/bin/mdbook");
    assert!(
        mdbook.is_file(),
        "mdBook's program is missing: run scripts/mdbook"
    );
    // The path's first folder is where cargo put mdbook-seaworthy.
    let mut path = programs().into_os_string();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let output = Command::new(mdbook)
        .arg("build")
        .current_dir(book.root())
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .output();
    Ran::from(output.unwrap())
}
