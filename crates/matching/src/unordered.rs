//! Places the author's lines in the output in any order: each line of the one is a line of the other. Enter at
//! [`place`].

use std::collections::{HashMap, VecDeque};

use super::alignment::Row;
use super::lines::Comparer;
use super::nearest;
use super::text::{self, Item};

/// The rows of the alignment; `...` takes what is left of the output. What finds no place is aligned as it stands.
pub(super) fn place(comparer: &mut Comparer<'_>, items: &[Item], found: &[usize]) -> Vec<Row> {
    // Blank lines tell where others stand, which does not count.
    let (expected, actual) = (&comparer.sides.expected, &comparer.sides.actual);
    let says = |item: &&Item| !expected.text(item.index()).trim().is_empty();
    let items: Vec<Item> = items.iter().filter(says).copied().collect();
    let says = |at: &usize| !actual.text(*at).trim().is_empty();
    let found: Vec<usize> = found.iter().copied().filter(says).collect();
    let lines = items
        .iter()
        .filter(|item| matches!(item, Item::Line(_)))
        .map(|item| item.index());
    let mut free = Free::new(comparer, &found);
    let mut rows = Vec::with_capacity(items.len());
    // Lines that are the same to the letter are most likely the same, then those of one shape. Shapes do not tell all, so
    // what is left is tried against all that is left.
    let mut left: Vec<usize> = lines.collect();
    for round in [Round::Text, Round::Shape, Round::Any] {
        free.forget_taken(round);
        left.retain(|e| match free.take(round, comparer, *e) {
            Some(a) => {
                rows.push(Row::held(*e, a));
                false
            }
            None => true,
        });
    }
    let mut left: Vec<Item> = left.into_iter().map(Item::Line).collect();
    let rest: Vec<usize> = found.iter().copied().filter(|a| free.is_free(*a)).collect();
    let wilds = items.iter().filter(|item| matches!(item, Item::Wild(_)));
    let first_wild = items.iter().position(|item| matches!(item, Item::Wild(_)));
    if left.is_empty() && first_wild.is_some() {
        for (nth, wild) in wilds.enumerate() {
            let taken = if nth == 0 { 0..rest.len() } else { 0..0 };
            rows.push(text::swallowed(wild.index(), &rest, taken));
        }
    } else {
        left.extend(wilds);
        rows.extend(nearest::align(comparer, &left, &rest));
    }
    rows
}

/// The lines of the output that no printed line has taken.
struct Free {
    taken: Vec<bool>,
    by_text: HashMap<u64, VecDeque<usize>>,
    by_shape: HashMap<u64, VecDeque<usize>>,
    all: VecDeque<usize>,
}

impl Free {
    fn new(comparer: &Comparer<'_>, found: &[usize]) -> Self {
        let mut free = Free {
            taken: vec![false; found.iter().max().map_or(0, |last| last + 1)],
            by_text: HashMap::new(),
            by_shape: HashMap::new(),
            all: found.iter().copied().collect(),
        };
        for a in found {
            let actual = &comparer.sides.actual;
            free.by_text
                .entry(actual.text_hash(*a))
                .or_default()
                .push_back(*a);
            free.by_shape
                .entry(actual.shape(*a))
                .or_default()
                .push_back(*a);
        }
        free
    }

    fn is_free(&self, a: usize) -> bool {
        !self.taken[a]
    }

    /// Before the last round: looks no more at lines that are taken.
    fn forget_taken(&mut self, round: Round) {
        if round == Round::Any {
            self.all.retain(|a| !self.taken[*a]);
        }
    }

    /// Takes the first free line of the output that matches a printed one.
    fn take(&mut self, round: Round, comparer: &mut Comparer<'_>, e: usize) -> Option<usize> {
        let expected = &comparer.sides.expected;
        let lines = match round {
            Round::Text => self.by_text.get_mut(&expected.text_hash(e))?,
            Round::Shape => self.by_shape.get_mut(&expected.shape(e))?,
            Round::Any => &mut self.all,
        };
        while lines.front().is_some_and(|a| self.taken[*a]) {
            lines.pop_front();
        }
        if comparer.exhausted() {
            return None;
        }
        let at = lines
            .iter()
            .position(|a| !self.taken[*a] && comparer.holds(e, *a))?;
        let found = lines.remove(at)?;
        self.taken[found] = true;
        Some(found)
    }
}

/// Which lines of the output are tried for a printed one.
#[derive(Clone, Copy, PartialEq)]
enum Round {
    Text,
    Shape,
    Any,
}
