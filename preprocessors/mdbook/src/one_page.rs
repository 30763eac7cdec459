//! For tests: a page that is made of nothing but its own text.

use std::path::Path;

use seaworthy_page::{BookSettings, FolderFile, Loader, Page};

struct One(&'static str);

impl Loader for One {
    fn load(&self, _: &Path) -> Result<String, String> {
        Ok(self.0.to_owned())
    }

    fn folder(&self, _: &Path) -> Result<Vec<FolderFile>, String> {
        Ok(Vec::new())
    }
}

/// The page `src/a.md` with this text.
pub(crate) fn page(text: &'static str) -> Page {
    Page::load(Path::new("src/a.md"), &One(text), &BookSettings::default()).unwrap()
}
