//! Tells the program which commit it is built from: `SEAWORTHY_COMMIT`, such as ` (92a750acb1)`, or nothing where nobody
//! knows. In a checkout git is asked, in a package of cargo's the file that cargo puts into it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What git calls a commit in short: enough digits for a repository of any size.
const DIGITS: usize = 10;
/// Where cargo notes the commit in a package.
const NOTE: &str = ".cargo_vcs_info.json";
/// What the program is made of. An edit of anything else doesn't change it.
const SOURCES: [&str; 7] = [
    "Cargo.toml",
    "Cargo.lock",
    "build.rs",
    "crates",
    "src",
    "preprocessors",
    "theme",
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let commit = of_package(&root).or_else(|| of_checkout(&root));
    let told = commit.map(|commit| format!(" ({commit})"));
    println!(
        "cargo::rustc-env=SEAWORTHY_COMMIT={}",
        told.unwrap_or_default()
    );
}

/// The commit that cargo noted when it made the package in `root`.
fn of_package(root: &Path) -> Option<String> {
    let noted = std::fs::read_to_string(root.join(NOTE)).ok()?;
    // A checkout has no such file, and may be built in the folder in which its package was: it must ask for itself then.
    println!("cargo::rerun-if-changed={NOTE}");
    let (_, rest) = noted.split_once("\"sha1\"")?;
    let commit = rest.split('"').nth(1)?.get(..DIGITS)?;
    Some(described(commit, noted.contains("\"dirty\": true")))
}

/// The commit of the checkout in `root`, if it is one of this project and not a folder in another's.
fn of_checkout(root: &Path) -> Option<String> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .arg("--no-optional-locks")
            .args(arguments)
            .current_dir(root)
            .output();
        let output = output.ok().filter(|output| output.status.success())?;
        let text = String::from_utf8(output.stdout).ok()?;
        Some(text.trim_end().to_owned())
    };
    let top = git(&["rev-parse", "--show-toplevel"])?;
    if Path::new(&top).canonicalize().ok() != root.canonicalize().ok() {
        return None;
    }
    // Git appends to HEAD's log with each commit and checkout; where no log is kept, HEAD or its branch changes.
    let branch = git(&["symbolic-ref", "-q", "HEAD"]);
    let places = ["HEAD", "logs/HEAD", "packed-refs"].into_iter();
    for place in places.chain(branch.as_deref()) {
        let path = root.join(git(&["rev-parse", "--git-path", place])?);
        // Cargo takes a file that isn't there for one that has always just changed.
        if path.exists() {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
    }
    let commit = git(&["rev-parse", &format!("--short={DIGITS}"), "HEAD"])?;
    let mut status = vec!["status", "--porcelain", "--"];
    status.extend(SOURCES);
    Some(described(&commit, !git(&status)?.is_empty()))
}

/// `edited`: what is built isn't what was committed.
fn described(commit: &str, edited: bool) -> String {
    format!("{commit}{}", if edited { ", edited" } else { "" })
}
