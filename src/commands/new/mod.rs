//! `seaworthy new`: a small book that builds and holds, to begin a book of one's own with.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use toml_edit::{DocumentMut, value};

use crate::assets::ASSETS;
use crate::error::{Explain, Result, SystemError, Usage};
use crate::exit::Exit;

const BOOK_TOML: &str = include_str!("book/book.toml");
const README: &str = include_str!("book/README.md");
/// The files that are the same in every book.
const FILES: [(&str, &str); 3] = [
    // Under its own name it would count in this repository, too.
    (".gitignore", include_str!("book/gitignore")),
    ("src/SUMMARY.md", include_str!("book/src/SUMMARY.md")),
    (
        "src/two-containers.md",
        include_str!("book/src/two-containers.md"),
    ),
];

pub(super) fn run(dir: &Path, title: Option<&str>) -> Result<Exit> {
    let there = is_there(dir)?;
    let title = match title {
        Some(title) => one_line(title),
        None => named_after(dir)?,
    };
    if title.is_empty() {
        let said = "a book needs a title: say it, as in `--title \"My book\"`";
        return Err(Usage(said.to_owned()).into());
    }
    make(dir, there, &files(&title)?)?;
    let place = dir.display();
    crate::outln!("made “{title}” in {place}");
    crate::outln!("  seaworthy check {place}    runs its sessions on Docker");
    crate::outln!("  seaworthy serve {place}    shows its site on this computer");
    Ok(Exit::Holds)
}

/// Whether the folder is there; if it is, it must be empty.
fn is_there(dir: &Path) -> Result<bool> {
    let kind = match fs::metadata(dir) {
        Ok(known) => known.file_type(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => Err(error).or_system(|| format!("can't look at `{}`", dir.display()))?,
    };
    if !kind.is_dir() {
        let said = format!(
            "`{}` is a file: name a folder that is new or empty",
            dir.display()
        );
        return Err(Usage(said).into());
    }
    let unreadable = || format!("can't read `{}`", dir.display());
    let mut entries = fs::read_dir(dir).or_system(unreadable)?;
    if let Some(entry) = entries.next() {
        let said = format!(
            "`{}` is not empty (`{}` is in it): name a folder that is new or empty; to an mdBook that is there already, `seaworthy install` adds what it needs",
            dir.display(),
            entry.or_system(unreadable)?.file_name().display()
        );
        return Err(Usage(said).into());
    }
    Ok(true)
}

/// The title of a book in the folder `dir`.
fn named_after(dir: &Path) -> Result<String, SystemError> {
    let path = std::path::absolute(dir)
        .or_system(|| format!("can't tell where `{}` is", dir.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let words = one_line(&name.replace(['-', '_'], " "));
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    Ok(first.unwrap_or_default() + letters.as_str())
}

/// The text with every row of blanks as one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// All files of the book, each with its path.
fn files(title: &str) -> Result<Vec<(PathBuf, String)>, SystemError> {
    let toml = BOOK_TOML.parse::<DocumentMut>();
    let mut toml = toml.or_system(|| "can't write `book.toml`".to_owned())?;
    toml["book"]["title"] = value(title);
    let mut files = vec![
        (PathBuf::from("book.toml"), toml.to_string()),
        (PathBuf::from("README.md"), README.replace("{title}", title)),
    ];
    let same = FILES.iter();
    files.extend(same.map(|(path, text)| (PathBuf::from(path), (*text).to_owned())));
    let theme = ASSETS.iter();
    files.extend(theme.map(|asset| (Path::new("theme").join(asset.name), asset.installed())));
    Ok(files)
}

/// Writes the files beside their place, and puts them there when all are written.
fn make(dir: &Path, there: bool, files: &[(PathBuf, String)]) -> Result<(), SystemError> {
    let above = dir.parent().filter(|above| !above.as_os_str().is_empty());
    let parent = if there {
        dir
    } else {
        above.unwrap_or(Path::new("."))
    };
    let failed = || format!("can't make a book in `{}`", dir.display());
    fs::create_dir_all(parent).or_system(failed)?;
    let staging = tempfile::Builder::new()
        .prefix(".seaworthy-new-")
        .tempdir_in(parent);
    let staging: TempDir = staging.or_system(failed)?;
    // A folder in it, since only the owner may enter the temporary one.
    let book = staging.path().join("book");
    for (path, text) in files {
        let path = book.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&book)).or_system(failed)?;
        fs::write(&path, text).or_system(failed)?;
    }
    if !there {
        return fs::rename(&book, dir).or_system(failed);
    }
    for entry in fs::read_dir(&book).or_system(failed)? {
        let entry = entry.or_system(failed)?;
        fs::rename(entry.path(), dir.join(entry.file_name())).or_system(failed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles() {
        for (dir, title) in [
            ("docker-basics", "Docker basics"),
            ("a/my_first  book/", "My first book"),
            ("Über", "Über"),
        ] {
            assert_eq!(named_after(Path::new(dir)).unwrap(), title);
        }
        assert_eq!(one_line(" a\n  b\t"), "a b");
    }

    #[test]
    fn any_title_makes_a_readable_book() {
        let files = files("\"Quotes\" \\ and = {title}").unwrap();
        let config = crate::book::config(&files[0].1).unwrap();
        assert_eq!(
            config.book.title.as_deref(),
            Some("\"Quotes\" \\ and = {title}")
        );
        assert!(files[1].1.starts_with("# \"Quotes\" \\ and = {title}\n"));
    }
}
