//! The mdBook preprocessor of Seaworthy: it turns console sessions and files into HTML, and marks
//! each with what the last check found; it adds the page *Verification* to the book.
//!
//! Enter at [`Seaworthy`], which is an mdBook [`Preprocessor`](mdbook_preprocessor::Preprocessor):
//! the companion uses it in-process, the program `mdbook-seaworthy` for those who call `mdbook`.

mod age;
mod archive;
mod chapter;
mod claims;
mod error;
mod faults;
mod folders;
mod glossary;
mod last_check;
mod marks;
mod mirror;
mod notes;
#[cfg(test)]
mod one_page;
mod overview;
mod paths;
mod preprocessor;
mod published;
mod session;
mod templates;
mod verification;
mod versions;
mod views;

pub use archive::archives;
pub use error::SiteError;
pub use faults::Faults;
pub use folders::{chapter_file, check_build_dir, check_site, empty, remove_unfinished};
pub use last_check::{LastCheck, LastCheckError};
/// The version of mdBook that the preprocessor is made for.
pub use mdbook_preprocessor::MDBOOK_VERSION;
pub use notes::{BookNotes, ChapterNotes, Notes, Written};
pub use paths::{BookFiles, LARGEST_REPORT, PathFault};
pub use preprocessor::{Failure, NAME, Seaworthy, supports};
pub use published::Published;
pub use templates::TemplateError;
pub use versions::{STAMP, of_other_versions, same_minor};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
