//! Docker-aware matching, from outside: rules both ways, the difference that is shown.

#[path = "matching/support.rs"]
mod support;

#[path = "matching/diffs.rs"]
mod diffs;
