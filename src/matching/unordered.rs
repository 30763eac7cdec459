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
    // Lines that are the same to the letter are most likely the same.
    let (mut rest, mut left) = (Vec::new(), Vec::new());
    for e in lines {
        match free.same(comparer, e) {
            Some(a) => rows.push(Row::held(e, a)),
            None => rest.push(e),
        }
    }
    for e in rest {
        match free.like(comparer, e) {
            Some(a) => rows.push(Row::held(e, a)),
            None => left.push(Item::Line(e)),
        }
    }
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

    fn same(&mut self, comparer: &mut Comparer<'_>, e: usize) -> Option<usize> {
        let hash = comparer.sides.expected.text_hash(e);
        take(&mut self.taken, self.by_text.get_mut(&hash)?, comparer, e)
    }

    /// A line of the same shape, or, as shapes do not tell all, any line that matches.
    fn like(&mut self, comparer: &mut Comparer<'_>, e: usize) -> Option<usize> {
        let shape = comparer.sides.expected.shape(e);
        let alike = self
            .by_shape
            .get_mut(&shape)
            .and_then(|lines| take(&mut self.taken, lines, comparer, e));
        alike.or_else(|| take(&mut self.taken, &mut self.all, comparer, e))
    }
}

/// Takes the first of `lines` that is free and matches.
fn take(
    taken: &mut [bool],
    lines: &mut VecDeque<usize>,
    comparer: &mut Comparer<'_>,
    e: usize,
) -> Option<usize> {
    while lines.front().is_some_and(|a| taken[*a]) {
        lines.pop_front();
    }
    let found = lines
        .iter()
        .copied()
        .find(|a| !comparer.exhausted() && !taken[*a] && comparer.holds(e, *a))?;
    taken[found] = true;
    Some(found)
}
