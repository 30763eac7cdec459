//! What a command may open.

use std::sync::Arc;

use seaworthy_words::{Call, Redirect, Script, Simple, base_name, program_at};

use super::{Interpreter, Other, Program, registry};
use crate::Prompt;

/// A program that a command may open: it has done so once the page prints its prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opening {
    pub(super) name: String,
    /// `None` for what a container runs by itself: its first prompt tells.
    pub(super) interpreter: Option<&'static dyn Interpreter>,
    /// Its prompt, if the author says it.
    prompt: Option<Prompt>,
    detaches: bool,
    silent: bool,
}

impl Opening {
    fn new(name: impl Into<String>, interpreter: Option<&'static dyn Interpreter>) -> Self {
        Self {
            name: name.into(),
            interpreter,
            prompt: None,
            detaches: false,
            silent: false,
        }
    }

    /// What a shell command may open.
    pub(crate) fn by(script: &Script) -> Option<Self> {
        let simple = script.simple_at_end()?;
        (!reads_elsewhere(simple)).then(|| of_words(&simple.values()))?
    }

    /// The program named after `command` whose prompt is said to be `text`. The prompt of a known one makes it that.
    pub(crate) fn said(command: &str, text: &str) -> Self {
        let text = format!("{} ", text.trim_end());
        let known = registry::KNOWN.iter().copied().find_map(|interpreter| {
            let (prompt, length) = interpreter.prompt(&text)?;
            (length == text.len()).then_some((interpreter, prompt))
        });
        let (interpreter, prompt) = known.unwrap_or((&Other, Prompt::Text(text)));
        let name = command.split_whitespace().next().unwrap_or(command);
        Self {
            prompt: Some(prompt),
            ..Self::new(name, Some(interpreter))
        }
    }

    /// The program as `line`, the first printed with a prompt of it, shows it; and the prompt's length.
    pub(crate) fn shown(&self, line: &str) -> Option<(Arc<Program>, usize)> {
        let (interpreter, prompt, length) = match (&self.prompt, self.interpreter) {
            (Some(prompt), Some(interpreter)) => {
                (interpreter, prompt.clone(), prompt.length(line)?)
            }
            (_, Some(interpreter)) => {
                let (prompt, length) = interpreter.prompt(line)?;
                (interpreter, prompt, length)
            }
            (_, None) => registry::KNOWN.iter().copied().find_map(|interpreter| {
                let (prompt, length) = interpreter.prompt(line)?;
                // `# ` begins many a comment, too: it needs a program that is surely a shell.
                let sure = self.silent || prompt != Prompt::Bare;
                sure.then_some((interpreter, prompt, length))
            })?,
        };
        Some((Arc::new(self.as_program(interpreter, Some(prompt))), length))
    }

    /// The program, if the command surely opens it, even if the page ends before its prompt is printed.
    pub(crate) fn sure(&self) -> Option<Program> {
        Some(self.as_program(self.interpreter?, self.prompt.clone()))
    }

    fn as_program(&self, interpreter: &'static dyn Interpreter, prompt: Option<Prompt>) -> Program {
        Program {
            name: self.name.clone(),
            interpreter,
            prompt,
            detaches: self.detaches,
            silent: self.silent,
        }
    }
}

/// Whether a program with these arguments asks somebody, and doesn't just say what it is.
pub(super) fn asks(arguments: &[&str]) -> bool {
    let says = |word: &&str| ["--version", "--help", "-V", "-?"].contains(word);
    !arguments.iter().any(says)
}

/// Whether a command reads from a file or a here-document; it asks nobody then.
fn reads_elsewhere(simple: &Simple) -> bool {
    let reads = |redirect: &Redirect| redirect.operator.starts_with('<');
    simple.redirects.iter().any(reads)
}

/// The program that what is typed puts in its shell's place to be typed into, if it does: `exec bash`. One that asks
/// nobody ends the shell.
#[must_use]
pub fn replaces_shell(typed: &Script) -> Option<&str> {
    let simple = typed.simple_at_end()?;
    let words = simple.replacement()?;
    let own = matches!(words[..], ["$SHELL" | "${SHELL}"]);
    let asks = !reads_elsewhere(simple) && (own || of_words(&words).is_some());
    asks.then(|| words[0])
}

/// What a simple command opens.
fn of_words(words: &[&str]) -> Option<Opening> {
    let at = program_at(words)?;
    // What replaces the shell, or runs apart from the terminal, opens nothing in it.
    const APART: [&str; 5] = ["exec", "nohup", "setsid", "watch", "xargs"];
    if words[..at].iter().any(|word| APART.contains(word)) {
        return None;
    }
    if let Some(call) = Call::of(&words[at..]) {
        return of_docker(&call);
    }
    let name = base_name(words[at]);
    let interpreter = registry::interpreter(name, &words[at + 1..])?;
    Some(Opening::new(name, Some(interpreter)))
}

/// The program that a call of Docker opens on a terminal.
fn of_docker(call: &Call<'_>) -> Option<Opening> {
    let program = match call.verb {
        _ if call.runs_something() => run_inside(call)?,
        "start" if call.has("i", "interactive") => {
            Opening::new(format!("{}'s program", call.operands().next_back()?), None)
        }
        "attach" => Opening {
            silent: true,
            ..Opening::new(format!("{}'s program", call.operands().next_back()?), None)
        },
        _ => return None,
    };
    Some(Opening {
        detaches: true,
        ..program
    })
}

/// The program that `run` or `exec` opens on a terminal.
fn run_inside(call: &Call<'_>) -> Option<Opening> {
    let operand = call.operands().next()?;
    let on_terminal = if call.group == "compose" {
        !call.has("T", "no-TTY") && !call.has("T", "no-tty")
    } else {
        call.has("t", "tty") && call.has("i", "interactive")
    };
    if !on_terminal || call.has("d", "detach") {
        return None;
    }
    let entrypoint = call.value("entrypoint", "entrypoint");
    let given = call.inside().unwrap_or_default().iter().copied();
    let inner: Vec<&str> = entrypoint.into_iter().chain(given).collect();
    let named = call.value("name", "name").filter(|_| call.verb == "run");
    let inner = match of_words(&inner) {
        Some(program) => program,
        // What an image does by itself, or an entry point of it with these words, isn't known.
        None if call.verb == "run" && entrypoint.is_none() => Opening::new("program", None),
        None => return None,
    };
    Some(Opening {
        name: format!("{}'s {}", named.unwrap_or(operand), inner.name),
        ..inner
    })
}
