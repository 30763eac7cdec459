//! Bad input: every fault in one go, with file, line, caret and remedy; exit 2; nothing built or run.

use crate::support::{self, Book};
use snapbox::{IntoData, assert_data_eq, str};

#[test]
fn all_faults_of_a_book_in_one_go() {
    let book = Book::new(&[
        (
            "src/SUMMARY.md",
            "# Summary\n\n- [A](a.md)\n- [B](b.md)\n- [C](missing.md)\n",
        ),
        (
            "src/a.md",
            "# A\n\n```console,exti=1\n$ true\n```\n\n> - ```console\n>   out\n>   ```\n\n{{#include parts/p.md}}\n",
        ),
        (
            "src/b.md",
            "<details>\n```console\n$ true\n```\n</details>\n",
        ),
        ("src/parts/p.md", "text\n\n```console\n$ cat <<EOF\n```\n"),
        (
            "book.toml",
            "[book]\ntitle = \"F\"\n[build]\nbuild-dir = \"site\"\n[preprocessor.seaworthy]\ntimout = \"5s\"\n",
        ),
    ]);
    for command in ["build", "check", "list"] {
        let ran = book.run(&[command]).exits(2);
        assert_eq!(ran.stdout, "");
        assert_data_eq!(ran.stderr, str![[r#"
error[unknown-setting]: `timout` is unknown
 --> book.toml:6:1
  |
6 | timout = "5s"
  | ^^^^^^ not a setting of `[preprocessor.seaworthy]`
  |
  = help: did you mean `timeout`?

error[missing-chapter]: there is no chapter `missing.md`
 --> src/SUMMARY.md:5:7
  |
5 | - [C](missing.md)
  |       ^^^^^^^^^^ listed here
  |
  = help: create the file, or remove the line; `[Title]()` lists a chapter that is still to come

error[unknown-attribute]: `exti` is unknown
 --> src/a.md:3:12
  |
3 | ```console,exti=1
  |            ^^^^ not known to a session
  |
  = help: did you mean `exit`?

error[output-before-command]: output before any command
 --> src/a.md:8:5
  |
8 | >   out
  |     ^^^ no command has been typed yet
  |
  = help: begin a typed line with `$ `; for text that is no session, choose another language, such as `text`

error[not-a-block]: this looks like a `console` block and isn't one
 --> src/b.md:2:1
  |
2 | ```console
  | ^^^^^^^^^^ is taken for HTML
  |
  = help: put a blank line before the fence, after the HTML tag

error[open-command]: this command isn't complete at the end of the session
 --> src/parts/p.md:4:3
  |
4 | $ cat <<EOF
  |   ^^^^^^^^^ its here-document needs a line `EOF`
  |
  = help: complete it; a `$ ` inside an open quote or here-document is part of the text

6 faults; nothing was built or run

"#]].raw());
    }
    assert!(!book.has("site") && !book.has("target"));
}

#[test]
fn the_program_for_mdbook_tells_the_same_faults() {
    let book = Book::page("```console,exti=1\n$ true\n```\n");
    let expected = book.run(&["build"]).exits(2).stderr;
    let mdbook = support::mdbook(&book);
    assert_ne!(mdbook.code, 0);
    assert!(
        mdbook.stderr.contains(expected.trim_end()),
        "{}\n{expected}",
        mdbook.stderr
    );
    assert!(!book.has("site/page.html"));
}

#[test]
fn a_value_in_the_prose_that_no_session_prints() {
    let page = "```console\n$ docker network create --subnet 172.30.0.0/16 front\n$ ping 172.30.0.2\n```\n\nIt is at `172.30.0.2`, not at `172.30.0.3`.\n";
    let book = Book::page(page);
    for command in ["list", "build", "check"] {
        book.run(&[command])
            .exits(2)
            .says("the page shows no `172.30.0.3`")
            .says(" --> src/page.md:6:");
    }
    // A page of which nothing is run may say what it likes.
    Book::page("Your router is at `192.168.0.1`.\n")
        .run(&["build"])
        .exits(0);
}

#[test]
fn a_failure_that_anything_would_prove() {
    for shown in ["...", "<snip>", ""] {
        let book = Book::page(&format!(
            "```console,should_fail\n$ ls /none\n{shown}\n```\n"
        ));
        book.run(&["list"])
            .exits(2)
            .says("this session doesn't say how it fails");
    }
}

#[test]
fn a_summary_that_lists_a_chapter_twice() {
    let book = Book::new(&[
        ("src/a.md", "```console,exti=1\n$ true\n```\n"),
        (
            "src/SUMMARY.md",
            "# Summary\n\n- [A](a.md)\n- [Again](a.md)\n",
        ),
    ]);
    book.run(&["list"])
        .exits(2)
        .says(" --> src/SUMMARY.md:1:1")
        .says("a.md")
        .says("each chapter once");
}

#[test]
fn what_is_no_book() {
    let book = Book::page("# T\n");
    book.run(&["build", "src"])
        .exits(2)
        .says("no book in `src`: a book is a folder with a `book.toml`");
    book.run(&["check", "nothing.md"])
        .exits(2)
        .says("no page `nothing.md` in this book; it has:\n  src/page.md");
    book.run(&["frobnicate"])
        .exits(2)
        .says("unrecognized subcommand");
}

#[test]
fn a_book_in_which_nothing_runs() {
    let book = Book::new(&[
        (
            "src/a.md",
            "# A\n\n```console,no_run=\"needs a cloud\"\n$ true\n```\n",
        ),
        ("src/b.md", "# B\n"),
    ]);
    book.run(&["check"]).exits(4).says("nothing to run");
    book.run(&["check", "src/a.md"]).exits(4);
    book.run(&["check", "b"]).exits(4);
    book.run(&["build"]).exits(0);
}

#[test]
fn a_site_never_overlaps_its_sources() {
    for dir in ["src", ".", "src/site"] {
        let toml = format!(
            "[book]\ntitle = \"F\"\n[build]\nbuild-dir = \"{dir}\"\n[preprocessor.seaworthy]\nafter = [\"links\"]\n"
        );
        let book = Book::new(&[("book.toml", &toml), ("src/a.md", "# A\n")]);
        book.run(&["build"]).exits(2).says("would delete sources");
        assert_ne!(support::mdbook(&book).code, 0, "{dir}");
        assert_eq!(book.read("src/a.md"), "# A\n", "{dir}");
    }
}

#[test]
fn a_bad_template_is_named() {
    let book = Book::page("```console\n$ true\n```\n");
    book.write("theme/seaworthy/session.hbs", "{{#each");
    book.run(&["build"])
        .exits(2)
        .says("the template `session` is malformed");
}

#[test]
fn a_freed_value_is_one_that_is_printed() {
    let page = |varies: &str| {
        Book::page(&format!(
            "```console,varies=\"{varies}\"\n$ echo within 37ms\nwithin 37ms\n```\n"
        ))
    };
    page("37ms").run(&["list"]).exits(0);
    page("37ms, 38ms")
        .run(&["build"])
        .exits(2)
        .says("src/page.md:1:19")
        .says("this session doesn't print `38ms`");
}
