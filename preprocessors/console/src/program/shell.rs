//! Bourne shells: sh, ash, dash, bash.

use seaworthy_words::{Script, Typing};

use super::opening::asks;
use super::{Interpreter, Statement};
use crate::prompt::{Prompt, text_length};

/// Whichever shell it is: they differ too little to matter here.
#[derive(Debug)]
pub(super) struct Shell;

impl Interpreter for Shell {
    fn name(&self) -> &'static str {
        "a shell"
    }

    fn is_opened_by(&self, command: &str, arguments: &[&str]) -> bool {
        match command {
            // With a script or `-c` they ask nobody.
            "sh" | "bash" | "ash" | "dash" => {
                let runs = |word: &&str| !word.starts_with("--") && word.contains('c');
                arguments.iter().all(|word| word.starts_with('-'))
                    && asks(arguments)
                    && !arguments.iter().any(runs)
            }
            "su" => !arguments
                .iter()
                .any(|word| ["-c", "--command"].contains(word)),
            _ => false,
        }
    }

    fn prompt(&self, line: &str) -> Option<(Prompt, usize)> {
        Prompt::of_shell(line)
    }

    fn continuation(&self, line: &str) -> Option<usize> {
        text_length("> ", line)
    }

    fn statement(&self) -> Box<dyn Statement> {
        Box::new(Typing::default())
    }

    fn is_ended_by(&self, typed: &Script) -> bool {
        exit_words(typed).is_some()
    }

    fn is_shell(&self) -> bool {
        true
    }

    /// Marks, no echo, no editing of lines, and what it is like, whichever shell it is.
    fn marking(&self, nonce: &str) -> Option<String> {
        let mark =
            |kind: &str, value: &str| format!(r"$(printf '\033]133;{kind};{value};{nonce}\007')");
        let (begins, continues) = (mark("C", ""), mark("P", ""));
        Some(format!(
            "PS1=$(printf '\\033]133;D;%s;;{nonce}\\007' '$?') PS2={continues}; \
             if [ \"$BASH_VERSION\" ]; then set +o emacs +o vi; unset PROMPT_COMMAND; history -c; PS0={begins}; fi; \
             printf '\\033]133;I;%s;%s;{nonce}\\007' $$ \"${{BASH_VERSION:+b}}$(stty -echo 2>/dev/null || echo e)\"\n"
        ))
    }
}

impl Statement for Typing {
    fn feed(&mut self, line: &str) {
        self.feed(line);
    }

    fn is_blank(&self) -> bool {
        self.is_blank()
    }

    fn missing(&self) -> Option<String> {
        self.missing()
    }

    /// It has been read by now.
    fn script(self: Box<Self>, _text: &str) -> Script {
        (*self).script()
    }
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
