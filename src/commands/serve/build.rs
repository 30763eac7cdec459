//! One build after the other: the last good site, and what is wrong now.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use mdbook_seaworthy::BookFiles;
use seaworthy_report::PATH as REPORT;
use tempfile::TempDir;

use crate::book::Book;
use crate::commands::loaded::loaded;
use crate::commands::watch::Sources;
use crate::error::{Explain, Result};

/// A built site.
#[derive(Debug)]
pub(in crate::commands) struct Site {
    /// The folder of its pages.
    pub(in crate::commands) html: PathBuf,
    /// Goes with the site.
    _folder: TempDir,
}

/// What readers are shown.
#[derive(Debug)]
pub(in crate::commands) struct Served {
    /// Names the build; another than the page was made by means that it is out of date.
    pub(in crate::commands) build: String,
    /// The last good site; none before the first.
    pub(in crate::commands) site: Option<Arc<Site>>,
    /// Why there is no newer one, as a person reads it on a terminal.
    pub(in crate::commands) fault: Option<String>,
}

/// Builds a book again and again.
pub(in crate::commands) struct Builder {
    root: PathBuf,
    /// Whether no program that the book names is run.
    only_ours: bool,
    /// Where the sites are put.
    folder: PathBuf,
    /// Keeps the builds of one `serve` apart from those of another.
    started: u128,
    builds: usize,
    site: Option<Arc<Site>>,
}

impl Builder {
    /// A builder of the book at `root`, which puts each site into a folder of its own in `folder`.
    pub(in crate::commands) fn new(root: &Path, folder: &Path, only_ours: bool) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            root: root.to_path_buf(),
            only_ours,
            folder: folder.to_path_buf(),
            started: now.unwrap_or_default().as_nanos(),
            builds: 0,
            site: None,
        }
    }

    /// Builds the book as it is now. A book that can't be built leaves the last good site.
    ///
    /// # Errors
    /// If there is no book, or no room for a site.
    pub(in crate::commands) fn build(&mut self) -> Result<(Served, Sources)> {
        if !self.root.join("book.toml").is_file() {
            // Says so in its own words.
            loaded(&self.root)?;
        }
        let folder = TempDir::new_in(&self.folder);
        let folder = folder.or_system(|| "can't make a folder for the site".to_owned())?;
        let mut sources = self.least();
        let built = loaded(&self.root).and_then(|mut book| {
            sources = self.sources(&book);
            book.config.build.build_dir = folder.path().join("site");
            // Its page for what isn't found must work here, wherever the site will stand.
            let set = book.config.set("output.html.site-url", "/");
            set.or_usage(|| "book.toml can't be used".to_owned())?;
            if self.only_ours {
                crate::commands::build::leave_out_others(&mut book.config)?;
            }
            crate::commands::build::site(book)
        });
        let fault = match built {
            Ok(html) => {
                self.builds += 1;
                self.site = Some(Arc::new(Site {
                    html,
                    _folder: folder,
                }));
                None
            }
            Err(error) => Some(error.told(false)),
        };
        let state = Served {
            build: format!("{}-{}", self.started, self.builds),
            site: self.site.clone(),
            fault,
        };
        Ok((state, sources))
    }

    /// What is watched even if the book can't be read.
    fn least(&self) -> Sources {
        let mut sources = Sources::least(&self.root);
        sources.trees.insert(self.root.join("theme"));
        sources.keep_readable(&BookFiles::new(&self.root, &[]));
        sources
    }

    fn sources(&self, book: &Book) -> Sources {
        let html = book.config.html_config().unwrap_or_default();
        let mut sources = Sources::of_pages(book);
        sources.trees.insert(html.theme_dir(&self.root));
        sources.keep_readable(&book.files);
        let extra = book.config.build.extra_watch_dirs.iter();
        sources.trees.extend(extra.map(|path| self.root.join(path)));
        // What the site is given may stand elsewhere.
        let given = html.additional_css.into_iter().chain(html.additional_js);
        for file in given.chain([PathBuf::from(REPORT)]) {
            sources.add_file(&self.root.join(file));
        }
        sources
    }
}
