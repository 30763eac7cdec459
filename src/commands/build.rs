//! `seaworthy build`: the site, through mdBook as a library.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use mdbook::MDBook;
use mdbook_seaworthy::{Seaworthy, check_site, of_other_versions};

use crate::book::Book;
use crate::exit::Exit;
use crate::output::{Stderr, rendered};

pub(super) fn run(root: &Path) -> Result<Exit> {
    tell_warnings();
    let site = site(Book::load(root)?)?;
    let site = site.strip_prefix(".").unwrap_or(&site);
    crate::outln!("built {}", site.join("index.html").display());
    Ok(Exit::Holds)
}

/// Lets mdBook's own warnings, which it reports as events, be seen on stderr.
pub(super) fn tell_warnings() {
    let _ = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .with_ansi(false)
        .with_writer(Stderr::default)
        .without_time()
        .with_target(false)
        .try_init();
}

/// Builds the site of `book` where its configuration says, and gives the folder of the HTML.
///
/// # Errors
/// If the folder holds what no build made, or mdBook fails.
pub(super) fn site(book: Book) -> Result<PathBuf> {
    let others = book.as_shown(of_other_versions(&book.files, &book.config));
    if !others.is_empty() {
        crate::errln!("{}\n", rendered(&others));
    }
    let Book {
        root,
        mut config,
        pages,
        files,
        ..
    } = book;
    // mdBook reads the chapters itself; memory that is free again is memory that it needn't ask for.
    drop(pages);
    check_site(&files, &config).map_err(|message| anyhow!(message))?;
    // A chapter that is missing was reported; a build never writes into the sources.
    config.build.create_missing = false;
    let mut mdbook = MDBook::load_with_config(&root, config)?;
    // The book's warnings were told when it was read.
    mdbook.with_preprocessor(Seaworthy::new(|_| ()));
    mdbook.build().context("the site can't be built")?;
    Ok(mdbook.build_dir_for("html"))
}
