//! A part of a check, for several jobs that share a book.

use std::cmp::Reverse;
use std::str::FromStr;
use std::sync::Arc;

use seaworthy_page::{Page, Step};
use seaworthy_report as report;
use sha2::{Digest, Sha256};

/// One of several jobs that check a book together: `2/4`, or `1+1/4` by those who count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which of them, from 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/');
        let parts = parts.and_then(|(k, n)| Some((number(k)?, n.parse().ok()?)));
        match parts {
            Some((number, of)) if 0 < number && number <= of => Ok(Self { number, of }),
            _ => Err("write which job of how many, as in `2/4`; `1+1/4` is the same, for what counts from 0".to_owned()),
        }
    }
}

/// The number of a job, from 1. Many schedulers give jobs numbers from 0, and can't add: then it is written `1+1`.
fn number(text: &str) -> Option<usize> {
    match text.strip_suffix("+1") {
        Some(from_0) => from_0.parse::<usize>().ok()?.checked_add(1),
        None => text.parse().ok(),
    }
}

impl Shard {
    /// What a report says of this job, which shares `pages` with the others on these versions of Docker Engine.
    #[must_use]
    pub fn reported(self, pages: &[Arc<Page>], docker: &[String]) -> report::Shard {
        let mut hash = Sha256::new();
        for page in pages {
            let fingerprints = page.steps.iter().filter_map(|step| match step {
                Step::Session(step) => Some(&step.fingerprint),
                Step::Diagram(step) if step.verify => Some(&step.fingerprint),
                _ => None,
            });
            for text in std::iter::once(&page.file).chain(fingerprints) {
                hash.update((text.len() as u64).to_le_bytes());
                hash.update(text);
            }
        }
        let pages = hash.finalize();
        report::Shard {
            number: self.number,
            of: self.of,
            pages: pages[..16]
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
            docker: docker.to_vec(),
        }
    }

    /// The pages of this job: each page belongs to one job, the same one wherever this is asked, and the jobs have about
    /// as many commands each.
    #[must_use]
    pub fn select(self, pages: Vec<Arc<Page>>) -> Vec<Arc<Page>> {
        let weight = |page: &Page| {
            let commands: usize = page.sessions().map(|s| s.session.commands.len()).sum();
            // A machine's start costs about as much as a few commands.
            commands + 5
        };
        let mut order: Vec<_> = (0..pages.len()).collect();
        order.sort_by_key(|&at| Reverse(weight(&pages[at])));
        let mut loads = vec![0; self.of];
        let mut mine = Vec::new();
        for at in order {
            let lightest = (0..self.of)
                .min_by_key(|&job| loads[job])
                .unwrap_or_default();
            loads[lightest] += weight(&pages[at]);
            if lightest + 1 == self.number {
                mine.push(at);
            }
        }
        mine.sort_unstable();
        mine.into_iter().map(|at| Arc::clone(&pages[at])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_job_of_how_many() {
        assert_eq!("2/4".parse(), Ok(Shard { number: 2, of: 4 }));
        assert_eq!("0+1/4".parse(), Ok(Shard { number: 1, of: 4 }));
        let huge = format!("{}+1/4", usize::MAX);
        for text in [
            "", "2", "0/2", "3/2", "a/b", "1/0", "4+1/4", "1+2/4", "+1/4", &huge,
        ] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
