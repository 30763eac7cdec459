//! Programs inside a session: which commands open one, and which end it.

use std::sync::Arc;

use seaworthy_words::{Call, Redirect, Script, Simple, base_name, program_at};

use crate::prompt::{Client, Prompt, text_length};

/// Python's prompt.
const PYTHON: &str = ">>> ";

/// A program that a command opened and that commands are typed into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// How a message names it: `web's sh`, `python3`.
    pub name: String,
    /// What understands the typed lines.
    pub kind: Kind,
    /// The shape of its prompt; `None` as long as none was printed.
    pub prompt: Option<Prompt>,
    /// `^P^Q` leaves it running: it runs on the terminal of a container.
    pub detaches: bool,
    /// It may show no prompt before Enter is pressed: `docker attach`.
    pub silent: bool,
}

/// What a program is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A Bourne shell: sh, ash, dash, bash.
    Shell,
    /// Python's own prompt.
    Python,
    /// A database's client.
    Client(Client),
    /// What a container runs by itself: its first prompt tells.
    Unknown,
    /// A program of which only the prompt is known.
    Other,
}

impl Program {
    fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self {
            name: name.into(),
            kind,
            prompt: None,
            detaches: false,
            silent: false,
        }
    }

    /// Whether a Bourne shell reads what is typed.
    #[must_use]
    pub fn is_shell(&self) -> bool {
        self.kind == Kind::Shell
    }

    /// Whether the command that opens it surely does so, even if the page ends before its prompt is printed.
    pub(crate) fn is_sure(&self) -> bool {
        self.kind != Kind::Unknown
    }

    /// The program that a shell command may open.
    pub(crate) fn opened_by(script: &Script) -> Option<Self> {
        let simple = script.simple_at_end()?;
        (!reads_elsewhere(simple)).then(|| of_words(&simple.values()))?
    }

    /// The program named after `command` whose prompt is said to be `text`. A shell's prompt makes it a shell.
    pub(crate) fn said(command: &str, text: &str) -> Self {
        let text = format!("{} ", text.trim_end());
        let name = command.split_whitespace().next().unwrap_or(command);
        let (kind, prompt) = match Prompt::of_shell(&text) {
            Some((prompt, length)) if length == text.len() => (Kind::Shell, prompt),
            _ if text == PYTHON => (Kind::Python, Prompt::Text(text)),
            _ => (Kind::Other, Prompt::Text(text)),
        };
        Self {
            prompt: Some(prompt),
            ..Self::new(name, kind)
        }
    }

    /// The program as `line`, the first printed with a prompt of it, shows it; and the prompt's length.
    pub(crate) fn shown(&self, line: &str) -> Option<(Arc<Self>, usize)> {
        let with = |kind, prompt, length| {
            let program = Self {
                kind,
                prompt: Some(prompt),
                ..self.clone()
            };
            Some((Arc::new(program), length))
        };
        if let Some(prompt) = &self.prompt {
            return with(self.kind, prompt.clone(), prompt.length(line)?);
        }
        let shell = || {
            let (prompt, length) = Prompt::of_shell(line)?;
            // `# ` begins many a comment, too: it needs a program that is surely a shell.
            let sure = self.kind == Kind::Shell || self.silent || prompt != Prompt::Bare;
            sure.then(|| with(Kind::Shell, prompt, length)).flatten()
        };
        let text = |text: &str, kind| {
            with(
                kind,
                Prompt::Text(text.to_owned()),
                text_length(text, line)?,
            )
        };
        let client = |client| {
            let prompt = Prompt::Client(client);
            let length = prompt.length(line)?;
            with(Kind::Client(client), prompt, length)
        };
        match self.kind {
            Kind::Shell => shell(),
            Kind::Python => text(PYTHON, Kind::Python),
            Kind::Client(kind) => client(kind),
            Kind::Unknown => shell()
                .or_else(|| text(PYTHON, Kind::Python))
                .or_else(|| client(Client::Mysql))
                .or_else(|| client(Client::Redis))
                .or_else(|| client(Client::Psql)),
            Kind::Other => None,
        }
    }

    /// Where its prompt begins in `line`, the last that it shows, if it waits there for a command.
    #[must_use]
    pub fn prompt_at_end(&self, line: &str) -> Option<usize> {
        if let Some(prompt) = &self.prompt {
            return prompt.at_end(line);
        }
        // Whichever prompt it has, on a line of its own.
        let whole = |(_, length): (Arc<Self>, usize)| length == line.len();
        (line.ends_with(' ') && self.shown(line).is_some_and(whole)).then_some(0)
    }

    /// Whether `line`, the last that it shows, asks for a further line of a statement.
    #[must_use]
    pub fn continues(&self, line: &str) -> bool {
        let Kind::Client(client) = self.kind else {
            return false;
        };
        line.ends_with(' ') && client.continuation(line) == Some(line.len())
    }

    /// Whether what is typed into it ends it.
    #[must_use]
    pub fn ends_with(&self, typed: &Script) -> bool {
        let word = typed.text().trim_end_matches(';').trim();
        match self.kind {
            Kind::Shell | Kind::Unknown => exit_words(typed).is_some(),
            Kind::Python => matches!(word, "exit" | "quit" | "exit()" | "quit()"),
            Kind::Client(_) | Kind::Other => {
                matches!(word, "exit" | "quit" | "\\q" | ".exit" | ".quit" | ":q")
            }
        }
    }
}

/// Whether a command reads from a file or a here-document; it asks nobody then.
fn reads_elsewhere(simple: &Simple) -> bool {
    let reads = |redirect: &Redirect| redirect.operator.starts_with('<');
    simple.redirects.iter().any(reads)
}

/// What follows `exit` or `logout`, if nothing else is typed.
fn exit_words(typed: &Script) -> Option<Vec<&str>> {
    let simple = typed
        .simple_at_end()
        .filter(|_| typed.list().items.len() == 1)?;
    let words = simple.values();
    let (first, codes) = words.split_first()?;
    let ends =
        matches!(*first, "exit" | "logout") && codes.iter().all(|word| word.parse::<u8>().is_ok());
    ends.then(|| codes.to_vec())
}

/// The code that what is typed makes a shell exit with; `None` if it doesn't say one.
#[must_use]
pub fn exit_code(typed: &Script) -> Option<i32> {
    exit_words(typed)?.first()?.parse().ok()
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

/// The program that a simple command opens.
fn of_words(words: &[&str]) -> Option<Program> {
    let at = program_at(words)?;
    // What replaces the shell, or runs apart from the terminal, opens nothing in it.
    const APART: [&str; 5] = ["exec", "nohup", "setsid", "watch", "xargs"];
    if words[..at].iter().any(|word| APART.contains(word)) {
        return None;
    }
    if let Some(call) = Call::of(&words[at..]) {
        return of_docker(&call);
    }
    let (name, rest) = (base_name(words[at]), &words[at + 1..]);
    let options = rest.iter().all(|word| word.starts_with('-'));
    let any = |asked: &[&str]| rest.iter().any(|word| asked.contains(word));
    let asks = !any(&["--version", "--help", "-V", "-?"]);
    match name {
        // With a script or `-c` they ask nobody.
        "sh" | "bash" | "ash" | "dash" => {
            let command = |word: &&str| !word.starts_with("--") && word.contains('c');
            (options && asks && !rest.iter().any(command)).then(|| Program::new(name, Kind::Shell))
        }
        "su" => (!any(&["-c", "--command"])).then(|| Program::new(name, Kind::Shell)),
        _ if is_python(name) => (options && asks && !any(&["-c", "-m", "-h", "-"]))
            .then(|| Program::new(name, Kind::Python)),
        "mysql" | "mariadb" => {
            let statement = |word: &&str| word.starts_with("-e") || word.starts_with("--execute");
            (asks && !rest.iter().any(statement))
                .then(|| Program::new(name, Kind::Client(Client::Mysql)))
        }
        "psql" => (asks && !any(&["-c", "-f", "-l", "--list"]))
            .then(|| Program::new(name, Kind::Client(Client::Psql))),
        "redis-cli" => {
            let mut words = rest.iter();
            let mut command = false;
            while let Some(word) = words.next() {
                match *word {
                    "-h" | "-p" | "-a" | "-n" | "-u" | "--user" | "--pass" => {
                        words.next();
                    }
                    word => command |= !word.starts_with('-'),
                }
            }
            (!command).then(|| Program::new(name, Kind::Client(Client::Redis)))
        }
        _ => None,
    }
}

fn is_python(name: &str) -> bool {
    name.strip_prefix("python")
        .is_some_and(|version| version.chars().all(|c| c.is_ascii_digit() || c == '.'))
}

/// The program that a call of Docker opens on a terminal.
fn of_docker(call: &Call<'_>) -> Option<Program> {
    let program = match call.verb {
        _ if call.runs_something() => run_inside(call)?,
        "start" if call.has("i", "interactive") => Program::new(
            format!("{}'s program", call.operands().next_back()?),
            Kind::Unknown,
        ),
        "attach" => Program {
            silent: true,
            ..Program::new(
                format!("{}'s program", call.operands().next_back()?),
                Kind::Unknown,
            )
        },
        _ => return None,
    };
    Some(Program {
        detaches: true,
        ..program
    })
}

/// The program that `run` or `exec` opens on a terminal.
fn run_inside(call: &Call<'_>) -> Option<Program> {
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
        None if call.verb == "run" && entrypoint.is_none() => {
            Program::new("program", Kind::Unknown)
        }
        None => return None,
    };
    Some(Program {
        name: format!("{}'s {}", named.unwrap_or(operand), inner.name),
        ..inner
    })
}

#[cfg(test)]
mod tests;
