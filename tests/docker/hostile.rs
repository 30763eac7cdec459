//! Hostile pages, on a real engine: each fails alone and in time, says what happened, and leaves nothing. And what no
//! page can get at.

use std::os::linux::fs::MetadataExt;

use crate::support::{self, Book, Ran, docker};

/// No page takes longer, in seconds, with other tests on the same computer.
const IN_TIME: f64 = 90.0;

/// Each of its processes starts two more and stays, so that it doesn't die out when no more can be started. The shell
/// waits until nearly all of the 400 are taken, threads among them, and then some, without starting a process itself: there
/// may be none left for it.
const BOMB: &str = "$ bomb() { bomb & bomb & sleep 60; }; bomb & until p=(/proc/[0-9]*/task/*); ((${#p[@]} > 380)); do :; done; \
                    for ((end = SECONDS + 2; SECONDS < end;)); do :; done";

/// Who fills the disk of the machine, whichever way.
const DISK_FULL: &[&str] = &[
    "No space left on device",
    "the 160 MiB for files outside of containers are used up",
];

/// A page of one session, and what must be said of it.
struct Hostile {
    name: &'static str,
    /// How long each of its commands may take. Where it isn't the time that is to end it, that is long: much takes a while
    /// where many tests run at once.
    seconds: u32,
    commands: String,
    says: &'static [&'static str],
}

fn hostile(name: &'static str, commands: &str, says: &'static [&'static str]) -> Hostile {
    Hostile {
        name,
        seconds: 60,
        commands: commands.to_owned(),
        says,
    }
}

/// One whose commands get five seconds each.
fn endless(name: &'static str, commands: &str, says: &'static [&'static str]) -> Hostile {
    Hostile {
        seconds: 5,
        ..hostile(name, commands, says)
    }
}

fn all() -> Vec<Hostile> {
    let run = "$ docker run --name hog busybox:1.37 awk 'BEGIN { s = \"x\"; while (1) s = s s }'";
    let stubborn = "$ sh -c 'trap \"\" INT TERM HUP QUIT; while :; do sleep 1; done'";
    vec![
        hostile(
            "a fork bomb",
            &format!("{BOMB}\n$ docker ps"),
            &[
                "all the 400 processes that it may have",
                "raise `processes`",
            ],
        ),
        // The bomb is the last command, and succeeds.
        hostile(
            "a fork bomb at the end",
            BOMB,
            &[
                "the page leaves its machine broken",
                "all the 400 processes that it may have",
            ],
        ),
        hostile(
            "memory filled",
            "$ head -c 3G /dev/zero | tail",
            &[
                "exited with 137",
                "memory of 640 MiB was used up, and the kernel killed a process of the page's shell",
                "raise `memory`",
            ],
        ),
        hostile(
            "memory filled by a container",
            run,
            &["exited with 137", "killed a process of the container `hog`"],
        ),
        hostile(
            "the disk for images filled",
            "$ docker run --rm busybox:1.37 dd if=/dev/zero of=/full bs=1M",
            &[
                "the 320 MiB for images, containers and volumes are used up",
                "raise `data-root`",
            ],
        ),
        hostile("a full home", "$ dd if=/dev/zero of=full bs=1M", DISK_FULL),
        hostile(
            "a full /etc",
            "$ dd if=/dev/zero of=/etc/full bs=1M",
            DISK_FULL,
        ),
        hostile(
            "a full /tmp",
            "$ dd if=/dev/zero of=/tmp/full bs=1M",
            DISK_FULL,
        ),
        hostile(
            "a file of Docker's",
            "$ dd if=/dev/zero of=/etc/hosts bs=1M",
            DISK_FULL,
        ),
        hostile(
            "a gigabyte printed",
            "$ head -c 1G /dev/zero | tr '\\0' x",
            &["printed more than 10 MB", "raise `output`"],
        ),
        endless(
            "a command that ignores signals",
            stubborn,
            &["did not end within 5 s"],
        ),
        hostile(
            "a shell that is killed",
            "$ kill -KILL $$",
            &["ended the page's shell"],
        ),
        endless(
            "an engine that is killed",
            "$ pkill -KILL dockerd; sleep 4",
            &["the machine is gone: its container ended"],
        ),
        endless(
            "an engine that is stopped",
            "$ pkill -STOP dockerd; docker ps",
            &[
                "did not end within 5 s",
                "own Docker Engine could not be asked",
            ],
        ),
        // As its last act, which succeeds.
        endless(
            "an engine that is stopped at the end",
            "$ pkill -STOP dockerd",
            &["the page leaves its machine broken"],
        ),
        endless(
            "an init that ends",
            "$ kill -TERM 1; sleep 4",
            &["the machine is gone"],
        ),
        hostile(
            "no network",
            "$ ip link delete eth0\n$ ping -c 1 -W 1 10.213.0.1",
            &["Network is unreachable"],
        ),
        // It goes on, and says what fails.
        hostile(
            "a network that is broken",
            "$ iptables -P OUTPUT DROP; ip addr flush dev lo\n$ curl -sS -m 2 http://127.0.0.1/",
            &["curl"],
        ),
        endless(
            "everything deleted",
            "$ rm -rf --no-preserve-root / 2> /dev/null; ls",
            &["exited with"],
        ),
    ]
}

impl Hostile {
    fn file(&self) -> String {
        format!("src/{}.md", self.name.replace(['/', ' ', '\''], "-"))
    }

    fn text(&self) -> String {
        let Hostile {
            seconds, commands, ..
        } = self;
        format!("<!-- seaworthy timeout={seconds}s -->\n\n```console\n{commands}\n```\n")
    }
}

/// One check of all of them, several at a time, and of a page that does no harm: that one holds, each of the others fails
/// in time and says why, and nothing is left.
#[test]
fn each_fails_alone_and_in_time() {
    let limits = "[preprocessor.seaworthy]\nafter = [\"links\"]\n";
    let small = format!("{limits}memory = \"640MiB\"\ndata-root = \"320MiB\"\nprocesses = 400\n");
    let hostile = all();
    let texts: Vec<_> = hostile.iter().map(|one| (one.file(), one.text())).collect();
    let toml = support::BOOK_TOML.replace(limits, &small);
    let mut files = vec![
        ("book.toml", toml.as_str()),
        (
            "src/good.md",
            "```console\n$ docker network ls -q | wc -l\n3\n```\n",
        ),
    ];
    files.extend(
        texts
            .iter()
            .map(|(file, text)| (file.as_str(), text.as_str())),
    );
    let book = Book::new(&files);
    let locks = tempfile::tempdir().unwrap();
    let output = book
        .command(&["check"])
        .env("TMPDIR", locks.path())
        .output();
    let ran = Ran::from(output.unwrap()).exits(1);
    println!("{}", ran.stdout);
    let report = book.report();
    let pages = report["runs"][0]["pages"].as_array().unwrap();
    let page = |file: &str| pages.iter().find(|page| page["file"] == file).unwrap();
    let mut wrong = Vec::new();
    for one in &hostile {
        let page = page(&one.file());
        let sessions = page["sessions"].as_array().unwrap();
        let failed =
            !page["error"].is_null() || sessions.iter().any(|one| one["status"] == "failed");
        let told = page.to_string();
        let silent: Vec<_> = one
            .says
            .iter()
            .filter(|words| !told.contains(**words))
            .collect();
        if !failed || page["seconds"].as_f64().unwrap() > IN_TIME || !silent.is_empty() {
            wrong.push(format!(
                "{}, which doesn't say {silent:?}: {page:#}",
                one.name
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(page("src/good.md")["sessions"][0]["status"], "passed");
    assert!(page("src/good.md")["error"].is_null());
    let left = support::left_by(locks.path());
    assert!(left.is_empty(), "{left:?}");
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
