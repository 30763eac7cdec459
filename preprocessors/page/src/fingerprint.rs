//! Hashing what is run, so that an edit is noticed.

use sha2::{Digest, Sha256};

/// Feeds the parts to a hasher so that no two lists of parts give the same bytes.
pub(crate) fn hash(hasher: &mut Sha256, parts: &[&str]) {
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
}

/// The first 32 digits of the hash: enough to tell edits apart.
pub(crate) fn hex(hasher: Sha256) -> String {
    let digest = hasher.finalize();
    digest.iter().take(16).map(|b| format!("{b:02x}")).collect()
}
