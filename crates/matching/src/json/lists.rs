//! Lists in JSON: in order and all elements, around `...`, or in any order.

use super::brief;
use super::compare::{Comparison, Step};
use super::parse::Kind;
use crate::reason::Reason;

/// How many elements of the output are tried for a printed one in lists of different lengths.
const AHEAD: usize = 16;

impl Comparison<'_> {
    /// Two lists.
    pub(super) fn list(
        &mut self,
        (p, printed): (usize, &[usize]),
        (f, found): (usize, &[usize]),
        key: &str,
    ) -> bool {
        let before = self.findings.as_ref().map_or(0, Vec::len);
        let holds = self.sequence(p, printed, found, key);
        let new = self
            .findings
            .iter_mut()
            .flat_map(|findings| &mut findings[before..]);
        for finding in
            new.filter(|finding| matches!(finding.reason, Reason::Length(..) | Reason::NoElement))
        {
            finding.lists.get_or_insert((p, f));
        }
        holds
    }

    /// Elements of a list, or the values at the top. `list` is what is marked if their number is wrong.
    pub(super) fn sequence(
        &mut self,
        list: usize,
        printed: &[usize],
        found: &[usize],
        key: &str,
    ) -> bool {
        let elided = |id: &usize| matches!(self.printed.node(*id).kind, Kind::Elided);
        if self.unordered {
            return self.any_order(list, printed, found, key);
        }
        if printed.iter().any(elided) {
            return self.around_elisions(printed, found, key);
        }
        if printed.len() != found.len() {
            return self.other_length(list, printed, found, key);
        }
        let mut all = true;
        for (nth, (p, f)) in printed.iter().zip(found).enumerate() {
            self.path.push(Step::Element(nth));
            all &= self.value(*p, *f, key);
            self.path.pop();
            if !all && self.findings.is_none() {
                break;
            }
        }
        all
    }

    /// Lists of different lengths: tells what one of them has that the other has not. Elements that agree are paired in
    /// order, each with the next that it fits.
    fn other_length(&mut self, list: usize, printed: &[usize], found: &[usize], key: &str) -> bool {
        if self.findings.is_none() {
            return false;
        }
        let (mut next, mut new, mut gone) = (0, None, None);
        for (nth, p) in printed.iter().enumerate() {
            let ahead = next..found.len().min(next + AHEAD);
            match ahead
                .clone()
                .find(|at| self.run_of(&[*p], &found[*at..*at + 1], key))
            {
                Some(at) => {
                    new = new.or((at > next).then(|| found[next]));
                    next = at + 1;
                }
                None => gone = gone.or(Some((nth, *p))),
            }
        }
        new = new.or(found.get(next).copied());
        let words = new.map(|id| brief(self.found.raw(id))).unwrap_or_default();
        let span = self.printed.node(list).span.start;
        self.note(
            list,
            span..span + 1,
            None,
            words,
            Reason::Length(printed.len(), found.len()),
        );
        if let Some((nth, element)) = gone {
            self.path.push(Step::Element(nth));
            self.differs(element, None, Reason::NoElement);
            self.path.pop();
        }
        false
    }

    fn around_elisions(&mut self, printed: &[usize], found: &[usize], key: &str) -> bool {
        let document = self.printed;
        let mut parts = printed.split(|id| matches!(document.node(*id).kind, Kind::Elided));
        let (first, last) = (
            parts.next().unwrap_or_default(),
            parts.next_back().unwrap_or_default(),
        );
        if first.len() + last.len() > found.len() || !self.run_of(first, &found[..first.len()], key)
        {
            return self.no_element(first.first().or(last.first()));
        }
        let end = found.len() - last.len();
        let mut at = first.len();
        for part in parts {
            let starts = at..(end + 1).saturating_sub(part.len());
            let start = starts.into_iter().find(|start| {
                self.budget > 0 && self.run_of(part, &found[*start..*start + part.len()], key)
            });
            match start {
                Some(start) => at = start + part.len(),
                None => return self.no_element(part.first()),
            }
        }
        self.run_of(last, &found[end..], key) || self.no_element(last.first())
    }

    /// Whether a run of elements matches another, tried as a whole.
    fn run_of(&mut self, printed: &[usize], found: &[usize], key: &str) -> bool {
        let findings = self.findings.take();
        let point = self.bindings.savepoint();
        let holds = printed.len() == found.len()
            && printed
                .iter()
                .zip(found)
                .all(|(p, f)| self.value(*p, *f, key));
        if !holds {
            self.bindings.undo(point);
        }
        self.findings = findings;
        holds
    }

    fn any_order(&mut self, list: usize, printed: &[usize], found: &[usize], key: &str) -> bool {
        let wanted: Vec<usize> = printed
            .iter()
            .copied()
            .filter(|id| !matches!(self.printed.node(*id).kind, Kind::Elided))
            .collect();
        let more = wanted.len() < printed.len();
        let mut all = wanted.len() == found.len()
            || (more && wanted.len() < found.len())
            || self.differs(list, None, Reason::Length(wanted.len(), found.len()));
        let mut free: Vec<usize> = found.to_vec();
        for p in wanted {
            let some = if self.budget > 0 { free.len() } else { 0 };
            let at = (0..some).find(|at| self.run_of(&[p], &free[*at..*at + 1], key));
            match at {
                Some(at) => drop(free.remove(at)),
                None => all = self.differs(p, None, Reason::NoElement),
            }
            if !all && self.findings.is_none() {
                return false;
            }
        }
        all
    }

    fn no_element(&mut self, element: Option<&usize>) -> bool {
        element.is_some_and(|element| self.differs(*element, None, Reason::NoElement))
    }
}
