//! Seaworthy, the companion: checks the console sessions of an mdBook on a real Docker Engine.
//!
//! The command line, thin: a [`book`] is read into pages; [`seaworthy_runner`] types each page's sessions into a
//! [`seaworthy_terminal`] on a [`seaworthy_machine`], and [`seaworthy_matching`] compares what was printed with what the
//! author shows; [`reporters`] say what holds. Enter at [`commands::run`].

pub mod assets;
pub mod book;
pub mod cli;
pub mod commands;
pub mod edits;
pub mod error;
pub mod exit;
mod files;
pub mod output;
pub mod prose;
pub mod reporters;
pub mod shard;
mod site;

/// The version of the program, and the commit it is built from where that is known: `0.1.0 (92a750acb1)`.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), env!("SEAWORTHY_COMMIT"));
