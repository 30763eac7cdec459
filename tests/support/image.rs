//! The program as an image, which the repository's Dockerfile makes of the program under test.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::{Ran, docker, programs};

/// What it is put onto: `scripts/images program-base` makes it.
const BASE: &str = "seaworthy/program-base:13";

/// The name of the image. It is made once for each test program, and stays as long as nothing else has been built.
pub fn seaworthy() -> &'static str {
    static MADE: OnceLock<String> = OnceLock::new();
    MADE.get_or_init(|| {
        let name = "seaworthy:under-test".to_owned();
        let programs = stripped();
        let build = [
            "--build-arg",
            &format!("PROGRAMS={programs}"),
            "--build-arg",
            &format!("BASE={BASE}"),
        ];
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        built(repository, &name, &build);
        // The image has them now.
        docker(&["image", "rm", programs]);
        name
    })
}

/// An image with the programs in /programs, without what only debuggers read.
fn stripped() -> &'static str {
    const NAME: &str = "seaworthy/programs:under-test";
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("programs");
    std::fs::create_dir(&to).unwrap();
    for program in ["seaworthy", "mdbook-seaworthy"] {
        let strip = Command::new("strip")
            .arg("-o")
            .args([to.join(program), programs().join(program)])
            .status();
        assert!(strip.unwrap().success(), "{program}");
    }
    let import = Command::new("sh")
        .args(["-c", "tar -c -C \"$0\" programs | docker import - \"$1\""])
        .args([folder.path().as_os_str(), NAME.as_ref()])
        .output()
        .unwrap();
    assert!(import.status.success(), "{import:?}");
    NAME
}

/// Builds the image `name` of a folder with a Dockerfile, by BuildKit.
#[track_caller]
pub fn built(folder: &Path, name: &str, arguments: &[&str]) {
    docker(&["image", "inspect", "--format", "{{.Id}}", BASE]);
    let id = || docker(&["image", "ls", "--quiet", "--no-trunc", name]);
    let before = id();
    let mut build = Command::new(buildx());
    build.args(["build", "--quiet", "--tag", name]);
    let build = build.args(arguments).arg(folder).output();
    Ran::from(build.unwrap()).exits(0);
    if !before.is_empty() && before != id() {
        // One that something else was built on stays.
        let _ = Command::new("docker")
            .args(["image", "rm", &before])
            .output();
    }
}

/// The client of BuildKit.
fn buildx() -> PathBuf {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/buildx/docker-buildx");
    assert!(tool.is_file(), "there is no buildx: run scripts/buildx");
    tool
}
