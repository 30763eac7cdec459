//! The words of a console: what a shell text says, which Docker command a call is, what the name of an image and a
//! subnet mean, and which known name was probably meant.
//!
//! Enter at [`Script::parse`]: a text is read once, as bash reads it, and everybody asks the [`Script`]: is it complete
//! ([`Script::verdict`]), what does it run ([`Script::commands`], [`Script::programs`]), which calls of Docker are among
//! that ([`Script::calls`]). While it is typed, line by line, [`Typing`] tells whether more is to come. [`Reference`] is
//! a name of an image, [`Subnet`] a subnet, [`suggestion`] says "did you mean". [`misuses`] says which commands and options of
//! Docker's a text uses that a version of the CLI doesn't have.
//!
//! Nothing is run, expanded or looked up.

mod close;
mod docker;
mod flat;
mod image;
mod parse;
mod read;
mod run;
mod same;
mod script;
mod subnet;
mod typing;

pub use close::{nearest, occurrences, suggestion};
pub use docker::{Call, Misuse, misuses};
pub use image::{Reference, is_image_name, with_tag};
pub use run::{Program, base_name, is_assignment, program_at};
pub use script::{
    Command, Compound, Item, Joint, Kind, List, Missing, Pipeline, Redirect, Script, Simple,
    Verdict, Word,
};
pub use subnet::Subnet;
pub use typing::Typing;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
