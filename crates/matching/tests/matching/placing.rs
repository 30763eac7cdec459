//! Which lines count and where they stand.

use seaworthy_matching::{Mode, State};

use crate::support::{How, Page, both_ways, last_holds};

#[test]
fn any_lines_stand_where_dots_stand() {
    for (printed, actual) in [
        ("...", ""),
        ("...", "a\nb"),
        ("a\n...", "a"),
        ("a\n...\nd", "a\nb\nc\nd"),
        ("...\nc\n...", "a\nb\nc\nd"),
        ("<snip>\nd", "a\nd"),
        ("a\n\n...\n\nd", "a\nb\nd"),
        ("...\nb\n...\nb", "b\nb\nb"),
        ("a\n...\na", "a\na"),
        ("  ...\nb", "a\nb"),
    ] {
        assert!(
            last_holds(&[("x", printed, actual)]),
            "{printed:?} / {actual:?}"
        );
    }
    for (printed, actual) in [
        ("a\n...", "b\na"),
        ("...\na", "a\nb"),
        ("...\nc\n...\nb\n...", "b\nc"),
        ("a\n...\na", "a"),
        ("a\n...\nb\n...\nc", "a\nc"),
        ("a...", "abc"),
    ] {
        assert!(
            !last_holds(&[("x", printed, actual)]),
            "{printed:?} / {actual:?}"
        );
    }
}

#[test]
fn lines_come_in_order_and_all_of_them() {
    for (printed, actual) in [
        ("a\nb", "a\nb\n"),
        ("", "anything"),
        ("\n \n", "anything"),
        ("\n\na\n\n", "a\n\n"),
        ("a", "\n\na"),
        ("a\n\nb", "a\n\nb"),
        ("a   b", "a b"),
        ("a\tb  ", "a   b"),
    ] {
        assert!(
            last_holds(&[("x", printed, actual)]),
            "{printed:?} / {actual:?}"
        );
    }
    for (printed, actual) in [
        ("a\nb", "b\na"),
        ("a", "a\nb"),
        ("a\nb", "a"),
        ("a", ""),
        ("a\n\nb", "a\nb"),
        ("a\nb", "a\n\nb"),
        ("ab", "a b"),
        ("A", "a"),
        ("a", "a!"),
    ] {
        assert!(
            !last_holds(&[("x", printed, actual)]),
            "{printed:?} / {actual:?}"
        );
    }
}

#[test]
fn any_order() {
    let unordered = |printed: &str, actual: &str| {
        let how = How {
            unordered: true,
            ..How::default()
        };
        Page::default()
            .run_as(how, "docker ps", printed, actual)
            .holds
    };
    for (printed, actual) in [
        ("a\nb\nc", "c\na\nb"),
        ("a\n\nb", "b\na"),
        ("b\n...", "a\nb\nc"),
        (
            "a 0a1b2c3d4e5f\nb 1a1b2c3d4e5f",
            "b ffffffffffff\na eeeeeeeeeeee",
        ),
        (
            "NAMES   IMAGE\nweb     nginx\ndb      mysql",
            "NAMES   STATUS   IMAGE\ndb      Up       mysql\nweb     Up       nginx",
        ),
    ] {
        assert!(unordered(printed, actual), "{printed:?} / {actual:?}");
    }
    for (printed, actual) in [
        ("a\nb", "a\nc"),
        ("a\na", "a\nb"),
        ("a", "a\nb"),
        ("a\nb", "a"),
        ("...\nd", "a\nb"),
        ("0a1b2c3d4e5f\n1a1b2c3d4e5f", "ffffffffffff\nffffffffffff"),
    ] {
        assert!(!unordered(printed, actual), "{printed:?} / {actual:?}");
    }
    // The answers of a name server, and the ports of a container, come in no order of their own.
    assert!(last_holds(&[(
        "docker exec web nslookup db",
        "Name: db\nAddress: 172.18.0.2\nName: x",
        "Name: x\n\nName: db\nAddress: 172.18.0.4"
    )]));
    assert!(last_holds(&[(
        "docker port web",
        "443/tcp -> 0.0.0.0:49154\n80/tcp -> 0.0.0.0:49153",
        "80/tcp -> 0.0.0.0:32769\n80/tcp -> [::]:32769\n443/tcp -> 0.0.0.0:32768\n443/tcp -> [::]:32768"
    )]));
    assert!(!last_holds(&[("nslookup a; echo b", "a\nb", "b\na")]));
    assert!(!last_holds(&[("echo nslookups", "a\nb", "b\na")]));
}

#[test]
fn the_streams_of_one_command_in_either_order() {
    let b = "Error response from daemon: No such container: b";
    let d = "Error response from daemon: No such container: d";
    let all = "docker stop a b c d";
    let lines = |lines: &[&str]| lines.join("\n");
    let printed = lines(&["a", "c", b, d]);
    let inside = "cat: can't open 'x': No such file or directory";
    let mixed = lines(&[inside, "out"]);
    let apart = lines(&["out", inside]);
    both_ways(
        &[
            &[(all, &printed, &lines(&[d, b, "a", "c"]))],
            &[(all, &printed, &lines(&["a", d, "c", b]))],
            &[("docker network rm b d", &lines(&[b, d]), &lines(&[d, b]))],
            &[("docker exec web cat x y", &mixed, &apart)],
            &[("docker run --rm -e T=t busybox cat x y", &mixed, &apart)],
            &[("docker exec --tty=false web cat -t x", &mixed, &apart)],
        ],
        &[
            // What is printed on one stream keeps its order.
            &[(all, &printed, &lines(&[b, d, "c", "a"]))],
            &[(all, &printed, &lines(&["a", "c", b]))],
            &[(all, &printed, &lines(&["a", "c", b, b]))],
            &[(all, &printed, &lines(&["a", b, d]))],
            // A terminal has one stream, as has a shell with several commands, and one thing has one line.
            &[("docker exec -it web cat x y", &mixed, &apart)],
            &[("docker run --rm -t busybox cat x y", &mixed, &apart)],
            &[(
                "docker rm a; docker rm b",
                &lines(&[b, "a"]),
                &lines(&["a", b]),
            )],
            &[(
                "for i in 1 2; do docker rm a b; done",
                &lines(&[b, "a"]),
                &lines(&["a", b]),
            )],
            &[("docker rm a", &lines(&[b, "a"]), &lines(&["a", b]))],
            &[("cat x y", &mixed, &apart)],
            &[("docker exec web cat x y", "web: up\nout", "out\nweb: up")],
            &[("docker exec web cat x y", "a\nb", "b\na")],
        ],
    );
}

#[test]
fn exact_switches_all_of_it_off() {
    let exact = |printed: &str, actual: &str| {
        let how = How {
            mode: Mode::Exact,
            ..How::default()
        };
        Page::default()
            .run_as(how, "docker ps", printed, actual)
            .holds
    };
    for (printed, actual) in [
        ("a\nb", "a\nb\n"),
        ("a\nb", "a\nb"),
        ("...", "..."),
        ("", "anything"),
    ] {
        assert!(exact(printed, actual), "{printed:?} / {actual:?}");
    }
    for (printed, actual) in [
        ("...", "a"),
        ("a  b", "a b"),
        ("3 seconds", "4 seconds"),
        ("0a1b2c3d4e5f", "0a1b2c3d4e5e"),
        ("a", "a\n\n"),
        ("a", "a "),
        ("{\"a\": 1}", "{\"a\":1}"),
        ("172.18.0.2", "172.19.0.2"),
    ] {
        assert!(!exact(printed, actual), "{printed:?} / {actual:?}");
    }
}

const PULL: &str = "\
Unable to find image 'nginx:latest' locally
latest: Pulling from library/nginx
a2abf6c4d29d: Pull complete
a9edb18cadd1: Already exists
Digest: sha256:0d17b565c37bcbd895e9d92315a05c1c3c9a29f762b011a10c54a66cd53c9b31
Status: Downloaded newer image for nginx:latest
";

#[test]
fn the_progress_of_a_pull_may_be_absent() {
    let printed = format!("{PULL}3f2a1b4c5d6e");
    let actual = format!(
        "{}aaaabbbbcccc\n",
        PULL.replace("a2abf6c4d29d", "111111111111")
            .replace("0d17b565", "ffffffff")
    );
    let (short, found) = ("3f2a1b4c5d6e", "aaaabbbbcccc\n");
    let elided = "Unable to find image 'nginx:latest' locally\n...\nStatus: Downloaded newer image for nginx:latest\n3f2a1b4c5d6e";
    let run = "docker run -d nginx";
    both_ways(
        &[
            &[(run, &printed, found)],
            &[(run, &printed, &actual)],
            &[(run, short, &actual)],
            &[(run, elided, found)],
            &[(run, elided, &actual)],
            &[(
                "docker pull nginx",
                "Using default tag: latest\nlatest: Pulling from library/nginx\nStatus: Downloaded newer image for nginx:latest\ndocker.io/library/nginx:latest",
                "Using default tag: latest\nlatest: Pulling from library/nginx\nStatus: Image is up to date for nginx:latest\ndocker.io/library/nginx:latest\n",
            )],
        ],
        &[
            &[(run, &printed, "Error\n")],
            &[(run, &printed, "")],
            &[(
                run,
                &printed.replace("nginx:latest", "httpd:latest"),
                &actual,
            )],
            &[("docker run -d httpd", &printed, found)],
            &[(
                "docker pull nginx",
                "Using default tag: latest\nlatest: Pulling from library/nginx",
                "Error response from daemon: no such host\n",
            )],
            &[("cat x", "a2abf6c4d29d: Pull complete", "")],
        ],
    );
    let outcome = Page::default().run(run, &printed, found);
    assert!(
        outcome
            .alignment
            .iter()
            .filter(|row| row.state == State::Optional)
            .count()
            == 6
    );
    assert!(!outcome.literal, "an id proves no failure");
}

#[test]
fn literal_text_is_told_from_the_rest() {
    let literal = |printed: &str, actual: &str| Page::default().run("x", printed, actual).literal;
    assert!(literal("bad address", "bad address"));
    assert!(literal("...\nbad address", "ping: x\nbad address"));
    for (printed, actual) in [
        ("...", "bad address"),
        ("", "bad address"),
        ("0a1b2c3d4e5f", "ffffffffffff"),
        ("good", "bad"),
        ("3 seconds", "4 seconds"),
        ("172.18.0.2", "172.18.0.2"),
    ] {
        assert!(!literal(printed, actual), "{printed:?}");
    }
}

#[test]
fn what_dots_took_is_told() {
    let outcome = Page::default().run("x", "a\n...\nd", "\na\nb\nc\nd");
    let states: Vec<_> = outcome
        .alignment
        .iter()
        .map(|row| (row.author, row.actual, row.state.clone()))
        .collect();
    assert_eq!(
        states,
        [
            (Some(0), Some(1), State::Held),
            (Some(1), None, State::Swallowed(2..4)),
            (Some(2), Some(4), State::Held)
        ]
    );
}
