//! What helps with a command that failed, beyond that it did: the machine's own words, and the reasons that pages have
//! most often. Pure.

use std::borrow::Cow;
use std::collections::HashSet;

use seaworthy_console::Command;
use seaworthy_page::{Page, Step};
use seaworthy_words::{Call, Script, base_name};

use super::makes;
use seaworthy_matching::{Expected, Outcome, State, unprompted};

/// A command that failed, and what is known of it.
pub(super) struct Failed<'a> {
    pub(super) page: &'a Page,
    pub(super) command: &'a Command,
    /// The author's line of the command before it in its block, and what that printed.
    pub(super) before: Option<(usize, &'a str)>,
    /// How it ended, if it did.
    pub(super) exit: Option<i32>,
    /// What it printed.
    pub(super) output: &'a str,
    /// It is tried again and again already.
    pub(super) retried: bool,
}

/// Takes a printed line that looks like a command for what is wrong with an output, if there is one; tells whether.
pub(super) fn find_unprompted(
    command: &Command,
    expected: &Expected<'_>,
    actual: &str,
    outcome: &mut Outcome,
) -> bool {
    let stray = unprompted(expected, actual, outcome);
    let Some((at, line)) = stray.and_then(|at| Some((at, expected.lines.get(at)?))) else {
        return false;
    };
    outcome.wrong = Some(at);
    outcome.explanation = Some(format!(
        "`{}` looks like a command: is `{}` missing?",
        line.text.trim(),
        prompt(command)
    ));
    true
}

/// What to do about a printed line that looks like a command.
pub(super) fn of_unprompted(command: &Command) -> String {
    let prompt = prompt(command);
    format!("put `{prompt}` before it; if it is printed after all, `...` can stand for it")
}

/// The prompt that the page shows before `command`; that of its shell for keys.
fn prompt(command: &Command) -> &str {
    match command.prompt.as_str() {
        "" => "$ ",
        prompt => prompt,
    }
}

/// The line in which a program says why it failed, among those of `output` that don't hold.
pub(super) fn complaint<'a>(typed: &Script, output: &'a str, outcome: &Outcome) -> Option<&'a str> {
    let holds = outcome
        .alignment
        .iter()
        .filter(|row| row.state == State::Held);
    let held: HashSet<usize> = holds.filter_map(|row| row.actual).collect();
    let lines = output.lines().enumerate();
    let mut lines = lines
        .filter(|(at, _)| !held.contains(at))
        .map(|(_, line)| line.trim());
    lines.find(|line| is_complaint(typed, line))
}

/// How complaints begin, whoever complains.
const COMPLAINTS: [&str; 9] = [
    "Error",
    "error",
    "ERROR",
    "fatal: ",
    "FATAL",
    "panic: ",
    "unknown command",
    "unknown flag",
    "unknown shorthand",
];

/// Whether `line` is an error's: it says so, or begins with the name of a program that was typed.
fn is_complaint(typed: &Script, line: &str) -> bool {
    if COMPLAINTS.iter().any(|begins| line.starts_with(begins)) || unresolved(line).is_some() {
        return true;
    }
    let Some((program, said)) = line.split_once(": ") else {
        return false;
    };
    let program = base_name(program);
    !said.is_empty() && (matches!(program, "bash" | "sh" | "env") || is_typed(typed, program))
}

/// Whether a program's name is among the words that are typed, those for another shell included: `su -c 'ls /x'`.
fn is_typed(typed: &Script, program: &str) -> bool {
    let is_it = |word: &&str| {
        // A substitution is a word that reads as itself again.
        let text = word.contains(char::is_whitespace) && word.len() < typed.text().len();
        base_name(word) == program || (text && is_typed(&Script::parse(*word), program))
    };
    typed.commands().into_iter().any(|simple| {
        let inside = simple.script();
        simple.values().iter().any(is_it) || inside.is_some_and(|script| is_typed(script, program))
    })
}

/// What helps with `failed`, a line each.
pub(super) fn hints(failed: &Failed<'_>) -> Vec<String> {
    let printed = printed_before(failed);
    if !printed.is_empty() {
        return printed;
    }
    let made = made_by_what_is_not_run(failed);
    if !made.is_empty() {
        return made;
    }
    let out = no_way_out(failed);
    if !out.is_empty() {
        return out;
    }
    not_up_yet(failed)
}

/// The first line of a command as the page shows it.
fn shown(command: &Command) -> String {
    let text = command.text();
    format!(
        "{}{}",
        command.prompt,
        text.lines().next().unwrap_or_default()
    )
}

/// Whether the line of `command` is what the command before it printed.
pub(super) fn was_printed(command: &Command, before: Option<(usize, &str)>) -> bool {
    let typed = shown(command);
    before.is_some_and(|(_, output)| {
        output
            .lines()
            .any(|line| line.trim_end() == typed.trim_end())
    })
}

/// The command before printed the line that was typed.
fn printed_before(failed: &Failed<'_>) -> Vec<String> {
    let Some((line, _)) = failed.before else {
        return Vec::new();
    };
    let prompt = failed.command.prompt.as_str();
    let typed = shown(failed.command);
    let said = format!("printed lines can't begin with `{prompt}`: put `...` in its place");
    if was_printed(failed.command, failed.before) {
        vec![format!("`{typed}` is what line {line} printed; {said}")]
    } else if failed.exit == Some(NOT_FOUND) && !prompt.is_empty() {
        vec![format!(
            "if line {line} is meant to print `{typed}`: {said}"
        )]
    } else {
        Vec::new()
    }
}

/// The exit code of a shell that doesn't find a program.
const NOT_FOUND: i32 = 127;

/// Something is missing that a step would have made which isn't run.
fn made_by_what_is_not_run(failed: &Failed<'_>) -> Vec<String> {
    let Some(missing) = makes::missing(failed.output) else {
        return Vec::new();
    };
    let page = failed.page;
    let start = failed.command.start();
    let is_it = |step: &&Step| match step {
        Step::Session(step) => step.session.commands.iter().all(|c| c.start() != start),
        _ => true,
    };
    let mut told = None;
    for step in page.steps.iter().take_while(is_it) {
        let typed: Vec<(usize, Cow<'_, Script>)> = match step {
            Step::Session(step) if step.attributes.no_run.is_some() => {
                let commands = step.session.commands.iter();
                let typed = commands.map(|c| (c.start(), Cow::Borrowed(&c.script)));
                typed.collect()
            }
            Step::Listed(step) => {
                let lines = step.lines.iter();
                let typed = lines.map(|line| (line.start, Cow::Owned(listed(&line.text))));
                typed.collect()
            }
            _ => continue,
        };
        for (at, script) in typed {
            if let Some(name) = makes::makes(&script, &missing) {
                told = Some((page.source.place(at), name));
            }
        }
    }
    let told = told.map(|(place, name)| {
        let line = match place.file == page.file {
            true => format!("line {}", place.line),
            false => format!("{}:{}", place.file, place.line),
        };
        format!("`{name}`: {line} would make it, and isn't run")
    });
    told.into_iter().collect()
}

/// What a listed line types, with a prompt or without.
fn listed(line: &str) -> Script {
    let line = line.trim_start();
    let prompts = ["$ ", "# "];
    let typed = prompts.iter().find_map(|prompt| line.strip_prefix(prompt));
    Script::parse(typed.unwrap_or(line))
}

/// How programs say that they don't find a host, or no way to it.
const UNRESOLVED: [&str; 13] = [
    "bad address",
    "could not resolve",
    "couldn't resolve",
    "failure resolving",
    "name does not resolve",
    "name or service not known",
    "network is unreachable",
    "no address associated with hostname",
    "no servers could be reached",
    "no such host",
    "nodename nor servname",
    "temporary failure in name resolution",
    "unknown host",
];

fn unresolved(line: &str) -> Option<&'static str> {
    let line = line.to_lowercase();
    UNRESOLVED.into_iter().find(|words| line.contains(words))
}

/// A host out in the world that can't be reached.
fn no_way_out(failed: &Failed<'_>) -> Vec<String> {
    let said = failed
        .output
        .lines()
        .find(|line| unresolved(line).is_some());
    // `curl -s` says it by its exit code alone, `ping` by what it counts.
    let typed = &failed.command.script;
    let by_code = failed.exit == Some(6) && calls(typed, "curl");
    let lost =
        failed.output.contains("100% packet loss") || failed.output.contains("100.0% packet loss");
    if said.is_none() && !by_code && !lost {
        return Vec::new();
    }
    let words = said
        .unwrap_or_default()
        .split_whitespace()
        .chain(typed.text().split_whitespace());
    let Some(host) = words.filter_map(host).find(|host| is_outside(host)) else {
        return Vec::new();
    };
    let shown = "show it without running it: `no_run=\"needs the internet\"`";
    vec![if failed.page.settings.limits.internet {
        format!("this machine may have no way out to `{host}`; if not, {shown}")
    } else {
        format!("`internet = false` closes the way out to `{host}`: open it, or {shown}")
    }]
}

/// The host that a word names: as it is, or in a URL.
fn host(word: &str) -> Option<&str> {
    let word = word
        .trim_matches(|c: char| "'\"`,;()[]".contains(c))
        .trim_end_matches(':');
    let word = word.split_once("://").map_or(word, |(_, rest)| rest);
    let word = word.split(['/', '?']).next().unwrap_or(word);
    let word = word.rsplit('@').next().unwrap_or(word);
    let (host, port) = word.split_once(':').unwrap_or((word, "0"));
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    let fits =
        port.bytes().all(|b| b.is_ascii_digit()) && host.contains('.') && host.chars().all(is_name);
    fits.then_some(host)
}

/// Whether a host is out in the world: a public address, or a name below a domain.
fn is_outside(host: &str) -> bool {
    if let Ok(address) = host.parse::<std::net::Ipv4Addr>() {
        return !address.is_private()
            && !address.is_loopback()
            && !address.is_link_local()
            && !address.is_unspecified();
    }
    let domain = host.rsplit('.').next().unwrap_or_default();
    let known = domain.len() >= 2 && domain.bytes().all(|b| b.is_ascii_alphabetic());
    // Names of files, of what only exists at home, and of Docker's own.
    const NOT_OUTSIDE: [&str; 14] = [
        "conf",
        "html",
        "internal",
        "json",
        "local",
        "localdomain",
        "localhost",
        "log",
        "md",
        "py",
        "sh",
        "sock",
        "txt",
        "yml",
    ];
    known && !NOT_OUTSIDE.contains(&domain)
}

/// What was just started may not answer yet.
fn not_up_yet(failed: &Failed<'_>) -> Vec<String> {
    let typed = &failed.command.script;
    let output = failed.output.to_lowercase();
    let refused = [
        "connection refused",
        "connection reset",
        "can't connect to",
        "empty reply from server",
    ];
    let by_code = matches!(failed.exit, Some(7 | 52 | 56)) && calls(typed, "curl");
    let silent = failed.output.trim().is_empty() && (calls(typed, "curl") || calls(typed, "wget"));
    let refused = by_code || silent || refused.iter().any(|words| output.contains(words));
    if failed.retried || !refused || !starts_something_before(failed) {
        return Vec::new();
    }
    vec![
        "what was started above may not answer yet: `retry=30s` repeats the last command of a block until it holds; or \
         it answers at another port"
            .to_owned(),
    ]
}

/// Whether a program is called by the command: in a container perhaps, or by an image of its name.
fn calls(typed: &Script, program: &str) -> bool {
    let is_image = |image: &str| base_name(image).split(':').next() == Some(program);
    let by_image = |call: &Call<'_>| {
        call.is_container(&["run"]) && call.operands().next().is_some_and(is_image)
    };
    typed.programs().iter().any(|p| p.name == program) || typed.calls().iter().any(by_image)
}

/// Whether the page starts a server before the command: one that publishes a port or stays in the background.
fn starts_something_before(failed: &Failed<'_>) -> bool {
    let sessions = failed
        .page
        .sessions()
        .filter(|step| step.attributes.no_run.is_none());
    let commands = sessions.flat_map(|step| &step.session.commands);
    let mut before = commands.filter(|command| command.start() < failed.command.start());
    before.any(|command| makes::starts(&command.script))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_out_in_the_world() {
        for (word, found) in [
            ("docker.com", Some("docker.com")),
            ("'docker.com'", Some("docker.com")),
            ("https://hub.docker.com/r/x?y", Some("hub.docker.com")),
            ("registry-1.docker.io:443", Some("registry-1.docker.io")),
            ("8.8.8.8", Some("8.8.8.8")),
            ("web", None),
            ("http://web:80/", None),
            ("localhost", None),
            ("172.17.0.2", None),
            ("127.0.0.1:8080", None),
            ("index.html", None),
            ("host.docker.internal", None),
            ("busybox:1.37", None),
            ("1.37", None),
        ] {
            let outside = host(word).filter(|host| is_outside(host));
            assert_eq!(outside, found, "{word}");
        }
    }

    #[test]
    fn programs_are_called_by_name_and_by_image() {
        for (typed, called) in [
            ("curl -s web", true),
            ("while ! curl -s web; do sleep 1; done", true),
            ("docker exec web /usr/bin/curl -s db", true),
            ("docker exec web sh -c 'sleep 1; curl db'", true),
            ("docker run --rm curlimages/curl http://web", true),
            ("docker run --rm curlimages/curl:8.16.0 http://web", true),
            ("apk add curl", false),
            ("echo curl", false),
        ] {
            assert_eq!(calls(&Script::parse(typed), "curl"), called, "{typed}");
        }
    }

    #[test]
    fn programs_complain_by_their_names() {
        for (typed, output, found) in [
            (
                "docker rm a",
                "Error response from daemon: No such container: a",
                true,
            ),
            (
                "docker run --rm x true",
                "docker: Error response from daemon: x",
                true,
            ),
            (
                "docker exec web ls /x",
                "ls: /x: No such file or directory",
                true,
            ),
            ("/bin/ls /x", "ls: /x: No such file or directory", true),
            ("not typed", "bash: not: command not found", true),
            ("ping a", "ping: bad address 'a'", true),
            (
                "docker exec web sh -c 'cd /x && ls y'",
                "ls: y: No such file",
                true,
            ),
            ("docker-compose up", "docker-compose: not found", true),
            ("echo \"$(cat 'a b')\"", "cat: a b: No such file", true),
            ("echo \"$(cat 'a b')\"", "a\u{a0}b: c", false),
            ("echo a\u{a0}b", "b: c", false),
            ("su -c 'psql x' postgres", "psql: could not connect", true),
            (
                "docker exec -i web sh <<E\nls y\nE",
                "ls: y: No such file",
                true,
            ),
            ("curl x", "web: up", false),
            ("ls", "a\nb", false),
            ("false", "", false),
        ] {
            let script = Script::parse(typed);
            let complains = output.lines().any(|line| is_complaint(&script, line));
            assert_eq!(complains, found, "{typed}: {output}");
        }
    }
}
