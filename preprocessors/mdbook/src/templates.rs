//! The templates of this crate, and those that a book puts in their place.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use seaworthy_console::Templates;

/// Their names and texts; `theme/seaworthy/NAME.hbs` of a book replaces one.
const BUILT_IN: [(&str, &str); 5] = [
    ("session", include_str!("../templates/session.hbs")),
    ("diagram", include_str!("../templates/diagram.hbs")),
    ("file", include_str!("../templates/file.hbs")),
    ("page-mark", include_str!("../templates/page-mark.hbs")),
    (
        "verification",
        include_str!("../templates/verification.hbs"),
    ),
];

/// The templates for a book whose theme is in `theme`.
///
/// # Errors
/// If one of the book's own can't be read or isn't handlebars.
pub(crate) fn load(theme: &Path) -> Result<Templates> {
    let mut texts = BTreeMap::new();
    for (name, built_in) in BUILT_IN {
        let own = theme.join("seaworthy").join(name).with_extension("hbs");
        let text = if own.is_file() {
            std::fs::read_to_string(&own)
                .with_context(|| format!("can't read {}", own.display()))?
        } else {
            built_in.to_owned()
        };
        texts.insert(name.to_owned(), text);
    }
    Ok(Templates::new(&texts)?)
}
