//! What was done of a page on its machines, and what its values stand for there. Pure.
//!
//! The bindings before an item are made from what the items above it printed, in the page's order, whichever order they
//! were run in. So a command that is run again begins with the bindings from before it, and what no longer holds with its
//! new values counts no more.

use seaworthy_matching::{Bindings, Value};
use seaworthy_runner::bindings_after;

use crate::course::{Course, What};
use crate::message::{Piece, Values, Verdict};

/// What was done of a course.
#[derive(Debug)]
pub(crate) struct Ledger {
    /// For each item that was done, what it printed.
    done: Vec<Option<String>>,
    /// What was last said of each.
    pub(crate) verdicts: Vec<Option<Verdict>>,
    /// The bindings before each item, as far as they are known.
    before: Vec<Bindings>,
    /// Where the learner is: behind the item that was done last.
    pub(crate) at: usize,
}

impl Ledger {
    /// Nothing was done yet, of so many items.
    pub(crate) fn new(items: usize) -> Self {
        Self {
            done: vec![None; items],
            verdicts: vec![None; items],
            before: vec![Bindings::new()],
            at: 0,
        }
    }

    /// Whether the item was done, and did what the page shows.
    pub(crate) fn is_done(&self, at: usize) -> bool {
        self.done[at].is_some()
    }

    /// Takes note that the item at `at` was done, and printed this.
    pub(crate) fn did(&mut self, at: usize, printed: String) {
        self.done[at] = Some(printed);
        self.before.truncate(at + 1);
        self.at = at + 1;
    }

    /// What the page's values stand for before the item at `at`; behind the last one, at the end.
    pub(crate) fn before(&mut self, course: &Course, at: usize) -> &Bindings {
        while self.before.len() <= at {
            let next = self.before.len() - 1;
            let bindings = self.after(course, next);
            self.before.push(bindings);
        }
        &self.before[at]
    }

    fn after(&self, course: &Course, at: usize) -> Bindings {
        let before = &self.before[at];
        let Some(printed) = &self.done[at] else {
            return before.clone();
        };
        match course.session(at) {
            Some((step, nth)) => bindings_after(&course.page, step, nth, printed, before)
                .unwrap_or_else(|| before.clone()),
            None => {
                let mut noted = before.clone();
                noted.note_text(course.file_text(at).unwrap_or_default());
                noted
            }
        }
    }

    /// What an item's command is typed as on this page's machines.
    pub(crate) fn typed(&mut self, course: &Course, at: usize) -> Option<String> {
        let script = &course.command(at)?.script;
        Some(self.before(course, at).substitute(script))
    }

    /// The first item above `at` that is shown and wasn't done.
    pub(crate) fn skipped(&self, course: &Course, at: usize) -> Option<usize> {
        (0..at).find(|before| !course.items[*before].unseen && !self.is_done(*before))
    }

    /// Where the page's values differ from the learner's, command by command.
    pub(crate) fn values(&mut self, course: &Course) -> Vec<Values> {
        let mut found = Vec::new();
        let end = course.items.len();
        for at in 0..end {
            let (Some((step, nth)), false) = (course.session(at), course.items[at].unseen) else {
                continue;
            };
            let command = &step.session.commands[nth];
            let bindings = self.before(course, at);
            let typed = pieces(command.script.text(), bindings.values(&command.script));
            let mut printed = Vec::new();
            if self.is_done(at) {
                let bindings = self.before(course, at + 1);
                for (line, shown) in command.output.iter().enumerate() {
                    let values = bindings.values_of_line(&shown.text);
                    let values = pieces(&shown.text, values).into_iter();
                    printed.extend(values.map(|piece| Piece { line, ..piece }));
                }
            }
            if !typed.is_empty() || !printed.is_empty() {
                found.push(Values {
                    session: step.id.clone(),
                    nth,
                    typed,
                    printed,
                });
            }
        }
        found
    }
}

/// The values that stand for something else than themselves, where a browser finds them: by lines, and by UTF-16 units in
/// each.
fn pieces(text: &str, values: Vec<Value>) -> Vec<Piece> {
    let piece = |value: Value| {
        let shown = &text[value.range.clone()];
        let before = &text[..value.range.start];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let from = before[start..].encode_utf16().count();
        (shown != value.real).then(|| Piece {
            line: before.matches('\n').count(),
            from,
            to: from + shown.encode_utf16().count(),
            real: value.real,
        })
    };
    values.into_iter().filter_map(piece).collect()
}

/// The items above `at` that aren't shown and weren't done.
pub(crate) fn unseen_before(course: &Course, ledger: &Ledger, at: usize) -> Vec<usize> {
    let waits = |before: &usize| {
        let item = &course.items[*before];
        (item.unseen || item.what == What::Bring) && !ledger.is_done(*before)
    };
    (0..at).filter(waits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::tests::course;

    const PAGE: &str = "# T\n\n```console\n$ docker run -d nginx:1.30-alpine\n4f1c0e6b5a2d4f1c0e6b5a2d4f1c0e6b5a2d4f1c0e6b5a2d4f1c0e6b5a2d4f1c\n$ docker stop 4f1c0e6b5a2d\n4f1c0e6b5a2d\n```\n\n```console,hidden\n$ true\n```\n\n```console\n$ docker rm 4f1c0e6b5a2d\n4f1c0e6b5a2d\n```\n";

    #[test]
    fn run_again_a_command_begins_with_the_bindings_from_before_it() {
        let course = course(PAGE);
        let mut ledger = Ledger::new(course.items.len());
        let id = |digit: &str| digit.repeat(64) + "\n";
        ledger.did(0, id("a"));
        let typed = |ledger: &mut Ledger, at| ledger.typed(&course, at).unwrap();
        assert_eq!(typed(&mut ledger, 1), "docker stop aaaaaaaaaaaa");
        ledger.did(1, "aaaaaaaaaaaa\n".to_owned());
        assert_eq!(typed(&mut ledger, 3), "docker rm aaaaaaaaaaaa");
        ledger.did(0, id("b"));
        assert_eq!(typed(&mut ledger, 0), "docker run -d nginx:1.30-alpine");
        // What was stopped was another one: that counts no more.
        assert_eq!(typed(&mut ledger, 3), "docker rm bbbbbbbbbbbb");
    }

    #[test]
    fn the_page_takes_on_the_learners_values() {
        let course = course(PAGE);
        let mut ledger = Ledger::new(course.items.len());
        assert_eq!(ledger.values(&course), []);
        ledger.did(0, "a".repeat(64) + "\n");
        let values = ledger.values(&course);
        let told: Vec<_> = values
            .iter()
            .map(|v| (v.nth, v.typed.len(), v.printed.len()))
            .collect();
        assert_eq!(told, [(0, 0, 1), (1, 1, 0), (0, 1, 0)]);
        let piece = Piece {
            line: 0,
            from: 12,
            to: 24,
            real: "a".repeat(12),
        };
        assert_eq!(values[1].typed, [piece]);
    }

    #[test]
    fn what_is_left_out_above() {
        let course = course(PAGE);
        let mut ledger = Ledger::new(course.items.len());
        assert_eq!(unseen_before(&course, &ledger, 3), [2]);
        assert_eq!(ledger.skipped(&course, 3), Some(0));
        ledger.did(0, "a".repeat(64));
        ledger.did(2, String::new());
        assert_eq!(ledger.skipped(&course, 3), Some(1));
        assert_eq!(unseen_before(&course, &ledger, 3), [0; 0]);
    }
}
