//! Measures match any of their kind; what is no measure is literal. Each case is one printed line and one found.

use crate::support::{Page, last_holds};

/// A command, what is printed under it, and what another run prints.
type Case = (&'static str, &'static str, &'static str);

/// Measures, where something measures.
const MEASURED: &[Case] = &[
    (
        "ping 8.8.8.8",
        "64 bytes from 8.8.8.8: icmp_seq=1 ttl=64 time=0.083 ms",
        "64 bytes from 8.8.8.8: icmp_seq=1 ttl=64 time=12.1 ms",
    ),
    (
        "ping 8.8.8.8",
        "rtt min/avg/max/mdev = 0.054/0.061/0.069/0.007 ms",
        "rtt min/avg/max/mdev = 1.1/22.33/444.5/0.123 ms",
    ),
    (
        "ping 8.8.8.8",
        "2 packets transmitted, 2 received, 0% packet loss, time 1001ms",
        "2 packets transmitted, 2 received, 0% packet loss, time 3ms",
    ),
    (
        "docker ps --format '{{.Status}}'",
        "Up 3 seconds",
        "Up About an hour",
    ),
    (
        "docker ps -a | tail -1",
        "Up Less than a second",
        "Up 5 weeks",
    ),
    (
        "./status",
        "Exited (0) 2 minutes ago",
        "Exited (0) About a minute ago",
    ),
    (
        "curl -i localhost",
        "Date: Wed, 01 May 2024 10:11:12 GMT",
        "Date: Tue, 24 Nov 2026 15:48:30 GMT",
    ),
    (
        "curl -i localhost",
        "etag: \"65ce1234-267\"",
        "etag: \"6abfc0b8-380\"",
    ),
    (
        "curl -m 2 localhost",
        "curl: (28) Connection timed out after 2001 milliseconds",
        "curl: (28) Connection timed out after 2000 milliseconds",
    ),
    (
        "docker logs web",
        "2024-05-01T10:11:12.123456789Z created",
        "2026-11-24T15:48:20Z created",
    ),
    ("docker logs db", "[10:11:12] ready", "[15:00:00] ready"),
    (
        "docker exec web cat /var/log/nginx/access.log",
        "172.17.0.1 - - [01/May/2024:10:11:12 +0000] \"GET / HTTP/1.1\" 200",
        "172.17.0.1 - - [24/Nov/2026:15:48:30 +0000] \"GET / HTTP/1.1\" 200",
    ),
    (
        "docker exec web nginx -t",
        "2026/11/24 15:44:44 [emerg] 9#9: unexpected end of file",
        "2027/01/02 03:04:05 [emerg] 31#31: unexpected end of file",
    ),
    (
        "ls -l",
        "-rw-r--r-- 1 root root 615 May  1 10:11 index.html",
        "-rw-r--r-- 1 root root 8961 Nov 24  2026 index.html",
    ),
    (
        "ls -l",
        "-rw-r--r--+ 1 root root 615 May  1 10:11 index.html",
        "-rw-r--r--+ 1 root root 8961 Nov 24  2026 index.html",
    ),
    ("ls -l", "total 64", "total 8"),
    (
        "date",
        "Tue Nov 24 15:48:30 UTC 2026",
        "Wed Nov 25 01:02:03 UTC 2026",
    ),
    (
        "dd if=/dev/zero of=/dev/null count=4",
        "2048 bytes (2.0KB) copied, 0.000021 seconds, 93.0MB/s",
        "2048 bytes (2.0KB) copied, 0.1 seconds, 20.0KB/s",
    ),
    (
        "df -h /",
        "overlay  9.8G  2.3G  7.5G  24% /",
        "overlay  252.0G  11.0G  80.0G  24% /",
    ),
    ("time true", "real\t0m0.345s", "real    1m2.001s"),
    (
        "docker compose up -d",
        " Container web  Started  0.3s",
        " Container web  Started  12.5s",
    ),
    (
        "./up",
        "Created network in 0.1s",
        "Created network in 12.5s",
    ),
    ("./work", "took 37ms", "took 1.2s"),
    ("docker build .", "#5 DONE 0.3s", "#5 DONE 12.0s"),
    (
        "docker build .",
        "#4 transferring context: 2.10kB done",
        "#4 transferring context: 37B done",
    ),
    (
        "docker build .",
        "Sending build context to Docker daemon  3.072kB",
        "Sending build context to Docker daemon  2.048kB",
    ),
    (
        "docker run --rm -i db mysql",
        "1 row in set (0.00 sec)",
        "1 row in set (0.12 sec)",
    ),
    (
        "docker system prune -f",
        "Total reclaimed space: 0B",
        "Total reclaimed space: 1.2GB",
    ),
    ("uptime", " 10:11:12 up 3 days", " 9:08:07 up 5 days"),
    (
        "docker logs web",
        "start worker process 29",
        "start worker process 9",
    ),
    (
        "ps",
        "   12 root      0:00 sleep 600",
        "    7 root      0:00 sleep 600",
    ),
    (
        "docker stats --no-stream --format '{{.CPUPerc}}'",
        "0.00%",
        "12.34%",
    ),
    (
        "ip link",
        "2: eth0@if7: <BROADCAST,MULTICAST,UP> mtu 1500",
        "12: eth0@if13: <BROADCAST,MULTICAST,UP> mtu 1500",
    ),
    ("sleep 9 &", "[1] 408", "[1] 99"),
    ("mktemp", "/tmp/tmp.aBcDeFgHiJ", "/tmp/tmp.0123456789"),
];

#[test]
fn measures_match_any_of_their_kind_where_something_measures() {
    for (command, printed, actual) in MEASURED {
        assert!(
            last_holds(&[(command, printed, actual)]),
            "$ {command}\n{printed} / {actual}"
        );
    }
}

#[test]
fn elsewhere_they_are_literal() {
    for (command, printed, actual) in [
        (
            "cat nginx.conf",
            "keepalive_timeout 65s;",
            "keepalive_timeout 6s;",
        ),
        ("cat limits", "size 133MB", "size 5.7 MB"),
        ("./speed", "853 MB/s", "1.2 GB/s"),
        ("./spans", "Up 3 floors", "Up 4 floors"),
        (
            "cat log.md",
            "2024-05-01T10:11:12Z created",
            "2026-11-24T15:48:20Z created",
        ),
        ("./run", "total 64", "total 8"),
        ("./run", "PID 1 is nginx", "PID 7 is nginx"),
        (
            "ls -l",
            "-rw-r--r-- 1 root root 0 May  1 10:11 a",
            "-rw-r--r-- 1 root root 9 May  1 10:11 a",
        ),
        (
            "docker exec web ls",
            "release-2024-05-01",
            "release-2024-05-02",
        ),
        ("docker exec app env", "TIMEOUT=30s", "TIMEOUT=3s"),
        ("./run", "12.5%", "13.5%"),
        ("echo '[1] 408' 2>&1 && true", "[1] 408", "[1] 99"),
        (
            "docker inspect --format '{{.Config.Labels.order}}' web",
            "20240501000a",
            "202405010001",
        ),
        (
            "docker build .",
            "#7 0.2 timeout 30s is short",
            "#7 0.2 timeout 3s is short",
        ),
    ] {
        assert!(
            !last_holds(&[(command, printed, actual)]),
            "$ {command}\n{printed} / {actual}"
        );
    }
    // One quantity in two spellings.
    assert!(last_holds(&[("cat limits", "max 64MiB", "max 64M")]));
    assert!(last_holds(&[("cat limits", "every 90s", "every 1m30s")]));
    assert!(!last_holds(&[("cat limits", "max 64MB", "max 64MiB")]));
}

#[test]
fn what_the_page_types_is_literal_where_it_limits_and_measures_where_it_measures() {
    let run = ("docker run -d --name a -m 64m busybox sleep 10", "", "");
    let stats = "docker stats --no-stream --format '{{.MemUsage}}' a";
    assert!(last_holds(&[
        run,
        (stats, "460KiB / 64MiB", "1.2MiB / 64MiB")
    ]));
    assert!(!last_holds(&[
        run,
        (stats, "460KiB / 512MiB", "460KiB / 64MiB")
    ]));
    assert!(!last_holds(&[
        run,
        (stats, "460KiB / 64MiB", "460KiB / 512MiB")
    ]));
    let free = ("docker run -d --name a busybox sleep 10", "", "");
    assert!(last_holds(&[
        free,
        (stats, "460KiB / 7.6GiB", "1.2MiB / 23.5GiB")
    ]));
    let status = "docker ps --format '{{.Status}}'";
    let sleeps = ("docker run -d busybox sh -c 'sleep 10 seconds'", "", "");
    assert!(last_holds(&[
        sleeps,
        (status, "Up 10 seconds", "Up 3 seconds")
    ]));
    // A job's process is typed as the machine's own.
    let mut page = Page::default();
    assert!(page.holds("sleep 9 &", "[1] 408", "[1] 99"));
    assert_eq!(page.bindings.substitute_text("kill 408"), "kill 99");
    assert_eq!(page.bindings.substitute_text("echo 408"), "echo 408");
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
        ("Content-Length: 615", "Content-Length: 896"),
    ] {
        assert!(
            !last_holds(&[("x", printed, actual)]),
            "{printed} / {actual}"
        );
    }
}
