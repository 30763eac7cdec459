//! Which commands only look: a page without one, or with two of them in another order, says nothing that is false, so
//! such mutants are not made.

use seaworthy_words::{Call, Command, Item, Script, Simple, program_at};

/// Docker's own commands that change nothing, by group and verb.
const DOCKER: [(&str, &str); 11] = [
    ("", "ps"),
    ("", "images"),
    ("image", "ls"),
    ("", "inspect"),
    ("", "info"),
    ("", "logs"),
    ("network", "inspect"),
    ("network", "ls"),
    ("", "port"),
    ("", "top"),
    ("", "version"),
];

/// Programs that change nothing, in a container or in the page's shell.
const PROGRAMS: [&str; 14] = [
    "cat", "curl", "echo", "env", "getent", "grep", "hostname", "ip", "ls", "nslookup", "ping",
    "ps", "wget", "wc",
];

/// Whether a command only looks; what comes after `|` does too, wherever it is used on pages. One whose complaint is
/// looked for is refused, and changes nothing.
pub(crate) fn only_looks(command: &Script) -> bool {
    command.text().contains("2>&1 | grep -o ")
        || leading(command).is_some_and(|all| all.into_iter().all(looks))
}

/// The first commands of all pipelines; `None` if one of them holds others.
pub(crate) fn leading(command: &Script) -> Option<Vec<&Simple>> {
    let pipelines = command.list().items.iter().flat_map(Item::pipelines);
    let first = pipelines.filter_map(|pipeline| pipeline.commands.first());
    first
        .map(|command| match command {
            Command::Simple(simple) => Some(simple),
            Command::Compound(_) => None,
        })
        .collect()
}

fn looks(simple: &Simple) -> bool {
    if let Some(call) = simple.call() {
        return docker_looks(&call);
    }
    let words = simple.values();
    let Some(at) = program_at(&words) else {
        return false;
    };
    let (program, arguments) = (words[at], &words[at + 1..]);
    let writes = simple.redirects.iter().any(|r| r.operator.contains('>'));
    if program == "ip" {
        return !arguments
            .iter()
            .any(|word| matches!(*word, "add" | "del" | "set"));
    }
    PROGRAMS.contains(&program) && !writes
}

fn docker_looks(call: &Call<'_>) -> bool {
    if call.is_container(&["exec"]) {
        let program = call.inside().and_then(<[_]>::first);
        return program.is_some_and(|program| PROGRAMS.contains(program));
    }
    let passes = call.is_container(&["run"]) && call.runs_in_foreground() && call.has("rm", "rm");
    passes || DOCKER.contains(&(call.group, call.verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_looks() {
        for (text, only) in [
            ("docker ps -a | head -2", true),
            ("docker network inspect front", true),
            ("docker exec -u root web ping -c 1 db", true),
            ("docker run -i --rm busybox:1.37 ip addr", true),
            ("docker run --rm -d nginx:1.30", false),
            ("docker ps && docker rm web", false),
            ("docker exec web touch x", false),
            ("ip link show", true),
            ("ip link add a type dummy", false),
            ("echo a", true),
            ("echo a > b", false),
            ("docker rm web 2>&1 | grep -o 'No such container'", true),
            ("for i in 1 2; do docker rm web$i; done", false),
        ] {
            assert_eq!(only_looks(&Script::parse(text)), only, "{text}");
        }
    }
}
