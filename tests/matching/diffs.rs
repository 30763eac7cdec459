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
=> `64 bytes from 172.18.0.2: seq=0 ttl=64 time=0.083 ms` is not in the output
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
