//! The texts that a project is read from, as one: a fault's place is a range of bytes of the whole, until it is told.

use std::ops::Range;

use seaworthy_blocks::{Diagnostic, Fault};

/// The texts, one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    all: String,
    files: Vec<(String, Range<usize>)>,
}

impl Sources {
    /// Adds a file, by the path that is shown; returns where in the whole it begins.
    pub(crate) fn add(&mut self, path: &str, text: &str) -> usize {
        let base = self.all.len();
        self.all.push_str(text);
        self.files.push((path.to_owned(), base..self.all.len()));
        // Two files never stand on one line.
        self.all.push('\n');
        base
    }

    /// All texts.
    pub(crate) fn all(&self) -> &str {
        &self.all
    }

    /// How many bytes all texts have.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// How many files there are.
    pub(crate) fn count(&self) -> usize {
        self.files.len()
    }

    /// The faults, each in its file.
    pub(crate) fn diagnostics(&self, faults: Vec<Fault>) -> Vec<Diagnostic> {
        let texts: Vec<std::sync::Arc<str>> = self
            .files
            .iter()
            .map(|(_, range)| self.all[range.clone()].into())
            .collect();
        let in_its_file = |mut fault: Fault| {
            let after = self
                .files
                .partition_point(|(_, range)| range.start <= fault.span.start);
            let at = after.checked_sub(1)?;
            let (path, range) = &self.files[at];
            let local = |place: usize| place.clamp(range.start, range.end) - range.start;
            fault.span = local(fault.span.start)..local(fault.span.end);
            Some(Diagnostic {
                file: path.clone(),
                source: texts[at].clone(),
                fault,
            })
        };
        faults.into_iter().filter_map(in_its_file).collect()
    }
}
