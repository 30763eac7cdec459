//! The program as a person would run it, where no Docker Engine is asked for anything.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

#[path = "../support/mod.rs"]
mod support;

mod ci;
mod draw;
mod drift;
mod faults;
mod found;
mod guide;
mod install;
mod interrupts;
mod jobs;
mod loose;
mod paths;
mod release;
mod serve;
mod site;
mod workflows;

/// None of these tests asks for an engine.
const NEEDS_ENGINE: bool = false;
