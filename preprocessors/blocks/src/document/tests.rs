//! What is found in a Markdown text.

use super::*;

fn one(text: &str) -> Block {
    let mut blocks = Document::parse(text).blocks;
    assert_eq!(blocks.len(), 1, "{text}");
    blocks.remove(0)
}

#[test]
fn lines_know_where_they_stand() {
    for text in [
        "a\n\n```console\n$ one\n\n  two\n```\nb\n",
        "- a\n  ```console\n  $ one\n\n    two\n  ```\n",
        "> ```console\n> $ one\n>\n>   two\n> ```\n",
        "<details>\n\n```console\n$ one\n\n  two\n```\n\n</details>\n",
        "1. ~~~~ console\n   $ one\n\n     two\n   ~~~~\n",
        "```console\r\n$ one\r\n\r\n  two\r\n```\r\n",
    ] {
        let block = one(text);
        let lines: Vec<_> = block.lines.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(lines, ["$ one", "", "  two"], "{text}");
        assert!(block.closed, "{text}");
        for line in &block.lines {
            assert_eq!(&text[line.span()], line.text, "{text}");
        }
        assert_eq!(&text[block.language_span.clone()], "console");
    }
}

#[test]
fn a_place_in_the_body_is_found_in_the_text() {
    let text = "> ```x\n> one\n> two three\n> ```\n";
    let block = one(text);
    let body = block.body();
    for part in ["one", "three", "two three"] {
        let start = body.find(part).unwrap();
        assert_eq!(&text[block.locate(&(start..start + part.len()))], part);
    }
    assert_eq!(&text[block.locate(&(0..body.len()))], "one");
    assert_eq!(&text[block.locate(&(90..91))], "```x");
}

#[test]
fn the_prefix_keeps_a_further_line_in_its_container() {
    for (text, prefix) in [
        ("```a\n```\n", ""),
        ("> - ```a\n>   ```\n", ">   "),
        ("10. x\n\n    ```a\n    ```\n", "    "),
    ] {
        assert_eq!(one(text).prefix, prefix, "{text}");
    }
}

#[test]
fn the_fence_is_read_raw() {
    let block = one("```console,proves=\"a \\* &amp; b\"\n$ x\n```\n");
    assert_eq!(
        block.attributes().unwrap()[0].value.as_deref(),
        Some("a \\* &amp; b")
    );
    let faults = one("```console hidden\n$ x\n```\n")
        .attributes()
        .unwrap_err();
    assert_eq!(faults[0].span, 11..17);
    assert_eq!(&one("```\nx\n```").language, "");
    assert_eq!(one("```a,b\nx\n```\nafter").range, 0..12);
}

#[test]
fn an_open_fence_is_noticed() {
    assert!(!one("```console\n$ x\n").closed);
    assert!(!one("````console\n$ x\n```\n").closed);
    assert!(!one("```console").closed);
    assert!(!one("```console\n$ x\n> ```\n").closed);
}

#[test]
fn inline_code_knows_where_it_stands() {
    let text = "> a `one` and `` t`wo `` *`three`*\n\n```\n`no`\n```\n";
    let found = Document::parse(text).inline_code;
    let codes: Vec<_> = found.iter().map(|c| c.text.as_str()).collect();
    assert_eq!(codes, ["one", "t`wo", "three"]);
    for code in &found {
        assert_eq!(&text[code.span()], code.text);
    }
}

#[test]
fn the_first_heading_is_known() {
    let text = "intro\n\n# One\n\n## Two\n";
    assert_eq!(Document::parse("> # Q\n\n- # I\n").heading_end, None);
    let end = Document::parse(text).heading_end.unwrap();
    assert!(text[..end].trim_end().ends_with("# One"));
    assert_eq!(Document::parse("```\n# no\n```").heading_end, None);
}

#[test]
fn comments_are_found_where_they_stand() {
    let text = "<!-- one -->\n# T <!--two-->\n\n```\n<!-- no -->\n```\n";
    let found = Document::parse(text).comments;
    let bodies: Vec<_> = found.iter().map(|c| &text[c.body.clone()]).collect();
    assert_eq!(bodies, [" one ", "two"]);
}
