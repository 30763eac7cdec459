//! The outer engine and the machines on it, for real: they need a Docker Engine, the machine image and the stand-in
//! `busybox:1.37` that `scripts/images` makes.
#![expect(
    clippy::unwrap_used,
    reason = "these are tests, their helper functions included"
)]

mod cleaning;
mod common;
#[path = "../support/engine.rs"]
mod engine;
mod hardened;
mod inside;
mod internet;
mod life;
mod made;
mod mirror;
mod outer;
mod pages;
mod prepared;
