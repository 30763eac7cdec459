//! `check` on a real Docker Engine: what holds, what doesn't, and what is said about it.

use crate::support::{self, Book, check_together};
use serde_json::Value;

/// A page on which every kind of step holds.
const HOLDS: &str = "# T

```console
$ cd /tmp
$ GREETING=\"good day\"
```

- ```text,file=notes/greeting.txt
  hello
    world
  ```

```console,proves=\"the folder and the variables last\"
$ pwd
/tmp
$ echo $GREETING
good day
$ cat notes/greeting.txt
hello
  world
$ cat <<EOF
> $GREETING
> EOF
good day
$ # a comment
```

<details>

```console,should_fail
$ ls /nonexistent
ls: cannot access '/nonexistent': No such file or directory
```

</details>

```console,exit=7
$ ( exit 7 )
```

```console
$ false || ls /nonexistent
ls: cannot access '/nonexistent': No such file or directory
```

```console,hidden
$ ( sleep 1; touch /tmp/ready ) &
...
```

```console,retry=20s
$ ls /tmp/ready
/tmp/ready
```

```console,match=exact
$ printf 'a  b\\n'
a  b
```

```console,no_run=\"needs another computer\"
$ ssh elsewhere
```

> ```console
> $ docker run --rm busybox:1.37 echo it runs
> it runs
> $ docker images --format '{{.Repository}}:{{.Tag}}'
> busybox:1.37
> ```
";

fn statuses(report: &Value) -> Vec<String> {
    let sessions = report["runs"][0]["pages"][0]["sessions"]
        .as_array()
        .unwrap();
    let status = |s: &Value| format!("{} {}", s["line"], s["status"].as_str().unwrap());
    sessions.iter().map(status).collect()
}

#[test]
fn a_page_that_holds() {
    let book = Book::page(HOLDS);
    let ran = book.run(&["check", "--report", "copy.json"]).exits(0);
    let ran = ran.says("✓   13  the folder and the variables last");
    assert!(
        ran.stderr.contains("checking src/page.md"),
        "{}",
        ran.stderr
    );
    let report = book.report();
    assert_eq!(
        statuses(&report),
        [
            "3 passed",
            "13 passed",
            "30 passed",
            "37 passed",
            "41 passed",
            "46 passed",
            "51 passed",
            "56 passed",
            "61 not-run",
            "65 passed",
        ]
    );
    let summary = &report["summary"];
    assert_eq!(summary["passed"], 9);
    assert_eq!(summary["not_run"], 1);
    assert_eq!(summary["claims"], 1);
    assert_eq!(summary["commands"], 14);
    let run = &report["runs"][0];
    assert!(
        run["engine"]["version"]
            .as_str()
            .unwrap()
            .starts_with("28."),
        "{run}"
    );
    let image = &run["images"][0];
    assert_eq!(image["reference"], "busybox:1.37");
    assert!(
        image["digest"].as_str().unwrap().starts_with("sha256:"),
        "{image}"
    );
    let session = &run["pages"][0]["sessions"][4];
    assert_eq!(
        session["notes"][0],
        "line 42: exits with 2, as its printed text shows"
    );
    assert_eq!(
        book.read("copy.json"),
        book.read("target/seaworthy/report.json")
    );

    // The marks: green now, and no longer after an edit, from there on.
    book.run(&["build"]).exits(0);
    let html = book.read("site/page.html");
    assert!(html.contains("9 sessions verified. Checked on 2"), "{html}");
    assert_eq!(html.matches("sw-mark sw-verified").count(), 8);
    book.write("src/page.md", &HOLDS.replace("$ pwd\n/tmp", "$ pwd\n/srv"));
    book.run(&["build"]).exits(0);
    let html = book.read("site/page.html");
    assert!(html.contains("Unverified: 1 of 9 verified"), "{html}");
    assert_eq!(html.matches("sw-mark sw-verified").count(), 1);
}

#[test]
fn a_page_checked_alone_keeps_what_is_known_of_the_others() {
    let book = Book::new(&[
        ("src/a.md", "# A\n\n```console\n$ true\n```\n"),
        ("src/b.md", "# B\n\n```console\n$ true\n```\n"),
    ]);
    book.run(&["check"]).exits(0);
    book.run(&["check", "src/b.md", "b"])
        .exits(0)
        .says("1 passed, 0 failed ·");
    let report = book.report();
    let pages = report["runs"][0]["pages"].as_array().unwrap();
    let files: Vec<_> = pages
        .iter()
        .map(|page| page["file"].as_str().unwrap())
        .collect();
    assert_eq!(files, ["src/a.md", "src/b.md"]);
    book.run(&["build"]).exits(0);
    assert!(book.read("site/a.html").contains("1 session verified"));
}

#[test]
fn a_report_that_cannot_be_written() {
    let book = Book::page("```console\n$ true\n```\n");
    book.run(&["check", "--report", "/proc/none/report.json"])
        .exits(5)
        .says("1 passed, 0 failed")
        .says("can't write `/proc/none/report.json`");
}

#[test]
fn a_page_with_only_a_diagram() {
    let diagram = "# D\n\n```network,verify\nservices:\n  web: {networks: [front]}\nnetworks: {front: }\n```\n";
    let book = Book::new(&[
        ("src/a.md", diagram),
        ("src/b.md", "# B\n\n```console\n$ true\n```\n"),
    ]);
    book.run(&["check"]).exits(1).says("0 of 1 diagram true");
    Book::page(diagram).run(&["check"]).exits(1);
}

#[test]
fn lines_in_any_order() {
    let page = |shown: &str| format!("```console,unordered\n$ printf 'b\\na\\n'\n{shown}```\n");
    Book::page(&page("a\nb\n")).run(&["check"]).exits(0);
    Book::page(&page("a\nc\n"))
        .run(&["check"])
        .exits(1)
        .says("src/page.md:4: printed `c`, is `b`");
}

#[test]
fn the_report_as_json() {
    let book = Book::page("```console\n$ true\n```\n");
    let ran = book.run(&["check", "--format", "json"]).exits(0);
    let printed: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(printed, book.report());
}

#[test]
fn a_page_that_does_not_hold() {
    let book = Book::new(&[
        (
            "src/page.md",
            "```console,proves=\"no\"\n$ echo one\none\n$ printf 'a\\nb\\n'\na\nc\n```\n\n```console\n$ true\n```\n",
        ),
        (
            "src/other.md",
            "```console\n$ false\n```\n\n```console\n$ echo 2\n2\n```\n",
        ),
    ]);
    let ran = book
        .run(&["check"])
        .exits(1)
        .says("src/page.md:6: printed `c`, is `b` [wrong-output]\n")
        .says("help: if the machine is right, `seaworthy accept`")
        .says("       $ printf 'a\\nb\\n'")
        .says("6 - c")
        .says("      + b")
        .says("run this page alone: seaworthy check src/page.md")
        .says("–    9  not reached: line 6 does not hold")
        .says("src/other.md:2: exited with 1")
        .says("0 passed, 2 failed, 2 not reached");
    assert!(ran.stdout.contains("$ docker network ls"), "{}", ran.stdout);
    let failure = &book.report()["runs"][0]["pages"][0]["sessions"][0]["failure"];
    assert_eq!(
        (&failure["line"], &failure["exit"]),
        (&Value::from(6), &Value::from(0))
    );
    assert_eq!(failure["actual"], "a\nb\n");

    // One page alone, and on: a failed session doesn't keep the next from running.
    book.run(&["check", "--keep-going", "src/other.md"])
        .exits(1)
        .says("1 passed, 1 failed ·");
}

#[test]
fn each_way_to_go_wrong_is_told_with_its_line() {
    let ways = [
        (
            "```console,timeout=1s\n$ sleep 600\n```\n",
            2,
            "did not end within 1 s: `sleep 600`",
        ),
        (
            "```console,timeout=1s,should_fail,exit=1\n$ cat\n```\n",
            2,
            "did not end within 1 s: `cat`",
        ),
        (
            "```console\n$ exit 3\n```\n",
            2,
            "ended the page's shell, with exit code 3",
        ),
        (
            "```console\n$ kill -9 $$\n```\n",
            2,
            "ended the page's shell, with exit code 137",
        ),
        (
            "```console,should_fail\n$ echo fine\nfine\n```\n",
            2,
            "succeeded, and `should_fail` says that it fails",
        ),
        (
            "```console,should_fail\n$ nonesuch\nbash: nonesuch: command not found\n```\n",
            2,
            "could not be run at all (127)",
        ),
        (
            "```console,exit=7\n$ false\n```\n",
            2,
            "exited with 1, not with 7",
        ),
        (
            "```console,retry=1s\n$ echo a\nb\n```\n",
            3,
            "printed `b`, is `a`",
        ),
        (
            "```console,match=exact\n$ echo 'a  b'\na b\n```\n",
            3,
            "printed `a b`, is `a  b`",
        ),
        (
            "```console\n$ echo a\nb\n\n...\n```\n",
            3,
            "`b` is not in the output",
        ),
        (
            "```console\n$ yes | head -c 20000000\n...\n```\n",
            2,
            "printed more than 10 MB",
        ),
        (
            "```console\n$ docker run --rm nosuch/image:1\n```\n",
            2,
            "exited with 125",
        ),
        (
            "text\n\n```text,file=a/b\n1\n```\n\n```text,file=a\n2\n```\n\n```console\n$ true\n```\n",
            7,
            "could not write the file a",
        ),
    ];
    let checked = check_together(ways.map(|(session, ..)| session), &[]);
    assert_eq!(checked.code, 1);
    for ((_, line, message), said) in ways.into_iter().zip(checked.said) {
        let told = format!("src/page.md:{line}: {message}");
        assert!(said.contains(&told), "{told} not in\n{said}");
        if message.contains("125") {
            assert!(said.contains("there is no image nosuch/image:1"), "{said}");
        }
    }
}

/// Images that are named only when the page runs are pulled then, reported, and explained where there are none.
#[test]
fn images_that_no_one_could_foresee() {
    let book = Book::page(concat!(
        "```console\n$ IMAGE=busybox:1.37\n$ docker images -aq\n$ docker run --rm $IMAGE echo pulled\npulled\n```\n\n",
        "```console\n$ docker rmi $IMAGE\n...\n$ docker pull $IMAGE\n1.37: Pulling from library/busybox\n",
        "1b930d010525: Pull complete\nStatus: Downloaded newer image for busybox:1.37\n```\n\n",
        "```console\n$ NONE=nosuch/image:1\n$ docker run --rm $NONE\n```\n",
    ));
    let ran = book.run(&["check"]).exits(1);
    let ran = ran.says("src/page.md:19: exited with 125");
    assert!(
        ran.stdout.contains("there is no image nosuch/image:1"),
        "{}",
        ran.stdout
    );
    let report = book.report();
    assert_eq!(statuses(&report), ["1 passed", "8 passed", "17 failed"]);
    let images = report["runs"][0]["images"].as_array().unwrap();
    let [image] = &images[..] else {
        panic!("{images:?}")
    };
    assert_eq!(image["reference"], "busybox:1.37");
    assert!(
        image["digest"].as_str().unwrap().starts_with("sha256:"),
        "{image}"
    );
}

#[test]
fn a_page_has_no_way_back_to_this_computer() {
    let book = Book::page(
        "```console\n$ ls /.dockerenv >/dev/null && env | grep -c SECRET\n0\n$ docker ps -aq | wc -l\n0\n$ ls /home\nlearner\n```\n",
    );
    // `grep -c` prints 0 and exits with 1, which the printed 0 shows.
    let output = book
        .command(&["check"])
        .env("SECRET", "1")
        .output()
        .unwrap();
    support::Ran::from(output).exits(0);
}

/// What the Networking book promises: an edit that makes it wrong is found, with file and line.
#[test]
fn the_networking_book_notices_what_is_wrong() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let chapter =
        std::fs::read_to_string(root.join("book/src/networking/bridged-networks.md")).unwrap();
    let mut pages = Vec::new();
    for (from, to, line_of) in [
        // A changed word in what is printed.
        (
            "ping: bad address 'web'",
            "ping: unknown host 'web'",
            "ping: unknown host 'web'",
        ),
        // A removed command.
        (
            "$ docker network create front\n",
            "",
            "$ docker run -d --name web --network front",
        ),
        // A wrong network name.
        (
            "--network front busybox:1.37 ping -c 2 web",
            "--network fornt busybox:1.37 ping -c 2 web",
            "--network fornt",
        ),
    ] {
        let mut wrong = chapter.replacen(from, to, 1);
        if to.is_empty() {
            // The id that the command printed goes with it.
            let start = wrong.find("```console\n5f0a6a1c").unwrap() + "```console\n".len();
            let end = start + wrong[start..].find('\n').unwrap() + 1;
            wrong.replace_range(start..end, "");
        }
        assert_ne!(wrong, chapter);
        let line = 1 + wrong[..wrong.find(line_of).unwrap()].matches('\n').count();
        pages.push((wrong, line));
    }
    let checked = check_together(pages.iter().map(|(text, _)| text.as_str()), &[]);
    for ((_, line), said) in pages.iter().zip(checked.said) {
        assert!(said.contains(&format!("src/page.md:{line}: ")), "{said}");
    }
}

#[test]
fn freed_values_are_counted_and_others_are_literal() {
    let page = |info: &str| {
        Book::page(&format!(
            "```console{info}\n$ echo within $((40 + 2))ms, at most 5s\nwithin 37ms, at most 5s\n```\n"
        ))
    };
    page("")
        .run(&["check"])
        .exits(1)
        .says("printed `37ms`, is `42ms`");
    let book = page(",varies=\"37ms\"");
    book.run(&["check"])
        .exits(0)
        .says("1 printed value freed")
        .says("may be another value: src/page.md:1: `37ms`");
    let report = book.report();
    assert_eq!(report["summary"]["varies"], 1);
    assert_eq!(
        report["runs"][0]["pages"][0]["sessions"][0]["varies"][0],
        "37ms"
    );
}
