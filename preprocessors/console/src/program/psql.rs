//! The client of PostgreSQL.

use seaworthy_words::Script;

use super::opening::asks;
use super::statements::{Sql, bare, ends};
use super::{Interpreter, Statement};
use crate::prompt::{Prompt, ended};

/// `postgres=# `, `shop=> `: the prompt tells the database, and what the statement still lacks.
#[derive(Debug)]
pub(super) struct Psql;

impl Interpreter for Psql {
    fn name(&self) -> &'static str {
        "psql"
    }

    fn is_opened_by(&self, command: &str, arguments: &[&str]) -> bool {
        let elsewhere = |word: &&str| ["-c", "-f", "-l", "--list"].contains(word);
        command == "psql" && asks(arguments) && !arguments.iter().any(elsewhere)
    }

    fn prompt(&self, line: &str) -> Option<(Prompt, usize)> {
        let name = word(line);
        let rest = line[name..].strip_prefix('=')?;
        let state = usize::from(rest.starts_with(['*', '!']));
        let sign = rest[state..].starts_with(['#', '>']);
        (name > 0 && sign).then_some(())?;
        Some((Prompt::Of(&Psql), ended(line, name + 1 + state + 1)?))
    }

    fn continuation(&self, line: &str) -> Option<usize> {
        let name = word(line);
        let mut rest = line[name..].chars();
        let open = rest.next().is_some_and(|c| "-('\"*".contains(c));
        let sign = rest.next().is_some_and(|c| matches!(c, '#' | '>'));
        (name > 0 && open && sign).then_some(())?;
        ended(line, name + 2)
    }

    fn continuation_name(&self) -> &'static str {
        "-# "
    }

    fn statement(&self) -> Box<dyn Statement> {
        Sql::begin(|text| ends(text, &["exit", "quit", "help"]))
    }

    fn is_ended_by(&self, typed: &Script) -> bool {
        matches!(bare(typed.text()), "exit" | "quit" | "\\q")
    }

    fn is_error(&self, line: &str) -> bool {
        line.starts_with("ERROR")
    }
}

/// The length of the name that `line` begins with.
fn word(line: &str) -> usize {
    line.find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(line.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::trials::{Case, lengths, tries};

    #[test]
    fn psql() {
        tries(
            &Psql,
            &Case {
                opened: &["psql", "psql -h db -U postgres"],
                not_opened: &[
                    "psql -c x",
                    "psql -f x",
                    "psql --list",
                    "psql --version",
                    "pg",
                ],
                complete: &["select 1;", "\\l", "select 1 \\gx", "quit"],
                incomplete: &["select 1", "use shop"],
                ending: &["\\q", "exit", "quit"],
                not_ending: &["\\l", "exit 1"],
                errors: &["ERROR:  relation \"x\" does not exist"],
                no_errors: &[" ERROR", "(error) x"],
            },
        );
        lengths(
            |line| Some(Psql.prompt(line)?.1),
            &[
                ("postgres=# \\l", Some(11)),
                ("shop=*> select", Some(8)),
                ("shop=#", Some(6)),
                ("a = # b", None),
                ("a=b", None),
                ("=# b", None),
            ],
        );
        lengths(
            |line| Psql.continuation(line),
            &[
                ("shop-# from a", Some(7)),
                ("shop'> from a", Some(7)),
                ("shop=# from a", None),
                ("-# a", None),
            ],
        );
    }
}
