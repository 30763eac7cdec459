//! Printed lines that look like commands: a forgotten prompt makes what was typed look printed. Enter at
//! [`unprompted`].
//!
//! A line that is taken for a command by mistake costs its author a look; one that is overlooked costs a step of the
//! page, since `accept` deletes it. So where a line may be either, it is a command; but not where it is prose, a help
//! text, or what the machine does print.

use seaworthy_console::{Prompt, interpreters};
use seaworthy_words::{Call, Script, base_name, is_assignment, program_at};

use super::alignment::{Outcome, State};
use super::{Expected, lines_of};

/// The first printed line that isn't in the output and looks like a command, by its index.
pub fn unprompted(expected: &Expected<'_>, actual: &str, outcome: &Outcome) -> Option<usize> {
    let found = lines_of(actual);
    let text = |at: usize| expected.lines.get(at).map_or("", |line| line.text);
    let mut wrong = outcome.alignment.iter().filter_map(|row| {
        let at = row.author?;
        matches!(row.state, State::Missing | State::Differs).then_some((at, row.actual))
    });
    let stray = wrong.find(|&(at, instead)| {
        let line = text(at).trim();
        let before = at.checked_sub(1).map(text);
        let stands_apart = before.is_some_and(|line| line.trim().is_empty());
        // A script that changed prints other commands; a line that only stands elsewhere is printed as well.
        let is_printed = found.iter().any(|other| other.trim() == line)
            || instead.is_some_and(|at| looks_like_a_command(found[at], false));
        looks_like_a_command(line, stands_apart) && !is_printed
    });
    stray.map(|(at, _)| at)
}

/// Whether `line` looks like a command; one word alone does only if the line `stands_apart`, after a blank one.
fn looks_like_a_command(line: &str, stands_apart: bool) -> bool {
    let line = line.trim();
    match after_prompt(line) {
        Some((Sign::Sure, rest)) => !rest.trim().is_empty(),
        // `# ` begins comments and headings too.
        Some((Sign::Perhaps, rest)) => is_command(rest.trim(), true),
        None => is_command(line, stands_apart),
    }
}

/// Whether a prompt is one for sure.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sign {
    Sure,
    Perhaps,
}

/// What follows the prompt that `line` begins with.
fn after_prompt(line: &str) -> Option<(Sign, &str)> {
    if let Some((prompt, length)) = Prompt::of_shell(line) {
        let sign = if prompt == Prompt::Bare {
            Sign::Perhaps
        } else {
            Sign::Sure
        };
        return Some((sign, &line[length..]));
    }
    for prompt in ["$ ", "% ", "> "] {
        if let Some(rest) = line.strip_prefix(prompt) {
            return Some((Sign::Perhaps, rest));
        }
    }
    // Those of shells are known by now.
    let inside = interpreters().find_map(|interpreter| interpreter.prompt(line));
    if let Some((_, length)) = inside {
        return Some((Sign::Sure, &line[length..]));
    }
    let (_, rest) = line.strip_prefix("PS ")?.split_once("> ")?;
    Some((Sign::Sure, rest))
}

/// Whether `line` is a call of a program that is known.
fn is_command(line: &str, stands_apart: bool) -> bool {
    let loops =
        line.starts_with("for ") || line.starts_with("while ") || line.starts_with("until ");
    if loops && (line.contains("; do") || line.ends_with(" do")) {
        return true;
    }
    let script = Script::parse(line);
    let Some(&first) = script.commands().first() else {
        return false;
    };
    let words = first.values();
    let from = words.iter().position(|word| !is_assignment(word));
    // Of `timeout 5 ls` and its like, either program may be known.
    let mut starts = from.into_iter().chain(program_at(&words));
    starts.any(|at| {
        is_call(
            line,
            &words[at..],
            !first.redirects.is_empty(),
            stands_apart,
        )
    })
}

/// Whether the words of `line` from a program on are a call of it; what is `redirected` is none of them.
fn is_call(line: &str, words: &[&str], redirected: bool, stands_apart: bool) -> bool {
    let Some((program, arguments)) = words.split_first() else {
        return false;
    };
    let name = base_name(program);
    if is_prose(name, line, arguments) || is_usage(name, arguments) {
        return false;
    }
    if let Some(call) = Call::of(words) {
        return call.is_plausible();
    }
    if program.starts_with("./") {
        return !arguments.is_empty();
    }
    let ambiguous = is_among(name, WORDS);
    if !ambiguous && !is_among(name, PROGRAMS) {
        return false;
    }
    match arguments {
        [] => redirected || (stands_apart && line == name),
        _ if name == "echo" || name == "printf" => true,
        [_] if !ambiguous => true,
        [verb, ..] if has_verb(name, verb) => true,
        _ if is_among(name, FILES) => true,
        _ => says_shell(line) || arguments.iter().any(|word| is_typed(word)),
    }
}

/// Whether `word` is one of `list`, which has blanks between them.
fn is_among(word: &str, list: &str) -> bool {
    list.split_whitespace().any(|one| one == word)
}

/// Whether `word` is what the program `name` is told to do.
fn has_verb(name: &str, word: &str) -> bool {
    let verbs: &[&str] = match name {
        "ip" => &[
            "a", "addr", "address", "l", "link", "n", "neigh", "netns", "r", "route", "rule",
        ],
        "apk" | "apt" | "apt-get" | "dnf" | "npm" | "pip" | "pip3" | "yum" => &[
            "add", "del", "install", "remove", "run", "start", "update", "upgrade",
        ],
        "git" => &[
            "add", "checkout", "clone", "init", "log", "pull", "push", "status",
        ],
        "systemctl" => &[
            "disable", "enable", "reload", "restart", "start", "status", "stop",
        ],
        "kubectl" => &[
            "apply", "create", "delete", "describe", "exec", "get", "logs", "run",
        ],
        _ => &[],
    };
    verbs.contains(&word)
}

/// Whether a line is a sentence: it ends like one, or has words that commands don't have. What is said by `echo`, or
/// given to a shell or as a message, may be prose.
fn is_prose(name: &str, line: &str, arguments: &[&str]) -> bool {
    let last = line.split_whitespace().next_back().unwrap_or_default();
    let ends = last.ends_with([',', ':', '!', '?'])
        || (last.ends_with('.') && last.contains(char::is_alphanumeric));
    let says = |word: &&str| matches!(*word, "echo" | "printf" | "-c" | "-m" | "--message");
    if says(&name) {
        return false;
    }
    let said = arguments.iter().position(says);
    let own = &arguments[..said.unwrap_or(arguments.len())];
    let is_prose = |word: &&str| {
        let word = word.trim_end_matches([':', ',', ';']).to_lowercase();
        is_among(&word, PROSE)
    };
    own.iter().any(is_prose) || (ends && said.is_none() && !says_shell(line))
}

/// Whether a line is one of a help text: `docker run [OPTIONS] IMAGE`.
fn is_usage(name: &str, arguments: &[&str]) -> bool {
    let shouted = |word: &str| {
        let word = word.trim_end_matches("...");
        word.len() > 2
            && word
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b == b'_' || b == b'|')
    };
    let optional = |word: &str| word.starts_with('[') && word.len() > 1;
    let named = std::iter::once("").chain(arguments.iter().copied());
    let mut pairs = named.zip(arguments);
    !matches!(name, "echo" | "printf")
        && pairs.any(|(before, word)| optional(word) || (shouted(word) && !before.starts_with('-')))
}

/// Whether a line has something that only a shell's does.
fn says_shell(line: &str) -> bool {
    [
        " | ", " && ", " || ", " > ", " >> ", "; ", " < ", "$(", "${", "\\",
    ]
    .iter()
    .any(|sign| line.contains(sign))
        || line.ends_with(" &")
}

/// Whether a word looks typed: an option, a path, a name of a file, an address, a number.
fn is_typed(word: &str) -> bool {
    let option = word.strip_prefix('-').is_some_and(|rest| {
        rest.trim_start_matches('-')
            .starts_with(|c: char| c.is_ascii_alphanumeric())
    });
    option
        || word.contains(['/', '=', '$', '*', '~', '@', '{'])
        || word.contains("://")
        || (word.contains('.') && !word.ends_with('.'))
        || word == "."
        || word == ".."
        || word.bytes().all(|b| b.is_ascii_digit())
        || word.contains(char::is_whitespace)
}

/// Programs whose names are no English words.
const PROGRAMS: &str = "apk apt apt-get arp awk base64 bash brctl bridge buildah cd chmod chown cp crictl ctr curl df dig \
    dmesg dnf docker-machine dockerd du echo env ethtool export git grep gunzip gzip helm hostname \
    ifconfig iptables ip iptables-save java journalctl jq kubectl ln ls lsns lsof mkdir modprobe mv \
    mysql mysqladmin mysqldump nano nc nerdctl netstat nginx nmap npm npx nsenter nslookup openssl \
    passwd perl pg_isready php pidof ping ping6 pip pip3 pkill podman printf psql pwd python python3 \
    redis-cli rmdir rm rsync scp sed seq sh skopeo ss ssh ssh-keygen su sysctl systemctl tcpdump \
    tee telnet traceroute truncate ulimit umount uname unset unshare unzip uptime useradd vi vim vtysh \
    wc wget whoami xargs yum";

/// Those that take names of whatever kind, and never are what a sentence is about.
const FILES: &str = "cd chmod chown cp dig grep ln ls mkdir mv nslookup rm rmdir umount";

/// Programs whose names are words too: with them a command needs something that prose hasn't.
const WORDS: &str = "cat cut date diff exit expr find free go head history host id ipcs kill less locate logger make more \
    mount node ps route ruby service sleep sort source split stat tail tar test timeout top touch \
    tree tr type uniq wait watch which who yes";

/// Words of sentences about commands, which none of a command's own words are.
const PROSE: &str = "a an and are be because been before but by can can't cannot command could creates did didn't do does \
    doesn't failed fails for from has have if in into is isn't it its lists may must not of on or prints \
    requires runs shows starts stops that the then this to was when where which will with without you \
    your";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_without_a_prompt() {
        for line in [
            "docker network ls --filter name=isolated_nw --format '{{.Name}}'",
            "docker ps",
            "docker ps -a",
            "docker network ls",
            "docker network create front",
            "docker run -d --name web nginx",
            "docker run --rm busybox echo this is the end.",
            "docker exec -it web sh -c 'ls for me'",
            "docker build -t greeter .",
            "docker compose up -d",
            "docker compose ps",
            "docker --context far ps -q",
            "docker swarm init",
            "docker images busybox",
            "sudo docker ps",
            "DOCKER_HOST=tcp://a:1 docker info",
            "curl http://localhost:8080",
            "curl -s localhost",
            "ping -c 2 web",
            "ping web",
            "cd trio",
            "cd ..",
            "cat Dockerfile | head -3",
            "cat /etc/hosts",
            "cat app.py",
            "ls -l",
            "mkdir data",
            "echo good day to you",
            "ip addr show",
            "kill 12",
            "sleep 5",
            "./deploy.sh up",
            "for i in 1 2 3; do docker rm web$i; done",
            "# ip addr show",
            "# docker ps",
            "/ # ls",
            "root@3f2a:/# anything goes",
            "ubuntu@node-1:~$ docker ps",
            "[root@node-1 ~]# hostname",
            ">>> print(1)",
            "mysql> SHOW DATABASES;",
            "PS C:\\> docker ps",
            "export PORT=8080",
            "python3 -m http.server",
            "apk add curl",
            "apt-get install -y curl",
            "git clone https://example.com/a/b.git",
            "git status",
            "rm one two",
            "cp one two",
            "sudo systemctl restart docker",
            "docker context use build",
            "running() { docker ps -q; }",
            "timeout 5 bash",
            "watch -n 1 ls",
            "watch docker ps",
            "docker service ps web",
            "docker ps > running.txt",
            "pwd > here",
            "ls >here",
        ] {
            assert!(looks_like_a_command(line, false), "{line}");
        }
        for line in ["pwd", "ls", "exit", "whoami"] {
            assert!(looks_like_a_command(line, true), "{line}");
            assert!(!looks_like_a_command(line, false), "{line}");
        }
    }

    #[test]
    fn what_is_printed_is_no_command() {
        for line in [
            "",
            "web",
            "isolated_nw",
            "Usage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]",
            "docker run [OPTIONS] IMAGE [COMMAND] [ARG...]",
            "docker network COMMAND",
            "docker rm CONTAINER",
            "Run 'docker run --help' for more information",
            "See 'docker run --help'.",
            "docker: Error response from daemon: no such image",
            "docker run is what starts a container",
            "docker network ls lists networks",
            "docker ps: it lists containers",
            "docker images",
            "curl: (7) Failed to connect to localhost port 8080",
            "curl is not installed.",
            "ping: bad address 'web'",
            "ping statistics for web:",
            "cat and dog",
            "cat food",
            "find your way",
            "make sure that it runs",
            "time 1m",
            "node web",
            "host is up",
            "sudo: command not found",
            "# A heading about ls",
            "# Generated by Docker Engine.",
            "# nameserver",
            "> quoted text",
            "PORT=8080",
            "NETWORK ID     NAME      DRIVER    SCOPE",
            "64 bytes from 172.18.0.2: seq=0 ttl=64 time=0.083 ms",
            "date",
            "sleep",
            "ip address is taken",
            "git commit failed: nothing to commit",
            "time to go",
            "sudo group",
            "watch out",
            "docker can't do it",
        ] {
            let docker = line == "docker images";
            assert_eq!(looks_like_a_command(line, false), docker, "{line}");
        }
    }
}
