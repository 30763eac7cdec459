//! What a check says while it runs and when it ended.
//!
//! Results go to stdout, everything else to stderr. [`Pretty`] is for people, [`Quiet`] for
//! programs that read the JSON report.

mod pretty;
mod progress;

use seaworthy_report::Report;

use crate::runner::Observer;

pub use pretty::Pretty;
pub use progress::Quiet;

/// Tells a check's results.
pub trait Reporter: Observer {
    /// Tells what the whole check found.
    fn finish(&self, report: &Report);
    /// The check ended, and its findings are told otherwise.
    fn stop(&self);
}
