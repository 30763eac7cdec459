//! `accept` on a real engine: what the machine printed becomes what the page shows, and nothing else changes.

use crate::support::{BOOK_TOML, Book};

/// A book of these pages, and their names.
fn book_of<'a>(pages: impl Iterator<Item = &'a str>) -> (Book, Vec<String>) {
    let pages: Vec<_> = pages.collect();
    let names: Vec<_> = (0..pages.len())
        .map(|nth| format!("src/{nth}.md"))
        .collect();
    let files: Vec<_> = names.iter().map(String::as_str).zip(pages).collect();
    (Book::new(&files), names)
}

#[test]
fn only_what_does_not_hold_is_rewritten() {
    let page = "# T

Prose with `code`.

```console
$ docker network create front
5f0a6a1c3c8e2f5ffbd0ddc6c7a0bb2fa6e6c65e4a6d8f1c8a9bb8a1a2c3d4e5
$ echo holds
holds
```

1. In a list:

   ```console
   $ docker network ls --filter name=front
   NETWORK ID     NAME      DRIVER    SCOPE
   5f0a6a1c3c8e   frnt      bridge    local
   $ printf 'a\\n\\n  b\\n'
   x
   ```

   and on.

> ```console
> $ printf 'one\\n\\ntwo\\n'
> one
> ```

{{#include part.md}}
";
    let part = "```console\n$ echo included\nexcluded\n```\n";
    let book = Book::new(&[("src/part.md", part), ("src/page.md", page)]);
    book.write("src/SUMMARY.md", "# Summary\n\n- [Page](page.md)\n");
    book.run(&["check"]).exits(1);
    book.run(&["accept"])
        .exits(0)
        .says("-   5f0a6a1c3c8e   frnt      bridge    local")
        .says("+   5f0a6a1c3c8e   front     bridge    local")
        .says("2 files changed");
    let expected = page
        .replace("frnt ", "front")
        .replace("   x\n", "   a\n\n     b\n")
        .replace("> one\n> ```", "> one\n>\n> two\n> ```");
    assert_eq!(book.read("src/page.md"), expected);
    assert_eq!(
        book.read("src/part.md"),
        part.replace("excluded", "included")
    );
    book.run(&["check"]).exits(0);
    book.run(&["accept"]).exits(0).says("no file changed");
    assert_eq!(book.read("src/page.md"), expected);
}

#[test]
fn a_failure_is_not_accepted() {
    let page = "```console\n$ echo a\nb\n$ ls /nonexistent\nfine\n```\n";
    let book = Book::page(page);
    book.run(&["accept"]).exits(1).says("exited with 2");
    assert_eq!(book.read("src/page.md"), page.replace("\nb\n", "\na\n"));
}

/// A forgotten prompt makes a command look printed: it is never deleted, however the page is accepted.
#[test]
fn what_looks_like_a_command_is_not_deleted() {
    let pages = [
        (
            "docker network ls --filter name=front --format '{{.Name}}'",
            "$ ",
            "",
        ),
        ("curl -s localhost", "$ ", ""),
        ("# ip addr show", "$ ", ""),
        ("ubuntu@node-1:~$ docker ps", "$ ", ""),
        (
            "cat /etc/hostname",
            "/ # ",
            "$ docker run -it --rm busybox:1.37\n",
        ),
    ]
    .map(|(command, prompt, before)| {
        let ends = if before.is_empty() { "" } else { "/ # exit\n" };
        let page = format!(
            "```console\n{before}{prompt}echo a\na\n\n{command}\nfront\n{prompt}echo tide\ntied\n{ends}```\n"
        );
        let line = 5 + before.lines().count();
        let said = format!(
            ":{line}: `{command}` looks like a command: is `{prompt}` missing? (what looks like a command isn't deleted)"
        );
        (page, said)
    });
    for arguments in [&["accept"] as &[&str], &["accept", "--all"]] {
        let (book, names) = book_of(pages.iter().map(|(page, _)| page.as_str()));
        let mut ran = book.run(arguments).exits(1);
        for (name, (page, said)) in names.iter().zip(&pages) {
            ran = ran.says(&format!("not changed: {name}{said}"));
            assert_eq!(book.read(name), page.replace("tied", "tide"));
        }
    }
}

/// What the machine prints may look like a command too, and prose may begin with the name of one.
#[test]
fn what_is_printed_is_rewritten_though_it_resembles_a_command() {
    let cases = [
        ("docker run -p 8080:80 web", "docker run -p 8081:80 web"),
        ("curl is not what this is about.", "nothing"),
        ("docker run [OPTIONS] IMAGE", "Usage: docker"),
    ];
    let page = |new: &str, line: &str| {
        format!("```console\n$ printf '%s\\n' '{new}' end\n{line}\nend\n```\n")
    };
    let pages = cases.map(|(printed, new)| page(new, printed));
    let (book, names) = book_of(pages.iter().map(String::as_str));
    book.run(&["accept"]).exits(0);
    for (name, (_, new)) in names.iter().zip(cases) {
        assert_eq!(book.read(name), page(new, new));
    }
}

/// Its output would be taken for that of a command that nobody meant to type.
#[test]
fn a_printed_line_that_is_typed_is_not_accepted() {
    let page = "```console\n$ printf '%s\\n' '$ echo a' 'end'\n$ echo a\nend\n```\n";
    let book = Book::page(page);
    book.run(&["accept"]).exits(1).says(
        "not changed: src/page.md:3: printed `end`, is `a`; `$ echo a` is what line 2 printed; \
         printed lines can't begin with `$ `: put `...` in its place",
    );
    assert_eq!(book.read("src/page.md"), page);
}

#[test]
fn accept_goes_on_past_a_failure_and_says_why() {
    let page = "```console\n$ docker rm nowhere\nnowhere\n$ echo tide\ntied\n```\n";
    let book = Book::page(page);
    book.run(&["accept"]).exits(1).says(
        "not changed: src/page.md:2: exited with 1: `Error response from daemon: No such container: nowhere`; \
         what is printed is accepted only of a command that ends as the page says",
    );
    assert_eq!(book.read("src/page.md"), page.replace("tied", "tide"));
}

#[test]
fn what_would_be_read_otherwise_is_refused() {
    let printing = |output: &str| format!("```console\n$ printf '%s\\n' '{output}'\ny\n```\n");
    let cases = [
        (
            printing("$ x"),
            "src/0.md: what is printed there would be read as a prompt",
        ),
        (
            printing("```"),
            "src/1.md: what is printed there would be read as a prompt",
        ),
        (
            "```console\n$ true\nsomething\n```\n".to_owned(),
            "src/2.md:3: the command prints nothing now",
        ),
    ];
    let (book, names) = book_of(cases.iter().map(|(page, _)| page.as_str()));
    let mut ran = book.run(&["accept"]).exits(1);
    for (name, (page, said)) in names.iter().zip(&cases) {
        ran = ran.says(said);
        assert_eq!(book.read(name), *page);
    }
}

#[test]
fn an_include_that_prints_different_things_is_refused() {
    let page =
        |name: &str| format!("```console\n$ NAME={name}\n```\n\n{{{{#include part.txt}}}}\n");
    let part = "```console\n$ echo $NAME\none\n```\n";
    let book = Book::new(&[
        ("src/a.md", &page("one")),
        ("src/b.md", &page("two")),
        ("src/part.txt", part),
    ]);
    book.run(&["accept"])
        .exits(1)
        .says("src/part.txt:3: the same text serves pages on which it prints different things");
    assert_eq!(book.read("src/part.txt"), part);
}

#[test]
fn a_page_is_printed_anew() {
    let page = "```console
$ docker network create --label a front
aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
$ docker run -d --name web --network front busybox:1.37 sleep 1d
bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
$ docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' web
172.25.0.9
$ docker run --rm --network front busybox:1.37 ping -c 1 172.25.0.9
PING 172.25.0.9 (172.25.0.9): 56 data bytes
...
1 packets transmitted, 1 packets received, 0% packet loss
...
```

It is at `172.25.0.9`, on `front`.
";
    let book = Book::page(page);
    book.run(&["check"]).exits(0);
    book.run(&["accept", "--all"])
        .exits(0)
        .says("1 file changed");
    let after = book.read("src/page.md");
    assert!(
        !after.contains("172.25.0.9") && !after.contains("aaaa"),
        "{after}"
    );
    for part in [
        "ping -c 1 172.18.0.2\nPING 172.18.0.2 (172.18.0.2): 56 data bytes\n...\n1 packets",
        "\n172.18.0.2\n",
        "It is at `172.18.0.2`, on `front`.",
    ] {
        assert!(after.contains(part), "{part} not in\n{after}");
    }
    book.run(&["check"]).exits(0);
}

#[test]
fn what_lies_in_a_further_folder_is_never_changed() {
    let outside = tempfile::tempdir().unwrap();
    let listing = outside.path().join("listing");
    std::fs::write(&listing, "$ echo ahoy\nnahoy\n").unwrap();
    let book = Book::page(&format!(
        "```console\n{{{{#include {}}}}}\n```\n",
        listing.display()
    ));
    let toml = format!(
        "{}read-also = [\"{}\"]\n",
        BOOK_TOML,
        outside.path().display()
    );
    book.write("book.toml", &toml);
    book.run(&["accept"])
        .exits(1)
        .says("not changed: ")
        .says("it leads out of the book")
        .says("and nothing is written there");
    assert_eq!(
        std::fs::read_to_string(&listing).unwrap(),
        "$ echo ahoy\nnahoy\n"
    );
}
