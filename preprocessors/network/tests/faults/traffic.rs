//! Faults of arrows: why one does not get through, or does.

use snapbox::{assert_data_eq, str};

use crate::faults;

#[test]
fn traffic_without_a_shared_network() {
    assert_data_eq!(
        faults(
            "services:
  web: {networks: [front]}
  app: {networks: [front, back]}
  db: {networks: [back]}
networks: {front: , back: }
x-traffic:
  - web -> db:3306
"
        ),
        str![[r#"
error: `web` can't reach `db`: they share no network
  7 |   - web -> db:3306
    |     ^^^^^^^^^^^^^^ `web` is on front, `db` is on back
    = networks are isolated from one another: a container reaches those on a network that it is on itself, and ports that are published. Put one of the two on the other's network, or both on a third; `web -x db:3306` draws that there is no way

"#]]
    );
}

#[test]
fn traffic_that_is_said_to_be_blocked_and_is_not() {
    assert_data_eq!(
        faults("services: {a: , b: }\nx-traffic:\n  - a -x b\n"),
        str![[r#"
error: `a` can reach `b`: both are on `default`
  3 |   - a -x b
    |     ^^^^^^ this does get through
    = write `->`, or change the networks so that there is no way

"#]]
    );
}

#[test]
fn traffic_from_outside_to_what_is_not_published() {
    assert_data_eq!(
        faults(
            "services:
  web: {ports: [\"8080:80\"]}
  db: {}
x-clients: [browser]
x-traffic:
  - browser -> db:3306
  - browser -> web:8080
  - browser -> db
"
        ),
        str![[r#"
error: `browser` can't reach `db`: its port 3306 is not published
  6 |   - browser -> db:3306
    |     ^^^^^^^^^^^^^^^^^^ 
    = what is outside reaches only published ports: add `ports: ["8080:3306"]` to `db`; `browser -x db:3306` draws that there is no way
error: `web` publishes port 8080 of the host, but does not listen on it itself
  7 |   - browser -> web:8080
    |     ^^^^^^^^^^^^^^^^^^^ on its networks, `web` is at 80
    = an arrow names the container's port: `web:80`
error: `browser` can't reach `db`: it publishes no port
  8 |   - browser -> db
    |     ^^^^^^^^^^^^^ 
    = what is outside reaches only published ports: add `ports: ["8080:80"]` to `db`; `browser -x db` draws that there is no way

"#]]
    );
}

#[test]
fn traffic_that_cannot_leave() {
    assert_data_eq!(
        faults(
            "services:
  a: {networks: [n]}
  b: {network_mode: none}
networks: {n: {internal: true}}
x-clients: [internet]
x-traffic:
  - a -> internet
  - b -> a
"
        ),
        str![[r#"
error: `a` can't reach the outside: its networks are internal
  7 |   - a -> internet
    |     ^^^^^^^^^^^^^ 
    = `internal: true` cuts a network off: add a network without it; `a -x internet` draws that there is no way
error: `b` can't reach `a`: `b` has no network
  8 |   - b -> a
    |     ^^^^^^ 
    = `network_mode: none` leaves a container nothing but itself; `b -x a` draws that there is no way

"#]]
    );
}

#[test]
fn arrows_that_are_none() {
    assert_data_eq!(
        faults(
            "services: {a: , b: }\nx-traffic:\n  - a\n  - a -> \n  - a -> b:http\n  - a -> c\n  - a -> a\n  - browser -> b\n"
        ),
        str![[r#"
error: `a` is not an arrow
  3 |   - a
    |     ^ 
    = write `browser -> web:80`, or `web -x db` for what does not get through; words may follow after `: `
error: `a ->` is not an arrow
  4 |   - a -> 
    |     ^^^^ 
    = write `browser -> web:80`, or `web -x db` for what does not get through; words may follow after `: `
error: `http` is not a port
  5 |   - a -> b:http
    |          ^^^^^^ 
    = an arrow points at a name and, after a colon, a port: `web:80` or `dns:53/udp`
error: there is no service or client `c`
  6 |   - a -> c
    |          ^ 
    = declared: `a`, `b`; whoever is outside belongs into `x-clients`
error: `a` sends to itself
  7 |   - a -> a
    |     ^^^^^^ 
    = an arrow leads from one to another
error: there is no service or client `browser`
  8 |   - browser -> b
    |     ^^^^^^^ 
    = declared: `a`, `b`; whoever is outside belongs into `x-clients`

"#]]
    );
}
