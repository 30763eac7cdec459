//! The two sides of a comparison as lines, and the comparison of one line with another.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use super::alignment::{Mark, Note};
use super::bindings::Bindings;
use super::drawn;
use super::line::{self, Piece};
use super::occurrence::Occurrence;
use super::reason::Reason;
use super::store::Store;
use super::table::{self, Cell, Cells, Header, Pairing};
use super::tokens::{self, Token};

/// One side: what the author printed, or the output.
pub(super) struct Side<'a> {
    lines: Vec<Entry<'a>>,
    headers: Vec<Header>,
    store: &'a Store<'a>,
}

struct Entry<'a> {
    text: &'a str,
    part: Part,
    tokens: OnceCell<&'a [Token]>,
    cells: OnceCell<Option<&'a [Cell<'a>]>>,
}

/// What a line is in a table; the number tells which of the side's tables.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Text,
    Header(usize),
    Row(usize),
}

impl<'a> Side<'a> {
    pub(super) fn new(lines: &[&'a str], store: &'a Store<'a>) -> Self {
        let mut headers = Vec::new();
        let mut in_table = false;
        let lines = lines
            .iter()
            .map(|text| {
                let part = if text.trim().is_empty() {
                    in_table = false;
                    Part::Text
                } else if let Some(header) = table::header(text, store.reading) {
                    in_table = true;
                    headers.push(header);
                    Part::Header(headers.len() - 1)
                } else if in_table {
                    Part::Row(headers.len() - 1)
                } else {
                    Part::Text
                };
                Entry {
                    text,
                    part,
                    tokens: OnceCell::new(),
                    cells: OnceCell::new(),
                }
            })
            .collect();
        Side {
            lines,
            headers,
            store,
        }
    }

    pub(super) fn text(&self, at: usize) -> &'a str {
        self.lines[at].text
    }

    pub(super) fn piece(&self, at: usize) -> Piece<'a> {
        let line = &self.lines[at];
        let tokens = line.tokens.get_or_init(|| self.store.line(line.text));
        Piece {
            text: line.text,
            tokens,
        }
    }

    /// The cells of a row, if it can be cut into its table's columns.
    pub(super) fn cells(&self, at: usize) -> Option<&'a [Cell<'a>]> {
        let line = &self.lines[at];
        let Part::Row(table) = line.part else {
            return None;
        };
        let header = &self.headers[table];
        *line
            .cells
            .get_or_init(|| table::cells(header, line.text, self.store))
    }

    /// What names the row that a line is.
    fn row_name(&self, at: usize) -> Option<&'a str> {
        let Part::Row(table) = self.lines[at].part else {
            return None;
        };
        let cells = self.cells(at)?;
        table::name(&self.headers[table], (self.text(at), cells)).filter(|name| !name.is_empty())
    }

    /// What the line is apart from values that are drawn: lines that match have mostly the same shape.
    pub(super) fn shape(&self, at: usize) -> u64 {
        let mut hasher = DefaultHasher::new();
        // A row is told by its name, unless Docker made that up.
        if let Some(name) = self.row_name(at)
            && !drawn::is_made_up_name(name)
        {
            ("row", name).hash(&mut hasher);
            return hasher.finish();
        }
        let piece = self.piece(at);
        for token in piece.tokens {
            std::mem::discriminant(&token.kind).hash(&mut hasher);
            if token.is_literal() {
                token.text(piece.text).hash(&mut hasher);
            }
        }
        hasher.finish()
    }

    /// A number that lines of one text share.
    pub(super) fn text_hash(&self, at: usize) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.text(at).trim_end().hash(&mut hasher);
        hasher.finish()
    }
}

/// Both sides, and which columns of their tables belong together.
pub(super) struct Sides<'a> {
    pub(super) expected: Side<'a>,
    pub(super) actual: Side<'a>,
    pairings: RefCell<HashMap<(usize, usize), Rc<Pairing>>>,
}

/// The comparison under way: both sides and what is bound.
pub(super) struct Comparer<'a> {
    pub(super) sides: Sides<'a>,
    pub(super) bindings: Bindings,
    occurrence: Occurrence,
    /// The caller's number of each printed line.
    numbers: Vec<u32>,
    /// Comparisons of tokens that may still be made in the search for places of `...`.
    budget: u64,
}

impl<'a> Comparer<'a> {
    pub(super) fn new(
        expected: Side<'a>,
        actual: Side<'a>,
        numbers: Vec<u32>,
        mut bindings: Bindings,
        occurrence: Occurrence,
    ) -> Self {
        bindings.keep_journal();
        let lines = (expected.lines.len() + actual.lines.len()) as u64;
        // Enough for every sensible page; a bound for the others.
        let budget = 200_000 + 40 * lines;
        let sides = Sides::new(expected, actual);
        Comparer {
            sides,
            bindings,
            occurrence,
            numbers,
            budget,
        }
    }

    /// Whether the search has cost more than it may.
    pub(super) fn exhausted(&self) -> bool {
        self.budget == 0
    }

    fn at(&mut self, e: usize) -> Occurrence {
        self.occurrence.since = self.numbers.get(e).copied();
        self.occurrence.clone()
    }

    /// Whether a printed line matches a line of the output. What it binds stays bound only if it does.
    pub(super) fn holds(&mut self, e: usize, a: usize) -> bool {
        let (printed, found) = (self.sides.expected.text(e), self.sides.actual.text(a));
        if printed == found && tokens::is_plain(printed, self.sides.expected.store.reading) {
            self.budget = self.budget.saturating_sub(1);
            return true;
        }
        let at = self.at(e);
        let point = self.bindings.savepoint();
        let cost = printed.len().min(found.len()) / 8 + 1;
        self.budget = self.budget.saturating_sub(cost as u64);
        let holds = if let Some((_, pairing)) = self.sides.headers(e, a) {
            pairing.missing.is_empty()
        } else if let Some((pairing, printed, found)) = self.sides.rows(e, a) {
            table::row_holds(&pairing, printed, found, &mut self.bindings, &at)
        } else {
            line::holds(
                self.sides.expected.piece(e),
                self.sides.actual.piece(a),
                &mut self.bindings,
                &at,
            )
        };
        if !holds {
            self.bindings.undo(point);
        }
        holds
    }

    /// Whether a printed line may match a line of the output, whatever is bound.
    pub(super) fn may_hold(&mut self, e: usize, a: usize) -> bool {
        self.budget = self.budget.saturating_sub(1);
        let in_table = |part| matches!(part, Part::Row(_) | Part::Header(_));
        let sides = &self.sides;
        in_table(sides.expected.lines[e].part)
            || in_table(sides.actual.lines[a].part)
            || line::may_hold(sides.expected.piece(e), sides.actual.piece(a))
    }

    /// Where the two lines differ; values that agree are bound.
    pub(super) fn marks(&mut self, e: usize, a: usize) -> Vec<Mark> {
        let at = self.at(e);
        if let Some((header, pairing)) = self.sides.headers(e, a) {
            let mark = |column: &usize| Mark {
                author: header.columns[*column].range.clone(),
                actual: None,
                found: String::new(),
                reason: Reason::NoColumn,
                subject: None,
            };
            return pairing.missing.iter().map(mark).collect();
        }
        if let Some((pairing, printed, found)) = self.sides.rows(e, a) {
            table::row_marks(&pairing, printed, found, a, &mut self.bindings, &at)
        } else {
            let (printed, found) = (self.sides.expected.piece(e), self.sides.actual.piece(a));
            let differences = line::differences(printed, found, &mut self.bindings, &at);
            let mark = |difference: line::Difference| Mark {
                found: found.text[difference.found.clone()].to_owned(),
                author: difference.printed,
                actual: Some((a, difference.found)),
                reason: difference.reason,
                subject: None,
            };
            let mut marks: Vec<Mark> = differences.into_iter().map(mark).collect();
            marks.sort_by_key(|mark| mark.author.start);
            marks
        }
    }

    /// What is said of a printed line that the output lacks, if it is a row.
    pub(super) fn missing(&self, e: usize) -> Option<Mark> {
        let name = self.sides.expected.row_name(e)?;
        Some(Mark {
            author: 0..self.sides.expected.text(e).len(),
            actual: None,
            found: String::new(),
            reason: Reason::NoRow(name.to_owned()),
            subject: None,
        })
    }

    /// What is said of a line of the output that is not printed, if it is a row.
    pub(super) fn unprinted(&self, a: usize) -> Option<Mark> {
        let name = self.sides.actual.row_name(a)?;
        let text = self.sides.actual.text(a);
        Some(Mark {
            author: 0..0,
            actual: Some((a, 0..text.len())),
            found: text.to_owned(),
            reason: Reason::MoreRow(name.to_owned()),
            subject: None,
        })
    }

    /// What the values of a printed line stand for, where that is another value.
    pub(super) fn notes(&self, e: usize) -> Vec<Note> {
        let piece = self.sides.expected.piece(e);
        notes(piece, &self.bindings)
    }
}

impl<'a> Sides<'a> {
    pub(super) fn new(expected: Side<'a>, actual: Side<'a>) -> Self {
        Sides {
            expected,
            actual,
            pairings: RefCell::default(),
        }
    }

    /// The printed header of two header lines, and the columns of both that belong together.
    pub(super) fn columns(&self, e: usize, a: usize) -> Option<(&Header, Vec<(usize, usize)>)> {
        let (header, pairing) = self.headers(e, a)?;
        Some((header, pairing.columns().collect()))
    }

    /// How unlike two lines are: from 0 to more than the cost of two lines, for those that have nothing in common.
    pub(super) fn unlikeness(&self, e: usize, a: usize) -> f32 {
        if let Some((pairing, printed, found)) = self.rows(e, a) {
            return 0.1 + table::unlikeness(&pairing, printed, found);
        }
        if self.headers(e, a).is_some() {
            return 0.1;
        }
        let unlike = line::unlikeness(self.expected.piece(e), self.actual.piece(a));
        // Blanks and punctuation make any two lines a little alike: below a third, they are two lines.
        if unlike > 0.67 { 2.5 } else { 0.1 + unlike }
    }

    fn pairing(&self, mine: usize, theirs: usize) -> Rc<Pairing> {
        let new = || {
            Rc::new(Pairing::new(
                &self.expected.headers[mine],
                &self.actual.headers[theirs],
            ))
        };
        Rc::clone(
            self.pairings
                .borrow_mut()
                .entry((mine, theirs))
                .or_insert_with(new),
        )
    }

    /// Two rows of tables, if both can be cut into cells.
    fn rows(&self, e: usize, a: usize) -> Option<(Rc<Pairing>, Cells<'a>, Cells<'a>)> {
        let (Part::Row(mine), Part::Row(theirs)) =
            (self.expected.lines[e].part, self.actual.lines[a].part)
        else {
            return None;
        };
        let (printed, found) = (self.expected.cells(e)?, self.actual.cells(a)?);
        Some((
            self.pairing(mine, theirs),
            (self.expected.text(e), printed),
            (self.actual.text(a), found),
        ))
    }

    /// Whether both lines are rows of tables.
    pub(super) fn are_rows(&self, e: usize, a: usize) -> bool {
        self.rows(e, a).is_some()
    }

    /// Two headers of tables, and which columns of the first the second lacks.
    fn headers(&self, e: usize, a: usize) -> Option<(&Header, Rc<Pairing>)> {
        match (self.expected.lines[e].part, self.actual.lines[a].part) {
            (Part::Header(mine), Part::Header(theirs)) => {
                Some((&self.expected.headers[mine], self.pairing(mine, theirs)))
            }
            _ => None,
        }
    }
}

/// What the drawn values in a piece of the author's text stand for, where that is another value.
pub(super) fn notes(piece: Piece<'_>, bindings: &Bindings) -> Vec<Note> {
    piece
        .tokens
        .iter()
        .filter(|token| token.is_drawn())
        .filter_map(|token| {
            let printed = token.text(piece.text);
            let (real, since) = bindings.lookup(printed, token.kind)?;
            (real != printed).then(|| Note {
                author: token.range(),
                printed: printed.to_owned(),
                real,
                since,
            })
        })
        .collect()
}
