//! What `build` adds to mdBook's pages, and what it refuses: links that lead nowhere.

use crate::support::Book;

fn fixture(first: &str, second: &str) -> Book {
    Book::new(&[("src/a.md", first), ("src/deep/b.md", second)])
}

#[test]
fn links_that_lead_nowhere_are_faults_where_they_are_written() {
    let book = fixture(
        "# A\n\n[one](deep/b.md#there) [two](deep/b.md#nowhere)\n\n{{#include parts/more.txt}}\n\n`[code](none.md)` [out](https://example.org/none#x) [top](#a) [mail](mailto:a@example.org)\n",
        "# B\n\n## There\n\n[up](../a.md) [gone](../c.md) <a href=\"pic%20ture.png\">x</a>\n",
    );
    book.write("src/parts/more.txt", "An\n[included](deep/none.md) link.\n");
    let ran = book.run(&["build"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    for said in [
        "error[broken-link]: the link `deep/b.html#nowhere` leads nowhere",
        "src/a.md:3:24",
        "`deep/b.html` has nothing that is called `nowhere`",
        "the link `deep/none.html` leads nowhere",
        "src/parts/more.txt:2:1",
        "the link `../c.html` leads nowhere",
        "the site has no `c.html`",
        "src/deep/b.md:5:15",
        "the link `pic%20ture.png` leads nowhere",
        "4 faults; nothing was built or run",
    ] {
        assert!(ran.stderr.contains(said), "no {said:?} in\n{}", ran.stderr);
    }
    let left = std::fs::read_dir(book.root().join("site")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "half a site is left");
}

#[test]
fn what_is_there_is_no_fault() {
    let book = fixture(
        "# A\n\n[b](deep/b.md) [c](deep/b.html#there?) [file](deep/x.txt) [ours](verification.md) ![p](p%C3%A9.svg) [m](deep/b.md?x=1#there) [root](/elsewhere)\n\n```console,proves=\"it works\"\n$ true\n```\n\n[claim](#claim-it-works)\n",
        "# B\n\n## There?\n\n<a name=\"old\"></a>\n\n[old](#old) [folder](../deep/) [](../a.md)\n\n[^1]\n\n[^1]: note\n",
    );
    book.write("src/deep/x.txt", "x");
    book.write("src/deep/index.html", "x");
    book.write("src/pé.svg", "<svg/>");
    let ran = book.run(&["build"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("1 fault; nothing was built or run"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("`deep/b.html#there?` leads nowhere"),
        "{}",
        ran.stderr
    );
    let page = book
        .read("src/a.md")
        .replace("[c](deep/b.html#there?) ", "");
    book.write("src/a.md", &page);
    book.run(&["build"]).exits(0);
}

#[test]
fn a_link_to_the_books_own_address_is_looked_at() {
    let book = fixture(
        "# A\n\n[one](https://example.org/book/deep/b.html#b)\n[two](https://example.org/book/c.html)\n",
        "# B\n",
    );
    let toml = format!(
        "{}\n[output.html]\nsite-url = \"https://example.org/book\"\n",
        crate::support::BOOK_TOML
    );
    book.write("book.toml", &toml);
    let ran = book.run(&["build"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("1 fault") && ran.stderr.contains("src/a.md:4"),
        "{}",
        ran.stderr
    );
}

#[test]
fn the_search_is_what_the_book_wants() {
    let book = fixture("# A\n\nseldom\n", "# B\n\n## Below\n\noften\n");
    let index = |book: &Book| {
        let site = std::fs::read_dir(book.root().join("site")).unwrap();
        let mut names = site.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let name = names.find(|name| name.starts_with("search-"));
        name.map(|name| book.read(&format!("site/{name}")))
    };
    let build = |search: &str| {
        let toml = format!(
            "{}\n[output.html.search]\n{search}\n",
            crate::support::BOOK_TOML
        );
        book.write("book.toml", &toml);
        book.run(&["build"])
    };
    build("limit-results = 7").exits(0);
    let whole = index(&book).unwrap();
    assert!(
        whole.contains("seldom") && whole.contains("often") && whole.contains("\"results\":7"),
        "{whole}"
    );
    build("[output.html.search.chapter]\n\"deep\" = { enable = false }").exits(0);
    let part = index(&book).unwrap();
    assert!(part.contains("seldom") && !part.contains("often"), "{part}");
    let ran = build("[output.html.search.chapter]\n\"depe\" = { enable = false }");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("names `depe`"), "{}", ran.stderr);
    build("enable = false").exits(0);
    assert_eq!(index(&book), None);
    build("copy-js = false").exits(0);
    assert_eq!(index(&book), None);
}
