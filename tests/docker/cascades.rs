//! One failure makes no second one: what could not be tried because of it is not reached, counted apart, and told with

//! the line that stopped it.

use crate::support::{Book, check_together};
use serde_json::Value;

/// What came of the only page of a book.
fn told(book: &Book) -> Vec<String> {
    told_of(&book.report()["runs"][0]["pages"][0])
}

/// What came of a page: a line for each session, its status and the lines of what failed and wasn't reached in it.
fn told_of(page: &Value) -> Vec<String> {
    assert_eq!(page["error"], Value::Null, "{page:#}");
    let sessions = page["sessions"].as_array().unwrap().iter();
    let told = sessions.map(|session| {
        let list = |name: &str| session[name].as_array().cloned().unwrap_or_default();
        let failure = (!session["failure"].is_null()).then(|| session["failure"].clone());
        let failures: Vec<_> = failure.into_iter().chain(list("further")).collect();
        let lines = |what: &str, all: &[Value]| match all {
            [] => String::new(),
            all => {
                let lines: Vec<_> = all.iter().map(|one| one["line"].to_string()).collect();
                format!(", {what} {}", lines.join(" "))
            }
        };
        format!(
            "{} {}{}{}",
            session["line"],
            session["status"].as_str().unwrap(),
            lines("failed", &failures),
            lines("not reached", &list("not_reached")),
        )
    });
    told.collect()
}

/// Checks pages of such blocks with `--keep-going`; what came of the sessions of each must be as told beside it.
#[track_caller]
fn goes_on(pages: &[(&[&str], &[&str])]) {
    let texts: Vec<_> = pages.iter().map(|(blocks, _)| page(blocks)).collect();
    let checked = check_together(texts.iter().map(String::as_str), &["--keep-going"]);
    assert_eq!(checked.code, 1, "{:?}", checked.said);
    let report = checked.book.report();
    let found = report["runs"][0]["pages"].as_array().unwrap().iter();
    for ((page, (_, expected)), (text, said)) in
        found.zip(pages).zip(texts.iter().zip(&checked.said))
    {
        assert_eq!(told_of(page), *expected, "{text}\n{said}");
    }
}

/// A page of blocks, each a session of one block of commands.
fn page(blocks: &[&str]) -> String {
    let blocks = blocks
        .iter()
        .map(|block| format!("```console\n{block}\n```\n\n"));
    format!(
        "<!-- seaworthy timeout=8s -->\n\n{}",
        blocks.collect::<String>()
    )
}

const FOUR: &str = "```console\n$ echo one\none\n$ false\n$ echo three\nthree\n$ echo four\nfive\n```\n\n```console\n$ echo five\nfive\n$ echo six\nsix\n```\n";

#[test]
fn the_rest_of_a_block_is_told() {
    let book = Book::page(FOUR);
    let ran = book.run(&["check"]).exits(1);
    ran.says("src/page.md:4: exited with 1")
        .says("not reached: line 5, `echo three`: line 4 does not hold")
        .says("not reached: line 7, `echo four`: line 4 does not hold")
        .says("–   11  not reached: line 4 does not hold")
        .says("0 passed, 1 failed, 1 not reached · 2 commands (4 more not reached), ");
    assert_eq!(
        told(&book),
        [
            "1 failed, failed 4, not reached 5 7",
            "11 skipped, not reached 12 14"
        ]
    );
    let summary = &book.report()["summary"];
    assert_eq!(summary["commands_skipped"], 4);
    assert_eq!(summary["skipped"], 1);
}

#[test]
fn the_rest_of_a_block_is_tried() {
    let book = Book::page(FOUR);
    let ran = book.run(&["check", "--keep-going"]).exits(1);
    ran.says("src/page.md:4: exited with 1")
        .says("src/page.md:8: printed `five`, is `four`")
        .says("1 passed, 1 failed · 6 commands, ");
    assert_eq!(told(&book), ["1 failed, failed 4 8", "11 passed"]);
    let all = book
        .run(&["check", "--keep-going", "--format", "github"])
        .exits(1);
    assert_eq!(
        all.stdout.matches("::error file=src/page.md").count(),
        2,
        "{}",
        all.stdout
    );
    let all = book.run(&["check", "--format", "junit"]).exits(1);
    all.says("not reached: line 5, `echo three`: line 4 does not hold");
}

/// Programs that are open when something fails, and programs that don't open.
#[test]
fn programs_inside() {
    let sh = "$ docker run -it --rm busybox:1.37 sh";
    goes_on(&[
        // It prints something else, and is left as the page leaves it.
        (
            &[
                &*format!("{sh}\n/ # echo a\nb\n/ # echo c\nc"),
                "/ # exit",
                "$ echo d\nd",
            ],
            &["3 failed, failed 6", "11 passed", "15 passed"],
        ),
        // It doesn't open at all, nor does what stands in it.
        (
            &[
                "$ docker run -it --rm busybox:1.37 nothing\n/ # true",
                "/ # sh\n/ # exit",
                "/ # exit",
                "$ echo d\nd",
            ],
            &[
                "3 failed, failed 4, not reached 5",
                "8 skipped, not reached 9 10",
                "13 skipped, not reached 14",
                "17 passed",
            ],
        ),
        // The page believes that it has ended, and it hasn't.
        (
            &[
                &*format!("{sh}\n/ # true"),
                "$ echo d\nd",
                &*format!("{sh}\n/ # exit"),
            ],
            &["3 failed, failed 5", "8 passed", "13 passed"],
        ),
        // It ends, and the page goes on in it.
        (
            &[
                &*format!("{sh}\n/ # exec sh -c 'exit 9'\n/ # true"),
                "/ # true",
                "/ # exit",
                "$ echo d\nd",
            ],
            &[
                "3 failed, failed 5, not reached 6",
                "9 skipped, not reached 10",
                "13 skipped, not reached 14",
                "17 passed",
            ],
        ),
        // Two of them, one in the other; the inner one doesn't open, the outer one stays.
        (
            &[
                &*format!("{sh}\n/ # python3\n>>> 1\n1\n>>> exit()\n/ # echo a\na\n/ # exit"),
                "$ echo d\nd",
            ],
            &["3 failed, failed 5, not reached 6 8", "14 passed"],
        ),
        // Both stay, and the page goes on in its shell.
        (
            &[&*format!("{sh}\n/ # sh\n/ # true"), "$ echo d\nd"],
            &["3 failed, failed 6", "9 passed"],
        ),
        // Python, which takes its time.
        (
            &[
                "$ docker run -it --rm python:3.13-alpine\n...\n>>> import time; time.sleep(100)\n>>> 1 + 1\n2",
                "$ echo d\nd",
            ],
            &["3 failed, failed 6 7", "11 passed"],
        ),
    ]);
}

/// What waits for input, or for keys, and what the keys were for.
#[test]
fn what_waits() {
    goes_on(&[
        (
            &["$ cat\n$ echo d\nd", "$ echo e\ne"],
            &["3 failed, failed 4", "9 passed"],
        ),
        (
            &["$ docker run -i --rm busybox:1.37 cat\n$ echo d\nd"],
            &["3 failed, failed 4"],
        ),
        // It ends by itself: there is nothing for the keys to interrupt.
        (
            &[
                "$ ping -c 1 nowhere.invalid\n^C\n--- nowhere.invalid ping statistics ---\n...\n$ echo d\nd",
            ],
            &["3 failed, failed 4, not reached 5"],
        ),
        (
            &["$ docker exec -it nothing sh\n^C", "^C\n$ echo d\nd"],
            &[
                "3 failed, failed 4, not reached 5",
                "8 skipped, not reached 9",
            ],
        ),
    ]);
}

/// The page's shell ends, or is lost: there is a new one, in the same folder if it can be.
#[test]
fn another_shell() {
    goes_on(&[
        (
            &["$ exit 3", "$ pwd\n/home/learner"],
            &["3 failed, failed 4", "7 passed"],
        ),
        (
            &["$ kill -9 $$\n$ echo d\nd", "$ true"],
            &["3 failed, failed 4", "9 passed"],
        ),
        (
            &["$ cd /tmp; trap '' INT; while :; do :; done", "$ pwd\n/tmp"],
            &["3 failed, failed 4", "7 passed"],
        ),
        (
            &["$ cd /tmp; PROMPT_COMMAND= PS0= PS1='! '", "$ pwd\n/tmp"],
            &["3 failed, failed 4", "7 passed"],
        ),
    ]);
}

/// With its machine gone, nothing further is reached, files and diagrams included, and nobody waits for it.
#[test]
fn a_machine_that_is_gone() {
    let network = "```network,verify\nservices:\n  web:\n    image: busybox:1.37\n```\n\n";
    let file = "```text,file=a\n1\n```\n\n";
    let text = page(&["$ kill -TERM 1; sleep 4", "$ echo d\nd", "$ echo e\ne"]);
    let book = Book::page(&format!(
        "{text}{file}{network}```console\n$ cat a\n1\n```\n"
    ));
    let ran = book.run(&["check", "--keep-going"]).exits(1);
    assert_eq!(
        told(&book),
        [
            "3 failed, failed 4",
            "7 skipped, not reached 8",
            "12 skipped, not reached 13",
            "27 skipped, not reached 28",
        ]
    );
    ran.says("0 passed, 1 failed, 3 not reached");
    let page = &book.report()["runs"][0]["pages"][0];
    assert_eq!(page["diagrams"][0]["status"], "skipped");
}

/// Of several machines, the others go on.
#[test]
fn one_machine_of_two_that_is_gone() {
    let book = Book::page(
        "<!-- seaworthy machines=\"node-1,node-2\" -->

```console,on=node-2
$ kill -TERM 1; sleep 4
```

```console,on=node-1
$ hostname
node-1
```

```console,on=node-2
$ hostname
node-2
```
",
    );
    book.run(&["check", "--keep-going"]).exits(1);
    assert_eq!(
        told(&book),
        [
            "3 failed, failed 4",
            "7 passed",
            "12 skipped, not reached 13"
        ]
    );
}

/// A solution that isn't reached: its check can't be tried either.
#[test]
fn an_exercise_that_is_not_reached() {
    let book = Book::page(
        "```console,check=done
$ cat done
yes
```

```console
$ docker run -it --rm busybox:1.37 nothing
```

<details>

```console,solution=done
/ # echo yes > done
```

</details>

```console
/ # exit
$ echo d
d
```
",
    );
    book.run(&["check", "--keep-going"]).exits(1);
    assert_eq!(
        told(&book),
        [
            "1 skipped, not reached 2",
            "6 failed, failed 7",
            "12 skipped, not reached 13",
            "18 skipped, not reached 19",
        ]
    );
}

/// `accept` judges each command: what it can write it writes, and it says what it leaves and why.
#[test]
fn accept_goes_on() {
    let text = "```console
$ docker rm nowhere
nowhere
$ echo tide
tied
$ docker run -it --rm busybox:1.37 nothing
/ # echo inside
outside
```

```console
$ echo ebb
flow
```
";
    let book = Book::page(text);
    book.run(&["accept"])
        .exits(1)
        .says("not changed: src/page.md:2: exited with 1")
        .says("not changed: src/page.md:6: ended with 127 instead of opening")
        .says("not reached: line 7, `echo inside`: line 6 does not hold")
        .says("1 file changed");
    let expected = text.replace("tied", "tide").replace("flow", "ebb");
    assert_eq!(book.read("src/page.md"), expected);
}
