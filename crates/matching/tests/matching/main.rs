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
mod words;
