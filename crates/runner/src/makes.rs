//! What commands make, and what their failures say is missing. Pure.

use seaworthy_words::{Call, Program, Script, Simple, base_name};

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

/// Which of the `missing` things the typed command would make.
pub(super) fn makes(typed: &Script, missing: &[String]) -> Option<String> {
    let calls = typed.calls();
    let programs = typed.programs();
    let by_calls = calls.iter().flat_map(made_by_docker);
    let outside = programs.iter().filter(|program| !program.inside);
    let by_programs = outside.flat_map(made_by);
    let files = typed.commands().into_iter().flat_map(written);
    let mut made = by_calls.chain(by_programs).chain(files);
    made.find(|name| {
        let says = name.len() > 1 || name.chars().all(char::is_alphanumeric);
        says && missing.iter().any(|word| is_same(word, name))
    })
    .map(str::to_owned)
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

/// Whether the typed command starts something that goes on in the background.
pub(super) fn starts(typed: &Script) -> bool {
    let starting = |call: &Call<'_>| {
        let published = call.has("p", "publish") || call.has("P", "publish-all");
        let stays = call.has("d", "detach") || published;
        (call.is_container(&["run"]) && stays)
            || call.is_container(&["start", "restart", "unpause"])
            || call.is_compose(&["up", "start", "restart"])
            || matches!(
                (call.group, call.verb),
                ("service", "create" | "update" | "scale") | ("stack", "deploy")
            )
    };
    typed.runs_in_background() || typed.calls().iter().any(starting)
}

/// The names of what a call of Docker makes.
fn made_by_docker<'a>(call: &Call<'a>) -> Vec<&'a str> {
    let operands = call.operands();
    match (call.group, call.verb) {
        ("" | "container", "run" | "create") | ("service", "create") => {
            call.value("name", "name").into_iter().collect()
        }
        ("network" | "volume" | "secret" | "config" | "context", "create")
        | ("" | "image", "pull") => operands.collect(),
        ("" | "image" | "buildx" | "builder", "build") => call.values("t", "tag").collect(),
        ("" | "image" | "container", "rename" | "tag" | "commit" | "import")
        | ("stack", "deploy") => operands.last().into_iter().collect(),
        ("swarm", "init" | "join") => vec![SWARM],
        _ => Vec::new(),
    }
}

/// The names of what a program makes.
fn made_by<'a>(program: &Program<'a>) -> Vec<&'a str> {
    let is_operand = |word: &&&str| !word.starts_with('-');
    let operands = program.arguments.iter().filter(is_operand);
    let operands: Vec<&str> = operands.copied().collect();
    match (program.name, operands.as_slice()) {
        ("mkdir" | "touch" | "tee" | "mkfifo", named) => named.to_vec(),
        ("cp" | "mv" | "ln", [_, .., name]) => vec![*name],
        ("git", ["clone", .., from]) => basename(from.trim_end_matches(".git"))
            .into_iter()
            .collect(),
        ("wget" | "curl", [.., from]) => {
            let named = values(
                &program.arguments,
                &["-o", "-O", "--output", "--output-document"],
            );
            basename(from).into_iter().chain(named).collect()
        }
        (
            "apk" | "apt" | "apt-get" | "yum" | "dnf" | "pip" | "pip3" | "npm",
            ["add" | "install", named @ ..],
        ) => named.to_vec(),
        _ => Vec::new(),
    }
}

/// The files that a command's output is written to.
fn written(simple: &Simple) -> impl Iterator<Item = &str> {
    let writes = |operator: &str| matches!(operator, ">" | ">>" | ">|" | "&>" | "&>>");
    let redirects = simple.redirects.iter();
    redirects
        .filter(move |redirect| writes(redirect.operator))
        .map(|redirect| redirect.target.value.as_str())
}

/// The values of a program's options `names`.
fn values<'a>(words: &[&'a str], names: &[&str]) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if names.contains(word) {
            found.extend(words.get(at + 1));
        } else if let Some((name, value)) = word.split_once('=')
            && names.contains(&name)
        {
            found.push(value);
        }
    }
    found
}

/// The last part of a URL or a path.
fn basename(path: &str) -> Option<&str> {
    let name = base_name(path.trim_end_matches('/'));
    (!name.is_empty()).then_some(name)
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
            (
                "Error: No such volume: local",
                "docker volume create --driver local data",
                None,
            ),
            (
                "Unable to find image 'greeter:latest' locally",
                "docker buildx build --tag=greeter --tag other .",
                Some("greeter"),
            ),
            (
                "cat: a.txt: No such file or directory",
                "for i in 1 2; do echo $i >>a.txt; done",
                Some("a.txt"),
            ),
            (
                "bash: cd: trio: No such file or directory",
                "sudo sh -c 'mkdir -p trio'",
                Some("trio"),
            ),
            (
                "bash: cd: trio: No such file or directory",
                "docker exec web mkdir trio",
                None,
            ),
            (
                "bash: cd: trio: No such file or directory",
                "echo 'mkdir trio'",
                None,
            ),
            (
                "cat: page.html: No such file or directory",
                "curl -s -o page.html http://web",
                Some("page.html"),
            ),
        ] {
            let found = missing(output).and_then(|missing| makes(&Script::parse(text), &missing));
            assert_eq!(found.as_deref(), made, "{output}\n{text}");
        }
    }

    #[test]
    fn what_starts_servers() {
        for text in [
            "docker run -d -p 80:80 nginx",
            "docker run -dp 80:80 nginx",
            "docker container run --detach nginx",
            "docker run -P nginx",
            "docker run --publish=80:80 nginx",
            "for i in 1 2; do docker start web$i; done",
            "(sleep 1; ls) & ls",
            "docker start web",
            "docker compose -f a.yml up -d",
            "docker service create --name web nginx",
            "python3 -m http.server &",
        ] {
            assert!(starts(&Script::parse(text)), "{text}");
        }
        for text in [
            "docker run --rm busybox true",
            "docker run --rm busybox ls -d /tmp",
            "docker run --detach=false busybox true",
            "docker exec web python3 -m http.server",
            "docker ps",
            "echo 'docker start web'",
            "echo a && true",
            "docker stop web",
        ] {
            assert!(!starts(&Script::parse(text)), "{text}");
        }
    }
}
