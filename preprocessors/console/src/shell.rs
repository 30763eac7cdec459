//! When is a shell command complete? As much of bash's grammar as decides that, and no more.
//!
//! An author's `> ` continues an *incomplete* command and is output after a complete one, so the
//! difference has to be known before anything runs.

use std::collections::VecDeque;

use crate::here_document::HereDocument;

/// A command as far as it has been read, line by line.
#[derive(Clone, Debug, Default)]
pub struct Shell {
    /// What is open, outermost first.
    open: Vec<Open>,
    /// Here-documents announced and not yet ended, in order.
    documents: VecDeque<HereDocument>,
    /// The word under the cursor, if none of it is quoted.
    word: String,
    /// Whether part of the word under the cursor is quoted.
    quoted: bool,
    /// Whether a word here would be a command or a keyword.
    at_command: bool,
    /// The last line ended in a backslash, or in `|`, `&&` or `||`.
    continued: bool,
    /// The next word is the name of a function.
    names_function: bool,
    /// Whether anything but blanks and comments was read.
    any: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Single,
    /// `$'…'`
    Ansi,
    Double,
    Backtick,
    Parenthesis,
    Arithmetic,
    /// `${…}`
    Parameter,
    /// `{ …; }`
    Group,
    If,
    Loop,
    Case,
}

impl Shell {
    /// Nothing read yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            at_command: true,
            ..Self::default()
        }
    }

    /// Whether bash would run what was read so far instead of asking for more.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.missing().is_none()
    }

    /// Whether all that was read is blanks and comments: bash runs nothing then.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        !self.any
    }

    /// What an incomplete command still lacks, in words; `None` if it is complete.
    #[must_use]
    pub fn missing(&self) -> Option<String> {
        if let Some(document) = self.documents.front() {
            return Some(format!(
                "its here-document needs a line `{}`",
                document.delimiter
            ));
        }
        if let Some(open) = self.open.last() {
            let lacks = match open {
                Open::Single | Open::Ansi => "a closing `'`",
                Open::Double => "a closing `\"`",
                Open::Backtick => "a closing backtick",
                Open::Parenthesis => "a closing `)`",
                Open::Arithmetic => "a closing `))`",
                Open::Parameter | Open::Group => "a closing `}`",
                Open::If => "its `fi`",
                Open::Loop => "its `done`",
                Open::Case => "its `esac`",
            };
            return Some(format!("it needs {lacks}"));
        }
        self.continued
            .then(|| "its last line asks for another".to_owned())
    }

    /// Reads one more line, without its newline.
    pub fn feed(&mut self, line: &str) {
        if let Some(document) = self.documents.front() {
            if document.ends(line) {
                self.documents.pop_front();
            }
            return;
        }
        self.continued = false;
        let chars: Vec<char> = line.chars().collect();
        let mut at = 0;
        while at < chars.len() {
            at = self.step(&chars, at);
        }
        if !self.continued {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        if matches!(
            self.open.last(),
            Some(Open::Single | Open::Ansi | Open::Double)
        ) {
            return;
        }
        let operator = is_continuing(&self.word);
        self.end_word();
        self.at_command = true;
        self.continued = operator;
    }

    /// Reads the character at `at`; returns where the next one stands.
    fn step(&mut self, chars: &[char], at: usize) -> usize {
        let c = chars[at];
        let next = chars.get(at + 1).copied();
        let comment = c == '#' && self.at_word_start();
        if !c.is_whitespace() && !comment {
            self.any = true;
        }
        match self.open.last() {
            Some(Open::Single) => {
                if c == '\'' {
                    self.open.pop();
                }
                at + 1
            }
            Some(Open::Ansi) => match c {
                '\\' => at + 2,
                '\'' => {
                    self.open.pop();
                    at + 1
                }
                _ => at + 1,
            },
            Some(Open::Double) => self.step_double(c, chars, at),
            _ => match c {
                '\\' if next.is_none() => {
                    self.continued = true;
                    at + 1
                }
                '\\' => {
                    self.quoted = true;
                    at + 2
                }
                // Within `"${…}"` a single quote is a character like any other.
                '\'' if self.open.ends_with(&[Open::Double, Open::Parameter]) => at + 1,
                '\'' => {
                    self.quoted = true;
                    let ansi = self.word.ends_with('$');
                    self.open.push(if ansi { Open::Ansi } else { Open::Single });
                    at + 1
                }
                '"' => self.push_quoted(Open::Double, at + 1),
                '`' if self.open.last() == Some(&Open::Backtick) => {
                    self.end_word();
                    self.open.pop();
                    at + 1
                }
                '`' => {
                    self.open.push(Open::Backtick);
                    self.at_command = true;
                    at + 1
                }
                '$' if matches!(next, Some('(' | '{')) => self.step_dollar(chars, at),
                '}' if self.open.last() == Some(&Open::Parameter) => {
                    self.open.pop();
                    at + 1
                }
                _ if self.open.last() == Some(&Open::Parameter) => at + 1,
                _ => self.step_code(c, chars, at),
            },
        }
    }

    fn push_quoted(&mut self, open: Open, next: usize) -> usize {
        self.quoted = true;
        self.open.push(open);
        next
    }

    fn step_double(&mut self, c: char, chars: &[char], at: usize) -> usize {
        match c {
            '\\' => at + 2,
            '"' => {
                self.open.pop();
                at + 1
            }
            '`' => {
                self.open.push(Open::Backtick);
                at + 1
            }
            '$' if matches!(chars.get(at + 1), Some('(' | '{')) => self.step_dollar(chars, at),
            _ => at + 1,
        }
    }

    /// `$(`, `$((` or `${` at `at`.
    fn step_dollar(&mut self, chars: &[char], at: usize) -> usize {
        self.quoted = true;
        if chars.get(at + 1) == Some(&'{') {
            self.open.push(Open::Parameter);
            return at + 2;
        }
        if chars.get(at + 2) == Some(&'(') {
            self.open.push(Open::Arithmetic);
            return at + 3;
        }
        self.open.push(Open::Parenthesis);
        self.at_command = true;
        self.word.clear();
        at + 2
    }

    fn step_code(&mut self, c: char, chars: &[char], at: usize) -> usize {
        let next = chars.get(at + 1).copied();
        let arithmetic = self.open.last() == Some(&Open::Arithmetic);
        match c {
            ')' if arithmetic => {
                if next == Some(')') {
                    self.open.pop();
                    return at + 2;
                }
                at + 1
            }
            _ if arithmetic => at + 1,
            '(' if next == Some('(') && self.at_command && self.word.is_empty() => {
                self.open.push(Open::Arithmetic);
                at + 2
            }
            '#' if self.at_word_start() => chars.len(),
            '<' if next == Some('<') => self.step_here(chars, at),
            // `name ()` defines a function: its body is a command.
            '(' if next == Some(')') => {
                self.end_word();
                self.at_command = true;
                at + 2
            }
            '(' => {
                self.end_word();
                self.open.push(Open::Parenthesis);
                self.at_command = true;
                at + 1
            }
            ')' => {
                self.end_word();
                // In a `case`, a bare `)` ends a pattern.
                if self.open.last() == Some(&Open::Parenthesis) {
                    self.open.pop();
                    self.at_command = false;
                } else {
                    self.at_command = true;
                }
                at + 1
            }
            ';' => {
                self.end_word();
                self.at_command = true;
                at + 1
            }
            '&' | '|' => {
                // An operator stays as the word, so that the end of the line can see it.
                if !matches!(self.word.as_str(), "&" | "|") {
                    self.end_word();
                }
                self.word.push(c);
                self.at_command = true;
                at + 1
            }
            c if c.is_whitespace() => {
                if !is_continuing(&self.word) {
                    self.end_word();
                }
                at + 1
            }
            _ => {
                if self.word.starts_with(['&', '|']) {
                    self.word.clear();
                }
                self.word.push(c);
                at + 1
            }
        }
    }

    /// `<<` at `at`: a here-document, unless it is `<<<`.
    fn step_here(&mut self, chars: &[char], at: usize) -> usize {
        self.end_word();
        if chars.get(at + 2) == Some(&'<') {
            return at + 3;
        }
        let (document, next) = HereDocument::read(chars, at + 2);
        self.documents.push_back(document);
        next
    }

    /// Whether a word may begin here: after a blank or an operator.
    fn at_word_start(&self) -> bool {
        !self.quoted && (self.word.is_empty() || self.word.starts_with(['&', '|']))
    }

    fn end_word(&mut self) {
        let word = std::mem::take(&mut self.word);
        let quoted = std::mem::take(&mut self.quoted);
        if word.starts_with(['&', '|']) || (word.is_empty() && !quoted) {
            return;
        }
        if quoted || !self.at_command {
            self.at_command = std::mem::take(&mut self.names_function);
            return;
        }
        let close = |open: &mut Vec<Open>, kind| {
            if open.last() == Some(&kind) {
                open.pop();
            }
        };
        self.at_command = match word.as_str() {
            "if" => {
                self.open.push(Open::If);
                true
            }
            "while" | "until" => {
                self.open.push(Open::Loop);
                true
            }
            "for" | "select" => {
                self.open.push(Open::Loop);
                false
            }
            "case" => {
                self.open.push(Open::Case);
                false
            }
            "{" => {
                self.open.push(Open::Group);
                true
            }
            "then" | "else" | "elif" | "do" | "!" | "time" | "coproc" => true,
            "function" => {
                self.names_function = true;
                false
            }
            "fi" => {
                close(&mut self.open, Open::If);
                false
            }
            "done" => {
                close(&mut self.open, Open::Loop);
                false
            }
            "esac" => {
                close(&mut self.open, Open::Case);
                false
            }
            "}" => {
                close(&mut self.open, Open::Group);
                false
            }
            _ => false,
        };
    }
}

/// Whether a command that ends in this operator goes on in the next line.
fn is_continuing(operator: &str) -> bool {
    matches!(operator, "|" | "||" | "&&" | "|&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Shell {
        let mut shell = Shell::new();
        for line in text.split('\n') {
            shell.feed(line);
        }
        shell
    }

    #[test]
    fn complete_commands() {
        for text in [
            "docker ps",
            "echo 'a \" b' \"it's\" $'it\\'s'",
            "echo \\\\",
            "docker run \\\n  -d nginx",
            "cat <<EOF\n$ not a prompt\nEOF",
            "cat <<'END' > f\n'\nEND",
            "cat <<-X\n\tbody\n\tX",
            "cat <<A <<B\n1\nA\n2\nB",
            "cat <<< word",
            "echo $(docker ps -q | wc -l) `id -u`",
            "echo $((1 << 2)) ${x:-(}",
            "for i in 1 2; do echo $i; done",
            "for i in 1 2\ndo\n echo $i\ndone",
            "while ! curl -s x; do sleep 1; done",
            "if true; then echo fi; else echo done; fi",
            "case $x in\n a) echo 1;;\n b|c) echo 2;;\nesac",
            "{ echo a; }",
            "(cd /tmp && ls)",
            "f() { echo hi; }",
            "f() {\n echo hi\n}",
            "f ()\n{\n echo hi\n}",
            "function g {\n echo hi\n}",
            "coproc {\n cat\n}",
            "echo a | # c\ncat",
            "echo a |&\ncat",
            "echo \"${x:-it's}\"",
            "a |\nb",
            "a &&\nb",
            "sleep 1 &",
            "echo if # then (",
            "echo a#b",
            "docker ps --format '{{.Names}}'",
            "docker inspect -f \"{{.Id}}\" x",
            "echo {a,b}",
            "[ -z \"$(docker ps -aq)\" ] && echo none",
            "(( x = 1 << 3 ))",
        ] {
            let shell = read(text);
            assert_eq!(shell.missing(), None, "{text}: {shell:?}");
        }
    }

    #[test]
    fn incomplete_commands() {
        for (text, missing) in [
            ("echo 'a", "it needs a closing `'`"),
            ("echo \"a", "it needs a closing `\"`"),
            ("echo `a", "it needs a closing backtick"),
            ("echo $(a", "it needs a closing `)`"),
            ("echo $((1 + 2)", "it needs a closing `))`"),
            ("echo ${a", "it needs a closing `}`"),
            ("docker run \\", "its last line asks for another"),
            ("a |", "its last line asks for another"),
            ("a && # c", "its last line asks for another"),
            ("a |&", "its last line asks for another"),
            ("f() {", "it needs a closing `}`"),
            ("function g {", "it needs a closing `}`"),
            ("a && ", "its last line asks for another"),
            ("a || ", "its last line asks for another"),
            ("cat <<EOF\nx", "its here-document needs a line `EOF`"),
            ("for i in 1; do echo", "it needs its `done`"),
            ("if true; then", "it needs its `fi`"),
            ("case x in", "it needs its `esac`"),
            ("{ echo a", "it needs a closing `}`"),
            ("(echo a", "it needs a closing `)`"),
        ] {
            let shell = read(text);
            assert_eq!(
                shell.missing().as_deref(),
                Some(missing),
                "{text}: {shell:?}"
            );
        }
    }

    #[test]
    fn blank_commands_run_nothing() {
        for text in ["", "  ", "# only a comment"] {
            assert!(read(text).is_blank(), "{text}");
        }
        for text in ["true # comment", ":"] {
            assert!(!read(text).is_blank(), "{text}");
        }
    }
}
