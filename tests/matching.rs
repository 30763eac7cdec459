//! Docker-aware matching, from outside: each rule both ways, real outputs, any text at all.

#[path = "matching/cases.rs"]
mod cases;
#[path = "matching/corpus.rs"]
mod corpus;
#[path = "matching/days.rs"]
mod days;
#[path = "matching/diffs.rs"]
mod diffs;
#[path = "matching/falsehoods.rs"]
mod falsehoods;
#[path = "matching/hostile.rs"]
mod hostile;
#[path = "matching/identities.rs"]
mod identities;
#[path = "matching/measures.rs"]
mod measures;
#[path = "matching/mutations.rs"]
mod mutations;
#[path = "matching/placing.rs"]
mod placing;
#[path = "matching/properties.rs"]
mod properties;
#[path = "matching/rewriting.rs"]
mod rewriting;
#[path = "matching/structures.rs"]
mod structures;
#[path = "matching/support.rs"]
mod support;
#[path = "matching/tables.rs"]
mod tables;
#[path = "mutants/words.rs"]
mod words;
