//! What is said of a page's limits when one is hit.

use seaworthy_page::{MachineLimits, Page, show_size};
use seaworthy_report::Failure;

use crate::host::{LimitHit, PageMachine};

/// What programs print when a disk is full.
const NO_SPACE: &str = "no space left on device";
/// The exit code of a command that was killed.
const KILLED: i32 = 137;

/// Says which limits the page has hit on its machine, and how to raise them; nothing for none. `failure` is what
/// failed, if it was a command.
pub(super) async fn hit(
    page: &Page,
    machine: &impl PageMachine,
    failure: Option<&Failure>,
) -> String {
    let found = machine.limits_hit().await;
    let exit = failure.and_then(|failure| failure.exit);
    let printed = failure.map_or("", |failure| failure.actual.as_str());
    told(found, exit, printed, &page.settings.limits)
}

/// Names the limits that leave a machine less than by default, for one that didn't come up; nothing for none.
pub(super) fn tight(limits: &MachineLimits) -> String {
    let default = MachineLimits::default();
    let size = show_size;
    let lower = [
        (
            "memory",
            limits.memory < default.memory,
            size(limits.memory),
        ),
        (
            "data-root",
            limits.data_root < default.data_root,
            size(limits.data_root),
        ),
        (
            "processes",
            limits.processes < default.processes,
            limits.processes.to_string(),
        ),
    ];
    let lower = lower.into_iter().filter(|(_, lower, _)| *lower);
    let lower: Vec<_> = lower
        .map(|(name, _, value)| format!("`{name}` = {value}"))
        .collect();
    match lower.as_slice() {
        [] => String::new(),
        lower => format!(
            "book.toml leaves it less than usual ({}): raise that",
            lower.join(", ")
        ),
    }
}

fn told(
    mut found: Vec<LimitHit>,
    exit: Option<i32>,
    printed: &str,
    limits: &MachineLimits,
) -> String {
    // Caches fill the memory too, which harms no one.
    let killed = matches!(exit, None | Some(KILLED));
    found.retain(|one| killed || *one != LimitHit::Memory { killed: Vec::new() });
    let full = |one: &LimitHit| matches!(one, LimitHit::DataRoot | LimitHit::Files);
    if printed.to_lowercase().contains(NO_SPACE) && !found.iter().any(full) {
        // What filled it is gone, with a container perhaps: either may have been it.
        found.extend([LimitHit::DataRoot, LimitHit::Files]);
    }
    let lines: Vec<_> = found.iter().map(|one| line(one, limits)).collect();
    lines.join("\n  ")
}

fn line(found: &LimitHit, limits: &MachineLimits) -> String {
    match found {
        LimitHit::Memory { killed } => {
            let killed = match killed.as_slice() {
                [] => String::new(),
                killed => format!(
                    ", and the kernel killed a process of {}",
                    killed.join(" and ")
                ),
            };
            format!(
                "the machine's memory of {} was used up{killed}: use less, or raise `memory` in book.toml",
                show_size(limits.memory)
            )
        }
        LimitHit::DataRoot => format!(
            "the {} for images, containers and volumes are used up: use less, or raise `data-root` in book.toml",
            show_size(limits.data_root)
        ),
        LimitHit::Files => format!(
            "the {} for files outside of containers are used up: write less, or raise `memory` in book.toml, of which \
             they are half of what `data-root` leaves",
            show_size(limits.memory.saturating_sub(limits.data_root) / 2)
        ),
        LimitHit::Processes => format!(
            "the machine had all the {} processes that it may have: start fewer, or raise `processes` in book.toml",
            limits.processes
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_named_with_its_setting() {
        let limits = MachineLimits::default();
        let memory = |killed: &[&str]| LimitHit::Memory {
            killed: killed.iter().map(ToString::to_string).collect(),
        };
        for (found, said) in [
            (
                memory(&[]),
                "the machine's memory of 2 GiB was used up: use less, or raise `memory`",
            ),
            (
                memory(&["the container `web`", "the page's shell"]),
                "used up, and the kernel killed a process of the container `web` and the page's shell: ",
            ),
            (
                LimitHit::DataRoot,
                "the 1 GiB for images, containers and volumes are used up: use less, or raise `data-root`",
            ),
            (
                LimitHit::Files,
                "the 512 MiB for files outside of containers are used up",
            ),
            (
                LimitHit::Processes,
                "all the 1024 processes that it may have: start fewer, or raise `processes`",
            ),
        ] {
            let told = told(vec![found], None, "", &limits);
            assert!(told.contains(said), "{told}");
        }
        let lines = |found: &[LimitHit], exit, printed: &str| {
            told(found.to_vec(), exit, printed, &limits).lines().count()
        };
        let full = "dd: error writing 'x': No space left on device";
        for (found, exit, printed, expected) in [
            (&[] as &[LimitHit], Some(1), "", 0),
            (&[LimitHit::DataRoot, LimitHit::Processes], Some(1), "", 2),
            (&[], Some(1), full, 2),
            (&[LimitHit::Files], Some(1), full, 1),
            (&[memory(&[])], Some(1), "", 0),
            (&[memory(&[])], Some(137), "", 1),
            (&[memory(&["the page's shell"])], Some(1), "", 1),
        ] {
            assert_eq!(lines(found, exit, printed), expected, "{found:?} {exit:?}");
        }
    }
}
