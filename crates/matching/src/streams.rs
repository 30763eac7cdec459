//! Standard output and standard error of one command, where nothing fixes which comes first: what Docker says of
//! several things that it does something with, and what a program prints in a container without a terminal, whose
//! streams come over two ways. Enter at [`apart`].
//!
//! Only the order of the one to the other is free. The lines of output keep theirs; errors of things that are handled at
//! the same time have none.

use seaworthy_words::{Call, Script};

use super::lines::Side;
use super::text::Item;

/// The printed lines and those of the output, errors behind the rest; `None` if their order counts, or if there is
/// nothing to be put in order.
pub(super) fn apart(
    command: &Script,
    (printed, items): (&Side<'_>, &[Item]),
    (actual, found): (&Side<'_>, &[usize]),
) -> Option<(Vec<Item>, Vec<usize>)> {
    let is_wild = |item: &Item| matches!(item, Item::Wild(_));
    if command.commands().len() != 1 || items.iter().any(is_wild) {
        return None;
    }
    let way = Way::of(&command.simple_at_end()?.call()?)?;
    let items = way.sorted(items, |item: Item| printed.text(item.index()));
    let found = way.sorted(found, |at: usize| actual.text(at));
    Some((items?, found?))
}

/// Why the order of the streams isn't fixed.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// Several things are handled at the same time.
    Things,
    /// A program runs in a container without a terminal.
    Inside,
}

impl Way {
    fn of(call: &Call<'_>) -> Option<Self> {
        const OF_CONTAINERS: [&str; 10] = [
            "inspect", "kill", "pause", "restart", "rm", "rmi", "start", "stop", "unpause", "wait",
        ];
        let of_several = match call.group {
            "" | "container" => OF_CONTAINERS.contains(&call.verb),
            "config" | "image" | "network" | "node" | "secret" | "service" | "stack" | "volume" => {
                matches!(call.verb, "rm" | "remove" | "inspect")
            }
            _ => false,
        };
        if of_several {
            return (call.operands().count() > 1).then_some(Self::Things);
        }
        let runs = call.is_container(&["exec"]) || call.runs_in_foreground();
        let has_terminal = call.has("t", "tty");
        (runs && call.group != "compose" && !has_terminal).then_some(Self::Inside)
    }

    /// The lines with errors behind the rest; `None` if there are only such or none.
    fn sorted<'t, T: Copy>(self, lines: &[T], text: impl Fn(T) -> &'t str) -> Option<Vec<T>> {
        let is_error = |line: &&T| self.is_error(text(**line).trim());
        let mut errors: Vec<T> = lines.iter().filter(is_error).copied().collect();
        let rest = lines.iter().filter(|line| !is_error(line)).copied();
        let mut all: Vec<T> = rest.collect();
        if self == Self::Things {
            errors.sort_by(|a, b| text(*a).cmp(text(*b)));
        }
        let mixed = !all.is_empty() && !errors.is_empty();
        let several = self == Self::Things && errors.len() > 1;
        all.extend(errors);
        (mixed || several).then_some(all)
    }

    fn is_error(self, line: &str) -> bool {
        const SAID: [&str; 10] = [
            "bad address",
            "can't",
            "cannot",
            "denied",
            "invalid",
            "no such",
            "not found",
            "not permitted",
            "refused",
            "unrecognized",
        ];
        if self == Self::Things {
            return line.starts_with("Error");
        }
        let Some((program, said)) = line.split_once(": ") else {
            return false;
        };
        let said = said.to_lowercase();
        !program.contains(char::is_whitespace) && SAID.iter().any(|words| said.contains(words))
    }
}
