//! Fenced blocks of a Markdown text: where they stand, what their fence says, what is in them, and
//! how to say that something is wrong with them.
//!
//! This crate knows no attribute's meaning and no file: it takes text and gives values. Enter at
//! [`Document::parse`]; a [`Fault`] becomes a [`Diagnostic`] once its file is known.
//!
//! ```
//! let text = "Try it:\n\n```console,timeout=2m\n$ docker ps\n```\n";
//! let document = seaworthy_blocks::Document::parse(text);
//! let block = &document.blocks[0];
//! assert_eq!(block.language, "console");
//! assert_eq!(block.attributes().unwrap()[0].key, "timeout");
//! assert_eq!(block.lines[0].text, "$ docker ps");
//! ```

mod anybody;
mod attributes;
mod code;
mod counted;
mod definitions;
mod diagnostic;
mod document;
mod fault;
mod lookalike;
mod visible;

pub use attributes::{Attribute, parse_settings};
pub use code::FaultCode;
pub use counted::counted;
pub use definitions::Definition;
pub use diagnostic::{Diagnostic, clipped, render};
pub use document::{Block, Comment, Dialect, Document, Line};
pub use fault::{Fault, Severity};
pub use lookalike::{Lookalike, Reason};
pub use visible::{is_unseen, visible};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
