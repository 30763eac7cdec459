//! The templates of this crate, and those that a book puts in their place.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};
use seaworthy_console::Templates;

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

/// The templates for the book of `files`, whose theme is in the folder `theme`, if it says so.
///
/// # Errors
/// If one of the book's own can't be read or isn't handlebars.
pub(crate) fn load(files: &BookFiles, theme: Option<&Path>) -> Result<Templates> {
    let folder = theme.unwrap_or(Path::new("theme")).join("seaworthy");
    let mut texts = BTreeMap::new();
    for (name, built_in) in BUILT_IN {
        let own = folder.join(name).with_extension("hbs");
        let text = match files.text(&own) {
            Ok(text) => text,
            Err(PathFault::Missing) => built_in.to_owned(),
            Err(why) => bail!("can't read `{}`: {why}", own.display()),
        };
        texts.insert(name.to_owned(), text);
    }
    Ok(Templates::new(&texts)?)
}
