//! A page as Markdown, for readers without a browser: what its author wrote, and what is verified of it, where it stands.

use std::ops::Range;

use seaworthy_page::{DiagramStep, FileStep, Page, SessionStep, Step};

use crate::marks::Marks;
use crate::views::Badge;

/// The Markdown of `page`: its includes are in their places, its settings and what it doesn't show are left out.
pub(crate) fn mirror(page: &Page, marks: &Marks) -> String {
    let text = page.source.text();
    let settings = page.html.iter().find_map(|range| settings(text, range));
    let mut parts: Vec<_> = settings
        .into_iter()
        .map(|range| (range, String::new()))
        .collect();
    if let (Some(said), Some(end)) = (verified(page, marks), page.title_end) {
        parts.push((end..end, format!("\n> {said}\n")));
    }
    for step in &page.steps {
        let (range, shown) = match step {
            Step::Session(step) if step.attributes.hidden => (&step.range, String::new()),
            Step::Session(step) => (&step.range, session(step, text, marks)),
            Step::Diagram(step) => (&step.range, diagram(page, step)),
            Step::Archive(step) => (&step.range, format!("Archive: [{0}]({0})", step.name())),
            // Its picture says it.
            Step::File(step) if step.drawn => continue,
            Step::File(step) => (&step.range, file(step, text)),
            Step::Listed(_) | Step::Malformed(_) => continue,
        };
        parts.push((range.clone(), shown));
    }
    parts.sort_by_key(|(range, _)| range.start);
    let mut mirrored = String::with_capacity(text.len() * 2);
    let mut done = 0;
    for (range, shown) in parts {
        mirrored.push_str(&text[done..range.start]);
        mirrored.push_str(&shown);
        done = range.end;
    }
    mirrored.push_str(&text[done..]);
    format!("{}\n", mirrored.trim())
}

/// The bytes of the page's settings, if they stand in the HTML at `html`.
fn settings(text: &str, html: &Range<usize>) -> Option<Range<usize>> {
    let written = &text[html.clone()];
    let start = written.find("<!--")?;
    let body = written[start..].strip_prefix("<!--")?.trim_start();
    let end = start + written[start..].find("-->")? + "-->".len();
    body.starts_with("seaworthy")
        .then(|| html.start + start..html.start + end)
}

/// What is verified of `page`, where and when, in a sentence or two.
pub(crate) fn verified(page: &Page, marks: &Marks) -> Option<String> {
    let badge = marks.page(page)?;
    Some(sentences(&badge))
}

fn session(step: &SessionStep, text: &str, marks: &Marks) -> String {
    let said = sentences(&marks.session(step));
    let claim = step.attributes.proves.as_deref();
    let said = claim.map_or(said.clone(), |claim| format!("**{claim}** {said}"));
    let prefix = &step.prefix;
    let block = fenced(&text[step.range.clone()], "console");
    format!("> {said}\n{}\n{prefix}{block}", prefix.trim_end())
}

/// A picture in words, below the file that it is, if it is one.
fn diagram(page: &Page, step: &DiagramStep) -> String {
    let written = page.steps.iter().find_map(|other| match other {
        Step::File(other) if other.range == step.range => Some(other),
        _ => None,
    });
    let text = page.source.text();
    let blank = step.prefix.trim_end();
    let written =
        written.map(|written| format!("{}\n{blank}\n{}", file(written, text), step.prefix));
    let title = step.title.clone().unwrap_or_else(|| step.diagram.title());
    let words = step.diagram.text();
    let lines = words
        .lines()
        .map(|line| format!("\n{}    {line}", step.prefix));
    format!(
        "{}Picture: {title}\n{blank}{}",
        written.unwrap_or_default(),
        lines.collect::<String>()
    )
}

fn file(step: &FileStep, text: &str) -> String {
    format!(
        "File `{}`:\n{}\n{}{}",
        step.path,
        step.prefix.trim_end(),
        step.prefix,
        fenced(&text[step.range.clone()], &step.language)
    )
}

/// The fenced block `text`, with nothing after its fence but `language`.
fn fenced(text: &str, language: &str) -> String {
    let (fence, body) = text.split_once('\n').unwrap_or((text, ""));
    let mark = fence.chars().next().unwrap_or('`');
    let fence: String = fence.chars().take_while(|c| *c == mark).collect();
    format!("{fence}{language}\n{body}")
}

fn sentences(badge: &Badge) -> String {
    let text = badge.text.trim_end_matches('.');
    format!("{text}. {}", badge.title).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::one_page::page;
    use snapbox::{assert_data_eq, str};

    #[test]
    fn a_mirror_says_what_is_verified_and_shows_what_the_page_shows() {
        let page = page(
            "<!-- seaworthy minutes=5 -->\n\n# T\n\nText.\n\n- item\n\n  ```console,proves=\"it works\",retry=5s\n  $ a\n  b\n  ```\n\n```console,hidden\n$ secret\n```\n\n```yaml,file=a.yml\nx: 1\n```\n\n```network,title=\"Two\"\nservices: {a: {}, b: {}}\n```\n",
        );
        let mirrored = mirror(&page, &Marks::default());
        assert!(
            !mirrored.contains("secret") && !mirrored.contains("minutes"),
            "{mirrored}"
        );
        assert_data_eq!(
            mirrored.split("Picture").next().unwrap_or_default(),
            str![[r#"
# T

> Unverified: 0 of 2 verified. The page was edited since it was last checked, or never checked.

Text.

- item

  > **it works** Unverified. This session, or one before it, was not run since it was last edited.

  ```console
  $ a
  b
  ```



File `a.yml`:

```yaml
x: 1
```


"#]]
        );
        assert!(mirrored.contains("Picture: Two\n\n    "), "{mirrored}");
    }

    #[test]
    fn a_block_that_is_picture_and_file_is_both() {
        let page = page("```network,file=compose.yaml\nservices:\n  web: {}\n```\n\nAfter.\n");
        let mirrored = mirror(&page, &Marks::default());
        assert!(
            mirrored.starts_with(
                "File `compose.yaml`:\n\n```yaml\nservices:\n  web: {}\n```\n\nPicture: "
            ),
            "{mirrored}"
        );
        assert!(mirrored.ends_with("\n\nAfter.\n"), "{mirrored}");
    }
}
