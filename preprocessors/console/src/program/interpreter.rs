//! What there is to know of a program that lines are typed into.

use std::fmt;

use seaworthy_words::Script;

use crate::Prompt;

/// A program whose ways are known. Each that is known is a file beside this one and a line in the
/// [registry](super::registry); nothing else asks which one it is.
pub trait Interpreter: fmt::Debug + Send + Sync {
    /// What a message calls it: `a shell`, `Python`.
    fn name(&self) -> &'static str;

    /// Whether a command of this name, without its folder, and with these arguments opens it to be typed into: not
    /// so with a script, say, or an option that has it print its version.
    fn is_opened_by(&self, command: &str, arguments: &[&str]) -> bool;

    /// Its prompt, if `line` begins with one, and the prompt's length in bytes. The blank at its end may be missing
    /// at the end of the line.
    fn prompt(&self, line: &str) -> Option<(Prompt, usize)>;

    /// The length in bytes of the prompt for a further line of a command, if `line` begins with one.
    fn continuation(&self, _line: &str) -> Option<usize> {
        None
    }

    /// The prompt for a further line, for messages.
    fn continuation_name(&self) -> &'static str {
        "> "
    }

    /// A command that is about to be typed.
    fn statement(&self) -> Box<dyn Statement>;

    /// Whether it ends by what is typed.
    fn is_ended_by(&self, typed: &Script) -> bool;

    /// Whether what is typed are commands of a Bourne shell, which may open programs themselves.
    fn is_shell(&self) -> bool {
        false
    }

    /// Whether a line that it prints says that its command failed. Only asked where there are no marks: those bear the
    /// exit code.
    fn is_error(&self, _line: &str) -> bool {
        false
    }

    /// Whether it ends with 1 if any of its commands failed, the last one or not. Only asked where there are no marks.
    fn keeps_errors(&self) -> bool {
        false
    }

    /// The line that is typed into it, with its newline, to have it print marks, and its terminal echo nothing; `None`
    /// if it can't: then its prompt, and quiet after it, must do.
    ///
    /// A mark is `ESC ] 133 ; KIND ; VALUES ; NONCE BEL`, as terminals know them. `D;CODE;` comes instead of the prompt,
    /// with the exit code of the command before, and `P;` instead of that for a further line. It may print `C;` where a
    /// command begins, and once `I;PID;TRAITS`: `b` in the traits says that it does print `C`, `e` that its terminal
    /// still echoes. The line itself holds no mark, since it may be echoed, and has less than 1,000 bytes.
    fn marking(&self, _nonce: &str) -> Option<String> {
        None
    }

    /// Whether that line is pasted where it asks for pastes to be told from keys; else it is typed.
    fn takes_pastes(&self) -> bool {
        false
    }
}

impl PartialEq for dyn Interpreter {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for dyn Interpreter {}

/// A command as far as it has been read, by the rules of the program that it is typed into.
pub trait Statement: fmt::Debug {
    /// Reads one more line, without prompt and newline.
    fn feed(&mut self, line: &str);

    /// Whether there is nothing to run.
    fn is_blank(&self) -> bool;

    /// What it still lacks, in words; `None` if it is complete.
    fn missing(&self) -> Option<String>;

    /// All that has been read, which is `text`, as a shell understands it.
    fn script(self: Box<Self>, text: &str) -> Script {
        Script::parse(text)
    }
}
