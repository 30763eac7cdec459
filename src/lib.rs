//! Seaworthy, the companion: checks the console sessions of an mdBook on a real Docker Engine.

pub mod engine;
pub mod machine;
pub mod terminal;
