//! What real engines print, against what authors paste.

use std::path::Path;

use seaworthy::matching::{Expected, Line, Mode, diff};

use crate::support::Page;

/// A file of `$ command` lines with the output after each.
pub(crate) fn transcript(name: &str) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/matching")
        .join(name);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut all: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("$ "), all.last_mut()) {
            (Some(command), _) => all.push((command.to_owned(), String::new())),
            (None, Some((_, output))) => {
                output.push_str(line);
                output.push('\n');
            }
            (None, None) => panic!("{name}: output before any command"),
        }
    }
    all
}

/// The difference of each command of `printed` whose output does not hold against that of `real`.
pub(crate) fn differences(
    printed: &[(String, String)],
    real: &[(String, String)],
) -> Vec<(String, String)> {
    let mut page = Page::default();
    let mut out = Vec::new();
    for ((command, printed), (_, actual)) in printed.iter().zip(real) {
        let outcome = page.run(command, printed, actual);
        if outcome.holds {
            continue;
        }
        let lines: Vec<Line<'_>> = printed.lines().map(|text| Line { text, at: 0 }).collect();
        let expected = Expected {
            command,
            lines: &lines,
            mode: Mode::Docker,
            unordered: false,
        };
        let shown = diff::diff(&expected, actual, &outcome, 0);
        let shown: String = shown.iter().map(|line| format!("    {line}\n")).collect();
        out.push((
            command.clone(),
            format!("{}\n{shown}", outcome.explanation.unwrap_or_default()),
        ));
    }
    out
}

const ENGINES: [&str; 3] = ["real/20.10.txt", "real/26.txt", "real/28.txt"];

#[test]
fn what_an_engine_prints_matches_itself() {
    for engine in ENGINES {
        let real = transcript(engine);
        assert!(real.len() > 60, "{engine}");
        assert_eq!(differences(&real, &real), [], "{engine}");
    }
}

#[test]
fn look() {
    for engine in ENGINES {
        let again = "real/28-again.txt";
        let (a, b) = (transcript(engine), transcript(again));
        for (command, shown) in differences(&a, &b) {
            println!("{engine} again: $ {command}\n  {shown}");
        }
    }
    for engine in &ENGINES[..2] {
        let (a, b) = (transcript(engine), transcript(ENGINES[2]));
        for (command, shown) in differences(&a, &b) {
            println!("{engine} vs 28: $ {command}\n  {shown}");
        }
    }
}
