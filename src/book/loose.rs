//! Markdown files without a book: which they are, and what holds for them.
//!
//! Settings are those of the nearest `seaworthy.toml`, looked for in the folder that holds all that is named and in those above
//! it, up to that of the repository. Its folder is then the root, from which pages are named and below which the report stands;
//! without one that is the folder that holds all.

use std::path::{Path, PathBuf};

use mdbook::config::Config;
use mdbook_seaworthy::{BookFiles, PathFault};
use seaworthy_blocks::{Diagnostic, Fault, FaultCode};
use seaworthy_page::{BookSettings, Dialect};
use walkdir::{DirEntry, WalkDir};

use super::contents::{diagnostic, unreadable};
use super::{Book, Faulty};
use crate::error::{Explain, Usage};

/// The file that holds the settings of files without a book.
pub const SETTINGS: &str = "seaworthy.toml";

/// Folders in which nobody keeps pages of their own.
const NOT_OURS: [&str; 4] = ["node_modules", "target", "vendor", "third_party"];

impl Book {
    /// Reads the Markdown files that `names` are, and those in folders among them, as pages of a book that there isn't.
    ///
    /// # Errors
    /// If a name can't be read, there is no Markdown, or a setting in `set` can't be used.
    pub fn read_loose(
        names: &[PathBuf],
        set: &[String],
        faulty: Faulty,
    ) -> Result<(Self, Vec<Diagnostic>), Usage> {
        let found = markdown(names)?;
        let root = root(names)?;
        let mut faults = Vec::new();
        let mut settings = read_settings(&root, &mut faults)?;
        set_all(&mut settings, set)?;
        settings.dialect = Dialect::Any;
        let files = BookFiles::new(&root, &settings.read_also);
        let mut pages = Vec::new();
        for file in found {
            let inside = inside(&root, &file)?;
            pages.extend(super::page(&inside, &files, &settings, faulty, &mut faults));
        }
        let mut config = Config::default();
        config.book.src = PathBuf::new();
        let book = Self {
            root,
            config,
            settings,
            pages,
            files,
        };
        Ok((book, faults))
    }

    /// The file that the settings come from, if there is one; as it is reached from the current folder.
    #[must_use]
    pub fn settings_file(&self) -> Option<String> {
        self.root
            .join(SETTINGS)
            .is_file()
            .then(|| self.shown(SETTINGS))
    }
}

/// The Markdown files that `names` are, and those in folders among them, each once, in order.
///
/// # Errors
/// If a name can't be read, or there is none.
pub fn markdown(names: &[PathBuf]) -> Result<Vec<PathBuf>, Usage> {
    let mut found: Vec<PathBuf> = Vec::new();
    for name in names {
        let entries = WalkDir::new(name).sort_by_file_name().into_iter();
        let entries = entries.filter_entry(|entry| entry.depth() == 0 || is_ours(entry));
        for entry in entries {
            let entry = entry.or_usage(|| format!("can't read `{}`", name.display()))?;
            // What is named is meant, whatever it is called.
            let wanted = entry.depth() == 0 || is_markdown(entry.path());
            if entry.file_type().is_file() && wanted && !found.iter().any(|one| one == entry.path())
            {
                found.push(entry.into_path());
            }
        }
    }
    if found.is_empty() {
        let named: Vec<_> = names
            .iter()
            .map(|name| format!("`{}`", name.display()))
            .collect();
        return Err(Usage(format!(
            "no book and no Markdown file in {}: a book is a folder with a `book.toml`, and a page's name ends in `.md`",
            named.join(", ")
        )));
    }
    Ok(found)
}

/// Whether a folder may hold pages, or a file may be one: neither hidden nor somebody else's.
fn is_ours(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let others = entry.file_type().is_dir() && NOT_OURS.contains(&name.as_ref());
    !name.starts_with('.') && !others
}

fn is_markdown(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default();
    ending.eq_ignore_ascii_case("md") || ending.eq_ignore_ascii_case("markdown")
}

/// How many folders up settings are looked for, and a folder that holds all that is named.
const MOST_FOLDERS: usize = 32;

/// The folder from which the pages are named, for the files and folders `names`.
///
/// # Errors
/// If one of them can't be read.
fn root(names: &[PathBuf]) -> Result<PathBuf, Usage> {
    let folder = common(names)?;
    let mut above = folder.clone();
    for _ in 0..MOST_FOLDERS {
        if above.join(SETTINGS).is_file() {
            return Ok(above);
        }
        if above.join(".git").exists() {
            break;
        }
        above = up(&above);
    }
    Ok(folder)
}

/// The folder that holds all of `names`: the one that is named, or that of the file.
fn common(names: &[PathBuf]) -> Result<PathBuf, Usage> {
    let mut folder = match names[0].is_dir() {
        true => names[0].clone(),
        false => up(&names[0]),
    };
    for name in names {
        let name = real(name)?;
        for _ in 0..MOST_FOLDERS {
            if name.starts_with(real(&folder)?) {
                break;
            }
            folder = up(&folder);
        }
    }
    Ok(folder)
}

/// The folder that holds `path`. A path that goes up by `..` stays one that is reached from the current folder.
fn up(path: &Path) -> PathBuf {
    if path == Path::new(".") {
        return PathBuf::from("..");
    }
    match (path.file_name(), path.parent()) {
        (Some(_), Some(parent)) if parent.as_os_str().is_empty() => PathBuf::from("."),
        (Some(_), Some(parent)) => parent.to_path_buf(),
        _ => path.join(".."),
    }
}

/// `path` without links.
fn real(path: &Path) -> Result<PathBuf, Usage> {
    path.canonicalize()
        .or_usage(|| format!("can't read `{}`", path.display()))
}

/// The settings in the file of them in the folder `root`, if it is there. What is wrong in it goes to `faults`.
fn read_settings(root: &Path, faults: &mut Vec<Diagnostic>) -> Result<BookSettings, Usage> {
    let text = match BookFiles::new(root, &[]).text(Path::new(SETTINGS)) {
        Ok(text) => text,
        Err(PathFault::Missing) => return Ok(BookSettings::default()),
        Err(why) => return Err(unreadable(&root.join(SETTINGS), &why)),
    };
    Ok(BookSettings::from_own_toml(&text).unwrap_or_else(|found| {
        faults.extend(
            found
                .into_iter()
                .map(|fault| diagnostic(SETTINGS, &text, fault)),
        );
        BookSettings::default()
    }))
}

/// `file`, which is below `root`, from there.
fn inside(root: &Path, file: &Path) -> Result<PathBuf, Usage> {
    let (root, real) = (real(root)?, real(file)?);
    match real.strip_prefix(&root) {
        Ok(inside) => Ok(inside.to_path_buf()),
        Err(_) => Err(Usage(format!(
            "`{}` isn't below `{}`: check them one after the other",
            file.display(),
            root.display()
        ))),
    }
}

/// Takes the settings that `set` says, each `KEY=VALUE`, over what `settings` are.
///
/// # Errors
/// What is wrong with one of them.
pub(super) fn set_all(settings: &mut BookSettings, set: &[String]) -> Result<(), Usage> {
    for said in set {
        let wrong = |fault: &Fault| {
            let remedy = match fault.help.as_str() {
                "" => String::new(),
                help => format!("; {help}"),
            };
            Usage(format!("`--set {said}`: {}{remedy}", fault.message))
        };
        let Some((key, value)) = said.split_once('=') else {
            let fault = Fault::error(
                FaultCode::InvalidSetting,
                0..0,
                "a setting is `KEY=VALUE`, as in `timeout=2m`",
            );
            return Err(wrong(&fault));
        };
        settings.set(key.trim(), value.trim()).map_err(|faults| {
            let first = faults.first().cloned();
            wrong(&first.unwrap_or_else(|| {
                Fault::error(FaultCode::InvalidSetting, 0..0, "it can't be used")
            }))
        })?;
    }
    Ok(())
}
