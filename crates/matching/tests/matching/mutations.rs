//! What a real page prints is changed, one word or one line at a time, and must not hold any more, save where the word
//! is of a value that Docker draws anew or that is a measure.

use crate::corpus::transcript;
use crate::support::Page;
use crate::words::{changed, words};

const ENGINES: [&str; 2] = ["real/20.10.txt", "real/28.txt"];

/// Commands in whose output lines may go or come without a word: what is optional or a set.
const FREE_LINES: [&str; 3] = ["curl", "docker port", "docker exec db nslookup"];

/// Calls `see` with each command, its output, and the page before it.
fn over_the_page(file: &str, mut see: impl FnMut(&str, &str, &Page)) {
    let mut page = Page::default();
    for (command, output) in transcript(file) {
        see(&command, &output, &page);
        assert!(page.holds(&command, &output, &output), "$ {command}");
    }
}

fn holds(before: &Page, command: &str, mutant: &str, output: &str) -> bool {
    Page::with(before.bindings.clone()).holds(command, mutant, output)
}

/// Whether a word that has no digit may be of a drawn value: a pair of a MAC address, a made-up name, an id, the
/// engine's own.
fn may_be_drawn(line: &str, word: &str) -> bool {
    let pair = word.len() == 2 && word.bytes().all(|b| matches!(b, b'a'..=b'f'));
    let name = line.contains(&format!("{word}_")) || line.contains(&format!("_{word}"));
    let id = word.len() >= 12 && word.bytes().all(|b| b.is_ascii_lowercase());
    let month = matches!(
        word,
        "Jan"
            | "Feb"
            | "Mar"
            | "Apr"
            | "May"
            | "Jun"
            | "Jul"
            | "Aug"
            | "Sep"
            | "Oct"
            | "Nov"
            | "Dec"
    );
    let engine = line.starts_with(" ID: ");
    (pair && line.contains(':')) || engine || name || id || month
}

#[test]
fn changed_words_are_noticed() {
    for engine in ENGINES {
        let (mut all, mut alive) = (0, 0);
        over_the_page(engine, |command, output, before| {
            for word in words(output) {
                let text = &output[word.clone()];
                let mutant = format!(
                    "{}{}{}",
                    &output[..word.start],
                    changed(text),
                    &output[word.end..]
                );
                all += 1;
                if !holds(before, command, &mutant, output) {
                    continue;
                }
                alive += 1;
                let line = output[word.start..].lines().next().unwrap_or_default();
                let start = output[..word.start].rfind('\n').map_or(0, |end| end + 1);
                let line = &output[start..word.start + line.len()];
                let has_digit = text.bytes().any(|b| b.is_ascii_digit());
                let meter = line.contains("% Total") || line.contains("Dload");
                assert!(
                    has_digit || meter || may_be_drawn(line, text),
                    "{engine}: $ {command}\n{line}\n`{text}` may be anything"
                );
                // Numbers that are claims.
                let (head, tail) = (
                    &output[start..word.start],
                    &output[word.end..start + line.len()],
                );
                for claim in [
                    "ttl=",
                    "seq=",
                    "HTTP/1.1 ",
                    "Exited (",
                    "mtu ",
                    "uid=",
                    "nginx/",
                    "Containers: ",
                    "Restart Count: ",
                ] {
                    assert!(
                        !head.ends_with(claim),
                        "{engine}: $ {command}\n{line}\n`{text}` may be anything"
                    );
                }
                for claim in [
                    "% packet loss",
                    " packets transmitted",
                    " packets received",
                    "->80/tcp, :",
                    "/tcp ->",
                    ":80 ",
                ] {
                    let chosen = text.parse::<u32>().is_ok_and(|port| port >= 32768);
                    assert!(
                        !tail.starts_with(claim) || chosen,
                        "{engine}: $ {command}\n{line}\n`{text}` may be anything"
                    );
                }
            }
        });
        // What is left alive are dates, sizes, ids and the like: one word in six.
        assert!(all > 3_900 && alive * 5 < all, "{engine}: {alive} of {all}");
    }
}

#[test]
fn changed_lines_are_noticed() {
    for engine in ENGINES {
        let mut all = 0;
        over_the_page(engine, |command, output, before| {
            if FREE_LINES.iter().any(|free| command.starts_with(free)) {
                return;
            }
            // In JSON more may be there than is printed, and members have no order.
            let json = output.starts_with(['{', '[']);
            let lines: Vec<&str> = output.lines().collect();
            let inner = |at: &usize| !lines[*at].trim().is_empty();
            for at in (0..lines.len()).filter(inner) {
                let mut mutants = vec![(
                    "one more",
                    [&lines[..=at], &["more"], &lines[at + 1..]].concat(),
                )];
                if !json {
                    mutants.push(("one less", [&lines[..at], &lines[at + 1..]].concat()));
                    mutants.push(("one twice", [&lines[..=at], &lines[at..]].concat()));
                    if at > 0 && shape(lines[at]) != shape(lines[at - 1]) {
                        mutants.push((
                            "two swapped",
                            [
                                &lines[..at - 1],
                                &[lines[at], lines[at - 1]],
                                &lines[at + 1..],
                            ]
                            .concat(),
                        ));
                    }
                }
                for (what, mutant) in mutants {
                    let mutant = mutant.join("\n");
                    // Nothing printed says nothing.
                    if mutant.trim().is_empty() {
                        continue;
                    }
                    all += 1;
                    assert!(
                        !holds(before, command, &mutant, output),
                        "{engine}: $ {command}\n{what}: {}",
                        lines[at]
                    );
                }
            }
        });
        assert!(all > 1_000, "{engine}: {all}");
    }
}

/// The letters of a line: lines with the same may be alike to the eye of the rules.
fn shape(line: &str) -> String {
    line.chars().filter(|c| c.is_ascii_alphabetic()).collect()
}
