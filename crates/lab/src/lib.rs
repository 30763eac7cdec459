//! The lab: a page with a machine behind it. Its commands are run from the page, or typed by hand into a terminal beside
//! it, and judged as a check judges them.
//!
//! Enter at [`Lab`], which [`router`] serves to browsers. A page that a browser opens gets a [`visit`]: the page's machines,
//! a shell on each, and the browser's tabs that look at them. [`course`] is what there is to do on a page, in order;
//! [`ledger`] is what was done, and what the page's values stand for. Both are pure.
//!
//! Everything that a browser sends is doubted ([`guard`]): only its own pages may talk to it, by the name under which it was
//! started, and only who has its token. What a machine prints is passed on and never read as anything else than what its
//! shell's marks say.

mod assets;
mod client;
mod course;
mod follow;
mod guard;
mod lab;
mod ledger;
mod machines;
mod message;
mod pump;
mod run;
mod shell;
mod site;
mod socket;
mod visit;

pub use lab::{Lab, LabOptions};
pub use site::router;
