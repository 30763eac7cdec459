//! What a run tells of a fence: the class of a session that was tried.

use seaworthy_report::{Failure, FailureCode, LineKind, Page, Session, Status};
use seaworthy_words::Script;

use super::class::{Class, Finding};

/// How it is said that an image can't be had.
const NO_IMAGE: [&str; 7] = [
    "pull access denied",
    "manifest unknown",
    "manifest for ",
    "unable to find image",
    "the engine doesn't hold it",
    "failed to resolve source metadata",
    "failed to resolve reference",
];
/// How it is said that a program isn't there.
const NO_PROGRAM: [&str; 5] = [
    "command not found",
    "invalid join token",
    "is not a docker command",
    "unknown command: docker",
    "executable file not found",
];
/// How it is said that there is no way out, no device, no right.
const NO_WAY: [&str; 22] = [
    "could not resolve",
    "couldn't resolve",
    "name or service not known",
    "temporary failure in name resolution",
    "bad address",
    "network is unreachable",
    "no such host",
    "lookup ",
    "could not select device driver",
    "error gathering device information",
    "operation not permitted",
    "permission denied",
    "read-only file system",
    "systemd as init system",
    "connection timed out",
    "i/o timeout",
    "no such device",
    "unauthorized",
    "must be root",
    "looking up",
    "exec format error",
    "unknown or invalid runtime",
];
/// How it is said that something isn't there which a step could make.
const NOT_THERE: [&str; 24] = [
    "swarm is not active",
    "no such",
    "couldn't find a bake definition",
    "no records found",
    "no completed build found",
    "no builder",
    "failed to find instance",
    "failed to open",
    "not found",
    "does not exist",
    "doesn't exist",
    "cannot access",
    "can't open",
    "is not running",
    "not a swarm manager",
    "connection refused",
    "failed to connect",
    "couldn't connect",
    "couldn't open",
    "empty reply from server",
    "no configuration file",
    "unable to evaluate symlinks",
    "unable to prepare context",
    "not part of a swarm",
];
/// How it is said that an earlier step made it already.
const THERE: [&str; 5] = [
    "is already part of a swarm",
    "is already in use by container",
    "already exists",
    "port is already allocated",
    "address already in use",
];

/// What became of `session`, on `page`.
pub(super) fn of(session: &Session, page: &Page) -> Finding {
    let reason = session.reason.clone().unwrap_or_default();
    match (session.status, session.failures().next()) {
        (Status::Passed, _) => Finding::new(Class::Holds, ""),
        (Status::Failed, Some(failure)) => of_failure(failure),
        (Status::Skipped | Status::NotRun, _)
            if page.error.is_some() || page.unfinished.is_some() =>
        {
            let why = page.error.as_ref().or(page.unfinished.as_ref());
            Finding::new(
                Class::NotTried,
                why.and_then(|why| why.lines().next()).unwrap_or_default(),
            )
        }
        _ => Finding::new(Class::NotReached, reason),
    }
}

fn of_failure(failure: &Failure) -> Finding {
    let class = class(failure);
    Finding {
        at: Some(failure.line),
        command: failure.command.clone(),
        diff: match class {
            Class::PrintsSomethingElse => failure.diff.clone(),
            _ => Vec::new(),
        },
        ..Finding::new(class, failure.message.clone())
    }
}

fn class(failure: &Failure) -> Class {
    let said = |texts: &[&str], in_: &str| texts.iter().any(|text| in_.contains(text));
    let printed = failure.actual.to_lowercase();
    let help = failure.help.to_lowercase();
    match failure.code {
        FailureCode::Malformed
        | FailureCode::IncompleteCommand
        | FailureCode::RefusedByShell
        | FailureCode::MissingPrompt => {
            return Class::Malformed;
        }
        // Nothing had opened what is left here.
        FailureCode::ShellEnded => return Class::NotReached,
        // The program's absence comes first: an image that its arguments name was never asked for.
        _ if failure.exit == Some(127) => {
            return match printed.contains("no such file") {
                true => Class::NotMade,
                false => Class::NeedsElsewhere,
            };
        }
        _ if printed.contains(": command not found") => return Class::NeedsElsewhere,
        _ if said(&NO_IMAGE, &help) || said(&NO_IMAGE, &printed) => return Class::NoImage,
        FailureCode::TimedOut | FailureCode::NoAnswer | FailureCode::TooMuchOutput => {
            return match said(&NO_WAY[..8], &printed) {
                true => Class::NeedsElsewhere,
                false => Class::NoEnd,
            };
        }
        // It succeeded, and what it shows is another thing.
        FailureCode::WrongOutput if failure.exit == Some(0) => {
            return match lists_others(failure) {
                true => Class::NotMade,
                false => Class::PrintsSomethingElse,
            };
        }
        _ => {}
    }
    if said(&NO_PROGRAM, &printed) || said(&NO_WAY, &printed) || help.contains("no way out") {
        Class::NeedsElsewhere
    } else if said(
        &[
            "is not a tty",
            "not a terminal",
            "interactive login",
            "non tty",
        ],
        &printed,
    ) {
        Class::NoEnd
    } else if said(&THERE, &printed) {
        Class::NotReached
    } else if said(&NOT_THERE, &printed) || reaches_nothing(failure) || lacks_a_value(failure) {
        Class::NotMade
    } else if printed.contains("must be lowercase") || printed.contains("is not a valid repository")
    {
        Class::Placeholder
    } else if failure.exit.is_some_and(|code| code != 0)
        && failure.expected.trim().is_empty()
        && printed.trim().is_empty()
    {
        Class::NeedsElsewhere
    } else {
        Class::PrintsSomethingElse
    }
}

/// Whether a command lists what is there, by the right columns, and it is the rows that aren't there: no step made them.
fn lists_others(failure: &Failure) -> bool {
    let script = Script::parse(failure.command.as_str());
    let lists = |verb: &str| ["df", "du", "images", "list", "ls", "ps", "stats"].contains(&verb);
    let listing =
        script.calls().iter().any(|call| lists(call.verb)) && !failure.message.contains("column");
    let missing = failure
        .diff
        .iter()
        .any(|line| matches!(line.kind, LineKind::Missing | LineKind::Differs));
    listing && missing
}

/// Whether the shell put nothing in the place of a variable or of a command's output: no step made what it names.
fn lacks_a_value(failure: &Failure) -> bool {
    const TELL: [&str; 4] = [
        "requires at least 1 argument",
        "requires 1 argument",
        "invalid reference format",
        "ambiguous redirect",
    ];
    let puts_in = ["$", "`", "xargs"];
    puts_in.iter().any(|sign| failure.command.contains(sign))
        && TELL.iter().any(|tell| failure.actual.contains(tell))
}

/// `curl` found nobody: its exit codes 7, 52 and 56.
fn reaches_nothing(failure: &Failure) -> bool {
    let script = Script::parse(failure.command.as_str());
    let calls = |name: &str| script.programs().iter().any(|program| program.name == name);
    (calls("curl") && matches!(failure.exit, Some(7 | 52 | 56))) || calls("cd") || calls("cat")
}
