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

/// `cargo binstall` finds the programs of both packages in the archive that a release has for a target.
#[test]
fn an_archive_is_what_binstall_looks_for() {
    const TARGET: &str = "aarch64-unknown-linux-gnu";
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::create_dir(path("programs")).unwrap();
    for program in ["seaworthy", "mdbook-seaworthy"] {
        // For another computer: it can't be run here.
        let file = path(&format!("programs/{program}"));
        fs::write(&file, program).unwrap();
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }
    let own = crate::support::program();
    let arguments = [&path("programs"), TARGET, &path("dist"), own];
    ran("scripts/archive", &arguments);
    let mut asked = 0;
    for package in packages() {
        let binstall = &package["metadata"]["binstall"];
        if binstall.is_null() {
            continue;
        }
        let name = package["name"].as_str().unwrap();
        let version = package["version"].as_str().unwrap();
        let filled = |template: &str| {
            let values = [
                ("repo", "https://host/repository"),
                ("version", version),
                ("target", TARGET),
                ("bin", name),
                ("binary-ext", ""),
            ];
            let template = binstall[template].as_str().unwrap().to_owned();
            values.iter().fold(template, |text, (name, value)| {
                text.replace(&format!("{{ {name} }}"), value)
            })
        };
        let url = filled("pkg-url");
        let (release, archive) = url.rsplit_once('/').unwrap();
        assert_eq!(
            release,
            format!("https://host/repository/releases/download/v{version}")
        );
        let archive = path(&format!("dist/{archive}"));
        let listed = text(ran("tar", &["-tzf", &archive]));
        let program = filled("bin-dir");
        assert!(
            listed.lines().any(|line| line == program),
            "{program}: {listed}"
        );
        let checksum = fs::read_to_string(format!("{archive}.sha256")).unwrap();
        assert!(archive.ends_with(checksum.split_whitespace().nth(1).unwrap()));
        asked += 1;
    }
    assert_eq!(asked, 2);
}
