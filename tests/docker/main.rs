//! The program as a person would run it, on a real Docker Engine. One program holds all of these tests: they wait for
//! engines and machines most of the time, so many of them run at once (`scripts/docker-tests`).
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

#[path = "../support/mod.rs"]
mod support;

mod accept;
mod action;
mod archives;
mod broken;
mod building;
mod cascades;
mod check;
mod diagrams;
mod draw;
mod drift;
mod exercises;
mod exit_codes;
mod falsehoods;
mod hostile;
mod image;
mod loose;
mod lost;
mod messages;
mod mutants;
mod nested;
mod new;
mod outer;
mod printed;
mod random;
mod reachability;
mod remote;
mod reports;
mod selection;
mod several;
mod stuck;
mod swarm;
mod trust;
mod watch;
mod wrong_states;

/// Without an engine, none of these tests says anything.
const NEEDS_ENGINE: bool = true;
