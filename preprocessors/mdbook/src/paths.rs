//! The one rule for paths: which files a book may read, and where it may write.
//!
//! A path counts as what it leads to, links followed. What is read lies inside of the book, which is the folder of its
//! `book.toml`, or in a folder that the setting `read-also` names; it is an ordinary file of a limited size, isn't hidden,
//! and belongs to no version control. What is written lies inside of the book, wherever links lead.
//!
//! Enter at [`BookFiles`]: everything that opens a book's file by a name that its author chose asks it.

mod system;

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use seaworthy_page::{FolderFile, Loader, slashed};
use walkdir::WalkDir;

/// The most that one file of a book may hold, in bytes: pages, what they include, templates and settings.
const LARGEST_FILE: u64 = 8 * 1024 * 1024;
/// The most that a report may hold, which says all that was printed where a book doesn't hold.
pub const LARGEST_REPORT: u64 = 256 * 1024 * 1024;
/// The most that a copied folder may hold, in bytes: it is read whole for the page's fingerprints.
const LARGEST_FOLDER: u64 = 64 * 1024 * 1024;
/// The most files and folders that one folder of a book may hold, links followed.
const MOST_ENTRIES: usize = 50_000;
/// Where version control keeps its own: settings, and with them tokens and passwords.
const HISTORIES: [&str; 4] = [".git", ".hg", ".svn", ".jj"];

/// The files of the book at a root folder.
#[derive(Clone, Debug)]
pub struct BookFiles {
    /// The book's root as the file system has it.
    root: PathBuf,
    /// The further folders and files that may be read, as the file system has them.
    also: Vec<PathBuf>,
}

/// Why a path can't be used.
#[derive(Debug, thiserror::Error)]
pub enum PathFault {
    /// Nothing is there.
    #[error("no such file")]
    Missing,
    /// It leads out of the book.
    #[error(
        "it leads out of the book, to `{}`; to let this book read there, write `read-also = [\"{folder}\"]` below `[preprocessor.seaworthy]` in book.toml", to.display()
    )]
    Outside {
        /// Where it leads.
        to: PathBuf,
        /// The folder that would have to be named.
        folder: String,
    },
    /// It would be written outside of the book.
    #[error("it leads out of the book, to `{}`, and nothing is written there", to.display())]
    WrittenOutside {
        /// Where it leads.
        to: PathBuf,
    },
    /// It is hidden.
    #[error(
        "`{name}` is hidden; to let this book read it, write `read-also = [\"{name}\"]` below `[preprocessor.seaworthy]` in book.toml"
    )]
    Hidden {
        /// The path to the hidden file or folder, from the book's root.
        name: String,
    },
    /// It belongs to version control.
    #[error("`{0}` belongs to version control, and may hold passwords: no book reads or writes it")]
    History(String),
    /// It is no ordinary file.
    #[error("it is {0}, not a file")]
    NoFile(&'static str),
    /// It is a link, where none may stand.
    #[error("it is a link, and is not written through: remove it")]
    Link,
    /// It is too large.
    #[error("it holds more than {} MiB", .0 / 1024 / 1024)]
    TooLarge(u64),
    /// It isn't text.
    #[error("it is not UTF-8 text")]
    NoText,
    /// The system refuses.
    #[error("{0}")]
    System(#[from] io::Error),
}

impl PathFault {
    fn of(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::System(error),
        }
    }
}

impl BookFiles {
    /// The files of the book at `root`, which may also read what `also` names, from there.
    #[must_use]
    pub fn new(root: &Path, also: &[String]) -> Self {
        let root = resolved(root);
        // A folder that isn't there holds nothing to be read.
        let also = also
            .iter()
            .filter_map(|name| root.join(name).canonicalize().ok());
        Self {
            also: also.collect(),
            root,
        }
    }

    /// The book's root as the file system has it.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What `path`, from the book's root, leads to, if it may be read.
    ///
    /// # Errors
    /// Why it may not be.
    pub fn find(&self, path: &Path) -> Result<PathBuf, PathFault> {
        let found = self.root.join(path);
        let found = found.canonicalize().map_err(PathFault::of)?;
        self.may_read(&found)?;
        Ok(found)
    }

    /// As [`BookFiles::find`], for an ordinary file.
    ///
    /// # Errors
    /// Why it may not be read, or that it is no file.
    pub fn find_file(&self, path: &Path) -> Result<PathBuf, PathFault> {
        let found = self.find(path)?;
        match found.metadata().map_err(PathFault::of)? {
            known if known.is_file() => Ok(found),
            known => Err(PathFault::NoFile(kind(&known))),
        }
    }

    /// Whether `found`, as the file system has it, may be read.
    fn may_read(&self, found: &Path) -> Result<(), PathFault> {
        let named = self.also.iter().any(|also| found.starts_with(also));
        let inside = found.strip_prefix(&self.root).ok();
        // The book itself may stand anywhere; of what it names besides, the whole path counts.
        if let Some(name) = history(if named {
            found
        } else {
            inside.unwrap_or(found)
        }) {
            return Err(PathFault::History(name));
        }
        match inside {
            _ if named => Ok(()),
            Some(inside) => match hidden(inside) {
                Some(name) => Err(PathFault::Hidden { name }),
                None => Ok(()),
            },
            None => Err(PathFault::Outside {
                to: found.to_path_buf(),
                folder: self.folder_of(found),
            }),
        }
    }

    /// The folder that an author would have to name, from the book's root, so that `found` may be read.
    fn folder_of(&self, found: &Path) -> String {
        let folder = match found.is_dir() {
            true => found,
            false => found.parent().unwrap_or(found),
        };
        let both = |(ours, theirs): &(Component<'_>, Component<'_>)| ours == theirs;
        let shared = self.root.components().zip(folder.components());
        let shared = shared.take_while(both).count();
        // Nothing but the root of the file system.
        if shared <= 1 {
            return slashed(folder);
        }
        let up = self.root.components().skip(shared).map(|_| "..".to_owned());
        let down = folder.components().skip(shared);
        let down = down.map(|part| part.as_os_str().to_string_lossy().into_owned());
        up.chain(down).collect::<Vec<_>>().join("/")
    }

    /// The bytes of the file at `path`, of which there may be `most`.
    ///
    /// # Errors
    /// Why it can't be read.
    pub fn bytes(&self, path: &Path, most: u64) -> Result<Vec<u8>, PathFault> {
        read(&self.find(path)?, most)
    }

    /// The text of the file at `path`.
    ///
    /// # Errors
    /// Why it can't be read.
    pub fn text(&self, path: &Path) -> Result<String, PathFault> {
        self.text_of(path, LARGEST_FILE)
    }

    /// The text of the file at `path`, which may hold `most` bytes.
    ///
    /// # Errors
    /// Why it can't be read.
    pub fn text_of(&self, path: &Path, most: u64) -> Result<String, PathFault> {
        String::from_utf8(self.bytes(path, most)?).map_err(|_| PathFault::NoText)
    }

    /// The file that is written for `path`: what it leads to, inside of the book. It need not be there.
    ///
    /// # Errors
    /// Why it may not be written.
    pub fn written(&self, path: &Path) -> Result<PathBuf, PathFault> {
        let to = resolved(&self.root.join(path));
        let Ok(inside) = to.strip_prefix(&self.root) else {
            return Err(PathFault::WrittenOutside { to });
        };
        if let Some(name) = history(inside) {
            return Err(PathFault::History(name));
        }
        match to.metadata() {
            Ok(known) if !known.is_file() => Err(PathFault::NoFile(kind(&known))),
            // A link that leads nowhere would be written through, too.
            Err(_) if to.is_symlink() => Err(PathFault::Link),
            _ => Ok(to),
        }
    }

    /// As [`BookFiles::written`], for a file of the program's own: where a link stands, nothing is written.
    ///
    /// # Errors
    /// Why it may not be written.
    pub fn written_itself(&self, path: &Path) -> Result<PathBuf, PathFault> {
        if self.root.join(path).is_symlink() {
            return Err(PathFault::Link);
        }
        self.written(path)
    }

    /// Makes sure that everything in the folder at `path` may be read, as mdBook does: through links.
    ///
    /// # Errors
    /// What may not be, relative to `path`, and why.
    pub fn check_tree(&self, path: &Path) -> Result<(), String> {
        let folder = self.find(path).map_err(|why| why.to_string())?;
        let entries = WalkDir::new(&folder).follow_links(true);
        for (count, entry) in entries.into_iter().enumerate() {
            let entry = entry.map_err(|error| match error.loop_ancestor() {
                Some(_) => "it holds a link to a folder above that link".to_owned(),
                None => error.to_string(),
            })?;
            if count > MOST_ENTRIES {
                return Err(format!(
                    "it holds more than {MOST_ENTRIES} files, links followed"
                ));
            }
            let inside = entry.path().strip_prefix(&folder).unwrap_or(entry.path());
            let told = |why: PathFault| format!("`{}` in it: {why}", slashed(inside));
            if entry.path_is_symlink() {
                let found = entry.path().canonicalize().map_err(|e| told(e.into()))?;
                self.may_read(&found).map_err(told)?;
            } else if entry.file_type().is_dir()
                && let Some(name) = history(inside)
            {
                return Err(told(PathFault::History(name)));
            }
        }
        Ok(())
    }
}

impl Loader for BookFiles {
    fn load(&self, path: &Path) -> Result<String, String> {
        self.text(path).map_err(|why| why.to_string())
    }

    fn folder(&self, path: &Path) -> Result<Vec<FolderFile>, String> {
        let folder = match self.find(path) {
            Ok(folder) if folder.is_dir() => folder,
            Ok(_) | Err(PathFault::Missing) => return Err("no such folder".to_owned()),
            Err(why) => return Err(why.to_string()),
        };
        let mut files = Vec::new();
        let mut size = 0;
        let entries = WalkDir::new(&folder).sort_by_file_name().into_iter();
        // A sample may be a repository of its own; its history is no part of it.
        let entries =
            entries.filter_entry(|entry| !is_history(&entry.file_name().to_string_lossy()));
        for (count, entry) in entries.enumerate() {
            let entry = entry.map_err(|error| error.to_string())?;
            if count > MOST_ENTRIES {
                return Err(format!("it holds more than {MOST_ENTRIES} files"));
            }
            let inside = entry.path().strip_prefix(&folder).unwrap_or(entry.path());
            let inside = inside.to_string_lossy().replace('\\', "/");
            let kind = entry.file_type();
            if kind.is_dir() {
                continue;
            }
            // A link could lead out of the book, to files that aren't the author's to publish.
            if !kind.is_file() {
                return Err(format!(
                    "`{inside}` in it is a link or a device: only files can be copied"
                ));
            }
            let told = |why: PathFault| match why {
                PathFault::TooLarge(_) => {
                    format!("it holds more than {} MiB", LARGEST_FOLDER / 1024 / 1024)
                }
                why => format!("`{inside}`: {why}"),
            };
            let known = entry
                .metadata()
                .map_err(|error| told(io::Error::from(error).into()))?;
            let content = read(entry.path(), LARGEST_FOLDER - size).map_err(told)?;
            size += content.len() as u64;
            files.push(FolderFile {
                path: inside,
                content,
                executable: system::is_executable(&known),
            });
        }
        Ok(files)
    }
}

/// The bytes of the ordinary file at `path`, which is no link, if there are no more than `most`.
fn read(path: &Path, most: u64) -> Result<Vec<u8>, PathFault> {
    // A socket can't even be opened.
    let before = path.symlink_metadata().map_err(PathFault::of)?;
    if !before.is_file() {
        return Err(PathFault::NoFile(kind(&before)));
    }
    let file: File = system::careful().open(path).map_err(PathFault::of)?;
    let known = file.metadata().map_err(PathFault::of)?;
    if !known.is_file() {
        return Err(PathFault::NoFile(kind(&known)));
    }
    let length = usize::try_from(known.len().min(most)).unwrap_or_default();
    let mut bytes = Vec::with_capacity(length + 1);
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(PathFault::TooLarge(most));
    }
    Ok(bytes)
}

/// What something is that is no file, in words.
fn kind(known: &Metadata) -> &'static str {
    let kind = known.file_type();
    if kind.is_dir() {
        "a folder"
    } else if kind.is_symlink() {
        "a link"
    } else {
        system::special(known)
    }
}

fn is_history(name: &str) -> bool {
    HISTORIES
        .iter()
        .any(|history| name.eq_ignore_ascii_case(history))
}

/// The part of `path` that is version control's own.
fn history(path: &Path) -> Option<String> {
    up_to(path, is_history)
}

/// The part of `path` that is hidden.
fn hidden(path: &Path) -> Option<String> {
    up_to(path, |name| name.starts_with('.'))
}

/// The path up to its first part whose name is `wanted`.
fn up_to(path: &Path, wanted: impl Fn(&str) -> bool) -> Option<String> {
    let mut done = PathBuf::new();
    for component in path.components() {
        done.push(component);
        if let Component::Normal(name) = component
            && wanted(&name.to_string_lossy())
        {
            return Some(slashed(&done));
        }
    }
    None
}

/// The path as the file system has it, as far as it exists, and the rest worked out by name.
pub(crate) fn resolved(path: &Path) -> PathBuf {
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
