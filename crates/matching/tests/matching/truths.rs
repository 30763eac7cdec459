//! What another honest run prints, which must go on holding: a false alarm is as bad as a falsehood. The pairs stand in
//! `true.txt`: a command (`$ `), what the page prints (`= `) and what another run of it prints (`+ `).

use std::path::Path;

use crate::support::last_holds;

/// A command, what is printed, and what is found.
fn pairs() -> Vec<(String, String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/matching/true.txt");
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let part = |block: &str, mark: &str| {
        let lines = block.lines().filter_map(|line| line.strip_prefix(mark));
        lines.collect::<Vec<_>>().join("\n")
    };
    let blocks = text.split("\n\n");
    blocks
        .map(|block| (part(block, "$ "), part(block, "= "), part(block, "+ ")))
        .collect()
}

#[test]
fn another_honest_run_holds() {
    let pairs = pairs();
    assert!(pairs.len() >= 45, "{}", pairs.len());
    let refused: Vec<&String> = pairs
        .iter()
        .filter(|(command, printed, found)| !last_holds(&[(command, printed, found)]))
        .map(|(command, ..)| command)
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
}
