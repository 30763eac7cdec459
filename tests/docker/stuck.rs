//! Machines that don't go: those in which something is frozen, and those that the engine can't remove. No check hangs
//! because of one, and no other page suffers.

use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::between::{Fate, between};
use crate::support::{Book, Ran, cleaning, docker, left_by};

/// What a check may take, with other tests on the same computer; a hanging one takes for ever.
const IN_TIME: Duration = Duration::from_secs(90);

const PAUSED: &str = "```console
$ docker run -d --name aa busybox:1.37 sleep 100
...
$ docker pause aa
aa
```
";
const GOOD: &str = "```console\n$ docker network ls -q | wc -l\n3\n```\n";

/// A book whose first page is `page`, and whose other one holds.
fn book(page: &str) -> Book {
    Book::new(&[("src/a-stuck.md", page), ("src/b-good.md", GOOD)])
}

/// Runs the program, killed when it is over time, with the lock files of its runs in a folder of their own; what is
/// left on the engine of these runs.
#[track_caller]
fn in_time(command: &mut Command) -> (Ran, Vec<String>) {
    let locks = tempfile::tempdir().unwrap();
    command.env("TMPDIR", locks.path());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let begun = Instant::now();
    let child = command.spawn().unwrap();
    let id = child.id();
    let (done, ended) = std::sync::mpsc::channel::<()>();
    let watch = thread::spawn(move || {
        let late = ended.recv_timeout(IN_TIME).is_err();
        if late {
            let killed = Command::new("kill")
                .args(["-KILL", &id.to_string()])
                .status();
            assert!(killed.unwrap().success());
        }
        late
    });
    let ran = Ran::from(child.wait_with_output().unwrap());
    let _ = done.send(());
    println!("{:.1} s\n{}", begun.elapsed().as_secs_f64(), ran.stdout);
    assert!(!watch.join().unwrap(), "it hangs:\n{}", ran.stderr);
    (ran, left_by(locks.path()))
}

/// Five containers that stay paused, of which one is killed.
const MANY_PAUSED: &str = "```console
$ for i in 1 2 3 4 5; do docker run -d --name c$i busybox:1.37 sleep 100; done | wc -l
5
$ docker pause c1 c2 c3 c4 c5 | wc -l
5
$ docker kill c3
c3
```
";
/// A process that is frozen by hand: in a group of the page's own, below its machine's.
const BY_HAND: &str = "```console
$ cd $(ls -d /sys/fs/cgroup/freezer 2> /dev/null || echo /sys/fs/cgroup)
$ mkdir deep deep/er
$ sleep 100 &
$ echo $! > deep/er/cgroup.procs
$ [ -e deep/freezer.state ] && echo FROZEN > deep/freezer.state || echo 1 > deep/cgroup.freeze
```
";
/// What freezes its container whenever it is thawed.
const AGAIN_AND_AGAIN: &str = "```console
$ docker run -d --name aa busybox:1.37 sleep 100
...
$ (while :; do docker pause aa; find /sys/fs/cgroup/freezer -mindepth 2 -name freezer.state | xargs -r -n 1 sh -c 'echo FROZEN > $0'; done) > /dev/null 2>&1 &
$ sleep 2
```
";

#[test]
fn what_ends_with_something_frozen_goes() {
    let book = Book::new(&[
        ("src/paused.md", PAUSED),
        ("src/many.md", MANY_PAUSED),
        ("src/by-hand.md", BY_HAND),
        ("src/again.md", AGAIN_AND_AGAIN),
        ("src/good.md", GOOD),
    ]);
    let (ran, left) = in_time(&mut book.command(&["check"]));
    ran.exits(0).says("5 passed");
    assert!(left.is_empty(), "{left:?}");
}

/// It can't be entered any more: the page fails, and the machine goes all the same.
#[test]
fn a_machine_that_freezes_itself() {
    let page = "<!-- seaworthy timeout=5s -->\n\n```console
$ cd $(ls -d /sys/fs/cgroup/freezer 2> /dev/null || echo /sys/fs/cgroup/init)
$ [ -e freezer.state ] && echo FROZEN > freezer.state || echo 1 > cgroup.freeze
```
";
    let (ran, left) = in_time(&mut book(page).command(&["check"]));
    ran.exits(1)
        .says("did not end within 5 s")
        .says("1 passed, 1 failed");
    assert!(left.is_empty(), "{left:?}");
}

/// What a check that is killed leaves, `clean` removes, frozen or not.
#[test]
fn a_killed_check_with_a_paused_container() {
    let session = format!(
        "{}$ echo $((6 * 7))-paused; sleep 100\n```\n",
        PAUSED.trim_end_matches("```\n")
    );
    let book = Book::page(&session);
    let locks = tempfile::tempdir().unwrap();
    let mut command = book.command(&["check"]);
    command.env("TMPDIR", locks.path());
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + IN_TIME;
    let paused = |machine: &str| {
        let asked = Command::new("docker")
            .args([
                "exec",
                machine,
                "docker",
                "ps",
                "-q",
                "--filter",
                "status=paused",
            ])
            .output()
            .unwrap();
        asked.status.success() && !asked.stdout.is_empty()
    };
    let format = "{{.ID}} {{.Label \"seaworthy.lock\"}}";
    let ours = || {
        let listed = docker(&["ps", "--filter", "label=seaworthy.run", "--format", format]);
        let ours = listed
            .lines()
            .filter(|line| line.contains(locks.path().to_str().unwrap()));
        ours.filter_map(|line| line.split(' ').next())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    while !ours().iter().any(|machine| paused(machine)) {
        assert!(Instant::now() < deadline, "nothing is paused");
        thread::sleep(Duration::from_millis(100));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let _cleaning = cleaning();
    let mut clean = book.command(&["clean"]);
    clean.env("TMPDIR", locks.path());
    let begun = Instant::now();
    let ran = Ran::from(clean.output().unwrap());
    assert!(begun.elapsed() < IN_TIME, "{:?}", begun.elapsed());
    let left = left_by(locks.path());
    assert!(left.is_empty(), "{left:?}\n{}", ran.stderr);
}

/// The page whose machine stays fails, and says so; the other one too, by itself. Nobody waits for long, and `clean`
/// gets what is left when the engine can.
#[track_caller]
fn stays(fate: Fate) {
    let _cleaning = cleaning();
    let folder = tempfile::tempdir().unwrap();
    let engine = between(folder.path(), move |request| {
        let removes = request.starts_with("DELETE ") && request.contains("/containers/");
        if removes { fate } else { Fate::Passed }
    });
    let book = book(PAUSED);
    let mut check = book.command(&["check", "--jobs", "2"]);
    let (ran, left) = in_time(check.env("DOCKER_HOST", &engine));
    let ran = ran
        .exits(1)
        .says("2 passed, 2 failed (2 pages), 2 pages could not be run")
        .says("could not remove the container ")
        .says("`seaworthy clean` tries again");
    assert!(!left.is_empty());
    let report = book.report();
    for page in report["runs"][0]["pages"].as_array().unwrap() {
        let error = page["error"].as_str().unwrap();
        assert!(error.contains("could not remove the container"), "{error}");
        assert_eq!(page["sessions"][0]["status"], "passed");
    }
    let run = ran
        .stderr
        .split(" of run ")
        .nth(1)
        .unwrap()
        .split(':')
        .next()
        .unwrap();
    let (ran, _) = in_time(book.command(&["clean"]).env("DOCKER_HOST", &engine));
    ran.exits(5).says(&format!("of run {run}: "));
    in_time(&mut book.command(&["clean"]));
    let label = format!("label=seaworthy.run={run}");
    assert_eq!(docker(&["ps", "-aq", "--filter", &label]), "");
}

#[test]
fn a_machine_whose_removal_is_refused() {
    stays(Fate::Refused("did not receive an exit event"));
}

#[test]
fn a_machine_whose_removal_is_not_answered() {
    stays(Fate::Unanswered);
}
