//! The program sqlite3.

use seaworthy_words::Script;

use super::statements::Sql;
use super::{Interpreter, Statement};
use crate::prompt::{Prompt, text_length};

const PROMPT: &str = "sqlite> ";

/// What ends the prompt for a further line. Newer versions say before it what is still open: `'  ...> `, `(x1...> `.
const FURTHER: &str = "...> ";

/// `sqlite> `, in whichever database.
#[derive(Debug)]
pub(super) struct Sqlite;

impl Interpreter for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite3"
    }

    /// What follows the database among its arguments is run at once.
    fn is_opened_by(&self, command: &str, arguments: &[&str]) -> bool {
        command == "sqlite3" && operands(arguments).is_some_and(|count| count < 2)
    }

    fn prompt(&self, line: &str) -> Option<(Prompt, usize)> {
        Some((Prompt::Text(PROMPT.to_owned()), text_length(PROMPT, line)?))
    }

    fn continuation(&self, line: &str) -> Option<usize> {
        let (open, rest) = line.split_at_checked(3)?;
        let (sign, depth) = open.split_at(2);
        let counted = matches!(sign, "(x" | "(.") && !depth.contains(char::is_alphabetic);
        let quoted = open.bytes().all(|b| b == b' ' || b.is_ascii_punctuation());
        (counted || quoted).then_some(())?;
        Some(open.len() + text_length(FURTHER, rest)?)
    }

    fn continuation_name(&self) -> &'static str {
        "   ...> "
    }

    fn statement(&self) -> Box<dyn Statement> {
        Sql::begin(is_complete)
    }

    fn is_ended_by(&self, typed: &Script) -> bool {
        let mut words = typed.text().split_whitespace();
        match words.next() {
            Some(".quit" | ".q") => words.next().is_none(),
            Some(".exit") => words.all(|word| word.parse::<u8>().is_ok()),
            _ => false,
        }
    }

    fn is_error(&self, line: &str) -> bool {
        let kinds = ["Error:", "Parse error", "Runtime error"];
        kinds.iter().any(|kind| line.starts_with(kind))
    }

    fn keeps_errors(&self) -> bool {
        true
    }
}

/// How many of the arguments are no options or their values; `None` if an option has it ask nobody.
fn operands(arguments: &[&str]) -> Option<usize> {
    let mut count = 0;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let option = word.strip_prefix('-').filter(|option| !option.is_empty());
        match option.map(|option| option.strip_prefix('-').unwrap_or(option)) {
            None => count += 1,
            Some("batch" | "version" | "help") => return None,
            // An archive is dealt with.
            Some(option) if option.starts_with('A') => return None,
            Some(
                "cmd" | "init" | "separator" | "nullvalue" | "newline" | "vfs" | "mmap" | "maxsize"
                | "heap" | "sorterref",
            ) => {
                words.next();
            }
            Some("lookaside" | "pagecache") => {
                words.nth(1);
            }
            Some(_) => {}
        }
    }
    Some(count)
}

/// Whether sqlite3 runs the text: a command of its own, which begins with a dot, or statements whose last has its `;`.
fn is_complete(text: &str) -> bool {
    if text.starts_with('.') {
        return true;
    }
    let (code, open) = code(text);
    let words: Vec<_> = code.split_whitespace().map(str::to_lowercase).collect();
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    // A trigger has statements inside; it ends as what it does ends.
    let is_trigger = matches!(
        words[..],
        ["create", "trigger", ..] | ["create", "temp" | "temporary", "trigger", ..]
    );
    let ends = match is_trigger {
        true => words.ends_with(&["end", ";"]),
        // Comments alone are nothing to run.
        false => words.is_empty() || words.last() == Some(&";"),
    };
    ends && !open
}

/// The text without what is in quotes and comments, and with blanks around each `;`; and whether a quote or a comment
/// is open at its end.
fn code(text: &str) -> (String, bool) {
    let mut code = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (open, close) = match first {
            '\'' => ("'", "'"),
            '"' => ("\"", "\""),
            '`' => ("`", "`"),
            '[' => ("[", "]"),
            '-' if rest.starts_with("--") => ("--", "\n"),
            '/' if rest.starts_with("/*") => ("/*", "*/"),
            ';' => {
                code.push_str(" ; ");
                rest = &rest[1..];
                continue;
            }
            other => {
                code.push(other);
                rest = &rest[other.len_utf8()..];
                continue;
            }
        };
        let inside = &rest[open.len()..];
        code.push_str(if open.len() == 1 { "x" } else { " " });
        rest = match inside.split_once(close) {
            Some((_, after)) => after,
            // A comment on the last line ends with it.
            None => return (code, close != "\n"),
        };
    }
    (code, false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::trials::{Case, lengths, tries};

    #[test]
    fn sqlite() {
        tries(
            &Sqlite,
            &Case {
                opened: &[
                    "sqlite3",
                    "sqlite3 shop.db",
                    "sqlite3 -header -column shop.db",
                    "sqlite3 -cmd x --separator , -pagecache 1 2 shop.db",
                ],
                not_opened: &[
                    "sqlite3 shop.db x",
                    "sqlite3 -cmd x shop.db .tables",
                    "sqlite3 -batch shop.db",
                    "sqlite3 --version",
                    "sqlite3 -help",
                    "sqlite3 -Ac files.sqlar a",
                    "sqlite",
                ],
                complete: &[
                    "select 1;",
                    "select 1; -- why",
                    "select ';'; /* ; */",
                    ".tables",
                    ".mode column",
                    "create table end (a); select 1;",
                    "create trigger t after insert on a begin delete from a; end;",
                    "-- nothing;\nselect 1;",
                    "-- nothing",
                    "",
                ],
                incomplete: &[
                    "select 1",
                    "select ';",
                    "select \";\"",
                    "select [;]",
                    "select `;`",
                    "select 1 -- ;",
                    "select 1; select 2",
                    "select 1; /* and",
                    "create table a (b int,",
                    "create temp trigger t after insert on a begin delete from a;",
                    "select 1 \\g",
                    "exit",
                ],
                ending: &[".quit", ".q", ".exit", ".exit 3"],
                not_ending: &["exit", ".quit now", ".exit now", ".tables", "select 1;"],
                errors: &[
                    "Parse error: no such table: x",
                    "Error: unknown command or invalid arguments",
                    "Runtime error: UNIQUE constraint failed: a.b (19)",
                ],
                no_errors: &["Errors: 0", " Error: x", "ERROR"],
            },
        );
        lengths(
            |line| Some(Sqlite.prompt(line)?.1),
            &[
                ("sqlite> select 1;", Some(8)),
                ("sqlite>", Some(7)),
                ("sqlite>x", None),
                ("   ...> x", None),
            ],
        );
        lengths(
            |line| Sqlite.continuation(line),
            &[
                ("   ...> from a", Some(8)),
                ("   ...>", Some(7)),
                ("'  ...> from a", Some(8)),
                ("(x1...> from a", Some(8)),
                ("(.....> from a", Some(8)),
                ("a  ...> from a", None),
                ("(xx...> from a", None),
                ("...> a", None),
                ("", None),
                ("sqlite> ", None),
                ("é", None),
            ],
        );
    }
}
