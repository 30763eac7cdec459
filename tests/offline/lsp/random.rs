//! Edits at random: what a server knows after them.

use seaworthy_mutants::Random;

use super::NAMES;
use crate::support::Book;
use crate::support::editor::Editor;

/// What is known follows from the text, whichever edits led to it.
#[test]
fn random_edits_lead_to_what_a_fresh_server_knows() {
    let book = Book::page(NAMES);
    let report = book.root().join("target/seaworthy");
    std::fs::create_dir_all(report).unwrap();
    let mut editor = Editor::start(&book);
    editor.open("src/page.md");
    let mut lines: Vec<Vec<u16>> = NAMES
        .split('\n')
        .map(|line| line.encode_utf16().collect())
        .collect();
    let pieces = [
        "`",
        "```console\n",
        "$ ",
        "é",
        "🐳",
        "\n",
        "=",
        "\"",
        ",hidden",
        "front",
        "> ",
        "<!--",
        "{{#include x}}",
        "",
        "",
    ];
    let mut random = Random::new(7);
    for round in 0..120 {
        let mut below = |n: usize| random.below(n);
        let line = below(lines.len());
        let from = below(lines[line].len() + 1);
        let length = below(lines[line].len() - from + 1).min(6);
        let piece = pieces[below(pieces.len())];
        // An editor never splits a character.
        let whole = |units: &[u16]| String::from_utf16(units).is_ok();
        let (before, rest) = lines[line].split_at(from);
        let (gone, after) = rest.split_at(length);
        if !whole(before) || !whole(gone) || !whole(after) {
            continue;
        }
        let number = |n: usize| u32::try_from(n).unwrap();
        let place = |at: usize| [number(line), number(at)];
        editor.edit("src/page.md", &[(place(from), place(from + length), piece)]);
        let mut new = String::from_utf16(before).unwrap() + piece;
        new.push_str(&String::from_utf16(after).unwrap());
        let new: Vec<Vec<u16>> = new
            .split('\n')
            .map(|line| line.encode_utf16().collect())
            .collect();
        lines.splice(line..=line, new);
        if round % 12 != 0 {
            continue;
        }
        let text: Vec<u16> = lines.join(&u16::from(b'\n'));
        let text = String::from_utf16(&text).unwrap();
        let mut fresh = Editor::start(&book);
        fresh.open_as("src/page.md", &text);
        assert_eq!(
            editor.diagnostics("src/page.md"),
            fresh.diagnostics("src/page.md"),
            "{text}"
        );
        let last = number(lines.len() / 2);
        for method in ["completion", "hover", "references"] {
            let method = format!("textDocument/{method}");
            assert_eq!(
                editor.at(&method, "src/page.md", [last, 4]),
                fresh.at(&method, "src/page.md", [last, 4]),
                "{method}\n{text}"
            );
        }
    }
}
