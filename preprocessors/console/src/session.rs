//! Reading a session: which lines are typed, which are printed.

use std::ops::Range;

use seaworthy_blocks::{Fault, Line};

use crate::{Command, Shell, TypedLine};

/// The most bytes that may be typed on one line: the kernel's line discipline drops what is longer
/// (`N_TTY_BUF_SIZE` is 4,096, its newline included).
pub const LONGEST_LINE: usize = 4095;

const PROMPT: &str = "$ ";

/// A console session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// Its commands, in order.
    pub commands: Vec<Command>,
}

impl Session {
    /// Reads the lines of a `console` block, whose opening fence stands at `fence`.
    ///
    /// # Errors
    /// Every fault that was met, at the lines' positions: output before any command, a command that
    /// doesn't end, a line too long to be typed, and what can't be run by this version.
    pub fn parse(lines: &[Line], fence: Range<usize>) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader::default();
        for line in lines {
            reader.read(line);
        }
        reader.finish(fence)
    }
}

#[derive(Default)]
struct Reader {
    commands: Vec<Command>,
    faults: Vec<Fault>,
    /// The command that is being typed.
    shell: Option<Shell>,
    /// Output that stands before any command was already reported.
    orphaned: bool,
}

impl Reader {
    fn read(&mut self, line: &Line) {
        if let Some(shell) = self.shell.take() {
            self.continue_command(shell, line);
        } else if let Some(text) = typed(&line.text) {
            self.begin_command(text, line);
        } else {
            self.print(line);
        }
    }

    fn begin_command(&mut self, text: &str, line: &Line) {
        let line = tail(line, text);
        self.commands.push(Command {
            prompt: PROMPT.to_owned(),
            typed: Vec::new(),
            output: Vec::new(),
            runs: true,
        });
        self.type_line(Shell::new(), String::new(), line);
    }

    fn continue_command(&mut self, shell: Shell, line: &Line) {
        let marked = match line.text.strip_prefix("> ") {
            Some(text) => Some(text),
            None if line.text == ">" => Some(""),
            None => None,
        };
        let typed = self.commands.last().map_or(&[][..], |c| &c.typed);
        // The first continuation line decides whether `> ` is a prompt or a part of the text.
        let prompted = match typed.get(1) {
            None => marked.is_some(),
            Some(second) => !second.continuation.is_empty(),
        };
        match (prompted, marked) {
            (true, Some(text)) => self.type_line(shell, "> ".to_owned(), tail(line, text)),
            (true, None) => {
                self.faults.push(
                    Fault::error(line.span(), "this line lacks the continuation prompt `> `")
                        .label("the line before has one")
                        .help("begin every further line of a command with `> `, or none of them"),
                );
                self.type_line(shell, "> ".to_owned(), line.clone());
            }
            (false, _) => self.type_line(shell, String::new(), line.clone()),
        }
    }

    fn type_line(&mut self, mut shell: Shell, continuation: String, line: Line) {
        self.check_typed(&line);
        shell.feed(&line.text);
        if let Some(command) = self.commands.last_mut() {
            command.typed.push(TypedLine { continuation, line });
            command.runs = !shell.is_blank();
        }
        if !shell.is_complete() {
            self.shell = Some(shell);
        }
    }

    fn check_typed(&mut self, line: &Line) {
        if line.text.len() > LONGEST_LINE {
            let message = format!(
                "this line has {} bytes; a terminal takes at most {LONGEST_LINE}",
                line.text.len()
            );
            self.faults.push(
                Fault::error(line.span(), message)
                    .help("break the line with a backslash, or put it into a file with `file=`"),
            );
        }
        if let Some((i, c)) = line
            .text
            .char_indices()
            .find(|&(_, c)| c.is_control() && c != '\t')
        {
            let at = line.start + i;
            self.faults.push(
                Fault::error(at..at + c.len_utf8(), "a control character can't be typed")
                    .label(format!("U+{:04X}", u32::from(c)))
                    .help("write it as an escape, as in `printf '\\033[1m'`"),
            );
        }
    }

    fn print(&mut self, line: &Line) {
        let Some(command) = self.commands.last_mut() else {
            if !line.text.trim().is_empty() && !self.orphaned {
                self.orphaned = true;
                self.faults.push(
                    Fault::error(line.span(), "output before any command")
                        .label("no command has been typed yet")
                        .help("begin a typed line with `$ `; for text that is no session, choose another language, such as `text`"),
                );
            }
            return;
        };
        if is_key(&line.text) {
            self.faults.push(
                Fault::error(line.span(), "keys can't be typed by this version")
                    .label("stands for a key")
                    .help("let the command end by itself, or mark the session `no_run=\"reason\"`"),
            );
        } else if opens_program(&command.text()) && is_program_prompt(&line.text) {
            self.faults.push(
                Fault::error(
                    line.span(),
                    "programs inside a session can't be run by this version",
                )
                .label("the prompt of another program")
                .help("give the command at once, as in `docker exec web ls`, or mark the session `no_run=\"reason\"`"),
            );
        }
        command.output.push(line.clone());
    }

    fn finish(mut self, fence: Range<usize>) -> Result<Session, Vec<Fault>> {
        if let (Some(shell), Some(command)) = (&self.shell, self.commands.last()) {
            let first = command.typed.first().map_or(0..0, |t| t.line.span());
            let missing = shell.missing().unwrap_or_default();
            self.faults.push(
                Fault::error(
                    first,
                    "this command isn't complete at the end of the session",
                )
                .label(missing)
                .help(
                    "complete it; a `$ ` inside an open quote or here-document is part of the text",
                ),
            );
        }
        if self.commands.is_empty() && self.faults.is_empty() {
            self.faults.push(
                Fault::error(fence, "a session without a command")
                    .help("begin a typed line with `$ `"),
            );
        }
        for command in &mut self.commands {
            trim_output(&mut command.output);
            if let (false, Some(line)) = (command.runs, command.output.first()) {
                self.faults.push(
                    Fault::error(line.span(), "a comment prints nothing")
                        .label("printed below a line that runs nothing")
                        .help("put the comment before a `$ ` of its own, above the command"),
                );
            }
        }
        if self.faults.is_empty() {
            Ok(Session {
                commands: self.commands,
            })
        } else {
            Err(self.faults)
        }
    }
}

/// What is typed on a line that begins with the prompt.
fn typed(text: &str) -> Option<&str> {
    text.strip_prefix(PROMPT)
        .or_else(|| (text == PROMPT.trim_end()).then_some(""))
}

/// The end of `line` that reads `text`.
fn tail(line: &Line, text: &str) -> Line {
    Line {
        text: text.to_owned(),
        start: line.start + line.text.len() - text.len(),
    }
}

/// Blank lines after the command and at the end of the output don't count.
fn trim_output(output: &mut Vec<Line>) {
    let blank = |line: &Line| line.text.trim().is_empty();
    while output.last().is_some_and(blank) {
        output.pop();
    }
    let lead = output.iter().take_while(|line| blank(line)).count();
    output.drain(..lead);
}

fn is_key(text: &str) -> bool {
    let mut chars = text.trim().chars().peekable();
    let mut any = false;
    while chars.next() == Some('^') {
        if !chars.next().is_some_and(|c| c.is_ascii_uppercase()) {
            return false;
        }
        any = true;
        if chars.peek().is_none() {
            return true;
        }
    }
    any && chars.peek().is_none()
}

/// Whether a command may open a program that has a prompt of its own.
fn opens_program(command: &str) -> bool {
    let mut words = command.split_whitespace().skip_while(|w| *w == "sudo");
    match words.next() {
        Some("docker") => words.any(|w| w == "attach" || w == "--tty" || is_tty_flag(w)),
        Some(program) => match program.rsplit('/').next().unwrap_or(program) {
            // With a script or `-c` they ask nobody.
            "sh" | "bash" | "ash" | "dash" | "python3" | "python" => {
                words.all(|word| word.starts_with('-') && word != "-c")
            }
            program => matches!(program, "mysql" | "psql" | "redis-cli"),
        },
        None => false,
    }
}

/// `-t`, `-it`, `-dit`; or `-a`, `-ai` of `docker start`.
fn is_tty_flag(word: &str) -> bool {
    word.strip_prefix('-').is_some_and(|flags| {
        flags.contains(['t', 'a']) && flags.chars().all(|c| "aidt".contains(c))
    })
}

/// Whether a line looks like the prompt of a shell as root, of a shell in a container, of Python or of MySQL.
fn is_program_prompt(text: &str) -> bool {
    let shown = text.trim_end();
    if [">>>", "mysql>"].iter().any(|p| shown.starts_with(p)) {
        return true;
    }
    let Some(at) = shown.find('#') else {
        return false;
    };
    let (before, after) = (&shown[..at], &shown[at + 1..]);
    let ends = after.is_empty() || after.starts_with(' ');
    let before = before.trim_end();
    ends && (before.is_empty() || before.starts_with('/') && !before.contains(' ') || {
        before.contains('@') && before.contains(':') && !before.contains(' ')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Line> {
        let mut at = 0;
        text.split('\n')
            .map(|line| {
                let start = at;
                at += line.len() + 1;
                Line {
                    text: line.to_owned(),
                    start,
                }
            })
            .collect()
    }

    fn parse(text: &str) -> Vec<(String, Vec<String>)> {
        Session::parse(&lines(text), 0..0)
            .unwrap()
            .commands
            .into_iter()
            .map(|c| {
                let output = c.output.iter().map(|l| l.text.clone()).collect();
                (c.text(), output)
            })
            .collect()
    }

    fn command(text: &str, output: &[&str]) -> (String, Vec<String>) {
        (
            text.to_owned(),
            output.iter().map(|&l| l.to_owned()).collect(),
        )
    }

    fn messages(text: &str) -> Vec<String> {
        Session::parse(&lines(text), 0..0)
            .unwrap_err()
            .into_iter()
            .map(|f| f.message)
            .collect()
    }

    #[test]
    fn commands_and_their_output() {
        assert_eq!(
            parse("$ docker ps\n\nCONTAINER ID\n\n$ true\n$ echo a\na\n"),
            [
                command("docker ps", &["CONTAINER ID"]),
                command("true", &[]),
                command("echo a", &["a"]),
            ]
        );
    }

    #[test]
    fn continuations_with_and_without_a_prompt() {
        assert_eq!(
            parse("$ docker run \\\n>   -d nginx\n3f2a\n$ docker run \\\n  -d nginx\n3f2a"),
            [
                command("docker run \\\n  -d nginx", &["3f2a"]),
                command("docker run \\\n  -d nginx", &["3f2a"]),
            ]
        );
        assert_eq!(
            parse("$ cat <<EOF\n> $ x\n>\n> EOF\n$ x"),
            [command("cat <<EOF\n$ x\n\nEOF", &[]), command("x", &[])]
        );
        assert_eq!(
            parse("$ cat <<EOF\nfirst\n> quoted\nEOF\n> output"),
            [command("cat <<EOF\nfirst\n> quoted\nEOF", &["> output"])]
        );
    }

    #[test]
    fn a_prompt_alone_and_a_comment_run_nothing() {
        let session = Session::parse(&lines("$\n$ # what follows\n$ true"), 0..0).unwrap();
        let runs: Vec<_> = session.commands.iter().map(|c| c.runs).collect();
        assert_eq!(runs, [false, false, true]);
    }

    #[test]
    fn typed_lines_know_where_they_stand() {
        let text = "$ a \\\n> b\nout\n$ c";
        let session = Session::parse(&lines(text), 0..0).unwrap();
        let second = &session.commands[0].typed[1].line;
        assert_eq!(&text[second.span()], "b");
        assert_eq!(session.commands[1].start(), text.len() - 1);
    }

    #[test]
    fn faults() {
        for (text, message) in [
            ("a\n$ b", "output before any command"),
            ("", "a session without a command"),
            (
                "$ cat <<EOF\nx",
                "this command isn't complete at the end of the session",
            ),
            (
                "$ a \\\n> b \\\nc",
                "this line lacks the continuation prompt `> `",
            ),
            ("$ sleep 9\n^C", "keys can't be typed by this version"),
            ("$ attach\n^P^Q", "keys can't be typed by this version"),
            (
                "$ docker exec -it web sh\n/ # ls",
                "programs inside a session can't be run by this version",
            ),
            (
                "$ docker run -it ubuntu\nroot@3f2a:/# ls",
                "programs inside a session can't be run by this version",
            ),
            (
                "$ python3\n>>> 1",
                "programs inside a session can't be run by this version",
            ),
            ("$ # note\nout", "a comment prints nothing"),
            ("$ echo \u{1b}", "a control character can't be typed"),
        ] {
            assert_eq!(messages(text), [message], "{text}");
        }
        let long = format!("$ echo {}", "x".repeat(5000));
        assert!(messages(&long)[0].contains("5005 bytes"));
        assert_eq!(messages("a\nb\n$ sleep 9\n^C").len(), 2);
    }

    #[test]
    fn output_that_only_resembles_a_prompt_is_output() {
        for text in [
            "$ docker run --rm alpine cat /etc/hosts\n# comment: not a prompt",
            "$ cat notes\n/ # ls",
            "$ bash setup.sh\n# done",
            "$ docker run -it x\na # b",
        ] {
            assert!(Session::parse(&lines(text), 0..0).is_ok(), "{text}");
        }
    }
}
