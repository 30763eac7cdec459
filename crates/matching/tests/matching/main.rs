//! Docker-aware matching, from outside: each rule both ways, real outputs, any text at all.

mod cases;
mod corpus;
mod days;
mod diffs;
mod engine_29;
mod falsehoods;
mod hostile;
mod identities;
mod measures;
mod mutations;
mod placing;
mod properties;
mod rewriting;
mod structures;
mod support;
mod tables;
mod truths;
/// What those change who ask whether a page would notice.
#[path = "../../../mutants/src/words.rs"]
mod words;
