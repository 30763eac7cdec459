//! Which lines belong to one command: a program's own rule, and its prompt for further lines.

use seaworthy_words::{Script, Typing};

use crate::prompt::{Client, text_length};
use crate::python::Python;
use crate::{Kind, Program};

/// A command as far as it has been read, by the rules of the program that it is typed into.
#[derive(Clone, Debug)]
pub(crate) enum Syntax {
    Shell(Typing),
    Python(Python),
    /// A statement of a database's client, and whether it is complete.
    Statement(Client, String),
    /// Each line is a command; it holds whether it is blank.
    Line(bool),
}

impl Syntax {
    /// Of the program, or of the page's shell.
    pub(crate) fn of(program: Option<&Program>) -> Self {
        match program.map_or(Kind::Shell, |program| program.kind) {
            Kind::Shell | Kind::Unknown => Self::Shell(Typing::default()),
            Kind::Python => Self::Python(Python::default()),
            Kind::Client(Client::Redis) | Kind::Other => Self::Line(true),
            Kind::Client(client) => Self::Statement(client, String::new()),
        }
    }

    /// Reads one more line, without prompt and newline.
    pub(crate) fn feed(&mut self, line: &str) {
        match self {
            Self::Shell(shell) => shell.feed(line),
            Self::Python(python) => python.feed(line),
            Self::Statement(_, text) => {
                text.push_str(line);
                text.push('\n');
            }
            Self::Line(blank) => *blank = line.trim().is_empty(),
        }
    }

    /// Whether there is nothing to run.
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Self::Shell(shell) => shell.is_blank(),
            Self::Python(python) => python.is_blank(),
            Self::Statement(_, text) => text.trim().is_empty(),
            Self::Line(blank) => *blank,
        }
    }

    /// The text that has been read, `text`, as a shell understands it. A shell has done so by now.
    pub(crate) fn script(self, text: &str) -> Script {
        match self {
            Self::Shell(typing) => typing.script(),
            Self::Python(_) | Self::Statement(..) | Self::Line(_) => Script::parse(text),
        }
    }

    /// What an incomplete command still lacks, in words; `None` if it is complete.
    pub(crate) fn missing(&self) -> Option<String> {
        match self {
            Self::Shell(shell) => shell.missing(),
            Self::Python(python) => python.missing(),
            Self::Statement(client, text) => {
                (!is_statement(*client, text.trim())).then(|| "it needs a `;`".to_owned())
            }
            Self::Line(_) => None,
        }
    }

    /// The length of the prompt for a further line at the beginning of `line`.
    pub(crate) fn continuation(&self, line: &str) -> Option<usize> {
        match self {
            Self::Shell(_) => text_length("> ", line),
            Self::Python(_) => text_length("... ", line),
            Self::Statement(client, _) => client.continuation(line),
            Self::Line(_) => None,
        }
    }

    /// The prompt for a further line, for messages.
    pub(crate) fn continuation_name(&self) -> &'static str {
        match self {
            Self::Python(_) => "... ",
            Self::Statement(Client::Mysql, _) => "    -> ",
            Self::Statement(..) => "-# ",
            Self::Shell(_) | Self::Line(_) => "> ",
        }
    }
}

/// Whether a client runs the text: it ends as a statement does, or is a command of the client itself.
fn is_statement(client: Client, text: &str) -> bool {
    if text.is_empty() || text.ends_with(';') || text.starts_with('\\') {
        return true;
    }
    let first = text.split_whitespace().next().unwrap_or_default();
    let own: &[&str] = match client {
        Client::Mysql => &["use", "exit", "quit", "status", "help", "source", "clear"],
        Client::Psql | Client::Redis => &["exit", "quit", "help"],
    };
    let ends = ["\\g", "\\G", "\\c", "\\gx"]
        .iter()
        .any(|end| text.ends_with(end));
    ends || own.iter().any(|word| first.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements() {
        for (client, text, complete) in [
            (Client::Mysql, "select 1;", true),
            (Client::Mysql, "select 1", false),
            (Client::Mysql, "select 1\\G", true),
            (Client::Mysql, "USE shop", true),
            (Client::Mysql, "exit", true),
            (Client::Psql, "\\l", true),
            (Client::Psql, "select 1", false),
            (Client::Psql, "use shop", false),
        ] {
            let mut syntax = Syntax::Statement(client, String::new());
            syntax.feed(text);
            assert_eq!(syntax.missing().is_none(), complete, "{text}");
        }
    }
}
