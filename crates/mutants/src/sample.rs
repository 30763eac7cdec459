//! Which mutants of a book are tried. Enter at [`sample`].

use std::collections::BTreeMap;
use std::path::Path;

use seaworthy_page::{BookSettings, Loader, Page, Version};

use crate::equivalent::is_same_to_matching;
use crate::mutation::mutants;
use crate::{Kind, Mutant, Random};

/// Mutants of a book: those to run, and those that mean the same to the rules of matching and were met on the way.
#[derive(Debug, Default)]
pub struct Sample {
    /// To be run.
    pub chosen: Vec<Mutant>,
    /// [`Rule::Matching`](crate::Rule::Matching): no run could tell them from their pages.
    pub equivalent: Vec<Mutant>,
}

/// Chooses at most `count` mutants of `pages` as they are run on `engine`, as many of each page and each kind as can be:
/// the same ones for the same `seed`.
pub fn sample(
    pages: &[&Page],
    (loader, settings): (&dyn Loader, &BookSettings),
    engine: &Version,
    seed: u64,
    count: usize,
) -> Sample {
    let mut order = pages.to_vec();
    Random::new(seed).shuffle(&mut order);
    // A page's mutants are made when its turn comes: of a large book few pages are asked.
    let mut left: Vec<(&Page, Option<Vec<Mutant>>)> =
        order.into_iter().map(|page| (page, None)).collect();
    let mut sample = Sample::default();
    while sample.chosen.len() < count && !left.is_empty() {
        left.retain_mut(|(page, own)| {
            if sample.chosen.len() == count {
                return true;
            }
            let own = own.get_or_insert_with(|| mixed(mutants(page, engine), &page.file, seed));
            let Some(mutant) = own.pop() else {
                return false;
            };
            let is_same = |mutant: &Mutant| {
                let file = Path::new(&page.file);
                let text = mutant.text(page);
                mutant.kind.is_of_output()
                    && Page::load_as(file, Some(&text), loader, settings)
                        .is_ok_and(|changed| is_same_to_matching(page, &changed))
            };
            match tried_in_its_place(mutant, is_same) {
                Ok(mutant) => sample.chosen.push(mutant),
                Err(mutant) => sample.equivalent.push(*mutant),
            }
            true
        });
    }
    sample
}

/// The mutant, or where that means the same, its misshapen one.
///
/// # Errors
/// With a mutant of which there is none that means something else.
fn tried_in_its_place(
    mut mutant: Mutant,
    is_same: impl Fn(&Mutant) -> bool,
) -> Result<Mutant, Box<Mutant>> {
    if !is_same(&mutant) {
        return Ok(mutant);
    }
    match mutant.misshapen.take() {
        Some(other) if is_same(&other) => Err(other),
        Some(other) => Ok(*other),
        None => Err(Box::new(mutant)),
    }
}

/// The mutants of the page `file` in an order of chance, in which the kinds take turns. It is the page's own: what is
/// changed on one page leaves the others' samples as they are.
fn mixed(mutants: Vec<Mutant>, file: &str, seed: u64) -> Vec<Mutant> {
    let own = file
        .bytes()
        .fold(seed, |own, byte| own.rotate_left(7) ^ u64::from(byte));
    let mut random = Random::new(own);
    let mut kinds: BTreeMap<Kind, Vec<Mutant>> = BTreeMap::new();
    for mutant in mutants {
        kinds.entry(mutant.kind).or_default().push(mutant);
    }
    let mut kinds: Vec<_> = kinds.into_values().collect();
    random.shuffle(&mut kinds);
    kinds.iter_mut().for_each(|of_kind| random.shuffle(of_kind));
    let mut mixed = Vec::new();
    while !kinds.is_empty() {
        kinds.retain_mut(|of_kind| {
            mixed.extend(of_kind.pop());
            !of_kind.is_empty()
        });
    }
    // They are taken from its end.
    mixed.reverse();
    mixed
}

#[cfg(test)]
mod tests {
    use super::*;
    use seaworthy_page::FolderFile;

    struct One(&'static str);

    impl Loader for One {
        fn load(&self, _: &Path) -> Result<String, String> {
            Ok(self.0.to_owned())
        }

        fn folder(&self, _: &Path) -> Result<Vec<FolderFile>, String> {
            Err("there is none".to_owned())
        }
    }

    fn of(text: &'static str, seed: u64, count: usize) -> Sample {
        let (loader, settings) = (One(text), BookSettings::default());
        let page = Page::load(Path::new("src/a.md"), &loader, &settings).unwrap();
        let engine = Version::new(28, 0, 0);
        sample(&[&page], (&loader, &settings), &engine, seed, count)
    }

    fn told(mutants: &[Mutant]) -> Vec<String> {
        mutants.iter().map(ToString::to_string).collect()
    }

    const PAGE: &str = "```console\n$ docker network create front\n0123456789ab0123456789ab0123456789ab0123456789ab0123456789abcde0\n$ docker run -d --name web --network front nginx:1.30\n$ docker ps --format '{{.Names}} {{.Status}}'\nweb Up 2 seconds\n```\n";

    #[test]
    fn a_seed_fixes_the_sample() {
        let (one, again, other) = (of(PAGE, 1, 8), of(PAGE, 1, 8), of(PAGE, 2, 8));
        assert_eq!(told(&one.chosen), told(&again.chosen));
        assert_ne!(told(&one.chosen), told(&other.chosen));
        assert_eq!(one.chosen.len(), 8);
    }

    #[test]
    fn each_kind_has_its_turn() {
        let kinds: std::collections::BTreeSet<_> =
            of(PAGE, 1, 7).chosen.iter().map(|it| it.kind).collect();
        assert!(kinds.len() >= 5, "{kinds:?}");
    }

    #[test]
    fn an_id_may_be_any_and_what_is_no_id_is_tried_instead() {
        let all = of(PAGE, 1, 1000);
        let of_id = |it: &&Mutant| it.line == 3 && it.kind == Kind::PrintedNumber;
        let tried: Vec<_> = all.chosen.iter().filter(of_id).collect();
        assert_eq!(tried.len(), 1);
        assert!(tried[0].what.contains("bcdeq`"), "{}", tried[0].what);
    }

    #[test]
    fn the_change_is_the_only_one() {
        let page = Page::load(Path::new("src/a.md"), &One(PAGE), &BookSettings::default()).unwrap();
        for mutant in of(PAGE, 1, 1000).chosen {
            let text = mutant.text(&page);
            assert_ne!(text, PAGE, "{mutant}");
            assert!(text.ends_with(&PAGE[PAGE.len() - mutant.settled.behind..]));
        }
    }
}
