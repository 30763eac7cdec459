//! Whether the terminal is in the program that the page shows. Pure but for asking the terminal.

use seaworthy_console::{Command, Then};
use seaworthy_report::FailureCode;

use super::verdict::Complaint;
use crate::shells::Terminal;

/// Before `command` is typed: is the program open that the page types it into, and nothing in it?
pub(super) fn before(terminal: &Terminal, command: &Command) -> Result<(), Complaint> {
    let (is, wanted) = (terminal.depth(), command.inside.len());
    if is == wanted {
        return Ok(());
    }
    let is_in = described(terminal.program());
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
pub(super) fn after(terminal: &Terminal, command: &Command, exit: i32) -> Result<(), Complaint> {
    let (is, was) = (terminal.depth(), command.inside.len());
    let is_in = described(terminal.program());
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
pub(super) fn helped(help: String, terminal: &Terminal, command: &Command) -> String {
    if command.inside.is_empty() && terminal.depth() == 0 {
        return help;
    }
    let told = match terminal.program() {
        _ if terminal.is_lost() => return help,
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
