//! What is said of mutants: each as it ends, and the sums.

use std::collections::BTreeMap;

use seaworthy_mutants::{Kind, Mutant, Rule, Sample};
use serde::Serialize;

use crate::error::{Explain, SystemError};
use crate::output::json;

use super::fate::Fate;

/// Tells what became of a mutant.
pub(super) fn tell(mutant: &Mutant, fate: &Fate) {
    match fate {
        Fate::Found { message } => crate::outln!("found     {mutant}\n            {message}"),
        Fate::Refused { message } => crate::outln!("refused   {mutant}\n            {message}"),
        Fate::Equivalent { rule } => crate::outln!("the same  {mutant}\n            {rule}"),
        Fate::Survived { .. } => crate::outln!("SURVIVED  {mutant}"),
    }
}

/// What became of a book's mutants.
#[derive(Serialize)]
pub(super) struct Score<'a> {
    seed: u64,
    summary: Summary,
    mutants: Vec<Tried<'a>>,
}

#[derive(Clone, Copy, Default, Serialize)]
struct Summary {
    /// How many were drawn, those included that no run could tell from their pages.
    drawn: usize,
    /// Those that were refused included.
    found: usize,
    refused: usize,
    equivalent: usize,
    survived: usize,
}

#[derive(Serialize)]
struct Tried<'a> {
    file: &'a str,
    line: usize,
    kind: Kind,
    change: &'a str,
    #[serde(flatten)]
    fate: Fate,
    #[serde(skip)]
    mutant: &'a Mutant,
}

impl Summary {
    fn count(&mut self, fate: &Fate) {
        self.drawn += 1;
        match fate {
            Fate::Found { .. } => self.found += 1,
            Fate::Refused { .. } => {
                self.found += 1;
                self.refused += 1;
            }
            Fate::Equivalent { .. } => self.equivalent += 1,
            Fate::Survived { .. } => self.survived += 1,
        }
    }
}

impl<'a> Score<'a> {
    /// The score of a sample that `seed` chose, in which each mutant that was run has one of `fates`.
    pub(super) fn new(seed: u64, sample: &'a Sample, fates: &[Fate]) -> Self {
        let matching = Fate::Equivalent {
            rule: Rule::Matching,
        };
        let same = sample.equivalent.iter().map(|it| (it, &matching));
        let mut score = Self {
            seed,
            summary: Summary::default(),
            mutants: Vec::new(),
        };
        for (mutant, fate) in sample.chosen.iter().zip(fates).chain(same) {
            score.summary.count(fate);
            score.mutants.push(Tried {
                file: &mutant.file,
                line: mutant.line,
                kind: mutant.kind,
                change: &mutant.what,
                fate: fate.clone(),
                mutant,
            });
        }
        score
    }

    /// Prints the sums by page and kind, what is equivalent, and what survived.
    pub(super) fn print(&self) {
        let mut sums: BTreeMap<String, Summary> = BTreeMap::new();
        for tried in &self.mutants {
            for key in [tried.file.to_owned(), tried.kind.to_string()] {
                sums.entry(key).or_default().count(&tried.fate);
            }
        }
        crate::outln!("\nfound, equivalent, survived:");
        for (key, sum) in sums {
            let (found, equivalent, survived) = (sum.found, sum.equivalent, sum.survived);
            crate::outln!("  {found:>4} {equivalent:>4} {survived:>4}  {key}");
        }
        let mut equivalent: Vec<_> = self.mutants.iter().filter_map(Tried::rule).collect();
        equivalent.sort_by_key(|(rule, _)| *rule);
        if !equivalent.is_empty() {
            crate::outln!("\nequivalent, since nothing false is said:");
        }
        for (rule, mutant) in equivalent {
            crate::outln!("  {mutant}\n      {rule}");
        }
        if self.summary.survived > 0 {
            crate::outln!("\nsurvived:");
        }
        for tried in &self.mutants {
            if let Fate::Survived { differences } = &tried.fate {
                crate::outln!("  {}", tried.mutant);
                for line in differences {
                    crate::outln!("      {line}");
                }
            }
        }
        let Summary {
            drawn,
            found,
            refused,
            equivalent,
            survived,
        } = self.summary;
        crate::outln!(
            "\n{drawn} drawn: {found} found ({refused} of them malformed, and so before any run), {equivalent} equivalent, {survived} survived"
        );
    }

    /// Prints it as JSON.
    ///
    /// # Errors
    /// If there is something in it that JSON can't hold.
    pub(super) fn print_json(&self) -> Result<(), SystemError> {
        let text = serde_json::to_string_pretty(self);
        let text = text.or_system(|| "can't write the mutants".to_owned())?;
        crate::outln!("{}", json(&text));
        Ok(())
    }

    /// That less than `percent` of those that aren't equivalent were found, if so.
    pub(super) fn too_few_found(&self, percent: u8) -> Option<String> {
        let Summary {
            found, survived, ..
        } = self.summary;
        (100 * found < usize::from(percent) * (found + survived)).then(|| {
            format!(
                "{found} of {} were found, less than {percent}%",
                found + survived
            )
        })
    }

    /// That more than `percent` of all that were drawn are equivalent, if so.
    pub(super) fn too_many_equivalent(&self, percent: u8) -> Option<String> {
        let Summary {
            equivalent, drawn, ..
        } = self.summary;
        (100 * equivalent > usize::from(percent) * drawn)
            .then(|| format!("{equivalent} of {drawn} are equivalent, more than {percent}%"))
    }
}

impl<'a> Tried<'a> {
    fn rule(&self) -> Option<(Rule, &'a Mutant)> {
        match self.fate {
            Fate::Equivalent { rule } => Some((rule, self.mutant)),
            _ => None,
        }
    }
}
