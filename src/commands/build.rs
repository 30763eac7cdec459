//! `seaworthy build`: the site, through mdBook as a library.

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use mdbook::MDBook;
use mdbook_seaworthy::{Seaworthy, check_build_dir};

use crate::book::Book;
use crate::exit::Exit;

pub(super) fn run(root: &Path) -> Result<Exit> {
    // mdBook reports its own warnings as events.
    let _ = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .with_writer(std::io::stderr)
        .without_time()
        .with_target(false)
        .try_init();
    let book = Book::load(root)?;
    check_build_dir(root, &book.config).map_err(|message| anyhow!(message))?;
    let mut config = book.config;
    // A chapter that is missing was reported; a build never writes into the sources.
    config.build.create_missing = false;
    let mut mdbook = MDBook::load_with_config(root, config)?;
    // The book's warnings were told when it was read.
    mdbook.with_preprocessor(Seaworthy::new(|_| ()));
    mdbook.build().context("the site can't be built")?;
    let site = mdbook.build_dir_for("html");
    let site = site.strip_prefix(".").unwrap_or(&site);
    anstream::println!("built {}", site.join("index.html").display());
    Ok(Exit::Holds)
}
