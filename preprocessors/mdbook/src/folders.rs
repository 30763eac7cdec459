//! The book's folders: where its files are read, and where its site may be written.

use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use mdbook_preprocessor::config::Config;
use seaworthy_page::{FolderFile, Loader};
use walkdir::WalkDir;

/// The files of the book at a root folder.
#[derive(Clone, Debug)]
pub struct BookFiles {
    /// The book's root: the folder of its `book.toml`.
    pub root: PathBuf,
}

impl Loader for BookFiles {
    fn load(&self, path: &Path) -> Result<String, String> {
        std::fs::read_to_string(self.root.join(path)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => "no such file".to_owned(),
            _ => error.to_string(),
        })
    }

    fn folder(&self, path: &Path) -> Result<Vec<FolderFile>, String> {
        let folder = self.root.join(path);
        if !folder.is_dir() {
            return Err("no such folder".to_owned());
        }
        let mut files = Vec::new();
        let mut size = 0;
        for entry in WalkDir::new(&folder).sort_by_file_name() {
            let entry = entry.map_err(|error| error.to_string())?;
            let path = entry.path().strip_prefix(&folder).unwrap_or(entry.path());
            let path = path.to_string_lossy().replace('\\', "/");
            let kind = entry.file_type();
            if kind.is_dir() {
                continue;
            }
            // A link could lead out of the book, to files that aren't the author's to publish.
            if !kind.is_file() {
                return Err(format!(
                    "`{path}` in it is a link or a device: only files can be copied"
                ));
            }
            let known = entry
                .metadata()
                .map_err(|error| format!("`{path}`: {error}"))?;
            size += known.len();
            if size > LARGEST_FOLDER {
                let most = LARGEST_FOLDER / 1024 / 1024;
                return Err(format!("it holds more than {most} MiB"));
            }
            let content =
                std::fs::read(entry.path()).map_err(|error| format!("`{path}`: {error}"))?;
            files.push(FolderFile {
                path,
                content,
                executable: known.permissions().mode() & 0o111 != 0,
            });
        }
        Ok(files)
    }
}

/// The most that a copied folder may hold, in bytes: it is read whole for the page's fingerprints.
const LARGEST_FOLDER: u64 = 64 * 1024 * 1024;

/// Makes sure that writing the site can't touch a source: mdBook empties the folder it builds into.
///
/// # Errors
/// What overlaps, and the remedy.
pub fn check_build_dir(root: &Path, config: &Config) -> Result<(), String> {
    let root = absolute(root);
    let site = absolute(&root.join(&config.build.build_dir));
    let html = config.html_config().unwrap_or_default();
    let sources = [
        ("the book's sources", root.join(&config.book.src)),
        ("the theme", html.theme_dir(&root)),
        ("`book.toml`", root.join("book.toml")),
    ];
    for (what, source) in sources {
        let source = absolute(&source);
        if source.starts_with(&site) || site.starts_with(&source) {
            return Err(format!(
                "`build-dir` in book.toml is `{}`, which overlaps {what} (`{}`); building there would delete sources\n\
                 help: choose a folder that holds nothing else, such as `build-dir = \"target/site\"`",
                config.build.build_dir.display(),
                source.display(),
            ));
        }
    }
    if let Some(stranger) = stranger(&site) {
        return Err(format!(
            "`build-dir` in book.toml is `{}`, which holds files that no build made (`{}`); building there would delete them\n\
             help: choose a folder that is new or empty, such as `build-dir = \"target/site\"`",
            config.build.build_dir.display(),
            stranger.display(),
        ));
    }
    Ok(())
}

/// A file in the folder `site`, if that is none of mdBook's sites. Those hold a `.nojekyll`, in a
/// folder `html` if the book has several outputs.
fn stranger(site: &Path) -> Option<PathBuf> {
    let made = |folder: &Path| folder.join(".nojekyll").is_file();
    if made(site) || made(&site.join("html")) {
        return None;
    }
    let first = std::fs::read_dir(site).ok()?.flatten().next();
    first.map(|entry| entry.path())
}

/// The path as the file system has it, as far as it exists, and the rest worked out by name.
fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut done = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                done.pop();
            }
            Component::CurDir => {}
            other => done.push(other),
        }
        if let Ok(real) = done.canonicalize() {
            done = real;
        }
    }
    done
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
        check_build_dir(root, &Config::from_str(toml).unwrap())
    }

    #[test]
    fn a_site_beside_its_sources_is_fine() {
        for dir in ["target/site", "site", "book/site", "book/src-site"] {
            let toml = format!("[book]\nsrc = \"book/src\"\n[build]\nbuild-dir = \"{dir}\"\n");
            assert_eq!(check(&toml), Ok(()), "{dir}");
        }
    }

    #[test]
    fn a_site_replaces_only_a_site() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let toml = "[build]\nbuild-dir = \"site\"\n";
        let config = Config::from_str(toml).unwrap();
        std::fs::create_dir_all(root.join("site")).unwrap();
        assert_eq!(check_build_dir(root, &config), Ok(()));
        std::fs::write(root.join("site/notes.txt"), "mine").unwrap();
        let error = check_build_dir(root, &config).unwrap_err();
        assert!(error.contains("notes.txt"), "{error}");
        std::fs::write(root.join("site/.nojekyll"), "").unwrap();
        assert_eq!(check_build_dir(root, &config), Ok(()));
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
