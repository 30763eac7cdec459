//! What a failure shows.

use crate::support::{Page, plain_diff};

#[test]
fn a_line_that_differs_is_shown_with_what_was_found() {
    let shown = plain_diff(
        &mut Page::default(),
        "ping -c 1 web",
        "PING web (172.18.0.2): 56 data bytes\n64 bytes from 172.18.0.2: seq=0 ttl=64 time=0.083 ms\n\n--- web ping statistics ---\n1 packets transmitted, 1 packets received, 0% packet loss",
        "PING web (172.18.0.2): 56 data bytes\n\n--- web ping statistics ---\n1 packets transmitted, 0 packets received, 100% packet loss\n",
        1,
    );
    assert_eq!(
        shown,
        "  PING web (172.18.0.2): 56 data bytes
- 64 bytes from 172.18.0.2: seq=0 ttl=64 time=0.083 ms
  
  --- web ping statistics ---
- 1 packets transmitted, 1 packets received, 0% packet loss
+ 1 packets transmitted, 0 packets received, 100% packet loss
=> `64 bytes from 172.18.0.2: seq=0 ttl=64 time=0.083 ms` is not in the output; 1 more line does not hold
"
    );
}

#[test]
fn what_a_value_stands_for_is_told_with_its_line() {
    let mut page = Page::default();
    assert!(page.holds("docker inspect web", "\"172.18.0.2\"", "\"172.19.0.5\""));
    let shown = plain_diff(
        &mut page,
        "ping -c 1 web",
        "PING web (172.18.0.2): 56 data bytes",
        "PING web (172.19.0.6): 56 data bytes",
        3,
    );
    assert_eq!(
        shown,
        "\
- PING web (172.18.0.2): 56 data bytes
+ PING web (172.19.0.6): 56 data bytes
= `172.18.0.2` stands for `172.19.0.5` since line 2, and here is `172.19.0.6`
=> `172.18.0.2` stands for `172.19.0.5` since line 2, and here is `172.19.0.6`
"
    );
}

#[test]
fn a_column_that_is_missing_is_named() {
    let shown = plain_diff(
        &mut Page::default(),
        "docker ps",
        "NAMES     SIZE      STATUS\nweb       2B        Up 3 seconds",
        "NAMES     STATUS\nweb       Up 9 seconds",
        0,
    );
    assert!(shown.contains("there is no column `SIZE`"), "{shown}");
}

#[test]
fn a_cell_is_named_by_its_column_and_row() {
    let shown = plain_diff(
        &mut Page::default(),
        "docker ps",
        "CONTAINER ID   IMAGE     STATUS         NAMES\n0a1b2c3d4e5f   nginx     Up 3 seconds   web\n1a1b2c3d4e5f   busybox   Up 3 seconds   db",
        "CONTAINER ID   IMAGE     COMMAND   STATUS                     NAMES\nffffffffffff   nginx     \"x\"       Exited (1) 3 seconds ago   web\n1111ffffffff   busybox   \"x\"       Up 3 seconds               db",
        0,
    );
    assert_eq!(
        shown,
        "  (1 line holds)
- 0a1b2c3d4e5f   nginx     Up 3 seconds   web
+ ffffffffffff   nginx     \"x\"       Exited (1) 3 seconds ago   web
= STATUS of `web`: printed `Up 3 seconds`, is `Exited (1) 3 seconds ago`
= `0a1b2c3d4e5f` stands for `ffffffffffff` since line 3
  (1 line holds)
=> STATUS of `web`: printed `Up 3 seconds`, is `Exited (1) 3 seconds ago`
"
    );
}

/// What is said of the last of a page's outputs, given as command, printed, found.
fn told(steps: &[(&str, &str, &str)]) -> String {
    let mut page = Page::default();
    let (last, before) = steps.split_last().expect("a step");
    for (command, printed, found) in before {
        assert!(page.holds(command, printed, found), "$ {command}");
    }
    let outcome = page.run(last.0, last.1, last.2);
    outcome.explanation.unwrap_or_default()
}

#[test]
fn the_nearest_explanation_in_one_sentence() {
    let networks = "NAMES     NETWORKS\nweb       front\ndb        back\n";
    let list = "NAME      DRIVER\nbridge    bridge\nfront     bridge\n";
    let ping = "2 packets transmitted, 2 packets received, 0% packet loss";
    let table = |from: &str, to: &str| networks.replace(from, to);
    for (command, printed, found, sentence) in [
        // A container on another network than printed.
        (
            "docker ps",
            networks,
            table("web       front", "web       front-2").as_str(),
            "`web` is on network `front-2`, printed `front`",
        ),
        (
            "docker inspect --format '{{json .NetworkSettings.Networks}}' web",
            "{\"front\": {}}",
            "{\"front-2\":{\"a\":1}}",
            "`web` is on network `front-2`, printed `front`",
        ),
        // A wrong name near a right one.
        (
            "docker network ls",
            &list.replace("front ", "frnt  "),
            list,
            "NAME: printed `frnt`, is `front`",
        ),
        // A row that is missing, and one more.
        (
            "docker network ls",
            &format!("{list}back      bridge\n"),
            list,
            "there is no row `back`",
        ),
        (
            "docker network ls",
            list,
            &format!("{list}back      bridge\nlast      bridge\n"),
            "the output has a row that is not printed: `back`, and 1 more",
        ),
        // Counts.
        (
            "ping -c 3 web",
            ping,
            &ping.replace('2', "3"),
            "printed `2 packets transmitted`, is `3 packets transmitted`",
        ),
        (
            "ping -c 1 web",
            "64 bytes from 172.18.0.2: seq=0 ttl=64 time=0.083 ms",
            "64 bytes from 172.18.0.2: seq=0 ttl=63 time=0.083 ms",
            "printed `ttl=64`, is `ttl=63`",
        ),
        ("docker ps -q | wc -l", "3", "2", "printed `3`, is `2`"),
        (
            "cat motd",
            "good morning",
            "welcome",
            "printed `good morning`, is `welcome`",
        ),
    ] {
        assert_eq!(told(&[(command, printed, found)]), sentence, "$ {command}");
    }
}

#[test]
fn another_s_address_is_told_with_the_lines_of_both() {
    let of = |name: &'static str, host: u8| (name, format!("172.19.0.{host}"));
    let (web, db) = (of("web", 2), of("db", 3));
    let seen = [(web.0, &*web.1, &*web.1), (db.0, &*db.1, &*db.1)];
    let mut steps = seen.to_vec();
    steps.push(("ping db", "PING db (172.19.0.2)", "PING db (172.19.0.3)"));
    assert_eq!(
        told(&steps),
        "printed `172.19.0.2` (that of line 2), is `172.19.0.3` (that of line 4)"
    );
    steps[2] = ("ping web", "PING web (172.19.0.9)", "PING web (172.19.0.2)");
    assert_eq!(
        told(&steps),
        "printed `172.19.0.9`, is `172.19.0.2` (that of line 2)"
    );
    steps[2] = (
        "docker network inspect front",
        "db 172.19.0.2/16\nweb 172.19.0.3/16",
        "db 172.19.0.3/16\nweb 172.19.0.2/16",
    );
    assert_eq!(told(&steps), "`172.19.0.2` and `172.19.0.3` are swapped");
}

#[test]
fn where_a_line_is_and_how_it_differs() {
    let rows = "NAME      DRIVER\nalpha     bridge\nomega     overlay\n";
    let long = "a line that has more words than anyone would want to read twice in one sentence of a message";
    for (command, printed, found, sentence) in [
        (
            "echo low tide",
            "tide",
            "low tide",
            "printed `tide`, is `low tide`",
        ),
        (
            "echo tide",
            "low tide",
            "tide",
            "printed `low tide`, is `tide`",
        ),
        (
            "echo ebb",
            "ebb",
            "ebb and flow",
            "printed `ebb`, is `ebb and flow`",
        ),
        (
            "echo",
            &long.replace("anyone ", ""),
            long,
            "printed `… that has more words than would want to read twice …`, is `… that has more words than anyone would want to read twice …`",
        ),
        (
            "a",
            "a\n\nb",
            "a\nb",
            "a blank line that is not in the output",
        ),
        (
            "a",
            "a\n\nx",
            "a\ny",
            "`x` is not in the output; 1 more line does not hold",
        ),
        (
            "a",
            "a\nb",
            "a\n\nb",
            "the output has 1 line that is not printed: a blank one",
        ),
        (
            "a",
            "a\nb",
            "b\na",
            "`a` is in another place: line 2 of the output",
        ),
        (
            "a",
            "one\ntwo\nthree",
            "three\none\ntwo",
            "`three` is in another place: line 1 of the output",
        ),
        (
            "a",
            "a\na",
            "a",
            "`a` is printed more often than it is in the output",
        ),
        (
            "docker network ls",
            &format!("{rows}zeta      none\n"),
            "NAME      DRIVER\nzeta      none\nalpha     bridge\nomega     overlay\n",
            "the row `zeta` is in another place: line 2 of the output",
        ),
    ] {
        assert_eq!(told(&[(command, printed, found)]), sentence, "{printed}");
    }
}

/// What each line is, by which lines of the page and of the output.
#[test]
fn a_line_says_what_it_is_and_where() {
    use seaworthy_matching::{Bindings, Expected, Line, Mode, compare, diff};
    use seaworthy_report::LineKind::{Differs, Elsewhere, Instead, Missing, Same, Unexpected};
    let printed = ["one", "two", "three apples", "four", "five"];
    let lines = printed.iter().zip(11..);
    let lines: Vec<_> = lines.map(|(text, at)| Line { text, at }).collect();
    let expected = Expected {
        command: &seaworthy_words::Script::parse("x"),
        lines: &lines,
        mode: Mode::Docker,
        unordered: false,
        varies: &[],
    };
    let actual = "two\none\nthree pears\nfive\nsix\n";
    let outcome = compare(&expected, actual, &Bindings::new());
    let rows = diff::diff(&expected, actual, &outcome, 9).into_iter();
    let rows: Vec<_> = rows.map(|row| (row.kind, row.line, row.output)).collect();
    assert_eq!(
        rows,
        [
            (Elsewhere, Some(11), Some(2)),
            (Same, Some(12), Some(1)),
            (Unexpected, None, Some(2)),
            (Differs, Some(13), None),
            (Instead, None, Some(3)),
            (Missing, Some(14), None),
            (Same, Some(15), Some(4)),
            (Unexpected, None, Some(5)),
        ]
    );
}
