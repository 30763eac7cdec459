//! The formats that results are printed in.

use clap::ValueEnum;

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Pretty,
    /// The report itself, for programs
    Json,
    /// JUnit's XML, which most CI systems show
    Junit,
    /// Annotations of a workflow on GitHub
    Github,
    /// For a CI job's summary or a comment
    Markdown,
}
