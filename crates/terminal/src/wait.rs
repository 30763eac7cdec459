//! Reading what is printed until there is something to do.

use super::Place;
use super::capture::{Capture, Waits};
use super::marks::Piece;
use super::shell::{State, Terminal};
use futures_util::FutureExt;
use std::time::Duration;
use tokio::time::Instant;

/// How often it is asked whether a quiet terminal has been quiet for long enough.
const TICK: Duration = Duration::from_millis(25);

/// Why waiting for a prompt came to an end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Waits(Waits),
    /// A shell that was left waits for a command; the number of its nonce.
    Other(usize),
    /// It has been quiet for long enough.
    Calm,
    TooMuch,
    /// The stream has ended: the shell, or its container, or the engine.
    End,
}

impl<P: Place> Terminal<P> {
    /// Reads until a shell waits, or something else stops the command. Can be dropped and called again.
    pub(super) async fn wait(&mut self, capture: &mut Capture) -> Stop {
        loop {
            if let Some(stop) = stopped(capture) {
                return stop;
            }
            if !self.read(|piece| capture.take(piece)).await {
                return self.end(capture);
            }
        }
    }

    /// As [`Terminal::wait`], and also ends when `enough` says so. It is asked again and again while nothing
    /// comes, with the time since the last byte.
    pub(super) async fn wait_calm(
        &mut self,
        capture: &mut Capture,
        mut enough: impl FnMut(&Capture, Duration) -> bool,
    ) -> Stop {
        let mut last = Instant::now();
        loop {
            if let Some(stop) = stopped(capture) {
                return stop;
            }
            if let Some(owner) = capture.other.take() {
                return Stop::Other(owner);
            }
            let read = self.read(|piece| capture.take(piece));
            match tokio::time::timeout(TICK, read).await {
                Ok(true) => last = Instant::now(),
                Ok(false) => return self.end(capture),
                Err(_) if enough(capture, last.elapsed()) => return Stop::Calm,
                Err(_) => {}
            }
        }
    }

    fn end(&mut self, capture: &mut Capture) -> Stop {
        let rest = self.marks.rest();
        capture.take(Piece::Text(&rest));
        self.state = State::Ended;
        Stop::End
    }

    /// Takes what has come already, without waiting for more; a job that never stops printing can't hold this up.
    pub(super) fn drain(&mut self, capture: &mut Capture) {
        for _ in 0..64 {
            match self.read(|piece| capture.take(piece)).now_or_never() {
                Some(true) => {}
                // At the end of the stream, the next read says it again.
                Some(false) | None => return,
            }
        }
    }
}

fn stopped(capture: &mut Capture) -> Option<Stop> {
    if let Some(waits) = capture.waits.take() {
        return Some(Stop::Waits(waits));
    }
    capture.too_much.then_some(Stop::TooMuch)
}
