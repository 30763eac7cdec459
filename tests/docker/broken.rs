//! The book that is broken in ways that maintainers meet: what `check` says of it is what the guide shows.

use std::fs;
use std::path::Path;

use crate::support::Book;
use seaworthy_blocks::Document;

fn guide(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs/guide")
        .join(path);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// What is the same in each run: no ids, no drawn numbers, no seconds, nothing of the machine's state.
fn settled(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut of_machine = false;
    for line in text.lines() {
        of_machine = line == "  the machine then:" || (of_machine && line.starts_with("    "));
        if of_machine || line.starts_with("  run this page alone: ") {
            continue;
        }
        let line = line.split(" proved · ").next().unwrap();
        let line = line.strip_suffix(" proved").unwrap_or(line);
        let mut settled = String::new();
        for word in line.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
            let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            let is_id = bare.len() == 64 && bare.bytes().all(|b| b.is_ascii_hexdigit());
            settled.push_str(if is_id { "ID" } else { bare });
            settled.push_str(&word[bare.len()..]);
        }
        let drawn = ["is `", "+ visitor "];
        for before in drawn {
            if let Some((head, tail)) = settled.clone().split_once(before)
                && tail.starts_with(|c: char| c.is_ascii_digit())
            {
                let rest = tail.trim_start_matches(|c: char| c.is_ascii_digit());
                settled = format!("{head}{before}NUMBER{rest}");
            }
        }
        lines.push(settled.trim_end().to_owned());
    }
    lines
}

#[test]
fn the_guide_shows_what_is_said_of_each_fault() {
    let book = Book::new(&[]);
    for file in ["book.toml", "src/SUMMARY.md", "src/page.md"] {
        book.write(file, &guide(&format!("broken/{file}")));
    }
    let ran = book.run(&["check", "--keep-going"]).exits(1);
    let said = settled(&ran.stdout);
    let chapter = guide("src/broken.md");
    let blocks = Document::parse(&chapter).blocks;
    let shown = blocks.iter().filter(|block| block.language == "text");
    let shown: Vec<Vec<String>> = shown.map(|block| settled(&block.body())).collect();
    for block in &shown {
        assert!(
            said.windows(block.len()).any(|lines| lines == block),
            "check doesn't say\n{}\nbut\n{}",
            block.join("\n"),
            said.join("\n")
        );
    }
    // Ten faults, and the sums: each is told, and none that the guide doesn't show.
    assert_eq!(shown.len(), 11);
    let is_told = |line: &&String| {
        line.starts_with("src/page.md:") || line.contains("the engine does not look like")
    };
    let told: Vec<_> = said.iter().filter(is_told).collect();
    let first: Vec<_> = shown.iter().map(|block| &block[0]).collect();
    assert_eq!(told, first[..10]);
}
