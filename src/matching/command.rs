//! What a typed command tells: which Docker command it is, on what, and how its output is to be read.
//!
//! This is no shell: it looks at the words of simple commands, which is all that the rules need.

use std::ops::Range;
use std::sync::Arc;

use super::bindings::Occurrence;
use super::tokens::Reading;

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
        let mut words = words.iter().map(|range| &text[range.clone()]);
        let mut word = words.next()?;
        while word == "sudo"
            || word == "time"
            || word == "if"
            || word == "!"
            || word == "$"
            || is_assignment(word)
        {
            word = words.next()?;
        }
        let mut group = "";
        match word {
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

    /// Whether it runs a container that ends with the command.
    pub(super) fn runs_in_foreground(&self) -> bool {
        let detached = |word: &str| {
            matches!(word, "--detach" | "--detach=true")
                || word.strip_prefix('-').is_some_and(|flags| {
                    flags.contains('d')
                        && flags
                            .chars()
                            .all(|flag| matches!(flag, 'd' | 'i' | 't' | 'P' | 'q'))
                })
        };
        (self.is_container(&["run"]) || (self.group == "compose" && self.verb == "run"))
            && !self.rest.iter().any(|word| detached(word))
    }
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

/// How the output of a command is to be read.
pub(super) fn reading(command: &str) -> Reading {
    let has = |known: &[&str]| {
        command
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| known.contains(&word))
    };
    let lower = command.to_ascii_lowercase();
    Reading {
        checksums: has(&[
            "sha1sum",
            "sha224sum",
            "sha256sum",
            "sha384sum",
            "sha512sum",
            "md5sum",
            "b2sum",
            "shasum",
            "cksum",
        ]),
        bare_port: lower.contains("port"),
        names: command.contains(".Name"),
    }
}

/// Whether a command prints a set, in an order that says nothing: the answers of a name server come as they come, and
/// `docker port` lists by the port of the host, which the engine may have chosen.
pub(super) fn prints_a_set(command: &str) -> bool {
    let commands = simple_commands(command);
    let [words] = commands.as_slice() else {
        return false;
    };
    words
        .iter()
        .any(|word| matches!(&command[word.clone()], "nslookup" | "dig"))
        || Docker::of(command, words).is_some_and(|call| call.is_container(&["port"]))
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
            ("docker container run busybox ls -d", false),
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
