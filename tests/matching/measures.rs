//! Measures match any of their kind; what is no measure is literal. Each case is one printed line and one found.

use crate::support::last_holds;

#[test]
fn measures_match_any_of_their_kind() {
    for (printed, actual) in [
        (
            "64 bytes from 8.8.8.8: icmp_seq=1 ttl=64 time=0.083 ms",
            "64 bytes from 8.8.8.8: icmp_seq=1 ttl=64 time=12.1 ms",
        ),
        (
            "rtt min/avg/max/mdev = 0.054/0.061/0.069/0.007 ms",
            "rtt min/avg/max/mdev = 1.1/22.33/444.5/0.123 ms",
        ),
        (
            "2 packets transmitted, 2 received, 0% packet loss, time 1001ms",
            "2 packets transmitted, 2 received, 0% packet loss, time 3ms",
        ),
        ("Up 3 seconds", "Up About an hour"),
        ("Up Less than a second", "Up 5 weeks"),
        ("Exited (0) 2 minutes ago", "Exited (0) About a minute ago"),
        (
            "Date: Wed, 01 May 2024 10:11:12 GMT",
            "Date: Tue, 24 Nov 2026 15:48:30 GMT",
        ),
        ("Content-Length: 615", "Content-Length: 896"),
        ("etag: \"65ce1234-267\"", "etag: \"6abfc0b8-380\""),
        (
            "2024-05-01T10:11:12.123456789Z created",
            "2026-11-24T15:48:20Z created",
        ),
        (
            "172.17.0.1 - - [01/May/2024:10:11:12 +0000] \"GET / HTTP/1.1\" 200",
            "172.17.0.1 - - [24/Nov/2026:15:48:30 +0000] \"GET / HTTP/1.1\" 200",
        ),
        (
            "-rw-r--r-- 1 root root 615 May  1 10:11 index.html",
            "-rw-r--r-- 1 root root 8961 Nov 24  2026 index.html",
        ),
        ("size 133MB", "size 5.7 MB"),
        ("853 MB/s", "1.2 GB/s"),
        ("real\t0m0.345s", "real    1m2.001s"),
        ("Created network in 0.1s", "Created network in 12.5s"),
        ("10:11:12 up", "9:08:07 up"),
        ("start worker process 29", "start worker process 9"),
        (
            "2: eth0@if7: <BROADCAST,MULTICAST,UP> mtu 1500",
            "12: eth0@if13: <BROADCAST,MULTICAST,UP> mtu 1500",
        ),
    ] {
        assert!(
            last_holds(&[("x", printed, actual)]),
            "{printed} / {actual}"
        );
    }
}

#[test]
fn what_is_no_measure_is_literal() {
    for (printed, actual) in [
        (
            "64 bytes from 8.8.8.8: icmp_seq=1 ttl=64 time=0.083 ms",
            "64 bytes from 8.8.8.8: icmp_seq=1 ttl=63 time=0.083 ms",
        ),
        (
            "64 bytes from 8.8.8.8: icmp_seq=1 ttl=64 time=0.083 ms",
            "64 bytes from 8.8.8.8: icmp_seq=2 ttl=64 time=0.083 ms",
        ),
        (
            "2 packets transmitted, 2 received, 0% packet loss, time 1001ms",
            "2 packets transmitted, 0 received, 100% packet loss, time 1001ms",
        ),
        (
            "2 packets transmitted, 2 received, 0% packet loss",
            "3 packets transmitted, 3 received, 0% packet loss",
        ),
        ("Up 3 seconds", "Exited (1) 3 seconds ago"),
        ("Up 3 seconds", "Up 3 seconds (healthy)"),
        ("Up 3 seconds (healthy)", "Up 3 seconds (unhealthy)"),
        ("Exited (0) 2 minutes ago", "Exited (137) 2 minutes ago"),
        ("HTTP/1.1 200 OK", "HTTP/1.1 502 Bad Gateway"),
        ("HTTP/1.1 200 OK", "HTTP/2 200 OK"),
        ("Server: nginx/1.27.0", "Server: nginx/1.30.6"),
        ("Docker version 28.5.1", "Docker version 28.5.2"),
        ("nameserver 127.0.0.11", "nameserver 8.8.8.8"),
        (
            "-rw-r--r-- 1 root root 615 May  1 10:11 index.html",
            "-rwxr-xr-x 1 root root 615 May  1 10:11 index.html",
        ),
        (
            "-rw-r--r-- 1 root root 615 May  1 10:11 index.html",
            "-rw-r--r-- 1 root root 615 May  1 10:11 other.html",
        ),
        ("3 seconds", "3 packets"),
        ("133MB", "133"),
        ("0.083 ms", "83"),
        ("3 rows in set (0.00 sec)", "2 rows in set (0.00 sec)"),
        (
            "2: eth0@if7: <BROADCAST,MULTICAST,UP> mtu 1500",
            "2: eth0@if7: <BROADCAST,MULTICAST> mtu 1500",
        ),
        ("2: eth0@if7: <UP> mtu 1500", "2: eth1@if7: <UP> mtu 1500"),
        ("2: eth0@if7: <UP> mtu 1500", "2: eth0@if7: <UP> mtu 1450"),
        ("\"GET / HTTP/1.1\" 200 615", "\"GET / HTTP/1.1\" 404 615"),
        ("Containers: 3", "Containers: 4"),
        ("uid=0(root)", "uid=101(nginx)"),
    ] {
        assert!(
            !last_holds(&[("x", printed, actual)]),
            "{printed} / {actual}"
        );
    }
}
