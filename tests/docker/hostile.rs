//! Hostile pages, on a real engine: each fails alone and in time, says what happened, and leaves nothing. And what no
//! page can get at.

use std::os::linux::fs::MetadataExt;
use std::time::{Duration, Instant};

use crate::support::{self, Book, Ran, docker};

/// No page takes longer, with other tests on the same computer.
const IN_TIME: Duration = Duration::from_secs(90);

/// Checks a book whose first page is hostile and whose second one is not. The first must fail and the second pass,
/// and nothing of the run may be left.
#[track_caller]
fn alone_and_in_time(page: &str) -> Ran {
    let limits = "[preprocessor.seaworthy]\nafter = [\"links\"]\n";
    let small = format!("{limits}memory = \"640MiB\"\ndata-root = \"320MiB\"\nprocesses = 400\n");
    let book = Book::new(&[
        ("book.toml", &support::BOOK_TOML.replace(limits, &small)),
        ("src/a-hostile.md", page),
        (
            "src/b-good.md",
            "```console\n$ docker network ls -q | wc -l\n3\n```\n",
        ),
    ]);
    let begun = Instant::now();
    let ran = book.run(&["check"]).exits(1);
    let took = begun.elapsed();
    println!("{:.1} s\n{}", took.as_secs_f64(), ran.stdout);
    assert!(took < IN_TIME, "took {took:?}");
    let report = book.report();
    let pages = report["runs"][0]["pages"].as_array().unwrap();
    let failed = |page: &serde_json::Value| {
        let sessions = page["sessions"].as_array().unwrap();
        !page["error"].is_null() || sessions.iter().any(|one| one["status"] == "failed")
    };
    assert!(failed(&pages[0]) && !failed(&pages[1]), "{report:#}");
    assert_eq!(pages[1]["sessions"][0]["status"], "passed");
    ran
}

/// A page of one session, whose commands get five seconds each.
fn page(commands: &str) -> String {
    format!("<!-- seaworthy timeout=5s -->\n\n```console\n{commands}\n```\n")
}

/// Each of its processes starts two more and stays, so that it doesn't die out when no more can be started. The shell
/// waits without starting any: the bomb may have taken all by then.
const BOMB: &str = "$ bomb() { bomb & bomb & sleep 60; }; bomb & for ((end = SECONDS + 3; SECONDS < end;)); do :; done";

#[test]
fn a_fork_bomb() {
    alone_and_in_time(&page(&format!("{BOMB}\n$ docker ps")))
        .says("all the 400 processes that it may have")
        .says("raise `processes`");
}

/// The bomb is the last command, and succeeds.
#[test]
fn a_fork_bomb_at_the_end() {
    alone_and_in_time(&page(BOMB))
        .says("the page leaves its machine broken")
        .says("all the 400 processes that it may have");
}

#[test]
fn memory_filled() {
    alone_and_in_time(&page("$ head -c 3G /dev/zero | tail"))
        .says("exited with 137")
        .says("memory of 640 MiB was used up, and the kernel killed a process of the page's shell")
        .says("raise `memory`");
}

#[test]
fn memory_filled_by_a_container() {
    let run = "$ docker run --name hog busybox:1.37 awk 'BEGIN { s = \"x\"; while (1) s = s s }'";
    alone_and_in_time(&page(run))
        .says("exited with 137")
        .says("killed a process of the container `hog`");
}

#[test]
fn the_disk_for_images_filled() {
    let run = "$ docker run --rm busybox:1.37 dd if=/dev/zero of=/full bs=1M";
    alone_and_in_time(&page(run))
        .says("the 320 MiB for images, containers and volumes are used up")
        .says("raise `data-root`");
}

#[test]
fn the_disk_of_the_machine_filled() {
    for path in ["full", "/etc/full", "/tmp/full", "/etc/hosts"] {
        alone_and_in_time(&page(&format!("$ dd if=/dev/zero of={path} bs=1M")))
            .says("No space left on device")
            .says("the 160 MiB for files outside of containers are used up");
    }
}

#[test]
fn a_gigabyte_printed() {
    // Ten megabytes take a while where many tests run at once: it isn't the time that is to end it.
    let page = page("$ head -c 1G /dev/zero | tr '\\0' x").replace("timeout=5s", "timeout=60s");
    alone_and_in_time(&page)
        .says("printed more than 10 MB")
        .says("raise `output`");
}

#[test]
fn a_command_that_ignores_signals() {
    let stubborn = "$ sh -c 'trap \"\" INT TERM HUP QUIT; while :; do sleep 1; done'";
    alone_and_in_time(&page(stubborn)).says("did not end within 5 s");
}

#[test]
fn a_page_that_kills_its_shell() {
    alone_and_in_time(&page("$ kill -KILL $$")).says("ended the page's shell");
}

#[test]
fn a_page_that_stops_its_engine() {
    alone_and_in_time(&page("$ pkill -KILL dockerd; sleep 4"))
        .says("the machine is gone: its container ended");
    alone_and_in_time(&page("$ pkill -STOP dockerd; docker ps"))
        .says("did not end within 5 s")
        .says("own Docker Engine could not be asked");
    // As its last act, which succeeds.
    alone_and_in_time(&page("$ pkill -STOP dockerd")).says("the page leaves its machine broken");
}

#[test]
fn a_page_that_ends_its_init() {
    alone_and_in_time(&page("$ kill -TERM 1; sleep 4")).says("the machine is gone");
}

#[test]
fn a_page_that_breaks_its_network() {
    alone_and_in_time(&page("$ ip link delete eth0\n$ ping -c 1 -W 1 10.213.0.1"))
        .says("Network is unreachable");
    // Without a network it goes on, and says what fails.
    alone_and_in_time(&page(
        "$ iptables -P OUTPUT DROP; ip addr flush dev lo\n$ curl -sS -m 2 http://127.0.0.1/",
    ))
    .says("curl");
}

#[test]
fn a_page_that_deletes_everything() {
    alone_and_in_time(&page("$ rm -rf --no-preserve-root / 2> /dev/null; ls")).says("exited with");
}

/// Files, environment, credentials, disks and the outer engine's socket of this computer.
#[test]
fn what_no_page_gets_at() {
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(secret.path(), "hush-hush").unwrap();
    let path = secret.path().to_str().unwrap();
    let device = std::fs::metadata(path).unwrap().st_dev();
    let (major, minor) = (rustix::fs::major(device), rustix::fs::minor(device));
    // A disk of this computer: that of the file, unless it lies in memory.
    let disk = format!(
        "$ mknod disk b {major} {minor}\n$ head -c 1 disk\nhead: cannot open 'disk' for reading: Operation not permitted\n"
    );
    let page = format!(
        "```console
$ cat {path}
cat: {path}: No such file or directory
$ find / -xdev -name {name} | wc -l
0
$ env | grep -c -e SEAWORTHY -e DOCKER_ -e HUSH
0
$ ls ~/.docker /root/.docker
ls: cannot access '/home/learner/.docker': No such file or directory
ls: cannot access '/root/.docker': No such file or directory
$ docker ps -aq
$ grep -c {host} /etc/hostname
0
{disk}$ ls /dev | grep -c -e '^sd' -e '^vd' -e '^nvme' -e '^loop' -e '^mem$' -e '^kmsg$'
0
$ dmesg
dmesg: read kernel buffer failed: Operation not permitted
$ # No kernel modules, raw devices, clock, kernel log, files by handle.
$ for bit in 2 16 17 22 24 25 34; do [ $(( 0x$(awk '/CapBnd/ {{ print $2 }}' /proc/self/status) >> bit & 1 )) = 0 ] || echo $bit; done | wc -l
0
```
",
        name = secret.path().file_name().unwrap().to_str().unwrap(),
        host = rustix::system::uname().nodename().to_str().unwrap(),
    );
    let book = Book::page(&page);
    let output = book.command(&["check"]).env("HUSH", "hush-hush").output();
    Ran::from(output.unwrap()).exits(0);
    let label = "label=seaworthy.run";
    let running = docker(&[
        "ps",
        "-q",
        "--filter",
        label,
        "--filter",
        "name=docker-host",
    ]);
    assert_eq!(running, "");
}

/// A machine that doesn't come up is its page's trouble: every page is told, and the check ends as one with failures.
#[test]
fn limits_too_small_for_a_machine() {
    let limits = "[preprocessor.seaworthy]\nafter = [\"links\"]\n";
    let book = Book::new(&[
        (
            "book.toml",
            &support::BOOK_TOML.replace(limits, &format!("{limits}processes = 8\n")),
        ),
        ("src/a.md", "```console\n$ true\n```\n"),
        ("src/b.md", "```console\n$ true\n```\n"),
    ]);
    let ran = book.run(&["check"]).exits(1);
    ran.says("2 pages could not be run")
        .says("did not come up")
        .says("book.toml leaves it less than usual (`processes` = 8): raise that");
}
