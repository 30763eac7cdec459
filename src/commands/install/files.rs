//! The style sheets and scripts of a book: which are written, and which are left alone.

use std::path::{Path, PathBuf};

use mdbook_seaworthy::{BookFiles, PathFault};

use crate::assets::{ASSETS, Asset, Found, Part};
use crate::error::{Explain, Result, Unwritten, Usage};
use crate::files::write_whole;

/// The files that a book is to have.
pub(super) struct Files<'a> {
    root: &'a Path,
    /// Their folder, relative to the root.
    folder: &'a str,
    /// What stands in the place of each.
    found: Vec<(&'static Asset, Found)>,
    /// Where each is written, links followed.
    targets: Vec<PathBuf>,
}

impl<'a> Files<'a> {
    /// What is in `folder` of the book at `root`; with `look`, the files for the look of the whole site are wanted even if
    /// the book has none of them.
    ///
    /// # Errors
    /// If a file that is there can't be read, or can't be written where it is.
    pub(super) fn of(
        root: &'a Path,
        files: &BookFiles,
        folder: &'a str,
        look: bool,
    ) -> Result<Self, Usage> {
        let mut found = Vec::new();
        let mut targets = Vec::new();
        for asset in &ASSETS {
            let path = Path::new(folder).join(asset.name);
            let shown = root.join(&path);
            let text = match files.text(&path) {
                Ok(text) => Some(text),
                Err(PathFault::Missing) => None,
                Err(why) => Err(why).or_usage(|| format!("can't read `{}`", shown.display()))?,
            };
            if text.is_some() || asset.part == Part::Blocks || look {
                let target = files.written(&path);
                targets.push(target.or_usage(|| format!("can't write `{}`", shown.display()))?);
                found.push((asset, asset.compare(text.as_deref())));
            }
        }
        Ok(Self {
            root,
            folder,
            found,
            targets,
        })
    }

    /// Those that the book must name.
    pub(super) fn wanted(&self) -> Vec<&'static Asset> {
        self.found.iter().map(|(asset, _)| *asset).collect()
    }

    /// Says what comes of each, and whether anything is to be written.
    pub(super) fn tell(&self, dry_run: bool) -> bool {
        let mut written = false;
        for (asset, found) in &self.found {
            let path = self.path(asset);
            let path = path.display();
            let (writes, updates) = if dry_run {
                ("would write", "would update")
            } else {
                ("wrote", "updated")
            };
            match found {
                Found::Missing => crate::outln!("{writes} {path}"),
                Found::Old => crate::outln!("{updates} {path}"),
                Found::Current => {}
                Found::Newer(version) => crate::errln!(
                    "warning: left alone: {path} is of Seaworthy {version}, newer than this one ({})",
                    env!("CARGO_PKG_VERSION")
                ),
                Found::Own => crate::errln!(
                    "warning: left alone: {path} was edited; to get this version's, move it away and run this again"
                ),
            }
            written |= is_written(found);
        }
        written
    }

    /// Writes what is missing or old.
    ///
    /// # Errors
    /// The first file that can't be written.
    pub(super) fn write(&self) -> Result<(), Unwritten> {
        for ((asset, found), target) in self.found.iter().zip(&self.targets) {
            if is_written(found) {
                write_whole(target, &asset.installed())?;
            }
        }
        Ok(())
    }

    fn path(&self, asset: &Asset) -> PathBuf {
        let path = self.root.join(self.folder).join(asset.name);
        path.strip_prefix(".")
            .map(Path::to_path_buf)
            .unwrap_or(path)
    }
}

fn is_written(found: &Found) -> bool {
    matches!(found, Found::Missing | Found::Old)
}
