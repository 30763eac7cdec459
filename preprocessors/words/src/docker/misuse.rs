//! What a text asks of Docker's CLI that a version of it doesn't have: told by the grammar alone, without an engine.

use super::grammar::{CliOption, GRAMMAR, Versions};
use crate::run::outside;
use crate::{Script, nearest};

/// A command or an option that a version of the CLI doesn't have, or won't for long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misuse {
    /// The call as far as it was read: `docker network creat`.
    pub call: String,
    /// What is wrong, in words: `28 has no command …`.
    pub message: String,
    /// What to write instead, if that is known; may be empty.
    pub help: String,
    /// The CLI takes it all the same.
    pub works: bool,
}

/// What the calls of Docker in a text ask for that the CLI of an engine with the major version `major` doesn't have: 28 and
/// what is newer, 26 to 27, or older. A call that asks for help is none.
#[must_use]
pub fn misuses(script: &Script, major: u32) -> Vec<Misuse> {
    let version = Versions::nearest(major);
    let mut found = Vec::new();
    let mut programs = Vec::new();
    outside(script, &mut programs);
    for words in &programs {
        match words.split_first() {
            Some((&"docker" | &"/usr/bin/docker", words)) => {
                found.extend(Reader::new("docker", words, version).read())
            }
            Some((&"docker-compose", words)) => {
                found.push(Misuse {
                    call: "docker-compose".to_owned(),
                    message:
                        "`docker-compose` is Compose v1, which has had no release since July 2023"
                            .to_owned(),
                    help: "write `docker compose`".to_owned(),
                    works: false,
                });
                let mut reader = Reader::new("docker-compose", words, version);
                reader.path.push_str("compose");
                found.extend(reader.read());
            }
            _ => {}
        }
    }
    found
}

/// Reads the words of a call behind `docker`.
struct Reader<'w, 'a> {
    words: &'w [&'a str],
    at: usize,
    version: Versions,
    /// The command so far: `network create`.
    path: String,
    /// What was read, as it is written.
    call: String,
    found: Vec<Misuse>,
}

impl<'w, 'a> Reader<'w, 'a> {
    fn new(program: &str, words: &'w [&'a str], version: Versions) -> Self {
        Self {
            words,
            at: 0,
            version,
            path: String::new(),
            call: program.to_owned(),
            found: Vec::new(),
        }
    }

    fn read(mut self) -> Vec<Misuse> {
        if self
            .words
            .iter()
            .any(|word| ["--help", "-h", "help"].contains(word))
        {
            return Vec::new();
        }
        loop {
            let group = self.path.is_empty() || GRAMMAR.is_group(&self.path);
            let Some(word) = self.operand() else { break };
            // A command that does something itself may hold others.
            let holds = || GRAMMAR.entry(&format!("{} {word}", self.path)).is_some();
            if !(group || holds()) || !self.command(word) {
                break;
            }
        }
        if !self.path.is_empty() && !GRAMMAR.is_group(&self.path) && !self.stops() {
            while self.operand().is_some() {}
        }
        self.found
    }

    /// Whether what follows the first operand is no longer Docker's.
    fn stops(&self) -> bool {
        let last = self.path.rsplit(' ').next().unwrap_or_default();
        ["run", "exec", "create"].contains(&last) || self.path.starts_with("compose")
    }

    /// The next word that is no option; the options before it are looked up.
    fn operand(&mut self) -> Option<&'a str> {
        while let Some(&word) = self.words.get(self.at) {
            self.at += 1;
            match word.strip_prefix('-') {
                // What a shell puts in isn't known, and a line of documentation may leave something out.
                _ if word.contains(['$', '`', '<', '[', '{', '…']) || word.starts_with("...") => {
                    return None;
                }
                None | Some("") => return Some(word),
                Some("-") => return None,
                Some(option) => self.option(option),
            }
        }
        None
    }

    /// Goes into a command of the group that was read, if there is one.
    fn command(&mut self, word: &str) -> bool {
        let path = format!("{} {word}", self.path).trim_start().to_owned();
        self.call = format!("{} {word}", self.call);
        let Some(entry) = GRAMMAR.entry(&path) else {
            // A plugin may be called so; a letter's slip is none.
            let known = GRAMMAR.commands(&self.path);
            let near = nearest(word, &known);
            let is_name = word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            if is_name && (near.is_some() || !self.path.is_empty()) {
                let help = near
                    .map(|near| format!("did you mean `{near}`?"))
                    .unwrap_or_default();
                self.tell(format!("there is no command `{}`", self.call), help, false);
            }
            return false;
        };
        if !entry.versions.contains(self.version) {
            self.tell_versions(
                &format!("the command `{}`", self.call.clone()),
                entry.versions,
            );
        }
        self.path = path;
        true
    }

    /// Looks up an option, which stands without its first dash, and steps over its value.
    fn option(&mut self, option: &str) {
        match option.strip_prefix('-') {
            Some(long) => {
                let (name, value) = match long.split_once('=') {
                    Some((name, _)) => (name, true),
                    None => (long, false),
                };
                self.named(name, &format!("--{name}"), |known| known.name == name);
                if !value && GRAMMAR.takes_value(self.group(), self.verb(), name) {
                    self.at += 1;
                }
            }
            None => self.letters(option),
        }
    }

    fn letters(&mut self, letters: &str) {
        for (at, letter) in letters.char_indices() {
            let (name, rest) = letters[at..].split_at(letter.len_utf8());
            self.named(name, &format!("-{name}"), |known| {
                known.letter == Some(name)
            });
            if rest.starts_with('=') {
                return;
            }
            if GRAMMAR.takes_value(self.group(), self.verb(), name) {
                self.at += usize::from(rest.is_empty());
                return;
            }
        }
    }

    fn named(&mut self, name: &str, shown: &str, is_it: impl Fn(&CliOption) -> bool) {
        let Some(entry) = GRAMMAR.entry(&self.path) else {
            return;
        };
        let mut all = entry.options.iter();
        let there = |option: &&CliOption| is_it(option) && option.versions.contains(self.version);
        let known = all
            .clone()
            .find(there)
            .or_else(|| all.find(|option| is_it(option)));
        let Some(known) = known else {
            // The options of `docker` itself may stand behind some of its commands.
            if name == "help"
                || self.path.starts_with("compose ")
                    && GRAMMAR
                        .entry("compose")
                        .is_some_and(|of| of.options.iter().any(&is_it))
            {
                return;
            }
            let names: Vec<_> = entry.options.iter().map(|option| option.name).collect();
            let near = nearest(name, &names).filter(|_| name.len() > 1);
            let help = near
                .map(|near| format!("did you mean `--{near}`?"))
                .unwrap_or_default();
            let message = format!("`{}` has no option `{shown}`", self.call);
            return self.tell(message, help, false);
        };
        if !known.versions.contains(self.version) {
            let versions = known.versions;
            self.tell_versions(
                &format!("the option `{shown}` of `{}`", self.call.clone()),
                versions,
            );
        } else if known.is_going(self.version) {
            let version = self.version.newest().unwrap_or_default();
            let letter = known.letter;
            let other = entry.options.iter().find(|other| {
                letter.is_some() && other.letter == letter && other.name != known.name
            });
            // Its letter stays where another option has it now.
            if shown.starts_with("--") || other.is_none() {
                let help = other
                    .map(|other| format!("write `--{}`", other.name))
                    .unwrap_or_default();
                let message = format!(
                    "the help of {version} no longer tells the option `{shown}` of `{}`",
                    self.call
                );
                self.tell(message, help, true);
            }
        }
    }

    /// The last group of the path, and the command in it, as the grammar is asked for them.
    fn group(&self) -> &str {
        let groups = self.path.rsplit_once(' ').map_or("", |(groups, _)| groups);
        groups.rsplit(' ').next().unwrap_or_default()
    }

    fn verb(&self) -> &str {
        self.path.rsplit(' ').next().unwrap_or_default()
    }

    fn tell_versions(&mut self, what: &str, versions: Versions) {
        let message = match (versions.newest(), versions.oldest()) {
            (Some(newest), _) if versions.are_before(self.version) => {
                format!("{what} is gone after {newest}")
            }
            (_, Some(oldest)) => format!("{what} is there from {oldest} on"),
            _ => return,
        };
        self.tell(message, String::new(), false);
    }

    fn tell(&mut self, message: String, help: String, works: bool) {
        let call = self.call.clone();
        self.found.push(Misuse {
            call,
            message,
            help,
            works,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a text, a line each.
    fn told(text: &str, major: u32) -> Vec<String> {
        let said = |misuse: &Misuse| {
            format!("{} {}", misuse.message, misuse.help)
                .trim_end()
                .to_owned()
        };
        misuses(&Script::parse(text), major)
            .iter()
            .map(said)
            .collect()
    }

    #[test]
    fn what_docker_has_is_no_misuse() {
        for text in [
            "docker run -dp 80:80 --name web --net front nginx:1 --no-such",
            "docker -H tcp://x network create --subnet 10.0.0.0/8 a",
            "docker container ls -aq | xargs docker rm -f",
            "docker compose -f a.yml up -d --build web",
            "docker buildx build --platform linux/amd64 -t a .",
            "docker image list; docker images --format '{{.ID}}'",
            "docker exec -it web ls --color",
            "docker stop -t 5 web",
            "docker somebodys-plugin --x",
            "docker run --help; docker help rum",
            "docker $COMMAND; docker run $OPTIONS --x nginx",
            "docker network COMMAND",
            "docker buildx history inspect attachment --platform linux/amd64 a",
            "docker buildx history inspect abc",
        ] {
            assert_eq!(told(text, 28), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_docker_has_not() {
        for (text, said) in [
            (
                "docker network creat a",
                "there is no command `docker network creat` did you mean `create`?",
            ),
            ("docker rum nginx", "there is no command `docker rum`"),
            (
                "sudo docker imges",
                "there is no command `docker imges` did you mean `images`?",
            ),
            (
                "docker run --nmae web nginx",
                "`docker run` has no option `--nmae` did you mean `--name`?",
            ),
            ("docker ps -x", "`docker ps` has no option `-x`"),
            (
                "sh -c 'docker volume ls --al'",
                "`docker volume ls` has no option `--al`",
            ),
        ] {
            let found = told(text, 28);
            assert!(
                found.first().is_some_and(|first| first.starts_with(said)),
                "{text}: {found:?}"
            );
            assert_eq!(found.len(), 1, "{text}: {found:?}");
        }
        let compose = told("docker-compose up -d", 28);
        assert!(compose[0].contains("Compose v1"), "{compose:?}");
        assert_eq!(compose.len(), 1);
    }

    #[test]
    fn what_another_version_has() {
        assert_eq!(
            told("docker network create --ipv4 a", 26),
            ["the option `--ipv4` of `docker network create` is there from 28 on"]
        );
        assert_eq!(told("docker network create --ipv4 a", 28), [""; 0]);
        assert_eq!(
            told("docker context create --kubernetes x a", 26),
            ["the option `--kubernetes` of `docker context create` is gone after 20.10"]
        );
        assert_eq!(told("docker context create --kubernetes x a", 20), [""; 0]);
    }
}
