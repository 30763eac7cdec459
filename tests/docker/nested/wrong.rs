//! Pages with programs inside sessions that must not hold.

use crate::support::Book;

/// Pages that don't hold: their text, the line that doesn't, how long each command may take, and what is said.
const WRONG: &[(&str, u32, u32, &[&str])] = &[
    (
        "$ docker run -it --rm busybox:1.37 sh\n/ # echo a\nb\n/ # exit",
        5,
        60,
        &[
            "in busybox:1.37's sh: printed `b`, is `a`",
            "the terminal is now in busybox:1.37's sh",
        ],
    ),
    (
        "$ docker run -it --rm busybox:1.37 sh\n/ # false\n/ # exit",
        4,
        60,
        &["in busybox:1.37's sh: exited with 1"],
    ),
    (
        "$ docker run -it --rm busybox:1.37 sh\n/ # true\n$ docker ps",
        4,
        60,
        &["the page goes on outside of busybox:1.37's sh, which still runs"],
    ),
    (
        "$ docker run -it --rm busybox:1.37 sh\n/ # kill -9 $$; exit 3\n/ # true",
        4,
        60,
        &["the page goes on in it"],
    ),
    (
        "$ docker run -it --rm busybox:1.37 sh -i\n/ # kill -9 $PPID\n/ # exec sh -c 'exit 9'\n/ # true",
        5,
        60,
        &[
            "ended its program with 9, and the page goes on in it",
            "the terminal is now in the page's shell",
        ],
    ),
    (
        "$ docker run -it --rm busybox:1.37 nothing\n/ # true",
        3,
        60,
        &["ended with 127 instead of opening busybox:1.37's program"],
    ),
    (
        "$ docker exec -it none sh\n/ # true",
        3,
        60,
        &["ended with 1 instead of opening none's sh"],
    ),
    (
        "$ docker run -it --rm busybox:1.37 sh\nroot@3f2a:/# true",
        3,
        8,
        &["the prompt of busybox:1.37's sh did not come, the last line is `/ #`"],
    ),
    (
        "$ docker run -it --rm busybox:1.37 sh -c 'printf \"/ # \"; sleep 100'\n/ # true",
        3,
        8,
        &["what is typed there isn't answered as by it"],
    ),
    (
        "$ docker run -it --rm busybox:1.37 sh\n/ # cat\n/ # true",
        4,
        8,
        &["in busybox:1.37's sh: did not end within 8 s"],
    ),
    (
        "$ docker run -it --rm busybox:1.37 sh\n/ # sleep 100\nnever\n^C\n/ # true",
        4,
        8,
        &["what is shown before the keys was not printed"],
    ),
    (
        // Before it is up, the key would end the CLI: so it says that it is.
        "$ docker run -it --rm busybox:1.37 sh -c 'echo up; exec sleep 100'\nup\n^C\n$ true",
        5,
        8,
        &["did not end within 8 s"],
    ),
    (
        "$ docker run -it --rm busybox:1.37 sh\n/ # yes\n/ # true",
        4,
        60,
        &["printed more than 10 MB"],
    ),
    (
        "$ docker run -it --rm busybox:1.37 sh\n/ # echo '172.18.0.9 is here' > /tmp/f; ping -c1 -W1 172.18.0.9\n/ # exit",
        4,
        60,
        &["in busybox:1.37's sh: exited with 1"],
    ),
    (
        "$ docker run -it --rm busybox:1.37 sh\n/ # (exit 3)\n3\n/ # exit",
        4,
        60,
        &["exited with 3: the command printed nothing"],
    ),
    (
        "$ docker run -it --rm busybox:1.37 sh\n/ # printf 'a\\n/ # b\\n'\na\n/ # exit",
        4,
        60,
        &["the output has 1 line that is not printed: `/ # b`"],
    ),
    (
        "$ docker run -it --rm python:3.13-alpine\n...\n>>> nothing\n>>> exit()",
        5,
        60,
        &["in python:3.13-alpine's program: exited with 1"],
    ),
    (
        "$ docker run -it --rm python:3.13-alpine\n...\n>>> 1\n2\n>>> exit()",
        6,
        60,
        &["in python:3.13-alpine's program: printed `2`, is `1`"],
    ),
];

#[test]
fn pages_that_do_not_hold() {
    let pages: Vec<_> = WRONG
        .iter()
        .enumerate()
        .map(|(i, (text, _, seconds, _))| {
            let text = format!("# {i}\n```console,timeout={seconds}s\n{text}\n```\n");
            (format!("src/{i}.md"), text)
        })
        .collect();
    let files: Vec<_> = pages
        .iter()
        .map(|(p, t)| (p.as_str(), t.as_str()))
        .collect();
    let book = Book::new(&files);
    let ran = book.run(&["check", "--keep-going"]).exits(1);
    for (i, (text, line, _, said)) in WRONG.iter().enumerate() {
        let start = ran.stdout.find(&format!("\nsrc/{i}.md:"));
        let start = start.unwrap_or_else(|| panic!("{text} holds\n{}", ran.stdout));
        let end = ran.stdout[start..].find("run this page alone").unwrap();
        let told = &ran.stdout[start..start + end];
        assert!(
            told.starts_with(&format!("\nsrc/{i}.md:{line}: ")),
            "{text}\n{told}"
        );
        for said in *said {
            assert!(told.contains(said), "no {said:?} of\n{text}\nin{told}");
        }
    }
}

#[test]
fn what_is_accepted_inside() {
    let book = Book::page(
        "# T\n\n```console\n$ docker run -it --rm busybox:1.37 sh\n/ # echo a\nb\n/ # seq 3\n1\n4\n/ # exit\n$ true\n```\n",
    );
    book.run(&["accept"]).exits(0);
    assert_eq!(
        book.read("src/page.md"),
        "# T\n\n```console\n$ docker run -it --rm busybox:1.37 sh\n/ # echo a\na\n/ # seq 3\n1\n2\n3\n/ # exit\n$ true\n```\n"
    );
    book.run(&["check"]).exits(0);
}
