//! What a page has made of its machine at one point: containers, networks, images, files, the shell's variables.
//!
//! Where two pages print the same and leave the same there, no check of what follows can tell them apart.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use seaworthy_report as report;
use similar::{ChangeTag, TextDiff};

use crate::Point;

/// Prints the state, once what was started has come up. It runs in the page's own shell, so that
/// it sees its variables. The ports of containers on the host network are left out, since an engine discards them, and
/// the files that services keep for themselves (`/run`, `/var`): they come and go while a database starts.
const SCRIPT: &str = r#"{
  sleep 2
  pwd
  declare -p | grep -vE '^declare -[a-zA-Z-]+ (BASH|EPOCH|S?RANDOM|SECONDS|PIPESTATUS|_|LINENO|PPID|COLUMNS|LINES|HIST|PS[0-9]|FUNCNAME|DIRSTACK|its_)'
  find . -path ./.docker -prune -o -type f -exec cksum {} +
  docker images --format 'image {{.Repository}}:{{.Tag}}'
  docker volume ls --format 'volume {{.Name}} {{.Driver}}'
  docker network ls -q | xargs docker network inspect --format 'network {{.Name}} {{.Driver}} {{.Scope}} {{.Internal}} {{.Attachable}} {{.EnableIPv6}} {{json .IPAM.Config}} {{json .Options}} {{json .Labels}}'
  for its_name in $(docker ps -a --format '{{.Names}}'); do
    docker inspect --format 'container {{.Name}} {{.Config.Image}} {{.State.Status}} {{.State.ExitCode}} {{json .Config.Cmd}} {{json .Config.Env}} {{json .Config.Labels}} {{json .HostConfig}} {{json .NetworkSettings.Ports}} {{range $name, $end := .NetworkSettings.Networks}}{{$name}} {{json $end.IPAMConfig}} {{json $end.Aliases}} {{end}}' "$its_name" |
      sed '/"NetworkMode":"host"/s/"PortBindings":{[^]]*]}//'
    docker diff "$its_name" | grep -vE '^. /(run|var)(/|$)' | sed "s/^/$its_name /"
    docker diff "$its_name" | grep -E '^[AC] /(app|etc|home|opt|root|srv|tmp|usr)/' | cut -c 3- |
      docker exec -i "$its_name" sh -c 'while read -r file; do [ ! -f "$file" ] || cksum "$file"; done' 2>&1 | sed "s/^/$its_name /"
    docker top "$its_name" -o pid,args 2>&1 | sed 's/^ *[0-9]* //' | sed "s/^/$its_name /"
  done
  docker info --format 'swarm {{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}}'
  docker service ls --format 'service {{.Name}} {{.Mode}} {{.Replicas}} {{.Image}} {{.Ports}}'
  docker node ls --format 'node {{.Hostname}} {{.Status}} {{.Availability}} {{.ManagerStatus}}'
  for its_name in '' $(ip netns list | cut -d ' ' -f 1); do
    { ip ${its_name:+-n "$its_name"} -br addr; ip ${its_name:+-n "$its_name"} route; } | sed "s/^/$its_name /"
  done
  iptables-save | grep -v '^[#:]'
} 2>&1"#;

/// Tells the session that prints the state from the page's own.
const NEVER: &str = "no state is like this";

/// `text`, a page or a mutant of it, with a session at `point` that prints the state, and so doesn't hold.
#[must_use]
pub fn asked_in(text: &str, point: &Point) -> String {
    let (before, rest) = text.split_at(text.len() - point.behind);
    let on = point.on.as_ref().map(|machine| format!(",on={machine}"));
    let fence = format!("```console,hidden{}", on.unwrap_or_default());
    let typed = SCRIPT.lines().enumerate();
    let typed = typed.map(|(nth, line)| format!("{}{line}", if nth == 0 { "$ " } else { "> " }));
    let lines = [String::new(), fence].into_iter().chain(typed);
    let lines = lines.chain([NEVER, "```", ""].map(str::to_owned));
    let session: String = lines
        .map(|line| format!("{}\n", format!("{}{line}", point.prefix).trim_end()))
        .collect();
    let newline = if before.ends_with('\n') { "" } else { "\n" };
    format!("{before}{newline}{session}{rest}")
}

/// The state that the page of a report tells, if it came to that: a page of [`asked_in`].
#[must_use]
pub fn told(page: &report::Page) -> Option<&str> {
    let mut failures = page.sessions.iter().flat_map(report::Session::failures);
    let ours = failures.find(|failure| failure.expected.trim() == NEVER)?;
    Some(&ours.actual)
}

/// What an engine hands out, and what stands for it.
static HANDED_OUT: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let patterns = [
        // Where the engine's own name server listens.
        (r"\b127\.0\.0\.11:[0-9]+", "RESOLVER"),
        (r"\b[0-9a-f]{12,64}\b", "ID"),
        (r"/[a-z]+_[a-z]+[0-9]?\b", "/NAME"),
        (
            r"\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?:/[0-9]{1,2})?\b",
            "ADDRESS",
        ),
        (
            r"\b(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:/[0-9]{1,3})?",
            "ADDRESS",
        ),
        (r"\bveth[0-9a-f]+", "VETH"),
        (r"@if[0-9]+", "@PEER"),
    ];
    #[expect(clippy::unwrap_used, reason = "the patterns are constants")]
    let patterns = patterns.map(|(pattern, name)| (Regex::new(pattern).unwrap(), name));
    patterns.into()
});

/// A state without what an engine hands out, which differs from run to run: ids, made-up names, interfaces' names, and
/// those addresses that the texts of `pages` don't say.
#[must_use]
pub fn without_handed_out(state: &str, pages: &[&str]) -> String {
    let said = |text: &str| pages.iter().any(|page| page.contains(text));
    let mut state = state.to_owned();
    for (pattern, stands_for) in HANDED_OUT.iter() {
        let masked = pattern.replace_all(&state, |found: &Captures<'_>| {
            let text = &found[0];
            if said(text) {
                text.to_owned()
            } else {
                (*stands_for).to_owned()
            }
        });
        state = masked.into_owned();
    }
    state
}

/// The lines that only one of two states has, whatever their order.
#[must_use]
pub fn differences(ours: &str, other: &str) -> Vec<String> {
    let sorted = |state: &str| {
        let mut lines: Vec<String> = state.lines().map(str::to_owned).collect();
        lines.sort_unstable();
        lines.join("\n")
    };
    let (ours, other) = (sorted(ours), sorted(other));
    TextDiff::from_lines(&ours, &other)
        .iter_all_changes()
        .filter(|change| change.tag() != ChangeTag::Equal)
        .map(|change| format!("{}{}", change.tag(), change.value().trim_end()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_handed_out_differs_and_what_is_said_does_not() {
        let page = "$ docker network create --subnet 10.20.0.0/16 lab";
        let state = |id: &str, typed: &str, free: &str| {
            without_handed_out(
                &format!("network {id} {typed}\nveth12ab@if7 {free}"),
                &[page],
            )
        };
        let one = state("0123456789ab", "10.20.0.0/16", "172.18.0.2");
        let same = state("ba9876543210", "10.20.0.0/16", "172.18.0.3");
        assert_eq!(differences(&one, &same), [""; 0]);
        let other = state("0123456789ab", "10.21.0.0/16", "172.18.0.2");
        assert_eq!(differences(&one, &other).len(), 2);
    }
}
