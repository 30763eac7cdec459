//! The changes to `book.toml`: what Seaworthy needs is added, and everything else stays as it was written.

use toml_edit::{Array, DocumentMut, Item, RawString, Table, TableLike, Value};

use crate::assets::Asset;
use crate::error::{Explain, Result, Usage};

/// `toml` with what the preprocessor and `assets` need, which stand in the folder `theme`. The same text if nothing is
/// missing.
///
/// # Errors
/// If it isn't TOML, or is written in a way that can't be added to.
pub(super) fn added(toml: &str, theme: &str, assets: &[&Asset]) -> Result<String, Usage> {
    let mut document: DocumentMut = toml
        .parse()
        .or_usage(|| "book.toml is malformed".to_owned())?;
    let preprocessor = table(document.as_table_mut(), "preprocessor", true)?;
    let ours = table(preprocessor, mdbook_seaworthy::NAME, false)?;
    add(ours, "after", "links")?;
    let output = table(document.as_table_mut(), "output", true)?;
    let html = table(output, "html", false)?;
    for asset in assets {
        let key = if asset.is_style() {
            "additional-css"
        } else {
            "additional-js"
        };
        add(html, key, &format!("{theme}/{}", asset.name))?;
    }
    Ok(document.to_string())
}

/// The table `name` in `parent`; if there is none, a new one, `implicit` if it is only to hold others.
fn table<'a>(
    parent: &'a mut dyn TableLike,
    name: &str,
    implicit: bool,
) -> Result<&'a mut dyn TableLike, Usage> {
    let item = parent.entry(name).or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(implicit);
        Item::Table(table)
    });
    if item.is_inline_table() {
        return Err(Usage(format!(
            "`{name} = {{ … }}` in book.toml can't be added to: write `[{name}]` and its keys on lines below it"
        )));
    }
    item.as_table_like_mut()
        .ok_or_else(|| Usage(format!("`{name}` in book.toml is no table")))
}

/// Adds `value` to the list `key`, unless it is there.
fn add(table: &mut dyn TableLike, key: &str, value: &str) -> Result<(), Usage> {
    let list = table
        .entry(key)
        .or_insert_with(|| Item::Value(Value::Array(Array::new())));
    let list = list
        .as_array_mut()
        .ok_or_else(|| Usage(format!("`{key}` in book.toml is no list")))?;
    let is_it = |item: &Value| {
        let path = item.as_str().unwrap_or_default();
        path.strip_prefix("./").unwrap_or(path) == value
    };
    if !list.iter().any(is_it) {
        push(list, value);
    }
    Ok(())
}

/// Adds `value` at the end of the list as its author would: on a line of its own if the last one is.
fn push(list: &mut Array, value: &str) {
    let text = |raw: Option<&RawString>| {
        raw.and_then(RawString::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let mut end = text(Some(list.trailing()));
    let mut before = String::new();
    if let Some(last) = list.iter_mut().last() {
        before = text(last.decor().prefix());
        // Without a last comma, what follows the value is the value's.
        end.insert_str(0, &text(last.decor().suffix()));
        last.decor_mut().set_suffix("");
    }
    let Some(line) = before.rfind('\n') else {
        list.push(value);
        list.set_trailing(&end);
        return;
    };
    // A comment beside the last value stays there, and one above it isn't said again.
    let beside = end.trim_end();
    let indent = &before[line..];
    list.push_formatted(Value::from(value).decorated(format!("{beside}{indent}"), ""));
    list.set_trailing(&end[beside.len()..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::{ASSETS, Part};
    use snapbox::{assert_data_eq, str};

    fn add_all(toml: &str) -> String {
        let assets: Vec<_> = ASSETS.iter().filter(|a| a.part == Part::Blocks).collect();
        let after = added(toml, "theme", &assets).unwrap();
        assert_eq!(added(&after, "theme", &assets).unwrap(), after);
        after
    }

    #[test]
    fn a_book_with_nothing_but_a_title() {
        let after = add_all("[book]\ntitle = \"T\" # the title\n");
        assert_data_eq!(
            after,
            str![[r#"
[book]
title = "T" # the title

[preprocessor.seaworthy]
after = ["links"]

[output.html]
additional-css = ["theme/seaworthy.css", "theme/seaworthy-lessons.css", "theme/seaworthy-diagrams.css"]
additional-js = ["theme/seaworthy.js", "theme/seaworthy-reading.js"]

"#]]
        );
    }

    #[test]
    fn what_is_there_stays_with_its_comments_and_its_order() {
        let after = add_all(
            r#"# My book.
[output.html]
mathjax-support = true
additional-css = [
    # ours
    "theme/own.css",
    "./theme/seaworthy.css", # by hand
]
additional-js = ["a.js"]

[output.html.search]
expand = true # keep

[preprocessor.mermaid]
command = "mdbook-mermaid"

[preprocessor.seaworthy]
timeout = "90s"

[book]
title = "T"
"#,
        );
        assert_data_eq!(
            after,
            str![[r##"
# My book.
[output.html]
mathjax-support = true
additional-css = [
    # ours
    "theme/own.css",
    "./theme/seaworthy.css", # by hand
    "theme/seaworthy-lessons.css",
    "theme/seaworthy-diagrams.css",
]
additional-js = ["a.js", "theme/seaworthy.js", "theme/seaworthy-reading.js"]

[output.html.search]
expand = true # keep

[preprocessor.mermaid]
command = "mdbook-mermaid"

[preprocessor.seaworthy]
timeout = "90s"
after = ["links"]

[book]
title = "T"

"##]]
        );
    }

    #[test]
    fn a_list_on_several_lines_without_a_last_comma() {
        let after = add_all(
            "[output.html]\nadditional-css = [\n  \"a.css\" # mine\n]\nadditional-js = [\n  \"a.js\"\n]\n",
        );
        assert_data_eq!(
            after,
            str![[r#"
[output.html]
additional-css = [
  "a.css", # mine
  "theme/seaworthy.css",
  "theme/seaworthy-lessons.css",
  "theme/seaworthy-diagrams.css"
]
additional-js = [
  "a.js",
  "theme/seaworthy.js",
  "theme/seaworthy-reading.js"
]

[preprocessor.seaworthy]
after = ["links"]

"#]]
        );
    }

    #[test]
    fn dotted_keys_and_other_lists() {
        let after = add_all(
            "book.title = \"T\"\noutput.html.mathjax-support = true\n\n[preprocessor.seaworthy]\nafter = [ \"toc\" ]\n",
        );
        assert_data_eq!(
            after,
            str![[r#"
book.title = "T"
output.html.mathjax-support = true
output.html.additional-css = ["theme/seaworthy.css", "theme/seaworthy-lessons.css", "theme/seaworthy-diagrams.css"]
output.html.additional-js = ["theme/seaworthy.js", "theme/seaworthy-reading.js"]

[preprocessor.seaworthy]
after = [ "toc", "links" ]

"#]]
        );
    }

    #[test]
    fn what_cannot_be_added_to_is_refused() {
        let refused = |toml: &str| added(toml, "theme", &[]).unwrap_err().to_string();
        assert!(refused("preprocessor = { a = {} }\n").contains("write `[preprocessor]`"));
        assert!(refused("[preprocessor]\nseaworthy = 1\n").contains("is no table"));
        assert!(refused("[preprocessor.seaworthy]\nafter = \"links\"\n").contains("is no list"));
        assert!(refused("[book\n").contains("malformed"));
    }
}
