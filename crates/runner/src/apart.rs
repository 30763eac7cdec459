//! A page whose sessions stand alone: each finds a machine that is as good as fresh.
//!
//! A machine serves the next session if all that the one before did is undone: it typed nothing that works outside of Docker,
//! but for what only looks, and what Docker holds is removed. Else the next one gets a machine that is fresh.

use seaworthy_console::Command;
use seaworthy_page::{SessionStep, Step};
use seaworthy_report::Status;
use seaworthy_words::{Call, Program};

use super::machine_names;
use super::results::Results;
use super::steps::Running;
use crate::error::{PageError, Trouble};
use crate::host::{Host, PageMachine, PageMachines, Started, Wanted};

/// Programs that leave nothing behind in a machine, outside of Docker.
const ONLY_LOOK: [&str; 20] = [
    "", "[", "cat", "cut", "df", "dig", "echo", "false", "free", "grep", "head", "id", "jq", "ls",
    "ping", "printf", "pwd", "sleep", "test", "true",
];

/// Removes what Docker holds; prints the images that are left.
const RESET: &str = "\
    set -e; exec 2>&1
    containers=$(docker ps -aq); [ -z \"$containers\" ] || docker rm -fv $containers >/dev/null
    [ \"$(docker info --format '{{.Swarm.LocalNodeState}}')\" = inactive ] || docker swarm leave --force >/dev/null
    networks=$(docker network ls -q --filter type=custom); [ -z \"$networks\" ] || docker network rm $networks >/dev/null
    volumes=$(docker volume ls -q); [ -z \"$volumes\" ] || docker volume rm $volumes >/dev/null
";

/// Prints the images that are there.
const IMAGES: &str =
    "docker image ls -a --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}' | sort";

impl<H: Host> Running<'_, H> {
    /// Runs the page's sessions, each apart from the others.
    ///
    /// # Errors
    /// What keeps the page from going on.
    pub(super) async fn apart(&self, results: &mut Results<'_>) -> Result<(), Trouble<H>> {
        let mut own: Option<Started<H::Machines>> = None;
        let images = self.images(self.machines).await?;
        // Whether the machine is as good as fresh.
        let mut fresh = true;
        for (at, step) in self.page.steps.iter().enumerate() {
            let step = match step {
                Step::Session(step) => step,
                Step::Malformed(_) => {
                    results.malformed(at);
                    continue;
                }
                _ => continue,
            };
            if let Some(reason) = self.left_out(step) {
                results.not_run(at, &reason);
                continue;
            }
            if !fresh {
                let old = own.replace(self.start().await?);
                if let Some(old) = old {
                    old.machines.remove().await.map_err(PageError::Host)?;
                }
            }
            let running = match &own {
                Some(own) => Running {
                    machines: own.machines.all(),
                    missing: &own.missing,
                    ..*self
                },
                None => Running { ..*self },
            };
            running.one(at, results).await?;
            let held = results.status(at) == Some(Status::Passed);
            fresh = held && only_docker(step) && running.reset(&images).await;
        }
        if let Some(own) = own {
            own.machines.remove().await.map_err(PageError::Host)?;
        }
        Ok(())
    }

    /// Further machines for the page.
    async fn start(&self) -> Result<Started<H::Machines>, Trouble<H>> {
        let wanted = Wanted {
            names: &machine_names(self.page),
            images: &self.page.images,
            limits: &self.page.settings.limits,
        };
        self.host.start(&wanted).await.map_err(PageError::Host)
    }

    /// Runs the session at step `at`, after the files that stand above it.
    async fn one(&self, at: usize, results: &mut Results<'_>) -> Result<(), Trouble<H>> {
        let mut shell = self.open(results).await?;
        for step in &self.page.steps[..at] {
            match step {
                Step::File(file) => self.write_file(&mut shell, file).await?,
                Step::Archive(step) => self.unpack(&mut shell, step).await?,
                _ => {}
            }
        }
        self.run(&mut shell, at, &[], results).await
    }

    /// The images of each machine.
    async fn images(&self, machines: &[H::Machine]) -> Result<Vec<Vec<u8>>, Trouble<H>> {
        let mut images = Vec::new();
        for machine in machines {
            let ran = machine.run(&["sh", "-c", IMAGES], Vec::new()).await;
            images.push(ran.map_err(PageError::Host)?.stdout);
        }
        Ok(images)
    }

    /// Removes what the last session made with Docker; tells whether the machines are as good as fresh, with the same `images`
    /// as at the beginning. If that can't be told, they aren't.
    async fn reset(&self, images: &[Vec<u8>]) -> bool {
        for machine in self.machines {
            // Most sessions leave nothing.
            let clean = machine.left().await.is_ok_and(|left| left.is_empty());
            if !clean {
                let ran = machine
                    .run(&["timeout", "30", "sh", "-c", RESET], Vec::new())
                    .await;
                let left = machine.left().await;
                if !ran.is_ok_and(|ran| ran.exit == 0) || !left.is_ok_and(|left| left.is_empty()) {
                    return false;
                }
            }
        }
        self.images(self.machines)
            .await
            .is_ok_and(|now| now == images)
    }
}

/// Whether all that a session types outside of containers leaves nothing but what Docker holds.
fn only_docker(step: &SessionStep) -> bool {
    let looks = |command: &Command| {
        let programs = command.script.programs();
        let mut outside = programs.iter().filter(|program| !program.inside);
        let redirects = command
            .script
            .commands()
            .into_iter()
            .flat_map(|simple| &simple.redirects);
        let writes = |operator: &str| operator.contains('>') && operator != ">&";
        let mut written = redirects.filter(|redirect| writes(redirect.operator));
        // What is typed into a program stays in its container, or was opened by one of these.
        command.inside.is_empty()
            && outside.all(only_looks)
            && written.all(|redirect| redirect.target.value == "/dev/null")
            && !command.script.runs_in_background()
            && command
                .script
                .calls()
                .iter()
                .all(|call| leaves_nothing_else(call))
    };
    step.session
        .commands
        .iter()
        .filter(|command| command.runs)
        .all(looks)
}

/// Whether a program leaves nothing behind. `curl` may write files.
fn only_looks(program: &Program<'_>) -> bool {
    let writes = |word: &str| {
        word.starts_with("--output")
            || word.starts_with('-') && !word.starts_with("--") && word.contains(['o', 'O'])
    };
    ONLY_LOOK.contains(&program.name) || program.name == "curl" && !program.has_argument(writes)
}

/// Whether a call of Docker touches nothing but containers, networks, volumes and the swarm.
fn leaves_nothing_else(call: &Call<'_>) -> bool {
    let held = [
        "",
        "container",
        "network",
        "volume",
        "system",
        "service",
        "node",
        "swarm",
        "image",
        "stack",
    ];
    let elsewhere = [
        "bake", "build", "commit", "compose", "cp", "import", "load", "login", "logout", "pull",
        "push", "rmi", "save", "tag", "export",
    ];
    held.contains(&call.group)
        && !elsewhere.contains(&call.verb)
        && !(call.group == "image" && ["rm", "prune"].contains(&call.verb))
}
