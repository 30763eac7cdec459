//! The verbs of Docker's commands: which there are, and what they need.

use super::Call;
use super::grammar::GRAMMAR;

/// Verbs that some group lets stand alone.
const ALONE: [&str; 22] = [
    "build", "df", "down", "events", "images", "info", "init", "leave", "login", "logout", "logs",
    "ls", "prune", "ps", "pull", "restart", "start", "stats", "stop", "top", "up", "version",
];

impl Call<'_> {
    /// Whether it may be one of Docker's commands, not just words behind `docker`: its verb is known, or in a group looks
    /// like one; what takes no operand has none, or options too; what needs one has something.
    #[must_use]
    pub fn is_plausible(&self) -> bool {
        let known = match self.group {
            "" => GRAMMAR.entry(self.verb).is_some(),
            _ => self
                .verb
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b == b'-'),
        };
        let fits = if self.only_tells() {
            self.operands.is_empty() || !self.options.is_empty()
        } else {
            !self.rest.is_empty() || ALONE.contains(&self.verb)
        };
        known && fits
    }

    /// Whether it lists or shows something as a whole, and so takes no operand.
    fn only_tells(&self) -> bool {
        match self.verb {
            "info" | "version" => true,
            "ls" => !matches!(self.group, "compose" | "image"),
            "ps" => self.is_container(&["ps"]),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Script;

    fn is_plausible(text: &str) -> bool {
        let script = Script::parse(text);
        let calls = script.calls();
        calls.first().is_some_and(super::Call::is_plausible)
    }

    #[test]
    fn commands_are_told_from_words_behind_docker() {
        for text in [
            "docker ps",
            "docker ps -a",
            "docker ps --filter name=web",
            "docker network ls",
            "docker image ls nginx",
            "docker service ps web",
            "docker compose ps web",
            "docker compose up",
            "docker system df",
            "docker swarm init",
            "docker rm web",
            "docker network create front",
            "docker compose -f a.yml pull",
        ] {
            assert!(is_plausible(text), "{text}");
        }
        for text in [
            "docker",
            "docker lists containers",
            "docker ps lists",
            "docker network ls lists",
            "docker info tells",
            "docker rm",
            "docker network Create front",
            "docker network",
            "docker up",
        ] {
            assert!(!is_plausible(text), "{text}");
        }
    }

    #[test]
    fn the_verbs_of_the_help_are_known() {
        let help = include_str!("cli.txt")
            .lines()
            .filter(|line| !line.starts_with('#'));
        let paths = help.filter_map(|line| line.split_once('|'));
        let mut count = 0;
        for (path, _) in paths {
            let script = Script::parse(format!("docker {path} -x y"));
            // Groups have options of their own, too.
            let call = script.calls().into_iter().find(|call| call.verb != "y");
            if let Some(call) = call.filter(|_| !path.is_empty()) {
                count += 1;
                assert!(call.is_plausible(), "{path}");
            }
        }
        assert!(count > 100, "{count}");
    }
}
