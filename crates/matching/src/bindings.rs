//! What the page's printed values stand for on the machine: the store. Enter at [`Bindings`].
//!
//! Addresses and their subnets are bound in [`subnets`]; what typed commands bind, release and are given is in [`typed`].
//! Nobody else reaches into the store. A comparison copies it once, for what it returns: its trials are undone through a
//! journal.

mod key;
mod subnets;
mod typed;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::address::{self, Addr};
use super::drawn;
use super::occurrence::Occurrence;
use super::reason::{Known, Reason};
use super::tokens::{Kind, Opaque};
pub(super) use key::{Key, Setting};
pub use values::Value;

/// The values of one page: what each value that the author printed stands for on the machine.
///
/// One per page, in the page's order. Before a command runs, [`Bindings::substitute`] gives what the machine is to be
/// typed and [`Bindings::note_typed`] takes note of what the author typed; [`super::compare`] then returns the bindings
/// that hold after the command.
#[derive(Clone, Debug)]
pub struct Bindings {
    forward: BTreeMap<Key, Entry>,
    /// Real → printed.
    backward: BTreeMap<Key, Key>,
    /// Prefix lengths of the printed subnets, for look-ups.
    lens: BTreeSet<u8>,
    /// Prefix lengths of the real subnets.
    real_lens: BTreeSet<u8>,
    /// Words that the page types: a name among them was not drawn by Docker.
    words: BTreeSet<String>,
    /// Limits, durations and dates that the page types.
    settings: BTreeSet<Setting>,
    journal: Option<Vec<Undo>>,
}

/// What a printed value stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) real: Key,
    /// The author's line where it was first printed.
    pub(super) since: Option<u32>,
    /// Typed by the page, or fixed by Docker: literal.
    pub(super) typed: bool,
    /// Words that tell whose value it is: of the command, or the nearest `Name` in JSON.
    pub(super) owners: Arc<[String]>,
    /// Its container or network is gone: it may stand for something else from now on.
    pub(super) released: bool,
}

/// A bound value, as [`Bindings::bound`] lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// What the author printed or typed.
    pub printed: String,
    /// What it stands for on the machine.
    pub real: String,
    /// The author's line where it was first printed, as the caller numbers them.
    pub since: Option<u32>,
    /// Whether the page types it, or Docker fixes it, so that it is literal.
    pub typed: bool,
}

/// A point of the journal to go back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Savepoint(usize);

#[derive(Clone, Debug)]
enum Undo {
    Forward(Key, Option<Entry>),
    Backward(Key, Option<Key>),
}

impl Default for Bindings {
    fn default() -> Self {
        let mut new = Bindings {
            forward: BTreeMap::new(),
            backward: BTreeMap::new(),
            lens: BTreeSet::new(),
            real_lens: BTreeSet::new(),
            words: BTreeSet::new(),
            settings: BTreeSet::new(),
            journal: None,
        };
        // Docker's default bridge is the same on every engine, and its gateway with it.
        let gateway = Addr::V4(0xAC11_0001);
        new.make_literal(Key::Net(gateway.net(16)));
        new.make_literal(Key::Addr(gateway));
        new
    }
}

impl Bindings {
    /// The bindings of a page that has printed nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// All values that are bound, ids first.
    pub fn bound(&self) -> impl Iterator<Item = Bound> + '_ {
        self.forward.iter().map(|(key, entry)| Bound {
            printed: key.text(),
            real: entry.real.text(),
            since: entry.since,
            typed: entry.typed,
        })
    }

    /// Whether the page types this quantity, in any spelling, or this date.
    pub(super) fn types(&self, text: &str) -> bool {
        self.settings.contains(&Setting::new(text))
    }

    /// Whether the page types this name, which Docker could have made up.
    pub(super) fn types_name(&self, name: &str) -> bool {
        self.words.contains(name)
    }

    /// Whether the page types this value, or Docker fixes it, so that it is literal.
    pub(super) fn is_literal(&self, key: &Key) -> bool {
        self.forward.get(key).is_some_and(|entry| entry.typed)
    }

    /// What a name stands for that Docker made up and the page has printed.
    pub(super) fn made_up(&self, name: &str) -> Option<&Entry> {
        self.forward.get(&Key::Name(name.into()))
    }

    /// Starts to keep a journal, so that [`Self::undo`] works.
    pub(super) fn keep_journal(&mut self) {
        self.journal = Some(Vec::new());
    }

    pub(super) fn drop_journal(&mut self) {
        self.journal = None;
    }

    pub(super) fn savepoint(&self) -> Savepoint {
        Savepoint(self.journal.as_ref().map_or(0, Vec::len))
    }

    /// Takes back all that was bound since `point`.
    pub(super) fn undo(&mut self, point: Savepoint) {
        let Some(journal) = &mut self.journal else {
            return;
        };
        while journal.len() > point.0 {
            match journal.pop() {
                Some(Undo::Forward(key, Some(entry))) => drop(self.forward.insert(key, entry)),
                Some(Undo::Forward(key, None)) => drop(self.forward.remove(&key)),
                Some(Undo::Backward(key, Some(printed))) => {
                    drop(self.backward.insert(key, printed))
                }
                Some(Undo::Backward(key, None)) => drop(self.backward.remove(&key)),
                None => break,
            }
        }
    }

    pub(super) fn insert(&mut self, printed: Key, entry: Entry) {
        if let Key::Net(net) = &printed {
            self.lens.insert(net.len);
        }
        if let Key::Net(net) = &entry.real {
            self.real_lens.insert(net.len);
        }
        let real = entry.real.clone();
        let old = self.forward.insert(printed.clone(), entry);
        if let Some(old) = &old
            && old.real != real
            && self.backward.get(&old.real) == Some(&printed)
        {
            let key = old.real.clone();
            let before = self.backward.remove(&key);
            self.note(Undo::Backward(key, before));
        }
        self.note(Undo::Forward(printed.clone(), old));
        let before = self.backward.insert(real.clone(), printed);
        self.note(Undo::Backward(real, before));
    }

    fn note(&mut self, undo: Undo) {
        if let Some(journal) = &mut self.journal {
            journal.push(undo);
        }
    }

    /// Binds `key` to itself, for good.
    pub(super) fn make_literal(&mut self, key: Key) {
        let entry = Entry {
            real: key.clone(),
            since: None,
            typed: true,
            owners: Arc::new([]),
            released: false,
        };
        self.insert(key, entry);
    }

    /// Binds the name of a container: one that was made up stands for any such; one that the page types is literal.
    pub(super) fn bind_name(
        &mut self,
        printed: &str,
        found: &str,
        at: &Occurrence,
    ) -> Result<(), Reason> {
        let made_up = |name: &str| drawn::is_made_up_name(name) && !self.types_name(name);
        if made_up(printed) && made_up(found) {
            return self.bind(Key::Name(printed.into()), Key::Name(found.into()), at);
        }
        if printed == found {
            Ok(())
        } else {
            Err(Reason::Text)
        }
    }

    /// Binds a printed value to a real one, or tells why it cannot be. Ids and addresses have rules of their own:
    /// [`Self::bind_id`], [`Self::bind_address`].
    pub(super) fn bind(&mut self, printed: Key, real: Key, at: &Occurrence) -> Result<(), Reason> {
        if let Some(entry) = self.forward.get(&printed) {
            if entry.real == real {
                if entry.released && !at.passing {
                    let entry = Entry {
                        released: false,
                        owners: at.owners.clone(),
                        ..entry.clone()
                    };
                    self.insert(printed, entry);
                }
                return Ok(());
            }
            if entry.typed {
                return Err(Reason::Typed(printed.text()));
            }
            if !(entry.released && printed.is_reusable()) {
                return Err(Reason::StandsFor {
                    real: entry.real.text(),
                    since: entry.since,
                    instead: self.known(self.backward.get(&real)),
                });
            }
        }
        if let Some(other) = self.backward.get(&real)
            && *other != printed
            && let Some(entry) = self.forward.get(other)
        {
            if entry.typed {
                return Err(Reason::Typed(real.text()));
            }
            if printed.is_exclusive() && !(entry.released && printed.is_reusable()) {
                return Err(Reason::StoodForBy {
                    printed: other.text(),
                    since: entry.since,
                });
            }
        }
        let owners = at.owners.clone();
        self.insert(
            printed,
            Entry {
                real,
                since: at.since,
                typed: false,
                owners,
                released: at.passing,
            },
        );
        Ok(())
    }

    /// A printed value, as it is spoken of.
    fn known(&self, printed: Option<&Key>) -> Option<Known> {
        let printed = printed?;
        let since = self.forward.get(printed)?.since;
        Some(Known {
            printed: printed.text(),
            since,
        })
    }

    pub(super) fn bind_port(
        &mut self,
        printed: u16,
        real: u16,
        at: &Occurrence,
    ) -> Result<(), Reason> {
        self.bind(Key::Port(printed), Key::Port(real), at)
    }

    /// Binds ids, which are 12 or 64 digits, or digests: the same id may be printed in both lengths.
    pub(super) fn bind_id(
        &mut self,
        printed: &str,
        found: &str,
        at: &Occurrence,
    ) -> Result<(), Reason> {
        if printed.len() != found.len() {
            return Err(Reason::NotA("an id of that length"));
        }
        if let Some((full, entry)) = self.id(printed) {
            let bound = entry.real.text();
            let same = if full.len() >= printed.len() {
                bound.starts_with(found)
            } else {
                found.starts_with(&bound)
            };
            if !same && entry.typed {
                return Err(Reason::Typed(printed.to_owned()));
            }
            if !same {
                let real = bound.get(..printed.len()).unwrap_or(&bound).to_owned();
                let instead = self.id_of_real(found).map(|id| Key::Id(id.into()));
                return Err(Reason::StandsFor {
                    real,
                    since: entry.since,
                    instead: self.known(instead.as_ref()),
                });
            }
            if full.len() >= printed.len() {
                return Ok(());
            }
        } else if let Some(other) = self.id_of_real(found) {
            let since = self
                .forward
                .get(&Key::Id(other.into()))
                .and_then(|entry| entry.since);
            return Err(Reason::StoodForBy {
                printed: other.to_owned(),
                since,
            });
        }
        let entry = Entry {
            real: Key::Id(found.into()),
            since: at.since,
            typed: false,
            owners: at.owners.clone(),
            released: false,
        };
        self.insert(Key::Id(printed.into()), entry);
        Ok(())
    }

    /// The bound id that `printed` is, is the beginning of, or begins with.
    pub(super) fn id(&self, printed: &str) -> Option<(&str, &Entry)> {
        let found = self.forward.range(Key::Id(printed.into())..).next();
        if let Some((Key::Id(full), entry)) = found
            && full.starts_with(printed)
        {
            return Some((full, entry));
        }
        let short = Key::Id(
            printed
                .get(..12)
                .filter(|short| short.len() < printed.len())?
                .into(),
        );
        match self.forward.get_key_value(&short)? {
            (Key::Id(full), entry) => Some((full, entry)),
            _ => None,
        }
    }

    /// What a printed value stands for, and since which line of the author's.
    pub(super) fn lookup(&self, printed: &str, kind: Kind) -> Option<(String, Option<u32>)> {
        let key = match kind {
            Kind::Id | Kind::Opaque(Opaque::Swarm) => {
                let (_, entry) = self.id(printed)?;
                let real = entry.real.text();
                return Some((
                    real.get(..printed.len())
                        .map_or_else(|| real.clone(), str::to_owned),
                    entry.since,
                ));
            }
            Kind::Mac => Key::mac(printed),
            Kind::Port(port) => Key::Port(port),
            Kind::Opaque(kind) => Key::Other(kind, printed.into()),
            Kind::Address => {
                let (addr, len) = address::read(printed)?;
                if let Some(len) =
                    len.filter(|len| *len < addr.width() && addr.net(*len).first == addr)
                {
                    let entry = self.forward.get(&Key::Net(addr.net(len)))?;
                    return Some((entry.real.text(), entry.since));
                }
                let entry = self.forward.get(&Key::Addr(addr))?;
                let len = len.map(|len| format!("/{len}")).unwrap_or_default();
                return Some((format!("{}{len}", entry.real.text()), entry.since));
            }
            _ => return None,
        };
        self.forward
            .get(&key)
            .map(|entry| (entry.real.text(), entry.since))
    }

    /// The printed id that stands for `real`, which may be either's beginning.
    pub(super) fn id_of_real(&self, real: &str) -> Option<&str> {
        let found = self.backward.range(Key::Id(real.into())..).next();
        if let Some((Key::Id(full), Key::Id(printed))) = found
            && full.starts_with(real)
        {
            return Some(printed);
        }
        let short = Key::Id(
            real.get(..12)
                .filter(|short| short.len() < real.len())?
                .into(),
        );
        match self.backward.get(&short)? {
            Key::Id(printed) => Some(printed),
            _ => None,
        }
    }

    /// Whether only one printed id that is bound begins so: then what it stands for, cut to the same length.
    pub(super) fn real_of_id_prefix(&self, prefix: &str) -> Option<&str> {
        unambiguous(
            self.forward
                .range(Key::Id(prefix.into())..)
                .map(|(key, entry)| (key, &entry.real)),
            prefix,
        )
    }

    /// The other way about: the beginning of the printed id whose real one begins so.
    pub(super) fn printed_of_id_prefix(&self, prefix: &str) -> Option<&str> {
        unambiguous(self.backward.range(Key::Id(prefix.into())..), prefix)
    }
}

/// The beginning, as long as `prefix`, of the value to which the one key that begins with `prefix` leads. Keys in both
/// lengths of one id are one.
fn unambiguous<'a>(
    mut range: impl Iterator<Item = (&'a Key, &'a Key)>,
    prefix: &str,
) -> Option<&'a str> {
    let (Key::Id(first), Key::Id(value)) = range.next()? else {
        return None;
    };
    if !first.starts_with(prefix) {
        return None;
    }
    for (key, _) in range {
        match key {
            Key::Id(next) if next.starts_with(&**first) => {}
            Key::Id(next) if next.starts_with(prefix) => return None,
            _ => break,
        }
    }
    value.get(..prefix.len())
}

#[cfg(test)]
mod tests;
