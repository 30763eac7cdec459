//! Which changes of the printed output mean the same by the rules of matching: an id that is printed once may be any.
//!
//! Told without an engine: a machine that printed just what the author shows would do so for the changed page too. Such
//! mutants can't be found by a run, so they are listed, not run.

use std::path::Path;

use seaworthy::matching::{Bindings, Expected, Line, Mode, compare};
use seaworthy_console::Command;
use seaworthy_page::{BookSettings, Loader, Page, SessionStep};

use crate::mutation::{Mutant, is_wild};

/// Whether `mutant` means the same as its page.
pub(crate) fn is_equivalent(
    page: &Page,
    mutant: &Mutant,
    loader: &dyn Loader,
    settings: &BookSettings,
) -> bool {
    if !mutant.kind.is_of_output() {
        return false;
    }
    let file = Path::new(&page.file);
    let Ok(changed) = Page::load_as(file, Some(&mutant.text), loader, settings) else {
        return false;
    };
    let (printed, shown) = (commands(&changed), commands(page));
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
                let lines: Vec<Line<'_>> = command
                    .output
                    .iter()
                    .map(|line| Line {
                        text: &line.text,
                        at: 0,
                    })
                    .collect();
                let expected = Expected {
                    command: &command.script,
                    lines: &lines,
                    mode: if step.attributes.exact {
                        Mode::Exact
                    } else {
                        Mode::Docker
                    },
                    unordered: step.attributes.unordered,
                    varies: &step.attributes.varies,
                };
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
