//! What other tools than mdBook take for blocks: MkDocs' tabs and admonitions, MyST's directives.

use crate::Block;

/// The directives of MyST and Sphinx whose body is a listing in the language that follows them.
const DIRECTIVES: [&str; 4] = ["{code}", "{code-block}", "{code-cell}", "{sourcecode}"];

/// `text` with the heads of MkDocs' tabs (`=== "Linux"`) and admonitions (`!!! note`, `??? tip`) as items of lists, so that what
/// is indented below them is inside of them, and no indented code. Every byte stays in its place.
pub(crate) fn as_lists(text: &str) -> String {
    let mut lists = String::with_capacity(text.len());
    // The fence that is open: its sign and how many.
    let mut fence: Option<(char, usize)> = None;
    for line in text.split_inclusive('\n') {
        let shown = line.trim_start();
        let sign = shown.chars().next().unwrap_or(' ');
        let count = shown.chars().take_while(|c| *c == sign).count();
        let is_fence = matches!(sign, '`' | '~') && count >= 3;
        match fence {
            Some((open, least))
                if is_fence
                    && sign == open
                    && count >= least
                    && shown.trim_end().len() == count =>
            {
                fence = None
            }
            None if is_fence => fence = Some((sign, count)),
            None => {
                let indent = &line[..line.len() - shown.len()];
                let heads = [
                    ("=== \"", "-   \""),
                    ("!!! ", "-   "),
                    ("???+ ", "-   +"),
                    ("??? ", "-   "),
                ];
                if let Some((head, item)) = heads.iter().find(|(head, _)| shown.starts_with(head)) {
                    lists.extend([indent, *item, &shown[head.len()..]]);
                    continue;
                }
            }
            Some(_) => {}
        }
        lists.push_str(line);
    }
    lists
}

/// Gives the block of a directive such as ```` ```{code-block} console ```` the language that it names, and takes the lines of
/// its options away.
pub(crate) fn read_directive(block: &mut Block) {
    if !DIRECTIVES.contains(&block.language.as_str()) {
        return;
    }
    let named = block
        .rest()
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned();
    let start = block.info.end - block.rest().len();
    block.rename(named.clone(), start..start + named.len(), String::new());
    let options = block
        .lines
        .iter()
        .take_while(|line| line.text.starts_with(':'))
        .count();
    block.lines.drain(..options);
}

#[cfg(test)]
mod tests {
    use crate::{Dialect, Document};

    /// The language and the lines of each block.
    fn blocks(text: &str) -> Vec<(String, Vec<String>)> {
        let document = Document::parse_as(text, Dialect::Any);
        let blocks = document.blocks.iter();
        let lines = |block: &crate::Block| {
            for line in &block.lines {
                assert_eq!(&text[line.span()], line.text);
            }
            block.lines.iter().map(|line| line.text.clone()).collect()
        };
        blocks
            .map(|block| (block.language.clone(), lines(block)))
            .collect()
    }

    fn block(language: &str, lines: &[&str]) -> (String, Vec<String>) {
        (
            language.to_owned(),
            lines.iter().map(|&line| line.to_owned()).collect(),
        )
    }

    #[test]
    fn blocks_in_tabs_and_admonitions() {
        let text = "=== \"Linux\"\n\n    ```console\n    $ a\n    ```\n\n!!! note\n    ```bash\n    b\n    ```\n\n???+ tip \"x\"\n\n    ```sh\n    c\n    ```\n\n```text\n!!! note\n=== \"x\"\n```\n";
        assert_eq!(
            blocks(text),
            [
                block("console", &["$ a"]),
                block("bash", &["b"]),
                block("sh", &["c"]),
                block("text", &["!!! note", "=== \"x\""]),
            ]
        );
        assert_eq!(Document::parse(text).blocks.len(), 1, "mdBook has no tabs");
    }

    #[test]
    fn directives() {
        let text = "```{code-block} console\n:caption: x\n$ a\n```\n\n```{note}\n$ b\n```\n\n```{code-block}\n$ c\n```\n";
        assert_eq!(
            blocks(text),
            [
                block("console", &["$ a"]),
                block("{note}", &["$ b"]),
                block("", &["$ c"]),
            ]
        );
    }

    #[test]
    fn front_matter_holds_no_block() {
        for (text, next) in [
            (
                "---\ntitle: a\n```console\n---\n\n```console\n$ a\n```\n",
                "```console\n$",
            ),
            (
                "+++\ntitle = \"a\"\n+++\n# T\n\n```console\n$ a\n```\n",
                "# T",
            ),
            ("# T\n\n---\n\n```console\n$ a\n```\n", "# T"),
        ] {
            assert_eq!(blocks(text), [block("console", &["$ a"])], "{text}");
            let document = Document::parse(text);
            let rest = text[document.front_matter..].trim_start();
            assert!(rest.starts_with(next), "{text}: {rest}");
            assert!(document.lookalikes.is_empty(), "{text}");
            let prose = document.prose.iter();
            assert!(
                prose.clone().all(|line| !line.text.contains("title")),
                "{text}"
            );
        }
    }

    #[test]
    fn indented_blocks_stand_apart() {
        let document = Document::parse("a\n\n    $ b\n      c\n\n    d\n\n- e\n\n      $ f\n");
        let lines: Vec<Vec<&str>> = document
            .indented
            .iter()
            .map(|block| block.lines.iter().map(|line| line.text.as_str()).collect())
            .collect();
        assert_eq!(lines, [vec!["$ b", "  c", "", "d"], vec!["$ f"]]);
        assert!(document.blocks.is_empty());
    }
}
