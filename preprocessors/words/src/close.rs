//! Names in a line, and one "did you mean" for everything that has a name.

use std::ops::Range;

/// "did you mean", or the list of what there is.
#[must_use]
pub fn suggestion(name: &str, known: &[&str]) -> String {
    match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known are: {}", known.join(", ")),
    }
}

/// The known name that `name` is a slip of the finger away from: an insertion, a deletion, a replacement or a swap of
/// neighbours, and one more for each eight letters. `-` is `_`, and a capital is a small letter.
#[must_use]
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let plain = |name: &str| name.replace('-', "_").to_lowercase();
    let far = |candidate: &str| strsim::osa_distance(&plain(name), &plain(candidate));
    known
        .iter()
        .map(|candidate| (far(candidate), *candidate))
        // Of a name of two letters, a slip leaves nothing to know it by.
        .filter(|(far, candidate)| candidate.len() > 2 && *far <= 1 + candidate.len() / 8)
        .min_by_key(|(far, _)| *far)
        .map(|(_, candidate)| candidate)
}

/// Where `name` stands in a line as a word of its own, as bytes; `-` and `_` belong to words.
#[must_use]
pub fn occurrences(line: &str, name: &str) -> Vec<Range<usize>> {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    line.match_indices(name)
        .map(|(at, _)| at..at + name.len())
        .filter(|range| {
            !line[..range.start].ends_with(part) && !line[range.end..].starts_with(part)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{nearest, suggestion};

    #[test]
    fn slips_are_told_from_other_words() {
        let known = [
            "networks",
            "ports",
            "network_mode",
            "depends_on",
            "on",
            "exit",
        ];
        for (name, meant) in [
            ("network", Some("networks")),
            ("netwroks", Some("networks")),
            ("port", Some("ports")),
            ("network-mode", Some("network_mode")),
            ("networkmode", Some("network_mode")),
            ("netwrkmode", Some("network_mode")),
            ("ntwrkmode", None),
            ("depend_on", Some("depends_on")),
            ("Ports", Some("ports")),
            ("exti", Some("exit")),
            ("eixt", Some("exit")),
            ("no", None),
            ("image", None),
            ("volumes", None),
        ] {
            assert_eq!(nearest(name, &known), meant, "{name}");
        }
    }

    #[test]
    fn without_a_near_one_all_are_named() {
        assert_eq!(suggestion("exti", &["exit", "on"]), "did you mean `exit`?");
        assert_eq!(suggestion("banana", &["exit", "on"]), "known are: exit, on");
    }
}
