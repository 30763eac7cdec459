//! Docker's commands: which one a call is, what its options are, and where they end. Enter with [`Call::of`].

mod grammar;
mod misuse;
mod options;
mod verbs;

use grammar::GRAMMAR;
use options::Options;

pub use misuse::{Misuse, misuses};

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

/// Groups of plugins that no machine has, so that `cli.txt` doesn't tell them.
const PLUGINS: [&str; 1] = ["scout"];

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
        let mut path = verb.to_owned();
        let holds = |path: &str| GRAMMAR.is_group(path) || PLUGINS.contains(&path);
        while group != "compose" && holds(&path) {
            group = verb;
            verb = first_operand(&mut words, group)?;
            path = format!("{path} {verb}");
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

#[cfg(test)]
mod tests {
    use crate::{Call, Script};

    /// The first call of a text: group, verb and operands, with blanks between them.
    fn read(text: &str) -> (String, String, String) {
        let script = Script::parse(text);
        let call = &script.calls()[0];
        let operands: Vec<&str> = call.operands().collect();
        (
            call.group.to_owned(),
            call.verb.to_owned(),
            operands.join(" "),
        )
    }

    #[test]
    fn groups_verbs_and_operands() {
        for (text, group, verb, operands) in [
            ("docker rm -f web", "", "rm", "web"),
            ("docker ps -f name=web", "", "ps", ""),
            ("docker logs -f --tail 5 web", "", "logs", "web"),
            ("docker stop -t 5 web db", "", "stop", "web db"),
            (
                "docker -H tcp://x network rm front",
                "network",
                "rm",
                "front",
            ),
            ("docker --context far -l debug ps", "", "ps", ""),
            (
                "docker network create -d bridge --subnet 10.0.0.0/8 a",
                "network",
                "create",
                "a",
            ),
            (
                "docker network disconnect -f a web",
                "network",
                "disconnect",
                "a web",
            ),
            (
                "docker compose -f a.yml -p b down -v",
                "compose",
                "down",
                "",
            ),
            (
                "docker-compose logs -f --tail=5 web",
                "compose",
                "logs",
                "web",
            ),
            ("docker compose config --services", "compose", "config", ""),
            (
                "docker buildx imagetools inspect a",
                "imagetools",
                "inspect",
                "a",
            ),
            (
                "docker run -dp 80:80 --name web nginx:1 nginx -t",
                "",
                "run",
                "nginx:1 nginx -t",
            ),
            ("docker run -p80:80 a:1", "", "run", "a:1"),
            (
                "docker run --rm -it --init a sh -c 'x y'",
                "",
                "run",
                "a sh -c x y",
            ),
            ("docker run -e A=b -e C -- a:1 -d", "", "run", "a:1 -d"),
            ("docker run --pull always --attach stdin a", "", "run", "a"),
            ("docker container create -h x a", "container", "create", "a"),
            (
                "docker exec -u root -w /x web ls -l",
                "",
                "exec",
                "web ls -l",
            ),
            ("docker rm -l a", "", "rm", "a"),
            ("docker commit -a me -p web b", "", "commit", "web b"),
            ("docker build -t a -f b .", "", "build", "."),
            ("docker run -", "", "run", "-"),
            ("docker inspect -f _ a", "", "inspect", "a"),
            ("docker buildx imagetools ls a", "imagetools", "ls", "a"),
            ("docker buildx history inspect a", "history", "inspect", "a"),
        ] {
            let found = read(text);
            let expected = (group.to_owned(), verb.to_owned(), operands.to_owned());
            assert_eq!(found, expected, "{text}");
        }
        for text in [
            "echo docker ps",
            "docker",
            "docker network",
            "./docker ps",
            "docker -D",
        ] {
            assert!(Script::parse(text).calls().is_empty(), "{text}");
        }
    }

    #[test]
    fn commands_that_hold_others() {
        let groups = "builder buildx checkpoint compose config container context image manifest network node \
            plugin scout secret service stack swarm system trust volume";
        for group in groups.split_whitespace() {
            let text = format!("docker {group} --help ls x");
            let found = read(&text);
            assert_eq!(
                (found.0.as_str(), found.1.as_str()),
                (group, "ls"),
                "{text}"
            );
        }
    }

    #[test]
    fn flags_of_compose_take_no_value() {
        let flags = "abort-on-container-exit abort-on-container-failure all-resources always-recreate-deps \
            attach-dependencies build compatibility force-recreate ignore-buildable ignore-pull-failures images \
            include-deps menu no-build no-color no-consistency no-deps no-interpolate no-log-prefix no-normalize \
            no-path-resolution no-recreate no-start no-TTY no-tty orphans profiles quiet-build quiet-pull \
            remove-orphans renew-anon-volumes resolve-image-digests service-ports services stop use-aliases wait watch \
            with-dependencies";
        for flag in flags.split_whitespace() {
            let text = format!("docker compose up --{flag} web");
            assert_eq!(read(&text).2, "web", "{text}");
        }
    }

    #[test]
    fn options_and_their_values() {
        let script = Script::parse(
            "docker run -ite A=1 -e B=2 -p=80:80 --name web --name=db --tty=false --rm x -d --env C",
        );
        let call = &script.calls()[0];
        assert_eq!(call.values("e", "env").collect::<Vec<_>>(), ["A=1", "B=2"]);
        assert_eq!(call.value("p", "publish"), Some("80:80"));
        assert_eq!(call.value("name", "name"), Some("db"));
        assert!(call.has("i", "interactive") && call.has("rm", "rm"));
        assert!(!call.has("d", "detach") && !call.has("privileged", "privileged"));
        let off = Script::parse("docker run --tty=false x");
        assert!(!off.calls()[0].has("t", "tty"));
    }

    #[test]
    fn what_runs_in_the_foreground() {
        for (text, foreground) in [
            ("docker run --rm busybox true", true),
            ("docker run -it --rm busybox", true),
            ("docker container run busybox ls -d", true),
            ("docker run --rm -e A=1 busybox -d", true),
            ("docker compose run web ls", true),
            ("docker run -dp 80:80 nginx", false),
            ("docker run -p 80:80 -d nginx", false),
            ("docker run -dit busybox", false),
            ("docker run --detach nginx", false),
            ("docker run --detach=false nginx", true),
            ("docker compose run -d web", false),
            ("docker exec web true", false),
            ("docker network create run", false),
        ] {
            let script = Script::parse(text);
            assert_eq!(script.calls()[0].runs_in_foreground(), foreground, "{text}");
        }
    }

    #[test]
    fn what_a_container_runs() {
        for (text, inside) in [
            ("docker run -d a", Some("")),
            ("docker exec -it web ls -l", Some("ls -l")),
            ("docker compose exec -T web ls", Some("ls")),
            ("docker run", Some("")),
            ("docker start web", None),
            ("docker network rm a b", None),
        ] {
            let script = Script::parse(text);
            let calls = script.calls();
            let found = calls[0].inside().map(|words| words.join(" "));
            assert_eq!(found.as_deref(), inside, "{text}");
        }
        assert_eq!(
            Call::of(&["docker-compose", "up"]).unwrap().group,
            "compose"
        );
        assert_eq!(Call::of(&["podman", "ps"]), None);
    }
}
