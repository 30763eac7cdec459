//! Folders of the book that a page has in its machine.

use std::ops::Range;
use std::path::Path;

use seaworthy_blocks::Fault;
use sha2::Digest;

use super::PageReader;
use crate::CopiedFolder;
use crate::fingerprint::hash;

impl PageReader<'_> {
    /// Reads the folder that the settings at `top` name.
    pub(super) fn copy(&mut self, folder: &str, top: &Range<usize>) {
        let files = match self.loader.folder(Path::new(folder)) {
            Ok(files) => files,
            Err(why) => {
                self.faults.push(
                    Fault::error(top.clone(), format!("can't copy `{folder}`: {why}"))
                        .help("name a folder of the book, from the folder that holds `book.toml`"),
                );
                return;
            }
        };
        let mut parts = folder.split('/').filter(|part| !matches!(*part, "" | "."));
        let name = parts.next_back().unwrap_or_default().to_owned();
        if self.copied.iter().any(|other| other.name == name) {
            self.faults.push(
                Fault::error(top.clone(), format!("two copied folders are called `{name}`"))
                    .help("the machine has both in one folder: rename one, or copy the folder that holds both"),
            );
        }
        for file in &files {
            let mode = if file.executable {
                "executable"
            } else {
                "file"
            };
            hash(&mut self.chain, &["copy", &name, &file.path, mode]);
            self.chain.update((file.content.len() as u64).to_le_bytes());
            self.chain.update(&file.content);
            if is_dockerfile(&file.path)
                && let Ok(content) = std::str::from_utf8(&file.content)
            {
                self.images.dockerfile(content, top.start);
            }
        }
        self.copied.push(CopiedFolder { name, files });
    }
}

/// Whether a file of this path tells how to build an image.
pub(super) fn is_dockerfile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.contains("Dockerfile")
}
