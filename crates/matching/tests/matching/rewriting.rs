//! What `accept` writes: it holds, keeps what held, and speaks in the author's values.

use seaworthy_matching::{Bindings, Expected, Line, Mode, State, compare, rewrite};
use seaworthy_words::Script;

use crate::corpus::transcript;

fn mended(bindings: &Bindings, command: &str, printed: &str, actual: &str) -> String {
    let lines: Vec<Line<'_>> = printed.lines().map(|text| Line { text, at: 0 }).collect();
    let expected = Expected {
        command: &Script::parse(command),
        lines: &lines,
        mode: Mode::Docker,
        unordered: false,
        varies: &[],
    };
    let outcome = compare(&expected, actual, bindings);
    assert!(!outcome.holds);
    let new = rewrite(&expected, actual, &outcome);
    let lines: Vec<Line<'_>> = new.iter().map(|text| Line { text, at: 0 }).collect();
    let again = compare(
        &Expected {
            lines: &lines,
            ..expected
        },
        actual,
        bindings,
    );
    assert!(again.holds, "{new:#?}\n{:?}", again.explanation);
    new.join("\n")
}

fn bound(pairs: &[(&str, &str)]) -> Bindings {
    let mut bindings = Bindings::new();
    for (printed, actual) in pairs {
        let lines = [Line {
            text: printed,
            at: 1,
        }];
        let expected = Expected {
            command: &Script::parse("docker inspect web"),
            lines: &lines,
            mode: Mode::Docker,
            unordered: false,
            varies: &[],
        };
        let outcome = compare(&expected, actual, &bindings);
        assert!(outcome.holds);
        bindings = outcome.bindings;
    }
    bindings
}

#[test]
fn lines_keep_their_measures_and_values() {
    let bindings = bound(&[("172.18.0.2", "172.19.0.5")]);
    assert_eq!(
        mended(
            &bindings,
            "ping -c 2 web",
            "PING web (172.18.0.2): 56 data bytes\n64 bytes from 172.18.0.2: seq=0 ttl=64 time=0.083 ms\n\n1 packets transmitted, 1 packets received, 0% packet loss\nround-trip min/avg/max = 0.083/0.083/0.083 ms",
            "PING web (172.19.0.5): 56 data bytes\n64 bytes from 172.19.0.5: seq=0 ttl=64 time=1.5 ms\n64 bytes from 172.19.0.5: seq=1 ttl=64 time=2.5 ms\n\n2 packets transmitted, 2 packets received, 0% packet loss\nround-trip min/avg/max = 1/2/3 ms\n",
        ),
        "PING web (172.18.0.2): 56 data bytes\n64 bytes from 172.18.0.2: seq=0 ttl=64 time=0.083 ms\n64 bytes from 172.18.0.2: seq=1 ttl=64 time=2.5 ms\n\n2 packets transmitted, 2 packets received, 0% packet loss\nround-trip min/avg/max = 0.083/0.083/0.083 ms"
    );
    assert_eq!(
        mended(&Bindings::new(), "x", "a\n...\nd\ne", "a\nb\nc\nd\n"),
        "a\n...\nd"
    );
    assert_eq!(mended(&Bindings::new(), "x", "old", "\n\nnew\n\n"), "new");
}

#[test]
fn cells_change_and_the_table_stays_in_shape() {
    assert_eq!(
        mended(
            &Bindings::new(),
            "docker ps",
            "\
NAMES     STATUS         PORTS
web       Up 3 seconds   80/tcp
db        Up 3 seconds",
            "\
CONTAINER ID   IMAGE     STATUS                     PORTS                  NAMES
111111111111   nginx     Up 7 seconds               0.0.0.0:8080->80/tcp   web
222222222222   mysql     Exited (1) 2 seconds ago                          db
333333333333   redis     Up 9 seconds               6379/tcp               cache
",
        ),
        "\
NAMES   STATUS                     PORTS
web     Up 3 seconds               0.0.0.0:8080->80/tcp
db      Exited (1) 2 seconds ago
cache   Up 9 seconds               6379/tcp"
    );
    // What fits leaves the other lines alone.
    assert_eq!(
        mended(
            &Bindings::new(),
            "docker network ls",
            "NETWORK ID     NAME      DRIVER    SCOPE\n3f2a1b4c5d6e   bridge    bridge    local\n9e8d7c6b5a4f   front     bridge    local",
            "NETWORK ID     NAME      DRIVER    SCOPE\n111111111111   bridge    bridge    local\n222222222222   back      bridge    local\n",
        ),
        "NETWORK ID     NAME      DRIVER    SCOPE\n3f2a1b4c5d6e   bridge    bridge    local\n9e8d7c6b5a4f   back      bridge    local"
    );
}

#[test]
fn structures_change_in_place() {
    assert_eq!(
        mended(
            &bound(&[("172.18.0.2", "172.19.0.5")]),
            "docker inspect web",
            "[\n  {\n    \"Name\": \"/web\",\n    \"Gone\": 1,\n    \"State\": \"running\",\n    \"Address\": \"172.18.0.9\",\n    \"Args\": [],\n    ...\n  }\n]",
            "[{\"Name\": \"/web\", \"State\": \"exited\", \"Address\": \"172.19.0.5\", \"Args\": [\"a\",\n \"b\"], \"X\": 1}]",
        ),
        "[\n  {\n    \"Name\": \"/web\",\n    \"State\": \"exited\",\n    \"Address\": \"172.18.0.2\",\n    \"Args\": [\"a\",\n     \"b\"],\n    ...\n  }\n]"
    );
}

#[test]
fn members_go_with_their_commas() {
    for (printed, new) in [
        ("{\"a\": 1, \"b\": 2, \"c\": 3}", "{\"a\": 1 }"),
        ("{\"b\": 2, \"a\": 1, \"c\": 3}", "{ \"a\": 1}"),
        (
            "{\n  \"b\": 2,\n  \"c\": \",}\",\n  \"a\": 1\n}",
            "{\n  \"a\": 1\n}",
        ),
        (
            "{\n  \"a\": 1,\n  \"b\": 2,\n  ...\n}",
            "{\n  \"a\": 1,\n  ...\n}",
        ),
    ] {
        assert_eq!(mended(&Bindings::new(), "x", printed, "{\"a\": 1}"), new);
    }
}

#[test]
fn other_kinds_are_printed_anew() {
    assert_eq!(
        mended(
            &Bindings::new(),
            "x",
            "{\"a\": 1}",
            "Error: no such object\n"
        ),
        "Error: no such object"
    );
    assert_eq!(
        mended(&Bindings::new(), "x", "[1, 2]", "[\n  1\n]\n"),
        "[\n  1\n]"
    );
    // A new value takes no name that another has.
    let bindings = bound(&[("172.18.0.3", "172.18.0.2")]);
    assert_eq!(
        mended(&bindings, "x", "old", "new 172.18.0.3 and 172.18.0.2\n"),
        "new 172.18.0.4 and 172.18.0.3"
    );
}

/// A page of an older engine becomes one of the newest, and every line that held stays.
#[test]
fn a_page_of_an_older_engine_is_mended() {
    let (old, new) = (transcript("real/20.10.txt"), transcript("real/28.txt"));
    let mut bindings = Bindings::new();
    let mut count = 0;
    for ((command, printed), (_, actual)) in old.iter().zip(&new) {
        bindings.note_text(command);
        let lines: Vec<Line<'_>> = printed.lines().map(|text| Line { text, at: 0 }).collect();
        let expected = Expected {
            command: &Script::parse(command),
            lines: &lines,
            mode: Mode::Docker,
            unordered: false,
            varies: &[],
        };
        let outcome = compare(&expected, actual, &bindings);
        if outcome.holds {
            bindings = outcome.bindings;
            continue;
        }
        count += 1;
        let new = rewrite(&expected, actual, &outcome);
        let lines: Vec<Line<'_>> = new.iter().map(|text| Line { text, at: 0 }).collect();
        let again = compare(
            &Expected {
                lines: &lines,
                ..expected
            },
            actual,
            &bindings,
        );
        assert!(
            again.holds,
            "$ {command}\n{}\n{:?}",
            new.join("\n"),
            again.explanation
        );
        for row in outcome
            .alignment
            .iter()
            .filter(|row| row.state == State::Held)
        {
            let kept = printed
                .lines()
                .nth(row.author.expect("a printed line"))
                .unwrap_or_default();
            // A list that is gone takes its elements along; one that changes gets or loses commas.
            if kept.trim_matches([' ', '"', ']']).len() <= 12
                && kept.starts_with("                    ")
            {
                continue;
            }
            let kept = kept.trim_end_matches(',');
            assert!(
                !kept.contains(char::is_alphanumeric)
                    || new.iter().any(|line| line.trim_end_matches(',') == kept),
                "$ {command}\nlost: {kept}\n{}",
                new.join("\n")
            );
        }
        bindings = again.bindings;
    }
    assert!(count >= 10);
}

#[test]
fn the_progress_of_compose() {
    let found = "[+] Running 3/3\n ✔ Network shop_default  Created  0.1s \n ✔ Container shop-db-1   Started  0.2s \n ✔ Container shop-web-1  Started  0.3s ";
    let printed = "[+] Running 2/2\n ✔ Container shop-web-1  Created  7.1s\n ✔ Network shop_default  Created  0.0s";
    assert_eq!(
        mended(&Bindings::new(), "docker compose up -d", printed, found),
        "[+] Running 3/3\n ✔ Container shop-web-1  Started  7.1s\n ✔ Network shop_default  Created  0.0s\n ✔ Container shop-db-1   Started  0.2s "
    );
}
