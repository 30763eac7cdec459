//! Seaworthy, the companion: checks the console sessions of an mdBook on a real Docker Engine.

pub mod matching;
