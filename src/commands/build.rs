//! `seaworthy build`: the site, through mdBook as a library.

use std::io::{self, ErrorKind, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::Result;
use mdbook::MDBook;
use mdbook_seaworthy::{LastCheck, Seaworthy, check_build_dir, of_other_versions};
use seaworthy_blocks::render;

use crate::book::Book;
use crate::exit::{Exit, Usage};

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
        .with_writer(std::io::stderr)
        .without_time()
        .with_target(false)
        .try_init();
}

/// Builds the site of `book` where its configuration says, and gives the folder of the HTML.
///
/// # Errors
/// If the folder holds what no build made, or mdBook fails.
pub(super) fn site(book: Book) -> Result<PathBuf> {
    let mut others = of_other_versions(&book.root, &book.config);
    let last = LastCheck::read(&book.root).map_err(unbuilt)?;
    others.extend(last.doubt().cloned());
    let others = book.as_shown(others);
    if !others.is_empty() {
        let styled = std::io::stderr().is_terminal();
        crate::errln!("{}\n", render(&others, styled));
    }
    let Book {
        root,
        mut config,
        pages,
        ..
    } = book;
    // mdBook reads the chapters itself; memory that is free again is memory that it needn't ask for.
    drop(pages);
    check_build_dir(&root, &config).map_err(Usage)?;
    // A chapter that is missing was reported; a build never writes into the sources.
    config.build.create_missing = false;
    let mut mdbook = MDBook::load_with_config(&root, config).map_err(unbuilt)?;
    // The book's warnings were told when it was read.
    mdbook.with_preprocessor(Seaworthy::new(|_| ()));
    mdbook.build().map_err(unbuilt)?;
    Ok(mdbook.build_dir_for("html"))
}

/// Why mdBook made no site: it is the book that is to be mended, unless the system refused something.
fn unbuilt(error: anyhow::Error) -> anyhow::Error {
    let said = "the site can't be built";
    let refused = |error: &io::Error| {
        !matches!(
            error.kind(),
            ErrorKind::NotFound | ErrorKind::InvalidData | ErrorKind::InvalidInput
        )
    };
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref());
    if causes.any(refused) {
        error.context(said)
    } else {
        error.context(Usage(said.to_owned()))
    }
}
