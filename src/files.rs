//! Files that are written whole, one writer at a time.

use std::fs;
use std::path::Path;

use crate::error::Unwritten;

/// Writes a file so that a reader sees the old one or the new one, whole. A link stays one; what is
/// no ordinary file, such as a pipe, is written to.
///
/// # Errors
/// What the system said; the old file stays.
pub(crate) fn write_whole(path: &Path, text: &str) -> Result<(), Unwritten> {
    let unwritten = |why| Unwritten {
        path: path.to_path_buf(),
        why,
    };
    let target = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let known = fs::metadata(&target).ok();
    if known.as_ref().is_some_and(|known| !known.is_file()) {
        return fs::write(&target, text).map_err(unwritten);
    }
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(unwritten)?;
    }
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", std::process::id()));
    let temporary = target.with_file_name(name);
    let written = fs::write(&temporary, text)
        .and_then(|()| match &known {
            Some(known) => fs::set_permissions(&temporary, known.permissions()),
            None => Ok(()),
        })
        .and_then(|()| fs::rename(&temporary, &target));
    written.map_err(|why| {
        // What was half-made goes; why it failed is the news.
        let _ = fs::remove_file(&temporary);
        unwritten(why)
    })
}

/// Waits for one's turn to change the file at `path`, among all that do so by this function; it lasts as long as the value.
///
/// # Errors
/// If the file that says whose turn it is can't be made.
pub(crate) fn lock(path: &Path) -> Result<fs::File, Unwritten> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".lock");
    let path = path.with_file_name(name);
    let taken = || -> std::io::Result<_> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = fs::File::options().create(true).append(true).open(&path)?;
        file.lock()?;
        Ok(file)
    };
    taken().map_err(|why| Unwritten {
        path: path.clone(),
        why,
    })
}
