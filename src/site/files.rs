//! The files of a site.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Explain, SystemError};

/// The text of the file `name` of the folder `site`.
///
/// # Errors
/// What the system said.
pub(super) fn read(site: &Path, name: &str) -> Result<String, SystemError> {
    fs::read_to_string(site.join(name)).or_system(|| format!("can't read `{name}` of the site"))
}

/// Writes the file `name` into the folder `site`.
///
/// # Errors
/// What the system said.
pub(super) fn write(site: &Path, name: &str, content: &[u8]) -> Result<(), SystemError> {
    fs::write(site.join(name), content).or_system(|| format!("can't write `{name}` into the site"))
}

/// The name for a file of this content: browsers may keep it for ever, since another content has another name.
pub(super) fn hashed(stem: &str, extension: &str, content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    let hash: String = digest[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{stem}-{hash}.{extension}")
}
