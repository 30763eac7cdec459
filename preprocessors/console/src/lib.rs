//! A console session: from the lines of a fenced block to typed commands with their printed output,
//! and from there to HTML.
//!
//! Enter at [`Session::parse`] and [`Templates`]. A *session* is what an author writes; nothing here
//! runs anything.

mod command;
mod here_document;
mod html;
mod session;
mod shell;

pub use command::{Command, TypedLine};
pub use html::{Badge, DiagramView, FileView, SessionView, TemplateError, Templates};
pub use session::{LONGEST_LINE, Session};
pub use shell::Shell;
