//! What can be told of a fence without running it: is it a session, and is there something in it that keeps it from being run?

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use seaworthy_blocks::{Block, Line};
use seaworthy_console::{Programs, Session};
use seaworthy_words::{Call, Script, Verdict, base_name, misuses, program_at};

use super::class::{Class, Finding};

/// Languages whose fences are sessions, with prompts.
const SESSIONS: [&str; 6] = [
    "console",
    "shell-session",
    "shellsession",
    "session",
    "terminal",
    "term",
];
/// Languages whose fences are commands, with prompts or without.
const SHELLS: [&str; 6] = ["bash", "sh", "shell", "zsh", "cli", ".term1"];
/// Languages that say nothing of what is in a fence.
const PLAIN: [&str; 6] = ["", "text", "txt", "none", "plaintext", "plain"];
/// Programs with which a fence begins that is a session though nothing says so.
const PROGRAMS: [&str; 26] = [
    "apk",
    "apt",
    "apt-get",
    "brew",
    "cat",
    "cd",
    "cp",
    "curl",
    "docker",
    "docker-compose",
    "echo",
    "export",
    "git",
    "kubectl",
    "ls",
    "make",
    "mkdir",
    "npm",
    "pip",
    "ping",
    "sudo",
    "ssh",
    "systemctl",
    "tar",
    "wget",
    "yum",
];
/// The major version of the engine whose CLI is asked.
const MAJOR: u32 = 28;

/// What a fence is read as.
pub(super) enum Reading {
    /// Nothing further is to be found out.
    Known(Finding),
    /// A session that may be run.
    Session(Typed),
}

/// Where the lines of a session are typed.
pub(super) struct Typed {
    /// Before each line that begins a command: what is there for a prompt now, which may be nothing.
    pub(super) prompts: Vec<Range<usize>>,
    /// It has the prompt that sessions have, `$ `.
    pub(super) as_ours: bool,
}

#[expect(clippy::unwrap_used, reason = "the patterns are constants")]
mod patterns {
    use super::{LazyLock, Regex};

    /// A prompt, which may tell its user and host.
    pub(super) static PROMPT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:\[[\w.-]+@[\w.-]+ [^\]]*\]|[\w.-]+@[\w.-]+:[^ $#]*|\([\w.-]+\) ?)?(?:\$|#|❯|➜|%)\s").unwrap()
    });

    /// What a reader has to put something else in the place of.
    pub(super) static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"<[A-Za-z][\w .,/:'|-]*>|%%\w+%%|\{\{[<%]|\{%|\{\{ *[a-z]|\$\{?YOUR_|",
            r"(?i:\b(?:your|my)[-_](?:registry|account|repo|repository|user|username|org|token|password|domain|host|ip|server|project)\b)|",
            r"(?i:\byour[-_]\w+)|\bYOUR\w*\b|(?:^|[\s=:'\x22])(?:\.\.\.|…)(?:\s|$)|\bx{3,}\b|\bX{3,}\b|",
            r"/path/(?:to|on|of)/|/(?:some|your|my)/|/host/(?:path|dir)|",
            r"\[(?:OPTIONS?|COMMAND|ARGS?|ARG\.\.\.|FLAGS|options|command|args)\b|",
            r"\b(?:USERNAME|PASSWORD|HOSTNAME|REGISTRY|CONTAINER_ID|CONTAINER_NAME|IMAGE_NAME|CONTAINER ID|YOUR)\b"
        ))
        .unwrap()
    });
}

/// Reads a fence.
pub(super) fn read(block: &Block, page: &Page) -> Reading {
    let language = block.language.to_ascii_lowercase();
    let language = language
        .trim_start_matches('{')
        .trim_end_matches('}')
        .trim_start_matches('.');
    let known = |list: &[&str]| {
        list.iter()
            .any(|one| one.trim_start_matches('.') == language)
    };
    let no_session = |why: &str| Reading::Known(Finding::new(Class::NoSession, why));
    if block.lines.iter().all(|line| line.text.trim().is_empty()) {
        return no_session("it is empty");
    }
    let prompted = prompts(&block.lines);
    match &prompted {
        Some(_) if known(&SESSIONS) || known(&SHELLS) || known(&PLAIN) => {}
        Some(_) => return no_session(&format!("it is {language}")),
        None if known(&SESSIONS) => {
            let reason = "no line begins with a prompt: write `$ ` before what is typed";
            return Reading::Known(Finding::new(Class::Malformed, reason));
        }
        None if known(&SHELLS) => {}
        None if known(&PLAIN) => match begins_with_program(block) {
            Begins::Commands => {}
            Begins::WithOutput => {
                let reason = "a command and what it prints, and no prompt tells one from the other";
                return Reading::Known(Finding::new(Class::Malformed, reason));
            }
            Begins::Otherwise => return no_session("nothing in it is typed"),
        },
        None => return no_session(&format!("it is {language}")),
    }
    if block
        .lines
        .first()
        .is_some_and(|line| line.text.starts_with("#!"))
    {
        return no_session("it is a script");
    }
    if !block.closed {
        return Reading::Known(Finding::new(Class::Malformed, "the block doesn't end"));
    }
    let typed = match prompted {
        Some(typed) => typed,
        None => bare(block),
    };
    match examine(block, &typed, page) {
        Some(finding) => Reading::Known(finding),
        None => Reading::Session(typed),
    }
}

/// What is known of a page as a whole.
#[derive(Default)]
pub(super) struct Page {
    /// It makes a Compose file, or goes where there may be one.
    pub(super) has_compose: bool,
    /// It makes a Dockerfile, or goes where there may be one.
    pub(super) has_dockerfile: bool,
}

impl Page {
    /// What the fences of a page, by their text, make.
    pub(super) fn of(blocks: &[Block]) -> Self {
        let mut page = Self::default();
        for block in blocks {
            let body = block.body();
            // A folder that is fetched or changed to may hold both.
            let goes = body.lines().any(|line| {
                let line = line.trim_start_matches(['$', ' ']);
                line.starts_with("git clone") || line.starts_with("cd ")
            });
            let makes = |name: &str| {
                body.contains(&format!("> {name}"))
                    || body.contains(&format!(">{name}"))
                    || block.rest().contains(&format!("file={name}"))
            };
            page.has_compose |= goes
                || [
                    "compose.yaml",
                    "compose.yml",
                    "docker-compose.yml",
                    "docker-compose.yaml",
                ]
                .iter()
                .any(|name| makes(name));
            page.has_dockerfile |= goes || makes("Dockerfile");
        }
        page
    }
}

/// The prompts of a block that has some: it begins with one, comments aside.
fn prompts(lines: &[Line]) -> Option<Typed> {
    let ours = |text: &str| text.starts_with("$ ") || text == "$";
    let any_ours = lines.iter().any(|line| ours(line.text.trim_start()));
    let shown = |line: &&Line| {
        let text = line.text.trim();
        let comment = any_ours && text.starts_with("# ");
        !text.is_empty() && !comment
    };
    let first = lines.iter().find(shown)?;
    let indent = first.text.len() - first.text.trim_start().len();
    let text = first.text.trim_start();
    let is_comment = text.starts_with("# ");
    if ours(text) {
        let of = |line: &Line| {
            let text = line.text.get(indent..)?;
            ours(text).then(|| line.start..line.start + indent + text.len().min(2))
        };
        let prompts: Vec<_> = lines.iter().filter_map(of).collect();
        return Some(Typed {
            as_ours: indent == 0,
            prompts,
        });
    }
    let length = |text: &str| patterns::PROMPT.find(text).map(|found| found.end());
    // A comment begins as root's prompt does: of a program's name behind it, it is none.
    let root = |text: &str| {
        text.strip_prefix("# ")
            .is_some_and(|rest| begins(rest, &PROGRAMS))
    };
    if is_comment && !root(text) {
        return None;
    }
    let found = length(text)?;
    let sign = text[..found].trim_end().chars().last();
    let same =
        |text: &str| length(text).filter(|end| text[..*end].trim_end().chars().last() == sign);
    let of = |line: &Line| {
        let end = same(line.text.get(indent..)?)?;
        Some(line.start..line.start + indent + end)
    };
    Some(Typed {
        prompts: lines.iter().filter_map(of).collect(),
        as_ours: false,
    })
}

/// The places of the commands of a block without prompts.
fn bare(block: &Block) -> Typed {
    let mut programs = Programs::default();
    let fence = block.range.start..block.info.end;
    let session = Session::parse_bare(&mut programs, &block.lines, fence);
    let commands = session.map(|session| session.commands).unwrap_or_default();
    Typed {
        prompts: commands
            .iter()
            .map(|command| command.start()..command.start())
            .collect(),
        as_ours: false,
    }
}

enum Begins {
    /// Every line is a command, or goes on with one.
    Commands,
    /// The first line is a command, and not every other.
    WithOutput,
    Otherwise,
}

/// Whether a block of no language begins with the name of a program that is likely typed.
fn begins_with_program(block: &Block) -> Begins {
    let Typed { prompts, .. } = bare(block);
    let at = |start: usize| block.lines.iter().find(|line| line.start == start);
    let lines: Vec<_> = prompts.iter().filter_map(|range| at(range.start)).collect();
    let lines: Vec<_> = lines
        .into_iter()
        .filter(|line| !line.text.trim_start().starts_with('#'))
        .collect();
    let typed = |line: &&&Line| begins(&line.text, &PROGRAMS);
    match lines.first() {
        Some(first) if begins(&first.text, &PROGRAMS) => {
            match lines.iter().filter(typed).count() == lines.len() {
                true => Begins::Commands,
                false => Begins::WithOutput,
            }
        }
        _ => Begins::Otherwise,
    }
}

/// Whether a text begins with one of these programs.
fn begins(text: &str, programs: &[&str]) -> bool {
    let script = Script::parse(text.trim());
    let first = script.commands().first().map(|simple| simple.values());
    let Some(words) = first else { return false };
    // `cat: no such file` is printed, and so is `docker is a …`.
    program_at(&words)
        .is_some_and(|at| programs.contains(&base_name(words[at])) && words.len() > at + 1)
}

/// What keeps a session from being run, if something does that can be told by its text.
fn examine(block: &Block, typed: &Typed, page: &Page) -> Option<Finding> {
    let texts = commands(block, typed);
    if texts.is_empty() {
        return Some(Finding::new(Class::NoSession, "nothing in it is typed"));
    }
    for text in &texts {
        let script = Script::parse(text.as_str());
        if let Some(found) = placeholder(&script, text) {
            return Some(of_command(
                Class::Placeholder,
                format!("`{found}` stands for something else"),
                text,
            ));
        }
        if let Some(misuse) = misuses(&script, MAJOR).into_iter().next() {
            let reason = match misuse.help.as_str() {
                "" => misuse.message,
                help => format!("{}: {help}", misuse.message),
            };
            return Some(of_command(Class::UnknownOrDeprecated, reason, text));
        }
    }
    for text in &texts {
        let script = Script::parse(text.as_str());
        if *script.verdict() == Verdict::Wrong {
            return Some(of_command(Class::Malformed, "bash refuses it", text));
        }
        if let Some(reason) = script.calls().iter().find_map(|call| not_made(call, page)) {
            return Some(of_command(Class::NotMade, reason, text));
        }
    }
    None
}

fn of_command(class: Class, reason: impl Into<String>, command: &str) -> Finding {
    Finding {
        command: command.to_owned(),
        ..Finding::new(class, reason)
    }
}

/// What is typed, command by command: from each prompt to where the next line isn't asked for.
fn commands(block: &Block, typed: &Typed) -> Vec<String> {
    let begins = |line: &Line| typed.prompts.iter().find(|range| range.start == line.start);
    let mut texts = Vec::new();
    let mut lines = block.lines.iter().peekable();
    while let Some(line) = lines.next() {
        let Some(prompt) = begins(line) else { continue };
        let mut text = line.text[prompt.len().min(line.text.len())..].to_owned();
        while matches!(
            Script::parse(text.as_str()).verdict(),
            Verdict::Incomplete(_)
        ) {
            let Some(next) = lines.next_if(|next| begins(next).is_none()) else {
                break;
            };
            text.push('\n');
            text.push_str(next.text.strip_prefix("> ").unwrap_or(&next.text));
        }
        if !Script::parse(text.as_str()).is_blank() {
            texts.push(text);
        }
    }
    texts
}

/// What in a command is a placeholder. `--format '{{json .}}'` is none, and neither are a here-document's lines.
fn placeholder(script: &Script, text: &str) -> Option<String> {
    let first = match script
        .commands()
        .iter()
        .any(|simple| simple.redirects.iter().any(|r| r.document.is_some()))
    {
        true => text.lines().next().unwrap_or_default(),
        false => text,
    };
    let template = |at: usize| {
        let before = &first[..at];
        before.contains("--format") || before.contains(" -f ") || before.contains("-f=")
    };
    let mut found = patterns::PLACEHOLDER.find_iter(first);
    let found =
        found.find(|found| !(found.as_str().starts_with("{{") && template(found.start())))?;
    Some(
        found
            .as_str()
            .trim()
            .trim_matches(['\'', '"', '='])
            .to_owned(),
    )
}

/// What a call needs that no step of the page makes.
fn not_made(call: &Call<'_>, page: &Page) -> Option<&'static str> {
    let tells = ["ls", "version", "help", "config"];
    if call.group == "compose" && !tells.contains(&call.verb) && !page.has_compose {
        return Some("no step makes a Compose file");
    }
    let builds = call.verb == "build" && matches!(call.group, "" | "image" | "builder" | "buildx");
    let context = call.operands().next_back();
    let local = context.is_some_and(|context| !context.contains("://") && context != "-");
    (builds && local && !page.has_dockerfile).then_some("no step makes a Dockerfile")
}
