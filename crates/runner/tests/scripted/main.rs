//! The runner on a host that is a script: no Docker, a clock that is wound on.

mod accept;
mod book;
mod hints;
mod host;
mod schedule;
mod sessions;
mod shell;
mod steps;
mod trouble;
