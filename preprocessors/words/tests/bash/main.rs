//! What this crate says of a shell text is what bash says: over the commands of this project's own books, over a list of
//! odd ones, and over thousands that a grammar makes, whole, broken off and spoilt.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod bash;
mod books;
mod generator;
mod parts;
mod random;

use std::collections::BTreeSet;

use bash::{Said, verdicts, words};
use generator::Generator;
use random::Random;
use seaworthy_words::{Command, Script, Verdict};

/// Another seed makes other commands.
fn seed() -> u64 {
    match std::env::var("BASH_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => 16,
    }
}

/// Odd texts, each ended by a line `%`.
fn odd() -> Vec<String> {
    let texts = include_str!("odd.txt").split_terminator("\n%\n");
    texts.map(str::to_owned).collect()
}

/// What is compared: no text twice.
fn texts() -> BTreeSet<String> {
    let mut random = Random::new(seed());
    let mut texts: BTreeSet<String> = odd().into_iter().collect();
    for text in books::commands() {
        texts.insert(random.broken_off(&text));
        texts.insert(random.spoilt(&text));
        texts.insert(text);
    }
    let mut generator = Generator::new(random);
    for _ in 0..1500 {
        let text = generator.script();
        // Of sums that are broken, bash says nothing, or something else in a file than in a text.
        let further = [
            generator.random.broken_off(&text),
            generator.random.spoilt(&text),
            generator.random.spoilt(&text),
        ];
        texts.extend(further.into_iter().filter(|text| !text.contains("((")));
        texts.insert(text);
    }
    // A line that is only a backslash asks for more, which no text after it could show.
    texts.retain(|text| {
        !text
            .strip_suffix('\\')
            .is_some_and(|text| text.trim_end() != text || text.is_empty())
    });
    texts
}

fn said(script: &Script) -> Said {
    match script.verdict() {
        Verdict::Complete => Said::Complete,
        Verdict::Incomplete(_) => Said::Incomplete,
        Verdict::Wrong => Said::Wrong,
    }
}

#[test]
fn texts_are_complete_incomplete_or_wrong_as_for_bash() {
    let texts: Vec<String> = texts().into_iter().collect();
    let theirs = verdicts(&texts);
    let ours: Vec<Said> = texts
        .iter()
        .map(|text| said(&Script::parse(text.as_str())))
        .collect();
    let mut differ: Vec<String> = texts
        .iter()
        .zip(ours.iter().zip(&theirs))
        .filter(|(_, (ours, theirs))| match theirs {
            Said::Silent => **ours == Said::Complete,
            Said::Unclear => false,
            _ => ours != theirs,
        })
        .map(|(text, (ours, theirs))| format!("{text:?}\n  here {ours:?}, bash {theirs:?}"))
        .collect();
    differ.sort_by_key(String::len);
    let count = |said| theirs.iter().filter(|s| **s == said).count();
    let counts = [Said::Complete, Said::Incomplete, Said::Wrong].map(count);
    let odd = count(Said::Silent) + count(Said::Unclear);
    println!(
        "{} texts: complete, incomplete, wrong: {counts:?}",
        texts.len()
    );
    assert!(
        differ.is_empty(),
        "{} differ:\n{}",
        differ.len(),
        differ.join("\n")
    );
    assert!(
        counts.iter().all(|count| *count > 500) && odd < 50,
        "{counts:?}, {odd}"
    );
}

/// The only simple command of a text.
fn simple(script: &Script) -> Option<&seaworthy_words::Simple> {
    let [item] = script.list().items.as_slice() else {
        return None;
    };
    match item.first.commands.as_slice() {
        [Command::Simple(simple)] if item.rest.is_empty() => Some(simple),
        _ => None,
    }
}

#[test]
fn words_are_those_that_bash_makes() {
    let mut generator = Generator::new(Random::new(seed()));
    let mut texts: Vec<String> = (0..1500).map(|_| generator.call()).collect();
    // Those of the books, if bash puts nothing else in the place of a part of them, and without doing anything.
    for text in books::commands() {
        let script = Script::parse(text.as_str());
        let Some(simple) = simple(&script).filter(|s| s.redirects.is_empty()) else {
            continue;
        };
        let plain = |word: &seaworthy_words::Word| !word.expands && !word.value.starts_with('~');
        if let Some(first) = simple
            .words
            .first()
            .filter(|_| simple.words.iter().all(plain))
        {
            let (before, after) = (&text[..first.range.start], &text[first.range.end..]);
            texts.push(format!("{before}args{after}"));
        }
    }
    assert!(texts.len() > 1800, "{}", texts.len());
    let theirs = words(&texts);
    let mut differ = Vec::new();
    for (text, theirs) in texts.iter().zip(theirs) {
        let script = Script::parse(text.as_str());
        let ours: Option<Vec<String>> = simple(&script).map(|simple| {
            let words = simple.words.iter().skip(1);
            words.map(|word| word.value.clone()).collect()
        });
        if ours != theirs {
            differ.push(format!("{text:?}\n  here {ours:?}\n  bash {theirs:?}"));
        }
    }
    assert!(
        differ.is_empty(),
        "{} differ:\n{}",
        differ.len(),
        differ.join("\n")
    );
}
