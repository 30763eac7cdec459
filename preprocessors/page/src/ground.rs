//! What a claim rests on: what of its session could have come out otherwise.

use seaworthy_console::Command;

use crate::SessionStep;

/// What of a session could have come out otherwise, so that it proves something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ground {
    /// What its last command prints on the page.
    Output,
    /// The exit code that the author demands of its last command.
    Exit,
    /// Its last command has to fail.
    Failure,
    /// Its last command is there to test something, as `grep -q` is.
    Test,
    /// It checks an exercise: it fails before the solution, and holds after it.
    Check,
    /// Nothing but that no command failed.
    Nothing,
}

/// Commands that are run for the sake of their exit code.
const TESTS: [&str; 18] = [
    "test",
    "[",
    "[[",
    "((",
    "!",
    "grep",
    "egrep",
    "fgrep",
    "zgrep",
    "diff",
    "cmp",
    "expr",
    "nc",
    "ping",
    "pgrep",
    "pidof",
    "getent",
    "sha256sum",
];
/// Commands that run another one, which then decides.
const WRAPPERS: [&str; 8] = [
    "sudo", "timeout", "env", "time", "command", "exec", "nice", "until",
];

impl SessionStep {
    /// What the session's claim rests on, or would if it made one.
    #[must_use]
    pub fn ground(&self) -> Ground {
        let attributes = &self.attributes;
        let last = self.session.commands.iter().rfind(|command| command.runs);
        if attributes.should_fail {
            Ground::Failure
        } else if attributes.exit.is_some() {
            Ground::Exit
        } else if attributes.check.is_some() {
            Ground::Check
        } else if last.is_some_and(Command::says) {
            Ground::Output
        } else if last.is_some_and(|command| command.is_shell() && tests(&command.text())) {
            Ground::Test
        } else {
            Ground::Nothing
        }
    }
}

/// Whether the exit code of a command line is that of a command that tests something.
fn tests(line: &str) -> bool {
    let Some(words) = words(line) else {
        return false;
    };
    // The last command of a list decides, and of a pipe; of `a && b`, each does.
    let mut lists = words.split(|word| word == ";");
    let Some(list) = lists.rfind(|list| !list.is_empty()) else {
        return false;
    };
    if let Some(or) = list.iter().rposition(|word| word == "||") {
        // `test … || exit 1` still tests; `test … || true` can't fail.
        return matches!(
            list.get(or + 1).map(String::as_str),
            Some("exit" | "false" | "return")
        );
    }
    let mut commands = list.split(|word| word == "&&");
    commands.any(|pipe| {
        let last = pipe.split(|word| word == "|").next_back();
        last.is_some_and(is_test)
    })
}

/// Whether a simple command tests something, itself or through those that run another.
fn is_test(command: &[String]) -> bool {
    let assigns = |word: &String| word.split_once('=').is_some_and(|(name, _)| is_name(name));
    let mut words = command.iter().skip_while(|word| assigns(word));
    let Some(first) = words.next() else {
        return false;
    };
    let rest = || words.clone().map(String::as_str);
    let further = |word: &str| TESTS.contains(&word) || word.contains(' ') && tests(word);
    match first.as_str() {
        "docker" => rest().any(|word| matches!(word, "exec" | "run")) && rest().any(further),
        "sh" | "bash" | "ash" => rest().any(|word| word.contains(' ') && tests(word)),
        "curl" => rest().any(|word| {
            word == "--fail"
                || word.starts_with('-') && !word.starts_with("--") && word.contains('f')
        }),
        "wget" => rest().any(|word| word == "--spider"),
        first if WRAPPERS.contains(&first) => first == "until" || rest().any(further),
        first => TESTS.contains(&first),
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The words of a command line, quotes taken off, with its operators as words of their own; none if it can't be read.
fn words(line: &str) -> Option<Vec<String>> {
    let mut spaced = String::new();
    let mut quote = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, '\\') => {
                spaced.push(c);
                spaced.extend(chars.next());
                continue;
            }
            (None, '\n') => {
                spaced.push_str(" ; ");
                continue;
            }
            (None, ';' | '|' | '&') => {
                let double = c != ';' && chars.next_if_eq(&c).is_some();
                // `2>&1` and a job in the background are no operators here.
                let operator = double || c != '&';
                let shown = if double {
                    format!("{c}{c}")
                } else {
                    c.to_string()
                };
                if operator {
                    spaced.push_str(&format!(" {shown} "));
                } else {
                    spaced.push_str(&shown);
                }
                continue;
            }
            _ => {}
        }
        spaced.push(c);
    }
    shlex::split(&spaced)
}

#[cfg(test)]
mod tests {
    use super::tests;

    #[test]
    fn commands_that_test() {
        for line in [
            "test -f /x",
            "[ \"$a\" = b ]",
            "[[ -f /x ]]",
            "! docker ps | grep -q web",
            "docker ps | grep -q web",
            "docker logs web 2>&1 | grep ready",
            "diff a b",
            "cmp a b",
            "cd /tmp && test -e x",
            "A=1 test -n \"$A\"",
            "docker exec web test -f /etc/nginx/nginx.conf",
            "docker exec web sh -c 'ls /x && grep -q a /x'",
            "sudo test -f /x",
            "timeout 3 grep -q x y",
            "curl -fsS http://localhost -o /dev/null",
            "echo a; test -f b",
            "test -f x || exit 1",
            "docker run --rm --network front busybox:1.37 ping -c 1 web > /dev/null",
        ] {
            assert!(tests(line), "{line}");
        }
    }

    #[test]
    fn commands_that_only_do_something() {
        for line in [
            "true",
            "docker rm -f web",
            "docker network create front > /dev/null",
            "test -f x; true",
            "test -f x || true",
            "grep -q a b | cat",
            "echo test",
            "curl -s http://localhost -o /dev/null",
            "touch 'grep -q'",
            "",
            "echo 'unclosed",
        ] {
            assert!(!tests(line), "{line}");
        }
    }
}
