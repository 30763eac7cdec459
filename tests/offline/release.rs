//! What is released: packages that hold all they need and say what they are, and a program that says its commit.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::Book;
use serde_json::Value;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[track_caller]
fn ran(program: &str, arguments: &[&str]) -> Output {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(repository())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {stderr}");
    output
}

fn text(output: Output) -> String {
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_version_names_the_commit() {
    let said = Book::new(&[]).run(&["--version"]).exits(0).stdout;
    let said = said.trim_end();
    if !repository().join(".git").exists() {
        assert_eq!(said, format!("seaworthy {}", seaworthy::VERSION));
        return;
    }
    let commit = text(ran("git", &["rev-parse", "HEAD"]));
    let begin = format!("seaworthy {} (", env!("CARGO_PKG_VERSION"));
    let told = said
        .strip_prefix(&begin)
        .unwrap_or_else(|| panic!("{said}"));
    let told = told.trim_end_matches(')').trim_end_matches(", edited");
    assert!(
        told.len() >= 10 && commit.starts_with(told),
        "{said} {commit}"
    );
}

/// The packages of the workspace, as cargo describes them.
fn packages() -> Vec<Value> {
    let cargo = env!("CARGO");
    let arguments = [
        "metadata",
        "--no-deps",
        "--offline",
        "--format-version",
        "1",
    ];
    let metadata: Value = serde_json::from_slice(&ran(cargo, &arguments).stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

#[test]
fn each_package_says_what_it_is() {
    let packages = packages();
    assert!(packages.len() >= 7, "{}", packages.len());
    for package in packages {
        let name = package["name"].as_str().unwrap();
        for field in ["description", "license", "readme", "rust_version"] {
            assert!(package[field].is_string(), "{name} has no {field}");
        }
        let count = |field: &str| package[field].as_array().unwrap().len();
        assert!((1..=5).contains(&count("keywords")), "{name}: keywords");
        assert!((1..=5).contains(&count("categories")), "{name}: categories");
    }
}

#[test]
fn each_package_holds_what_it_needs() {
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        let folder = Path::new(package["manifest_path"].as_str().unwrap());
        let folder = folder.parent().unwrap();
        let arguments = [
            "package",
            "--list",
            "--offline",
            "--allow-dirty",
            "-p",
            name,
        ];
        let listed = text(ran(env!("CARGO"), &arguments));
        let listed: BTreeSet<_> = listed.lines().map(PathBuf::from).collect();
        for file in ["Cargo.toml", "README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
            assert!(listed.contains(Path::new(file)), "{name} has no {file}");
        }
        for file in &listed {
            let is_rust = file.extension().is_some_and(|extension| extension == "rs");
            if !is_rust || !file.starts_with("src") {
                continue;
            }
            let code = fs::read_to_string(folder.join(file)).unwrap();
            for embedded in embedded(&code) {
                let embedded = plain(&file.parent().unwrap().join(embedded));
                assert!(
                    listed.contains(&embedded),
                    "{name}: {} embeds {}, which isn't in the package",
                    file.display(),
                    embedded.display()
                );
            }
        }
    }
}

/// The files that `code` embeds, as it names them.
fn embedded(code: &str) -> impl Iterator<Item = &str> {
    let macros = ["include_str!(", "include_bytes!("];
    let found = macros.into_iter().flat_map(|name| code.split(name).skip(1));
    found.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
}

/// The path without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path {
        if part == ".." {
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    plain
}

#[test]
fn what_is_embedded_is_found() {
    let code = "include_str!(\"a.txt\") include_bytes!(\n    \"../b.bin\"\n)";
    assert_eq!(embedded(code).collect::<Vec<_>>(), ["a.txt", "../b.bin"]);
    assert_eq!(plain(Path::new("src/x/../b.bin")), Path::new("src/b.bin"));
}
