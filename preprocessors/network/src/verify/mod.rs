//! Whether engines look like the picture. Enter at [`verify`].
//!
//! The picture's side is [`Expectations`], made by [`crate::Diagram::expectations`]; the engines' side
//! is [`ActualState`], which the caller fills from what the engines tell. Both are plain data.

mod actual;
mod compare;
mod expected;
mod ports;
mod project;

use std::fmt;

pub use actual::{
    ActualContainer, ActualEndpoint, ActualMachine, ActualNetwork, ActualPort, ActualState,
};
pub use compare::verify;
pub(crate) use expected::expectations;
pub use expected::{
    Expectations, ExpectedContainer, ExpectedMembership, ExpectedNetwork, ExpectedPort,
    ExpectedStack, ExpectedTraffic,
};

/// Something that is not as the picture shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The container or network that differs, as the picture names it.
    pub about: String,
    /// What differs, in the picture's words: one line, lower-case, without a full stop.
    pub message: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
