//! `seaworthy build`: the site, through mdBook as a library.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use mdbook::MDBook;
use mdbook::config::Config;
use mdbook::errors;
use mdbook_seaworthy::{
    Faults, LastCheck, LastCheckError, NAME, Notes, PathFault, Seaworthy, SiteError, archives,
    check_site, empty, of_other_versions, remove_unfinished,
};

use super::loaded::loaded;
use seaworthy_blocks::Diagnostic;

use crate::book::{Book, shown};
use crate::error::{CommandError, Explain, Result, SystemError, Usage};
use crate::exit::Exit;
use crate::output::{Stderr, rendered};
use crate::site::Site;

pub(super) fn run(root: &Path, only_ours: bool) -> Result<Exit> {
    tell_warnings();
    let mut book = loaded(root)?;
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
pub(super) fn leave_out_others(config: &mut Config) -> Result<Vec<String>, Usage> {
    let unusable = || "book.toml can't be used".to_owned();
    let mut others = Vec::new();
    let mut preprocessors = config
        .preprocessors::<serde_json::Value>()
        .or_usage(unusable)?;
    preprocessors.retain(|name, _| {
        let ours = [NAME, "links", "index"].contains(&name.as_str());
        if !ours {
            others.push(format!("the preprocessor `{name}`"));
        }
        ours
    });
    let mut outputs = config.outputs::<serde_json::Value>().or_usage(unusable)?;
    outputs.retain(|name, _| {
        let ours = ["html", "markdown"].contains(&name.as_str());
        if !ours {
            others.push(format!("the output `{name}`"));
        }
        ours
    });
    let set = config.set("preprocessor", preprocessors);
    set.and_then(|()| config.set("output", outputs))
        .or_usage(unusable)?;
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
    let last = LastCheck::read(&book.files).map_err(|error| unbuilt(error.into()))?;
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
    check_site(&files, &config).map_err(Usage)?;
    // A chapter that is missing was reported; a build never writes into the sources.
    config.build.create_missing = false;
    let finished = Site::take_over(&mut config)?;
    let mut mdbook = MDBook::load_with_config(&root, config).map_err(unbuilt_by_mdbook)?;
    // The book's warnings were told when it was read.
    let notes = Notes::default();
    let seaworthy = Seaworthy::new(|_| ())
        .publishing_archives()
        .noting(&notes)
        .knowing(pages);
    let failure = seaworthy.failure();
    mdbook.with_preprocessor(seaworthy);
    let site = mdbook.build_dir_for("html");
    let half = || format!("can't remove half a site from `{}`", site.display());
    if let Err(error) = mdbook.build() {
        remove_unfinished(&site).or_system(half)?;
        return Err(match failure.take() {
            Some(ours) => unbuilt(ours),
            None => unbuilt_by_mdbook(error),
        });
    }
    let finish = || {
        publish(&site, archives)?;
        finished.finish(&site, &notes.take())
    };
    if let Err(error) = finish() {
        // The site of before went when mdBook began.
        empty(&site).or_system(half)?;
        return Err(as_shown(error, &root));
    }
    Ok(site)
}

/// The error, with the files of its faults as they are reached from the current folder.
fn as_shown(error: CommandError, root: &Path) -> CommandError {
    match error {
        CommandError::Faults(Faults(faults)) => {
            let faults = faults.into_iter().map(|fault| Diagnostic {
                file: shown(root, &fault.file),
                ..fault
            });
            Faults(faults.collect()).into()
        }
        error => error,
    }
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
        fs::write(&target, bytes).or_system(|| format!("can't write the archive `{shown}`"))?;
    }
    Ok(())
}

const UNBUILT: &str = "the site can't be built";

/// What is said of a site that the preprocessor couldn't make the book ready for.
fn unbuilt(error: SiteError) -> CommandError {
    match error {
        SiteError::Faults(faults) => faults.into(),
        SiteError::Report(LastCheckError::Unread(PathFault::System(why))) if is_refusal(&why) => {
            let error = LastCheckError::Unread(PathFault::System(why));
            refused(&error)
        }
        SiteError::Report(_)
        | SiteError::Settings(_)
        | SiteError::Template(_)
        | SiteError::Refused(_) => Usage(format!("{UNBUILT}: {error}")).into(),
    }
}

/// Why mdBook made no site: it is the book that is to be mended, unless the system refused something. mdBook's errors have
/// no types; whether one of the system's is among the causes is all that can be asked.
fn unbuilt_by_mdbook(error: errors::Error) -> CommandError {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref());
    if causes.any(is_refusal) {
        refused(&format!("{error:#}"))
    } else {
        Usage(format!("{UNBUILT}: {error:#}")).into()
    }
}

fn refused(why: &dyn std::fmt::Display) -> CommandError {
    SystemError {
        doing: UNBUILT.to_owned(),
        why: why.to_string(),
    }
    .into()
}

/// Whether the system refused something, and it isn't that what the book names isn't there or makes no sense.
fn is_refusal(error: &io::Error) -> bool {
    !matches!(
        error.kind(),
        ErrorKind::NotFound | ErrorKind::InvalidData | ErrorKind::InvalidInput
    )
}
