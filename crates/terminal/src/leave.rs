//! Coming back after a failure, whatever is open: to a program around, to the shell, or to a new shell in its place.

use super::TerminalOptions;
use super::shell::{State, Terminal};
use super::{Place, TerminalError, interrupt};
use tokio::time::timeout;

/// Ctrl-D. Shells, interpreters and databases' clients end with it; a shell with stopped jobs wants it twice.
const END_OF_INPUT: &[u8] = b"\x04";

impl<P: Place> Terminal<P> {
    /// Leaves what runs, and programs, until no more than `depth` are open. Whether just so many are open then, and a
    /// command can be typed.
    pub async fn leave(&mut self, depth: usize) -> bool {
        // What ended meanwhile has left its mark.
        self.late(0);
        if self.state == State::Running {
            self.interrupt().await;
        }
        while self.state == State::Ready && self.depth() > depth {
            let open = self.depth();
            for _ in 0..2 {
                if self.depth() == open && self.write(END_OF_INPUT).await {
                    self.comes_back().await;
                }
            }
            if self.state == State::Ready && self.depth() == open {
                self.interrupt().await;
            }
            if self.depth() == open {
                return false;
            }
        }
        self.state == State::Ready && self.depth() == depth
    }

    /// Puts a new shell in the place of one that has ended or is lost, in the same folder if that one can still tell.
    /// What the old one knew besides (variables, functions, jobs) is gone.
    ///
    /// # Errors
    /// If none can be opened; this one stays then.
    pub async fn reopen(
        &mut self,
        options: &TerminalOptions,
    ) -> Result<(), TerminalError<P::Error>> {
        let folder = timeout(interrupt::PATIENCE, self.cwd()).await;
        let options = TerminalOptions {
            directory: match folder {
                Ok(Ok(folder)) => Some(folder),
                _ => options.directory.clone(),
            },
            ..options.clone()
        };
        let new = Terminal::open(self.place.clone(), &options).await?;
        // The old one may not go; the machine takes it along in the end.
        let _ = std::mem::replace(self, new).close().await;
        Ok(())
    }
}
