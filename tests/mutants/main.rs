//! Mutants: a page with one thing changed must not hold any more. Each is run for real, as `seaworthy check` would.
//!
//! `make mutants BOOK=. SEED=1 COUNT=200` tries as many of any book and prints the score and what survived; a small
//! sample of this repository's book is tried with the other tests.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod equivalent;
mod looks;
mod mutation;
mod random;
mod trial;
mod words;

use std::collections::BTreeMap;
use std::path::Path;

use mdbook_seaworthy::BookFiles;
use seaworthy::book::Book;

use mutation::{Kind, Mutant};
use random::Random;
use trial::{Fate, Log};

/// Mutants of a book: those to run, and those that mean the same and were met on the way.
struct Sample {
    chosen: Vec<Mutant>,
    equivalent: Vec<Mutant>,
}

/// Chooses `count` mutants, as many of each page and kind as can be.
fn sample(book: &Book, seed: u64, count: usize) -> Sample {
    let mut random = Random::new(seed);
    let mut groups: BTreeMap<(&str, Kind), Vec<Mutant>> = BTreeMap::new();
    for page in &book.pages {
        for mutant in mutation::mutants(page) {
            groups
                .entry((&page.file, mutant.kind))
                .or_default()
                .push(mutant);
        }
    }
    let mut groups: Vec<Vec<Mutant>> = groups.into_values().collect();
    groups.iter_mut().for_each(|group| random.shuffle(group));
    let files = BookFiles::new(&book.root, &book.settings.read_also);
    let mut sample = Sample {
        chosen: Vec::new(),
        equivalent: Vec::new(),
    };
    while sample.chosen.len() < count && groups.iter().any(|group| !group.is_empty()) {
        for mutant in groups.iter_mut().filter_map(Vec::pop) {
            let page = book.page(&book.shown(&mutant.file)).unwrap();
            if equivalent::is_equivalent(page, &mutant, &files, &book.settings) {
                sample.equivalent.push(mutant);
            } else if sample.chosen.len() < count {
                sample.chosen.push(mutant);
            }
        }
    }
    sample
}

fn is_killed(fate: &Fate) -> bool {
    !matches!(fate, Fate::Survived(_))
}

/// Prints the score by page and kind, what survived, and what was not run.
fn tell(sample: &Sample, fates: &[Fate]) {
    let tried = || sample.chosen.iter().zip(fates);
    let mut scores: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (mutant, fate) in tried() {
        for key in [mutant.file.clone(), format!("{}", mutant.kind)] {
            let (killed, all) = scores.entry(key).or_default();
            *killed += usize::from(is_killed(fate));
            *all += 1;
        }
    }
    println!("\nfound, of those tried:");
    for (key, (killed, all)) in scores {
        println!("  {killed:>4} of {all:<4} {key}");
    }
    println!(
        "\nnot run, as they mean the same by the rules of matching: {}",
        sample.equivalent.len()
    );
    for mutant in &sample.equivalent {
        println!("  {mutant}");
    }
    println!("\nsurvivors:");
    for (mutant, fate) in tried() {
        if let Fate::Survived(left) = fate {
            println!("  {mutant}\n      {}", reason(mutant, left));
        }
    }
    let killed = fates.iter().filter(|fate| is_killed(fate)).count();
    let refused = fates
        .iter()
        .filter(|fate| matches!(fate, Fate::Refused))
        .count();
    println!(
        "\n{killed} of {} mutants found, {refused} of them malformed and so before any run",
        fates.len()
    );
}

/// Why a mutant survived, as far as that is known.
fn reason(mutant: &Mutant, left: &[String]) -> String {
    match mutant.kind {
        _ if !left.is_empty() => {
            format!(
                "what a page leaves behind is noted, not failed: {}",
                left.join(", ")
            )
        }
        Kind::Order => {
            "true in this order too: each command was run and printed what is shown".to_owned()
        }
        Kind::Omitted => "true without it: nothing that follows is about what it does".to_owned(),
        _ => "no reason known: the page proves too little, or the matcher lets it pass".to_owned(),
    }
}

fn tell_one(nth: usize, mutant: &Mutant, fate: &Fate) {
    match fate {
        Fate::Failed(message) => println!("{nth:>4} found    {mutant}\n              {message}"),
        Fate::Refused => println!("{nth:>4} refused  {mutant}"),
        Fate::Survived(_) => println!("{nth:>4} SURVIVED {mutant}"),
    }
}

/// How many mutants are tried with the other tests.
const SMALL: usize = 15;

/// The sample that is tried with the other tests, from as many pages as can be. No change of what is printed may
/// survive; of what is typed, one in three may mean the same.
#[test]
fn a_small_sample_is_found() {
    let book = Book::load(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut sample = sample(&book, 1, 10 * SMALL);
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let most_of_a_page = SMALL.div_ceil(book.pages.len()).max(2);
    sample.chosen.retain(|mutant| {
        let may_mean_the_same = matches!(mutant.kind, Kind::Order | Kind::Omitted);
        let of_page = taken.get(&mutant.file).copied().unwrap_or_default();
        let of_kind = taken
            .get(&mutant.kind.to_string())
            .copied()
            .unwrap_or_default();
        if may_mean_the_same || of_page >= most_of_a_page || of_kind >= SMALL / 5 {
            return false;
        }
        for key in [mutant.file.clone(), mutant.kind.to_string()] {
            *taken.entry(key).or_default() += 1;
        }
        true
    });
    sample.chosen.truncate(SMALL);
    assert!(sample.chosen.len() >= 10, "{}", sample.chosen.len());
    let fates = trial::try_all(&book.root, &sample.chosen, &Log::none(), tell_one);
    let run = fates.iter().filter(|fate| !matches!(fate, Fate::Refused));
    assert!(run.count() >= 10, "too many are malformed: see above");
    let (printed, typed): (Vec<_>, Vec<_>) = sample
        .chosen
        .iter()
        .zip(&fates)
        .partition(|(mutant, _)| mutant.kind.is_of_output());
    let alive = |of: &[(&Mutant, &Fate)]| of.iter().filter(|(_, fate)| !is_killed(fate)).count();
    assert_eq!(
        alive(&printed),
        0,
        "printed text that may be anything: see above"
    );
    assert!(
        3 * alive(&typed) <= typed.len(),
        "too many survived: see above"
    );
}

/// As many as the variables say: `MUTANTS_BOOK`, `MUTANTS_SEED`, `MUTANTS_COUNT`; gone on with where `MUTANTS_LOG` ends.
#[test]
#[ignore = "takes many minutes: make mutants"]
fn many() {
    let variable = |name: &str, default: &str| std::env::var(name).unwrap_or(default.to_owned());
    let number = |name, default| variable(name, default).parse::<u64>().unwrap();
    let root = variable("MUTANTS_BOOK", env!("CARGO_MANIFEST_DIR"));
    let book = Book::load(Path::new(&root)).unwrap();
    let (seed, count) = (number("MUTANTS_SEED", "1"), number("MUTANTS_COUNT", "200"));
    let sample = sample(&book, seed, usize::try_from(count).unwrap());
    println!("seed {seed}: {} mutants", sample.chosen.len());
    let log = match std::env::var_os("MUTANTS_LOG") {
        Some(path) => Log::at(path.into()),
        None => Log::none(),
    };
    trial::check_unchanged(&book.root);
    let fates = trial::try_all(&book.root, &sample.chosen, &log, tell_one);
    tell(&sample, &fates);
}
