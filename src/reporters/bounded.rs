//! Reports as they are told: whatever was printed, each part has a bound, and says what was left out.
//!
//! The report itself, `report.json`, holds everything.

use seaworthy_blocks::{clipped, visible};
use seaworthy_report::LineKind;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// How much is told of each text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Of its lines, the first and the last.
    lines: usize,
    /// Of each line, in characters.
    width: usize,
    /// Of a list, the first.
    items: usize,
}

/// On a terminal.
pub(super) const TERMINAL: Bounds = Bounds {
    lines: 121,
    width: 1000,
    items: 50,
};
/// In a file for a CI system.
pub(super) const FILE: Bounds = Bounds {
    lines: 201,
    width: 500,
    items: 50,
};
/// Beside a line of a pull request.
pub(super) const ANNOTATION: Bounds = Bounds {
    lines: 41,
    width: 200,
    items: 20,
};

/// Texts of several lines; every other one is told as one line.
const LINES: [&str; 7] = [
    "command", "message", "help", "expected", "machine", "error", "reason",
];
/// Lists whose length the printed commands or pictures of an author make, and not the number of their pages.
const LISTS: [&str; 3] = ["differences", "notes", "left"];

/// `told` within `bounds`, made visible.
pub(super) fn within<T: Serialize + DeserializeOwned + Clone>(told: &T, bounds: Bounds) -> T {
    let bounded = serde_json::to_value(told).and_then(|mut value| {
        bound(&mut value, "", bounds);
        serde_json::from_value(value)
    });
    // Texts were changed into texts: what could be written can be read.
    bounded.unwrap_or_else(|_| told.clone())
}

fn bound(value: &mut Value, key: &str, bounds: Bounds) {
    match value {
        Value::String(text) => {
            *text = match key {
                // What a command printed is told by its ends, by those who tell it.
                "actual" => narrow(text, bounds.width).join("\n"),
                key if LINES.contains(&key) => {
                    let lines = narrow(text, bounds.width);
                    let told = ends(lines, bounds.lines, |left_out| {
                        format!("({left_out} more lines: the report holds them)")
                    });
                    told.join("\n")
                }
                _ => clipped(&visible(text).replace('\n', "\\u{a}"), bounds.width).into_owned(),
            };
        }
        Value::Array(lines) if key == "diff" => bound_diff(lines, bounds),
        Value::Array(items) => {
            if LISTS.contains(&key) && items.len() > bounds.items {
                let left_out = items.len() - bounds.items;
                items.truncate(bounds.items);
                items.push(format!("({left_out} more: the report holds them)").into());
            }
            items.iter_mut().for_each(|item| bound(item, key, bounds));
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                bound(field, key, bounds);
            }
        }
        _ => {}
    }
}

/// A difference: its first and its last lines.
fn bound_diff(lines: &mut Vec<Value>, bounds: Bounds) {
    *lines = ends(std::mem::take(lines), bounds.lines, |left_out| {
        let told = format!("({left_out} more lines: the report holds them)");
        json!({ "kind": LineKind::Folded, "parts": [{ "text": told }] })
    });
    for line in lines {
        if let Some(Value::Array(parts)) = line.get_mut("parts") {
            bound_parts(parts, bounds.width);
        }
    }
}

/// The parts of a line: as many as there is room for, `width` characters in all.
fn bound_parts(parts: &mut Vec<Value>, width: usize) {
    let mut room = width;
    let mut whole = 0;
    for part in parts.iter_mut() {
        if room == 0 {
            break;
        }
        if let Some(Value::String(text)) = part.get_mut("text") {
            let told = clipped(text, room);
            room = room.saturating_sub(told.chars().count());
            *text = visible(&told).into_owned();
        }
        whole += 1;
    }
    parts.truncate(whole);
}

/// The visible lines of `text`, none of them longer than `width`.
fn narrow(text: &str, width: usize) -> Vec<String> {
    let lines = text
        .lines()
        .map(|line| visible(&clipped(line, width)).into_owned());
    lines.collect()
}

/// The first and the last of `lines`, `most` of them with the line between them, which `middle` says.
pub(super) fn ends<T>(mut lines: Vec<T>, most: usize, middle: impl FnOnce(usize) -> T) -> Vec<T> {
    if lines.len() <= most {
        return lines;
    }
    let first = most / 2;
    let last = most - 1 - first;
    let left_out = lines.len() - first - last;
    let tail = lines.split_off(lines.len() - last);
    lines.truncate(first);
    lines.push(middle(left_out));
    lines.extend(tail);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use seaworthy_report::{Diagram, DiffLine, Failure, FailureCode, Part, Status};

    #[test]
    fn each_part_of_a_report_has_a_bound_and_says_what_was_left_out() {
        let row = DiffLine {
            parts: ["b\u{1b}[2J", &"x".repeat(300), "gone"]
                .map(|text| Part {
                    text: text.to_owned(),
                    differs: true,
                })
                .to_vec(),
            ..DiffLine::whole(LineKind::Unexpected, "")
        };
        let failure = Failure {
            code: FailureCode::WrongOutput,
            file: "a\nb.md".to_owned(),
            line: 3,
            command: "cat".to_owned(),
            exit: None,
            message: format!("printed `{}`", "x".repeat(10_000)),
            help: String::new(),
            expected: String::new(),
            actual: "a\n".repeat(80_000),
            diff: vec![row; 80_000],
            machine: String::new(),
            rerun: String::new(),
        };
        let told = within(&failure, ANNOTATION);
        assert_eq!(told.file, "a\\u{a}b.md");
        assert!(
            told.message.ends_with("… (9810 more characters)"),
            "{}",
            told.message
        );
        let lines: Vec<_> = told.diff.iter().map(ToString::to_string).collect();
        assert_eq!(lines.len(), 41);
        let all = format!("+ b\\u{{1b}}[2J{}… (105 more characters)", "x".repeat(195));
        assert_eq!(lines[1], all);
        assert_eq!(lines[20], "  (79960 more lines: the report holds them)");
        assert_eq!(told.actual.lines().count(), 80_000);
    }

    #[test]
    fn a_long_list_is_counted() {
        let diagram = Diagram {
            id: "d".to_owned(),
            fingerprint: "f".to_owned(),
            file: None,
            line: 1,
            turn: 0,
            status: Status::Failed,
            differences: vec!["no container `a`".to_owned(); 100],
        };
        let told = within(&diagram, ANNOTATION).differences;
        assert_eq!(told.len(), 21);
        assert_eq!(told[20], "(80 more: the report holds them)");
    }
}
