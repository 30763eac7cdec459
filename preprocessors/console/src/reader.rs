//! Reading a session line by line: which lines are typed, into which program, and which are printed.

use std::ops::Range;

use seaworthy_blocks::{Fault, FaultCode, Line};
use seaworthy_words::Script;

use crate::program::KNOWN;
use crate::prompt::Prompt;
use crate::syntax::Syntax;
use crate::{Command, Programs, Then, TypedLine, keys};

/// The most bytes that may be typed on one line: the kernel's line discipline drops what is longer
/// (`N_TTY_BUF_SIZE` is 4,096, its newline included).
pub const LONGEST_LINE: usize = 4095;

pub(crate) struct Reader<'a> {
    programs: &'a mut Programs,
    /// The prompt of the program that the author says is opened, until it was.
    opens: Option<&'a str>,
    commands: Vec<Command>,
    faults: Vec<Fault>,
    /// The command that is being typed.
    syntax: Option<Syntax>,
    /// Output that stands before any command was already reported.
    orphaned: bool,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(programs: &'a mut Programs, opens: Option<&'a str>) -> Self {
        Self {
            programs,
            opens,
            commands: Vec::new(),
            faults: Vec::new(),
            syntax: None,
            orphaned: false,
        }
    }

    pub(crate) fn read(&mut self, line: &Line) {
        if let Some(syntax) = self.syntax.take() {
            self.continue_command(syntax, line);
        } else if let Some(length) = self.prompt(&line.text) {
            let (prompt, typed) = split(line, length);
            if keys::bytes(&typed.text).is_some() {
                self.press(prompt, typed);
            } else {
                self.begin_command(prompt, typed);
            }
        } else if keys::bytes(&line.text).is_some() && self.programs.has_typed() {
            self.press(String::new(), line.clone());
        } else {
            self.print(line);
        }
    }

    /// Reads a line of a block without prompts.
    pub(crate) fn read_bare(&mut self, line: &Line) {
        if let Some(syntax) = self.syntax.take() {
            self.type_line(syntax, String::new(), line.clone());
        } else if !line.text.trim().is_empty() {
            let prompt = self.programs.page_prompt().to_owned();
            self.begin_command(prompt, line.clone());
        }
    }

    /// The length of the prompt that `line` begins with, if it is typed.
    fn prompt(&mut self, line: &str) -> Option<usize> {
        let before = self.programs.open().len();
        let said = self.opens.filter(|_| !self.commands.is_empty());
        let length = self.programs.prompt(line, said)?;
        if self.programs.open().len() > before {
            self.opens = None;
        }
        Some(length)
    }

    fn begin_command(&mut self, prompt: String, line: Line) {
        let inside = self.programs.open().to_vec();
        let syntax = Syntax::of(inside.last().map(AsRef::as_ref));
        self.commands.push(Command {
            prompt,
            inside,
            typed: Vec::new(),
            script: Script::default(),
            output: Vec::new(),
            runs: true,
            keys: false,
            then: Then::default(),
        });
        self.type_line(syntax, String::new(), line);
    }

    fn continue_command(&mut self, syntax: Syntax, line: &Line) {
        let marked = syntax.continuation(&line.text);
        let typed = self.commands.last().map_or(&[][..], |c| &c.typed);
        // The first continuation line decides whether `> ` is a prompt or a part of the text.
        let prompted = match typed.get(1) {
            None => marked.is_some(),
            Some(second) => !second.continuation.is_empty(),
        };
        match (prompted, marked) {
            (true, Some(length)) => {
                let (prompt, typed) = split(line, length);
                self.type_line(syntax, prompt, typed);
            }
            (true, None) => {
                let prompt = syntax.continuation_name();
                self.faults.push(
                    Fault::error(
                        FaultCode::MissingContinuation,
                        line.span(),
                        format!("this line lacks the continuation prompt `{prompt}`"),
                    )
                    .label("the line before has one")
                    .help(format!(
                        "begin every further line of a command with `{prompt}`, or none of them"
                    )),
                );
                self.type_line(syntax, prompt.to_owned(), line.clone());
            }
            (false, _) => self.type_line(syntax, String::new(), line.clone()),
        }
    }

    fn type_line(&mut self, mut syntax: Syntax, continuation: String, line: Line) {
        self.check_typed(&line);
        syntax.feed(&line.text);
        if let Some(command) = self.commands.last_mut() {
            command.typed.push(TypedLine { continuation, line });
            command.runs = !syntax.is_blank();
            if syntax.missing().is_some() {
                self.syntax = Some(syntax);
            } else {
                command.script = syntax.script(&command.text());
                if command.runs {
                    self.programs.typed(&command.script);
                }
            }
        }
    }

    fn press(&mut self, prompt: String, line: Line) {
        let at_prompt = !prompt.is_empty();
        let inside = self.programs.open().to_vec();
        let pressed = keys::bytes(&line.text).unwrap_or_default();
        self.programs.pressed(&pressed, at_prompt);
        self.commands.push(Command {
            prompt,
            inside,
            script: Script::parse(line.text.as_str()),
            typed: vec![TypedLine {
                continuation: String::new(),
                line,
            }],
            output: Vec::new(),
            runs: true,
            keys: true,
            then: Then::default(),
        });
    }

    fn check_typed(&mut self, line: &Line) {
        if line.text.len() > LONGEST_LINE {
            let message = format!(
                "this line has {} bytes; a terminal takes at most {LONGEST_LINE}",
                line.text.len()
            );
            self.faults.push(
                Fault::error(FaultCode::LongLine, line.span(), message)
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
                Fault::error(
                    FaultCode::ControlCharacter,
                    at..at + c.len_utf8(),
                    "a control character can't be typed",
                )
                .label(format!("U+{:04X}", u32::from(c)))
                .help("write it as an escape, as in `printf '\\033[1m'`"),
            );
        }
    }

    fn print(&mut self, line: &Line) {
        // Nothing can have been printed yet.
        let begins = self.commands.iter().all(|command| !command.runs);
        if begins && is_comment(&line.text) {
            return self.comment(line);
        }
        if begins && line.text.trim().is_empty() {
            return;
        }
        let Some(command) = self.commands.last_mut() else {
            if !self.orphaned {
                self.orphaned = true;
                self.faults.push(before_any_command(line));
            }
            return;
        };
        command.output.push(line.clone());
    }

    /// A comment that stands where nothing can have been printed.
    fn comment(&mut self, line: &Line) {
        self.commands.push(Command {
            prompt: String::new(),
            inside: self.programs.open().to_vec(),
            typed: vec![TypedLine {
                continuation: String::new(),
                line: line.clone(),
            }],
            script: Script::default(),
            output: Vec::new(),
            runs: false,
            keys: false,
            then: Then::default(),
        });
    }

    /// The commands, if nothing was wrong; `fence` is where the session begins.
    pub(crate) fn finish(mut self, fence: Range<usize>) -> Result<Vec<Command>, Vec<Fault>> {
        if let (Some(syntax), Some(command)) = (&self.syntax, self.commands.last()) {
            let first = command.typed.first().map_or(0..0, |t| t.line.span());
            let missing = syntax.missing().unwrap_or_default();
            self.faults.push(
                Fault::error(
                    FaultCode::OpenCommand,
                    first,
                    "this command isn't complete at the end of the session",
                )
                .label(missing)
                .help(
                    "complete it; a `$ ` inside an open quote or here-document is part of the text",
                ),
            );
        }
        let comments = self
            .commands
            .iter()
            .all(|command| command.prompt.is_empty() && !command.runs);
        if comments && self.faults.is_empty() {
            let prompt = self.programs.page_prompt();
            let help = match self.commands.is_empty() {
                true => format!("begin a typed line with `{prompt}`"),
                false => format!(
                    "lines that begin with `# ` are comments here: begin a typed line with `{prompt}`, or say what the page's prompt is, as in `<!-- seaworthy prompt=\"#\" -->`"
                ),
            };
            self.faults.push(
                Fault::error(FaultCode::NoCommand, fence, "a session without a command").help(help),
            );
        }
        if let Some(said) = self.opens {
            self.programs.expect(said);
        }
        for command in &mut self.commands {
            trim_output(&mut command.output);
            if let (false, Some(line)) = (command.runs, command.output.first()) {
                self.faults.push(
                    Fault::error(
                        FaultCode::OutputOfComment,
                        line.span(),
                        "a comment prints nothing",
                    )
                    .label("printed below a line that runs nothing")
                    .help("put the comment before a `$ ` of its own, above the command"),
                );
            }
        }
        if self.faults.is_empty() {
            Ok(self.commands)
        } else {
            Err(self.faults)
        }
    }
}

/// Whether a line is a comment of a shell's: `# and a blank`.
fn is_comment(line: &str) -> bool {
    let line = line.trim_end();
    line == "#" || line.starts_with("# ")
}

/// The fault of a line that is printed before anything was typed.
fn before_any_command(line: &Line) -> Fault {
    let mut prompts = KNOWN.iter().filter_map(|known| known.prompt(&line.text));
    if prompts.any(|(prompt, _)| prompt != Prompt::Bare) {
        return Fault::error(FaultCode::ProgramNotOpen, line.span(), "the prompt of a program, and none is open here")
            .label("typed into which program?")
            .help("open it in a session above that is run, as in `$ docker exec -it web sh`; of a program that isn't known, say the prompt there, as in `opens=\"db> \"`");
    }
    Fault::error(FaultCode::OutputBeforeCommand, line.span(), "output before any command")
        .label("no command has been typed yet")
        .help("begin a typed line with `$ `; for text that is no session, choose another language, such as `text`")
}

/// The prompt of the first `length` bytes of `line`, its blank included, and what is typed after it.
fn split(line: &Line, length: usize) -> (String, Line) {
    let mut prompt = line.text[..length].to_owned();
    if !prompt.ends_with(' ') {
        prompt.push(' ');
    }
    let typed = Line {
        text: line.text[length..].to_owned(),
        start: line.start + length,
    };
    (prompt, typed)
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
