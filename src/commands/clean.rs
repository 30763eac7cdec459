//! `seaworthy clean`: remove what interrupted checks left.

use super::runtime;
use crate::error::Result;
use crate::exit::Exit;
use seaworthy_blocks::counted;
use seaworthy_machine::engine::Engine;
use seaworthy_machine::{self as machine, RunObjects};

pub(super) fn run(all: bool) -> Result<Exit> {
    runtime::start()?.block_on(async {
        let engine = Engine::connect().await?;
        let cleaned = machine::clean(&engine, all).await?;
        for run in &cleaned.removed {
            crate::outln!("removed {}", describe(run));
        }
        for cache in &cleaned.caches {
            crate::outln!("removed {cache}");
        }
        for run in &cleaned.alive {
            crate::outln!("spared  {}: it is still running", describe(run));
        }
        for run in &cleaned.unknown {
            let why = run
                .why
                .as_deref()
                .unwrap_or("nobody knows whether it is running");
            crate::outln!("spared  {}: {why}", describe(run));
        }
        for why in &cleaned.kept {
            crate::outln!("kept    {why}");
        }
        if !cleaned.stuck.is_empty() {
            for why in &cleaned.stuck {
                crate::errln!("error: {why}");
            }
            return Ok(Exit::Unfinished);
        }
        if cleaned.removed.is_empty() && cleaned.caches.is_empty() {
            crate::outln!("nothing to remove");
        }
        Ok(Exit::Holds)
    })
}

fn describe(run: &RunObjects) -> String {
    let mut text = format!(
        "run {}: {}, {}, {}",
        run.run,
        counted(run.containers, "container", "containers"),
        counted(run.networks, "network", "networks"),
        counted(run.volumes, "volume", "volumes"),
    );
    if run.images > 0 {
        // Only builds have some.
        text += &format!(", {}", counted(run.images, "image", "images"));
    }
    text
}
