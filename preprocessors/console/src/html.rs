//! A session and a file as HTML.
//!
//! The HTML comes from handlebars templates. Each rendered block is a single line, because a blank
//! line would end an HTML block in Markdown: newlines in values become `&#10;`, and those of the
//! template itself are dropped with the blanks around them. So a template puts a value that may
//! begin or end with a blank between two tags on one line.

use std::collections::BTreeMap;

use handlebars::Handlebars;
use serde::Serialize;

use crate::Session;

/// The templates, by name, and what a book may replace.
#[derive(Clone, Debug)]
pub struct Templates(Handlebars<'static>);

/// A template that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// A template isn't handlebars.
    #[error("the template `{name}` is malformed: {cause}")]
    Malformed {
        /// Its name, such as `session`.
        name: String,
        /// What handlebars says, with the line.
        cause: String,
    },
    /// A template fails while it is rendered.
    #[error("a template can't be rendered: {0}")]
    Render(#[from] Box<handlebars::RenderError>),
}

/// What a page says about the state of a block: a word with a reason, for a screen and a screen reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Badge {
    /// A class for the style sheet, such as `verified`.
    pub class: String,
    /// What is shown.
    pub text: String,
    /// The longer version.
    pub title: String,
}

/// A session as a template sees it.
#[derive(Clone, Debug, Serialize)]
pub struct SessionView {
    id: String,
    proves: Option<String>,
    badge: Option<Badge>,
    commands: Vec<CommandView>,
}

#[derive(Clone, Debug, Serialize)]
struct CommandView {
    /// Said above the command if it is typed into another program than the one before: `in web's sh`.
    place: Option<String>,
    /// How many programs are open around it; 0 in the page's shell.
    level: usize,
    /// Keys are pressed: nothing to copy.
    keys: bool,
    lines: Vec<LineView>,
    output: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct LineView {
    prompt: String,
    text: String,
    last: bool,
}

impl SessionView {
    /// The view of `session` under the HTML id `id`.
    #[must_use]
    pub fn new(session: &Session, id: &str, proves: Option<&str>, badge: Option<Badge>) -> Self {
        let mut inside = &[][..];
        let commands = session.commands.iter().map(|command| {
            let moved = command.inside != inside;
            inside = &command.inside;
            let place = moved.then(|| match command.program() {
                Some(program) => format!("in {}", program.name),
                None => "back in the shell".to_owned(),
            });
            let last = command.typed.len() - 1;
            let lines = command.typed.iter().enumerate().map(|(i, typed)| LineView {
                prompt: if i == 0 {
                    command.prompt.clone()
                } else {
                    typed.continuation.clone()
                },
                text: typed.line.text.clone(),
                last: i == last,
            });
            let output: Vec<_> = command.output.iter().map(|l| l.text.as_str()).collect();
            CommandView {
                place,
                level: command.inside.len(),
                keys: command.keys,
                lines: lines.collect(),
                output: (!output.is_empty()).then(|| output.join("\n")),
            }
        });
        Self {
            id: id.to_owned(),
            proves: proves.map(str::to_owned),
            badge,
            commands: commands.collect(),
        }
    }
}

/// A network diagram as a template sees it.
#[derive(Clone, Debug, Serialize)]
pub struct DiagramView {
    /// Its HTML id.
    pub id: String,
    /// The drawing: SVG on one line.
    pub svg: String,
    /// The same in words: HTML on one line.
    pub words: String,
    /// What is said about its state.
    pub badge: Option<Badge>,
}

/// A file as a template sees it.
#[derive(Clone, Debug, Serialize)]
pub struct FileView {
    /// Its path, relative to the page's folder.
    pub path: String,
    /// The language of its fence, for the highlighter; may be empty.
    pub language: String,
    /// What is in it.
    pub content: String,
}

impl Templates {
    /// Templates from name and text.
    ///
    /// # Errors
    /// The first template that isn't handlebars.
    pub fn new(texts: &BTreeMap<String, String>) -> Result<Self, TemplateError> {
        let mut handlebars = Handlebars::new();
        handlebars.set_strict_mode(true);
        handlebars.register_escape_fn(escape);
        for (name, text) in texts {
            handlebars
                .register_template_string(name, text)
                .map_err(|cause| TemplateError::Malformed {
                    name: name.clone(),
                    cause: cause.to_string(),
                })?;
        }
        Ok(Self(handlebars))
    }

    /// Renders the template `name` with `view` to a single line of HTML.
    ///
    /// # Errors
    /// If there is no such template, or it asks for what the view doesn't have.
    pub fn render(&self, name: &str, view: &impl Serialize) -> Result<String, TemplateError> {
        let html = self.0.render(name, view).map_err(Box::new)?;
        Ok(html.lines().map(str::trim).collect())
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use seaworthy_blocks::Document;

    fn templates(session: &str) -> Templates {
        let texts = BTreeMap::from([("session".to_owned(), session.to_owned())]);
        Templates::new(&texts).unwrap()
    }

    #[test]
    fn a_session_is_one_line_and_loses_nothing() {
        let text = "```console\n$ cat <<EOF\n> a  <b>\n>\n> EOF\n  a &\n\n\n$ true\n```\n";
        let session = Session::parse(&Document::parse(text).blocks[0].lines, 0..0).unwrap();
        let view = SessionView::new(&session, "s-1", Some("it \"works\""), None);
        let template = "<div id=\"{{id}}\" title=\"{{proves}}\">\n  {{#each commands}}\n    {{#each lines}}<i>{{prompt}}</i><kbd>{{text}}</kbd>{{/each}}\n    {{#if output}}<samp>{{output}}</samp>{{/if}}\n  {{/each}}\n</div>\n";
        let html = templates(template).render("session", &view).unwrap();
        snapbox::assert_data_eq!(
            html,
            snapbox::str![[
                r#"<div id="s-1" title="it &quot;works&quot;"><i>$ </i><kbd>cat &lt;&lt;EOF</kbd><i>&gt; </i><kbd>a  &lt;b&gt;</kbd><i>&gt; </i><kbd></kbd><i>&gt; </i><kbd>EOF</kbd><samp>  a &amp;</samp><i>$ </i><kbd>true</kbd></div>"#
            ]]
        );
    }

    #[test]
    fn programs_and_keys_are_told_apart() {
        let text = "```console\n$ sh\n# cat\n^D\n# exit\n$ true\n```\n";
        let session = Session::parse(&Document::parse(text).blocks[0].lines, 0..0).unwrap();
        let view = SessionView::new(&session, "s-1", None, None);
        let template = "{{#each commands}}{{#if place}}({{place}}){{/if}}{{#if level}}{{level}}{{/if}}{{#each lines}}{{prompt}}{{text}}{{/each}}{{#if keys}} key{{/if}};{{/each}}";
        let html = templates(template).render("session", &view).unwrap();
        assert_eq!(
            html,
            "$ sh;(in sh)1# cat;1^D key;1# exit;(back in the shell)$ true;"
        );
    }

    #[test]
    fn a_bad_template_is_named() {
        let texts = BTreeMap::from([("session".to_owned(), "{{#each}".to_owned())]);
        let error = Templates::new(&texts).unwrap_err().to_string();
        assert!(error.contains("`session`"), "{error}");
        let view = file();
        assert!(templates("{{nonsense}}").render("session", &view).is_err());
    }

    fn file() -> FileView {
        FileView {
            path: "a".into(),
            language: String::new(),
            content: String::new(),
        }
    }
}
