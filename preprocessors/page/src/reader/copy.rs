//! Folders of the book that a page has in its machine: copied before it begins, or unpacked from an archive.

use std::ops::Range;
use std::path::Path;

use seaworthy_blocks::{Attribute, Block, Fault, FaultCode};

use super::PageReader;
use crate::attributes::of_archive;
use crate::settings::is_inside;
use crate::{ArchiveStep, CopiedFolder, Step};

impl PageReader<'_> {
    /// Reads the folder that the settings at `top` name.
    pub(super) fn copy(&mut self, folder: &str, top: &Range<usize>) {
        let Some(copied) = self.folder(folder, "copy", top) else {
            return;
        };
        if self.copied.iter().any(|other| other.name == copied.name) {
            let message = format!("two copied folders are called `{}`", copied.name);
            self.faults.push(Fault::error(FaultCode::FolderNameTaken, top.clone(), message).help(
                "the machine has both in one folder: rename one, or copy the folder that holds both",
            ));
        }
        self.copied.push(copied);
    }

    /// Reads a block that names the folder of an archive.
    pub(super) fn archive(&mut self, block: &Block, attributes: &[Attribute]) {
        let said = attributes.iter().find(|a| a.key == "on");
        let span = said.map_or(0..0, |on| on.span.clone());
        let on = match of_archive(attributes) {
            Ok(on) => on,
            Err(faults) => return self.faults.extend(faults),
        };
        let mut lines = block.lines.iter().filter(|l| !l.text.trim().is_empty());
        let (Some(line), None) = (lines.next(), lines.next()) else {
            let fence = block.range.start..block.info.end;
            self.faults.push(
                Fault::error(FaultCode::InvalidFolder, fence, "an archive is made of one folder")
                    .help("name it on a line of its own, from the folder that holds `book.toml`, as in `samples/app`"),
            );
            return;
        };
        let folder = line.text.trim().trim_end_matches('/');
        let begin = line.start + line.text.len() - line.text.trim_start().len();
        let place = begin..begin + folder.len();
        if !is_inside(folder) {
            self.faults.push(
                Fault::error(
                    FaultCode::InvalidFolder,
                    place,
                    format!("`{folder}` is no folder inside the book"),
                )
                .help("name a folder below the one that holds `book.toml`, as in `samples/app`"),
            );
            return;
        }
        let Some(machine) = self.machine(on.as_deref(), &span) else {
            return;
        };
        let unpacked_on = on.as_deref().unwrap_or_default();
        self.chain.add("archive", &[("on", unpacked_on.as_bytes())]);
        if let Some(content) = self.folder(folder, "archive", &place) {
            self.steps.push(Step::Archive(ArchiveStep {
                place: self.source.place(block.range.start),
                range: block.range.clone(),
                prefix: block.prefix.clone(),
                machine,
                folder: folder.to_owned(),
                content,
            }));
        }
    }

    /// The files of a folder that is named at `span`, noted as something that the page depends on.
    fn folder(&mut self, folder: &str, verb: &str, span: &Range<usize>) -> Option<CopiedFolder> {
        let files = match self.loader.folder(Path::new(folder)) {
            Ok(files) => files,
            Err(why) => {
                let message = format!("can't {verb} `{folder}`: {why}");
                self.faults.push(
                    Fault::error(FaultCode::UnreadableFolder, span.clone(), message)
                        .help("name a folder of the book, from the folder that holds `book.toml`"),
                );
                return None;
            }
        };
        let mut parts = folder.split('/').filter(|part| !matches!(*part, "" | "."));
        let name = parts.next_back().unwrap_or_default().to_owned();
        for file in &files {
            let executable = if file.executable { "true" } else { "" };
            let parts = [
                ("folder", name.as_bytes()),
                ("path", file.path.as_bytes()),
                ("executable", executable.as_bytes()),
                ("content", &file.content[..]),
            ];
            self.chain.add("copied file", &parts);
            if is_dockerfile(&file.path)
                && let Ok(content) = std::str::from_utf8(&file.content)
            {
                self.images.dockerfile(content, span.start);
            }
        }
        Some(CopiedFolder { name, files })
    }
}

/// Whether a file of this path tells how to build an image.
pub(super) fn is_dockerfile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.contains("Dockerfile")
}
