//! Ids, addresses, subnets, MACs, ports and names: bound over the page, both ways.

use crate::support::{Page, both_ways};

const A: &str = "aaaa0000aaaa0000aaaa0000aaaa0000aaaa0000aaaa0000aaaa0000aaaa0000";
const B: &str = "bbbb1111bbbb1111bbbb1111bbbb1111bbbb1111bbbb1111bbbb1111bbbb1111";
const X: &str = "1234567890ab1234567890ab1234567890ab1234567890ab1234567890ab1234";
const Y: &str = "fedcba098765fedcba098765fedcba098765fedcba098765fedcba098765fedc";

#[test]
fn ids_stand_for_one_another_over_the_page() {
    both_ways(
        &[
            &[("docker run -d nginx", A, X)],
            &[
                ("docker run -d nginx", A, X),
                ("docker ps -q", &A[..12], &X[..12]),
            ],
            &[
                ("docker ps -q", &A[..12], &X[..12]),
                ("docker ps -q --no-trunc", A, X),
            ],
            // A shorter prefix, once it is bound; the machine echoes what it was given.
            &[
                ("docker run -d nginx", A, X),
                ("docker stop aaaa0", "aaaa0", "12345"),
            ],
            &[("docker run -d nginx", A, X), ("docker run -d nginx", B, Y)],
            &[(
                "docker pull -q x",
                &format!("x@sha256:{A}"),
                &format!("x@sha256:{X}"),
            )],
            &[
                ("docker run -d nginx", A, X),
                ("docker exec web hostname", &A[..12], &X[..12]),
            ],
            &[
                ("docker run -d nginx", A, X),
                (
                    "docker exec web cat /etc/hosts",
                    &format!("172.17.0.2\t{}", &A[..12]),
                    &format!("172.17.0.2\t{}", &X[..12]),
                ),
            ],
        ],
        &[
            &[("docker run -d nginx", A, "Error")],
            &[("docker run -d nginx", A, &X[..12])],
            // Another id for one printed, one id for two printed.
            &[
                ("docker run -d nginx", A, X),
                ("docker ps -q", &A[..12], &Y[..12]),
            ],
            &[
                ("docker run -d nginx", A, X),
                ("docker ps -q", &B[..12], &X[..12]),
            ],
            &[
                (
                    "docker pull -q x",
                    &format!("x@sha256:{A}"),
                    &format!("x@sha256:{X}"),
                ),
                (
                    "docker pull -q y",
                    &format!("y@sha256:{B}"),
                    &format!("y@sha256:{X}"),
                ),
            ],
            &[
                ("docker run -d nginx", A, X),
                ("docker stop aaaa0", "aaaa0", "fedcb"),
            ],
            // Never printed: a word.
            &[("docker stop aaaa0", "aaaa0", "12345")],
            // A checksum is a claim.
            &[(
                "sha256sum page.html",
                &format!("{A}  page.html"),
                &format!("{X}  page.html"),
            )],
        ],
    );
}

#[test]
fn addresses_stand_in_their_subnets() {
    let inspect = "docker inspect -f '{{.NetworkSettings.Networks.front.IPAddress}}' web";
    both_ways(
        &[
            &[(inspect, "172.18.0.2", "172.19.0.2")],
            &[
                (inspect, "172.18.0.2", "172.18.0.3"),
                (
                    "ping -c1 web",
                    "PING web (172.18.0.2): 56 data bytes",
                    "PING web (172.18.0.3): 56 data bytes",
                ),
            ],
            &[
                (
                    "ip route",
                    "172.18.0.0/16 dev eth0 src 172.18.0.2",
                    "172.20.0.0/16 dev eth0 src 172.20.0.2",
                ),
                (inspect, "172.18.0.3", "172.20.0.4"),
            ],
            &[(inspect, "172.17.0.2", "172.17.0.3")],
            &[(
                "ip addr",
                "inet 172.18.0.2/16 brd 172.18.255.255 scope global eth0",
                "inet 172.19.0.2/16 brd 172.19.255.255 scope global eth0",
            )],
            &[(
                "ip -6 addr",
                "inet6 fe80::42:acff:fe12:2/64 scope link",
                "inet6 fe80::1c5d:8bff:fe2a:9/64 scope link",
            )],
            // The next container gets the address of one that is gone.
            &[
                ("docker inspect web", "172.18.0.2", "172.18.0.2"),
                ("docker rm -f web", "web", "web"),
                ("docker inspect db", "172.18.0.3", "172.18.0.2"),
            ],
            &[
                (
                    "docker run --rm busybox hostname -i",
                    "172.17.0.2",
                    "172.17.0.2",
                ),
                (
                    "docker run --rm busybox hostname -i",
                    "172.17.0.3",
                    "172.17.0.2",
                ),
            ],
            &[
                (
                    "docker network inspect front -f '{{.Id}} {{.IPAM}}'",
                    "front 172.18.0.0/16",
                    "front 172.18.0.0/16",
                ),
                ("docker network rm front", "front", "front"),
                (
                    "docker network inspect back",
                    "172.19.0.0/16",
                    "172.18.0.0/16",
                ),
            ],
        ],
        &[
            // Swapped.
            &[
                ("docker inspect web", "172.18.0.2", "172.18.0.2"),
                ("docker inspect db", "172.18.0.3", "172.18.0.3"),
                (
                    "ping -c1 web",
                    "PING web (172.18.0.3)",
                    "PING web (172.18.0.2)",
                ),
            ],
            &[(
                "ping -c1 web",
                "PING web (172.18.0.2)\n64 bytes from 172.18.0.3",
                "PING web (172.18.0.2)\n64 bytes from 172.18.0.2",
            )],
            // Another subnet.
            &[
                ("docker inspect web", "172.18.0.2", "172.18.0.2"),
                ("docker inspect db", "172.18.0.3", "172.19.0.3"),
            ],
            &[
                ("docker inspect web", "172.18.0.2", "172.18.0.2"),
                ("docker inspect db", "172.19.0.3", "172.18.0.3"),
            ],
            &[(
                "ip route",
                "172.18.0.0/16 dev eth0",
                "172.18.0.0/24 dev eth0",
            )],
            &[(inspect, "172.18.0.2", "172.17.0.2")],
            &[(inspect, "172.17.0.2", "172.18.0.2")],
            &[(
                "ip route",
                "default via 172.17.0.1 dev eth0",
                "default via 172.17.0.2 dev eth0",
            )],
            &[(
                "ip route",
                "default via 172.18.0.1 dev eth0",
                "default via 172.18.0.7 dev eth0",
            )],
            // What is not private is literal.
            &[(
                "cat /etc/resolv.conf",
                "nameserver 127.0.0.11",
                "nameserver 127.0.0.12",
            )],
            &[(
                "cat /etc/resolv.conf",
                "nameserver 8.8.8.8",
                "nameserver 8.8.4.4",
            )],
            &[(
                "docker port web",
                "80/tcp -> 0.0.0.0:8080",
                "80/tcp -> 127.0.0.1:8080",
            )],
            &[(inspect, "172.18.0.2", "")],
            // Not gone: another container was removed.
            &[
                ("docker inspect web", "172.18.0.2", "172.18.0.2"),
                ("docker rm -f other", "other", "other"),
                ("docker inspect db", "172.18.0.3", "172.18.0.2"),
            ],
        ],
    );
}

#[test]
fn macs_ports_and_names_are_bound() {
    both_ways(
        &[
            &[(
                "ip link",
                "link/ether 02:42:ac:12:00:02 brd ff:ff:ff:ff:ff:ff",
                "link/ether 9a:42:ac:12:00:07 brd ff:ff:ff:ff:ff:ff",
            )],
            &[(
                "docker port web",
                "80/tcp -> 0.0.0.0:49153",
                "80/tcp -> 0.0.0.0:32768",
            )],
            &[(
                "docker port web 80",
                "0.0.0.0:49153\n:::49153",
                "0.0.0.0:32768\n[::]:32768",
            )],
            &[(
                "docker inspect -f '{{(index (index .NetworkSettings.Ports \"80/tcp\") 0).HostPort}}' web",
                "49153",
                "32768",
            )],
            &[
                ("docker run -d -p 40000:80 nginx", A, X),
                (
                    "docker port web",
                    "80/tcp -> 0.0.0.0:40000",
                    "80/tcp -> 0.0.0.0:40000",
                ),
            ],
            &[(
                "docker ps --format '{{.Names}}'",
                "silly_bohr",
                "happy_curie",
            )],
            &[
                (
                    "docker ps --format '{{.Names}}'",
                    "silly_bohr",
                    "happy_curie",
                ),
                ("docker stop silly_bohr", "silly_bohr", "happy_curie"),
            ],
            &[(
                "docker swarm init",
                "node (dxn1zf6l61qsb1josjja83ngz) is",
                "node (mtef3w8290j73olpx5w6um116) is",
            )],
            // One that happens to be drawn without a digit.
            &[
                (
                    "docker network create -d overlay fleet",
                    "vedq84coq9ho7pn3k1m5x2c8z",
                    "mjvugnbynutvfgrabgpsqxkod",
                ),
                (
                    "docker network inspect -f '{{.Id}}' fleet",
                    "vedq84coq9ho7pn3k1m5x2c8z",
                    "mjvugnbynutvfgrabgpsqxkod",
                ),
            ],
        ],
        &[
            &[(
                "ip link",
                "link/ether 02:42:ac:12:00:02",
                "link/ether 02:42:ac:12:00:02\nx",
            )],
            &[
                ("ip link show web", "02:42:ac:12:00:02", "02:42:ac:12:00:02"),
                ("ip link show db", "02:42:ac:12:00:03", "02:42:ac:12:00:02"),
            ],
            &[("ip link", "brd ff:ff:ff:ff:ff:ff", "brd 00:00:00:00:00:00")],
            &[(
                "docker port web",
                "80/tcp -> 0.0.0.0:8080",
                "80/tcp -> 0.0.0.0:8081",
            )],
            &[(
                "docker port web",
                "80/tcp -> 0.0.0.0:49153",
                "80/tcp -> 0.0.0.0:8080",
            )],
            &[(
                "docker port web",
                "80/tcp -> 0.0.0.0:49153",
                "443/tcp -> 0.0.0.0:49153",
            )],
            &[
                ("docker run -d -p 40000:80 nginx", A, X),
                (
                    "docker port web",
                    "80/tcp -> 0.0.0.0:40000",
                    "80/tcp -> 0.0.0.0:40001",
                ),
            ],
            &[
                ("docker port web", "0.0.0.0:49153", "0.0.0.0:32768"),
                ("curl -v localhost", "port:49153", "port:32769"),
            ],
            &[
                (
                    "docker ps --format '{{.Names}}'",
                    "silly_bohr",
                    "happy_curie",
                ),
                ("docker stop silly_bohr", "silly_bohr", "silly_bohr"),
            ],
            &[
                ("docker run -d --name happy_server nginx", A, X),
                (
                    "docker ps --format '{{.Names}}'",
                    "silly_bohr",
                    "happy_server",
                ),
            ],
            &[("wc -c big", "40000 big", "40001 big")],
            &[(
                "docker swarm init",
                "node (dxn1zf6l61qsb1josjja83ngz) is",
                "node (thisnodeispartofanotherone) is",
            )],
            &[
                (
                    "docker network create -d overlay fleet",
                    "vedq84coq9ho7pn3k1m5x2c8z",
                    "mjvugnbynutvfgrabgpsqxkod",
                ),
                (
                    "docker network inspect -f '{{.Id}}' fleet",
                    "vedq84coq9ho7pn3k1m5x2c8z",
                    "mjvugnbynutvfgrabgpsqxkoe",
                ),
            ],
            &[(
                "cat name",
                "mjvugnbynutvfgrabgpsqxkod",
                "vedqbacoqxhoapnbkamvxbcsz",
            )],
        ],
    );
}

#[test]
fn typed_before_printed_is_literal() {
    both_ways(
        &[
            &[
                ("docker network create --subnet 172.28.0.0/16 back", A, X),
                (
                    "docker network inspect back",
                    "172.28.0.0/16",
                    "172.28.0.0/16",
                ),
            ],
            &[
                ("docker network create --subnet 172.28.0.0/16 back", A, X),
                ("docker inspect db", "172.28.0.2", "172.28.0.3"),
            ],
        ],
        &[
            &[
                ("docker network create --subnet 172.28.0.0/16 back", A, X),
                (
                    "docker network inspect back",
                    "172.28.0.0/16",
                    "172.29.0.0/16",
                ),
            ],
            &[
                ("docker network create --subnet 172.28.0.0/16 back", A, X),
                ("docker inspect db", "172.28.0.2", "172.29.0.2"),
            ],
            &[
                ("docker run -d --ip 172.28.0.9 busybox", A, X),
                ("docker inspect db", "172.28.0.9", "172.28.0.8"),
            ],
            &[
                ("docker run -d --ip 172.28.0.9 busybox", A, X),
                ("docker inspect db", "172.28.0.8", "172.28.0.9"),
            ],
            &[
                (
                    "docker run -d --mac-address 02:42:ac:12:00:09 busybox",
                    A,
                    X,
                ),
                ("ip link", "02:42:ac:12:00:09", "02:42:ac:12:00:08"),
            ],
        ],
    );
}

#[test]
fn printed_before_typed_is_typed_for_real() {
    let mut page = Page::default();
    assert!(page.holds("docker run -d nginx", A, X));
    assert!(page.holds("docker inspect web", "172.18.0.2", "172.19.0.7"));
    assert!(page.holds(
        "docker swarm join-token worker",
        "docker swarm join --token SWMTKN-1-aa-bb 192.168.0.9:2377",
        "docker swarm join --token SWMTKN-1-cc-dd 10.1.1.2:2377"
    ));
    let typed = |author: &str| page.bindings.substitute_text(author);
    assert_eq!(
        typed(&format!("docker rm -f {}", &A[..12])),
        format!("docker rm -f {}", &X[..12])
    );
    assert_eq!(typed("docker rm -f aaaa"), "docker rm -f 1234");
    assert_eq!(
        typed("curl -s 'http://172.18.0.2:80/'"),
        "curl -s 'http://172.19.0.7:80/'"
    );
    assert_eq!(
        typed("docker swarm join --token SWMTKN-1-aa-bb 192.168.0.9:2377"),
        "docker swarm join --token SWMTKN-1-cc-dd 10.1.1.2:2377"
    );
    assert_eq!(
        typed("echo 'server 172.18.0.2:5000;' > a.conf\ncat a.conf"),
        "echo 'server 172.19.0.7:5000;' > a.conf\ncat a.conf"
    );
    assert_eq!(
        page.bindings.to_author("PING 172.19.0.7 from 1234567890ab"),
        "PING 172.18.0.2 from aaaa0000aaaa"
    );
}
