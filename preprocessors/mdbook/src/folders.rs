//! Where a book's site may be written, and what mdBook publishes with it.

use std::path::{Component, Path, PathBuf};

use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use mdbook_preprocessor::config::Config;
use serde::de::IgnoredAny;

use crate::paths::resolved;
use crate::{BookFiles, PathFault};

/// Every site that is built with Seaworthy holds this in its first page: a folder without it is somebody else's.
const MARK: &str = "<!-- built with Seaworthy, which may replace this site -->";
/// The most of a page that is searched for the mark.
const LONGEST_PAGE: u64 = 64 * 1024 * 1024;

/// Makes sure that writing the site can't touch a source, nor anything else that no build made: mdBook empties the folder
/// that it builds into. And that what mdBook publishes besides the pages is the book's.
///
/// # Errors
/// What is wrong, and the remedy.
pub fn check_site(files: &BookFiles, config: &Config) -> Result<(), String> {
    check_published(files, config)?;
    check_build_dir(files, config)?;
    check_emptied(files, config)
}

/// Makes sure that what mdBook reads besides the chapters may be read, and that it writes nothing outside of the site:
/// it publishes whatever stands in the folder of the chapters, and takes names from `book.toml` as they are.
fn check_published(files: &BookFiles, config: &Config) -> Result<(), String> {
    let html = config.html_config().unwrap_or_default();
    let source = &config.book.src;
    files.check_tree(source).map_err(|why| {
        let shown = source.display();
        format!("the folder of the chapters is `{shown}`, which can't be published: {why}")
    })?;
    let theme = html.theme.clone().unwrap_or_else(|| "theme".into());
    if files.root().join(&theme).is_dir() {
        files
            .check_tree(&theme)
            .map_err(|why| format!("the theme `{}` can't be used: {why}", theme.display()))?;
    }
    let given = html.additional_css.iter().chain(&html.additional_js);
    let not_found = html.input_404.as_ref().map(|file| source.join(file));
    for file in given.cloned().chain(not_found) {
        let refused = |why: &dyn std::fmt::Display| {
            Err(format!(
                "book.toml names the file `{}`: {why}",
                file.display()
            ))
        };
        if !is_below(&file) {
            return refused(&"its copy would be written outside of the site");
        }
        match files.find_file(&file) {
            // mdBook says so itself.
            Ok(_) | Err(PathFault::Missing) => {}
            Err(why) => return refused(&why),
        }
    }
    for from in html.redirect.keys() {
        if !is_below(Path::new(from.trim_start_matches('/'))) {
            return Err(format!(
                "`redirect` in book.toml is from `{from}`, which would be written outside of the site"
            ));
        }
    }
    Ok(())
}

/// The file of the chapter that is `location` in the folder `source` of the chapters, from the book's root.
///
/// # Errors
/// Why it can't be one, and the remedy.
pub fn chapter_file(source: &Path, location: &Path) -> Result<PathBuf, &'static str> {
    if is_below(location) {
        Ok(source.join(location))
    } else {
        Err(
            "it stands outside of the folder of the chapters, so its page would be written outside of the site; make a chapter that includes it: `{{#include ../file.md}}`",
        )
    }
}

/// Whether the path stays below where it begins, by its name.
fn is_below(path: &Path) -> bool {
    let mut depth = 0_i32;
    path.components().all(|component| {
        match component {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir => depth -= 1,
            Component::RootDir | Component::Prefix(_) => return false,
        }
        depth >= 0
    })
}

/// Marks the site that is made of `book` as built with Seaworthy: the pages that may become its first one.
pub(crate) fn mark(book: &mut Book) {
    let mut first = true;
    for item in &mut book.items {
        if let BookItem::Chapter(chapter) = item
            && chapter.path.is_some()
            && (std::mem::take(&mut first) || is_index(chapter))
        {
            // At the top, where no open fence can swallow it.
            chapter.content.insert_str(0, &format!("{MARK}\n\n"));
        }
    }
}

/// Whether mdBook makes the site's `index.html` of the chapter.
fn is_index(chapter: &Chapter) -> bool {
    let path = chapter.path.as_deref().unwrap_or(Path::new(""));
    let stem = path.with_extension("");
    let stem = stem.to_string_lossy();
    stem.eq_ignore_ascii_case("index") || stem.eq_ignore_ascii_case("readme")
}

/// Makes sure that the site's folder is one of the book's, and holds no source.
///
/// # Errors
/// What it overlaps, and the remedy.
pub fn check_build_dir(files: &BookFiles, config: &Config) -> Result<(), String> {
    let root = files.root();
    let named = config.build.build_dir.display();
    let site = resolved(&root.join(&config.build.build_dir));
    let html = config.html_config().unwrap_or_default();
    let sources = [
        ("the book's sources", root.join(&config.book.src)),
        ("the theme", html.theme_dir(root)),
        ("`book.toml`", root.join("book.toml")),
    ];
    for (what, source) in sources {
        let source = resolved(&source);
        if source.starts_with(&site) || site.starts_with(&source) {
            return Err(format!(
                "`build-dir` in book.toml is `{named}`, which overlaps {what} (`{}`); building there would delete sources\n\
                 help: choose a folder that holds nothing else, such as `build-dir = \"target/site\"`",
                source.display(),
            ));
        }
    }
    if !site.starts_with(root) && is_the_books_choice(root, config) {
        return Err(format!(
            "`build-dir` in book.toml is `{named}`, which is outside of the book (`{}`)\n\
             help: choose a folder inside, such as `build-dir = \"target/site\"`; who builds may choose any other, as in `MDBOOK_BUILD__BUILD_DIR=/srv/site seaworthy build`",
            site.display()
        ));
    }
    Ok(())
}

/// Makes sure that what a build empties was made by one.
fn check_emptied(files: &BookFiles, config: &Config) -> Result<(), String> {
    let named = config.build.build_dir.display();
    let site = resolved(&files.root().join(&config.build.build_dir));
    for folder in emptied(&site, config) {
        if let Some(stranger) = stranger(&folder) {
            return Err(format!(
                "`build-dir` in book.toml is `{named}`, which holds files that no build of Seaworthy made (`{}`); building there would delete them\n\
                 help: choose a folder that is new or empty, such as `build-dir = \"target/site\"`; if it is a site that mdBook or an older Seaworthy built, remove it once",
                stranger.display(),
            ));
        }
    }
    Ok(())
}

/// Whether the folder is the one that `book.toml` names, and not one that the person who builds does.
fn is_the_books_choice(root: &Path, config: &Config) -> bool {
    let book = Config::from_disk(root.join("book.toml"));
    book.is_ok_and(|book| book.build.build_dir == config.build.build_dir)
}

/// The folders that mdBook empties: of its own outputs, each in a folder of its own if there are several.
fn emptied(site: &Path, config: &Config) -> Vec<PathBuf> {
    let outputs = config.outputs::<IgnoredAny>().unwrap_or_default();
    // Without any, mdBook makes HTML.
    if outputs.is_empty() {
        return vec![site.to_path_buf()];
    }
    let own = ["html", "markdown"].into_iter();
    let own = own.filter(|name| outputs.contains_key(*name));
    own.map(|name| match outputs.len() {
        1 => site.to_path_buf(),
        _ => site.join(name),
    })
    .collect()
}

/// Removes what a build that failed left in the folder `site`, which [`check_site`] had let it empty: half a site is no
/// site, and the next build would take it for somebody else's. A site that was built before stays.
///
/// # Errors
/// If it can't be removed.
pub fn remove_unfinished(site: &Path) -> std::io::Result<()> {
    match stranger(site) {
        Some(_) => empty(site),
        None => Ok(()),
    }
}

/// Removes all that a build made in the folder `site`.
///
/// # Errors
/// If it can't be removed.
pub fn empty(site: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(site)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            std::fs::remove_dir_all(entry.path())?;
        } else {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Something in the folder `site`, unless it was built with Seaworthy.
fn stranger(site: &Path) -> Option<PathBuf> {
    // A branch that is checked out here, as for GitHub Pages, would lose its repository.
    let repository = site.join(".git");
    if repository.exists() {
        return Some(repository);
    }
    if is_ours(site) {
        return None;
    }
    let first = std::fs::read_dir(site).ok()?.flatten().next();
    first.map(|entry| entry.path())
}

/// Whether the folder `site` holds a site that was built with Seaworthy.
fn is_ours(site: &Path) -> bool {
    let files = BookFiles::new(site, &[]);
    let page = files.bytes(Path::new("index.html"), LONGEST_PAGE);
    page.is_ok_and(|page| String::from_utf8_lossy(&page).contains(MARK))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    fn check(toml: &str) -> Result<(), String> {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("book/src")).unwrap();
        std::fs::create_dir_all(root.join("theme")).unwrap();
        std::fs::write(root.join("book.toml"), toml).unwrap();
        std::os::unix::fs::symlink(root.join("book"), root.join("link")).unwrap();
        check_build_dir(&BookFiles::new(root, &[]), &Config::from_str(toml).unwrap())
    }

    #[test]
    fn a_site_beside_its_sources_is_fine() {
        for dir in ["target/site", "site", "book/site", "book/src-site"] {
            let toml = format!("[book]\nsrc = \"book/src\"\n[build]\nbuild-dir = \"{dir}\"\n");
            assert_eq!(check(&toml), Ok(()), "{dir}");
        }
    }

    #[test]
    fn a_site_replaces_only_a_site_of_ours() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let toml = "[build]\nbuild-dir = \"site\"\n";
        let config = Config::from_str(toml).unwrap();
        let files = BookFiles::new(root, &[]);
        let site = root.join("site");
        std::fs::create_dir_all(&site).unwrap();
        assert_eq!(check_emptied(&files, &config), Ok(()));
        std::fs::write(site.join("notes.txt"), "mine").unwrap();
        std::fs::write(site.join(".nojekyll"), "").unwrap();
        let error = check_emptied(&files, &config).unwrap_err();
        assert!(error.contains("no build of Seaworthy made"), "{error}");
        std::fs::write(site.join("index.html"), format!("<p>{MARK}</p>")).unwrap();
        assert_eq!(check_emptied(&files, &config), Ok(()));
        std::fs::create_dir(site.join(".git")).unwrap();
        let error = check_emptied(&files, &config).unwrap_err();
        assert!(error.contains("site/.git"), "{error}");
    }

    #[test]
    fn each_output_has_its_folder() {
        for (toml, folders) in [
            ("", vec![""]),
            ("[output.html]\n", vec![""]),
            ("[output.epub]\n", vec![]),
            ("[output.epub]\n[output.html]\n", vec!["html"]),
            (
                "[output.html]\n[output.markdown]\n",
                vec!["html", "markdown"],
            ),
        ] {
            let site = Path::new("/site");
            let folders: Vec<_> = folders.iter().map(|name| site.join(name)).collect();
            assert_eq!(
                emptied(site, &Config::from_str(toml).unwrap()),
                folders,
                "{toml}"
            );
        }
    }

    #[test]
    fn a_site_outside_of_the_book_is_for_those_to_choose_who_build() {
        let error = check("[build]\nbuild-dir = \"../site\"\n").unwrap_err();
        assert!(error.contains("is outside of the book"), "{error}");
        let folder = tempfile::tempdir().unwrap();
        let other = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("book.toml"), "").unwrap();
        let mut config = Config::default();
        config.build.build_dir = other.path().join("site");
        let files = BookFiles::new(folder.path(), &[]);
        assert_eq!(check_build_dir(&files, &config), Ok(()));
    }

    #[test]
    fn what_would_be_written_outside_of_the_site() {
        for (path, below) in [
            ("a.css", true),
            ("./a/../b.css", true),
            ("../a.css", false),
            ("a/../../b", false),
            ("/etc/a", false),
        ] {
            assert_eq!(is_below(Path::new(path)), below, "{path}");
        }
    }

    #[test]
    fn a_site_over_its_sources_is_refused() {
        for dir in [
            "book",
            "book/src",
            "book/src/site",
            ".",
            "..",
            "theme",
            "link/src",
            "site/../book",
        ] {
            let toml = format!("[book]\nsrc = \"book/src\"\n[build]\nbuild-dir = \"{dir}\"\n");
            let error = check(&toml).unwrap_err();
            assert!(error.contains("overlaps"), "{dir}: {error}");
        }
        // mdBook's own default for build-dir is `book`.
        assert!(check("[book]\nsrc = \"book/src\"\n").is_err());
    }
}
