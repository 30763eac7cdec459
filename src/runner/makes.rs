//! What commands make, and what their failures say is missing. Pure.

/// How it is said that something isn't there.
const MISSING: [&str; 15] = [
    "bad address",
    "can't open",
    "cannot access",
    "command not found",
    "could not resolve",
    "does not exist",
    "doesn't exist",
    "is not running",
    "name or service not known",
    "no such",
    "not found",
    "pull access denied",
    "temporary failure in name resolution",
    "unable to find",
    NO_SWARM,
];

/// What an engine says that isn't in a swarm.
const NO_SWARM: &str = "is not a swarm manager";
/// What stands for the swarm among missing things.
const SWARM: &str = "the swarm";

/// The words of `output` that may name what it says is missing; `None` if it says nothing of the kind.
pub(super) fn missing(output: &str) -> Option<Vec<String>> {
    let says = |line: &&str| {
        let line = line.to_lowercase();
        MISSING.iter().any(|words| line.contains(words))
    };
    let lines: Vec<&str> = output.lines().filter(says).collect();
    let mut words: Vec<String> = Vec::new();
    for line in &lines {
        if line.contains(NO_SWARM) {
            words.push(SWARM.to_owned());
        }
        let named = line.split(|c: char| c.is_whitespace() || "'\"`,()".contains(c));
        words.extend(named.map(|word| word.trim_end_matches([':', '.']).to_owned()));
    }
    (!lines.is_empty()).then_some(words)
}

/// Which of the `missing` things the typed `text` would make.
pub(super) fn makes(text: &str, missing: &[String]) -> Option<String> {
    let made = commands(text).into_iter().flat_map(|words| made_by(&words));
    let mut made = made.filter(|name| name.len() > 1 || name.chars().all(char::is_alphanumeric));
    made.find(|name| missing.iter().any(|word| is_same(word, name)))
}

/// Whether a missing thing is what is named: it, its newest version, or something in it.
fn is_same(missing: &str, name: &str) -> bool {
    let missing = missing.strip_suffix(":latest").unwrap_or(missing);
    let name = name.strip_suffix(":latest").unwrap_or(name);
    missing == name
        || missing
            .strip_prefix(name)
            .is_some_and(|rest| rest.starts_with('/'))
        || missing
            .strip_suffix(name)
            .is_some_and(|rest| rest.ends_with('/'))
}

/// Whether the typed `text` starts something that goes on in the background.
pub(super) fn starts(text: &str) -> bool {
    let starting = |words: &Vec<String>| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let verbs: Vec<&str> = words
            .iter()
            .copied()
            .filter(|word| !word.starts_with('-'))
            .collect();
        match verbs.as_slice() {
            ["docker", "container", verb, ..] | ["docker", verb, ..] if matches!(*verb, "run") => {
                seaworthy_console::docker::has(&words, 'd', "detach")
                    || words.iter().any(|word| {
                        word.starts_with("-d")
                            || word.starts_with("--publish")
                            || *word == "-p"
                            || *word == "-P"
                    })
            }
            ["docker", "start" | "restart" | "unpause", ..]
            | ["docker", "container", "start" | "restart" | "unpause", ..]
            | ["docker", "service", "create" | "update" | "scale", ..]
            | ["docker", "stack", "deploy", ..]
            | ["docker-compose", "up" | "start" | "restart", ..] => true,
            ["docker", "compose", rest @ ..] => rest
                .iter()
                .any(|word| matches!(*word, "up" | "start" | "restart")),
            _ => false,
        }
    };
    text.trim_end().ends_with('&') || commands(text).iter().any(starting)
}

/// The words of the simple commands of `text`, `sudo` and assignments before them left out.
fn commands(text: &str) -> Vec<Vec<String>> {
    let text = text.replace("\\\n", " ");
    let mut commands = Vec::new();
    for line in text.lines() {
        let line = line.trim_start();
        let line = line
            .strip_prefix("$ ")
            .or_else(|| line.strip_prefix("# "))
            .unwrap_or(line);
        let mut words = Vec::new();
        // What isn't closed on its line is cut at blanks.
        let split = shlex::split(line);
        let split = split.unwrap_or_else(|| line.split_whitespace().map(str::to_owned).collect());
        for word in split {
            let ends = matches!(word.as_str(), "&&" | "||" | "|" | ";" | "&");
            let last = word.strip_suffix(';').map(str::to_owned);
            let skipped = words.is_empty() && (word == "sudo" || word.contains('='));
            if !ends && !skipped {
                words.push(last.clone().unwrap_or(word));
            }
            if ends || last.is_some() {
                commands.push(std::mem::take(&mut words));
            }
        }
        commands.push(words);
    }
    commands.retain(|words| !words.is_empty());
    commands
}

/// The names of what a command makes.
fn made_by(words: &[String]) -> Vec<String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut made = redirected(&words);
    let Some((program, rest)) = words.split_first() else {
        return made;
    };
    let plain: Vec<&str> = rest
        .iter()
        .copied()
        .filter(|word| !word.starts_with('-'))
        .collect();
    let last = || plain.last().copied();
    match (*program, plain.as_slice()) {
        (
            "docker",
            ["container", "run" | "create", ..]
            | ["run" | "create", ..]
            | ["service", "create", ..],
        ) => {
            made.extend(values(rest, &["--name"]));
        }
        (
            "docker",
            [
                "network" | "volume" | "secret" | "config" | "context",
                "create",
                named @ ..,
            ],
        ) => {
            made.extend(named.iter().map(|&name| name.to_owned()));
        }
        ("docker", ["build", ..] | ["image" | "buildx" | "builder", "build", ..]) => {
            made.extend(values(rest, &["-t", "--tag"]));
        }
        ("docker", ["rename" | "tag" | "commit" | "import", ..] | ["container", "rename", ..]) => {
            made.extend(last().map(str::to_owned));
        }
        ("docker", ["pull", named @ ..] | ["image", "pull", named @ ..]) => {
            made.extend(named.iter().map(|&name| name.to_owned()));
        }
        ("docker", ["swarm", "init" | "join", ..]) => made.push(SWARM.to_owned()),
        ("docker", ["stack", "deploy", ..]) => made.extend(last().map(str::to_owned)),
        ("mkdir" | "touch" | "tee" | "mkfifo", named) => {
            made.extend(named.iter().map(|&name| name.to_owned()));
        }
        ("cp" | "mv" | "ln", [_, .., name]) => made.push((*name).to_owned()),
        ("git", ["clone", .., from]) => made.extend(basename(from.trim_end_matches(".git"))),
        ("wget" | "curl", [.., from]) => {
            made.extend(basename(from));
            made.extend(values(rest, &["-o", "-O", "--output", "--output-document"]));
        }
        (
            "apk" | "apt" | "apt-get" | "yum" | "dnf" | "pip" | "pip3" | "npm",
            ["add" | "install", named @ ..],
        ) => {
            made.extend(named.iter().map(|&name| name.to_owned()));
        }
        _ => {}
    }
    made
}

/// The files that a command's output is written to.
fn redirected(words: &[&str]) -> Vec<String> {
    let pairs = words.windows(2);
    let apart = pairs
        .filter(|pair| matches!(pair[0], ">" | ">>"))
        .map(|pair| pair[1]);
    let joined = words.iter().filter_map(|word| word.strip_prefix('>'));
    let joined = joined.map(|file| file.trim_start_matches('>'));
    let files = apart.chain(joined).filter(|file| !file.is_empty());
    files.map(str::to_owned).collect()
}

/// The values of the options `names`.
fn values(words: &[&str], names: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if names.contains(word) {
            found.extend(words.get(at + 1).map(|value| (*value).to_owned()));
        } else if let Some((name, value)) = word.split_once('=')
            && names.contains(&name)
        {
            found.push(value.to_owned());
        }
    }
    found
}

/// The last part of a URL or a path.
fn basename(path: &str) -> Option<String> {
    let name = path.trim_end_matches('/').rsplit('/').next()?;
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_and_who_makes_it() {
        for (output, text, made) in [
            (
                "Error response from daemon: No such container: alpine1",
                "docker run -dit --name alpine1 alpine ash",
                Some("alpine1"),
            ),
            (
                "Error response from daemon: No such container: alpine1",
                "docker run -dit --name alpine2 alpine ash",
                None,
            ),
            (
                "Error response from daemon: No such container: alpine1",
                "docker rm alpine1",
                None,
            ),
            (
                "docker: Error response from daemon: network front not found",
                "docker network create \\\n  front",
                Some("front"),
            ),
            (
                "Error: No such volume: data",
                "sudo docker volume create --label a data",
                Some("data"),
            ),
            (
                "Unable to find image 'greeter:latest' locally",
                "docker build -t greeter .",
                Some("greeter"),
            ),
            (
                "cat: trio/app.py: No such file or directory",
                "git clone https://example.com/x/trio.git",
                Some("trio"),
            ),
            (
                "bash: cd: trio: No such file or directory",
                "mkdir trio && cd trio",
                Some("trio"),
            ),
            (
                "cat: /tmp/a.txt: No such file or directory",
                "echo x > a.txt",
                Some("a.txt"),
            ),
            (
                "bash: ab: command not found",
                "apt-get install -y ab",
                Some("ab"),
            ),
            (
                "Error response from daemon: This node is not a swarm manager. Use",
                "docker swarm init",
                Some(SWARM),
            ),
            (
                "Error response from daemon: conflict: alpine1 is in use",
                "docker run --name alpine1 x",
                None,
            ),
            (
                "ping: bad address 'db'",
                "docker run -d --name=db mysql",
                Some("db"),
            ),
        ] {
            let found = missing(output).and_then(|missing| makes(text, &missing));
            assert_eq!(found.as_deref(), made, "{output}\n{text}");
        }
    }

    #[test]
    fn what_starts_servers() {
        for text in [
            "docker run -d -p 80:80 nginx",
            "docker run -dp 80:80 nginx",
            "docker container run --detach nginx",
            "docker start web",
            "docker compose -f a.yml up -d",
            "docker service create --name web nginx",
            "python3 -m http.server &",
        ] {
            assert!(starts(text), "{text}");
        }
        for text in [
            "docker run --rm busybox true",
            "docker ps",
            "echo a && true",
            "docker stop web",
        ] {
            assert!(!starts(text), "{text}");
        }
    }
}
