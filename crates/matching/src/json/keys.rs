//! Keys of objects: found by what they say, or, if they are ids, by what those stand for.

use std::borrow::Cow;
use std::collections::HashMap;

use super::parse::{Document, Kind, Member};
use crate::reading::Reading;
use crate::tokens::{self, Token};

/// The keys of one object of the output, and which are taken.
pub(super) struct Keys<'a> {
    by_key: HashMap<Cow<'a, str>, usize>,
    /// Members by the `Name` in their values, made when it is first needed.
    by_name: Option<HashMap<Cow<'a, str>, Vec<usize>>>,
    taken: Vec<bool>,
    /// All members before this one are taken.
    first_free: usize,
}

/// How many members are tried for a key that is an id.
const TRIALS: usize = 64;

impl<'a> Keys<'a> {
    pub(super) fn new(document: &Document<'a>, members: &[Member]) -> Self {
        let mut by_key = HashMap::with_capacity(members.len());
        for (nth, member) in members.iter().enumerate() {
            by_key
                .entry(document.string(member.key.clone()))
                .or_insert(nth);
        }
        Keys {
            by_key,
            by_name: None,
            taken: vec![false; members.len()],
            first_free: 0,
        }
    }

    /// The free member with just this key.
    pub(super) fn named(&self, key: &str) -> Option<usize> {
        self.by_key
            .get(key)
            .copied()
            .filter(|nth| !self.taken[*nth])
    }

    pub(super) fn take(&mut self, nth: usize) {
        self.taken[nth] = true;
    }

    /// The free members whose keys look like `key`, which is an id: those whose value has the same `Name` if there is
    /// such a one, else the first few.
    pub(super) fn like(
        &mut self,
        document: &Document<'a>,
        members: &[Member],
        key: &str,
        name: Option<&str>,
    ) -> Vec<usize> {
        let shape = kinds(&tokens::tokens(key, Reading::default()));
        let fits = |nth: &usize| {
            let other = document.string(members[*nth].key.clone());
            kinds(&tokens::tokens(&other, Reading::default())) == shape
        };
        if let Some(name) = name {
            let by_name = self.by_name.get_or_insert_with(|| {
                let mut by_name: HashMap<Cow<'a, str>, Vec<usize>> = HashMap::new();
                for (nth, member) in members.iter().enumerate() {
                    if let Some(name) = document.string_under(member.value, "Name") {
                        by_name.entry(name).or_default().push(nth);
                    }
                }
                by_name
            });
            let named = by_name.get(name).into_iter().flatten().copied();
            let named: Vec<usize> = named
                .filter(|nth| !self.taken[*nth])
                .filter(fits)
                .take(TRIALS)
                .collect();
            if !named.is_empty() {
                return named;
            }
        }
        while self.taken.get(self.first_free) == Some(&true) {
            self.first_free += 1;
        }
        let free = self.first_free..members.len();
        free.filter(|nth| !self.taken[*nth])
            .take(TRIALS)
            .filter(fits)
            .collect()
    }

    /// The keys that nothing printed corresponds to, a few of them.
    pub(super) fn left(&self, count: usize) -> Vec<&str> {
        let mut left: Vec<(usize, &str)> = self
            .by_key
            .iter()
            .filter(|(_, nth)| !self.taken[**nth])
            .map(|(key, nth)| (*nth, key.as_ref()))
            .collect();
        left.sort_unstable();
        left.into_iter().map(|(_, key)| key).take(count).collect()
    }
}

/// Whether a key holds a value that Docker draws.
pub(super) fn is_drawn(key: &str) -> bool {
    tokens::tokens(key, Reading::default())
        .iter()
        .any(Token::is_drawn)
}

/// What tells keys of ids from others.
fn kinds(tokens: &[Token]) -> Vec<std::mem::Discriminant<tokens::Kind>> {
    tokens
        .iter()
        .map(|token| std::mem::discriminant(&token.kind))
        .collect()
}

/// The members of an object; none if it is none.
pub(super) fn members<'d>(document: &'d Document<'_>, id: usize) -> &'d [Member] {
    match &document.node(id).kind {
        Kind::Object(members, _) => members,
        _ => &[],
    }
}
