//! What became of a mutant.

use seaworthy_mutants::Rule;
use seaworthy_report as report;
use serde::{Deserialize, Serialize};

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fate", rename_all = "kebab-case")]
pub(super) enum Fate {
    /// The check failed.
    Found {
        /// What it said first.
        message: String,
    },
    /// The page is malformed, and nothing was run.
    Refused {
        /// What was said first.
        message: String,
    },
    /// All holds, and nothing false is said.
    Equivalent {
        /// By which rule.
        rule: Rule,
    },
    /// All holds: the page didn't notice.
    Survived {
        /// In what the machine's states differ behind the changed session, line by line.
        differences: Vec<String>,
    },
}

/// Why a page failed, or nothing if it holds.
pub(super) fn failure(page: &report::Page) -> Option<String> {
    let of_session = page
        .sessions
        .iter()
        .find_map(|session| session.failures().next())
        .map(|failure| format!("line {}: {}", failure.line, failure.message));
    let of_diagram = page.diagrams.iter().find_map(|diagram| {
        let difference = diagram.differences.first()?;
        Some(format!("line {}: {difference}", diagram.line))
    });
    of_session.or(of_diagram).or_else(|| page.error.clone())
}
