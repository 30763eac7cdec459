//! The rules by which a changed page says nothing that is false, so that no check can find it. A machine tells each; what
//! falls under none of them has survived.

use std::fmt;

use serde::{Deserialize, Serialize};

use seaworthy_console::Command;
use seaworthy_matching::{Bindings, Expected, compare, printed_lines};
use seaworthy_page::{Page, SessionStep};

use crate::mutation::is_wild;

/// Why a mutant is equivalent to its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The rules of matching let the author print this as well: an id that stands once may be any. It isn't run.
    Matching,
    /// Each command prints what is shown, and behind the changed session the machine is as the page itself leaves it
    /// there: two networks are made in the other order, or a command only looks.
    State,
    /// Something isn't removed, and the check says that it is left behind.
    Left,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Rule::Matching => "by the rules of matching it is the same",
            Rule::State => "all is printed as shown, and the machine is the same behind it",
            Rule::Left => "not removed, and the check says that it is left behind",
        })
    }
}

/// Whether a machine that printed just what the author shows on `page` would do so for `changed` too, a page that prints
/// something else.
pub(crate) fn is_same_to_matching(page: &Page, changed: &Page) -> bool {
    let (printed, shown) = (commands(changed), commands(page));
    let mut bindings = Bindings::new();
    printed.len() == shown.len()
        && printed
            .iter()
            .zip(&shown)
            .all(|((step, command), (_, original))| {
                let machine: Vec<&str> = original
                    .output
                    .iter()
                    .map(|line| line.text.as_str())
                    .filter(|line| !is_wild(line))
                    .collect();
                let text = command.text();
                let lines = printed_lines(changed, command);
                let expected = Expected::of(step, command, &lines);
                // What is typed for real must not change either.
                let typed = bindings.substitute(&command.script);
                let same = typed == text || text != original.text();
                bindings.note_typed(&command.script);
                let outcome = compare(&expected, &machine.join("\n"), &bindings);
                bindings = outcome.bindings;
                outcome.holds && same
            })
}

fn commands(page: &Page) -> Vec<(&SessionStep, &Command)> {
    let sessions = page.sessions();
    sessions
        .filter(|step| step.attributes.no_run.is_none())
        .flat_map(|step| {
            step.session
                .commands
                .iter()
                .map(move |command| (step, command))
        })
        .collect()
}
