//! The faults of a whole book, as one error.

use std::fmt;

use seaworthy_blocks::{Diagnostic, Severity, counted, render};

/// All faults of a book: what stops a build.
#[derive(Debug)]
pub struct Faults(pub Vec<Diagnostic>);

impl Faults {
    /// The faults as a person reads them on a terminal, with colours if `styled`, and their number.
    #[must_use]
    pub fn render(&self, styled: bool) -> String {
        let errors = self
            .0
            .iter()
            .filter(|d| d.fault.severity == Severity::Error);
        let faults = counted(errors.count(), "fault", "faults");
        let shown = render(&self.0, styled);
        format!("{shown}\n\n{faults}; nothing was built or run")
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Faults {}
