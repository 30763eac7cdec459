//! What a typed command tells: which Docker command it is, on what, and how its output is to be read.
//!
//! This is no shell: it looks at the words of simple commands, which is all that the rules need.

use std::ops::Range;
use std::sync::Arc;

use seaworthy_console::docker;

use super::bindings::Occurrence;

/// How many words of a command are kept as owners of what it prints.
const OWNERS: usize = 64;

/// The words of one simple command, as byte ranges of the text, without quotes around them.
pub(super) type Words = Vec<Range<usize>>;

/// The simple commands of `text`: the words between separators. Words in here-documents count as commands too.
pub(super) fn simple_commands(text: &str) -> Vec<Words> {
    let bytes = text.as_bytes();
    let mut commands = Vec::new();
    let mut words: Words = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if bytes.get(at + 1) == Some(&b'\n') => at += 2,
            b' ' | b'\t' => at += 1,
            b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'`' | b'{' | b'}' => {
                if !words.is_empty() {
                    commands.push(std::mem::take(&mut words));
                }
                at += 1;
            }
            _ => {
                let end = word_end(bytes, at);
                words.push(unquoted(bytes, at..end));
                at = end;
            }
        }
    }
    if !words.is_empty() {
        commands.push(words);
    }
    commands
}

/// Where the shell word that starts at `at` ends: at a blank or separator outside quotes.
fn word_end(bytes: &[u8], mut at: usize) -> usize {
    let mut quote = None;
    while let Some(&b) = bytes.get(at) {
        match (quote, b) {
            (Some(open), _) if open == b => quote = None,
            (None, b'"' | b'\'') => quote = Some(b),
            (Some(b'\''), _) => {}
            (_, b'\\') => at += 1,
            (None, b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'`') => break,
            _ => {}
        }
        at += 1;
    }
    at.min(bytes.len())
}

fn unquoted(bytes: &[u8], word: Range<usize>) -> Range<usize> {
    let quoted = word.len() >= 2
        && matches!(bytes[word.start], b'"' | b'\'')
        && bytes[word.end - 1] == bytes[word.start];
    if quoted {
        word.start + 1..word.end - 1
    } else {
        word
    }
}

/// A call of the Docker CLI.
#[derive(Debug, PartialEq)]
pub(super) struct Docker<'a> {
    /// `container`, `network`, `compose`, …; empty for the short forms.
    pub(super) group: &'a str,
    /// `run`, `rm`, `ls`, …
    pub(super) verb: &'a str,
    /// What follows the verb.
    pub(super) rest: Vec<&'a str>,
}

impl<'a> Docker<'a> {
    /// The call that the words make, if they make one.
    pub(super) fn of(text: &'a str, words: &Words) -> Option<Self> {
        let words: Vec<&str> = words.iter().map(|range| &text[range.clone()]).collect();
        let (at, _) = program(&words)?;
        Self::of_words(&words[at..])
    }

    /// The call that a program and its arguments are, if they are one.
    pub(super) fn of_words(words: &[&'a str]) -> Option<Self> {
        let (program, words) = words.split_first()?;
        let mut words = words.iter().copied();
        let mut group = "";
        match *program {
            "docker" | "/usr/bin/docker" => {}
            "docker-compose" => group = "compose",
            _ => return None,
        }
        let mut verb = after_flags(&mut words)?;
        if group.is_empty() && GROUPS.contains(&verb) {
            group = verb;
            verb = after_flags(&mut words)?;
        }
        Some(Docker {
            group,
            verb,
            rest: words.collect(),
        })
    }

    /// What a container runs by this call, without its image or the container: nothing if the image says it. None if the
    /// call runs nothing.
    pub(super) fn inside(&self) -> Option<&[&'a str]> {
        let runs = self.is_container(&["run", "exec"])
            || (self.group == "compose" && matches!(self.verb, "run" | "exec"));
        let at = docker::operand(&self.rest).unwrap_or(self.rest.len());
        runs.then(|| self.rest.get(at + 1..).unwrap_or_default())
    }

    /// What follows the verb and is no flag.
    pub(super) fn operands(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.rest
            .iter()
            .copied()
            .filter(|word| !word.starts_with('-'))
    }

    pub(super) fn is_container(&self, verbs: &[&str]) -> bool {
        matches!(self.group, "" | "container") && verbs.contains(&self.verb)
    }

    /// Whether it runs a container that ends with the command. The options of `docker run` end at the image.
    pub(super) fn runs_in_foreground(&self) -> bool {
        let options = &self.rest[..docker::operand(&self.rest).unwrap_or(self.rest.len())];
        (self.is_container(&["run"]) || (self.group == "compose" && self.verb == "run"))
            && !docker::has(options, 'd', "detach")
    }
}

/// The program that the words of a simple command run, and where it stands among them: not `sudo`, nor a keyword or an
/// assignment before it.
pub(super) fn program<'a>(words: &[&'a str]) -> Option<(usize, &'a str)> {
    const BEFORE: [&str; 13] = [
        "!", "$", "command", "do", "else", "exec", "if", "nohup", "sudo", "then", "time", "until",
        "while",
    ];
    let at = words
        .iter()
        .position(|word| !BEFORE.contains(word) && !is_assignment(word))?;
    Some((at, words[at]))
}

const GROUPS: [&str; 13] = [
    "builder",
    "buildx",
    "compose",
    "config",
    "container",
    "image",
    "network",
    "node",
    "service",
    "stack",
    "swarm",
    "system",
    "volume",
];

/// The next word that is neither a flag nor the value of one of the CLI's own flags.
fn after_flags<'a>(words: &mut impl Iterator<Item = &'a str>) -> Option<&'a str> {
    loop {
        let word = words.next()?;
        if matches!(
            word,
            "-H" | "--host"
                | "-c"
                | "--context"
                | "--config"
                | "-l"
                | "--log-level"
                | "-f"
                | "--file"
                | "-p"
        ) {
            words.next();
        } else if !word.starts_with('-') {
            return Some(word);
        }
    }
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    })
}

/// All calls of the Docker CLI in a typed text.
pub(super) fn docker_calls(text: &str) -> Vec<Docker<'_>> {
    simple_commands(text)
        .iter()
        .filter_map(|words| Docker::of(text, words))
        .collect()
}

/// The member that `{{json .NetworkSettings.Networks}}` prints, and the one thing that is inspected.
pub(super) fn inspected_member(command: &str) -> Option<(&str, &str)> {
    let (_, rest) = command.split_once("{{json .")?;
    let (path, _) = rest.split_once("}}")?;
    let member = path.trim().rsplit('.').next()?;
    let calls = docker_calls(command);
    let [call] = calls.as_slice() else {
        return None;
    };
    let operands = call.operands().filter(|word| !word.contains("{{"));
    let operands: Vec<&str> = operands.collect();
    match operands.as_slice() {
        [name] if call.verb == "inspect" => Some((member, name)),
        _ => None,
    }
}

/// What is noted of the values that a command prints.
pub(super) fn occurrence(command: &str) -> Occurrence {
    let owners: Arc<[String]> = simple_commands(command)
        .iter()
        .flatten()
        .take(OWNERS)
        .map(|word| command[word.clone()].to_owned())
        .collect();
    let passing = docker_calls(command).iter().any(Docker::runs_in_foreground);
    Occurrence {
        since: None,
        owners,
        passing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Vec<&str>> {
        simple_commands(text)
            .iter()
            .map(|words| words.iter().map(|word| &text[word.clone()]).collect())
            .collect()
    }

    #[test]
    fn splits_simple_commands() {
        assert_eq!(
            words("docker rm -f web && echo 'a; b' | wc"),
            [
                vec!["docker", "rm", "-f", "web"],
                vec!["echo", "a; b"],
                vec!["wc"]
            ]
        );
        assert_eq!(
            words("docker run \\\n  -d web"),
            [["docker", "run", "-d", "web"]]
        );
        assert_eq!(words("a $(b c)"), [vec!["a", "$"], vec!["b", "c"]]);
        for odd in ["", "'", "\"\\", "\\", "'a\\'", "`", "é'"] {
            words(odd);
        }
    }

    #[test]
    fn reads_docker_calls() {
        let call = |text: &'static str| {
            docker_calls(text)
                .into_iter()
                .next()
                .map(|d| (d.group, d.verb, d.rest.join(" ")))
        };
        assert_eq!(call("docker rm -f web"), Some(("", "rm", "-f web".into())));
        assert_eq!(
            call("sudo docker -H tcp://x network rm front"),
            Some(("network", "rm", "front".into()))
        );
        assert_eq!(
            call("X=1 docker compose -f a.yml down"),
            Some(("compose", "down", String::new()))
        );
        assert_eq!(call("echo docker rm"), None);
        for (text, foreground) in [
            ("docker run --rm busybox true", true),
            ("docker run -it --rm busybox", true),
            ("docker container run busybox ls -d", true),
            ("docker run --rm -e A=1 busybox -d", true),
            ("docker run -dp 80:80 nginx", false),
            ("docker run -p 80:80 -d nginx", false),
            ("docker run -d nginx", false),
            ("docker run -dit busybox", false),
            ("docker run --detach nginx", false),
            ("docker exec web true", false),
        ] {
            assert_eq!(
                docker_calls(text)[0].runs_in_foreground(),
                foreground,
                "{text}"
            );
        }
    }
}
