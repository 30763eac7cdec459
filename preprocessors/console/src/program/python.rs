//! Python's own prompt; and when a statement of it is complete: as much of the grammar as decides whether its prompt
//! would be `>>> ` or `... `.

use seaworthy_words::Script;

use super::opening::asks;
use super::statements::bare;
use super::{Interpreter, Statement};
use crate::prompt::{Prompt, text_length};

const PROMPT: &str = ">>> ";

/// Whichever version it is.
#[derive(Debug)]
pub(super) struct Python;

impl Interpreter for Python {
    fn name(&self) -> &'static str {
        "Python"
    }

    fn is_opened_by(&self, command: &str, arguments: &[&str]) -> bool {
        let version = command.strip_prefix("python");
        let elsewhere = |word: &&str| ["-c", "-m", "-h", "-"].contains(word);
        version.is_some_and(|version| version.chars().all(|c| c.is_ascii_digit() || c == '.'))
            && arguments.iter().all(|word| word.starts_with('-'))
            && asks(arguments)
            && !arguments.iter().any(elsewhere)
    }

    fn prompt(&self, line: &str) -> Option<(Prompt, usize)> {
        Some((Prompt::Text(PROMPT.to_owned()), text_length(PROMPT, line)?))
    }

    fn continuation(&self, line: &str) -> Option<usize> {
        text_length("... ", line)
    }

    fn continuation_name(&self) -> &'static str {
        "... "
    }

    fn statement(&self) -> Box<dyn Statement> {
        Box::new(Source::default())
    }

    fn is_ended_by(&self, typed: &Script) -> bool {
        matches!(bare(typed.text()), "exit" | "quit" | "exit()" | "quit()")
    }

    /// The prompt that edits lines (since 3.13) can't be marked, so Python replaces itself with one that has the plain
    /// prompt; nothing has been typed into it yet. An exception that ends a statement counts as exit code 1. Tracebacks
    /// name `<stdin>` then.
    fn marking(&self, nonce: &str) -> Option<String> {
        let setup = format!(
            "import sys,termios\n\
             class _Mark:\n \
             def __init__(s,kind):s.kind=kind;s.seen=None\n \
             def __str__(s,sys=sys):\n  \
             e=getattr(sys,'last_value',None);c=int(e is not None and e is not s.seen);s.seen=e\n  \
             return '\\x1b]133;P;;{nonce}\\x07' if s.kind=='P' else '\\x1b]133;D;%d;;{nonce}\\x07'%c\n\
             sys.ps1,sys.ps2=_Mark('D'),_Mark('P')\n\
             _t=termios.tcgetattr(0);_t[3]&=~termios.ECHO;termios.tcsetattr(0,termios.TCSANOW,_t)\n\
             if hasattr(sys,'__interactivehook__'):del sys.__interactivehook__\n\
             del sys,termios,_Mark,_t\n"
        );
        let setup = setup.replace('\\', "\\\\").replace('\n', "\\n");
        Some(format!(
            "import os,sys;os.environ['PYTHON_BASIC_REPL']='1';\
             os.execv(sys.executable,[sys.executable]+sys.orig_argv[1:]+['-q','-i','-c',\"{setup}\"])\n"
        ))
    }

    /// Typed, each letter of it would draw the line anew.
    fn takes_pastes(&self) -> bool {
        true
    }
}

/// A statement as far as it has been read, line by line.
#[derive(Debug, Default)]
struct Source {
    /// Brackets that are open, as what closes them.
    open: Vec<char>,
    /// The quote that is open, and whether it is a triple one.
    quote: Option<(char, bool)>,
    /// The last line ended in a backslash.
    continued: bool,
    /// A compound statement has begun: a blank line ends it.
    block: bool,
    /// The last line was blank.
    blank: bool,
    any: bool,
}

impl Statement for Source {
    fn missing(&self) -> Option<String> {
        if let Some((quote, triple)) = self.quote {
            let quote = quote.to_string().repeat(if triple { 3 } else { 1 });
            return Some(format!("it needs a closing `{quote}`"));
        }
        if let Some(close) = self.open.last() {
            return Some(format!("it needs a closing `{close}`"));
        }
        if self.continued {
            return Some("its last line asks for another".to_owned());
        }
        (self.block && !self.blank).then(|| "a line `...` ends its block".to_owned())
    }

    fn is_blank(&self) -> bool {
        !self.any
    }

    fn feed(&mut self, line: &str) {
        let inside = self.quote.is_some() || !self.open.is_empty() || self.continued;
        self.blank = line.trim().is_empty() && !inside;
        self.continued = false;
        if !inside && !self.any && line.starts_with('@') {
            self.block = true;
        }
        let chars: Vec<char> = line.chars().collect();
        let mut at = 0;
        let mut last = ' ';
        while let Some(&c) = chars.get(at) {
            at = match self.quote {
                Some(quote) => self.in_quote(quote, &chars, at),
                None if c == '#' => break,
                None => {
                    if !c.is_whitespace() {
                        last = c;
                    }
                    self.in_code(c, &chars, at)
                }
            };
        }
        self.any |= last != ' ' || inside;
        // A single quote doesn't outlast its line, unless a backslash ends the line.
        if matches!(self.quote, Some((_, false))) && !line.ends_with('\\') {
            self.quote = None;
        }
        if self.quote.is_none() && self.open.is_empty() && last == ':' {
            self.block = true;
        }
    }
}

impl Source {
    fn in_quote(&mut self, (quote, triple): (char, bool), chars: &[char], at: usize) -> usize {
        let c = chars[at];
        if c == '\\' {
            return at + 2;
        }
        let closes = c == quote && (!triple || is_triple(chars, at));
        if closes {
            self.quote = None;
        }
        at + if closes && triple { 3 } else { 1 }
    }

    fn in_code(&mut self, c: char, chars: &[char], at: usize) -> usize {
        match c {
            '\'' | '"' => {
                let triple = is_triple(chars, at);
                self.quote = Some((c, triple));
                return at + if triple { 3 } else { 1 };
            }
            '(' => self.open.push(')'),
            '[' => self.open.push(']'),
            '{' => self.open.push('}'),
            ')' | ']' | '}' => {
                self.open.pop();
            }
            '\\' if at + 1 == chars.len() => self.continued = true,
            _ => {}
        }
        at + 1
    }
}

/// Whether the quote at `at` is the first of three.
fn is_triple(chars: &[char], at: usize) -> bool {
    (1..3).all(|i| chars.get(at + i) == Some(&chars[at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complete_and_incomplete() {
        for (text, complete) in [
            ("1 + 1", true),
            ("import socket", true),
            ("print('a:')", true),
            ("x = {'a': 1}", true),
            ("x[1:2]", true),
            ("for i in range(2):", false),
            ("for i in range(2):\n    print(i)", false),
            ("for i in range(2):\n    print(i)\n", true),
            ("if x: # why", false),
            ("@cache\ndef f():\n    return 1", false),
            ("@cache\ndef f():\n    return 1\n", true),
            ("print(1,", false),
            ("print(1,\n2)", true),
            ("x = '''a", false),
            ("x = '''a\n\nb'''", true),
            ("1 + \\", false),
            ("1 + \\\n2", true),
            ("# (", true),
            ("'it\\'s (' # [", true),
        ] {
            let mut python = Source::default();
            text.split('\n').for_each(|line| python.feed(line));
            assert_eq!(python.missing().is_none(), complete, "{text}: {python:?}");
        }
    }

    #[test]
    fn blank() {
        for (text, blank) in [("", true), ("# note", true), ("1", false)] {
            let mut python = Source::default();
            python.feed(text);
            assert_eq!(python.is_blank(), blank, "{text}");
        }
    }
}
