//! Where a value is printed.

use std::sync::Arc;

use seaworthy_words::{Call, Script};

/// How many words of a command are kept as owners of what it prints.
const OWNERS: usize = 64;

/// Where a value is printed: what is noted of it when it is bound.
#[derive(Clone, Debug)]
pub(super) struct Occurrence {
    pub(super) since: Option<u32>,
    pub(super) owners: Arc<[String]>,
    /// Its container ends with the command.
    pub(super) passing: bool,
}

impl Occurrence {
    /// What is noted of the values that a command prints.
    pub(super) fn of(command: &Script) -> Self {
        let words = command.commands().into_iter().flat_map(|simple| {
            let all = simple.assignments.iter().chain(&simple.words);
            all.map(|word| word.value.clone()).collect::<Vec<_>>()
        });
        let owners: Arc<[String]> = words.take(OWNERS).collect();
        let passing = command.calls().iter().any(Call::runs_in_foreground);
        Self {
            since: None,
            owners,
            passing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_all_words() {
        let found = Occurrence::of(&Script::parse("A=1 docker run --rm 'x y' && ls $(id -u)"));
        assert_eq!(
            *found.owners,
            [
                "A=1", "docker", "run", "--rm", "x y", "ls", "$(id -u)", "id", "-u"
            ]
        );
        assert!(found.passing);
        assert!(!Occurrence::of(&Script::parse("docker run -d x")).passing);
    }
}
