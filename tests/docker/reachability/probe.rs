//! Who answers whom: one process on a machine asks from the network namespaces of all containers there, all at once.

use std::collections::BTreeSet;

use seaworthy_machine::Machine;
use seaworthy_machine::engine::Command;
use serde_json::json;

use super::lab::{said, sh, words};

/// What the process runs in.
pub(crate) const IMAGE: &str = "python:3.13-alpine";

const PROBE: &str = include_str!("probe.py");

/// An address, and a port; without one it is pinged.
pub(crate) type Target = (String, Option<u16>);

/// What was reached: who asked, at which address, at which port (none: a ping), and who answered.
pub(crate) type Reached = BTreeSet<(String, String, Option<u16>, String)>;

/// What one asks.
pub(crate) struct Ask {
    pub(crate) who: String,
    /// A process in the network namespace from which is asked; without one, it is the machine's.
    pub(crate) pid: Option<u32>,
    pub(crate) targets: BTreeSet<Target>,
}

/// Has a container on the machine that sees its namespaces.
pub(crate) async fn prepare(machine: &Machine) {
    let run = "docker run -d --name prober --network host --pid host --cap-add SYS_ADMIN --cap-add SYS_PTRACE \
         --cap-add NET_RAW --security-opt seccomp=unconfined --security-opt apparmor=unconfined";
    sh(machine, &format!("{run} {IMAGE} sleep infinity")).await;
}

/// Asks all of that on a machine, until nobody has answered for so many seconds.
pub(crate) async fn answers(machine: &Machine, asks: &[Ask], seconds: f64) -> Reached {
    let asks: Vec<_> = asks
        .iter()
        .map(|ask| json!({"who": ask.who, "pid": ask.pid, "targets": ask.targets}))
        .collect();
    let asked = json!({"seconds": seconds, "asks": asks}).to_string();
    let python = ["docker", "exec", "-i", "prober", "python3", "-c", PROBE];
    let printed = said(machine, Command::new(python).stdin(asked.into_bytes())).await;
    let lines = printed.lines().map(|line| {
        let [who, address, port, answered] = words(line);
        let port = port.parse().ok();
        (
            who.to_owned(),
            address.to_owned(),
            port,
            answered.to_owned(),
        )
    });
    lines.collect()
}
