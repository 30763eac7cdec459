//! The languages of our blocks, as they follow the three backticks.

/// The language of a session.
pub(crate) const SESSION: &str = "console";
/// The language of a diagram.
pub(crate) const DIAGRAM: &str = "network";
/// What is written in a diagram that is a file too.
pub(crate) const FILE_OF_DIAGRAM: &str = "yaml";
/// The language of an archive.
pub(crate) const ARCHIVE: &str = "archive";
/// Languages whose blocks are ours, so that a fence that isn't parsed as one is a fault.
pub(crate) const OURS: [&str; 3] = [SESSION, DIAGRAM, ARCHIVE];
