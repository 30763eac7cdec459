//! What is said of the faults that authors make most often: understood and mended without the guide.

use crate::support::{Book, Ran, check_together};

/// Checks pages whose lines from the third on are one console block each, and asks what is said of them.
#[track_caller]
fn said(blocks: &[(&str, &[&str])]) {
    let texts: Vec<_> = blocks
        .iter()
        .map(|(block, _)| format!("# T\n```console\n{block}```\n"))
        .collect();
    let checked = check_together(texts.iter().map(String::as_str), &[]);
    assert_eq!(checked.code, 1);
    for ((_, expected), said) in blocks.iter().zip(&checked.said) {
        for text in *expected {
            assert!(said.contains(text), "no {text:?} in\n{said}");
        }
    }
}

#[track_caller]
fn all_said(ran: Ran, expected: &[&str]) {
    let mut ran = ran.exits(1);
    for text in expected {
        ran = ran.says(text);
    }
}

const ID: &str = "1f3a2b4c5d6e1f3a2b4c5d6e1f3a2b4c5d6e1f3a2b4c5d6e1f3a2b4c5d6e1f3a";

#[test]
fn a_prompt_that_is_missing() {
    let list = "docker network ls --filter name=isolated_nw --format '{{.Name}}'";
    said(&[
        (
            &format!("$ docker network create isolated_nw\n{ID}\n\n{list}\nisolated_nw\n"),
            &[
                &format!("src/page.md:6: `{list}` looks like a command: is `$ ` missing?"),
                "help: put `$ ` before it; if it is printed after all, `...` can stand for it",
            ],
        ),
        (
            "$ echo a\na\n# ip addr show\n",
            &["src/page.md:5: `# ip addr show` looks like a command: is `$ ` missing?"],
        ),
        (
            "$ true\ncurl -s localhost\n",
            &["src/page.md:4: `curl -s localhost` looks like a command"],
        ),
        (
            "$ docker run -it --rm busybox:1.37\n/ # echo a\na\n\nls /var\n/ # exit\n",
            &["`ls /var` looks like a command: is `/ # ` missing?"],
        ),
    ]);
}

#[test]
fn lines_in_another_place() {
    said(&[
        (
            "$ echo low tide\ntide\n",
            &["src/page.md:4: printed `tide`, is `low tide`"],
        ),
        (
            "$ printf 'a\\nb\\n'\na\n\nb\n",
            &["src/page.md:5: a blank line that is not in the output"],
        ),
        (
            "$ printf 'b\\na\\n'\na\nb\n",
            &["src/page.md:4: `a` is in another place: line 2 of the output"],
        ),
    ]);
}

#[test]
fn printed_lines_that_begin_like_a_prompt() {
    said(&[
        (
            "$ printf '%s\\n' '$ not typed' 'end'\n$ not typed\nend\n",
            &[
                "src/page.md:4: exited with 127: `bash: not: command not found`",
                "help: `$ not typed` is what line 3 printed; printed lines can't begin with `$ `: put `...` in its place",
            ],
        ),
        (
            "$ echo '$ docker rm web'\n$ docker rm web\n",
            &["help: `$ docker rm web` is what line 3 printed"],
        ),
        (
            "$ echo other\n$ nosuchprogram\n",
            &["help: if line 3 is meant to print `$ nosuchprogram`: printed lines can't begin"],
        ),
    ]);
}

#[test]
fn what_was_just_started() {
    let hint = "help: what was started above may not answer yet: `retry=30s` repeats the last command of a block";
    let late = "sleep 20; mkdir /w; echo hello > /w/index.html; httpd -f -h /w";
    said(&[
        (
            &format!(
                "$ docker run -d -p 8080:80 --name web busybox:1.37 sh -c '{late}'\n{ID}\n$ curl -s http://localhost:8080\nhello\n"
            ),
            &["src/page.md:5: exited with 5", hint],
        ),
        (
            "$ ( sleep 20 ) &\n...\n$ docker run --rm busybox:1.37 wget -qO- 127.0.0.1\nhello\n",
            &[
                "src/page.md:5: exited with 1: `wget: can't connect to remote host (127.0.0.1): Connection refused`",
                hint,
            ],
        ),
    ]);
}

#[test]
fn no_way_out() {
    let book = Book::page(
        "<!-- seaworthy internet=false -->\n\n```console\n$ ping -c 1 docker.com\nPING docker.com (23.185.0.4): 56 data bytes\n...\n```\n",
    );
    all_said(
        book.run(&["check"]),
        &[
            "src/page.md:4: exited with 2: `ping: docker.com: ",
            "help: `internet = false` closes the way out to `docker.com`: open it, or show it without running it: \
             `no_run=\"needs the internet\"`",
        ],
    );
    said(&[(
        "$ docker run --rm --dns 127.0.0.9 busybox:1.37 ping -c 1 docker.com\nPING docker.com (23.185.0.4): 56 data bytes\n",
        &[
            "src/page.md:3: exited with 1: `ping: bad address 'docker.com'`",
            "help: this machine may have no way out to `docker.com`; if not, show it without running it: `no_run=",
        ],
    )]);
}

#[test]
fn what_a_step_that_is_not_run_would_make() {
    let page = "# T\n```console,no_run=\"opens a program\"\n$ docker run -dit --name alpine1 busybox:1.37\n```\n\n```sh\ndocker network create front\n```\n\n\
                ```console\n$ docker stop alpine1\nalpine1\n$ docker run --rm --network front busybox:1.37 true\n```\n";
    let book = Book::page(page);
    all_said(
        book.run(&["check", "--keep-going"]),
        &[
            "src/page.md:11: exited with 1: `Error response from daemon: No such container: alpine1`",
            "help: `alpine1`: line 3 would make it, and isn't run",
            "src/page.md:13: exited with 125: `docker: Error response from daemon: ",
            "help: `front`: line 7 would make it, and isn't run",
        ],
    );
}

#[test]
fn an_image_that_cannot_be_had() {
    let book = Book::page("```console\n$ docker run --rm nosuch/image:1.2 true\n```\n");
    let ran = book.run(&["check"]).exits(1);
    let told: Vec<_> = ran
        .stdout
        .lines()
        .skip_while(|line| !line.contains("help: "))
        .take(3)
        .collect();
    let [first, second, third] = told.as_slice() else {
        panic!("{}", ran.stdout);
    };
    assert!(
        first.starts_with(
            "  help: there is no image nosuch/image:1.2: the engine doesn't hold it, and "
        ),
        "{first}"
    );
    assert_eq!(
        *second,
        "  check its name, or give it to the engine: `docker pull`, `docker load` or `docker build`"
    );
    assert_eq!(*third, "  the machine then:");
}

/// Each reporter says the same words.
#[test]
fn every_format_says_it_alike() {
    let block = "$ docker rm nowhere\nnowhere\n$ echo a\na\n\ndocker ps -q\n";
    let book = Book::page(&format!("# T\n```console\n{block}```\n"));
    let words = [
        "exited with 1: `Error response from daemon: No such container: nowhere`",
        "`docker ps -q` looks like a command: is `$ ` missing?",
        "put `$ ` before it; if it is printed after all, `...` can stand for it",
    ];
    for format in ["pretty", "github", "junit", "markdown"] {
        let ran = book.run(&["check", "--keep-going", "--format", format]);
        all_said(ran, &words);
    }
}

#[test]
fn a_shell_that_is_replaced() {
    said(&[(
        "$ exec bash\n$ echo hi\nhi\n",
        &[
            "src/page.md:3: `exec` puts `bash` in the place of this shell",
            "help: type `bash` without `exec`, and show the prompt that it prints",
            "not reached: line 4, `echo hi`",
        ],
    )]);
}
