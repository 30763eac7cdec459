//! The difference between what a page shows and what was printed, line by line.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A line of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DiffLine {
    /// What the line is.
    pub kind: LineKind,
    /// The author's line, if it is one of the author's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The line of the output, counted from 1: where it is one of the output's, or where the author's stands elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<usize>,
    /// The line, in parts.
    pub parts: Vec<Part>,
}

/// What a line of a difference is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LineKind {
    /// A line of the author's that holds.
    Same,
    /// A line of the author's in which some parts don't hold.
    Differs,
    /// A line of the output that stands where the author's differs.
    Instead,
    /// A line of the author's that the output lacks.
    Missing,
    /// A line of the author's that the output has in another place.
    Elsewhere,
    /// A line of the output that the author doesn't print.
    Unexpected,
    /// Why the lines above it don't hold, in words.
    Reason,
    /// Lines that hold and are left out, in words.
    Folded,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Part {
    /// The text, without an end of line.
    pub text: String,
    /// Whether it is this that differs.
    #[serde(default, skip_serializing_if = "crate::is_false")]
    pub differs: bool,
}

impl LineKind {
    /// What stands before the line where a difference is told as text: `-` before the author's, `+` before the output's,
    /// `=` before a reason.
    #[must_use]
    pub fn sign(self) -> char {
        match self {
            Self::Differs | Self::Missing | Self::Elsewhere => '-',
            Self::Instead | Self::Unexpected => '+',
            Self::Reason => '=',
            Self::Same | Self::Folded => ' ',
        }
    }
}

impl DiffLine {
    /// A line that is all of one part; where the line is of a kind that doesn't hold, all of it differs.
    #[must_use]
    pub fn whole(kind: LineKind, text: impl Into<String>) -> Self {
        let differs = matches!(
            kind,
            LineKind::Missing | LineKind::Elsewhere | LineKind::Unexpected
        );
        Self {
            kind,
            line: None,
            output: None,
            parts: vec![Part {
                text: text.into(),
                differs,
            }],
        }
    }
}

impl fmt::Display for DiffLine {
    /// The line as plain text, with its sign before it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.kind.sign())?;
        self.parts
            .iter()
            .try_for_each(|part| f.write_str(&part.text))
    }
}
