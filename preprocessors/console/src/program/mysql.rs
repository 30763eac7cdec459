//! The client of MySQL and MariaDB.

use seaworthy_words::Script;

use super::opening::asks;
use super::statements::{Sql, bare, ends};
use super::{Interpreter, Statement};
use crate::prompt::{Prompt, ended, text_length};

/// `mysql> `, and `MariaDB [(none)]> `, which tells the database.
#[derive(Debug)]
pub(super) struct Mysql;

impl Interpreter for Mysql {
    fn name(&self) -> &'static str {
        "MySQL's client"
    }

    fn is_opened_by(&self, command: &str, arguments: &[&str]) -> bool {
        let statement = |word: &&str| word.starts_with("-e") || word.starts_with("--execute");
        matches!(command, "mysql" | "mariadb")
            && asks(arguments)
            && !arguments.iter().any(statement)
    }

    fn prompt(&self, line: &str) -> Option<(Prompt, usize)> {
        let length = text_length("mysql> ", line).or_else(|| {
            let end = line.strip_prefix("MariaDB [")?.find("]>")?;
            ended(line, "MariaDB [".len() + end + "]>".len())
        })?;
        Some((Prompt::Of(&Mysql), length))
    }

    fn continuation(&self, line: &str) -> Option<usize> {
        text_length("    -> ", line)
    }

    fn continuation_name(&self) -> &'static str {
        "    -> "
    }

    fn statement(&self) -> Box<dyn Statement> {
        const OWN: [&str; 7] = ["use", "exit", "quit", "status", "help", "source", "clear"];
        Sql::begin(|text| ends(text, &OWN))
    }

    fn is_ended_by(&self, typed: &Script) -> bool {
        matches!(bare(typed.text()), "exit" | "quit" | "\\q")
    }

    fn is_error(&self, line: &str) -> bool {
        line.starts_with("ERROR")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::trials::{Case, lengths, tries};

    #[test]
    fn mysql() {
        tries(
            &Mysql,
            &Case {
                opened: &["mysql", "mariadb -uroot", "mysql -uroot -psecret shop"],
                not_opened: &["mysql -e x", "mysql --execute=x", "mysql --version", "ls"],
                complete: &["select 1;", "select 1\\G", "USE shop", "exit", "\\s", ""],
                incomplete: &["select 1", "usex"],
                ending: &["exit", "quit;", "\\q"],
                not_ending: &["exit 3", "select 1;"],
                errors: &["ERROR 1046 (3D000): No database selected"],
                no_errors: &["| ERROR |", "(error) x"],
            },
        );
        lengths(
            |line| Some(Mysql.prompt(line)?.1),
            &[
                ("mysql> select 1;", Some(7)),
                ("mysql>", Some(6)),
                ("MariaDB [(none)]> use a", Some(18)),
                ("mysql>x", None),
            ],
        );
        lengths(
            |line| Mysql.continuation(line),
            &[("    -> from a", Some(7)), ("-> from a", None)],
        );
    }
}
