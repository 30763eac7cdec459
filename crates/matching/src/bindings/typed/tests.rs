//! Tests of [`super`].

use std::sync::Arc;

use super::*;
use crate::address::read_v4;
use crate::occurrence::Occurrence;

fn at(owners: &[&str]) -> Occurrence {
    let owners: Arc<[String]> = owners.iter().map(|owner| owner.to_string()).collect();
    Occurrence {
        since: Some(1),
        owners,
        passing: false,
    }
}

fn addr(text: &str) -> (Addr, Option<u8>) {
    read_v4(text.as_bytes())
        .map(|(addr, len, _)| (addr, len))
        .unwrap()
}

#[test]
fn what_is_printed_before_it_is_typed_is_typed_for_real() {
    let mut b = Bindings::new();
    let (printed, real) = (
        format!("3f2a{}", "0".repeat(60)),
        format!("9b1c{}", "1".repeat(60)),
    );
    b.bind_id(&printed, &real, &at(&[])).unwrap();
    b.bind_address(addr("172.18.0.2"), addr("172.19.0.3"), &at(&[]))
        .unwrap();
    b.bind_address(addr("10.0.0.0/24"), addr("10.0.9.0/24"), &at(&[]))
        .unwrap();
    b.bind(Key::Port(49153), Key::Port(32768), &at(&[]))
        .unwrap();
    b.bind(
        Key::Name("silly_bohr".into()),
        Key::Name("happy_curie".into()),
        &at(&[]),
    )
    .unwrap();
    for (author, machine) in [
        ("ping -c1 172.18.0.2", "ping -c1 172.19.0.3"),
        ("ping 172.18.0.9", "ping 172.19.0.9"),
        (
            "curl http://172.18.0.2:5000/",
            "curl http://172.19.0.3:5000/",
        ),
        (
            "ip route add 10.0.0.0/24 via 172.18.0.1",
            "ip route add 10.0.9.0/24 via 172.19.0.1",
        ),
        ("curl localhost:49153", "curl localhost:32768"),
        ("docker stop 3f2a", "docker stop 9b1c"),
        ("docker rm -f 3f2", "docker rm -f 9b1"),
        (
            &format!("docker inspect {printed}"),
            &format!("docker inspect {real}"),
        ),
        ("docker logs silly_bohr", "docker logs happy_curie"),
        ("docker run -p 3f2:80 x", "docker run -p 3f2:80 x"),
        ("echo 3f2 8.8.8.8 127.0.0.1", "echo 3f2 8.8.8.8 127.0.0.1"),
    ] {
        assert_eq!(b.substitute_text(author), *machine, "{author}");
        if author != "docker rm -f 3f2" {
            assert_eq!(b.to_author(machine), author, "{machine}");
        }
    }
}

#[test]
fn what_is_typed_before_it_is_printed_is_literal() {
    let mut b = Bindings::new();
    b.note_text("docker network create --subnet 172.28.0.0/16 --ip-range 172.28.5.0/24 front");
    b.note_text("docker run -d --ip 172.28.0.7 -p 40000-40002:80 --name silly_bohr nginx");
    let typed = |value: &str| {
        b.bound()
            .any(|bound| bound.printed == value && bound.real == value && bound.typed)
    };
    for value in [
        "172.28.0.0/16",
        "172.28.5.0/24",
        "172.28.0.7",
        "40000",
        "40001",
        "40002",
    ] {
        assert!(typed(value), "{value}");
    }
    assert!(b.types_name("silly_bohr"));
    let literal = b.bind_address(addr("172.28.0.7"), addr("172.28.0.8"), &at(&[]));
    assert!(literal.is_err());
    assert!(
        b.bind_address(addr("172.28.0.8"), addr("172.28.0.7"), &at(&[]))
            .is_err()
    );
    assert!(
        b.bind_address(addr("172.28.0.8"), addr("172.28.0.9"), &at(&[]))
            .is_ok()
    );
}

#[test]
fn an_address_may_be_used_again_after_its_container_is_gone() {
    for (typed, again) in [
        ("docker rm -f web", true),
        ("docker stop web", true),
        ("docker network disconnect front web", true),
        ("docker rm -f $(docker ps -aq)", true),
        ("docker system prune -f", true),
        ("docker rm -f db", false),
        ("docker network rm back", false),
        ("docker ps", false),
        ("echo docker rm -f web", false),
    ] {
        let mut b = Bindings::new();
        b.bind_address(addr("172.18.0.2"), addr("172.19.0.2"), &at(&["web"]))
            .unwrap();
        b.note_text(typed);
        let other = b
            .clone()
            .bind_address(addr("172.18.0.2"), addr("172.19.0.3"), &at(&["new"]));
        assert_eq!(other.is_ok(), again, "{typed}");
        let second = b
            .clone()
            .bind_address(addr("172.18.0.3"), addr("172.19.0.2"), &at(&["new"]));
        assert_eq!(second.is_ok(), again, "{typed}");
        // An id is never used again.
        b.bind_id("aaaaaaaaaaaa", "bbbbbbbbbbbb", &at(&["web"]))
            .unwrap();
        b.note_text(typed);
        assert!(
            b.bind_id("aaaaaaaaaaaa", "cccccccccccc", &at(&["web"]))
                .is_err(),
            "{typed}"
        );
    }
}
