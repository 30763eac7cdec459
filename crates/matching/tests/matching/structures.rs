//! JSON, compared as a structure.

use seaworthy_matching::Mode;

use crate::support::{How, Page, last_holds};

const FRONT: &str = r#"[
    {
        "Name": "front",
        "Id": "7b80c567c58279e244f36511fdc6d7945bc67526318452e6eb30ae873c08a2ad",
        "Created": "2026-11-24T15:44:33.43327409Z",
        "Scope": "local",
        "Driver": "bridge",
        "EnableIPv4": true,
        "IPAM": {
            "Driver": "default",
            "Options": null,
            "Config": [
                {
                    "Subnet": "172.18.0.0/16",
                    "Gateway": "172.18.0.1"
                }
            ]
        },
        "Internal": false,
        "Containers": {
            "5a582ac16ce13af18c58ead880963419d155516a9787efabcf09053231cce4f5": {
                "Name": "web",
                "MacAddress": "76:df:af:82:8f:e5",
                "IPv4Address": "172.18.0.2/16",
                "IPv6Address": ""
            },
            "a9c86e15c73ca3ff6d0d210b5a79d1ee55966259aaa34a67b35b5a494e64ba67": {
                "Name": "app",
                "MacAddress": "f2:e3:31:63:2b:6c",
                "IPv4Address": "172.18.0.3/16",
                "IPv6Address": ""
            }
        },
        "Options": {},
        "Labels": {}
    }
]
"#;

/// As an older manual has it: other ids, other order, fewer keys, `...`.
const PASTED: &str = r#"[
    {
        "Id": "f7ab26d71dbd6f557852c7156ae0574bbf62c42f539b50c8ebde0f728a253b6f",
        "Name": "front",
        "Driver": "bridge",
        "Scope": "local",
        "IPAM": {
            "Driver": "default",
            "Options": {},
            "Config": [
                {
                    "Gateway": "172.20.0.1",
                    "Subnet": "172.20.0.0/16"
                }
            ]
        },
        "Internal": false,
        "Containers": {
            "1111111111113af18c58ead880963419d155516a9787efabcf09053231cce4f5": {
                "Name": "app",
                "IPv4Address": "172.20.0.7/16",
                "MacAddress": "02:42:ac:14:00:07"
            },
            "2222222222223af18c58ead880963419d155516a9787efabcf09053231cce4f5": {
                "Name": "web",
                "IPv4Address": "172.20.0.2/16"
            }
        },
        "Options": {},
        ...
    }
]"#;

#[test]
fn what_is_printed_must_be_there() {
    let mut page = Page::default();
    let outcome = page.run("docker network inspect front", PASTED, FRONT);
    assert!(outcome.holds, "{:?}", outcome.explanation);
    assert!(outcome.literal);
    // The keys of objects bind too.
    assert!(page.holds("docker ps -q", "222222222222", "5a582ac16ce1"));
    assert!(!page.holds("docker ps -q", "222222222222", "a9c86e15c73c"));
    assert!(page.holds("ping app", "PING app (172.20.0.7)", "PING app (172.18.0.3)"));
    assert!(!page.holds("ping app", "PING app (172.20.0.2)", "PING app (172.18.0.3)"));
}

#[test]
fn what_is_changed_does_not_hold() {
    for (from, to) in [
        ("\"Name\": \"front\"", "\"Name\": \"back\""),
        ("\"Driver\": \"bridge\"", "\"Driver\": \"overlay\""),
        ("\"Scope\": \"local\"", "\"Scope\": \"swarm\""),
        ("\"Internal\": false", "\"Internal\": true"),
        ("\"Internal\"", "\"Interior\""),
        ("\"Name\": \"web\"", "\"Name\": \"db\""),
        ("172.20.0.0/16", "172.20.0.0/24"),
        ("172.20.0.0/16", "172.21.0.0/16"),
        ("\"Gateway\": \"172.20.0.1\"", "\"Gateway\": \"172.20.0.2\""),
        ("\"172.20.0.2/16\"", "\"172.20.0.7/16\""),
        ("\"172.20.0.2/16\"", "\"172.20.0.2/20\""),
        ("\"IPAM\": {", "\"IPAM\": {},\n\"X\": {"),
        ("\"Containers\": {", "\"Containers\": {},\n\"X\": {"),
        (
            "\"Options\": {},\n        ...",
            "\"Options\": {\"a\": \"b\"},\n        ...",
        ),
        ("222222222222", "111111111111"),
        (
            "                {\n                    \"Gateway\"",
            "                {},\n                {\n                    \"Gateway\"",
        ),
    ] {
        let printed = PASTED.replacen(from, to, 1);
        assert_ne!(printed, PASTED, "{from}");
        assert!(
            !last_holds(&[("docker network inspect front", &printed, FRONT)]),
            "{from} -> {to}"
        );
    }
}

#[test]
fn small_structures() {
    for (printed, actual) in [
        ("{}", "{}"),
        ("[]", "[]"),
        ("{}", "null"),
        ("{\"a\": null}", "{\"a\": {}}"),
        ("{\"a\": []}", "{\"a\": null}"),
        ("{...}", "{\"a\": 1}"),
        ("{ ... }", "{\"a\": 1}"),
        ("[...]", "[1, 2]"),
        ("[1, ..., 4]", "[1, 2, 3, 4]"),
        ("[..., 3, ...]", "[1, 2, 3, 4]"),
        ("{\"a\": ...}", "{\"a\": [1, 2]}"),
        ("{\"b\": 2, \"a\": 1}", "{\"a\":1,\"b\":2,\"c\":3}"),
        ("{\"a\": 1}\n{\"a\": 2}", "{\"a\":1,\"b\":0}\n{\"a\":2}\n"),
        ("{\"a\": 1}\n...", "{\"a\":1}\n{\"a\":2}\n"),
        ("{\"a\": \"<b>\"}", "{\"a\":\"\\u003cb\\u003e\"}"),
        (
            "{\"HostIp\": \"0.0.0.0\", \"HostPort\": \"49153\"}",
            "{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"32768\"}",
        ),
        (
            "{\"Pid\": 1234, \"Size\": 5}",
            "{\"Pid\": 99, \"Size\": 7000}",
        ),
        (
            "{\"Name\": \"/silly_bohr\"}",
            "{\"Name\": \"/happy_curie\"}",
        ),
        ("[\n  {\n    \"a\": 1,\n    ...", "[{\"a\":1,\"b\":2}]"),
    ] {
        assert!(
            last_holds(&[("docker inspect web", printed, actual)]),
            "{printed} / {actual}"
        );
    }
    for (printed, actual) in [
        ("{}", "{\"a\": 1}"),
        ("[]", "[1]"),
        ("{}", "1"),
        ("{\"a\": null}", "{\"a\": 1}"),
        ("{\"a\": 1}", "{\"a\": \"1\"}"),
        ("{\"a\": 1}", "{\"a\": 10}"),
        ("{\"a\": true}", "{\"a\": false}"),
        ("{\"a\": 1}", "{}"),
        ("{\"a\": 1}", "[]"),
        ("[1, 2]", "[1, 2, 3]"),
        ("[1, 2, 3]", "[1, 2]"),
        ("[1, 2]", "[2, 1]"),
        ("[1, ..., 4]", "[1, 2, 3]"),
        ("[..., 5, ...]", "[1, 2, 3, 4]"),
        ("{\"a\": 1}\n{\"a\": 2}", "{\"a\":1}\n"),
        ("{\"a\": 1}", "{\"a\": 1}\n{\"a\": 2}"),
        ("{\"HostPort\": \"8080\"}", "{\"HostPort\":\"8081\"}"),
        ("{\"ExitCode\": 0}", "{\"ExitCode\": 1}"),
        ("{\"a\": 1}", "Error: no such object"),
        ("{\"a\": 1}", ""),
    ] {
        assert!(
            !last_holds(&[("docker inspect web", printed, actual)]),
            "{printed} / {actual}"
        );
    }
}

#[test]
fn other_ways_of_comparing() {
    let holds = |how: How, printed: &str, actual: &str| {
        Page::default().run_as(how, "x", printed, actual).holds
    };
    let unordered = How {
        unordered: true,
        ..How::default()
    };
    let exact = How {
        mode: Mode::Exact,
        ..How::default()
    };
    assert!(holds(unordered, "[1, 2, 3]", "[3, 1, 2]"));
    assert!(holds(unordered, "[1, ...]", "[3, 1, 2]"));
    assert!(!holds(unordered, "[1, 2, 2]", "[2, 1, 1]"));
    assert!(!holds(unordered, "[1, 2]", "[1, 2, 3]"));
    assert!(!holds(exact, "{\"a\": 1}", "{\"a\":1}"));
}

#[test]
fn differences_are_told_in_the_words_of_the_structure() {
    let told = |printed: &str, actual: &str| {
        Page::default()
            .run("docker inspect web", printed, actual)
            .explanation
            .unwrap_or_default()
    };
    assert_eq!(
        told(
            r#"[{"Name": "/web", "NetworkSettings": {"Networks": {"front": {}}}}]"#,
            r#"[{"Name": "/web", "NetworkSettings": {"Networks": {"front-2": {"a": 1}}}}]"#
        ),
        "`web` is on network `front-2`, printed `front`"
    );
    assert_eq!(
        told(PASTED, &FRONT.replace("\"web\"", "\"db\"")),
        "`web` is not on network `front`"
    );
    assert_eq!(
        told(
            r#"[{"State": {"Status": "running"}}]"#,
            r#"[{"State": {"Status": "exited"}}]"#
        ),
        "State.Status: printed `\"running\"`, is `\"exited\"`"
    );
    assert_eq!(
        told(r#"[{"Internal": 1}]"#, r#"[{"Internals": 1}]"#),
        "there is no key `Internal`, but `Internals`"
    );
    assert_eq!(told("[1, 2]", "[1]"), "printed with 2 elements, has 1");
    assert_eq!(
        told("{\"Labels\": {}}", "{\"Labels\": {\"a\": \"b\"}}"),
        "Labels: printed empty, but it holds `{\"a\": \"b\"}`"
    );
}
