//! Archives of folders: what a page says of one, and the files that are published with the site.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use seaworthy_page::{ArchiveStep, Page};
use serde::Serialize;

/// An archive as its template sees it.
#[derive(Serialize)]
pub(crate) struct ArchiveBlock {
    /// Its file, which stands beside the page.
    name: String,
    /// Its full address, if the book knows its own.
    url: Option<String>,
    /// Whether it is published at all.
    published: bool,
    /// The folder that it unpacks to.
    folder: String,
    /// What is in it.
    files: Vec<String>,
}

impl ArchiveBlock {
    /// What is said of `step`. `beside` is the address of the page's folder, if the book knows its own.
    pub(crate) fn new(step: &ArchiveStep, beside: Option<&str>, published: bool) -> Self {
        let name = step.name();
        let files = step.content.files.iter();
        Self {
            url: beside.map(|beside| format!("{beside}{name}")),
            name,
            published,
            folder: step.content.name.clone(),
            files: files.map(|file| file.path.clone()).collect(),
        }
    }
}

/// The address of the folder of the page that is `chapter`, below the book's `site-url`; none if that is only a path.
pub(crate) fn beside(site_url: Option<&str>, chapter: &Path) -> Option<String> {
    let site = site_url.filter(|url| url.starts_with("https://") || url.starts_with("http://"))?;
    let folder = chapter.parent().into_iter().flat_map(Path::components);
    let folder: Vec<_> = folder.map(|c| c.as_os_str().to_string_lossy()).collect();
    let mut address = format!("{}/", site.trim_end_matches('/'));
    for part in folder {
        address.push_str(&part);
        address.push('/');
    }
    Some(address)
}

/// The archives of `pages`, whose chapters stand in the folder `source`: what is to be published where, from the folder
/// of the site.
///
/// # Errors
/// If two of them would be the same file and hold different things, or one can't be made.
pub fn archives<'a>(
    source: &Path,
    pages: impl IntoIterator<Item = &'a Page>,
) -> Result<BTreeMap<PathBuf, Vec<u8>>, String> {
    let mut all: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    for page in pages {
        for step in page.archives() {
            let said = || format!("{}:{}", step.place.file, step.place.line);
            let chapter = Path::new(&page.file);
            let chapter = chapter.strip_prefix(source).unwrap_or(chapter);
            let path = chapter.with_file_name(step.name());
            let bytes = step.bytes();
            let bytes =
                bytes.map_err(|why| format!("{}: can't pack the archive: {why}", said()))?;
            if all.get(&path).is_some_and(|other| *other != bytes) {
                return Err(format!(
                    "{}: another archive is `{}` already, with other files: rename one of the folders",
                    said(),
                    path.display()
                ));
            }
            all.insert(path, bytes);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_made_of_a_full_one_only() {
        let chapter = Path::new("networking/exercises.md");
        for (site, expected) in [
            (None, None),
            (Some("/book/"), None),
            (
                Some("https://example.org/book"),
                Some("https://example.org/book/networking/"),
            ),
            (
                Some("http://example.org/"),
                Some("http://example.org/networking/"),
            ),
        ] {
            assert_eq!(beside(site, chapter).as_deref(), expected);
        }
        let top = beside(Some("https://example.org"), Path::new("index.md"));
        assert_eq!(top.as_deref(), Some("https://example.org/"));
    }
}
