//! Which of several jobs a report comes from, and whether the reports of all of them are there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Report;

/// One of several jobs that checked a book together (`--shard`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Shard {
    /// Which of them, from 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// Hashes the pages that they share, as these were written: of one check, it is the same in all jobs.
    pub pages: String,
    /// The versions of Docker Engine that were asked for.
    pub docker: Vec<String>,
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// A report of one job, and the name that it was read by.
struct Part<'a> {
    name: &'a str,
    tool: &'a str,
    shard: &'a Shard,
}

/// What keeps `reports`, each with the name that it was read by, from being all that there is of their checks, in words:
/// jobs that are missing or there twice, and those of another book or another version of the tool. Jobs that were asked for
/// the same versions of Docker Engine are one check. A report that isn't of one of several jobs is whole by itself.
#[must_use]
pub fn incomplete(reports: &[(String, Report)]) -> Vec<String> {
    let mut checks: BTreeMap<&[String], Vec<Part<'_>>> = BTreeMap::new();
    for (name, report) in reports {
        if let Some(shard) = &report.shard {
            let tool = report.tool.as_str();
            checks
                .entry(&shard.docker)
                .or_default()
                .push(Part { name, tool, shard });
        }
    }
    checks.values().flat_map(|parts| of_check(parts)).collect()
}

/// What is wrong with the parts of one check.
fn of_check(parts: &[Part<'_>]) -> Vec<String> {
    let Some((first, rest)) = parts.split_first() else {
        return Vec::new();
    };
    let mut wrong: Vec<_> = rest
        .iter()
        .filter_map(|part| strange(first, part))
        .collect();
    // Where they don't belong together, none is missing.
    if !wrong.is_empty() {
        return wrong;
    }
    let mut there: BTreeMap<usize, &str> = BTreeMap::new();
    for part in parts {
        if let Some(other) = there.insert(part.shard.number, part.name) {
            wrong.push(format!(
                "`{other}` and `{}` are both of job {}",
                part.name, part.shard
            ));
        }
    }
    let missing: BTreeSet<_> = (1..=first.shard.of)
        .filter(|n| !there.contains_key(n))
        .collect();
    let on = match first.shard.docker.as_slice() {
        [] => String::new(),
        versions => format!(" on Docker Engine {}", versions.join(", ")),
    };
    wrong.extend(
        missing
            .iter()
            .map(|n| format!("the report of job {n}/{}{on} is missing", first.shard.of)),
    );
    wrong
}

/// Why `part` isn't of the same check as `first`, if it isn't.
fn strange(first: &Part<'_>, part: &Part<'_>) -> Option<String> {
    let (one, other) = (first.name, part.name);
    if first.tool != part.tool {
        return Some(format!(
            "`{one}` is of Seaworthy {}, `{other}` of {}",
            first.tool, part.tool
        ));
    }
    if first.shard.of != part.shard.of {
        return Some(format!(
            "`{one}` is of one of {} jobs, `{other}` of one of {}",
            first.shard.of, part.shard.of
        ));
    }
    (first.shard.pages != part.shard.pages).then(|| {
        format!("`{one}` and `{other}` are of different books, or the book was edited between them")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(
        name: &str,
        (number, of): (usize, usize),
        pages: &str,
        docker: &str,
    ) -> (String, Report) {
        let mut report = Report::new("0.1.0", String::new(), 0.0, Vec::new());
        report.shard = Some(Shard {
            number,
            of,
            pages: pages.to_owned(),
            docker: vec![docker.to_owned()],
        });
        (name.to_owned(), report)
    }

    #[test]
    fn all_jobs_of_a_check_are_there_once() {
        let (a, b) = (part("a", (1, 2), "p", "28"), part("b", (2, 2), "p", "28"));
        let whole = (
            "whole".to_owned(),
            Report::new("0.1.0", String::new(), 0.0, Vec::new()),
        );
        assert_eq!(incomplete(&[a.clone(), b.clone()]), [""; 0]);
        assert_eq!(incomplete(&[b.clone(), whole.clone(), a.clone()]), [""; 0]);
        assert_eq!(incomplete(&[whole]), [""; 0]);
        let missing = "the report of job 1/2 on Docker Engine 28 is missing";
        assert_eq!(incomplete(std::slice::from_ref(&b)), [missing]);
        let twice = "`b` and `c` are both of job 2/2";
        let c = part("c", (2, 2), "p", "28");
        assert_eq!(incomplete(&[b, c.clone()]), [twice, missing]);
        // Each check by itself: on another version of the engine there are other jobs.
        let old = part("old", (1, 1), "p", "26");
        assert_eq!(incomplete(&[a, c, old]), [""; 0]);
    }

    #[test]
    fn jobs_of_other_checks_are_told_as_such() {
        let a = part("a", (1, 2), "p", "28");
        let edited = part("b", (2, 2), "q", "28");
        let why = "`a` and `b` are of different books, or the book was edited between them";
        assert_eq!(incomplete(&[a.clone(), edited]), [why]);
        let more = part("b", (2, 3), "p", "28");
        let why = "`a` is of one of 2 jobs, `b` of one of 3";
        assert_eq!(incomplete(&[a.clone(), more]), [why]);
        let mut newer = part("b", (2, 2), "p", "28");
        newer.1.tool = "0.2.0".to_owned();
        let why = "`a` is of Seaworthy 0.1.0, `b` of 0.2.0";
        assert_eq!(incomplete(&[a, newer]), [why]);
    }
}
