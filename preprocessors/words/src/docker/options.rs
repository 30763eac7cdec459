//! The options of Docker's commands: which of them take a value.
//!
//! The CLI prints that in its help; `tests/options.txt` has it from several versions, and a test compares.

/// Options by name that take no value, of whichever command (Docker CLI 20.10 to 29, Compose and Buildx).
const FLAGS: &[&str] = &[
    "abort-on-container-exit",
    "abort-on-container-failure",
    "all",
    "all-inactive",
    "all-resources",
    "all-tags",
    "always-recreate-deps",
    "amend",
    "append",
    "archive",
    "attach-dependencies",
    "attachable",
    "autolock",
    "bootstrap",
    "build",
    "check",
    "cluster",
    "compatibility",
    "compress",
    "config-only",
    "debug",
    "default",
    "detach",
    "details",
    "digests",
    "disable",
    "disable-content-trust",
    "dry-run",
    "finalize",
    "follow",
    "follow-link",
    "force",
    "force-new-cluster",
    "force-recreate",
    "force-rm",
    "global",
    "grant-all-permissions",
    "help",
    "human",
    "ignore-buildable",
    "ignore-pull-failures",
    "images",
    "include-deps",
    "ingress",
    "init",
    "insecure",
    "interactive",
    "internal",
    "ipv4",
    "ipv6",
    "keep-daemon",
    "keep-state",
    "latest",
    "leave",
    "leave-running",
    "load",
    "local",
    "menu",
    "no-attach",
    "no-build",
    "no-cache",
    "no-color",
    "no-consistency",
    "no-deps",
    "no-descriptions",
    "no-healthcheck",
    "no-interpolate",
    "no-log-prefix",
    "no-normalize",
    "no-path-resolution",
    "no-prune",
    "no-recreate",
    "no-resolve",
    "no-resolve-image",
    "no-start",
    "no-stdin",
    "no-stream",
    "no-task-ids",
    "no-trunc",
    "no-TTY",
    "no-tty",
    "oom-kill-disable",
    "orphans",
    "password-stdin",
    "pause",
    "prefer-index",
    "pretty",
    "print",
    "privileged",
    "profiles",
    "prune",
    "publish-all",
    "pull",
    "purge",
    "push",
    "quiet",
    "quiet-build",
    "quiet-pull",
    "raw",
    "read-only",
    "remove-orphans",
    "renew-anon-volumes",
    "resolve-image-digests",
    "rm",
    "rollback",
    "rotate",
    "service-ports",
    "services",
    "sig-proxy",
    "size",
    "skip-interpolation",
    "skip-remote-check",
    "squash",
    "stop",
    "timestamps",
    "tls",
    "tlsverify",
    "tree",
    "tty",
    "use",
    "use-aliases",
    "use-api-socket",
    "verbose",
    "version",
    "volumes",
    "wait",
    "watch",
    "with-dependencies",
    "with-registry-auth",
    "yes",
];

/// Letters that take no value, wherever [`EXCEPTIONS`] doesn't say otherwise.
const LETTERS: &str = "DLPTVaditqvy";

/// Options that are one thing of most commands and another of these: the group (none for any), the verbs, and whether
/// they take a value there.
const EXCEPTIONS: &[(&str, &str, &[&str], bool)] = &[
    ("pull", "", &["create", "run"], true),
    ("pull", "compose", &["build", "create", "run", "up"], true),
    ("attach", "", &["create", "run"], true),
    ("attach", "compose", &["up"], true),
    ("attach", "", &["start"], false),
    ("link", "", &["rm"], false),
    ("kubeconfig", "context", &["export"], false),
    ("no-attach", "compose", &["up"], true),
    ("H", "", &["history"], false),
    ("a", "manifest", &["create"], false),
    ("a", "", &["commit", "create", "run"], true),
    ("d", "network", &["create"], true),
    ("d", "volume", &["create"], true),
    ("d", "secret", &["create"], true),
    ("f", "builder", &["prune", "rm"], false),
    ("f", "buildx", &["prune", "rm"], false),
    ("f", "compose", &["logs", "rm"], false),
    (
        "f",
        "",
        &[
            "disable",
            "disconnect",
            "leave",
            "logs",
            "prune",
            "remove",
            "rm",
            "rmi",
        ],
        false,
    ),
    ("h", "", &["create", "run"], true),
    ("i", "", &["load"], true),
    ("l", "", &["list", "ls", "ps", "rm"], false),
    ("p", "", &["commit", "push"], false),
    ("s", "", &["inspect", "list", "ls", "ps"], false),
    ("s", "compose", &["rm"], false),
    ("t", "", &["build", "restart", "stop"], true),
    ("t", "compose", &["down", "restart", "stop", "up"], true),
    ("t", "imagetools", &["create"], true),
    ("v", "", &["create", "run"], true),
    ("v", "compose", &["run"], true),
    ("w", "compose", &["up"], false),
];

/// Whether an option takes a value: `name` has no dashes, and a letter is one.
pub(super) fn takes_value(group: &str, verb: &str, name: &str) -> bool {
    let stands = |(option, of, verbs, _): &&(&str, &str, &[&str], bool)| {
        let group_fits = *of == group || (of.is_empty() && group != "compose");
        *option == name && group_fits && verbs.contains(&verb)
    };
    match EXCEPTIONS.iter().find(stands) {
        Some((.., takes)) => *takes,
        None if name.len() == 1 => !LETTERS.contains(name) && (name != "h" || verb == "run"),
        None => !FLAGS.contains(&name),
    }
}

/// The words of a call, read from the left.
pub(super) struct Options<'w, 'a> {
    words: &'w [&'a str],
    group: &'w str,
    verb: &'w str,
    at: usize,
    /// `--` was read.
    over: bool,
    /// The options so far.
    pub(super) found: Vec<(&'a str, Option<&'a str>)>,
}

impl<'w, 'a> Options<'w, 'a> {
    pub(super) fn new(words: &'w [&'a str], group: &'w str, verb: &'w str) -> Self {
        Self {
            words,
            group,
            verb,
            at: 0,
            over: false,
            found: Vec::new(),
        }
    }

    /// Where the next word stands that is neither an option nor the value of one.
    pub(super) fn next_operand(&mut self) -> Option<usize> {
        loop {
            let word = *self.words.get(self.at)?;
            self.at += 1;
            match word.strip_prefix('-') {
                _ if self.over => return Some(self.at - 1),
                None | Some("") => return Some(self.at - 1),
                Some("-") => self.over = true,
                Some(option) => match option.strip_prefix('-') {
                    Some(long) => self.long(long),
                    None => self.short(option),
                },
            }
        }
    }

    fn value(&mut self) -> Option<&'a str> {
        let value = self.words.get(self.at).copied();
        self.at += 1;
        value
    }

    fn long(&mut self, option: &'a str) {
        let found = match option.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None if takes_value(self.group, self.verb, option) => (option, self.value()),
            None => (option, None),
        };
        self.found.push(found);
    }

    /// `-dp 80:80`: the first letter that takes a value has the rest of the word for it, or the next one.
    fn short(&mut self, letters: &'a str) {
        for (at, letter) in letters.char_indices() {
            let (name, rest) = letters[at..].split_at(letter.len_utf8());
            if let Some(value) = rest.strip_prefix('=') {
                return self.found.push((name, Some(value)));
            }
            if takes_value(self.group, self.verb, name) {
                let value = if rest.is_empty() {
                    self.value()
                } else {
                    Some(rest)
                };
                return self.found.push((name, value));
            }
            self.found.push((name, None));
        }
    }
}
