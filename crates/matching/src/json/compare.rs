//! Compares JSON as a structure: what the author printed must be there, more may be.
//!
//! Elements of lists come in order and all of them, unless `...` stands among them; what is printed empty must be empty.

use std::ops::Range;
use std::sync::Arc;

use super::engines::{self, Place};
use super::keys::{self, Keys};
use super::parse::{Document, Kind};
use crate::bindings::Bindings;
use crate::line::{self, Piece};
use crate::occurrence::Occurrence;
use crate::reading::Reading;
use crate::reason::Reason;
use crate::tokens;
use crate::varies;

/// Where the printed values do not hold.
#[derive(Debug)]
pub(super) struct Finding {
    /// The printed value, or the value of the printed member.
    pub(super) printed: usize,
    /// Bytes to mark: a scalar, a key, or the bracket with which a list or an object opens.
    pub(super) span: Range<usize>,
    /// The value found instead.
    pub(super) found: Option<usize>,
    /// What is said of it, if no value is found.
    pub(super) words: String,
    /// The printed list and the one found, if it is the list as such that differs.
    pub(super) lists: Option<(usize, usize)>,
    pub(super) reason: Reason,
    pub(super) path: String,
}

/// A comparison under way.
pub(super) struct Comparison<'a> {
    pub(super) printed: &'a Document<'a>,
    pub(super) found: &'a Document<'a>,
    pub(super) bindings: Bindings,
    pub(super) reading: Reading,
    pub(super) occurrence: Occurrence,
    /// The author's line of each byte: ends of lines, and the caller's numbers of the lines.
    pub(super) lines: super::place::Lines,
    pub(super) unordered: bool,
    /// How many values may still be compared in trials.
    pub(super) budget: usize,
    /// Where differences go; nothing in a trial, which ends at the first.
    pub(super) findings: Option<Vec<Finding>>,
    pub(super) path: Vec<Step>,
    /// The member that the command prints, and whose.
    pub(super) member: Option<(&'a str, &'a str)>,
    /// Values that the author frees.
    pub(super) varies: &'a [String],
}

/// A step of the path to a value.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// The key's place in the printed text.
    Key(Range<usize>),
    Name(String),
    Element(usize),
}

/// Members whose texts are dates, ages or sizes, in `inspect` and in `--format json` (Docker CLI 20.10 to 29).
const FIELDS: [&str; 24] = [
    "BlockIO",
    "BuildTime",
    "CPUPerc",
    "Created",
    "CreatedAt",
    "CreatedSince",
    "CurrentState",
    "End",
    "FinishedAt",
    "LastTagTime",
    "LastUsedAt",
    "MemPerc",
    "NetIO",
    "Reclaimable",
    "RunningFor",
    "SharedSize",
    "Size",
    "Start",
    "StartedAt",
    "Status",
    "SystemTime",
    "Timestamp",
    "UniqueSize",
    "UpdatedAt",
];

/// Members whose numbers are drawn: sizes, dates in seconds, what the kernel or a swarm numbers, the computer's size.
const MEASURES: [&str; 12] = [
    "Created",
    "Index",
    "MemTotal",
    "NCPU",
    "NEventsListener",
    "NFd",
    "NGoroutines",
    "Pid",
    "Size",
    "SizeRootFs",
    "SizeRw",
    "VirtualSize",
];

impl<'a> Comparison<'a> {
    pub(super) fn new(
        (printed, found): (&'a Document<'a>, &'a Document<'a>),
        bindings: Bindings,
        reading: Reading,
        occurrence: Occurrence,
        lines: super::place::Lines,
        unordered: bool,
    ) -> Self {
        let budget = 200_000 + 20 * (printed.text.len() + found.text.len()) / 8;
        let findings = Some(Vec::new());
        Comparison {
            printed,
            found,
            bindings,
            reading,
            occurrence,
            lines,
            unordered,
            budget,
            findings,
            path: Vec::new(),
            member: None,
            varies: &[],
        }
    }

    /// Compares all values at the top.
    pub(super) fn run(&mut self) {
        let (printed, found) = (&self.printed.roots, &self.found.roots);
        let first = printed.first().copied().unwrap_or_default();
        let holds = match (printed.as_slice(), found.as_slice()) {
            ([p], [f]) => self.value(*p, *f, ""),
            (p, f) => self.sequence(first, p, f, ""),
        };
        // The search among elements was broken off.
        if !holds && self.findings.as_ref().is_some_and(Vec::is_empty) {
            self.differs(first, None, Reason::NoElement);
        }
    }

    /// Whether a printed value holds.
    pub(super) fn value(&mut self, p: usize, f: usize, key: &str) -> bool {
        self.budget = self.budget.saturating_sub(1);
        if self.budget == 0 && self.findings.is_none() {
            return false;
        }
        let (printed, found) = (self.printed, self.found);
        match (&printed.node(p).kind, &found.node(f).kind) {
            (Kind::Elided, _) => true,
            _ if printed.is_empty(p) && found.is_empty(f) => true,
            (Kind::Array(a), Kind::Array(b)) if !a.is_empty() => self.list((p, a), (f, b), key),
            (Kind::Object(..), Kind::Object(..)) if !printed.is_empty(p) => self.object(p, f),
            (Kind::Array(_) | Kind::Object(..), _) if printed.is_empty(p) => {
                self.differs(p, Some(f), Reason::NotEmpty)
            }
            (Kind::String, Kind::String) => self.string(p, f, key),
            (Kind::Number, Kind::Number) => self.number(p, f, key),
            _ if printed.raw(p) == found.raw(f) => true,
            _ => self.differs(p, Some(f), Reason::Text),
        }
    }

    fn string(&mut self, p: usize, f: usize, key: &str) -> bool {
        let printed = self.printed.string(self.printed.node(p).span.clone());
        let found = self.found.string(self.found.node(f).span.clone());
        let reading = Reading {
            bare_port: self.reading.docker && key.ends_with("Port"),
            field: self.reading.docker && FIELDS.contains(&key),
            ..self.reading
        };
        self.budget = self.budget.saturating_sub(printed.len() / 32);
        if printed == found && tokens::is_plain(&printed, reading) {
            return true;
        }
        self.occurrence.since = self.lines.number(self.printed.node(p).span.start);
        let point = self.bindings.savepoint();
        if matches!(key, "Name" | "Names") {
            let (a, b) = (printed.strip_prefix('/'), found.strip_prefix('/'));
            let (a, b) = (a.unwrap_or(&printed), b.unwrap_or(&found));
            if self.bindings.bind_name(a, b, &self.occurrence).is_ok() {
                return true;
            }
            self.bindings.undo(point);
        }
        let (mut a, b) = (
            tokens::tokens(&printed, reading),
            tokens::tokens(&found, reading),
        );
        varies::free(&printed, &mut a, self.varies);
        let (a, b) = (
            Piece {
                text: &printed,
                tokens: &a,
            },
            Piece {
                text: &found,
                tokens: &b,
            },
        );
        if line::holds(a, b, &mut self.bindings, &self.occurrence) {
            return true;
        }
        self.bindings.undo(point);
        let reason = match self.findings {
            Some(_) => line::differences(a, b, &mut self.bindings, &self.occurrence)
                .into_iter()
                .map(|difference| difference.reason)
                .find(|reason| *reason != Reason::Text),
            None => None,
        };
        self.bindings.undo(point);
        self.differs(p, Some(f), reason.unwrap_or(Reason::Text))
    }

    fn number(&mut self, p: usize, f: usize, key: &str) -> bool {
        let (printed, found) = (self.printed.raw(p), self.found.raw(f));
        let measured = self.reading.docker && MEASURES.contains(&key);
        if measured || self.varies.iter().any(|value| value == printed) {
            return true;
        }
        let (a, b) = (
            tokens::ephemeral(printed.as_bytes()),
            tokens::ephemeral(found.as_bytes()),
        );
        let port = self.reading.docker && key.ends_with("Port");
        if let (Some(a), Some(b), true) = (a, b, port) {
            self.occurrence.since = self.lines.number(self.printed.node(p).span.start);
            let bound = self.bindings.bind_port(a, b, &self.occurrence);
            return bound.is_ok() || self.differs(p, Some(f), bound.err().unwrap_or(Reason::Text));
        }
        printed == found || self.differs(p, Some(f), Reason::Text)
    }

    fn object(&mut self, p: usize, f: usize) -> bool {
        let (printed, found) = (self.printed, self.found);
        let (mine, theirs) = (keys::members(printed, p), keys::members(found, f));
        let outer = Arc::clone(&self.occurrence.owners);
        if let Some(name) = printed.string_under(p, "Name") {
            self.occurrence.owners = [name.trim_start_matches('/').to_owned()].into();
        }
        let mut free = Keys::new(found, theirs);
        let mut all = true;
        let mut missing = Vec::new();
        for member in mine {
            let key = printed.string(member.key.clone());
            let name = printed.string_under(member.value, "Name");
            self.path.push(match &name {
                Some(name) if keys::is_drawn(&key) => {
                    Step::Name(name.trim_start_matches('/').to_owned())
                }
                _ => Step::Key(member.key.clone()),
            });
            match self.counterpart(member.value, &key, name.as_deref(), f, &mut free) {
                Some((nth, holds)) => {
                    free.take(nth);
                    all &= holds || self.value(member.value, theirs[nth].value, &key);
                }
                None => match engines::counterpart(
                    (printed, member.value, p),
                    (found, f),
                    (&self.parent(), &key),
                ) {
                    Some(Place::Value(other)) => all &= self.value(member.value, other, &key),
                    Some(Place::Nothing) => {}
                    None => {
                        missing.push(member);
                        all = false;
                    }
                },
            }
            self.path.pop();
            if !all && self.findings.is_none() {
                break;
            }
        }
        if self.findings.is_some() {
            let left = free.left(3).join("`, `");
            for member in missing {
                let name = printed.string_under(member.value, "Name");
                self.no_key(member.value, member.key.clone(), name.as_deref(), &left);
            }
        }
        self.occurrence.owners = outer;
        all
    }

    /// The member of the output's object `f` that a printed member is, and whether its value is known to hold.
    fn counterpart(
        &mut self,
        value: usize,
        key: &str,
        name: Option<&str>,
        f: usize,
        free: &mut Keys<'a>,
    ) -> Option<(usize, bool)> {
        let found = self.found;
        let theirs = keys::members(found, f);
        if !keys::is_drawn(key) {
            return free.named(key).map(|nth| (nth, false));
        }
        self.occurrence.since = self.lines.number(self.printed.node(value).span.start);
        // What the key stands for, if that is known.
        let real = self.bindings.real(key);
        if let Some(nth) = free.named(&real)
            && self.bind_key(key, &real)
        {
            return Some((nth, false));
        }
        for nth in free.like(found, theirs, key, name) {
            let findings = self.findings.take();
            let point = self.bindings.savepoint();
            let other = found.string(theirs[nth].key.clone());
            let fits = self.bind_key(key, &other) && self.value(value, theirs[nth].value, key);
            self.findings = findings;
            if fits {
                return Some((nth, true));
            }
            self.bindings.undo(point);
            // A name that agrees is enough to tell that this is the one, and then what differs is told.
            let named = self.findings.is_some()
                && name.is_some()
                && found.string_under(theirs[nth].value, "Name").as_deref() == name;
            if named && self.bind_key(key, &other) {
                return Some((nth, false));
            }
        }
        None
    }

    /// The key under which the object stands whose member is looked at.
    fn parent(&self) -> String {
        let step = self.path.iter().rev().nth(1);
        step.map(|step| self.step(step)).unwrap_or_default()
    }

    fn bind_key(&mut self, printed: &str, found: &str) -> bool {
        let (a, b) = (
            tokens::tokens(printed, self.reading),
            tokens::tokens(found, self.reading),
        );
        let (a, b) = (
            Piece {
                text: printed,
                tokens: &a,
            },
            Piece {
                text: found,
                tokens: &b,
            },
        );
        let point = self.bindings.savepoint();
        let holds = line::holds(a, b, &mut self.bindings, &self.occurrence);
        if !holds {
            self.bindings.undo(point);
        }
        holds
    }

    /// Notes a difference; false for short.
    pub(super) fn differs(&mut self, printed: usize, found: Option<usize>, reason: Reason) -> bool {
        let node = self.printed.node(printed);
        let span = match node.kind {
            Kind::Array(_) | Kind::Object(..) => node.span.start..node.span.start + 1,
            _ => node.span.clone(),
        };
        self.note(printed, span, found, String::new(), reason);
        false
    }

    /// Notes a member that is not there; `left` are keys that are there instead.
    fn no_key(&mut self, value: usize, key: Range<usize>, name: Option<&str>, left: &str) {
        let (within, owner) = match (self.path.last(), self.member) {
            (None, Some((member, owner))) => (member.to_owned(), Some(owner.to_owned())),
            (step, _) => {
                let owners = &self.occurrence.owners;
                let owner = owners.first().filter(|_| owners.len() == 1);
                let within = step.map(|step| self.step(step));
                (within.unwrap_or_default(), owner.cloned())
            }
        };
        let reason = match (within.as_str(), name, owner) {
            ("Networks", _, Some(container)) => Reason::OtherNetwork(container),
            ("Containers", Some(name), Some(network)) => Reason::NotOnNetwork {
                container: name.to_owned(),
                network,
            },
            _ => Reason::NoKey,
        };
        self.note(value, key, None, left.to_owned(), reason);
    }

    pub(super) fn note(
        &mut self,
        printed: usize,
        span: Range<usize>,
        found: Option<usize>,
        words: String,
        reason: Reason,
    ) {
        if self.findings.is_none() {
            return;
        }
        let path = self.path_text();
        if let Some(findings) = &mut self.findings {
            findings.push(Finding {
                printed,
                span,
                found,
                words,
                lists: None,
                reason,
                path,
            });
        }
    }

    fn step(&self, step: &Step) -> String {
        match step {
            Step::Key(key) => self.printed.string(key.clone()).into_owned(),
            Step::Name(name) => name.clone(),
            Step::Element(nth) => format!("[{nth}]"),
        }
    }

    fn path_text(&self) -> String {
        // `inspect` prints a list of one: that is no news.
        let one = |root: usize| matches!(&self.printed.node(root).kind, Kind::Array(all) if all.len() == 1);
        let only = matches!(self.path.first(), Some(Step::Element(0)))
            && matches!(self.printed.roots[..], [root] if one(root));
        let mut text = String::new();
        for step in self.path.iter().skip(usize::from(only)) {
            if !text.is_empty() && !matches!(step, Step::Element(_)) {
                text.push('.');
            }
            text.push_str(&self.step(step));
        }
        text
    }
}
