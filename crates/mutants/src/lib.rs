//! Mutants: pages with one thing changed. Would a check of the page notice?
//!
//! Enter at [`sample`], which chooses some of a book. Nothing is run here: [`asked_in`] makes a page that prints what it
//! has made of its machine, and [`differences`] says in what two such states differ.

mod dependence;
mod equivalent;
mod looks;
mod mutation;
mod random;
mod sample;
mod state;
mod values;
mod words;

pub use equivalent::Rule;
pub use mutation::{Kind, Mutant, Point};
pub use random::Random;
pub use sample::{Sample, sample};
pub use state::{asked_in, differences, told, without_handed_out};
