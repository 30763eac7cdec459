//! The client of Redis.

use seaworthy_words::Script;

use super::statements::{OneLine, bare};
use super::{Interpreter, Statement};
use crate::prompt::{Prompt, ended};

/// `127.0.0.1:6379> `, `web:6379[1]> `: the prompt tells the host and the database.
#[derive(Debug)]
pub(super) struct Redis;

impl Interpreter for Redis {
    fn name(&self) -> &'static str {
        "redis-cli"
    }

    /// A command among its arguments is run at once.
    fn is_opened_by(&self, command: &str, arguments: &[&str]) -> bool {
        let mut words = arguments.iter();
        let mut runs = false;
        while let Some(word) = words.next() {
            match *word {
                "-h" | "-p" | "-a" | "-n" | "-u" | "--user" | "--pass" => {
                    words.next();
                }
                word => runs |= !word.starts_with('-'),
            }
        }
        command == "redis-cli" && !runs
    }

    fn prompt(&self, line: &str) -> Option<(Prompt, usize)> {
        let end = line.find('>')?;
        let (host, port) = line[..end].rsplit_once(':')?;
        let (port, number) = port.split_once('[').unwrap_or((port, "0]"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let is_prompt = !host.contains(char::is_whitespace)
            && digits(port)
            && number.strip_suffix(']').is_some_and(digits);
        is_prompt.then_some(())?;
        Some((Prompt::Of(&Redis), ended(line, end + 1)?))
    }

    fn statement(&self) -> Box<dyn Statement> {
        OneLine::begin()
    }

    fn is_ended_by(&self, typed: &Script) -> bool {
        matches!(bare(typed.text()), "exit" | "quit")
    }

    fn is_error(&self, line: &str) -> bool {
        line.starts_with("(error)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::trials::{Case, lengths, tries};

    #[test]
    fn redis() {
        tries(
            &Redis,
            &Case {
                opened: &["redis-cli", "redis-cli -n 1 --user ann"],
                not_opened: &["redis-cli -n 1 ping", "redis"],
                complete: &["ping", "get 'a"],
                incomplete: &[],
                ending: &["exit", "quit"],
                not_ending: &["quit now", "\\q"],
                errors: &["(error) ERR unknown command"],
                no_errors: &["ERROR", "\"(error)\""],
            },
        );
        lengths(
            |line| Some(Redis.prompt(line)?.1),
            &[
                ("127.0.0.1:6379> ping", Some(16)),
                ("cache:6379[2]> ping", Some(15)),
                ("a: b> c", None),
                ("cache:6379[x]> c", None),
            ],
        );
        assert_eq!(Redis.continuation("> x"), None);
    }
}
