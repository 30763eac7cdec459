//! Tests of [`super`].

use super::*;

fn cut(line: &str) -> Vec<String> {
    tokens(line, Reading::default())
        .iter()
        .filter(|token| token.kind != Kind::Blank)
        .map(|token| {
            let name = match token.kind {
                Kind::Word | Kind::Punct | Kind::Blank => "",
                Kind::Rule(_) => "rule ",
                Kind::Id => "id ",
                Kind::Mac => "mac ",
                Kind::Address => "address ",
                Kind::Port(_) => "port ",
                Kind::Opaque(_) => "opaque ",
                Kind::Measure(_, Place::Literal) => "literal ",
                Kind::Measure(..) => "measure ",
                Kind::Free(_) => "free ",
                Kind::AllV6 => "all ",
                Kind::Name => "name ",
            };
            format!("{name}{}", token.text(line))
        })
        .collect()
}

#[test]
fn cuts_lines_into_tokens() {
    let id64 = "0123456789abcdef".repeat(4);
    let cases: &[(&str, &[&str])] = &[
        (
            "64 bytes from 172.18.0.2: seq=0 ttl=64 time=0.083 ms",
            &[
                "literal 64 bytes",
                "from",
                "address 172.18.0.2",
                ":",
                "seq",
                "=",
                "0",
                "ttl",
                "=",
                "64",
                "time",
                "=",
                "measure 0.083 ms",
            ],
        ),
        (
            "PING web (172.18.0.2): 56 data bytes",
            &[
                "PING",
                "web",
                "(",
                "address 172.18.0.2",
                ")",
                ":",
                "56",
                "data",
                "bytes",
            ],
        ),
        ("0% packet loss", &["0", "%", "packet", "loss"]),
        (
            "inet 172.18.0.2/16 brd 172.18.255.255 scope global eth0",
            &[
                "inet",
                "address 172.18.0.2/16",
                "brd",
                "address 172.18.255.255",
                "scope",
                "global",
                "eth0",
            ],
        ),
        (
            "link/ether 02:42:ac:12:00:02 brd ff:ff:ff:ff:ff:ff",
            &[
                "link",
                "/",
                "ether",
                "mac 02:42:ac:12:00:02",
                "brd",
                "ff:ff:ff:ff:ff:ff",
            ],
        ),
        (
            "0.0.0.0:49153->80/tcp, :::49153->80/tcp",
            &[
                "0.0.0.0",
                ":",
                "port 49153",
                "-",
                ">",
                "80",
                "/",
                "tcp",
                ",",
                "all :::",
                "port 49153",
                "-",
                ">",
                "80",
                "/",
                "tcp",
            ],
        ),
        (
            "http://172.18.0.3:5000/x",
            &[
                "http",
                ":",
                "/",
                "/",
                "address 172.18.0.3",
                ":",
                "5000",
                "/",
                "x",
            ],
        ),
        (
            "br-0a1b2c3d4e5f veth0a1b2c3",
            &["br", "-", "id 0a1b2c3d4e5f", "opaque veth0a1b2c3"],
        ),
        (
            &format!("sha256:{id64}"),
            &["sha256", ":", &format!("id {id64}")],
        ),
        (
            "inet6 fe80::42:acff:fe12:2/64 and ::1",
            &["inet6", "address fe80::42:acff:fe12:2/64", "and", "::1"],
        ),
        (
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            &["opaque f81d4fae-7dec-11d0-a765-00a0c91e6bf6"],
        ),
        (
            "nginx/1.27.0 28.5.1-dev 1.2.3.4",
            &["nginx", "/", "1.27.0", "28.5.1", "-", "dev", "1.2.3.4"],
        ),
        (
            "node dxn1zf6l61qsb1josjja83ngz is",
            &["node", "opaque dxn1zf6l61qsb1josjja83ngz", "is"],
        ),
        (
            "+-----+ ---- --",
            &["+", "rule -----", "+", "rule ----", "-", "-"],
        ),
        (
            "Up 3 seconds (healthy)",
            &["Up", "measure 3 seconds", "(", "healthy", ")"],
        ),
        ("naïve … Äpfel", &["naïve", "…", "Äpfel"]),
        ("[::]:49153", &["all [::]:", "49153"]),
        (
            "from 172.18.0.3:49153",
            &["from", "address 172.18.0.3", ":", "port 49153"],
        ),
        ("order 202405010001", &["order", "202405010001"]),
        ("load 12.5%", &["load", "12.5", "%"]),
        ("timeout 30s", &["timeout", "literal 30s"]),
        (
            "app:2024-09-26",
            &["app", ":", "2024", "-", "09", "-", "26"],
        ),
        ("[1] 408", &["[", "1", "]", "408"]),
        ("[1] 408 done", &["[", "1", "]", "408", "done"]),
    ];
    for (line, expected) in cases {
        assert_eq!(cut(line), *expected, "{line}");
    }
}

#[test]
fn a_command_changes_the_reading() {
    let kinds = |line: &str, reading| {
        tokens(line, reading)
            .iter()
            .map(|t| t.kind)
            .collect::<Vec<_>>()
    };
    let checksums = Reading {
        checksums: true,
        ..Reading::default()
    };
    assert_eq!(kinds("0a1b2c3d4e5f", checksums), [Kind::Word]);
    let bare_port = Reading {
        bare_port: true,
        ..Reading::default()
    };
    assert_eq!(kinds("49153", bare_port), [Kind::Port(49153)]);
    assert_eq!(kinds("49153", Reading::default()), [Kind::Word]);
    assert_eq!(kinds("a 49153", bare_port)[2], Kind::Word);
    let docker = Reading {
        docker: true,
        ..Reading::default()
    };
    for reading in [docker, Reading::of_typed()] {
        assert_eq!(kinds("[::]:49153", reading)[1], Kind::Port(49153));
    }
    let jobs = Reading {
        jobs: true,
        ..Reading::default()
    };
    let process = Kind::Opaque(Opaque::Process);
    assert_eq!(kinds("[1] 408", jobs).last(), Some(&process));
    assert_eq!(kinds("[1] 408 of 9", jobs).last(), Some(&Kind::Word));
    let ids = Reading {
        ids: true,
        ..Reading::default()
    };
    assert_eq!(kinds("202405010001", ids), [Kind::Id]);
}

#[test]
fn tokens_cover_the_line() {
    for line in [
        "",
        " ",
        "é",
        "a\u{301}",
        "日本語 172.18.0.2",
        "::",
        ":::",
        "SWMTKN-",
        "SWMTKN-1-a-b",
        "12:",
        "1.",
        "…",
        "\u{7f}\0",
    ] {
        let all = tokens(line, Reading::default());
        let mut at = 0;
        for token in all {
            let range = token.range();
            assert_eq!(range.start, at, "{line:?}");
            assert!(
                line.is_char_boundary(range.end) && range.end > range.start,
                "{line:?}"
            );
            at = range.end;
        }
        assert_eq!(at, line.len(), "{line:?}");
    }
}
