//! `seaworthy build`: the site, through mdBook as a library.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use mdbook::MDBook;
use mdbook::config::Config;
use mdbook_seaworthy::{
    LastCheck, NAME, Seaworthy, archives, check_site, of_other_versions, remove_unfinished,
};

use crate::book::Book;
use crate::exit::{Exit, Usage};
use crate::output::{Stderr, rendered};

pub(super) fn run(root: &Path, only_ours: bool) -> Result<Exit> {
    tell_warnings();
    let mut book = Book::load(root)?;
    if only_ours {
        let others = leave_out_others(&mut book.config)?;
        if !others.is_empty() {
            crate::errln!("left out: {}", others.join(", "));
        }
    }
    let site = site(book)?;
    let site = site.strip_prefix(".").unwrap_or(&site);
    let first = site.join("index.html");
    let built = if first.is_file() { &first } else { site };
    crate::outln!("built {}", built.display());
    Ok(Exit::Holds)
}

/// Takes everything out of the configuration that is a program of somebody else's, and gives their names: mdBook runs what
/// `book.toml` names as a preprocessor or as an output.
///
/// # Errors
/// If mdBook doesn't understand its tables.
pub(super) fn leave_out_others(config: &mut Config) -> Result<Vec<String>> {
    let mut others = Vec::new();
    let mut preprocessors = config.preprocessors::<serde_json::Value>()?;
    preprocessors.retain(|name, _| {
        let ours = [NAME, "links", "index"].contains(&name.as_str());
        if !ours {
            others.push(format!("the preprocessor `{name}`"));
        }
        ours
    });
    let mut outputs = config.outputs::<serde_json::Value>()?;
    outputs.retain(|name, _| {
        let ours = ["html", "markdown"].contains(&name.as_str());
        if !ours {
            others.push(format!("the output `{name}`"));
        }
        ours
    });
    config.set("preprocessor", preprocessors)?;
    config.set("output", outputs)?;
    Ok(others)
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
    let mut others = of_other_versions(&book.files, &book.config);
    let last = LastCheck::read(&book.files).map_err(unbuilt)?;
    others.extend(last.doubt().cloned());
    let others = book.as_shown(others);
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
    let archives = archives(&config.book.src, &pages).map_err(Usage)?;
    // mdBook reads the chapters itself; memory that is free again is memory that it needn't ask for.
    drop(pages);
    check_site(&files, &config).map_err(Usage)?;
    // A chapter that is missing was reported; a build never writes into the sources.
    config.build.create_missing = false;
    let mut mdbook = MDBook::load_with_config(&root, config).map_err(unbuilt)?;
    // The book's warnings were told when it was read.
    mdbook.with_preprocessor(Seaworthy::new(|_| ()).publishing_archives());
    let site = mdbook.build_dir_for("html");
    if let Err(error) = mdbook.build() {
        remove_unfinished(&site)
            .with_context(|| format!("can't remove half a site from `{}`", site.display()))?;
        return Err(unbuilt(error));
    }
    publish(&site, archives)?;
    Ok(site)
}

/// Writes the archives of the book's pages into its site.
///
/// # Errors
/// If a file of the book's has the place of one, or it can't be written.
fn publish(site: &Path, archives: BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    for (path, bytes) in archives {
        let target = site.join(&path);
        let shown = path.display();
        if target.exists() {
            return Err(Usage(format!(
                "the book has a file of its own where the archive `{shown}` is to be published: rename one of them"
            ))
            .into());
        }
        fs::write(&target, bytes).with_context(|| format!("can't write the archive `{shown}`"))?;
    }
    Ok(())
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
