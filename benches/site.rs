//! How long a site takes: `seaworthy build` of a large book with a session and a diagram on every page, against
//! `mdbook build` of the same book without them; and the book of this repository.
//!
//! `make bench`, or `cargo bench --bench site` after `scripts/mdbook release`. Both sides are the programs that people
//! install, and take turns, so that a noisy computer disturbs both: read the ratio.
#![allow(
    clippy::unwrap_used,
    reason = "a benchmark that can't go on fails loudly"
)]

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const CHAPTERS: usize = 1_000;
const TURNS: usize = 5;
/// What a build may take of the time of `mdbook build`.
const GOAL: f64 = 0.85;
/// What a build of this repository's book may take, in seconds.
const GOAL_MODULE: f64 = 0.5;

const BOOK_TOML: &str = "[book]\ntitle = \"Large\"\n[build]\nbuild-dir = \"site\"\n";

fn main() {
    let mdbook = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/release/bin/mdbook");
    assert!(mdbook.exists(), "run `scripts/mdbook release` first");
    let folder = tempfile::tempdir().unwrap();
    let (with, without) = (folder.path().join("with"), folder.path().join("without"));
    generate(&with, true);
    generate(&without, false);
    let seaworthy = Path::new(env!("CARGO_BIN_EXE_seaworthy"));
    let (mut ours, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        plain.push(seconds(Command::new(&mdbook).arg("build").arg(&without)));
        ours.push(seconds(Command::new(seaworthy).arg("build").arg(&with)));
    }
    let ratios = ours.iter().zip(&plain).map(|(ours, plain)| ours / plain);
    let ratio = median(ratios.collect());
    println!("{CHAPTERS} chapters, median of {TURNS}");
    tell(
        "  mdbook build, without sessions and diagrams",
        median(plain),
        "s",
        None,
    );
    tell("  seaworthy build, with them", median(ours), "s", None);
    tell("  ratio", ratio, "×", Some(GOAL));

    let module = Path::new(env!("CARGO_MANIFEST_DIR"));
    let site = folder.path().join("module");
    let times = (0..TURNS).map(|_| {
        let mut build = Command::new(seaworthy);
        build.arg("build").arg(module);
        seconds(build.env("MDBOOK_BUILD__BUILD_DIR", &site))
    });
    let took = median(times.collect());
    tell("this repository's book", took, "s", Some(GOAL_MODULE));
}

/// One figure, and what it may be at most, if that is said.
fn tell(what: &str, figure: f64, unit: &str, goal: Option<f64>) {
    let goal = goal.map_or(String::new(), |goal| {
        format!("  (goal: at most {goal} {unit})")
    });
    println!("{what:<46} {figure:6.2} {unit}{goal}");
}

/// How long `command` takes, in seconds.
fn seconds(command: &mut Command) -> f64 {
    let start = Instant::now();
    let ended = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    let took = start.elapsed().as_secs_f64();
    assert!(ended.success(), "{command:?}: {ended}");
    took
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Writes a book of [`CHAPTERS`] chapters to `root`, each with a session and a diagram if `ours`.
fn generate(root: &Path, ours: bool) {
    fs::create_dir_all(root.join("src")).unwrap();
    let preprocessor = if ours {
        "[preprocessor.seaworthy]\nafter = [\"links\"]\n"
    } else {
        ""
    };
    fs::write(root.join("book.toml"), format!("{BOOK_TOML}{preprocessor}")).unwrap();
    let mut summary = "# Summary\n\n".to_owned();
    for n in 0..CHAPTERS {
        let mut text = format!("# Chapter {n}\n");
        for section in 0..5 {
            writeln!(text, "\n## Section {section} of {n}\n").unwrap();
            for paragraph in 0..3 {
                let words = (0..60).map(|word| {
                    WORDS[(n * 7 + section * 31 + paragraph * 13 + word * 5) % WORDS.len()]
                });
                writeln!(
                    text,
                    "{}, with `code-{n}` and **emphasis**.\n",
                    words.collect::<Vec<_>>().join(" ")
                )
                .unwrap();
            }
        }
        if ours {
            writeln!(
                text,
                "```console,proves=\"web answers {n}\"\n$ docker run -d --name web-{n} -p 80{n:04}:80 nginx:1.30-alpine\n$ docker ps\nCONTAINER ID   IMAGE               NAMES\n0b8a9b5e8f1c   nginx:1.30-alpine   web-{n}\n```\n\n```network\nservices:\n  web-{n}: {{networks: [front, back]}}\n  db: {{networks: [back]}}\nnetworks:\n  front:\n  back:\nx-traffic:\n  - web-{n} -> db\n```"
            )
            .unwrap();
        }
        fs::write(root.join(format!("src/chapter-{n}.md")), text).unwrap();
        writeln!(summary, "- [Chapter {n}](chapter-{n}.md)").unwrap();
    }
    fs::write(root.join("src/SUMMARY.md"), summary).unwrap();
}

/// Words for the prose: few enough to be read, many enough for a search index.
const WORDS: [&str; 48] = [
    "network",
    "container",
    "bridge",
    "address",
    "port",
    "published",
    "name",
    "server",
    "resolves",
    "between",
    "computer",
    "image",
    "starts",
    "stops",
    "command",
    "prints",
    "learner",
    "page",
    "isolated",
    "connects",
    "default",
    "driver",
    "subnet",
    "gateway",
    "host",
    "interface",
    "traffic",
    "arrives",
    "leaves",
    "through",
    "because",
    "therefore",
    "when",
    "you",
    "the",
    "a",
    "of",
    "and",
    "first",
    "second",
    "application",
    "database",
    "proxy",
    "request",
    "answer",
    "volume",
    "registry",
    "layer",
];
