//! What holds of any text: no panic, every output matches itself, what is bound stays.

use proptest::prelude::*;
use seaworthy_matching::{Bindings, Expected, Line, Mode, Values, compare, diff, rewrite};
use seaworthy_words::Script;

/// Lines as terminals print them, with much of what the rules look for.
fn line() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[a-z]{1,8}",
        "[0-9a-f]{12}",
        "[0-9a-f]{64}",
        "172\\.(17|18|19)\\.0\\.[0-9]{1,2}(/16)?",
        "[0-9]{1,3} (seconds|minutes|ms|MB)( ago)?",
        "[0-9.e-]{1,6}(s|ms|m|MiB|kB|%|/s)",
        "(took|Up|in|time=|#7|=>|\\[1\\]|/tmp/tmp\\.) ?",
        "0\\.0\\.0\\.0:[0-9]{4,5}->80/tcp(, \\[::\\]:[0-9]{4,5}->80/tcp)?",
        "([0-9a-f]{2}:){5}[0-9a-f]{2}",
        "(CONTAINER ID|NAMES|STATUS|PORTS|IMAGE ID|\\{|\\}|\\[|\\]|\"|:|,|\\.\\.\\.|<snip>|…)",
        "20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z",
        "[a-z]{3,6}_[a-z]{3,6}",
        "(fe80|fd00)::[0-9a-f]{1,4}",
        "\\PC{0,6}",
    ];
    (
        prop::collection::vec(part, 0..7),
        prop_oneof![Just(" "), Just("   "), Just("\t"), Just("")],
    )
        .prop_map(|(parts, between)| parts.join(between))
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(line(), 0..12).prop_map(|lines| lines.join("\n"))
}

/// Commands whose outputs are read each in a way of its own.
const READ_APART: [&str; 14] = [
    "date",
    "df -h",
    "ls -l",
    "ps aux",
    "sleep 9 &",
    "mktemp",
    "curl -v localhost",
    "docker stats --no-stream",
    "docker ps --format '{{.Status}} {{.Size}}'",
    "docker logs web",
    "docker build .",
    "docker compose up -d",
    "docker exec web sh -c 'ss -tn; top -b -n 1'",
    "docker run -m 64m --health-interval 90s app",
];

fn command() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("docker ps".to_owned()),
        Just("docker port web".to_owned()),
        Just("docker inspect -f '{{.Name}}' web".to_owned()),
        Just("docker run --rm busybox true".to_owned()),
        Just("docker rm -f web && docker network rm front".to_owned()),
        Just("sha256sum x".to_owned()),
        prop::sample::select(READ_APART.as_slice()).prop_map(str::to_owned),
        "docker [a-z]{2,7} \\PC{0,20}",
        text(),
    ]
}

fn check(
    command: &str,
    printed: &str,
    actual: &str,
    unordered: bool,
    mode: Mode,
    bindings: &Bindings,
) -> (bool, Bindings) {
    let lines: Vec<Line<'_>> = printed
        .lines()
        .zip(1..)
        .map(|(text, at)| Line { text, at })
        .collect();
    let expected = Expected {
        command: &Script::parse(command),
        lines: &lines,
        mode,
        unordered,
        varies: &[],
    };
    let outcome = compare(&expected, actual, bindings);
    let mut seen = vec![false; lines.len()];
    let mut taken = std::collections::BTreeSet::new();
    for row in &outcome.alignment {
        if let Some(author) = row.author {
            assert!(
                !std::mem::replace(&mut seen[author], true),
                "line {author} twice"
            );
            assert!(
                row.marks
                    .iter()
                    .all(|mark| lines[author].text.get(mark.author.clone()).is_some())
            );
        }
        if let (Some(at), false) = (row.actual, printed.trim_start().starts_with(['{', '['])) {
            assert!(taken.insert(at), "output {at} twice");
        }
    }
    assert_eq!(outcome.holds, outcome.explanation.is_none());
    for shown in diff::diff(&expected, actual, &outcome, 2) {
        let _ = shown.to_string();
    }
    rewrite(&expected, actual, &outcome);
    (outcome.holds, outcome.bindings)
}

proptest! {
    #[test]
    fn any_two_texts_compare(command in command(), printed in text(), actual in text(), unordered: bool) {
        let mut bindings = Bindings::new();
        bindings.note_text(&command);
        let (holds, after) = check(&command, &printed, &actual, unordered, Mode::Docker, &bindings);
        check(&command, &printed, &actual, unordered, Mode::Exact, &bindings);
        // What holds once holds again, and binds nothing more.
        if holds {
            let (again, more) = check(&command, &printed, &actual, unordered, Mode::Docker, &after);
            prop_assert!(again);
            prop_assert!(after.bound().eq(more.bound()));
        }
    }

    #[test]
    fn every_output_matches_itself(command in command(), text in text()) {
        let mut bindings = Bindings::new();
        bindings.note_text(&command);
        for mode in [Mode::Docker, Mode::Exact] {
            let (holds, _) = check(&command, &text, &text, false, mode, &bindings);
            prop_assert!(holds, "{:?}", mode);
        }
    }

    #[test]
    fn typing_gives_back_what_was_printed(command in command(), printed in text(), actual in text()) {
        let mut bindings = Bindings::new();
        let (holds, after) = check("x", &printed, &actual, false, Mode::Docker, &bindings);
        if holds {
            bindings = after;
        }
        let typed = bindings.substitute_text(&command);
        bindings.note_text(&command);
        prop_assert_eq!(bindings.substitute_text(&command), typed);
        bindings.to_author(&actual);
        let mut values = Values::new();
        values.add(&printed);
        for line in printed.lines() {
            prop_assert_eq!(values.check(line), []);
        }
    }

    #[test]
    fn any_bytes_at_all(a in "\\PC{0,80}", b in "(.|\n|\t|\u{0}|\u{7f}){0,80}") {
        let (holds, _) = check(&a, &b, &a, false, Mode::Docker, &Bindings::new());
        check(&b, &a, &b, true, Mode::Docker, &Bindings::new());
        prop_assert!(holds || !b.trim().is_empty());
    }
}
