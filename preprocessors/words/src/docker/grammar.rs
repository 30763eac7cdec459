//! The grammar of Docker's commands, as the CLI tells it itself: which there are, their options, and in which versions.
//!
//! `cli.txt` beside this file holds it; `scripts/grammar` writes it, and its first lines say what it holds.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// Versions of the CLI, a bit for each: 20.10, 26 and 28.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Versions(u8);

impl Versions {
    /// All that are known.
    pub(super) const ALL: Self = Self(0b111);
    const NONE: Self = Self(0);
    /// As they are told, the oldest first.
    const NAMES: [&'static str; 3] = ["20.10", "26", "28"];

    /// The versions that `digits` name: `1` is the oldest.
    fn of(digits: &str) -> Self {
        let bits = digits.bytes().map(|digit| match digit {
            b'1'..=b'3' => 1 << (digit - b'1'),
            _ => 0,
        });
        Self(bits.fold(0, |all, bit: u8| all | bit))
    }

    /// The one that tells most of an engine of this version: the newest that isn't newer, else the oldest.
    pub(super) fn nearest(major: u32) -> Self {
        Self(match major {
            28.. => 4,
            26..=27 => 2,
            _ => 1,
        })
    }

    pub(super) fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The newest of them, in words; nothing if there is none.
    pub(super) fn newest(self) -> Option<&'static str> {
        (0..3)
            .rev()
            .find(|at| self.0 & (1 << at) != 0)
            .map(|at| Self::NAMES[at])
    }

    /// The oldest of them, in words; nothing if there is none.
    pub(super) fn oldest(self) -> Option<&'static str> {
        (0..3)
            .find(|at| self.0 & (1 << at) != 0)
            .map(|at| Self::NAMES[at])
    }

    /// Whether all of them are older than `version`, which is one.
    pub(super) fn are_before(self, version: Self) -> bool {
        self.0 < version.0
    }
}

/// A command, or a group of commands.
#[derive(Debug)]
pub(super) struct Entry {
    /// In which versions it is.
    pub(super) versions: Versions,
    pub(super) options: Vec<CliOption>,
}

/// An option of a command.
#[derive(Debug)]
pub(super) struct CliOption {
    /// Its name, without dashes.
    pub(super) name: &'static str,
    /// Its letter, if it has one.
    pub(super) letter: Option<&'static str>,
    /// Whether it takes a value.
    pub(super) value: bool,
    /// In which versions it is.
    pub(super) versions: Versions,
    /// In which of them no help tells it.
    untold: Versions,
}

/// All commands.
pub(super) struct Grammar {
    /// By their paths: `network create`. The empty one has the options of `docker` itself.
    entries: BTreeMap<&'static str, Entry>,
    /// Other names of commands, as paths, and whose they are.
    aliases: BTreeMap<String, &'static str>,
    /// The paths by the last group and the command in it, by whichever name; a group itself has no command.
    by_words: HashMap<(&'static str, &'static str), Vec<&'static str>>,
}

/// How many words a group has at most: `buildx imagetools`.
const DEEPEST: usize = 2;

/// What `cli.txt` says.
pub(super) static GRAMMAR: LazyLock<Grammar> =
    LazyLock::new(|| Grammar::parse(include_str!("cli.txt")));

impl Grammar {
    fn parse(text: &'static str) -> Self {
        let mut grammar = Self {
            entries: BTreeMap::new(),
            aliases: BTreeMap::new(),
            by_words: HashMap::new(),
        };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split('|');
            let mut next = || fields.next().unwrap_or_default();
            let (path, versions, aliases, options) = (next(), next(), next(), next());
            let versions = match versions {
                "" => Versions::ALL,
                some => Versions::of(some),
            };
            let (groups, verb) = path.rsplit_once(' ').unwrap_or(("", path));
            let group = groups.rsplit(' ').next().unwrap_or_default();
            for name in aliases.split_whitespace() {
                let alias = format!("{groups} {name}").trim_start().to_owned();
                grammar.aliases.insert(alias, path);
                grammar.note((group, name), path);
            }
            grammar.note((group, verb), path);
            grammar.note((verb, ""), path);
            let options = options.split_whitespace();
            let options = options.map(|option| CliOption::parse(option, versions));
            let options = options.collect();
            grammar.entries.insert(path, Entry { versions, options });
        }
        grammar
    }

    /// The command at a path, by its own name or another one.
    pub(super) fn entry(&self, path: &str) -> Option<&Entry> {
        let known = self.entries.get(path);
        known.or_else(|| self.entries.get(*self.aliases.get(path)?))
    }

    /// The names of the commands in a group, or of those that need none.
    pub(super) fn commands(&self, group: &str) -> Vec<&str> {
        let below = |path: &&'static str| {
            let (of, name) = path.rsplit_once(' ').unwrap_or(("", path));
            (of == group && !name.is_empty()).then_some(name)
        };
        self.entries.keys().filter_map(below).collect()
    }

    /// Whether the command at a path is there to hold others. One that is deeper down and holds some does something itself:
    /// `docker buildx history inspect` does without `attachment`.
    pub(super) fn is_group(&self, path: &str) -> bool {
        let begins = format!("{path} ");
        let mut after = self.entries.range(begins.as_str()..);
        path.split(' ').count() <= DEEPEST
            && after
                .next()
                .is_some_and(|(path, _)| path.starts_with(&begins))
    }

    fn note(&mut self, words: (&'static str, &'static str), path: &'static str) {
        let paths = self.by_words.entry(words).or_default();
        if !paths.contains(&path) {
            paths.push(path);
        }
    }

    /// The commands called `verb` in a group whose last word is `group`; the group itself without a verb.
    fn called<'g>(
        &'g self,
        group: &str,
        verb: &str,
    ) -> impl Iterator<Item = (&'static str, &'g Entry)> {
        // The key's lifetime is that of the text; what is looked up only has to look the same.
        let paths = self
            .by_words
            .iter()
            .find_map(|((of, name), paths)| (*of == group && *name == verb).then_some(paths));
        let paths = paths.map(Vec::as_slice).unwrap_or_default();
        paths
            .iter()
            .filter_map(|path| Some((*path, self.entries.get(path)?)))
    }

    /// Whether an option takes a value: that of the command `verb` in a `group`, which is the last word before it; by its
    /// name or its letter. Of an option that this command doesn't have, what most of its like do.
    pub(super) fn takes_value(&self, group: &str, verb: &str, name: &str) -> bool {
        if name == "help" {
            return false;
        }
        let of = |option: &&CliOption| option.name == name || option.letter == Some(name);
        let own = self
            .called(group, verb)
            .flat_map(|(_, entry)| &entry.options);
        if let Some(option) = { own }.find(of) {
            return option.value;
        }
        let compose = group == "compose";
        let program = self
            .entries
            .iter()
            .filter(|(path, _)| path.starts_with("compose") == compose);
        let like = program.flat_map(|(_, entry)| &entry.options).filter(of);
        let (mut valued, mut all) = (0, 0);
        for option in like {
            all += 1;
            valued += usize::from(option.value);
        }
        // Of what nobody knows, a letter is a flag, and a word has a value.
        if all == 0 {
            name.len() > 1
        } else {
            2 * valued > all
        }
    }
}

impl CliOption {
    /// Reads `name/letter=@versions~versions`, of a command that is in `all`.
    fn parse(text: &'static str, all: Versions) -> Self {
        let (text, untold) = text.split_once('~').unwrap_or((text, ""));
        let (text, versions) = match text.split_once('@') {
            Some((text, versions)) => (text, Versions::of(versions)),
            None => (text, all),
        };
        let (text, value) = match text.strip_suffix('=') {
            Some(text) => (text, true),
            None => (text, false),
        };
        let (name, letter) = match text.split_once('/') {
            Some((name, letter)) => (name, Some(letter)),
            None => (text, None),
        };
        Self {
            name,
            letter,
            value,
            versions,
            untold: match untold {
                "" => Versions::NONE,
                some => Versions::of(some),
            },
        }
    }

    /// Whether the CLI of a version takes it and its help no longer tells it, which that of an older one does.
    pub(super) fn is_going(&self, version: Versions) -> bool {
        let told = Versions(self.versions.0 & !self.untold.0);
        self.untold.contains(version) && told != Versions::NONE && told.are_before(version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_whole() {
        let lines = include_str!("cli.txt")
            .lines()
            .filter(|line| !line.starts_with('#'));
        let count = lines.clone().count();
        assert_eq!(GRAMMAR.entries.len(), count);
        let options: usize = GRAMMAR
            .entries
            .values()
            .map(|entry| entry.options.len())
            .sum();
        assert!(count > 250 && options > 1500, "{count} {options}");
        for line in lines {
            assert_eq!(line.matches('|').count(), 3, "{line}");
        }
        let plain = |option: &CliOption| {
            option
                .name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        for (path, entry) in &GRAMMAR.entries {
            assert!(entry.options.iter().all(plain), "{path}: {entry:?}");
            assert_ne!(entry.versions, Versions::NONE, "{path}");
        }
    }

    #[test]
    fn options_of_all_versions_take_values_as_the_help_says() {
        for (group, verb, name, takes) in [
            ("", "run", "d", false),
            ("", "run", "v", true),
            ("", "run", "pull", true),
            ("", "run", "net", true),
            ("", "rm", "v", false),
            ("container", "list", "n", true),
            ("network", "create", "d", true),
            ("network", "remove", "f", false),
            ("", "stop", "time", true),
            ("", "stop", "t", true),
            ("imagetools", "create", "t", true),
            ("compose", "logs", "f", false),
            ("compose", "", "f", true),
            ("", "", "H", true),
            ("", "ps", "help", false),
            ("", "ps", "no-such", true),
        ] {
            assert_eq!(
                GRAMMAR.takes_value(group, verb, name),
                takes,
                "{group} {verb} {name}"
            );
        }
    }

    #[test]
    fn versions_are_told_by_their_ends() {
        let some = Versions::of("23");
        assert_eq!((some.oldest(), some.newest()), (Some("26"), Some("28")));
        assert!(some.contains(Versions::nearest(29)) && !some.contains(Versions::nearest(20)));
        assert!(Versions::of("1").are_before(Versions::nearest(27)));
        assert!(!some.are_before(Versions::nearest(28)));
    }
}
