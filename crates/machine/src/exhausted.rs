//! Which of its limits a machine has hit: for the message of a failure. Enter with [`Machine::exhausted`].

use super::Machine;
use crate::engine::Command;
use std::collections::BTreeSet;
use std::time::Duration;

const LOOK: &str = include_str!("exhausted.sh");
/// Prints a line for each container: id, whether it was killed for want of memory, name.
const CONTAINERS: &str =
    "docker ps -aq | xargs -r docker inspect -f '{{.Id}} {{.State.OOMKilled}} {{.Name}}'";
/// A machine that has run out of something may not manage to say so.
const ANSWER: Duration = Duration::from_secs(5);

/// A limit that was hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exhausted {
    /// All memory was in use.
    Memory {
        /// Whose processes the kernel killed for it, as far as it can be told: containers, or the machine itself.
        killed: Vec<String>,
    },
    /// The data-root is full.
    DataRoot,
    /// What may be written elsewhere is used up.
    Files,
    /// There are as many processes as may be.
    Processes,
}

impl Machine {
    /// The limits that the machine has hit since its start. Never fails, since it belongs to a message about another
    /// failure: what can't be found out isn't said.
    pub async fn exhausted(&self) -> Vec<Exhausted> {
        let command = Command::new(["sh", "-c", LOOK]).time(ANSWER);
        if let Ok(finished) = self.engine().exec(self.container(), command).await
            && finished.exit == 0
        {
            return self.named(read(&finished.text())).await;
        }
        // Nothing can be run in it: what does the outer engine know?
        let mut found = Vec::new();
        if self.killed_whole().await {
            let killed = vec!["the machine's own Docker Engine".to_owned()];
            found.push(Exhausted::Memory { killed });
        }
        if self.full_of_processes().await {
            found.push(Exhausted::Processes);
        }
        found
    }

    /// Whether the container ended for want of memory.
    async fn killed_whole(&self) -> bool {
        let asking = self
            .engine()
            .inspect_container("asking how it ended", self.container());
        let state = asking.await.ok().and_then(|inspected| inspected.state);
        state.is_some_and(|state| state.oom_killed == Some(true))
    }

    async fn full_of_processes(&self) -> bool {
        let asking = self
            .engine()
            .container_processes("counting processes", self.container());
        let Ok(Ok(counts)) = tokio::time::timeout(ANSWER, asking).await else {
            return false;
        };
        // The last few can't be had: starting a command in a container takes several at once.
        counts.is_some_and(|(current, limit)| limit > 0 && current + 16 >= limit)
    }

    /// Puts the names of containers for their ids, and adds those that the inner engine knows to be killed: their
    /// groups, and the counters, go when they end.
    async fn named(&self, mut found: Vec<Exhausted>) -> Vec<Exhausted> {
        for one in &mut found {
            if let Exhausted::Memory { killed } = one {
                let listed = Command::new(["sh", "-c", CONTAINERS]).time(ANSWER);
                let listed = self.engine().exec(self.container(), listed).await;
                let listed = listed.map(|finished| finished.text()).unwrap_or_default();
                *killed = names(killed, &listed);
            }
        }
        found
    }
}

/// Reads what the script prints.
fn read(text: &str) -> Vec<Exhausted> {
    let lines: BTreeSet<&str> = text.lines().collect();
    let mut found = Vec::new();
    if lines.contains("memory") {
        let groups = lines.iter().filter_map(|line| {
            let group = line.strip_prefix("killed ")?.split_once(' ')?.1;
            Some(group.rsplit('/').next().unwrap_or_default())
        });
        let groups: BTreeSet<String> = groups
            .map(|group| match is_id(group) {
                true => group.to_owned(),
                false => "the page's shell".to_owned(),
            })
            .collect();
        found.push(Exhausted::Memory {
            killed: groups.into_iter().collect(),
        });
    }
    let others = [
        ("data-root", Exhausted::DataRoot),
        ("files", Exhausted::Files),
        ("processes", Exhausted::Processes),
    ];
    found.extend(
        others
            .into_iter()
            .filter(|(word, _)| lines.contains(word))
            .map(|(_, one)| one),
    );
    found
}

/// Whether a group's name is a container's id.
fn is_id(group: &str) -> bool {
    group.len() == 64 && group.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Who was killed, in the words of a message. `groups` names containers by their ids; `listed` has a line for each
/// container: id, whether the engine knows it to be killed, name.
fn names(groups: &[String], listed: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest: BTreeSet<&str> = groups.iter().map(String::as_str).collect();
    for line in listed.lines() {
        let words: Vec<_> = line.split(' ').collect();
        if let [id, killed, name] = words.as_slice()
            && (rest.remove(id) || *killed == "true")
        {
            names.push(format!("the container `{}`", name.trim_start_matches('/')));
        }
    }
    names.extend(rest.into_iter().map(|group| match is_id(group) {
        true => format!("the container {}", &group[..12]),
        false => group.to_owned(),
    }));
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_counters_say() {
        let id = "a".repeat(64);
        let memory = |killed: &[&str]| Exhausted::Memory {
            killed: killed.iter().map(ToString::to_string).collect(),
        };
        for (text, found) in [
            (String::new(), vec![]),
            // A container with a limit of its own, as a page may show.
            (format!("killed 1 /sys/fs/cgroup/docker/{id}"), vec![]),
            ("memory".into(), vec![memory(&[])]),
            (
                format!(
                    "memory\nkilled 1 /sys/fs/cgroup/memory\nkilled 2 /sys/fs/cgroup/memory/docker/{id}"
                ),
                vec![memory(&[&id, "the page's shell"])],
            ),
            (
                "files\nprocesses\ndata-root\n".into(),
                vec![Exhausted::DataRoot, Exhausted::Files, Exhausted::Processes],
            ),
        ] {
            assert_eq!(read(&text), found, "{text}");
        }
        let other = "b".repeat(64);
        let listed = format!("{id} false /web\n{other} true /hog\nc false /well\n");
        for (groups, listed, expected) in [
            (vec![], "", &[] as &[&str]),
            (
                vec![id.clone()],
                listed.as_str(),
                &["the container `web`", "the container `hog`"],
            ),
            (vec![], &listed, &["the container `hog`"]),
            (vec![id], "", &["the container aaaaaaaaaaaa"]),
            (
                vec!["the page's shell".to_owned()],
                "",
                &["the page's shell"],
            ),
        ] {
            assert_eq!(names(&groups, listed), expected, "{groups:?}");
        }
    }
}
