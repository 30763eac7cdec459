//! What a fence of anybody's Markdown is.

use seaworthy_report::DiffLine;
use serde::Serialize;
use strum::VariantArray;

/// What a fence is.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    strum::IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub(super) enum Class {
    /// It ran, and printed what it shows.
    Holds,
    /// It ran, and printed something else: the drift.
    PrintsSomethingElse,
    /// It can't be read as a session, though it looks like one.
    Malformed,
    /// A command or an option of Docker's that isn't there, or that is to go.
    UnknownOrDeprecated,
    /// An image can't be had.
    NoImage,
    /// It names what no step of its page makes.
    NotMade,
    /// A reader has to put something else in a place of it.
    Placeholder,
    /// It needs the internet, a device, another machine or program.
    NeedsElsewhere,
    /// It does not end, or waits for input.
    NoEnd,
    /// Something before it on its page failed.
    NotReached,
    /// The time was over, or its page had no machine.
    NotTried,
    /// It is no session.
    NoSession,
}

impl Class {
    /// All of them, in the order in which they are told.
    pub(super) const ALL: &'static [Self] = Self::VARIANTS;

    /// The class as it is written.
    pub(super) fn name(self) -> &'static str {
        self.into()
    }

    /// What is said of so many fences: behind their number.
    pub(super) fn told(self, one: bool) -> &'static str {
        match (self, one) {
            (Self::Holds, true) => "holds",
            (Self::Holds, false) => "hold",
            (Self::PrintsSomethingElse, true) => "prints something else",
            (Self::PrintsSomethingElse, false) => "print something else",
            (Self::Malformed, true) => "is malformed",
            (Self::Malformed, false) => "are malformed",
            (Self::UnknownOrDeprecated, true) => "has an unknown or a deprecated command or option",
            (Self::UnknownOrDeprecated, false) => {
                "have an unknown or a deprecated command or option"
            }
            (Self::NoImage, true) => "needs an image that can't be had",
            (Self::NoImage, false) => "need an image that can't be had",
            (Self::NotMade, true) => "names what no step makes",
            (Self::NotMade, false) => "name what no step makes",
            (Self::Placeholder, true) => "has a placeholder",
            (Self::Placeholder, false) => "have a placeholder",
            (Self::NeedsElsewhere, true) => {
                "needs the internet, a device, another machine or program"
            }
            (Self::NeedsElsewhere, false) => {
                "need the internet, a device, another machine or program"
            }
            (Self::NoEnd, true) => "does not end, or waits for input",
            (Self::NoEnd, false) => "do not end, or wait for input",
            (Self::NotReached, true) => "was not reached",
            (Self::NotReached, false) => "were not reached",
            (Self::NotTried, true) => "was not tried",
            (Self::NotTried, false) => "were not tried",
            (Self::NoSession, true) => "is no session",
            (Self::NoSession, false) => "are no session",
        }
    }
}

/// What is known of a fence.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Finding {
    /// What it is.
    pub(super) class: Class,
    /// Why, in one line; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) reason: String,
    /// The line that shows it, if it isn't the fence's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) at: Option<usize>,
    /// The command that shows it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) command: String,
    /// What is shown and what was printed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) diff: Vec<DiffLine>,
}

impl Finding {
    pub(super) fn new(class: Class, reason: impl Into<String>) -> Self {
        Self {
            class,
            reason: reason.into(),
            at: None,
            command: String::new(),
            diff: Vec::new(),
        }
    }
}
