//! The templates of this crate, those that a book puts in their place, and how they become HTML.
//!
//! The HTML comes from handlebars templates. Each rendered block is a single line, because a blank
//! line would end an HTML block in Markdown: newlines in values become `&#10;`, and those of the
//! template itself are dropped with the blanks around them. So a template puts a value that may
//! begin or end with a blank between two tags on one line.

use std::collections::BTreeMap;
use std::path::Path;

use handlebars::Handlebars;
use serde::Serialize;

use crate::{BookFiles, PathFault};

/// Their names and texts; `theme/seaworthy/NAME.hbs` of a book replaces one.
const BUILT_IN: [(&str, &str); 9] = [
    ("session", include_str!("../templates/session.hbs")),
    ("output", include_str!("../templates/output.hbs")),
    ("diagram", include_str!("../templates/diagram.hbs")),
    ("file", include_str!("../templates/file.hbs")),
    ("archive", include_str!("../templates/archive.hbs")),
    ("term", include_str!("../templates/term.hbs")),
    ("overview", include_str!("../templates/overview.hbs")),
    ("page-mark", include_str!("../templates/page-mark.hbs")),
    (
        "verification",
        include_str!("../templates/verification.hbs"),
    ),
];

/// The templates, by name, and what a book may replace.
#[derive(Clone, Debug)]
pub(crate) struct Templates(Handlebars<'static>);

/// A template that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// A template of the book's own can't be read.
    #[error("can't read `{file}`: {why}")]
    Unread {
        /// The file, from the book's root.
        file: String,
        /// Why not.
        why: PathFault,
    },
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

impl Templates {
    /// Templates from name and text.
    ///
    /// # Errors
    /// The first template that isn't handlebars.
    pub(crate) fn new(texts: &BTreeMap<String, String>) -> Result<Self, TemplateError> {
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
    pub(crate) fn render(
        &self,
        name: &str,
        view: &impl Serialize,
    ) -> Result<String, TemplateError> {
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

/// The templates for the book of `files`, whose theme is in the folder `theme`, if it says so.
///
/// # Errors
/// If one of the book's own can't be read or isn't handlebars.
pub(crate) fn load(files: &BookFiles, theme: Option<&Path>) -> Result<Templates, TemplateError> {
    let folder = theme.unwrap_or(Path::new("theme")).join("seaworthy");
    let mut texts = BTreeMap::new();
    for (name, built_in) in BUILT_IN {
        let own = folder.join(name).with_extension("hbs");
        let text = match files.text(&own) {
            Ok(text) => text,
            Err(PathFault::Missing) => built_in.to_owned(),
            Err(why) => {
                let file = own.to_string_lossy().into_owned();
                return Err(TemplateError::Unread { file, why });
            }
        };
        texts.insert(name.to_owned(), text);
    }
    Templates::new(&texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_template_is_named() {
        let texts = BTreeMap::from([("session".to_owned(), "{{#each}".to_owned())]);
        let error = Templates::new(&texts).unwrap_err().to_string();
        assert!(error.contains("`session`"), "{error}");
        let texts = BTreeMap::from([("session".to_owned(), "{{nonsense}}".to_owned())]);
        let templates = Templates::new(&texts).unwrap();
        assert!(
            templates
                .render("session", &BTreeMap::<&str, &str>::new())
                .is_err()
        );
    }
}
