//! Which commands only look: a page without one, or with two of them in another order, says nothing that is false, so
//! such mutants are not made.

/// Docker's own commands that change nothing.
const DOCKER: [&[&str]; 12] = [
    &["ps"],
    &["images"],
    &["image", "ls"],
    &["inspect"],
    &["info"],
    &["logs"],
    &["network", "inspect"],
    &["network", "ls"],
    &["port"],
    &["top"],
    &["version"],
    &["run", "--rm"],
];

/// Programs that change nothing, in a container or in the page's shell.
const PROGRAMS: [&str; 14] = [
    "cat", "curl", "echo", "env", "getent", "grep", "hostname", "ip", "ls", "nslookup", "ping",
    "ps", "wget", "wc",
];

/// Whether a command only looks; what comes after `|` does too, wherever it is used on pages. One whose complaint is
/// looked for is refused, and changes nothing.
pub(crate) fn only_looks(command: &str) -> bool {
    if command.contains("2>&1 | grep -o ") {
        return true;
    }
    let first = command.split('|').next().unwrap_or_default();
    let words: Vec<&str> = first.split_whitespace().collect();
    match words.as_slice() {
        ["docker", "exec", rest @ ..] => {
            let mut operands = rest.iter().filter(|word| !word.starts_with('-'));
            operands
                .nth(1)
                .is_some_and(|program| PROGRAMS.contains(program))
        }
        ["docker", rest @ ..] => DOCKER.iter().any(|known| rest.starts_with(known)),
        ["ip", rest @ ..] => !rest
            .iter()
            .any(|word| matches!(*word, "add" | "del" | "set")),
        [program, ..] => PROGRAMS.contains(program) && !first.contains('>'),
        [] => true,
    }
}
