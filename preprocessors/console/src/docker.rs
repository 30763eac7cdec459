//! The words of a `docker` command, as far as it matters which program it runs and in which image.

/// The options of `docker run`, `create` and `exec` that take no value (Docker CLI 20.10 to 29).
const FLAGS: [&str; 14] = [
    "detach",
    "disable-content-trust",
    "help",
    "init",
    "interactive",
    "no-healthcheck",
    "oom-kill-disable",
    "privileged",
    "publish-all",
    "quiet",
    "read-only",
    "rm",
    "sig-proxy",
    "tty",
];
/// The same, as single letters.
const SHORT_FLAGS: &str = "diqtP";

/// Where the first of `words` stands that is neither an option of `docker run`, `create` or `exec` nor the
/// value of one: the image or the container.
#[must_use]
pub fn operand(words: &[&str]) -> Option<usize> {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if let Some(long) = word.strip_prefix("--") {
            at += usize::from(!long.contains('=') && !FLAGS.contains(&long));
        } else if let Some(short) = word.strip_prefix('-') {
            // `-dp 80:80`: the last letter takes the next word, unless its value is attached.
            let value = short.find(|c| !SHORT_FLAGS.contains(c));
            at += usize::from(value.is_some_and(|i| i + 1 == short.len()));
        } else {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// What follows the global options of the words after `docker`.
#[must_use]
pub fn after_globals<'a, 'b>(words: &'b [&'a str]) -> &'b [&'a str] {
    match words {
        [
            "--context" | "-c" | "-H" | "--host" | "--config" | "-l" | "--log-level",
            _,
            rest @ ..,
        ] => after_globals(rest),
        ["-D" | "--debug", rest @ ..] => after_globals(rest),
        all => all,
    }
}

/// Whether the options `words` hold the single letter `short` or the word `long`.
#[must_use]
pub fn has(words: &[&str], short: char, long: &str) -> bool {
    words.iter().any(|word| match word.strip_prefix("--") {
        Some(word) => word == long || word.strip_prefix(long) == Some("=true"),
        None => word.strip_prefix('-').is_some_and(|letters| {
            letters
                .chars()
                .take_while(|c| SHORT_FLAGS.contains(*c) || *c == 'a')
                .any(|c| c == short)
        }),
    })
}

/// The value of the option `name`, such as `--name`.
pub(crate) fn value<'a>(words: &[&'a str], name: &str) -> Option<&'a str> {
    let at = words.iter().position(|word| {
        *word == name
            || word
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('='))
    })?;
    match words[at].split_once('=') {
        Some((_, value)) => Some(value),
        None => words.get(at + 1).copied(),
    }
}
