//! What an interpreter says, tried on a table.

use seaworthy_words::Script;

use super::Interpreter;

/// Texts of each kind.
pub(crate) struct Case<'a> {
    /// Commands that open it.
    pub(crate) opened: &'a [&'a str],
    pub(crate) not_opened: &'a [&'a str],
    /// What it runs as it is.
    pub(crate) complete: &'a [&'a str],
    pub(crate) incomplete: &'a [&'a str],
    /// What ends it.
    pub(crate) ending: &'a [&'a str],
    pub(crate) not_ending: &'a [&'a str],
    /// Lines by which it says that a command failed.
    pub(crate) errors: &'a [&'a str],
    pub(crate) no_errors: &'a [&'a str],
}

/// Tries all of them.
pub(crate) fn tries(interpreter: &dyn Interpreter, case: &Case<'_>) {
    let opens = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        interpreter.is_opened_by(words[0], &words[1..])
    };
    all("opens it", opens, case.opened, case.not_opened);
    let complete = |text: &str| {
        let mut statement = interpreter.statement();
        text.lines().for_each(|line| statement.feed(line));
        statement.missing().is_none()
    };
    all("is complete", complete, case.complete, case.incomplete);
    let ends = |text: &str| interpreter.is_ended_by(&Script::parse(text));
    all("ends it", ends, case.ending, case.not_ending);
    let fails = |line: &str| interpreter.is_error(line);
    all("is an error", fails, case.errors, case.no_errors);
    assert!(interpreter.statement().is_blank(), "nothing was typed yet");
}

fn all(what: &str, holds: impl Fn(&str) -> bool, which: &[&str], not: &[&str]) {
    for text in which {
        assert!(holds(text), "`{text}` {what}");
    }
    for text in not {
        assert!(!holds(text), "not so: `{text}` {what}");
    }
}

/// Tries the lengths of prompts.
pub(crate) fn lengths(of: impl Fn(&str) -> Option<usize>, cases: &[(&str, Option<usize>)]) {
    for (line, length) in cases {
        assert_eq!(of(line), *length, "`{line}`");
    }
}
