//! Pages with several machines, and folders of the book in them.

use std::process::Command;

use crate::support::{Book, docker};

const SETTINGS: &str = "<!-- seaworthy machines=\"node-1,node-2\" -->\n# T\n\n";

#[test]
fn each_machine_has_its_own_engine_shell_and_files() {
    let book = Book::page(&format!(
        "{SETTINGS}```console\n$ hostname\nnode-1\n$ WHERE=first; cd /tmp\n$ docker run -d --name web busybox:1.37 sleep 100\n3f2a8b6c1d9e7f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a\n```\n\n\
         ```text,file=note,on=node-2\nhello\n```\n\n\
         ```console,on=node-2\n$ hostname\nnode-2\n$ echo $WHERE $(pwd)\n/home/learner\n$ cat note\nhello\n$ docker ps -q\n$ ping -c 1 node-1\nPING node-1 (10.213.0.2) 56(84) bytes of data.\n...\n1 packets transmitted, 1 received, 0% packet loss, time 0ms\n...\n```\n\n\
         ```console,on=node-1\n$ echo $WHERE $(pwd)\nfirst /tmp\n```\n"
    ));
    book.run(&["check"]).exits(0).says("node-2: 5 commands");
    let sessions = &book.report()["runs"][0]["pages"][0]["sessions"];
    assert_eq!(sessions[0]["on"], "node-1");
    assert_eq!(sessions[1]["on"], "node-2");
}

#[test]
fn a_swarm_and_an_overlay_over_two_machines() {
    let book = Book::page(&format!(
        "{SETTINGS}```console,hidden\n$ docker swarm init --advertise-addr eth0 > /dev/null\n$ docker swarm join-token -q worker > /tmp/token\n$ ( cd /tmp && timeout 60 busybox nc -l -p 7000 < token > /dev/null & )\n```\n\n\
         ```console,on=node-2,hidden,retry=20s\n$ docker swarm join --token \"$(busybox nc -w 2 node-1 7000 < /dev/null)\" node-1:2377\nThis node joined a swarm as a worker.\n```\n\n\
         ```console\n$ docker network create --driver overlay --attachable wide\n$ docker run -d --name one --network wide busybox:1.37 sleep 100\n```\n\n\
         ```console,on=node-2\n$ docker run -d --name two --network wide busybox:1.37 sleep 100\n```\n\n\
         ```console,proves=\"containers find each other over two engines\",retry=20s\n$ docker exec one ping -c 1 two | grep 'packets received'\n1 packets transmitted, 1 packets received, 0% packet loss\n```\n\n\
         ```console,on=node-2,retry=20s\n$ docker exec two ping -c 1 one | grep 'packets received'\n1 packets transmitted, 1 packets received, 0% packet loss\n```\n\n\
         ```network,verify\nservices:\n  one: {{networks: [wide]}}\n  two: {{networks: [wide]}}\nnetworks:\n  wide: {{driver: overlay}}\nx-hosts: {{node-1: [one], node-2: [two]}}\n```\n\n\
         ```network,verify\nservices:\n  one: {{networks: [wide]}}\n  two: {{networks: [wide]}}\nnetworks:\n  wide: {{driver: overlay}}\nx-hosts: {{node-1: [two], node-2: [one]}}\n```\n"
    ));
    // The last diagram swaps the hosts, and that is seen.
    let ran = book.run(&["check"]).exits(1);
    let page = &book.report()["runs"][0]["pages"][0];
    assert_eq!(page["diagrams"][0]["status"], "passed", "{}", ran.stdout);
    assert_eq!(page["diagrams"][1]["status"], "failed", "{}", ran.stdout);
    let sessions = page["sessions"].as_array().unwrap();
    assert!(
        sessions.iter().all(|s| s["status"] == "passed"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_folder_of_the_book_is_built_inside() {
    let book = Book::new(&[
        (
            "src/page.md",
            "<!-- seaworthy copy=\"samples/app\" -->\n# T\n\n```console\n$ ls app\nDockerfile  run.sh\n$ docker build --quiet -t mine app\nsha256:3f2a8b6c1d9e7f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a\n$ docker run --rm mine\nfrom the book\n```\n",
        ),
        (
            "samples/app/Dockerfile",
            "FROM busybox:1.37\nCOPY run.sh /\nCMD [\"sh\", \"/run.sh\"]\n",
        ),
        ("samples/app/run.sh", "echo from the book\n"),
    ]);
    book.run(&["check"]).exits(0);
    assert!(book.report()["runs"][0]["images"][0]["reference"] == "busybox:1.37");
    // A link could lead anywhere: it is refused, with the line of the setting.
    std::os::unix::fs::symlink("/etc/passwd", book.root().join("samples/app/link")).unwrap();
    book.run(&["check"])
        .exits(2)
        .says("can't copy `samples/app`: `link` in it is a link or a device")
        .says("src/page.md:1");
}

#[test]
fn pages_run_side_by_side_and_are_told_one_by_one() {
    let text = |name: &str| {
        format!(
            "# T\n\n```console\n$ echo {name} > /tmp/x; sleep 1\n```\n\n```console\n$ cat /tmp/x\n{name}\n```\n"
        )
    };
    let (a, b, c) = (text("a"), text("b"), text("c"));
    let book = Book::new(&[("src/a.md", &a), ("src/b.md", &b), ("src/c.md", &c)]);
    let ran = book.run(&["check", "--jobs", "3"]).exits(0);
    let blocks: Vec<_> = ran.stdout.split("src/").skip(1).collect();
    assert_eq!(blocks.len(), 3, "{}", ran.stdout);
    for block in blocks {
        assert_eq!(block.matches('✓').count(), 2, "{}", ran.stdout);
    }
    let pages = book.report()["runs"][0]["pages"].clone();
    let files: Vec<_> = pages
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["file"].clone())
        .collect();
    assert_eq!(
        files,
        ["src/a.md", "src/b.md", "src/c.md"],
        "in the book's order"
    );
    book.run(&["check", "--jobs", "0"]).exits(2);
}

#[test]
fn a_failed_pages_machine_stays_if_asked() {
    let book = Book::new(&[
        (
            "src/a.md",
            "# T\n\n```console\n$ touch here\n$ false\n```\n",
        ),
        ("src/b.md", "# T\n\n```console\n$ true\n```\n"),
    ]);
    let ran = book.run(&["check", "--keep-machine"]).exits(1);
    let line = |start: &str| {
        let found = ran
            .stdout
            .lines()
            .find_map(|line| line.trim().strip_prefix(start));
        found.unwrap_or_else(|| panic!("{}", ran.stdout)).to_owned()
    };
    let enter = line("enter docker-host: ").replace(" -it ", " ");
    let look = format!("{enter} -c 'ls here; docker ps -q'");
    assert_eq!(printed(Command::new("sh").args(["-c", &look])), "here\n");
    let remove = line("remove: ");
    let remove = remove.split(" (or").next().unwrap();
    printed(Command::new("sh").args(["-c", remove]));
    let id = remove.split_whitespace().nth(3).unwrap();
    assert!(
        ran.stdout.matches("its machine stays").count() == 1,
        "only the page that failed"
    );
    assert!(!docker(&["ps", "-aq"]).contains(id));
}

/// What a command printed; it has to succeed.
#[track_caller]
fn printed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}
