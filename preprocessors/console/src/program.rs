//! Programs inside a session: which commands open one, and which end it.

use std::sync::Arc;

use crate::docker;
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

    /// The program that the shell command `text` may open.
    pub(crate) fn opened_by(text: &str) -> Option<Self> {
        let words = last_command(text)?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        of_words(&words)
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

    /// Whether `text`, typed into it, ends it.
    #[must_use]
    pub fn ends_with(&self, text: &str) -> bool {
        let words: Vec<&str> = text.trim_end_matches(';').split_whitespace().collect();
        match (self.kind, &words[..]) {
            (Kind::Shell | Kind::Unknown, ["exit" | "logout", code @ ..]) => {
                code.iter().all(|word| word.parse::<u8>().is_ok())
            }
            (Kind::Python, [word]) => matches!(*word, "exit" | "quit" | "exit()" | "quit()"),
            (Kind::Client(_) | Kind::Other, [word]) => {
                matches!(*word, "exit" | "quit" | "\\q" | ".exit" | ".quit" | ":q")
            }
            _ => false,
        }
    }
}

/// The code that `text` makes a shell exit with; `None` if it doesn't say one.
#[must_use]
pub fn exit_code(text: &str) -> Option<i32> {
    let mut words = text.trim_end_matches(';').split_whitespace();
    words.next().filter(|word| *word == "exit")?;
    words.next()?.parse().ok()
}

/// The words of the last simple command of `text`; none if it reads from elsewhere or runs in the background, since it
/// asks nobody then.
fn last_command(text: &str) -> Option<Vec<String>> {
    let text = text.replace("\\\n", " ");
    let mut words = shlex::split(&text)?;
    let ends = |word: &String| matches!(word.as_str(), "&&" | "||" | "|") || word.ends_with(';');
    let last = words.iter().rposition(ends).map_or(0, |at| at + 1);
    let words = words.split_off(last);
    let asks_nobody = |word: &String| word == "&" || word.starts_with('<');
    (!text.contains('\n') && !words.iter().any(asks_nobody)).then_some(words)
}

/// The program that the shell command `text` puts in its shell's place to be typed into, if it does: `exec bash`. One
/// that asks nobody ends the shell, and with redirections alone, `exec` replaces nothing.
#[must_use]
pub fn replaces_shell(text: &str) -> Option<String> {
    let words = last_command(text)?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let at = words.iter().position(|word| !word.contains('='))?;
    let ["exec", rest @ ..] = &words[at..] else {
        return None;
    };
    let options = rest
        .iter()
        .take_while(|word| matches!(**word, "-c" | "-l" | "-cl" | "-lc"));
    let program = &rest[options.count()..];
    let own = |word: &&str| matches!(*word, "$SHELL" | "${SHELL}");
    let asks =
        program.first().is_some_and(own) && program.len() == 1 || of_words(program).is_some();
    asks.then(|| program[0].to_owned())
}

/// The program that a simple command opens.
fn of_words(words: &[&str]) -> Option<Program> {
    let [first, rest @ ..] = words else {
        return None;
    };
    let is_assignment = first.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    });
    if is_assignment || matches!(*first, "sudo" | "env" | "time") {
        return of_words(rest);
    }
    let name = first.rsplit('/').next().unwrap_or(first);
    let options = rest.iter().all(|word| word.starts_with('-'));
    let any = |asked: &[&str]| rest.iter().any(|word| asked.contains(word));
    let asks = !any(&["--version", "--help", "-V", "-?"]);
    match name {
        "docker" => of_docker(rest),
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

/// The program that the words after `docker` open on a terminal.
fn of_docker(words: &[&str]) -> Option<Program> {
    let words = docker::after_globals(words);
    let (verb, rest, compose) = match words {
        ["container", verb, rest @ ..] => (*verb, rest, false),
        ["compose", verb @ ("exec" | "run"), rest @ ..] => (*verb, rest, true),
        [verb, rest @ ..] => (*verb, rest, false),
        [] => return None,
    };
    let program = match verb {
        "run" | "exec" => {
            let at = docker::operand(rest)?;
            let options = &rest[..at];
            let on_terminal = if compose {
                !options
                    .iter()
                    .any(|word| matches!(*word, "-T" | "--no-TTY" | "--no-tty"))
            } else {
                docker::has(options, 't', "tty") && docker::has(options, 'i', "interactive")
            };
            if !on_terminal || docker::has(options, 'd', "detach") {
                return None;
            }
            let entrypoint = docker::value(options, "--entrypoint");
            let inner: Vec<&str> = entrypoint
                .into_iter()
                .chain(rest[at + 1..].iter().copied())
                .collect();
            let owner = match docker::value(options, "--name") {
                Some(name) if verb == "run" => name,
                _ => rest[at],
            };
            let inner = match of_words(&inner) {
                Some(program) => program,
                // What an image does by itself, or an entry point of it with these words, isn't known.
                None if verb == "run" && entrypoint.is_none() => {
                    Program::new("program", Kind::Unknown)
                }
                None => return None,
            };
            Program {
                name: format!("{owner}'s {}", inner.name),
                ..inner
            }
        }
        "start" if docker::has(rest, 'i', "interactive") => {
            Program::new(format!("{}'s program", rest.last()?), Kind::Unknown)
        }
        "attach" => Program {
            silent: true,
            ..Program::new(format!("{}'s program", rest.last()?), Kind::Unknown)
        },
        _ => return None,
    };
    Some(Program {
        detaches: true,
        ..program
    })
}

#[cfg(test)]
mod tests;
