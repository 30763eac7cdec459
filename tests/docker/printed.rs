//! What is printed: nothing of a page, a machine or a name does anything to a terminal, and nothing is without end.

use std::fs::File;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::{self, Book, Ran};
use mdbook_seaworthy::MDBOOK_VERSION;
use regex::Regex;
use seaworthy_blocks::is_unseen;
use serde_json::{Value, json};

/// Clears the screen, in two ways; writes the clipboard; turns text round; hides; and is no character.
const HOSTILE: &str = "\u{1b}[2J\u{9b}2J\u{1b}]52;c;aGk=\u{7}\u{202e}live\u{2066}\u{200b}\u{feff}\u{fffe}\u{e0041}\u{8}";

/// Runs a command as on a terminal with colours.
fn on_a_terminal(book: &Book, arguments: &[&str]) -> Ran {
    let mut command = book.command(arguments);
    command.env_remove("NO_COLOR").env("CLICOLOR_FORCE", "1");
    Ran::from(command.output().unwrap())
}

/// What `command` prints with the variables `set`, and no others that speak of colours; never on a terminal.
fn with_variables(mut command: Command, set: &[(&str, &str)]) -> Ran {
    for name in [
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "GITHUB_ACTIONS",
        "CI",
    ] {
        command.env_remove(name);
    }
    command.envs(set.iter().copied());
    Ran::from(command.output().unwrap())
}

/// Results, faults and the preprocessor's faults have colours where they are wanted, and nowhere else.
#[test]
fn colours_are_where_they_are_wanted() {
    let sound = Book::page("# T\n");
    sound.write("report.json", &report(4).to_string());
    let faulty = Book::page("# T\n\n```console,exti=7\n$ false\n```\n");
    let preprocessed = json!([
        {
            "root": faulty.root(), "renderer": "html", "mdbook_version": MDBOOK_VERSION,
            "config": { "preprocessor": { "seaworthy": {} } },
        },
        { "items": [{ "Chapter": {
            "name": "T", "content": faulty.read("src/page.md"), "number": null, "sub_items": [], "path": "page.md",
            "source_path": "page.md", "parent_names": [],
        } }] },
    ]);
    faulty.write("book.json", &preprocessed.to_string());
    let programs = || {
        let mut preprocessor = Command::new(support::programs().join("mdbook-seaworthy"));
        let book = File::open(faulty.root().join("book.json")).unwrap();
        preprocessor.current_dir(faulty.root()).stdin(book);
        let results = sound.command(&["report", "show", "report.json"]);
        [results, faulty.command(&["build"]), preprocessor]
    };
    let cases: [(&[(&str, &str)], bool); 4] = [
        (&[], false),
        (&[("CLICOLOR_FORCE", "1")], true),
        (&[("NO_COLOR", "1")], false),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
    ];
    for (set, coloured) in cases {
        for (program, command) in programs().into_iter().enumerate() {
            let ran = with_variables(command, set);
            let printed = ran.stdout + &ran.stderr;
            let known = [
                "does not look like",
                "unknown-attribute",
                "unknown-attribute",
            ];
            assert!(printed.contains(known[program]), "{printed}");
            assert_eq!(printed.contains('\u{1b}'), coloured, "{set:?}: {printed}");
        }
    }
}

/// Fails if anything but our own colours gets to the terminal; gives all that was printed without them.
#[track_caller]
fn seen(ran: &Ran) -> String {
    let printed = format!("{}{}", ran.stdout, ran.stderr);
    let colours = Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    let plain = colours.replace_all(&printed, "").into_owned();
    let unseen: Vec<_> = plain.chars().filter(|c| is_unseen(*c)).collect();
    assert!(unseen.is_empty(), "{unseen:?} in\n{}", plain.escape_debug());
    plain
}

/// A report of one page of which everything that can be hostile is, and whose difference has `lines` lines.
fn report(lines: usize) -> Value {
    let said = |what: &str| format!("{what} {HOSTILE}");
    let session = |status: &str| {
        json!({
            "id": "session-1", "fingerprint": "f", "line": 3, "turn": 0, "status": status, "seconds": 0.5, "commands": 1,
            "proves": said("claim"), "notes": [said("note")],
        })
    };
    let mut failed = session("failed");
    let line = |kind: &str, text: &str| json!({ "kind": kind, "line": 5, "parts": [{ "text": text, "differs": true }] });
    let pair = [line("missing", "a"), line("unexpected", HOSTILE)];
    let diff: Vec<_> = pair.iter().cycle().take(lines).collect();
    failed["failure"] = json!({
        "code": "wrong-output", "file": said("src/a.md"), "line": 5, "command": said("cat"), "exit": 1, "message": said("message"),
        "help": said("help"), "expected": said("expected"), "machine": said("machine"), "rerun": said("seaworthy check"),
        "actual": "actual\n".repeat(lines), "diff": diff,
    });
    let mut skipped = session("skipped");
    skipped["reason"] = said("reason").into();
    let page = json!({
        "file": said("src/a.md"), "finished": "2026-01-02T03:04:05Z", "seconds": 1.0,
        "sessions": [session("passed"), failed, skipped],
        "diagrams": [{ "id": "d", "fingerprint": "f", "line": 9, "turn": 0, "status": "failed", "differences": [said("difference")] }],
        "error": said("error"), "left": [said("left")],
    });
    json!({
        "version": 2, "tool": "test", "finished": "2026-01-02T03:04:05Z",
        "summary": {
            "pages": 1, "pages_broken": 1, "sessions": 3, "commands": 3, "passed": 1, "failed": 1, "skipped": 1,
            "not_run": 0, "claims": 1, "diagrams": 0, "diagrams_failed": 1, "failures": 3, "seconds": 1.0
        },
        "runs": [{
            "engine": { "version": said("28"), "api": "1.51" },
            "images": [{ "reference": said("image"), "digest": "sha256:0a", "origin": "local" }],
            "pages": [page],
        }],
    })
}

#[test]
fn no_report_does_anything_to_a_terminal() {
    let book = Book::page("# T\n");
    let report = report(40);
    book.write("report.json", &report.to_string());
    for format in ["pretty", "json", "junit", "github", "markdown"] {
        let arguments = ["report", "show", "report.json", "--format", format];
        let ran = on_a_terminal(&book, &arguments).exits(0);
        let plain = seen(&ran);
        assert!(
            plain.contains("\\u{9b}2J") || plain.contains("\\u009b2J"),
            "{format}: {plain}"
        );
        match format {
            "pretty" => assert!(
                ran.stdout.contains("\u{1b}[1m\u{1b}[31m1 passed, "),
                "{}",
                ran.stdout
            ),
            // Programs read what was printed.
            "json" => {
                let read: Value = serde_json::from_str(&ran.stdout).unwrap();
                assert_eq!(
                    read["runs"][0]["pages"][0]["left"],
                    report["runs"][0]["pages"][0]["left"]
                );
            }
            "junit" => {
                let xml = roxmltree::Document::parse(&ran.stdout).unwrap();
                let text: String = xml.descendants().filter_map(|node| node.text()).collect();
                for part in ["message", "machine", "help", "\\u{fffe}", "\\u{1b}[2J"] {
                    assert!(text.contains(part), "no {part} in {text}");
                }
            }
            "github" => {
                let commands = plain
                    .lines()
                    .filter(|line| line.trim_start().starts_with("::"));
                assert_eq!(commands.count(), 3, "{plain}");
            }
            _ => {}
        }
    }
}

#[test]
fn a_long_difference_is_told_by_its_ends() {
    let book = Book::page("# T\n");
    book.write("report.json", &report(80_000).to_string());
    for (format, most) in [("github", 20_000), ("junit", 60_000), ("markdown", 60_000)] {
        let arguments = ["report", "show", "report.json", "--format", format];
        let ran = book.run(&arguments).exits(0).says("more lines");
        assert!(
            ran.stdout.len() < most,
            "{format}: {} bytes",
            ran.stdout.len()
        );
    }
}

/// Names, pages, settings: whatever is wrong with them is told.
#[test]
fn no_book_does_anything_to_a_terminal() {
    let page = format!(
        "# T {HOSTILE}\n\n```console,{HOSTILE}=1,proves=\"{HOSTILE}\"\n$ {HOSTILE}\n{HOSTILE}\n```\n\n{{{{#include {HOSTILE}}}}}\n"
    );
    let book = Book::page(&page);
    for command in ["list", "build", "check"] {
        let ran = on_a_terminal(&book, &[command]).exits(2);
        assert!(seen(&ran).contains("\\u{9b}2J"), "{}", ran.stderr);
    }
    // The caret stands where it should.
    let ran = Book::page("```console,\u{9b}2J,exti=1\n$ true\n```\n")
        .run(&["list"])
        .exits(2);
    let lines: Vec<_> = ran.stderr.lines().collect();
    let at = lines
        .iter()
        .rposition(|line| line.contains("exti=1"))
        .unwrap();
    assert_eq!(
        lines[at].find("exti"),
        lines[at + 1].find("^^^^"),
        "{}",
        ran.stderr
    );
    // What there is to list, and names in SUMMARY.md and in Compose files.
    let typed = "\u{202e}live\u{2066}\u{200b}\u{feff}\u{fffe}\u{e0041}";
    let page = format!("```console,proves=\"{HOSTILE}\"\n$ echo {typed}\n```\n");
    let book = Book::page(&page);
    seen(&on_a_terminal(&book, &["list"]).exits(0));
    let listed = on_a_terminal(&book, &["list", "--format", "json"]).exits(0);
    seen(&listed);
    let listed: Value = serde_json::from_str(&listed.stdout).unwrap();
    let command = &listed["pages"][0]["sessions"][0]["commands"][0]["text"];
    assert_eq!(command.as_str().unwrap(), format!("echo {typed}"));
    book.write(
        "src/SUMMARY.md",
        "# Summary\n\n- [A](a%1b%0a%e2%80%ae.md)\n",
    );
    seen(&on_a_terminal(&book, &["list"]).exits(2));
    let compose = "services:\n  \"a\\e[2J\\u202E\\n::error::b\":\n    image: \"\\e[2J\\x9b\"\n    networks: [\"n\\u202e\"]\nnetworks:\n  \"n\\u202e\": {}\n";
    book.write("compose.yaml", compose);
    for more in [&["--text"][..], &[]] {
        let ran = on_a_terminal(&book, &[&["draw", "compose.yaml"], more].concat());
        seen(&ran);
        if more.is_empty() && ran.code == 0 {
            roxmltree::Document::parse(&ran.stdout).unwrap();
        }
    }
}

/// The machine's output, on a real engine.
#[test]
fn no_session_does_anything_to_a_terminal() {
    let book = Book::page(
        "```console,proves=\"a \u{202e}b\"\n$ printf '\\302\\2332J \\342\\200\\256live\\n'\nsomething else\n```\n",
    );
    for format in ["pretty", "github", "markdown", "junit", "json"] {
        let ran = on_a_terminal(&book, &["check", "--format", format]).exits(1);
        assert!(seen(&ran).contains("202e"), "{format}: {}", ran.stdout);
    }
}

#[test]
fn very_many_faults_are_told_within_bounds() {
    let attributes = ",exti=1".repeat(20_000);
    let blocks = "```console,exti=1\n$ true\n```\n\n".repeat(20_000);
    let missing = "{{#include none.md}}\n".repeat(20_000);
    let fences = "<details>\n```console\n</details>\n\n".repeat(20_000);
    let attributes = format!("```console{attributes}\n$ true\n```\n");
    for (page, message) in [
        (attributes, "there are more than 100 attributes here"),
        (blocks, "`exti` is unknown"),
        (missing, "can't include `none.md`: no such file"),
        (fences, "this looks like a `console` block and isn't one"),
    ] {
        let book = Book::page(&page);
        let begun = Instant::now();
        let ran = book.run(&["list"]).exits(2);
        let took = begun.elapsed();
        println!("{} kB in {took:?}", ran.stderr.len() / 1000);
        assert!(ran.stderr.len() < 50_000, "{} bytes", ran.stderr.len());
        ran.says(message).says("; nothing was built or run");
        assert!(took < Duration::from_secs(8), "{took:?}");
    }
}
