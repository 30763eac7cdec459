//! Which programs are open, from line to line and from session to session of a page.

use std::sync::Arc;

use seaworthy_words::Script;

use crate::program::Opening;
use crate::{Command, Program, Session, Then, prompt};

/// The prompt of the page's shell, where its author says no other.
const PROMPT: &str = "$ ";

/// The programs that are open at some point of a page.
///
/// The page's shell is the only one at first. A command may open a program ([`Program`]); the first prompt
/// of it that is printed opens it for good. It is over when it was typed to end, or when a prompt of a
/// program around it is printed.
#[derive(Clone, Debug)]
pub struct Programs {
    /// The prompt of the page's shell, its blank included.
    prompt: String,
    open: Vec<Arc<Program>>,
    /// What the last command may have opened.
    pending: Option<Opening>,
    /// The last command that may open a program, as it was typed.
    last: Option<String>,
}

impl Default for Programs {
    fn default() -> Self {
        Self::with_prompt(PROMPT)
    }
}

impl Programs {
    /// None is open; the page's shell has the prompt `text`.
    #[must_use]
    pub fn with_prompt(text: &str) -> Self {
        Self {
            prompt: format!("{} ", text.trim_end()),
            open: Vec::new(),
            pending: None,
            last: None,
        }
    }

    /// The prompt of the page's shell, its blank included.
    #[must_use]
    pub fn page_prompt(&self) -> &str {
        &self.prompt
    }

    /// Those that are open, outermost first.
    pub(crate) fn open(&self) -> &[Arc<Program>] {
        &self.open
    }

    /// Whether anything was typed so far: else there is nothing that keys could be meant for.
    pub(crate) fn has_typed(&self) -> bool {
        self.last.is_some()
    }

    /// The length of the prompt that `line` begins with, of whichever program; the programs are then as it
    /// shows. `said` is the prompt of a program that the author says the last command opens.
    pub(crate) fn prompt(&mut self, line: &str, said: Option<&str>) -> Option<usize> {
        let said = said.zip(self.last.as_deref());
        let said = said.map(|(prompt, command)| Opening::said(command, prompt));
        let new = said.as_ref().or(self.pending.as_ref());
        if let Some((program, length)) = new.and_then(|opening| opening.shown(line)) {
            self.open.push(program);
            self.pending = None;
            return Some(length);
        }
        let length = |program: &Arc<Program>| program.prompt.as_ref()?.length(line);
        let inner = self.open.iter().enumerate().rev();
        let mut inner = inner.filter_map(|(at, program)| Some((at + 1, length(program)?)));
        let outer = || prompt::text_length(&self.prompt, line).map(|length| (0, length));
        let (depth, length) = inner.next().or_else(outer)?;
        self.open.truncate(depth);
        self.pending = None;
        Some(length)
    }

    /// Takes note that a complete command was typed.
    pub(crate) fn typed(&mut self, script: &Script) {
        self.last = Some(script.text().to_owned());
        let ends = self
            .open
            .last()
            .is_some_and(|program| program.ends_with(script));
        if ends {
            self.open.pop();
        } else if self.open.last().is_none_or(|program| program.is_shell()) {
            self.pending = Opening::by(script);
        }
    }

    /// Takes note that keys were pressed, at a prompt or while something runs.
    pub(crate) fn pressed(&mut self, keys: &[u8], at_prompt: bool) {
        // Ctrl-P Ctrl-Q leaves the terminal of a container, and with it all that was opened in it.
        if keys == b"\x10\x11" {
            let left = self.open.iter().rposition(|program| program.detaches);
            self.open.truncate(left.unwrap_or(self.open.len()));
            self.pending = None;
        } else if keys == b"\x04" && at_prompt {
            self.open.pop();
        }
    }

    /// The last command of a session opens a program with the prompt `said`, which isn't printed yet.
    pub(crate) fn expect(&mut self, said: &str) {
        if let Some(command) = &self.last {
            self.pending = Some(Opening::said(command, said));
        }
    }

    /// Tells each command of a page's sessions, all that are run, what the page goes on with; these programs
    /// are those at the page's end.
    pub fn link<'a>(&self, sessions: impl IntoIterator<Item = &'a mut Session>) {
        let commands = sessions.into_iter().flat_map(|s| s.commands.iter_mut());
        let mut last: Option<&mut Command> = None;
        // A comment without a prompt is typed nowhere.
        for command in commands.filter(|command| command.runs || !command.prompt.is_empty()) {
            if let Some(before) = last {
                before.then = between(before, command);
            }
            last = Some(command);
        }
        if let Some(last) = last {
            last.then = match self.pending.as_ref().and_then(Opening::sure) {
                Some(program) => Then::Opens(Arc::new(program)),
                None if self.open.len() < last.inside.len() => Then::Ends(self.open.len()),
                None => Then::Nothing,
            };
        }
    }
}

/// What comes after `command` if `next` comes then.
fn between(command: &Command, next: &Command) -> Then {
    let (depth, now) = (command.inside.len(), next.inside.len());
    if next.keys && next.prompt.is_empty() {
        Then::Keys
    } else if now < depth {
        Then::Ends(now)
    } else {
        match next.inside.get(depth) {
            Some(program) => Then::Opens(Arc::clone(program)),
            None => Then::Prompt,
        }
    }
}
