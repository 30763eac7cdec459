//! The terminal without Docker: the other end of its stream is a shell that does what a test says, and the clock
//! stands still but when everybody waits. So each wait is measured, none is waited for, and what a real shell does once
//! in a thousand runs happens each time. That real shells do behave so is shown by `tests/terminal` of the workspace.
#![expect(
    clippy::unwrap_used,
    reason = "these are tests, their helper functions included"
)]

mod chunks;
mod keys;
mod leaving;
mod open;
mod ordinary;
mod place;
mod programs;
mod prompted;
mod shell;
mod trouble;
