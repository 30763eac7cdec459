//! What a claim rests on: what of its session could have come out otherwise.

use seaworthy_words::{Call, Command, Joint, Kind, List, Pipeline, base_name, program_at};

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
const TESTS: [&str; 15] = [
    "test",
    "[",
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
        } else if last.is_some_and(|command| command.says()) {
            Ground::Output
        } else if last.is_some_and(|command| command.is_shell() && tests(command.script.list())) {
            Ground::Test
        } else {
            Ground::Nothing
        }
    }
}

/// Whether the exit code of a list is that of a command that tests something.
fn tests(list: &List) -> bool {
    // The last command of a list decides, and of a pipe; of `a && b`, each does.
    let Some(item) = list.items.last() else {
        return false;
    };
    let or = item.rest.iter().rfind(|(joint, _)| *joint == Joint::Or);
    match or {
        // `test … || exit 1` still tests; `test … || true` can't fail.
        Some((_, pipeline)) => gives_up(pipeline),
        None => item
            .pipelines()
            .any(|pipeline| pipeline.negated || pipeline.commands.last().is_some_and(is_test)),
    }
}

/// Whether a pipeline does nothing but fail.
fn gives_up(pipeline: &Pipeline) -> bool {
    let Some(Command::Simple(simple)) = pipeline.commands.first() else {
        return false;
    };
    let first = simple.words.first().map(|word| word.value.as_str());
    matches!(first, Some("exit" | "false" | "return"))
}

/// Whether a command tests something, itself or through those that run another.
fn is_test(command: &Command) -> bool {
    match command {
        Command::Simple(simple) => match simple.script() {
            Some(script) => tests(script.list()),
            None => runs_a_test(&simple.values()),
        },
        Command::Compound(compound) => match compound.kind {
            Kind::Test | Kind::Arithmetic | Kind::Until => true,
            Kind::Group | Kind::Subshell => compound.lists.iter().any(tests),
            _ => false,
        },
    }
}

fn runs_a_test(words: &[&str]) -> bool {
    let Some(words) = program_at(words).map(|at| &words[at..]) else {
        return false;
    };
    if let Some(call) = Call::of(words) {
        return call.inside().is_some_and(runs_a_test);
    }
    let has = |fits: &dyn Fn(&str) -> bool| words[1..].iter().any(|word| fits(word));
    match base_name(words[0]) {
        "curl" => has(&|word| {
            word == "--fail"
                || word.starts_with('-') && !word.starts_with("--") && word.contains('f')
        }),
        "wget" => has(&|word| word == "--spider"),
        name => TESTS.contains(&name),
    }
}

#[cfg(test)]
mod tests {
    use seaworthy_words::Script;

    fn tests(line: &str) -> bool {
        super::tests(Script::parse(line).list())
    }

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
            "(( $(docker ps -q | wc -l) == 2 ))",
            "until curl -s localhost; do sleep 1; done",
            "(cd /tmp && test -e x)",
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
            "docker run -d --name test busybox:1.37 sleep 9",
            "for i in 1 2; do test -f x; done",
            "curl -s http://localhost -o /dev/null",
            "touch 'grep -q'",
            "",
            "echo 'unclosed",
        ] {
            assert!(!tests(line), "{line}");
        }
    }
}
