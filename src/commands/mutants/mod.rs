//! `seaworthy mutants`: pages with one thing changed are checked. Would the page notice?

mod fate;
mod log;
mod told;
mod trial;
mod watcher;

use std::collections::HashMap;
use std::sync::Arc;

use seaworthy_machine::DEFAULT_VERSION;
use seaworthy_mutants::sample;
use seaworthy_page::{Page, Version};

use crate::cli::{ListFormat, MutantsArguments, SetArguments};
use crate::error::{NothingRun, Result};
use crate::exit::Exit;

use super::check::{selected, something_runs};
use super::interrupts::Interrupts;
use super::loaded::Named;
use super::runtime;

use self::log::Log;
use self::told::Score;
use self::trial::{Came, Trials};

pub(super) fn run(arguments: &MutantsArguments) -> Result<Exit> {
    let named = Named::new(&arguments.names);
    let names = named.pages();
    let book = named.load(&SetArguments::default())?;
    let pages = selected(&book, names)?;
    something_runs(&pages, !names.is_empty())?;
    let every: Vec<&Page> = pages.iter().map(Arc::as_ref).collect();
    let sample = sample(
        &every,
        (&book.files, &book.settings),
        &newest(),
        arguments.seed,
        arguments.count,
    );
    if sample.chosen.is_empty() && sample.equivalent.is_empty() {
        return Err(NothingRun::nothing_there().into());
    }
    let log = Log::open(&book, arguments.fresh)?;
    let originals: HashMap<_, _> = pages
        .iter()
        .map(|page| (page.file.as_str(), page))
        .collect();
    let trials = Trials {
        book: &book,
        originals: &originals,
        jobs: arguments.jobs.map(usize::from),
        machine: seaworthy_machine::MachineOptions {
            runtime: arguments.start.runtime(),
            ..Default::default()
        },
        tells: arguments.format == ListFormat::Pretty,
    };
    let work = async {
        let mut interrupts = Interrupts::listen()?;
        trials.all(&sample.chosen, log, &mut interrupts).await
    };
    let fates = match runtime::start()?.block_on(work)? {
        Came::Fates(fates) => fates,
        Came::NotHolding => return Ok(Exit::Fails),
        Came::Interrupted => return Ok(Exit::Interrupted),
    };
    let score = Score::new(arguments.seed, &sample, &fates);
    match arguments.format {
        ListFormat::Pretty => score.print(),
        ListFormat::Json => score.print_json()?,
    }
    let too_few = score.too_few_found(arguments.least_found);
    let too_many = score.too_many_equivalent(arguments.most_equivalent);
    for why in too_few.iter().chain(&too_many) {
        crate::errln!("{why}");
    }
    Ok(match (too_few, too_many) {
        (None, None) => Exit::Holds,
        _ => Exit::Fails,
    })
}

/// The engine of machines that nobody chose, as new as it can be.
fn newest() -> Version {
    // A constant of ours; a page that is meant for no version has no mutants, which is told.
    let major = DEFAULT_VERSION.parse().unwrap_or_default();
    Version::new(major, u64::MAX, 0)
}
