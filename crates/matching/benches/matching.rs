//! How long a comparison takes: 10,000 lines of each kind, outputs that hold and outputs that do not.
//!
//! `cargo bench --bench matching`; the promise is 50 ms each.

use std::fmt::Write;

use seaworthy_matching::{Bindings, Expected, Line, Mode, compare, diff, rewrite};
use seaworthy_words::Script;

fn main() {
    divan::main();
}

const LINES: usize = 10_000;

/// What is printed, and what is found, for one kind of output.
type Case = (&'static str, fn(usize) -> (String, String));

const CASES: [Case; 13] = [
    ("text", |n| {
        same(n, |i, _| {
            format!("line {i} of a text that says nothing of Docker")
        })
    }),
    ("ping", |n| {
        same(n, |i, run| {
            format!(
                "64 bytes from 172.{}.0.2: seq={i} ttl=64 time=0.{:03} ms",
                18 + run,
                i % 1000
            )
        })
    }),
    ("ids", |n| {
        same(n, |i, run| {
            format!("{:012x}", i * 2 + run + 0x1000_0000_0000)
        })
    }),
    ("addresses", |n| {
        same(n, |i, run| {
            format!("host-{i} {}.{}.{}.{}", 10, 20 + run, i / 250, i % 250 + 2)
        })
    }),
    ("log", |n| {
        same(n, |i, run| {
            format!(
                "172.17.0.1 - - [0{}/May/2024:10:11:12 +0000] \"GET /{i} HTTP/1.1\" 200 615 \"-\" \"curl/8.14.1\" \"-\"",
                run + 1
            )
        })
    }),
    ("table", table),
    ("json", json),
    ("dots around", |n| {
        let (printed, found) = same(n, |i, run| format!("took {}.{run} ms at {i}", i % 7));
        (
            format!(
                "...\n{}\n...",
                printed
                    .lines()
                    .skip(n / 2)
                    .take(n / 4)
                    .collect::<Vec<_>>()
                    .join("\n")
            ),
            found,
        )
    }),
    ("dots, never found", |n| {
        (
            format!("...\n{}b\n...", "a 172.18.0.2\n".repeat(n / 2)),
            "a 172.19.0.2\n".repeat(n),
        )
    }),
    ("many dots", |n| {
        ("a\n...\n".repeat(n / 2), "a\nb\n".repeat(n / 2))
    }),
    ("nothing in common", |n| {
        (
            same(n, |i, _| format!("printed {i}")).0,
            same(n, |i, _| format!("{} found", i * 7)).0,
        )
    }),
    ("one line changed", |n| {
        let (printed, found) = same(n, |i, _| format!("line {i} {}", i % 5));
        (
            printed.replace(&format!("line {} ", n / 2), "line x "),
            found,
        )
    }),
    ("lines moved", |n| {
        let (printed, found) = same(n, |i, _| format!("line {}", i % 100));
        let mut lines: Vec<_> = printed.lines().collect();
        lines.rotate_left(n / 3);
        (lines.join("\n"), found)
    }),
];

/// `n` lines, as the author and as the machine has them.
fn same(n: usize, line: impl Fn(usize, usize) -> String) -> (String, String) {
    let side = |run| (0..n).map(|i| line(i, run)).collect::<Vec<_>>().join("\n");
    (side(0), side(1))
}

fn table(n: usize) -> (String, String) {
    let side = |run: usize| {
        let mut text = "CONTAINER ID   IMAGE     COMMAND                  CREATED         STATUS         PORTS                                       NAMES\n".to_owned();
        for i in 0..n {
            let id = i * 2 + run + 0x1000_0000_0000;
            let port = 1000 + i % 20_000;
            let _ = writeln!(
                text,
                "{id:012x}   nginx     \"/docker-entrypoint.…\"   {} seconds ago   Up {} seconds   0.0.0.0:{port:05}->80/tcp, [::]:{port:05}->80/tcp   web-{i}",
                run + 3,
                run + 2
            );
        }
        text
    };
    (side(0), side(1))
}

/// A network with so many containers that its description has `n` lines.
fn json(n: usize) -> (String, String) {
    let side = |run: usize| {
        let mut text = "[\n  {\n    \"Name\": \"front\",\n    \"Containers\": {\n".to_owned();
        let count = n / 5;
        for i in 0..count {
            // The author's are in another order.
            let i = if run == 0 { count - 1 - i } else { i };
            let id = i * 2 + run + 0x1000_0000_0000;
            let comma = if (run == 0 && i == 0) || (run == 1 && i + 1 == count) {
                ""
            } else {
                ","
            };
            let _ = write!(
                text,
                "      \"{id:064x}\": {{\n        \"Name\": \"web-{i}\",\n        \"MacAddress\": \"02:42:{run:02x}:12:{:02x}:{:02x}\",\n        \"IPv4Address\": \"172.{}.{}.{}/16\"\n      }}{comma}\n",
                i / 256,
                i % 256,
                18 + run,
                i / 250,
                i % 250 + 2
            );
        }
        text.push_str("    }\n  }\n]\n");
        text
    };
    (side(0), side(1))
}

#[divan::bench(args = CASES.map(|(name, _)| name))]
fn ten_thousand_lines(bencher: divan::Bencher<'_, '_>, name: &str) {
    let (printed, found) = case(name, LINES);
    bencher.bench_local(|| {
        with(&printed, false, |expected| {
            compare(expected, &found, &Bindings::new()).holds
        })
    });
}

#[divan::bench(args = ["ids", "table", "nothing in common", "lines moved"])]
fn ten_thousand_lines_in_any_order(bencher: divan::Bencher<'_, '_>, name: &str) {
    let (printed, found) = case(name, LINES);
    bencher.bench_local(|| {
        with(&printed, true, |expected| {
            compare(expected, &found, &Bindings::new()).holds
        })
    });
}

#[divan::bench(args = ["nothing in common", "one line changed", "table"])]
fn difference_and_rewriting(bencher: divan::Bencher<'_, '_>, name: &str) {
    let (printed, found) = case(name, LINES);
    let found = found.replace("web-77", "db-77");
    bencher.bench_local(|| {
        with(&printed, false, |expected| {
            let outcome = compare(expected, &found, &Bindings::new());
            diff::diff(expected, &found, &outcome, 3).len()
                + rewrite(expected, &found, &outcome).len()
        })
    });
}

/// Twice the lines should take twice the time.
#[divan::bench(args = [2_500, 5_000, 10_000, 20_000, 40_000])]
fn growth(bencher: divan::Bencher<'_, '_>, lines: usize) {
    let (printed, found) = table(lines);
    bencher.bench_local(|| {
        with(&printed, false, |expected| {
            compare(expected, &found, &Bindings::new()).holds
        })
    });
}

fn case(name: &str, lines: usize) -> (String, String) {
    let (_, make) = CASES
        .iter()
        .find(|(other, _)| *other == name)
        .expect("a case");
    make(lines)
}

fn with<T>(printed: &str, unordered: bool, compare: impl Fn(&Expected<'_>) -> T) -> T {
    let lines: Vec<Line<'_>> = printed
        .lines()
        .zip(1..)
        .map(|(text, at)| Line { text, at })
        .collect();
    compare(&Expected {
        command: &Script::parse("docker ps"),
        lines: &lines,
        mode: Mode::Docker,
        unordered,
        varies: &[],
    })
}
