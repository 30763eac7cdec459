//! A command that is tried until it holds: how often that was, and what it printed. Pure.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use seaworthy_report::Retried;

/// How often a command was tried, and what it printed.
#[derive(Default)]
pub(super) struct Tries {
    count: usize,
    outputs: HashSet<u64>,
}

impl Tries {
    /// It was tried, and printed `output`.
    pub(super) fn count(&mut self, output: &str) {
        let mut hasher = DefaultHasher::new();
        output.hash(&mut hasher);
        self.outputs.insert(hasher.finish());
        self.count += 1;
    }

    /// For the report, if it was tried more than once.
    pub(super) fn retried(&self) -> Option<Retried> {
        (self.count > 1).then_some(Retried {
            tries: self.count,
            outputs: self.outputs.len(),
        })
    }
}

/// What is noted of a command that was repeated. One that prints something else each time may hold by chance.
pub(super) fn tries_told(retried: &Retried) -> String {
    let held = format!("held at {}", retried.at());
    match retried.outputs {
        outputs if outputs == retried.tries => {
            format!("{held}, and printed something else each time")
        }
        1 => held,
        outputs => format!("{held}, and printed {outputs} different things"),
    }
}

/// The most that is noted of what background jobs print, in characters.
const LATE: usize = 500;

/// What is noted of what was printed before a command by others, if anything was.
pub(super) fn late_told(late: &str) -> Option<String> {
    let late = late.trim();
    let begins: String = late.chars().take(LATE).collect();
    let more = if begins.len() < late.len() {
        " …"
    } else {
        ""
    };
    (!late.is_empty()).then(|| format!("a background job printed before it: {begins}{more}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(outputs: &[&str]) -> Option<String> {
        let mut tries = Tries::default();
        outputs.iter().for_each(|output| tries.count(output));
        tries.retried().as_ref().map(tries_told)
    }

    #[test]
    fn what_was_tried_again_says_how_often_and_how_it_varied() {
        assert_eq!(told(&["a"]), None);
        let ends = |outputs: &[&str]| {
            let told = told(outputs).unwrap();
            told.split_once(", and ").map(|(_, end)| end.to_owned())
        };
        assert_eq!(ends(&["a", "a"]), None);
        assert_eq!(
            ends(&["a", "b"]).as_deref(),
            Some("printed something else each time")
        );
        assert_eq!(
            ends(&["a", "b", "a"]).as_deref(),
            Some("printed 2 different things")
        );
    }

    #[test]
    fn what_came_late_is_told_and_bounded() {
        assert_eq!(late_told(" \n"), None);
        assert_eq!(
            late_told("x\n").as_deref(),
            Some("a background job printed before it: x")
        );
        let long = late_told(&"x".repeat(501)).unwrap();
        assert!(long.ends_with("xx …"), "{long}");
        assert_eq!(long.matches('x').count(), 500);
        assert!(!late_told(&"x".repeat(500)).unwrap().ends_with('…'));
    }
}
