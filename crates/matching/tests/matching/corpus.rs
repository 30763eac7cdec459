//! What real engines print, against what authors paste.

use std::path::Path;

use seaworthy_matching::{Expected, Line, Mode, diff};
use seaworthy_words::Script;

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
            command: &Script::parse(command),
            lines: &lines,
            mode: Mode::Docker,
            unordered: false,
            varies: &[],
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

/// What changed between engines, and so must be refused: the beginning of the command, and what is said of it.
type Changes = [(&'static str, &'static str)];

const FROM_20_10: &Changes = &[
    ("docker inspect web", "there is no key `KernelMemory`"),
    (
        "docker inspect --format \"{{json .NetworkSettings.Networks}}\" web",
        "Aliases: printed with 1 elements, has 0",
    ),
    // Containers have IPv6 on their loopback interface, and the files of the engine say more.
    (
        "docker exec web ip addr",
        "the output has 2 lines that are not printed",
    ),
    (
        "docker exec web cat /etc/resolv.conf",
        "lines that are not printed",
    ),
    (
        "docker exec web cat /etc/hosts",
        "printed `fe00::0`, is `fe00::`",
    ),
    (
        "docker run --rm busybox:1.37 ip addr",
        "the output has 2 lines that are not printed",
    ),
    ("docker info", "printed `20.10"),
    ("docker version", "printed `20.10"),
    (
        "docker run -d --name clash",
        "failed to set up container networking",
    ),
    ("docker network rm front", "has active endpoints"),
    ("docker network rm nope", "network nope not found"),
    (
        "docker run --rm --network nope",
        "failed to set up container networking",
    ),
    ("printf ", "`Removing`"),
    (
        "docker node ls",
        "ENGINE VERSION of `docker-host`: printed `20.10",
    ),
];

const FROM_26: &Changes = &[
    (
        "docker inspect web",
        "HostConfig.MaskedPaths: printed with 11 elements, has 12",
    ),
    (
        "docker exec web cat /etc/hosts",
        "printed `fe00::0`, is `fe00::`",
    ),
    ("docker info", "printed `26."),
    ("docker version", "printed `26."),
    (
        "docker run -d --name clash",
        "failed to set up container networking",
    ),
    ("docker network rm front", "has active endpoints"),
    (
        "docker network rm nope",
        "the output has 1 line that is not printed",
    ),
    (
        "docker run --rm --network nope",
        "failed to set up container networking",
    ),
    (
        "docker node ls",
        "ENGINE VERSION of `docker-host`: printed `26.",
    ),
];

#[test]
fn what_one_run_printed_holds_in_another() {
    assert_eq!(
        differences(&transcript("real/28-again.txt"), &transcript("real/28.txt")),
        []
    );
}

#[test]
fn what_an_older_engine_printed_holds_unless_it_changed() {
    for (engine, changes) in [("real/20.10.txt", FROM_20_10), ("real/26.txt", FROM_26)] {
        let found = differences(&transcript(engine), &transcript("real/28.txt"));
        let told: Vec<String> = found
            .iter()
            .map(|(command, shown)| format!("$ {command}\n{shown}"))
            .collect();
        assert_eq!(found.len(), changes.len(), "{engine}\n{}", told.join("\n"));
        for ((command, shown), (start, said)) in found.iter().zip(changes) {
            let explanation = shown.lines().next().unwrap_or_default();
            assert!(
                command.starts_with(start) && explanation.contains(said),
                "{engine}: {start}: {said}\n$ {command}\n{shown}"
            );
        }
    }
}

/// A page as manuals print it, by hand and from engines of ten years, against what the newest one prints.
#[test]
fn what_a_manual_prints_holds() {
    let pasted = transcript("pasted.txt");
    let mut real = transcript("real/28.txt").into_iter();
    let mut page = Page::default();
    for (command, printed) in &pasted {
        // Commands that the manual leaves out are typed all the same.
        let actual = loop {
            let (other, actual) = real.next().unwrap_or_else(|| panic!("not run: {command}"));
            if other == *command {
                break actual;
            }
            page.bindings.note_text(&other);
        };
        let outcome = page.run(command, printed, &actual);
        assert!(
            outcome.holds,
            "$ {command}\n{:?}\n{actual}",
            outcome.explanation
        );
    }
    assert!(pasted.len() >= 40);
}

/// Another id, MAC or part of one, for a hexadecimal word: each digit becomes another, so that prefixes stay prefixes.
fn other_digits(word: &str) -> String {
    // 6 keeps odd digits odd, and with them the bit of a MAC that tells groups from single cards.
    let other = |digit: char| {
        digit
            .to_digit(16)
            .and_then(|value| char::from_digit(value ^ 6, 16))
            .unwrap_or(digit)
    };
    word.chars().map(other).collect()
}

/// The text with other ids, MACs, addresses, ports and ages, the same for the same.
fn with_other_values(text: &str) -> String {
    let text = text
        .replace("172.18.", "172.30.")
        .replace("10.0.1.", "10.0.77.")
        .replace(":32768", ":50001")
        .replace(":32769", ":49999")
        .replace("\"32768\"", "\"50001\"")
        .replace("\"32769\"", "\"49999\"")
        .replace(" 3 seconds", " About a minute")
        .replace(" 2 seconds", " 17 minutes");
    let mut out = String::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let is_mac = rest.get(..17).is_some_and(|mac| {
            mac.bytes().enumerate().all(|(at, b)| {
                if at % 3 == 2 {
                    b == b':'
                } else {
                    b.is_ascii_hexdigit()
                }
            }) && !mac.starts_with("ff:ff")
                && !mac.starts_with("00:00")
        });
        let word = rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        let is_id = matches!(word, 12 | 64)
            && rest[..word]
                .bytes()
                .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let after_word = out.ends_with(|c: char| c.is_ascii_alphanumeric() || c == ':');
        let len = if is_mac && !after_word {
            17
        } else {
            word.max(rest.chars().next().map_or(1, char::len_utf8))
        };
        let part = &rest[..len];
        out.push_str(&if (is_mac && !after_word) || is_id {
            other_digits(part)
        } else {
            part.to_owned()
        });
        rest = &rest[len..];
    }
    out
}

#[test]
fn a_page_with_other_values_holds() {
    for engine in ENGINES {
        let real = transcript(engine);
        let printed: Vec<(String, String)> = real
            .iter()
            .map(|(command, output)| (command.clone(), with_other_values(output)))
            .collect();
        let changed = printed
            .iter()
            .zip(&real)
            .filter(|(a, b)| a.1 != b.1)
            .count();
        assert!(changed > 30, "{engine}: {changed}");
        assert_eq!(differences(&printed, &real), [], "{engine}");
    }
}

#[test]
fn a_page_with_two_values_mixed_up_does_not_hold() {
    let real = transcript("real/28.txt");
    // From the second output that has it on, one value is printed in the place of another.
    for (from, to) in [
        ("172.18.0.2", "172.18.0.3"),
        ("172.28.0.3", "172.28.0.2"),
        ("32768", "32769"),
        ("172.18.0.1\"", "172.18.0.9\""),
    ] {
        let mut seen = 0;
        let printed: Vec<(String, String)> = real
            .iter()
            .map(|(command, output)| {
                seen += usize::from(output.contains(from));
                let output = if seen > 1 {
                    output.replace(from, to)
                } else {
                    output.clone()
                };
                (command.clone(), output)
            })
            .collect();
        assert!(seen > 1, "{from}");
        assert_ne!(differences(&printed, &real), [], "{from} for {to}");
    }
}
