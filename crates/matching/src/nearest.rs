//! The nearest alignment of lines that do not match: which line of the author's belongs to which of the output.
//!
//! Enter at [`align`]. Small stretches are aligned by the least cost; long ones are first cut at lines that occur once
//! on either side, and what has no such line is paired in order. So the cost stays near the number of lines.

use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;

use super::alignment::{Row, State};
use super::lines::Comparer;
use super::text::{self, Item};

/// The largest stretch, in pairs of lines, that is aligned by the least cost.
const LARGEST: usize = 20_000;

/// The most pairs of lines that are aligned by the least cost in all stretches together.
const LARGEST_IN_ALL: usize = 50_000;

/// How often a stretch is cut again at lines that occur once in it.
const DEEPEST: usize = 32;

/// What a pair of the alignment is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Pair(usize, usize),
    Missing(usize),
    Extra(usize),
}

/// The rows of the nearest alignment, with marks where lines differ and notes of what values stand for.
pub(super) fn align(comparer: &mut Comparer<'_>, items: &[Item], found: &[usize]) -> Vec<Row> {
    let shapes = Shapes::new(comparer, items, found);
    let mut steps = Vec::with_capacity(items.len() + found.len());
    shapes.align(
        comparer,
        items,
        found,
        (0..items.len(), 0..found.len()),
        0,
        &mut steps,
    );
    let mut rows: Vec<Row> = Vec::with_capacity(steps.len());
    // Where the last `...` stands among the rows, as long as it can take lines.
    let mut open: Option<(usize, Range<usize>)> = None;
    let mut next = 0;
    for step in steps {
        match step {
            Step::Missing(i) | Step::Pair(i, _) if matches!(items[i], Item::Wild(_)) => {
                open = Some((rows.len(), next..next));
                rows.push(text::swallowed(items[i].index(), found, next..next));
            }
            Step::Extra(j) => {
                next = j + 1;
                match &mut open {
                    Some((row, range)) => {
                        range.end = next;
                        let wild = rows[*row].author.unwrap_or_default();
                        rows[*row] = text::swallowed(wild, found, range.clone());
                    }
                    None => rows.push(Row {
                        marks: comparer.unprinted(found[j]).into_iter().collect(),
                        ..Row::of(None, Some(found[j]), State::Extra)
                    }),
                }
            }
            Step::Missing(i) => {
                open = None;
                let e = items[i].index();
                rows.push(Row {
                    marks: comparer.missing(e).into_iter().collect(),
                    ..Row::of(Some(e), None, State::Missing)
                });
            }
            Step::Pair(i, j) => {
                open = None;
                next = j + 1;
                rows.push(pair(comparer, items[i].index(), found[j]));
            }
        }
    }
    rows
}

fn pair(comparer: &mut Comparer<'_>, e: usize, a: usize) -> Row {
    let mut row = Row::held(e, a);
    if !comparer.holds(e, a) {
        row.state = State::Differs;
        row.marks = comparer.marks(e, a);
        row.notes = comparer.notes(e);
    }
    row
}

/// The shapes of all lines: lines of one shape match but for what is bound. `...` has none.
struct Shapes {
    printed: Vec<Option<u64>>,
    found: Vec<u64>,
    /// How many pairs may still be aligned by the least cost.
    left: Cell<usize>,
}

impl Shapes {
    fn new(comparer: &Comparer<'_>, items: &[Item], found: &[usize]) -> Self {
        let shape = |item: &Item| match item {
            Item::Line(at) => Some(comparer.sides.expected.shape(*at)),
            Item::Wild(_) => None,
        };
        Shapes {
            printed: items.iter().map(shape).collect(),
            found: found
                .iter()
                .map(|at| comparer.sides.actual.shape(*at))
                .collect(),
            left: Cell::new(LARGEST_IN_ALL),
        }
    }

    /// Whether a stretch of so many pairs may be aligned by the least cost; it counts as if it were.
    fn is_small(&self, pairs: usize) -> bool {
        let small = pairs <= LARGEST && pairs <= self.left.get();
        if small {
            self.left.set(self.left.get() - pairs);
        }
        small
    }

    fn same(&self, i: usize, j: usize) -> bool {
        self.printed[i] == Some(self.found[j])
    }

    fn align(
        &self,
        comparer: &Comparer<'_>,
        items: &[Item],
        found: &[usize],
        (mut is, mut js): (Range<usize>, Range<usize>),
        depth: usize,
        steps: &mut Vec<Step>,
    ) {
        while !is.is_empty() && !js.is_empty() && self.same(is.start, js.start) {
            steps.push(Step::Pair(is.start, js.start));
            is.start += 1;
            js.start += 1;
        }
        let mut tail = 0;
        while is.len() > tail && js.len() > tail && self.same(is.end - 1 - tail, js.end - 1 - tail)
        {
            tail += 1;
        }
        let (i_end, j_end) = (is.end, js.end);
        is.end -= tail;
        js.end -= tail;
        if is.is_empty() || js.is_empty() {
            steps.extend(is.map(Step::Missing));
            steps.extend(js.map(Step::Extra));
        } else if is.len() == 1 && js.len() == 1 && self.is_text(comparer, items, found, (&is, &js))
        {
            // One line stands where another is printed, however unlike they are.
            steps.push(Step::Pair(is.start, js.start));
        } else if self.is_small(is.len().saturating_mul(js.len())) {
            self.least_cost(comparer, items, found, is, js, steps);
        } else {
            let anchors = self.anchors(is.clone(), js.clone());
            if anchors.is_empty() || depth > DEEPEST {
                self.in_order(is, js, steps);
            } else {
                for (i, j) in anchors {
                    self.align(
                        comparer,
                        items,
                        found,
                        (is.start..i, js.start..j),
                        depth + 1,
                        steps,
                    );
                    steps.push(Step::Pair(i, j));
                    is.start = i + 1;
                    js.start = j + 1;
                }
                self.align(comparer, items, found, (is, js), depth + 1, steps);
            }
        }
        steps.extend(
            (0..tail)
                .rev()
                .map(|k| Step::Pair(i_end - 1 - k, j_end - 1 - k)),
        );
    }

    /// Whether the first lines of two stretches say something, and are none of a table, where a row more or less says more.
    fn is_text(
        &self,
        comparer: &Comparer<'_>,
        items: &[Item],
        found: &[usize],
        (is, js): (&Range<usize>, &Range<usize>),
    ) -> bool {
        let Item::Line(e) = items[is.start] else {
            return false;
        };
        let (sides, a) = (&comparer.sides, found[js.start]);
        let says = |text: &str| !text.trim().is_empty();
        says(sides.expected.text(e)) && says(sides.actual.text(a)) && !sides.are_rows(e, a)
    }

    /// The longest run of pairs in order among the shapes that occur once on either side.
    fn anchors(&self, is: Range<usize>, js: Range<usize>) -> Vec<(usize, usize)> {
        let mut seen: HashMap<u64, (usize, usize, usize, usize)> = HashMap::new();
        for i in is {
            if let Some(shape) = self.printed[i] {
                let entry = seen.entry(shape).or_default();
                *entry = (entry.0 + 1, i, entry.2, entry.3);
            }
        }
        for j in js {
            if let Some(entry) = seen.get_mut(&self.found[j]) {
                *entry = (entry.0, entry.1, entry.2 + 1, j);
            }
        }
        let mut pairs: Vec<(usize, usize)> = seen
            .into_values()
            .filter(|(a, _, b, _)| (*a, *b) == (1, 1))
            .map(|(_, i, _, j)| (i, j))
            .collect();
        pairs.sort_unstable();
        // Longest increasing run by patience: `piles` holds the top of each pile, `before` who lies left of a card.
        let mut piles: Vec<usize> = Vec::new();
        let mut before: Vec<Option<usize>> = vec![None; pairs.len()];
        for (card, (_, j)) in pairs.iter().enumerate() {
            let pile = piles.partition_point(|top| pairs[*top].1 < *j);
            before[card] = pile.checked_sub(1).map(|left| piles[left]);
            if pile == piles.len() {
                piles.push(card);
            } else {
                piles[pile] = card;
            }
        }
        let mut run = Vec::new();
        let mut card = piles.last().copied();
        while let Some(at) = card {
            run.push(pairs[at]);
            card = before[at];
        }
        run.reverse();
        run
    }

    /// A long stretch without anchors: in order, from the front up to the first `...` and from the back to the last.
    fn in_order(&self, mut is: Range<usize>, mut js: Range<usize>, steps: &mut Vec<Step>) {
        while !is.is_empty() && !js.is_empty() && self.printed[is.start].is_some() {
            steps.push(Step::Pair(is.start, js.start));
            is.start += 1;
            js.start += 1;
        }
        let mut tail = Vec::new();
        while !is.is_empty() && !js.is_empty() && self.printed[is.end - 1].is_some() {
            is.end -= 1;
            js.end -= 1;
            tail.push(Step::Pair(is.end, js.end));
        }
        steps.extend(is.map(Step::Missing));
        steps.extend(js.map(Step::Extra));
        steps.extend(tail.into_iter().rev());
    }

    /// Needleman and Wunsch's alignment: a line more or less costs 1, a pair as much as it is dissimilar, what `...`
    /// takes nothing.
    fn least_cost(
        &self,
        comparer: &Comparer<'_>,
        items: &[Item],
        found: &[usize],
        is: Range<usize>,
        js: Range<usize>,
        steps: &mut Vec<Step>,
    ) {
        let width = js.len() + 1;
        let cell = |i: usize, j: usize| i * width + j;
        let mut cost = vec![0f32; (is.len() + 1) * width];
        let mut way = vec![0u8; cost.len()];
        for i in (0..=is.len()).rev() {
            for j in (0..=js.len()).rev() {
                let wild = i < is.len() && self.printed[is.start + i].is_none();
                let mut best = (f32::INFINITY, 0);
                let mut offer = |price: f32, step: u8| {
                    if price < best.0 {
                        best = (price, step);
                    }
                };
                if i == is.len() && j == js.len() {
                    offer(0.0, END);
                }
                if i < is.len() && j < js.len() && !wild {
                    let unlike = if self.same(is.start + i, js.start + j) {
                        0.0
                    } else {
                        let item = items[is.start + i].index();
                        comparer.sides.unlikeness(item, found[js.start + j])
                    };
                    offer(unlike + cost[cell(i + 1, j + 1)], PAIR);
                }
                // What is missing is told before what is there instead.
                if i < is.len() {
                    offer(if wild { 0.0 } else { 1.0 } + cost[cell(i + 1, j)], MISSING);
                }
                if j < js.len() {
                    // After a `...` (the item before), more lines cost nothing.
                    let free = i > 0 && self.printed[is.start + i - 1].is_none();
                    offer(if free { 0.0 } else { 1.0 } + cost[cell(i, j + 1)], EXTRA);
                }
                cost[cell(i, j)] = best.0;
                way[cell(i, j)] = best.1;
            }
        }
        let (mut i, mut j) = (0, 0);
        loop {
            match way[cell(i, j)] {
                PAIR => {
                    steps.push(Step::Pair(is.start + i, js.start + j));
                    i += 1;
                    j += 1;
                }
                EXTRA => {
                    steps.push(Step::Extra(js.start + j));
                    j += 1;
                }
                MISSING => {
                    steps.push(Step::Missing(is.start + i));
                    i += 1;
                }
                _ => break,
            }
        }
    }
}

const END: u8 = 1;
const PAIR: u8 = 2;
const EXTRA: u8 = 3;
const MISSING: u8 = 4;
