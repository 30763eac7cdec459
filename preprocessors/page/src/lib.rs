//! A page of a book: what its author wrote, as the ordered steps that are shown and run.
//!
//! `build`, `list` and `check` all read a page through this crate, so that what is shown is what is
//! run. It does no I/O: a [`Loader`] gives it files. Enter at [`Page::load`].

mod archive;
mod attribute_reader;
mod attributes;
mod duration;
mod exercise;
mod fingerprint;
mod ground;
mod images;
mod include;
mod languages;
mod limits;
mod lookalike;
mod machine;
mod page;
mod question;
mod reader;
mod settings;
mod source;
mod step;

pub use attributes::{ARCHIVE_ATTRIBUTES, DIAGRAM_ATTRIBUTES, SessionAttributes};
pub use duration::parse_duration;
pub use exercise::Exercise;
pub use ground::Ground;
pub use images::ImageUse;
pub use limits::{MachineLimits, parse_size, show_size};
pub use machine::MachineId;
pub use page::Page;
pub use question::Question;
pub use seaworthy_blocks::Dialect;
pub use semver::{Version, VersionReq};
pub use settings::{BookSettings, Lasts, Settings};
pub use source::{CopiedFolder, FolderFile, Loader, Place, Source, slashed};
pub use step::{ArchiveStep, DiagramStep, FileStep, ListedStep, MalformedStep, SessionStep, Step};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
