//! Docker's commands: which one a call is, what its options are, and where they end. Enter with [`Call::of`].

mod options;

use options::{Options, takes_value};

/// A call of the Docker CLI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call<'a> {
    /// `container`, `network`, `compose`, …; empty for the short forms.
    pub group: &'a str,
    /// `run`, `rm`, `ls`, …
    pub verb: &'a str,
    /// What follows the verb.
    pub rest: Vec<&'a str>,
    /// The options among that, by their names without dashes: letters, or words.
    options: Vec<(&'a str, Option<&'a str>)>,
    /// Where in `rest` the words stand that are no options.
    operands: Vec<usize>,
}

/// Commands that hold others (Docker CLI 20.10 to 29).
const GROUPS: [&str; 21] = [
    "builder",
    "buildx",
    "checkpoint",
    "compose",
    "config",
    "container",
    "context",
    "image",
    "imagetools",
    "manifest",
    "network",
    "node",
    "plugin",
    "scout",
    "secret",
    "service",
    "stack",
    "swarm",
    "system",
    "trust",
    "volume",
];

impl<'a> Call<'a> {
    /// The call that a program and its arguments are, if they are one.
    #[must_use]
    pub fn of(words: &[&'a str]) -> Option<Self> {
        let (program, mut words) = words.split_first()?;
        let mut group = match *program {
            "docker" | "/usr/bin/docker" => "",
            "docker-compose" => "compose",
            _ => return None,
        };
        let mut verb = first_operand(&mut words, group)?;
        while GROUPS.contains(&verb) && group != "compose" {
            group = verb;
            verb = first_operand(&mut words, group)?;
        }
        let mut call = Call {
            group,
            verb,
            rest: words.to_vec(),
            options: Vec::new(),
            operands: Vec::new(),
        };
        call.read_options();
        Some(call)
    }

    fn read_options(&mut self) {
        // What follows the image or the container is not Docker's.
        let stops = self.runs_something() || self.is_container(&["create"]);
        let mut options = Options::new(&self.rest, self.group, self.verb);
        let mut operands = Vec::new();
        while let Some(at) = options.next_operand() {
            operands.push(at);
            if stops {
                operands.extend(at + 1..self.rest.len());
                break;
            }
        }
        self.options = options.found;
        self.operands = operands;
    }

    /// Whether it is one of these commands on containers, by its long form or its short one.
    #[must_use]
    pub fn is_container(&self, verbs: &[&str]) -> bool {
        matches!(self.group, "" | "container") && verbs.contains(&self.verb)
    }

    /// Whether it is one of these commands of Compose.
    #[must_use]
    pub fn is_compose(&self, verbs: &[&str]) -> bool {
        self.group == "compose" && verbs.contains(&self.verb)
    }

    /// Whether it is `run` or `exec`, Compose's included.
    #[must_use]
    pub fn runs_something(&self) -> bool {
        self.is_container(&["run", "exec"]) || self.is_compose(&["run", "exec"])
    }

    /// Whether it runs a container that ends with the command.
    #[must_use]
    pub fn runs_in_foreground(&self) -> bool {
        (self.is_container(&["run"]) || self.is_compose(&["run"])) && !self.has("d", "detach")
    }

    /// The words that are neither options nor values of options. Of `run`, `create` and `exec`: the image or the
    /// container, and all that follows it.
    pub fn operands(&self) -> impl DoubleEndedIterator<Item = &'a str> + ExactSizeIterator + '_ {
        self.operands.iter().map(|&at| self.rest[at])
    }

    /// What a container runs by this call, without its image or the container: nothing if the image says it. None if the
    /// call runs nothing.
    #[must_use]
    pub fn inside(&self) -> Option<&[&'a str]> {
        let after = self.operands.first().map_or(self.rest.len(), |at| at + 1);
        self.runs_something().then(|| &self.rest[after..])
    }

    /// Whether it has an option, by its letter or its name; not as `--tty=false`.
    #[must_use]
    pub fn has(&self, short: &str, long: &str) -> bool {
        self.options
            .iter()
            .any(|(name, value)| (*name == short || *name == long) && *value != Some("false"))
    }

    /// The value of an option, by its letter or its name; the last one counts.
    #[must_use]
    pub fn value(&self, short: &str, long: &str) -> Option<&'a str> {
        self.values(short, long).last()
    }

    /// The values of an option that may be given several times.
    pub fn values<'s>(
        &'s self,
        short: &'s str,
        long: &'s str,
    ) -> impl Iterator<Item = &'a str> + 's {
        let named = move |(name, _): &&(&str, Option<&str>)| *name == short || *name == long;
        self.options
            .iter()
            .filter(named)
            .filter_map(|(_, value)| *value)
    }
}

/// Takes the first word away that is neither an option of the group nor the value of one.
fn first_operand<'a>(words: &mut &[&'a str], group: &str) -> Option<&'a str> {
    let mut options = Options::new(words, group, "");
    let at = options.next_operand()?;
    let found = words[at];
    *words = &words[at + 1..];
    Some(found)
}

/// Whether an option of a command takes a value: for those who read words of their own. `name` has no dashes.
#[must_use]
pub fn option_takes_value(group: &str, verb: &str, name: &str) -> bool {
    takes_value(group, verb, name)
}
