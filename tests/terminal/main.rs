//! The terminal on a real engine: every case is typed into a real bash in a real container. The containers are made
//! from the machine image, without its engine, which no case here needs.
#![expect(
    clippy::unwrap_used,
    reason = "these are tests, their helper functions included"
)]

mod common;
#[path = "../support/engine.rs"]
mod engine;
mod nested;
mod ordinary;
mod trouble;
