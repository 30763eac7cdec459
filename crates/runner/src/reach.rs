//! Getting to where the next command is typed, after something has failed. One failure makes no second one: the
//! terminal comes back to the page's shell, and what stands inside a program that isn't open is not reached.

use seaworthy_console::{Command, Then};
use seaworthy_page::Page;
use seaworthy_report::Failure;

use super::session::Shell;
use crate::error::{PageError, Trouble};
use crate::host::{Host, MayBeLost, PageMachine};
use seaworthy_terminal::{Place, Terminal, TerminalOptions};

/// Why a terminal may not be where the page goes on: something failed, and left it elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Astray {
    /// What failed, as [`cause`] has it.
    cause: String,
    /// Keys were to be pressed in it.
    keys: bool,
    /// No shell can be opened in its machine any more.
    gone: bool,
}

/// What is said of a command that can't be tried because of `failure`.
pub(super) fn cause(page: &Page, failure: &Failure) -> String {
    if failure.file == page.file {
        format!("line {} does not hold", failure.line)
    } else {
        format!("{}:{} does not hold", failure.file, failure.line)
    }
}

impl<H: Host> Shell<'_, H> {
    /// Takes note that `command` has failed: is the terminal where the page goes on?
    pub(super) fn failed(&mut self, command: &Command, failure: &Failure) {
        if !goes_on(self.terminal(), command) {
            self.astray[self.at] = Some(Astray {
                cause: cause(self.page, failure),
                keys: command.then == Then::Keys,
                gone: false,
            });
        }
    }

    /// Brings the terminal to where `command` is typed, if something that failed has left it elsewhere. Inside: why it
    /// can't be reached, if so.
    ///
    /// # Errors
    /// If the engine is lost.
    pub(super) async fn reach(
        &mut self,
        command: &Command,
    ) -> Result<Result<(), String>, Trouble<H>> {
        let Some(astray) = &mut self.astray[self.at] else {
            return Ok(Ok(()));
        };
        let cause = astray.cause.clone();
        let pressed = command.keys && command.prompt.is_empty();
        if astray.gone || (astray.keys && pressed) {
            return Ok(Err(cause));
        }
        astray.keys = false;
        let terminal = &mut self.terminals[self.at];
        if pressed && terminal.is_running() {
            return Ok(Ok(()));
        }
        let wanted = command.inside.len();
        let there = (terminal.depth() >= wanted && terminal.leave(wanted).await)
            && terminal.program() == command.program().map(|program| program.name.as_str());
        match command.program() {
            _ if there => Ok(Ok(())),
            Some(program) => Ok(Err(format!("{cause}, and {} isn't open", program.name))),
            None => self.open_anew(cause).await,
        }
    }

    /// Sees to it that the machine `at` has a shell. Inside: why it has none, if so.
    ///
    /// # Errors
    /// If the engine is lost.
    pub(super) async fn revive(&mut self, at: usize) -> Result<Result<(), String>, Trouble<H>> {
        match self.astray[at].clone() {
            Some(Astray {
                cause, gone: true, ..
            }) => Ok(Err(cause)),
            Some(Astray { cause, .. }) if self.terminals[at].is_lost() => {
                self.at = at;
                self.open_anew(cause).await
            }
            _ => Ok(Ok(())),
        }
    }

    /// Why a machine of the page can't be asked any more, if so.
    pub(super) fn gone(&self) -> Option<String> {
        let gone = self.astray.iter().flatten().find(|astray| astray.gone);
        gone.map(|astray| astray.cause.clone())
    }

    /// Opens a new shell in the place of a lost one. Inside: why there is none, if so.
    async fn open_anew(&mut self, cause: String) -> Result<Result<(), String>, Trouble<H>> {
        let opened = self.terminals[self.at].reopen(&shell_options::<H>()).await;
        match opened.map_err(PageError::Shell) {
            Ok(()) => Ok(Ok(())),
            Err(error) if error.is_lost() => Err(error),
            // Whatever keeps it: what has failed before told what has become of the machine.
            Err(_) => {
                self.astray[self.at] = Some(Astray {
                    cause: cause.clone(),
                    keys: false,
                    gone: true,
                });
                Ok(Err(cause))
            }
        }
    }
}

/// What a page's shells are like.
pub(super) fn shell_options<H: Host>() -> TerminalOptions {
    TerminalOptions {
        directory: Some(H::Machine::HOME.to_owned()),
        ..TerminalOptions::default()
    }
}

/// Whether the terminal is where the page goes on after `command`.
fn goes_on(terminal: &Terminal<impl Place>, command: &Command) -> bool {
    let inside = command.inside.len();
    let depth = match &command.then {
        Then::Opens(_) => inside + 1,
        Then::Ends(left) => *left,
        Then::Prompt | Then::Keys | Then::Nothing => inside,
    };
    let runs = command.then == Then::Keys;
    !terminal.is_lost() && terminal.depth() == depth && terminal.is_running() == runs
}
