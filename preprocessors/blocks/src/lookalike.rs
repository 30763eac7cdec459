//! Lines that look like a fence and aren't parsed as one: the block below them would be lost in silence.

use std::ops::Range;

/// A line that looks like an opening fence and isn't one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookalike {
    /// The line's bytes, without what stands before the backticks or tildes.
    pub span: Range<usize>,
    /// The first word after them.
    pub language: String,
    /// Why Markdown doesn't take it for a fence.
    pub reason: Reason,
}

/// Why Markdown doesn't take a line for a fence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The info string after backticks holds a backtick.
    Backtick,
    /// The line is part of an HTML block, which lasts until the next blank line.
    Html,
    /// The line is part of a paragraph or of an indented code block.
    Indented,
}

/// The lookalikes of `text` outside of `code` (fenced blocks) and of `comments`, which are in order, as `html` is.
pub(crate) fn find<'a>(
    text: &str,
    code: &[Range<usize>],
    html: &[Range<usize>],
    comments: impl Iterator<Item = &'a Range<usize>>,
) -> Vec<Lookalike> {
    let comments: Vec<_> = comments.cloned().collect();
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let shown = line.trim_start_matches(|c: char| {
            c.is_whitespace() || c.is_ascii_digit() || ">-*+.):[x]".contains(c)
        });
        let offset = start + line.len() - shown.len();
        let shown = shown.trim_end();
        let mark = shown.chars().next().unwrap_or(' ');
        let info = shown.trim_start_matches(mark);
        if !matches!(mark, '`' | '~') || shown.len() - info.len() < 3 {
            continue;
        }
        let language: String = info
            .trim_start()
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        let within = |ranges: &[Range<usize>]| {
            let before = ranges.partition_point(|range| range.start <= offset);
            ranges[..before]
                .last()
                .is_some_and(|range| range.contains(&offset))
        };
        if language.is_empty() || within(code) || within(&comments) {
            continue;
        }
        let reason = if mark == '`' && info.contains('`') {
            Reason::Backtick
        } else if within(html) {
            Reason::Html
        } else {
            Reason::Indented
        };
        found.push(Lookalike {
            span: offset..offset + shown.len(),
            language,
            reason,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;

    #[test]
    fn each_reason_is_told() {
        for (text, reason) in [
            ("```console,proves=\"`a`\"\n$ x\n```\n", Reason::Backtick),
            (
                "<details>\n```console\n$ x\n```\n</details>\n",
                Reason::Html,
            ),
            ("- [ ] ```console\n      $ x\n      ```\n", Reason::Indented),
            ("a\n\n    ```console\n    $ x\n    ```\n", Reason::Indented),
        ] {
            let found = Document::parse(text).lookalikes;
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].reason, reason, "{text}");
            assert_eq!(found[0].language, "console");
            assert!(text[found[0].span.clone()].starts_with("```console"));
        }
    }

    #[test]
    fn what_is_a_fence_or_an_example_of_one_is_left_alone() {
        for text in [
            "```console\n$ x\n```\n",
            "````md\n```console\n$ x\n```\n````\n",
            "<!--\n```console\n$ x\n```\n-->\n",
            "- a\n\n  ```console\n  $ x\n  ```\n",
            "> ```console\n> $ x\n> ```\n",
            "Say ```console``` in prose.\n",
        ] {
            assert_eq!(Document::parse(text).lookalikes, [], "{text}");
        }
    }
}
