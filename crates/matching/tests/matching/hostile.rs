//! Inputs that are made to be slow or to break something. Nothing is timed: what crawled would not end.

use seaworthy_matching::{Bindings, Expected, Line, Mode, Values, compare, diff, rewrite};
use seaworthy_words::Script;

/// All that can be done with a printed text and an output.
fn everything(command: &str, printed: &str, actual: &str) {
    let mut bindings = Bindings::new();
    bindings.note_text(command);
    bindings.substitute_text(printed);
    let lines: Vec<Line<'_>> = printed
        .lines()
        .zip(1..)
        .map(|(text, at)| Line { text, at })
        .collect();
    for unordered in [false, true] {
        let expected = Expected {
            command: &Script::parse(command),
            lines: &lines,
            mode: Mode::Docker,
            unordered,
            varies: &[],
        };
        let outcome = compare(&expected, actual, &bindings);
        for shown in diff::diff(&expected, actual, &outcome, 3) {
            let _ = shown.to_string();
        }
        rewrite(&expected, actual, &outcome);
        outcome.bindings.to_author(actual);
    }
    let mut values = Values::new();
    values.add(actual);
    values.check(printed);
}

#[test]
fn long_lines() {
    for part in [
        "1/",
        " HTTP/",
        "{",
        "[",
        "{\"a\":",
        "[{\"1234567890ab\":",
        "_",
        "a_b ",
        "::",
        ":::",
        "02:",
        "May ",
        "1 ",
        "\"\\",
        "12345 ",
        ":49153",
        "0.0.0.0:8080->80/tcp, [::]:8080->80/tcp, ",
        "SWMTKN-",
        "-",
        "'",
        "é",
        "…",
        "...",
        "\u{0}",
        "1.",
        "1.1.1.1",
        "172.18.0.2 ",
        "fe80::",
        "pid 1",
        "@if1",
        "] 1#",
        "NAMES   ",
        "x for 0.0.0.0:",
        " has active endpoints (",
        "docker rm -f a;",
        "1m",
        "10:",
        "20",
        "aaaaaaaaaaaa ",
        ",",
        "2024-",
        "Status: ",
        "\t",
        "\r",
    ] {
        let long = part.repeat(8_000 / part.len());
        for command in ["docker port web", long.as_str()] {
            everything(command, &long, &long);
            everything(command, &format!("{long}x"), &long);
            everything(command, &long, &format!("x{long}"));
        }
    }
}

#[test]
fn many_lines() {
    let many = |line: &dyn Fn(usize) -> String| {
        (0..400)
            .map(|i| format!("{}\n", line(i)))
            .collect::<String>()
    };
    let texts = [
        many(&|_| "a".into()),
        many(&|i| format!("a {}", i % 2)),
        many(&|_| "...".into()),
        many(&|i| if i % 2 == 0 { "...".into() } else { "a".into() }),
        many(&|i| format!("{i:012x}")),
        many(&|i| format!("{:012x}", i / 2)),
        many(&|i| format!("10.{}.{}.2/{}", i / 200, i % 200, i % 33)),
        many(&|_| "NAMES   IMAGE".into()),
        many(&|i| {
            if i == 0 {
                "NAMES   IMAGE   PORTS".into()
            } else {
                format!("a_{i}   x       80/tcp")
            }
        }),
        many(&|i| format!("Unable to find image '{i}' locally")),
        many(&|_| String::new()),
        many(&|i| "x".repeat(i % 50)),
        many(&|i| format!("{{\"a\": {i}}}")),
    ];
    for printed in &texts {
        for actual in &texts {
            everything("docker ps", printed, actual);
        }
    }
}

#[test]
fn deep_structures() {
    // Each level has two ids as keys, so that every way through is tried, and fails at the bottom.
    let deep = |leaf: &str, digit: u8| {
        let mut value = leaf.to_owned();
        for level in 0..60 {
            value = format!(
                "{{\"{0:011x}{digit}\": {value}, \"{1:011x}{digit}\": {2}}}",
                level * 2,
                level * 2 + 1,
                leaf
            );
        }
        value
    };
    everything("x", &deep("1", 1), &deep("2", 2));
    everything("x", &deep("1", 1), &deep("1", 2));
    let wide = |from: usize, name: &str| {
        let members: Vec<String> = (from..from + 600)
            .map(|i| format!("\"{i:012x}\": {{\"{name}\": \"{}\"}}", i % 7))
            .collect();
        format!("{{{}}}", members.join(","))
    };
    everything(
        "x",
        &wide(0x1000_0000_0000, "a"),
        &wide(0x2000_0000_0000, "b"),
    );
    everything(
        "x",
        &wide(0x1000_0000_0000, "Name"),
        &wide(0x2000_0000_0000, "Name"),
    );
    let list = |from: usize| {
        format!(
            "[{}]",
            (from..from + 1_000)
                .map(|i| i.to_string())
                .collect::<Vec<_>>()
                .join(",")
        )
    };
    everything("x", &list(0), &list(5_000));
    everything("x", &list(0), &list(1));
    everything("x", &list(0).replace("[0", "[...,0"), &list(1));
}
