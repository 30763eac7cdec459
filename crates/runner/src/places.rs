//! Whether the terminal is in the program that the page shows. Pure.

use seaworthy_console::{Command, Then};
use seaworthy_report::FailureCode;

use super::verdict::Complaint;
use seaworthy_terminal::{Place, Terminal};

/// Where a terminal is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing<'a> {
    /// How many programs are open in the shell, one in the other.
    depth: usize,
    /// The one that is typed into, if it isn't the shell.
    program: Option<&'a str>,
    /// Whether nothing can be typed any more.
    lost: bool,
}

impl<'a> Standing<'a> {
    /// A terminal in which `depth` programs are open, the last of which is `program`.
    pub(super) fn at(depth: usize, program: Option<&'a str>) -> Self {
        Self {
            depth,
            program,
            lost: false,
        }
    }

    pub(super) fn of(terminal: &'a Terminal<impl Place>) -> Self {
        Self {
            depth: terminal.depth(),
            program: terminal.program(),
            lost: terminal.is_lost(),
        }
    }
}

/// Before `command` is typed: is the program open that the page types it into, and nothing in it?
pub(super) fn before(at: Standing<'_>, command: &Command) -> Result<(), Complaint> {
    let (is, wanted) = (at.depth, command.inside.len());
    if is == wanted {
        return Ok(());
    }
    let is_in = described(at.program);
    let wants = described(command.program().map(|program| program.name.as_str()));
    Err(if is > wanted {
        Complaint::new(
            FailureCode::WrongProgram,
            format!("can't be typed into {wants}: the terminal is still in {is_in}"),
            "end that program on the page (`exit`, `^D`), or leave it running with `^P^Q`",
        )
    } else {
        Complaint::new(
            FailureCode::WrongProgram,
            format!("can't be typed into {wants}: it isn't open, the terminal is in {is_in}"),
            "something ended it before: look at the commands above",
        )
    })
}

/// After `command` came to an end with `exit`: does the page go on where the terminal is?
pub(super) fn after(at: Standing<'_>, command: &Command, exit: i32) -> Result<(), Complaint> {
    let (is, was) = (at.depth, command.inside.len());
    let is_in = described(at.program);
    match &command.then {
        Then::Opens(program) if is <= was => Err(Complaint::new(
            FailureCode::NotOpened,
            format!("ended with {exit} instead of opening {}", program.name),
            "the page shows a prompt of it below",
        )),
        Then::Prompt | Then::Keys if is < was => Err(Complaint::new(
            FailureCode::EndedTooSoon,
            format!("ended its program with {exit}, and the page goes on in it"),
            "",
        )),
        Then::Ends(left) if is > *left => Err(Complaint::new(
            FailureCode::StillOpen,
            format!("the page goes on outside of {is_in}, which still runs"),
            "end it on the page (`exit`, `^D`), or leave it running with `^P^Q`",
        )),
        _ => Ok(()),
    }
}

/// `help`, and where the terminal is, unless that is where `command` was typed: in the page's shell.
pub(super) fn helped(help: String, at: Standing<'_>, command: &Command) -> String {
    if command.inside.is_empty() && at.depth == 0 {
        return help;
    }
    let told = match at.program {
        _ if at.lost => return help,
        Some(program) => format!("the terminal is now in {program}"),
        None => "the terminal is now in the page's shell".to_owned(),
    };
    if help.is_empty() {
        told
    } else {
        format!("{help}\n  {told}")
    }
}

fn described(program: Option<&str>) -> &str {
    program.unwrap_or("the page's shell")
}

#[cfg(test)]
mod tests {
    use super::*;
    use seaworthy_console::Session;

    /// The commands of a session in which a shell is opened, typed into and left.
    fn commands() -> Vec<Command> {
        let text = "```console\n$ sh\n# ls\n# exit\n$ true\n```\n";
        let document = seaworthy_blocks::Document::parse(text);
        let session = Session::parse(&document.blocks[0].lines, 0..0).unwrap();
        session.commands
    }

    fn at(depth: usize) -> Standing<'static> {
        Standing {
            depth,
            program: (depth > 0).then_some("psql"),
            lost: false,
        }
    }

    #[test]
    fn a_command_is_typed_only_where_the_page_shows_it() {
        let commands = commands();
        let message = |at, command| before(at, command).unwrap_err().message;
        assert_eq!(before(at(0), &commands[0]), Ok(()));
        assert_eq!(before(at(1), &commands[1]), Ok(()));
        assert_eq!(
            message(at(1), &commands[3]),
            "can't be typed into the page's shell: the terminal is still in psql"
        );
        assert_eq!(
            message(at(0), &commands[1]),
            "can't be typed into sh: it isn't open, the terminal is in the page's shell"
        );
    }

    #[test]
    fn a_command_has_to_come_to_where_the_page_goes_on() {
        let commands = commands();
        let came_to = |depth, command| {
            let outcome = after(at(depth), &commands[command], 3);
            outcome.map_err(|complaint| complaint.message)
        };
        for (depth, command, expected) in [
            (1, 0, Ok(())),
            (0, 0, Err("ended with 3 instead of opening sh")),
            (1, 1, Ok(())),
            (
                0,
                1,
                Err("ended its program with 3, and the page goes on in it"),
            ),
            (0, 2, Ok(())),
            (
                1,
                2,
                Err("the page goes on outside of psql, which still runs"),
            ),
            (0, 3, Ok(())),
        ] {
            let expected = expected.map_err(str::to_owned);
            assert_eq!(came_to(depth, command), expected, "{depth} {command}");
        }
    }

    #[test]
    fn help_says_where_the_terminal_is() {
        let commands = commands();
        let said = |help: &str, at, command: usize| helped(help.to_owned(), at, &commands[command]);
        assert_eq!(said("mend it", at(0), 0), "mend it");
        assert_eq!(said("", at(1), 1), "the terminal is now in psql");
        assert_eq!(
            said("mend it", at(0), 1),
            "mend it\n  the terminal is now in the page's shell"
        );
        let lost = Standing {
            lost: true,
            ..at(1)
        };
        assert_eq!(said("mend it", lost, 1), "mend it");
    }
}
