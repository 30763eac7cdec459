//! A part of a check, for several jobs that share a book.

use std::cmp::Reverse;
use std::str::FromStr;
use std::sync::Arc;

use seaworthy_page::Page;

/// One of several jobs that check a book together.
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
        let parts = parts.and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        match parts {
            Some((number, of)) if 0 < number && number <= of => Ok(Self { number, of }),
            _ => Err("write which job of how many, as in `2/4`".to_owned()),
        }
    }
}

impl Shard {
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
        for text in ["", "2", "0/2", "3/2", "a/b", "1/0"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
