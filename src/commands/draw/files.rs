//! The files and the environment of this computer, for a Compose project.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use seaworthy_network::{Loader, Unread};

/// What names standard input in the place of a file.
pub(super) const STANDARD_INPUT: &str = "-";
/// The most that a file may hold, in bytes.
const LARGEST: u64 = 8 * 1024 * 1024;

/// Reads files, and remembers which.
#[derive(Default)]
pub(super) struct Files {
    read: RefCell<Vec<PathBuf>>,
}

impl Files {
    /// The files that were read.
    pub(super) fn read(&self) -> Vec<PathBuf> {
        self.read.borrow().clone()
    }
}

impl Loader for Files {
    fn read(&self, path: &str) -> Result<String, Unread> {
        let text = if path == STANDARD_INPUT {
            text(io::stdin().lock())
        } else {
            // It may be a pipe: `<(docker compose config)`.
            let file = File::open(path);
            file.and_then(|file| {
                self.read.borrow_mut().push(path.into());
                text(file)
            })
        };
        text.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Unread::Missing,
            io::ErrorKind::InvalidData => Unread::Refused("it is no text in UTF-8".to_owned()),
            _ => Unread::Refused(error.to_string()),
        })
    }

    fn variable(&self, name: &str) -> Option<String> {
        // A name that no environment can have is asked for, too.
        if name.is_empty() || name.contains(['=', '\0']) {
            return None;
        }
        std::env::var(name).ok()
    }
}

fn text(from: impl Read) -> io::Result<String> {
    let mut text = String::new();
    from.take(LARGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST {
        let said = format!("it holds more than {} MiB", LARGEST / 1024 / 1024);
        return Err(io::Error::other(said));
    }
    Ok(text)
}
