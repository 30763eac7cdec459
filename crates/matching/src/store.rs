//! Where the tokens of one comparison live: in one piece of memory that is given back at once, since giving back a list
//! for each line and cell takes longer than comparing them. Enter at [`Store`].

use std::cell::{Cell, RefCell};

use bumpalo::Bump;

use super::accidents;
use super::reading::Reading;
use super::tokens::{self, Token};
use super::varies;

/// The tokens of both sides of a comparison.
pub(super) struct Store<'a> {
    arena: &'a Bump,
    /// What is being cut, before its length is known.
    draft: RefCell<Vec<Token>>,
    /// Cells of late: columns often say the same in many rows.
    recent: [Cell<Option<Read<'a>>>; RECENT],
    /// How its texts are read.
    pub(super) reading: Reading,
    /// Values that the author frees; none on the machine's side.
    varies: &'a [String],
}

/// A text, whether its column is a field that measures, and its tokens.
type Read<'a> = (&'a str, bool, &'a [Token]);

/// How many cells are remembered.
const RECENT: usize = 32;

impl<'a> Store<'a> {
    pub(super) fn new(arena: &'a Bump, reading: Reading, varies: &'a [String]) -> Self {
        Store {
            arena,
            draft: RefCell::default(),
            recent: Default::default(),
            reading,
            varies,
        }
    }

    /// The tokens of a cell of a column that is a field which measures, or not.
    pub(super) fn cell(&self, text: &'a str, field: bool) -> &'a [Token] {
        let mix = |mix: usize, b| mix.wrapping_mul(31).wrapping_add(usize::from(b));
        let slot = &self.recent[text.bytes().fold(usize::from(field), mix) % RECENT];
        if let Some((recent, of_field, tokens)) = slot.get()
            && recent == text
            && of_field == field
        {
            return tokens;
        }
        let mut draft = self.draft.borrow_mut();
        let reading = Reading {
            field,
            ..self.reading
        };
        tokens::cut(text, reading, &mut draft);
        varies::free(text, &mut draft, self.varies);
        let tokens: &[Token] = self.arena.alloc_slice_copy(&draft);
        slot.set(Some((text, field, tokens)));
        tokens
    }

    /// The tokens of a line, without what engines print by accident.
    pub(super) fn line(&self, text: &str) -> &'a [Token] {
        let mut draft = self.draft.borrow_mut();
        tokens::cut(text, self.reading, &mut draft);
        varies::free(text, &mut draft, self.varies);
        accidents::settle(text, &mut draft);
        self.arena.alloc_slice_copy(&draft)
    }

    /// Keeps a list; its elements must need no clean-up.
    pub(super) fn keep<T>(&self, list: impl ExactSizeIterator<Item = T>) -> &'a [T] {
        const { assert!(!std::mem::needs_drop::<T>()) };
        self.arena.alloc_slice_fill_iter(list)
    }
}
