//! Signals that end the program: Ctrl-C, `kill`, a closed terminal.

use futures_util::FutureExt;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::error::{Explain, SystemError};

/// Listens for the signals: none that comes later is lost, whenever it is asked for.
pub(super) struct Interrupts {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
    /// Whether one was waited for and came.
    seen: bool,
}

impl Interrupts {
    /// Listens from now on; inside a runtime only.
    ///
    /// # Errors
    /// If the system refuses.
    pub(super) fn listen() -> Result<Self, SystemError> {
        let listen = |kind| signal(kind).or_system(|| "can't wait for Ctrl-C".to_owned());
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hang_up: listen(SignalKind::hangup())?,
            seen: false,
        })
    }

    /// Waits for the next one.
    pub(super) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
        }
        self.seen = true;
    }

    /// Whether any has come until now, be it waited for or not.
    pub(super) fn came(&mut self) -> bool {
        self.seen || self.next().now_or_never().is_some()
    }
}
