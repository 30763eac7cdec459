//! Mutants: a page with one thing changed must not hold any more. Each is run for real, as `seaworthy check` would.
//!
//! `make mutants BOOK=. SEED=1 COUNT=200` tries as many of any book and prints the score and what survived; a small

//! sample of this repository's book is tried with the other tests.

mod equivalent;
mod looks;
mod mutation;
mod state;
mod trial;
mod values;
#[path = "../../../crates/matching/tests/matching/words.rs"]
mod words;

use std::collections::BTreeMap;
use std::path::Path;

use mdbook_seaworthy::BookFiles;
use seaworthy::book::Book;

use crate::random::Random;
use equivalent::Rule;
use mutation::{Kind, Mutant};
use trial::{Fate, Log};

/// Mutants of a book: those to run, and those that mean the same and were met on the way.
struct Sample {
    chosen: Vec<Mutant>,
    equivalent: Vec<Mutant>,
}

/// Chooses `count` mutants, as many of each page and kind as can be.
fn sample(book: &Book, seed: u64, count: usize) -> Sample {
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
    // Each in an order of its own: what is changed on one page leaves the others' samples as they are.
    for (group, own) in groups.iter_mut().zip(0..) {
        Random::new(seed ^ (own << 32)).shuffle(group);
    }
    let files = BookFiles::new(&book.root, &book.settings.read_also);
    let mut sample = Sample {
        chosen: Vec::new(),
        equivalent: Vec::new(),
    };
    while sample.chosen.len() < count && groups.iter().any(|group| !group.is_empty()) {
        for mutant in groups.iter_mut().filter_map(Vec::pop) {
            let page = book.page(&book.shown(&mutant.file)).unwrap();
            let is_same = |mutant: &Mutant| {
                equivalent::is_same_to_matching(page, mutant, &files, &book.settings)
            };
            let mutant = match mutant.misshapen.clone() {
                Some(other) if is_same(&mutant) => *other,
                _ => mutant,
            };
            if is_same(&mutant) {
                sample.equivalent.push(mutant);
            } else if sample.chosen.len() < count {
                sample.chosen.push(mutant);
            }
        }
    }
    sample
}

/// What must be found of the mutants that no rule calls equivalent, in percent.
const FOUND: usize = 98;

/// What may be equivalent of all mutants that were drawn, in percent.
const EQUIVALENT: usize = 10;

/// Prints the score by page and kind, what survived, and what is equivalent, by which rule.
fn tell(sample: &Sample, fates: &[Fate]) {
    let tried = || sample.chosen.iter().zip(fates);
    let mut scores: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let mut all = [0; 3];
    for (mutant, fate) in tried() {
        let column = match fate {
            Fate::Failed(_) | Fate::Refused => 0,
            Fate::Equivalent(_) => 1,
            Fate::Survived(_) => 2,
        };
        for key in [mutant.file.clone(), mutant.kind.to_string()] {
            scores.entry(key).or_default()[column] += 1;
        }
        all[column] += 1;
    }
    println!("\nfound, equivalent, survived:");
    for (key, [found, equivalent, survived]) in scores {
        println!("  {found:>4} {equivalent:>4} {survived:>4}  {key}");
    }
    println!("\nequivalent:");
    let by_matching = sample.equivalent.iter().map(|it| (Rule::Matching, it));
    let by_run = tried().filter_map(|(mutant, fate)| match fate {
        Fate::Equivalent(rule) => Some((*rule, mutant)),
        _ => None,
    });
    let mut equivalent: Vec<_> = by_matching.chain(by_run).collect();
    equivalent.sort_by_key(|(rule, _)| *rule);
    for (rule, mutant) in &equivalent {
        println!("  {mutant}\n      {rule}");
    }
    println!("\nsurvivors:");
    for (mutant, fate) in tried() {
        if let Fate::Survived(differences) = fate {
            println!("  {mutant}\n      {}", differences.join("\n      "));
        }
    }
    let refused = fates.iter().filter(|fate| matches!(fate, Fate::Refused));
    let drawn = fates.len() + sample.equivalent.len();
    let [found, _, survived] = all;
    println!(
        "\n{drawn} mutants drawn: {found} found ({} of them malformed and so before any run), {} equivalent, {survived} survived",
        refused.count(),
        equivalent.len()
    );
    assert!(
        100 * found >= FOUND * (found + survived),
        "less than {FOUND}% of those that aren't equivalent were found"
    );
    assert!(
        100 * equivalent.len() <= EQUIVALENT * drawn,
        "more than {EQUIVALENT}% are equivalent"
    );
}

fn tell_one(nth: usize, mutant: &Mutant, fate: &Fate) {
    match fate {
        Fate::Failed(message) => println!("{nth:>4} found    {mutant}\n              {message}"),
        Fate::Refused => println!("{nth:>4} refused  {mutant}"),
        Fate::Equivalent(rule) => println!("{nth:>4} the same {mutant}\n              {rule}"),
        Fate::Survived(_) => println!("{nth:>4} SURVIVED {mutant}"),
    }
}

/// How many mutants are tried with the other tests.
const SMALL: usize = 15;

/// The sample that is tried with the other tests, from as many pages as can be: none survives.
#[test]
fn a_small_sample_is_found() {
    crate::support::engine::needed();
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
    let survived = fates
        .iter()
        .filter(|fate| matches!(fate, Fate::Survived(_)));
    assert_eq!(survived.count(), 0, "not found: see above");
}

/// As many as the variables say: `MUTANTS_BOOK`, `MUTANTS_SEED`, `MUTANTS_COUNT`; gone on with where `MUTANTS_LOG` ends.
#[test]
#[ignore = "takes many minutes: make mutants"]
fn many() {
    crate::support::engine::needed();
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
